"""Two parsers behind one form: fastfeedparser, and feedparser where the first is doubtful.

fastfeedparser is some eighty times faster, and loses entries in odd documents; feedparser reads nearly everything and
is slow to import and to run. Both throw undeclared exceptions on damaged input, so none of theirs gets out of here.
"""

from __future__ import annotations

import calendar
import html
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, NamedTuple

import fastfeedparser

Raw = Mapping[str, Any]

_RSS_090 = (b"http://my.netscape.com/rdf/simple/0.9/", b"http://channel.netscape.com/rdf/simple/0.9/")
_RSS_10 = b"http://purl.org/rss/1.0/"
_ANY_ITEM = re.compile(rb"<(?:[\w.-]+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_XHTML_TITLE = re.compile(rb"<(?:[\w.-]+:)?title[^>]+xhtml")
_GUIDS = (b"<guid", b"<id>", b"<id ", b":id>", b":guid", b"rdf:about")
_DATE = re.compile(
    rb"<(?:[\w.-]+:)?(?:pubdate|published|updated|issued|modified|date|lastbuilddate)[\s>]", re.IGNORECASE
)
_TAG = re.compile(r"<[^>]+>")
_MADE_UP = 512  # characters: fastfeedparser makes a missing description from that much of the content
_MADE_FROM = 2048


class Entry(NamedTuple):
    """One entry as a parser read it: texts unchanged, `link` perhaps relative; `raw` holds what only some have."""

    title: str
    link: str
    guid: str
    description: str
    content: str
    author: str
    categories: tuple[str, ...]
    published: datetime | None
    raw: Raw


@dataclass(frozen=True, slots=True)
class Reading:
    """A feed as a parser read it. `language` is as the feed writes it, where the parser tells."""

    title: str
    language: str
    entries: tuple[Entry, ...]


def read(body: bytes, url: str) -> Reading | None:
    """The entries of a whole feed in UTF-8, by the parser that reads it best; `None` when neither can."""
    fast = _fast(body)
    if body.startswith(b"{") or (fast is not None and not _doubtful(fast, body)):
        return fast
    slow = _slow(body, url)
    best = max((reading for reading in (slow, fast) if reading), key=lambda one: len(one.entries), default=None)
    # Items that nobody can read are no empty feed.
    return None if best and not best.entries and _ANY_ITEM.search(body) else best


def _doubtful(reading: Reading, body: bytes) -> bool:
    """Whether fastfeedparser may have lost something: entries, or titles written in XHTML."""
    count = len(reading.entries)
    end = b"</item>" if b"</item>" in body else b"</entry>"
    if count < body.count(end) or (count == 0 and _ANY_ITEM.search(body)):
        return True
    return any(not entry.title for entry in reading.entries) and bool(_XHTML_TITLE.search(body))


def _fast(body: bytes) -> Reading | None:
    for namespace in _RSS_090:
        if namespace in body[:2048]:
            body = body.replace(namespace, _RSS_10)
    try:
        document = fastfeedparser.parse(body)
        feed = document["feed"]
        json = body.startswith(b"{")
        entry = partial(
            _fast_entry,
            guids_are_links=b'isPermaLink="false"' not in body,
            has_guids=json or any(sign in body for sign in _GUIDS),
            has_dates=json or bool(_DATE.search(body)),
        )
        return Reading(_str(feed.get("title")), _str(feed.get("language")), tuple(map(entry, document["entries"])))
    except Exception:  # noqa: BLE001 - undeclared exceptions on damaged input; the other parser has its turn
        return None


def _fast_entry(raw: Raw, guids_are_links: bool, has_guids: bool, has_dates: bool) -> Entry:
    description, content = _str(raw.get("description")), _fast_content(raw)
    if content.strip() == description.strip():
        content = ""
    elif _made_up(description, content):
        description = ""
    # Without any, the parser puts the link in the guid's place, and makes dates of numbers in it.
    guid = _str(raw.get("id")) if has_guids else ""
    date = raw.get("published") if has_dates else None
    return Entry(
        title=_str(raw.get("title")),
        link=_str(raw.get("link")) or (guid if guids_are_links and guid.startswith(("http://", "https://")) else ""),
        guid=guid,
        description=description,
        content=content,
        author=_str(raw.get("author")),
        categories=_categories(raw),
        published=datetime.fromisoformat(date) if date else None,
        raw=raw,
    )


def _fast_content(raw: Raw) -> str:
    parts = raw.get("content") or ()
    if not parts:
        return ""
    value = _str(parts[0].get("value"))
    return html.escape(value) if parts[0].get("type") == "text/plain" else value


def _made_up(description: str, content: str) -> bool:
    """Whether the parser made the description from the content's beginning: it is cut within a word, and no news."""
    if not content or not description or len(description) > _MADE_UP or "<" in description:
        return False
    word = description.split(None, 1)[0]
    if word.isalnum() and word not in content[:_MADE_FROM]:
        return False
    head = html.unescape(_TAG.sub(" ", content[:_MADE_FROM]))
    return " ".join(head.split())[:_MADE_UP].strip() == " ".join(description.split())


def _slow(body: bytes, url: str) -> Reading | None:
    import feedparser  # 60 ms, and few feeds need it

    headers = {"content-location": url, "content-type": "application/xml; charset=utf-8"}
    try:
        document = feedparser.parse(
            io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
        entries = tuple(map(_slow_entry, document.entries))
        return Reading(_str(document.feed.get("title")), _str(document.feed.get("language")), entries)
    except Exception:  # noqa: BLE001 - undeclared exceptions on damaged input; `None` says that it cannot be read
        return None


def _slow_entry(raw: Any) -> Entry:
    parts: Sequence[Raw] = raw.get("content") or ()
    return Entry(
        title=_str(raw.get("title")),
        link=_str(raw.get("link")),
        guid=_str(raw.get("id")),
        description=_str(raw.get("summary")) if "summary_detail" in raw else "",
        content=_str(parts[0].get("value")) if parts else "",
        author=_str(raw.get("author")),
        categories=_categories(raw),
        # dict's own get: feedparser's would put one date in the other's place, and warn that it does.
        published=_time(dict.get(raw, "published_parsed") or dict.get(raw, "updated_parsed")),
        raw=raw,
    )


def _time(parts: Any) -> datetime | None:
    return datetime.fromtimestamp(calendar.timegm(parts), UTC) if parts else None


def _categories(raw: Raw) -> tuple[str, ...]:
    if not raw.get("tags"):
        return ()
    terms = (_str(tag.get("label")) or _str(tag.get("term")) for tag in raw["tags"])
    return tuple(dict.fromkeys(term.strip() for term in terms if term.strip()))


def _str(value: Any) -> str:
    """A parser's value as text: JSON feeds hold numbers and nulls where XML holds text."""
    return value if isinstance(value, str) else "" if value is None else str(value)
