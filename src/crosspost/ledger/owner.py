"""Who works with a ledger: one owner at a time, known by a lock that dies with its process."""

from __future__ import annotations

import fcntl
import os
import socket
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, Engine, delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from crosspost.errors import LedgerError
from crosspost.ledger.ballast import Ballast
from crosspost.ledger.database import reading, sqlite_path
from crosspost.ledger.tables import owners

# Any fixed number: advisory locks are counted per database, and a database holds one ledger.
_ADVISORY_LOCK = 0x63726F7373706F73
_REMEMBERED = timedelta(days=30)  # for people; nothing asks for older owners
_WAITS = (0.0, 0.05, 0.1, 0.2)  # seconds; `is_owned` holds the lock for a moment


class AlreadyOwned(LedgerError):
    """Another crosspost works with this ledger."""


@dataclass(frozen=True, slots=True)
class Owner:
    """A living owner: its id, and `holds`, which tells whether its lock still stands."""

    id: str
    holds: Callable[[], bool]


@contextmanager
def own(engine: Engine, command: str, clock: Callable[[], datetime], ballast: Ballast) -> Iterator[Owner]:
    """Own the ledger for as long as the context lasts. Raises `AlreadyOwned` with who runs.

    On a full disk it begins in the place of the ballast, so that it goes on by itself when there is room.
    """
    with _lock(engine) as holds:
        owner = Owner(str(uuid.uuid4()), holds)
        ballast.spare(lambda: _begin(engine, owner, command, clock()))
        try:
            yield owner
        finally:
            # The row is for people, the lock decides: where the database is gone, its error would hide the first one.
            with suppress(DBAPIError):
                beat(engine, owner, clock(), ended=True)


def _begin(engine: Engine, owner: Owner, command: str, now: datetime) -> None:
    with engine.begin() as connection:
        # Whoever has not ended by now was killed, since the lock was free.
        killed = update(owners).where(owners.c.ended_at.is_(None))
        connection.execute(killed.values(ended_at=owners.c.beat_at))
        # A pass every minute must not make each start slower than the one before.
        connection.execute(delete(owners).where(owners.c.ended_at < now - _REMEMBERED))
        connection.execute(
            insert(owners).values(
                id=owner.id,
                host=socket.gethostname(),
                pid=os.getpid(),
                command=command,
                started_at=now,
                beat_at=now,
            )
        )


def beat(engine: Engine, owner: Owner, now: datetime, *, ended: bool = False) -> None:
    """Record that the owner lives, or that it ends well."""
    values = {"beat_at": now, "ended_at": now} if ended else {"beat_at": now}
    with engine.begin() as connection:
        connection.execute(update(owners).where(owners.c.id == owner.id).values(values))


def is_owned(engine: Engine) -> bool:
    """Whether somebody owns the ledger at this moment."""
    try:
        see_free(engine)
    except AlreadyOwned:
        return True
    return False


def see_free(engine: Engine) -> None:
    """Raises `AlreadyOwned` with who runs, if somebody owns the ledger at this moment."""
    with _lock(engine, shared=True):
        pass


def keep_off(ledger: Path) -> AbstractContextManager[Callable[[], bool]]:
    """Keep everybody from owning the SQLite ledger at this path, which may be damaged or not there. Raises
    `AlreadyOwned`."""
    return _file_lock(ledger, False, lambda: "Another crosspost works with this ledger; stop it first.")


def _lock(engine: Engine, *, shared: bool = False) -> AbstractContextManager[Callable[[], bool]]:
    """The lock, and whether it still stands. A `shared` one only asks: those who ask do not see one another."""
    path = sqlite_path(engine)
    return _advisory_lock(engine, shared) if path is None else _file_lock(path, shared, lambda: _who(engine))


@contextmanager
def _file_lock(ledger: Path, shared: bool, who: Callable[[], str]) -> Iterator[Callable[[], bool]]:
    path = ledger.with_name(ledger.name + ".lock")
    with _opened(path) as file:
        if not _patiently(lambda: _flock(file, shared), shared):
            raise AlreadyOwned(who())
        yield lambda: _is_at(file, path)


def _opened(path: Path) -> IO[str]:
    try:
        return path.open("a")
    except OSError as error:
        raise LedgerError(f"The lock file {path} cannot be opened: {error.strerror}.") from error


def _flock(file: IO[str], shared: bool) -> bool:
    try:
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:  # some network file systems have no locks
        raise LedgerError(f"The lock file {file.name} cannot be locked: {error.strerror}.") from error
    return True


@contextmanager
def _advisory_lock(engine: Engine, shared: bool) -> Iterator[Callable[[], bool]]:
    # A session-level lock lives as long as its connection, so that one is kept for it alone.
    connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    kind = "_shared" if shared else ""
    take, give_back = text(f"SELECT pg_try_advisory_lock{kind}(:key)"), text(f"SELECT pg_advisory_unlock{kind}(:key)")
    key = {"key": _ADVISORY_LOCK}
    try:
        if not _patiently(lambda: bool(connection.execute(take, key).scalar()), shared):
            raise AlreadyOwned(_who(engine))
        try:
            yield lambda: _answers(connection)
        finally:
            # The server ends a closed session in its own time, and the next command shall not find its lock. Where the
            # connection is broken already, there is none.
            with suppress(SQLAlchemyError):
                connection.execute(give_back, key)
    finally:
        connection.invalidate()  # close for good rather than return a locked connection to the pool
        connection.close()


def _patiently(take: Callable[[], bool], shared: bool) -> bool:
    """Whether `take` succeeds; the owner-to-be waits a little for those who only ask."""
    for wait in (0.0,) if shared else _WAITS:
        time.sleep(wait)
        if take():
            return True
    return False


def _is_at(file: IO[str], path: Path) -> bool:
    """Whether nobody has removed the lock file: another process would make, and lock, a new one."""
    return path.exists() and os.path.samestat(os.fstat(file.fileno()), path.stat())


def _answers(connection: Connection) -> bool:
    try:
        connection.execute(text("SELECT 1"))
    except SQLAlchemyError:  # of a connection known to be broken, it is more than a DBAPIError
        return False
    return True


def _who(engine: Engine) -> str:
    with reading(engine) as connection:
        row = connection.execute(
            select(owners).where(owners.c.ended_at.is_(None)).order_by(owners.c.started_at.desc()).limit(1)
        ).first()
    if row is None:
        return "Another crosspost works with this ledger; stop it first."
    since = row.started_at.astimezone().strftime("%Y-%m-%d %H:%M")
    return (
        f"crosspost {row.command} already works with this ledger "
        f"(process {row.pid} on {row.host}, since {since}); stop it first, or let it do the work."
    )
