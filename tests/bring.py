"""Articles, and the short way to bring them into a ledger."""

from __future__ import annotations

from datetime import datetime, timedelta

from crosspost.article import Article
from crosspost.feeds.identity import New, marks
from crosspost.ledger import Ledger, views
from crosspost.ledger.intake import Arrival, Reading
from crosspost.ledger.rows import Entry, FeedRow
from crosspost.post import State
from tests.fakes import NOON


def article(number: int = 1, **changes) -> Article:
    """The `number`th article of the sample feed."""
    known = {
        "feed": "news",
        "title": f"Headline {number}",
        "link": f"https://site.example/en/{number}",
        "guid": f"guid-{number}",
        "description": f"<p>What happened {number}.</p>",
    }
    return Article(**(known | changes))


def arrival(
    channel: str, state: State, at: datetime, expires: timedelta = timedelta(days=3), urgent: bool = False
) -> Arrival:
    return Arrival(channel, "x", state, "new in news", at, at + expires, urgent)


def take_in(ledger: Ledger, *readings: Reading) -> None:
    """Record what answers of feeds bring, in one transaction."""
    with ledger.intake() as intake:
        intake.write(readings)


def feed_fails(ledger: Ledger, feed: str, why: str) -> None:
    """Let a feed be found failing, for the first time."""
    take_in(ledger, Reading(FeedRow(feed, failure=why, failed_since=NOON), failed=True))


def bring(
    ledger: Ledger,
    *articles: Article,
    channels: tuple[str, ...] = ("x_en",),
    state: State = State.DUE,
    at: datetime = NOON,
    expires: timedelta = timedelta(days=3),
    urgent: bool = False,
) -> list[Entry]:
    """Let new articles come in on channels; the posts, in the order of coming."""
    before = {entry.id for entry in views.everything(ledger)}
    arrivals = tuple(arrival(channel, state, at, expires, urgent) for channel in channels)
    new = tuple((New(one, marks(one)), arrivals) for one in articles or (article(),))
    take_in(ledger, Reading(ledger.feeds().get("news") or FeedRow("news"), new=new))
    return [entry for entry in views.everything(ledger) if entry.id not in before]
