"""Weeks of a daemon's life in a moment; one seed decides all of it.

A simulation jumps from event to event: polls and beats, stories and their changes, weather on the platforms, a
person's whims, jumps of the clock, kills. In the end everything is mended, what is left to do is done in quiet, and
the judge counts.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from itertools import count
from zoneinfo import ZoneInfo

from crosspost.gate import Feed, Subscriber
from crosspost.timing.pace import Pace
from crosspost.timing.retry import Policy
from tests.simulation.boundary import Boundary, Died, Fault, is_statement
from tests.simulation.life import Life, Outcome, no_defects
from tests.simulation.platform import Nature, SimulatedPlatform
from tests.simulation.process import Clock, Plan, System, utc
from tests.simulation.studio import SimulatedStudio
from tests.simulation.web import KINDS, SITE, Web

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NOW = timedelta(0)
ZONE = ZoneInfo("Europe/Berlin")
# An ordinary day; shortly before the clocks go forward, and back; a leap day; a turn of the year.
BEGINNINGS = (utc(2026, 5, 4, 12), utc(2026, 3, 28, 20), utc(2026, 10, 24, 20), utc(2028, 2, 28, 18), utc(2026, 12, 31))
POLICY = Policy(
    retry=(MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 12 * HOUR),
    confirm_after=(timedelta(seconds=20), 2 * MINUTE, 15 * MINUTE),
    breaker=5,
    timeout=timedelta(seconds=20),
)
NATURES = {
    "plain": Nature(),
    "paced": Nature(),
    "fussy": Nature(fussy=True),
    "keys": Nature(readable=False, keys=True),
    "blind": Nature(readable=False),
    "hand": Nature(by_hand=True),
    "studio": Nature(videos=True),
}
PACES = (
    Pace(zone=ZONE, gap=20 * MINUTE),
    Pace(zone=ZONE, gap=HOUR, quiet=(time(23), time(7))),
    Pace(zone=ZONE, at_most=(4, DAY)),
    Pace(zone=ZONE, slots=(time(9), time(13), time(18, 30))),
)
# Beats come every second; between events nothing changes, so only those are lived that may find something to do.
_PAUSES = (timedelta(seconds=21), 3 * MINUTE, 16 * MINUTE, HOUR, 5 * HOUR, 12 * HOUR)


@dataclass(frozen=True)
class Weather:
    """How bad a simulation is: shares of chances, and whether our clock jumps."""

    death: float
    database: float
    platforms: float
    web: float
    jumps: bool
    days: int
    expires: timedelta


def simulate(seed: int, url: str) -> Outcome:
    """Live through the simulation that `seed` tells, on an empty ledger at `url`."""
    simulation = Simulation(seed, url)
    with no_defects(simulation.life.outcome.verdict):
        return simulation.run()


class Simulation:
    """One seed's world, and the way through its events."""

    def __init__(self, seed: int, url: str) -> None:
        self._seed = seed
        self._chance = self._dice("life")
        self.weather = self._draw_weather()
        self._clock = Clock(self._chance.choice(BEGINNINGS))
        self._boundary = Boundary()
        self.life = Life(self._draw_system(url), self._dice("person"))
        self._events: list[tuple[datetime, int, Callable[[], object]]] = []
        self._numbers = count()
        self._fates = self._dice("fate")
        self._is_beating = False
        self._patience = 0

    def _dice(self, name: str) -> random.Random:
        """Each part has chances of its own, so that a change of one leaves the others' as they were."""
        return random.Random(f"{self._seed} {name}")

    def run(self) -> Outcome:
        try:
            self._plan()
            end = self._clock.true + self.weather.days * DAY
            while self._events and self._events[0][0] < end:
                at, _, act = heapq.heappop(self._events)
                self._clock.true = max(self._clock.true, at)
                if self.life.survive(act):
                    pause = self._chance.choice([timedelta(seconds=1), MINUTE, HOUR, 20 * HOUR])
                    self._at(self._clock.true + pause, self._start)
            return self.life.end()
        finally:
            self.life.close()

    # What one seed decides

    def _draw_weather(self) -> Weather:
        pick = self._chance.choice
        return Weather(
            death=pick([0, 0.002, 0.01, 0.03]),
            database=pick([0, 0, 0.001, 0.005]),
            platforms=pick([0.1, 0.3, 0.6]),
            web=pick([0, 0.1, 0.3]),
            jumps=self._chance.random() < 0.25,
            days=pick([2, 7, 21]),
            expires=pick([60 * DAY, 60 * DAY, 60 * DAY, 2 * DAY]),
        )

    def _draw_system(self, url: str) -> System:
        clock, boundary = self._clock, self._boundary
        kinds = {
            name: self._chance.choice(KINDS) for name in ["news", "science", "culture"][: self._chance.randrange(1, 4)]
        }
        web = Web(boundary, self._dice("web"), lambda: clock.true, clock, kinds, self.weather.web)
        platforms = {sort: self._draw_platform(sort) for sort in self._chance.sample(list(NATURES), 3)}
        plans = tuple(self._draw_plan(name, platform.nature) for name, platform in platforms.items())
        subscribers = tuple(self._draw_subscriber(plan) for plan in plans)
        feeds = tuple(
            Feed(
                name=name,
                url=f"{SITE}/{name}.xml",
                language="en",
                proxy=None,
                first_run=self._chance.choice(["all", "all", "skip", 2]),
                burst=self._chance.choice([20, 0]),
                subscribers=subscribers,
                every=timedelta(minutes=10),
            )
            for name in kinds
        )
        return System(url, clock, boundary, web, feeds, plans, platforms, POLICY, self._dice("loop"))

    def _draw_platform(self, sort: str) -> SimulatedPlatform:
        clock, trouble = self._clock, self.weather.platforms
        make = SimulatedStudio if NATURES[sort].videos else SimulatedPlatform
        platform = make(
            sort, NATURES[sort], self._boundary, self._dice(sort), lambda: clock.true, clock, self._meanwhile, trouble
        )
        # A clock that jumps ahead makes the looks come too early for a timeline that is minutes late.
        platform.lag = self._chance.choice([NOW, timedelta(seconds=15), NOW if self.weather.jumps else 5 * MINUTE])
        platform.behind = self._chance.choice([NOW, 4 * MINUTE])
        return platform

    def _draw_plan(self, name: str, nature: Nature) -> Plan:
        return Plan(name, nature.keys, self._chance.choice(PACES) if name == "paced" else None)

    def _draw_subscriber(self, plan: Plan) -> Subscriber:
        return Subscriber(
            channel=plan.name,
            platform="x",
            approve=self._chance.random() < 0.15,
            settle=self._chance.choice([NOW, NOW, 2 * MINUTE]),
            expires=self.weather.expires,
            wants_page=self._chance.random() < 0.3,
            paced=plan.pace is not None,
        )

    # The events

    def _at(self, when: datetime, act: Callable[[], object]) -> None:
        heapq.heappush(self._events, (when, next(self._numbers), act))

    def _plan(self) -> None:
        begin, length = self._clock.true, self.weather.days * DAY
        web, platforms = self.life.system.web, list(self.life.system.platforms.values())
        for _ in range(self._chance.randrange(2, 5)):
            web.publish()

        def moments(number: int) -> Iterator[datetime]:
            return (begin + length * self._chance.random() for _ in range(number))

        self._at(begin, self._poll)
        for when in moments(10):
            self._at(when, partial(self._poll, self._chance.choice(list(web.kinds))))
        for when in moments(self._chance.randrange(2, 6)):
            self._at(when, web.publish)
            self._at(when + 10 * MINUTE * self._chance.random(), self._poll)
        for when in moments(8):
            self._at(when, partial(web.change, self.life.eyes))
        for when in moments(6):
            self._at(when, self._whim)
        for when in moments(3):
            self._at(when, partial(self._turn_weather, self._chance.choice(platforms)))
        for when in moments(self._chance.randrange(4) if self.weather.death else 0):
            self._at(when, self._kill)
        for when in moments(2 if self.weather.jumps else 0):
            self._at(when, self._jump)
        self._boundary.fate = self._fate

    def _fate(self, step: str) -> Fault | None:
        dice = self._fates.random()
        if not is_statement(step) and dice < self.weather.death:
            return Fault.DEATH
        if dice > 1 - self.weather.database:
            self.life.outcome.faults += 1
            return self._fates.choice([Fault.FULL, Fault.LOST])
        return None

    def _start(self) -> None:
        """Start a process, if starting it does not fail: then somebody tries again later."""
        if self.life.start() is None:
            self._at(self._clock.true + MINUTE, self._start)
        else:
            self._beat()

    def _kill(self) -> None:
        raise Died("between two steps")

    def _poll(self, *feeds: str) -> None:
        self.life.poll(*feeds)
        self._patience = 0
        self._beat()

    def _whim(self) -> None:
        self.life.person.do_something()
        self._beat()

    def _beat(self) -> None:
        if self.life.beat() and not self._is_beating:
            self._is_beating, self._patience = True, self._patience + 1
            self._at(self._clock.true + self._chance.choice(_PAUSES[: self._patience]), self._beat_again)

    def _beat_again(self) -> None:
        self._is_beating = False
        self._beat()

    def _turn_weather(self, platform: SimulatedPlatform) -> None:
        """Something is out of order with a platform for a while."""
        what = self._chance.choice(["down", "token_dead", "blind"])
        setattr(platform, what, True)
        self._at(self._clock.true + 20 * HOUR * self._chance.random(), lambda: setattr(platform, what, False))

    def _jump(self) -> None:
        """Our clock is wrong for a while: not by an hour where a key is relied on for one (decision 0011)."""
        by_guid = any(plan.resend_with_guid for plan in self.life.system.plans)
        self.life.jump(self._chance.choice(([] if by_guid else [HOUR, -HOUR]) + [365 * DAY, -365 * DAY]))
        self._at(self._clock.true + 2 * DAY * self._chance.random(), partial(self.life.jump, NOW))

    def _meanwhile(self) -> None:
        """What others do in the midst of a call."""
        dice = self._chance.random()
        if dice < 0.1:
            self.life.tell_late(self._chance)
        elif dice > 0.98:
            self.life.person.do_something()
