"""The sandbox's server, shared with the tests of the adapters, and channels on it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from crosspost.ledger import Ledger
from crosspost.sandbox import Sandbox, app
from tests.fakes import Clock
from tests.ledger.conftest import migrated_file
from tests.platforms.conftest import _no_waiting, stand
from tests.torture.channel import Lane

__all__ = ["_no_waiting", "migrated_file", "stand"]


@pytest.fixture
def clock() -> Clock:
    """By the real time at first: the platforms' libraries sign, and the server dates its answers, by that."""
    return Clock(datetime.now(UTC))


@pytest.fixture
def sandbox(stand, clock) -> Iterator[Sandbox]:
    sandbox = Sandbox(clock=clock)
    stand[0].app = app(sandbox)
    yield sandbox
    sandbox.close()


@pytest.fixture
def lane(stand, sandbox, clock, migrated_file, tmp_path) -> Iterator[Callable[..., Lane]]:
    ledger = Ledger(f"sqlite:///{shutil.copy(migrated_file, tmp_path)}", clock)
    lanes = []

    def build(platform: str, *faults: str, patience: float = 5, breaker: int = 0) -> Lane:
        lanes.append(Lane(platform, ledger, sandbox, stand[1], clock, patience=patience, breaker=breaker))
        lanes[-1].fail(*faults)
        return lanes[-1]

    yield build
    for one in lanes:
        one.publisher.close()
    ledger.close()
