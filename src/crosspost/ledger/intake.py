"""The ledger's intake: what a reading of a feed brings, written in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from crosspost.article import Article
from crosspost.feeds.identity import Known, Mark, New, Same
from crosspost.ledger import codec
from crosspost.ledger.moves import SELF, record
from crosspost.ledger.tables import articles, events, feeds, marks, posts, subscriptions, void_marks
from crosspost.post import State
from crosspost.text import links

_T = TypeVar("_T")
_CHUNK = 500  # values in one IN (...)

# A post in one of these states has not left the house: it takes the article as the feed now tells it.
_UNSENT = (State.PLANNED, State.WAITING, State.HELD, State.DUE, State.REFUSED)


@dataclass(frozen=True, slots=True)
class Arrival:
    """How an article enters on one channel."""

    channel: str
    platform: str
    state: State
    reason: str
    at: datetime
    expires_at: datetime
    urgent: bool = False


class Overtaken(Exception):
    """Since a reading was decided, the feed or one of its channels got another name: it has to be decided anew."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What the ledger knew when a reading was decided: since when the feed is known, and which channels read it."""

    first_read_at: datetime | None
    channels: frozenset[str]


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one good answer of a feed changes. `joined`: channels that read this feed for the first time; `left`:
    those that read it no more.

    `new` comes oldest first, which is the order of posting. `same` holds articles already known that need a post
    on a channel, a further mark, or their newest wording.
    """

    feed: str
    etag: str = ""
    modified: str = ""
    retry_at: datetime | None = None  # the server does not want to be asked before
    joined: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    basis: Basis | None = None
    new: tuple[tuple[New, tuple[Arrival, ...]], ...] = ()
    same: tuple[tuple[Same, tuple[Arrival, ...]], ...] = ()
    void: tuple[Mark, ...] = ()
    notes: tuple[str, ...] = ()


def write(connection: Connection, reading: Reading, now: datetime) -> None:
    """Write a reading: articles, marks, posts, events, and the feed's validators, all or nothing.

    Raises `Overtaken` when it no longer fits.
    """
    known_since = _known_since(connection, reading.feed)
    if reading.basis not in (None, Basis(known_since, joined(connection, reading.feed))):
        raise Overtaken
    ids = _add_articles(connection, [new.article for new, _ in reading.new], now)
    _add_marks(connection, zip(ids, (new.marks for new, _ in reading.new), strict=True))
    _add_marks(connection, ((same.article_id, same.marks) for same, _ in reading.same))
    _refresh(connection, [same for same, _ in reading.same])
    arrivals = [
        (article_id, arrival) for article_id, (_, some) in zip(ids, reading.new, strict=True) for arrival in some
    ]
    arrivals += [(same.article_id, arrival) for same, some in reading.same for arrival in some]
    _add_posts(connection, reading.feed, arrivals, now)
    _insert_new(connection, void_marks, [{"feed": reading.feed, **_mark(mark)} for mark in reading.void])
    leave(connection, reading.feed, reading.left)
    _insert_new(
        connection,
        subscriptions,
        [{"feed": reading.feed, "channel": channel, "joined_at": now} for channel in reading.joined],
    )
    for note in reading.notes:
        record(connection, "identity", why=note, now=now, feed=reading.feed)
    write_feed(
        connection,
        reading.feed,
        etag=reading.etag,
        modified=reading.modified,
        first_read_at=known_since or now,
        read_at=now,
        failure="",
        failed_since=None,
        retry_at=reading.retry_at,
    )


def _known_since(connection: Connection, feed: str) -> datetime | None:
    """When the feed was first read. On PostgreSQL, from here on nobody renames anything until the transaction ends."""
    row = select(feeds.c.first_read_at).where(feeds.c.name == feed).with_for_update()
    return connection.execute(row).scalar()


def joined(connection: Connection, feed: str) -> frozenset[str]:
    """The channels that have read this feed before."""
    wanted = select(subscriptions.c.channel).where(subscriptions.c.feed == feed)
    return frozenset(connection.execute(wanted).scalars())


def leave(connection: Connection, feed: str, gone: Iterable[str]) -> None:
    """Forget that these channels read this feed: when they come back, they start with what comes after."""
    reads = (subscriptions.c.feed == feed, subscriptions.c.channel.in_(list(gone)))
    connection.execute(subscriptions.delete().where(*reads))


def write_feed(connection: Connection, name: str, **values: Any) -> None:
    """Set columns of a feed's row; make the row where there is none."""
    if connection.execute(update(feeds).where(feeds.c.name == name).values(values)).rowcount == 0:
        connection.execute(insert(feeds).values({"name": name, "etag": "", "modified": "", "failure": "", **values}))


def known(connection: Connection, wanted: Iterable[Mark]) -> dict[Mark, Known]:
    """The articles that carry the wanted marks."""
    groups: dict[tuple[str, str], list[Mark]] = {}
    for mark in wanted:
        groups.setdefault((mark.scope, mark.kind), []).append(mark)
    found: dict[Mark, Known] = {}
    for (scope, kind), group in groups.items():
        for chunk in _chunks(group):
            rows = connection.execute(
                select(marks.c.value, articles.c.id, articles.c.canonical, articles.c.title)
                .join(articles, articles.c.id == marks.c.article_id)
                .where(marks.c.scope == scope, marks.c.kind == kind, marks.c.value.in_([mark.value for mark in chunk]))
            )
            by_value = {mark.value: mark for mark in chunk}
            found |= {by_value[value]: Known(article_id, link, title) for value, article_id, link, title in rows}
    return found


def void(connection: Connection, feed: str) -> frozenset[Mark]:
    """The marks that say nothing in this feed."""
    rows = connection.execute(
        select(void_marks.c.scope, void_marks.c.kind, void_marks.c.value).where(void_marks.c.feed == feed)
    )
    return frozenset(Mark(scope, kind, value) for scope, kind, value in rows)


def channels_of(connection: Connection, article_ids: Sequence[int]) -> dict[int, set[str]]:
    """The channels on which each of the articles has a post already."""
    found: dict[int, set[str]] = {article_id: set() for article_id in article_ids}
    for chunk in _chunks(article_ids):
        for article_id, channel in connection.execute(
            select(posts.c.article_id, posts.c.channel).where(posts.c.article_id.in_(chunk))
        ):
            found[article_id].add(channel)
    return found


def _add_articles(connection: Connection, new: Sequence[Article], now: datetime) -> list[int]:
    if not new:
        return []
    rows = [{**_columns(article), "seen_at": now} for article in new]
    statement = insert(articles).returning(articles.c.id, sort_by_parameter_order=True)
    return list(connection.execute(statement, rows).scalars())


def _columns(article: Article) -> dict[str, str]:
    return {
        "feed": article.feed,
        "link": article.link,
        "canonical": links.canonical(article.link) if article.link else "",
        "title": article.title,
        "body": codec.dump(article),
    }


def _add_marks(connection: Connection, carried: Iterable[tuple[int, Iterable[Mark]]]) -> None:
    rows = [{**_mark(mark), "article_id": article_id} for article_id, some in carried for mark in some]
    _insert_new(connection, marks, rows)


def _add_posts(connection: Connection, feed: str, arrivals: Sequence[tuple[int, Arrival]], now: datetime) -> None:
    if not arrivals:
        return
    rows = [
        {
            "article_id": article_id,
            "channel": arrival.channel,
            "platform": arrival.platform,
            "state": arrival.state,
            "reason": arrival.reason,
            "at": arrival.at,
            "expires_at": arrival.expires_at,
            "urgent": arrival.urgent,
            "key": str(uuid.uuid4()),
            "attempts": 0,
            "failures": 0,
            "looks": 0,
            "created_at": now,
            "changed_at": now,
        }
        for article_id, arrival in arrivals
    ]
    ids = connection.execute(insert(posts).returning(posts.c.id, sort_by_parameter_order=True), rows).scalars()
    told = [
        {"at": now, "post_id": post_id, "feed": feed, "what": arrival.state, "why": arrival.reason, "by": SELF}
        for post_id, (_, arrival) in zip(ids, arrivals, strict=True)
    ]
    connection.execute(insert(events), told)


def _refresh(connection: Connection, same: Sequence[Same]) -> None:
    """Take the feed's newest wording for articles that some channel has not sent yet. The title alone for all, since
    identity compares titles."""
    told = {one.article_id: one.article for one in same}
    waits = articles.c.id.in_(select(posts.c.article_id).where(posts.c.state.in_(_UNSENT))).label("waits")
    for chunk in _chunks(list(told)):
        wanted = select(articles.c.id, articles.c.feed, articles.c.title, articles.c.body, waits).where(
            articles.c.id.in_(chunk)
        )
        for row in connection.execute(wanted).all():
            changed: dict[str, Any] = {"title": told[row.id].title} if told[row.id].title != row.title else {}
            if row.waits:
                was = codec.load(row.body, row.feed)
                now = _with_page(told[row.id], was)
                changed |= _columns(now) if now != was and now.feed == was.feed else {}
            if changed:
                connection.execute(update(articles).where(articles.c.id == row.id).values(changed))


def _with_page(article: Article, was: Article) -> Article:
    """The article with what was read from its page before."""
    return replace(
        article,
        page_text=article.page_text or was.page_text,
        page_canonical=article.page_canonical or was.page_canonical,
        page_preview=article.page_preview or was.page_preview,
        pictures=article.pictures or was.pictures,
        language=article.language or was.language,
    )


def _insert_new(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert the rows that are not there yet: what stands in the ledger first stays."""
    if not rows:
        return
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    connection.execute(dialect.insert(table).on_conflict_do_nothing(), rows)


def _mark(mark: Mark) -> dict[str, str]:
    return {"scope": mark.scope, "kind": mark.kind, "value": mark.value}


def _chunks(values: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]
