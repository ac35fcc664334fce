"""Channels and the feeds they read."""

from __future__ import annotations

from sqlalchemy import select

from crosspost.feeds.identity import New, marks
from crosspost.ledger import views
from crosspost.ledger.intake import Reading
from crosspost.ledger.rows import FeedRow
from crosspost.ledger.tables import subscriptions
from crosspost.post import State
from tests.bring import arrival, article, bring, take_in
from tests.fakes import NOON


def join(ledger, feed, *articles, read_at=NOON):
    new = tuple((New(one, marks(one)), (arrival("x_en", State.DUE, NOON),)) for one in articles)
    take_in(ledger, Reading(FeedRow(feed, read_at=read_at), joined=("x_en",), new=new))


def test_a_feed_is_a_channel_s_when_it_was_read_and_stays_so_when_it_was_looked_for(ledger):
    join(ledger, "news")
    join(ledger, "sport", read_at=None)
    assert ledger.read_feeds("x_en") == ledger.unlooked("x_en") == ("news",)
    ledger.looked_at("x_en", ["news"])
    assert (ledger.read_feeds("x_en"), ledger.unlooked("x_en")) == (("news",), ())
    assert ledger.read_feeds("vk_ru") == ()


def test_the_first_look_is_what_is_kept(ledger, clock):
    join(ledger, "news")
    ledger.looked_at("x_en", ["news"])
    clock.advance(hours=1)
    ledger.looked_at("x_en", ["news"])
    with ledger.reading() as connection:
        assert connection.execute(select(subscriptions.c.looked_at)).scalars().all() == [NOON]


def test_only_these_feeds_posts_are_looked_for(ledger):
    join(ledger, "news", article(1))
    join(ledger, "sport", article(2, feed="sport"))
    assert [entry.article.title for entry in ledger.unsent("x_en", ["sport"])] == ["Headline 2"]


def test_what_is_skipped_may_get_a_better_reason(ledger):
    (entry,) = bring(ledger, state=State.SKIPPED)
    assert ledger.skipped(entry, "feed2toot has sent it already", by="olga")
    now = ledger.entry(entry.id)
    assert (now.state, now.reason) == (State.SKIPPED, "feed2toot has sent it already")
    last = views.log_of(ledger, [entry.id])[entry.id][-1]
    assert (last.what, last.why, last.by) == ("skipped", "feed2toot has sent it already", "olga")


def test_what_was_decided_otherwise_meanwhile_is_not_skipped(ledger):
    (entry,) = bring(ledger, state=State.SKIPPED)
    ledger.decide(entry, State.DUE, sources=[State.SKIPPED], why="to be tried again", by="pavel")
    assert not ledger.skipped(entry, "feed2toot has sent it already", by="olga")
    assert ledger.entry(entry.id).state is State.DUE
