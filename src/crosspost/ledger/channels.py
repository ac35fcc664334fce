"""The channels' own states, as the ledger keeps them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from crosspost.ledger.moves import SELF, record
from crosspost.ledger.rows import ChannelRow
from crosspost.ledger.tables import channels
from crosspost.post import ChannelState

_READ = select(channels).where(channels.c.name == bindparam("channel"))


def read(connection: Connection, name: str) -> ChannelRow:
    """The channel as the ledger knows it; active where it does not."""
    row = connection.execute(_READ, {"channel": name}).first()
    if row is None:
        return ChannelRow(name)
    return ChannelRow(row.name, ChannelState(row.state), row.reason, row.until, row.failures, row.rests)


def write(connection: Connection, row: ChannelRow, now: datetime, by: str) -> None:
    """Write a channel's state; a change of state or reason is an event. What a person paused only a person resumes."""
    before = read(connection, row.name)
    if before.state is ChannelState.PAUSED and by == SELF:
        return
    values = {
        "state": row.state,
        "reason": row.reason,
        "until": row.until,
        "failures": row.failures,
        "rests": row.rests,
        "changed_at": now,
    }
    if connection.execute(update(channels).where(channels.c.name == row.name).values(values)).rowcount == 0:
        connection.execute(insert(channels).values({"name": row.name, **values}))
    if (before.state, before.reason) != (row.state, row.reason):
        record(connection, row.state, why=row.reason, now=now, by=by, channel=row.name)
