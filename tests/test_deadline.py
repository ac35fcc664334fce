"""A call has one total deadline, whatever it blocks on; what it says later still counts."""

from __future__ import annotations

import threading
from contextlib import contextmanager

import pytest

from crosspost.deadline import Caller, DeadlinePassed

PATIENCE = 30  # seconds, for what comes at once unless something is broken


@pytest.fixture
def caller():
    made = Caller("x_en")
    yield made
    made.close()


@contextmanager
def overrunning(caller, end=lambda: "at last", **call):
    """A call that its caller gave up; it ends when the context does."""
    go_on = threading.Event()

    def act():
        assert go_on.wait(PATIENCE)
        return end()

    with pytest.raises(DeadlinePassed):
        caller.call(act, 0, **call)
    try:
        yield
    finally:
        go_on.set()


def thread_of(caller):
    return caller.call(threading.current_thread, PATIENCE)


def test_the_result_comes_back(caller):
    assert caller.call(lambda: "done", PATIENCE) == "done"


@pytest.mark.parametrize("result", [None, 0, "", []])
def test_a_result_that_is_nothing_comes_back_too(caller, result):
    assert caller.call(lambda: result, PATIENCE) == result


@pytest.mark.parametrize(
    "error", [ValueError("no"), KeyboardInterrupt(), SystemExit(3)], ids=lambda error: type(error).__name__
)
def test_whatever_it_raises_is_raised(caller, error):
    def act():
        raise error

    with pytest.raises(type(error)) as caught:
        caller.call(act, PATIENCE)
    assert caught.value is error
    assert caller.call(lambda: "the next one", PATIENCE) == "the next one"


def test_a_call_runs_in_a_thread_of_its_own_that_ends_with_the_process(caller):
    thread = thread_of(caller)
    assert thread is not threading.current_thread()
    assert (thread.daemon, thread.name) == (True, "call-x_en")


def test_calls_share_a_thread_while_they_keep_to_their_time(caller):
    assert thread_of(caller) is thread_of(caller)


def test_past_the_deadline_nobody_waits(caller):
    with overrunning(caller):
        pass


def test_the_next_call_does_not_wait_for_one_that_overran(caller):
    before = thread_of(caller)
    with overrunning(caller):
        assert thread_of(caller) is not before
    before.join(PATIENCE)
    assert not before.is_alive()


def test_a_late_result_is_told(caller):
    told = threading.Event()
    results = []

    def late(result):
        results.append(result)
        told.set()

    with overrunning(caller, late=late):
        assert results == []
    assert told.wait(PATIENCE)
    assert results == ["at last"]


def test_a_late_error_is_nobodys(caller):
    before = thread_of(caller)
    results = []

    def end():
        raise ValueError

    with overrunning(caller, end, late=results.append):
        pass
    before.join(PATIENCE)
    assert (results, before.is_alive()) == ([], False)


def test_a_result_in_time_is_not_told_twice(caller):
    results = []
    assert caller.call(lambda: "done", PATIENCE, results.append) == "done"
    assert thread_of(caller) and results == []


def test_closing_lets_the_thread_end(caller):
    thread = thread_of(caller)
    caller.close()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    caller.close()


def test_a_closed_caller_can_be_used_again(caller):
    caller.close()
    assert caller.call(lambda: "again", PATIENCE) == "again"
