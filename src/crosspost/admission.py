"""Documents into the ledger: what is new in them is decided and recorded in one step.

Two feeds may bring the same article at the same moment. So documents come here one after the other, or several at
once that have nothing in common, and each is compared with a ledger that has all the earlier ones.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError

from crosspost import rounds
from crosspost.article import Article
from crosspost.feeds.fetch import Fetched
from crosspost.feeds.identity import Decision, Mark, decide, wanted
from crosspost.gate import Feed, gate
from crosspost.ledger import Ledger
from crosspost.ledger.intake import Intake, Reading
from crosspost.ledger.rows import FeedRow
from crosspost.post import State

if TYPE_CHECKING:
    from crosspost.feeds.parse import Document


@dataclass(frozen=True, slots=True, eq=False)
class Brought:
    """A document on its way into the ledger. `row` is the feed's as it was; the channels in `joined` read the feed
    for the first time, those in `left` no longer. `articles` are the document's; `whole`: those that want it have what
    their pages add."""

    feed: Feed
    row: FeedRow
    joined: frozenset[str]
    left: frozenset[str]
    fetched: Fetched
    document: Document
    articles: Sequence[Article]
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Recorded:
    """It is in the ledger. `row` is the feed's as it is from now on, `new` the number of its new articles."""

    row: FeedRow
    new: int = 0


@dataclass(frozen=True, slots=True)
class PagesWanted:
    """Nothing was recorded: these of the document's articles (by `id`) want their pages first."""

    articles: frozenset[int]


Outcome = Recorded | PagesWanted


@dataclass(slots=True, eq=False)
class _Case:
    """A document with what is known of it so far."""

    place: int  # among the items
    brought: Brought
    void: frozenset[Mark]
    marks: frozenset[Mark]


class Admission:
    """Takes documents, and readings that bring none, into the ledger. Not for several threads at once."""

    def __init__(
        self, ledger: Ledger, clock: Callable[[], datetime], jitter: Callable[[], float] = random.random
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self._jitter = jitter
        self._configured: int | None = None
        self._recalled = 0

    def recall(self, event: int) -> None:
        """What is known of the feeds was read from the ledger as it was at that event."""
        self._configured = event if self._configured is None else self._configured
        self._recalled = event

    def admit(self, items: Sequence[Brought | Reading]) -> list[Outcome | Exception]:
        """What became of each item. All are recorded in one transaction; when one of them breaks it, each in its own,
        with the exception in that one's place. Raises `OperationalError` when the database cannot be used."""
        try:
            return list(self._admit(items))
        except OperationalError:
            raise
        except Exception as error:  # noqa: BLE001 - handed to whom it concerns
            if len(items) == 1:
                return [error]
            return [outcome for item in items for outcome in self.admit([item])]

    def _admit(self, items: Sequence[Brought | Reading]) -> list[Outcome]:
        outcomes: dict[int, Outcome] = {}
        with self._ledger.intake() as intake:
            self._check_names(intake, items)
            ready = {place: item for place, item in enumerate(items) if isinstance(item, Reading)}
            intake.write(list(ready.values()))
            outcomes |= {place: Recorded(reading.feed) for place, reading in ready.items()}
            cases = _cases(intake, items)
            while cases:
                cases = self._take(intake, cases, outcomes)
        return [outcomes[place] for place in range(len(items))]

    def _check_names(self, intake: Intake, items: Sequence[Brought | Reading]) -> None:
        """A rename beside us makes former names strangers, and what we remember of feeds wrong."""
        names = {item.feed.name for item in items}
        channels = {name for item in items if isinstance(item, Brought) for name in item.feed.channels}
        intake.check_names(self._configured or 0, self._recalled, names, channels)

    def _take(self, intake: Intake, cases: Sequence[_Case], outcomes: dict[int, Outcome]) -> list[_Case]:
        """Record those that have nothing in common with an earlier one; what is left."""
        decided, rest = _decide(intake, cases)
        present = intake.channels_of([same.article_id for _, decision in decided for same in decision.same])
        now = self._clock()
        readings = []
        for case, decision in decided:
            reading = _reading(case.brought, decision, present, now)
            if not case.brought.whole and (pages := _pages(case.brought, reading)):
                outcomes[case.place] = PagesWanted(pages)
                continue
            row = self._row(case.brought, now, news=bool(decision.new))
            readings.append(replace(reading, feed=row))
            outcomes[case.place] = Recorded(row, len(decision.new))
        intake.write(readings)
        return rest

    def _row(self, brought: Brought, now: datetime, *, news: bool) -> FeedRow:
        every, fetched, document = brought.feed.every, brought.fetched, brought.document
        return rounds.answered(brought.row, every, fetched, document, now, news=news, jitter=self._jitter())


def _decide(intake: Intake, cases: Sequence[_Case]) -> tuple[list[tuple[_Case, Decision]], list[_Case]]:
    """What is new in the documents that share neither a mark nor an article with one before them; and the others."""
    apart, rest = _split(cases)
    known = intake.known(frozenset[Mark]().union(*(case.marks for case in apart)))
    decided: list[tuple[_Case, Decision]] = []
    met: set[int] = set()
    for case in apart:
        decision = decide(case.brought.articles, known, case.void)
        ids = {same.article_id for same in decision.same}
        if met.isdisjoint(ids):
            met |= ids
            decided.append((case, decision))
        else:
            rest.append(case)
    return decided, rest


def _cases(intake: Intake, items: Sequence[Brought | Reading]) -> list[_Case]:
    documents = [(place, item) for place, item in enumerate(items) if isinstance(item, Brought)]
    void = intake.void([brought.feed.name for _, brought in documents])
    cases = []
    for place, brought in documents:
        ours = void[brought.feed.name]
        cases.append(_Case(place, brought, ours, wanted(brought.articles, ours)))
    return cases


def _split(cases: Sequence[_Case]) -> tuple[list[_Case], list[_Case]]:
    """The cases that share no mark with one before them, and the others."""
    apart: list[_Case] = []
    rest: list[_Case] = []
    seen: set[Mark] = set()
    for case in cases:
        if seen.isdisjoint(case.marks):
            seen |= case.marks
            apart.append(case)
        else:
            rest.append(case)
    return apart, rest


def _reading(brought: Brought, decision: Decision, present: Mapping[int, Set[str]], now: datetime) -> Reading:
    """What the document changes in the ledger; the feed's row is still the former one."""
    entrance = gate(brought.feed, brought.row, decision, brought.joined, now)
    new = tuple((one, entrance.arrivals(one.article, frozenset())) for one in decision.new)
    same = tuple((one, entrance.arrivals(one.article, present[one.article_id])) for one in decision.same)
    return Reading(
        brought.row,
        joined=tuple(sorted(brought.joined)),
        left=tuple(brought.left),
        new=new,
        same=same,
        void=decision.void,
        notes=decision.notes,
    )


def _pages(brought: Brought, reading: Reading) -> frozenset[int]:
    """The new articles that will be announced and need something of their pages."""
    from crosspost.compose import needs_page_text  # brings Jinja2

    wants_page = any(subscriber.wants_page for subscriber in brought.feed.subscribers)
    return frozenset(
        id(new.article)
        for new, arrivals in reading.new
        if any(arrival.state is not State.SKIPPED for arrival in arrivals)
        and new.article.link
        and (wants_page or needs_page_text(new.article))
    )
