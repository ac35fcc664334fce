"""When to try again, when to look, when to rest: as tables."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost.errors import Throttled
from crosspost.timing.retry import LONGEST_THROTTLE, Policy, after_throttle, next_look, next_try, trips
from tests.fakes import NOON


def duration(text: str) -> timedelta:
    unit = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}[text[-1]]
    return timedelta(**{unit: float(text[:-1])})


def policy(retry="1m 5m 30m 2h 12h", confirm_after="20s 2m 15m", breaker=5):
    waits, looks = ([duration(one) for one in text.split()] for text in (retry, confirm_after))
    return Policy(waits, looks, breaker, duration("20s"))


@pytest.mark.parametrize(
    ("failures", "wait"),
    [(1, "1m"), (2, "5m"), (3, "30m"), (4, "2h"), (5, "12h"), (6, "12h"), (1000, "12h")],
)
def test_each_failure_waits_longer_and_the_last_wait_repeats(failures, wait):
    assert next_try(policy(), failures, NOON) == NOON + duration(wait)


def test_a_single_wait_is_every_wait():
    assert {next_try(policy("7m"), failures, NOON) for failures in range(1, 9)} == {NOON + duration("7m")}


@pytest.mark.parametrize(
    ("named", "wait"),
    [
        ({"until": NOON + duration("3h")}, "3h"),
        ({"until": NOON + duration("1s")}, "1s"),
        ({"wait": 90}, "90s"),
        ({"wait": 0.5}, "0.5s"),
        ({"until": NOON + duration("3h"), "wait": 5}, "3h"),
        # What is named too late to be true does not silence a channel for ever.
        ({"until": NOON + duration("400d")}, "2d"),
        ({"wait": 1e12}, "2d"),
        ({"wait": float("inf")}, "2d"),
        # What names no time, or one that has passed, waits by the list.
        ({}, "5m"),
        ({"until": NOON}, "5m"),
        ({"until": NOON - duration("1h")}, "5m"),
        ({"wait": 0}, "5m"),
        ({"wait": -3}, "5m"),
        ({"wait": float("nan")}, "5m"),
    ],
)
def test_a_throttle_waits_until_the_time_it_names(named, wait):
    assert after_throttle(policy(), Throttled("slowly", **named), 2, NOON) == NOON + duration(wait)


@given(st.floats() | st.none(), st.none() | st.timedeltas().filter(lambda span: abs(span) < duration("9999d")))
def test_a_throttle_never_asks_at_once_and_never_rests_for_ever(wait, span):
    throttle = Throttled("slowly", wait=wait, until=None if span is None else NOON + span)
    assert NOON <= after_throttle(policy("1m"), throttle, 1, NOON) <= NOON + LONGEST_THROTTLE


@pytest.mark.parametrize(("looks", "after"), [(0, "20s"), (1, "2m"), (2, "15m")])
def test_looks_are_counted_from_the_end_of_the_call(looks, after):
    assert next_look(policy(), looks, NOON) == NOON + duration(after)


@pytest.mark.parametrize(("confirm_after", "looks"), [("20s 2m 15m", 3), ("20s 2m 15m", 4), ("20s", 1), ("", 0)])
def test_the_list_of_looks_ends(confirm_after, looks):
    assert next_look(policy(confirm_after=confirm_after), looks, NOON) is None


@pytest.mark.parametrize(
    ("breaker", "failures", "rests"),
    [(5, 0, False), (5, 4, False), (5, 5, True), (5, 6, True), (1, 1, True), (0, 0, False), (0, 1000, False)],
)
def test_a_channel_rests_after_so_many_failures_in_a_row(breaker, failures, rests):
    assert trips(policy(breaker=breaker), failures) is rests
