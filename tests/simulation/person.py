"""Somebody who works with the ledger from outside, as the commands do: approves, holds, hurries, pauses, marks."""

from __future__ import annotations

import random
from collections.abc import Mapping

from crosspost.ledger import Ledger, views
from crosspost.ledger.rows import Entry
from crosspost.post import ChannelState, Receipt, State
from tests.simulation.platform import SimulatedPlatform
from tests.simulation.process import Clock

_OPEN = (State.PLANNED, State.WAITING, State.HELD, State.DUE)


class Person:
    """Olga. She has a ledger of her own to act through, and eyes to look at the platforms with."""

    def __init__(
        self, ledger: Ledger, platforms: Mapping[str, SimulatedPlatform], chance: random.Random, now: Clock
    ) -> None:
        self.ledger = ledger
        self._now = now
        self._platforms = platforms
        self._chance = chance
        self.hurried_stories: set[int] = set()  # which she wanted sent without regard to the pace

    def do_something(self) -> None:
        """Whatever comes to her mind."""
        if self._chance.random() < 0.3:
            self._turn_a_channel()
            return
        entries = [entry for entry in views.everything(self.ledger) if entry.state not in (State.SENT, State.SENDING)]
        if entries:
            self._decide(self._chance.choice(entries))

    def settle_all(self) -> None:
        """Let everything go on that needs her."""
        for name in self._platforms:
            if self.ledger.channel(name).state is ChannelState.PAUSED:
                self.ledger.resume(name, by="olga")
        for entry in views.to_come(self.ledger):
            if entry.state in (State.WAITING, State.HELD):
                self._move(entry, State.PLANNED, (State.WAITING, State.HELD))
            elif entry.state in (State.ASKING, State.HANDED):
                self._mark(entry)

    def _turn_a_channel(self) -> None:
        name = self._chance.choice(sorted(self._platforms))
        if self.ledger.channel(name).state is ChannelState.PAUSED:
            self.ledger.resume(name, by="olga")
        else:
            self.ledger.pause(name, "a break", by="olga")

    def _decide(self, entry: Entry) -> None:
        match entry.state:
            case State.WAITING:
                self._move(entry, State.PLANNED, (State.WAITING,))
            case State.ASKING | State.HANDED:
                self._mark(entry)
            case State.REFUSED:
                self._move(entry, State.DUE, (State.REFUSED,), text=None, link=None)
            case State.PLANNED | State.HELD | State.DUE:
                match self._chance.choice(["hold", "now", "now", "skip"] if self._chance.random() < 0.3 else ["now"]):
                    case "hold":
                        self._move(entry, State.HELD, (State.PLANNED, State.WAITING, State.DUE))
                    case "now":
                        self._move(entry, State.DUE, _OPEN)
                    case "skip":
                        self._move(entry, State.SKIPPED, (*_OPEN, State.ASKING, State.HANDED, State.REFUSED))

    def _move(self, entry: Entry, to: State, sources: tuple[State, ...], **columns: object) -> None:
        if to is State.DUE:
            self.hurried_stories.add(number(entry.article.title))
        at = {} if to in (State.HELD, State.SKIPPED) else {"at": self._now(), "failures": 0}
        self.ledger.decide(entry, to, sources=sources, why="so be it", by="olga", **at, **columns)

    def _mark(self, entry: Entry) -> None:
        receipt = self._find(entry)
        if entry.state is State.HANDED and receipt is None:
            receipt = self._platforms[entry.channel].show(entry.text or "", entry.link or "").receipt
        if receipt is not None:
            self.ledger.sent(entry, receipt, "confirmed by a person", by="olga")
        else:
            self._move(entry, State.DUE, (State.ASKING,))

    def _find(self, entry: Entry) -> Receipt | None:
        """The post as readers see it."""
        posts = self._platforms[entry.channel].posts
        return next((shown.receipt for shown in posts if number(shown.text) == number(entry.text or "")), None)


def number(text: str) -> int:
    """The story's number, which every title of it carries."""
    return int(text.removeprefix("Story ").partition(" ")[0])
