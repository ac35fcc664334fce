"""The verb of sending: takes what is due on one channel and brings it to its platform, once.

    due -> compose -> prepare (uploads) -> begin (durable intent) -> publish -> outcome (durable)

A video is uploaded by a session that is durable before its first byte goes, so that any later run goes on with it;
`publish` sends its last piece.

An `unsure` post is settled by looking; nothing is ever repeated blindly. A channel minds only itself: whatever
goes wrong on one neither delays nor repeats another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import CancelledError
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import TypeVar

from crosspost import errors
from crosspost.article import Article
from crosspost.breaker import Breaker
from crosspost.calling import call
from crosspost.deadline import Caller
from crosspost.errors import (
    Blocked,
    CrosspostError,
    Duplicate,
    PlatformError,
    Refused,
    Throttled,
    Unreachable,
    Unreadable,
)
from crosspost.first_look import FirstLook
from crosspost.ledger import LOOK_AND_MARK, Ledger
from crosspost.ledger.owner import Owner
from crosspost.ledger.rows import Attempt, ChannelRow, Entry
from crosspost.logs import Log
from crosspost.platforms import PIECE, Platform, UploadGone, VideoPlatform, find
from crosspost.post import Handover, Post, Prepared, Receipt, State, Upload, Words
from crosspost.recognition import recognise
from crosspost.timing import retry
from crosspost.timing.pace import Pace
from crosspost.timing.retry import Policy
from crosspost.turns import Turns

log = Log()
T = TypeVar("T")

# The platform's clock may be behind ours.
_LOOK_BACK = timedelta(minutes=5)
# Our own clock may have been wrong when the call was made, by a time zone at most. Whether a post goes out again hangs
# on the last look alone, so that one goes back that far; each look would cost, since X bills what is read.
_LAST_LOOK_BACK = timedelta(hours=26)
# VK honours a guid for one hour (docs of wall.post); the margin covers the call itself.
_GUID_LIVES = timedelta(minutes=55)
# Calls that make one step: an upload takes up to three requests, a look up to five pages, a question about a video's
# upload a request and perhaps one for a token.
_REQUESTS_AN_IMAGE = 3
_REQUESTS_A_QUESTION = 2
_PAGES_A_LOOK = 5
_PAGES_A_FIRST_LOOK = 30


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel, wired: how to write for it and how to reach it.

    `write_up` (an article, the post's key, the text and link that are frozen, if they are) may fetch pictures and
    raises `Refused` for what cannot be written up.
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
        self._stopping = False
        self._failed_looks = 0  # in a row

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
        self._take_orphans()
        self._settle_doubts()
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
            if self._turns.lets_through(entry) or self._first_doubt(entry) is not None:
                yield entry
        while self._goes_on() and (turn := self._turns.next()) is not None:
            yield turn

    # Sending

    def _send(self, entry: Entry, row: ChannelRow) -> bool:
        """Try the post once. Whether it went well, so that nothing stands against the channel."""
        doubt = self._first_doubt(entry)
        if doubt is not None and not self._guid_lives(doubt):
            self._ask(entry, "an earlier call may have been processed, and to repeat it is no longer safe")
            return False
        if self._clock() >= entry.expires_at:
            self._expire(entry)
            return False
        try:
            post = self._write_up(entry)
            prepared = self._prepare(post) if post.video is None else self._bring_up(entry, post)
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

    def _expire(self, entry: Entry) -> None:
        if self._first_doubt(entry) is not None:
            self._ask(entry, "an earlier call may have been processed, and it expired before it could be sent again")
            return
        self._ledger.skipped(entry, "expired before it could be sent")
        self._log.info("post.expired", post=entry.id, article=entry.article.link)

    def _prepare(self, post: Post) -> Prepared | Handover:
        """Upload the pictures."""
        return self._call_again(lambda: self._platform.prepare(post), 1 + _REQUESTS_AN_IMAGE * len(post.images))

    def _bring_up(self, entry: Entry, post: Post) -> Prepared | Receipt | None:
        """Upload a video but for its last piece: go on with the upload that the ledger knows, or begin one. None when
        the post was changed meanwhile.

        An upload that is not for this post as it is now is given up only when the platform says that it is not
        complete: where it is, the post is out.
        """
        platform, upload = self._platform, entry.upload
        if not isinstance(platform, VideoPlatform):
            raise Refused(f"{entry.platform} takes no video on this channel")
        if upload is not None and upload.mark != platform.mark(post):
            if receipt := self._call_again(partial(platform.arrived, upload), _REQUESTS_A_QUESTION):
                return receipt
            upload = None
        if upload is not None:
            try:
                return self._resume(platform, post, upload)
            except UploadGone as error:
                self._log.info("upload.gone", post=entry.id, why=str(error))
        upload = self._call_again(partial(platform.open, post), _REQUESTS_A_QUESTION)
        # Before the first byte goes: what is sent from here on can be gone on with after any death.
        return self._resume(platform, post, upload) if self._ledger.opened(entry, upload) else None

    def _resume(self, platform: VideoPlatform, post: Post, upload: Upload) -> Prepared | Receipt:
        pieces = 1 + upload.size // PIECE
        return self._call_again(partial(platform.resume, post, upload), _REQUESTS_A_QUESTION + pieces)

    def _call_again(self, act: Callable[[], T], requests: int) -> T:
        """Call a platform for something that readers do not see: no failure here leaves a doubt."""
        try:
            return self._call(act, requests=requests)
        except (Refused, Throttled, Blocked, Unreachable):
            raise
        except PlatformError as error:
            raise Unreachable(str(error)) from error

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
                self._doubt(entry, why, outcome="duplicate")
            case Refused() if self._first_doubt(entry) is not None:
                # Perhaps only since it has the key already.
                self._ask(entry, why)
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
                self._doubt(entry, why, outcome=State.UNSURE)
                self._breaker.count(row, why)
        self._log.warning(f"post.{_name(error)}", post=entry.id, article=entry.article.link, why=why)

    def _doubt(self, entry: Entry, why: str, outcome: str) -> None:
        now = self._clock()
        look_at = retry.next_look(self._policy, 0, now)
        self._ledger.unsure(entry, look_at or now, why, outcome)
        if look_at is None:
            self._ask(replace(entry, state=State.UNSURE), why)

    def _ask(self, entry: Entry, why: str) -> None:
        if entry.state is State.SENDING:
            self._ledger.unsure(entry, self._clock(), why)
            entry = replace(entry, state=State.UNSURE)
        self._ledger.asking(entry, f"{why}; {LOOK_AND_MARK}")
        self._log.warning("post.asking", post=entry.id, article=entry.article.link, why=why)

    def _first_doubt(self, entry: Entry) -> datetime | None:
        """When the first call that may still have been processed began. A due post has one only by `repeat`."""
        calls = self._ledger.calls(entry) if entry.attempts else []
        return next((call.began_at for call in calls if call.outcome == State.UNSURE), None)

    def _throttled(self, entry: Entry, error: Throttled, row: ChannelRow) -> None:
        named = error.until is not None or error.wait is not None
        until = retry.after_throttle(self._policy, error, entry.failures + 1, self._clock())
        # The channel first: a stop between the two must not let the other posts go.
        self._breaker.rest(row, until, str(error))
        self._ledger.postponed(entry, until, str(error), failed=not named)

    # Settling by looking

    def _recognise(self, articles: Mapping[int, Article], since: datetime) -> dict[int, Receipt]:
        """The receipts of those of the articles that the channel shows."""
        return self._call(lambda: recognise(articles, self._platform.shown(since)), requests=_PAGES_A_FIRST_LOOK)

    def _take_orphans(self) -> None:
        """A post in the middle of a call that nobody makes any longer: the process ended, or could not record."""
        for entry in self._each(State.SENDING):
            self._doubt(entry, "crosspost stopped in the middle of the call", outcome=State.UNSURE)
            self._log.warning("post.orphaned", post=entry.id, article=entry.article.link)

    def _settle_doubts(self) -> None:
        """Look for what is unsure, but not in a pause that the platform asked for; end with the first failed look."""
        for entry in self._each(State.UNSURE):
            if self._breaker.rests() or not self._settle(entry):
                return

    def _settle(self, entry: Entry) -> bool:
        """Look for a post. False when the platform did not answer."""
        calls = self._ledger.calls(entry)
        wanted = Post(entry.text or "", "" if self._ledger.shares_link(entry) else entry.link or "")
        since = min(calls[0].began_at, self._clock()) - _LOOK_BACK
        if retry.next_look(self._policy, entry.looks + 1, self._clock()) is None:
            since -= _LAST_LOOK_BACK
        # Yesterday's text may have been the same.
        is_another = partial(self._ledger.is_receipt_of_another, entry, since - _LAST_LOOK_BACK)
        try:
            found = self._call(
                lambda: find(self._platform, wanted, since, is_another, entry.upload), requests=_PAGES_A_LOOK
            )
        except Unreadable as error:
            self._cannot_look(entry, calls[0].began_at, str(error))
        except PlatformError as error:
            self._look_failed(error)
            return False
        else:
            self._failed_looks = 0
            self._looked(entry, calls[-1], found)
        return True

    def _looked(self, entry: Entry, call: Attempt, found: Receipt | None) -> None:
        if found is not None:
            self._ledger.sent(entry, found, "found on the platform")
            self._log.info("post.sent", post=entry.id, article=entry.article.link, address=found.address, found=True)
            return
        looks = entry.looks + 1
        now = self._clock()
        ended = min(call.ended_at or now, now)  # the clock may have been set back
        next_look = retry.next_look(self._policy, looks, ended)
        if next_look is not None:
            self._ledger.looked(entry, next_look, f"not found at look {looks}", counts=True)
        elif call.outcome == "duplicate":
            self._ask(entry, "the platform says it has this text, but does not show it")
        else:
            self._ledger.surely_absent(entry, f"not found at look {looks}, the last one: it was not posted")
            self._log.info("post.absent", post=entry.id, article=entry.article.link)

    def _look_failed(self, error: PlatformError) -> None:
        """The platform did not answer a look, which proves nothing; look later, for all that is to be looked for."""
        now = self._clock()
        self._failed_looks += 1
        if isinstance(error, Blocked):
            self._breaker.block(self._breaker.row(), str(error))
            at = self._breaker.row().until or now
        elif isinstance(error, Throttled):
            at = retry.after_throttle(self._policy, error, self._failed_looks, now)
        else:
            at = retry.next_try(self._policy, self._failed_looks, now)
        for entry in self._each(State.UNSURE):
            self._ledger.looked(entry, at, f"the look failed: {error}", counts=False)

    def _cannot_look(self, entry: Entry, first_call: datetime, why: str) -> None:
        if self._channel.resend_with_guid and self._guid_lives(first_call):
            self._ledger.repeat(entry, f"{why}; sent again with the same guid, which the platform takes once")
        else:
            self._ask(entry, why)

    def _guid_lives(self, first_call: datetime) -> bool:
        """Whether the platform still knows the guid of that call; of one in the future, by a clock that was ahead,
        nobody can tell."""
        return timedelta(0) <= self._clock() - first_call < _GUID_LIVES


def _name(error: PlatformError) -> str:
    """How errors.py calls it; an adapter may have a finer kind of it."""
    return next(kind.__name__ for kind in type(error).__mro__ if kind.__module__ == errors.__name__).lower()
