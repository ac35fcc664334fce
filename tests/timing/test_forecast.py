"""When the posts that wait on a channel will go out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosspost.timing.forecast import turns
from crosspost.timing.pace import Pace, Waiting, choose, next_time
from tests.timing.test_pace import BERLIN, DAY, HOUR, MINSK, MINUTE, at, quiet, situations, slots

LIFE = 2 * DAY


def waiting(number: int, seen_at: datetime, *, urgent: bool = False, life: timedelta = LIFE) -> Waiting:
    return Waiting(number, seen_at, seen_at + life, urgent)


def acted_out(coming: dict[Waiting, datetime], pace: Pace, sent: list[datetime], now: datetime):
    """The same by what the publisher does: to choose anew at each moment at which something may go or joins."""
    found, left, sent = {}, dict(coming), list(sent)
    while left:
        for one in [one for one, joined in left.items() if joined <= now and one.expires_at <= now]:
            found[one.id] = None
            del left[one]
        line = [one for one, joined in left.items() if joined <= now]
        joins = min((joined for joined in left.values() if joined > now), default=None)
        turn = None
        if line:
            first = choose(line, pace, sent, now)[0]
            turn = next_time(pace, sent, now, urgent=first.urgent)
            if turn == now:
                found[first.id] = now
                sent.append(now)
                del left[first]
                continue
        now = min(moment for moment in (turn, joins, *(one.expires_at for one in line)) if moment) if left else now
    return found


@pytest.mark.parametrize(
    ("zone", "pace", "now", "expected"),
    [
        (MINSK, {"gap": 10 * MINUTE}, "2026-11-24 12:00", ["12:00", "12:10", "12:20"]),
        (MINSK, {"at_most": (2, HOUR)}, "2026-11-24 12:00", ["12:00", "12:00", "13:00"]),
        (MINSK, {"quiet": quiet("23:00-07:00")}, "2026-11-24 23:30", ["07:00", "07:00", "07:00"]),
        (MINSK, {"gap": HOUR, "quiet": quiet("23:00-07:00")}, "2026-11-24 22:30", ["22:30", "07:00", "08:00"]),
        (MINSK, {"slots": slots("09:00 13:00")}, "2026-11-24 12:00", ["13:00", "09:00", "13:00"]),
        (MINSK, {"slots": slots("09:00")}, "2028-02-28 10:00", ["02-29 09:00", "03-01 09:00", "03-02 09:00"]),
        # the clock goes forward from 02:00 to 03:00, and back from 03:00 to 02:00
        (BERLIN, {"gap": 40 * MINUTE}, "2027-03-28 01:20", ["01:20", "03:00", "03:40"]),
        (BERLIN, {"gap": 40 * MINUTE}, "2027-10-31 02:20+02:00", ["02:20", "02:00", "02:40"]),
        (BERLIN, {"slots": slots("02:30")}, "2027-03-27 03:00", ["03-28 03:30", "03-29 02:30", "03-30 02:30"]),
        (BERLIN, {"slots": slots("02:30")}, "2027-10-30 03:00", ["10-31 02:30", "11-01 02:30", "11-02 02:30"]),
        (BERLIN, {"gap": HOUR, "quiet": quiet("23:00-02:30")}, "2027-03-27 22:30", ["22:30", "03:00", "04:00"]),
        (BERLIN, {"gap": HOUR, "quiet": quiet("23:00-02:30")}, "2027-10-30 22:30", ["22:30", "02:30", "02:30"]),
    ],
)
def test_each_post_has_its_turn_by_the_clock_on_the_wall(zone, pace, now, expected):
    now = at(now, zone)
    backlog = {waiting(number, now - MINUTE, life=30 * DAY): now - MINUTE for number in range(3)}
    found = [turn.astimezone(zone) for turn in turns(backlog, Pace(zone=zone, **pace), [], now).values()]
    assert [f"{turn:%m-%d %H:%M}"[-len(text) :] for turn, text in zip(found, expected, strict=True)] == expected


def test_what_has_gone_out_is_taken_into_account():
    now = at("2026-11-24 12:00", MINSK)
    backlog = {waiting(number, now): now for number in range(2)}
    found = turns(backlog, Pace(zone=MINSK, gap=HOUR), [now - 20 * MINUTE], now)
    assert found == {0: now + 40 * MINUTE, 1: now + 100 * MINUTE}


def test_a_post_that_settles_joins_when_it_has_settled_and_an_urgent_one_goes_before_the_others():
    now = at("2026-11-24 12:00", MINSK)
    first, second, settles = waiting(1, now), waiting(2, now), waiting(3, now, urgent=True)
    found = turns({first: now, second: now, settles: now + 5 * MINUTE}, Pace(zone=MINSK, gap=HOUR), [], now)
    assert found == {1: now, 3: now + 5 * MINUTE, 2: now + 65 * MINUTE}


def test_a_post_whose_turn_comes_after_it_expires_has_none():
    now = at("2026-11-24 12:00", MINSK)
    backlog = {waiting(number, now, life=3 * HOUR): now for number in range(5)}
    found = turns(backlog, Pace(zone=MINSK, gap=HOUR), [], now)
    assert sorted(found.values(), key=str) == sorted([now, now + HOUR, now + 2 * HOUR, None, None], key=str)


arrivals = st.lists(
    st.tuples(st.integers(0, 40 * 60), st.integers(0, 240), st.integers(1, 60), st.integers(0, 5)), max_size=40
)


@settings(max_examples=150)
@given(situations(), arrivals)
def test_it_is_what_the_publisher_will_do(situation, drawn):
    pace, sent, now = situation
    coming = {
        waiting(number, now - age * MINUTE, urgent=not kind, life=(age * MINUTE + hours * HOUR)): now
        + (settles - 200) * MINUTE
        for number, (age, settles, hours, kind) in enumerate(drawn)
    }
    assert turns(coming, pace, sent, now) == acted_out(coming, pace, sent, now)


@pytest.mark.parametrize("pace", [{"gap": MINUTE}, {"gap": HOUR}, {"slots": slots("09:00 13:00 18:30")}])
def test_a_thousand_posts_all_have_an_answer(pace):
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    backlog = {waiting(number, now - number * MINUTE): now for number in range(1000)}
    found = turns(backlog, Pace(zone=MINSK, **pace), [], now)
    gone = sorted(turn for turn in found.values() if turn)
    assert len(found) == 1000
    assert gone and len(set(gone)) == len(gone)
