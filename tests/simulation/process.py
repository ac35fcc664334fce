"""One life of the daemon's process: the real ledger, watcher and publishers, in one thread that can die anywhere."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from crosspost import publisher
from crosspost.article import Article
from crosspost.deadline import DeadlinePassed
from crosspost.gate import Feed
from crosspost.ledger import Ledger
from crosspost.ledger.owner import Owner
from crosspost.post import Post, Video, Words
from crosspost.publisher import Channel, Publisher
from crosspost.timing.pace import Pace
from crosspost.timing.retry import Policy
from crosspost.watcher import Watcher
from tests.simulation.boundary import Boundary, Died
from tests.simulation.platform import Overruns, SimulatedPlatform
from tests.simulation.studio import FILM, SimulatedStudio
from tests.simulation.web import Web

T = TypeVar("T")


@dataclass
class Clock:
    """`true` is the time, `wrong` by how much our own clock is off."""

    true: datetime
    wrong: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        return self.true + self.wrong

    def pass_(self, duration: timedelta) -> None:
        self.true += duration


@dataclass(frozen=True)
class Plan:
    """A channel of the simulated config."""

    name: str
    resend_with_guid: bool = False
    pace: Pace | None = None


@dataclass
class System:
    """What outlives a process: the clock, the web, the platforms, and where the ledger lies."""

    url: str
    clock: Clock
    boundary: Boundary
    web: Web
    feeds: tuple[Feed, ...]
    plans: tuple[Plan, ...]
    platforms: Mapping[str, SimulatedPlatform]
    policy: Policy
    chance: random.Random
    make_publisher: Callable[[Channel, Ledger, Owner, Policy, Clock], Any] = Publisher
    late: list[Callable[[], None]] = field(default_factory=list)  # answers that come after their deadline


class Process:
    """The daemon between two deaths, with its two beats: `poll` and `tick`. Starting it may fail or be deadly."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._life = ExitStack()
        system.boundary.dead = False
        system.late.clear()
        try:
            self.ledger = open_ledger(system.url, system.clock)
            self._life.callback(self.ledger.close)
            system.boundary.guard(self.ledger.engine)
            self._owner = self._life.enter_context(self.ledger.own("run"))
            self.ledger.put_right()
            self._loop = InlineLoop(system.chance)
            self._life.callback(self._loop.close)
            self._watcher = Watcher(self.ledger, system.web, system.clock)  # type: ignore[arg-type]
            with _inline_calls(system):
                self._publishers = {plan.name: self._publisher(plan) for plan in system.plans}
        except BaseException:
            self.end()
            raise
        self._first = set(self._publishers)

    def _publisher(self, plan: Plan) -> Any:
        platform, system = self._system.platforms[plan.name], self._system
        channel = Channel(
            name=plan.name,
            write_up=partial(write_up, FILM if isinstance(platform, SimulatedStudio) else None),
            lay_out=lambda number, post: Path("handed"),
            connect=lambda: platform,
            resend_with_guid=plan.resend_with_guid,
            pace=plan.pace,
        )
        return system.make_publisher(channel, self.ledger, self._owner, system.policy, system.clock)

    def poll(self, feeds: tuple[Feed, ...]) -> None:
        """Ask feeds, all at the same time, as the scheduler may."""

        async def one(feed: Feed) -> None:
            with suppress(DBAPIError):  # the daemon logs it; the next poll brings the same again
                await self._watcher.poll(feed)

        async def all_() -> None:
            await asyncio.gather(*(one(feed) for feed in feeds))

        try:
            self._loop.run_until_complete(all_())
        except Died:
            self._loop.bury()
            raise

    def see_jump(self) -> None:
        """The clock was set, and the daemon has seen it."""
        with suppress(DBAPIError):
            self.ledger.put_right()

    def beat(self) -> bool:
        """A tick of every channel that is busy, as the daemon's beat does it. False when nothing was busy."""
        try:
            if self._system.chance.random() < 0.1:
                self.ledger.beat(self._owner)
            busy = self.ledger.busy_channels(self._publishers) | self._first
        except DBAPIError:
            return True
        for name in sorted(busy):
            insist = name in self._first
            self._first.discard(name)
            with suppress(DBAPIError):  # the daemon logs it; what is `sending` is taken up at the next beat
                self._publishers[name].tick(insist=insist)
        return bool(busy)

    def end(self) -> None:
        """Leave nothing open. A dead process writes nothing any more; the system frees its locks and connections."""
        with suppress(Died):
            self._life.close()


def open_ledger(url: str, clock: Callable[[], datetime]) -> Ledger:
    """A ledger that does not wait for the disk: here only processes die, never the machine."""
    ledger = Ledger(url, clock)
    if ledger.engine.dialect.name == "sqlite":
        event.listen(ledger.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
        ledger.engine.dispose()
    return ledger


def write_up(film: Video | None, article: Article, key: str, frozen: Words | None) -> Post:
    link = article.link and f"{article.link}?utm_source=x"
    return Post(f"{article.title}\n\n{link}", link, article.title, key=key, video=film)


class InlineLoop(asyncio.SelectorEventLoop):
    """Runs what belongs in threads itself, after a few turns of others: many interleavings, each of which a seed
    gives again."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self._chance = chance
        self.set_exception_handler(lambda loop, context: None)  # what a dead process leaves behind

    def call_later(self, delay: float, callback: Callable[..., Any], *args: Any, context: Any = None) -> Any:
        return super().call_later(0, callback, *args, context=context)  # no time passes in here

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> Any:  # type: ignore[override]
        return self.create_task(self._after_others(func, *args))

    async def _after_others(self, func: Callable[..., Any], *args: Any) -> Any:
        for _ in range(self._chance.randrange(3)):
            await asyncio.sleep(0)
        return func(*args)

    def bury(self) -> None:
        """End what still runs of a dead process."""
        tasks = asyncio.all_tasks(self)
        for task in tasks:
            task.cancel()
        if tasks:
            self.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))


@contextmanager
def _inline_calls(system: System) -> Iterator[None]:
    """The publishers made meanwhile make their calls in this very thread."""
    real = publisher.Caller
    publisher.Caller = lambda name: InlineCaller(system)  # type: ignore[assignment, misc]
    try:
        yield
    finally:
        publisher.Caller = real  # type: ignore[misc]


class InlineCaller:
    """The caller without its thread: time passes in a call only as far as the platform lets it."""

    name = "simulated"

    def __init__(self, system: System) -> None:
        self._system = system

    def call(self, act: Callable[[], T], seconds: float, late: Callable[[T], None] | None = None) -> T:
        try:
            result = act()
        except Overruns as overrun:
            self._system.clock.pass_(timedelta(seconds=seconds))
            receipt = overrun.receipt
            if late is not None and receipt is not None:
                self._system.late.append(lambda: late(receipt))  # type: ignore[arg-type]
            raise DeadlinePassed from None
        self._system.clock.pass_(timedelta(seconds=1))
        return result

    def close(self) -> None:
        pass


def utc(*when: int) -> datetime:
    return datetime(*when, tzinfo=UTC)  # type: ignore[arg-type, misc]
