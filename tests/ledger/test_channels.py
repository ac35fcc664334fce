"""A channel's own state in the ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from crosspost.ledger.moves import SELF
from crosspost.ledger.rows import ChannelRow
from crosspost.ledger.tables import events
from crosspost.post import ChannelState
from tests.fakes import NOON

RESTING = ChannelRow("x_en", ChannelState.RESTING, "5 failures in a row", NOON + timedelta(minutes=1), 5, 1)
PAUSED = ChannelRow("x_en", ChannelState.PAUSED, "by olga: on holiday")


def told(ledger):
    with ledger.reading() as connection:
        return [(row.channel, row.what, row.why, row.by) for row in connection.execute(select(events))]


def test_a_channel_nobody_spoke_of_is_active(ledger):
    assert ledger.channel("x_en") == ChannelRow("x_en", ChannelState.ACTIVE, "", None, 0, 0)


def test_a_channels_state_is_kept_and_touches_no_other(ledger):
    ledger.set_channel(RESTING)
    assert ledger.channel("x_en") == RESTING
    assert ledger.channel("vk_ru").state is ChannelState.ACTIVE


def test_a_change_of_state_or_reason_is_an_event_and_a_mere_count_is_not(ledger):
    ledger.set_channel(ChannelRow("x_en", failures=1))
    ledger.set_channel(RESTING)
    ledger.set_channel(ChannelRow("x_en", ChannelState.RESTING, "6 failures in a row"))
    assert told(ledger) == [
        ("x_en", "resting", "5 failures in a row", "crosspost"),
        ("x_en", "resting", "6 failures in a row", "crosspost"),
    ]


def test_what_a_person_paused_stays_paused_whatever_a_call_in_flight_ends_in(ledger):
    assert ledger.pause("x_en", "on holiday", by="olga")
    ledger.set_channel(ChannelRow("x_en"))
    ledger.set_channel(replace(RESTING, state=ChannelState.BLOCKED))
    assert ledger.channel("x_en") == PAUSED
    assert told(ledger) == [("x_en", "paused", "on holiday", "olga")]


def test_a_pause_tells_since_when_and_a_reason_can_be_added(ledger, clock):
    ledger.pause("x_en", "", by="olga")
    clock.advance(minutes=5)
    assert not ledger.pause("x_en", "", by="pavel")
    row = ledger.channel("x_en")
    assert (row.reason, row.changed_at) == ("by olga", NOON)
    assert ledger.pause("x_en", "on holiday", by="olga")
    assert not ledger.pause("x_en", "on holiday", by="olga")
    assert ledger.channel("x_en") == PAUSED


@pytest.mark.parametrize("by", ["pavel", SELF], ids=["another", "one whose login is crosspost"])
def test_a_person_resumes_what_a_person_paused(ledger, by):
    ledger.pause("x_en", "on holiday", by="olga")
    assert ledger.resume("x_en", by=by) == (PAUSED, ChannelRow("x_en"))
    assert ledger.channel("x_en") == ChannelRow("x_en")
    assert told(ledger)[-1] == ("x_en", "active", "resumed; it was paused", by)


@pytest.mark.parametrize("state", [ChannelState.BLOCKED, ChannelState.RESTING])
def test_a_person_who_has_mended_a_channel_need_not_wait_for_its_next_try(ledger, state):
    ledger.set_channel(replace(RESTING, state=state))
    assert ledger.resume("x_en", by="olga") == (replace(RESTING, state=state), ChannelRow("x_en"))
    assert ledger.channel("x_en") == ChannelRow("x_en")


def test_resuming_an_active_channel_changes_and_tells_nothing(ledger):
    ledger.set_channel(ChannelRow("x_en", failures=3))
    assert ledger.resume("x_en", by="olga")[1].state is ChannelState.ACTIVE
    assert (ledger.channel("x_en").failures, told(ledger)) == (3, [])


@pytest.mark.parametrize("first", ["rest", "pause"])
def test_a_rest_that_a_platform_asked_for_outlasts_a_persons_pause(ledger, clock, first):
    acts = [lambda: ledger.set_channel(RESTING), lambda: ledger.pause("x_en", "", by="olga")]
    for act in acts if first == "rest" else reversed(acts):
        act()
    ledger.pause("x_en", "on holiday", by="olga")
    clock.advance(seconds=30)
    assert ledger.channel("x_en") == replace(PAUSED, until=RESTING.until)
    _, after = ledger.resume("x_en", by="olga")
    assert (after.state, after.until) == (ChannelState.RESTING, RESTING.until)
    assert ledger.resume("x_en", by="olga")[1] == ledger.channel("x_en") == ChannelRow("x_en")


def test_a_rest_that_is_over_is_nothing_to_go_on_with(ledger, clock):
    ledger.set_channel(RESTING)
    ledger.pause("x_en", "", by="olga")
    clock.advance(minutes=1)
    assert ledger.resume("x_en", by="olga")[1] == ChannelRow("x_en")
