"""When the posts that wait on a channel will go out, if no further one comes: `pace`, followed ahead. Pure."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from crosspost.timing.pace import Pace, Waiting, succession, too_many


def turns(
    coming: Mapping[Waiting, datetime], pace: Pace, sent: Iterable[datetime], now: datetime
) -> dict[int, datetime | None]:
    """When each post is to go out (in UTC), by its id; None for one that expires before its turn.

    `coming` says from when on each one waits, since some may still settle; `sent`, when the channel's posts went out.
    All times are aware.
    """
    later = sorted(coming, key=lambda one: (coming[one], one.id), reverse=True)
    line = _Line(pace, sorted(moment.astimezone(UTC) for moment in sent if moment <= now), now.astimezone(UTC))
    found: dict[int, datetime | None] = {}
    while later or line.next_turn is not None:
        turn = line.next_turn
        if later and (turn is None or coming[later[-1]] <= turn):
            # It joins before the next one goes, and may be the one that goes then.
            one = later.pop()
            line.join(one, coming[one].astimezone(UTC))
        elif turn is not None:
            expired = line.wait_until(turn)
            found |= dict.fromkeys(expired) if expired else {line.send(): turn}
    return found


class _Line:
    """Who waits on a channel, and what has gone out, at a moment that goes on."""

    def __init__(self, pace: Pace, past: list[datetime], now: datetime) -> None:
        self._pace = pace
        self._past = past
        self._now = now
        self._urgent: list[Waiting] = []  # both oldest first
        self._others: list[Waiting] = []
        self._turns = _Turns(pace, past, now)  # those of the others, as long as nothing urgent comes between
        self._oldest_first = False  # once the line is short enough for that, it only grows shorter

    @property
    def next_turn(self) -> datetime | None:
        """When the next post goes; None when nobody waits."""
        if self._urgent:
            return next(self._urgent_turns())
        return self._turns.first if self._others else None

    def join(self, one: Waiting, at: datetime) -> None:
        self._go_on(max(self._now, at))
        insort(self._urgent if one.urgent else self._others, one, key=lambda other: (other.seen_at, other.id))
        self._oldest_first = False

    def wait_until(self, now: datetime) -> list[int]:
        """Let time pass; the ids of the posts that expire by then, and leave."""
        self._go_on(now)
        expired = [one.id for one in (*self._urgent, *self._others) if one.expires_at <= now]
        if expired:
            self._urgent = [one for one in self._urgent if one.expires_at > now]
            self._others = [one for one in self._others if one.expires_at > now]
        return expired

    def send(self) -> int:
        """Let the post go whose turn it is now; its id."""
        sent = self._send_urgent() if self._urgent else self._send_other()
        self._past.append(self._now)
        if sent.urgent:
            self._turns = _Turns(self._pace, self._past, self._now)
            self._oldest_first = False
        return sent.id

    def _send_urgent(self) -> Waiting:
        crowded = self._pace.queues and too_many(self._urgent, self._urgent_turns())
        return self._urgent.pop(-1 if crowded else 0)

    def _send_other(self) -> Waiting:
        self._oldest_first = self._oldest_first or not (self._pace.queues and too_many(self._others, self._turns))
        self._turns.take()
        return self._others.pop(0 if self._oldest_first else -1)

    def _go_on(self, now: datetime) -> None:
        self._now = now
        if self._turns.first < now:
            self._turns = _Turns(self._pace, self._past, now)

    def _urgent_turns(self) -> Iterator[datetime]:
        return succession(self._pace, list(self._past), self._now, urgent=True)


class _Turns:
    """The coming turns of posts that are not urgent, each worked out once."""

    def __init__(self, pace: Pace, past: list[datetime], now: datetime) -> None:
        self._coming = succession(pace, list(past), now, urgent=False)
        self._known: list[datetime] = []
        self._taken = 0

    def __iter__(self) -> Iterator[datetime]:
        place = self._taken
        while True:
            yield self._at(place)
            place += 1

    @property
    def first(self) -> datetime:
        return self._at(self._taken)

    def take(self) -> None:
        self._taken += 1

    def _at(self, place: int) -> datetime:
        while place >= len(self._known):
            self._known.append(next(self._coming))
        return self._known[place]
