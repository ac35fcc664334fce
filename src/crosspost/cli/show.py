"""How things are shown: tables that are pleasant in 80 columns, and JSON lines for scripts."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table
from rich.text import Text

from crosspost.ledger.rows import Entry
from crosspost.post import State

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


def posts_table(entries: Iterable[Entry], zone: ZoneInfo, now: datetime) -> Table:
    """Posts, each with what became of it in a second line."""
    table = Table(box=None, pad_edge=False, show_edge=False, header_style="dim")
    table.add_column("post", justify="right", no_wrap=True)
    table.add_column("when", no_wrap=True)
    table.add_column("channel", no_wrap=True)
    table.add_column("state", no_wrap=True)
    table.add_column("article", overflow="ellipsis", no_wrap=True, ratio=1)
    for entry in entries:
        table.add_row(
            str(entry.id),
            clock(moment(entry), zone, now),
            entry.channel,
            Text(entry.state, style=STYLES.get(entry.state, "")),
            Text(entry.article.title or entry.article.link),
        )
        table.add_row("", "", "", "", Text(told(entry), style="dim", overflow="fold"))
    table.columns[-1].no_wrap = False
    return table


def told(entry: Entry) -> str:
    """What became of a post: its address, or the reason."""
    return entry.address or "" if entry.state is State.SENT else entry.reason
