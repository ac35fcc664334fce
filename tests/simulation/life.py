"""A system's life from one death to the next, to its quiet end, where everything is mended and the judge counts."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from structlog.testing import capture_logs

from crosspost.errors import LedgerError
from crosspost.ledger import views
from crosspost.ledger.tables import in_states, posts
from crosspost.post import State
from crosspost.timing.pace import next_time
from tests.simulation import judge
from tests.simulation.boundary import Died, kindly
from tests.simulation.person import Person
from tests.simulation.process import Process, System, open_ledger

_DEFECTS = {"post.doubled", "feed.broke", "channel.broke", "post.not_written"}
_QUIET_ROUNDS = 300
_AT_ONCE = timedelta(seconds=5)
_CALLED = select(posts.c.channel).where(in_states([State.SENDING]))


@dataclass
class Outcome:
    """What became of a life: what the judge says, and how much was in it."""

    verdict: list[str]
    stories: int = 0
    sent: int = 0
    steps: int = 0
    deaths: int = 0
    in_flight: int = 0  # posts in the middle of a call when the process died
    faults: int = 0  # of the database


@contextmanager
def no_defects(verdict: list[str]) -> Iterator[None]:
    """Keep the log quiet, and add to the verdict what it says of our own mistakes."""
    with capture_logs() as lines:
        yield
    verdict += [f"the log says {line}" for line in lines if line["event"] in _DEFECTS]


class Life:
    """A system that works, dies and starts again. `eyes` is a ledger that nothing happens to."""

    def __init__(self, system: System, dice: random.Random) -> None:
        self.system = system
        self.eyes = open_ledger(system.url, system.clock)
        self.person = Person(self.eyes, system.platforms, dice, system.clock)
        self.outcome = Outcome([])
        self._process: Process | None = None
        self._jumped = False

    def close(self) -> None:
        if self._process is not None:
            self._process.end()
        self.eyes.close()

    # Life

    def start(self) -> Process | None:
        """The running process; None when starting one failed, as it may while the database fails."""
        if self._process is None:
            try:
                self._process = Process(self.system)
            except (DBAPIError, LedgerError):
                return None
        return self._process

    def poll(self, *feeds: str) -> None:
        """Ask these feeds, or all of them."""
        if (process := self.start()) is not None:
            process.poll(tuple(feed for feed in self.system.feeds if not feeds or feed.name in feeds))

    def beat(self) -> bool:
        """Whether there was something to do. After a death nothing is, until somebody starts a process."""
        busy = self._process is not None and self._process.beat()
        if busy and self.system.boundary.fate is not kindly:
            self._forgive()  # what the database could not write
        return busy

    def survive(self, act: Callable[[], object]) -> bool:
        """Do something that may be deadly; whether it was."""
        try:
            act()
        except (Died, LedgerError):  # who has lost the lock ends too
            self.outcome.deaths += 1
            if self._process is not None:
                self._process.end()
                self._process = None
                self.outcome.in_flight += self._forgive()
            return True
        return False

    def _forgive(self) -> int:
        """How many calls came to an end that nobody could write down: whatever the platforms answered is unknown."""
        with self.eyes.reading() as connection:
            calls = connection.execute(_CALLED).scalars().all()
        for name in set(calls):
            self.system.platforms[name].forgive()
        return len(calls)

    def tell_late(self, dice: random.Random) -> None:
        """Let an answer come in that nobody waits for any longer."""
        if self.system.late:
            try:
                self.system.late.pop(dice.randrange(len(self.system.late)))()
            except DBAPIError:
                self.outcome.faults += 1  # the thread of that call ends with it

    def jump(self, wrong: timedelta) -> None:
        """Our clock is set; the daemon sees that at its next beat."""
        self.system.clock.wrong, self._jumped = wrong, True
        for platform in self.system.platforms.values():
            platform.forgive()
        if self._process is not None:
            self._process.see_jump()

    # The end

    def end(self) -> Outcome:
        """Mend everything, let what is left to do be done in quiet, and judge."""
        system = self.system
        system.boundary.fate = kindly
        if system.clock.wrong:
            self.jump(timedelta(0))
        system.clock.true += _AT_ONCE
        system.web.trouble = 0.0
        for platform in system.platforms.values():
            platform.mend()
        # By their change: a clock that was ahead has written times that are to come.
        before = {name: row.read_at for name, row in self.eyes.feeds().items()}
        for _ in range(_QUIET_ROUNDS):
            self.start()
            rows = self.eyes.feeds()
            read = {name for name, row in rows.items() if row.read_at != before.get(name)}
            unread = [feed.name for feed in system.feeds if feed.name not in read]
            if unread:
                self.poll(*unread)
            while system.late:
                self.tell_late(system.chance)
            self.person.settle_all()
            self.beat()
            if not unread and not views.to_come(self.eyes):
                break
            system.clock.true = self._next_moment(timedelta(hours=1) if unread else timedelta(days=2))
        self._judge()
        return self.outcome

    def _next_moment(self, longest: timedelta) -> datetime:
        """When there is next something to do, by the ledger and by the rules of pace."""
        now, moments = self.system.clock.true, []
        paces = {plan.name: plan.pace for plan in self.system.plans}
        for entry in views.to_come(self.eyes):
            until = self.eyes.channel(entry.channel).until
            soonest = max(entry.at, until or entry.at, now + _AT_ONCE)
            if entry.state in (State.PLANNED, State.DUE) and (pace := paces[entry.channel]) is not None:
                came = [at for at, _ in self.system.platforms[entry.channel].came]
                soonest = next_time(pace, came, soonest)
            moments.append(soonest)
        return min([*moments, now + longest])

    def _judge(self) -> None:
        found, system = self.outcome, self.system
        platforms = dict(system.platforms)
        found.verdict += judge.verdict(self.eyes, system.web, platforms)
        for plan in system.plans:
            if plan.pace is not None and not self._jumped:
                found.verdict += judge.paced(plan.pace, platforms[plan.name], self.person.hurried_stories)
        found.stories = len(system.web.stories)
        found.sent = sum(len(platform.came) for platform in platforms.values())
        found.steps = len(system.boundary.steps)
