"""A clock that was ahead silences nothing for longer than was meant, once it is right again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from crosspost.ledger import views
from crosspost.ledger.rows import ChannelRow
from crosspost.post import ChannelState, State
from tests.bring import bring
from tests.fakes import NOON
from tests.ledger.lives import unsure

YEAR, HOUR = timedelta(days=365), timedelta(hours=1)


def test_a_post_waits_as_long_as_was_meant(ledger, clock):
    entry = bring(ledger)[0]
    clock.now = NOON + YEAR
    ledger.postponed(entry, clock() + HOUR, "not reached")
    clock.now = NOON
    ledger.put_right()
    after = ledger.entry(entry.id)
    assert (after.state, after.at, after.failures) == (State.DUE, NOON + HOUR, 1)
    assert [event.what for event in views.log_of(ledger, [entry.id])[entry.id]] == ["due", "due", "due"]


def test_so_does_one_that_is_to_be_looked_for(ledger, clock):
    entry = unsure(ledger)
    clock.now = NOON + YEAR
    ledger.looked(entry, clock() + HOUR, "the look failed", counts=False)
    clock.now = NOON
    ledger.put_right()
    assert ledger.entry(entry.id).at == NOON + HOUR


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(seconds=59), -YEAR], ids=str)
def test_what_was_written_by_a_clock_that_was_right_is_left_alone(ledger, clock, ahead):
    entry = bring(ledger)[0]
    clock.now = NOON + ahead
    ledger.postponed(entry, NOON + HOUR, "not reached")
    ledger.set_channel(ChannelRow("x_en", ChannelState.RESTING, "a pause", NOON + HOUR))
    before = ledger.entry(entry.id)
    clock.now = NOON
    ledger.put_right()
    assert ledger.entry(entry.id) == before
    assert ledger.channel("x_en").until == NOON + HOUR


def test_a_channel_rests_as_long_as_was_meant(ledger, clock):
    clock.now = NOON + YEAR
    resting = ChannelRow("x_en", ChannelState.RESTING, "a pause", clock() + HOUR, 5, 1)
    ledger.set_channel(resting)
    clock.now = NOON
    ledger.put_right()
    assert ledger.channel("x_en") == replace(resting, until=NOON + HOUR)
