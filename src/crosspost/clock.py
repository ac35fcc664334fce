"""The clock on the wall: everything that minds the time takes a clock, and this is the one it is given."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The time, aware."""
    return datetime.now(UTC)
