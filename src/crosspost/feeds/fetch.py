"""Fetching from the web: one session, one guard, one deadline, and errors in words.

A fetch goes: wait for a turn at the host; then, within one deadline, ask (with the validators of last time), follow
at most five redirects, each after a turn at its own host, and take the body off the wire in pieces, undoing its
encoding as it comes. It ends in a `Fetched` or in a `FeedError`; no other exception leaves.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from urllib.parse import urljoin

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from crosspost import __version__
from crosspost.errors import FeedError
from crosspost.feeds import decode, guard, pauses
from crosspost.feeds.address import shown
from crosspost.feeds.places import Places, host_of

MB = 1024 * 1024
WIRE_LIMIT = 10 * MB  # bytes as sent
DECODED_LIMIT = 50 * MB  # bytes with their Content-Encoding undone
REDIRECTS = 5
AT_ONCE = 4  # requests to one host
AT_ONCE_IN_ALL = 200

# Hosts to which an unused connection stays open: nothing else bounds how many there are.
_KEPT_HOSTS = 100

_PERMANENT = frozenset({301, 308})
_REDIRECT = _PERMANENT | {302, 303, 307}
_WHOLE = frozenset({200, 203})
_HEADERS = {
    "User-Agent": f"crosspost/{__version__} (feed reader)",
    "Accept": "*/*",
    "Accept-Encoding": decode.ACCEPTED,
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """A good answer. `body` is decoded, and empty when `unchanged` (304).

    `url` is where redirects led, `moved_to` the same when every redirect on the way was permanent, else "".
    `etag` and `modified` are verbatim, for the next request; after a 304 without them, those that were sent.
    `retry_at` (aware) is the earliest time at which the server wants to be asked again, where it says so; `max_age`
    how long this answer stays fresh by its Cache-Control, what it has aged on the way taken off.
    """

    status: int
    url: str
    body: bytes
    content_type: str
    etag: str
    modified: str
    unchanged: bool
    retry_at: datetime | None
    moved_to: str
    max_age: timedelta | None = None


class _Unusable(Exception):
    """An answer that is no use, in words that go after its address."""


class Fetcher:
    """Fetches feeds, pages and pictures on the running loop, as an async context manager: at most `AT_ONCE` requests
    at a time to one host, and `AT_ONCE_IN_ALL` to all of them.

    `timeout` is seconds for a whole request, redirects and body included; waiting for a turn at a busy host is not
    counted. `clock` gives the current time (aware) for Retry-After. Through a `proxy` the guard sees literal
    addresses and `localhost` only: the proxy resolves names, and what it may reach is its owner's to say.
    """

    def __init__(
        self,
        *,
        allow_private: bool,
        timeout: float = 30,
        clock: Callable[[], datetime],
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._allow_private = allow_private
        self._timeout = timeout
        self._clock = clock
        self._resolver = resolver
        self._places = Places(AT_ONCE, AT_ONCE_IN_ALL)
        self._kept: dict[str, float] = {}  # hosts with an open connection, and when it was used; the oldest first
        self._sessions: dict[tuple[bool, bool], aiohttp.ClientSession] | None = None

    async def __aenter__(self) -> Fetcher:
        self._sessions = {}
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        sessions, self._sessions = self._sessions or {}, None
        for session in sessions.values():
            await session.close()

    async def get(
        self, url: str, *, etag: str = "", modified: str = "", proxy: str | None = None, limit: int = WIRE_LIMIT
    ) -> Fetched:
        """GET `url`; with `etag` and `modified` of last time, only if it changed since. `limit` is bytes on the wire.

        Raises `FeedError` whatever goes wrong; its `retry_at` is set where a 429 or 503 names a time.
        """
        # The failure is raised outside the handler: the library's exceptions carry the whole address, query included.
        failure: FeedError
        try:
            return await self._follow(url, _conditions(etag, modified), proxy, limit)
        except FeedError as error:
            failure = error
        except TimeoutError:
            failure = FeedError(f"{shown(url)} did not answer in full within {self._timeout:g} seconds.")
        except (aiohttp.ClientError, OSError, ValueError) as error:
            failure = FeedError(f"{shown(url)} {_words(error)}.")
        raise failure

    async def _follow(self, url: str, conditions: dict[str, str], proxy: str | None, limit: int) -> Fetched:
        clock = asyncio.get_running_loop().time
        here, permanent, left = url, True, self._timeout
        for _ in range(REDIRECTS + 1):
            async with self._places.at(here):
                began = clock()
                async with asyncio.timeout(left), await self._ask(here, conditions, proxy) as response:
                    if response.status not in _REDIRECT:
                        moved_to = here if permanent and here != url else ""
                        return await self._take(response, here, conditions, moved_to, limit)
                left -= clock() - began
            permanent = permanent and response.status in _PERMANENT
            here = _target(here, response.headers.get("Location", ""))
        raise FeedError(f"{shown(url)} redirects more than {REDIRECTS} times.")

    async def _ask(self, url: str, conditions: dict[str, str], proxy: str | None) -> aiohttp.ClientResponse:
        if not url.lower().startswith(("http://", "https://")):
            raise FeedError(f"{shown(url)} is not an http or https address.")
        if proxy is not None:
            self._check_behind_proxy(url)
        session = self._session(proxied=proxy is not None, keeps=self._keeps(host_of(url)))
        return await session.get(url, headers=conditions, allow_redirects=False, proxy=proxy)

    def _session(self, *, proxied: bool, keeps: bool) -> aiohttp.ClientSession:
        if self._sessions is None:
            raise RuntimeError("a Fetcher fetches only within its async with")
        session = self._sessions.get((proxied, keeps))
        if session is None:
            # A proxy stands where its owner says, so it may be private.
            private = self._allow_private or proxied
            connector = guard.connector(allow_private=private, keeps=keeps, resolver=self._resolver)
            session = self._sessions[proxied, keeps] = _new_session(connector)
        return session

    def _keeps(self, host: str) -> bool:
        """Whether the connection to `host` stays open for the next request to it. A round over thousands of hosts
        would otherwise leave thousands of sockets open."""
        now = asyncio.get_running_loop().time()
        while self._kept and now - next(iter(self._kept.values())) > guard.KEPT_OPEN:
            del self._kept[next(iter(self._kept))]
        if self._kept.pop(host, None) is None and len(self._kept) >= _KEPT_HOSTS:
            return False
        self._kept[host] = now
        return True

    def _check_behind_proxy(self, url: str) -> None:
        host = URL(url).host or ""
        why = "" if self._allow_private else guard.denial_of_host(host)
        if why:
            raise guard.Denied(why)

    async def _take(
        self, response: aiohttp.ClientResponse, url: str, conditions: dict[str, str], moved_to: str, limit: int
    ) -> Fetched:
        headers, status = response.headers, response.status
        retry_at = pauses.retry_at(headers.get("Retry-After", ""), self._clock())
        unchanged = status == 304 and bool(conditions)
        if not unchanged and status not in _WHOLE:
            pause = retry_at if status in (429, 503) else None
            raise FeedError(f"{shown(url)} {_status_words(status)} ({status}).", retry_at=pause)
        try:
            body = b"" if unchanged else await _body(response, limit)
        except (decode.Broken, _Unusable) as error:
            raise FeedError(f"{shown(url)}: the answer {error}.") from None
        return Fetched(
            status=status,
            url=url,
            body=body,
            content_type=headers.get("Content-Type", ""),
            etag=_validator(headers.get("ETag")) or (conditions.get("If-None-Match", "") if unchanged else ""),
            modified=_validator(headers.get("Last-Modified"))
            or (conditions.get("If-Modified-Since", "") if unchanged else ""),
            unchanged=unchanged,
            retry_at=retry_at,
            moved_to=moved_to,
            max_age=pauses.max_age(", ".join(headers.getall("Cache-Control", ())), headers.get("Age", "")),
        )


def _new_session(connector: aiohttp.TCPConnector) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=connector,
        headers=_HEADERS,
        auto_decompress=False,
        # One deadline around the whole request replaces the library's; feeds share no cookies.
        timeout=aiohttp.ClientTimeout(total=None, connect=None, sock_connect=None, sock_read=None),
        cookie_jar=aiohttp.DummyCookieJar(),
        # The environment could add a proxy or, from .netrc, credentials; the config alone says what is used.
        trust_env=False,
    )


def _conditions(etag: str, modified: str) -> dict[str, str]:
    wanted = {"If-None-Match": etag, "If-Modified-Since": modified}
    return {name: value for name, value in wanted.items() if value}


def _validator(value: str | None) -> str:
    """A validator verbatim; one with bytes that are no text could be neither stored nor sent back."""
    return value if value and value.isprintable() else ""


def _target(url: str, location: str) -> str:
    if not location:
        raise FeedError(f"{shown(url)} redirects without saying where to.")
    target = urljoin(url, location.strip()).partition("#")[0]
    if not target.lower().startswith(("http://", "https://")):
        raise FeedError(f"{shown(url)} redirects to {shown(target)}, which is not an http or https address.")
    return target


async def _body(response: aiohttp.ClientResponse, limit: int) -> bytes:
    chain = decode.decoders(response.headers.get("Content-Encoding", ""))
    if (response.content_length or 0) > limit:
        raise _Unusable(f"is longer than {limit / MB:.3g} MB")
    pieces: list[bytes] = []
    wire = decoded = 0
    async for data in response.content.iter_any():
        wire += len(data)
        if wire > limit:
            raise _Unusable(f"is longer than {limit / MB:.3g} MB")
        for piece in decode.undo(chain, data):
            decoded += len(piece)
            if decoded > DECODED_LIMIT:
                raise _Unusable(f"unpacks to more than {DECODED_LIMIT // MB} MB")
            pieces.append(piece)
    for decoder in chain:
        decoder.close()
    return b"".join(pieces)


def _status_words(status: int) -> str:
    exact = {
        204: "answers with nothing",
        304: "says that nothing changed, without having been asked",
        401: "wants a login",
        403: "refuses access",
        404: "does not exist; check the address",
        410: "is gone for good; find its new address or remove it",
        429: "asks for a pause",
    }
    if status in exact:
        return exact[status]
    return "has trouble of its own" if status >= 500 else "answers with a status that brings no document"


# First match counts: the narrow classes stand before the wide ones.
_WORDS: tuple[tuple[type[Exception], str], ...] = (
    (aiohttp.ClientConnectorCertificateError, "shows a certificate that is not valid"),
    (aiohttp.ClientSSLError, "cannot be spoken to over TLS"),
    (aiohttp.ClientConnectorDNSError, "has a host name that cannot be resolved"),
    (aiohttp.ClientProxyConnectionError, "cannot be reached, since the proxy does not accept a connection"),
    (aiohttp.ClientHttpProxyError, "cannot be reached, since the proxy refuses to connect"),
    (aiohttp.ClientConnectorError, "accepts no connection"),
    (aiohttp.ServerDisconnectedError, "broke the connection before it answered"),
    (aiohttp.ClientPayloadError, "broke off in the middle of its answer"),
    (aiohttp.ClientResponseError, "does not answer in proper HTTP"),
    (aiohttp.InvalidURL, "is not a usable address"),
    (aiohttp.ClientOSError, "broke the connection"),
    (UnicodeError, "is not a usable address"),
    (ValueError, "is not a usable address"),
)


def _words(error: Exception) -> str:
    denied = error if isinstance(error, guard.Denied) else getattr(error, "os_error", None)
    if isinstance(denied, guard.Denied):
        return f"leads to {denied.why}, which is not allowed unless network.allow_private is set"
    return next((words for kind, words in _WORDS if isinstance(error, kind)), "cannot be fetched")
