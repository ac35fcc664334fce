"""A channel's own state, by what its calls came to: active, resting while its breaker is open, blocked till mended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from crosspost.ledger import Ledger
from crosspost.ledger.rows import ChannelRow
from crosspost.logs import Log
from crosspost.post import ChannelState
from crosspost.timing import retry
from crosspost.timing.retry import Policy

log = Log()


class Breaker:
    """Minds the state of one channel. Each `row` is the state as it was before the call that is spoken of."""

    def __init__(self, channel: str, ledger: Ledger, policy: Policy, clock: Callable[[], datetime]) -> None:
        self._channel = channel
        self._ledger = ledger
        self._policy = policy
        self._clock = clock
        self._log = log.bind(channel=channel)

    def row(self) -> ChannelRow:
        """The channel's state now."""
        return self._ledger.channel(self._channel)

    def lets_through(self, row: ChannelRow, *, insist: bool) -> bool:
        """Whether a post may be tried; `insist` tries a blocked channel before its time."""
        if row.state is ChannelState.ACTIVE:
            return True
        if row.state is ChannelState.PAUSED:
            return False
        waited = row.until is None or self._clock() >= row.until
        return waited or (insist and row.state is ChannelState.BLOCKED)

    def rests(self) -> bool:
        """Whether the channel is to be left alone now."""
        row = self.row()
        return row.state is ChannelState.RESTING and row.until is not None and self._clock() < row.until

    def close(self, row: ChannelRow) -> None:
        """A call went well: nothing stands against the channel any longer."""
        if row != (well := ChannelRow(row.name)):
            self._ledger.set_channel(well)
            if row.state is not ChannelState.ACTIVE:
                self._log.info("channel.active")

    def count(self, row: ChannelRow, why: str) -> None:
        """A call failed; after so many in a row the channel rests, the longer the more often it had to."""
        failures = row.failures + 1
        if not retry.trips(self._policy, failures):
            self._ledger.set_channel(replace(row, failures=failures))
            return
        until = retry.next_try(self._policy, row.rests + 1, self._clock())
        tripped = replace(row, failures=failures, rests=row.rests + 1)
        self.rest(tripped, until, f"{failures} failures in a row: {why}")

    def rest(self, row: ChannelRow, until: datetime, why: str) -> None:
        """Leave the channel alone until then."""
        if row.state is not ChannelState.RESTING:
            self._log.warning("channel.resting", until=until, why=why)
        self._ledger.set_channel(replace(row, state=ChannelState.RESTING, reason=why, until=until))

    def block(self, row: ChannelRow, why: str) -> None:
        """Nothing goes until a person mends the channel, which a gentle try now and then will show."""
        if row.state is not ChannelState.BLOCKED:
            self._log.error("channel.blocked", why=why)
        until = retry.next_try(self._policy, row.rests + 1, self._clock())
        self._ledger.set_channel(replace(row, state=ChannelState.BLOCKED, reason=why, until=until, rests=row.rests + 1))
