"""A channel's own state in the ledger."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from crosspost.ledger.rows import ChannelRow
from crosspost.ledger.tables import events
from crosspost.post import ChannelState
from tests.fakes import NOON

RESTING = ChannelRow("x_en", ChannelState.RESTING, "5 failures in a row", NOON + timedelta(minutes=1), 5, 1)
PAUSED = ChannelRow("x_en", ChannelState.PAUSED, "on holiday")


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
    ledger.set_channel(PAUSED, by="olga")
    ledger.set_channel(ChannelRow("x_en"))
    ledger.set_channel(RESTING)
    assert ledger.channel("x_en") == PAUSED
    assert told(ledger) == [("x_en", "paused", "on holiday", "olga")]


def test_a_person_resumes_what_a_person_paused(ledger):
    ledger.set_channel(PAUSED, by="olga")
    ledger.set_channel(ChannelRow("x_en"), by="pavel")
    assert ledger.channel("x_en").state is ChannelState.ACTIVE
