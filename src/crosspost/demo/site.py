"""The sample site: two editions with feeds and article pages, and a memory of what it has published."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from types import MappingProxyType

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from crosspost.demo import drawing, english, rss, russian
from crosspost.demo.stories import Edition, Story
from crosspost.errors import CrosspostError

EDITIONS: Mapping[str, Edition] = MappingProxyType({e.language: e for e in (english.EDITION, russian.EDITION)})

# How long before the site's opening the stories that stand there from the start came out, oldest first.
_AGES = tuple(timedelta(hours=hours) for hours in (122, 97, 71, 46, 22, 3))


@dataclass(frozen=True, slots=True)
class Published:
    """A story that stands on the site, and since when (aware)."""

    story: Story
    at: datetime


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


class Site:
    """What the site has published, and when. Kept in the file `state`, so that the next demo goes on from here.

    `address` is where the site is mounted, such as http://127.0.0.1:8470/site; without it, links go by the request.
    Raises `CrosspostError` when the file is not one of its own.
    """

    def __init__(self, state: Path, address: str = "", clock: Callable[[], datetime] = _now) -> None:
        self.address = address.rstrip("/")
        self._state = state
        self._clock = clock
        self._opened, self._late = _read(state) if state.exists() else (clock(), ())
        self._write()

    def published(self, language: str) -> tuple[Published, ...]:
        """The edition's stories that have appeared, newest first."""
        edition = EDITIONS[language]
        first = (Published(story, self._opened - age) for story, age in zip(edition.stories, _AGES, strict=True))
        then = (Published(story, at) for story, at in zip(edition.late, self._late, strict=False))
        return (*first, *then)[::-1]

    def publish_next(self) -> tuple[str, ...] | None:
        """Let the next late story of every edition appear; their titles, or None when there are no more."""
        turn = len(self._late)
        arrived = tuple(edition.late[turn].title for edition in EDITIONS.values() if turn < len(edition.late))
        if not arrived:
            return None
        self._late = (*self._late, self._clock())
        self._write()
        return arrived

    def _write(self) -> None:
        self._state.parent.mkdir(parents=True, exist_ok=True)
        memory = {"opened": self._opened.isoformat(), "late": [at.isoformat() for at in self._late]}
        fresh = self._state.with_suffix(".new")
        fresh.write_text(json.dumps(memory, indent=2) + "\n", "utf-8")
        fresh.replace(self._state)


def _read(state: Path) -> tuple[datetime, tuple[datetime, ...]]:
    try:
        memory = json.loads(state.read_text("utf-8"))
        opened, *late = (datetime.fromisoformat(at).astimezone(UTC) for at in (memory["opened"], *memory["late"]))
    except (ValueError, LookupError, TypeError) as error:
        raise CrosspostError(f"{state} is not the sample site's memory; delete it and start the demo again.") from error
    return opened, tuple(late)


def app(site: Site) -> Starlette:
    """The site as an ASGI app, to be served alone or mounted under a path."""
    pages = _Pages(site)
    return Starlette(
        routes=[
            Route("/", pages.door),
            Route("/pictures/{slug}.jpg", pages.picture),
            Route("/{language}/", pages.front),
            Route("/{language}/rss.xml", pages.feed),
            Route("/{language}/{slug}", pages.article),
        ],
        exception_handlers={404: pages.missing},
    )


class _Pages:
    def __init__(self, site: Site) -> None:
        self._site = site
        self._templates = Environment(
            loader=PackageLoader("crosspost.demo"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        self._templates.filters["day"] = _day

    def door(self, request: Request) -> Response:
        return RedirectResponse(f"{self._root(request)}/en/")

    def front(self, request: Request) -> Response:
        edition, published = self._edition(request)
        return self._page(request, "front.html", edition, published=published)

    def article(self, request: Request) -> Response:
        edition, published = self._edition(request)
        slug = request.path_params["slug"]
        found = next((entry for entry in published if entry.story.slug == slug), None)
        if found is None:
            raise HTTPException(404)
        others = [entry for entry in published if entry is not found][:3]
        return self._page(request, "article.html", edition, entry=found, others=others)

    def picture(self, request: Request) -> Response:
        try:
            data = drawing.draw(request.path_params["slug"])
        except KeyError:
            raise HTTPException(404) from None
        return Response(data, media_type="image/jpeg", headers={"Cache-Control": "max-age=3600"})

    def feed(self, request: Request) -> Response:
        edition, published = self._edition(request)
        newest = published[0].at
        body = rss.document(edition, ((entry.story, entry.at) for entry in published), self._root(request))
        validators = {
            "ETag": f'"{hashlib.sha256(body).hexdigest()[:20]}"',
            "Last-Modified": format_datetime(newest, usegmt=True),
        }
        if _unchanged(request, validators["ETag"], newest):
            return Response(status_code=304, headers=validators)
        return Response(body, media_type="application/rss+xml", headers=validators)

    def missing(self, request: Request, _: Exception) -> Response:
        language = request.url.path.removeprefix(request.scope.get("root_path", "")).strip("/").partition("/")[0]
        return self._page(request, "missing.html", EDITIONS.get(language, english.EDITION), status=404)

    def _edition(self, request: Request) -> tuple[Edition, tuple[Published, ...]]:
        language = request.path_params["language"]
        if language not in EDITIONS:
            raise HTTPException(404)
        return EDITIONS[language], self._site.published(language)

    def _page(self, request: Request, name: str, edition: Edition, status: int = 200, **parts: object) -> Response:
        words, size = _WORDS[edition.language], drawing.SIZE
        html = self._templates.get_template(name).render(
            root=self._root(request), edition=edition, editions=EDITIONS.values(), words=words, size=size, **parts
        )
        return Response(html, status, media_type="text/html")

    def _root(self, request: Request) -> str:
        """Where the site is mounted, without a slash at the end."""
        here = f"{request.url.scheme}://{request.url.netloc}{request.scope.get('root_path', '')}"
        return self._site.address or here.rstrip("/")


def _unchanged(request: Request, etag: str, newest: datetime) -> bool:
    """Whether the reader has this already; If-None-Match goes first (RFC 9110, section 13.2.2)."""
    known = request.headers.get("If-None-Match")
    if known is not None:
        return known == "*" or etag in {tag.strip().removeprefix("W/") for tag in known.split(",")}
    since = request.headers.get("If-Modified-Since")
    try:
        return since is not None and newest <= parsedate_to_datetime(since)
    except (ValueError, TypeError):
        return False  # an unreadable date is no condition, says the same section


_WORDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "en": {
            "locale": "en_GB",
            "more": "Read next",
            "feed": "Feed",
            "missing": "There is no such page here, or not yet.",
            "home": "To the front page",
            "note": "A sample site that belongs to crosspost. Its stories and pictures are invented.",
        },
        "ru": {
            "locale": "ru_RU",
            "more": "Читайте дальше",
            "feed": "Лента",
            "missing": "Такой страницы здесь нет — или ещё нет.",
            "home": "На главную",
            "note": "Пример сайта из проекта crosspost. Все истории и рисунки вымышлены.",
        },
    }
)

_MONTHS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "en": (
            *("January", "February", "March", "April", "May", "June"),
            *("July", "August", "September", "October", "November", "December"),
        ),
        "ru": (
            *("января", "февраля", "марта", "апреля", "мая", "июня"),
            *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
        ),
    }
)


def _day(at: datetime, language: str) -> str:
    """A date as people write it, such as 4 May 2031; the site's clock is UTC."""
    return f"{at.day} {_MONTHS[language][at.month - 1]} {at.year}"
