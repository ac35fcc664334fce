"""What one good answer of a feed brings: all of it in one transaction, or nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from crosspost.feeds.identity import Known, Mark, New, Same, marks
from crosspost.ledger import views
from crosspost.ledger.intake import Reading
from crosspost.ledger.schema import metadata
from crosspost.post import State
from tests.bring import arrival, article, bring
from tests.fakes import NOON
from tests.ledger.lives import ME, due, prepared, sent


def everything(ledger):
    """Every row of every table."""
    with ledger.reading() as connection:
        return {
            table.name: sorted(map(str, connection.execute(select(table)).all())) for table in metadata.sorted_tables
        }


def whole(number=1, **changes):
    """A reading with something of everything."""
    one = article(number)
    known = {
        "etag": '"abc"',
        "modified": "Mon, 04 May 2026 12:00:00 GMT",
        "retry_at": NOON + timedelta(hours=1),
        "joined": ("x_en", "vk_ru"),
        "new": ((New(one, marks(one)), (arrival("x_en", State.DUE, NOON), arrival("vk_ru", State.WAITING, NOON))),),
        "void": (Mark("", "link", "site.example"),),
        "notes": ("The link site.example tells no article apart in this feed.",),
    }
    return Reading("news", **(known | changes))


def test_a_reading_is_recorded_with_everything_it_brings(ledger):
    ledger.take_in(whole())
    english, russian = views.everything(ledger)
    assert english.article == russian.article == article(1)
    assert (english.channel, english.platform, english.state, english.reason) == ("x_en", "x", State.DUE, "new in news")
    assert (english.at, english.expires_at, english.created_at) == (NOON, NOON + timedelta(days=3), NOON)
    assert (english.text, english.attempts, english.failures, english.looks) == (None, 0, 0, 0)
    assert russian.state is State.WAITING
    assert english.key != russian.key
    feed = ledger.feed("news")
    assert (feed.etag, feed.modified, feed.retry_at) == (
        '"abc"',
        "Mon, 04 May 2026 12:00:00 GMT",
        NOON + timedelta(hours=1),
    )
    assert (feed.first_read_at, feed.read_at, feed.failure) == (NOON, NOON, "")
    assert ledger.joined("news") == {"x_en", "vk_ru"}
    known, void = ledger.known(marks(article(1))), ledger.void("news")
    assert set(known) == set(marks(article(1)))
    assert set(known.values()) == {Known(english.article_id, "https://site.example/en/1", "Headline 1")}
    assert void == {Mark("", "link", "site.example")}


def test_every_arrival_and_every_note_is_an_event(ledger):
    ledger.take_in(whole())
    logs = views.log_of(ledger, [1, 2])
    assert [(event.what, event.why, event.by) for event in logs[1]] == [("due", "new in news", "crosspost")]
    assert [(event.what, event.at) for event in logs[2]] == [("waiting", NOON)]
    assert "identity" in str(everything(ledger)["events"])


@pytest.mark.parametrize("first", [True, False], ids=["the first reading", "a later one"])
def test_a_reading_that_fails_half_way_leaves_nothing_behind(ledger, first):
    if not first:
        ledger.take_in(whole(1))
    before = everything(ledger)
    one = article(2)
    twice = (arrival("x_en", State.DUE, NOON), arrival("x_en", State.DUE, NOON))
    with pytest.raises(IntegrityError):
        ledger.take_in(whole(2, etag='"new"', new=((New(one, marks(one)), twice),), void=(Mark("news", "guid", "1"),)))
    assert everything(ledger) == before


def test_posts_come_in_the_order_of_the_reading_even_when_there_are_many(ledger):
    posts = bring(ledger, *(article(number) for number in range(600)), channels=("x_en", "vk_ru"))
    assert [entry.article.title for entry in posts if entry.channel == "vk_ru"] == [f"Headline {n}" for n in range(600)]
    assert len({entry.key for entry in posts}) == 1200
    wanted = [mark for number in range(600) for mark in marks(article(number))]
    known = ledger.known(wanted)
    assert len(known) == 1200
    assert {value.title for value in known.values()} == {f"Headline {number}" for number in range(600)}


def test_an_article_without_posts_is_still_known(ledger):
    one = article(1)
    ledger.take_in(Reading("news", new=((New(one, marks(one)), ()),)))
    known = ledger.known(marks(one))
    assert {owner.title for owner in known.values()} == {"Headline 1"}


def test_a_known_article_gets_its_post_on_a_channel_that_had_none(ledger):
    entry = due(ledger)
    again = Same(entry.article_id, entry.article, ())
    ledger.take_in(Reading("news", joined=("vk_ru",), same=((again, (arrival("vk_ru", State.SKIPPED, NOON),)),)))
    assert ledger.channels_of([entry.article_id, 999]) == {entry.article_id: {"x_en", "vk_ru"}, 999: set()}


def test_a_known_article_gains_marks_and_the_older_owner_keeps_its_own(ledger):
    one, two = bring(ledger, article(1), article(2))
    new, taken = Mark("", "link", "site.example/moved"), Mark("news", "guid", "guid-1")
    ledger.take_in(Reading("news", same=((Same(two.article_id, two.article, (new, taken)), ()),)))
    known = ledger.known([new, taken])
    assert {mark: owner.article_id for mark, owner in known.items()} == {new: two.article_id, taken: one.article_id}


def test_marks_are_void_for_their_feed_alone(ledger):
    void = Mark("", "link", "site.example")
    ledger.take_in(Reading("news", void=(void, void)))
    ledger.take_in(Reading("news", void=(void,)))
    assert ledger.void("news") == {void}
    assert ledger.void("other") == frozenset()


# The newest wording


def refreshed(ledger, entry, **changes):
    told = replace(entry.article, **changes)
    ledger.take_in(Reading("news", same=((Same(entry.article_id, told, ()), ()),)))
    return ledger.entry(entry.id).article


@pytest.mark.parametrize("state", [State.PLANNED, State.WAITING, State.HELD, State.DUE])
def test_what_is_not_sent_yet_takes_the_newest_wording(ledger, state):
    entry = bring(ledger, state=state)[0]
    now = refreshed(ledger, entry, title="A better headline", link="https://site.example/en/1-better")
    assert (now.title, now.link) == ("A better headline", "https://site.example/en/1-better")
    owner = ledger.known(marks(article(1)))[Mark("news", "guid", "guid-1")]
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


# Feeds


def test_a_feed_that_was_never_read_is_blank(ledger):
    feed = ledger.feed("nobody")
    assert (feed.name, feed.etag, feed.first_read_at, feed.failure) == ("nobody", "", None, "")


def test_a_failure_is_news_once_and_again_when_it_changes(ledger, clock):
    told = [ledger.feed_failed("news", why, None) for why in ("no answer", "no answer", "404", "404")]
    assert told == [True, False, True, False]
    assert len(everything(ledger)["events"]) == 2


def test_a_failing_feed_remembers_since_when_and_keeps_its_validators(ledger, clock):
    ledger.take_in(whole())
    ledger.feed_failed("news", "no answer", None)
    clock.advance(hours=1)
    ledger.feed_failed("news", "404", clock() + timedelta(hours=2))
    feed = ledger.feed("news")
    assert (feed.failure, feed.failed_since, feed.retry_at) == ("404", NOON, NOON + timedelta(hours=3))
    assert (feed.etag, feed.first_read_at, feed.read_at) == ('"abc"', NOON, NOON)


@pytest.mark.parametrize(
    "mend", [lambda ledger: ledger.feed_unchanged("news", None), lambda ledger: ledger.take_in(whole(2))]
)
def test_a_good_answer_forgets_the_failure_and_not_the_beginning(ledger, clock, mend):
    ledger.take_in(whole())
    ledger.feed_failed("news", "no answer", None)
    clock.advance(hours=1)
    mend(ledger)
    feed = ledger.feed("news")
    assert (feed.failure, feed.failed_since, feed.first_read_at, feed.read_at) == (
        "",
        None,
        NOON,
        NOON + timedelta(hours=1),
    )
    assert feed.etag == '"abc"'


def test_a_feed_that_never_read_well_has_no_beginning(ledger):
    ledger.feed_failed("news", "no answer", None)
    assert ledger.feed("news").first_read_at is None


def test_a_channel_that_leaves_a_feed_is_forgotten(ledger):
    ledger.take_in(whole())
    ledger.leave("news", ["vk_ru"])
    assert ledger.joined("news") == {"x_en"}
    assert ledger.joined("other") == frozenset()
