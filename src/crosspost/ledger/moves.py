"""The one place where a post's state changes, and the event log beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Update, bindparam, insert, select, update

from crosspost.ledger.tables import channels, events, in_states, posts
from crosspost.post import TRANSITIONS, ChannelState, State

SELF = "crosspost"  # who decides when no person does

_SOURCES = {to: frozenset(state for state in State if to in TRANSITIONS[state]) for to in State}


def move(
    connection: Connection,
    post_id: int,
    to: State,
    *,
    why: str,
    now: datetime,
    by: str = SELF,
    sources: Iterable[State] | None = None,
    while_: Mapping[str, Any] | None = None,
    **columns: Any,
) -> bool:
    """Move a post to a state, from one that may lead there (and is among `sources`), and append the event.

    With `while_`, only while its columns hold these values. Nothing is sent while its channel is paused. False when
    it was otherwise: somebody else has decided meanwhile, and nothing was changed.
    """
    allowed = _SOURCES[to] if sources is None else _SOURCES[to] & frozenset(sources)
    changes = {"state": to, "reason": why, "changed_at": now, **columns}
    if not change(connection, post_id, allowed, changes, while_, unless_paused=to is State.SENDING):
        return False
    record(connection, to, why=why, now=now, by=by, post_id=post_id)
    return True


def change(
    connection: Connection,
    post_id: int,
    states: Iterable[State],
    columns: Mapping[str, Any],
    while_: Mapping[str, Any] | None = None,
    *,
    unless_paused: bool = False,
) -> bool:
    """Set columns of a post that is in one of `states`, without an event. False when it is not."""
    held = {_held(name): value for name, value in (while_ or {}).items()}
    statement = _change(frozenset(states), frozenset(while_ or ()), unless_paused)
    return connection.execute(statement, {"post": post_id, **columns, **held}).rowcount > 0


@cache
def _change(states: frozenset[State], while_: frozenset[str], unless_paused: bool) -> Update:
    """The statement of a kind of change, kept: SQLAlchemy takes several times as long to build it as to execute it."""
    held = (posts.c[name] == bindparam(_held(name)) for name in sorted(while_))
    statement = update(posts).where(posts.c.id == bindparam("post"), in_states(states), *held)
    return statement.where(~_PAUSED) if unless_paused else statement


_PAUSED = (
    select(channels.c.name).where(channels.c.name == posts.c.channel, channels.c.state == ChannelState.PAUSED).exists()
)


def _held(name: str) -> str:
    return f"held_{name}"


_RECORD = insert(events)


def record(
    connection: Connection,
    what: str,
    *,
    why: str,
    now: datetime,
    by: str = SELF,
    post_id: int | None = None,
    feed: str | None = None,
    channel: str | None = None,
) -> None:
    """Append to the event log."""
    told = {"at": now, "post_id": post_id, "feed": feed, "channel": channel, "what": what, "why": why, "by": by}
    connection.execute(_RECORD, told)
