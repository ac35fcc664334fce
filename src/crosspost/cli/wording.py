"""Times and states as people read them, without what draws tables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

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


def counted(number: int, what: str) -> str:
    """ "1 post", "5 posts"."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def clock(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """A time as people read it: the hour today, else the day too."""
    local, today = at.astimezone(zone), now.astimezone(zone)
    if local.date() == today.date():
        return local.strftime("%H:%M:%S" if abs(at - now).total_seconds() < 600 else "%H:%M")
    return local.strftime("%d %b %H:%M" if local.year == today.year else "%d %b %Y")


def when(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """A time within a sentence: "at 12:05", "on 5 May at 12:05"."""
    day, _, hour = clock(at, zone, now).rpartition(" ")
    return f"on {day.lstrip('0')} at {hour}" if day else f"at {hour}"
