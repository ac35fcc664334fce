"""The upload of a post's video, in the ledger: durable before its first byte goes, and gone when the post is sent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crosspost.post import Receipt, State, Upload
from tests.ledger.lives import ME, due, prepared, sending, unsure

UPLOAD = Upload("https://up.example/?upload_id=secret", "mark", 45)


def test_an_upload_comes_back_as_it_was_kept(ledger):
    entry = due(ledger)
    assert ledger.opened(entry, UPLOAD)
    assert ledger.entry(entry.id).upload == UPLOAD


def test_a_new_upload_takes_the_place_of_the_old_one(ledger):
    entry = due(ledger)
    ledger.opened(entry, UPLOAD)
    another = Upload("https://up.example/?upload_id=another", "mark", 45)
    assert ledger.opened(ledger.entry(entry.id), another)
    assert ledger.entry(entry.id).upload == another


def test_an_upload_survives_all_but_the_post_being_sent(ledger):
    entry = due(ledger)
    ledger.opened(entry, UPLOAD)
    ledger.postponed(ledger.entry(entry.id), entry.at, "no route")
    assert ledger.entry(entry.id).upload == UPLOAD
    ledger.sent(ledger.entry(entry.id), Receipt("1", "https://social.example/1"), "found")
    assert ledger.entry(entry.id).upload is None


def test_a_call_knows_the_upload_that_it_ends_and_no_other(ledger):
    """Of a post that went out as something else, an upload that was given up must not answer."""
    entry = due(ledger)
    ledger.opened(entry, UPLOAD)
    ledger.begin(entry, replace(prepared(entry), upload=UPLOAD), ME)
    assert ledger.entry(entry.id).upload == UPLOAD
    ledger.postponed(ledger.entry(entry.id), entry.at, "no route")
    entry = ledger.entry(entry.id)
    ledger.begin(entry, prepared(entry), ME)
    assert ledger.entry(entry.id).upload is None


def test_no_upload_is_kept_for_a_post_that_changed_meanwhile(ledger, clock):
    entry = due(ledger)
    clock.advance(seconds=1)
    ledger.decide(entry, State.HELD, sources=[State.DUE], why="wait", by="olga")
    assert not ledger.opened(entry, UPLOAD)
    ledger.decide(ledger.entry(entry.id), State.DUE, sources=[State.HELD], why="go", by="olga")
    assert not ledger.opened(entry, UPLOAD)
    assert ledger.entry(entry.id).upload is None


@pytest.mark.parametrize("life", [sending, unsure])
def test_no_upload_begins_in_the_middle_of_a_call(ledger, life):
    assert not ledger.opened(life(ledger), UPLOAD)
