"""Whose turn it is on a channel with a pace, as `timing/pace.py` says it, without working that out more than needed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from crosspost.ledger import Ledger
from crosspost.ledger.agenda import OUT, Line
from crosspost.ledger.rows import Entry
from crosspost.timing.pace import Pace, Waiting, choose, next_time, put_right

_ALWAYS = datetime.max.replace(tzinfo=UTC)


@dataclass(slots=True)
class _Order:
    """Who goes one after the other from `asked` on, without a pause between; nobody when none may go.

    It stands `until` somebody expires or the pause is over, while the ledger shows the same `line` of waiting posts,
    and while the post that went `last` counts as sent.
    """

    line: Line
    asked: datetime
    until: datetime
    waiting: deque[Waiting]
    sent: list[datetime]
    last: int | None = None

    def take(self, now: datetime) -> None:
        first = self.waiting.popleft()
        self.line, self.last = self.line.without(first.id), first.id
        self.sent.append(now)


class Turns:
    """Lets a channel's planned posts go, each when its turn has come. `expire` is given those that waited too long."""

    def __init__(
        self, channel: str, pace: Pace, ledger: Ledger, clock: Callable[[], datetime], expire: Callable[[Entry], None]
    ) -> None:
        self._channel = channel
        self._pace = pace
        self._ledger = ledger
        self._clock = clock
        self._expire = expire
        self._order: _Order | None = None

    def next(self) -> Entry | None:
        """The post whose turn it is now, made due; None when nothing may go out at this moment."""
        now = self._clock()
        order = self._order
        if order is None or not self._stands(order, now):
            order = self._order = self._worked_out(now)
        order.asked = now
        if not order.waiting:
            return None
        first = order.waiting[0]
        at = next_time(self._pace, order.sent, now, urgent=first.urgent)
        if at > now:
            order.waiting.clear()
            order.until = min(order.until, at)
            return None
        if not self._ledger.take_turn(first.id):  # a person decided otherwise meanwhile
            self._order = None
            return None
        order.take(now)
        return self._ledger.entry(first.id)

    def lets_through(self, entry: Entry) -> bool:
        """Whether a post that had its turn, and was not sent then, may go now. What a person sends now, may; so may
        what has expired, to be told so."""
        now = self._clock()
        return (
            next_time(self._pace, self._went_out(now), now, urgent=entry.urgent) <= now
            or now >= entry.expires_at
            or self._ledger.is_hurried(entry)
        )

    def _stands(self, order: _Order, now: datetime) -> bool:
        if not order.asked <= now < order.until or order.line != self._ledger.line(self._channel):
            return False
        return order.last is None or self._ledger.entry(order.last).state in OUT

    def _worked_out(self, now: datetime) -> _Order:
        waiting = []
        for one in self._ledger.waiting(self._channel):
            if one.expires_at <= now:
                self._expire(self._ledger.entry(one.id))
            else:
                waiting.append(one)
        sent = self._went_out(now)
        order = deque(choose(waiting, self._pace, sent, now))
        until = min((one.expires_at for one in waiting), default=_ALWAYS)
        return _Order(Line.of(waiting), now, until, order, list(sent))

    def _went_out(self, now: datetime) -> tuple[datetime, ...]:
        return put_right(self._ledger.went_out(self._channel, now - self._pace.memory))
