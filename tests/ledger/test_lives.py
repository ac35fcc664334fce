"""A post's life: each verb of the ledger, what it changes, and what it refuses to change."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from crosspost.ledger import moves, views
from crosspost.ledger.tables import attempts, posts
from crosspost.post import TRANSITIONS, State
from tests.bring import article, bring
from tests.fakes import NOON
from tests.ledger.lives import (
    ME,
    RECEIPT,
    SOON,
    asking,
    due,
    handed,
    prepared,
    refused,
    resting,
    sending,
    sent,
    unsure,
)


def log_of(ledger, entry):
    return [event.what for event in views.log_of(ledger, [entry.id])[entry.id]]


def call_of(ledger, entry):
    with ledger.reading() as connection:
        return connection.execute(select(attempts).where(attempts.c.post_id == entry.id)).all()[-1]


# The table of transitions


def test_a_post_moves_exactly_as_the_table_says(ledger):
    entry = due(ledger)
    moved = set()
    for source in State:
        for goal in State:
            with ledger.engine.connect() as connection:  # rolled back at its end
                connection.execute(
                    update(posts).values(
                        state=source, text="t", link="l", attempts=1, remote_id="1", address="https://social.example/1"
                    )
                )
                if moves.move(connection, entry.id, goal, why="a try", now=NOON):
                    moved.add((source, goal))
    assert moved == {(source, goal) for source, goals in TRANSITIONS.items() for goal in goals}


# design.md's table, word for word; what the code allows beyond it is named with its reason in post.py.
DESIGNED = {
    "planned": "due waiting skipped",
    "waiting": "due skipped",
    "held": "due skipped",
    "due": "sending handed skipped",
    "sending": "sent refused due unsure",
    "unsure": "sent due asking",
    "asking": "sent due skipped",
    "handed": "sent skipped",
    "sent": "withdrawn",
    "refused": "due skipped",
    "skipped": "due",
    "withdrawn": "due",
}


@pytest.mark.parametrize("state", State)
def test_the_table_allows_what_the_design_tells(state):
    assert {State(goal) for goal in DESIGNED[state].split()} <= TRANSITIONS[state]


@pytest.mark.parametrize(
    ("state", "goals"),
    [(State.SENT, {State.WITHDRAWN}), (State.WITHDRAWN, {State.DUE}), (State.HANDED, {"sent", "skipped"})],
)
def test_what_is_out_stays_out(state, goals):
    assert TRANSITIONS[state] == goals


def test_only_a_due_post_is_ever_sent():
    assert [state for state in State if State.SENDING in TRANSITIONS[state]] == [State.DUE]


def test_a_move_that_names_its_sources_leaves_every_other_post_alone(ledger):
    entry = due(ledger)
    with ledger.engine.begin() as connection:
        assert not moves.move(connection, entry.id, State.SKIPPED, why="no", now=NOON, sources=[State.HELD])
        assert moves.move(connection, entry.id, State.SKIPPED, why="yes", now=NOON, sources=[State.DUE])


# The intent


def test_begin_makes_the_intent_durable(ledger, clock):
    entry = due(ledger)
    clock.advance(minutes=1)
    assert ledger.begin(entry, prepared(entry, "Exactly this", media=("m1", "m2")), ME) == 1
    now = ledger.entry(entry.id)
    assert (now.state, now.text, now.link, now.attempts) == (
        State.SENDING,
        "Exactly this",
        "https://site.example/en/1?utm_source=x",
        1,
    )
    call = call_of(ledger, entry)
    assert (call.number, call.owner, call.text, call.media) == (1, "me", "Exactly this", '["m1", "m2"]')
    assert (call.began_at, call.ended_at, call.outcome) == (NOON + timedelta(minutes=1), None, None)
    assert log_of(ledger, entry) == ["due", "sending"]


def test_what_a_person_decided_after_the_reading_wins(ledger):
    seen = due(ledger)
    assert ledger.decide(seen, State.HELD, sources=[State.DUE], why="not yet", by="olga")
    assert ledger.begin(seen, prepared(seen), ME) is None
    assert ledger.entry(seen.id).state is State.HELD
    assert ledger.calls(seen) == []


def test_a_text_that_a_person_froze_after_the_reading_wins(ledger, clock):
    seen = due(ledger)
    clock.advance(seconds=1)
    ledger.decide(seen, State.DUE, sources=[State.DUE], why="edited", by="olga", text="Better", link="")
    assert ledger.begin(seen, prepared(seen, "The old one"), ME) is None
    assert ledger.entry(seen.id).text == "Better"


def test_two_who_read_the_same_post_cannot_both_begin(ledger):
    seen = due(ledger)
    assert ledger.begin(seen, prepared(seen), ME) == 1
    assert ledger.begin(seen, prepared(seen), ME) is None


def test_one_who_read_before_an_attempt_that_failed_cannot_begin(ledger):
    seen = due(ledger)
    ledger.begin(seen, prepared(seen), ME)
    ledger.postponed(ledger.entry(seen.id), NOON, "not reached")
    assert ledger.entry(seen.id).state is State.DUE
    assert ledger.begin(seen, prepared(seen), ME) is None


# Outcomes


def test_a_receipt_ends_the_call_and_the_post(ledger, clock):
    entry = sending(ledger)
    clock.advance(seconds=3)
    assert ledger.sent(entry, RECEIPT, "the platform has it")
    now = ledger.entry(entry.id)
    assert (now.state, now.remote_id, now.address, now.reason) == (
        State.SENT,
        "4711",
        "https://social.example/4711",
        "the platform has it",
    )
    call = call_of(ledger, entry)
    assert (call.outcome, call.ended_at) == ("sent", NOON + timedelta(seconds=3))
    assert log_of(ledger, entry) == ["due", "sending", "sent"]


@pytest.mark.parametrize("state", [state for state in State if state not in (State.SENT, State.WITHDRAWN)])
def test_a_receipt_outweighs_every_doubt_and_every_decision(ledger, state):
    entry = unsure(ledger)
    with ledger.engine.begin() as connection:
        connection.execute(update(posts).values(state=state))
    assert ledger.sent(entry, RECEIPT, "a late answer")
    assert ledger.entry(entry.id).state is State.SENT


def test_a_second_receipt_changes_nothing(ledger):
    entry = sent(ledger)
    assert not ledger.sent(entry, replace(RECEIPT, remote_id="4712"), "again")
    assert ledger.entry(entry.id) == entry
    assert log_of(ledger, entry) == ["due", "sending", "sent"]


def test_a_refused_post_keeps_no_text_so_that_a_mended_template_reaches_it(ledger):
    entry = due(ledger)
    number = ledger.begin(entry, prepared(entry, "Too long"), ME)
    assert ledger.refused(replace(entry, state=State.SENDING, attempts=number), "too long")
    now = ledger.entry(entry.id)
    assert (now.state, now.text, now.reason, call_of(ledger, entry).outcome) == (
        State.REFUSED,
        None,
        "too long",
        "refused",
    )


def test_a_post_that_was_certainly_not_posted_is_due_again_and_written_up_anew(ledger):
    entry = due(ledger)
    number = ledger.begin(entry, prepared(entry), ME)
    later = NOON + timedelta(minutes=5)
    assert ledger.postponed(replace(entry, state=State.SENDING, attempts=number), later, "not reached")
    now = ledger.entry(entry.id)
    assert (now.state, now.at, now.failures, now.text, now.attempts) == (State.DUE, later, 1, None, 1)
    assert (call_of(ledger, entry).outcome, now.key) == ("due", entry.key)


def test_a_frozen_text_outlives_a_failure(ledger):
    frozen = due(ledger)
    ledger.decide(frozen, State.DUE, sources=[State.DUE], why="edited", by="olga", text="Frozen", link="")
    frozen = ledger.entry(frozen.id)
    ledger.begin(frozen, prepared(frozen, "Frozen"), ME)
    ledger.postponed(replace(frozen, state=State.SENDING), NOON, "not reached")
    assert ledger.entry(frozen.id).text == "Frozen"


@pytest.mark.parametrize(("failed", "failures"), [(True, 1), (False, 0)])
def test_a_wait_before_any_call_leaves_the_post_due(ledger, failed, failures):
    entry = due(ledger)
    later = NOON + timedelta(hours=1)
    assert ledger.postponed(entry, later, "the upload failed", failed=failed)
    now = ledger.entry(entry.id)
    assert (now.state, now.at, now.failures, now.reason) == (State.DUE, later, failures, "the upload failed")
    assert log_of(ledger, entry) == ["due", "due"]


def test_a_doubt_waits_for_a_look(ledger):
    entry = unsure(ledger)
    assert (entry.state, entry.at, entry.looks, entry.text) == (State.UNSURE, SOON, 0, "A headline")
    assert call_of(ledger, entry).outcome == "unsure"


@pytest.mark.parametrize(("counts", "looks"), [(True, 1), (False, 0)])
def test_a_look_in_vain_counts_and_a_look_that_failed_does_not(ledger, counts, looks):
    entry = unsure(ledger)
    later = NOON + timedelta(minutes=2)
    assert ledger.looked(entry, later, "not found", counts=counts)
    now = ledger.entry(entry.id)
    assert (now.state, now.at, now.looks) == (State.UNSURE, later, looks)


def test_a_post_that_is_surely_absent_is_due_with_the_same_key_and_the_identical_text(ledger, clock):
    entry = unsure(ledger)
    clock.advance(minutes=20)
    assert ledger.surely_absent(entry, "not found")
    now = ledger.entry(entry.id)
    assert (now.state, now.at, now.key, now.text, now.link) == (State.DUE, clock(), entry.key, entry.text, entry.link)
    assert [call.outcome for call in ledger.calls(entry)] == ["absent"]


def test_a_post_to_repeat_keeps_its_calls_in_doubt(ledger):
    entry = unsure(ledger)
    assert ledger.repeat(entry, "the same guid")
    assert ledger.entry(entry.id).state is State.DUE
    assert [call.outcome for call in ledger.calls(entry)] == ["unsure"]


def test_a_persons_word_settles_the_calls_in_doubt(ledger):
    entry = asking(ledger)
    assert ledger.decide(entry, State.DUE, sources=[State.ASKING], why="it is not there", by="olga")
    assert [call.outcome for call in ledger.calls(entry)] == ["decided by a person"]


def test_the_next_attempt_starts_its_looks_anew(ledger):
    entry = unsure(ledger)
    ledger.looked(entry, SOON, "not found", counts=True)
    ledger.surely_absent(entry, "not found")
    again = ledger.entry(entry.id)
    assert ledger.begin(again, prepared(again), ME) == 2
    assert ledger.entry(entry.id).looks == 0
    assert [call.number for call in ledger.calls(entry)] == [1, 2]


def test_a_handed_post_keeps_what_was_laid_out(ledger):
    entry = handed(ledger)
    assert (entry.state, entry.text, entry.remote_id, entry.address) == (State.HANDED, "A headline", None, None)
    assert ledger.sent(entry, RECEIPT, "confirmed by a person", by="olga")
    assert views.log_of(ledger, [entry.id])[entry.id][-1].by == "olga"


def test_an_outcome_never_overrules_what_was_decided_meanwhile(ledger):
    seen = due(ledger)
    ledger.decide(seen, State.HELD, sources=[State.DUE], why="not yet", by="olga")
    before = ledger.entry(seen.id)
    assert not ledger.skipped(seen, "expired")
    assert not ledger.postponed(seen, SOON, "not reached")
    assert not ledger.refused(seen, "too long")
    assert not ledger.handed(seen, prepared(seen).post, "ready")
    assert ledger.entry(seen.id) == before


def test_a_decision_made_on_an_old_view_is_refused(ledger):
    entry = sent(ledger)
    assert not ledger.decide(entry, State.SKIPPED, sources=[State.DUE, State.HELD], why="no", by="olga")
    assert ledger.entry(entry.id) == entry


# What is to be done


@pytest.mark.parametrize("make", [due, sending, unsure])
def test_a_channel_with_work_is_busy_when_the_time_has_come(ledger, clock, make):
    entry = make(ledger)
    clock.now = entry.at - timedelta(microseconds=1)
    assert ledger.busy_channels(["x_en", "vk_ru"]) == frozenset()
    clock.now = entry.at
    assert ledger.busy_channels(["x_en", "vk_ru"]) == {"x_en"}


@pytest.mark.parametrize("make", [asking, handed, sent, refused])
def test_a_channel_that_waits_for_people_is_not_busy(ledger, clock, make):
    make(ledger)
    clock.advance(days=30)
    assert ledger.busy_channels(["x_en", "vk_ru"]) == frozenset()


def test_work_comes_oldest_first_and_page_by_page(ledger):
    ids = [entry.id for entry in bring(ledger, *(article(number) for number in range(1, 6)))]
    bring(ledger, article(9), channels=("vk_ru",))
    first = ledger.work("x_en", State.DUE, limit=3)
    then = ledger.work("x_en", State.DUE, limit=3, after=first[-1].id)
    assert [entry.id for entry in (*first, *then)] == ids
    assert [entry.article.title for entry in first] == ["Headline 1", "Headline 2", "Headline 3"]


def test_what_is_planned_becomes_due_at_its_time(ledger, clock):
    entry = bring(ledger, state=State.PLANNED, at=NOON + timedelta(minutes=2))[0]
    assert ledger.release("x_en") == 0
    clock.advance(minutes=2)
    assert ledger.release("x_en") == 1
    assert ledger.entry(entry.id).state is State.DUE
    assert log_of(ledger, entry) == ["planned", "due"]


@pytest.mark.parametrize("state", [State.WAITING, State.HELD, State.SKIPPED])
def test_release_touches_nothing_that_a_person_holds(ledger, clock, state):
    entry = resting(state, ledger)
    clock.advance(days=1)
    assert ledger.release("x_en") == 0
    assert ledger.entry(entry.id).state is state


def test_a_person_who_holds_a_post_in_the_moment_of_its_release_wins(ledger, clock, monkeypatch):
    entry = resting(State.PLANNED, ledger)
    real, begins = ledger.engine.begin, []

    def begin():
        if not begins:
            begins.append(1)
            ledger.decide(entry, State.HELD, sources=[State.PLANNED], why="not yet", by="olga")
        return real()

    monkeypatch.setattr(ledger.engine, "begin", begin)
    assert ledger.release("x_en") == 0
    assert ledger.entry(entry.id).state is State.HELD


# Links


def test_articles_that_share_a_link_are_told(ledger):
    one, two, other, home = bring(
        ledger,
        article(1, link="https://site.example/live?utm_source=rss"),
        article(2, link="http://www.site.example/live"),
        article(3),
        article(4, link="https://site.example/"),  # which any article of the site may have
    )
    assert [ledger.shares_link(entry) for entry in (one, two, other, home)] == [True, True, False, True]
