"""What the ledger keeps of each feed. Feeds are read and written many at a time: there may be ten thousand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import fields
from functools import cache

from sqlalchemy import Connection, Insert, select

from crosspost.ledger import inserts
from crosspost.ledger.rows import FeedRow
from crosspost.ledger.tables import feeds, subscriptions

_COLUMNS = tuple(field.name for field in fields(FeedRow))
_ALL = select(*(feeds.c[name] for name in _COLUMNS))


@cache
def _put(dialect: str) -> Insert:
    statement = inserts.insert(feeds, dialect)
    now = {name: statement.excluded[name] for name in _COLUMNS if name != "name"}
    return statement.on_conflict_do_update(index_elements=[feeds.c.name], set_=now)  # type: ignore[no-any-return]


def read(connection: Connection) -> dict[str, FeedRow]:
    """Every feed the ledger knows, by name."""
    return {row[0]: FeedRow(*row) for row in connection.execute(_ALL)}


def joined(connection: Connection) -> dict[str, frozenset[str]]:
    """The channels that have read each feed before, by the feed's name."""
    found = defaultdict(set)
    for feed, channel in connection.execute(select(subscriptions.c.feed, subscriptions.c.channel)):
        found[feed].add(channel)
    return {feed: frozenset(channels) for feed, channels in found.items()}


def leave(connection: Connection, feed: str, gone: Sequence[str]) -> None:
    """Forget that these channels read this feed."""
    if gone:
        reads = (subscriptions.c.feed == feed, subscriptions.c.channel.in_(list(gone)))
        connection.execute(subscriptions.delete().where(*reads))


def hold(connection: Connection, names: Iterable[str]) -> None:
    """Keep the feeds from being renamed until the transaction ends; on SQLite nobody else writes anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(feeds.c.name).where(feeds.c.name.in_(list(names))).with_for_update())


def put(connection: Connection, rows: Sequence[FeedRow]) -> None:
    """Write feeds as they are now."""
    if rows:
        values = [{name: getattr(row, name) for name in _COLUMNS} for row in rows]
        connection.execute(_put(connection.dialect.name), values)
