"""Copies of a ledger: a backup is a ledger of its own in an SQLite file, whichever database it was made from.

So a backup can be looked at with every command, and restored into either database: it is also the way from SQLite
to PostgreSQL and back.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, Engine, Integer, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from crosspost.errors import LedgerError
from crosspost.ledger import database
from crosspost.ledger.owner import keep_off
from crosspost.ledger.tables import articles, feeds, metadata, subscriptions

_ROWS = 1000  # read and written together
_COMPANIONS = ("", "-wal", "-shm", "-journal")


def backup(engine: Engine, file: Path) -> None:
    """Write the ledger as it is at this moment to `file`, beside a running daemon too; a half-written one never bears
    that name. Raises `LedgerError` when there is such a file already or it cannot be written."""
    if file.exists():
        raise LedgerError(f"{file} is there already, and no backup is written over; name another file.")
    part = file.with_name(file.name + ".part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        _remove(part)
        try:
            _copy_out(engine, part)
            _flush(part)
            part.rename(file)
            _flush(file.parent)
        finally:
            _remove(part)
    except (OSError, DBAPIError) as error:
        raise LedgerError(f"The backup {file} could not be written: {_reason(error)}.") from error


def restore(url: str, file: Path, now: datetime) -> Path | None:
    """Put the backup `file` in the place of the ledger at `url`, and give where the former SQLite file was moved to,
    if there was one.

    Every feed is read anew after this, and every channel is looked at before it gets what the backup does not know
    to be sent. Raises `LedgerError`: the backup is none, or damaged, or somebody works with the ledger; and
    PostgreSQL's must be empty.
    """
    with _migrated(file) as copy:
        path = database.file_of(url)
        if path is None:
            _fill(url, copy)
            return None
        with keep_off(path):
            return _replace(path, copy, now)


@contextmanager
def _migrated(file: Path) -> Iterator[Path]:
    """A copy of the backup, brought to the present schema and told that it is one."""
    if not file.is_file():
        raise LedgerError(f"There is no backup {file}.")
    with TemporaryDirectory(prefix="crosspost-") as folder:
        copy = Path(folder) / "ledger.db"
        try:
            shutil.copyfile(file, copy)
        except OSError as error:
            raise LedgerError(f"The backup {file} cannot be read: {_reason(error)}.") from error
        _must_be_ledger(copy, file)
        engine = database.connect(f"sqlite:///{copy}")
        with engine.begin() as connection:
            connection.execute(update(feeds).values(etag="", modified="", read_at=None, next_at=None))
            connection.execute(update(subscriptions).values(looked_at=None))
        _into_one_file(engine)
        yield copy


def _must_be_ledger(copy: Path, file: Path) -> None:
    """An empty or foreign file would become an empty ledger, which knows nothing of what was sent."""
    sqlite = database.sqlite_module()
    try:
        with closing(sqlite.connect(copy)) as connection:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            damage = [told for (told,) in connection.execute("PRAGMA integrity_check(1)") if told != "ok"]
    except sqlite.DatabaseError as error:
        raise LedgerError(f"{file} is no backup of a ledger, or a damaged one: {error}.") from error
    if damage:
        raise LedgerError(f"The backup {file} is damaged: {damage[0]}.")
    if not {"alembic_version", "articles", "posts", "marks"} <= tables:
        raise LedgerError(f"{file} is no backup of a ledger.")


def _replace(path: Path, copy: Path, now: datetime) -> Path | None:
    part = path.with_name(path.name + ".part")
    aside = path.with_name(f"{path.name}.before-{now:%Y%m%d-%H%M%S}") if path.exists() else None
    try:
        shutil.copyfile(copy, part)
        _flush(part)
        if aside is not None:
            for companion in _COMPANIONS:
                former = path.with_name(path.name + companion)
                if former.exists():
                    former.rename(aside.with_name(aside.name + companion))
        part.rename(path)
        _flush(path.parent)
    except OSError as error:
        kept = f" The former ledger is {aside}." if aside is not None and aside.exists() else ""
        raise LedgerError(f"The ledger {path} could not be put in place: {_reason(error)}.{kept}") from error
    return aside


def _fill(url: str, copy: Path) -> None:
    target, source = database.connect(url), database.connect(f"sqlite:///{copy}")
    try:
        with target.begin() as into, database.reading(source) as connection:
            if present := into.execute(select(func.count()).select_from(articles)).scalar():
                raise LedgerError(
                    f"The ledger there holds {present} articles; a backup goes into an empty database only. "
                    "Create one, and name it in the config's database."
                )
            _copy(connection, into)
    finally:
        source.dispose()
        target.dispose()


def _copy_out(engine: Engine, part: Path) -> None:
    target = database.connect(f"sqlite:///{part}")
    try:
        with database.reading(engine) as connection, target.begin() as into:
            _copy(connection, into)
    finally:
        _into_one_file(target)


def _copy(source: Connection, target: Connection) -> None:
    """Every row of every table, those that others point to first."""
    for table in metadata.sorted_tables:
        rows = source.execution_options(yield_per=_ROWS).execute(select(table))
        for some in rows.mappings().partitions():
            target.execute(insert(table), [dict(row) for row in some])
        if target.dialect.name == "postgresql" and "id" in table.c and isinstance(table.c.id.type, Integer):
            _count_on(target, table.name)


def _count_on(target: Connection, table: str) -> None:
    """PostgreSQL numbers new rows by a sequence that rows with a number of their own do not move."""
    newest = f"(SELECT max(id) FROM {table})"
    target.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), coalesce({newest}, 0) + 1, false)"))


def _into_one_file(engine: Engine) -> None:
    """End the use of a copy: what lies in its write-ahead log goes into the file that is moved."""
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA journal_mode=DELETE")
    finally:
        connection.close()
        engine.dispose()


def _flush(path: Path) -> None:
    """Bring a file, or a folder's entries, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(part: Path) -> None:
    for companion in _COMPANIONS:
        part.with_name(part.name + companion).unlink(missing_ok=True)


def _reason(error: OSError | DBAPIError) -> str:
    return str(error.orig) if isinstance(error, DBAPIError) else error.strerror or str(error)
