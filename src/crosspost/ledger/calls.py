"""The calls begun for posts, as the ledger keeps them: one row each, written before the call and again after it."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from crosspost.ledger.rows import Attempt
from crosspost.ledger.tables import attempts
from crosspost.post import Prepared, State


def begin(connection: Connection, post_id: int, number: int, prepared: Prepared, owner: str, now: datetime) -> None:
    """Write down the intent of a call. Raises `IntegrityError` while another call for the post lives."""
    connection.execute(
        insert(attempts).values(
            post_id=post_id,
            number=number,
            owner=owner,
            began_at=now,
            text=prepared.post.text,
            link=prepared.post.link,
            media=json.dumps(prepared.media),
        )
    )


def end(connection: Connection, post_id: int, outcome: str, now: datetime) -> None:
    """End the post's living call, if it has one."""
    living = (attempts.c.post_id == post_id, attempts.c.ended_at.is_(None))
    connection.execute(update(attempts).where(*living).values(ended_at=now, outcome=outcome))


def settle(connection: Connection, post_id: int, outcome: str) -> None:
    """Say of the post's calls in doubt what is known of them now."""
    doubtful = (attempts.c.post_id == post_id, attempts.c.outcome == State.UNSURE)
    connection.execute(update(attempts).where(*doubtful).values(outcome=outcome))


def of_post(connection: Connection, post_id: int) -> list[Attempt]:
    """The calls begun for the post, oldest first."""
    wanted = select(attempts).where(attempts.c.post_id == post_id).order_by(attempts.c.number)
    found = connection.execute(wanted)
    return [Attempt(row.number, row.began_at, row.ended_at, row.outcome) for row in found]
