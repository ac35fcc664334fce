"""A web site on loopback that answers exactly what a test tells it to, byte by byte."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from crosspost.feeds.fetch import Fetched, Fetcher

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

Answer = bytes | Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Site:
    """`answers` by path; what was asked is kept in `asked`: path and headers in lower case."""

    answers: dict[str, Answer]
    address: str = ""
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    connections: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while await self._one(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        request, *lines = head.strip().split("\r\n")
        path = request.split(" ")[1]
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        self.asked.append((path, headers))
        answer = self.answers[path.partition("?")[0]]
        if callable(answer):
            await answer(writer)
            return False
        writer.write(answer)
        await writer.drain()
        return b"close-now" not in answer


@asynccontextmanager
async def site(answers: dict[str, Answer]) -> AsyncIterator[Site]:
    made = Site(answers)
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield made
    finally:
        server.close()


def response(body: bytes = b"", status: str = "200 OK", **headers: str) -> bytes:
    """A whole HTTP answer; a header's name is written with underscores."""
    named = {"Content-Length": str(len(body)), **{name.replace("_", "-"): value for name, value in headers.items()}}
    lines = "".join(f"{name}: {value}\r\n" for name, value in named.items() if value)
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode("latin-1") + body


def redirect(to: str, status: str = "302 Found") -> bytes:
    return response(status=status, Location=to)


def fetch(
    answers: dict[str, Answer], path: str = "/feed", *, fetcher: dict[str, Any] | None = None, **options: Any
) -> Fetched:
    """Fetch `path` from a site with these answers."""

    async def run() -> Fetched:
        settings = {"allow_private": True, "timeout": 10, "clock": lambda: NOW, **(fetcher or {})}
        async with site(answers) as here, Fetcher(**settings) as fetching:
            return await fetching.get(here.address + path, **options)

    return asyncio.run(run())
