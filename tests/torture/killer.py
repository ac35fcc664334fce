"""Kills a sender at the moments that hurt, and counts on the platforms' side what came of it.

A `Killer` stands between the sender and the sandbox's platforms. It sees each publishing call come and go, and sends
SIGKILL at the moment its plan names, so that the platform and the sender part in every way there is. A plan follows
from a seed and the number of the life alone: the same seed makes the same plans.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Protocol, TypeVar

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crosspost import sandbox
from crosspost.sandbox import Sandbox
from tests.loopback import serve
from tests.world import NewsSite, World

_PUBLISHES = re.compile(
    r"/x/2/tweets|/vk/method/wall\.post|/facebook/(v[\d.]+/)?(\d+|me)/feed|/youtube/youtube/v3/posts"
)
_LOOKS = re.compile(
    r"/x/2/users/\d+/tweets|/vk/method/wall\.get|/facebook/v[\d.]+/\d+/published_posts|/youtube/.*/posts"
)
_READINGS = 4  # of the feed, within which a life must come to its planned end; a slow machine takes its time

# When a sender is killed, by what the platform has done with its call.
MOMENTS: Mapping[str, str] = {
    "lost": "the request was read, and the platform never processes it",
    "taken": "the request was read, and the platform processes it after the sender's death",
    "processed": "the platform has processed the request, and has not answered",
    "answered": "the answer is on its way, or just read",
    "looking": "the sender looks for a post that it is unsure of",
    "committed": "right after some commit of the ledger, before or after a call",
    "any": "at any time",
}
_WEIGHTS = (2, 3, 4, 4, 2, 4, 2)


@dataclass(frozen=True, slots=True)
class Plan:
    """One life of the sender: what is new before it, and when it ends. `delay` is seconds after the `place`th moment
    of its kind."""

    articles: int
    moment: str
    place: int
    delay: float


def plan(seed: int, life: int) -> Plan:
    chance = Random(f"{seed} {life}")
    moment = chance.choices(list(MOMENTS), _WEIGHTS)[0]
    places = {"committed": 24, "looking": 2, "any": 1}
    delays = {"answered": (0, 0.006), "committed": (0, 0.004), "any": (0, 3)}
    return Plan(
        articles=chance.randint(1, 2),
        moment=moment,
        place=chance.randint(1, places.get(moment, 4)),
        delay=chance.uniform(*delays.get(moment, (0, 0))),
    )


class Victim(Protocol):
    """A sender's process, as `subprocess.Popen` has it too."""

    def poll(self) -> int | None:
        """How it ended, or None while it runs."""

    def kill(self) -> None: ...

    def wait(self) -> object: ...


V = TypeVar("V", bound=Victim)


@dataclass
class Killer:
    """The world of a sender, with death in it.

    `in_flight`: this life's publishing calls whose request has come and whose answer has not gone.
    `awake`: when the sender made the first request of its life, by the monotonic clock. `readings`: of the feed.
    """

    world: ASGIApp
    awake: float | None = None
    readings: int = 0
    in_flight: set[object] = field(default_factory=set)
    victim: Victim | None = None
    plan: Plan | None = None
    met: Counter[str] = field(default_factory=Counter)  # kills with a call in flight, by moment
    kills: Counter[str] = field(default_factory=Counter)
    _seen: Counter[str] = field(default_factory=Counter)

    def arm(self, plan: Plan, victim: Victim) -> None:
        self._seen, self.awake, self.readings, self.in_flight = Counter(), None, 0, set()
        self.plan, self.victim = plan, victim

    def kill(self, moment: str) -> None:
        """SIGKILL, and wait until the victim is dead; once a life."""
        victim, self.victim = self.victim, None
        if victim is None or victim.poll() is not None:
            return
        self.kills[moment] += 1
        self.met[moment] += bool(self.in_flight)
        victim.kill()
        victim.wait()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        self.awake = self.awake or time.monotonic()
        self.readings += path.endswith("/feed.xml")
        if scope.get("method") == "GET" and _LOOKS.fullmatch(path):
            self._strike("looking")
        if scope.get("method") != "POST" or not _PUBLISHES.fullmatch(path):
            await self.world(scope, receive, send)
            return
        body = [await receive()]
        while body[-1].get("more_body"):
            body.append(await receive())
        if body[-1]["type"] == "http.disconnect":
            return  # killed while it was sending
        calls, call = self.in_flight, object()
        calls.add(call)
        if self._strike("lost"):
            await Response(status_code=503)(scope, receive, send)  # to nobody
            return
        self._strike("taken")
        await self.world(scope, _replay(body, receive), self._watched(send, lambda: calls.discard(call)))

    def _watched(self, send: Send, answered: Callable[[], None]) -> Send:
        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._strike("processed")
            await send(message)
            if message["type"] == "http.response.body":
                answered()
                if self.plan is not None and self._now("answered"):
                    await asyncio.sleep(self.plan.delay)
                    self.kill("answered")

        return watched

    def _strike(self, moment: str) -> bool:
        if not self._now(moment):
            return False
        self.kill(moment)
        return True

    def _now(self, moment: str) -> bool:
        """Whether it is the planned moment."""
        self._seen[moment] += 1
        return self.plan is not None and (moment, self._seen[moment]) == (self.plan.moment, self.plan.place)


def _replay(messages: Sequence[Message], receive: Receive) -> Receive:
    """`receive` again from the beginning."""
    left = list(messages)

    async def again() -> Message:
        return left.pop(0) if left else await receive()

    return again


@contextmanager
def killing_ground(folder: Path) -> Iterator[tuple[World, Killer]]:
    """A world whose platforms stand behind a killer."""
    folder.mkdir(parents=True, exist_ok=True)
    site, platforms = NewsSite(), Sandbox()
    routes = [Mount("/site", site.app), Mount("/", sandbox.app(platforms))]
    killer = Killer(Starlette(routes=routes))
    with serve(killer) as address:
        site.address = f"{address}/site"
        yield World(address, site, platforms, folder), killer
    platforms.close()


def lives(world: World, killer: Killer, start: Callable[[Plan], V], kills: int, seed: int, ledger: Path) -> Iterator[V]:
    """Let the sender live and die until it was killed so often; each of them when it is dead."""
    life = 0
    while killer.kills.total() < kills:
        life += 1
        planned = plan(seed, life)
        world.site.publish(*(f"Article {len(world.site.items) + number}" for number in range(1, planned.articles + 1)))
        victim = start(planned)
        killer.arm(planned, victim)
        _watch(killer, planned, victim, ledger)
        victim.wait()
        yield victim


def _watch(killer: Killer, plan: Plan, victim: Victim, ledger: Path) -> None:
    """Wait for the victim's end: the killer's doing, its own, or ours."""
    changes, last = 0, _stamp(ledger)
    while victim.poll() is None and not _is_over(killer, plan):
        if plan.moment == "committed":
            if (now := _stamp(ledger)) != last:
                last, changes = now, changes + 1
            if changes >= plan.place:
                time.sleep(plan.delay)
                killer.kill("committed")
            time.sleep(0.0003)
        else:
            time.sleep(0.005)
    killer.kill("any")


def _is_over(killer: Killer, plan: Plan) -> bool:
    if plan.moment == "any":
        return killer.awake is not None and time.monotonic() - killer.awake > plan.delay
    return killer.readings >= _READINGS


def _stamp(ledger: Path) -> tuple[int, int] | None:
    """What changes with every commit."""
    try:
        found = ledger.stat()
    except FileNotFoundError:
        return None
    return found.st_size, found.st_mtime_ns


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the platforms show of the articles: by channel, what stands there more than once, or not at all."""

    doubled: tuple[str, ...]
    lost: tuple[str, ...]

    @property
    def clean(self) -> bool:
        return not self.doubled and not self.lost


def judge(titles: Sequence[str], shown: Mapping[str, Sequence[str]]) -> Verdict:
    """Compare the articles with what each channel shows."""
    doubled, lost = [], []
    for channel, there in shown.items():
        times = Counter(there)
        doubled += [f"{title} on {channel}" for title in titles if times[title] > 1]
        lost += [f"{title} on {channel}" for title in titles if not times[title]]
    return Verdict(tuple(doubled), tuple(lost))
