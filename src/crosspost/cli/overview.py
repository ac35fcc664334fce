"""The status screen: what needs a hand, then what is going on; one screen for a site of usual size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from crosspost.cli import show
from crosspost.cli.hands import Hand
from crosspost.cli.wording import clock
from crosspost.clock import midnight, now
from crosspost.ledger import Ledger, owner, views
from crosspost.ledger.rows import ChannelRow, FeedRow
from crosspost.ledger.summaries import Summaries, Told
from crosspost.post import ChannelState, State
from crosspost.settings import Settings

_LATER = (State.PLANNED, State.DUE, State.SENDING, State.UNSURE)
_STYLES = {
    ChannelState.ACTIVE: "green",
    ChannelState.BLOCKED: "bold red",
    ChannelState.RESTING: "yellow",
    ChannelState.PAUSED: "yellow",
}


@dataclass(frozen=True, slots=True)
class _View:
    found: Settings
    hands: Sequence[Hand]
    running: views.OwnerRow | None
    counts: Mapping[str, Mapping[State, int]]
    channels: Mapping[str, ChannelRow]
    today: Mapping[str, int]
    sent: Mapping[str, datetime]
    feeds: Mapping[str, FeedRow]
    told: Told | None  # what a language model wrote today, where one does
    now: datetime

    def clock(self, at: datetime | None) -> str:
        return clock(at, self.found.timezone, self.now) if at else "never"


def show_all(found: Settings, book: Ledger, hands: Sequence[Hand], *, json: bool) -> None:
    """Print the status, as a screen or as JSON lines."""
    moment = now()
    today = midnight(moment, found.timezone)
    view = _View(
        found,
        hands,
        views.last_owner(book) if owner.is_owned(book.engine) else None,
        views.counts(book),
        {name: book.channel(name) for name in found.channels},
        views.sent_since(book, found.channels, today),
        views.last_sent(book, found.channels),
        book.feeds(),
        Summaries(book.engine, now).told(today) if found.summary.writer == "llm" else None,
        moment,
    )
    if json:
        show.print_json(_objects(view))
        return
    for line in _hands(hands):
        show.console.print(line)
    show.console.print(_daemon(view), markup=False)
    show.console.print(_channels_table(view))
    show.console.print()
    show.console.print(_feeds_table(view))
    if view.told is not None:
        show.console.print()
        show.console.print(_model(view.found, view.told), markup=False)


def _hands(hands: Sequence[Hand]) -> Iterator[Text | Padding]:
    if not hands:
        yield Text("All is well: nothing needs a hand.", style="green")
        return
    yield Text("Needs a hand:", style="bold")
    for hand in hands:
        yield Padding(Text(hand.words, style=hand.style, overflow="fold"), (0, 0, 0, 2))


def _daemon(view: _View) -> str:
    if view.running is None:
        return "Nothing runs at present; crosspost run starts the daemon.\n"
    running = view.running
    since = view.clock(running.started_at)
    return f"crosspost {running.command} works since {since} (process {running.pid} on {running.host}).\n"


def _channels_table(view: _View) -> Table:
    table = _table("channel", "state", "sent today", "to come", "last sent", "")
    for name, channel in view.found.channels.items():
        row, by_state = view.channels[name], view.counts.get(name, {})
        state, note = ("off", "enabled = false") if not channel.enabled else (row.state, _note(view, row))
        table.add_row(
            name,
            Text(state, style=_STYLES[row.state] if channel.enabled else "dim"),
            str(view.today.get(name, 0)),
            str(sum(by_state.get(state, 0) for state in _LATER)),
            view.clock(view.sent.get(name)),
            Text(note, style="dim"),
        )
    return table


def _model(found: Settings, told: Told) -> str:
    asked = f"{told.questions} summaries asked for" if told.questions != 1 else "1 summary asked for"
    cost = "less than 0.01" if 0 < told.cost < 0.01 else f"{told.cost:.2f}"
    spent = f"{cost} of {found.summary.daily_budget:.2f} spent"
    return f"The language model {found.summary.model} today: {asked}, {told.written} of use, {spent}."


def _note(view: _View, row: ChannelRow) -> str:
    """What the state means for the channel now; what needs a hand is told above the table."""
    if row.state is ChannelState.BLOCKED and row.until:
        return f"next try {view.clock(row.until)}"
    if row.state is ChannelState.RESTING and row.until:
        return f"until {view.clock(row.until)}: {row.reason}"
    if row.state is ChannelState.PAUSED:
        return f"since {view.clock(row.changed_at)} {row.reason}"
    return ""


def _feeds_table(view: _View) -> Table:
    # Without the daemon nobody asks by these times.
    watched = view.running is not None and view.running.command in ("run", "demo")
    table = _table("feed", "state", "last read", *(["asked next"] if watched else []), "")
    for name in view.found.feeds:
        row = view.feeds.get(name, FeedRow(name))
        if row.failure:
            state, note = Text("failed", style="bold red"), f"since {view.clock(row.failed_since)}"
        else:
            state, note = Text("fine", style="green") if row.read_at else Text("not read yet"), ""
        upcoming = [view.clock(row.next_at) if row.next_at else ""] if watched else []
        table.add_row(name, state, view.clock(row.read_at), *upcoming, Text(note, style="dim"))
    return table


def _table(*headers: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for header in headers:
        table.add_column(header, justify="right" if header in ("sent today", "to come") else "left", overflow="fold")
    return table


def _objects(view: _View) -> Iterator[dict[str, Any]]:
    def moment(at: datetime | None) -> str | None:
        return at.astimezone(view.found.timezone).isoformat(timespec="seconds") if at else None

    running = view.running
    yield {
        "kind": "daemon",
        "running": running is not None,
        "command": running.command if running else None,
        "pid": running.pid if running else None,
        "host": running.host if running else None,
        "since": moment(running.started_at) if running else None,
    }
    for name, channel in view.found.channels.items():
        row = view.channels[name]
        yield {
            "kind": "channel",
            "channel": name,
            "platform": channel.platform,
            "enabled": channel.enabled,
            "state": row.state,
            "reason": row.reason,
            "until": moment(row.until),
            "missing_secrets": list(channel.missing_secrets),
            "posts": {str(state): number for state, number in view.counts.get(name, {}).items()},
            "sent_today": view.today.get(name, 0),
            "last_sent": moment(view.sent.get(name)),
        }
    for name in view.found.feeds:
        feed = view.feeds.get(name, FeedRow(name))
        yield {
            "kind": "feed",
            "feed": name,
            "state": "failed" if feed.failure else "fine" if feed.read_at else "unread",
            "reason": feed.failure,
            "read_at": moment(feed.read_at),
            "failed_since": moment(feed.failed_since),
            "retry_at": moment(feed.retry_at),
            "next_at": moment(feed.next_at),
        }
    if view.told is not None:
        yield {
            "kind": "model",
            "model": view.found.summary.model,
            "questions": view.told.questions,
            "written": view.told.written,
            "cost": view.told.cost,
            "budget": view.found.summary.daily_budget,
        }
    for hand in view.hands:
        yield {"kind": "hand", "words": hand.words, "trouble": hand.trouble}
