"""A new name for a feed or a channel, told before or after a daemon has begun with it: the result is the same."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from crosspost.adoption import adopt
from crosspost.errors import LedgerError
from crosspost.feeds.identity import Mark
from crosspost.filters import Match
from crosspost.gate import Feed, Subscriber
from crosspost.ledger import Ledger, views
from crosspost.ledger.intake import Reading
from crosspost.ledger.rename import Renamed
from crosspost.ledger.rows import ChannelRow
from crosspost.ledger.tables import articles, events, feeds, marks, subscriptions
from crosspost.post import ChannelState, State
from crosspost.predecessors import Memory
from crosspost.watcher import Watcher
from tests.bring import bring, take_in
from tests.fakes import Clock
from tests.ledger.lives import ME, RECEIPT, prepared
from tests.test_watcher import FakeWeb, document

ADDRESS = "https://site.example/news.xml"
X = Subscriber("x_en", "x", approve=False, settle=timedelta(0), expires=timedelta(days=3), wants_page=False)
OLD = Feed("news", ADDRESS, "en", None, "skip", 20, (X,), timedelta(minutes=5))
NEW = replace(OLD, name="news_en")
X_NEW = replace(X, channel="x_world")

# What an item has to be known by. With a link it is known under any name of its feed; else only by what a name scopes.
LINKED, GUID_ONLY, BARE = "linked", "guid only", "bare"


def item(title: str, kind: str = GUID_ONLY, guid: str = "") -> str:
    link = f"<link>https://site.example/{title}</link>" if kind == LINKED else ""
    mark = f'<guid isPermaLink="false">{guid or title}</guid>' if kind != BARE else ""
    return f"<item><title>{title}</title>{link}{mark}<description>About {title}.</description></item>"


class Desk:
    """Watchers on one ledger, each going by the config that was there when it was made."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self.ledger = ledger
        self.clock = clock
        self.web = FakeWeb()

    def watcher(self) -> Watcher:
        return Watcher(self.ledger, self.web, self.clock)  # type: ignore[arg-type]

    def read(self, feed: Feed, *items: str, watcher: Watcher | None = None) -> None:
        self.clock.advance(minutes=10)
        if items:
            self.web.answers[feed.url] = document(*items)
        self.web.unchanged = not items
        asyncio.run((watcher or self.watcher()).poll(feed))

    def void(self, feed: str) -> frozenset[Mark]:
        with self.ledger.intake() as intake:
            return intake.void([feed])[feed]

    def send(self, entry, receipt=RECEIPT):
        assert self.ledger.begin(entry, prepared(entry), ME)
        assert self.ledger.sent(self.ledger.entry(entry.id), receipt, "the platform has it")

    def posts(self) -> dict[tuple[str, str], State]:
        """The posts that some mark leads to, by title and channel."""
        with self.ledger.reading() as connection:
            marked = set(connection.execute(select(marks.c.article_id)).scalars())
        found = [entry for entry in views.everything(self.ledger) if entry.article_id in marked]
        told = {(entry.article.title, entry.channel): entry.state for entry in found}
        assert len(told) == len(found), "an article has two posts on a channel"
        return told

    def to_send(self) -> list[str]:
        """What would go out, or has."""
        open_or_out = (State.DUE, State.SENDING, State.SENT, State.WAITING, State.PLANNED)
        return sorted(entry.article.title for entry in views.everything(self.ledger) if entry.state in open_or_out)

    def names(self) -> set[str]:
        """Every name of a feed that stands anywhere but in the event log."""
        columns = (feeds.c.name, subscriptions.c.feed, articles.c.feed, marks.c.scope)
        with self.ledger.reading() as connection:
            return {name for column in columns for name in connection.execute(select(column)).scalars()} - {""}


@pytest.fixture
def desk(ledger, clock):
    return Desk(ledger, clock)


def renamed(ledger: Ledger) -> list[tuple[str | None, str | None, str, str]]:
    with ledger.reading() as connection:
        rows = connection.execute(select(events).where(events.c.what == "renamed", events.c.post_id.is_(None)))
        return [(row.feed, row.channel, row.why, row.by) for row in rows]


# A feed


@pytest.mark.parametrize("kind", [LINKED, GUID_ONLY, BARE])
def test_a_renamed_feed_knows_its_articles_and_brings_what_is_new(desk, kind):
    desk.read(OLD, item("one", kind))
    assert desk.ledger.rename_feed("news", "news_en", by="olga") == Renamed(0, 0)
    desk.read(NEW, item("two", kind), item("one", kind))
    assert desk.posts() == {("one", "x_en"): State.SKIPPED, ("two", "x_en"): State.DUE}
    assert desk.names() == {"news_en"}
    assert renamed(desk.ledger) == [("news", None, "it is news_en now", "olga")]


@pytest.mark.parametrize("kind", [LINKED, GUID_ONLY, BARE])
@pytest.mark.parametrize("first_run", ["skip", "all"])
def test_a_feed_that_was_read_under_its_new_name_already_ends_the_same_way(desk, kind, first_run):
    """What came meanwhile is not lost, what went out before does not go out again."""
    old, new = replace(OLD, first_run=first_run), replace(NEW, first_run=first_run)
    desk.read(replace(old, first_run="all"), item("one", kind))
    (one,) = views.everything(desk.ledger)
    desk.send(one)
    desk.read(new, item("two", kind), item("one", kind))
    desk.ledger.rename_feed("news", "news_en", by="olga")
    desk.read(new)
    assert desk.posts() == {("one", "x_en"): State.SENT, ("two", "x_en"): State.DUE}
    assert desk.to_send() == ["one", "two"]
    assert desk.names() == {"news_en"}


def test_what_is_offered_again_goes_through_the_channels_filters(desk):
    strict = replace(X, only=Match(words=("moon",)))
    desk.read(OLD, item("one"))
    desk.read(replace(NEW, subscribers=(strict,)), item("moon"), item("sun"), item("one"))
    assert desk.ledger.rename_feed("news", "news_en", by="olga") == Renamed(1, 2)
    desk.read(replace(NEW, subscribers=(strict,)))
    assert desk.posts() == {
        ("one", "x_en"): State.SKIPPED,
        ("moon", "x_en"): State.DUE,
        ("sun", "x_en"): State.SKIPPED,
    }


def test_what_another_tool_has_sent_is_not_offered_again(desk):
    desk.read(OLD, item("one"))
    desk.read(NEW, item("two"), item("three"), item("one"))
    adopt("x_en", desk.ledger, None, [Memory("feed2toot", frozenset({"two"}))], "olga")
    desk.ledger.rename_feed("news", "news_en", by="olga")
    desk.read(NEW)
    assert desk.to_send() == ["three"]


def test_a_channel_that_joins_with_the_new_name_starts_with_what_comes_after(desk):
    desk.read(OLD, item("one"))
    desk.read(replace(NEW, subscribers=(X, X_NEW)), item("two"), item("one"))
    desk.ledger.rename_feed("news", "news_en", by="olga")
    desk.read(replace(NEW, subscribers=(X, X_NEW)))
    assert desk.to_send() == ["two"]
    assert desk.posts()["two", "x_world"] is State.SKIPPED


def test_a_guid_that_is_used_again_merges_nothing(desk):
    desk.read(OLD, item("one", LINKED, guid="always"))
    desk.read(NEW, item("two", LINKED, guid="always"))
    desk.ledger.rename_feed("news", "news_en", by="olga")
    desk.read(NEW)
    assert desk.to_send() == ["two"]
    assert [mark.value for mark in desk.void("news_en")] == ["always"]


def test_a_guid_that_is_void_merges_nothing(desk):
    desk.read(OLD, item("one", LINKED, guid="always"))
    desk.read(OLD, item("two", LINKED, guid="always"))
    desk.read(NEW, item("three", GUID_ONLY, guid="always"))
    desk.ledger.rename_feed("news", "news_en", by="olga")
    desk.read(NEW)
    assert desk.to_send() == ["three", "two"]
    assert {(mark.scope, mark.value) for mark in desk.void("news_en")} == {("news_en", "always")}


def test_a_renamed_feed_keeps_its_validators_and_how_it_does(desk):
    desk.read(OLD, item("one"))
    take_in(desk.ledger, Reading(replace(desk.ledger.feeds()["news"], failure="no answer")))
    before = desk.ledger.feeds()["news"]
    desk.ledger.rename_feed("news", "news_en", by="olga")
    assert desk.ledger.feeds()["news_en"] == replace(before, name="news_en")


@pytest.mark.parametrize("verb", ["feed", "channel"])
def test_what_the_ledger_does_not_know_is_refused_with_what_it_knows(desk, verb):
    desk.read(OLD, item("one"))
    act = {
        "feed": lambda old: desk.ledger.rename_feed(old, "other", by="olga"),
        "channel": lambda old: desk.ledger.rename_channel(old, "other", "x", by="olga"),
    }[verb]
    known = {"feed": "news", "channel": "x_en"}[verb]
    with pytest.raises(LedgerError, match=f"knows no {verb} nws; it knows {known}"):
        act("nws")
    act(known)
    with pytest.raises(LedgerError, match=f"knows no {verb} {known}; it knows other"):
        act(known)


# A channel


def test_a_renamed_channel_has_its_posts_and_takes_what_is_new(desk):
    desk.read(OLD, item("one"))
    desk.ledger.pause("x_en", "on holiday", by="olga")
    assert desk.ledger.rename_channel("x_en", "x_world", "x", by="olga") == Renamed(0, 0)
    desk.read(replace(OLD, subscribers=(X_NEW,)), item("two"), item("one"))
    assert desk.posts() == {("one", "x_world"): State.SKIPPED, ("two", "x_world"): State.DUE}
    assert desk.ledger.channel("x_world").state is ChannelState.PAUSED
    assert renamed(desk.ledger) == [(None, "x_en", "it is x_world now", "olga")]


@pytest.mark.parametrize("kind", [LINKED, GUID_ONLY, BARE])
def test_a_channel_that_worked_under_its_new_name_already_ends_the_same_way(desk, kind):
    desk.read(replace(OLD, first_run="all"), item("one", kind), item("waiting", kind))
    one = next(entry for entry in views.everything(desk.ledger) if entry.article.title == "one")
    desk.send(one)
    later = replace(OLD, subscribers=(X_NEW,))
    desk.read(later, item("three", kind), item("one", kind), item("waiting", kind))
    assert desk.ledger.rename_channel("x_en", "x_world", "x", by="olga") == Renamed(2, 1)
    desk.read(later)
    assert desk.posts() == {
        ("one", "x_world"): State.SENT,
        ("waiting", "x_world"): State.DUE,
        ("three", "x_world"): State.DUE,
    }
    assert desk.to_send() == ["one", "three", "waiting"]


def both(ledger: Ledger) -> tuple:
    """A post on each name for one article, the former name's being the older."""
    older, newer = bring(ledger, channels=("x_en", "x_world"))
    return older, newer


def test_of_two_posts_that_could_still_go_out_the_older_stays(ledger):
    older, newer = both(ledger)
    ledger.rename_channel("x_en", "x_world", "x", by="olga")
    assert (ledger.entry(older.id).state, ledger.entry(newer.id).state) == (State.DUE, State.SKIPPED)
    assert (
        ledger.entry(newer.id).reason
        == f"channel x_en is x_world now, where post {older.id} is the one for this article"
    )
    assert {ledger.entry(one.id).channel for one in (older, newer)} == {"x_world"}


@pytest.mark.parametrize("out", ["sending", "unsure", "sent"])
def test_a_post_that_went_out_or_may_have_stays_when_the_older_did_not(ledger, clock, out):
    older, newer = both(ledger)
    ledger.begin(newer, prepared(newer), ME)
    begun = ledger.entry(newer.id)
    if out == "sent":
        ledger.sent(begun, RECEIPT, "the platform has it")
    if out == "unsure":
        ledger.unsure(begun, clock(), "no answer")
    ledger.rename_channel("x_en", "x_world", "x", by="olga")
    assert (ledger.entry(older.id).state, ledger.entry(newer.id).state) == (State.SKIPPED, State(out))
    assert ledger.entry(newer.id).article_id == newer.article_id


def test_two_posts_that_both_went_out_keep_their_receipts(ledger):
    older, newer = both(ledger)
    for number, entry in enumerate((older, newer)):
        ledger.begin(entry, prepared(entry), ME)
        ledger.sent(ledger.entry(entry.id), replace(RECEIPT, remote_id=str(number)), "the platform has it")
    ledger.rename_channel("x_en", "x_world", "x", by="olga")
    shown = views.of_article(ledger, older.article.link)
    assert [(one.state, one.remote_id, one.channel) for one in shown] == [
        (State.SENT, "0", "x_world"),
        (State.SENT, "1", "x_world"),
    ]
    assert [event.what for event in views.log_of(ledger, [newer.id])[newer.id]][-1] == "renamed"


def test_another_platform_is_another_channel(ledger):
    bring(ledger)
    with pytest.raises(LedgerError, match="x_en has posts on x, and vk_ru is on vk: that is another channel"):
        ledger.rename_channel("x_en", "vk_ru", "vk", by="olga")
    assert ledger.channel("vk_ru") == ChannelRow("vk_ru")


def test_a_pause_outlasts_what_the_new_name_came_to_meanwhile(ledger):
    ledger.pause("x_en", "on holiday", by="olga")
    ledger.set_channel(ChannelRow("x_world", ChannelState.BLOCKED, "the token died"))
    ledger.rename_channel("x_en", "x_world", "x", by="olga")
    assert ledger.channel("x_world").reason == "by olga: on holiday"


def test_the_new_names_own_state_is_the_newer_one(ledger):
    ledger.set_channel(ChannelRow("x_en", ChannelState.BLOCKED, "the token died"))
    ledger.set_channel(ChannelRow("x_world", failures=1))
    ledger.rename_channel("x_en", "x_world", "x", by="olga")
    assert ledger.channel("x_world") == ChannelRow("x_world", failures=1)
    assert ledger.channel("x_en") == ChannelRow("x_en")


# Beside a daemon


@pytest.mark.parametrize("stop", ["sent", "refused", "unsure"])
def test_a_call_in_flight_for_a_renamed_channel_is_recorded(ledger, clock, stop):
    (entry,) = bring(ledger)
    ledger.begin(entry, prepared(entry), ME)
    begun = ledger.entry(entry.id)
    ledger.rename_channel("x_en", "x_world", "x", by="olga")
    assert {
        "sent": lambda: ledger.sent(begun, RECEIPT, "the platform has it"),
        "refused": lambda: ledger.refused(begun, "too long"),
        "unsure": lambda: ledger.unsure(begun, clock(), "no answer"),
    }[stop]()
    after = ledger.entry(entry.id)
    assert (after.channel, after.state) == ("x_world", State(stop))
    assert [call.outcome for call in ledger.calls(after)] == [stop]


@pytest.mark.parametrize("first_run", ["skip", "all"])
def test_a_watcher_that_still_goes_by_the_former_name_stands_still(desk, first_run):
    old = replace(OLD, first_run=first_run)
    watcher = desk.watcher()
    desk.read(old, item("one"), watcher=watcher)
    before = desk.posts()
    desk.ledger.rename_feed("news", "news_en", by="olga")
    desk.read(old, item("two"), item("one"), watcher=watcher)
    assert desk.posts() == before
    assert desk.names() == {"news_en"}
    desk.read(replace(NEW, first_run=first_run), item("two"), item("one"))
    assert desk.posts()["two", "x_en"] is State.DUE


def test_a_watcher_that_still_goes_by_a_channels_former_name_stands_still(desk):
    watcher = desk.watcher()
    desk.read(OLD, item("one"), watcher=watcher)
    desk.ledger.rename_channel("x_en", "x_world", "x", by="olga")
    desk.read(OLD, item("two"), item("one"), watcher=watcher)
    assert set(desk.posts()) == {("one", "x_world")}
    desk.read(replace(OLD, subscribers=(X_NEW,)), item("two"), item("one"))
    assert desk.posts() == {("one", "x_world"): State.SKIPPED, ("two", "x_world"): State.DUE}


def test_a_former_name_can_be_used_for_another_feed_later(desk):
    desk.read(OLD, item("one"))
    desk.ledger.rename_feed("news", "news_en", by="olga")
    desk.read(replace(OLD, first_run="all"), item("two"))
    assert desk.posts()["two", "x_en"] is State.DUE


@pytest.mark.parametrize("what", ["feed", "channel"])
@pytest.mark.parametrize("config", ["former", "new"])
def test_a_reading_that_was_decided_before_the_rename_is_decided_anew(desk, what, config):
    """The document arrives, the names change, the reading would be recorded."""
    desk.read(replace(OLD, first_run="all"), item("one"))
    new = NEW if what == "feed" else replace(OLD, subscribers=(X_NEW,))
    going_by = replace(OLD if config == "former" else new, first_run="all")
    fetch = desk.web.get

    async def get(*address, **options):
        answer = await fetch(*address, **options)
        desk.web.get = fetch
        if what == "feed":
            desk.ledger.rename_feed("news", "news_en", by="olga")
        else:
            desk.ledger.rename_channel("x_en", "x_world", "x", by="olga")
        return answer

    desk.web.get = get
    desk.read(going_by, item("two"), item("one"))
    assert {title for title, _ in desk.posts()} == {"one"}
    desk.read(new, item("two"), item("one"))
    assert desk.to_send() == ["one", "two"]
    assert len(views.everything(desk.ledger)) == 2


# The promise as such

TITLES = ("a", "b", "c", "d", "e")
KINDS = st.lists(st.sampled_from([LINKED, GUID_ONLY, BARE]), min_size=5, max_size=5)
DOCUMENTS = st.lists(st.sampled_from(TITLES), min_size=1, max_size=5, unique=True)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(kinds=KINDS, before=DOCUMENTS, after=DOCUMENTS, what=st.sampled_from(["feed", "channel"]))
def test_to_tell_late_is_as_good_as_to_tell_in_time(migrated_file, tmp_path, kinds, before, after, what):
    of = dict(zip(TITLES, kinds, strict=True))
    first = [item(title, of[title]) for title in before]
    then = [item(title, of[title]) for title in after]
    new = NEW if what == "feed" else replace(OLD, subscribers=(X_NEW,))

    def outcome(late: bool):
        ledger = Ledger(f"sqlite:///{shutil.copy(migrated_file, tmp_path / 'ledger.db')}", clock := Clock())
        desk = Desk(ledger, clock)
        desk.read(replace(OLD, first_run="all"), *first)
        desk.send(views.everything(ledger)[0])
        if late:
            desk.read(new, *then)
        if what == "feed":
            ledger.rename_feed("news", "news_en", by="olga")
        else:
            ledger.rename_channel("x_en", "x_world", "x", by="olga")
        desk.read(new, *([] if late else then))
        found = (desk.posts(), desk.to_send())
        ledger.close()
        return found

    assert outcome(late=True) == outcome(late=False)
