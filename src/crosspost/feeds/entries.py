"""Two parsers behind one form: fastfeedparser, and feedparser where the first is doubtful.

fastfeedparser is some eighty times faster, and loses entries in odd documents; feedparser reads nearly everything and
is slow to import and to run. Where the first makes something up, or leaves something out that the tree still holds, a
closer look (closer.py) sets it right. Both throw undeclared exceptions on damaged input, so none of theirs gets out.
"""

from __future__ import annotations

import calendar
import html
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

import fastfeedparser

from crosspost.feeds.closer import Look, looks

Raw = Mapping[str, Any]

_RSS_090 = (b"http://my.netscape.com/rdf/simple/0.9/", b"http://channel.netscape.com/rdf/simple/0.9/")
_RSS_10 = b"http://purl.org/rss/1.0/"
_WRAPPED_TITLE = re.compile(rb"<title(?:>\s*<!\[CDATA\[| type=.html.>)")
_MARKED_UP = re.compile(rb"<title[^<>]*>[^<]*<(?!/|!\[CDATA\[)")
_XHTML = re.compile(rb"(?::title|<summary|:summary)[^<>]*xhtml")
_GUID = re.compile(rb"<(?:[\w.-]+:)?(?:guid|id)[\s>]|\babout=", re.IGNORECASE)
_NO_GUID = re.compile(rb"<guid[^<>]*(?:/>|>\s*</)")
_DATE = re.compile(
    rb"<(?:[\w.-]+:)?(?:pubdate|published|updated|issued|modified|date|lastbuilddate)[\s>]", re.IGNORECASE
)
_TAG = re.compile(r"<[^>]+>")
_MADE_UP = 512  # characters: fastfeedparser makes a missing description from that much of the content
_MADE_FROM = 2048
# No database keeps these. JSON smuggles them in by escapes and feedparser by numbers; XML's own parsers do not.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Entry(NamedTuple):
    """One entry as a parser read it: texts unchanged, `link` perhaps relative, to `base` where that is not "" (the
    feed's address); `language` as the entry itself writes it. `raw` holds what only some have."""

    title: str
    link: str
    guid: str
    description: str
    content: str
    author: str
    categories: tuple[str, ...]
    published: datetime | None
    raw: Raw
    base: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A feed as a parser read it. `language` is as the feed writes it, where the parser tells."""

    title: str
    language: str
    entries: tuple[Entry, ...]


class NeedsTime(Exception):
    """Only the slow parser can read this document, and it is a long one."""


class Items(NamedTuple):
    """Where a document's items are: their `tag` as written, b"" without any; where the first starts and ends.

    The items of one feed are made alike, so what would cost a look at all is told by the first.
    """

    tag: bytes
    start: int
    first_end: int


def read(body: bytes, url: str, items: Items, *, languages: int, slowly_up_to: int | None = None) -> Reading | None:
    """The entries of a whole XML feed in UTF-8, by the parser that reads it best; `None` when neither can.

    `languages` is how many the document names: with several, each entry may have its own. Raises `NeedsTime` in place
    of giving a document of more than `slowly_up_to` bytes to the slow parser.
    """
    fast = read_quickly(body, items)
    ends = body.count(b"</" + items.tag + b">") if items.tag else 0
    odd = fast is None or languages > 1 or len(fast.entries) < ends or _is_odd(fast.entries, body, items)
    seen = looks(body, url) if odd else None
    if fast is not None and not _has_lost_entries(len(fast.entries), ends, items, seen):
        return _set_right(fast, seen)
    if slowly_up_to is not None and len(body) > slowly_up_to:
        raise NeedsTime
    slow = read_slowly(body)
    best = max((reading for reading in (slow, fast) if reading), key=lambda one: len(one.entries), default=None)
    # Items that nobody can read are no empty feed.
    if best is None or (items.tag and not best.entries):
        return None
    return _set_right(best, seen)


def _is_odd(entries: Sequence[Entry], body: bytes, items: Items) -> bool:
    """Whether the quick parser may have mistaken something, left it out or made it up."""
    start, end = items.start, items.first_end
    if _has_odd_link(entries, body, start) or _may_lack(entries, body, items) or _has_marked_up_title(body, items):
        return True
    if items.tag.endswith(b"entry"):
        return not all(map(_has_sure_link, entries)) or bool(_XHTML.search(body, start, end))
    return _is_mixed(body, items)


def _has_odd_link(entries: Sequence[Entry], body: bytes, start: int) -> bool:
    """Whether a link has a base of its own, or is missing where there are elements that may hold one."""
    odd = [entry.link for entry in entries if not entry.link.startswith(("http://", "https://"))]
    return bool(odd) and (("" in odd and _names_links(body, start)) or (any(odd) and b"xml:base" in body))


def _names_links(body: bytes, start: int, end: int | None = None) -> bool:
    return body.find(b"<link", start, end) > 0 or body.find(b":link", start, end) > 0


def _has_marked_up_title(body: bytes, items: Items) -> bool:
    """Whether a title holds elements: the quick parser drops what they say."""
    if _WRAPPED_TITLE.search(body, items.start, items.first_end):
        return False
    place = body.find(b"<title", items.start)
    while place >= 0:
        if _MARKED_UP.match(body, place):
            return True
        place = body.find(b"<title", place + 6)
    return False


def _has_sure_link(entry: Entry) -> bool:
    """Whether an Atom entry's link is the one to the article: where none is called the alternate, the quick parser
    takes the first, of any relation or type."""
    links = entry.raw.get("links")
    if not links:
        return not entry.link or entry.link == entry.guid
    relation, kind = links[0].get("rel"), links[0].get("type")
    if relation == "alternate":
        return not kind or "html" in kind
    return relation is None and links[0].get("href") == entry.link


def _is_mixed(body: bytes, items: Items) -> bool:
    """Whether RSS items hold another vocabulary's titles before their own, or its ids: only the last part of a name
    counts there."""
    start, end = items.start, items.first_end
    other = body.find(b":title>", start, end)
    return (other > 0 and body.find(b"<title", start, other) < 0) or body.find(b":id>", start, end) > 0


def _may_lack(entries: Sequence[Entry], body: bytes, items: Items) -> bool:
    """Whether entries may have no guid or no link of their own: the quick parser puts one in the other's place."""
    start, end = items.start, items.first_end
    same = sum(1 for entry in entries if entry.guid and entry.guid == entry.link)
    if same == 0:
        return False
    if same == len(entries):  # where all are, all are so by themselves, or none
        no_link = not _names_links(body, start, end) and body.find(b'isPermaLink="false"', start, end) > 0
        return no_link or not _GUID.search(body, start, end) or bool(_NO_GUID.search(body, start, end))
    guids = body.count(b"<guid", start) or body.count(b"<id", start) or body.count(b":about=", start)
    return guids < len(entries) or bool(_NO_GUID.search(body, start))


def _has_lost_entries(count: int, ends: int, items: Items, seen: Sequence[Look] | None) -> bool:
    if count == 0:
        return bool(items.tag)
    return count < (ends if seen is None else len(seen))


def _set_right(reading: Reading, seen: Sequence[Look] | None) -> Reading:
    if seen is None or len(seen) != len(reading.entries):
        return reading
    return replace(reading, entries=tuple(map(_corrected, reading.entries, seen)))


def _corrected(entry: Entry, look: Look) -> Entry:
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
        has_guids = bool(_GUID.search(body, start, end)) or _may_hold_guids(body[end:].lower())
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


def storable(text: str) -> str:
    """`text` without what no database keeps."""
    return _UNSTORABLE.sub("", text)
