"""A disk that is full to the last byte at the moment that hurts: a small one, where a test may mount it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from crosspost.ledger import Ledger, ballast
from crosspost.post import State
from tests.torture.channel import FIRST, judge


@dataclass
class SmallDisk:
    folder: Path

    @property
    def ballast(self) -> Path:
        return self.folder / "ledger.db.ballast"

    def fill(self) -> None:
        with (self.folder / "filler").open("ab", buffering=0) as file, suppress(OSError):
            while file.write(bytes(4096)):
                pass

    def empty(self) -> None:
        (self.folder / "filler").unlink()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A disk of 12 MB at `tmp_path`; to be asked for before what lies there."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=12m", "crosspost", str(tmp_path)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("only root may mount a small disk, and not in every container")
    yield SmallDisk(tmp_path)
    subprocess.run(["umount", "--lazy", str(tmp_path)], check=True)


@pytest.fixture
def in_a_call(disk, lane, monkeypatch):
    """A channel with two posts due; the disk fills when the platform gets the first one's call. What comes of that?"""

    def make(*faults: str, without_ballast: bool = False):
        one = lane("x", *faults)
        one.bring(1, 2)
        answer = one.sandbox.saw

        def fill(*request: str) -> None:
            answer(*request)
            disk.fill()
            if without_ballast:
                disk.ballast.unlink()
                disk.fill()

        one.tick = _once_with(monkeypatch, one, fill)
        return one

    return make


def _once_with(monkeypatch, lane, saw):
    """The lane's tick, the first time with another ear for requests."""
    tick = lane.tick

    def first() -> None:
        lane.tick = tick
        with monkeypatch.context() as patched:
            patched.setattr(lane.sandbox, "saw", saw)
            tick()

    return first


OUTCOMES = {
    "sent": ("", State.SENT),
    "refused": ("duplicate", State.REFUSED),
    "throttled": ("429", State.DUE),
    "blocked": ("token-revoked", State.DUE),
    "in doubt": ("reset-after", State.UNSURE),
}


@pytest.mark.parametrize("case", OUTCOMES)
def test_what_a_call_came_to_is_recorded_in_the_place_of_the_ballast(disk, in_a_call, case):
    fault, state = OUTCOMES[case]
    lane = in_a_call(*filter(None, [fault]))
    for _ in range(3):
        lane.tick()
    assert [entry.state for entry in lane.posts()] == [state, State.DUE]
    assert not disk.ballast.exists()


def test_without_the_ballast_it_would_not_be(disk, in_a_call):
    lane = in_a_call(without_ballast=True)
    with pytest.raises(OperationalError, match="full"):
        lane.tick()
    assert lane.shown == [FIRST]
    assert lane.posts()[0].state is State.SENDING


def test_no_call_is_begun_until_there_is_room_for_another_ballast(disk, in_a_call):
    lane = in_a_call()
    with capture_logs() as log:
        for _ in range(5):
            lane.tick()
        assert lane.published() == 1
        disk.empty()
        lane.drive()
    judge(lane)
    assert disk.ballast.stat().st_size == ballast.SIZE
    warned = [line["event"] for line in log if line["log_level"] != "info"]
    assert warned == ["disk.full"]
    assert f"free 8 MB where {disk.folder / 'ledger.db'} lies" in str(log)


def test_the_write_ahead_log_goes_into_the_ledger_though_the_disk_is_full(disk, in_a_call):
    lane = in_a_call()
    lane.tick()
    with closing(lane.ledger.engine.raw_connection()) as connection:
        busy, written, moved = connection.driver_connection.execute("PRAGMA wal_checkpoint").fetchone()
    assert busy == 0 and written == moved > 0


def test_a_daemon_that_starts_on_a_full_disk_asks_no_platform(disk, lane):
    lane = lane("x")
    lane.bring(1, 2)
    disk.fill()
    with capture_logs() as log:
        for _ in range(5):
            lane.tick()
    assert lane.sandbox.requests("x") == []
    assert [line["event"] for line in log] == ["disk.full"]
    disk.empty()
    lane.drive()
    judge(lane)


def test_a_daemon_starts_in_the_place_of_the_ballast_and_waits_for_room(disk, lane, clock):
    lane = lane("x")
    lane.bring(1)
    assert lane.ledger.has_room() and not lane.ledger.lacks_room()
    lane.ledger.close()  # the last one takes the write-ahead log along, and a start needs one
    disk.fill()
    ledger = Ledger(f"sqlite:///{disk.folder / 'ledger.db'}", clock)
    with ledger.own("run") as owner:
        ledger.put_right()
        ledger.beat(owner)
        assert not ledger.has_room() and "free 8 MB" in ledger.lacks_room()
        disk.empty()
        assert ledger.has_room() and not ledger.lacks_room()
    ledger.close()


def test_an_intent_that_finds_no_room_is_not_sent_and_the_ballast_stays(disk, lane):
    lane = lane("x")
    lane.bring(1, 2)
    assert lane.ledger.has_room()
    disk.fill()
    with pytest.raises(OperationalError, match="full"):
        lane.tick()
    assert lane.sandbox.requests("x") == []
    assert disk.ballast.exists() and "free 8 MB" in lane.ledger.lacks_room()
    disk.empty()
    lane.drive()
    judge(lane)
