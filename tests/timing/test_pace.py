"""When a channel's next post may go out, and which one that is."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from crosspost.timing import pace as rules
from crosspost.timing.pace import Pace, Waiting, choose, next_time, put_right, silenced

MINSK, BERLIN, KOLKATA = ZoneInfo("Europe/Minsk"), ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kolkata")
SAO_PAULO, LORD_HOWE, APIA = ZoneInfo("America/Sao_Paulo"), ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Pacific/Apia")

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def at(text: str, zone: ZoneInfo | None = None) -> datetime:
    """ "2027-03-28 02:30" by the clock of a zone; with an offset, "2027-10-31 02:30+01:00", where it shows it twice."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def clock(text: str) -> time:
    return time.fromisoformat(text)


def quiet(text: str) -> tuple[time, time]:
    start, end = text.split("-")
    return clock(start), clock(end)


def slots(text: str) -> tuple[time, ...]:
    return tuple(map(clock, text.split()))


# One rule at a time


@pytest.mark.parametrize(
    ("pace", "sent", "now", "expected"),
    [
        ({}, ["12:00"], "12:00", "12:00"),
        # gap
        ({"gap": 10 * MINUTE}, [], "12:00", "12:00"),
        ({"gap": 10 * MINUTE}, ["11:55", "11:30"], "12:00", "12:05"),
        ({"gap": 10 * MINUTE}, ["11:50"], "12:00", "12:00"),
        ({"gap": timedelta()}, ["12:00"], "12:00", "12:00"),
        # at_most
        ({"at_most": (2, HOUR)}, ["11:10"], "12:00", "12:00"),
        ({"at_most": (2, HOUR)}, ["11:40", "11:10"], "12:00", "12:10"),
        ({"at_most": (2, HOUR)}, ["11:40", "11:00"], "12:00", "12:00"),
        ({"at_most": (2, HOUR)}, ["11:50", "11:40", "11:30"], "12:00", "12:40"),
        ({"at_most": (1, DAY)}, ["00:10"], "12:00", "2026-11-25 00:10"),
        # quiet
        ({"quiet": quiet("13:00-15:00")}, [], "12:59", "12:59"),
        ({"quiet": quiet("13:00-15:00")}, [], "13:00", "15:00"),
        ({"quiet": quiet("13:00-15:00")}, [], "15:00", "15:00"),
        ({"quiet": quiet("23:00-07:00")}, [], "23:30", "2026-11-25 07:00"),
        ({"quiet": quiet("23:00-07:00")}, [], "00:30", "07:00"),
        ({"quiet": quiet("23:00-07:00")}, [], "22:59", "22:59"),
        # slots
        ({"slots": slots("09:00 13:00")}, [], "08:00", "09:00"),
        ({"slots": slots("09:00 13:00")}, [], "09:00", "09:00"),
        ({"slots": slots("09:00 13:00")}, [], "09:14", "09:14"),
        ({"slots": slots("09:00 13:00")}, [], "09:15", "13:00"),
        ({"slots": slots("09:00 13:00")}, ["09:00"], "09:01", "13:00"),
        ({"slots": slots("09:00 13:00")}, ["08:59"], "09:01", "09:01"),
        ({"slots": slots("09:00 13:00")}, [], "14:00", "2026-11-25 09:00"),
        ({"slots": slots("09:00 09:05")}, ["09:02"], "09:03", "09:05"),
        ({"slots": slots("23:55")}, [], "2026-11-25 00:05", "2026-11-25 00:05"),
        ({"slots": slots("23:55")}, ["23:56"], "2026-11-25 00:05", "2026-11-25 23:55"),
        # several
        ({"slots": slots("09:00 13:00"), "gap": 30 * MINUTE}, ["08:40"], "09:00", "09:10"),
        ({"slots": slots("09:00 13:00"), "gap": 30 * MINUTE}, ["08:50"], "09:00", "13:00"),
        ({"slots": slots("06:50 23:30"), "quiet": quiet("23:00-07:00")}, [], "12:00", "2026-11-25 07:00"),
        ({"gap": HOUR, "quiet": quiet("23:00-07:00")}, ["22:30"], "22:40", "2026-11-25 07:00"),
        ({"gap": HOUR, "at_most": (2, DAY)}, ["08:00", "11:30"], "12:00", "2026-11-25 08:00"),
    ],
)
def test_a_post_goes_out_at_the_first_moment_that_satisfies_every_rule(pace, sent, now, expected):
    def day(text):
        return at(text if " " in text else f"2026-11-24 {text}", MINSK)

    assert next_time(Pace(zone=MINSK, **pace), map(day, sent), day(now)) == day(expected)


@pytest.mark.parametrize(
    ("zone", "rule", "now", "expected"),
    [
        # Berlin, 2027-03-28: from 02:00 the clock goes to 03:00
        (BERLIN, {"quiet": quiet("23:00-07:00")}, "2027-03-28 00:30", "2027-03-28 07:00"),
        (BERLIN, {"quiet": quiet("23:00-02:30")}, "2027-03-28 00:30", "2027-03-28 03:00"),
        (BERLIN, {"quiet": quiet("23:00-02:30")}, "2027-03-28 00:30:00.5", "2027-03-28 03:00"),
        (BERLIN, {"quiet": quiet("02:30-07:00")}, "2027-03-28 01:59:59", "2027-03-28 01:59:59"),
        (BERLIN, {"quiet": quiet("02:30-07:00")}, "2027-03-28 03:00", "2027-03-28 07:00"),
        (BERLIN, {"quiet": quiet("02:00-03:00")}, "2027-03-28 01:59", "2027-03-28 01:59"),
        (BERLIN, {"quiet": quiet("03:00-02:30")}, "2027-03-28 01:00", "2027-03-29 02:30"),
        (BERLIN, {"slots": slots("02:30 09:00")}, "2027-03-28 01:00", "2027-03-28 03:30"),
        (BERLIN, {"slots": slots("02:30 09:00")}, "2027-03-28 03:46", "2027-03-28 09:00"),
        (BERLIN, {"slots": slots("09:00")}, "2027-03-27 10:00", "2027-03-28 09:00"),
        # Berlin, 2027-10-31: from 03:00 the clock goes to 02:00
        (BERLIN, {"quiet": quiet("23:00-07:00")}, "2027-10-31 00:30", "2027-10-31 07:00"),
        (BERLIN, {"quiet": quiet("23:00-02:30")}, "2027-10-31 00:30", "2027-10-31 02:30+02:00"),
        (BERLIN, {"quiet": quiet("23:00-02:30")}, "2027-10-31 02:59+02:00", "2027-10-31 02:59+02:00"),
        (BERLIN, {"quiet": quiet("23:00-02:30")}, "2027-10-31 02:00+01:00", "2027-10-31 02:30+01:00"),
        (BERLIN, {"quiet": quiet("02:30-07:00")}, "2027-10-31 02:30+02:00", "2027-10-31 02:00+01:00"),
        (BERLIN, {"quiet": quiet("02:30-07:00")}, "2027-10-31 02:30+01:00", "2027-10-31 07:00"),
        (BERLIN, {"slots": slots("02:30 09:00")}, "2027-10-31 01:00", "2027-10-31 02:30+02:00"),
        (BERLIN, {"slots": slots("02:30 09:00")}, "2027-10-31 02:30+01:00", "2027-10-31 09:00"),
        (BERLIN, {"slots": slots("09:00")}, "2027-10-30 10:00", "2027-10-31 09:00"),
        # a zone without changes, on the same days
        (MINSK, {"quiet": quiet("23:00-02:30")}, "2027-03-28 00:30", "2027-03-28 02:30"),
        (MINSK, {"slots": slots("02:30")}, "2027-10-31 01:00", "2027-10-31 02:30"),
        # Sao Paulo put the clock forward at midnight (2018-11-04), and back at midnight (2018-02-18)
        (SAO_PAULO, {"quiet": quiet("22:00-00:30")}, "2018-11-03 23:00", "2018-11-04 01:00"),
        (SAO_PAULO, {"slots": slots("00:30")}, "2018-11-03 23:00", "2018-11-04 01:30"),
        (SAO_PAULO, {"quiet": quiet("22:00-23:30")}, "2018-02-17 23:00-02:00", "2018-02-17 23:30-02:00"),
        (SAO_PAULO, {"quiet": quiet("22:00-23:30")}, "2018-02-17 23:00-03:00", "2018-02-17 23:30-03:00"),
        (SAO_PAULO, {"slots": slots("09:00")}, "2027-02-20 10:00", "2027-02-21 09:00"),
        # offsets and changes of half an hour
        (KOLKATA, {"quiet": quiet("23:00-07:00")}, "2027-01-01 02:00", "2027-01-01 07:00"),
        (KOLKATA, {"slots": slots("09:00")}, "2027-01-01 03:30+00:00", "2027-01-01 09:00"),
        (LORD_HOWE, {"quiet": quiet("23:00-02:15")}, "2027-10-03 01:00", "2027-10-03 02:30"),
        (LORD_HOWE, {"slots": slots("02:15")}, "2027-10-03 01:00", "2027-10-03 02:45"),
        # leap day
        (MINSK, {"slots": slots("09:00")}, "2028-02-28 10:00", "2028-02-29 09:00"),
        (MINSK, {"slots": slots("09:00")}, "2028-02-29 10:00", "2028-03-01 09:00"),
        (MINSK, {"quiet": quiet("23:00-07:00")}, "2028-02-28 23:00", "2028-02-29 07:00"),
        # Samoa went without its 30th of December
        (APIA, {"slots": slots("09:00")}, "2011-12-29 10:00", "2011-12-31 09:00"),
        (APIA, {"slots": slots("09:00")}, "2011-12-31 00:30", "2011-12-31 09:00"),
        (APIA, {"quiet": quiet("23:00-07:00")}, "2011-12-29 23:30", "2011-12-31 07:00"),
    ],
)
def test_clock_times_are_those_on_the_wall_also_when_it_is_changed(zone, rule, now, expected):
    assert next_time(Pace(zone=zone, **rule), [], at(now, zone)) == at(expected, zone).astimezone(UTC)


@pytest.mark.parametrize(("day", "hours"), [("2027-03-28", 23), ("2027-10-31", 25), ("2027-06-01", 24)])
def test_gap_and_at_most_count_hours_that_pass_not_hours_on_the_clock(day, hours):
    start = at(f"{day} 00:00", BERLIN)
    end = at(f"{day} 00:00", BERLIN) + DAY  # the next midnight on the wall
    assert next_time(Pace(zone=BERLIN, gap=hours * HOUR), [start], start) == end.astimezone(UTC)
    assert next_time(Pace(zone=BERLIN, at_most=(1, hours * HOUR)), [start], start) == end.astimezone(UTC)


def test_a_leap_day_is_a_day_of_at_most():
    pace = Pace(zone=MINSK, at_most=(1, DAY))
    sent = at("2028-02-28 12:00", MINSK)
    assert next_time(pace, [sent], sent) == at("2028-02-29 12:00", MINSK)


# Urgent posts


BUSY_DAY = {"gap": HOUR, "quiet": quiet("11:00-13:00"), "slots": slots("09:00 18:00")}


def test_an_urgent_post_skips_gap_slots_and_quiet():
    now = at("2026-11-24 12:00", MINSK)
    assert next_time(Pace(zone=MINSK, **BUSY_DAY), [now], now, urgent=True) == now


def test_an_urgent_post_obeys_at_most():
    now = at("2026-11-24 12:00", MINSK)
    assert next_time(Pace(zone=MINSK, at_most=(1, HOUR)), [now - MINUTE], now, urgent=True) == now + 59 * MINUTE


@pytest.mark.parametrize(
    ("rule", "expected"),
    [({"gap": HOUR}, "10:05"), ({"at_most": (1, DAY)}, "2026-11-25 09:05"), ({"slots": slots("09:00 18:00")}, "18:00")],
)
def test_an_urgent_post_counts_for_the_others(rule, expected):
    pace, now = Pace(zone=MINSK, **rule), at("2026-11-24 09:05", MINSK)
    breaking = next_time(pace, [], now, urgent=True)
    expected = expected if " " in expected else f"2026-11-24 {expected}"
    assert next_time(pace, [breaking], now) == at(expected, MINSK)


# After an outage


def test_slots_that_passed_without_a_post_are_not_made_up_for():
    pace = Pace(zone=MINSK, slots=slots("09:00 13:00 18:30"))
    back = at("2026-11-24 13:10", MINSK)  # after days
    assert send_all(pace, 4, back) == [
        back,
        at("2026-11-24 18:30", MINSK),
        at("2026-11-25 09:00", MINSK),
        at("2026-11-25 13:00", MINSK),
    ]


def send_all(pace: Pace, count: int, now: datetime, sent: tuple[datetime, ...] = ()) -> list[datetime]:
    """The times of so many posts that all wait from `now` on."""
    times = list(sent)
    for _ in range(count):
        now = next_time(pace, times, now)
        times.append(now)
    return times[len(sent) :]


# A clock that was wrong


@pytest.mark.parametrize("rule", [{"gap": HOUR}, {"at_most": (1, HOUR)}, {"gap": HOUR, "at_most": (1, HOUR)}])
@pytest.mark.parametrize("ahead", [2 * MINUTE, 59 * MINUTE, 30 * HOUR, 400 * DAY])
def test_a_clock_set_back_silences_a_channel_no_longer_than_the_rule_itself(rule, ahead):
    """The clock was `ahead` while a post went out each hour; then it is put right, and a post is sent as one may."""
    pace = Pace(zone=MINSK, **rule)
    right = at("2026-11-24 12:00", UTC)
    sent = [right + ahead - hours * HOUR for hours in range(40, -1, -1)]
    put_right_at, last = right, right
    while last < put_right_at + 3 * DAY:
        now = next_time(pace, put_right(sent), last)
        assert now - last <= HOUR
        sent.append(now)
        last = now
    after = sent[41:]
    assert all(later - earlier == HOUR for earlier, later in pairwise(after))


def test_times_in_the_future_alone_do_not_hold_a_post_back():
    now = at("2026-11-24 12:00", MINSK)
    assert next_time(Pace(zone=MINSK, gap=HOUR, at_most=(1, DAY)), [now + MINUTE, now + 9 * DAY], now) == now


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ([], []),
        ([1, 2, 3], [1, 2, 3]),
        ([1, 8, 9, 2, 3], [1, 2, 2, 2, 3]),
        ([5, 9, 6, 2], [2, 2, 2, 2]),
        ([1, 1, 7, 7], [1, 1, 7, 7]),
    ],
)
def test_a_post_went_out_no_later_than_the_next_one(sent, expected):
    start = at("2026-11-24 12:00", UTC)
    assert put_right([start + n * HOUR for n in sent]) == tuple(start + n * HOUR for n in expected)


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="naive"):
        next_time(Pace(zone=MINSK), [], datetime(2026, 11, 24))  # noqa: DTZ001


# What no pace may be


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ({"at_most": (0, HOUR)}, "allows no post"),
        ({"quiet": quiet("07:00-07:00")}, "same time"),
        ({"quiet": quiet("23:00-07:00"), "slots": slots("23:00 02:00 06:45")}, "every slot"),
    ],
)
def test_a_pace_that_lets_nothing_out_is_refused(rule, why):
    with pytest.raises(ValueError, match=why):
        Pace(zone=MINSK, **rule)


@pytest.mark.parametrize(
    ("given", "hours", "expected"),
    [
        ("09:00 23:30", "23:00-07:00", "23:30"),
        ("06:45 06:46", "23:00-07:00", "06:45"),  # the first is open for a minute only
        ("06:45", "23:00-07:00", "06:45"),
        ("06:46", "23:00-07:00", ""),
        ("22:59 07:00", "23:00-07:00", ""),
        ("12:00 13:00 14:00", "13:00-13:15", "13:00"),
        ("12:00 13:00 14:00", "13:00-13:14", ""),
    ],
)
def test_a_slot_that_quiet_hours_cover_is_named(given, hours, expected):
    assert silenced(slots(given), quiet(hours)) == slots(expected)


# All rules together, against rules written once more by reading the clock on the wall

STEP = 5 * MINUTE
ZONES = [MINSK, BERLIN, SAO_PAULO, KOLKATA, LORD_HOWE]
CHANGES = [
    datetime(2027, 3, 28, 1, tzinfo=UTC),  # Berlin, forward
    datetime(2027, 10, 31, 1, tzinfo=UTC),  # Berlin, back
    datetime(2018, 11, 4, 3, tzinfo=UTC),  # Sao Paulo, forward
    datetime(2018, 2, 18, 2, tzinfo=UTC),  # Sao Paulo, back
    datetime(2027, 10, 2, 15, 30, tzinfo=UTC),  # Lord Howe, forward by half an hour
    datetime(2027, 4, 3, 15, tzinfo=UTC),  # Lord Howe, back
    datetime(2028, 2, 29, 12, tzinfo=UTC),
]

clock_times = st.integers(0, 287).map(lambda n: time(n // 12, n % 12 * 5))
near_changes = st.builds(lambda change, steps: change + steps * STEP, st.sampled_from(CHANGES), st.integers(-400, 400))


@st.composite
def paces(draw):
    given = {
        "gap": draw(st.none() | st.integers(0, 100).map(lambda n: n * STEP)),
        "at_most": draw(st.none() | st.tuples(st.integers(1, 4), st.sampled_from([HOUR, DAY]))),
        "quiet": draw(st.none() | st.tuples(clock_times, clock_times).filter(lambda q: q[0] != q[1])),
        "slots": tuple(draw(st.lists(clock_times, max_size=6, unique=True))),
    }
    if given["quiet"] and given["slots"]:
        assume(set(silenced(given["slots"], given["quiet"])) != set(given["slots"]))
    return Pace(zone=draw(st.sampled_from(ZONES)), **given)


@st.composite
def situations(draw):
    now = draw(near_changes)
    sent = draw(st.lists(st.integers(0, 300).map(lambda steps: now - steps * STEP), max_size=12))
    return draw(paces()), sent, now


def broken(pace: Pace, sent: list[datetime], moment: datetime) -> set[str]:
    """The rules that a post at `moment` would break."""
    on_the_wall = moment.astimezone(pace.zone).time()
    rules = set()
    if pace.gap and any(moment - post < pace.gap for post in sent):
        rules.add("gap")
    if pace.at_most and sum(moment - post < pace.at_most[1] for post in sent) >= pace.at_most[0]:
        rules.add("at_most")
    if pace.quiet:
        start, end = pace.quiet
        inside = start <= on_the_wall < end if start < end else on_the_wall >= start or on_the_wall < end
        rules |= {"quiet"} if inside else set()
    if pace.slots:
        opened = [moment - n * STEP for n in range(3) if opens(pace, moment - n * STEP)]
        if not opened or any(post >= opened[0] for post in sent):
            rules.add("slots")
    return rules


def opens(pace: Pace, moment: datetime) -> bool:
    """Whether a slot opens at this moment: its time is on the wall for the first time, or it would be, had the clock
    not just been put forward."""
    wall = moment.astimezone(pace.zone)
    if wall.time() in pace.slots and not wall.fold:
        return True
    unchanged = (moment + (moment - 2 * HOUR).astimezone(pace.zone).utcoffset()).replace(tzinfo=None)
    skipped = (
        unchanged.replace(tzinfo=pace.zone).astimezone(UTC).astimezone(pace.zone).replace(tzinfo=None) != unchanged
    )
    return skipped and unchanged.time() in pace.slots


@settings(max_examples=150)
@given(situations())
def test_the_moment_satisfies_every_rule_and_no_earlier_one_does(situation):
    pace, sent, now = situation
    chosen = next_time(pace, sent, now)
    assert chosen >= now
    assert not broken(pace, sent, chosen)
    for n in range((chosen - now) // STEP):
        assert broken(pace, sent, now + n * STEP)


@settings(max_examples=60)
@given(situations())
def test_asked_again_at_that_moment_it_is_that_moment(situation):
    pace, sent, now = situation
    chosen = next_time(pace, sent, now)
    assert next_time(pace, sent, chosen) == chosen


@settings(max_examples=60)
@given(situations(), st.timedeltas(timedelta(), 3 * DAY), st.lists(st.timedeltas(-2 * DAY, 2 * DAY), max_size=8))
def test_later_asked_is_never_sooner(situation, later, around):
    pace, sent, now = situation
    sent = [*sent, *(now + distance for distance in around)]  # some of them in the future
    assert next_time(pace, sent, now) <= next_time(pace, sent, now + later)


@settings(max_examples=60)
@given(situations(), st.permutations(range(12)))
def test_the_order_of_what_was_sent_and_the_zone_of_now_do_not_matter(situation, order):
    pace, sent, now = situation
    shuffled = [sent[n].astimezone(KOLKATA) for n in order if n < len(sent)]
    assert next_time(pace, shuffled, now.astimezone(pace.zone)) == next_time(pace, sent, now)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({}, 15 * MINUTE),
        ({"slots": slots("09:00")}, 15 * MINUTE),
        ({"gap": HOUR, "at_most": (9, DAY)}, DAY),
        ({"gap": 9 * DAY, "at_most": (9, DAY)}, 9 * DAY),
    ],
)
def test_a_pace_says_how_far_back_it_looks(rule, expected):
    assert Pace(zone=MINSK, **rule).memory == expected


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({}, False),
        ({"quiet": quiet("23:00-07:00"), "gap": timedelta()}, False),
        ({"gap": MINUTE}, True),
        ({"at_most": (9, DAY)}, True),
        ({"slots": slots("09:00")}, True),
    ],
)
def test_a_pace_says_whether_posts_wait_for_each_other(rule, expected):
    assert Pace(zone=MINSK, **rule).queues is expected


@settings(max_examples=60)
@given(situations())
def test_what_was_sent_before_the_pace_remembers_does_not_matter(situation):
    pace, sent, now = situation
    recent = [post for post in sent if post > now - pace.memory]
    assert next_time(pace, recent, now) == next_time(pace, sent, now)


@settings(max_examples=60)
@given(situations(), st.lists(st.booleans(), min_size=30, max_size=30))
def test_posts_sent_as_told_keep_to_the_pace(situation, urgency):
    pace, _, now = situation
    sent = []
    for urgent in urgency:
        now = next_time(pace, sent, now, urgent=urgent)
        rules = broken(pace, sent, now)
        assert not (rules & {"at_most"} if urgent else rules)
        sent.append(now)


@settings(max_examples=60)
@given(situations())
def test_the_search_ends_after_a_few_steps(situation):
    pace, sent, now = situation
    steps = 0

    def counted(*args, find=rules._in_slot):
        nonlocal steps
        steps += 1
        return find(*args)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rules, "_in_slot", counted)
        next_time(pace, sent, now)
    assert steps <= 6


# Which goes first

START = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOURLY = Pace(zone=MINSK, gap=HOUR)
LIFE = 2 * DAY


def waiting(number: int, seen_at: datetime = START, *, urgent: bool = False, life: timedelta = LIFE) -> Waiting:
    return Waiting(number, seen_at, seen_at + life, urgent)


def ids(posts) -> list[int]:
    return [post.id for post in posts]


@pytest.mark.parametrize(
    ("pace", "count", "freshest_first"),
    [
        ({"gap": HOUR}, 1, False),
        ({"gap": HOUR}, 19, False),  # the last waits for 18 hours: a quarter of three days
        ({"gap": HOUR}, 20, True),
        ({"at_most": (3, HOUR)}, 57, False),
        ({"at_most": (3, HOUR)}, 58, True),
        ({"slots": slots("09:00 13:00 18:30")}, 2, False),
        ({"slots": slots("09:00 13:00 18:30")}, 3, True),
        ({"gap": HOUR, "quiet": quiet("23:00-07:00")}, 11, False),
        ({"gap": HOUR, "quiet": quiet("23:00-07:00")}, 12, True),
        ({}, 5000, False),
        ({"quiet": quiet("14:00-13:59")}, 5000, False),  # they wait long, but not for each other
    ],
)
def test_oldest_first_until_the_last_would_wait_too_long(pace, count, freshest_first):
    backlog = [waiting(n, START - (count - n) * MINUTE, life=3 * DAY) for n in range(count)]
    order = ids(choose(backlog, Pace(zone=MINSK, **pace), [], at("2026-11-24 15:00", MINSK)))
    assert order == sorted(order, reverse=freshest_first)


def test_a_small_backlog_goes_out_oldest_first_however_old_it_is():
    backlog = [waiting(n, START - 40 * HOUR + n * HOUR) for n in (2, 0, 1)]
    assert ids(choose(backlog, HOURLY, [], START)) == [0, 1, 2]


def test_of_two_seen_at_once_the_one_recorded_later_is_the_newer():
    assert ids(choose([waiting(2), waiting(1)], HOURLY, [], START)) == [1, 2]
    assert ids(choose(map(waiting, range(20)), HOURLY, [], START)) == list(range(19, -1, -1))


def test_what_was_sent_already_takes_its_part_of_the_pace():
    pace, backlog = Pace(zone=MINSK, at_most=(10, DAY)), [waiting(n) for n in range(6)]
    sent = [START - 20 * HOUR] * 4
    assert ids(choose(backlog, pace, sent, START)) == [0, 1, 2, 3, 4, 5]
    assert ids(choose(backlog, pace, [*sent, START], START)) == [0, 1, 2, 3, 4, 5]
    assert ids(choose(backlog, pace, [*sent, START, START - HOUR], START)) == [0, 1, 2, 3, 4, 5]
    assert ids(choose(backlog, pace, [START] * 5, START)) == [5, 4, 3, 2, 1, 0]


posts = st.lists(
    st.builds(
        lambda seen, urgent: (START - seen * MINUTE, urgent),
        st.integers(0, 47 * 60),
        st.booleans(),
    ),
    max_size=40,
).map(lambda drawn: [waiting(n, seen, urgent=urgent) for n, (seen, urgent) in enumerate(drawn)])


@settings(max_examples=60)
@given(posts, situations())
def test_urgent_ones_go_first_and_nobody_is_left_out(backlog, situation):
    pace, _, _ = situation
    order = choose(backlog, pace, [], START)
    assert sorted(ids(order)) == sorted(ids(backlog))
    assert [post.urgent for post in order] == sorted((post.urgent for post in backlog), reverse=True)


# A channel over weeks: one post an hour, two days to live


def live(
    arrivals: list[Waiting],
    pace: Pace = HOURLY,
    start: datetime = START,
    closed: tuple[datetime, datetime] | None = None,
) -> list[tuple[Waiting, datetime, list[Waiting]]]:
    """What goes out when, and what waits on; what expires is left out. Nothing can go while the channel is `closed`."""
    coming, line, sent, gone = sorted(arrivals, key=lambda post: post.seen_at), [], [], []
    now = start
    while coming or line:
        if closed and closed[0] <= now < closed[1]:
            now = closed[1]
        while coming and coming[0].seen_at <= now:
            line.append(coming.pop(0))
        line = [post for post in line if post.expires_at > now]
        if not line:
            if coming:
                now = coming[0].seen_at
            continue
        first = choose(line, pace, sent[-60:], now)[0]
        turn = next_time(pace, sent[-60:], now, urgent=first.urgent)
        if turn > now:  # meanwhile another may come
            now = min(turn, coming[0].seen_at) if coming else turn
            continue
        line.remove(first)
        sent.append(now)
        gone.append((first, now, list(line)))
    return gone


def steady(articles_an_hour: float, days: int = 14, every_urgent: int = 0) -> list[Waiting]:
    return [
        waiting(n, START + n * HOUR / articles_an_hour, urgent=bool(every_urgent) and n % every_urgent == 3)
        for n in range(int(days * 24 * articles_an_hour))
    ]


def ages(gone) -> list[timedelta]:
    return [now - post.seen_at for post, now, _ in gone]


@pytest.mark.parametrize("articles_an_hour", [0.5, 0.9, 1.0])
def test_without_overload_all_go_out_oldest_first(articles_an_hour):
    arrivals = steady(articles_an_hour)
    gone = live(arrivals)
    assert ids(post for post, _, _ in gone) == ids(arrivals)
    assert max(ages(gone)) <= HOUR


@pytest.mark.parametrize("articles_an_hour", [1.5, 2.5, 8])
def test_under_overload_what_goes_out_is_never_old(articles_an_hour):
    arrivals = steady(articles_an_hour)
    end = arrivals[-1].seen_at
    during = [one for one in live(arrivals) if one[1] <= end]
    assert max(ages(during)) <= LIFE / 4 + HOUR
    assert sorted(ages(during))[len(during) // 2] <= HOUR


@pytest.mark.parametrize("articles_an_hour", [0.9, 1.1, 1.3, 2.5])
def test_a_fresher_one_is_passed_over_only_where_the_whole_line_goes_out_soon(articles_an_hour):
    for post, now, line in live(steady(articles_an_hour)):
        if any(other.seen_at > post.seen_at for other in line):
            assert len(line) * HOUR <= LIFE / 4, now


@pytest.mark.parametrize("articles_an_hour", [0.9, 1.1, 1.3, 2.5])
def test_nothing_is_lost_but_what_the_pace_cannot_carry(articles_an_hour):
    arrivals = steady(articles_an_hour)
    gone = live(arrivals)
    hours = (arrivals[-1].expires_at - START) / HOUR
    assert len(gone) >= 0.97 * min(len(arrivals), len(arrivals) / articles_an_hour)
    assert len(gone) <= hours + 1
    if articles_an_hour < 1:
        assert len(gone) == len(arrivals)


def test_after_a_burst_the_older_ones_follow_when_there_is_room():
    burst = [waiting(n) for n in range(30)]
    after = [waiting(100 + n, START + 3 * n * HOUR) for n in range(20)]
    gone = live([*burst, *after])
    assert {post.id for post, _, _ in gone} >= set(ids([*burst[5:], *after]))
    assert all(now - post.seen_at <= LIFE / 4 for post, now, _ in gone if post.id >= 100)


@pytest.mark.parametrize("articles_an_hour", [0.9, 2.5])
def test_an_urgent_post_never_waits_for_others(articles_an_hour):
    gone = live(steady(articles_an_hour, every_urgent=7))
    urgent = [one for one in gone if one[0].urgent]
    assert len(urgent) >= 40
    assert all(now == post.seen_at for post, now, _ in urgent)


# Weeks that are too full, with half a day in which nothing could go: a pause, or an outage

FULL = {"gap": 20 * MINUTE, "at_most": (40, DAY), "quiet": quiet("23:00-07:00")}
WEEKS = [
    (BERLIN, "2027-03-25 00:00"),  # forward on the 28th
    (BERLIN, "2027-10-28 00:00"),  # back on the 31st
    (MINSK, "2028-02-26 00:00"),  # leap day on the 29th
]


@pytest.fixture(scope="module", params=WEEKS, ids=lambda week: f"{week[0]} {week[1]}")
def week(request):
    """Six articles an hour, every 25th urgent, where three may go; the channel closed for twelve hours of the fourth
    day, which is the day of the change."""
    zone, text = request.param
    start, pace = at(text, zone).astimezone(UTC), Pace(zone=zone, **FULL)
    arrivals = [waiting(n, start + n * 10 * MINUTE, urgent=n % 25 == 3) for n in range(7 * 24 * 6)]
    closed = start + 3 * DAY + 2 * HOUR, start + 3 * DAY + 14 * HOUR
    gone = live(arrivals, pace, start, closed)
    return pace, closed, [one for one in gone if one[1] < arrivals[-1].seen_at]


def test_no_post_of_a_full_week_breaks_a_rule_not_even_when_the_channel_goes_on(week):
    pace, closed, gone = week
    sent = []
    for post, now, _ in gone:
        rules = broken(pace, sent, now)
        assert not (rules & {"at_most"} if post.urgent else rules)
        assert not closed[0] <= now < closed[1]
        sent.append(now)


def test_in_a_full_week_no_urgent_post_waits_behind_another(week):
    _, _, gone = week
    assert not [now for post, now, line in gone if not post.urgent and any(other.urgent for other in line)]
    assert sum(post.urgent for post, _, _ in gone) == sum(n % 25 == 3 for n in range(7 * 24 * 6))


def test_in_a_full_week_what_goes_out_is_fresh_after_a_night_and_after_the_pause_too(week):
    _, closed, gone = week
    ordinary = [(post, now) for post, now, _ in gone if not post.urgent]
    assert sorted(now - post.seen_at for post, now in ordinary)[len(ordinary) * 3 // 4] <= HOUR
    first, resumed = next((post, now) for post, now in ordinary if now >= closed[1])
    assert resumed - first.seen_at <= HOUR


@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_a_year_of_posts_keeps_to_slots_and_quiet_hours_on_every_day(zone):
    pace = Pace(zone=zone, slots=slots("02:30 09:00 23:30"), quiet=quiet("00:00-02:00"))
    times = send_all(pace, 3 * 365, datetime(2027, 1, 1, 12, tzinfo=UTC))
    by_day: dict[date, int] = {}
    for moment in times:
        day = moment.astimezone(zone).date()
        by_day[day] = by_day.get(day, 0) + 1
    assert set(list(by_day.values())[1:-1]) == {3}
