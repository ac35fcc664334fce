"""Asking the feeds themselves, at this moment, for an article that the ledger does not know."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from crosspost import assemble
from crosspost.article import Article
from crosspost.clock import now
from crosspost.errors import FeedError
from crosspost.feeds.fetch import Fetcher
from crosspost.ledger import Ledger
from crosspost.ledger.rows import FeedRow
from crosspost.previews import articles_of
from crosspost.settings import Feed, Settings
from crosspost.text import links
from crosspost.text.near import Named, nearest

_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class _Listed:
    """What a feed lists now, or the sentence that says why it cannot be read."""

    feed: str
    articles: Sequence[Article] = ()
    failure: str = ""


async def seek(wanted: str, known: Sequence[Named], found: Settings, book: Ledger) -> list[str]:
    """What the feeds of the config hold of `wanted`, an address or words of a title, beside what is `known` to be near
    already: sentences for a person."""
    if not found.feeds:
        return ["The config has no feed that could."]
    rows = await asyncio.to_thread(book.feeds)
    places = asyncio.Semaphore(_AT_ONCE)
    async with assemble.fetcher(found) as fetcher:

        async def ask(feed: Feed) -> _Listed:
            async with places:
                return await _ask(fetcher, feed, rows.get(feed.name, FeedRow(feed.name)))

        answers = await asyncio.gather(*(ask(feed) for feed in found.feeds.values()))
    return list(_tell(wanted, known, answers, found, rows, book))


async def _ask(fetcher: Fetcher, feed: Feed, row: FeedRow) -> _Listed:
    if row.retry_at is not None and now() < row.retry_at:
        return _Listed(feed.name, failure="its server wants to be left alone for a while")
    try:
        return _Listed(feed.name, await articles_of(fetcher, feed))
    except FeedError as error:
        return _Listed(feed.name, failure=str(error).rstrip("."))


def _tell(
    wanted: str,
    known: Sequence[Named],
    answers: Sequence[_Listed],
    found: Settings,
    rows: Mapping[str, FeedRow],
    book: Ledger,
) -> Iterator[str]:
    address = links.canonical(wanted)
    exact = [
        (answer.feed, article)
        for answer in answers
        for article in answer.articles
        if address in (links.canonical(article.link), article.guid)
    ]
    for feed, article in exact:
        yield f"Feed {feed} lists it now (“{article.title}”): {_next(article, feed, found, rows, book)}."
    if not exact:
        yield from _nearest(wanted, known, answers)
    for answer in answers:
        if answer.failure:
            yield f"Feed {answer.feed} could not be asked: {answer.failure}."


def _next(article: Article, feed: str, found: Settings, rows: Mapping[str, FeedRow], book: Ledger) -> str:
    """What becomes of an article that a feed lists and the ledger does not know by that address."""
    if other := book.known(article):
        return f"crosspost knows it as {other.link or other.title}; see crosspost why {other.link}"
    if not any(channel.enabled and feed in channel.feed_names for channel in found.channels.values()):
        return "but no channel reads that feed"
    row = rows.get(feed)
    if row is None or row.first_read_at is None:
        return f"the first reading will find it, and first_run = {found.feeds[feed].first_run} says what it does"
    return "the next reading brings it"


def _nearest(wanted: str, known: Sequence[Named], answers: Sequence[_Listed]) -> Iterator[str]:
    asked = [answer.feed for answer in answers if not answer.failure]
    if not asked:
        return
    feeds = {Named(one.link, one.title): answer.feed for answer in answers for one in answer.articles}
    told = {links.canonical(one.link) for one in known}
    near = [one for one in nearest(wanted, feeds) if links.canonical(one.link) not in told]
    which = f"feed {asked[0]}" if len(asked) == 1 else f"any of the feeds {', '.join(asked)}"
    end = "; nearest there:" if near else "." if known else ", nor anything like it."
    yield f"Nor is it in {which} at this moment{end}"
    for one in near:
        yield f"  {one.link}  {one.title} ({feeds[one]})"
