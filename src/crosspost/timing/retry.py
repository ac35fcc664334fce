"""When to try again, when to look, when to rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crosspost.errors import Throttled

# A platform that names an absurd time must not silence a channel for ever.
LONGEST_THROTTLE = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Policy:
    """How patient a channel is.

    `retry`: the waits between tries, the last one repeats. `confirm_after`: the looks for an unsure post, counted
    from the end of its call; the list ends. `breaker`: failures in a row that make a channel rest, 0 never.
    """

    retry: Sequence[timedelta]
    confirm_after: Sequence[timedelta]
    breaker: int
    timeout: timedelta


def next_try(policy: Policy, failures: int, now: datetime) -> datetime:
    """When to try again after `failures` tries in a row (at least one) that posted nothing."""
    return now + policy.retry[min(failures, len(policy.retry)) - 1]


def after_throttle(policy: Policy, throttle: Throttled, failures: int, now: datetime) -> datetime:
    """When a throttled platform may be asked again: at the time it names, else by the list of waits.

    A time that has passed names none: the platform's clock may be behind ours, and it would be asked without a pause.
    """
    latest = now + LONGEST_THROTTLE
    if throttle.until is not None and throttle.until > now:
        return min(throttle.until, latest)
    if throttle.wait is not None and throttle.wait > 0:
        return now + timedelta(seconds=min(throttle.wait, LONGEST_THROTTLE.total_seconds()))
    return next_try(policy, failures, now)


def next_look(policy: Policy, looks: int, ended: datetime) -> datetime | None:
    """When to look for an unsure post whose call ended at `ended`, after `looks` looks; None: no look is left."""
    return ended + policy.confirm_after[looks] if looks < len(policy.confirm_after) else None


def trips(policy: Policy, failures: int) -> bool:
    """Whether so many failures in a row make a channel rest."""
    return policy.breaker > 0 and failures >= policy.breaker
