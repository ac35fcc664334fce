"""What a reading of a feed brings: a fake web, a real ledger, a clock that stands until it is moved."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from crosspost import admission
from crosspost.article import Article, Picture
from crosspost.errors import FeedError
from crosspost.feeds.fetch import Fetched
from crosspost.feeds.identity import Decision
from crosspost.filters import Match
from crosspost.gate import Feed, Subscriber
from crosspost.ledger import Ledger, views
from crosspost.ledger.tables import events
from crosspost.watcher import Watcher
from tests.fakes import Clock
from tests.ledger.conftest import migrated_file

__all__ = ["migrated_file"]

STORY = "The probe sent its first picture at dawn. It shows a lake of methane under an orange sky, and no wave on it."
X = Subscriber("x_en", "x", approve=False, settle=timedelta(0), expires=timedelta(days=3), wants_page=False)
VK = replace(X, channel="vk_en", platform="vk")
NEWS = Feed("news", "https://site.example/news.xml", "en", None, "all", 20, (X,), timedelta(minutes=10))


def item(title: str, link: str = "", guid: str = "", description: str = STORY) -> str:
    """An RSS item; its link and guid follow from the title unless they are given."""
    link = link or f"https://site.example/{title.lower()}"
    return (
        f"<item><title>{title}</title><link>{link}</link><guid>{guid or title}</guid>"
        f"<description>{description}</description></item>"
    )


def document(*items: str) -> bytes:
    return f'<rss version="2.0"><channel><title>News</title>{"".join(items)}</channel></rss>'.encode()


@dataclass
class FakeWeb:
    """Answers by address; an exception is raised, and what is not there is an error. `asked` tells what was asked.
    `unchanged`: who sends the validator gets 304. `max_age`: what every answer says of itself."""

    answers: dict[str, bytes | FeedError] = field(default_factory=dict)
    unchanged: bool = False
    max_age: timedelta | None = None
    asked: list[tuple[str, str]] = field(default_factory=list)

    async def get(self, url: str, *, etag: str = "", modified: str = "", proxy: str | None = None) -> Fetched:
        self.asked.append((url, etag))
        answer = self.answers.get(url, FeedError(f"{url} does not exist."))
        if isinstance(answer, FeedError):
            raise answer
        tag = f'"{len(answer)}"'
        unchanged = self.unchanged and etag == tag
        status, body = (304, b"") if unchanged else (200, answer)
        return Fetched(status, url, body, "", tag, "", unchanged, None, "", self.max_age)


@dataclass
class Desk:
    """A watcher on a ledger of its own."""

    ledger: Ledger
    web: FakeWeb
    clock: Clock

    def read(self, feed: Feed = NEWS, *items: str) -> None:
        """Poll the feed; with `items`, after it has come to hold them."""
        if items:
            self.web.answers[feed.url] = document(*items)
        self.poll(feed)

    def poll(self, *feeds: Feed) -> list[datetime]:
        """Poll feeds at once, as after a restart; when each is asked next."""

        async def run() -> list[datetime]:
            watcher = self.watcher()
            return await asyncio.gather(*(watcher.poll(feed) for feed in feeds))

        return asyncio.run(run())

    def times(self, *feeds: Feed) -> list[datetime]:
        """When each feed is to be asked, as a start plans it."""
        planned = asyncio.run(self.watcher().times(feeds))
        return [planned[feed.name] for feed in feeds]

    def watcher(self) -> Watcher:
        return Watcher(self.ledger, self.web, self.clock, jitter=lambda: 0.0)  # type: ignore[arg-type]

    def posts(self) -> list[tuple[str, str, str]]:
        """Title, channel and state of every post, in the order of sending."""
        return [(entry.article.title, entry.channel, str(entry.state)) for entry in views.everything(self.ledger)]


@pytest.fixture
def desk(migrated_file: Path, tmp_path: Path) -> Iterator[Desk]:
    clock = Clock()
    ledger = Ledger(f"sqlite:///{shutil.copy(migrated_file, tmp_path)}", clock)
    yield Desk(ledger, FakeWeb(), clock)
    ledger.close()


def test_every_unseen_item_is_taken_oldest_first_and_once(desk: Desk) -> None:
    desk.read(NEWS, item("Two"), item("One"))
    desk.read(NEWS, item("Four"), item("Three"), item("Two"), item("One"))
    desk.read()
    assert [title for title, _, _ in desk.posts()] == ["One", "Two", "Three", "Four"]


@pytest.mark.parametrize(
    ("first_run", "due"),
    [("skip", []), ("all", ["One", "Two", "Three"]), (2, ["Two", "Three"]), (0, []), (9, ["One", "Two", "Three"])],
)
def test_the_first_document_is_announced_as_first_run_says(desk: Desk, first_run: str | int, due: list[str]) -> None:
    feed = replace(NEWS, first_run=first_run)
    desk.read(feed, item("Three"), item("Two"), item("One"))
    assert [title for title, _, state in desk.posts() if state == "due"] == due
    desk.read(feed, item("Four"), item("Three"))
    assert ("Four", "x_en", "due") in desk.posts()


def test_a_failed_first_reading_is_no_first_reading(desk: Desk) -> None:
    feed = replace(NEWS, first_run="skip")
    desk.web.answers[feed.url] = FeedError("news is down.")
    desk.read(feed)
    desk.read(feed, item("One"))
    assert desk.posts() == [("One", "x_en", "skipped")]


def test_a_channel_that_joins_or_comes_back_starts_with_what_comes_after(desk: Desk) -> None:
    both = replace(NEWS, subscribers=(X, VK))
    desk.read(NEWS, item("One"))
    desk.read(both)
    assert ("One", "vk_en", "skipped") in desk.posts()
    desk.read(NEWS, item("Two"), item("One"))
    desk.read(both, item("Three"), item("Two"), item("One"))
    desk.read(both, item("Four"), item("Three"))
    due = [title for title, channel, state in desk.posts() if (channel, state) == ("vk_en", "due")]
    assert due == ["Four"]


def test_a_channel_that_joins_is_shown_the_document_even_if_it_has_not_changed(desk: Desk) -> None:
    desk.web.unchanged = True
    desk.read(NEWS, item("One"))
    desk.read(NEWS)
    assert desk.web.asked[-1] == (NEWS.url, f'"{len(document(item("One")))}"')
    desk.read(replace(NEWS, subscribers=(X, VK)))
    assert desk.web.asked[-1] == (NEWS.url, "")
    assert ("One", "vk_en", "skipped") in desk.posts()


def test_an_article_in_two_feeds_of_a_channel_is_one_post(desk: Desk) -> None:
    other = replace(NEWS, name="science", url="https://site.example/science.xml")
    desk.read(NEWS, item("One"))
    desk.read(other, item("One", guid="another-guid"), item("Two"))
    assert desk.posts() == [("One", "x_en", "due"), ("Two", "x_en", "due")]


def test_two_feeds_that_link_to_one_home_page_have_an_article_each(desk: Desk) -> None:
    """Each lists one item only, so nothing in a document shows that the link tells nothing apart."""
    home = "https://site.example/"
    science = replace(NEWS, name="science", url="https://site.example/science.xml")
    for _ in range(2):
        desk.read(NEWS, item("One", home))
        desk.read(science, item("Two", home))
    assert desk.posts() == [("One", "x_en", "due"), ("Two", "x_en", "due")]


def test_an_article_in_two_feeds_reaches_the_channels_of_both(desk: Desk) -> None:
    other = replace(NEWS, name="science", url="https://site.example/science.xml", subscribers=(VK,))
    desk.read(NEWS, item("Zero"))
    desk.read(other, item("Zero"))
    desk.read(NEWS, item("One"))
    desk.read(other, item("One"))
    assert [post for post in desk.posts() if post[0] == "One"] == [("One", "x_en", "due"), ("One", "vk_en", "due")]


def test_what_needs_approval_waits_and_what_settles_is_planned(desk: Desk) -> None:
    patient = replace(VK, settle=timedelta(minutes=2))
    desk.read(replace(NEWS, subscribers=(replace(X, approve=True), patient)), item("One"))
    assert desk.posts() == [("One", "x_en", "waiting"), ("One", "vk_en", "planned")]
    assert desk.ledger.release("vk_en") == 0
    desk.clock.advance(minutes=2)
    assert desk.ledger.release("vk_en") == 1
    assert desk.posts() == [("One", "x_en", "waiting"), ("One", "vk_en", "due")]


def many(count: int) -> list[str]:
    return [item(f"New{number}") for number in range(count)]


@pytest.mark.parametrize(
    ("burst", "items", "state"),
    [
        (20, many(21), "held"),
        (20, many(20), "due"),
        (20, [*many(40), item("Old")], "due"),
        (0, many(40), "due"),
    ],
    ids=["all unknown", "not too many", "a weekend's backlog", "guard off"],
)
def test_a_feed_that_changed_entirely_is_held(desk: Desk, burst: int, items: list[str], state: str) -> None:
    feed = replace(NEWS, burst=burst)
    desk.read(feed, item("Old"))
    desk.read(feed, *items)
    assert {found for title, _, found in desk.posts() if title != "Old"} == {state}


@pytest.mark.parametrize(
    ("rules", "taken"),
    [
        ({"only": Match(words=("satellite",))}, ["Satellites sing"]),
        ({"except_": Match(words=("satellite",))}, ["Moss grows"]),
        ({"only": Match(categories=("Space",))}, []),
    ],
    ids=["only", "except", "no such category"],
)
def test_what_a_channel_does_not_want_is_recorded_with_the_rule(
    desk: Desk, rules: dict[str, Match], taken: list[str]
) -> None:
    desk.read(replace(NEWS, subscribers=(replace(X, **rules), VK)), item("Satellites sing"), item("Moss grows"))
    mine = [entry for entry in views.everything(desk.ledger) if entry.channel == "x_en"]
    assert [entry.article.title for entry in mine if entry.state == "due"] == taken
    left_out = [entry.reason for entry in mine if entry.state == "skipped"]
    assert len(left_out) == 2 - len(taken) and all(reason.startswith("filtered by ") for reason in left_out)
    assert len([post for post in desk.posts() if post[1] == "vk_en"]) == 2, "the other channel takes both"


def test_a_paced_channel_s_posts_wait_for_their_turn_and_urgent_ones_are_marked(desk: Desk) -> None:
    paced = replace(X, paced=True, urgent=Match(words=("breaking",)))
    desk.read(replace(NEWS, subscribers=(paced,)), item("Breaking news"), item("Moss grows"))
    assert {state for _, _, state in desk.posts()} == {"planned"}
    assert [one.urgent for one in desk.ledger.waiting("x_en")] == [False, True]


def test_a_teaser_is_completed_from_its_page(desk: Desk) -> None:
    story = f"<article><h1>One</h1><p>{STORY * 4}</p></article>"
    page = f"<html lang='en'><head><title>One</title></head><body>{story}</body></html>"
    desk.web.answers["https://site.example/one"] = page.encode()
    desk.read(NEWS, item("One", description="Read more"), item("Two"))
    one, two = sorted(views.everything(desk.ledger), key=lambda entry: entry.article.title)
    assert "lake of methane" in one.article.page_text
    assert two.article.page_text == ""
    assert [url for url, _ in desk.web.asked] == [NEWS.url, "https://site.example/one"]


def test_the_page_s_picture_is_kept_when_the_feed_is_read_again(desk: Desk) -> None:
    page = b"<head><title>One</title><meta property='og:image' content='/one.jpg'></head>"
    desk.web.answers["https://site.example/one"] = page
    enclosed = "<enclosure url='https://site.example/small.jpg' type='image/jpeg' length='1'/></item>"
    feed = replace(NEWS, subscribers=(replace(X, wants_page=True),))
    for _ in range(2):
        desk.read(feed, item("One").replace("</item>", enclosed))
        (one,) = views.everything(desk.ledger)
        assert [picture.url for picture in one.article.pictures] == ["https://site.example/small.jpg"]
        assert one.article.page_picture == Picture("https://site.example/one.jpg")


def test_pages_of_articles_that_will_not_be_announced_are_not_read(desk: Desk) -> None:
    desk.read(replace(NEWS, first_run="skip"), item("One", description=""))
    assert [url for url, _ in desk.web.asked] == [NEWS.url]


def test_a_page_that_cannot_be_read_stops_nothing(desk: Desk) -> None:
    desk.web.answers["https://site.example/one"] = FeedError("https://site.example/one is down.")
    desk.read(NEWS, item("One", description=""))
    assert desk.posts() == [("One", "x_en", "due")]


def test_two_addresses_of_one_page_are_one_article(desk: Desk) -> None:
    page = b"<head><title>One</title><link rel='canonical' href='https://site.example/one'></head>"
    mirror = replace(
        NEWS, name="mirror", url="https://mirror.example/news.xml", subscribers=(replace(X, wants_page=True),)
    )
    desk.read(NEWS, item("One"))
    desk.web.answers["https://mirror.example/1"] = page
    desk.read(mirror, item("One", link="https://mirror.example/1", guid="m1"))
    assert desk.posts() == [("One", "x_en", "due")]


@pytest.mark.parametrize(
    "items",
    [
        [item("One", link="https://site.example/"), item("Two", link="https://site.example/")],
        [item("One", guid="constant"), item("Two", guid="constant")],
        [item("One", "https://site.example/", "c"), item("Two", "https://site.example/", "c", STORY + " Two.")],
    ],
    ids=["one link", "one guid", "neither tells them apart"],
)
def test_marks_that_tell_nothing_apart_neither_lose_nor_repeat_articles(desk: Desk, items: list[str]) -> None:
    desk.read(NEWS, *items)
    desk.read(NEWS, *items)
    desk.read(NEWS, *items)
    assert sorted(title for title, _, _ in desk.posts()) == ["One", "Two"]


def test_a_failure_is_kept_until_it_mends_and_loses_nothing(desk: Desk) -> None:
    desk.read(NEWS, item("One"))
    desk.web.answers[NEWS.url] = FeedError("news is down.")
    desk.read()
    failed_since = desk.clock()
    desk.clock.advance(hours=1)
    desk.read()
    row = desk.ledger.feeds()["news"]
    assert (row.failure, row.failed_since) == ("news is down.", failed_since)
    desk.read(NEWS, item("Two"), item("One"))
    assert desk.ledger.feeds()["news"].failure == ""
    assert [title for title, _, _ in desk.posts()] == ["One", "Two"]


def test_a_server_that_wants_a_pause_gets_it(desk: Desk) -> None:
    desk.web.answers[NEWS.url] = FeedError("news asks for a pause.", retry_at=desk.clock() + timedelta(hours=1))
    desk.read()
    desk.clock.advance(minutes=59)
    desk.read()
    assert len(desk.web.asked) == 1
    desk.clock.advance(minutes=1)
    desk.read(NEWS, item("One"))
    assert desk.posts() == [("One", "x_en", "due")]


def test_an_unsent_article_follows_the_feed_s_newest_wording(desk: Desk) -> None:
    desk.read(NEWS, item("One", guid="1", link="https://site.example/1"))
    desk.read(NEWS, item("One, corrected", guid="1", link="https://site.example/1"))
    assert [title for title, _, _ in desk.posts()] == ["One, corrected"]


def test_a_document_that_breaks_our_own_code_is_that_feed_s_failure(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("no such thing")

    with monkeypatch.context() as patch:
        patch.setattr("crosspost.feeds.apart.parse", broken)
        desk.read(NEWS, item("One"))
    assert "defect of crosspost (KeyError)" in desk.ledger.feeds()["news"].failure
    desk.read(NEWS)
    assert desk.posts() == [("One", "x_en", "due")]


def test_times_in_the_ledger_are_aware(desk: Desk) -> None:
    desk.read(NEWS, item("One"))
    (entry,) = views.everything(desk.ledger)
    assert isinstance(entry.created_at, datetime) and entry.created_at.tzinfo is not None


# Two feeds at once


def twins(count: int = 2, **changes: object) -> list[Feed]:
    """Feeds that hold the same articles, each with guids of its own."""
    return [
        replace(NEWS, name=f"f{number}", url=f"https://site.example/{number}.xml", **changes)  # type: ignore[arg-type]
        for number in range(count)
    ]


@pytest.mark.parametrize("wants_page", [False, True], ids=["no page is read", "pages are read"])
def test_an_article_that_many_feeds_bring_at_once_is_one_post(desk: Desk, wants_page: bool) -> None:
    feeds = twins(5, subscribers=(replace(X, wants_page=wants_page), VK))
    for feed in feeds:
        desk.web.answers[feed.url] = document(*(item(title, guid=f"{feed.name}-{title}") for title in ("Two", "One")))
    for title in ("one", "two"):
        desk.web.answers[f"https://site.example/{title}"] = b"<title>A page</title><p>Text</p>"
    desk.poll(*feeds)
    assert sorted(desk.posts()) == [
        (title, channel, "due") for title in ("One", "Two") for channel in ("vk_en", "x_en")
    ]
    desk.poll(*feeds)
    assert len(desk.posts()) == 4


def test_an_article_known_by_two_addresses_that_two_feeds_bring_at_once_is_one_post_on_a_new_channel(
    desk: Desk,
) -> None:
    """They share no mark, and yet they are one article: its guid leads there in one feed, its link in the other."""
    one, two = twins(2)
    desk.read(one, item("One", "https://site.example/one", "g"))
    desk.read(one, item("One", "https://site.example/moved", "g"))
    both = [replace(feed, subscribers=(X, VK)) for feed in (one, two)]
    desk.web.answers[one.url] = document(item("One", "https://site.example/moved", "g"))
    desk.web.answers[two.url] = document(item("One", "https://site.example/one", "another"))
    desk.poll(*both)
    assert sorted(channel for _, channel, _ in desk.posts()) == ["vk_en", "x_en"]


def test_a_document_that_the_ledger_cannot_take_is_its_own_feed_s_trouble(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    feeds = twins(3)
    for feed in feeds:
        desk.web.answers[feed.url] = document(item(feed.name))
    whole = admission.decide

    def fragile(articles: Sequence[Article], *known: object) -> Decision:
        if articles[0].title == "f1":
            raise KeyError("no such thing")
        return whole(articles, *known)  # type: ignore[arg-type]

    monkeypatch.setattr("crosspost.admission.decide", fragile)
    desk.poll(*feeds)
    assert sorted(title for title, _, _ in desk.posts()) == ["f0", "f2"]
    assert "defect of crosspost (KeyError)" in desk.ledger.feeds()["f1"].failure


@pytest.mark.parametrize(
    ("changes", "decisions"),
    [({}, 1), ({"wants_page": True, "approve": True}, 2)],
    ids=["no page is wanted", "a page is wanted"],
)
def test_a_document_is_decided_once_and_once_more_with_its_pages(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, changes: dict[str, bool], decisions: int
) -> None:
    whole, made = admission.decide, 0

    def counted(*given: object) -> Decision:
        nonlocal made
        made += 1
        return whole(*given)  # type: ignore[arg-type]

    monkeypatch.setattr("crosspost.admission.decide", counted)
    feed = replace(NEWS, subscribers=(replace(X, **changes),))
    desk.read(feed, item("One"))
    assert made == decisions
    desk.read(feed)
    assert made == decisions + 1, "nothing is new, so no page is wanted"


# When a feed is asked again

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def test_a_feed_that_changes_twice_a_day_is_asked_some_fifty_times_and_not_288(desk: Desk) -> None:
    feed, days = replace(NEWS, every=5 * MINUTE), 2
    begin, late = desk.clock(), []
    coming = [begin + hours * timedelta(hours=1) for hours in (7, 19.5, 31, 44)]
    desk.web.answers[feed.url], desk.web.unchanged = document(item("Beginning")), True

    async def live() -> None:
        watcher, upcoming = desk.watcher(), begin
        while upcoming < begin + days * DAY:
            desk.clock.now = upcoming
            if coming and coming[0] <= upcoming:
                late.append((upcoming - coming.pop(0)) / MINUTE)
                desk.web.answers[feed.url] = document(*(item(f"News{number}") for number in range(len(late))))
            upcoming = await watcher.poll(feed)

    asyncio.run(live())
    asked = len(desk.web.asked) / days
    assert asked <= 60
    assert len(late) == 4 and max(late) <= 30
    assert [title for title, _, _ in desk.posts()] == ["Beginning", *(f"News{number}" for number in range(4))]


def test_what_is_learned_outlives_a_restart(desk: Desk) -> None:
    desk.web.unchanged = True
    desk.read(NEWS, item("One"))
    for _ in range(20):
        (upcoming,) = desk.times(NEWS)
        desk.clock.now = upcoming
        assert desk.poll(NEWS) == desk.times(NEWS)
    assert desk.poll(NEWS) == [desk.clock() + 30 * MINUTE]


def test_what_a_document_wishes_holds_for_the_304_after_it_and_max_age_for_its_own_answer(desk: Desk) -> None:
    body = document(item("One")).replace(b"<channel>", b"<channel><ttl>25</ttl><skipHours><hour>12</hour></skipHours>")
    desk.web.answers[NEWS.url], desk.web.unchanged = body, True
    assert desk.poll(NEWS, NEWS)[1] == desk.clock.now.replace(hour=13)
    desk.clock.advance(hours=2)
    assert desk.poll(NEWS) == [desk.clock() + 25 * MINUTE]
    desk.web.max_age = 28 * MINUTE
    assert desk.poll(NEWS) == [desk.clock() + 28 * MINUTE]
    desk.web.max_age = None
    assert desk.poll(NEWS) == [desk.clock() + 25 * MINUTE]
    desk.web.answers[NEWS.url] = document(item("One"), item("Two"))
    assert desk.poll(NEWS) == [desk.clock() + 10 * MINUTE], "the new document wishes nothing"


def test_a_failing_feed_is_asked_less_and_less_and_its_failure_is_told_once(desk: Desk) -> None:
    desk.web.answers[NEWS.url] = FeedError("news is down.")
    waits = []
    for _ in range(4):
        (upcoming,) = desk.poll(NEWS)
        waits.append((upcoming - desk.clock()) / MINUTE)
        desk.clock.now = upcoming
    assert waits == [20, 30, 30, 30]
    with desk.ledger.reading() as connection:
        assert connection.execute(select(events.c.what, events.c.why)).all() == [("feed failed", "news is down.")]
    desk.read(NEWS, item("One"))
    assert desk.ledger.feeds()["news"].failures == 0


def test_asking_ignores_what_was_planned_but_not_a_retry_after(desk: Desk) -> None:
    desk.read(NEWS, item("One"))
    desk.read(NEWS)
    assert len(desk.web.asked) == 2
    desk.web.answers[NEWS.url] = FeedError("news asks for a pause.", retry_at=desk.clock() + timedelta(hours=3))
    desk.read(NEWS)
    upcoming = desk.clock() + timedelta(hours=3)
    assert desk.poll(NEWS) == desk.times(NEWS) == [upcoming]
    assert len(desk.web.asked) == 3


def test_a_start_asks_at_once_what_is_new_in_the_config_and_the_others_as_planned(desk: Desk) -> None:
    desk.web.unchanged = True
    desk.read(NEWS, item("One"))
    new, joined = replace(NEWS, name="other"), replace(NEWS, subscribers=(X, VK))
    moved, shorter = replace(NEWS, url="https://site.example/moved.xml"), replace(NEWS, every=MINUTE)
    desk.clock.advance(seconds=30)
    now = desk.clock()
    assert desk.times(NEWS, new) == [now - timedelta(seconds=30) + 10 * MINUTE, now]
    assert desk.times(joined) == desk.times(moved) == [now]
    assert desk.times(shorter)[0] <= now + 6.6 * MINUTE
    desk.clock.advance(hours=1)
    assert desk.times(NEWS) == [desk.clock()]


def test_another_address_is_asked_without_the_validators_of_the_former_one(desk: Desk) -> None:
    desk.read(NEWS, item("One"))
    desk.read(replace(NEWS, url="https://site.example/moved.xml"), item("One"))
    assert desk.web.asked[-1] == ("https://site.example/moved.xml", "")
    desk.read(replace(NEWS, url="https://site.example/moved.xml"))
    assert desk.web.asked[-1][1] != ""


def test_a_clock_that_is_set_back_silences_no_feed(desk: Desk) -> None:
    desk.read(NEWS, item("One"))
    desk.web.answers[NEWS.url] = FeedError("news asks for a pause.", retry_at=desk.clock() + timedelta(hours=3))
    desk.read(NEWS)
    desk.clock.advance(days=-400)
    assert desk.times(NEWS)[0] < desk.clock() + DAY + timedelta(minutes=5)
    desk.read(NEWS, item("Two"), item("One"))
    assert [title for title, _, _ in desk.posts()] == ["One", "Two"]


@pytest.mark.parametrize("how", ["poll", "poll_all"])
def test_many_feeds_of_a_silent_host_hold_up_no_other(desk: Desk, how: str) -> None:
    silent = [replace(NEWS, name=f"s{n}", url=f"https://silent.example/{n}") for n in range(200)]
    quick = [replace(NEWS, name=f"q{n}", url=f"https://quick-{n}.example/feed") for n in range(200)]
    for feed in quick:
        desk.web.answers[feed.url] = document(item(feed.name))

    async def run() -> None:
        answer, done = asyncio.Event(), asyncio.Event()
        whole = desk.web.get

        async def get(url: str, **options: str) -> Fetched:
            if "silent" in url:
                await answer.wait()
            fetched = await whole(url, **options)  # type: ignore[arg-type]
            if len(desk.web.asked) == len(quick):
                done.set()
            return fetched

        desk.web.get = get  # type: ignore[method-assign, assignment]
        watcher = desk.watcher()
        polls = [watcher.poll_all(silent + quick)] if how == "poll_all" else map(watcher.poll, silent + quick)
        working = asyncio.gather(*polls)
        async with asyncio.timeout(60):
            await done.wait()
        answer.set()
        await working

    asyncio.run(run())
    assert len(desk.posts()) == 200
    assert len(desk.web.asked) == 400
