"""The page at /: what was posted, much as each platform would show it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from jinja2 import FileSystemLoader

from crosspost import manners
from crosspost.manners import ShownPost
from crosspost.sandbox.cards import Cards
from crosspost.sandbox.describe import describe
from crosspost.sandbox.faults import PLATFORMS
from crosspost.sandbox.shown import shown
from crosspost.sandbox.state import Sandbox
from crosspost.sandbox.store import Media, Stored
from crosspost.sandbox.texts import TEXTS, preferred

_FRONT = Path(__file__).parent / "front"
_PART = re.compile(r"bytes=(?P<first>\d+)-(?P<last>\d*)")  # of a range, what browsers ask for
_MOST_SHOWN = 100  # of each platform, the newest
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:;"
    " media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def page(sandbox: Sandbox) -> FastAPI:
    """The page, what it polls, its pictures, and /posts.json for scripts."""
    front, page = FastAPI(docs_url=None, redoc_url=None, openapi_url=None), _Page(sandbox)
    # Plain functions run in worker threads: reading a card must not hold up the platforms.
    front.get("/")(page.index)
    front.get("/updates")(page.updates)
    front.get("/posts.json")(page.posts)
    front.get("/media/{id}")(page.media)
    front.get("/card-picture")(page.card_picture)
    front.get("/page.css")(lambda: _text(manners.style(_FRONT / "page.css"), "text/css"))
    front.get("/page.js")(lambda: _text((_FRONT / "page.js").read_text("utf-8"), "text/javascript"))
    return front


class _Page:
    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._cards = Cards()
        self._templates = manners.environment(FileSystemLoader(_FRONT))

    def index(self, request: Request, lang: str = "") -> HTMLResponse:
        language = preferred(lang, request.headers.get("accept-language", ""))
        with self._sandbox.lock:
            change = self._sandbox.store.change()
            stored = {name: self._sandbox.store.posts(name)[: -_MOST_SHOWN - 1 : -1] for name in PLATFORMS}
            problems = list(dict.fromkeys(self._sandbox.problems))
        html = self._templates.get_template("page.html").render(
            t=TEXTS[language],
            language=language,
            languages={"en": "English", "ru": "Русский"},
            change=change,
            columns={name: self._shown(posts) for name, posts in stored.items()},
            setup=describe(str(request.base_url).rstrip("/")),
            problems=problems,
        )
        return HTMLResponse(html, headers={**_HEADERS, "Vary": "Accept-Language"})

    def updates(self, after: int, lang: str = "en") -> JSONResponse:
        """The posts that came, or were deleted, since the change numbered `after`, as HTML."""
        language, template = preferred(lang, ""), self._templates.get_template("post.html")
        with self._sandbox.lock:
            change, stored = self._sandbox.store.change(), self._sandbox.store.changed(after)
        words = {"t": TEXTS[language], "language": language}
        posts = [_update(post, template.render(post=post, **words)) for post in self._shown(stored)]
        return JSONResponse({"change": change, "posts": posts}, headers=_HEADERS)

    def posts(self) -> JSONResponse:
        """Everything that was posted, oldest first."""
        with self._sandbox.lock:
            stored = self._sandbox.store.changed(after=0)
        return JSONResponse([_plain(one) for one in stored], headers=_HEADERS)

    def media(self, id: str, request: Request) -> Response:
        with self._sandbox.lock:
            found = self._sandbox.store.media(id)
        if found is None:
            return Response(status_code=404)
        part = _PART.fullmatch(request.headers.get("range", ""))
        if part is None or int(part["first"]) >= len(found.data):
            return _picture(found.data, found.media_type, {"Accept-Ranges": "bytes"})
        return _part(found, int(part["first"]), int(part["last"] or len(found.data) - 1))

    def card_picture(self, link: str) -> Response:
        with self._sandbox.lock:
            posted = any(one.link == link for one in self._sandbox.store.changed(after=0))
        found = self._cards.picture(link) if posted else None
        return _picture(found.data, found.media_type) if found else Response(status_code=404)

    def _shown(self, stored: list[Stored]) -> list[ShownPost]:
        with self._sandbox.lock:
            public = [one for one in stored if one.extra.get("published", True)]
            pictured = [(one, self._sandbox.store.sketches(one)) for one in public]
        return [shown(one, media, self._cards) for one, media in pictured]


def _text(content: str, media_type: str) -> Response:
    return Response(content, media_type=media_type, headers=_HEADERS)


def _picture(data: bytes, media_type: str, more: Mapping[str, str] | None = None) -> Response:
    return Response(data, media_type=media_type, headers={**_HEADERS, "Cache-Control": "max-age=3600", **(more or {})})


def _part(media: Media, first: int, last: int) -> Response:
    """The bytes of a film that a browser asks for, as some do before they play any."""
    last = min(last, len(media.data) - 1)
    headers = {"Content-Range": f"bytes {first}-{last}/{len(media.data)}", "Accept-Ranges": "bytes"}
    answer = _picture(media.data[first : last + 1], media.media_type, headers)
    answer.status_code = 206
    return answer


def _update(post: ShownPost, html: str) -> dict[str, Any]:
    return {"key": post.key, "platform": post.platform, "deleted": post.deleted, "html": html}


def _plain(stored: Stored) -> dict[str, Any]:
    return {
        "platform": stored.platform,
        "account": stored.account,
        "id": stored.id,
        "text": stored.text,
        "link": stored.link,
        "pictures": 0 if "title" in stored.extra else len(stored.media),
        "title": stored.extra.get("title", ""),  # of a video
        "at": stored.at.astimezone(UTC).isoformat(),
        "deleted": stored.deleted,
    }
