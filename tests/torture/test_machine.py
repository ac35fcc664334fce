"""The machine under crosspost: two daemons, signals, locks, a full disk, a ledger that is broken. Real processes."""

from __future__ import annotations

import asyncio
import os
import pwd
import resource
import shutil
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from crosspost import sandbox
from crosspost.ledger import database
from crosspost.post import State
from crosspost.sandbox import Sandbox
from crosspost.sandbox.faults import Faults
from tests.loopback import serve
from tests.torture.channel import judge
from tests.world import NewsSite, World, stop, until

SHORT = '[delivery]\nretry = ["2s"]\nconfirm_after = ["1s"]'


@dataclass
class Turnstile:
    """Stands before the platforms; what is programmed happens at the next publishing call, before it is processed."""

    app: ASGIApp
    then: Callable[[], object] | None = None
    holds: float = 0  # seconds that it keeps the call
    passed: threading.Event = field(default_factory=threading.Event)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("method") == "POST":
            if self.then is not None:
                self.then()
            self.passed.set()
            await asyncio.sleep(self.holds)
        await self.app(scope, receive, send)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[World, Turnstile]]:
    with turnstile_world(tmp_path) as made:
        yield made


@contextmanager
def turnstile_world(folder: Path) -> Iterator[tuple[World, Turnstile]]:
    site, platforms = NewsSite(), Sandbox()
    turnstile = Turnstile(sandbox.app(platforms))
    with serve(Starlette(routes=[Mount("/site", site.app), Mount("/", turnstile)])) as address:
        site.address = f"{address}/site"
        yield World(address, site, platforms, folder), turnstile
    platforms.close()


# Who works


def test_of_two_daemons_one_works_and_the_other_says_who(place):
    world, _ = place
    world.configure("x_en")
    daemons = [world.start("run") for _ in range(2)]
    try:
        until(lambda: any(daemon.poll() is not None for daemon in daemons), "one gives up")
        loser, winner = sorted(daemons, key=lambda daemon: daemon.poll() is None)
        _, told = loser.communicate()
        assert loser.returncode == 2 and f"(process {winner.pid} on" in told
        assert len(told.strip().splitlines()) == 1 and "Traceback" not in told
        assert f"(process {winner.pid} on" in world.run("once", ends_with=2)
        world.site.publish("One")
        until(lambda: world.texts("x") == ["One"], "the other one works")
    finally:
        for daemon in daemons:
            daemon.kill()
            daemon.communicate()


def test_sigterm_in_the_middle_of_a_call_finishes_that_post_and_takes_no_other(place):
    world, turnstile = place
    world.site.publish("One", "Two")
    world.configure("x_en")
    turnstile.holds = 1
    daemon = world.start("run")
    assert turnstile.passed.wait(40)
    stop(daemon)
    assert world.texts("x") == ["One"]
    assert world.states() == {("One", "x_en"): "sent", ("Two", "x_en"): "due"}
    turnstile.holds = 0
    world.run("once")
    assert world.texts("x") == ["One", "Two"]


# A disk that takes nothing more. The limit of file sizes does that to one process, for root too.


def fill_disk(process) -> None:
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))


def make_room(process) -> None:
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def test_an_intent_that_cannot_be_written_is_not_sent(place):
    world, _ = place
    world.site.publish("One")
    world.configure("vk_ru", more=SHORT)
    world.platforms.fail("vk", "error-9", times=float("inf"))  # so that it is begun again and again
    daemon = world.start("run")
    try:
        until(lambda: calls(world) >= 2, "it is tried again")
        fill_disk(daemon)
        time.sleep(1)  # for a call that was begun just before
        tried = calls(world)
        time.sleep(3)  # two seconds until the next try, and some beats
        assert daemon.poll() is None
        assert calls(world) == tried and world.texts("vk") == []
        world.platforms.faults = Faults()
        make_room(daemon)
        until(lambda: world.texts("vk") == ["One"], "it goes on by itself")
    finally:
        _, log = stop(daemon)
    assert log.count("event=ledger.failed channel=vk_ru") == 1 and "Traceback" not in log
    assert world.states() == {("One", "vk_ru"): "sent"}


def test_an_outcome_that_cannot_be_written_is_looked_up_when_there_is_room(place):
    world, turnstile = place
    world.site.publish("One")
    world.configure("x_en", more=SHORT)
    daemon = world.start("run")
    turnstile.then = lambda: fill_disk(daemon)
    try:
        until(lambda: world.texts("x") == ["One"], "X has it")
        time.sleep(2)
        assert world.states() == {("One", "x_en"): "sending"}
        make_room(daemon)
        until(lambda: world.states() == {("One", "x_en"): "sent"}, "it is found")
    finally:
        _, log = stop(daemon)
    assert world.texts("x") == ["One"]
    assert "event=ledger.failed" in log and "event=post.orphaned" in log


def calls(world: World) -> int:
    return world.platforms.requests("vk").count(("POST", "/method/wall.post"))


# A database that is locked


@pytest.fixture
def impatient(monkeypatch):
    """Ledgers that wait for a lock a moment instead of half a minute."""
    monkeypatch.setattr(database, "_BUSY_SECONDS", 0.1)


@pytest.fixture
def other(impatient, lane, tmp_path) -> Iterator[sqlite3.Connection]:
    """Somebody else's connection; by the same library, since two in one process do not see each other's locks."""
    opened = database.sqlite_module().connect(tmp_path / "ledger.db", isolation_level=None, check_same_thread=False)
    yield opened
    opened.close()


def test_while_another_holds_the_database_nothing_is_sent_and_then_all_is(other, lane):
    lane = lane("x")
    lane.bring(1, 2)
    other.execute("BEGIN IMMEDIATE")
    for _ in range(3):
        with pytest.raises(OperationalError, match="locked"):
            lane.tick()
    assert lane.sandbox.requests("x") == []
    other.execute("ROLLBACK")
    lane.drive()
    judge(lane)


def test_an_outcome_that_a_lock_keeps_from_the_ledger_is_looked_up(other, lane, monkeypatch):
    lane = lane("x")
    lane.bring(1, 2)
    answer = lane.sandbox.saw

    def lock(*request: str) -> None:
        answer(*request)
        if not other.in_transaction:
            other.execute("BEGIN IMMEDIATE")

    monkeypatch.setattr(lane.sandbox, "saw", lock)
    with pytest.raises(OperationalError, match="locked"):
        lane.tick()
    assert [entry.state for entry in lane.posts()] == [State.SENDING, State.DUE]
    monkeypatch.setattr(lane.sandbox, "saw", answer)
    other.execute("ROLLBACK")
    lane.drive()
    judge(lane)


# A ledger that is no longer one


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: 4096 * 3])


def flip_bits(path: Path) -> None:
    """In the middle of the file, where opening alone does not look."""
    whole = bytearray(path.read_bytes())
    middle = len(whole) // 2 // 4096 * 4096
    for place in range(middle, middle + 4096):
        whole[place] ^= 0x10
    path.write_bytes(whole)


def make_newer(path: Path) -> None:
    with database.sqlite_module().connect(path) as rows:
        rows.execute("UPDATE alembic_version SET version_num = '9999'")
    rows.close()
    for beside in path.parent.glob("crosspost.db-*"):
        beside.unlink()


def make_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    ("breaks", "said"),
    [
        (cut_short, "malformed"),
        (flip_bits, "is damaged"),
        (make_newer, "newer crosspost"),
        (make_folder, "unable to open"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_broken_ledger_is_refused_in_one_sentence_and_left_alone(place, breaks, said):
    world, _ = place
    world.site.publish("One")
    world.configure("x_en")
    world.run("once")
    ledger = world.folder / "data" / "crosspost.db"
    breaks(ledger)
    before = ledger.read_bytes() if ledger.is_file() else None
    world.site.publish("Two")
    for command in ("once", "run"):
        told = world.run(command, ends_with=2)
        assert said in told and len(told.strip().splitlines()) == 1
    assert (ledger.read_bytes() if ledger.is_file() else None) == before
    assert world.texts("x") == ["One"]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that somebody other than root may use; pytest's own is its user's alone."""
    folder = Path(tempfile.mkdtemp(prefix="crosspost-"))
    yield folder
    shutil.rmtree(folder)


def test_a_ledger_that_may_not_be_written_is_refused(open_folder):
    with turnstile_world(open_folder) as (world, _):
        world.site.publish("One")
        world.configure("x_en")
        world.run("once")
        ledger = world.folder / "data" / "crosspost.db"
        before = ledger.read_bytes()
        ledger.chmod(0o444)
        world.site.publish("Two")
        with somebody(open_folder):
            told = world.run("once", ends_with=2)
        assert "readonly database" in told and len(told.strip().splitlines()) == 1
        assert ledger.read_bytes() == before
        assert world.texts("x") == ["One"]


@contextmanager
def somebody(owns: Path) -> Iterator[None]:
    """Root may write everything; for a while, be somebody who may not, and who owns what is in the folder."""
    if os.geteuid() != 0:
        yield
        return
    nobody = pwd.getpwnam("nobody").pw_uid
    for path in (owns, *owns.rglob("*")):
        os.chown(path, nobody, -1)
    os.seteuid(nobody)
    try:
        yield
    finally:
        os.seteuid(0)
