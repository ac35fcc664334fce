"""Documents that cost too much are parsed in a process of their own, which ends whatever happens."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from dataclasses import dataclass, field

import pytest

from crosspost.errors import FeedError
from crosspost.feeds import apart
from crosspost.feeds.apart import Limits, Parser
from crosspost.feeds.parse import Document, parse

URL = "https://site.example/feed.xml"
TOLD = {"feed": "news", "url": URL, "language": "en"}
ITEM = (
    "<item><title>Спутник</title><link>https://site.example/1</link><guid>g-1</guid>"
    "<pubDate>Tue, 24 Nov 2026 12:00:00 GMT</pubDate><enclosure url='/a.jpg' type='image/jpeg'/></item>"
)
USUAL = f'<rss version="2.0"><channel><title>News</title>{ITEM}</channel></rss>'.encode()
LONG = USUAL.replace(b"<item>", b"<!--" + b" " * 5_000_000 + b"--><item>")
DECLARING = b'<!DOCTYPE rss [<!ENTITY who "Tom">]>' + USUAL
# The quick parser knows no such namespace.
ODD = b'<feed xmlns="http://www.w3.org/2005/atom">' + b"<entry><title>One</title></entry>" * 2000 + b"</feed>"
# Nothing that the quick parser takes for a feed, and a minute's work for the slow one.
ENDLESS = b"<rss>" + b"<a/>" * 400_000 + b"</rss>"
HEAVY = b'{"items": [' + b"{}," * 3_000_000 + b"{}]}"


@dataclass
class Children:
    """The processes that were started, and whether any was before the one before it had ended."""

    started: list[asyncio.subprocess.Process] = field(default_factory=list)
    together: bool = False
    first: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def statuses(self) -> list[int | None]:
        return [child.returncode for child in self.started]


@pytest.fixture
def children(monkeypatch) -> Children:
    seen = Children()
    start = asyncio.create_subprocess_exec

    async def spy(*command, **options):
        seen.together = seen.together or None in seen.statuses
        seen.started.append(await start(*command, **options))
        seen.first.set()
        return seen.started[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", spy)
    return seen


def read(body: bytes, limits: Limits | None = None) -> Document:
    return asyncio.run(Parser(limits).parse(body, **TOLD))


def test_a_usual_document_needs_no_process(children):
    assert read(USUAL) == parse(USUAL, **TOLD)
    assert children.statuses == []


@pytest.mark.parametrize("body", [LONG, DECLARING, ODD])
def test_a_dear_document_is_parsed_apart_and_comes_out_the_same(children, body):
    document = read(body)
    assert document == parse(body, **TOLD) and document.articles
    assert children.statuses == [0]


def test_what_is_no_feed_is_told_in_words_from_there_too(children):
    with pytest.raises(FeedError, match="ends in the middle of the feed"):
        read(LONG[:-20])
    assert children.statuses == [0]


@pytest.mark.parametrize(
    ("body", "limits", "words"),
    [
        (ENDLESS, Limits(cpu=1), "takes more than 1 s to parse"),
        (ENDLESS, Limits(wall=1), "takes more than 1 s to parse"),
        (HEAVY, Limits(memory=250 << 20), "takes more than 250 MB of memory to parse"),
    ],
)
def test_a_document_over_the_limits_is_a_failure_in_words(children, body, limits, words):
    with pytest.raises(FeedError, match=words):
        read(body, limits)
    assert children.statuses not in ([None], [0])


def test_the_process_ends_when_nobody_waits_for_it_any_longer(children):
    async def stop() -> None:
        task = asyncio.create_task(Parser().parse(ENDLESS, **TOLD))
        await children.first.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(stop())
    with pytest.raises(ProcessLookupError):
        os.kill(children.started[0].pid, 0)


def test_one_at_a_time(children):
    async def several() -> None:
        parser = Parser()
        await asyncio.gather(*(parser.parse(DECLARING, **TOLD) for _ in range(3)))

    asyncio.run(several())
    assert children.statuses == [0, 0, 0] and not children.together


def test_a_defect_of_ours_is_not_blamed_on_the_feed(monkeypatch):
    monkeypatch.setattr(apart, "_WORK", "crosspost.no_such_module")
    with pytest.raises(RuntimeError, match="ended with 1"):
        read(DECLARING)


def test_the_process_imports_what_parses_and_sees_no_secrets(monkeypatch):
    monkeypatch.setenv("CROSSPOST_CHANNELS__X_EN__API_KEY", "secret")
    code = "import crosspost.feeds.confined, os, sys; print(*sys.modules, *os.environ)"
    command = [sys.executable, "-P", "-c", code]
    told = subprocess.run(command, capture_output=True, text=True, check=True, env=apart.environment())
    seen = set(told.stdout.split())
    assert not seen & {"asyncio", "aiohttp", "sqlalchemy", "structlog", "tweepy", "crosspost.watcher", "feedparser"}
    assert not any(name.startswith("CROSSPOST_") for name in seen)
