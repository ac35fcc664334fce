"""Posts that make room, when a new name makes two of them for one article on one channel.

A post can neither be deleted, since its events refer to it, nor stand beside another for the same article. One that
makes room gets a copy of its article, to which no mark leads, and is skipped where it could still be sent.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from crosspost.ledger.moves import move, record
from crosspost.ledger.tables import articles, posts
from crosspost.post import State

RENAMED = "renamed"  # what the event log calls it

_OPEN = frozenset({State.PLANNED, State.WAITING, State.HELD, State.DUE, State.REFUSED})
_OUT = frozenset({State.SENDING, State.UNSURE, State.ASKING, State.HANDED, State.SENT, State.WITHDRAWN})


class Aside:
    """Sets posts aside for the reason `why`, and counts them."""

    def __init__(self, connection: Connection, why: str, now: datetime, by: str) -> None:
        self._connection = connection
        self._why = why
        self._now = now
        self._by = by
        self.count = 0

    def choose(self, older: Row[Any], newer: Row[Any]) -> Row[Any]:
        """Let one of two posts for the same article on the same channel make room; the one that stays."""
        stays, goes = (newer, older) if newer.state in _OUT and older.state not in _OUT else (older, newer)
        self._set_aside(goes, f"{self._why}, where post {stays.id} is the one for this article")
        return stays

    def offer_again(self, again: Iterable[Row[Any]]) -> None:
        """Let posts go that a fresh start took as old, so that the next reading brings their articles."""
        for post in again:
            self._set_aside(post, f"{self._why}, to which this article is new: the next reading brings it")

    def _set_aside(self, post: Row[Any], why: str) -> None:
        original = self._connection.execute(select(articles).where(articles.c.id == post.article_id)).one()
        values = {name: value for name, value in original._mapping.items() if name != "id"}
        copy = self._connection.execute(insert(articles).values(values).returning(articles.c.id)).scalar_one()
        self._connection.execute(update(posts).where(posts.c.id == post.id).values(article_id=copy))
        if not move(self._connection, post.id, State.SKIPPED, why=why, now=self._now, by=self._by, sources=_OPEN):
            record(self._connection, RENAMED, why=why, now=self._now, by=self._by, post_id=post.id)
        self.count += 1
