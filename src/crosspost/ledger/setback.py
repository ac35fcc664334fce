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
    waiting = select(posts.c.id, posts.c.state, posts.c.at, posts.c.changed_at).where(
        posts.c.state.in_(_WAITING), posts.c.at > now, posts.c.changed_at > future
    )
    for post in connection.execute(waiting).all():
        at = now + (post.at - post.changed_at)
        connection.execute(update(posts).where(posts.c.id == post.id).values(at=at, reason=_WHY, changed_at=now))
        record(connection, post.state, why=_WHY, now=now, post_id=post.id)
    resting = select(channels.c.name, channels.c.until, channels.c.changed_at).where(
        channels.c.until > now, channels.c.changed_at > future
    )
    for channel in connection.execute(resting).all():
        until = now + (channel.until - channel.changed_at)
        connection.execute(update(channels).where(channels.c.name == channel.name).values(until=until, changed_at=now))
