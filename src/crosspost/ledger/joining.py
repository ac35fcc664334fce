"""Channels and the feeds they read: which were looked at for what they show already, before they get anything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, select, union_all, update

from crosspost.ledger import rows
from crosspost.ledger.rows import Entry
from crosspost.ledger.tables import articles, feeds, in_states, posts, subscriptions
from crosspost.post import State

_OPEN = (State.PLANNED, State.WAITING, State.HELD, State.DUE)
# What was left out before that may well be on the channel, but nobody asks any longer.
_LATELY = timedelta(days=30)


# Built once, since the second is asked at every tick.
_READ = (
    select(subscriptions.c.feed)
    .join(feeds, feeds.c.name == subscriptions.c.feed)
    .where(subscriptions.c.channel == bindparam("channel"), feeds.c.read_at.is_not(None))
)
_UNLOOKED = _READ.where(subscriptions.c.looked_at.is_(None))


def read(connection: Connection, channel: str) -> tuple[str, ...]:
    """The feeds of the channel whose articles are known since they were read."""
    return tuple(connection.execute(_READ, {"channel": channel}).scalars())


def unlooked(connection: Connection, channel: str) -> tuple[str, ...]:
    """Those of which it is not known whether the channel shows their articles."""
    return tuple(connection.execute(_UNLOOKED, {"channel": channel}).scalars())


def unsent(connection: Connection, channel: str, of_feeds: Sequence[str], now: datetime) -> list[Entry]:
    """The channel's posts of these feeds that no call was made for, oldest first."""
    here = posts.c.channel == channel
    wanted = union_all(
        select(posts.c.id).where(here, in_states(_OPEN)),
        select(posts.c.id).where(here, in_states([State.SKIPPED]), posts.c.changed_at >= now - _LATELY),
    )
    found = rows.entries().where(posts.c.id.in_(wanted), articles.c.feed.in_(of_feeds)).order_by(posts.c.id)
    return [rows.entry(row) for row in connection.execute(found)]


def looked_at(connection: Connection, channel: str, of_feeds: Sequence[str], now: datetime) -> None:
    """The first look at the channel for the articles of these feeds is done."""
    these = (
        subscriptions.c.channel == channel,
        subscriptions.c.feed.in_(of_feeds),
        subscriptions.c.looked_at.is_(None),
    )
    connection.execute(update(subscriptions).where(*these).values(looked_at=now))
