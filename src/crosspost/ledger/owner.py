"""Who works with a ledger: one owner at a time, known by a lock that dies with its process."""

from __future__ import annotations

import fcntl
import os
import socket
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from crosspost.errors import LedgerError
from crosspost.ledger.database import sqlite_path
from crosspost.ledger.tables import owners

# Any fixed number: advisory locks are counted per database, and a database holds one ledger.
_ADVISORY_LOCK = 0x63726F7373706F73


class AlreadyOwned(LedgerError):
    """Another crosspost works with this ledger."""


@dataclass(frozen=True, slots=True)
class Owner:
    """A living owner: its id, and `holds`, which tells whether its lock still stands."""

    id: str
    holds: Callable[[], bool]


@contextmanager
def own(engine: Engine, command: str, clock: Callable[[], datetime]) -> Iterator[Owner]:
    """Own the ledger for as long as the context lasts. Raises `AlreadyOwned` with who runs."""
    with _lock(engine) as holds:
        owner = Owner(str(uuid.uuid4()), holds)
        now = clock()
        with engine.begin() as connection:
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
        try:
            yield owner
        finally:
            beat(engine, owner, clock(), ended=True)


def beat(engine: Engine, owner: Owner, now: datetime, *, ended: bool = False) -> None:
    """Record that the owner lives, or that it ends well."""
    values = {"beat_at": now, "ended_at": now} if ended else {"beat_at": now}
    with engine.begin() as connection:
        connection.execute(update(owners).where(owners.c.id == owner.id).values(values))


def is_owned(engine: Engine) -> bool:
    """Whether somebody owns the ledger at this moment."""
    try:
        with _lock(engine):
            return False
    except AlreadyOwned:
        return True


@contextmanager
def _lock(engine: Engine) -> Iterator[Callable[[], bool]]:
    path = sqlite_path(engine)
    if path is None:
        with _advisory_lock(engine) as holds:
            yield holds
    else:
        with _file_lock(engine, path.with_name(path.name + ".lock")):
            yield lambda: True


@contextmanager
def _file_lock(engine: Engine, path: Path) -> Iterator[None]:
    try:
        file = path.open("a")
    except OSError as error:
        raise LedgerError(f"The lock file {path} cannot be opened: {error.strerror}.") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyOwned(_who(engine)) from None
        yield


@contextmanager
def _advisory_lock(engine: Engine) -> Iterator[Callable[[], bool]]:
    # A session-level lock lives as long as its connection, so that one is kept for it alone.
    connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    try:
        if not connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _ADVISORY_LOCK}).scalar():
            raise AlreadyOwned(_who(engine))
        yield lambda: _answers(connection)
    finally:
        connection.invalidate()  # close for good rather than return a locked connection to the pool
        connection.close()


def _answers(connection: Connection) -> bool:
    try:
        connection.execute(text("SELECT 1"))
    except DBAPIError:
        return False
    return True


def _who(engine: Engine) -> str:
    with engine.connect() as connection:
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
