"""The channels' own states, as the ledger keeps them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from crosspost.ledger.moves import record
from crosspost.ledger.rows import ChannelRow
from crosspost.ledger.tables import channels
from crosspost.post import ChannelState

_READ = select(channels).where(channels.c.name == bindparam("channel"))


def read(connection: Connection, name: str) -> ChannelRow:
    """The channel as the ledger knows it; active where it does not."""
    row = connection.execute(_READ, {"channel": name}).first()
    if row is None:
        return ChannelRow(name)
    state = ChannelState(row.state)
    return ChannelRow(row.name, state, row.reason, row.until, row.failures, row.rests, row.changed_at)


def write(connection: Connection, row: ChannelRow, now: datetime) -> None:
    """Write what a channel's calls came to; a change of state or reason is an event. What a person paused stays so,
    and keeps how long it was to rest."""
    before = read(connection, row.name)
    if before.state is ChannelState.PAUSED:
        if row.state is ChannelState.RESTING:
            _store(connection, replace(before, until=row.until), before.changed_at or now)
        return
    _store(connection, row, now)
    if (before.state, before.reason) != (row.state, row.reason):
        record(connection, row.state, why=row.reason, now=now, channel=row.name)


def pause(connection: Connection, name: str, why: str, now: datetime, by: str) -> bool:
    """Stop the channel until a person resumes it. False when it is paused already and `why` says nothing new."""
    before = read(connection, name)
    reason = f"by {by}: {why}" if why else f"by {by}"
    if before.state is ChannelState.PAUSED and (not why or before.reason == reason):
        return False
    rest = before.until if before.state in (ChannelState.RESTING, ChannelState.PAUSED) else None
    _store(connection, ChannelRow(name, ChannelState.PAUSED, reason, rest), now)
    record(connection, ChannelState.PAUSED, why=why or "by hand", now=now, by=by, channel=name)
    return True


def resume(connection: Connection, name: str, now: datetime, by: str) -> tuple[ChannelRow, ChannelRow]:
    """Let the channel go on, whatever stopped it: how it was, and how it is. One that was to rest when it was paused,
    since its platform asked for that, rests to the end, unless a person resumes it once more."""
    before = read(connection, name)
    if before.state is ChannelState.ACTIVE:
        return before, before
    after = ChannelRow(name)
    if before.state is ChannelState.PAUSED and before.until is not None and before.until > now:
        after = ChannelRow(name, ChannelState.RESTING, "it rested when it was paused", before.until)
    _store(connection, after, now)
    record(connection, after.state, why=f"resumed; it was {before.state}", now=now, by=by, channel=name)
    return before, after


def _store(connection: Connection, row: ChannelRow, now: datetime) -> None:
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
