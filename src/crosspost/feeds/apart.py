"""Documents parsed so that none can stop the daemon: most in a thread, dear ones in a process that can be killed.

A thread that parses cannot be stopped, and holds up everybody else while the parser holds the interpreter. A process
costs some 0.3 s, a hundred times what the usual feed takes. So cost.py says from the bytes whether a document is
cheap; and one whose entries only the slow parser finds is handed over when it is not small. The process
(confined.py) keeps limits of time and memory, and is killed when the daemon stops waiting. It imports what parses and
nothing else, and gets the environment without crosspost's secrets.
"""

from __future__ import annotations

import asyncio
import errno
import os
import pickle
import signal
import sys
from dataclasses import dataclass

from crosspost.errors import FeedError
from crosspost.feeds.address import shown
from crosspost.feeds.cost import is_cheap, refuse_floods
from crosspost.feeds.entries import NeedsTime
from crosspost.feeds.parse import Document, parse

_WORK = "crosspost.feeds.confined"
_SLOWLY_UP_TO = 50_000  # bytes; the slow parser takes 2 us for each, and up to ten times that where it is provoked


@dataclass(frozen=True, slots=True)
class Limits:
    """What a process may take: `cpu` and `wall` in seconds, `memory` in bytes of address space."""

    cpu: int = 30
    wall: int = 60
    memory: int = 1 << 30


class Parser:
    """Reads documents as `parse` does, the dear ones apart: at most `at_once` at a time, within `limits` each."""

    def __init__(self, limits: Limits | None = None, at_once: int = 1) -> None:
        self._limits = limits or Limits()
        self._places = asyncio.Semaphore(at_once)

    async def parse(self, body: bytes, *, feed: str, url: str, content_type: str = "", language: str = "") -> Document:
        """As `parse`. Raises `FeedError` too for a document that needs more than the limits."""
        told = {"feed": feed, "url": url, "content_type": content_type, "language": language}
        document = await asyncio.to_thread(_parse_here, body, told)
        if document is not None:
            return document
        async with self._places:
            return await self._parse_apart(body, told)

    async def _parse_apart(self, body: bytes, told: dict[str, str]) -> Document:
        limits = self._limits
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", _WORK),
            *map(str, (limits.cpu, limits.wall, limits.memory)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=environment(),
        )
        try:
            answer, _ = await asyncio.wait_for(child.communicate(pickle.dumps((body, told))), limits.wall)
        except TimeoutError:
            raise _too_much(told["url"], f"{limits.wall} s") from None
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
        return _outcome(answer, child.returncode, told["url"], limits)


def _parse_here(body: bytes, told: dict[str, str]) -> Document | None:
    """The document, or `None` where it is to be parsed apart."""
    refuse_floods(body, told["url"])
    if not is_cheap(body):
        return None
    try:
        return parse(body, **told, slowly_up_to=_SLOWLY_UP_TO)
    except NeedsTime:
        return None


def environment() -> dict[str, str]:
    """Ours without what is the daemon's own, secrets among it."""
    return {name: value for name, value in os.environ.items() if not name.startswith("CROSSPOST_")}


def _outcome(answer: bytes, status: int | None, url: str, limits: Limits) -> Document:
    if status == 0:
        found = pickle.loads(answer)  # our own code's, in a process of our own
        if isinstance(found, Document):
            return found
        raise FeedError(found)
    if status in (-signal.SIGXCPU, -signal.SIGALRM):
        raise _too_much(url, f"{limits.cpu} s")
    if status in (errno.ENOMEM, -signal.SIGKILL, -signal.SIGABRT):
        raise _too_much(url, f"{limits.memory >> 20} MB of memory")
    raise RuntimeError(f"the process that parses apart ended with {status}")


def _too_much(url: str, limit: str) -> FeedError:
    return FeedError(f"{shown(url)} answers a document that takes more than {limit} to parse, which no feed should.")
