"""What makes two items the same article: named cases, and what must hold for any feed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosspost.article import Article
from crosspost.feeds.identity import Decision, Known, Mark, decide, marks, wanted
from crosspost.text.links import canonical

HOME = "https://site.example/"
LIVE = "https://site.example/live"
YEAR = timedelta(days=365)
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def item(number=1, /, **changes) -> Article:
    """The article `number` as a feed tells it."""
    told = Article(
        feed="news",
        title=f"Article {number}",
        link=f"https://site.example/news/{number}",
        guid=f"guid-{number}",
        description=f"What article {number} tells.",
    )
    return replace(told, **changes)


class Memory:
    """A ledger of marks: what the real one does with a decision, and nothing more."""

    def __init__(self) -> None:
        self.known: dict[Mark, Known] = {}
        self.void: frozenset[Mark] = frozenset()
        self.articles: dict[int, Article] = {}

    def read(self, *articles: Article) -> Decision:
        asked = wanted(articles, self.void)
        decision = decide(articles, {mark: self.known[mark] for mark in asked if mark in self.known}, self.void)
        for new in decision.new:
            number = len(self.articles) + 1
            self.articles[number] = new.article
            link = canonical(new.article.link) if new.article.link else ""
            self._add(new.marks, Known(number, link, new.article.title))
        for same in decision.same:
            number, title = same.article_id, same.article.title
            was = self.articles[number]
            self.articles[number] = replace(was, title=title)  # the newest wording, as a sent article's
            link = canonical(was.link) if was.link else ""
            if title != was.title:
                self.known |= {
                    mark: Known(number, link, title) for mark in self.known if self.known[mark].article_id == number
                }
            self._add(same.marks, Known(number, link, title))
        self.void |= frozenset(decision.void)
        return decision

    def _add(self, some: tuple[Mark, ...], owner: Known) -> None:
        for mark in some:
            self.known.setdefault(mark, owner)


def titles(decision: Decision) -> list[str]:
    return [new.article.title for new in decision.new]


# ---- the same article, told differently; a fresh one stands beside it and must still be new

SAME = {
    "nothing changed": {},
    "a new guid": {"guid": "other"},
    "no guid any more": {"guid": ""},
    "no link any more": {"link": ""},
    "https instead of http": {"link": "http://site.example/news/1", "guid": "other"},
    "www in front": {"link": "https://www.site.example/news/1", "guid": "other"},
    "a slash at the end": {"link": "https://site.example/news/1/", "guid": "other"},
    "tracking parameters": {"link": "https://site.example/news/1?utm_source=rss&fbclid=1", "guid": "other"},
    "an address in other letters": {"link": "https://SITE.example/%6Eews/1", "guid": "other"},
    "a fragment": {"link": "https://site.example/news/1#comments", "guid": "other"},
    "a default port": {"link": "https://site.example:443/news/1", "guid": "other"},
    "an edited title": {"title": "Article 1, corrected"},
    "an edited title and a new guid": {"title": "Article 1, corrected", "guid": "other"},
    "an edited text": {"description": "Everything is different now."},
    "a moved page with its guid": {"link": "https://site.example/archive/2026/1"},
    "another date": {"published": datetime(2030, 1, 1, tzinfo=UTC)},
    "everything but the guid and the title": {
        "link": "https://new.example/1",
        "description": "New.",
        "published": NOON,
    },
    "everything but the address": {"guid": "other", "title": "New", "description": "New.", "published": NOON},
    "another address with the first as canonical": {
        "link": "https://site.example/amp/1",
        "guid": "other",
        "title": "Article 1 | Site",
        "page_canonical": "https://site.example/news/1",
    },
}


@pytest.mark.parametrize("case", SAME)
def test_an_article_told_differently_is_the_same(case):
    memory = Memory()
    memory.read(item(1))
    decision = memory.read(item(2), item(1, **SAME[case]))
    assert titles(decision) == ["Article 2"]
    assert [same.article_id for same in decision.same] == [1]
    assert titles(memory.read(item(2), item(1, **SAME[case]))) == []


@pytest.mark.parametrize("case", SAME)
def test_what_it_was_told_as_is_remembered_too(case):
    memory = Memory()
    memory.read(item(1, **SAME[case]))
    assert titles(memory.read(item(2), item(1))) == ["Article 2"]


# ---- different articles that look alike; none may be lost

DIFFERENT = {
    "every item links to the home page": [item(n, link=HOME) for n in (1, 2, 3)],
    "every item links to the home page, without guids": [item(n, link=HOME, guid="") for n in (1, 2, 3)],
    "the link stands in the guid's place, and is the home page": [item(n, link=HOME, guid=HOME) for n in (1, 2, 3)],
    "one guid for all": [item(n, guid="0") for n in (1, 2, 3)],
    "one guid for all, one title for all": [item(n, guid="0", title="Photo of the day") for n in (1, 2, 3)],
    "one title for all": [item(n, title="News") for n in (1, 2, 3)],
    "one title and the home page for all": [item(n, title="News", link=HOME) for n in (1, 2, 3)],
    "every page's canonical is the home page": [item(n, page_canonical=HOME) for n in (1, 2, 3)],
    "neither guid nor link": [item(n, guid="", link="") for n in (1, 2, 3)],
    "no titles, one link": [item(n, title="", link=HOME) for n in (1, 2, 3)],
    "a query tells them apart": [item(n, guid="", link=f"https://site.example/?p={n}") for n in (1, 2, 3)],
}


@pytest.mark.parametrize("case", DIFFERENT)
def test_articles_that_look_alike_in_one_document_are_all_new_once(case):
    memory = Memory()
    articles = DIFFERENT[case]
    assert len(memory.read(*articles[1:]).new) == 2
    assert [new.article for new in memory.read(*articles).new] == [articles[0]]
    assert memory.read(*articles).new == ()
    assert titles(memory.read(item(99), *reversed(articles))) == ["Article 99"]


ONE_AT_A_TIME = {
    "one guid for all": [item(n, guid="0") for n in (1, 2, 3, 4)],
    "every page's canonical is the home page": [item(n, page_canonical=HOME) for n in (1, 2, 3, 4)],
    "every page's canonical is one page": [item(n, page_canonical=LIVE) for n in (1, 2, 3, 4)],
    "both": [item(n, guid="0", page_canonical=LIVE) for n in (1, 2, 3, 4)],
    "neither guid nor link": [item(n, guid="", link="") for n in (1, 2, 3, 4)],
    "all link to the home page, without guids": [item(n, link=HOME, guid="") for n in (1, 2, 3, 4)],
    "a page within the home page": [item(n, link=f"{HOME}#/news/{n}", guid="") for n in (1, 2, 3, 4)],
}


@pytest.mark.parametrize("case", ONE_AT_A_TIME)
def test_articles_that_look_alike_one_after_another_are_all_new_once(case):
    memory = Memory()
    for article in ONE_AT_A_TIME[case]:
        assert [new.article for new in memory.read(article).new] == [article]
        assert memory.read(article).new == ()
    assert titles(memory.read(*ONE_AT_A_TIME[case], item(99))) == ["Article 99"]


def test_a_recycled_guid_is_a_new_article_and_the_guid_is_void_from_then_on():
    memory = Memory()
    memory.read(item(1))
    decision = memory.read(item(2, guid="guid-1"), item(3))
    assert sorted(titles(decision)) == ["Article 2", "Article 3"]
    assert decision.void == (Mark("news", "guid", "guid-1"),)
    assert "guid-1" in decision.notes[0]
    assert titles(memory.read(item(4, guid="guid-1"), item(1))) == ["Article 4"]


def test_the_same_guid_in_another_feed_is_another_article():
    memory = Memory()
    memory.read(item(1, guid="7"))
    assert titles(memory.read(item(2, guid="7", feed="sport"))) == ["Article 2"]


def test_the_same_link_in_another_feed_is_the_same_article():
    memory = Memory()
    memory.read(item(1))
    decision = memory.read(item(1, feed="sport", guid="9", title="Other words"), item(2, feed="sport"))
    assert titles(decision) == ["Article 2"]


def test_what_is_void_in_one_feed_still_counts_in_another():
    memory = Memory()
    memory.read(item(1))
    shared = Mark("", "link", canonical("https://site.example/news/1"))
    decision = decide([item(1, feed="sport", guid="")], {shared: Known(1, shared.value, "Article 1")}, frozenset())
    assert [same.article_id for same in decision.same] == [1]


def test_a_mark_that_becomes_void_does_not_repeat_the_article_it_knew():
    memory = Memory()
    memory.read(item(1, guid="", link=LIVE))
    decision = memory.read(item(2, guid="", link=LIVE), item(1, guid="", link=LIVE))
    assert titles(decision) == ["Article 2"]
    assert titles(memory.read(item(2, guid="", link=LIVE), item(1, guid="", link=LIVE))) == []


def test_marks_of_two_known_articles_lead_to_the_older_one_and_the_log_says_so():
    memory = Memory()
    memory.read(item(1))
    memory.read(item(2))
    decision = memory.read(item(2, guid="guid-1", title="Article 1"), item(3))
    assert titles(decision) == ["Article 3"]
    assert [same.article_id for same in decision.same] == [1]
    assert "articles 1 and 2" in decision.notes[0]


# ---- lives: one reading after another; each brings a fresh article beside what is told here


def told(number: int, **changes) -> Article:
    """The article `number`, with its true identity where no mark is: in the author's name."""
    return item(number, author=str(number), **changes)


def search(query: str) -> Article:
    return told(1, link=f"https://site.example/find?{query}", guid="")


LIVES: dict[str, list[list[Article]]] = {
    "the query in another order": [[search("a=1&b=2")], [search("b=2&a=1")]],
    "the query percent-encoded": [[search("q=моль и шёлк")], [search("q=%D0%BC%D0%BE%D0%BB%D1%8C+%d0%b8+шёлк")]],
    "removed, and back a year later": [
        [told(1, published=NOON), told(2)],
        [told(2)],
        [],
        [told(1, published=NOON + YEAR), told(2)],
    ],
    "ids that are made anew each day": [[told(n, guid=f"{day}-{n}") for n in (1, 2, 3)] for day in range(5)],
    "ids that are made anew, and pass from one to the next": [
        [told(n, guid=str(n - day)) for n in (day + 3, day + 2, day + 1)] for day in range(5)
    ],
    "two domains with one canonical page": [
        [told(1)],
        [told(1, feed="mirror", link="https://mirror.example/a", guid="m1", page_canonical=item(1).link)],
        [told(1), told(2, link="https://mirror.example/b", page_canonical="https://site.example/news/2")],
        [told(2, feed="mirror", guid="m2")],
    ],
    "the same article in two feeds": [[told(1)], [told(1, feed="science", guid="s1")], [told(1)]],
    "the same guid in two feeds": [[told(1, guid="7")], [told(2, guid="7", feed="sport")], [told(1, guid="7")]],
    "the Russian and the English version": [
        [told(1, link="https://site.example/en/titan", guid="titan")],
        [told(2, link="https://site.example/ru/titan", guid="titan", feed="news_ru", title="Титан")],
        [told(3, link="https://site.example/titan?lang=en"), told(4, link="https://site.example/titan?lang=ru")],
    ],
    "undated, back-dated and dated in the future": [
        [told(1, published=NOON)],
        [told(2), told(1, published=NOON)],
        [told(3, published=NOON - 20 * YEAR), told(1, published=NOON)],
        [told(4, published=NOON + 20 * YEAR), told(1, published=NOON)],
        [told(5, published=NOON - YEAR), told(4), told(3, published=NOON + YEAR), told(2, published=NOON), told(1)],
    ],
    "two feeds, an item each, that link to one home page": [
        [told(1, link=HOME, guid="")],
        [told(2, link="http://www.site.example", guid="", feed="science")],
        [told(1, link=HOME, guid="")],
    ],
    "two feeds of a site whose pages all call the home page canonical": [
        [told(1, page_canonical=HOME)],
        [told(2, page_canonical=HOME, feed="science")],
        [told(2, page_canonical=HOME), told(1, page_canonical=HOME)],
    ],
    "an item with the home page as its link gets a page of its own": [[told(1, link=HOME)], [told(1)], [told(1)]],
}


@pytest.mark.parametrize("case", LIVES)
def test_each_article_is_new_once_in_its_life_and_so_is_every_fresh_one(case):
    memory, known = Memory(), set()
    for number, reading in enumerate(LIVES[case]):
        feed = reading[0].feed if reading else "news"
        fresh = told(90 + number, feed=feed)
        new = [one.article.author for one in memory.read(fresh, *reading).new]
        assert set(new) == {fresh.author} | {article.author for article in reading} - known
        assert len(new) == len(set(new))
        known |= set(new)


# ---- an article listed twice in one document

TWICE = {
    "exactly the same": {},
    "with another guid": {"guid": "other"},
    "with a tracking parameter": {"link": "https://site.example/news/1?utm_medium=feed"},
    "with another address": {"link": "https://site.example/science/1"},
    "with another text": {"description": "A shorter text."},
}


@pytest.mark.parametrize("case", TWICE)
def test_an_article_listed_twice_counts_once(case):
    memory = Memory()
    decision = memory.read(item(2), item(1, **TWICE[case]), item(1))
    assert sorted(titles(decision)) == ["Article 1", "Article 2"]
    assert decision.void == ()
    assert memory.read(item(1, **TWICE[case])).new == ()
    assert memory.read(item(1)).new == ()


def test_an_article_listed_twice_of_which_one_item_is_known_is_known():
    memory = Memory()
    memory.read(item(1))
    decision = memory.read(item(1, guid="other", link="https://site.example/x", page_canonical=item(1).link), item(1))
    assert decision.new == ()


# ---- the order of posting


def test_new_articles_come_oldest_first_by_their_dates():
    start = datetime(2026, 11, 24, tzinfo=UTC)
    dated = [item(n, published=start + timedelta(hours=hour)) for n, hour in ((1, 5), (2, 1), (3, 3))]
    assert titles(decide(dated, {}, frozenset())) == ["Article 2", "Article 3", "Article 1"]


def test_without_a_date_on_each_they_come_from_the_documents_end():
    start = datetime(2026, 11, 24, tzinfo=UTC)
    articles = [item(1, published=start), item(2), item(3, published=start + timedelta(hours=1))]
    assert titles(decide(articles, {}, frozenset())) == ["Article 3", "Article 2", "Article 1"]


def test_equal_dates_keep_the_order_from_the_documents_end():
    same_day = [item(n, published=datetime(2026, 11, 24, tzinfo=UTC)) for n in (1, 2, 3)]
    assert titles(decide(same_day, {}, frozenset())) == ["Article 3", "Article 2", "Article 1"]


# ---- marks


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        ({}, ["guid", "link"]),
        ({"guid": ""}, ["link"]),
        ({"link": ""}, ["guid"]),
        ({"guid": "", "link": ""}, ["content"]),
        ({"page_canonical": "https://site.example/story"}, ["guid", "link", "link"]),
        ({"page_canonical": "http://www.site.example/news/1/"}, ["guid", "link"]),
    ],
)
def test_an_article_has_the_marks_that_it_names(changes, kinds):
    assert [mark.kind for mark in marks(item(1, **changes))] == kinds


def test_void_marks_give_way_to_the_content():
    article = item(1)
    assert [mark.kind for mark in marks(article, frozenset(marks(article)))] == ["content"]


def test_a_guid_is_taken_verbatim():
    assert marks(item(1, guid=" Guid/One ", link=""))[0].value == " Guid/One "


# ---- for any feed

names = st.sampled_from(["", "a", "b", "c"])
items = st.builds(
    lambda guid, link, title, text, page: Article(
        feed="news",
        title=title,
        link=link and f"https://site.example/{link}",
        guid=guid,
        description=text,
        page_canonical=page and f"https://site.example/{page}",
    ),
    guid=names,
    link=names,
    title=st.sampled_from(["A", "B", "C"]),
    text=names,
    page=names,
)
documents = st.lists(items, max_size=5)


@settings(derandomize=True)
@given(documents=st.lists(documents, max_size=5))
def test_a_document_read_twice_brings_nothing_new(documents):
    memory = Memory()
    for document in documents:
        memory.read(*document)
        assert memory.read(*document).new == ()


@settings(derandomize=True)
@given(documents=st.lists(documents, max_size=5))
def test_no_mark_is_given_to_two_articles(documents):
    memory = Memory()
    for document in documents:
        decision = memory.read(*document)
        given_now = [mark for one in (*decision.new, *decision.same) for mark in one.marks]
        assert len(given_now) == len(set(given_now))
        assert not set(given_now) & memory.void


@settings(derandomize=True)
@given(before=st.lists(documents, max_size=4), now=documents, number=st.integers(0, 5))
def test_an_article_unlike_all_others_is_always_new(before, now, number):
    memory = Memory()
    for document in before:
        memory.read(*document)
    fresh = item(99)
    place = min(number, len(now))
    assert fresh in [new.article for new in memory.read(*now[:place], fresh, *now[place:]).new]


@settings(derandomize=True)
@given(known=st.lists(st.integers(1, 30), max_size=30), now=st.lists(st.integers(1, 30), max_size=30))
def test_honest_articles_are_new_exactly_when_they_were_never_seen(known, now):
    memory = Memory()
    for number in known:
        memory.read(item(number))
    decision = memory.read(*map(item, now))
    assert sorted(titles(decision)) == sorted(f"Article {number}" for number in set(now) - set(known))
    assert decision.void == () and decision.notes == ()


# ---- sites of every kind, whose articles change in several ways at once

# What may change of an article at once, so that a mark and its title, or the mark that its link is, lead to it still.
CHANGES = {
    "plain": [
        {"guid", "title", "body", "date", "dress"},
        {"path", "body", "date", "dress"},
        {"title", "body", "date", "dress", "gone"},
    ],
    "no guids": [{"title", "body", "date", "dress", "gone"}],
    "ids made anew": [{"guid", "title", "body", "date", "dress"}],
    "one guid": [{"title", "body", "date", "dress", "gone"}],
    "home page": [{"title", "body", "date"}, {"date", "gone"}],
    "home page, no guids": [{"date", "gone"}],
    "one canonical": [{"guid", "title", "body", "date", "dress"}, {"path", "body", "date"}],
}
DRESSES = ["https://site.example/{}", "http://www.site.example/{}/", "https://site.example/{}?utm_source=rss#top"]


class Story:
    """An article of a site of some kind, and what was made of it."""

    def __init__(self, number: int, kind: str) -> None:
        self.number, self.kind, self.listed, self.dress = number, kind, True, DRESSES[0]
        self.at: dict[str, int] = dict.fromkeys(("guid", "title", "body", "date", "path"), 0)

    def change(self, what: str, to: int) -> None:
        if what == "gone":
            self.listed = not self.listed
        elif what == "dress":
            self.dress = DRESSES[to % len(DRESSES)]
        else:
            self.at[what] = to

    def article(self) -> Article:
        guids = {"no guids": "", "home page, no guids": "", "one guid": "0"}
        return told(
            self.number,
            title=f"Article {self.number}, edition {self.at['title']}",
            link=HOME if "home page" in self.kind else self.dress.format(f"{self.number}/{self.at['path']}"),
            guid=guids.get(self.kind, f"{self.number}-{self.at['guid']}"),
            description=f"What article {self.number} tells, edition {self.at['body']}.",
            page_canonical=HOME if self.kind == "one canonical" else "",
            published=NOON + self.at["date"] * YEAR if self.at["date"] else None,
        )


@settings(derandomize=True)
@given(kind=st.sampled_from(sorted(CHANGES)), data=st.data())
def test_whatever_changes_at_once_nothing_is_repeated_and_nothing_missed(kind, data):
    memory, stories, seen = Memory(), [], set()
    for day in range(data.draw(st.integers(1, 6), "days")):
        for story in stories:
            allowed = sorted(data.draw(st.sampled_from(CHANGES[kind]), "allowed")) if story.listed else ["gone"]
            for what in data.draw(st.sets(st.sampled_from(allowed)), "changes"):
                story.change(what, data.draw(st.integers(0, 5), what))
        fresh = Story(day, kind)
        stories.append(fresh)
        listed = data.draw(st.permutations([story for story in stories if story.listed]), "order")
        new = [one.article.author for one in memory.read(*(story.article() for story in listed)).new]
        assert new == [str(day)] and day not in seen
        seen.add(day)
