"""What the benchmarks share: a process measured from outside, and a stand-in that answers at once."""

from __future__ import annotations

import json
import os
import socketserver
import statistics
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ETAG = '"one"'  # of the stand-in's feed, which never changes


_CONFIG = """
[feeds.news]
url = "{address}/feed.xml"
language = "en"
first_run = {first_run}

[channels.x_en]
platform = "x"
pictures = "none"
endpoint = "{address}"

[network]
allow_private = true
"""
SECRETS = {
    f"CROSSPOST_CHANNELS__X_EN__{name}": value
    for name, value in (("API_KEY", "k"), ("API_SECRET", "s"), ("ACCESS_TOKEN", "1-t"), ("ACCESS_TOKEN_SECRET", "t"))
}


def config(address: str, first_run: str = '"skip"') -> str:
    """A config for the stand-in at `address`: its feed, and one X channel."""
    return _CONFIG.format(address=address, first_run=first_run)


@dataclass(frozen=True)
class Run:
    """One finished process: seconds of CPU (user + system), seconds by the wall, peak megabytes."""

    cpu: float
    wall: float
    peak: float


def measured(command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> Run:
    """Run `command` in `folder` and let the operating system tell what it took; it must end with 0."""
    began = time.perf_counter()
    with (folder / "out.txt").open("wb") as out:
        actions = [(os.POSIX_SPAWN_DUP2, out.fileno(), 1), (os.POSIX_SPAWN_DUP2, out.fileno(), 2)]
        here = Path.cwd()
        os.chdir(folder)
        try:
            pid = os.posix_spawn(command[0], command, _environment(environment or {}), file_actions=actions)
        finally:
            os.chdir(here)
        _, status, usage = os.wait4(pid, 0)
    if status != 0:
        sys.exit(f"{command} ended with status {status}:\n{(folder / 'out.txt').read_text()[-2000:]}")
    return Run(usage.ru_utime + usage.ru_stime, time.perf_counter() - began, usage.ru_maxrss / 1024)


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    """Ours and `more`; compiled modules are kept, as on a machine where crosspost is in use."""
    return {**{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}, **more}


def median(runs: Sequence[Run], figure: str) -> float:
    """The median of one figure over the runs."""
    return statistics.median(getattr(run, figure) for run in runs)


class _Quick(socketserver.StreamRequestHandler):
    """Reads a request and answers with the server's next reply; keeps the connection."""

    def handle(self) -> None:
        while line := self.rfile.readline():
            length, known, (method, path, _) = 0, False, line.decode().split()
            while (header := self.rfile.readline()) not in (b"\r\n", b""):
                if header.lower().startswith(b"content-length:"):
                    length = int(header.split(b":")[1])
                known = known or header.lower().startswith(b"if-none-match:")
            self.rfile.read(length)
            if known:
                self.server.unchanged += 1  # type: ignore[attr-defined]
                self.wfile.write(f"HTTP/1.1 304 Not Modified\r\nETag: {ETAG}\r\n\r\n".encode())
                continue
            body, kind = self.server.reply(method, path)  # type: ignore[attr-defined]
            head = f"HTTP/1.1 200 OK\r\nETag: {ETAG}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
            self.wfile.write(head.encode() + body)


class StandIn(socketserver.ThreadingTCPServer):
    """X that shows nothing and takes everything at once, and a site with a feed of `items` articles, numbered from
    `first` on, that stays as it is.

    `posts` and `unchanged` count what was posted, and how often the feed's validator was sent back (304).
    """

    allow_reuse_address = daemon_threads = True

    def __init__(self, items: int, first: int) -> None:
        super().__init__(("127.0.0.1", 0), _Quick)
        self.address = f"http://127.0.0.1:{self.server_address[1]}"
        self.posts = self.unchanged = 0
        self._feed = _feed(range(first, first + items)).encode()
        self._lock = threading.Lock()

    def reply(self, method: str, path: str) -> tuple[bytes, str]:
        if path.startswith("/feed"):
            return self._feed, "application/rss+xml"
        if method == "GET":
            return b'{"meta":{"result_count":0}}', "application/json"
        with self._lock:
            self.posts += 1
            number = 1_800_000_000_000_000_000 + self.posts
        return f'{{"data":{{"id":"{number}","text":"taken"}}}}'.encode(), "application/json"


@contextmanager
def stand_in(items: int, first: int = 0) -> Iterator[StandIn]:
    """The stand-in, served from a thread of this process, whose CPU is not the measured one's."""
    with StandIn(items, first) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def _feed(numbers: range) -> str:
    told = (
        "The instrument was switched on at dawn and worked for nine hours without a fault. "
        "Its builders had expected two. The next campaign begins in spring, when the ice is thick enough again."
    )
    entries = "".join(
        f"<item><title>Report {n}: the instrument holds</title><link>https://site.example/en/{n}</link>"
        f"<guid>report-{n}</guid><description>{told}</description>"
        f"<pubDate>Tue, 24 Nov 2026 {n // 60 % 24:02}:{n % 60:02}:00 GMT</pubDate></item>"
        for n in numbers
    )
    return f'<rss version="2.0"><channel><title>Reports</title><language>en</language>{entries}</channel></rss>'


def summarised_news() -> list[dict[str, str]]:
    """Articles with what editors wrote of them, {"text": ..., "summary": ...}: from the file that the command line
    names, else from the reference material; none, and a word about it, where it is not there."""
    reference = Path(os.environ.get("CROSSPOST_REFERENCE", Path(__file__).resolve().parent.parent / ".." / "shared"))
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else reference / "summaries" / "news-en.jsonl"
    if not file.exists():
        print(f"skipped: reference material is not here: {file} (set CROSSPOST_REFERENCE to its folder)")
        return []
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
