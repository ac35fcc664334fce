"""What a clock that was ahead has left in the ledger: times that would silence posts and channels for as long as it
was wrong. A row that was changed in the future betrays such a time, and how long the wait was meant to be."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update

from crosspost.ledger.moves import record
from crosspost.ledger.tables import channels, posts
from crosspost.post import State

_TOLERANCE = timedelta(minutes=1)  # clocks are corrected by seconds all the time
_WAITING = (State.PLANNED, State.DUE, State.UNSURE)
_WHY = "the clock was set back; it waits no longer than it was meant to"


def put_right(connection: Connection, now: datetime) -> None:
    """Let what waits for a false time wait as long from `now` on as it was meant to from the start."""
    future = now + _TOLERANCE
    late = select(posts.c.id, posts.c.state, posts.c.at, posts.c.changed_at)
    for row in connection.execute(
        late.where(posts.c.state.in_(_WAITING), posts.c.at > now, posts.c.changed_at > future)
    ):
        at = now + (row.at - row.changed_at)
        connection.execute(update(posts).where(posts.c.id == row.id).values(at=at, reason=_WHY, changed_at=now))
        record(connection, row.state, why=_WHY, now=now, post_id=row.id)
    resting = select(channels.c.name, channels.c.until, channels.c.changed_at)
    for name, until, changed_at in connection.execute(
        resting.where(channels.c.until > now, channels.c.changed_at > future)
    ):
        values = {"until": now + (until - changed_at), "changed_at": now}
        connection.execute(update(channels).where(channels.c.name == name).values(values))
