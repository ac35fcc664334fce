"""Two parsers behind one form: fastfeedparser, and feedparser where the first is doubtful.

fastfeedparser is some eighty times faster, and loses entries in odd documents; feedparser reads nearly everything and
is slow to import and to run. Where the first may have made something up, or left something out (doubts.py), a closer
look (closer.py) sets it right. Both throw undeclared exceptions on damaged input, so none of theirs gets out.
"""

from __future__ import annotations

import calendar
import html
import io
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import fastfeedparser

from crosspost.feeds.closer import Look, looks
from crosspost.feeds.doubts import GUID, has_lost_entries, is_odd
from crosspost.feeds.reading import Entry, Items, Raw, Reading, storable

_RSS_090 = (b"http://my.netscape.com/rdf/simple/0.9/", b"http://channel.netscape.com/rdf/simple/0.9/")
_RSS_10 = b"http://purl.org/rss/1.0/"
_DATE = re.compile(
    rb"<(?:[\w.-]+:)?(?:pubdate|published|updated|issued|modified|date|lastbuilddate)[\s>]", re.IGNORECASE
)
_TAG = re.compile(r"<[^>]+>")
_MADE_UP = 512  # characters: fastfeedparser makes a missing description from that much of the content
_MADE_FROM = 2048


class NeedsTime(Exception):
    """Only the slow parser can read this document, and it is a long one."""


def read(body: bytes, url: str, items: Items, *, languages: int, slowly_up_to: int | None = None) -> Reading | None:
    """The entries of a whole XML feed in UTF-8, by the parser that reads it best; `None` when neither can.

    `languages` is how many the document names: with several, each entry may have its own. Raises `NeedsTime` in place
    of giving a document of more than `slowly_up_to` bytes to the slow parser.
    """
    fast = read_quickly(body, items)
    ends = body.count(b"</" + items.tag + b">") if items.tag else 0
    odd = fast is None or languages > 1 or len(fast.entries) < ends or is_odd(fast.entries, body, items)
    seen = looks(body, url) if odd else None
    if fast is not None and not has_lost_entries(len(fast.entries), ends, items, seen):
        return _set_right(fast, seen)
    if slowly_up_to is not None and len(body) > slowly_up_to:
        raise NeedsTime
    slow = read_slowly(body)
    best = max((reading for reading in (slow, fast) if reading), key=lambda one: len(one.entries), default=None)
    # Items that nobody can read are no empty feed.
    if best is None or (items.tag and not best.entries):
        return None
    return _set_right(best, seen)


def _set_right(reading: Reading, seen: Sequence[Look] | None) -> Reading:
    if seen is None or len(seen) != len(reading.entries):
        return reading
    return replace(reading, entries=tuple(map(_corrected, reading.entries, seen)))


def _corrected(entry: Entry, look: Look) -> Entry:
    if look.summary and entry.content.strip() == look.summary.strip():
        entry = entry._replace(content="")
    return entry._replace(
        title=look.title or entry.title,
        link=look.link,
        guid=look.guid,
        description=look.summary or entry.description,
        base=look.base,
        language=look.language,
    )


def read_quickly(body: bytes, items: Items) -> Reading | None:
    """What fastfeedparser reads, without what it makes up; `None` where it breaks."""
    for namespace in _RSS_090:
        if namespace in body[:2048]:
            body = body.replace(namespace, _RSS_10)
    try:
        document = fastfeedparser.parse(body)
        feed, raws = document["feed"], document["entries"]
        start, end = items.start, items.first_end
        has_guids = bool(GUID.search(body, start, end)) or _may_hold_guids(body[end:].lower())
        has_dates = bool(_DATE.search(body, start))
        entries = tuple(_quick_entry(raw, has_guids, has_dates) for raw in raws)
        if any(map(_may_be_made_up, entries)):
            entries = _as_told(entries, body, start)
        return Reading(feed.get("title") or "", feed.get("language") or "", entries)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - undeclared exceptions on damaged input; the other parser has its turn
        return None


def _may_hold_guids(body: bytes) -> bool:
    return any(sign in body for sign in (b"<guid", b":guid", b"<id>", b"<id ", b":id>", b":about="))


def _quick_entry(raw: Raw, has_guids: bool, has_dates: bool) -> Entry:
    get = raw.get
    description, content = get("description") or "", _quick_content(get("content"))
    if content == description or content.strip() == description.strip():
        content = ""
    # Without any, the parser puts the link in the guid's place, and makes dates of numbers in it.
    guid = (get("id") or "") if has_guids else ""
    date, tags = get("published") if has_dates else None, get("tags")
    return Entry(
        get("title") or "",
        get("link") or (guid if guid.startswith(("http://", "https://")) else ""),
        guid,
        description,
        content,
        get("author") or "",
        _categories(tags) if tags else (),
        datetime.fromisoformat(date) if date else None,
        raw,
    )


def _quick_content(parts: Sequence[Raw] | None) -> str:
    if not parts:
        return ""
    first = parts[0]
    value: str = first.get("value") or ""
    if first.get("type") == "text/plain":
        return html.escape(value, quote=False)
    # In XHTML the parser takes the element itself along.
    return value[value.index(">") + 1 : value.rindex("<")] if value.startswith("<content") else value


def _may_be_made_up(entry: Entry) -> bool:
    return bool(entry.content and entry.description) and len(entry.description) <= _MADE_UP


def _as_told(entries: tuple[Entry, ...], body: bytes, start: int) -> tuple[Entry, ...]:
    """The entries without the descriptions that the parser made; counting tells for most feeds whether it made any."""
    descriptions = body.count(b"description>", start)
    tags = 2 * len(entries)
    if descriptions >= tags and b"<description></" not in body:
        return entries
    summaries = body.count(b"summary>", start)
    if summaries >= tags:
        return entries
    none = summaries + descriptions == 0
    return tuple(
        entry._replace(description="") if entry.content and (none or _is_made_up(entry)) else entry for entry in entries
    )


def _is_made_up(entry: Entry) -> bool:
    """Whether the description is the content's beginning, cut within a word, and no news."""
    description, content = entry.description, entry.content
    if not _may_be_made_up(entry) or "<" in description:
        return False
    word = description.split(None, 1)[0]
    if word.isalnum() and word not in content[:_MADE_FROM]:
        return False
    head = html.unescape(_TAG.sub(" ", content[:_MADE_FROM]))
    return " ".join(head.split())[:_MADE_UP].strip() == " ".join(description.split())


def read_slowly(body: bytes) -> Reading | None:
    """What feedparser reads; `None` where it breaks."""
    import feedparser  # 60 ms, and few feeds need it

    # Without an address, so that links and guids stay as they are written.
    headers = {"content-type": "application/xml; charset=utf-8"}
    try:
        document = feedparser.parse(
            io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
        entries = tuple(map(_slow_entry, document.entries))
        return Reading(_text(document.feed, "title"), _text(document.feed, "language"), entries)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - undeclared exceptions on damaged input; `None` says that it cannot be read
        return None


def _slow_entry(raw: Any) -> Entry:
    parts: Sequence[Raw] = raw.get("content") or ()
    return Entry(
        title=_text(raw, "title"),
        link=_text(raw, "link"),
        guid=_text(raw, "id"),
        description=_text(raw, "summary") if "summary_detail" in raw else "",
        content=_text(parts[0], "value") if parts else "",
        author=_text(raw, "author"),
        categories=_categories(raw.get("tags") or ()),
        # dict's own get: feedparser's would put one date in the other's place, and warn that it does.
        published=_time(dict.get(raw, "published_parsed") or dict.get(raw, "updated_parsed")),
        raw=raw,
    )


def _time(parts: Any) -> datetime | None:
    return datetime.fromtimestamp(calendar.timegm(parts), UTC) if parts else None


def _categories(tags: Sequence[Raw]) -> tuple[str, ...]:
    terms = ((tag.get("label") or tag.get("term") or "").strip() for tag in tags)
    return tuple(dict.fromkeys(filter(None, terms)))


def _text(raw: Raw, key: str) -> str:
    value = raw.get(key)
    return storable(value) if isinstance(value, str) else ""
