"""The daemon's life: one pass for `once`, one that sends nothing for `adopt`; for `run`, passes until a signal.

The event loop carries the fetching and the scheduler; each channel's sending runs in a thread of its own, since
the platforms' libraries block. What people decide through the ledger is seen at the next beat, within a second.
"""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from sqlalchemy.exc import DBAPIError

from crosspost import adoption, assemble
from crosspost.adoption import Adopted
from crosspost.assemble import System
from crosspost.clock import now
from crosspost.errors import ConfigError
from crosspost.gate import Feed
from crosspost.ledger import Ledger
from crosspost.ledger.owner import Owner
from crosspost.logs import Log
from crosspost.predecessors import Memory
from crosspost.settings import Settings

if TYPE_CHECKING:
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = Log()
T = TypeVar("T")

_BEAT = 1.0  # seconds between looks at the ledger
_HEARTBEAT = 15  # beats between signs of life in the ledger
_JUMP = 30.0  # seconds by which the wall clock may leave the monotonic one before polls are planned anew
_LONGEST_REST = 60.0  # seconds between tries of a channel whose records the ledger does not take
_STOP_MARGIN = 2.0  # seconds beyond a call's deadline that a post in hand gets to be recorded


async def once(config: Settings, ledger: Ledger, owner: Owner) -> None:
    """One pass: read every feed, settle what is due for a look, send what is due, each post once."""
    async with assemble.fetcher(config) as fetcher:
        ledger.put_right()
        system = assemble.system(config, ledger, owner, fetcher)
        await system.watcher.poll_all(system.feeds)
        await _all_in_threads(system, [partial(one.tick, insist=True) for one in system.publishers.values()])


async def adopt(
    config: Settings, ledger: Ledger, owner: Owner, channels: Collection[str], memories: Sequence[Memory], by: str
) -> list[Adopted]:
    """Read every feed of these channels and take over what is out on them already; nothing is sent."""
    async with assemble.fetcher(config) as fetcher:
        ledger.put_right()
        system = assemble.system(config, ledger, owner, fetcher)
        await system.watcher.poll_all([feed for feed in system.feeds if not feed.channels.isdisjoint(channels)])
        looks = {name: one.first_look for name, one in system.publishers.items()}
        return await _all_in_threads(
            system, [partial(adoption.adopt, name, ledger, looks.get(name), memories, by) for name in channels]
        )


class Daemon:
    """Runs until SIGTERM or SIGINT. `load` reads the config anew, for SIGHUP; it raises `ConfigError`."""

    def __init__(self, config: Settings, load: Callable[[], Settings], ledger: Ledger, owner: Owner) -> None:
        self._config = config
        self._load = load
        self._ledger = ledger
        self._owner = owner
        self._stopping = asyncio.Event()
        self._reloading = False

    async def run(self) -> None:
        """Work until a signal says to stop; the post in hand is finished first."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        loop.add_signal_handler(signal.SIGHUP, self.reload)
        self._ledger.put_right()
        log.info("daemon.started", feeds=len(self._config.feeds), channels=len(self._config.channels))
        while not self._stopping.is_set() or self._reloading:
            self._reloading = False
            self._stopping.clear()
            async with assemble.fetcher(self._config) as fetcher:
                system = assemble.system(self._config, self._ledger, self._owner, fetcher)
                await _Shift(self._config, system, self._ledger, self._owner, self._stopping).work()
        log.info("daemon.stopped")

    def stop(self) -> None:
        """Finish the post in hand and end."""
        self._reloading = False
        self._stopping.set()

    def reload(self) -> None:
        """Go on with the config as it stands now; keep the old one when it has mistakes."""
        try:
            config = self._load()
        except ConfigError as error:
            log.error("config.kept", why=str(error))
            return
        if config.database != self._config.database:
            log.error("config.kept", why="the database cannot change while crosspost runs; restart it")
            return
        log.info("config.reloaded")
        self._config = config
        self._reloading = True
        self._stopping.set()


class _Shift:
    """The work with one version of the config."""

    def __init__(self, config: Settings, system: System, ledger: Ledger, owner: Owner, stopping: asyncio.Event) -> None:
        self._config = config
        self._system = system
        self._ledger = ledger
        self._owner = owner
        self._stopping = stopping
        self._ticks: dict[str, asyncio.Future[None]] = {}
        self._refusals = _Refusals()
        self._scheduler = _scheduler()

    async def work(self) -> None:
        self._scheduler.start()
        try:
            await self._beats()
        finally:
            self._scheduler.shutdown(wait=False)
            await self._finish()

    # Feeds

    async def _plan_all(self) -> bool:
        """Plan every feed's next poll. False when the ledger could not tell when that is."""
        try:
            times = await self._system.watcher.times(self._system.feeds)
        except DBAPIError as error:
            self._refusals.note(error)
            return False
        self._scheduler.pause()  # it would look through its jobs after each
        for feed in self._system.feeds:
            self._plan(feed, times[feed.name])
        self._scheduler.resume()
        return True

    def _plan(self, feed: Feed, at: datetime) -> None:
        """One job a feed: it runs at `at`, and should that be skipped, since a poll goes on still, after `every`."""
        from apscheduler.triggers.interval import IntervalTrigger

        self._scheduler.add_job(
            self._poll,
            IntervalTrigger(seconds=feed.every.total_seconds(), timezone=UTC),
            args=[feed],
            id=feed.name,
            next_run_time=at,
            replace_existing=True,
        )

    async def _poll(self, feed: Feed) -> None:
        at = now() + feed.every
        try:
            at = await self._system.watcher.poll(feed)
            self._refusals.forget(feed=feed.name)
        except DBAPIError as error:
            # Nothing of the reading was recorded, its validators neither, so the next one brings it again.
            self._refusals.note(error, feed=feed.name)
        except asyncio.CancelledError:
            if not self._stopping.is_set():
                raise
        except Exception:
            log.exception("feed.broke", feed=feed.name)
        if not self._stopping.is_set():
            self._plan(feed, at)

    # Beats

    async def _beats(self) -> None:
        drift, beat, planned = _drift(), 0, False
        first = set(self._system.publishers)  # a start is a person's act: blocked channels are asked at once
        while not self._stopping.is_set():
            if abs(_drift() - drift) > _JUMP:
                drift, planned = _drift(), False
                await self._take_jump()
            planned = planned or await self._plan_all()
            await self._beat(first, give_sign=beat % _HEARTBEAT == 0)
            beat += 1
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), _BEAT)

    async def _take_jump(self) -> None:
        """The clock was set: nothing may wait for a time that it had made up."""
        log.warning("clock.jumped")
        try:
            await asyncio.to_thread(self._ledger.put_right)
        except DBAPIError as error:
            self._refusals.note(error)

    async def _beat(self, first: set[str], *, give_sign: bool) -> None:
        try:
            if give_sign:
                await asyncio.to_thread(self._ledger.beat, self._owner)
                if self._refusals.forget():
                    log.info("ledger.mended")
            busy = await asyncio.to_thread(self._ledger.busy_channels, self._system.publishers)
        except DBAPIError as error:
            self._refusals.note(error)
            return
        for name in busy | first:
            if self._refusals.rests(channel=name):
                continue
            if name not in self._ticks or self._ticks[name].done():
                self._ticks[name] = asyncio.ensure_future(self._tick(name, insist=name in first))
                first.discard(name)

    async def _tick(self, name: str, *, insist: bool) -> None:
        try:
            await _in_thread(partial(self._system.publishers[name].tick, insist=insist))
            self._refusals.forget(channel=name)
        except DBAPIError as error:
            # What could not be recorded is still `sending` in the ledger; the next beat takes it up as unsure.
            self._refusals.note(error, channel=name)
        except Exception:
            log.exception("channel.broke", channel=name)

    async def _finish(self) -> None:
        """Let the posts in hand end, as long as a call may take."""
        for publisher in self._system.publishers.values():
            publisher.stop()
        running = [tick for tick in self._ticks.values() if not tick.done()]
        if running:
            patience = self._config.delivery.timeout.total_seconds() + _STOP_MARGIN
            await asyncio.wait(running, timeout=patience)
        await self._system.watcher.finish()
        _close(self._system)


class _Refusal(NamedTuple):
    why: str
    rest: float  # seconds
    until: float  # by the monotonic clock


class _Refusals:
    """What the ledger does not take. It is said once, for the ledger as such and for each feed and channel, and tried
    again after ever longer rests: each try of a channel may upload pictures anew."""

    def __init__(self) -> None:
        self._of: dict[tuple[tuple[str, str], ...], _Refusal] = {}

    def note(self, error: DBAPIError, **whose: str) -> None:
        why, before = str(error.orig), self._of.get(_key(whose))
        if before is None or before.why != why:
            log.error("ledger.failed", **whose, why=why)
        rest = min(2 * before.rest, _LONGEST_REST) if before else _BEAT
        self._of[_key(whose)] = _Refusal(why, rest, time.monotonic() + rest)

    def forget(self, **whose: str) -> bool:
        """The ledger took something: whether there was anything to forget."""
        return self._of.pop(_key(whose), None) is not None

    def rests(self, **whose: str) -> bool:
        found = self._of.get(_key(whose))
        return found is not None and time.monotonic() < found.until


def _key(whose: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(whose.items())


def _scheduler() -> AsyncIOScheduler:
    """A late run still runs, and a missed one too: a blocked loop loses no poll."""
    from apscheduler.schedulers.asyncio import AsyncIOScheduler  # `once` has no use for it

    return AsyncIOScheduler(
        timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    )


def _drift() -> float:
    """Wall clock minus monotonic clock: constant, as long as nobody sets the clock."""
    return time.time() - time.monotonic()


def _close(system: System) -> None:
    for publisher in system.publishers.values():
        publisher.close()


async def _all_in_threads(system: System, acts: Iterable[Callable[[], T]]) -> list[T]:
    """What the acts, one for each channel, give when all have ended. Raises what the first one to fail raised."""
    outcomes = await asyncio.gather(*map(_in_thread, acts), return_exceptions=True)
    _close(system)
    results = []
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome
        results.append(outcome)
    return results


def _in_thread(act: Callable[[], T]) -> asyncio.Future[T]:
    """Run `act` in a daemon thread: a channel never waits for another's thread, nor the process's end for a channel."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(end: Callable[[], None]) -> None:
        if not future.done():
            end()

    def run() -> None:
        try:
            end = partial(future.set_result, act())
        except BaseException as error:  # noqa: BLE001 - handed to the loop
            end = partial(future.set_exception, error)
        with suppress(RuntimeError):  # the loop may be closed already
            loop.call_soon_threadsafe(settle, end)

    threading.Thread(target=run, daemon=True).start()
    return future
