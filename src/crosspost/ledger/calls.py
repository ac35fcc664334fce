"""The calls begun for posts, as the ledger keeps them: one row each, written before the call and again after it."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from crosspost.ledger.rows import Attempt
from crosspost.ledger.tables import attempts
from crosspost.post import Prepared, State

_BEGIN = insert(attempts)
_OF_POST = attempts.c.post_id == bindparam("post")
_END = update(attempts).where(_OF_POST, attempts.c.ended_at.is_(None))
_SETTLE = update(attempts).where(_OF_POST, attempts.c.outcome == bindparam("doubt"))
_IN_DOUBT = select(attempts.c.number).where(_OF_POST, attempts.c.outcome == bindparam("doubt")).limit(1)
_ALL = select(attempts).where(_OF_POST).order_by(attempts.c.number)


def begin(connection: Connection, post_id: int, number: int, prepared: Prepared, owner: str, now: datetime) -> None:
    """Write down the intent of a call. Raises `IntegrityError` while another call for the post lives."""
    intent = {
        "post_id": post_id,
        "number": number,
        "owner": owner,
        "began_at": now,
        "text": prepared.post.text,
        "link": prepared.post.link,
        "media": json.dumps(prepared.media),
    }
    connection.execute(_BEGIN, intent)


def end(connection: Connection, post_id: int, outcome: str, now: datetime) -> None:
    """End the post's living call, if it has one."""
    connection.execute(_END, {"post": post_id, "ended_at": now, "outcome": outcome})


def settle(connection: Connection, post_id: int, outcome: str) -> None:
    """Say of the post's calls in doubt what is known of them now."""
    connection.execute(_SETTLE, {"post": post_id, "doubt": State.UNSURE, "outcome": outcome})


def in_doubt(connection: Connection, post_id: int) -> bool:
    """Whether a call of the post is in doubt."""
    return connection.execute(_IN_DOUBT, {"post": post_id, "doubt": State.UNSURE}).first() is not None


def of_post(connection: Connection, post_id: int) -> list[Attempt]:
    """The calls begun for the post, oldest first."""
    found = connection.execute(_ALL, {"post": post_id})
    return [Attempt(row.number, row.began_at, row.ended_at, row.outcome) for row in found]
