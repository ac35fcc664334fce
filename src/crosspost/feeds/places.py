"""Places to ask from: a few at a time per host, and so many over all hosts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from crosspost.feeds.address import shown


class Places:
    """Lets `per_host` at a time through to one host (name and port), and `in_all` to all of them, first come first
    served. Whoever waits for a slow host holds no place that others could use."""

    def __init__(self, per_host: int, in_all: int) -> None:
        self._per_host = per_host
        self._hosts: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        self._all = asyncio.Semaphore(in_all)

    @asynccontextmanager
    async def at(self, url: str) -> AsyncIterator[None]:
        """A place at the host of `url`."""
        async with self._host(host_of(url)), self._all:
            yield

    def _host(self, host: str) -> asyncio.Semaphore:
        place = self._hosts.get(host)
        if place is None:
            place = self._hosts[host] = asyncio.Semaphore(self._per_host)
        return place


def host_of(url: str) -> str:
    """Name and port in `url`, in small letters."""
    return shown(url).partition("://")[2].partition("/")[0].lower()
