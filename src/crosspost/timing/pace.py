"""When a channel may send its next post, and which one that is.

For managers: posts go out oldest first; when so many wait that one of them would have to wait for its turn longer than
a quarter of the time it has until it expires, the freshest goes first and the older ones follow when there is room;
urgent posts always go before the others.

The rules of a pace, each for itself; a post goes out at the first moment that satisfies all of them:

* gap: so long after the channel's last post.
* at_most: so many posts within any hour, or within any 24 hours. Not within a calendar day: at midnight that would
  let two days' posts out within minutes, while nobody reads, and the platforms' own limits count 24 hours too.
* quiet: never while the clock on the wall shows these hours. Where the clock is put forward over their end, they end
  there and then; where it is put back into them, they come again.
* slots: one post a slot. A slot is open for `GRACE`, or until the next one; then it has passed, and is not made up
  for, so nothing floods after an outage. A slot that the clock skips comes as much later as the clock was put
  forward (as RFC 5545, 3.3.5, reads such a time); one that the clock shows twice comes the first time.

An urgent post minds only at_most, which may be the platform's limit or the budget. To the others it is a post like
any: it counts for gap, at_most and its slot.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

# Long enough for a restart, for an article that settles, and for two tries at a platform that was not reached.
GRACE = timedelta(minutes=15)

# The part of its life for which a post may have to wait in line before the order turns round.
PATIENCE = 0.25

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How a channel spreads its posts. Clock times are those of `zone`; `quiet` may run over midnight.

    Raises `ValueError` for a pace that lets nothing out, ever: such as one whose slots all lie in its quiet hours.
    """

    zone: ZoneInfo
    gap: timedelta | None = None
    at_most: tuple[int, timedelta] | None = None  # so many within any span of this length
    quiet: tuple[time, time] | None = None  # the first moment of quiet, and the first after it
    slots: tuple[time, ...] = ()  # none means any time

    def __post_init__(self) -> None:
        if self.at_most is not None and self.at_most[0] < 1:
            raise ValueError("at_most allows no post at all")
        if self.quiet is not None and self.quiet[0] == self.quiet[1]:
            raise ValueError("the quiet hours begin and end at the same time")
        if self.slots and self.quiet and len(silenced(self.slots, self.quiet)) == len(set(self.slots)):
            raise ValueError("every slot lies in the quiet hours")

    @property
    def memory(self) -> timedelta:
        """For how long a post that was sent matters; `sent` needs to reach back no further."""
        return max(self.gap or GRACE, self.at_most[1] if self.at_most else GRACE, GRACE)

    @property
    def queues(self) -> bool:
        """Whether a post can have to wait because of another; if not, all go as soon as one may."""
        return bool(self.gap or self.at_most or self.slots)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A post whose turn has not come. Of two articles seen at once, the one with the higher `id` is the newer."""

    id: int
    seen_at: datetime
    expires_at: datetime
    urgent: bool = False


def next_time(pace: Pace, sent: Iterable[datetime], now: datetime, *, urgent: bool = False) -> datetime:
    """The earliest moment from `now` on (in UTC) at which a post may go out, after the channel's posts at `sent`.

    All times are aware; `sent` may have any order. Times later than `now` do not count: they tell of a clock that
    was set back, and must not silence the channel until it has caught up (see `put_right`).
    """
    now = _utc(now)
    return _earliest(pace, _past(sent, now), now, urgent)


def choose(waiting: Iterable[Waiting], pace: Pace, sent: Iterable[datetime], now: datetime) -> tuple[Waiting, ...]:
    """All that wait, in the order in which they are to go out by the rule above. None of them has expired."""
    now = _utc(now)
    past = _past(sent, now)
    oldest_first = sorted(waiting, key=lambda one: (one.seen_at, one.id))
    order: list[Waiting] = []
    for urgent in (True, False):
        group = [one for one in oldest_first if one.urgent is urgent]
        crowded = pace.queues and too_many(group, succession(pace, past, now, urgent=urgent))
        order += reversed(group) if crowded else group
    return tuple(order)


def put_right(sent: Sequence[datetime]) -> tuple[datetime, ...]:
    """The times at which posts were sent, given in the order in which they were, without a clock's false steps.

    A post went out no later than the next one. Where its time says so, the clock was set back between the two, and
    it takes the next one's: else posts of a false tomorrow would hold up the real one, one after the other.
    """
    return tuple(accumulate((_utc(moment) for moment in reversed(sent)), min))[::-1]


def silenced(slots: Sequence[time], quiet: tuple[time, time]) -> tuple[time, ...]:
    """The slots that never see a post, since quiet hours cover all the time for which they are open."""
    slots = sorted(set(slots))
    following = [*slots[1:], *slots[:1]]
    return tuple(
        slot
        for slot, after in zip(slots, following, strict=True)
        if _quiet_for(quiet, slot) >= min(GRACE, _ahead(slot, after) or _DAY)
    )


# The line


def succession(pace: Pace, past: list[datetime], now: datetime, *, urgent: bool) -> Iterator[datetime]:
    """When one post after the other could go out from `now` on (in UTC), after those that went out at `past`, in
    order; each is added to `past` as it is asked for."""
    while True:
        now = _earliest(pace, past, now, urgent)
        past.append(now)
        yield now


def too_many(oldest_first: Iterable[Waiting], turns: Iterable[datetime]) -> bool:
    """Whether one of them would wait for its turn too long, from the moment at which the first may go."""
    first: datetime | None = None
    for one, turn in zip(oldest_first, turns, strict=False):
        first = first or turn
        if turn - first > PATIENCE * (one.expires_at - one.seen_at):
            return True
    return False


# The rules. `past` is what was sent until now, in order, so that only its end can matter.


def _earliest(pace: Pace, past: Sequence[datetime], now: datetime, urgent: bool) -> datetime:
    at = _within_quota(pace, past, now)
    if urgent:
        return at
    at = _after_gap(pace, past, at)
    # Each rule gives the first moment from `at` on that satisfies it, so the first moment that moves no more is the
    # first that satisfies both. It comes soon: every day has a slot that is not silenced.
    while (later := _out_of_quiet(pace, _in_slot(pace, past, at))) > at:
        at = later
    return at


def _within_quota(pace: Pace, past: Sequence[datetime], at: datetime) -> datetime:
    if pace.at_most is None or len(past) < pace.at_most[0]:
        return at
    count, span = pace.at_most
    return max(at, past[-count] + span)


def _after_gap(pace: Pace, past: Sequence[datetime], at: datetime) -> datetime:
    return max(at, past[-1] + pace.gap) if pace.gap and past else at


def _in_slot(pace: Pace, past: Sequence[datetime], at: datetime) -> datetime:
    if not pace.slots:
        return at
    openings = _openings(pace, at)
    coming = bisect_right(openings, at)
    opened = openings[coming - 1]
    unused = not past or past[-1] < opened
    return at if unused and at < opened + GRACE else openings[coming]


def _openings(pace: Pace, at: datetime) -> list[datetime]:
    """The slots around `at`, in order. Two days back, since zones have skipped a whole day (Samoa, 2011-12-30)."""
    today = at.astimezone(pace.zone).date()
    days = [today + n * _DAY for n in (-2, -1, 0, 1)]
    return sorted({datetime.combine(day, slot, pace.zone).astimezone(UTC) for day in days for slot in pace.slots})


def _out_of_quiet(pace: Pace, at: datetime) -> datetime:
    if pace.quiet is None:
        return at
    while left := _quiet_for(pace.quiet, at.astimezone(pace.zone).time()):
        at = _first_shift(pace.zone, at, at + left)
    return at


def _first_shift(zone: ZoneInfo, start: datetime, end: datetime) -> datetime:
    """The moment between the two (less than a day apart) at which the zone's clocks are changed; else `end`."""
    offset = start.astimezone(zone).utcoffset()
    if end.astimezone(zone).utcoffset() == offset:
        return end
    whole = start.replace(microsecond=0)
    seconds = range((end - whole) // _SECOND + 1)
    return whole + _SECOND * bisect_left(
        seconds, True, key=lambda n: (whole + n * _SECOND).astimezone(zone).utcoffset() != offset
    )


def _quiet_for(quiet: tuple[time, time], clock: time) -> timedelta:
    """How long it is quiet from `clock` on, on a day without a change of the clock; zero when it is not."""
    start, end = quiet
    return _ahead(clock, end) if _ahead(start, clock) < _ahead(start, end) else timedelta()


def _ahead(start: time, end: time) -> timedelta:
    """From one time of day forward to the other, less than a day."""
    return (_of_day(end) - _of_day(start)) % _DAY


def _of_day(clock: time) -> timedelta:
    return timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second, microseconds=clock.microsecond)


def _past(sent: Iterable[datetime], now: datetime) -> list[datetime]:
    return sorted(moment for moment in map(_utc, sent) if moment <= now)


def _utc(moment: datetime) -> datetime:
    """In UTC, where times can be compared and added to: within a zone Python does both by the clock on the wall."""
    if moment.tzinfo is None:
        raise ValueError(f"a naive time: {moment}")
    return moment.astimezone(UTC)
