"""The process is stopped at every step between reading a feed and recording an outcome: nothing twice, nothing lost.

The steps are counted, not listed: whatever commits, calls or fetches is one, so a new step is stopped at by itself. A
day on PostgreSQL takes four times as long as one on SQLite, so there the suite takes some of the steps, and every kind
of statement; `make sweep` takes all.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from itertools import islice

import pytest

from tests.simulation.boundary import COMMITTED, COMMITTING, Fate, Fault, is_statement, kindly
from tests.simulation.naive import RecordsThenSends, SendsThenRecords
from tests.simulation.scenario import CALM, Made, live

_WRONG_MOMENTS = {SendsThenRecords: "after a call of plain", RecordsThenSends: "before a call of plain"}
_PARTS = 10  # so that several workers can share the steps
_made: dict[str, Made] = {}


class At:
    """The fate of a process that `fault` befalls once: at the `place`th of those steps that `among` names."""

    def __init__(self, fault: Fault, place: int, among: Callable[[str], bool]) -> None:
        self._fault, self._left, self._among = fault, place, among
        self.happened = False

    def __call__(self, step: str) -> Fault | None:
        if self.happened or not self._among(step):
            return None
        self.happened = self._left == 0
        self._left -= 1
        return self._fault if self.happened else None


class AtEach:
    """The fate of a process whose database drops the connection at each of these statements once."""

    def __init__(self, statements: Iterable[str]) -> None:
        self.left = set(statements)

    def __call__(self, step: str) -> Fault | None:
        if step not in self.left:
            return None
        self.left.remove(step)
        return Fault.DROPPED


def is_step(name: str) -> bool:
    return not is_statement(name)


def death_at(place: int) -> At:
    return At(Fault.DEATH, place, is_step)


def made_in_a_day(url: str) -> Made:
    """The steps and statements of the day on this kind of database when nothing happens."""
    kind = url.partition(":")[0]
    if kind not in _made:
        _, _made[kind] = live(url)
    return _made[kind]


def some(places: int, every: int, part: int) -> Iterable[int]:
    """A part's places: every so manieth in the suite, all of them in a sweep."""
    step = 1 if os.environ.get("SWEEP") else every
    return islice(range(0, places, step), part, None, _PARTS)


def test_the_day_has_a_step_for_everything(empty):
    outcome, (steps, _) = live(empty())
    kinds = {step.split(" of ")[0] for step in steps}
    assert outcome.verdict == []
    assert kinds >= {COMMITTING, COMMITTED, "before a call", "after a call", "before a look", "before the fetch"}
    assert len(steps) > 200


@pytest.mark.parametrize("part", range(_PARTS))
def test_a_death_at_any_step_neither_doubles_nor_loses(empty, part):
    steps, _ = made_in_a_day(empty())
    for place in some(len(steps), 1, part):
        outcome, _ = live(empty(), death_at(place))
        assert outcome.deaths == 1
        assert outcome.verdict == [], f"it died {steps[place]}, at step {place}"


@pytest.mark.parametrize(
    ("sender", "says"), [(SendsThenRecords, "TWICE"), (RecordsThenSends, "LOST")], ids=["doubles", "loses"]
)
def test_the_judge_sees_what_a_naive_sender_does(empty, sender, says):
    """Without trouble both do well; each fails as soon as it dies in the wrong moment."""

    def verdicts(place: int | None = None) -> list[str]:
        fate: Fate = kindly if place is None else death_at(place)
        outcome, _ = live(empty(), fate, CALM, sender)
        return [sentence for sentence in outcome.verdict if sentence.startswith(("TWICE", "LOST"))]

    assert verdicts() == []
    _, (steps, _) = live(empty(), kindly, CALM, sender)
    bad = [place for place, name in enumerate(steps) if name == _WRONG_MOMENTS[sender]]
    assert bad and all(any(says in sentence for sentence in verdicts(place)) for place in bad)


@pytest.mark.parametrize("fault", [Fault.FULL, Fault.LOST], ids=["the disk is full", "the answer is lost"])
@pytest.mark.parametrize("part", range(_PARTS))
def test_a_commit_that_fails_neither_doubles_nor_loses(empty, part, fault):
    among = {Fault.FULL: COMMITTING, Fault.LOST: COMMITTED}[fault]
    for place in some(made_in_a_day(empty()).steps.count(among), 8, part):
        fate = At(fault, place, among.__eq__)
        outcome, _ = live(empty(), fate)
        assert fate.happened
        assert outcome.verdict == [], f"commit {place}"


# PostgreSQL


@pytest.mark.parametrize("part", range(_PARTS))
def test_nor_does_a_death_on_postgresql(postgres, part):
    with postgres.ledger() as url:
        steps, _ = made_in_a_day(url)
    for place in some(len(steps), 23, part):
        with postgres.ledger() as url:
            outcome, _ = live(url, death_at(place))
        assert outcome.deaths == 1
        assert outcome.verdict == [], f"it died {steps[place]}, at step {place}"


@pytest.mark.parametrize("part", range(_PARTS))
def test_a_connection_that_is_dropped_at_any_kind_of_statement_neither_doubles_nor_loses(postgres, part):
    """Several in a life; what does not come to pass since another drop prevented it gets its turn in the next one."""
    with postgres.ledger() as url:
        kinds = list(dict.fromkeys(made_in_a_day(url).statements))
    assert len(kinds) > 40
    left = set(kinds[part::_PARTS])
    while left:
        fate = AtEach(left)
        with postgres.ledger() as url:
            outcome, _ = live(url, fate)
        assert fate.left < left
        assert outcome.verdict == [], left - fate.left
        left = fate.left


@pytest.mark.parametrize("part", range(_PARTS))
def test_nor_one_that_is_dropped_at_any_statement(postgres, part):
    with postgres.ledger() as url:
        _, statements = made_in_a_day(url)
    for place in some(len(statements), 150, part):
        fate = At(Fault.DROPPED, place, is_statement)
        with postgres.ledger() as url:
            outcome, _ = live(url, fate)
        assert fate.happened
        assert outcome.verdict == [], f"statement {place}: {statements[place]}"


@pytest.mark.parametrize(
    ("fault", "among"), [(Fault.DROPPED, COMMITTING), (Fault.LOST, COMMITTED)], ids=["before", "after"]
)
@pytest.mark.parametrize("part", range(_PARTS))
def test_nor_one_that_is_dropped_at_a_commit(postgres, part, fault, among):
    with postgres.ledger() as url:
        steps, _ = made_in_a_day(url)
    for place in some(steps.count(among), 30, part):
        fate = At(fault, place, among.__eq__)
        with postgres.ledger() as url:
            outcome, _ = live(url, fate)
        assert fate.happened
        assert outcome.verdict == [], f"commit {place}"
