"""What a language model wrote, and what it cost: so that nothing is paid for twice, and no day costs too much."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from crosspost.ledger import database
from crosspost.ledger.tables import summaries

# An article is written up within days, or never.
_KEPT = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Summary:
    """What came of a question: `text`, or the `objection` to it; neither where it was in vain."""

    text: str
    objection: str


class Reserved(Enum):
    """What a reservation came to: made; not made, since that question is under way already; nor where it would be
    beyond the budget."""

    MADE = "made"
    UNDER_WAY = "under way"
    TOO_DEAR = "too dear"


@dataclass(frozen=True, slots=True)
class Told:
    """So many `questions`, to which summaries were `written` that may be used, and what they cost."""

    questions: int
    written: int
    cost: float


class Summaries:
    """The summaries in a ledger, by the hash of all that they hang on. Every method raises `LedgerError` when the
    ledger cannot be used."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock

    def recall(self, key: str) -> Summary | None:
        """What came of a question; None when it was never asked, or is under way."""
        wanted = select(summaries).where(summaries.c.key == key)
        with self._translated(), database.reading(self._engine) as connection:
            row = connection.execute(wanted).first()
        return Summary(row.text or "", row.objection) if row and not _is_under_way(row) else None

    def reserve(self, key: str, cost: float, since: datetime, budget: float, patience: timedelta) -> Reserved:
        """Write down that a question is about to be asked, which may cost `cost`. Nothing is written where that would
        bring what was spent since then over `budget`, and while somebody asks the same: for `patience` at most, since a
        process may have ended in the midst of it."""
        now = self._clock()
        with self._translated(), self._engine.begin() as connection:
            if connection.dialect.name == "postgresql":  # two at once would not see each other
                connection.execute(text("LOCK TABLE summaries IN EXCLUSIVE MODE"))
            row = connection.execute(select(summaries).where(summaries.c.key == key)).first()
            if row and _is_under_way(row) and now - patience < row.asked_at <= now:
                return Reserved.UNDER_WAY
            if _spent(connection, since) + cost > budget:
                return Reserved.TOO_DEAR
            connection.execute(delete(summaries).where(summaries.c.asked_at < now - _KEPT))
            again = update(summaries).where(summaries.c.key == key)
            asked = {"text": None, "objection": "", "asked_at": now}
            if not connection.execute(again.values(cost=summaries.c.cost + cost, **asked)).rowcount:
                connection.execute(insert(summaries).values(key=key, cost=cost, **asked))
            return Reserved.MADE

    def settle(self, key: str, excess: float, *, text: str = "", objection: str = "") -> None:
        """What came of a question, and by how much it cost less than was reserved."""
        answered = update(summaries).where(summaries.c.key == key)
        with self._translated(), self._engine.begin() as connection:
            connection.execute(
                answered.values(cost=summaries.c.cost - excess, text=text, objection=objection),
            )

    def told(self, since: datetime) -> Told:
        """What was asked since then, and what came of it."""
        of_use = func.count(func.nullif(summaries.c.text, ""))
        asked = select(func.count(), of_use).where(summaries.c.asked_at >= since)
        with self._translated(), database.reading(self._engine) as connection:
            questions, written = connection.execute(asked).one()
            return Told(questions, written, _spent(connection, since))

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise database.trouble(self._engine, error) from error


def _is_under_way(row: Row[Any]) -> bool:
    return row.text is None and not row.objection


def _spent(connection: Connection, since: datetime) -> float:
    return connection.execute(select(func.sum(summaries.c.cost)).where(summaries.c.asked_at >= since)).scalar() or 0.0
