"""Each promise of the ledger is kept by the schema itself, whatever a program tries."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from crosspost.ledger.tables import articles, attempts, events, marks, posts
from tests.bring import article, bring, feed_fails
from tests.fakes import NOON
from tests.ledger.lives import due, sending, sent, unsure


def refuses(ledger, statement, kind=IntegrityError, match=".+"):
    with pytest.raises(kind, match=match), ledger.engine.begin() as connection:
        connection.execute(statement)


def row_of(ledger, table):
    with ledger.reading() as connection:
        return dict(connection.execute(select(table).limit(1)).one()._mapping)


def call(entry, number, **changes):
    known = {
        "post_id": entry.id,
        "number": number,
        "owner": "me",
        "began_at": NOON,
        "text": "t",
        "link": "",
        "media": "",
    }
    return insert(attempts).values({**known, **changes})


def test_one_post_for_an_article_on_a_channel(ledger):
    due(ledger)
    row = row_of(ledger, posts)
    refuses(ledger, insert(posts).values({**row, "id": row["id"] + 1, "key": "another"}))


def test_one_post_for_an_article_on_a_channel_for_ever_even_when_it_was_withdrawn(ledger):
    entry = sent(ledger)
    with ledger.engine.begin() as connection:
        connection.execute(update(posts).values(state="withdrawn"))
    row = row_of(ledger, posts)
    refuses(ledger, insert(posts).values({**row, "id": entry.id + 1, "state": "due"}))


def test_the_same_article_may_go_to_another_channel(ledger):
    assert len(bring(ledger, article(), channels=("x_en", "vk_ru"))) == 2


@pytest.mark.parametrize("state", ["sent", "withdrawn"])
@pytest.mark.parametrize("lost", ["remote_id", "address"])
def test_a_sent_post_has_a_receipt(ledger, state, lost):
    sent(ledger)
    refuses(ledger, update(posts).values({"state": state, lost: None}), match="a_sent_post_has_a_receipt")


@pytest.mark.parametrize("state", ["sending", "unsure", "asking"])
@pytest.mark.parametrize("lost", [{"text": None}, {"link": None}, {"attempts": 0}], ids=lambda lost: next(iter(lost)))
def test_a_call_has_an_intent(ledger, state, lost):
    sending(ledger)
    refuses(ledger, update(posts).values({"state": state, **lost}), match="a_call_has_an_intent")


def test_one_living_claim_per_post(ledger):
    entry = sending(ledger)
    refuses(ledger, call(entry, 2))


def test_a_claim_that_has_ended_makes_room_for_the_next(ledger):
    entry = unsure(ledger)
    with ledger.engine.begin() as connection:
        connection.execute(call(entry, 2))


def test_an_attempt_has_its_number_once(ledger):
    entry = unsure(ledger)
    refuses(ledger, call(entry, 1, ended_at=NOON))


@pytest.mark.parametrize(
    "statement",
    [
        update(events).values(why="rewritten"),
        delete(events),
        update(events).where(events.c.post_id.is_(None)).values(by="nobody"),
    ],
    ids=["update", "delete", "update of a feed's event"],
)
def test_events_only_append(ledger, statement):
    due(ledger)
    feed_fails(ledger, "news", "no answer")
    before = all_events(ledger)
    refuses(ledger, statement, kind=DBAPIError, match="events only append")
    assert all_events(ledger) == before != []


def all_events(ledger):
    with ledger.reading() as connection:
        return connection.execute(select(events).order_by(events.c.id)).all()


def test_a_mark_never_names_two_articles(ledger):
    bring(ledger, article(1), article(2))
    row = row_of(ledger, marks)
    refuses(ledger, insert(marks).values({**row, "article_id": 2}))


@pytest.mark.parametrize("table", [posts, marks], ids=lambda table: table.name)
def test_nothing_belongs_to_an_article_that_is_not_there(ledger, table):
    due(ledger)
    refuses(ledger, update(table).values(article_id=999))


def test_an_article_with_posts_cannot_vanish(ledger):
    due(ledger)
    refuses(ledger, delete(articles))


def test_a_naive_time_is_refused(ledger):
    due(ledger)
    naive = NOON.replace(tzinfo=None)
    refuses(ledger, update(posts).values(at=naive), kind=StatementError, match="aware times only")


def test_times_come_back_aware_and_to_the_microsecond(ledger):
    exact = NOON.replace(microsecond=123_456)
    due(ledger)
    with ledger.engine.begin() as connection:
        connection.execute(update(posts).values(at=exact))
    assert row_of(ledger, posts)["at"] == exact
    assert row_of(ledger, posts)["at"].utcoffset().total_seconds() == 0
