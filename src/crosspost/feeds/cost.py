"""What parsing a document would cost, told from its bytes before anyone parses it. Pure.

A parser cannot be stopped from within, so what may run in the daemon is decided by what drives the time, each bound
far above what feeds hold (the largest of 211 real ones has 1.4 MB, 47,000 tags and 1046 items):

    bytes, tags, ampersands     time grows with them evenly: 0.4 s a megabyte where it is nothing but empty items
    attributes in one tag       compared with one another: 100,000 take 20 s
    xmlns in reach of a tag     looked through for every tag
    dates in no known form      guessed at, 0.8 ms each; where an item has no date, its guid is tried as one
    pictures, XHTML, and items  where damage puts items into one another, each reads all that is in it: 12 us for a
                                picture, a second for 600 MB of XHTML
    entities                    may stand for gigabytes
    letters that hide tags      UTF-16 and its like cannot be counted without being decoded

Whatever is over a bound is not refused but parsed where it can be killed (apart.py). Only a flood of attributes is
refused outright: it would be killed there, and no feed has one.
"""

from __future__ import annotations

import re

from crosspost.errors import FeedError
from crosspost.feeds.address import shown

_BYTES = 5_000_000
_TAGS = 100_000
_AMPERSANDS = 200_000
_COMMAS = 300_000  # of JSON, where they stand between values
_ATTRIBUTES = 1000  # in one tag
_NAMESPACES = 200_000_000  # declarations times tags, of which a second allows some 300 million
_ITEMS = 250  # whose dates are never too many: the parsers read eight of each at most
_STRANGE_DATES = 1000
_PICTURES = 150_000  # times items
_XHTML = 1_000_000_000  # bytes times items
_MEDIA = b"search.yahoo.com/mrss"
_HEAD = 16_384  # bytes within which a feed's root begins, and so its document type

_ATTRIBUTE = re.compile(rb"""[^\s=<>"']\s*+=\s*+["']""")
_QUOTED = re.compile(rb"""=\s*+(?:"[^"]*+"|'[^']*+')""")
_TAG = re.compile(rb"""(?:[^"'>]++|"[^"]*"|'[^']*')*+""")
_DATES = re.compile(
    rb"<(?:[\w.-]+:)?(?:pubdate|published|updated|issued|modified|date|lastbuilddate)\b[^<>]{0,200}>\s*(?:<!\[CDATA\[)?"
    rb"\s*([^<]{0,40})",
    re.IGNORECASE,
)
_KNOWN_DATE = re.compile(rb"(?:[a-z]{3},\s+)?\d{1,2}\s+[a-z]{3}\s+\d{4}\s+\d\d:\d\d|\d{4}-\d\d-\d\d", re.IGNORECASE)
_GUIDS = re.compile(rb"<(?:guid|id)\b[^<>]{0,200}>\s*(?!https?:)[^\s<]", re.IGNORECASE)


def is_cheap(body: bytes) -> bool:
    """Whether parsing `body` takes less than two seconds, or so little more that nobody waits long."""
    size = len(body)
    if size > _BYTES or b"\x00" in body or b"<!ENTITY" in body[:_HEAD]:
        return False
    if body.lstrip()[:1] == b"{":
        return body.count(b",") <= _COMMAS and body.count(b"{") <= _TAGS
    tags = body.count(b"<")
    # Most documents are too small for any more.
    return (
        tags <= _TAGS
        and (size <= _AMPERSANDS or body.count(b"&") <= _AMPERSANDS)
        and (size // len(b' xmlns=""') * tags <= _NAMESPACES or body.count(b"xmlns") * tags <= _NAMESPACES)
        and (size * tags <= _XHTML or b"xhtml" not in body or size * _items(body) <= _XHTML)
        and (_MEDIA not in body or _items(body) * _pictures(body) <= _PICTURES)
        and (tags <= 2 * _STRANGE_DATES or _items(body) <= _ITEMS or _strange_dates(body) <= _STRANGE_DATES)
    )


def refuse_floods(body: bytes, url: str) -> None:
    """Raise `FeedError` for a tag with more attributes than any feed's has."""
    reach = _ATTRIBUTES * len(b"a ")
    place = body.find(b"<")
    while 0 <= place < len(body) - reach:
        # Leap from tag to tag as far as one with that many attributes reaches; only such a one has no other in it.
        other = body.rfind(b"<", place + 1, place + reach)
        if other < 0:
            other = body.find(b"<", place + 1)
            if _attributes(body[place + 1 : other if other > 0 else len(body)]) > _ATTRIBUTES:
                raise FeedError(f"{shown(url)} answers a document with more than {_ATTRIBUTES} attributes in one tag.")
        place = other


def _attributes(piece: bytes) -> int:
    """How many attributes the tag has with which `piece` begins; 0 where none does."""
    if piece[:1] in b"!?/ \t\r\n":
        return 0
    end = _TAG.match(piece)
    assert end is not None  # the pattern matches every string
    # With values, or in a page of HTML without.
    return max(len(_ATTRIBUTE.findall(end[0])), len(_QUOTED.sub(b"", end[0]).split()) - 1)


def _items(body: bytes) -> int:
    plain = body.count(b"<item") + body.count(b"<entry")
    return plain or body.count(b":item") + body.count(b":entry") or _ITEMS + 1


def _pictures(body: bytes) -> int:
    return body.count(b":content ") + body.count(b"<content ")


def _strange_dates(body: bytes) -> int:
    dates = _DATES.findall(body)
    undated_guids = len(_GUIDS.findall(body)) - len(dates)
    return max(0, undated_guids) + sum(1 for date in dates if not _KNOWN_DATE.match(date))
