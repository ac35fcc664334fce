"""Statements compiled once for all ledgers. SQLAlchemy keeps them for each engine, and a test that opens a ledger of
its own would spend a third of its time on making them anew."""

from __future__ import annotations

from functools import partial
from typing import Any

from sqlalchemy import create_engine

from crosspost.ledger import database


class _Compiled(dict[Any, Any]):
    """They differ by the kind of database only, so that stands in the key here."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_by_kind(key), default)

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(_by_kind(key), value)


def _by_kind(key: Any) -> Any:
    dialect, *rest = key
    return type(dialect), *rest


def share() -> None:
    """Let every ledger that this process opens from now on use the same ones."""
    database.create_engine = partial(create_engine, execution_options={"compiled_cache": _Compiled()})  # type: ignore[attr-defined]
