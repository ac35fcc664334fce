"""The verb of reading: asks a feed, tells what is new, and brings it into the ledger for every channel.

    fetch -> parse -> decide what is new -> read the pages that are needed and decide again -> one transaction

The validators of a document and the time of the next question are recorded in the same transaction as its articles,
so a stop anywhere loses nothing.
"""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from crosspost import rounds
from crosspost.admission import Admission, Brought, Outcome, PagesWanted, Recorded
from crosspost.article import Article
from crosspost.errors import FeedError
from crosspost.feeds.fetch import Fetched, Fetcher
from crosspost.feeds.places import Places, host_of
from crosspost.gate import Feed
from crosspost.ledger import Ledger
from crosspost.ledger.intake import FormerName, Overtaken, Reading
from crosspost.ledger.rows import FeedRow
from crosspost.logs import Log
from crosspost.timing.polling import wants_rest
from crosspost.together import Together

if TYPE_CHECKING:
    from crosspost.feeds.apart import Parser

log = Log()

_POLLS_PER_HOST = 4
_POLLS_AT_ONCE = 100  # and so many documents at most are in hand
_GROUP = 50  # answers that are recorded together
_GATHER = 0.02  # seconds


class Watcher:
    """Reads feeds into the ledger. `poll` may run for any number of feeds at once; a few of each host work.

    It keeps in mind what the ledger knows of the feeds: whoever owns the ledger is the only one who asks them.
    `jitter` gives numbers from 0 to 1.
    """

    def __init__(
        self,
        ledger: Ledger,
        fetcher: Fetcher,
        clock: Callable[[], datetime],
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._ledger = ledger
        self._fetcher = fetcher
        self._clock = clock
        self._jitter = jitter
        self._places = Places(_POLLS_PER_HOST, _POLLS_AT_ONCE)
        self._admission = Admission(ledger, clock, jitter)
        self._intake = Together[Brought | Reading, Outcome](self._admission.admit, pause=_GATHER, most=_GROUP)
        self._recalling = asyncio.Lock()
        self._rows: dict[str, FeedRow] | None = None
        self._joined: dict[str, frozenset[str]] = {}

    @cached_property
    def _parser(self) -> Parser:
        from crosspost.feeds.apart import Parser  # brings lxml and a parser, which only a feed with news must wait for

        return Parser()

    async def times(self, feeds: Iterable[Feed]) -> dict[str, datetime]:
        """When to ask each feed, by name, as it was planned before; what is new in the config at once."""
        rows, now = await self._recall(), self._clock()
        return {
            feed.name: now
            if feed.channels - self._joined.get(feed.name, frozenset())
            else rounds.planned(_row(rows, feed), feed.every, now)
            for feed in feeds
        }

    async def poll_all(self, feeds: Iterable[Feed]) -> None:
        """Ask every feed once, whatever was planned; all is recorded then. Raises as `poll` does."""
        queues = iter(_queues(feeds))

        async def take() -> None:
            for queue in queues:  # the next one that nobody has taken yet
                for feed in queue:
                    await self.poll(feed)

        # Ten thousand polls that wait for their turn would be a burden of their own.
        await asyncio.gather(*(take() for _ in range(_POLLS_AT_ONCE)))

    async def poll(self, feed: Feed) -> datetime:
        """Ask the feed once, unless its server wants to be left alone; when to ask it next.

        A failure is recorded and logged, not raised. Raises `DBAPIError` when the ledger does not take the answer.
        """
        rows = await self._recall()
        row = _row(rows, feed)
        if row.next_at is not None and wants_rest(row.retry_at, self._clock()):
            return row.next_at
        async with self._places.at(feed.url):
            try:
                after = await self._read(feed, row)
            except FeedError as error:
                after = await self._failed(feed, row, error)
            except FormerName as error:
                log.warning("feed.renamed", feed=feed.name, why=str(error))
                return self._clock() + feed.every
            except Overtaken:
                log.info("feed.overtaken", feed=feed.name)
                self._rows = None
                return self._clock()
            except DBAPIError:
                self._rows = None  # it may have been recorded all the same, so what is remembered may be wrong
                raise
            except Exception as error:
                # One feed's document must not stop the others, whatever it holds.
                log.exception("feed.broke", feed=feed.name)
                why = f"a defect of crosspost ({type(error).__name__}); the log has details."
                after = await self._failed(feed, row, FeedError(f"{feed.name} could not be read: {why}"))
        rows[feed.name] = after
        if row.failure and not after.failure:
            log.info("feed.mended", feed=feed.name)
        return after.next_at or self._clock()

    async def finish(self) -> None:
        """Wait until everything that was read is recorded, even where `poll` was cancelled."""
        await self._intake.finish()

    async def _recall(self) -> dict[str, FeedRow]:
        """What the ledger knows of the feeds, read once."""
        async with self._recalling:
            if self._rows is None:
                self._admission.recall(await asyncio.to_thread(self._ledger.last_event))
                self._joined = await asyncio.to_thread(self._ledger.joined)
                self._rows = await asyncio.to_thread(self._ledger.feeds)
            return self._rows

    async def _failed(self, feed: Feed, row: FeedRow, error: FeedError) -> FeedRow:
        after = rounds.failed(row, feed.every, error, self._clock(), jitter=self._jitter())
        news = after.failure != row.failure
        await self._intake.do(Reading(after, failed=news))
        if news:
            log.warning("feed.failed", feed=feed.name, why=after.failure)
        return after

    async def _read(self, feed: Feed, row: FeedRow) -> FeedRow:
        before = self._joined.get(feed.name, frozenset())
        joined, left = feed.channels - before, before - feed.channels
        # A channel that joins must see the whole document, even one that has not changed.
        etag, modified = ("", "") if joined else (row.etag, row.modified)
        fetched = await self._fetcher.get(feed.url, etag=etag, modified=modified, proxy=feed.proxy)
        if fetched.moved_to:
            log.warning("feed.moved", feed=feed.name, to=fetched.moved_to)
        if fetched.unchanged:
            after = rounds.answered(row, feed.every, fetched, None, self._clock(), news=False, jitter=self._jitter())
            await self._intake.do(Reading(after, left=tuple(left)))
        else:
            after = await self._take_in(feed, row, joined, left, fetched)
        self._joined[feed.name] = feed.channels
        return after

    async def _take_in(
        self, feed: Feed, row: FeedRow, joined: frozenset[str], left: frozenset[str], fetched: Fetched
    ) -> FeedRow:
        document = await self._parser.parse(
            fetched.body,
            feed=feed.name,
            url=fetched.url,
            content_type=fetched.content_type,
            language=feed.language,
        )
        brought = Brought(feed, row, joined, left, replace(fetched, body=b""), document, document.articles)
        outcome = await self._intake.do(brought)
        if isinstance(outcome, PagesWanted):
            articles = await self._with_pages(brought.articles, outcome.articles, feed.proxy)
            outcome = await self._intake.do(replace(brought, articles=articles, whole=True))
        assert isinstance(outcome, Recorded)
        log.info("feed.read", feed=feed.name, items=len(document.articles), new=outcome.new)
        return outcome.row

    async def _with_pages(self, articles: Sequence[Article], wanted: Set[int], proxy: str | None) -> Sequence[Article]:
        """The articles, the wanted ones (by `id`) with what their pages add."""

        async def read(article: Article) -> Article:
            return await with_page(self._fetcher, article, proxy) if id(article) in wanted else article

        return await asyncio.gather(*(read(article) for article in articles))


def _row(rows: dict[str, FeedRow], feed: Feed) -> FeedRow:
    return rounds.at_address(rows.get(feed.name) or FeedRow(feed.name), feed.url)


def _queues(feeds: Iterable[Feed]) -> list[list[Feed]]:
    """The feeds in as many queues for each host as may be asked there at once, so that no host fills all places."""
    hosts: defaultdict[str, list[Feed]] = defaultdict(list)
    for feed in feeds:
        hosts[host_of(feed.url)].append(feed)
    return [some[n::_POLLS_PER_HOST] for some in hosts.values() for n in range(min(_POLLS_PER_HOST, len(some)))]


async def with_page(fetcher: Fetcher, article: Article, proxy: str | None) -> Article:
    """The article with what its page adds; as it is, when the page cannot be read."""
    from crosspost.compose import needs_page_text  # these bring Jinja2 and lxml
    from crosspost.feeds.page import read_page

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
        page_picture=page.picture,
    )
