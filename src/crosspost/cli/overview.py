"""The status screen: what is going on, and what needs a hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rich.table import Table
from rich.text import Text

from crosspost.cli import show
from crosspost.clock import now
from crosspost.ledger import Ledger, owner, views
from crosspost.ledger.rows import ChannelRow, FeedRow
from crosspost.post import ChannelState, State
from crosspost.settings import Settings

_LATER = (State.PLANNED, State.DUE, State.SENDING, State.UNSURE)
# What a person is asked for, by state: the words, and the next step.
_HANDS: Mapping[State, tuple[str, str]] = {
    State.ASKING: ("may or may not have been posted", "look at the channel, then crosspost mark"),
    State.REFUSED: ("refused by the platform", "crosspost history tells why; mend, then crosspost retry or skip"),
    State.HANDED: ("ready for you to post", "crosspost queue tells where; then crosspost mark --sent ADDRESS"),
    State.WAITING: ("waiting for approval", "crosspost queue, then crosspost approve or skip"),
    State.HELD: ("held", "crosspost queue, then crosspost now or skip"),
}
_STYLES = {
    ChannelState.ACTIVE: "green",
    ChannelState.BLOCKED: "bold red",
    ChannelState.RESTING: "yellow",
    ChannelState.PAUSED: "yellow",
}


@dataclass(frozen=True, slots=True)
class _View:
    found: Settings
    running: views.OwnerRow | None
    counts: Mapping[str, Mapping[State, int]]
    channels: Mapping[str, ChannelRow]
    sent: Mapping[str, datetime]
    feeds: Mapping[str, FeedRow]
    now: datetime

    def clock(self, at: datetime | None) -> str:
        return show.clock(at, self.found.timezone, self.now) if at else "never"


def show_all(found: Settings, book: Ledger, *, json: bool) -> None:
    """Print the status, as a screen or as JSON lines."""
    view = _View(
        found,
        views.last_owner(book) if owner.is_owned(book.engine) else None,
        views.counts(book),
        {name: book.channel(name) for name in found.channels},
        views.last_sent(book, found.channels),
        book.feeds(),
        now(),
    )
    if json:
        show.print_json(_objects(view))
        return
    show.console.print(_daemon(view), markup=False)
    show.console.print(_channels_table(view))
    show.console.print(_feeds_table(view))
    for line in _hands(view):
        show.console.print(line)


def _daemon(view: _View) -> str:
    if view.running is None:
        return "Nothing runs at present (crosspost run starts the daemon).\n"
    running = view.running
    since = view.clock(running.started_at)
    return f"crosspost {running.command} works since {since} (process {running.pid} on {running.host}).\n"


def _channels_table(view: _View) -> Table:
    table = _table("channel", "state", "sent", "to come", "last sent", "")
    for name, channel in view.found.channels.items():
        row, by_state = view.channels[name], view.counts.get(name, {})
        state, note = ("off", "enabled = false") if not channel.enabled else (row.state, _note(view, row))
        table.add_row(
            name,
            Text(state, style=_STYLES.get(row.state, "") if channel.enabled else "dim"),
            str(by_state.get(State.SENT, 0)),
            str(sum(by_state.get(state, 0) for state in _LATER)),
            view.clock(view.sent.get(name)),
            Text(note, style="dim"),
        )
    return table


def _note(view: _View, row: ChannelRow) -> str:
    if row.state is ChannelState.ACTIVE:
        return ""
    if row.state is ChannelState.PAUSED:
        return f"since {view.clock(row.changed_at)} {row.reason}"
    until = f" (next try {view.clock(row.until)})" if row.until else ""
    return f"{row.reason}{until}"


def _feeds_table(view: _View) -> Table:
    table = _table("feed", "state", "last read", "asked next", "")
    watched = view.running is not None and view.running.command == "run"
    for name in view.found.feeds:
        row = view.feeds.get(name, FeedRow(name))
        if row.failure:
            state, note = Text("failed", style="bold red"), f"since {view.clock(row.failed_since)}: {row.failure}"
        else:
            state, note = Text("fine", style="green") if row.read_at else Text("not read yet"), ""
        upcoming = view.clock(row.next_at) if watched and row.next_at else ""
        table.add_row(name, state, view.clock(row.read_at), upcoming, Text(note, style="dim"))
    return table


def _table(*headers: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for header in headers:
        table.add_column(header, justify="right" if header in ("sent", "to come") else "left", overflow="fold")
    return table


def _hands(view: _View) -> Iterator[Text]:
    totals = Counter[State]()
    for by_state in view.counts.values():
        totals.update(by_state)
    wanted = [(state, *words) for state, words in _HANDS.items() if totals[state]]
    yield Text("\nNeeds a hand:" if wanted else "\nNothing needs a hand.", style="bold" if wanted else "")
    for state, words, step in wanted:
        yield Text(f"  {totals[state]} {words}: {step}", style=show.STYLES.get(state, ""))


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
