"""Inserts that say what happens to a row that is there already, which SQLAlchemy knows for each database apart."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite


def insert(table: Table, dialect: str) -> Any:
    """An insert into `table` with the methods `on_conflict_do_nothing` and `on_conflict_do_update`."""
    if dialect != "postgresql":
        return insert_on_sqlite(table)
    # Not at the top: a ledger on SQLite need not wait for PostgreSQL's dialect.
    from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql

    return insert_on_postgresql(table)
