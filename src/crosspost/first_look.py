"""Before a channel gets anything of a feed it has joined, what it shows already is taken as sent.

See docs/decisions/0013-a-channel-is-looked-at-first.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from crosspost.article import Article
from crosspost.breaker import Breaker
from crosspost.errors import Blocked, PlatformError, Throttled, Unreadable
from crosspost.ledger import Ledger
from crosspost.ledger.rows import ChannelRow
from crosspost.logs import Log
from crosspost.post import Receipt
from crosspost.recognition import since
from crosspost.timing import retry
from crosspost.timing.retry import Policy

log = Log()

Recognise = Callable[[Mapping[int, Article], datetime], dict[int, Receipt]]


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
        if not self._breaker.lets_through(row, insist=insist):
            return False
        entries = {entry.id: entry for entry in self._ledger.unsent(self._channel, feeds)}
        articles = {entry.id: entry.article for entry in entries.values()}
        try:
            found = self._recognise(articles, since(articles.values(), self._clock())) if articles else {}
        except Unreadable as error:
            self._log.warning("channel.unreadable", why=str(error))
            found = {}
        except PlatformError as error:
            self._failed(error, row)
            return False
        for number, receipt in found.items():
            if self._ledger.sent(entries[number], receipt, "the channel showed it before crosspost sent anything"):
                self._log.info("post.recognised", post=number, address=receipt.address)
        self._ledger.looked_at(self._channel, feeds)
        return True

    def _failed(self, error: PlatformError, row: ChannelRow) -> None:
        now, why = self._clock(), f"what it shows already could not be looked at: {error}"
        if isinstance(error, Blocked):
            self._breaker.block(row, why)
        elif isinstance(error, Throttled):
            self._breaker.rest(row, retry.after_throttle(self._policy, error, row.failures + 1, now), why)
        else:
            counted = replace(row, failures=row.failures + 1)
            self._breaker.rest(counted, retry.next_try(self._policy, counted.failures, now), why)
