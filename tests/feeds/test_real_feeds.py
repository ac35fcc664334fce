"""Two hundred real feeds, held against what feedparser reads in them."""

from __future__ import annotations

import json
import random
import time
from collections import Counter

import pytest
from lxml import etree

from crosspost.article import Article
from crosspost.errors import FeedError
from crosspost.feeds import entries
from crosspost.feeds.address import absolute
from crosspost.feeds.parse import parse
from crosspost.text.plain import one_line
from tests.reference import reference

URL = "https://site.example/feeds/feed.xml"

# Fewer articles than feedparser counts, for one reason: an item without a word in it is no article.
EMPTY_ITEMS = {
    "7dfe9d74-ep1_v4a.xml": 1,
    "67c00ed3-v4.xml": 1,
    "0bd439e3-v5.xml": 1,
    "e3bc655a-illegally-nested.xml": 10,
}
# feedparser reads 2020/1/10 as the first of November.
WRONG_DATES = {"f580f3a2-kc0011.rss"}


@pytest.fixture(scope="module")
def feeds():
    folder = reference("feeds/real")
    expected = [json.loads(line) for line in reference("feeds/expected.jsonl").read_text().splitlines()]
    return [(row, (folder / row["file"]).read_bytes()) for row in expected]


@pytest.fixture(scope="module")
def read(feeds):
    return [(row, parse(body, feed="news", url=URL).articles) for row, body in feeds]


def test_every_feed_gives_as_many_articles_as_it_has_items(read):
    wrong = {
        row["file"]: (len(articles), row["items"])
        for row, articles in read
        if len(articles) != row["items"] - EMPTY_ITEMS.get(row["file"], 0)
    }
    assert wrong == {}


def mended(text: str) -> str:
    """A title that was encoded twice, read right: feedparser mends only those without a letter outside Latin-1."""
    try:
        return b"".join(map(windows_byte, text)).decode()
    except UnicodeError:
        return text


def windows_byte(letter: str) -> bytes:
    return letter.encode("latin-1" if "\x80" <= letter < "\xa0" else "cp1252")


def same_title(article: Article, expected: dict) -> bool:
    told = expected["title"] or ""
    return article.title in (one_line(told), one_line(mended(told)))


def same_link(article: Article, expected: dict) -> bool:
    # The reference was made without the feeds' addresses, so relative links stayed relative.
    return article.link in (expected["link"] or "", absolute(expected["link"] or "", URL))


def same_guid(article: Article, expected: dict) -> bool:
    return article.guid == (expected["id"] or "")


def same_time(article: Article, expected: dict) -> bool:
    when = None if article.published is None else int(article.published.timestamp())
    return when == expected["when"]


def test_titles_links_guids_and_dates_agree(read):
    agreed, count = Counter(), 0
    for row, articles in read:
        if row["file"] in EMPTY_ITEMS:
            continue
        for article, expected in zip(articles, row["first"], strict=False):
            count += 1
            agreed["titles"] += same_title(article, expected)
            agreed["links"] += same_link(article, expected)
            agreed["guids"] += same_guid(article, expected)
            agreed["dates"] += same_time(article, expected) or row["file"] in WRONG_DATES
    shares = {what: round(100 * agreed[what] / count, 2) for what in ("titles", "links", "guids", "dates")}
    print(f"\n{count} entries agree, in %:", shares)
    assert shares["titles"] >= 99.5 and shares["links"] >= 99.5 and shares["dates"] >= 99.5
    assert shares["guids"] >= 98.5  # verbatim, where feedparser resolves them against xml:base


def test_few_feeds_need_the_slow_parser_and_the_cost_is_known(feeds, monkeypatch):
    slow = []
    read_slowly = entries.read_slowly
    monkeypatch.setattr(entries, "read_slowly", lambda body: slow.append(1) or read_slowly(body))
    ours = xml = 0.0
    for _, body in feeds:
        start = time.perf_counter()
        parse(body, feed="news", url=URL)
        between = time.perf_counter()
        etree.fromstring(body, etree.XMLParser(recover=True))
        ours, xml = ours + between - start, xml + time.perf_counter() - between
    print(f"\n{1000 * ours / len(feeds):.2f} ms a feed, {ours / xml:.1f} times lxml; {len(slow)} by the slow parser")
    assert len(slow) <= 0.04 * len(feeds)


def test_languages_pictures_and_texts_are_found(read):
    articles = [article for _, some in read for article in some]
    told = {
        "languages": sum(bool(article.language) for article in articles),
        "pictures": sum(bool(article.pictures) for article in articles),
        "texts": sum(bool(article.description or article.content) for article in articles),
    }
    shares = {what: round(100 * number / len(articles)) for what, number in told.items()}
    print("\nof all articles, in %:", shares)
    assert shares["languages"] >= 50 and shares["pictures"] >= 30 and shares["texts"] >= 90
    assert all(picture.url.startswith("http") for article in articles for picture in article.pictures)


MARKUP = [b"<", b">", b"&", b'"', b"</item>", b"<item>", b"<![CDATA[", b"]]>", b'xml:base="http://[x/"', b"&#0;"]
DAMAGE = [*MARKUP, b"\0", b"\xff"]


def damaged(body: bytes, chance: random.Random) -> bytes:
    mutant = bytearray(body)
    for _ in range(chance.randint(1, 6)):
        place, length = chance.randrange(len(mutant)), chance.choice([0, 0, 1, 100])
        mutant[place : place + length] = chance.choice(DAMAGE)
    return bytes(mutant)


@pytest.mark.filterwarnings("ignore:tzname")  # dateutil's word on a time zone that the damage made up
def test_a_damaged_feed_is_read_or_refused_in_words(feeds):
    chance = random.Random(20261124)
    outcomes = Counter()
    for row, body in feeds:
        if len(body) > 60_000:
            continue
        try:
            parse(damaged(body, chance), feed=row["file"], url=URL)
            outcomes["read"] += 1
        except FeedError:
            outcomes["refused"] += 1
    assert outcomes["read"] > 50 and outcomes["refused"] > 0
