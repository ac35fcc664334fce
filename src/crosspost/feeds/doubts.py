"""What shows that the quick parser may be wrong about a document, told from its bytes and from what it read. Pure.

It drops what elements within a title say, takes an Atom entry's first link where none is called the alternate, takes
another vocabulary's elements for RSS's own, and puts a link in a missing guid's place. None of it leaves a trace in
what it returns, and asking the tree about each feed would cost as much as parsing it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from crosspost.feeds.closer import Look
from crosspost.feeds.reading import Entry, Items

_WRAPPED_TITLE = re.compile(rb"<title(?:>\s*<!\[CDATA\[| type=.html.>)")
_MARKED_UP = re.compile(rb"<title[^<>]*>[^<]*<(?!/|!\[CDATA\[)")
_XHTML = re.compile(rb"(?::title|<summary|:summary)[^<>]*xhtml")
_NO_GUID = re.compile(rb"<guid[^<>]*(?:/>|>\s*</)")
GUID = re.compile(rb"<(?:[\w.-]+:)?(?:guid|id)[\s>]|\babout=", re.IGNORECASE)


def is_odd(entries: Sequence[Entry], body: bytes, items: Items) -> bool:
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
    """Whether RSS items hold another vocabulary's titles or descriptions before their own, or its ids: only the last
    part of a name counts there."""
    start, end = items.start, items.first_end
    other = body.find(b":title>", start, end)
    if (other > 0 and body.find(b"<title", start, other) < 0) or body.find(b":id>", start, end) > 0:
        return True
    # Not all items have a picture with a caption.
    other = body.find(b":description", start)
    return other > 0 and body.find(b"<description", body.rfind(b"<" + items.tag, start, other), other) < 0


def _may_lack(entries: Sequence[Entry], body: bytes, items: Items) -> bool:
    """Whether entries may have no guid or no link of their own: the quick parser puts one in the other's place."""
    start, end = items.start, items.first_end
    same = sum(1 for entry in entries if entry.guid and entry.guid == entry.link)
    if same == 0:
        return False
    if same == len(entries):  # where all are, all are so by themselves, or none
        no_link = not _names_links(body, start, end) and body.find(b'isPermaLink="false"', start, end) > 0
        return no_link or not GUID.search(body, start, end) or bool(_NO_GUID.search(body, start, end))
    guids = body.count(b"<guid", start) or body.count(b"<id", start) or body.count(b":about=", start)
    return guids < len(entries) or bool(_NO_GUID.search(body, start))


def has_lost_entries(count: int, ends: int, items: Items, seen: Sequence[Look] | None) -> bool:
    """Whether there are more entries than the `count` that were read: by their end tags, or by the closer look."""
    if count == 0:
        return bool(items.tag)
    return count < (ends if seen is None else len(seen))
