"""Opening a ledger: it stands ready, or one sentence says why not, what is wrong, and what to do."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import sqlite3
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from crosspost.errors import LedgerError, LedgerUnavailable
from crosspost.ledger import Ledger, database


def opens(url, clock):
    Ledger(url, clock).close()


def pragma(ledger, name):
    with ledger.reading() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


# SQLite is set up to lose nothing


EXTRA = 3


def promised(database_name):
    """The settings that the manual names for a database, on which its word about a power cut stands."""
    manual = Path(__file__).parents[2] / "docs" / "operations.md"
    (row,) = (line for line in manual.read_text().splitlines() if line.startswith(f"| {database_name} |"))
    return dict(re.findall(r"`(\w+)=(\w+)`", row.split("|")[2]))


def each_connection(ledger):
    """Those that write and those that only look, several at a time: each is one of its own."""
    with ledger.reading() as one, ledger.engine.begin() as two, ledger.reading() as three:
        yield from (one, two, three)


def test_every_connection_to_sqlite_has_the_settings_that_the_manual_names(file_ledger):
    settings = promised("SQLite")
    assert settings == {"synchronous": "EXTRA", "journal_mode": database.journal_mode(), "foreign_keys": "ON"}
    values = {"synchronous": EXTRA, "journal_mode": database.journal_mode().lower(), "foreign_keys": 1}
    for connection in each_connection(file_ledger):
        assert {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in settings} == values


@pytest.mark.parametrize(
    ("server_has", "connection_has"),
    [("off", "on"), ("on", "on"), ("local", "local"), ("remote_write", "remote_write"), ("remote_apply",) * 2],
)
def test_every_connection_to_postgresql_waits_for_the_disk(postgres, clock, server_has, connection_has):
    assert promised("PostgreSQL") == {"synchronous_commit": "on"}
    with postgres.ledger() as url:
        ledger = Ledger(f"{url}&options=-c%20synchronous_commit%3D{server_has}", clock)
        for connection in each_connection(ledger):
            assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == connection_has
        ledger.close()


@pytest.mark.parametrize(
    ("version", "mode"), [((3, 53, 0), "WAL"), ((3, 51, 3), "WAL"), ((3, 51, 2), "DELETE"), ((3, 40, 1), "DELETE")]
)
def test_the_write_ahead_log_is_used_only_where_sqlite_keeps_its_commits(monkeypatch, version, mode):
    class Library:
        sqlite_version_info = version

    monkeypatch.setattr(database, "sqlite_module", lambda: Library)
    assert database.journal_mode() == mode


def test_a_ledger_without_the_write_ahead_log_works_too(monkeypatch, tmp_path, clock):
    monkeypatch.setattr(database, "journal_mode", lambda: "DELETE")
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}", clock)
    assert pragma(ledger, "journal_mode") == "delete"
    assert pragma(ledger, "synchronous") == EXTRA
    ledger.close()


def test_the_newer_of_two_sqlite_libraries_is_used():
    newest = max(module.sqlite_version_info for module in (sqlite3, database._newer_sqlite) if module is not None)
    assert database.sqlite_module().sqlite_version_info == newest


def test_the_ledgers_folder_is_made(tmp_path, clock):
    opens(f"sqlite:///{tmp_path / 'not' / 'yet' / 'ledger.db'}", clock)
    assert (tmp_path / "not" / "yet" / "ledger.db").exists()


# What cannot be a ledger


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "mysql://localhost/x",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite+aiosqlite:///x.db",
        "postgresql+asyncpg://localhost/x",
        "postgresql+psycopg2://localhost/x",
        "postgresql+psycopg://localhost:port/x",
        "",
    ],
)
def test_an_address_that_is_none_is_refused_with_one_that_would_be(url, clock):
    with pytest.raises(LedgerError, match=r"sqlite:///PATH or postgresql\+psycopg://"):
        opens(url, clock)


def text_file(path):
    path.write_text("Dear diary, this is no database at all.\n" * 100)


def damaged(path):
    opens(f"sqlite:///{path}", None)
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + b"\xaa" * (len(whole) - 100))


def cut_short(path):
    opens(f"sqlite:///{path}", None)
    path.write_bytes(path.read_bytes()[:6000])


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (text_file, "file is not a database"),
        (damaged, "malformed"),
        (cut_short, "malformed"),
        (Path.mkdir, "unable to open database file"),
    ],
    ids=["a text file", "damaged", "cut short", "a folder"],
)
def test_a_file_that_is_no_ledger_is_refused_and_left_alone(tmp_path, clock, make, said):
    path = tmp_path / "ledger.db"
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(LedgerError, match=rf"ledger\.db cannot be used: .*{said}.*Nothing was changed"):
        opens(f"sqlite:///{path}", clock)
    assert (path.read_bytes() if path.is_file() else None) == before


@contextmanager
def as_nobody():
    """Root may write everything; for a while, be somebody who may not."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(pwd.getpwnam("nobody").pw_uid)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder():
    """A folder that everybody may look into; pytest's own is its user's alone."""
    folder = Path(tempfile.mkdtemp(prefix="crosspost-"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_a_ledger_in_a_folder_that_may_not_be_written_is_refused(open_folder, clock):
    open_folder.chmod(0o555)
    with as_nobody(), pytest.raises(LedgerError, match="unable to open database file"):
        opens(f"sqlite:///{open_folder / 'ledger.db'}", clock)


def test_a_folder_that_cannot_be_made_is_named(open_folder, clock):
    open_folder.chmod(0o555)
    with as_nobody(), pytest.raises(LedgerError, match=r"folder .*/data cannot be made: Permission denied"):
        opens(f"sqlite:///{open_folder / 'data' / 'ledger.db'}", clock)


def test_a_new_ledger_in_a_file_that_may_not_be_written_is_refused(open_folder, clock):
    path = open_folder / "ledger.db"
    path.touch()
    path.chmod(0o444)
    with as_nobody(), pytest.raises(LedgerError, match=r"readonly database|unable to open"):
        opens(f"sqlite:///{path}", clock)


# PostgreSQL


def test_a_server_that_is_not_there_is_named_without_its_password(clock):
    refused = r"u:\*\*\*@127\.0\.0\.1:1/db cannot be used: .*refused"
    with pytest.raises(LedgerUnavailable, match=refused) as caught:  # it may be there in a moment
        opens("postgresql+psycopg://u:s3kret@127.0.0.1:1/db?password=s3kret", clock)
    assert "s3kret" not in str(caught.value)


def test_a_database_that_is_not_there_is_named(postgres, clock):
    with pytest.raises(LedgerError, match='database "nowhere" does not exist'):
        opens(postgres.url("nowhere"), clock)
