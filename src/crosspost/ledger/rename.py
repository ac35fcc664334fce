"""A feed or a channel has a new name in the config: what the ledger has under the former one goes on under the new.

A daemon that read the new config before this was told has begun the new name's history anew. The two histories become
one, as if the name had changed first:

    feeds, subscriptions, void marks    of two rows the older stays
    marks                               the former name's article keeps a mark that another carries too, and one that
                                        only the fresh start took for new is merged into it
    posts                               of two for one article on one channel the older stays, unless only the newer
                                        has gone out
    taken as old by the fresh start     is offered again by the next reading, if the former name never had it
    channels                            what a person paused stays paused

Events only append, so they keep the former name, and no post can be deleted: see aside.py for those that make room.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, and_, bindparam, delete, exists, insert, select, text, union, update

from crosspost.errors import LedgerError
from crosspost.feeds.identity import Known, strangers
from crosspost.ledger import channels as states
from crosspost.ledger.aside import RENAMED, Aside
from crosspost.ledger.moves import record
from crosspost.ledger.tables import articles, channels, events, feeds, marks, posts, subscriptions, void_marks
from crosspost.post import ChannelState, State


@dataclass(frozen=True, slots=True)
class Renamed:
    """What became of a fresh start under the new name: posts that made room for older ones, and posts whose articles
    the next reading offers again."""

    made_room: int
    offered_again: int


def feed(connection: Connection, old: str, new: str, now: datetime, by: str) -> Renamed:
    """Let feed `new` have the history of `old`. Raises `LedgerError` when the ledger does not know `old`."""
    _lock(connection)
    _require(connection, feed_names(connection), "feed", old)
    aside = Aside(connection, f"feed {old} is {new} now", now, by)
    twins = _twins(connection, old, new)
    again = [post for post in _unseen_by_feed(connection, old, new) if post.article_id not in twins]
    for fresh, elder in twins.items():
        _merge(connection, aside, fresh, elder)
    aside.offer_again(again)
    connection.execute(update(void_marks).where(void_marks.c.scope == old).values(scope=new))
    _take_over(connection, void_marks, "feed", old, new, "scope", "kind", "value")
    _take_over(connection, marks, "scope", old, new, "kind", "value")
    _take_over(connection, subscriptions, "feed", old, new, "channel")
    connection.execute(update(articles).where(articles.c.feed == old).values(feed=new))
    _join_feed_rows(connection, old, new)
    _read_whole(connection, {new} if again else ())
    record(connection, RENAMED, why=f"it is {new} now", now=now, by=by, feed=old)
    return Renamed(aside.count - len(again), len(again))


def channel(connection: Connection, old: str, new: str, platform: str, now: datetime, by: str) -> Renamed:
    """Let channel `new`, which is on `platform`, have the history of `old`. Raises `LedgerError` when the ledger does
    not know `old`, or knows it on another platform."""
    _lock(connection)
    _require(connection, channel_names(connection), "channel", old)
    _require_platform(connection, old, new, platform)
    aside = Aside(connection, f"channel {old} is {new} now", now, by)
    again = _unseen_by_channel(connection, old, new)
    for older, newer in _rivals(connection, old, new):
        aside.choose(older, newer)
    aside.offer_again(again)
    connection.execute(update(posts).where(posts.c.channel == old).values(channel=new))
    _take_over(connection, subscriptions, "channel", old, new, "feed")
    _join_channel_rows(connection, old, new)
    _read_whole(connection, {post.feed for post in again})
    record(connection, RENAMED, why=f"it is {new} now", now=now, by=by, channel=old)
    return Renamed(aside.count - len(again), len(again))


# The index on post_id leads to the few events that concern no post.
_RENAMES = (
    select(events.c.feed, events.c.channel, events.c.why)
    .where(events.c.post_id.is_(None), events.c.what == RENAMED, events.c.id > bindparam("event"))
    .order_by(events.c.id)
)


def since(
    connection: Connection, event: int, feeds: Iterable[str] | None = None, channels: Iterable[str] = ()
) -> str | None:
    """What got a new name since that event, in words; None when all of these, or everything, are called as before."""
    former = frozenset(feeds or ()), frozenset(channels)
    for row in connection.execute(_RENAMES, {"event": event}):
        if feeds is None or row.feed in former[0] or row.channel in former[1]:
            return f"{f'feed {row.feed}' if row.feed else f'channel {row.channel}'}: {row.why}"
    return None


def feed_names(connection: Connection) -> list[str]:
    """The feeds that the ledger knows."""
    return sorted(connection.execute(union(select(feeds.c.name), select(subscriptions.c.feed))).scalars())


def channel_names(connection: Connection) -> list[str]:
    """The channels that the ledger knows."""
    known = union(select(channels.c.name), select(subscriptions.c.channel), select(posts.c.channel))
    return sorted(connection.execute(known).scalars())


def _lock(connection: Connection) -> None:
    """Wait for those who write just now, and let nobody write until the end; SQLite's BEGIN IMMEDIATE has done so.

    `feeds` first: a reading begins there too, see `intake.write`.
    """
    if connection.dialect.name == "postgresql":
        tables = ", ".join(table.name for table in (feeds, subscriptions, articles, marks, void_marks, posts, channels))
        connection.execute(text(f"LOCK TABLE {tables} IN EXCLUSIVE MODE"))


def _require(connection: Connection, known: list[str], kind: str, old: str) -> None:
    if old not in known:
        raise LedgerError(f"The ledger knows no {kind} {old}; it knows {', '.join(known) or 'none'}.")


def _require_platform(connection: Connection, old: str, new: str, platform: str) -> None:
    there = connection.execute(select(posts.c.platform).where(posts.c.channel == old).distinct()).scalars().all()
    if others := [other for other in there if other != platform]:
        raise LedgerError(
            f"Channel {old} has posts on {others[0]}, and {new} is on {platform}: that is another channel, not another "
            "name. Leave the ledger as it is; what was sent stays in crosspost history."
        )


def _take_over(connection: Connection, table: Table, column: str, old: str, new: str, *rest: str) -> None:
    """Put the rows of `old` in the place of those of `new` that agree with them in the `rest` of the key."""
    former = table.alias()
    same = [former.c[name] == table.c[name] for name in rest]
    connection.execute(delete(table).where(table.c[column] == new, exists().where(former.c[column] == old, *same)))
    connection.execute(update(table).where(table.c[column] == old).values({column: new}))


# Posts of both names


def _rivals(connection: Connection, old: str, new: str) -> Iterator[tuple[Row[Any], Row[Any]]]:
    """The posts of both names for the same article."""
    newer = posts.alias()
    both = and_(newer.c.article_id == posts.c.article_id, newer.c.channel == new)
    wanted = select(posts.c.id, newer.c.id).join(newer, both).where(posts.c.channel == old)
    for one, other in connection.execute(wanted).all():
        yield _post(connection, one), _post(connection, other)


def _post(connection: Connection, post_id: int) -> Row[Any]:
    return connection.execute(select(posts).where(posts.c.id == post_id)).one()


# Articles that the former name did not have


def _unseen_by_channel(connection: Connection, old: str, new: str) -> list[Row[Any]]:
    """The posts with which `new` joined a feed that `old` was reading, for articles that came in that very reading."""
    former, others = posts.alias(), articles.alias()
    has_it = exists().where(former.c.channel == old, former.c.article_id == posts.c.article_id)
    was_reading = exists().where(
        former.c.channel == old,
        former.c.created_at < posts.c.created_at,
        others.c.id == former.c.article_id,
        others.c.feed == articles.c.feed,
    )
    wanted = _baseline().where(posts.c.channel == new, ~has_it, was_reading)
    return list(connection.execute(wanted).all())


def _unseen_by_feed(connection: Connection, old: str, new: str) -> list[Row[Any]]:
    """The posts that the first reading of `new` made of articles that no reading of `old` had brought."""
    began = select(feeds.c.first_read_at).where(feeds.c.name == new).scalar_subquery()
    was_reading = exists().where(subscriptions.c.feed == old, subscriptions.c.channel == posts.c.channel)
    wanted = _baseline().where(articles.c.feed == new, articles.c.seen_at == began, was_reading)
    return list(connection.execute(wanted).all())


def _baseline() -> Any:
    """The posts skipped since they stood in a feed at its first reading, if that also brought their articles."""
    return (
        select(posts, articles.c.feed)
        .join(articles, articles.c.id == posts.c.article_id)
        .where(posts.c.state == State.SKIPPED, posts.c.reason.like("baseline:%"))
        .where(articles.c.seen_at == posts.c.created_at)
        .order_by(posts.c.id)
    )


def _read_whole(connection: Connection, names: Iterable[str]) -> None:
    """Forget the validators of these feeds, so that an unchanged document is read once more, and soon."""
    connection.execute(update(feeds).where(feeds.c.name.in_(list(names))).values(etag="", modified="", next_at=None))


# Articles that the fresh start took for new


def _twins(connection: Connection, old: str, new: str) -> dict[int, int]:
    """The articles of `new` that carry a mark of an article of `old`, which is the value; a mark that proves to be
    used again is void from now on."""
    former, fresh = marks.alias("former"), marks.alias("fresh")
    elder, younger = articles.alias("elder"), articles.alias("younger")
    wanted = (
        select(fresh.c.kind, fresh.c.value, *_known(elder), *_known(younger))
        .join(former, and_(former.c.kind == fresh.c.kind, former.c.value == fresh.c.value, former.c.scope == old))
        .join(elder, elder.c.id == former.c.article_id)
        .join(younger, younger.c.id == fresh.c.article_id)
        .where(fresh.c.scope == new, former.c.article_id != fresh.c.article_id, younger.c.feed == new)
        .order_by(elder.c.id)
    )
    void = select(void_marks.c.kind, void_marks.c.value).where(
        void_marks.c.feed.in_([old, new]), void_marks.c.scope == void_marks.c.feed
    )
    proves_nothing = {tuple(row) for row in connection.execute(void)}
    found: dict[int, int] = {}
    for kind, value, *both in connection.execute(wanted).all():
        one, other = Known(*both[:3]), Known(*both[3:])
        if (kind, value) in proves_nothing:
            continue
        if strangers(one, other.link, other.title):
            connection.execute(insert(void_marks).values(feed=old, scope=old, kind=kind, value=value))
        else:
            found.setdefault(other.article_id, one.article_id)
    return found


def _known(table: Any) -> tuple[Any, ...]:
    return table.c.id, table.c.canonical, table.c.title


def _merge(connection: Connection, aside: Aside, fresh: int, elder: int) -> None:
    """Give what belongs to article `fresh` to article `elder`."""
    connection.execute(update(marks).where(marks.c.article_id == fresh).values(article_id=elder))
    there = {post.channel: post for post in connection.execute(select(posts).where(posts.c.article_id == elder))}
    for post in connection.execute(select(posts).where(posts.c.article_id == fresh)).all():
        stays = aside.choose(there[post.channel], post) if post.channel in there else post
        if stays is post:
            connection.execute(update(posts).where(posts.c.id == post.id).values(article_id=elder))
    connection.execute(delete(articles).where(articles.c.id == fresh))


# Rows of which a name has one


def _join_feed_rows(connection: Connection, old: str, new: str) -> None:
    """The newer row tells how the feed does, the older since when it is known."""
    former = connection.execute(select(feeds).where(feeds.c.name == old)).first()
    fresh = connection.execute(select(feeds).where(feeds.c.name == new)).first()
    if former is None:
        return
    if fresh is None:
        connection.execute(update(feeds).where(feeds.c.name == old).values(name=new))
        return
    known_since = min((at for at in (former.first_read_at, fresh.first_read_at) if at), default=None)
    connection.execute(update(feeds).where(feeds.c.name == new).values(first_read_at=known_since))
    connection.execute(delete(feeds).where(feeds.c.name == old))


def _join_channel_rows(connection: Connection, old: str, new: str) -> None:
    """The newer row tells how the channel does, but a person's pause outlasts it."""
    known = connection.execute(select(channels.c.name).where(channels.c.name.in_([old, new]))).scalars().all()
    keeps_old = new not in known or states.read(connection, old).state is ChannelState.PAUSED
    if old in known:
        connection.execute(delete(channels).where(channels.c.name == (new if keeps_old else old)))
        connection.execute(update(channels).where(channels.c.name == old).values(name=new))
