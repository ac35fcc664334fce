"""The line to a platform: one `requests` session for every client library.

It replaces the platform's base address by a channel's `endpoint` before a request is signed, goes through the
channel's `proxy`, gives every request a time-out, follows no redirect and repeats nothing: a request that may
have published something is never sent a second time by a transport.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import requests
from urllib3 import exceptions as urllib3_errors

from crosspost.errors import CrosspostError, Unreachable, Unsure


class NoSuchRoute(CrosspostError):
    """A request to an address that no rule of the channel's `endpoint` covers; it was not sent."""


@dataclass(frozen=True, slots=True)
class Line:
    """How a channel reaches its platform. `timeout` is seconds, for connecting and for each read."""

    timeout: float
    endpoint: str | None = None
    proxy: str | None = None

    def session(self, *bases: str) -> requests.Session:
        """A session for requests to `bases` (each scheme and host); with an `endpoint` it stands in their place."""
        return _Session(self, bases)


class _Session(requests.Session):
    def __init__(self, line: Line, bases: tuple[str, ...]) -> None:
        super().__init__()
        self._line = line
        self._bases = bases
        # The environment could add a proxy or, from .netrc, credentials; the config alone says what is used.
        self.trust_env = False
        self.verify = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("SSL_CERT_FILE") or True
        if line.proxy:
            self.proxies = {"http": line.proxy, "https": line.proxy}

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **options: Any) -> requests.Response:
        address = url.decode() if isinstance(url, bytes) else url
        if options.get("timeout") is None:
            options["timeout"] = self._line.timeout
        options["allow_redirects"] = False
        return super().request(method, self._routed(address), *args, **options)

    def _routed(self, address: str) -> str:
        endpoint = (self._line.endpoint or "").rstrip("/")
        if not endpoint:
            return address
        for base in self._bases:
            if address == base or address.startswith(f"{base}/"):
                return endpoint + address[len(base) :]
        # Addresses that the stand-in itself handed out, such as VK's upload servers.
        if address.startswith(_origin(endpoint) + "/"):
            return address
        shown = address.partition("?")[0]
        raise NoSuchRoute(f"{shown} is not covered by endpoint {endpoint}, so nothing was sent there.")


def _origin(address: str) -> str:
    scheme, _, rest = address.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"


def transport_error(error: requests.RequestException, platform: str) -> Unreachable | Unsure:
    """What a broken request means: never connected is `Unreachable`, everything else is `Unsure`.

    The library's own message may hold an address with a token in it, so none of it is repeated.
    """
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, urllib3_errors.NameResolutionError):
            return Unreachable(f"the name of {platform}'s server could not be resolved")
        if isinstance(cause, urllib3_errors.ProxyError):
            return Unreachable(f"the proxy on the way to {platform} could not be used")
        if isinstance(cause, urllib3_errors.NewConnectionError | urllib3_errors.ConnectTimeoutError):
            return Unreachable(f"no connection to {platform}'s server")
        if isinstance(cause, urllib3_errors.SSLError) and "CERTIFICATE_VERIFY_FAILED" in str(cause):
            return Unreachable(f"the certificate of {platform}'s server is not valid")
    if any(isinstance(cause, requests.Timeout | urllib3_errors.TimeoutError) for cause in causes):
        return Unsure(f"{platform} took the request and did not answer in time")
    return Unsure(f"the connection to {platform} broke before the answer was whole")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and everything under it: requests and urllib3 chain by cause, by `reason` and by their arguments."""
    seen: set[int] = set()
    queue = [error]
    while queue:
        current = queue.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        near = (current.__cause__, current.__context__, getattr(current, "reason", None), *current.args)
        queue.extend(other for other in near if isinstance(other, BaseException))
