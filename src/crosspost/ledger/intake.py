"""The ledger's intake: what readings of feeds bring, written in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, bindparam, case, func, insert, select, update

from crosspost.article import Article
from crosspost.feeds.identity import Known, Mark, New, Same, canonical
from crosspost.ledger import codec, feeds, inserts, rename
from crosspost.ledger.moves import SELF, record
from crosspost.ledger.rows import FeedRow
from crosspost.ledger.tables import articles, events, in_states, marks, posts, subscriptions, void_marks
from crosspost.post import State

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
    """Since the feeds were recalled, one of them or a channel got another name: all of it is to be recalled anew."""


class FormerName(Exception):
    """`crosspost rename` was used since the config was read, which has a former name; the message says which."""


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one answer of a feed changes. `feed` is its row as it is from now on; `failed`: it could not be read,
    which is news. `joined`: channels that read this feed for the first time; `left`: those that read it no
    more, and start with what comes after when they are back.

    `new` comes oldest first, which is the order of posting. `same` holds articles already known that need a post
    on a channel, a further mark, or their newest wording.
    """

    feed: FeedRow
    failed: bool = False
    joined: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    new: tuple[tuple[New, tuple[Arrival, ...]], ...] = ()
    same: tuple[tuple[Same, tuple[Arrival, ...]], ...] = ()
    void: tuple[Mark, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Entrance:
    """An arrival with its article and the feed that brought it."""

    feed: str
    article_id: int
    arrival: Arrival


class Intake:
    """One transaction in which documents are compared with the ledger and taken into it."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def known(self, wanted: Iterable[Mark]) -> dict[Mark, Known]:
        """The articles that carry the wanted marks."""
        return _known(self._connection, wanted)

    def void(self, names: Sequence[str]) -> dict[str, frozenset[Mark]]:
        """The marks that tell no article apart in each of these feeds."""
        return _void(self._connection, names)

    def channels_of(self, article_ids: Sequence[int]) -> dict[int, set[str]]:
        """The channels on which each of the articles has a post already."""
        return _channels_of(self._connection, article_ids)

    def check_names(self, configured: int, recalled: int, names: Iterable[str], channels: Iterable[str]) -> None:
        """Raise `FormerName` when one of these feeds and channels was renamed since the event `configured`, and
        `Overtaken` when anything was since the event `recalled`."""
        feeds.hold(self._connection, names)
        if told := rename.since(self._connection, configured, names, channels):
            raise FormerName(told)
        if rename.since(self._connection, recalled):
            raise Overtaken

    def write(self, readings: Sequence[Reading]) -> None:
        """Write readings: articles, marks, posts, events, and the feeds' rows. No two of them may bring one article."""
        if readings:
            _write(self._connection, readings, self._now)


def _write(connection: Connection, readings: Sequence[Reading], now: datetime) -> None:
    ids = iter(_add_articles(connection, [new.article for one in readings for new, _ in one.new], now))
    carried: list[tuple[int, Iterable[Mark]]] = []
    entrances: list[_Entrance] = []
    for reading in readings:
        articles_of = [(next(ids), new.marks, some) for new, some in reading.new]
        articles_of += [(same.article_id, same.marks, some) for same, some in reading.same]
        for article_id, given, some in articles_of:
            carried.append((article_id, given))
            entrances.extend(_Entrance(reading.feed.name, article_id, arrival) for arrival in some)
    _insert_new(connection, marks, [{**_mark(mark), "article_id": number} for number, some in carried for mark in some])
    _refresh(connection, [same for one in readings for same, _ in one.same])
    _add_posts(connection, entrances, now)
    void = [{"feed": one.feed.name, **_mark(mark)} for one in readings for mark in one.void]
    _insert_new(connection, void_marks, void)
    joined = [
        {"feed": one.feed.name, "channel": channel, "joined_at": now} for one in readings for channel in one.joined
    ]
    _insert_new(connection, subscriptions, joined)
    for reading in readings:
        feeds.leave(connection, reading.feed.name, reading.left)
        _tell(connection, reading, now)
    feeds.put(connection, [reading.feed for reading in readings])


def _tell(connection: Connection, reading: Reading, now: datetime) -> None:
    for note in reading.notes:
        record(connection, "identity", why=note, now=now, feed=reading.feed.name)
    if reading.failed:
        record(connection, "feed failed", why=reading.feed.failure, now=now, feed=reading.feed.name)


_KNOWN = (
    select(marks.c.value, articles.c.id, articles.c.canonical, articles.c.title)
    .join(articles, articles.c.id == marks.c.article_id)
    .where(
        marks.c.scope == bindparam("scope"),
        marks.c.kind == bindparam("kind"),
        marks.c.value.in_(bindparam("values", expanding=True)),
    )
)


def _known(connection: Connection, wanted: Iterable[Mark]) -> dict[Mark, Known]:
    groups: dict[tuple[str, str], list[Mark]] = {}
    for mark in wanted:
        groups.setdefault((mark.scope, mark.kind), []).append(mark)
    found: dict[Mark, Known] = {}
    for (scope, kind), group in groups.items():
        by_value = {mark.value: mark for mark in group}
        for chunk in _chunks(list(by_value)):
            rows = connection.execute(_KNOWN, {"scope": scope, "kind": kind, "values": chunk})
            found |= {by_value[value]: Known(article_id, link, title) for value, article_id, link, title in rows}
    return found


_VOID = select(void_marks).where(void_marks.c.feed.in_(bindparam("feeds", expanding=True)))


def _void(connection: Connection, names: Sequence[str]) -> dict[str, frozenset[Mark]]:
    found: dict[str, set[Mark]] = {name: set() for name in names}
    for chunk in _chunks(names):
        for feed, scope, kind, value in connection.execute(_VOID, {"feeds": chunk}):
            found[feed].add(Mark(scope, kind, value))
    return {name: frozenset(some) for name, some in found.items()}


_PRESENT = select(posts.c.article_id, posts.c.channel).where(posts.c.article_id.in_(bindparam("ids", expanding=True)))


def _channels_of(connection: Connection, article_ids: Sequence[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {article_id: set() for article_id in article_ids}
    for chunk in _chunks(article_ids):
        for article_id, channel in connection.execute(_PRESENT, {"ids": chunk}):
            found[article_id].add(channel)
    return found


_ADD_ARTICLES, _ADD_POSTS, _ADD_EVENTS = insert(articles), insert(posts), insert(events)


def _ids(connection: Connection, table: Table, count: int) -> Sequence[int]:
    """So many new ids of `table`, rising. With them rows go in as one statement, without they go in one by one."""
    if connection.dialect.name == "postgresql":
        drawn = select(func.nextval(f"{table.name}_id_seq")).select_from(func.generate_series(1, count))
        return connection.execute(drawn).scalars().all()
    # As SQLite itself would choose them; no other writer comes between, since the transaction has its lock.
    last: int = connection.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one()
    return range(last + 1, last + 1 + count)


def _add_articles(connection: Connection, new: Sequence[Article], now: datetime) -> Sequence[int]:
    if not new:
        return []
    ids = _ids(connection, articles, len(new))
    rows = [{"id": number, **_columns(article), "seen_at": now} for number, article in zip(ids, new, strict=True)]
    connection.execute(_ADD_ARTICLES, rows)
    return ids


def _columns(article: Article) -> dict[str, str]:
    return {
        "feed": article.feed,
        "link": article.link,
        "canonical": canonical(article.link) if article.link else "",
        "title": article.title,
        "body": codec.dump(article),
    }


def _add_posts(connection: Connection, entrances: Sequence[_Entrance], now: datetime) -> None:
    if not entrances:
        return
    ids = _ids(connection, posts, len(entrances))
    rows = [
        {
            "id": number,
            "article_id": one.article_id,
            "channel": one.arrival.channel,
            "platform": one.arrival.platform,
            "state": one.arrival.state,
            "reason": one.arrival.reason,
            "at": one.arrival.at,
            "expires_at": one.arrival.expires_at,
            "urgent": one.arrival.urgent,
            "key": str(uuid.uuid4()),
            "made_with_ai": False,
            "attempts": 0,
            "failures": 0,
            "looks": 0,
            "created_at": now,
            "changed_at": now,
        }
        for number, one in zip(ids, entrances, strict=True)
    ]
    connection.execute(_ADD_POSTS, rows)
    told = [
        {
            "at": now,
            "post_id": number,
            "feed": one.feed,
            "channel": None,
            "what": one.arrival.state,
            "why": one.arrival.reason,
            "by": SELF,
        }
        for number, one in zip(ids, entrances, strict=True)
    ]
    connection.execute(_ADD_EVENTS, told)


_WAITS = select(posts.c.id).where(posts.c.article_id == articles.c.id, in_states(_UNSENT)).exists()
_TOLD_BEFORE = select(
    articles.c.id, articles.c.feed, articles.c.title, case((_WAITS, articles.c.body), else_="").label("body")
).where(articles.c.id.in_(bindparam("ids", expanding=True)))


def _refresh(connection: Connection, same: Sequence[Same]) -> None:
    """Take the feed's newest wording for articles that some channel has not sent yet. The title alone for all, since
    identity compares titles."""
    told = {one.article_id: one.article for one in same}
    for chunk in _chunks(list(told)):
        for row in connection.execute(_TOLD_BEFORE, {"ids": chunk}).all():
            changed: dict[str, Any] = {"title": told[row.id].title} if told[row.id].title != row.title else {}
            if row.body:
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
        page_picture=article.page_picture or was.page_picture,
        language=article.language or was.language,
    )


def _insert_new(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert the rows that are not there yet: what stands in the ledger first stays."""
    if rows:
        connection.execute(inserts.insert(table, connection.dialect.name).on_conflict_do_nothing(), rows)


def _mark(mark: Mark) -> dict[str, str]:
    return {"scope": mark.scope, "kind": mark.kind, "value": mark.value}


def _chunks(values: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]
