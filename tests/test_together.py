"""What comes in at about the same time is done in one go, and each gets its own outcome."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from crosspost.together import Together


class Desk:
    """Doubles numbers, a group at a time; a number below 0 has an exception for an outcome, and 13 breaks the group."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []

    def act(self, numbers: Sequence[int]) -> list[int | Exception]:
        self.groups.append(list(numbers))
        if 13 in numbers:
            raise RuntimeError("no luck")
        return [ValueError(str(number)) if number < 0 else 2 * number for number in numbers]

    def together(self, most: int = 100) -> Together[int, int]:
        return Together(self.act, pause=0, most=most)


def test_a_group_is_what_came_in_meanwhile_and_never_more_than_the_most() -> None:
    desk = Desk()

    async def run() -> list[int]:
        together = desk.together(most=4)
        return await asyncio.gather(*(together.do(number) for number in range(10)))

    assert asyncio.run(run()) == [2 * number for number in range(10)]
    assert desk.groups == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]


def test_an_item_s_exception_is_its_own_and_a_broken_group_s_is_everyone_s() -> None:
    async def run(*numbers: int) -> list[int | BaseException]:
        together = Desk().together()
        return await asyncio.gather(*(together.do(number) for number in numbers), return_exceptions=True)

    one, bad, two = asyncio.run(run(1, -1, 2))
    assert (one, two) == (2, 4) and isinstance(bad, ValueError)
    assert all(isinstance(outcome, RuntimeError) for outcome in asyncio.run(run(1, 13)))


def test_after_a_broken_group_and_after_a_rest_work_goes_on() -> None:
    async def run() -> int:
        together = Desk().together()
        with pytest.raises(RuntimeError):
            await together.do(13)
        await together.finish()
        return await together.do(4)

    assert asyncio.run(run()) == 8


def test_what_came_in_is_done_even_when_nobody_waits_for_it_any_more() -> None:
    desk = Desk()

    async def run() -> None:
        together = desk.together()
        waiting = asyncio.create_task(together.do(5))
        await asyncio.sleep(0)
        waiting.cancel()
        await together.finish()

    asyncio.run(run())
    assert desk.groups == [[5]]
