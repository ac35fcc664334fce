"""What the ledger tells: entries, feeds, channels, events, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select

from crosspost.article import Article
from crosspost.ledger import codec
from crosspost.ledger.tables import articles, posts
from crosspost.post import ChannelState, State, Upload, Words


@dataclass(frozen=True, slots=True)
class Entry:
    """One post as the ledger has it. `text`, `link` and `made_with_ai` are its `words`. `at` is when it is next worth
    touching."""

    id: int
    article_id: int
    article: Article
    channel: str
    platform: str
    state: State
    reason: str
    at: datetime
    expires_at: datetime
    urgent: bool
    key: str
    text: str | None
    link: str | None
    made_with_ai: bool
    attempts: int
    failures: int
    looks: int
    upload: Upload | None
    remote_id: str | None
    address: str | None
    created_at: datetime
    changed_at: datetime

    @property
    def words(self) -> Words | None:
        """What was or may have been sent, or what a person froze; None while it is still composed anew."""
        return None if self.text is None else Words(self.text, self.link or "", self.made_with_ai)


@dataclass(frozen=True, slots=True)
class FeedRow:
    """A feed as the ledger knows it. `first_read_at` is None until it was read well once, `read_at` is its latest
    good answer, `next_at` when it is asked next. The fields are the table's columns, which say what they hold."""

    name: str
    source: str = ""
    etag: str = ""
    modified: str = ""
    first_read_at: datetime | None = None
    read_at: datetime | None = None
    failure: str = ""
    failed_since: datetime | None = None
    retry_at: datetime | None = None
    wait: float | None = None
    failures: int = 0
    ttl: int | None = None
    skip_hours: str = ""
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """A channel's own state. `failures` and `rests` are counted in a row, up to the last success; `changed_at` is
    when the ledger last wrote any of this."""

    name: str
    state: ChannelState = ChannelState.ACTIVE
    reason: str = ""
    until: datetime | None = None
    failures: int = 0
    rests: int = 0
    changed_at: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call for a post. `ended_at` and `outcome` are None while it lives."""

    number: int
    began_at: datetime
    ended_at: datetime | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the event log."""

    at: datetime
    post_id: int | None
    feed: str | None
    channel: str | None
    what: str
    why: str
    by: str


def entries() -> Select[Any]:
    """The statement that reads entries; narrow and order it, then give its rows to `entry`."""
    return select(posts, articles.c.body, articles.c.feed).join(articles, articles.c.id == posts.c.article_id)


def entry(row: Row[Any]) -> Entry:
    """An entry from a row of `entries`."""
    return Entry(
        id=row.id,
        article_id=row.article_id,
        article=codec.load(row.body, row.feed),
        channel=row.channel,
        platform=row.platform,
        state=State(row.state),
        reason=row.reason,
        at=row.at,
        expires_at=row.expires_at,
        urgent=row.urgent,
        key=row.key,
        text=row.text,
        link=row.link,
        made_with_ai=row.made_with_ai,
        attempts=row.attempts,
        failures=row.failures,
        looks=row.looks,
        upload=codec.load_upload(row.upload) if row.upload else None,
        remote_id=row.remote_id,
        address=row.address,
        created_at=row.created_at,
        changed_at=row.changed_at,
    )
