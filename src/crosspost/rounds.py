"""What a feed's row becomes by what the feed answered, and so when it is asked next. Pure.

`timing/polling.py` has the rule; here it meets what the ledger keeps.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING

from crosspost.errors import FeedError
from crosspost.feeds.fetch import Fetched
from crosspost.ledger.rows import FeedRow
from crosspost.timing.polling import Hints, Rhythm, learn, next_poll, still, stumble

if TYPE_CHECKING:
    from crosspost.feeds.parse import Document


def at_address(row: FeedRow, url: str) -> FeedRow:
    """The row for asking `url`: when it was another address before, without that one's validators and time."""
    source = blake2b(url.encode(), digest_size=16).hexdigest()
    return row if row.source == source else replace(row, source=source, etag="", modified="", next_at=None)


def answered(
    row: FeedRow,
    every: timedelta,
    fetched: Fetched,
    document: Document | None,
    now: datetime,
    *,
    news: bool,
    jitter: float,
) -> FeedRow:
    """The row after a good answer. `document` is None when nothing has changed; `news`: it held a new article."""
    rhythm = learn(_rhythm(row), every, news, now)
    ttl, skip_hours = (row.ttl, row.skip_hours) if document is None else (document.ttl, _written(document.skip_hours))
    hints = Hints(fetched.max_age, _minutes(ttl), _read(skip_hours), fetched.retry_at)
    return replace(
        row,
        etag=fetched.etag,
        modified=fetched.modified,
        first_read_at=row.first_read_at or now,
        read_at=now,
        failure="",
        failed_since=None,
        retry_at=fetched.retry_at,
        wait=rhythm.wait.total_seconds() if rhythm.wait else None,
        failures=0,
        ttl=ttl,
        skip_hours=skip_hours,
        next_at=next_poll(every, rhythm, hints, now, jitter),
    )


def failed(row: FeedRow, every: timedelta, error: FeedError, now: datetime, *, jitter: float) -> FeedRow:
    """The row after a failure. Validators and rhythm stay as they were."""
    rhythm = stumble(_rhythm(row))
    row = replace(
        row,
        failure=str(error),
        failed_since=row.failed_since or now,
        retry_at=error.retry_at,
        failures=rhythm.failures,
    )
    return replace(row, next_at=next_poll(every, rhythm, _hints(row), now, jitter))


def planned(row: FeedRow, every: timedelta, now: datetime) -> datetime:
    """When to ask the feed, as far as what was planned still holds; now, where nothing was."""
    return still(row.next_at, every, _hints(row), now)


def _rhythm(row: FeedRow) -> Rhythm:
    return Rhythm(None if row.wait is None else timedelta(seconds=row.wait), row.read_at, row.failures)


def _hints(row: FeedRow) -> Hints:
    return Hints(None, _minutes(row.ttl), _read(row.skip_hours), row.retry_at)


def _minutes(ttl: int | None) -> timedelta | None:
    return None if ttl is None else timedelta(minutes=ttl)


def _written(hours: frozenset[int]) -> str:
    return " ".join(map(str, sorted(hours)))


def _read(hours: str) -> frozenset[int]:
    return frozenset(map(int, hours.split())) if hours else frozenset()
