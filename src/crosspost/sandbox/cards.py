"""Link cards: what a page says of itself, read as a platform's crawler would.

Only pages on this machine are read, and only when somebody looks at the sandbox's page: the sandbox never goes
to the network.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from ipaddress import ip_address
from threading import Lock
from urllib.error import URLError
from urllib.parse import urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, build_opener

from crosspost.manners import LinkCard
from crosspost.sandbox.state import PICTURE_TYPES

_PATIENCE = 2.0  # seconds
_LONGEST_PAGE = 500_000
_LARGEST_PICTURE = 5_000_000


@dataclass(frozen=True, slots=True)
class Picture:
    data: bytes
    media_type: str


@dataclass(slots=True)
class Cards:
    """The cards read so far, and their pictures."""

    _cards: dict[str, LinkCard] = field(default_factory=dict)
    _pictures: dict[str, Picture] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def card(self, link: str) -> LinkCard:
        """The card of `link`; for a page elsewhere, or one that cannot be read, only its domain."""
        with self._lock:
            if link not in self._cards:
                self._cards[link] = read_card(link)
            return self._cards[link]

    def picture(self, link: str) -> Picture | None:
        """The picture on the card of `link`, where it is on this machine."""
        address = self.card(link).picture
        with self._lock:
            if address and address not in self._pictures:
                media_type, data = _get(address, _LARGEST_PICTURE)
                if media_type not in PICTURE_TYPES:
                    return None
                self._pictures[address] = Picture(data, media_type)
            return self._pictures.get(address)


def read_card(link: str) -> LinkCard:
    domain = (urlsplit(link).hostname or "").removeprefix("www.")
    media_type, data = _get(link, _LONGEST_PAGE)
    if media_type != "text/html":
        return LinkCard(link, domain)
    page = _Head()
    page.feed(data.decode(errors="replace"))
    said = page.said
    picture = said.get("og:image") or said.get("twitter:image", "")
    return LinkCard(
        link=link,
        domain=domain,
        title=said.get("og:title") or said.get("title", ""),
        description=said.get("og:description") or said.get("description", ""),
        picture=urljoin(link, picture) if picture else "",
    )


def is_here(address: str) -> bool:
    """Whether `address` is on this machine."""
    host = urlsplit(address).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_: object, **__: object) -> None:
        return None


_opener = build_opener(ProxyHandler({}), _NoRedirects)


def _get(address: str, most: int) -> tuple[str, bytes]:
    """The media type and the first `most` bytes; ("", b"") for what is not on this machine or cannot be had."""
    if not address.startswith(("http://", "https://")) or not is_here(address):
        return "", b""
    try:
        with _opener.open(address, timeout=_PATIENCE) as answer:
            return answer.headers.get_content_type(), answer.read(most)
    except (URLError, OSError, ValueError):
        return "", b""


class _Head(HTMLParser):
    """Collects a page's title and its meta elements."""

    def __init__(self) -> None:
        super().__init__()
        self.said: dict[str, str] = {}
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._in_title = tag == "title"
        name = given.get("property") or given.get("name")
        if tag == "meta" and name:
            self.said.setdefault(name.lower(), given.get("content") or "")

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.said["title"] = self.said.get("title", "") + data.strip()
