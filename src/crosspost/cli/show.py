"""How things are shown: tables that are pleasant in 80 columns, and JSON lines for scripts."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from crosspost.cli.wording import STYLES, clock
from crosspost.post import State

if TYPE_CHECKING:
    from crosspost.ledger.rows import Entry

console = Console(highlight=False, soft_wrap=False)


def print_json(items: Iterable[Mapping[str, Any]]) -> None:
    """One object a line."""
    for item in items:
        sys.stdout.write(json.dumps(item, ensure_ascii=False, default=str) + "\n")


def moment(entry: Entry) -> datetime:
    """The time that matters: when it ended, or when it is next touched."""
    ended = entry.state in (State.SENT, State.REFUSED, State.SKIPPED, State.WITHDRAWN, State.ASKING, State.HANDED)
    return entry.changed_at if ended else entry.at


def as_json(entry: Entry, at: datetime, text: str | None, zone: ZoneInfo) -> dict[str, Any]:
    """The keys that scripts rely on. `at` is the time that matters, `text` what goes out or went, None where that is
    written later."""
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
        "at": at.astimezone(zone).isoformat(timespec="seconds"),
        "text": text,
    }


def unseen_as_json(wanted: str, reason: str) -> dict[str, Any]:
    """The same keys for an article that has no post: the address that was asked for, and what is known of it."""
    nothing = ("title", "channel", "platform", "state", "remote_id", "address", "at", "text")
    return {"post": None, "article": wanted, **dict.fromkeys(nothing), "reason": reason, "attempts": 0}


@dataclass(frozen=True, slots=True)
class Line:
    """A post in a table: the time that matters, and what became of it in a few words."""

    entry: Entry
    at: datetime
    note: str


def print_posts(lines: Sequence[Line], zone: ZoneInfo, now: datetime) -> None:
    """Posts in columns, and under each, over the whole width, what became of it."""
    rows = [(str(one.entry.id), clock(one.at, zone, now), one.entry.channel, str(one.entry.state)) for one in lines]
    head = ("post", "when", "channel", "state")
    widths = [max(cell_len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    indent = widths[0] + 2

    def columns(cells: tuple[str, ...]) -> Text:
        number, *others = (set_cell_size(cell, width) for cell, width in zip(cells, widths, strict=True))
        return Text("  ".join([number.strip().rjust(widths[0]), *others]) + "  ")

    console.print(columns(head).append("article"), style="dim")
    for one, row in zip(lines, rows, strict=True):
        entry = one.entry
        line = columns(row).append(entry.article.title or entry.article.link)
        state_at = sum(widths[:3]) + 6
        line.stylize(STYLES.get(entry.state, ""), state_at, state_at + widths[3])
        line.truncate(console.width, overflow="ellipsis")
        console.print(line)
        if one.note:
            console.print(Padding(Text(one.note, style="dim", overflow="fold"), (0, 0, 0, indent)))


def say(words: str, style: str = "", indent: int = 0) -> None:
    """Sentences, folded between words on a screen, and left whole for a pipe, where somebody may search them."""
    if console.is_terminal:
        console.print(Padding(Text(words, style=style), (0, 0, 0, indent)))
    else:
        console.print(Text(" " * indent + words), soft_wrap=True)


def print_text(head: str, text: str) -> None:
    """A post's text as readers will see it, between two rules: as it is, so that it can be copied."""
    rule = f"── {head} ".ljust(72, "─")
    console.print(f"{rule}\n{text}\n{'─' * 72}", markup=False, soft_wrap=True)


def told(entry: Entry) -> str:
    """What became of a post: its address, or the reason."""
    return entry.address or "" if entry.state is State.SENT else entry.reason
