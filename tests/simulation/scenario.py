"""One fixed day with a bit of everything, to be stopped at each of its steps."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from crosspost.gate import Feed, Subscriber
from crosspost.publisher import Publisher
from crosspost.timing.pace import Pace
from tests.simulation.boundary import Boundary, Fate, kindly
from tests.simulation.life import Life, Outcome, no_defects
from tests.simulation.platform import SimulatedPlatform
from tests.simulation.process import Clock, Plan, System, utc
from tests.simulation.seeds import NATURES, POLICY, SITE, ZONE
from tests.simulation.studio import SimulatedStudio
from tests.simulation.web import Web

# What the calls of each channel come to, one after the other; then all goes well.
TROUBLES: Mapping[str, Sequence[str]] = {
    "plain": ["", "lost, taken", "overruns, taken"],
    "fussy": ["lost", "throttled"],
    "keys": ["lost, taken", "broken"],
    "blind": ["overruns", ""],
    "paced": ["unreached"],
    "hand": [],
    "studio": ["lost, taken", "overruns", ""],
}


# For naive senders, who know of no uploads.
CALM: Mapping[str, Sequence[str]] = {name: () for name in TROUBLES if name != "studio"}


class Made(NamedTuple):
    steps: tuple[str, ...]
    statements: tuple[str, ...]


def live(
    url: str,
    fate: Fate = kindly,
    scripts: Mapping[str, Sequence[str]] = TROUBLES,
    make_publisher: Callable[..., Any] = Publisher,
) -> tuple[Outcome, Made]:
    """Live through the day on an empty ledger, with a restart after each death; and what was made in it, without the
    quiet end."""
    boundary, clock = Boundary(fate), Clock(utc(2026, 5, 4, 12))
    life = Life(_system(url, boundary, clock, scripts, make_publisher), random.Random(0))
    try:
        with no_defects(life.outcome.verdict):
            for act in _day(life):
                if life.survive(act):
                    clock.pass_(timedelta(minutes=1))
                    life.survive(life.start)
                life.survive(life.beat)
            made = Made(tuple(boundary.steps), tuple(boundary.statements))
            return life.end(), made
    finally:
        life.close()


def _day(life: Life) -> Iterator[Callable[[], object]]:
    web = life.system.web
    web.publish("news")
    yield life.poll
    web.publish("news", "science")
    yield life.poll
    web.stories[0].guid = "another"
    yield life.poll
    for _ in range(4):
        life.system.clock.pass_(timedelta(minutes=16))
        yield life.beat


def _system(
    url: str,
    boundary: Boundary,
    clock: Clock,
    scripts: Mapping[str, Sequence[str]],
    make_publisher: Callable[..., Any],
) -> System:
    def now():
        return clock.true

    web = Web(boundary, random.Random(1), now, clock, {"news": "plain", "science": "plain"})

    def platform(name):
        return SimulatedStudio if NATURES[name].videos else SimulatedPlatform

    platforms = {
        name: platform(name)(name, NATURES[name], boundary, random.Random(2), now, clock, script=list(script))
        for name, script in scripts.items()
    }
    pace = Pace(zone=ZONE, gap=timedelta(minutes=10))
    plans = tuple(Plan(name, NATURES[name].keys, pace if name == "paced" else None) for name in scripts)
    subscribers = tuple(
        Subscriber(
            channel=plan.name,
            platform="x",
            approve=False,
            settle=timedelta(0),
            expires=timedelta(days=30),
            wants_page=plan.name == "plain",
            paced=plan.pace is not None,
        )
        for plan in plans
    )
    feeds = tuple(
        Feed(
            name=name,
            url=f"{SITE}/{name}.xml",
            language="en",
            proxy=None,
            first_run="all",
            burst=20,
            subscribers=subscribers,
            every=timedelta(minutes=10),
        )
        for name in web.kinds
    )
    return System(url, clock, boundary, web, feeds, plans, platforms, POLICY, random.Random(3), make_publisher)
