"""The ledger: what was read, what is to be sent, what was sent. Every change is one transaction with its event.

A call to a platform stands between two of them: `begin` makes the intent durable before the call, and one of
`sent`, `handed`, `refused`, `postponed`, `unsure` records its outcome. A crash between the two leaves the post
`sending`; the publisher makes that `unsure` when it finds it, and looking settles it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, func, select

from crosspost.article import Article
from crosspost.errors import LedgerUnavailable
from crosspost.feeds.identity import Known, wanted
from crosspost.ledger import agenda, calls, channels, codec, database, feeds, joining, moves, owner, rename, setback
from crosspost.ledger.agenda import Line
from crosspost.ledger.ballast import Ballast
from crosspost.ledger.intake import Intake
from crosspost.ledger.owner import Owner
from crosspost.ledger.rename import Renamed
from crosspost.ledger.rows import Attempt, ChannelRow, Entry, FeedRow
from crosspost.ledger.tables import articles, events
from crosspost.post import Post, Prepared, Receipt, State, Upload
from crosspost.text import links
from crosspost.timing.pace import Waiting

Clock = Callable[[], datetime]
T = TypeVar("T")

# What a person has to do about a post of which nobody else can tell whether it is out.
LOOK_AND_MARK = "look at the channel and use crosspost mark"
RECOGNISED = "the channel showed it already"  # the reason of a post that is sent, though not by crosspost
_UNSENT = (State.PLANNED, State.WAITING, State.HELD, State.DUE)


class Ledger:
    """The ledger at a database URL, on SQLite and on PostgreSQL alike. Safe to use from several threads.

    `clock` gives aware times. Opening raises `LedgerError` when the database cannot be used.
    """

    def __init__(self, url: str, clock: Clock) -> None:
        self._ballast = Ballast(database.file_of(url))
        self.engine: Engine = database.connect(url, self._ballast)
        self._clock = clock

    def close(self) -> None:
        self.engine.dispose()

    def own(self, command: str) -> AbstractContextManager[Owner]:
        """Be the one who works with this ledger. Raises `AlreadyOwned` with who runs, or `LedgerError` when the
        ledger is damaged."""
        database.examine(self.engine)
        return owner.own(self.engine, command, self._clock, self._ballast)

    def beat(self, who: Owner) -> None:
        """Record that the owner lives. Raises `LedgerUnavailable` when its lock was lost."""
        if not who.holds():
            raise LedgerUnavailable(
                "The lock on the ledger was lost, so another crosspost could work with it; start this one again."
            )
        owner.beat(self.engine, who, self._clock())

    def has_room(self) -> bool:
        """Whether what a call comes to can be recorded even if the disk fills meanwhile: begin none else."""
        return self._ballast.lay()

    def lacks_room(self) -> str:
        """What a person must free, and where, before anything is sent; empty when the disk has room."""
        return self._ballast.lacking()

    def put_right(self) -> None:
        """Correct what a clock that was ahead has written: to be called at a start, and when the clock was set."""
        now = self._clock()
        self._record(lambda connection: setback.put_right(connection, now))

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for looking only: one consistent view, no lock that a writer must wait for."""
        with database.reading(self.engine) as connection:
            yield connection

    # Feeds

    def feeds(self) -> dict[str, FeedRow]:
        """Every feed the ledger knows, by name."""
        with self.reading() as connection:
            return feeds.read(connection)

    def joined(self) -> dict[str, frozenset[str]]:
        """The channels that have read each feed before, by the feed's name."""
        with self.reading() as connection:
            return feeds.joined(connection)

    def last_event(self) -> int:
        """The number of the newest event, 0 where there is none."""
        with self.reading() as connection:
            return connection.execute(select(func.max(events.c.id))).scalar() or 0

    @contextmanager
    def intake(self) -> Iterator[Intake]:
        """One transaction to compare documents with the ledger and to take them in: all of them, or none."""
        with self.engine.begin() as connection:
            yield Intake(connection, self._clock())

    def known(self, article: Article) -> Known | None:
        """What the ledger has of an article that its feed lists, whatever its address was when it came."""
        with self.reading() as connection:
            look = Intake(connection, self._clock())
            found = look.known(wanted([article], look.void([article.feed])[article.feed]))
        return next(iter(found.values()), None)

    # A channel that joins a feed

    def read_feeds(self, channel: str) -> tuple[str, ...]:
        """The feeds of the channel, as far as they were read by now."""
        with self.reading() as connection:
            return joining.read(connection, channel)

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
        now = self._clock()
        self._record(lambda connection: joining.looked_at(connection, channel, of_feeds, now))

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
                attempts=number,
                looks=0,
                upload=codec.dump_upload(prepared.upload) if prepared.upload else None,
                **_said(post),
            ):
                return None
            calls.begin(connection, entry.id, number, prepared, who.id, now)
        return number

    def opened(self, entry: Entry, upload: Upload) -> bool:
        """Make durable that an upload was begun for a due post, in the place of an earlier one. False when the post was
        changed meanwhile."""
        now, kept = self._clock(), {"attempts": entry.attempts, "changed_at": entry.changed_at}
        with self.engine.begin() as connection:
            dumped = {"upload": codec.dump_upload(upload)}
            if not moves.change(connection, entry.id, [State.DUE], dumped, kept):
                return False
            why = f"a video of {upload.size / 1e6:.1f} MB goes up piece by piece"
            moves.record(connection, "upload begun", why=why, now=now, post_id=entry.id)
        return True

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
            upload=None,
            failures=0,
        )

    def handed(self, entry: Entry, post: Post, why: str) -> bool:
        """It lies ready for a person to post; `why` says where."""
        return self._end(entry, State.HANDED, why=why, failures=0, **_said(post))

    def refused(self, entry: Entry, why: str) -> bool:
        """It was not posted, and never will be as it is."""
        return self._end(entry, State.REFUSED, why=why, **_said(entry))

    def postponed(self, entry: Entry, at: datetime, why: str, *, failed: bool = True) -> bool:
        """It was certainly not posted; it is due again at `at`. `failed` counts against its patience.

        The text goes back to what `entry` had before the call, so that a mended template reaches the next try.
        """
        failures = entry.failures + 1 if failed else entry.failures
        if entry.state is State.DUE:  # nothing was begun
            return self._set(entry, why, at=at, failures=failures)
        return self._end(entry, State.DUE, why=why, at=at, failures=failures, **_said(entry))

    def unsure(self, entry: Entry, look_at: datetime, why: str, outcome: str = State.UNSURE) -> bool:
        """It may have been posted: look for it at `look_at`. `outcome` names how the call ended."""
        return self._end(entry, State.UNSURE, why=why, outcome=outcome, at=look_at, looks=0)

    def looked(self, entry: Entry, next_look: datetime, why: str, *, counts: bool) -> bool:
        """It was looked for in vain, or the look failed (which does not count); look again later."""
        return self._set(entry, why, at=next_look, looks=entry.looks + int(counts))

    def surely_absent(self, entry: Entry, why: str) -> bool:
        """A platform that answers does not show it: due again, with the same key and the identical text."""
        now = self._clock()

        def settle(connection: Connection) -> bool:
            calls.settle(connection, entry.id, "absent")
            return moves.move(connection, entry.id, State.DUE, why=why, now=now, sources=[State.UNSURE], at=now)

        return self._record(settle)

    def repeat(self, entry: Entry, why: str) -> bool:
        """It cannot be looked up, but the platform takes a key only once: due again, its calls still in doubt."""
        return self._end(entry, State.DUE, why=why, at=self._clock())

    def asking(self, entry: Entry, why: str) -> bool:
        """It cannot be looked up: a person decides."""
        return self._end(entry, State.ASKING, why=why)

    def skipped(self, entry: Entry, why: str, by: str = moves.SELF) -> bool:
        """It will not be sent; where it was skipped before, `why` is the better reason."""
        if entry.state is State.SKIPPED:
            return self._set(entry, why, by=by)
        return self._end(entry, State.SKIPPED, why=why, by=by)

    def calls(self, entry: Entry) -> list[Attempt]:
        """The calls begun for this post, oldest first. One that is still in doubt has the outcome `unsure`."""
        with self.reading() as connection:
            return calls.of_post(connection, entry.id)

    def is_hurried(self, entry: Entry) -> bool:
        """Whether it is due because a person wants it sent now, and has not been tried since."""
        with self.reading() as connection:
            return agenda.is_hurried(connection, entry.id)

    def shares_link(self, entry: Entry) -> bool:
        """Whether this one's link does not tell it apart: others have it too, or it is a site's front page."""
        if links.is_front_page(links.canonical(entry.article.link)):
            return True
        canonical = select(articles.c.canonical).where(articles.c.id == entry.article_id).scalar_subquery()
        others = select(articles.c.id).where(articles.c.canonical == canonical, articles.c.id != entry.article_id)
        with self.reading() as connection:
            return connection.execute(others.limit(1)).first() is not None

    def is_receipt_of_another(self, entry: Entry, since: datetime, receipt: Receipt) -> bool:
        """Whether the receipt is that of another post of the channel, which ended since then."""
        with self.reading() as connection:
            return agenda.has_receipt(connection, entry, since, receipt.remote_id)

    def entry(self, post_id: int) -> Entry:
        with self.reading() as connection:
            return agenda.entry(connection, post_id)

    def decide(self, entry: Entry, to: State, *, sources: Iterable[State], why: str, by: str, **columns: Any) -> bool:
        """A person's decision: move a post that is in one of `sources`. False when it no longer is.

        To send what was asked about or had ended settles its calls in doubt; to send sooner what is sent anyway does
        not: whether it is safe to repeat is still for the publisher to judge. To skip what an earlier call may have
        published makes it `asking`: first somebody has to look.
        """
        now = self._clock()
        with self.engine.begin() as connection:
            if to is State.SKIPPED and entry.state in _UNSENT and calls.in_doubt(connection, entry.id):
                to, why = State.ASKING, f"{why}, but an earlier call may have been processed; {LOOK_AND_MARK}"
            moved = moves.move(connection, entry.id, to, why=why, now=now, by=by, sources=sources, **columns)
            if moved and to is State.DUE and entry.state not in _UNSENT:
                calls.settle(connection, entry.id, "decided by a person")
            return moved

    # Channels

    def channel(self, name: str) -> ChannelRow:
        with self.reading() as connection:
            return channels.read(connection, name)

    def set_channel(self, row: ChannelRow) -> None:
        """Write what a channel's calls came to; a change is an event. What a person paused stays so."""
        now = self._clock()
        self._record(lambda connection: channels.write(connection, row, now))

    def pause(self, channel: str, why: str, by: str) -> bool:
        """Stop a channel until a person resumes it. False when it is paused already and `why` says nothing new."""
        with self.engine.begin() as connection:
            return channels.pause(connection, channel, why, self._clock(), by)

    def resume(self, channel: str, by: str) -> tuple[ChannelRow, ChannelRow]:
        """Let a channel go on, whatever stopped it: how it was, and how it is. One that was to rest when it was
        paused rests to the end, unless a person resumes it once more."""
        with self.engine.begin() as connection:
            return channels.resume(connection, channel, self._clock(), by)

    def note(self, what: str, why: str, by: str, *, post_id: int | None = None, channel: str | None = None) -> None:
        """Append to the event log what changes no state."""
        with self.engine.begin() as connection:
            moves.record(connection, what, why=why, now=self._clock(), by=by, post_id=post_id, channel=channel)

    # Names

    def rename_feed(self, old: str, new: str, by: str) -> Renamed:
        """Let feed `new` have the history of `old`. Raises `LedgerError` when the ledger does not know `old`."""
        with self.engine.begin() as connection:
            return rename.feed(connection, old, new, self._clock(), by)

    def rename_channel(self, old: str, new: str, platform: str, by: str) -> Renamed:
        """Let channel `new`, which is on `platform`, have the history of `old`. Raises `LedgerError` when the ledger
        does not know `old`, or knows it on another platform."""
        with self.engine.begin() as connection:
            return rename.channel(connection, old, new, platform, self._clock(), by)

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

        def end(connection: Connection) -> bool:
            seen = (entry.state,) if sources is None else sources
            if not moves.move(connection, entry.id, to, why=why, now=now, by=by, sources=seen, **columns):
                return False
            calls.end(connection, entry.id, outcome or to, now)
            return True

        return self._record(end)

    def _set(self, entry: Entry, why: str, by: str = moves.SELF, **columns: Any) -> bool:
        """Change a post that stays in its state, with an event."""
        now = self._clock()

        def set_(connection: Connection) -> bool:
            if not moves.change(connection, entry.id, [entry.state], {"reason": why, "changed_at": now, **columns}):
                return False
            moves.record(connection, entry.state, why=why, now=now, by=by, post_id=entry.id)
            return True

        return self._record(set_)

    def _record(self, act: Callable[[Connection], T]) -> T:
        """One transaction for what must be written down, such as what a call came to: on a full disk, in the place of
        the ballast."""

        def write() -> T:
            with self.engine.begin() as connection:
                return act(connection)

        return self._ballast.spare(write)


def _said(one: Post | Entry) -> dict[str, Any]:
    """The columns that hold the words of a post."""
    return {"text": one.text, "link": one.link, "made_with_ai": one.made_with_ai}
