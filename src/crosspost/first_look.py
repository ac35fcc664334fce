"""Before a channel gets anything of a feed it has joined, what it shows already is taken as sent.

See docs/decisions/0013-a-channel-is-looked-at-first.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from crosspost.article import Article
from crosspost.breaker import Breaker
from crosspost.errors import Blocked, PlatformError, Throttled, Unreadable
from crosspost.ledger import RECOGNISED, Ledger
from crosspost.ledger.moves import SELF
from crosspost.ledger.rows import ChannelRow
from crosspost.logs import Log
from crosspost.post import Receipt
from crosspost.recognition import since
from crosspost.timing import retry
from crosspost.timing.retry import Policy

log = Log()

Recognise = Callable[[Mapping[int, Article], datetime], dict[int, Receipt]]

# How the reason begins for which a channel rests, or is blocked, when a look has failed.
_NOT_LOOKED_AT = "what it shows already could not be looked at: "


@dataclass(frozen=True, slots=True)
class Look:
    """What a look came to: the posts, by number, that the channel was found to show. `unreadable`: why nobody can look
    there; `failure`: why it could not be done this time. Each is "" where it is not so."""

    found: tuple[int, ...] = ()
    unreadable: str = ""
    failure: str = ""


class FirstLook:
    """The looks at one channel. `recognise` (articles by number, how far back) asks the platform which of them it
    shows, and raises `PlatformError`."""

    def __init__(
        self,
        channel: str,
        ledger: Ledger,
        breaker: Breaker,
        policy: Policy,
        clock: Callable[[], datetime],
        recognise: Recognise,
    ) -> None:
        self._channel = channel
        self._ledger = ledger
        self._breaker = breaker
        self._policy = policy
        self._clock = clock
        self._recognise = recognise
        self._log = log.bind(channel=channel)

    def taken(self, *, insist: bool) -> bool:
        """Look where that was not done yet. Whether the channel may get something now."""
        feeds = self._ledger.unlooked(self._channel)
        if not feeds:
            return True
        row = self._breaker.row()
        return self._breaker.lets_through(row, insist=insist) and not self._look(feeds, row, SELF).failure

    def again(self, by: str) -> Look:
        """Look for the articles of all the channel's feeds, since a person (`by`) wants it: where that was done before,
        and on a channel that is paused or blocked, since a look sends nothing. A pause that the platform asked for is
        kept."""
        row = self._breaker.row()
        if self._breaker.rests():
            return Look(failure=row.reason.removeprefix(_NOT_LOOKED_AT))
        return self._look(self._ledger.read_feeds(self._channel), row, by)

    def _look(self, feeds: Sequence[str], row: ChannelRow, by: str) -> Look:
        entries = {entry.id: entry for entry in self._ledger.unsent(self._channel, feeds)}
        articles = {entry.id: entry.article for entry in entries.values()}
        found, unreadable = dict[int, Receipt](), ""
        try:
            found = self._recognise(articles, since(articles.values(), self._clock())) if articles else {}
        except Unreadable as error:
            unreadable = str(error)
            self._log.info("channel.unreadable", why=unreadable)
        except PlatformError as error:
            self._failed(error, row)
            return Look(failure=str(error))
        for number, receipt in found.items():
            if self._ledger.sent(entries[number], receipt, RECOGNISED, by=by):
                self._log.info("post.recognised", post=number, address=receipt.address)
        self._ledger.looked_at(self._channel, feeds)
        if row.reason.startswith(_NOT_LOOKED_AT):
            self._breaker.close(row)
        return Look(tuple(found), unreadable)

    def _failed(self, error: PlatformError, row: ChannelRow) -> None:
        now, why = self._clock(), f"{_NOT_LOOKED_AT}{error}"
        if isinstance(error, Blocked):
            self._breaker.block(row, why)
        elif isinstance(error, Throttled):
            self._breaker.rest(row, retry.after_throttle(self._policy, error, row.failures + 1, now), why)
        else:
            counted = replace(row, failures=row.failures + 1)
            self._breaker.rest(counted, retry.next_try(self._policy, counted.failures, now), why)
