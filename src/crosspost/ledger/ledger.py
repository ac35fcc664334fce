"""The ledger: what was read, what is to be sent, what was sent. Every change is one transaction with its event.

A call to a platform stands between two of them: `begin` makes the intent durable before the call, and one of
`sent`, `handed`, `refused`, `postponed`, `unsure` records its outcome. A crash between the two leaves the post
`sending`; the publisher makes that `unsure` when it finds it, and looking settles it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, select

from crosspost.errors import LedgerError
from crosspost.feeds.identity import Known, Mark
from crosspost.ledger import agenda, calls, channels, database, intake, joining, moves, owner
from crosspost.ledger.agenda import Line
from crosspost.ledger.intake import Reading
from crosspost.ledger.owner import Owner
from crosspost.ledger.rows import Attempt, ChannelRow, Entry, FeedRow
from crosspost.ledger.tables import articles, feeds, subscriptions
from crosspost.post import Post, Prepared, Receipt, State
from crosspost.timing.pace import Waiting

Clock = Callable[[], datetime]


class Ledger:
    """The ledger at a database URL, on SQLite and on PostgreSQL alike. Safe to use from several threads.

    `clock` gives aware times. Opening raises `LedgerError` when the database cannot be used.
    """

    def __init__(self, url: str, clock: Clock) -> None:
        self.engine: Engine = database.connect(url)
        self._clock = clock

    def close(self) -> None:
        self.engine.dispose()

    def own(self, command: str) -> AbstractContextManager[Owner]:
        """Be the one who works with this ledger. Raises `AlreadyOwned` with who runs."""
        return owner.own(self.engine, command, self._clock)

    def beat(self, who: Owner) -> None:
        """Record that the owner lives. Raises `LedgerError` when its lock was lost."""
        if not who.holds():
            raise LedgerError(
                "The lock on the ledger was lost, so another crosspost could work with it; start this one again."
            )
        owner.beat(self.engine, who, self._clock())

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for looking only: one consistent view, no lock that a writer must wait for."""
        with database.reading(self.engine) as connection:
            yield connection

    # Feeds

    def feed(self, name: str) -> FeedRow:
        with self.reading() as connection:
            row = connection.execute(select(feeds).where(feeds.c.name == name)).first()
        return FeedRow(**row._mapping) if row else FeedRow(name)

    def joined(self, feed: str) -> frozenset[str]:
        """The channels that have read this feed before."""
        with self.reading() as connection:
            return frozenset(
                connection.execute(select(subscriptions.c.channel).where(subscriptions.c.feed == feed)).scalars()
            )

    def leave(self, feed: str, gone: Iterable[str]) -> None:
        """Forget that these channels read this feed: when they come back, they start with what comes after."""
        with self.engine.begin() as connection:
            connection.execute(
                subscriptions.delete().where(subscriptions.c.feed == feed, subscriptions.c.channel.in_(list(gone)))
            )

    def void(self, feed: str) -> frozenset[Mark]:
        """The marks that tell no article apart in `feed`."""
        with self.reading() as connection:
            return intake.void(connection, feed)

    def known(self, wanted: Iterable[Mark]) -> dict[Mark, Known]:
        """The articles that carry the wanted marks."""
        with self.reading() as connection:
            return intake.known(connection, wanted)

    def channels_of(self, article_ids: Sequence[int]) -> dict[int, set[str]]:
        """The channels on which each of the articles has a post."""
        with self.reading() as connection:
            return intake.channels_of(connection, article_ids)

    def take_in(self, reading: Reading) -> None:
        """Write all that one good answer of a feed brings, or nothing of it."""
        with self.engine.begin() as connection:
            intake.write(connection, reading, self._clock())

    def feed_unchanged(self, name: str, retry_at: datetime | None) -> None:
        """The feed answered that nothing has changed."""
        with self.engine.begin() as connection:
            intake.write_feed(connection, name, read_at=self._clock(), failure="", failed_since=None, retry_at=retry_at)

    def feed_failed(self, name: str, why: str, retry_at: datetime | None) -> bool:
        """The feed could not be read. True when that is news: it read well before, or failed otherwise."""
        now = self._clock()
        before = self.feed(name)
        news = before.failure != why
        with self.engine.begin() as connection:
            since = before.failed_since or now
            intake.write_feed(connection, name, failure=why, failed_since=since, retry_at=retry_at)
            if news:
                moves.record(connection, "feed failed", why=why, now=now, feed=name)
        return news

    # A channel that joins a feed

    def unlooked(self, channel: str) -> tuple[str, ...]:
        """The feeds, read by now, for whose articles the channel has not been looked at yet."""
        with self.reading() as connection:
            return joining.unlooked(connection, channel)

    def unsent(self, channel: str, of_feeds: Sequence[str]) -> list[Entry]:
        """The channel's posts of these feeds that it may show all the same: not sent yet, or lately left out."""
        with self.reading() as connection:
            return joining.unsent(connection, channel, of_feeds, self._clock())

    def looked_at(self, channel: str, of_feeds: Sequence[str]) -> None:
        """The channel was looked at for these feeds' articles."""
        with self.engine.begin() as connection:
            joining.looked_at(connection, channel, of_feeds, self._clock())

    # A post's life

    def release(self, channel: str) -> int:
        """Make due what is planned on a channel and whose time has come; how many that was."""
        return self._make_due([one.id for one in self.waiting(channel)])

    def take_turn(self, post_id: int) -> bool:
        """Make one planned post due. False when a person decided otherwise meanwhile."""
        return self._make_due([post_id]) == 1

    def _make_due(self, planned: Sequence[int]) -> int:
        """One transaction for all of them: a commit each would cost a disk's round trip each."""
        if not planned:
            return 0
        now, why = self._clock(), "its time has come"
        with self.engine.begin() as connection:
            return sum(
                moves.move(connection, one, State.DUE, why=why, now=now, sources=[State.PLANNED]) for one in planned
            )

    def waiting(self, channel: str) -> list[Waiting]:
        """The channel's planned posts that have settled, in the order of their articles."""
        with self.reading() as connection:
            return agenda.waiting(connection, channel, self._clock())

    def line(self, channel: str) -> Line:
        """Who waits on the channel, in brief: another one when somebody has gone or come."""
        with self.reading() as connection:
            return agenda.line(connection, channel, self._clock())

    def went_out(self, channel: str, since: datetime) -> tuple[datetime, ...]:
        """When the channel's posts since then were sent, or may have been, or were handed over; in that order."""
        with self.reading() as connection:
            return agenda.went_out(connection, channel, since)

    def work(self, channel: str, state: State, limit: int = 100, after: int = 0) -> list[Entry]:
        """The channel's posts in `state` whose time has come, oldest article first, from id `after` on."""
        with self.reading() as connection:
            return agenda.work(connection, channel, state, self._clock(), limit, after)

    def busy_channels(self, channels: Collection[str]) -> frozenset[str]:
        """Those of the channels that have something whose time has come, or that was left in the middle of a call."""
        with self.reading() as connection:
            return agenda.busy(connection, channels, self._clock())

    def begin(self, entry: Entry, prepared: Prepared, who: Owner) -> int | None:
        """Make the intent of a call durable. The attempt's number, or None when the post was changed or the channel
        paused meanwhile."""
        now, post, number = self._clock(), prepared.post, entry.attempts + 1
        with self.engine.begin() as connection:
            if not moves.move(
                connection,
                entry.id,
                State.SENDING,
                why=f"attempt {number}",
                now=now,
                while_={"attempts": entry.attempts, "changed_at": entry.changed_at},
                text=post.text,
                link=post.link,
                attempts=number,
                looks=0,
            ):
                return None
            calls.begin(connection, entry.id, number, prepared, who.id, now)
        return number

    def sent(self, entry: Entry, receipt: Receipt, why: str, by: str = moves.SELF) -> bool:
        """The platform has it. Holds from every state but sent and withdrawn: a receipt outweighs every doubt."""
        return self._end(
            entry,
            State.SENT,
            why=why,
            by=by,
            sources=State,
            remote_id=receipt.remote_id,
            address=receipt.address,
            failures=0,
        )

    def handed(self, entry: Entry, post: Post, why: str) -> bool:
        """It lies ready for a person to post; `why` says where."""
        return self._end(entry, State.HANDED, why=why, text=post.text, link=post.link, failures=0)

    def refused(self, entry: Entry, why: str) -> bool:
        """It was not posted, and never will be as it is."""
        return self._end(entry, State.REFUSED, why=why, text=entry.text, link=entry.link)

    def postponed(self, entry: Entry, at: datetime, why: str, *, failed: bool = True) -> bool:
        """It was certainly not posted; it is due again at `at`. `failed` counts against its patience.

        The text goes back to what `entry` had before the call, so that a mended template reaches the next try.
        """
        failures = entry.failures + 1 if failed else entry.failures
        if entry.state is State.DUE:  # nothing was begun
            return self._set(entry, why, at=at, failures=failures)
        return self._end(entry, State.DUE, why=why, at=at, failures=failures, text=entry.text, link=entry.link)

    def unsure(self, entry: Entry, look_at: datetime, why: str, outcome: str = State.UNSURE) -> bool:
        """It may have been posted: look for it at `look_at`. `outcome` names how the call ended."""
        return self._end(entry, State.UNSURE, why=why, outcome=outcome, at=look_at, looks=0)

    def looked(self, entry: Entry, next_look: datetime, why: str, *, counts: bool) -> bool:
        """It was looked for in vain, or the look failed (which does not count); look again later."""
        return self._set(entry, why, at=next_look, looks=entry.looks + int(counts))

    def surely_absent(self, entry: Entry, why: str) -> bool:
        """A platform that answers does not show it: due again, with the same key and the identical text."""
        now = self._clock()
        with self.engine.begin() as connection:
            calls.settle(connection, entry.id, "absent")
            return moves.move(connection, entry.id, State.DUE, why=why, now=now, sources=[State.UNSURE], at=now)

    def repeat(self, entry: Entry, why: str) -> bool:
        """It cannot be looked up, but the platform takes a key only once: due again, its calls still in doubt."""
        return self._end(entry, State.DUE, why=why, at=self._clock())

    def asking(self, entry: Entry, why: str) -> bool:
        """It cannot be looked up: a person decides."""
        return self._end(entry, State.ASKING, why=why)

    def skipped(self, entry: Entry, why: str) -> bool:
        """It will not be sent."""
        return self._end(entry, State.SKIPPED, why=why)

    def calls(self, entry: Entry) -> list[Attempt]:
        """The calls begun for this post, oldest first. One that is still in doubt has the outcome `unsure`."""
        with self.reading() as connection:
            return calls.of_post(connection, entry.id)

    def shares_link(self, entry: Entry) -> bool:
        """Whether other articles have this one's link, so that the link does not tell them apart."""
        canonical = select(articles.c.canonical).where(articles.c.id == entry.article_id).scalar_subquery()
        others = select(articles.c.id).where(articles.c.canonical == canonical, articles.c.id != entry.article_id)
        with self.reading() as connection:
            return connection.execute(others.limit(1)).first() is not None

    def entry(self, post_id: int) -> Entry:
        with self.reading() as connection:
            return agenda.entry(connection, post_id)

    def decide(self, entry: Entry, to: State, *, sources: Iterable[State], why: str, by: str, **columns: Any) -> bool:
        """A person's decision: move a post that is in one of `sources`. False when it no longer is."""
        now = self._clock()
        with self.engine.begin() as connection:
            moved = moves.move(connection, entry.id, to, why=why, now=now, by=by, sources=sources, **columns)
            if moved and to is State.DUE:
                calls.settle(connection, entry.id, "decided by a person")
            return moved

    # Channels

    def channel(self, name: str) -> ChannelRow:
        with self.reading() as connection:
            return channels.read(connection, name)

    def set_channel(self, row: ChannelRow, by: str = moves.SELF) -> None:
        """Write a channel's state; a change of state or reason is an event. What a person paused stays so until a
        person decides otherwise."""
        with self.engine.begin() as connection:
            channels.write(connection, row, self._clock(), by)

    def _end(
        self,
        entry: Entry,
        to: State,
        *,
        why: str,
        by: str = moves.SELF,
        sources: Iterable[State] | None = None,
        outcome: str | None = None,
        **columns: Any,
    ) -> bool:
        """Move the post, from the state in which `entry` saw it (or any of `sources`), and end its open call."""
        now = self._clock()
        with self.engine.begin() as connection:
            seen = (entry.state,) if sources is None else sources
            if not moves.move(connection, entry.id, to, why=why, now=now, by=by, sources=seen, **columns):
                return False
            calls.end(connection, entry.id, outcome or to, now)
        return True

    def _set(self, entry: Entry, why: str, **columns: Any) -> bool:
        """Change a post that stays in its state, with an event."""
        now = self._clock()
        with self.engine.begin() as connection:
            if not moves.change(connection, entry.id, [entry.state], {"reason": why, "changed_at": now, **columns}):
                return False
            moves.record(connection, entry.state, why=why, now=now, post_id=entry.id)
        return True
