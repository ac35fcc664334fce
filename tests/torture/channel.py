"""One channel, whole but for the feed: the publisher on a real ledger, the real adapter, real HTTP to the sandbox.

Only time is not real: the clock is the publisher's and the sandbox's, and jumps to where something may happen next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from crosspost.ledger import Ledger, views
from crosspost.ledger.owner import Owner
from crosspost.ledger.rows import Entry
from crosspost.platforms import connect
from crosspost.platforms.line import Line
from crosspost.post import ChannelState, Image, Post, State, Video, Words
from crosspost.publisher import Channel, Publisher
from crosspost.sandbox import Sandbox
from crosspost.timing.retry import Policy
from tests.bring import article, bring
from tests.fakes import Clock

# options, account in the sandbox
ACCOUNTS: Mapping[str, tuple[Mapping[str, Any], str]] = {
    "x": ({}, "1001"),
    "vk": ({"community": 777}, "777"),
    "facebook": ({"page": "1010"}, "1010"),
    "youtube": ({"mode": "api", "channel": "UC0000000000000000000000"}, "UC0000000000000000000000"),
    "youtube videos": ({"mode": "video", "channel": "UC0000000000000000000000"}, "UC0000000000000000000000"),
}
PUBLISHING = {
    "x": ("POST", "/2/tweets"),
    "vk": ("POST", "/method/wall.post"),
    "facebook": ("POST", "/v25.0/1010/feed"),
    "youtube": ("POST", "/youtube/v3/posts"),
    "youtube videos": ("PUT", "/upload/youtube/v3/videos"),  # and what comes before the last piece
}
# Three pieces: two before the call that publishes.
FILM = Video(bytes(range(256)) * 4097 + b"the end", 1080, 1920, 20.0, Image(b"", "image/jpeg", 1080, 1920))
RETRY = tuple(timedelta(seconds=number) for number in (60, 300, 1800))
LOOKS = tuple(timedelta(seconds=number) for number in (20, 120, 900))
_OPEN = (State.PLANNED, State.DUE, State.SENDING, State.UNSURE)
_STEPS = 400
FIRST, SECOND = "Headline 1", "Headline 2"


class Lane:
    """A channel, one of `ACCOUNTS`, and what becomes of its posts. `patience`: seconds that its line waits for an
    answer."""

    def __init__(
        self,
        name: str,
        ledger: Ledger,
        sandbox: Sandbox,
        address: str,
        clock: Clock,
        *,
        patience: float,
        breaker: int,
    ) -> None:
        options, account = ACCOUNTS[name]
        platform = name.partition(" ")[0]
        line = Line(patience, f"{address}/{platform}")
        adapter = connect(platform, options, sandbox.secrets(platform, account), line)
        self.name, self.platform, self.ledger, self.sandbox, self.clock = name, platform, ledger, sandbox, clock
        write_up = partial(_write_up, FILM if name == "youtube videos" else None)
        channel = Channel(name=name, write_up=write_up, lay_out=_nowhere, connect=lambda: adapter)
        policy = Policy(RETRY, LOOKS, breaker, timedelta(seconds=10))
        self.publisher = Publisher(channel, ledger, Owner("me", lambda: True), policy, clock)
        self.calls: list[datetime] = []  # when it published, by the clock

    def fail(self, *faults: str) -> None:
        for fault in faults:
            self.sandbox.faults.read(f"{self.platform}:{fault}")

    def bring(self, *numbers: int) -> None:
        bring(self.ledger, *map(article, numbers), channels=(self.name,), at=self.clock(), expires=timedelta(days=30))

    def tick(self) -> None:
        before = self.published()
        self.publisher.tick()
        self.calls += [self.clock()] * (self.published() - before)

    def drive(self, steps: int = _STEPS) -> None:
        """Let time pass until all is settled, from one moment at which something is due to the next.

        Halfway between two of them nothing may be asked: no wait is cut short, neither the platform's nor ours.
        """
        for _ in range(steps):
            self.tick()
            if not (waiting := self.open()):
                return
            here, there = self.clock(), self._next(waiting)
            if there - here <= timedelta(seconds=1):  # the next beat
                self.clock.now = there
                continue
            self.clock.now = here + (there - here) / 2
            asked = len(self.sandbox.requests(self.platform))
            self.tick()
            assert len(self.sandbox.requests(self.platform)) == asked, "the platform was asked before its time"
            self.clock.now = there
        raise AssertionError(f"never settles: {[(entry.state, entry.reason) for entry in self.open()]}")

    def posts(self) -> list[Entry]:
        return [entry for entry in views.everything(self.ledger) if entry.channel == self.name]

    def open(self) -> list[Entry]:
        return [entry for entry in self.posts() if entry.state in _OPEN]

    def published(self) -> int:
        return self.sandbox.requests(self.platform).count(PUBLISHING[self.name])

    @property
    def shown(self) -> Sequence[str]:
        """The titles that readers see, in order."""
        return [post.text.splitlines()[0] for post in self.sandbox.posts(self.platform) if not post.deleted]

    def _next(self, waiting: Sequence[Entry]) -> datetime:
        """When something is due: a post's own time, but not before the channel's; the next beat, where that is past."""
        now, channel = self.clock(), self.ledger.channel(self.name)
        stopped = {ChannelState.RESTING: _OPEN, ChannelState.BLOCKED: (State.DUE,)}.get(channel.state, ())
        times = [max(one.at, channel.until or now) if one.state in stopped else one.at for one in waiting]
        return max(min(times), now + timedelta(seconds=1))


def _write_up(film: Video | None, one: Any, key: str, frozen: Words | None) -> Post:
    return Post(f"{one.title}\n\n{one.link}", one.link, one.title, key=key, video=film)


def _nowhere(number: int, post: Post) -> Path:
    raise AssertionError("nothing is handed over here")


def judge(lane: Lane) -> None:
    """Both articles once on the platform, and the ledger knows it."""
    assert sorted(lane.shown) == [FIRST, SECOND]
    assert {entry.state for entry in lane.posts()} == {State.SENT}
    there = {post.id for post in lane.sandbox.posts(lane.platform)}
    assert {entry.remote_id for entry in lane.posts()} == there
