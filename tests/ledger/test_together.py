"""Several at once on one ledger: threads, and crossposts that know nothing of each other."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from crosspost.ledger import Ledger, views
from crosspost.post import State
from tests.bring import article, bring
from tests.ledger.lives import ME, SOON, due, prepared


def at_once(*acts):
    """Do all of it at the same moment; what each returned."""
    start = threading.Barrier(len(acts))

    def run(act):
        start.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result() for future in [pool.submit(run, act) for act in acts]]


def test_two_who_open_a_new_database_at_once_make_one_ledger(empty_url, clock):
    first, second = at_once(lambda: Ledger(empty_url, clock), lambda: Ledger(empty_url, clock))
    assert due(first).id == views.everything(second)[0].id
    first.close()
    second.close()


def test_of_two_who_begin_the_same_post_at_once_one_wins(ledger, ledger_url, clock):
    other = Ledger(ledger_url, clock)
    for entry in bring(ledger, *(article(number) for number in range(10))):
        begun = at_once(
            lambda entry=entry: ledger.begin(entry, prepared(entry), ME),
            lambda entry=entry: other.begin(entry, prepared(entry), ME),
        )
        assert sorted(begun, key=str) == [1, None]
        assert [call.number for call in ledger.calls(entry)] == [1]
    other.close()


def test_a_person_and_a_publisher_at_once_leave_a_post_that_one_of_them_made(ledger, ledger_url, clock):
    other = Ledger(ledger_url, clock)
    for entry in bring(ledger, *(article(number) for number in range(10))):
        number, held = at_once(
            lambda entry=entry: ledger.begin(entry, prepared(entry), ME),
            lambda entry=entry: other.decide(entry, State.HELD, sources=[State.DUE], why="no", by="olga"),
        )
        assert (number is None) == held
        assert ledger.entry(entry.id).state is (State.HELD if held else State.SENDING)
    other.close()


# verb, where it leads, from where
DECISIONS = {
    "hold": (State.HELD, [State.PLANNED, State.WAITING, State.DUE]),
    "skip": (State.SKIPPED, [State.PLANNED, State.WAITING, State.HELD, State.DUE]),
    "now": (State.DUE, [State.PLANNED, State.WAITING, State.HELD, State.DUE]),
}


@pytest.mark.parametrize("verb", DECISIONS)
def test_a_decision_in_the_moment_of_a_claim_wins_or_is_told_that_it_did_not(ledger, ledger_url, clock, verb):
    other, (to, sources) = Ledger(ledger_url, clock), DECISIONS[verb]
    for entry in bring(ledger, *(article(number) for number in range(10))):
        clock.advance(seconds=1)
        number, decided = at_once(
            lambda entry=entry: ledger.begin(entry, prepared(entry), ME),
            lambda entry=entry: other.decide(entry, to, sources=sources, why=verb, by="olga"),
        )
        assert (number is None) == decided
        log = [(event.what, event.by) for event in views.log_of(ledger, [entry.id])[entry.id]]
        assert log == [("due", "crosspost"), (str(to), "olga") if decided else ("sending", "crosspost")]
    other.close()


@pytest.mark.parametrize("verb", ["hold", "skip", "now"])
def test_a_decision_in_the_moment_of_a_posts_turn_wins_or_finds_it_due(ledger, ledger_url, clock, verb):
    other, (to, sources) = Ledger(ledger_url, clock), DECISIONS[verb]
    for entry in bring(ledger, *(article(number) for number in range(10)), state=State.PLANNED):
        turned, decided = at_once(
            lambda entry=entry: ledger.take_turn(entry.id),
            lambda entry=entry: other.decide(entry, to, sources=sources, why=verb, by="olga"),
        )
        assert decided
        assert ledger.entry(entry.id).state is to
        assert len(views.log_of(ledger, [entry.id])[entry.id]) == 2 + turned
    other.close()


def test_of_two_people_who_approve_at_once_one_has_the_word(ledger, ledger_url, clock):
    other = Ledger(ledger_url, clock)
    for entry in bring(ledger, *(article(number) for number in range(10)), state=State.WAITING):
        won = at_once(
            *(
                lambda entry=entry, book=book, by=by: book.decide(
                    entry, State.PLANNED, sources=[State.WAITING], why="approved", by=by, text=f"By {by}", link=""
                )
                for book, by in ((ledger, "olga"), (other, "ivan"))
            )
        )
        assert sorted(won) == [False, True]
        assert ledger.entry(entry.id).text == f"By {'olga' if won[0] else 'ivan'}"
    other.close()


def test_channels_write_at_once_and_lose_nothing(ledger):
    channels = ("x_en", "vk_ru", "facebook", "youtube")
    posts = bring(ledger, *(article(number) for number in range(5)), channels=channels)

    def send(channel):
        for entry in posts:
            if entry.channel == channel:
                assert ledger.begin(entry, prepared(entry), ME) == 1
                assert ledger.unsure(ledger.entry(entry.id), SOON, "no answer")
        return channel

    assert at_once(*(lambda channel=channel: send(channel) for channel in channels)) == list(channels)
    assert views.counts(ledger) == {channel: {State.UNSURE: 5} for channel in channels}
    logs = views.log_of(ledger, [entry.id for entry in posts])
    assert all([event.what for event in log] == ["due", "sending", "unsure"] for log in logs.values())


def test_a_reader_sees_one_moment_while_a_writer_goes_on(ledger, ledger_url, clock):
    writer = Ledger(ledger_url, clock)
    bring(writer, article(1))
    with ledger.reading() as connection:
        before = connection.exec_driver_sql("SELECT count(*) FROM posts").scalar()
        bring(writer, article(2))
        assert connection.exec_driver_sql("SELECT count(*) FROM posts").scalar() == before == 1
    assert len(views.everything(ledger)) == 2
    writer.close()
