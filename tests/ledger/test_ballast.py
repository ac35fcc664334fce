"""The ballast: real room, given up for what a call came to and for nothing else."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable

import pytest
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from crosspost.ledger.ballast import SIZE, Ballast


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ledger.db.ballast"


@pytest.fixture
def ballast(tmp_path):
    return Ballast(tmp_path / "ledger.db")


def refusing(*reasons: str) -> Callable[[], str]:
    """An act that the database refuses for each of the reasons, and then takes."""
    left = list(reasons)

    def act() -> str:
        if left:
            raise OperationalError("UPDATE posts", {}, Exception(left.pop(0)))
        return "written"

    return act


def no_posix_fallocate(monkeypatch):
    monkeypatch.delattr(os, "posix_fallocate")


def as_it_is(monkeypatch):
    pass


@pytest.mark.parametrize("system", [as_it_is, no_posix_fallocate])
@pytest.mark.parametrize("left", [None, 1_000_000], ids=["no file", "a part of one"])
def test_it_takes_up_its_room(monkeypatch, ballast, path, system, left):
    system(monkeypatch)
    if left:
        path.write_bytes(bytes(left))
    assert ballast.lay()
    assert path.stat().st_size == SIZE
    assert path.stat().st_blocks * 512 >= SIZE


def test_a_ballast_that_was_copied_with_holes_takes_up_its_room_too(ballast, path):
    with path.open("wb") as file:
        file.truncate(SIZE)
    assert ballast.lay()
    assert path.stat().st_blocks * 512 >= SIZE


@pytest.mark.parametrize("why", ["database or disk is full", "disk I/O error"])  # the latter for a quota
def test_it_is_given_up_for_a_write_that_the_disk_refuses(ballast, path, why):
    ballast.lay()
    assert ballast.spare(refusing(why)) == "written"
    assert not path.exists()
    assert ballast.lay() and path.exists()


def test_it_is_given_up_for_nothing_else(ballast, path):
    ballast.lay()
    with pytest.raises(OperationalError, match="locked"):
        ballast.spare(refusing("database is locked"))
    assert path.exists()


def test_a_write_that_is_refused_even_then_fails(ballast, path):
    ballast.lay()
    with pytest.raises(OperationalError, match="disk is full"):
        ballast.spare(refusing(*["database or disk is full"] * 2))
    assert not path.exists()


def test_another_thread_that_comes_too_late_for_it_writes_in_its_place_too(ballast):
    ballast.lay()
    ballast.spare(refusing("database or disk is full"))
    assert ballast.spare(refusing("database or disk is full")) == "written"


def fails(number: int) -> Callable[..., None]:
    def posix_fallocate(*_: int) -> None:
        raise OSError(number, os.strerror(number))

    return posix_fallocate


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_without_room_for_it_none_lies_and_half_a_one_does_not_stay(monkeypatch, ballast, path, number):
    monkeypatch.setattr(os, "posix_fallocate", fails(number))
    with capture_logs() as log:
        assert not ballast.lay() and not ballast.lay()
    assert not path.exists()
    assert [line["event"] for line in log] == ["disk.full"]
    monkeypatch.undo()
    assert ballast.lay()


def test_a_file_system_that_can_promise_no_room_is_told_and_works_without(monkeypatch, ballast, path):
    monkeypatch.setattr(os, "posix_fallocate", fails(errno.EOPNOTSUPP))
    with capture_logs() as log:
        assert ballast.lay() and ballast.lay()
    assert not path.exists()
    assert [line["event"] for line in log] == ["ledger.unballasted"]


def test_a_disk_that_has_become_read_only_says_so_by_the_ledgers_own_error(monkeypatch, ballast):
    def unlink(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    ballast.lay()
    monkeypatch.setattr(type(ballast._ledger), "unlink", unlink)
    with pytest.raises(OperationalError, match="disk I/O error"):
        ballast.spare(refusing(*["disk I/O error"] * 2))


def test_postgresql_has_none():
    ballast = Ballast(None)
    assert ballast.lay()
    with pytest.raises(OperationalError, match="disk is full"):
        ballast.spare(refusing("could not extend file: disk is full"))
