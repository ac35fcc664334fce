"""How things are shown: tables that are pleasant in 80 columns, and JSON lines for scripts."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from crosspost.post import State

if TYPE_CHECKING:
    from crosspost.ledger.rows import Entry

STYLES: Mapping[State, str] = {
    State.SENT: "green",
    State.REFUSED: "bold red",
    State.ASKING: "bold red",
    State.UNSURE: "yellow",
    State.HANDED: "bold yellow",
    State.HELD: "yellow",
    State.WAITING: "bold yellow",
    State.SKIPPED: "dim",
    State.WITHDRAWN: "dim",
}
console = Console(highlight=False, soft_wrap=False)


def print_json(items: Iterable[Mapping[str, Any]]) -> None:
    """One object a line."""
    for item in items:
        sys.stdout.write(json.dumps(item, ensure_ascii=False, default=str) + "\n")


def moment(entry: Entry) -> datetime:
    """The time that matters: when it ended, or when it is next touched."""
    ended = entry.state in (State.SENT, State.REFUSED, State.SKIPPED, State.WITHDRAWN, State.ASKING, State.HANDED)
    return entry.changed_at if ended else entry.at


def as_json(entry: Entry, zone: ZoneInfo) -> dict[str, Any]:
    """The keys that scripts rely on."""
    return {
        "post": entry.id,
        "article": entry.article.link,
        "title": entry.article.title,
        "channel": entry.channel,
        "platform": entry.platform,
        "state": entry.state,
        "reason": entry.reason,
        "remote_id": entry.remote_id,
        "address": entry.address,
        "attempts": entry.attempts,
        "at": moment(entry).astimezone(zone).isoformat(timespec="seconds"),
    }


def clock(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """A time as people read it: the hour today, else the day too."""
    local, today = at.astimezone(zone), now.astimezone(zone)
    if local.date() == today.date():
        return local.strftime("%H:%M:%S" if abs(at - now).total_seconds() < 600 else "%H:%M")
    return local.strftime("%d %b %H:%M" if local.year == today.year else "%d %b %Y")


def print_posts(entries: Sequence[Entry], zone: ZoneInfo, now: datetime) -> None:
    """Posts in columns, and under each, over the whole width, what became of it."""
    rows = [(str(one.id), clock(moment(one), zone, now), one.channel, str(one.state)) for one in entries]
    head = ("post", "when", "channel", "state")
    widths = [max(cell_len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    indent = widths[0] + 2

    def columns(cells: tuple[str, ...]) -> Text:
        number, *others = (set_cell_size(cell, width) for cell, width in zip(cells, widths, strict=True))
        return Text("  ".join([number.strip().rjust(widths[0]), *others]) + "  ")

    console.print(columns(head).append("article"), style="dim")
    for entry, row in zip(entries, rows, strict=True):
        line = columns(row).append(entry.article.title or entry.article.link)
        state_at = sum(widths[:3]) + 6
        line.stylize(STYLES.get(entry.state, ""), state_at, state_at + widths[3])
        line.truncate(console.width, overflow="ellipsis")
        console.print(line)
        if words := told(entry):
            console.print(Padding(Text(words, style="dim", overflow="fold"), (0, 0, 0, indent)))


def told(entry: Entry) -> str:
    """What became of a post: its address, or the reason."""
    return entry.address or "" if entry.state is State.SENT else entry.reason
