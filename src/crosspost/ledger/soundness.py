"""Whether a ledger is what it should be: what the schema cannot refuse, asked row by row. Reads only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, FromClause, Select, func, select, text, tuple_
from sqlalchemy.exc import DatabaseError

from crosspost.ledger import database
from crosspost.ledger.tables import articles, attempts, events, posts
from crosspost.post import State

_NAMED = 5  # posts named in a finding


_SENDING = posts.c.state == State.SENDING
_LIVES = select(attempts.c.post_id).where(attempts.c.post_id == posts.c.id, attempts.c.ended_at.is_(None)).exists()
_CALLS = select(func.count()).where(attempts.c.post_id == posts.c.id).scalar_subquery()
_LOGGED = select(events.c.id).where(events.c.post_id == posts.c.id).exists()
_LAST_SAID = (
    select(events.c.what)
    .where(events.c.post_id == posts.c.id, events.c.what.in_(list(State)))
    .order_by(events.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
_RECEIPT = tuple_(posts.c.channel, posts.c.remote_id)
_SHARED = (
    select(posts.c.channel, posts.c.remote_id)
    .where(posts.c.remote_id.is_not(None))
    .group_by(posts.c.channel, posts.c.remote_id)
    .having(func.count() > 1)
)
_ID = select(posts.c.id)
_CONTRADICTIONS: tuple[tuple[Select[tuple[int]], str], ...] = (
    (_ID.where(~_LOGGED), "The log knows nothing of these posts: {posts}."),
    (_ID.where(posts.c.state != _LAST_SAID), "The log ends in another state than these posts are in: {posts}."),
    (_ID.where(_SENDING, ~_LIVES), "These posts are being sent, but no call lives: {posts}."),
    (_ID.where(~_SENDING, _LIVES), "These posts have a living call, but are not being sent: {posts}."),
    (_ID.where(posts.c.attempts != _CALLS), "These posts count other calls than were begun: {posts}."),
    (_ID.where(_RECEIPT.in_(_SHARED)), "These posts share one receipt with another of their channel: {posts}."),
)


@dataclass(frozen=True, slots=True)
class Size:
    """What a ledger holds. `last_change`: of its newest event, None where there is none."""

    articles: int
    posts: int
    events: int
    last_change: datetime | None


def size(engine: Engine) -> Size:
    with database.reading(engine) as connection:
        return Size(
            _count(connection, articles),
            _count(connection, posts),
            _count(connection, events),
            connection.execute(select(func.max(events.c.at, type_=events.c.at.type))).scalar(),
        )


def findings(engine: Engine) -> list[str]:
    """What is wrong with the ledger, a sentence each; empty when it is sound."""
    with database.reading(engine) as connection:
        # A damaged file cannot be asked anything else.
        return list(_damage(connection)) or [*_lost(connection), *_contradictions(connection)]


def _damage(connection: Connection) -> Iterator[str]:
    """SQLite's file, page by page. PostgreSQL answers for its own."""
    if connection.dialect.name != "sqlite":
        return
    try:
        for (told,) in connection.execute(text("PRAGMA integrity_check(10)")):
            if told != "ok":
                yield f"The file is damaged: {told}."
    except DatabaseError as error:  # so damaged that it cannot even be examined to its end
        yield f"The file is damaged: {error.orig}."


def _lost(connection: Connection) -> Iterator[str]:
    """PostgreSQL never lets it come to this; SQLite does for whoever writes without asking for foreign keys."""
    if connection.dialect.name == "sqlite" and (lost := connection.execute(text("PRAGMA foreign_key_check")).all()):
        yield f"{len(lost)} rows point to something that is not there, the first of them in {lost[0][0]}."


def _contradictions(connection: Connection) -> Iterator[str]:
    for wanted, sentence in _CONTRADICTIONS:
        found = connection.execute(wanted.order_by(posts.c.id).limit(_NAMED)).scalars().all()
        if found:
            more = " and others" if len(found) == _NAMED else ""
            yield sentence.format(posts=", ".join(map(str, found)) + more)


def _count(connection: Connection, table: FromClause) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar() or 0
