"""Simulated lives, each told by its seed: nothing twice, nothing lost. Any number of them by `make soak`."""

from __future__ import annotations

import pytest

from tests.simulation.seeds import simulate
from tests.simulation.soak import told

_SEEDS, _PARTS = 100, 8  # parts, so that several workers can share the seeds
_ON_POSTGRESQL = range(_SEEDS, _SEEDS + 4)


@pytest.mark.parametrize("part", range(_PARTS))
def test_no_life_doubles_or_loses(empty, part):
    outcomes = {seed: simulate(seed, empty()) for seed in range(part, _SEEDS, _PARTS)}
    broken = [told(seed, outcome) for seed, outcome in outcomes.items() if outcome.verdict]
    assert broken == []
    # A simulation in which nothing happens proves nothing.
    for what in ("sent", "deaths", "faults"):
        assert sum(getattr(outcome, what) for outcome in outcomes.values()) > 0, what


@pytest.mark.parametrize("seed", _ON_POSTGRESQL)
def test_nor_on_postgresql(postgres, seed):
    with postgres.ledger() as url:
        outcome = simulate(seed, url)
    assert outcome.verdict == []


def test_a_seed_tells_the_same_life_again(empty):
    assert simulate(1, empty()) == simulate(1, empty())
