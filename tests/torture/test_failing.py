"""A platform that keeps failing: its channel rests, the others go on, it is tried gently, and said once."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from crosspost.ledger import views
from crosspost.post import ChannelState, State
from tests.torture.channel import ACCOUNTS, FIRST, RETRY, SECOND, judge

PLATFORMS = tuple(name for name in ACCOUNTS if name != "youtube videos")  # which shares YouTube's account
DOWN = ["500-before@publish:always", "500-before@read:always", "500-before@upload:always", "500-before@token:always"]


@pytest.mark.parametrize("failing", PLATFORMS)
def test_one_that_keeps_failing_rests_and_the_others_go_on(lane, clock, failing):
    lanes = {platform: lane(platform, breaker=3) for platform in PLATFORMS}
    lanes[failing].fail(*DOWN)
    for one in lanes.values():
        one.bring(*range(1, 13))
    with capture_logs() as log:
        for minutes in [1] * 60 + [30] * 46:  # a day
            for one in lanes.values():
                one.tick()
            clock.advance(minutes=minutes)
    for platform, one in lanes.items():
        assert len(set(one.shown)) == len(one.shown) == (0 if platform == failing else 12)
    row = lanes[failing].ledger.channel(failing)
    assert row.state is ChannelState.RESTING
    assert "failures in a row" in row.reason
    said = Counter(line["event"] for line in log if line.get("channel") == failing)
    assert said["channel.resting"] == 1
    # Three times for the breaker to open, and then one post or look at a time, ever less often.
    gentle = 3 + 2 * (timedelta(days=1) / RETRY[-1] + len(RETRY))
    assert len(lanes[failing].sandbox.requests(failing)) <= gentle
    assert said.total() <= gentle
    events = views.log_of(lanes[failing].ledger, [one.id for one in lanes[failing].posts()])
    assert max(map(len, events.values())) <= 2 * gentle


@pytest.mark.parametrize("platform", PLATFORMS)
def test_when_it_answers_again_all_goes_out_once(lane, clock, platform):
    lane = lane(platform, "500-before:6", "500-before@read:8", breaker=3)
    lane.bring(1, 2)
    with capture_logs() as log:
        lane.drive()
    judge(lane)
    assert lane.ledger.channel(platform).state is ChannelState.ACTIVE
    assert sum(line["event"] == "channel.resting" for line in log) <= 1


def test_many_in_doubt_are_not_looked_for_one_by_one_while_looks_fail(lane, clock):
    lane = lane("x", "reset-after:20", "500-before@read:always")
    lane.bring(*range(1, 21))
    lane.tick()
    assert len(lane.open()) == 20
    before = len(lane.sandbox.requests("x"))
    for _ in range(600):
        lane.tick()
        clock.advance(seconds=1)
    assert len(lane.sandbox.requests("x")) - before <= 4
    assert {entry.state for entry in lane.posts()} == {State.UNSURE}
    assert {FIRST, SECOND} <= set(lane.shown)
