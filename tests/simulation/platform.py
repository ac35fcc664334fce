"""A platform with a life of its own: it loses answers, throttles, lags, forgets tokens, and keeps the count."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crosspost.errors import Blocked, Duplicate, Refused, Throttled, Unreachable, Unreadable, Unsure
from crosspost.platforms import Account
from crosspost.post import Handover, Post, Prepared, Receipt, Shown
from tests.simulation.boundary import Boundary
from tests.simulation.web import no_tls


class Overruns(BaseException):
    """The call does not end within its deadline; `receipt` comes much later, if at all."""

    def __init__(self, receipt: Receipt | None) -> None:
        self.receipt = receipt


@dataclass(frozen=True)
class Nature:
    """What a platform is like for ever. `keys`: it honours a key for an hour. `fussy`: it refuses a text that it has.
    `by_hand`: a person publishes. `videos`: its posts are videos."""

    readable: bool = True
    keys: bool = False
    fussy: bool = False
    by_hand: bool = False
    videos: bool = False


# What a call comes to when it does not go well, with its weight. "taken": readers see the post all the same.
ENDS: dict[str, int] = {
    "lost, taken": 6,
    "lost": 3,
    "overruns, taken": 3,
    "overruns": 1,
    "broken, taken": 1,
    "broken": 1,
    "unreached": 3,
    "throttled": 3,
    "token": 1,
}


@dataclass
class SimulatedPlatform:
    """One channel's platform. `script` says what the next calls come to ("" goes well); then chance decides, for
    the share `trouble` of the calls. `meanwhile` is called in the midst of each call. `here` is our own clock.
    `lag`: how late its timeline may be. `behind`: so is its clock."""

    name: str
    nature: Nature
    boundary: Boundary
    chance: random.Random
    now: Callable[[], datetime]
    here: Callable[[], datetime]
    meanwhile: Callable[[], object] = lambda: None
    trouble: float = 0.0
    script: list[str] = field(default_factory=list)
    lag: timedelta = timedelta(0)
    behind: timedelta = timedelta(0)
    down: bool = False
    token_dead: bool = False
    blind: bool = False  # unreadable for a while
    posts: list[Shown] = field(default_factory=list)  # what readers see, oldest first
    came: list[tuple[datetime, str]] = field(default_factory=list)  # when each post was taken, and its text
    complaints: list[str] = field(default_factory=list)
    unread: bool = False  # whether it ever said that it cannot be read
    calls: int = 0
    _keys: dict[str, Shown] = field(default_factory=dict)
    _quiet_until: datetime | None = None  # by our clock: it has asked not to be called before

    def mend(self) -> None:
        """From now on all goes well."""
        self.script, self.trouble = [], 0.0
        self.down = self.token_dead = self.blind = False

    def forgive(self) -> None:
        """Who was killed before the wish for a pause was written down, or whom a person told to go on, may call."""
        self._quiet_until = None

    # The port

    def prepare(self, post: Post) -> Prepared | Handover:
        self._enter("upload")
        if self.chance.random() < self.trouble / 4:
            raise self.chance.choice([Unsure("cut off"), Throttled("slowly", wait=60), Unreachable("no route")])
        self.boundary.cross(f"after an upload to {self.name}")
        return Handover("https://social.example/new") if self.nature.by_hand else Prepared(post, ())

    def publish(self, prepared: Prepared) -> Receipt:
        self.calls += 1
        self._enter("call")
        end = self._next_end()
        if end in ("unreached", "throttled", "token"):
            self._not_taken(end)
        post = prepared.post
        if "forbidden" in post.text:
            raise Refused("this text breaks the rules")
        if end.endswith("lost") or end == "overruns" or end == "broken":
            return self._leave(end, None)
        return self._leave(end.removesuffix(", taken"), self._take(post))

    def _leave(self, end: str, receipt: Receipt | None) -> Receipt:
        self.boundary.cross(f"after a call of {self.name}")
        match end:
            case "lost":
                raise Unsure("the answer was lost")
            case "overruns":
                raise Overruns(receipt)
            case "broken":
                raise KeyError("captcha_img")
        assert receipt is not None
        return receipt

    def shown(self, since: datetime) -> Iterator[Shown]:
        self._enter("look")
        if not self.nature.readable or self.blind:
            self.unread = True
            raise Unreadable("the wall cannot be read with a community token")
        if self.chance.random() < self.trouble / 2:
            if self.chance.random() < 0.2:
                raise Overruns(None)
            raise self.chance.choice([Unsure("answered 500"), Throttled("slowly", wait=90), Unreachable("no route")])
        lag = self.lag * self.chance.random()
        for shown in reversed(self.posts):
            if shown.at < since:
                break
            if shown.at + self.behind + lag <= self.now():
                yield shown
        self.boundary.cross(f"after a look at {self.name}")

    def verify(self) -> Account:
        return Account("A sample channel", "https://social.example/sample")

    def withdraw(self, receipt: Receipt) -> None:
        self.posts = [shown for shown in self.posts if shown.receipt != receipt]

    # Its inner life

    def show(self, text: str, *links: str) -> Shown:
        """Put up a post for all to see."""
        number = f"{self.name}-{len(self.came) + 1}"
        receipt = Receipt(number, f"https://social.example/sample/{number}")
        self.posts.append(Shown(receipt, text, links, self.now() - self.behind))
        self.came.append((self.now(), text))
        return self.posts[-1]

    def _enter(self, kind: str) -> None:
        self.boundary.cross(f"before a {kind} of {self.name}")
        self.meanwhile()
        if kind == "call" and self._quiet_until is not None and self.here() < self._quiet_until:
            self.complaints.append(f"{self.name} was called at {self.here()}, though it wanted a pause until then")
        if self.down or no_tls(self.now(), self.here()):
            raise Unreachable("connection refused")
        if self.token_dead:
            raise Blocked("the token has died")

    def _next_end(self) -> str:
        if self.script:
            return self.script.pop(0)
        if self.chance.random() >= self.trouble:
            return ""
        return self.chance.choices(list(ENDS), list(ENDS.values()))[0]

    def _not_taken(self, end: str) -> None:
        if end == "unreached":
            raise Unreachable("connection refused")
        if end == "token":
            raise Blocked("the token was refused")
        wait = self.chance.choice([30, 900, 7200])
        match self.chance.choice(["wait", "until", "unnamed"]):
            case "wait":
                self._quiet_until = self.here() + timedelta(seconds=wait)
                raise Throttled("too many calls", wait=wait)
            case "until" if self.now() == self.here():
                self._quiet_until = self.here() + timedelta(seconds=wait)
                raise Throttled("too many calls", until=self._quiet_until)
        raise Throttled("too many calls")

    def _take(self, post: Post) -> Receipt:
        known = self._keys.get(post.key)
        if self.nature.keys and known and self.now() - self.behind - known.at < timedelta(hours=1):
            return known.receipt
        if self.nature.fussy and any(shown.text == post.text for shown in self.posts):
            self.boundary.cross(f"after a call of {self.name}")
            raise Duplicate("this text is there already")
        self._keys[post.key] = self.show(post.text, *([post.link] if post.link else []))
        return self._keys[post.key].receipt
