"""One total deadline for a call that blocks, whatever it blocks on.

The client libraries' own time-outs bound a connect and each read, not a call: a server that sends a byte now and
then outlasts them all. So the call runs in a thread of its own and is waited for; what it says later still counts.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Generic, TypeVar

T = TypeVar("T")


class DeadlinePassed(Exception):
    """The call goes on, but nobody waits for it any longer."""


class _Call(Generic[T]):
    def __init__(self, act: Callable[[], T], late: Callable[[T], None] | None) -> None:
        self._act = act
        self._late = late
        self._lock = threading.Lock()
        # Held until the call has ended: an Event makes a lock of its own for each wait, at several times the cost.
        self._running = threading.Lock()
        self._running.acquire()
        self._abandoned = False
        self._result: list[T] = []
        self._error: BaseException | None = None

    def run(self) -> None:
        try:
            self._result = [self._act()]
        except BaseException as error:  # noqa: BLE001 - handed to the one who waits
            self._error = error
        with self._lock:
            abandoned = self._abandoned
            self._running.release()
        if abandoned and self._late is not None and self._result:
            self._late(self._result[0])

    def wait(self, seconds: float) -> T:
        if not self._running.acquire(timeout=seconds):
            with self._lock:
                self._abandoned = self._running.locked()
            if self._abandoned:
                raise DeadlinePassed
        if self._error is not None:
            raise self._error
        return self._result[0]

    @property
    def abandoned(self) -> bool:
        return self._abandoned


class Caller:
    """Makes calls one at a time, in one thread that is replaced when a call overruns.

    The threads are daemons: a call that never ends does not keep the process from ending.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._calls: SimpleQueue[_Call[object] | None] | None = None

    def call(self, act: Callable[[], T], seconds: float, late: Callable[[T], None] | None = None) -> T:
        """The result of `act`, or its exception. Raises `DeadlinePassed` after `seconds`; from then on `late` is
        called, in the call's own thread, with the result if one still comes."""
        call = _Call(act, late)
        calls = self._calls or self._start()
        calls.put(call)  # type: ignore[arg-type]
        try:
            return call.wait(seconds)
        finally:
            if call.abandoned:
                calls.put(None)
                self._calls = None

    def close(self) -> None:
        """Let the thread end."""
        if self._calls is not None:
            self._calls.put(None)
            self._calls = None

    def _start(self) -> SimpleQueue[_Call[object] | None]:
        calls: SimpleQueue[_Call[object] | None] = SimpleQueue()
        threading.Thread(target=_serve, args=(calls,), name=f"call-{self.name}", daemon=True).start()
        self._calls = calls
        return calls


def _serve(calls: SimpleQueue[_Call[object] | None]) -> None:
    while (call := calls.get()) is not None:
        call.run()
