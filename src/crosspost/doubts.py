"""Calls of which nobody knows what they came to: found out by looking, never by trying blindly.

    unsure -> looked for at each of `confirm_after` -> found: sent
                                                    -> not found at the last one: due again
                                                    -> nobody can look: asking, a person decides

A look that fails proves nothing, and does not count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from crosspost.breaker import Breaker
from crosspost.errors import Blocked, PlatformError, Throttled, Unreadable
from crosspost.ledger import LOOK_AND_MARK, Ledger
from crosspost.ledger.rows import Attempt, Entry
from crosspost.logs import Log
from crosspost.post import Post, Receipt, State, Upload
from crosspost.timing import retry
from crosspost.timing.retry import Policy

log = Log()

# The platform's clock may be behind ours.
_LOOK_BACK = timedelta(minutes=5)
# Our own clock may have been wrong when the call was made, by a time zone at most. Whether a post goes out again hangs
# on the last look alone, so that one goes back that far; each look would cost, since X bills what is read.
_LAST_LOOK_BACK = timedelta(hours=26)
# VK honours a guid for one hour (docs of wall.post); the margin covers the call itself.
_GUID_LIVES = timedelta(minutes=55)


class Look(Protocol):
    """A call to `crosspost.platforms.find`. Raises `PlatformError`."""

    def __call__(
        self, post: Post, since: datetime, is_another: Callable[[Receipt], bool], upload: Upload | None
    ) -> Receipt | None: ...


class Doubts:
    """The doubts of one channel. `each` gives its posts in a state, as long as there shall be another; `look` asks the
    platform. `resend_with_guid`: where nobody can look, a repeat with the same key is safe for an hour."""

    def __init__(
        self,
        channel: str,
        ledger: Ledger,
        breaker: Breaker,
        policy: Policy,
        clock: Callable[[], datetime],
        each: Callable[[State], Iterator[Entry]],
        look: Look,
        *,
        resend_with_guid: bool,
    ) -> None:
        self._ledger = ledger
        self._breaker = breaker
        self._policy = policy
        self._clock = clock
        self._each = each
        self._look = look
        self._resend_with_guid = resend_with_guid
        self._log = log.bind(channel=channel)
        self._failed_looks = 0  # in a row

    def of(self, entry: Entry) -> datetime | None:
        """When the first call that may still have been processed began. A due post has one only by `repeat`."""
        calls = self._ledger.calls(entry) if entry.attempts else []
        return next((call.began_at for call in calls if call.outcome == State.UNSURE), None)

    def guid_lives(self, first_call: datetime) -> bool:
        """Whether the platform still knows the guid of that call; of one in the future, by a clock that was ahead,
        nobody can tell."""
        return timedelta(0) <= self._clock() - first_call < _GUID_LIVES

    def arise(self, entry: Entry, why: str, outcome: str) -> None:
        """The post may be out: look for it. `outcome` names how the call ended."""
        now = self._clock()
        look_at = retry.next_look(self._policy, 0, now)
        self._ledger.unsure(entry, look_at or now, why, outcome)
        if look_at is None:
            self.ask(replace(entry, state=State.UNSURE), why)

    def ask(self, entry: Entry, why: str) -> None:
        """Have a person look."""
        if entry.state is State.SENDING:
            self._ledger.unsure(entry, self._clock(), why)
            entry = replace(entry, state=State.UNSURE)
        self._ledger.asking(entry, f"{why}; {LOOK_AND_MARK}")
        self._log.warning("post.asking", post=entry.id, article=entry.article.link, why=why)

    def take_orphans(self) -> None:
        """A post in the middle of a call that nobody makes any longer: the process ended, or could not record."""
        for entry in self._each(State.SENDING):
            self.arise(entry, "crosspost stopped in the middle of the call", outcome=State.UNSURE)
            self._log.warning("post.orphaned", post=entry.id, article=entry.article.link)

    def settle(self) -> None:
        """Look for what is unsure, but not in a pause that the platform asked for; end with the first failed look."""
        for entry in self._each(State.UNSURE):
            if self._breaker.rests() or not self.settle_one(entry):
                return

    def settle_one(self, entry: Entry) -> bool:
        """Look for a post. False when the platform did not answer."""
        calls = self._ledger.calls(entry)
        wanted = Post(entry.text or "", "" if self._ledger.shares_link(entry) else entry.link or "")
        since = min(calls[0].began_at, self._clock()) - _LOOK_BACK
        if retry.next_look(self._policy, entry.looks + 1, self._clock()) is None:
            since -= _LAST_LOOK_BACK
        # Yesterday's text may have been the same.
        is_another = partial(self._ledger.is_receipt_of_another, entry, since - _LAST_LOOK_BACK)
        try:
            found = self._look(wanted, since, is_another, entry.upload)
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
            self.ask(entry, "the platform says it has this text, but does not show it")
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
        if self._resend_with_guid and self.guid_lives(first_call):
            self._ledger.repeat(entry, f"{why}; sent again with the same guid, which the platform takes once")
        else:
            self.ask(entry, why)
