"""The one place where a post's state changes, and the event log beside it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, update

from crosspost.ledger.tables import events, posts
from crosspost.post import TRANSITIONS, State

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
    only: ColumnElement[bool] | None = None,
    **columns: Any,
) -> bool:
    """Move a post to a state, from one that may lead there (and is among `sources`), and append the event.

    With `only`, while that holds of the post too. False when it was otherwise: somebody else has decided meanwhile,
    and nothing was changed.
    """
    allowed = _SOURCES[to] if sources is None else _SOURCES[to] & frozenset(sources)
    statement = update(posts).where(posts.c.id == post_id, posts.c.state.in_(sorted(allowed)))
    if only is not None:
        statement = statement.where(only)
    changed = connection.execute(statement.values(state=to, reason=why, changed_at=now, **columns))
    if changed.rowcount == 0:
        return False
    record(connection, to, why=why, now=now, by=by, post_id=post_id)
    return True


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
    connection.execute(
        insert(events).values(at=now, post_id=post_id, feed=feed, channel=channel, what=what, why=why, by=by)
    )
