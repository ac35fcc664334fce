"""Which articles a channel shows already."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from crosspost.post import Receipt, Shown
from crosspost.recognition import recognise, since
from tests.bring import article
from tests.fakes import NOON

LANDING = article(
    1, title="The probe has landed on Titan", link="https://site.example/en/titan", published=NOON - timedelta(hours=2)
)


def shown(text: str = "", *found: str, number: int = 1, at=NOON) -> Shown:
    return Shown(Receipt(str(number), f"https://social.example/{number}"), text, found, at)


@pytest.mark.parametrize(
    "post",
    [
        shown("Titan!", "https://site.example/en/titan"),
        shown("Titan!", "http://www.site.example/en/titan/?utm_source=x&utm_medium=social"),
        shown("The probe has landed on Titan https://short.example/a1", "https://short.example/a1"),
        shown("News: «THE PROBE HAS LANDED — on Titan». Read on our site"),
        replace(shown("Read on our site"), title="The probe has landed on Titan"),
    ],
    ids=["its link", "its link dressed up", "its title beside a short link", "its title in other signs", "a video's"],
)
def test_an_article_is_known_by_its_link_or_else_its_title(post: Shown) -> None:
    assert recognise({7: LANDING}, [post]) == {7: post.receipt}


@pytest.mark.parametrize(
    "post",
    [
        shown("The probe has landed on Titan", "https://site.example/en/other"),
        shown("The probe has landed on Titania"),
        shown("The probe has landed on Titan", at=NOON - timedelta(days=7)),
        shown("The probe has landed"),
    ],
    ids=["another article's link", "inside other words", "long before it was out", "half of its title"],
)
def test_it_is_not_taken_for_another(post: Shown) -> None:
    assert recognise({7: LANDING}, [post]) == {}


def test_a_title_without_a_date_proves_nothing_since_it_may_come_each_week() -> None:
    assert recognise({7: article(1, title="The week in pictures, chosen by readers")}, [shown(LANDING.title)]) == {}


def test_a_short_title_proves_nothing() -> None:
    weather = article(1, title="The weather", published=NOON)
    assert recognise({7: weather}, [shown("The weather")]) == {}


def test_a_link_that_all_articles_carry_tells_none_apart() -> None:
    home = [article(n, link="https://site.example/", published=NOON) for n in (1, 2)]
    assert recognise(dict(enumerate(home)), [shown("News", "https://site.example/")]) == {}


def test_a_link_to_the_home_page_proves_nothing_and_stands_against_nothing() -> None:
    home = article(1, title="The probe has landed on Titan", link="https://site.example", published=NOON)
    by_hand = shown("Visit our site", "https://site.example/", number=1)
    posted = shown(
        "The probe has landed on Titan https://site.example/", "https://site.example/?utm_source=x", number=2
    )
    assert recognise({7: home}, [by_hand]) == {}
    assert recognise({7: home}, [by_hand, posted])[7].remote_id == "2"


def test_the_page_s_own_address_serves_too() -> None:
    moved = article(1, page_canonical="https://site.example/en/titan-landing")
    assert recognise({7: moved}, [shown("", "https://site.example/en/titan-landing")]).keys() == {7}


def test_of_two_posts_the_newer_is_the_article_s() -> None:
    posts = [shown("", LANDING.link, number=2), shown("", LANDING.link, number=1)]
    assert recognise({7: LANDING}, posts)[7].remote_id == "2"


def test_no_more_is_read_than_is_needed() -> None:
    def pages():
        yield shown("", LANDING.link)
        raise AssertionError("the channel was read on")

    assert recognise({7: LANDING}, pages())


@pytest.mark.parametrize(
    ("articles", "days"),
    [
        ([], 31),
        ([article(1)], 31),
        ([article(1, published=NOON - timedelta(days=90)), article(2)], 91),
        ([article(1, published=NOON - timedelta(days=4000))], 365),
    ],
    ids=["nothing", "undated", "the oldest decides", "not for ever"],
)
def test_a_channel_is_searched_back_to_its_oldest_article(articles, days: int) -> None:
    assert NOON - since(articles, NOON) == timedelta(days=days)
