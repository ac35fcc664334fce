"""Doing in one go what comes in at about the same time: for what costs much by the go and little by the piece."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")


class Together(Generic[Item, Outcome]):
    """Hands what comes in to `act`, up to `most` at a time, in a worker thread, one group after the other: while a
    group is worked on, the next one gathers, and `pause` seconds longer.

    `act` gives an outcome for each item, in order; an exception among them is raised to whom it belongs, and one that
    `act` raises to all of its group.
    """

    def __init__(
        self, act: Callable[[Sequence[Item]], Sequence[Outcome | Exception]], *, pause: float, most: int
    ) -> None:
        self._act = act
        self._pause = pause
        self._most = most
        self._waiting: list[tuple[Item, asyncio.Future[Outcome]]] = []
        self._worker: asyncio.Task[None] | None = None

    async def do(self, item: Item) -> Outcome:
        """Hand in an item and wait for its outcome. It is done even if the caller is cancelled meanwhile."""
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._worker is None:
            self._worker = asyncio.create_task(self._work())
        return await future

    async def finish(self) -> None:
        """Wait until everything that came in is done."""
        if self._worker is not None:
            await self._worker

    async def _work(self) -> None:
        try:
            while self._waiting:
                await asyncio.sleep(self._pause)
                group, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
                await self._settle(group)
        finally:
            self._worker = None
            for _, future in self._waiting:  # only when this was cancelled: nobody shall wait for ever
                future.cancel()
            self._waiting = []

    async def _settle(self, group: Sequence[tuple[Item, asyncio.Future[Outcome]]]) -> None:
        outcomes: Sequence[Outcome | BaseException]
        try:
            outcomes = await asyncio.to_thread(self._act, [item for item, _ in group])
        except BaseException as error:  # noqa: BLE001 - handed to everyone whom it concerns
            outcomes = [error] * len(group)
        for (_, future), outcome in zip(group, outcomes, strict=True):
            if future.done():  # the caller was cancelled
                continue
            if isinstance(outcome, BaseException):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)
