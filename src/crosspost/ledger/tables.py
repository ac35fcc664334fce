"""The ledger's tables. Each constraint carries, beside it, the promise that it keeps.

A change here needs a migration in migrations/versions; a test compares the two. What each database says in words of
its own stands in schema.py: only who makes a ledger needs it, and it brings both dialects, which are slow to import.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    TIMESTAMP,
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

from crosspost.post import State


class Instant(TypeDecorator[datetime]):
    """An aware time in UTC: `timestamptz` on PostgreSQL; on SQLite text of fixed width that sorts as time does."""

    impl = String(27)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(TIMESTAMP(timezone=True))
        return dialect.type_descriptor(String(27))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"the ledger keeps aware times only, not {value}")
        return value.astimezone(UTC) if dialect.name == "postgresql" else _as_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None or dialect.name == "postgresql":
            return value if value is None else value.astimezone(UTC)
        return datetime.fromisoformat(value)


@lru_cache(maxsize=1024)  # a document's rows carry the same few times, and writing one out costs as much as its row
def _as_text(value: datetime) -> str:
    # Half of what strftime takes.
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


metadata = MetaData()

feeds = Table(
    "feeds",
    metadata,
    Column("name", Text, primary_key=True),
    # A hash of the address: validators say nothing of another document. The address itself may hold a token.
    Column("source", Text, nullable=False),
    # Verbatim, as the server sent them; stored in the same transaction as the articles they stand for,
    # so that a 304 never hides an article that was not recorded.
    Column("etag", Text, nullable=False),
    Column("modified", Text, nullable=False),
    Column("first_read_at", Instant),
    Column("read_at", Instant),
    Column("failure", Text, nullable=False),
    Column("failed_since", Instant),
    Column("retry_at", Instant),
    # Its rhythm, and what its document wishes, since a 304 does not repeat it.
    Column("wait", Float),  # seconds
    Column("failures", Integer, nullable=False),  # in a row
    Column("ttl", Integer),  # minutes
    Column("skip_hours", Text, nullable=False),  # in UTC, such as "0 1 23"
    Column("next_at", Instant),  # so that a restart does not ask all feeds at once
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("feed", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("joined_at", Instant, nullable=False),
    # When the channel was first looked at for what it shows of this feed's articles; until then it gets none.
    Column("looked_at", Instant),
    PrimaryKeyConstraint("feed", "channel"),
)

articles = Table(
    "articles",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("feed", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("canonical", Text, nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),  # the Article as JSON
    Column("seen_at", Instant, nullable=False),
)

marks = Table(
    "marks",
    metadata,
    Column("scope", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("article_id", Integer, ForeignKey("articles.id"), nullable=False),
    # One mark never names two articles: the older one keeps it.
    PrimaryKeyConstraint("scope", "kind", "value"),
)

void_marks = Table(
    "void_marks",
    metadata,
    Column("feed", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("value", Text, nullable=False),
    PrimaryKeyConstraint("feed", "scope", "kind", "value"),
)

posts = Table(
    "posts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("article_id", Integer, ForeignKey("articles.id"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("platform", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Instant, nullable=False),  # when it is next worth touching
    Column("expires_at", Instant, nullable=False),
    Column("urgent", Boolean, nullable=False),  # goes before the others, and without regard to gap, slots and quiet
    Column("key", Text, nullable=False),  # the same for every attempt
    Column("text", Text),  # what was or may have been sent, or what a person froze; else composed when claimed
    Column("link", Text),
    Column("made_with_ai", Boolean, nullable=False),  # the text holds words of a language model
    Column("attempts", Integer, nullable=False),  # calls begun
    Column("failures", Integer, nullable=False),  # tries in a row that certainly posted nothing
    Column("looks", Integer, nullable=False),  # looks for the present unsure call
    # An upload that was begun for it and can be gone on with: its address (a secret), mark and size, as JSON; none when
    # the post is sent.
    Column("upload", Text),
    Column("remote_id", Text),
    Column("address", Text),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    # One post for an article on a channel, for ever.
    UniqueConstraint("article_id", "channel", name="one_post_per_article_and_channel"),
    # A sent post has a receipt.
    CheckConstraint(
        "state NOT IN ('sent', 'withdrawn') OR (remote_id IS NOT NULL AND address IS NOT NULL)",
        name="a_sent_post_has_a_receipt",
    ),
    # A call that may have been processed can be looked for: its exact text is here.
    CheckConstraint(
        "state NOT IN ('sending', 'unsure', 'asking') OR (text IS NOT NULL AND link IS NOT NULL AND attempts > 0)",
        name="a_call_has_an_intent",
    ),
    Index("posts_by_work", "channel", "state", "at", "id"),
    Index("posts_by_state", "state", "changed_at"),
    Index("posts_by_end", "channel", "state", "changed_at"),
)


def in_states(states: Iterable[State]) -> ColumnElement[bool]:
    """Whether a post is in one of `states`. They are part of the statement, not values that it is given: so it is
    always the same one, and the database can plan with them."""
    return posts.c.state.in_([literal_column(f"'{state}'", Text) for state in sorted(states)])


# One living claim per post: see schema.py.
attempts = Table(
    "attempts",
    metadata,
    Column("post_id", Integer, ForeignKey("posts.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("owner", Text, nullable=False),
    Column("began_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("text", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("media", Text, nullable=False),  # the platform's ids of what was uploaded for it, as JSON
    Column("outcome", Text),
    PrimaryKeyConstraint("post_id", "number"),
)

# Events only append: see schema.py.
events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("post_id", Integer, ForeignKey("posts.id"), index=True),
    Column("feed", Text),
    Column("channel", Text),
    Column("what", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("by", Text, nullable=False),
)

channels = Table(
    "channels",
    metadata,
    Column("name", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("until", Instant),  # when a blocked or resting channel is worth another try
    Column("failures", Integer, nullable=False),  # in a row, over all its posts
    Column("rests", Integer, nullable=False),  # in a row, without a success between them
    Column("changed_at", Instant, nullable=False),
)

# What a language model was asked for, and what it may cost: written before it is asked, so that nothing is paid unseen.
summaries = Table(
    "summaries",
    metadata,
    Column("key", Text, primary_key=True),  # a hash of all that the answer hangs on
    # What it wrote, if that may be used; "" where nothing came of the question; none while it is under way.
    Column("text", Text),
    Column("objection", Text, nullable=False),  # why what it wrote may not be used
    Column("cost", Float, nullable=False),  # in the currency of the config's prices
    Column("asked_at", Instant, nullable=False, index=True),
)

owners = Table(
    "owners",
    metadata,
    Column("id", Text, primary_key=True),
    Column("host", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("command", Text, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("beat_at", Instant, nullable=False),
    Column("ended_at", Instant),
)
