"""What is to come, from the ledger and the config together: when a post goes out, and what stands in its way."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from functools import cache, partial
from typing import TYPE_CHECKING

from crosspost import assemble
from crosspost.cli import show
from crosspost.cli.explain import Scene, obstacle
from crosspost.errors import Refused
from crosspost.ledger import Ledger, owner, views
from crosspost.ledger.rows import ChannelRow, Entry
from crosspost.post import ChannelState, State
from crosspost.settings import Settings
from crosspost.timing import forecast
from crosspost.timing.pace import put_right

if TYPE_CHECKING:
    from crosspost.editor import Editor


class Outlook:
    """How things stand at `now`; every channel is asked once."""

    def __init__(self, found: Settings, book: Ledger, now: datetime) -> None:
        self.found = found
        self.now = now
        self.running = owner.is_owned(book.engine)
        self._book = book
        self._row = cache(book.channel)
        self._turns = cache(self._forecast)
        self._editor = cache(partial(assemble.editor, found, book))

    def scene(self, entry: Entry) -> Scene:
        """What stands around a post."""
        channel = self.found.channels.get(entry.channel)
        return Scene(self.now, self.found.timezone, self._row(entry.channel), channel, self.running, self._turn(entry))

    def at(self, entry: Entry) -> datetime:
        """When the post went out or ended, or when it is likely to go out; where it expires before that, then."""
        if entry.state is State.PLANNED:
            return self._turn(entry) or entry.expires_at
        if entry.state is State.DUE:
            return max(entry.at, self._opens(entry.channel) or entry.at)
        return show.moment(entry)

    def note(self, entry: Entry) -> str:
        """What became of the post or what it waits for, in a few words."""
        if entry.state in (State.PLANNED, State.DUE):
            if in_the_way := obstacle(self.scene(entry)):
                return in_the_way
            if entry.state is State.PLANNED and self._turn(entry) is None:
                return f"expires before its turn; crosspost now {entry.id} sends it at once"
        return show.told(entry)

    def text(self, entry: Entry) -> str | None:
        """What the post says: as sent or frozen, or, while it waits for approval, as it would be frozen now. None
        where it is still to be written, or cannot be."""
        channel = self.found.channels.get(entry.channel)
        if entry.text is not None or entry.state is not State.WAITING or channel is None:
            return entry.text
        with suppress(Refused):
            return assemble.draft(channel, entry.article, self.editor(asks=False)).text
        return None

    def editor(self, *, asks: bool) -> Editor | None:
        """Who writes the summaries: a list of posts is not worth a question for each, a single post is."""
        return self._editor(asks=asks)

    def _turn(self, entry: Entry) -> datetime | None:
        if entry.state is not State.PLANNED:
            return None
        turns = self._turns(entry.channel)
        if turns is None:
            return max(entry.at, self._opens(entry.channel) or entry.at)
        return turns.get(entry.id, entry.at)

    def _forecast(self, name: str) -> dict[int, datetime | None] | None:
        """The turns of a channel's planned posts by its pace, as if no person kept it from going on."""
        channel = self.found.channels.get(name)
        pace = assemble.pace(channel, self.found) if channel else None
        if pace is None:
            return None
        start = max(self.now, self._opens(name) or self.now)
        sent = put_right(self._book.went_out(name, self.now - pace.memory))
        return forecast.turns(views.line(self._book, name), pace, sent, start)

    def _opens(self, name: str) -> datetime | None:
        """When a channel that rests or is blocked is tried next."""
        row: ChannelRow = self._row(name)
        return row.until if row.state in (ChannelState.RESTING, ChannelState.BLOCKED) else None
