"""When a feed is asked again."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from statistics import median
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosspost.timing.polling import Hints, Rhythm, learn, longest, next_poll, still, stumble, wants_rest

SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
EVERY = 5 * MINUTE
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
NIGHT = frozenset({22, 23, 0, 1, 2, 3, 4, 5})


@pytest.mark.parametrize(
    ("every", "expected"),
    [
        (MINUTE, 6 * MINUTE),
        (5 * MINUTE, 30 * MINUTE),
        (10 * MINUTE, 30 * MINUTE),
        (30 * MINUTE, 30 * MINUTE),
        (2 * HOUR, 2 * HOUR),
    ],
)
def test_news_is_found_within_half_an_hour_or_within_what_was_asked_for(every, expected):
    assert longest(every) == expected


@pytest.mark.parametrize(
    ("rhythm", "hints", "expected"),
    [
        (Rhythm(), {}, "12:05"),
        (Rhythm(wait=3 * MINUTE), {}, "12:05"),
        (Rhythm(wait=12 * MINUTE), {}, "12:12"),
        (Rhythm(wait=HOUR), {}, "12:30"),  # learned when `every` was longer
        # failures
        (Rhythm(failures=1), {}, "12:10"),
        (Rhythm(failures=2), {}, "12:20"),
        (Rhythm(failures=3), {}, "12:30"),
        (Rhythm(failures=10_000), {}, "12:30"),
        (Rhythm(wait=25 * MINUTE, failures=1), {}, "12:25"),
        # max-age and ttl
        (Rhythm(), {"max_age": MINUTE}, "12:05"),
        (Rhythm(), {"max_age": 12 * MINUTE, "ttl": 20 * MINUTE}, "12:20"),
        (Rhythm(), {"max_age": 15 * MINUTE, "ttl": timedelta()}, "12:15"),
        (Rhythm(), {"ttl": DAY}, "12:30"),
        # Retry-After
        (Rhythm(), {"retry_at": NOON + MINUTE}, "12:05"),
        (Rhythm(), {"retry_at": NOON - DAY}, "12:05"),
        (Rhythm(), {"retry_at": NOON + 3 * HOUR}, "15:00"),
        (Rhythm(failures=4), {"retry_at": NOON + 3 * HOUR}, "15:00"),
        (Rhythm(), {"retry_at": NOON + 400 * DAY}, "2026-11-25 12:00"),
        # skipHours
        (Rhythm(), {"skip_hours": {13}}, "12:05"),
        (Rhythm(), {"skip_hours": {12}}, "13:00"),
        (Rhythm(), {"skip_hours": {12, 13, 15}}, "14:00"),
        (Rhythm(), {"skip_hours": set(range(12, 22))}, "22:00"),  # ten hours: a night
        (Rhythm(), {"skip_hours": set(range(12, 23))}, "12:05"),
        (Rhythm(), {"skip_hours": set(range(24))}, "12:05"),
        (Rhythm(), {"skip_hours": NIGHT, "retry_at": NOON + 11 * HOUR}, "2026-11-25 06:00"),
    ],
)
def test_the_next_question_comes_when_rhythm_and_server_wish(rhythm, hints, expected):
    expected = expected if " " in expected else f"2026-11-24 {expected}"
    assert next_poll(EVERY, rhythm, Hints(**hints), NOON) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "changed", "passed", "after"),
    [
        # from the first answer on, the wait lies between half of `every` and the longest one
        (None, True, 5, 2.5),
        (None, False, 5, 5.625),
        (20, True, 20, 10),
        (4, True, 5, 2.5),
        (20, False, 20, 22.5),
        (29, False, 29, 30),
        # what counts is the time that has passed: being asked by hand teaches little, a long outage no more than a wait
        (20, False, 0, 20),
        (20, False, 4, 20.5),
        (20, False, 3000, 23.75),
        (20, False, -3000, 20),
        (20, True, -3000, 10),
    ],
)
def test_news_halves_the_wait_and_silence_makes_it_longer(before, changed, passed, after):
    rhythm = Rhythm(before and before * MINUTE, NOON, failures=3)
    now = NOON + passed * MINUTE
    assert learn(rhythm, EVERY, changed, now) == Rhythm(after * MINUTE, now, failures=0)


def test_a_failure_teaches_nothing_but_that_it_failed():
    rhythm = Rhythm(20 * MINUTE, NOON, failures=1)
    assert stumble(rhythm) == Rhythm(20 * MINUTE, NOON, failures=2)


def test_where_the_clock_is_put_back_minutes_are_counted_as_they_pass():
    berlin = ZoneInfo("Europe/Berlin")
    first = datetime(2027, 10, 31, 2, 58, tzinfo=berlin)  # 00:58 in UTC; two minutes later the clock shows 02:00
    assert next_poll(EVERY, Rhythm(10 * MINUTE), Hints(), first) == datetime(2027, 10, 31, 1, 8, tzinfo=UTC)
    again = datetime(2027, 10, 31, 2, 6, tzinfo=berlin, fold=1)
    assert learn(Rhythm(10 * MINUTE, first), EVERY, False, again).wait == 11 * MINUTE


# What was planned before


@pytest.mark.parametrize(
    ("planned", "hints", "expected"),
    [
        (None, {}, "12:00"),
        (NOON - DAY, {}, "12:00"),
        (NOON + 7 * MINUTE, {}, "12:07"),
        (NOON + 33 * MINUTE, {}, "12:33"),  # the longest wait and its jitter
        # further ahead than a plan made now: the clock was set back, or `every` was longer
        (NOON + HOUR, {}, "12:33"),
        (NOON + 400 * DAY, {}, "12:33"),
        (NOON + HOUR, {"retry_at": NOON + 2 * HOUR}, "13:00"),
        (NOON + 400 * DAY, {"retry_at": NOON + 400 * DAY}, "2026-11-25 12:03"),
        (NOON + 9 * HOUR, {"skip_hours": frozenset(range(12, 21))}, "21:00"),
        # jitter alone would reach the hour that is open; a plan that was moved there has its jitter after it
        (NOON + 9 * HOUR, {"skip_hours": frozenset({12}), "retry_at": NOON + 58 * MINUTE}, "13:03"),
    ],
)
def test_a_plan_holds_as_far_as_it_could_be_made_now(planned, hints, expected):
    expected = expected if " " in expected else f"2026-11-24 {expected}"
    assert still(planned, EVERY, Hints(**hints), NOON) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("retry_at", "rests"),
    [(None, False), (NOON - SECOND, False), (NOON, False), (NOON + DAY, True), (NOON + DAY + SECOND, False)],
)
def test_a_retry_after_holds_for_a_day_at_most(retry_at, rests):
    assert wants_rest(retry_at, NOON) is rests


# All wishes together

waits = st.timedeltas(timedelta(), 3 * DAY)
rhythms = st.builds(Rhythm, st.none() | waits, st.none() | st.just(NOON), st.integers(0, 2000))
hints = st.builds(
    Hints,
    st.none() | waits,
    st.none() | waits,
    st.frozensets(st.integers(0, 23)),
    st.none() | st.timedeltas(-3 * DAY, 30 * DAY).map(lambda distance: NOON + distance),
)
moments = st.timedeltas(timedelta(), 2 * DAY).map(lambda distance: NOON + distance)
jitters = st.floats(0, 1, exclude_max=True)


@settings(max_examples=200)
@given(st.timedeltas(SECOND, 7 * DAY), rhythms, hints, moments, jitters, st.timedeltas(timedelta(), HOUR))
def test_what_was_planned_by_the_rule_holds_after_a_restart(every, rhythm, hints, now, jitter, passed):
    planned = next_poll(every, rhythm, hints, now, jitter)
    kept = replace(hints, max_age=None)  # as the ledger keeps it
    assert still(planned, every, kept, now + passed) == max(planned, now + passed)


@settings(max_examples=300)
@given(st.timedeltas(SECOND, 7 * DAY), rhythms, hints, moments, jitters)
def test_never_before_every_nor_the_servers_time_and_never_after_the_bounds(every, rhythm, hints, now, jitter):
    chosen = next_poll(every, rhythm, hints, now, jitter)
    retry_at = min(hints.retry_at or now, now + DAY)
    assert chosen >= max(now + every, retry_at)
    night = 10 * HOUR + 5 * MINUTE if hints.skip_hours else timedelta()
    assert chosen <= max(now + longest(every), retry_at) + 5 * MINUTE + night
    if chosen.hour in hints.skip_hours:
        assert {(chosen + n * HOUR).hour for n in range(11)} <= hints.skip_hours


def test_jitter_spreads_feeds_that_were_asked_in_one_second():
    many = [next_poll(10 * MINUTE, Rhythm(), Hints(), NOON, n / 60) for n in range(60)]
    assert [later - earlier for earlier, later in pairwise(many)] == [SECOND] * 59


def test_jitter_spreads_feeds_that_skipped_one_night():
    many = [next_poll(10 * MINUTE, Rhythm(), Hints(skip_hours=frozenset({12})), NOON, n / 60) for n in range(60)]
    assert many[0] == NOON + HOUR
    assert [later - earlier for earlier, later in pairwise(many)] == [SECOND] * 59


def test_jitter_of_a_long_wait_stays_below_five_minutes():
    assert next_poll(DAY, Rhythm(), Hints(), NOON, 0.999) < NOON + DAY + 5 * MINUTE


# A feed over forty days

DAYS = 40


def watch(articles: list[datetime], every: timedelta = EVERY, jitter=lambda: 0.0):
    """How often a day the feed is asked, and how many minutes after its publication each article is found."""
    rhythm, now, asked, late, coming = Rhythm(), NOON, 0, [], iter(articles)
    article = next(coming, None)
    while now < NOON + DAYS * DAY:
        asked += 1
        found = []
        while article is not None and article <= now:
            found.append((now - article) / MINUTE)
            article = next(coming, None)
        late += found
        rhythm = learn(rhythm, every, bool(found), now)
        now = next_poll(every, rhythm, Hints(), now, jitter())
    return asked / DAYS, late


def published(minutes_apart: float, *, hours=range(24), seed: int = 5) -> list[datetime]:
    """Articles as they happen to come, so many minutes apart on average, in these hours of the day."""
    chance, moment, articles = random.Random(seed), NOON, []
    while (moment := moment + chance.expovariate(1 / minutes_apart) * MINUTE) < NOON + DAYS * DAY:
        if moment.hour in hours:
            articles.append(moment)
    return articles


WORKING = range(8, 22)


@pytest.mark.parametrize(
    ("what", "articles", "most", "typical", "latest"),
    [  # asked a day at most, minutes until an article is found: median, and at worst
        ("two a day", published(12 * 60), 55, 16, 30),
        ("one a week", published(7 * 24 * 60), 50, 30, 30),
        ("by the hour", published(60), 140, 6, 30),
        ("news, every 20 minutes by day and none at night", published(20, hours=WORKING), 180, 3.5, 30),
        ("news, every 7 minutes by day and none at night", published(7, hours=WORKING), 200, 3, 30),
        ("every 7 minutes, day and night", published(7), 288, 3, 15),
    ],
)
def test_a_feed_is_asked_as_often_as_it_has_news(what, articles, most, typical, latest):
    asked, late = watch(articles)
    print(f"{what}: asked {asked:.0f} times a day; minutes until found: {median(late):.1f}, at worst {max(late):.1f}")
    assert asked <= most
    assert median(late) <= typical
    assert max(late) <= latest


def test_a_feed_with_news_every_ten_minutes_is_asked_at_every():
    articles = [NOON + 10 * n * MINUTE for n in range(1, DAYS * 144)]
    assert watch(articles)[0] == 288
    chance = random.Random(7)
    assert watch(articles, jitter=chance.random)[0] == pytest.approx(288 / 1.05, rel=0.01)


def test_a_feed_is_never_asked_more_often_than_every_whatever_comes():
    articles = [NOON + 20 * n * SECOND for n in range(DAYS * 24 * 180)]
    assert watch(articles)[0] == 288
    assert watch(articles, every=HOUR)[0] == 24


def test_a_busy_morning_is_noticed_after_three_articles():
    """The first is found within half an hour, after a night at the longest wait; then each within `every`, soon."""
    rhythm, now, waits = Rhythm(30 * MINUTE, NOON), NOON, []
    for _ in range(4):
        upcoming = next_poll(EVERY, rhythm, Hints(), now)
        waits.append((upcoming - now) / MINUTE)
        rhythm, now = learn(rhythm, EVERY, True, upcoming), upcoming
    assert waits == [30, 15, 7.5, 5]


def test_skip_hours_let_a_feed_sleep():
    rhythm, now, asked = Rhythm(), NOON, []
    while now < NOON + 3 * DAY:
        rhythm = learn(rhythm, EVERY, False, now)
        now = next_poll(EVERY, rhythm, Hints(skip_hours=NIGHT), now)
        asked.append(now)
    assert {moment.hour for moment in asked} == set(range(24)) - NIGHT
    assert sum(moment.time() == time(6) for moment in asked) == 3
