"""What a document is when it is no feed, in words; and whether a feed is whole."""

from __future__ import annotations

import re
from html import unescape

from crosspost.errors import FeedError
from crosspost.feeds.address import absolute, shown

_ROOTS = ("rss", "feed", "rdf", "channel")  # the last is CDF's, and that of RSS without its root
_HEAD = 8192  # bytes within which a document shows its root
_PAGE = 500_000  # bytes of a web page in which its feed is looked for
_TAIL = 20_000  # bytes within which a whole feed closes its root

_BEFORE_ROOT = re.compile(rb"\s+|<\?.*?\?>|<!--.*?-->|<!doctype[^>\[]*(?:\[.*?\]\s*)?>", re.IGNORECASE | re.DOTALL)
_ROOT = re.compile(rb"<(?:[\w.-]+:)?([\w.-]+)")
_FEED_START = re.compile(rb"<\?xml\b|<(?:[\w.-]+:)?(?:rss|feed|rdf|channel)[\s>]", re.IGNORECASE)
_USUAL_ENDS = (b"</rss>", b"</feed>", b"</rdf:RDF>")
_FEED_END = re.compile(rb"</(?:[\w.-]+:)?(?:rss|feed|rdf|channel)\s*>", re.IGNORECASE)
_PASSWORD = re.compile(rb"<input\b[^<>]{1,1000}type\s*=\s*[\"']?password", re.IGNORECASE)
_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_LINK = re.compile(rb"<(link|base)\b[^<>]{0,1000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(rb"([a-z]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.IGNORECASE)
_COMMENTS = re.compile(r"comment|комментар", re.IGNORECASE)
_FEED_TYPES = (
    *("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"),
    *("application/xml", "text/xml"),
)


def whole_feed(body: bytes, url: str) -> bytes:
    """`body` without what stands before the feed; raises `FeedError` when it is no feed, or only the half of one."""
    body = body.strip()
    if not body:
        raise FeedError(f"{shown(url)} answers an empty document; perhaps it works again at the next poll.")
    if body.startswith(b"{"):
        return body
    root = _root(body)
    if root not in _ROOTS:
        body = _from_feed_start(body, root, url)
    if not body.endswith(_USUAL_ENDS) and not _FEED_END.search(body, max(0, len(body) - _TAIL)):
        raise FeedError(f"{shown(url)} ends in the middle of the feed, so nothing was taken from it.")
    return body


def unreadable(url: str) -> FeedError:
    """The error for a document that has a feed's outside and nothing that can be read in it."""
    return FeedError(f"{shown(url)} answers a feed that cannot be read; a feed validator may tell its owner why.")


def no_json_feed(url: str) -> FeedError:
    """The error for JSON that is anything else."""
    return FeedError(f"{shown(url)} answers JSON that is not a JSON feed.")


def _root(body: bytes) -> str:
    place = 0
    while match := _BEFORE_ROOT.match(body, place, _HEAD):
        place = match.end()
    name = _ROOT.match(body, place)
    return name[1].decode("ascii", "replace").lower() if name else ""


def _from_feed_start(body: bytes, root: str, url: str) -> bytes:
    """The body from where a feed starts, behind a script's warnings or a stray line."""
    head = body[:_HEAD].lower()
    if root in ("html", "head", "body") or b"<html" in head or b"<!doctype html" in head:
        raise _web_page(body, url)
    start = _FEED_START.search(body, 0, _HEAD)
    if start and _root(body[start.start() :]) in _ROOTS:
        return body[start.start() :]
    if root:
        raise FeedError(f"{shown(url)} answers a document of another kind (<{root[:40]}>), not a feed.")
    raise FeedError(f"{shown(url)} answers something that is not a feed.")


def _web_page(body: bytes, url: str) -> FeedError:
    feed = feed_of_page(body, url)
    if feed:  # a page that names one is the site's, even with a login in its corner
        return FeedError(f"{shown(url)} answers a web page, not a feed; the page names this feed: {feed}.")
    if _PASSWORD.search(body):
        return FeedError(f"{shown(url)} answers a login page, not a feed; the feed must be readable without a login.")
    return FeedError(f"{shown(url)} answers a web page, not a feed.")


def feed_of_page(body: bytes, url: str) -> str:
    """The address of the first feed that a web page links (`rel=alternate`), its articles' before its comments'; "" if
    none."""
    head = _COMMENT.sub(b"", body[:_PAGE])
    base = url
    feeds = []
    for tag in _LINK.finditer(head):
        said = {
            name.lower().decode("ascii"): unescape(b"".join(value).decode("utf-8", "replace")).strip()
            for name, *value in _ATTRIBUTE.findall(tag[0])
        }
        if tag[1].lower() == b"base":
            base = absolute(said.get("href", ""), url) or base
        elif "alternate" in said.get("rel", "").lower().split() and _is_feed(said.get("type", "")):
            feeds.append((bool(_COMMENTS.search(said.get("href", "") + said.get("title", ""))), said.get("href", "")))
    found = (absolute(href, base) for _, href in sorted(feeds, key=lambda feed: feed[0]))
    return next(filter(None, found), "")


def _is_feed(kind: str) -> bool:
    return kind.partition(";")[0].strip().lower() in _FEED_TYPES
