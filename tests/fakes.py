"""Stand-ins with a life of their own: a clock one can set, and a whole platform in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from crosspost.errors import Refused, Unreadable
from crosspost.platforms import Account, UploadGone
from crosspost.post import Handover, Post, Prepared, Receipt, Shown, Upload

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


class Clock:
    """Stands still until it is told otherwise."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **duration: float) -> datetime:
        """Let time pass: `advance(minutes=5)`."""
        self.now += timedelta(**duration)
        return self.now


@dataclass
class Processed:
    """The platform takes the post, and then the answer is lost: `error` is what the caller sees."""

    error: BaseException


@dataclass
class Hanging:
    """The platform takes the post but answers only when `let_go` is called."""

    wait: Callable[[], object]


@dataclass
class FakePlatform:
    """A platform in memory. What it is told to do it does in turn, call by call; after that all goes well.

    `publishing`, `preparing`, `looking`: the next outcomes of these verbs, an error to raise (or, for publishing,
    `Processed` or `Hanging`), or None for a call that goes well. `lag`: its timeline is that late. `behind`: so is its
    clock. `readable`: whether the channel's rights let it be read. `honours_keys`: a key posted before gives the same
    post again, for an hour. `handover`: a person has to publish. `watch` is called in the midst of each publish,
    before anything happens.
    """

    clock: Clock
    publishing: list[BaseException | Processed | Hanging | None] = field(default_factory=list)
    preparing: list[Exception | None] = field(default_factory=list)
    looking: list[Exception | None] = field(default_factory=list)
    lag: timedelta = timedelta(0)
    behind: timedelta = timedelta(0)
    readable: bool = True
    honours_keys: bool = False
    handover: Handover | None = None
    watch: Callable[[Prepared], object] = lambda prepared: None
    calls: list[Prepared] = field(default_factory=list)  # every publish, however it ended
    prepared: list[Post] = field(default_factory=list)
    looks: int = 0
    posts: list[Shown] = field(default_factory=list)  # what readers see, oldest first
    _keys: dict[str, Shown] = field(default_factory=dict)

    def prepare(self, post: Post) -> Prepared | Handover:
        self.prepared.append(post)
        if error := _next(self.preparing):
            raise error
        return self.handover or Prepared(post, tuple(f"media-{number}" for number, _ in enumerate(post.images)))

    def publish(self, prepared: Prepared) -> Receipt:
        self.watch(prepared)
        self.calls.append(prepared)
        match outcome := _next(self.publishing):
            case Processed(error):
                self._take(prepared.post)
                raise error
            case Hanging(wait):
                wait()
            case BaseException():
                raise outcome
        return self._take(prepared.post)

    def shown(self, since: datetime) -> Iterator[Shown]:
        self.looks += 1
        if error := _next(self.looking):
            raise error
        if not self.readable:
            raise Unreadable("the wall cannot be read with a community token")
        for shown in reversed(self.posts):
            if shown.at < since:
                return
            if shown.at + self.behind + self.lag <= self.clock():
                yield shown

    def verify(self) -> Account:
        return Account("A sample channel", "https://social.example/sample")

    def withdraw(self, receipt: Receipt) -> None:
        self.posts = [shown for shown in self.posts if shown.receipt != receipt]

    def show(self, text: str, *links: str) -> Shown:
        """Put up a post that did not come from us."""
        number = len(self.posts) + 1
        receipt = Receipt(str(number), f"https://social.example/sample/{number}")
        self.posts.append(Shown(receipt, text, links, self.clock() - self.behind))
        return self.posts[-1]

    def _take(self, post: Post) -> Receipt:
        before = self._keys.get(post.key)
        if self.honours_keys and before and self.clock() - self.behind - before.at < timedelta(hours=1):
            return before.receipt
        self._keys[post.key] = self.show(post.text, *([post.link] if post.link else []))
        return self._keys[post.key].receipt


@dataclass
class _Session:
    """An upload as the platform keeps it: what it is for, and what has arrived of the film."""

    post: Post
    arrived: int = 0
    receipt: Receipt | None = None


PIECES = 10  # bytes of a piece, and of the last one at most


@dataclass
class FakeVideos(FakePlatform):
    """A platform of videos in memory. `opening`, `resuming` and `asking` are told as `preparing` is; an error of
    `resuming` comes after one piece of what is missing, as if the line broke then. Of `opening`, `Processed` loses the
    answer. `silent`: a video is made, and its session says for a while that it is not. `received` are the bytes that
    came, in order, with the address to which they did.
    """

    opening: list[BaseException | Processed | None] = field(default_factory=list)
    resuming: list[BaseException | None] = field(default_factory=list)
    asking: list[BaseException | None] = field(default_factory=list)
    sessions: dict[str, _Session] = field(default_factory=dict)
    received: list[tuple[str, bytes]] = field(default_factory=list)
    silent: bool = False
    opened: int = 0
    _finishing: Upload | None = None

    def prepare(self, post: Post) -> Prepared:
        raise Refused("this channel publishes videos, and the post has none")

    def mark(self, post: Post) -> str:
        return f"{hash((post.text, post.title, post.video and post.video.data))}"

    def open(self, post: Post) -> Upload:
        outcome = _next(self.opening)
        if isinstance(outcome, BaseException):
            raise outcome
        self.opened += 1
        address = f"https://up.example/?upload_id=secret-{self.opened}"
        self.sessions[address] = _Session(post)
        if isinstance(outcome, Processed):
            raise outcome.error
        return Upload(address, self.mark(post), len(self._film(post)))

    def resume(self, post: Post, upload: Upload) -> Prepared | Receipt:
        if receipt := self.arrived(upload):
            return receipt
        session = self._session(upload)
        while session.arrived < (upload.size - 1) // PIECES * PIECES:
            self._receive(upload, self._film(post)[session.arrived :][:PIECES])
            if error := _next(self.resuming):
                raise error
        return Prepared(post, upload=upload)

    def arrived(self, upload: Upload) -> Receipt | None:
        if error := _next(self.asking):
            raise error
        return None if self.silent else self._session(upload).receipt

    def publish(self, prepared: Prepared) -> Receipt:
        assert prepared.upload is not None
        self._finishing = prepared.upload
        return super().publish(prepared)

    def _take(self, post: Post) -> Receipt:
        assert self._finishing is not None
        session = self._session(self._finishing)
        if session.receipt is None:
            session.receipt = super()._take(post)
            self._receive(self._finishing, self._film(post)[session.arrived :])
        return session.receipt

    def _receive(self, upload: Upload, piece: bytes) -> None:
        self.received.append((upload.address, piece))
        self._session(upload).arrived += len(piece)

    def _session(self, upload: Upload) -> _Session:
        if upload.address not in self.sessions:
            raise UploadGone("the upload is not known any longer")
        return self.sessions[upload.address]

    def _film(self, post: Post) -> bytes:
        assert post.video is not None
        return post.video.data


def _next(outcomes: list) -> BaseException | Processed | Hanging | None:
    return outcomes.pop(0) if outcomes else None
