"""A few at a time per host, so many in all, and nobody waits for another host's slowness."""

from __future__ import annotations

import asyncio

import pytest

from crosspost.feeds.places import Places, host_of


async def most_at_once(places: Places, urls: list[str]) -> int:
    """How many had their place at the same time, at most."""
    now = most = 0

    async def visit(url: str) -> None:
        nonlocal now, most
        async with places.at(url):
            now += 1
            most = max(most, now)
            for _ in range(5):
                await asyncio.sleep(0)
            now -= 1

    await asyncio.gather(*(visit(url) for url in urls))
    return most


@pytest.mark.parametrize(
    ("urls", "most"),
    [
        (["http://site.example/feed"] * 20, 3),
        ([f"http://{name}.example/feed" for name in "abcdefghijklmnopqrst"], 10),
        (["http://site.example/a", "https://SITE.example/b", "http://user:pass@site.example?c"] * 5, 3),
        (["http://site.example:81/a"] * 9 + ["http://site.example:82/a"] * 9, 6),
    ],
    ids=["one host", "many hosts", "one host under several names of it", "two ports are two servers"],
)
def test_so_many_at_once(urls: list[str], most: int) -> None:
    assert asyncio.run(most_at_once(Places(3, 10), urls)) == most


def test_those_who_wait_for_a_slow_host_hold_up_nobody() -> None:
    async def run() -> int:
        places, answer, passed = Places(2, 3), asyncio.Event(), 0

        async def slow() -> None:
            async with places.at("http://slow.example/"):
                await answer.wait()

        waiting = [asyncio.create_task(slow()) for _ in range(50)]
        await asyncio.sleep(0)
        for number in range(20):
            async with places.at(f"http://quick-{number}.example/"):
                passed += 1
        answer.set()
        await asyncio.gather(*waiting)
        return passed

    assert asyncio.run(run()) == 20


def test_a_place_that_ends_badly_or_is_given_up_makes_room_for_the_next() -> None:
    async def run() -> str:
        places, answer = Places(1, 1), asyncio.Event()

        async def wait() -> None:
            async with places.at("http://site.example/"):
                await answer.wait()

        with pytest.raises(ValueError, match="broken"):
            async with places.at("http://site.example/"):
                raise ValueError("broken")
        first, second = asyncio.create_task(wait()), asyncio.create_task(wait())
        for _ in range(3):
            await asyncio.sleep(0)
        first.cancel()
        second.cancel()
        async with asyncio.timeout(5), places.at("http://site.example/"):
            return "free"

    assert asyncio.run(run()) == "free"


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Site.Example/feed?x=1", "site.example"),
        ("http://me:secret@site.example:8080", "site.example:8080"),
        ("http://[::1]:80/feed", "[::1]:80"),
        ("nonsense", ""),
    ],
)
def test_the_host_of_an_address(url: str, host: str) -> None:
    assert host_of(url) == host
