"""The page at /: what was posted, much as each platform would show it."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from crosspost.sandbox.cards import Cards
from crosspost.sandbox.describe import describe
from crosspost.sandbox.faults import PLATFORMS
from crosspost.sandbox.shown import ShownPost, shown
from crosspost.sandbox.state import Sandbox
from crosspost.sandbox.store import Stored
from crosspost.sandbox.texts import TEXTS, preferred

_FRONT = Path(__file__).parent / "front"
_MOST_SHOWN = 100  # of each platform, the newest
_SHAPES = {"png", "jpeg", "gif", "webp"}
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def page(sandbox: Sandbox) -> FastAPI:
    """The page, what it polls, its pictures, and /posts.json for scripts."""
    front = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    templates = Environment(loader=FileSystemLoader(_FRONT), autoescape=True, undefined=StrictUndefined)
    cards = Cards()

    def ready(stored: list[Stored]) -> list[ShownPost]:
        with sandbox.lock:
            pictured = [(one, sandbox.store.sketches(one)) for one in stored if one.extra.get("published", True)]
        return [shown(one, media, cards) for one, media in pictured]

    # Plain functions run in worker threads: reading a card must not hold up the platforms.
    @front.get("/")
    def index(request: Request, lang: str = "") -> HTMLResponse:
        language = preferred(lang, request.headers.get("accept-language", ""))
        with sandbox.lock:
            change = sandbox.store.change()
            stored = {name: sandbox.store.posts(name)[: -_MOST_SHOWN - 1 : -1] for name in PLATFORMS}
            problems = list(dict.fromkeys(sandbox.problems))
        html = templates.get_template("page.html").render(
            t=TEXTS[language],
            language=language,
            languages={"en": "English", "ru": "Русский"},
            change=change,
            columns={name: ready(posts) for name, posts in stored.items()},
            setup=describe(str(request.base_url).rstrip("/")),
            problems=problems,
        )
        return HTMLResponse(html, headers={**_HEADERS, "Vary": "Accept-Language"})

    @front.get("/updates")
    def updates(after: int, lang: str = "en") -> JSONResponse:
        """The posts that came, or were deleted, since the change numbered `after`, as HTML."""
        language, template = preferred(lang, ""), templates.get_template("post.html")
        with sandbox.lock:
            change, stored = sandbox.store.change(), sandbox.store.changed(after)
        posts = [_update(post, template.render(post=post, t=TEXTS[language], language=language)) for post in ready(stored)]
        return JSONResponse({"change": change, "posts": posts}, headers=_HEADERS)

    @front.get("/posts.json")
    def posts() -> JSONResponse:
        """Everything that was posted, oldest first."""
        with sandbox.lock:
            stored = sorted(
                (one for name in PLATFORMS for one in sandbox.store.posts(name)), key=lambda one: one.number
            )
        return JSONResponse([_plain(one) for one in stored], headers=_HEADERS)

    @front.get("/media/{id}")
    def media(id: str) -> Response:
        with sandbox.lock:
            found = sandbox.store.media(id)
        if found is None or found.media_type.removeprefix("image/") not in _SHAPES:
            return Response(status_code=404)
        return Response(found.data, media_type=found.media_type, headers=_lasting())

    @front.get("/card-picture")
    def card_picture(link: str) -> Response:
        with sandbox.lock:
            posted = any(one.link == link for name in PLATFORMS for one in sandbox.store.posts(name))
        found = cards.picture(link) if posted else None
        if found is None:
            return Response(status_code=404)
        return Response(found.data, media_type=found.media_type, headers=_lasting())

    @front.get("/page.css")
    def style() -> Response:
        return Response((_FRONT / "page.css").read_bytes(), media_type="text/css", headers=_HEADERS)

    @front.get("/page.js")
    def script() -> Response:
        return Response((_FRONT / "page.js").read_bytes(), media_type="text/javascript", headers=_HEADERS)

    return front


def _lasting() -> dict[str, str]:
    return {**_HEADERS, "Cache-Control": "max-age=3600"}


def _update(post: ShownPost, html: str) -> dict[str, Any]:
    return {"key": post.key, "platform": post.platform, "deleted": post.deleted, "html": html}


def _plain(stored: Stored) -> dict[str, Any]:
    return {
        "platform": stored.platform,
        "account": stored.account,
        "id": stored.id,
        "text": stored.text,
        "link": stored.link,
        "pictures": len(stored.media),
        "at": stored.at.astimezone(UTC).isoformat(),
        "deleted": stored.deleted,
    }
