"""A feed's bytes -> articles. Pure: no network, no clock.

The way: its letters (charset.py); is it a feed, and a whole one (foreign.py); its entities (mend.py); its entries by
one of two parsers (entries.py) or as JSON (jsonfeed.py); then, for each entry, the link made absolute, the language,
the pictures (media.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from crosspost.article import Article
from crosspost.feeds import charset, foreign
from crosspost.feeds.address import absolute
from crosspost.feeds.entries import read
from crosspost.feeds.jsonfeed import read_json
from crosspost.feeds.media import pictures
from crosspost.feeds.mend import mended
from crosspost.feeds.reading import Entry, Items
from crosspost.text.plain import one_line

_FIRST_ITEM = re.compile(rb"<((?:[\w.-]+:)?(?:item|entry))[\s/>]", re.IGNORECASE)
_LANGUAGE = re.compile(rb"language>\s*(?:<!\[CDATA\[\s*)?([A-Za-z_-]{2,20})")
_XML_LANG = re.compile(rb"xml:lang\s*=\s*[\"']([A-Za-z_-]{2,20})")
_TTL = re.compile(rb"<ttl>\s*(\d{1,6})\s*</ttl>")
_SKIPPED_HOURS = re.compile(rb"<skipHours>(.{0,2000}?)</skipHours>", re.DOTALL)
_HOUR = re.compile(rb"<hour>\s*(\d{1,2})\s*</hour>")
_TITLE = 10_000  # characters; what is longer is no title


@dataclass(frozen=True, slots=True)
class Document:
    """A feed as read. `ttl` is minutes for which it says it need not be asked again, `skip_hours` hours of the day
    in UTC in which it says it does not change; how far they are obeyed is the caller's to say."""

    title: str
    language: str
    articles: tuple[Article, ...]
    ttl: int | None = None
    skip_hours: frozenset[int] = frozenset()


def parse(
    body: bytes,
    *,
    feed: str,
    url: str,
    content_type: str = "",
    language: str = "",
    slowly_up_to: int | None = None,
) -> Document:
    """The articles of a feed, in document order, under the feed's name `feed`; relative links go by `url`.

    A `language` that is given is a person's word and goes before what feed and entry say. Raises `FeedError`, with
    the reason in words, for what is no feed, or only the beginning of one; and `NeedsTime` where only the slow parser
    could read a document of more than `slowly_up_to` bytes.
    """
    body = foreign.whole_feed(charset.as_utf8(body, content_type), url)
    if body.startswith(b"{"):
        head, said, reading = b"", list[str](), read_json(body)
        if reading is None:
            raise foreign.no_json_feed(url)
    else:
        body = mended(body)
        items = _items(body)
        head = body[: items.start]
        said = _languages(body, items)
        reading = read(body, url, items, languages=len(said), slowly_up_to=slowly_up_to)
    if reading is None:
        raise foreign.unreadable(url)
    common = language or _two_letters(reading.language) or (said[0] if said else "")
    articles = tuple(
        _article(entry, feed, entry.base or url, (not language and _two_letters(entry.language)) or common)
        for entry in reading.entries
        if _says_something(entry)
    )
    return Document(one_line(reading.title), common, articles, _ttl(head), _skip_hours(head))


def _says_something(entry: Entry) -> bool:
    """An item without a word or an address is a slip of the feed's making, and no article."""
    return bool(entry.title or entry.link or entry.guid or entry.description or entry.content)


def _article(entry: Entry, feed: str, base: str, language: str) -> Article:
    title, link, guid, description, content, author, categories, published, raw, *_ = entry
    link = absolute(link, base)
    return Article(
        feed,
        one_line(title[:_TITLE]),
        link,
        guid,
        description,
        content,
        _name(author[:_TITLE]) if author else "",
        language,
        tuple(filter(None, [_name(category[:_TITLE]) for category in categories])) if categories else (),
        pictures(raw, content or description, link or base),
        published,
    )


@lru_cache(maxsize=512)
def _name(text: str) -> str:
    """An author or a category, of which a feed has few."""
    return one_line(text)


def _items(body: bytes) -> Items:
    first = _FIRST_ITEM.search(body)
    if first is None:
        return Items(b"", len(body), len(body))
    end = body.find(b"</" + first[1], first.end())
    return Items(first[1], first.start(), end if end > 0 else len(body))


def _languages(body: bytes, items: Items) -> list[str]:
    """The languages that the document names, in two letters; what stands in a <language> comes first."""
    head = body[: items.start]
    named = _LANGUAGE.findall(body if body.find(b"language>", items.start, items.first_end) > 0 else head)
    # Atom has the attribute everywhere, in planets on some entries only.
    inside = items.tag.endswith(b"entry") or body.find(b"xml:lang", items.start, items.first_end) > 0
    if not inside or b"xml:lang" in body:
        named += _XML_LANG.findall(body if inside else head)
    return list(dict.fromkeys(filter(None, (_two_letters(name.decode("ascii")) for name in dict.fromkeys(named)))))


def _two_letters(language: str) -> str:
    if not language:
        return ""
    code = language.strip().replace("_", "-").partition("-")[0].lower()
    return code if len(code) == 2 and code.isascii() and code.isalpha() else ""


def _ttl(head: bytes) -> int | None:
    match = _TTL.search(head)
    return int(match[1]) if match else None


def _skip_hours(head: bytes) -> frozenset[int]:
    match = _SKIPPED_HOURS.search(head)
    return frozenset(int(hour) % 24 for hour in _HOUR.findall(match[1])) if match else frozenset()
