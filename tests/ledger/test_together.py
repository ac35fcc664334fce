"""Several at once on one ledger: threads, and crossposts that know nothing of each other."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

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
