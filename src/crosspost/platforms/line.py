"""The line to a platform: one `requests` session for every client library, and what its failures mean.

The session puts a channel's `endpoint` in the place of the platform's base address before a request is signed,
goes through the channel's `proxy`, gives every request a time-out, keeps no cookie, follows no redirect and repeats
nothing: a request that may have published something is never sent a second time by a transport.
"""

from __future__ import annotations

import os
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from http import client as http_client
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.hooks import dispatch_hook
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3 import exceptions as urllib3_errors
from urllib3.connection import HTTPConnection, HTTPSConnection

from crosspost.errors import Blocked, CrosspostError, Throttled, Unreachable, Unsure

# Seconds. Servers, and the address translators on the way, forget idle connections without a word; a request lost
# on such a one would leave a doubt for nothing.
_IDLE = 10.0


# What a request can carry, by the names that requests has for it.
_CONTENT = ("params", "data", "files", "json")


class NoSuchRoute(CrosspostError):
    """A request to an address that no rule of the channel's `endpoint` covers; it was not sent."""


@dataclass(frozen=True, slots=True)
class Line:
    """How a channel reaches its platform. `timeout` is seconds, for connecting and for each read.

    `endpoint` and `proxy` may carry a user and a password, so neither is in the repr.
    """

    timeout: float
    endpoint: str | None = field(default=None, repr=False)
    proxy: str | None = field(default=None, repr=False)

    def session(self, *bases: str) -> requests.Session:
        """A session for requests to `bases` (each scheme and host); with an `endpoint` it stands in their place.

        A request raises `NoSuchRoute` before anything is sent when an `endpoint` is set and the address is neither
        under one of `bases` nor on the endpoint's own host; without an `endpoint`, when it is not https.
        """
        return _Session(self, bases)


class _Session(requests.Session):
    def __init__(self, line: Line, bases: tuple[str, ...]) -> None:
        super().__init__()
        self._line = line
        self._bases = bases
        self._used = time.monotonic()
        # The environment could add a proxy or, from .netrc, credentials; the config alone says what is used.
        self.trust_env = False
        self._trusted = _certificates()
        if line.proxy:
            self.proxies = {"http": line.proxy, "https": line.proxy}
        for scheme in ("https://", "http://"):
            self.mount(scheme, _Adapter())

    def request(self, method: str, url: str | bytes, **options: Any) -> requests.Response:  # type: ignore[override]
        """Prepare the request, hand it to the adapter, show the answer to the hooks. What requests does beyond that
        (cookies, redirects, the environment) is not wanted here. The libraries bring time-outs of their own, or none;
        the line's counts.
        """
        address = self._routed(url.decode() if isinstance(url, bytes) else url)
        self._drop_idle()
        request = requests.PreparedRequest()
        headers = {**self.headers, **(options.get("headers") or {})}
        content = {name: options[name] for name in _CONTENT if name in options}
        request.prepare(method=method, url=address, headers=headers, auth=options.get("auth"), **content)
        try:
            response = self.get_adapter(address).send(
                request, timeout=self._line.timeout, verify=self._trusted, proxies=self.proxies
            )
            response.content  # noqa: B018 - the answer is read to its end
        finally:
            self._used = time.monotonic()
        return dispatch_hook("response", self.hooks, response)  # type: ignore[no-any-return, no-untyped-call]

    def _routed(self, address: str) -> str:
        endpoint = (self._line.endpoint or "").rstrip("/")
        if not endpoint:
            return address if address.startswith("https://") else self._refuse(address, "not an https address")
        for base in self._bases:
            if address == base or address.startswith((f"{base}/", f"{base}?")):
                return endpoint + address[len(base) :]
        # Addresses that the stand-in itself handed out, such as VK's upload servers.
        if _origin(address) == _origin(endpoint):
            return address
        return self._refuse(address, f"not covered by endpoint {_origin(endpoint)}")

    def _refuse(self, address: str, why: str) -> NoReturn:
        raise NoSuchRoute(f"{_origin(address)}{urlsplit(address).path} is {why}, so nothing was sent there.")

    def _drop_idle(self) -> None:
        if time.monotonic() - self._used > _IDLE:
            self.close()  # its pools stay usable, they only forget their connections


def _certificates() -> str | bool:
    """The certificates to trust: what the system's operator names, else requests' own."""
    named = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("SSL_CERT_FILE")
    if named and not Path(named).exists():
        raise CrosspostError(
            f"REQUESTS_CA_BUNDLE or SSL_CERT_FILE names {named}, which is not there: mend the variable or unset it."
        )
    return named or True


def _origin(address: str) -> str:
    """Scheme, host and port of `address`, without the user and the password it may carry."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}".lower()


class _Connecting:
    """A connection that tells a failure to connect from one later on: before it stands, nothing was sent.

    urllib3 by itself reports a handshake that was cut or timed out just like an answer that was.
    """

    def connect(self) -> None:
        try:
            super().connect()  # type: ignore[misc]
        except urllib3_errors.ConnectTimeoutError:  # NewConnectionError and NameResolutionError are of its kind
            raise
        except (OSError, ValueError, http_client.HTTPException, urllib3_errors.HTTPError) as error:
            raise urllib3_errors.NewConnectionError(self, type(error).__name__) from error  # type: ignore[arg-type]


class _Http(_Connecting, HTTPConnection):
    pass


class _Https(_Connecting, HTTPSConnection):
    pass


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _Http


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _Https


class _Adapter(HTTPAdapter):
    """requests' own adapter (which repeats nothing) over the connections above."""

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        _equip(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **options)
        if not proxy.lower().startswith("socks"):  # SOCKS brings connections of its own
            _equip(manager)
        return manager


def _equip(manager: PoolManager) -> None:
    manager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}


_NOT_AN_ADDRESS = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidProxyURL,
)
# Not ProxyError: urllib3 also raises it when a proxy drops the connection after it took the request.
_NOT_SENT = (
    urllib3_errors.ConnectTimeoutError,
    urllib3_errors.ClosedPoolError,
    urllib3_errors.EmptyPoolError,
)


def transport_error(error: Exception, platform: str) -> Blocked | Unreachable | Unsure:
    """What a broken request means: what failed before the connection stood is `Unreachable`, an address or a secret
    that cannot be used at all is `Blocked`, everything else is `Unsure`.

    Takes what `requests` and urllib3 raise. Their own message may hold an address with a token in it, so none of it
    is repeated.
    """
    if isinstance(error, _NOT_AN_ADDRESS):
        return Blocked(f"{platform} cannot be called: the channel's endpoint or proxy is not an address")
    causes = tuple(_causes(error))
    # urllib3's own InvalidHeader speaks of the answer's headers: the request was on its way.
    in_answer = _any(causes, urllib3_errors.InvalidHeader)
    if isinstance(error, requests.exceptions.InvalidHeader) and not in_answer:
        return Blocked(f"{platform} cannot be called: a secret of the channel holds a line break, write it anew")
    if isinstance(error, requests.exceptions.InvalidJSONError):
        return Unsure(f"{platform} answered with something that is not JSON")
    if _any(causes, *_NOT_SENT):
        return Unreachable(_unreached(causes, platform))
    if _any(causes, requests.Timeout, urllib3_errors.TimeoutError):
        return Unsure(f"{platform} took the request and did not answer in time")
    return Unsure(f"the connection to {platform} broke before the answer was whole")


def _unreached(causes: tuple[BaseException, ...], platform: str) -> str:
    if _any(causes, urllib3_errors.ProxyError):
        return f"the proxy on the way to {platform} could not be used, see the channel's `proxy`"
    if _any(causes, urllib3_errors.NameResolutionError):
        return f"the name of {platform}'s server could not be resolved"
    if _any(causes, ssl.SSLCertVerificationError):
        return f"the certificate of {platform}'s server is not valid"
    return f"no connection to {platform}'s server"


def _any(causes: tuple[BaseException, ...], *kinds: type[BaseException]) -> bool:
    return any(isinstance(cause, kinds) for cause in causes)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what it was made from: requests and urllib3 chain by cause, by `reason` and by their arguments.

    Never by `__context__`: a call made while an earlier failure is being handled carries that one there too.
    """
    seen: set[int] = set()
    queue = [error]
    while queue:
        current = queue.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        near = (current.__cause__, getattr(current, "reason", None), *current.args)
        queue.extend(other for other in near if isinstance(other, BaseException))


@contextmanager
def repeatable() -> Iterator[None]:
    """For calls that show readers nothing, so that they can be made again: doubt is only a failed try there."""
    try:
        yield
    except Unsure as error:
        raise Unreachable(str(error)) from error.__cause__


def throttled(message: str, headers: Mapping[str, str]) -> Throttled:
    """A throttle with the time that a Retry-After names: seconds, or an HTTP date (RFC 9110, 10.2.3)."""
    named = headers.get("Retry-After", "").strip()
    if named.isascii() and named.isdigit():
        return Throttled(message, wait=float(named[:9]))
    try:
        until = parsedate_to_datetime(named)
    except ValueError:
        return Throttled(message)
    return Throttled(message, until=until if until.tzinfo else until.replace(tzinfo=UTC))
