"""What a language model wrote is kept with what it cost; no day costs more than it may, on both databases."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from crosspost.errors import LedgerError
from crosspost.ledger import Ledger, copies
from crosspost.ledger.summaries import Reserved, Summaries, Summary
from tests.fakes import NOON

DAY = NOON - timedelta(hours=12)
PATIENCE = timedelta(seconds=30)


@pytest.fixture
def kept(ledger, clock):
    return Summaries(ledger.engine, clock)


def granted(kept, key, cost, since, budget):
    return kept.reserve(key, cost, since, budget, PATIENCE) is Reserved.MADE


def test_what_was_never_asked_is_not_known(kept):
    assert kept.recall("a") is None
    assert kept.told(DAY).cost == 0


def test_a_question_that_is_not_answered_yet_costs_what_was_reserved(kept):
    assert granted(kept, "a", 0.4, DAY, 1.0)
    assert kept.recall("a") is None
    assert kept.told(DAY).cost == pytest.approx(0.4)


def test_an_answer_costs_what_it_did(kept):
    granted(kept, "a", 0.4, DAY, 1.0)
    kept.settle("a", 0.3, text="A bridge has opened.")
    assert kept.recall("a") == Summary("A bridge has opened.", "")
    assert kept.told(DAY).cost == pytest.approx(0.1)


def test_an_objection_is_kept_too(kept):
    granted(kept, "a", 0.4, DAY, 1.0)
    kept.settle("a", 0.0, objection="names Vladimir")
    assert kept.recall("a") == Summary("", "names Vladimir")


def test_what_came_of_a_day_s_questions_is_told(kept):
    for key, answer in {"a": {"text": "One."}, "b": {"objection": "names Vladimir"}, "c": {"text": "Two."}}.items():
        granted(kept, key, 0.1, DAY, 1.0)
        kept.settle(key, 0.05, **answer)
    granted(kept, "d", 0.1, DAY, 1.0)
    told = kept.told(DAY)
    assert (told.questions, told.written, round(told.cost, 6)) == (4, 2, 0.25)


def test_a_day_costs_no_more_than_it_may(kept, clock):
    assert granted(kept, "a", 0.6, DAY, 1.0)
    clock.advance(hours=1)
    assert not granted(kept, "b", 0.5, DAY, 1.0)
    assert kept.recall("b") is None
    assert granted(kept, "b", 0.4, DAY, 1.0)
    clock.advance(days=1)
    assert granted(kept, "c", 0.5, DAY + timedelta(days=1), 1.0)


def test_a_question_that_was_in_vain_is_asked_again_and_costs_again(kept):
    assert granted(kept, "a", 0.3, DAY, 1.0)
    kept.settle("a", 0.1)
    assert kept.recall("a") == Summary("", "")
    assert granted(kept, "a", 0.3, DAY, 1.0)
    told = kept.told(DAY)
    assert (told.questions, told.written, told.cost) == (1, 0, pytest.approx(0.5))


def test_a_question_that_is_under_way_is_not_asked_twice(kept, clock):
    assert granted(kept, "a", 0.3, DAY, 1.0)
    clock.advance(seconds=29)
    assert kept.reserve("a", 0.3, DAY, 1.0, PATIENCE) is Reserved.UNDER_WAY
    assert kept.told(DAY).cost == pytest.approx(0.3)
    assert granted(kept, "b", 0.3, DAY, 1.0)


@pytest.mark.parametrize("passed", [timedelta(seconds=30), timedelta(hours=-1)], ids=["too long", "a clock set back"])
def test_a_question_in_which_a_process_ended_is_asked_again(kept, clock, passed):
    assert granted(kept, "a", 0.3, DAY, 1.0)
    clock.now += passed
    assert granted(kept, "a", 0.3, DAY, 1.0)
    assert kept.recall("a") is None


def test_only_one_of_several_asks_the_same(kept):
    done = []
    threads = [threading.Thread(target=lambda: done.append(granted(kept, "a", 0.1, DAY, 1.0))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(done) == 1
    assert kept.told(DAY).cost == pytest.approx(0.1)


def test_several_at_once_keep_to_the_budget(kept):
    done = []

    def ask(number: int) -> None:
        done.append(granted(kept, f"of {number}", 0.3, DAY, 1.0))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(done) == 3
    assert kept.told(DAY).cost == pytest.approx(0.9)


def test_old_ones_are_forgotten(kept, clock):
    granted(kept, "old", 0.1, DAY, 1.0)
    clock.advance(days=61)
    granted(kept, "new", 0.1, clock(), 1.0)
    assert kept.recall("old") is None


def test_a_backup_has_them(kept, ledger, clock, tmp_path):
    granted(kept, "a", 0.4, DAY, 1.0)
    kept.settle("a", 0.3, text="A bridge has opened.")
    copies.backup(ledger.engine, tmp_path / "backup.db")
    copies.restore(f"sqlite:///{tmp_path / 'restored.db'}", tmp_path / "backup.db", clock())
    restored = Ledger(f"sqlite:///{tmp_path / 'restored.db'}", clock)
    assert Summaries(restored.engine, clock).recall("a") == Summary("A bridge has opened.", "")
    restored.close()


def test_a_ledger_that_cannot_be_used_says_so(file_ledger, clock):
    kept = Summaries(file_ledger.engine, clock)
    with file_ledger.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE summaries")
    with pytest.raises(LedgerError, match="cannot be used just now"):
        kept.recall("a")
    with pytest.raises(LedgerError, match="cannot be used just now"):
        granted(kept, "a", 0.1, DAY, 1.0)
