"""An article comes out of the ledger as it went in."""

from __future__ import annotations

import json
from datetime import timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from crosspost.article import Article, Picture
from crosspost.ledger import codec
from tests.bring import article

TEXT = st.text(max_size=30)
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
PICTURES = st.builds(
    Picture,
    url=TEXT,
    alt=TEXT,
    width=st.none() | st.integers(0, 10_000),
    height=st.none() | st.integers(0, 10_000),
)
ARTICLES = st.builds(
    Article,
    feed=TEXT,
    title=TEXT,
    link=TEXT,
    guid=TEXT,
    description=TEXT,
    content=TEXT,
    author=TEXT,
    language=TEXT,
    categories=st.lists(TEXT, max_size=3).map(tuple),
    pictures=st.lists(PICTURES, max_size=3).map(tuple),
    published=st.none() | st.datetimes(timezones=ZONES),
    page_text=TEXT,
    page_canonical=TEXT,
    page_preview=st.booleans(),
    page_picture=st.none() | PICTURES,
)


@given(ARTICLES)
def test_an_article_survives_the_ledger(one):
    assert codec.load(codec.dump(one), one.feed) == one


def test_what_is_empty_takes_no_room():
    assert set(json.loads(codec.dump(article(1)))) == {"title", "link", "guid", "description"}


def test_the_body_is_readable_in_any_language():
    assert "Спутник" in codec.dump(article(1, title="Спутник"))


def test_a_body_from_before_a_field_was_there_loads():
    assert codec.load('{"title": "T"}', "news") == Article(feed="news", title="T", link="")


def test_a_renamed_feed_is_the_feed_of_its_articles():
    assert codec.load(codec.dump(article(1, feed="news")), "news_en").feed == "news_en"
