"""How articles enter: who reads a feed, and what each of its channels makes of an article. Pure."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from crosspost.article import Article
from crosspost.feeds.identity import Decision
from crosspost.filters import Match, Verdict, verdict
from crosspost.ledger.intake import Arrival
from crosspost.ledger.rows import FeedRow
from crosspost.post import State


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A channel that reads a feed.

    `settle`: an article is announced only when it has stood that long. `wants_page`: whether what the page has, a link
    preview and a picture, matters to it. `paced`: its posts wait for their turn. `only`, `except_`, `urgent`: which
    articles it takes.
    """

    channel: str
    platform: str
    approve: bool
    settle: timedelta
    expires: timedelta
    wants_page: bool
    paced: bool = False
    only: Match | None = None
    except_: Match | None = None
    urgent: Match | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed to watch. `first_run`: what of its first document is announced, a number means so many of the newest.
    `burst`: more new articles than this at once, with nothing known among them, are held; 0 never holds. `every`: the
    shortest wait between two questions."""

    name: str
    url: str
    language: str
    proxy: str | None
    first_run: Literal["skip", "all"] | int
    burst: int
    subscribers: tuple[Subscriber, ...]
    every: timedelta

    @property
    def channels(self) -> frozenset[str]:
        """The channels that read it."""
        return frozenset(subscriber.channel for subscriber in self.subscribers)


@dataclass(frozen=True, slots=True)
class Gate:
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


def gate(feed: Feed, row: FeedRow, decision: Decision, joined: frozenset[str], now: datetime) -> Gate:
    """The gate for what `decision` found in a document of `feed`, which the channels in `joined` read for the first
    time."""
    first = row.first_read_at is None
    fresh = [new.article for new in decision.new]  # oldest first
    if feed.first_run == "all":
        announced = frozenset(map(id, [*fresh, *(same.article for same in decision.same)]))
    elif feed.first_run == "skip" or feed.first_run == 0:
        announced = frozenset()
    else:
        announced = frozenset(map(id, fresh[-feed.first_run :]))
    unusual = not first and feed.burst > 0 and len(fresh) > feed.burst and not decision.same
    return Gate(feed, now, first, joined, announced, len(fresh) if unusual else 0)
