"""When to ask a feed again.

The manager's `every` is the shortest wait, `longest(every)` the longest one. Between them a feed's own rhythm decides:
an answer with news halves the wait, one without makes it longer by an eighth of the time that has passed. So a busy
feed is asked at `every`, one that sleeps at night is asked less and less and wakes after two or three articles, and
one with two articles a day is asked about fifty times and not 288.

What a server wishes, by its weight: a Retry-After is kept, up to a day. skipHours are kept where they end within a
night of ten hours. max-age and ttl are kept up to `longest(every)`, since many a ttl is a template's, and news must not
be late. A feed that fails is asked at `every`, doubled with each failure in a row, up to `longest(every)` too: it may
be back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

# How late an article may be found at worst, where the manager does not ask for less.
_LATEST = timedelta(minutes=30)
_STRETCH = 6

# What would be silence beyond these is a typing error rather than a wish.
_LONGEST_PAUSE = timedelta(days=1)
_NIGHT = 10  # hours

_GROWTH = 1 / 8
_LONGEST_SPREAD = timedelta(minutes=5)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What is known of a feed's rhythm; a feed begins with `Rhythm()`.

    `wait`: what would suit it, None before the first answer; may be less than `every`, so that a busy feed is not
    taken for a slow one by two answers without news. `asked_at`: when it last answered. `failures`: in a row.
    """

    wait: timedelta | None = None
    asked_at: datetime | None = None
    failures: int = 0


@dataclass(frozen=True, slots=True)
class Hints:
    """What the last answer said about the next question. `skip_hours` are hours of the day in UTC, 0 to 23."""

    max_age: timedelta | None = None
    ttl: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    retry_at: datetime | None = None


def longest(every: timedelta) -> timedelta:
    """The longest wait, but for jitter, that nothing but a Retry-After and skipHours may exceed."""
    return max(every, min(_STRETCH * every, _LATEST))


def learn(rhythm: Rhythm, every: timedelta, changed: bool, now: datetime) -> Rhythm:
    """The rhythm after an answer. `changed`: it held an article that was new, not just other bytes."""
    now = now.astimezone(UTC)
    wait = every if rhythm.wait is None else rhythm.wait
    passed = max(now - (rhythm.asked_at or now), timedelta())  # the clock may have been set back
    wait = wait / 2 if changed else wait + min(passed, longest(every)) * _GROWTH
    return Rhythm(min(max(wait, every / 2), longest(every)), now)


def stumble(rhythm: Rhythm) -> Rhythm:
    """The rhythm after a failure: nothing is learned but that it failed."""
    return replace(rhythm, failures=rhythm.failures + 1)


def next_poll(every: timedelta, rhythm: Rhythm, hints: Hints, now: datetime, jitter: float = 0.0) -> datetime:
    """When to ask next (aware, in UTC), never before `now + every`.

    `jitter`, from 0 to less than 1, spreads feeds that would all be asked in the same second: it adds up to a tenth
    of the wait, and no more than five minutes.
    """
    now = now.astimezone(UTC)
    wait = _wait(every, rhythm, hints)
    spread = _spread(wait) * jitter
    at = now + wait
    if hints.retry_at is not None:
        at = max(at, min(hints.retry_at.astimezone(UTC), now + _LONGEST_PAUSE))
    at += spread
    open_from = _first_open_hour(at, hints.skip_hours)
    return open_from + spread if open_from > at else at


def still(planned: datetime | None, every: timedelta, hints: Hints, now: datetime) -> datetime:
    """When to ask a feed whose next time was `planned` earlier, None for a feed without one: that is now.

    A plan further ahead than any that could be made now is cut: the clock was set back, or `every` was longer.
    """
    now = now.astimezone(UTC)
    if planned is None:
        return now
    slow = Rhythm(longest(every))
    # Without jitter a plan may fall into skipped hours that one with jitter is beyond, and gets its jitter after them.
    furthest = max(
        next_poll(every, slow, hints, now, jitter=1.0),
        next_poll(every, slow, hints, now) + _spread(longest(every)),
    )
    return min(max(planned.astimezone(UTC), now), furthest)


def wants_rest(retry_at: datetime | None, now: datetime) -> bool:
    """Whether a server's Retry-After still holds. One that names a time beyond a day was kept by another clock."""
    return retry_at is not None and now < retry_at <= now + _LONGEST_PAUSE


def _wait(every: timedelta, rhythm: Rhythm, hints: Hints) -> timedelta:
    wishes = [rhythm.wait, hints.max_age, hints.ttl]
    if rhythm.failures:
        wishes.append(every * 2 ** min(rhythm.failures, _STRETCH))
    return min(max([every, *(wish for wish in wishes if wish is not None)]), longest(every))


def _spread(wait: timedelta) -> timedelta:
    """The most that jitter adds."""
    return min(wait / 10, _LONGEST_SPREAD)


def _first_open_hour(at: datetime, skip_hours: frozenset[int]) -> datetime:
    """The beginning of the first hour, from that of `at` on, which is not skipped; that of `at` if it is far off."""
    this_hour = at.replace(minute=0, second=0, microsecond=0)
    within_a_night = (this_hour + hours * _HOUR for hours in range(_NIGHT + 1))
    return next((start for start in within_a_night if start.hour not in skip_hours), this_hour)
