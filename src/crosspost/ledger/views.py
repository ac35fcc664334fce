"""Looking at the ledger: what people ask it. Reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, case, desc, func, select, union_all

from crosspost.ledger import codec, rows
from crosspost.ledger.ledger import RECOGNISED, Ledger
from crosspost.ledger.rows import Entry, Event
from crosspost.ledger.tables import articles, events, in_states, marks, owners, posts
from crosspost.post import State
from crosspost.text import links, near
from crosspost.text.near import Named
from crosspost.timing.pace import Waiting

TO_COME = (
    State.ASKING,
    State.UNSURE,
    State.SENDING,
    State.HANDED,
    State.HELD,
    State.WAITING,
    State.DUE,
    State.PLANNED,
)
DONE = (State.SENT, State.WITHDRAWN, State.REFUSED, State.SKIPPED)
# What is sent or skipped grows with the ledger's age, and is counted for a time only.
_COUNTED = (*TO_COME, State.REFUSED)
_SENT = (in_states([State.SENT]), posts.c.reason != RECOGNISED)
_NEAR = 500  # newest articles among which a mistyped address is looked for
_NEIGHBOURS = 20  # beside these, on either side of it in the order of addresses


@dataclass(frozen=True, slots=True)
class OwnerRow:
    """Who worked last with the ledger."""

    host: str
    pid: int
    command: str
    started_at: datetime
    beat_at: datetime
    ended_at: datetime | None


def to_come(ledger: Ledger) -> list[Entry]:
    """What has not found its end, those that need a person first, then by time."""
    urgency = case({state: place for place, state in enumerate(TO_COME)}, value=posts.c.state)
    return _entries(ledger, rows.entries().where(in_states(TO_COME)).order_by(urgency, posts.c.at, posts.c.id))


def done(ledger: Ledger, last: int | None) -> list[Entry]:
    """What has found its end, oldest first; only the `last` ones when given."""
    found = rows.entries().where(in_states(DONE))
    if last is not None:
        # So many of each state, which an index gives in order; to sort all of them would grow with the history.
        newest = union_all(*(_newest(state, last) for state in DONE))
        found = rows.entries().where(posts.c.id.in_(newest))
    return _entries(ledger, found.order_by(desc(posts.c.changed_at), desc(posts.c.id)).limit(last))[::-1]


def _newest(state: State, count: int) -> Select[Any]:
    ends = desc(posts.c.changed_at), desc(posts.c.id)
    return select(select(posts.c.id).where(in_states([state])).order_by(*ends).limit(count).subquery().c.id)


def everything(ledger: Ledger) -> list[Entry]:
    """Every post there is, oldest first."""
    return _entries(ledger, rows.entries().order_by(posts.c.id))


def of_article(ledger: Ledger, url: str) -> list[Entry]:
    """The posts of the article at `url`, whatever form of its address that is."""
    wanted = links.canonical(url)
    # An article whose address has changed is known by the former one too.
    same = union_all(
        select(articles.c.id).where(articles.c.canonical == wanted, articles.c.canonical != ""),
        select(marks.c.article_id).where(marks.c.scope == "", marks.c.kind == "link", marks.c.value == wanted),
    )
    return _entries(ledger, rows.entries().where(articles.c.id.in_(same)).order_by(posts.c.id))


def of_number(ledger: Ledger, post_id: int) -> list[Entry]:
    """The post with that number, if there is one."""
    return _entries(ledger, rows.entries().where(posts.c.id == post_id))


def log_of(ledger: Ledger, post_ids: Iterable[int]) -> dict[int, list[Event]]:
    """The events of posts, oldest first, by post."""
    wanted = list(post_ids)
    found: dict[int, list[Event]] = {post_id: [] for post_id in wanted}
    statement = select(events).where(events.c.post_id.in_(wanted)).order_by(events.c.id)
    with ledger.reading() as connection:
        for row in connection.execute(statement):
            found[row.post_id].append(_event(row))
    return found


def nearest(ledger: Ledger, wanted: str) -> list[Named]:
    """Known articles that `wanted`, an address or words of a title, may mean; the likeliest first."""
    address = links.canonical(wanted)
    named = select(articles.c.link, articles.c.title)
    by_address = articles.c.canonical
    looked_at = (
        named.order_by(desc(articles.c.id)).limit(_NEAR),
        named.where(by_address >= address).order_by(by_address).limit(_NEIGHBOURS),
        named.where(by_address < address).order_by(desc(by_address)).limit(_NEIGHBOURS),
    )
    with ledger.reading() as connection:
        known = [Named(*row) for statement in looked_at for row in connection.execute(statement)]
    return near.nearest(wanted, known)


def line(ledger: Ledger, channel: str) -> dict[Waiting, datetime]:
    """The channel's posts that wait for their turn, or are tried again and take one, and from when on each does."""
    wanted = select(posts.c.id, posts.c.created_at, posts.c.expires_at, posts.c.urgent, posts.c.at).where(
        posts.c.channel == channel, in_states([State.PLANNED, State.DUE])
    )
    with ledger.reading() as connection:
        return {Waiting(*row[:-1]): row.at for row in connection.execute(wanted)}


def counts(ledger: Ledger) -> dict[str, dict[State, int]]:
    """How many posts are to come or refused, by channel and state."""
    found: dict[str, dict[State, int]] = {}
    with ledger.reading() as connection:
        for channel in _channels(connection):
            numbers = select(posts.c.state, func.count()).group_by(posts.c.state)
            wanted = numbers.where(posts.c.channel == channel, in_states(_COUNTED))
            found[channel] = {State(state): number for state, number in connection.execute(wanted)}
    return found


def numbers(ledger: Ledger, state: State, limit: int) -> list[int]:
    """The numbers of the posts that have been in `state` for longest."""
    wanted = select(posts.c.id).where(in_states([state])).order_by(posts.c.changed_at, posts.c.id).limit(limit)
    with ledger.reading() as connection:
        return list(connection.execute(wanted).scalars())


def sent_since(ledger: Ledger, channels: Iterable[str], since: datetime) -> dict[str, int]:
    """How many posts each of the channels has sent since then, without those that it showed already."""
    wanted = select(func.count()).where(*_SENT, posts.c.changed_at >= since)
    with ledger.reading() as connection:
        return {
            channel: connection.execute(wanted.where(posts.c.channel == channel)).scalar_one() for channel in channels
        }


def total(ledger: Ledger, states: Iterable[State], since: datetime | None = None) -> Counter[State]:
    """How many posts are in each of the states; only those that were touched `since` then, when given."""
    statement = select(posts.c.state, func.count()).where(in_states(states)).group_by(posts.c.state)
    if since is not None:
        statement = statement.where(posts.c.changed_at >= since)
    with ledger.reading() as connection:
        return Counter({State(state): number for state, number in connection.execute(statement)})


def recognised(ledger: Ledger, since: datetime) -> int:
    """How many posts have counted as sent since then because their channels showed them already."""
    wanted = select(func.count()).where(
        in_states([State.SENT]), posts.c.reason == RECOGNISED, posts.c.changed_at >= since
    )
    with ledger.reading() as connection:
        return connection.execute(wanted).scalar_one()


def waiting(ledger: Ledger, channel: str, now: datetime) -> tuple[int, int]:
    """How many posts of the channel wait to be sent, and how many have waited too long."""
    expired = (posts.c.expires_at <= now).label("expired")
    statement = select(expired, func.count()).group_by(expired)
    statement = statement.where(posts.c.channel == channel, in_states([State.PLANNED, State.DUE]))
    with ledger.reading() as connection:
        numbers = {bool(row[0]): row[1] for row in connection.execute(statement)}
    return numbers.get(False, 0), numbers.get(True, 0)


def newest_language(ledger: Ledger, feed_names: Collection[str]) -> str:
    """The language of these feeds' newest article, a two-letter code; "" where that is not known."""
    newest = select(articles.c.body, articles.c.feed).where(articles.c.feed.in_(feed_names))
    with ledger.reading() as connection:
        row = connection.execute(newest.order_by(desc(articles.c.id)).limit(1)).first()
    return codec.load(row.body, row.feed).language if row else ""


def last_sent(ledger: Ledger, channels: Iterable[str]) -> dict[str, datetime]:
    """When each of the channels that has sent a post sent its latest one, as `sent_since` counts them."""
    newest = func.max(posts.c.changed_at, type_=posts.c.changed_at.type)
    statement = select(newest).where(posts.c.channel == bindparam("channel"), *_SENT)
    with ledger.reading() as connection:
        found = {name: connection.execute(statement, {"channel": name}).scalar() for name in channels}
    return {name: at for name, at in found.items() if at is not None}


def last_owner(ledger: Ledger) -> OwnerRow | None:
    """Who worked last with the ledger, or still does."""
    newest = select(owners).order_by(desc(owners.c.started_at)).limit(1)
    with ledger.reading() as connection:
        row = connection.execute(newest).first()
    if row is None:
        return None
    return OwnerRow(row.host, row.pid, row.command, row.started_at, row.beat_at, row.ended_at)


def _channels(connection: Connection) -> Iterator[str]:
    """The channels that have posts, one look into the index for each: no database finds them so quickly by itself."""
    channel = connection.execute(select(func.min(posts.c.channel))).scalar()
    while channel is not None:
        yield channel
        channel = connection.execute(select(func.min(posts.c.channel)).where(posts.c.channel > channel)).scalar()


def _entries(ledger: Ledger, statement: Select[Any]) -> list[Entry]:
    with ledger.reading() as connection:
        return [rows.entry(row) for row in connection.execute(statement)]


def _event(row: Row[Any]) -> Event:
    return Event(row.at, row.post_id, row.feed, row.channel, row.what, row.why, row.by)
