"""The verb of reading: asks a feed, tells what is new, and brings it into the ledger for every channel.

    fetch -> parse -> decide what is new -> read the pages that are needed -> decide again -> one transaction

The validators of a document are recorded in the same transaction as its articles, so a stop anywhere loses nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

import structlog
from sqlalchemy.exc import DBAPIError

from crosspost.article import Article
from crosspost.compose import needs_page_text
from crosspost.errors import FeedError
from crosspost.feeds.fetch import Fetcher
from crosspost.feeds.identity import Decision, decide, wanted
from crosspost.feeds.page import read_page
from crosspost.feeds.parse import Document, parse
from crosspost.filters import Match, Verdict, verdict
from crosspost.ledger import Ledger
from crosspost.ledger.intake import Arrival, Basis, Overtaken, Reading
from crosspost.ledger.rows import FeedRow
from crosspost.post import State

log = structlog.get_logger(__name__)

_PAGES_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A channel that reads a feed.

    `settle`: an article is announced only when it has stood that long. `wants_preview`: whether the page has a link
    preview matters to it. `paced`: its posts wait for their turn. `only`, `except_`, `urgent`: which articles it takes.
    """

    channel: str
    platform: str
    approve: bool
    settle: timedelta
    expires: timedelta
    wants_preview: bool
    paced: bool = False
    only: Match | None = None
    except_: Match | None = None
    urgent: Match | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed to watch. `first_run`: what of its first document is announced, a number means so many of the newest.
    `burst`: more new articles than this at once, with nothing known among them, are held; 0 never holds."""

    name: str
    url: str
    language: str
    proxy: str | None
    first_run: Literal["skip", "all"] | int
    burst: int
    subscribers: tuple[Subscriber, ...]


class _Renamed(Exception):
    """`crosspost rename` was used, and the config that this watcher goes by has a former name."""


class Watcher:
    """Reads feeds into the ledger. `poll` may run for several feeds at once."""

    def __init__(self, ledger: Ledger, fetcher: Fetcher, clock: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._fetcher = fetcher
        self._clock = clock
        self._made_at = clock()
        # Two feeds may bring the same article at the same moment; deciding and recording is one step.
        self._intake = asyncio.Lock()

    async def poll(self, feed: Feed) -> None:
        """Ask the feed once, unless its server wants to be left alone; a failure is recorded and logged, not raised."""
        row = await asyncio.to_thread(self._ledger.feed, feed.name)
        if row.retry_at is not None and self._clock() < row.retry_at:
            return
        try:
            await self._read(feed, row)
        except FeedError as error:
            await self._failed(feed, error)
        except _Renamed as error:
            log.warning("feed.renamed", feed=feed.name, why=str(error))
        except Overtaken:
            log.info("feed.overtaken", feed=feed.name)
        except (DBAPIError, asyncio.CancelledError):
            raise
        except Exception as error:
            # One feed's document must not stop the others, whatever it holds.
            log.exception("feed.broke", feed=feed.name)
            why = f"{feed.name} could not be read: a defect of crosspost ({type(error).__name__}); the log has details."
            await self._failed(feed, FeedError(why))
        else:
            if row.failure:
                log.info("feed.mended", feed=feed.name)

    async def _failed(self, feed: Feed, error: FeedError) -> None:
        news = await asyncio.to_thread(self._ledger.feed_failed, feed.name, str(error), error.retry_at)
        if news:
            log.warning("feed.failed", feed=feed.name, why=str(error))

    async def _read(self, feed: Feed, row: FeedRow) -> None:
        before = await asyncio.to_thread(self._meet, feed, row)
        now = frozenset(subscriber.channel for subscriber in feed.subscribers)
        joined, left = now - before, before - now
        # A channel that joins must see the whole document, even one that has not changed.
        etag, modified = ("", "") if joined else (row.etag, row.modified)
        fetched = await self._fetcher.get(feed.url, etag=etag, modified=modified, proxy=feed.proxy)
        if fetched.moved_to:
            log.warning("feed.moved", feed=feed.name, to=fetched.moved_to)
        if fetched.unchanged:
            await asyncio.to_thread(self._ledger.feed_unchanged, feed.name, fetched.retry_at)
            return
        document = await asyncio.to_thread(
            parse,
            fetched.body,
            feed=feed.name,
            url=fetched.url,
            content_type=fetched.content_type,
            language=feed.language,
        )
        articles = await self._with_pages(feed, row, document, joined)
        async with self._intake:
            reading = await asyncio.to_thread(self._compare, feed, row, articles, joined)
            reading = replace(reading, etag=fetched.etag, modified=fetched.modified, retry_at=fetched.retry_at)
            reading = replace(reading, left=tuple(sorted(left)), basis=Basis(row.first_read_at, before))
            await asyncio.to_thread(self._ledger.take_in, reading)
        log.info("feed.read", feed=feed.name, items=len(document.articles), new=len(reading.new))

    def _meet(self, feed: Feed, row: FeedRow) -> frozenset[str]:
        """The channels that have read this feed before.

        Those that left it are forgotten; where others join at the same time, the reading does both at once, since
        that may be one channel with a new name. Raises `_Renamed` when our own config has a former name.
        """
        before = self._ledger.joined(feed.name)
        now = frozenset(subscriber.channel for subscriber in feed.subscribers)
        joined, unread = now - before, [feed.name] if row.first_read_at is None else []
        if (joined or unread) and (what := self._ledger.renamed_since(self._made_at, unread, joined)):
            raise _Renamed(f"{what}; crosspost goes on when it reads the config anew (SIGHUP, or start it again)")
        if before - now and not joined:
            self._ledger.leave(feed.name, before - now)
            return before & now
        return before

    def _decide(self, feed: Feed, articles: Sequence[Article]) -> Decision:
        void = self._ledger.void(feed.name)
        return decide(articles, self._ledger.known(wanted(articles, void)), void)

    def _compare(self, feed: Feed, row: FeedRow, articles: Sequence[Article], joined: frozenset[str]) -> Reading:
        """What the document changes in the ledger."""
        decision = self._decide(feed, articles)
        present = self._ledger.channels_of([same.article_id for same in decision.same])
        gate = _gate(feed, row, decision, joined, self._clock())
        new = tuple((one, gate.arrivals(one.article, frozenset())) for one in decision.new)
        same = tuple((one, gate.arrivals(one.article, present[one.article_id])) for one in decision.same)
        return Reading(
            feed.name, joined=tuple(sorted(joined)), new=new, same=same, void=decision.void, notes=decision.notes
        )

    # Pages

    async def _with_pages(
        self, feed: Feed, row: FeedRow, document: Document, joined: frozenset[str]
    ) -> Sequence[Article]:
        """The document's articles; those that will be announced with what their pages add."""
        decision = await asyncio.to_thread(self._decide, feed, document.articles)
        gate = _gate(feed, row, decision, joined, self._clock())
        announced = {
            id(new.article)
            for new in decision.new
            if any(arrival.state is not State.SKIPPED for arrival in gate.arrivals(new.article, frozenset()))
        }
        wants_preview = any(subscriber.wants_preview for subscriber in feed.subscribers)
        places = asyncio.Semaphore(_PAGES_AT_ONCE)

        async def read(article: Article) -> Article:
            wanted = id(article) in announced and (wants_preview or needs_page_text(article))
            if not wanted or not article.link:
                return article
            async with places:
                return await with_page(self._fetcher, article, feed.proxy)

        return await asyncio.gather(*(read(article) for article in document.articles))


async def with_page(fetcher: Fetcher, article: Article, proxy: str | None) -> Article:
    """The article with what its page adds; as it is, when the page cannot be read."""
    wants_text = needs_page_text(article)
    try:
        fetched = await fetcher.get(article.link, proxy=proxy)
        page = await asyncio.to_thread(read_page, fetched.body, fetched.url, want_text=wants_text)
    except FeedError as error:
        log.info("page.unread", article=article.link, why=str(error))
        return article
    return replace(
        article,
        page_text=page.text,
        page_canonical=page.canonical,
        page_preview=page.preview,
        language=article.language or page.language,
        pictures=article.pictures or ((page.picture,) if page.picture else ()),
    )


@dataclass(frozen=True, slots=True)
class _Gate:
    """How the articles of one document enter, decided for all of them at once."""

    feed: Feed
    now: datetime
    first: bool  # the feed's first reading
    joined: frozenset[str]
    announced: frozenset[int]  # ids of the articles that `first_run` lets through
    burst: int  # how many came at once, 0 when that is nothing unusual

    def arrivals(self, article: Article, present: Set[str]) -> tuple[Arrival, ...]:
        """How the article enters on every channel that has no post of it."""
        return tuple(
            self._arrival(article, subscriber)
            for subscriber in self.feed.subscribers
            if subscriber.channel not in present
        )

    def _arrival(self, article: Article, subscriber: Subscriber) -> Arrival:
        if self._is_baseline(article, subscriber):
            when = "crosspost first read it" if self.first else "this channel joined it"
            state, reason, at = State.SKIPPED, f"baseline: it stood in the feed when {when}", self.now
            found = Verdict(passes=False)
        else:
            found = verdict(article, subscriber.only, subscriber.except_, subscriber.urgent)
            state, reason, at = self._state(subscriber, found)
        expires_at = self.now + subscriber.settle + subscriber.expires
        return Arrival(subscriber.channel, subscriber.platform, state, reason, at, expires_at, found.urgent)

    def _is_baseline(self, article: Article, subscriber: Subscriber) -> bool:
        return subscriber.channel in self.joined and not (self.first and id(article) in self.announced)

    def _state(self, subscriber: Subscriber, found: Verdict) -> tuple[State, str, datetime]:
        if not found.passes:
            return State.SKIPPED, f"filtered by {found.rule}", self.now
        if self.burst:
            return State.HELD, f"the feed brought {self.burst} articles at once and none that is known", self.now
        if subscriber.approve:
            return State.WAITING, "waits for approval", self.now
        if subscriber.settle:
            return State.PLANNED, f"new in {self.feed.name}; it settles first", self.now + subscriber.settle
        if subscriber.paced:
            return State.PLANNED, f"new in {self.feed.name}; it waits for its turn", self.now
        return State.DUE, f"new in {self.feed.name}", self.now


def _gate(feed: Feed, row: FeedRow, decision: Decision, joined: frozenset[str], now: datetime) -> _Gate:
    first = row.first_read_at is None
    fresh = [new.article for new in decision.new]  # oldest first
    if feed.first_run == "all":
        announced = frozenset(map(id, [*fresh, *(same.article for same in decision.same)]))
    elif feed.first_run == "skip" or feed.first_run == 0:
        announced = frozenset()
    else:
        announced = frozenset(map(id, fresh[-feed.first_run :]))
    unusual = not first and feed.burst > 0 and len(fresh) > feed.burst and not decision.same
    return _Gate(feed, now, first, joined, announced, len(fresh) if unusual else 0)
