"""Opening the ledger's database: SQLite or PostgreSQL, brought to the newest schema."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from crosspost.errors import LedgerError, LedgerUnavailable
from crosspost.ledger import migrations
from crosspost.ledger.ballast import NO_BALLAST, Ballast

try:
    from pysqlite3 import dbapi2 as _newer_sqlite
except ImportError:  # no wheel for this machine: the system's own SQLite serves
    _newer_sqlite = None

# "The WAL-reset bug" (sqlite.org/wal.html): from 3.7.0 to 3.51.2 two connections can lose a commit.
_WAL_IS_SAFE_FROM = (3, 51, 3)
_BUSY_SECONDS = 30
_EXAMINED_UP_TO = 32_000_000  # bytes, at about 1.5 ms of CPU a megabyte
_LOCKED_PAUSE = 0.02
_POSTGRESQL = ("postgresql", "postgresql+psycopg")
_SQLITE = ("sqlite", "sqlite+pysqlite")
_FORMS = "sqlite:///PATH or postgresql+psycopg://USER:PASSWORD@HOST/DATABASE."


def connect(url: str, ballast: Ballast = NO_BALLAST) -> Engine:
    """An engine on the ledger at `url`, made or migrated where needed; on a full disk in the place of the ballast.

    Raises `LedgerError` when it cannot be used: no rights, damaged, or written by a newer version; `LedgerUnavailable`
    when there is no server at this moment, no room, or somebody who keeps it locked.
    """
    engine = _engine(url)
    try:
        ballast.spare(partial(migrations.upgrade, engine))
    except (DBAPIError, sqlite3.DatabaseError) as error:
        raise _kind(engine, error)(_sentence(url, error)) from error
    return engine


def _kind(engine: Engine, error: Exception) -> type[LedgerError]:
    """Whether the ledger is wrong, or only cannot be used at this moment."""
    if engine.dialect.name == "postgresql":
        passes = isinstance(error, OperationalError)
    else:
        passes = any(words in str(error) for words in ("database is locked", "disk is full"))
    return LedgerUnavailable if passes else LedgerError


def trouble(engine: Engine, error: DBAPIError) -> LedgerError:
    """What an error that came up in the midst of work means, in words."""
    return _kind(engine, error)(f"The ledger cannot be used just now: {error.orig}. Mend that and start again.")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection for looking only: one consistent view, no lock that a writer must wait for."""
    level = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    with engine.connect().execution_options(reading=True, **level) as connection:
        yield connection


def examine(engine: Engine) -> None:
    """Before work begins, look whether a SQLite file holds together; one too large for that is taken at its word.

    Opening alone reads a few pages of it. Raises `LedgerError` when it is damaged.
    """
    path = sqlite_path(engine)
    if path is None or path.stat().st_size > _EXAMINED_UP_TO:
        return
    with reading(engine) as connection:
        found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    if found != "ok":
        told = str(found).strip().splitlines()[-1]
        raise LedgerError(f"The ledger {path} is damaged ({told}). Nothing was changed; put its last backup there.")


def sqlite_path(engine: Engine) -> Path | None:
    """The SQLite file behind `engine`, every link resolved; None on PostgreSQL."""
    if engine.dialect.name != "sqlite" or not engine.url.database:
        return None
    return Path(engine.url.database).resolve()


def file_of(url: str) -> Path | None:
    """The SQLite file that `url` names, every link resolved; None for PostgreSQL. Raises `LedgerError`."""
    parsed = _parsed(url)
    return None if parsed.drivername in _POSTGRESQL else Path(parsed.database or "").resolve()


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:  # ValueError: a port that is no number
        raise LedgerError(f"The database address cannot be read; write {_FORMS}") from error
    if parsed.drivername in _POSTGRESQL:
        return parsed
    if parsed.drivername not in _SQLITE or not parsed.database or parsed.database == ":memory:":
        raise LedgerError(f"The ledger needs a file or PostgreSQL: {_FORMS}")
    return parsed


def _engine(url: str) -> Engine:
    parsed = _parsed(url)
    if parsed.drivername in _POSTGRESQL:
        engine = create_engine(parsed, pool_pre_ping=True)
        event.listen(engine, "connect", _set_up_postgresql)
        return engine
    _make_folder(Path(parsed.database or "").parent)
    engine = create_engine(parsed, module=sqlite_module(), connect_args={"timeout": _BUSY_SECONDS})
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LedgerError(f"The ledger's folder {folder} cannot be made: {error.strerror}.") from error


def sqlite_module() -> ModuleType:
    """The SQLite library to use: the newer of what the system and pysqlite3 offer."""
    if _newer_sqlite is not None and _newer_sqlite.sqlite_version_info > sqlite3.sqlite_version_info:
        return _newer_sqlite  # type: ignore[no-any-return]
    return sqlite3


def journal_mode() -> str:
    """WAL, unless this machine's SQLite is inside the WAL-reset bug's range."""
    return "WAL" if sqlite_module().sqlite_version_info >= _WAL_IS_SAFE_FROM else "DELETE"


def _set_up_sqlite(connection: Any, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # transactions are begun by _begin_sqlite alone
    _set_journal_mode(connection)
    # EXTRA is FULL in WAL mode. In DELETE mode it also syncs the folder, without which a commit may be taken back.
    for pragma in ("synchronous=EXTRA", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _set_up_postgresql(connection: Any, _entry: ConnectionPoolEntry) -> None:
    """Wait for each commit to reach the disk, whatever the server thinks enough for others; more than that may stay."""
    on = "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
    connection.execute(on)
    connection.commit()  # what is set in a transaction goes with it


def _set_journal_mode(connection: Any) -> None:
    """On a new database two connections may change its mode at once, and there SQLite answers that it is locked
    without waiting as its time-out says. So we wait, as long as it would have."""
    give_up = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute(f"PRAGMA journal_mode={journal_mode()}")
            return
        except sqlite_module().OperationalError as error:
            if "locked" not in str(error) or time.monotonic() >= give_up:
                raise
        time.sleep(_LOCKED_PAUSE)


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its lock at once: a deferred one could fail half-way when another process writes.
    reading = connection.get_execution_options().get("reading", False)
    begin = "BEGIN" if reading else "BEGIN IMMEDIATE"
    error_of_driver = sqlite_module().Error
    try:
        # By the driver itself: by SQLAlchemy it takes as long as a statement that does something.
        connection.connection.driver_connection.execute(begin)  # type: ignore[union-attr]
    except error_of_driver as error:
        raise DBAPIError.instance(begin, None, error, error_of_driver) from error


def _sentence(url: str, error: Exception) -> str:
    shown = make_url(url).set(query={}).render_as_string(hide_password=True)  # a query may hold a password too
    reason = str(error.orig if isinstance(error, DBAPIError) else error).strip().partition("\n")[0].rstrip(".")
    return f"The ledger {shown} cannot be used: {reason}. Nothing was changed; mend that and start again."
