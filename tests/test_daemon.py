"""When the daemon asks feeds: a watcher that only says when it wants to be asked next, and the real scheduler."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from crosspost import daemon
from crosspost.assemble import System
from crosspost.clock import now
from crosspost.gate import Feed

HOUR = timedelta(hours=1)
GONE = OperationalError("", {}, Exception("the server is gone"))


def feed(name: str, every: timedelta = HOUR) -> Feed:
    return Feed(name, f"https://site.example/{name}", "", None, "skip", 20, (), every)


@dataclass
class Plans:
    """Stands for the watcher. `first` and `then`: seconds until a feed is to be asked at the start and after each
    poll; an exception is raised instead."""

    first: dict[str, float]
    then: dict[str, list[float | Exception]] = field(default_factory=dict)
    trouble: list[Exception] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    planned: int = 0
    finished: bool = False
    cancelled: list[str] = field(default_factory=list)
    slow: frozenset[str] = frozenset()

    async def times(self, feeds: Iterable[Feed]) -> dict[str, datetime]:
        self.planned += 1
        if self.trouble:
            raise self.trouble.pop()
        return {one.name: now() + timedelta(seconds=self.first[one.name]) for one in feeds}

    async def poll(self, one: Feed) -> datetime:
        self.asked.append(one.name)
        if one.name in self.slow:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                self.cancelled.append(one.name)
                raise
        answers = self.then.get(one.name, [])
        answer = answers.pop(0) if answers else 3600.0
        if isinstance(answer, Exception):
            raise answer
        return now() + timedelta(seconds=answer)

    async def finish(self) -> None:
        self.finished = True


def work(
    monkeypatch: pytest.MonkeyPatch,
    plans: Plans,
    until: Callable[[], bool],
    *feeds: Feed,
    drift: list[float] | None = None,
) -> None:
    """Let a shift work until something is so, and a moment longer."""
    monkeypatch.setattr(daemon, "_BEAT", 0.02)
    if drift is not None:
        monkeypatch.setattr(daemon, "_drift", lambda: drift[0])
    watched = feeds or tuple(feed(name) for name in plans.first)
    config: Any = SimpleNamespace(delivery=SimpleNamespace(timeout=HOUR))
    ledger: Any = SimpleNamespace(beat=lambda _owner: None, busy_channels=frozenset, put_right=lambda: None)
    system: Any = System(plans, watched, {})  # type: ignore[arg-type]

    async def run() -> None:
        stopping = asyncio.Event()
        shift = asyncio.create_task(daemon._Shift(config, system, ledger, Any, stopping).work())  # type: ignore[arg-type]
        deadline = asyncio.get_running_loop().time() + 30
        while not until() and asyncio.get_running_loop().time() < deadline:  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        stopping.set()
        await shift
        assert until()

    asyncio.run(run())
    assert plans.finished


def test_feeds_are_asked_when_their_time_has_come_and_then_when_the_watcher_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plans = Plans({"now": 0, "soon": 0.2, "later": 3600}, {"now": [0.05, 0.05]})
    work(monkeypatch, plans, lambda: plans.asked.count("now") == 3 and "soon" in plans.asked)
    assert sorted(plans.asked) == ["now", "now", "now", "soon"]


@pytest.mark.parametrize("trouble", [GONE, KeyError("a defect")], ids=["the ledger is gone", "a defect"])
def test_a_feed_whose_poll_breaks_is_asked_again_after_every(
    monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    plans = Plans({"quick": 0, "slow": 0}, {"quick": [trouble, 3600.0], "slow": [trouble]})
    feeds = (feed("quick", timedelta(seconds=0.5)), feed("slow"))
    work(monkeypatch, plans, lambda: plans.asked.count("quick") == 2, *feeds)
    assert sorted(plans.asked) == ["quick", "quick", "slow"]


def test_a_time_that_has_come_before_the_poll_ended_loses_no_feed(monkeypatch: pytest.MonkeyPatch) -> None:
    plans = Plans({"one": 0}, {"one": [-5, -5]})
    work(monkeypatch, plans, lambda: len(plans.asked) == 3, feed("one", timedelta(seconds=0.2)))


def test_a_ledger_that_cannot_tell_the_times_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    plans = Plans({"one": 0}, trouble=[GONE, GONE])
    work(monkeypatch, plans, lambda: "one" in plans.asked)
    assert plans.planned == 3


@pytest.mark.parametrize("jump", [86_400.0, -86_400.0], ids=["forward", "back"])
def test_a_clock_that_jumps_has_all_feeds_planned_anew(monkeypatch: pytest.MonkeyPatch, jump: float) -> None:
    plans, drift = Plans({"one": 3600}), [0.0]

    def jumped() -> bool:
        if plans.planned == 1:
            plans.first["one"] = 0
            drift[0] = jump
        return "one" in plans.asked

    work(monkeypatch, plans, jumped, drift=drift)
    assert plans.planned == 2


def test_a_stop_gives_up_what_is_being_asked_and_plans_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    plans = Plans({"slow": 0, "one": 0}, slow=frozenset({"slow"}))
    work(monkeypatch, plans, lambda: len(plans.asked) == 2)
    assert plans.cancelled == ["slow"]


def test_a_thousand_feeds_at_once_are_all_asked_and_none_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    plans = Plans({f"f{number}": 0 for number in range(1000)})
    work(monkeypatch, plans, lambda: len(plans.asked) >= 1000)
    assert len(plans.asked) == len(set(plans.asked)) == 1000


def test_what_the_ledger_refuses_is_said_once_and_tried_again_ever_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """A try may upload pictures anew, so a night with a full disk may not be one a second."""
    seconds = [0.0]
    monkeypatch.setattr(daemon.time, "monotonic", lambda: seconds[0])
    refusals, tries = daemon._Refusals(), 0
    with capture_logs() as log:
        for seconds[0] in range(8 * 3600):
            if not refusals.rests(channel="x_en"):
                tries += 1
                refusals.note(GONE, channel="x_en")
        assert not refusals.rests(channel="vk_ru") and not refusals.rests()
        assert tries < 500
        refusals.note(OperationalError("", {}, Exception("database or disk is full")), channel="x_en")
    assert [line["why"] for line in log] == ["the server is gone", "database or disk is full"]
    assert refusals.forget(channel="x_en") and not refusals.forget(channel="x_en")
    assert not refusals.rests(channel="x_en")
