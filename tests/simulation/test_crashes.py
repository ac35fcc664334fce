"""The process is stopped at every step between reading a feed and recording an outcome: nothing twice, nothing lost.

The steps are counted, not listed: whatever commits, calls or fetches is one, so a new step is stopped at by itself.
"""

from __future__ import annotations

from itertools import count

import pytest

from tests.simulation.boundary import COMMITTED, COMMITTING, STATEMENT, Fate, Fault, kindly
from tests.simulation.naive import RecordsThenSends, SendsThenRecords
from tests.simulation.scenario import CALM, live

_WRONG_MOMENTS = {SendsThenRecords: "after a call of plain", RecordsThenSends: "before a call of plain"}
_PARTS = 20  # so that several workers can share the steps


def death_at(step: int) -> Fate:
    """The fate of a process that dies at its `step`th step; those after it live well."""
    places = count()

    def fate(name: str) -> Fault | None:
        return Fault.DEATH if name != STATEMENT and next(places) == step else None

    return fate


def test_the_day_has_a_step_for_everything(empty):
    outcome, steps = live(empty())
    kinds = {step.split(" of ")[0] for step in steps}
    assert outcome.verdict == []
    assert kinds >= {COMMITTING, COMMITTED, "before a call", "after a call", "before a look", "before the fetch"}
    assert len(steps) > 200


@pytest.mark.parametrize("part", range(_PARTS))
def test_a_death_at_any_step_neither_doubles_nor_loses(empty, part):
    _, steps = live(empty())
    for step in range(part, len(steps), _PARTS):
        outcome, _ = live(empty(), death_at(step))
        assert outcome.deaths == 1
        assert outcome.verdict == [], f"it died {steps[step]}, at step {step}"


@pytest.mark.parametrize(
    ("sender", "says"), [(SendsThenRecords, "TWICE"), (RecordsThenSends, "LOST")], ids=["doubles", "loses"]
)
def test_the_judge_sees_what_a_naive_sender_does(empty, sender, says):
    """Without trouble both do well; each fails as soon as it dies in the wrong moment."""

    def verdicts(step: int | None = None) -> list[str]:
        fate = kindly if step is None else death_at(step)
        outcome, _ = live(empty(), fate, CALM, sender)
        return [sentence for sentence in outcome.verdict if sentence.startswith(("TWICE", "LOST"))]

    assert verdicts() == []
    _, steps = live(empty(), kindly, CALM, sender)
    bad = [step for step, name in enumerate(steps) if name == _WRONG_MOMENTS[sender]]
    assert bad and all(any(says in sentence for sentence in verdicts(step)) for step in bad)


@pytest.mark.parametrize("part", range(_PARTS))
def test_nor_on_postgresql(postgres, part):
    """Every third step in all."""
    with postgres.ledger() as url:
        _, steps = live(url)
    for step in range(3 * part, len(steps), 3 * _PARTS):
        with postgres.ledger() as url:
            outcome, _ = live(url, death_at(step))
        assert outcome.deaths == 1
        assert outcome.verdict == [], f"it died {steps[step]}, at step {step}"


def drop_at(statement: int) -> Fate:
    """The fate of a process whose database drops the connection at its `statement`th statement."""
    places = count()

    def fate(name: str) -> Fault | None:
        return Fault.DROPPED if name == STATEMENT and next(places) == statement else None

    return fate


@pytest.mark.parametrize("first", range(5))
def test_a_connection_that_is_dropped_at_a_statement_neither_doubles_nor_loses(postgres, first):
    """Every twenty-fourth statement of the day in all."""
    for statement in range(24 * first, 480, 120):
        with postgres.ledger() as url:
            outcome, _ = live(url, drop_at(statement))
        assert outcome.verdict == [], f"statement {statement}"
