from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crosspost.sandbox import Sandbox, app
from tests.loopback import serve


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self):
        self.now = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    def __call__(self):
        return self.now

    def move(self, **by):
        self.now += timedelta(**by)


class Stage:
    """One server for all tests; each test puts its own app on it."""

    app = None

    async def __call__(self, scope, receive, send):
        await self.app(scope, receive, send)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def sandbox(clock):
    sandbox = Sandbox(clock=clock)
    yield sandbox
    sandbox.close()


@pytest.fixture(scope="session")
def stage():
    stage = Stage()
    with serve(stage) as stage.address:
        yield stage


@pytest.fixture
def address(stage, sandbox):
    stage.app = app(sandbox)
    return stage.address
