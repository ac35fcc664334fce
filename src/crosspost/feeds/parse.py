"""A feed's bytes -> articles. Pure: no network, no clock.

The way: is it a feed, and a whole one (foreign.py); its letters (charset.py); its entries by one of two parsers
(entries.py); then, for each entry, the link made absolute, the language, the pictures (media.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat

from lxml import etree

from crosspost.article import Article
from crosspost.feeds import charset, foreign
from crosspost.feeds.address import absolute
from crosspost.feeds.entries import Entry, Reading, read
from crosspost.feeds.media import pictures
from crosspost.text.plain import one_line

_FIRST_ITEM = re.compile(rb"<(?:[\w.-]+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_LANGUAGE = re.compile(rb"language>\s*(?:<!\[CDATA\[\s*)?([A-Za-z_-]{2,20})")
_XML_LANG = re.compile(rb"xml:lang\s*=\s*[\"']([A-Za-z_-]{2,20})")
_TTL = re.compile(rb"<ttl>\s*(\d{1,6})\s*</ttl>")
_SKIPPED_HOURS = re.compile(rb"<skipHours>(.{0,2000}?)</skipHours>", re.DOTALL)
_HOUR = re.compile(rb"<hour>\s*(\d{1,2})\s*</hour>")
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_DC_LANGUAGE = "{http://purl.org/dc/elements/1.1/}language"


@dataclass(frozen=True, slots=True)
class Document:
    """A feed as read. `ttl` is minutes for which it says it need not be asked again, `skip_hours` hours of the day
    in UTC in which it says it does not change; how far they are obeyed is the caller's to say."""

    title: str
    language: str
    articles: tuple[Article, ...]
    ttl: int | None = None
    skip_hours: frozenset[int] = frozenset()


def parse(body: bytes, *, feed: str, url: str, content_type: str = "", language: str = "") -> Document:
    """The articles of a feed, in document order, under the feed's name `feed`; relative links go by `url`.

    A `language` that is given is a person's word and goes before what feed and entry say. Raises `FeedError`, with
    the reason in words, for what is no feed, or only the beginning of one.
    """
    body = foreign.whole_feed(charset.as_utf8(body, content_type), url)
    reading = read(body, url)
    if reading is None:
        raise foreign.unreadable(url)
    said = _languages(body)
    common = _two_letters(reading.language) or (said[0] if said else "")
    places = _places(body, url, reading, said)
    articles = tuple(
        _article(entry, feed, base, language or spoken or common)
        for entry, (base, spoken) in zip(reading.entries, places, strict=False)
        if _says_something(entry)
    )
    header = _header(body)
    return Document(one_line(reading.title), language or common, articles, _ttl(header), _skip_hours(header))


def _says_something(entry: Entry) -> bool:
    """An item without a word or an address is a slip of the feed's making, and no article."""
    return bool(entry.title or entry.link or entry.guid or entry.description or entry.content)


def _article(entry: Entry, feed: str, base: str, language: str) -> Article:
    link = _storable(absolute(entry.link, base))
    return Article(
        feed=feed,
        title=_title(entry.title),
        link=link,
        guid=_storable(entry.guid),
        description=_storable(entry.description),
        content=_storable(entry.content),
        author=_title(entry.author),
        language=language,
        categories=tuple(filter(None, map(_title, entry.categories))),
        pictures=pictures(entry.raw, entry.content or entry.description, link or base),
        published=entry.published,
    )


# No database keeps these; JSON can smuggle them in by escapes.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def _storable(text: str) -> str:
    return _UNSTORABLE.sub("", text)


def _title(text: str) -> str:
    # Most titles are plain already, and a thousand of them make a difference.
    return (
        " ".join(text.split())
        if text.isascii() and text.isprintable() and not ("<" in text or "&" in text)
        else one_line(text)
    )


def _places(
    body: bytes, url: str, reading: Reading, said: Sequence[str]
) -> Sequence[tuple[str, str]] | repeat[tuple[str, str]]:
    """For each entry the base of its relative links and its own language, "" where it names none.

    Only a document with relative links or several languages is worth a second look.
    """
    relative = any(entry.link and not absolute(entry.link, "") for entry in reading.entries)
    if body.startswith(b"{") or not (relative or len(set(said)) > 1):
        return repeat((url, ""))
    found = _looked_up(body, url)
    return found if len(found) == len(reading.entries) else repeat((url, ""))


def _looked_up(body: bytes, url: str) -> list[tuple[str, str]]:
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(body, parser, base_url=url)
    except etree.XMLSyntaxError:
        return []
    if root is None:
        return []
    return [(_base(item, url), _spoken(item)) for item in root.iter("{*}item", "{*}entry")]


def _base(item: etree._Element, url: str) -> str:
    link = item.find("{*}link")
    return absolute((item if link is None else link).base or "", url) or url


def _spoken(item: etree._Element) -> str:
    own = item.findtext(_DC_LANGUAGE) or item.get(_LANG)
    if not own:
        title = item.find("{*}title")
        own = title.get(_LANG) if title is not None else ""
    return _two_letters(own or "")


def _languages(body: bytes) -> list[str]:
    """The languages that the document names, in two letters; what stands in a <language> comes first."""
    named = _LANGUAGE.findall(body) + (_XML_LANG.findall(body) if b"xml:lang" in body else [])
    return [code for code in (_two_letters(name.decode("ascii")) for name in dict.fromkeys(named)) if code]


def _two_letters(language: str) -> str:
    code = language.strip().replace("_", "-").partition("-")[0].lower()
    return code if len(code) == 2 and code.isascii() and code.isalpha() else ""


def _header(body: bytes) -> bytes:
    """What stands before the first item."""
    first = _FIRST_ITEM.search(body)
    return body if first is None else body[: first.start()]


def _ttl(header: bytes) -> int | None:
    match = _TTL.search(header)
    return int(match[1]) if match else None


def _skip_hours(header: bytes) -> frozenset[int]:
    match = _SKIPPED_HOURS.search(header)
    return frozenset(int(hour) % 24 for hour in _HOUR.findall(match[1])) if match else frozenset()
