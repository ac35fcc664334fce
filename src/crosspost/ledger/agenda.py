"""What the channels have to do, as the ledger keeps it. Each statement is built once: SQLAlchemy takes several times as
long to build one as to execute it, and these run for every post or every second."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, func, select

from crosspost.ledger import rows
from crosspost.ledger.moves import SELF
from crosspost.ledger.rows import Entry
from crosspost.ledger.tables import events, in_states, posts
from crosspost.post import State
from crosspost.timing.pace import Waiting

_WORKED = (State.PLANNED, State.DUE, State.UNSURE, State.SENDING)
OUT = (State.SENDING, State.UNSURE, State.ASKING, State.HANDED, State.SENT, State.WITHDRAWN)

_OF_CHANNEL = posts.c.channel == bindparam("channel")
_ITS_TIME_HAS_COME = posts.c.at <= bindparam("now")

_ENTRY = rows.entries().where(posts.c.id == bindparam("post"))


def entry(connection: Connection, post_id: int) -> Entry:
    """The post with that number."""
    return rows.entry(connection.execute(_ENTRY, {"post": post_id}).one())


_WORK = (
    rows.entries()
    .where(_OF_CHANNEL, posts.c.state == bindparam("state"), _ITS_TIME_HAS_COME, posts.c.id > bindparam("after"))
    .order_by(posts.c.id)
    .limit(bindparam("limit"))
)


def work(connection: Connection, channel: str, state: State, now: datetime, limit: int, after: int) -> list[Entry]:
    """The channel's posts in `state` whose time has come, oldest article first, from id `after` on."""
    wanted = {"channel": channel, "state": state, "now": now, "after": after, "limit": limit}
    return [rows.entry(row) for row in connection.execute(_WORK, wanted)]


_WAITS = (_OF_CHANNEL, in_states([State.PLANNED]), _ITS_TIME_HAS_COME)
_WAITING = (
    select(posts.c.id, posts.c.created_at, posts.c.expires_at, posts.c.urgent).where(*_WAITS).order_by(posts.c.id)
)


def waiting(connection: Connection, channel: str, now: datetime) -> list[Waiting]:
    """The channel's planned posts that have settled, in the order of their articles."""
    return [Waiting(*row) for row in connection.execute(_WAITING, {"channel": channel, "now": now})]


class Line(NamedTuple):
    """Who waits on a channel, in brief: when one goes or comes, it is another."""

    number: int
    ids: int  # their sum

    @classmethod
    def of(cls, waiting: Collection[Waiting]) -> Line:
        return cls(len(waiting), sum(one.id for one in waiting))

    def without(self, post_id: int) -> Line:
        return Line(self.number - 1, self.ids - post_id)


_LINE = select(func.count(), func.coalesce(func.sum(posts.c.id), 0)).where(*_WAITS)


def line(connection: Connection, channel: str, now: datetime) -> Line:
    """The line of those that `waiting` tells, which the database counts without reading a post."""
    number, ids = connection.execute(_LINE, {"channel": channel, "now": now}).one()
    return Line(number, int(ids))


_WENT_OUT = (
    select(events.c.post_id, events.c.at)
    .join(posts, posts.c.id == events.c.post_id)
    .where(_OF_CHANNEL, in_states(OUT), posts.c.changed_at >= bindparam("since"))
    .where(events.c.what.in_([State.SENDING, State.HANDED]))
    .order_by(events.c.id.desc())
)


def went_out(connection: Connection, channel: str, since: datetime) -> tuple[datetime, ...]:
    """When the channel's posts since then were sent, or may have been, or were handed over; in that order."""
    last: dict[int, datetime] = {}
    for post_id, at in connection.execute(_WENT_OUT, {"channel": channel, "since": since}):
        last.setdefault(post_id, at)  # a post that was tried again went out at its last call
    return tuple(at for at in reversed(last.values()) if at >= since)


_LAST_MADE_DUE = (
    select(events.c.by)
    .where(events.c.post_id == bindparam("post"), events.c.what == State.DUE)
    .order_by(events.c.id.desc())
    .limit(1)
)


def is_hurried(connection: Connection, post_id: int) -> bool:
    """Whether the post is due because a person wants it sent now, and has not been tried since."""
    return connection.execute(_LAST_MADE_DUE, {"post": post_id}).scalar() not in (None, SELF)


_OTHER_RECEIPT = (
    select(posts.c.id)
    .where(_OF_CHANNEL, in_states([State.SENT, State.WITHDRAWN]), posts.c.changed_at >= bindparam("since"))
    .where(posts.c.remote_id == bindparam("receipt"), posts.c.id != bindparam("post"))
    .limit(1)
)


def has_receipt(connection: Connection, but: Entry, since: datetime, remote_id: str) -> bool:
    """Whether a post of that channel other than `but`, which ended since then, has the receipt."""
    wanted = {"channel": but.channel, "since": since, "receipt": remote_id, "post": but.id}
    return connection.execute(_OTHER_RECEIPT, wanted).first() is not None


_BUSY = select(posts.c.id).where(_OF_CHANNEL, in_states(_WORKED), _ITS_TIME_HAS_COME).limit(1)


def busy(connection: Connection, channels: Collection[str], now: datetime) -> frozenset[str]:
    """Those of the channels that have something whose time has come, or that was left in the middle of a call.

    One question for each: however many posts wait, its answer is the first one found.
    """
    return frozenset(
        name for name in channels if connection.execute(_BUSY, {"channel": name, "now": now}).first() is not None
    )
