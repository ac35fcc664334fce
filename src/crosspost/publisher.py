"""The verb of sending: takes what is due on one channel and brings it to its platform, once.

    due -> compose -> prepare (uploads) -> begin (durable intent) -> publish -> outcome (durable)

A video goes up in `uploading.py`, and `publish` sends its last piece. An `unsure` post is settled by looking, in
`doubts.py`; nothing is ever repeated blindly. A channel minds only itself: whatever goes wrong on one neither delays
nor repeats another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import CancelledError
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TypeVar

from crosspost import errors
from crosspost.article import Article
from crosspost.breaker import Breaker
from crosspost.calling import call, call_again
from crosspost.deadline import Caller
from crosspost.doubts import Doubts
from crosspost.errors import (
    Blocked,
    CrosspostError,
    Duplicate,
    PlatformError,
    Refused,
    Throttled,
    Unreachable,
)
from crosspost.first_look import FirstLook
from crosspost.ledger import Ledger
from crosspost.ledger.owner import Owner
from crosspost.ledger.rows import ChannelRow, Entry
from crosspost.logs import Log
from crosspost.platforms import Platform, find
from crosspost.post import Handover, Post, Prepared, Receipt, State, Upload, Words
from crosspost.recognition import recognise
from crosspost.timing import retry
from crosspost.timing.pace import Pace
from crosspost.timing.retry import Policy
from crosspost.turns import Turns
from crosspost.uploading import Uploading

log = Log()
T = TypeVar("T")

# Calls that make one step: a picture's upload takes up to three requests, a look up to five pages.
_REQUESTS_AN_IMAGE = 3
_PAGES_A_LOOK = 5
_PAGES_A_FIRST_LOOK = 30


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel, wired: how to write for it and how to reach it.

    `write_up` (an article, the post's key, the text and link that are frozen, if they are) may fetch pictures and
    raises `Refused` for what cannot be written up, `Blocked` where nothing can.
    `connect` gives the platform's adapter; its libraries are slow to import, so it is called when first needed.
    `lay_out` (the post's number, the post) puts text and pictures where a person finds them, and says where.
    `resend_with_guid`: a repeat with the same key is safe for an hour. `pace` spreads its posts; None sends at once.
    """

    name: str
    write_up: Callable[[Article, str, Words | None], Post]
    lay_out: Callable[[int, Post], Path]
    connect: Callable[[], Platform]
    resend_with_guid: bool = False
    pace: Pace | None = None


class Publisher:
    """Sends one channel's posts, one after the other. `tick` is its whole life; it must not run twice at once.

    `first_look` looks at the channel before anything is sent there.
    """

    def __init__(
        self, channel: Channel, ledger: Ledger, owner: Owner, policy: Policy, clock: Callable[[], datetime]
    ) -> None:
        self._channel = channel
        self._ledger = ledger
        self._owner = owner
        self._policy = policy
        self._clock = clock
        self._breaker = Breaker(channel.name, ledger, policy, clock)
        self._turns = Turns(channel.name, channel.pace, ledger, clock, self._expire) if channel.pace else None
        self._caller = Caller(channel.name)
        self.first_look = FirstLook(channel.name, ledger, self._breaker, policy, clock, self._recognise)
        self._log = log.bind(channel=channel.name)
        self._uploading = Uploading(channel.name, ledger, policy, self._caller)
        self._doubts = Doubts(
            channel.name,
            ledger,
            self._breaker,
            policy,
            clock,
            self._each,
            self._look,
            resend_with_guid=channel.resend_with_guid,
        )
        self._stopping = False

    def stop(self) -> None:
        """Finish the post in hand and take no other."""
        self._stopping = True

    def close(self) -> None:
        self._caller.close()

    @cached_property
    def _platform(self) -> Platform:
        return self._channel.connect()

    def tick(self, *, insist: bool = False) -> None:
        """Settle what is unsure and due for a look, then send what is due, each post once.

        A blocked or resting channel is asked with a single post when its time has come; `insist` asks a blocked one
        at once, since a person may just have mended it. When that post goes well, the others follow.
        """
        if not self._goes_on():
            return
        self._doubts.take_orphans()
        self._doubts.settle()
        if not self.first_look.taken(insist=insist):
            return
        row = self._breaker.row()
        for entry in self._ready():
            if not self._breaker.lets_through(row, insist=insist):
                return
            insist = False
            # A person may pause the channel at any moment; the ledger begins no call then.
            row = ChannelRow(row.name) if self._send(entry, row) else self._breaker.row()

    def _goes_on(self) -> bool:
        """Whether to take up another post: not when told to stop, nor while what comes of it could not be recorded."""
        return not self._stopping and self._ledger.has_room()

    def _each(self, state: State) -> Iterator[Entry]:
        after = 0
        while entries := self._ledger.work(self._channel.name, state, after=after):
            for entry in entries:
                if not self._goes_on():
                    return
                yield entry
            after = entries[-1].id

    def _ready(self) -> Iterator[Entry]:
        """What is due, then what waits for its turn: all of it, or one by one as the channel's pace lets it."""
        if self._turns is None:
            self._ledger.release(self._channel.name)
            yield from self._each(State.DUE)
            return
        for entry in self._each(State.DUE):
            if self._turns.lets_through(entry) or self._doubts.of(entry) is not None:
                yield entry
        while self._goes_on() and (turn := self._turns.next()) is not None:
            yield turn

    # Sending

    def _send(self, entry: Entry, row: ChannelRow) -> bool:
        """Try the post once. Whether it went well, so that nothing stands against the channel."""
        doubt = self._doubts.of(entry)
        if doubt is not None and not self._doubts.guid_lives(doubt):
            self._doubts.ask(entry, "an earlier call may have been processed, and to repeat it is no longer safe")
            return False
        if self._clock() >= entry.expires_at:
            return self._too_late(entry, row)
        try:
            post = self._write_up(entry)
            prepared = self._prepare(entry, post)
        except PlatformError as error:
            self._failed(entry, error, row)
            return False
        if prepared is None:
            return False  # a person decided otherwise meanwhile
        if isinstance(prepared, Receipt):  # an earlier call had published it after all
            self._went_well(entry, prepared, row)
            return True
        if isinstance(prepared, Handover):
            self._hand_over(entry, post, prepared, row)
            return False
        number = self._ledger.begin(entry, prepared, self._owner)
        if number is None:
            return False  # a person decided otherwise meanwhile
        begun = replace(entry, state=State.SENDING, attempts=number)
        try:
            receipt = self._call(lambda: self._platform.publish(prepared), late=partial(self._late, begun))
        except PlatformError as error:
            self._failed(begun, error, row)
            return False
        self._went_well(begun, receipt, row)
        return True

    def _too_late(self, entry: Entry, row: ChannelRow) -> bool:
        """As `_send`, for a post that has expired. Its upload is asked first: in a ledger from a backup, or when it was
        looked for in vain, all of it may have arrived since, and the post is out."""
        try:
            receipt = self._uploading.arrived(self._platform, entry.upload) if entry.upload else None
        except PlatformError as error:
            self._failed(entry, error, row)
            return False
        if receipt is None:
            self._expire(entry)
            return False
        self._went_well(entry, receipt, row)
        return True

    def _expire(self, entry: Entry) -> None:
        if entry.state is State.PLANNED and entry.upload is not None:
            self._ledger.take_turn(entry.id)  # where its upload is asked
            return
        if self._doubts.of(entry) is not None:
            self._doubts.ask(
                entry, "an earlier call may have been processed, and it expired before it could be sent again"
            )
            return
        self._ledger.skipped(entry, "expired before it could be sent")
        self._log.info("post.expired", post=entry.id, article=entry.article.link)

    def _prepare(self, entry: Entry, post: Post) -> Prepared | Handover | Receipt | None:
        """Upload the pictures, or the video but for its last piece."""
        if post.video is not None:
            return self._uploading.bring_up(self._platform, entry, post)
        requests = 1 + _REQUESTS_AN_IMAGE * len(post.images)
        return call_again(self._caller, lambda: self._platform.prepare(post), self._policy.timeout * requests)

    def _hand_over(self, entry: Entry, post: Post, handover: Handover, row: ChannelRow) -> None:
        try:
            folder = self._channel.lay_out(entry.id, post)
        except OSError as error:
            why = f"text and pictures cannot be written to {error.filename}: {error.strerror}"
            self._failed(entry, Blocked(why), row)
            return
        why = f"text and pictures are ready in {folder}; post them at {handover.page}, then use crosspost mark"
        if self._ledger.handed(entry, post, why):
            self._log.info("post.handed", post=entry.id, article=entry.article.link, folder=str(folder))
        self._breaker.close(row)

    def _write_up(self, entry: Entry) -> Post:
        try:
            return self._channel.write_up(entry.article, entry.key, entry.words)
        except (PlatformError, CancelledError):  # cancelled: crosspost stops while a picture is fetched
            raise
        except CrosspostError as error:
            raise Refused(f"it could not be written up: {error}") from error
        except Exception as error:
            self._log.exception("post.not_written", post=entry.id)
            raise Refused(f"it could not be written up: a defect of crosspost ({type(error).__name__})") from error

    def _call(self, act: Callable[[], T], *, requests: int = 1, late: Callable[[T], None] | None = None) -> T:
        """Call a platform. Whatever goes wrong comes out as a `PlatformError`."""
        return call(self._caller, act, self._policy.timeout * requests, late)

    # Outcomes

    def _went_well(self, entry: Entry, receipt: Receipt, row: ChannelRow) -> None:
        self._ledger.sent(entry, receipt, "the platform has it")
        self._log.info("post.sent", post=entry.id, article=entry.article.link, address=receipt.address)
        self._breaker.close(row)

    def _late(self, entry: Entry, receipt: Receipt) -> None:
        if self._ledger.sent(entry, receipt, "the answer came after the deadline"):
            self._log.info("post.sent", post=entry.id, article=entry.article.link, address=receipt.address, late=True)
        elif self._ledger.entry(entry.id).remote_id != receipt.remote_id:
            self._log.error("post.doubled", post=entry.id, article=entry.article.link, address=receipt.address)

    def _failed(self, entry: Entry, error: PlatformError, row: ChannelRow) -> None:
        now, why = self._clock(), str(error)
        match error:
            case Duplicate() if entry.state is State.SENDING and entry.attempts > 1:
                # An earlier call of ours, whose answer was lost, may be what it is a duplicate of.
                self._doubts.arise(entry, why, outcome="duplicate")
            case Refused() if self._doubts.of(entry) is not None:
                # Perhaps only since it has the key already.
                self._doubts.ask(entry, why)
            case Refused():
                self._ledger.refused(entry, why)
            case Throttled():
                self._throttled(entry, error, row)
            case Blocked():
                self._breaker.block(row, why)
                self._ledger.postponed(entry, now, why, failed=False)
            case Unreachable():
                at = retry.next_try(self._policy, entry.failures + 1, now)
                self._ledger.postponed(entry, at, why)
                self._breaker.count(row, why)
            case _:
                self._doubts.arise(entry, why, outcome=State.UNSURE)
                self._breaker.count(row, why)
        self._log.warning(f"post.{_name(error)}", post=entry.id, article=entry.article.link, why=why)

    def _throttled(self, entry: Entry, error: Throttled, row: ChannelRow) -> None:
        named = error.until is not None or error.wait is not None
        until = retry.after_throttle(self._policy, error, entry.failures + 1, self._clock())
        # The channel first: a stop between the two must not let the other posts go.
        self._breaker.rest(row, until, str(error))
        self._ledger.postponed(entry, until, str(error), failed=not named)

    # Looking

    def _recognise(self, articles: Mapping[int, Article], since: datetime) -> dict[int, Receipt]:
        """The receipts of those of the articles that the channel shows."""
        return self._call(lambda: recognise(articles, self._platform.shown(since)), requests=_PAGES_A_FIRST_LOOK)

    def _look(
        self, post: Post, since: datetime, is_another: Callable[[Receipt], bool], upload: Upload | None
    ) -> Receipt | None:
        return self._call(lambda: find(self._platform, post, since, is_another, upload), requests=_PAGES_A_LOOK)


def _name(error: PlatformError) -> str:
    """How errors.py calls it; an adapter may have a finer kind of it."""
    return next(kind.__name__ for kind in type(error).__mro__ if kind.__module__ == errors.__name__).lower()
