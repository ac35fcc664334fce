"""What answers of feeds bring: all of it in one transaction, or nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from crosspost.feeds.identity import Known, Mark, New, Same, marks
from crosspost.ledger import views
from crosspost.ledger.intake import Reading
from crosspost.ledger.rows import FeedRow
from crosspost.ledger.schema import metadata
from crosspost.post import State
from tests.bring import arrival, article, bring, feed_fails, take_in
from tests.fakes import NOON
from tests.ledger.lives import ME, due, prepared, sent


def everything(ledger):
    """Every row of every table."""
    with ledger.reading() as connection:
        return {
            table.name: sorted(map(str, connection.execute(select(table)).all())) for table in metadata.sorted_tables
        }


ROW = FeedRow(
    "news",
    source="1b4f",
    etag='"abc"',
    modified="Mon, 04 May 2026 12:00:00 GMT",
    first_read_at=NOON - timedelta(days=1),
    read_at=NOON,
    failure="no answer",
    failed_since=NOON - timedelta(hours=2),
    retry_at=NOON + timedelta(hours=1),
    wait=337.5,
    failures=3,
    ttl=60,
    skip_hours="0 1 23",
    next_at=NOON + timedelta(minutes=10, microseconds=1),
)
NEWS = FeedRow("news")


def known(ledger, wanted):
    with ledger.intake() as intake:
        return intake.known(wanted)


def void(ledger, *feeds):
    with ledger.intake() as intake:
        return intake.void(feeds)


def whole(number=1, **changes):
    """A reading with something of everything."""
    one = article(number)
    known = {
        "joined": ("x_en", "vk_ru"),
        "new": ((New(one, marks(one)), (arrival("x_en", State.DUE, NOON), arrival("vk_ru", State.WAITING, NOON))),),
        "void": (Mark("", "link", "site.example"),),
        "notes": ("The link site.example tells no article apart in this feed.",),
    }
    return Reading(**({"feed": ROW} | known | changes))


def test_a_reading_is_recorded_with_everything_it_brings(ledger):
    take_in(ledger, whole())
    english, russian = views.everything(ledger)
    assert english.article == russian.article == article(1)
    assert (english.channel, english.platform, english.state, english.reason) == ("x_en", "x", State.DUE, "new in news")
    assert (english.at, english.expires_at, english.created_at) == (NOON, NOON + timedelta(days=3), NOON)
    assert (english.text, english.attempts, english.failures, english.looks) == (None, 0, 0, 0)
    assert russian.state is State.WAITING
    assert english.key != russian.key
    assert ledger.feeds() == {"news": ROW}
    assert ledger.joined() == {"news": {"x_en", "vk_ru"}}
    found = known(ledger, marks(article(1)))
    assert set(found) == set(marks(article(1)))
    assert set(found.values()) == {Known(english.article_id, "https://site.example/en/1", "Headline 1")}
    assert void(ledger, "news") == {"news": {Mark("", "link", "site.example")}}


def test_every_arrival_and_every_note_is_an_event(ledger):
    take_in(ledger, whole())
    logs = views.log_of(ledger, [1, 2])
    assert [(event.what, event.why, event.by) for event in logs[1]] == [("due", "new in news", "crosspost")]
    assert [(event.what, event.at) for event in logs[2]] == [("waiting", NOON)]
    assert "identity" in str(everything(ledger)["events"])


@pytest.mark.parametrize("first", [True, False], ids=["the first reading", "a later one"])
def test_a_reading_that_fails_half_way_leaves_nothing_behind(ledger, first):
    if not first:
        take_in(ledger, whole(1))
    before = everything(ledger)
    one = article(2)
    twice = (arrival("x_en", State.DUE, NOON), arrival("x_en", State.DUE, NOON))
    with pytest.raises(IntegrityError):
        take_in(
            ledger,
            whole(
                2,
                feed=replace(ROW, etag='"new"'),
                new=((New(one, marks(one)), twice),),
                void=(Mark("news", "guid", "1"),),
            ),
        )
    assert everything(ledger) == before


def test_posts_come_in_the_order_of_the_reading_even_when_there_are_many(ledger):
    posts = bring(ledger, *(article(number) for number in range(600)), channels=("x_en", "vk_ru"))
    assert [entry.article.title for entry in posts if entry.channel == "vk_ru"] == [f"Headline {n}" for n in range(600)]
    assert len({entry.key for entry in posts}) == 1200
    wanted = [mark for number in range(600) for mark in marks(article(number))]
    found = known(ledger, wanted)
    assert len(found) == 1200
    assert {value.title for value in found.values()} == {f"Headline {number}" for number in range(600)}


def test_an_article_without_posts_is_still_known(ledger):
    one = article(1)
    take_in(ledger, Reading(NEWS, new=((New(one, marks(one)), ()),)))
    found = known(ledger, marks(one))
    assert {owner.title for owner in found.values()} == {"Headline 1"}


def test_a_known_article_gets_its_post_on_a_channel_that_had_none(ledger):
    entry = due(ledger)
    again = Same(entry.article_id, entry.article, ())
    take_in(ledger, Reading(NEWS, joined=("vk_ru",), same=((again, (arrival("vk_ru", State.SKIPPED, NOON),)),)))
    with ledger.intake() as intake:
        assert intake.channels_of([entry.article_id, 999]) == {entry.article_id: {"x_en", "vk_ru"}, 999: set()}


def test_a_known_article_gains_marks_and_the_older_owner_keeps_its_own(ledger):
    one, two = bring(ledger, article(1), article(2))
    new, taken = Mark("", "link", "site.example/moved"), Mark("news", "guid", "guid-1")
    take_in(ledger, Reading(NEWS, same=((Same(two.article_id, two.article, (new, taken)), ()),)))
    found = known(ledger, [new, taken])
    assert {mark: owner.article_id for mark, owner in found.items()} == {new: two.article_id, taken: one.article_id}


def test_marks_are_void_for_their_feed_alone(ledger):
    mark = Mark("", "link", "site.example")
    take_in(ledger, Reading(NEWS, void=(mark, mark)))
    take_in(ledger, Reading(NEWS, void=(mark,)))
    assert void(ledger, "news", "other") == {"news": {mark}, "other": frozenset()}


# The newest wording


def refreshed(ledger, entry, **changes):
    told = replace(entry.article, **changes)
    take_in(ledger, Reading(NEWS, same=((Same(entry.article_id, told, ()), ()),)))
    return ledger.entry(entry.id).article


@pytest.mark.parametrize("state", [State.PLANNED, State.WAITING, State.HELD, State.DUE])
def test_what_is_not_sent_yet_takes_the_newest_wording(ledger, state):
    entry = bring(ledger, state=state)[0]
    now = refreshed(ledger, entry, title="A better headline", link="https://site.example/en/1-better")
    assert (now.title, now.link) == ("A better headline", "https://site.example/en/1-better")
    owner = known(ledger, marks(article(1)))[Mark("news", "guid", "guid-1")]
    assert (owner.title, owner.link) == ("A better headline", "https://site.example/en/1-better")


def test_an_article_is_found_by_its_new_address_and_by_its_former_one(ledger):
    entry = due(ledger)
    refreshed(ledger, entry, link="https://site.example/en/moved")
    for address in ("https://site.example/en/1", "https://site.example/en/moved", "http://www.site.example/en/moved/"):
        assert [found.id for found in views.of_article(ledger, address)] == [entry.id]


@pytest.mark.parametrize("state", [State.SKIPPED])
def test_what_will_not_be_sent_stays_as_it_was(ledger, state):
    entry = bring(ledger, state=state)[0]
    assert refreshed(ledger, entry, title="Another") == entry.article


def test_what_was_sent_stays_as_it_was_sent(ledger):
    entry = sent(ledger)
    assert refreshed(ledger, entry, title="Another") == entry.article


def test_what_is_in_the_midst_of_a_call_stays_as_it_is(ledger):
    entry = due(ledger)
    ledger.begin(entry, prepared(entry), ME)
    assert refreshed(ledger, entry, title="Another") == entry.article


def test_another_feeds_wording_of_the_same_article_is_not_taken(ledger):
    entry = due(ledger)
    assert refreshed(ledger, entry, feed="other", title="Another") == entry.article


def test_what_was_read_from_the_page_is_kept(ledger):
    read = {"page_text": "The whole story.", "page_canonical": "https://site.example/1", "page_preview": True}
    entry = bring(ledger, article(1, language="en", **read))[0]
    now = refreshed(ledger, entry, title="Better", language="", page_text="", page_canonical="", page_preview=False)
    assert now == replace(entry.article, title="Better")


# Several at once


def test_readings_of_several_feeds_are_one_transaction(ledger):
    one, two = article(1), article(2, feed="science", link="https://science.example/2")
    due = (arrival("x_en", State.DUE, NOON),)
    science = Reading(FeedRow("science"), joined=("x_en",), new=((New(two, marks(two)), due),))
    take_in(ledger, Reading(NEWS, new=((New(one, marks(one)), due),)), science, Reading(FeedRow("quiet")))
    assert [entry.article for entry in views.everything(ledger)] == [one, two]
    assert [views.log_of(ledger, [number])[number][0].feed for number in (1, 2)] == ["news", "science"]
    assert set(ledger.feeds()) == {"news", "science", "quiet"}
    before = everything(ledger)
    with pytest.raises(IntegrityError):
        take_in(ledger, Reading(FeedRow("late")), whole(3, new=((New(article(3), ()), due * 2),)))
    assert everything(ledger) == before


def test_what_is_recorded_is_known_to_the_next_within_the_transaction(ledger):
    with ledger.intake() as intake:
        intake.write([whole(1)])
        assert set(intake.known(marks(article(1)))) == set(marks(article(1)))
        intake.write([Reading(NEWS, same=((Same(1, article(1), ()), (arrival("facebook", State.DUE, NOON),)),))])
    assert [entry.channel for entry in views.everything(ledger)] == ["x_en", "vk_ru", "facebook"]


# Feeds


def test_feeds_are_told_by_name_and_as_they_were_written_last(ledger):
    take_in(ledger, Reading(ROW), Reading(FeedRow("other")))
    take_in(ledger, Reading(replace(ROW, etag="", wait=None, ttl=None, next_at=None)))
    assert ledger.feeds() == {
        "news": replace(ROW, etag="", wait=None, ttl=None, next_at=None),
        "other": FeedRow("other"),
    }


def test_a_failure_is_an_event(ledger):
    feed_fails(ledger, "news", "no answer")
    assert ledger.feeds()["news"].failure == "no answer"
    assert "no answer" in str(everything(ledger)["events"])


def test_a_channel_that_leaves_a_feed_is_forgotten(ledger):
    take_in(ledger, whole())
    take_in(ledger, Reading(ledger.feeds()["news"], left=("vk_ru",)))
    assert ledger.joined() == {"news": {"x_en"}}
