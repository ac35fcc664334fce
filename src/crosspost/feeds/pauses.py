"""What the headers of an answer say about the next question. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_LONGEST_PAUSE = timedelta(days=1)  # a Retry-After beyond it would silence a feed by a typing error
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)


def retry_at(value: str, now: datetime) -> datetime | None:
    """The time a Retry-After header names: seconds or a date (RFC 9110, 10.2.3), never past `_LONGEST_PAUSE`."""
    value = value.strip()
    longest = now + _LONGEST_PAUSE
    if value.isascii() and value.isdigit():
        return min(longest, now + timedelta(seconds=int(value[:9])))
    try:
        named = parsedate_to_datetime(value)
    except ValueError:
        return None
    named = named if named.tzinfo else named.replace(tzinfo=UTC)
    return min(longest, named) if named > now else None


def max_age(cache_control: str, age: str) -> timedelta | None:
    """How long the answer stays fresh for a private cache (RFC 9111, 4.2), None where the server does not say."""
    named = _MAX_AGE.search(cache_control) if cache_control else None
    if named is None or "no-cache" in cache_control.lower() or "no-store" in cache_control.lower():
        return None
    aged = int(age[:9]) if age.isascii() and age.isdigit() else 0
    return timedelta(seconds=max(0, int(named[1]) - aged))
