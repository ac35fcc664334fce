"""10,000 feeds in one round, beside a bare aiohttp loop over the same addresses with the same parser.

    python benchmarks/ten_thousand_feeds.py [FEEDS] [ITEMS]

Each feed has a host of its own, as feeds have, so a round opens a connection and shakes hands (TLS) a feed. The first
round brings every document (15 items in 48 kB, about the median of real feeds), the second 304 for all of them. Ours is
what `once` does with feeds: watcher, ledger (SQLite, synchronous=EXTRA), fetcher.
The stand-in and both sides are processes of their own; seconds of CPU are user and system of one side alone.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from socket import AF_INET, AddressFamily
from typing import cast

import aiohttp
import trustme
from aiohttp.abc import AbstractResolver, ResolveResult

AT_ONCE = 100
TOLD = (
    "The instrument was switched on at dawn and worked for nine hours without a fault. Its builders had expected two. "
    "The next campaign begins in spring, when the ice is thick enough again and the road to the station is open."
)
STORY = f"<p>{TOLD}</p>" * 12
FIGURES = (("cpu", "s CPU"), ("wall", "s wall"), ("peak", "MB peak"))


# The stand-in: a site for each feed, all of them one process


class Site(asyncio.Protocol):
    """Answers with the document of the feed in the path, or with 304 when the validator is sent back."""

    items = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport, self.got = cast(asyncio.Transport, transport), b""

    def data_received(self, data: bytes) -> None:
        self.got += data
        while b"\r\n\r\n" in self.got:
            request, _, self.got = self.got.partition(b"\r\n\r\n")
            self.transport.write(self._answer(request))
            if b"Connection: close" in request:
                self.transport.close()

    def _answer(self, request: bytes) -> bytes:
        number = request.split(b" ", 2)[1].rpartition(b"/")[2]
        if b"If-None-Match" in request:
            return b'HTTP/1.1 304 Not Modified\r\nETag: "%s"\r\nCache-Control: max-age=60\r\n\r\n' % number
        body = document(self.items).replace(b"@", number)
        head = b'HTTP/1.1 200 OK\r\nETag: "%s"\r\nContent-Type: application/rss+xml\r\nContent-Length: %d\r\n\r\n'
        return head % (number, len(body)) + body


def document(items: int, made: dict[int, bytes] = {}) -> bytes:  # noqa: B006 - a memory on purpose
    """A feed's document; every @ stands for the feed's number."""
    if items not in made:
        entries = "".join(
            f"<item><title>Report {n} of station @: the instrument holds</title>"
            f"<link>https://f@.site.example/en/report-{n}</link><guid>report-@-{n}</guid><category>Science</category>"
            f"<pubDate>Tue, 24 Nov 2026 {n % 24:02}:00:00 GMT</pubDate><description>{TOLD}</description>"
            f"<content:encoded><![CDATA[{STORY}]]></content:encoded></item>"
            for n in range(items)
        )
        made[items] = (
            '<?xml version="1.0" encoding="utf-8"?>'
            '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
            f"<channel><title>Station @</title><link>https://f@.site.example/</link><language>en</language>{entries}</channel></rss>"
        ).encode()
    return made[items]


async def site(items: int, authority_file: str) -> None:
    Site.items = items
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("*.site.example").configure_cert(context)
    authority.cert_pem.write_to_path(authority_file)
    server = await asyncio.get_running_loop().create_server(Site, "127.0.0.1", 0, backlog=1000, ssl=context)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


class Names(AbstractResolver):
    """Every host is this machine."""

    async def resolve(self, host: str, port: int = 0, family: AddressFamily = AF_INET) -> list[ResolveResult]:
        return [ResolveResult(hostname=host, host="127.0.0.1", port=port, family=AF_INET, proto=0, flags=0)]

    async def close(self) -> None:
        pass


def address(number: int, port: int) -> str:
    return f"https://f{number}.site.example:{port}/feed/{number}"


# The two sides; each gives a round


@asynccontextmanager
async def bare(feeds: int, port: int, _folder: str) -> AsyncIterator[Callable[[], Awaitable[int]]]:
    """aiohttp and the parser, and validators in a dictionary."""
    from crosspost.feeds.parse import parse

    etags: dict[int, str] = {}

    async def read(session: aiohttp.ClientSession, number: int, places: asyncio.Semaphore) -> int:
        conditions = {"If-None-Match": etags[number]} if number in etags else {}
        url = address(number, port)
        async with places, session.get(url, headers=conditions) as response:
            body = await response.read()
        etags[number] = response.headers["ETag"]
        if response.status == 304:
            return 0
        return len(parse(body, feed=str(number), url=url, content_type=response.content_type).articles)

    async def one_round() -> int:
        places = asyncio.Semaphore(AT_ONCE)
        connector = aiohttp.TCPConnector(resolver=Names(), force_close=True)
        async with aiohttp.ClientSession(connector=connector) as session:
            return sum(await asyncio.gather(*(read(session, number, places) for number in range(feeds))))

    yield one_round


@asynccontextmanager
async def ours(feeds: int, port: int, folder: str) -> AsyncIterator[Callable[[], Awaitable[int]]]:
    """What `once` does with feeds, from opening the ledger on."""
    from sqlalchemy import func, select

    from crosspost import logs
    from crosspost.feeds.fetch import Fetcher
    from crosspost.gate import Feed, Subscriber
    from crosspost.ledger import Ledger
    from crosspost.ledger.tables import articles
    from crosspost.watcher import Watcher

    logs.configure()
    channel = Subscriber("x_en", "x", False, timedelta(), timedelta(days=3), wants_page=True)
    watched = [
        Feed(f"f{number}", address(number, port), "en", None, "skip", 20, (channel,), timedelta(minutes=10))
        for number in range(feeds)
    ]

    async def one_round() -> int:
        def clock() -> datetime:
            return datetime.now(UTC)

        ledger = Ledger(f"sqlite:///{folder}/crosspost.db", clock)
        async with Fetcher(allow_private=True, clock=clock, resolver=Names()) as fetcher:
            await Watcher(ledger, fetcher, clock).poll_all(watched)
        with ledger.reading() as connection:
            found = connection.execute(select(func.count()).select_from(articles)).scalar_one()
        failed = [row.failure for row in ledger.feeds().values() if row.failure]
        if failed:
            sys.exit(f"{len(failed)} feeds failed: {failed[0]}")
        ledger.close()
        return found

    yield one_round


async def side(name: str, feeds: int, port: int, folder: str) -> None:
    """Two rounds of one side, in this process; prints what each took."""
    rounds = []
    async with {"bare": bare, "ours": ours}[name](feeds, port, folder) as one_round:
        for _ in range(2):
            wall, cpu = time.perf_counter(), time.process_time()
            found = await one_round()
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            rounds.append({"wall": wall, "cpu": cpu, "peak": peak, "articles": found})
    print(json.dumps(rounds))


def main() -> None:
    feeds = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    items = int(sys.argv[2]) if len(sys.argv) > 2 else 15
    with tempfile.NamedTemporaryFile(suffix=".pem") as authority:
        command = [sys.executable, __file__, "site", str(items), authority.name]
        served = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert served.stdout is not None
            port = served.stdout.readline().strip()
            told = {name: _side(name, feeds, port, authority.name) for name in ("ours", "bare")}
        finally:
            served.kill()
    if told["ours"][0]["articles"] != told["bare"][0]["articles"]:
        sys.exit(f"crosspost has {told['ours'][0]['articles']} articles, the loop {told['bare'][0]['articles']}")
    print(f"{feeds} feeds of {items} items     crosspost   bare aiohttp loop + parser   ratio")
    for number, words in enumerate(("all new", "all 304")):
        for figure, unit in FIGURES:
            a, b = told["ours"][number][figure], told["bare"][number][figure]
            print(f"{words}, {unit:<20} {a:12.2f} {b:28.2f} {a / b:7.2f}")


def _side(name: str, feeds: int, port: str, authority: str) -> list[dict[str, float]]:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, __file__, "side", name, str(feeds), port, folder]
        trusting = {**os.environ, "SSL_CERT_FILE": authority}
        done = subprocess.run(command, capture_output=True, text=True, env=trusting)
    if done.returncode != 0:
        sys.exit(done.stderr[-3000:])
    return json.loads(done.stdout)  # type: ignore[no-any-return]


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["site", items, authority]:
            asyncio.run(site(int(items), authority))
        case ["side", name, feeds, port, folder]:
            asyncio.run(side(name, int(feeds), int(port), folder))
        case _:
            main()
