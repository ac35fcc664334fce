"""One owner at a time, known by a lock that dies with its process."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, insert, text

from crosspost.errors import LedgerError, LedgerUnavailable
from crosspost.ledger import Ledger, owner, views
from crosspost.ledger.database import sqlite_path
from crosspost.ledger.owner import AlreadyOwned
from crosspost.ledger.tables import owners
from tests.fakes import NOON


@contextmanager
def another_process(url):
    """A process that owns the ledger."""
    process = subprocess.Popen(
        [sys.executable, Path(__file__).with_name("holder.py"), url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout.readline() == "owned\n"
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def second(ledger_url, clock):
    """Another crosspost on the same ledger."""
    opened = Ledger(ledger_url, clock)
    yield opened
    opened.close()


def test_the_owner_is_written_down_for_people(ledger, clock):
    with ledger.own("run") as mine:
        clock.advance(seconds=15)
        ledger.beat(mine)
        row = views.last_owner(ledger)
        assert (row.command, row.pid, row.host) == ("run", os.getpid(), socket.gethostname())
        assert (row.started_at, row.beat_at, row.ended_at) == (NOON, NOON + timedelta(seconds=15), None)
    assert views.last_owner(ledger).ended_at == NOON + timedelta(seconds=15)


def test_a_second_owner_is_refused_and_told_who_runs(ledger, second):
    with ledger.own("run"), pytest.raises(AlreadyOwned) as caught, second.own("once"):
        pass
    assert f"crosspost run already works with this ledger (process {os.getpid()} on" in str(caught.value)
    assert "stop it first" in str(caught.value)


def test_a_refused_owner_leaves_the_first_one_in_place(ledger, second):
    with ledger.own("run") as mine:
        with pytest.raises(AlreadyOwned), second.own("once"):
            pass
        ledger.beat(mine)
        assert views.last_owner(ledger).command == "run"


def test_the_ledger_is_free_when_its_owner_has_ended(ledger, second):
    for each in (ledger, second, ledger):
        with each.own("once"):
            pass


def test_the_ledger_is_free_when_its_owner_has_failed(ledger, second):
    with pytest.raises(ZeroDivisionError), ledger.own("once"):
        raise ZeroDivisionError
    with second.own("once"):
        pass


def test_looking_whether_it_is_owned_disturbs_nobody(ledger, second):
    assert not owner.is_owned(second.engine)
    with ledger.own("run") as mine:
        assert owner.is_owned(second.engine)
        ledger.beat(mine)
    assert not owner.is_owned(second.engine)


def test_a_lock_is_given_back_before_the_session_ends(ledger, second):
    """The server ends a closed session in its own time: on a busy one the next command would find the lock."""
    said: list[str] = []
    event.listen(ledger.engine, "before_cursor_execute", lambda _, __, statement, *___: said.append(statement))
    with pytest.raises(ZeroDivisionError), ledger.own("once"):
        raise ZeroDivisionError
    owner.see_free(second.engine)
    assert any("pg_advisory_unlock" in one for one in said) == (ledger.engine.dialect.name == "postgresql")


def test_who_must_not_come_between_is_told_who_runs(ledger, second):
    owner.see_free(second.engine)
    with ledger.own("run"), pytest.raises(AlreadyOwned, match="crosspost run already works with this ledger"):
        owner.see_free(second.engine)
    owner.see_free(second.engine)


def test_an_owner_to_be_waits_for_those_who_only_look(ledger, second, monkeypatch):
    looking = owner._lock(second.engine, shared=True)
    looking.__enter__()
    monkeypatch.setattr(owner.time, "sleep", lambda wait: wait and looking.__exit__(None, None, None))
    with ledger.own("run"):
        pass


def test_two_who_only_look_do_not_see_one_another(ledger, second):
    with owner._lock(second.engine, shared=True):
        assert not owner.is_owned(ledger.engine)


def test_a_second_process_is_refused_and_after_kill_9_the_ledger_is_free(ledger, ledger_url):
    with another_process(ledger_url) as process:
        with pytest.raises(AlreadyOwned, match=rf"crosspost run .*\(process {process.pid} on "), ledger.own("once"):
            pass
        process.send_signal(signal.SIGKILL)
        process.wait()
        while owner.is_owned(ledger.engine):  # PostgreSQL sees within milliseconds that its client is gone
            time.sleep(0.01)
        with ledger.own("once"):
            pass


def test_an_owner_that_was_killed_is_not_named_when_another_runs(ledger, second, clock):
    with ledger.engine.begin() as connection:
        later = clock() + timedelta(hours=1)  # by a clock that went wrong
        killed = {"id": "1", "host": "h", "pid": 1, "command": "run", "started_at": later, "beat_at": later}
        connection.execute(insert(owners).values(killed))
    with ledger.own("once"), pytest.raises(AlreadyOwned, match=f"crosspost once .*process {os.getpid()} on"):
        second.own("run").__enter__()


def test_an_owner_whose_lock_was_lost_is_told_at_its_next_beat(ledger):
    with ledger.own("run") as mine:
        lose(ledger)
        for _ in range(2):  # and it never comes back by itself
            with pytest.raises(LedgerUnavailable, match=r"lock on the ledger was lost.*start this one again"):
                ledger.beat(mine)


def lose(ledger):
    """Take the owner's lock away: somebody deletes the file, or the server drops the connection."""
    path = sqlite_path(ledger.engine)
    if path is not None:
        path.with_name(path.name + ".lock").unlink()
        return
    with ledger.engine.begin() as connection:
        connection.execute(text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"))


def test_a_lock_file_that_cannot_be_opened_is_named(file_ledger, tmp_path):
    (tmp_path / "ledger.db.lock").mkdir()
    with pytest.raises(LedgerError, match=r"ledger\.db\.lock cannot be opened: Is a directory"), file_ledger.own("run"):
        pass


def test_a_file_system_without_locks_is_told(file_ledger, monkeypatch):
    def no_locks(file, mode):
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(owner.fcntl, "flock", no_locks)
    with (
        pytest.raises(LedgerError, match=r"ledger\.db\.lock cannot be locked: No locks available"),
        file_ledger.own("run"),
    ):
        pass


def test_a_link_to_the_ledger_is_the_same_ledger(file_ledger, clock, tmp_path):
    (tmp_path / "link.db").symlink_to(tmp_path / "ledger.db")
    linked = Ledger(f"sqlite:///{tmp_path / 'link.db'}", clock)
    with file_ledger.own("run"), pytest.raises(AlreadyOwned), linked.own("run"):
        pass
    linked.close()
