"""The clock on the wall: everything that minds the time takes a clock, and this is the one it is given."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The time, aware."""
    return datetime.now(UTC)


def midnight(at: datetime, zone: ZoneInfo) -> datetime:
    """When the day of `at` began in `zone`."""
    return at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
