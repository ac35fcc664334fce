"""A headline without what its feed puts around it."""

from __future__ import annotations

import pytest

from crosspost.text.headline import headline, without_headline

LINK = "https://www.thedailyexample.com/news/1"


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("National › Publisher ordered to pay", "Publisher ordered to pay"),
        ("World News | Plant opens in Minsk", "Plant opens in Minsk"),
        ("Plant opens in Minsk - The Daily Example", "Plant opens in Minsk"),
        ("Plant opens in Minsk – Daily Example", "Plant opens in Minsk"),
        ("Plant opens in Minsk — thedailyexample.com", "Plant opens in Minsk"),
        ("Plant opens in Minsk - CNN", "Plant opens in Minsk"),
        ("Plant opens in Minsk - USA TODAY", "Plant opens in Minsk"),
        ("Plant opens in Minsk - The Example Times", "Plant opens in Minsk"),
        ("Plant opens in Minsk - BBC News", "Plant opens in Minsk"),
        ("Plant opens in Minsk - other-site.com", "Plant opens in Minsk"),
        ("Plant opens in Minsk | Other Site", "Plant opens in Minsk"),
        ("Plant opens in Minsk - Economy", "Plant opens in Minsk"),
        ("В Минске открыли завод — РБК", "В Минске открыли завод"),
        ("В Минске открыли завод | Новости", "В Минске открыли завод"),
        ("UPDATE 2-Plant opens in Minsk", "Plant opens in Minsk"),
        ("Analysis-Plant opens in Minsk", "Analysis: Plant opens in Minsk"),
    ],
)
def test_what_a_feed_puts_around_a_headline_goes(title, shown):
    assert headline(title, LINK, ["Economy"]) == shown
    assert headline(shown, LINK, ["Economy"]) == shown


@pytest.mark.parametrize(
    "title",
    [
        "Plant opens in Minsk - and closes in Brest",
        "Minsk – Brest: a new train",
        "A tale of two cities - Minsk",
        "Завод в Минске — крупнейший в стране",
        "Windows | Linux",
        "Plant opens in Minsk - Good News",
        "Plant must not open - Jane Doe",
        "The people who built it all on the night before › and after",
        "Plant opens in Minsk | what the new director said to all",
        "Analysis of a plant in Minsk",
        "CNN - Economy",
        "",
    ],
)
def test_what_only_looks_so_stays(title):
    assert headline(title, LINK, ["Economy"]) == title


def test_an_address_that_is_none_names_no_site():
    assert headline("Plant opens in Minsk - Example", "http://[") == "Plant opens in Minsk - Example"


def test_a_headline_in_front_of_the_first_sentence_goes():
    title = "Plant opens at last in Minsk"
    lead = "The plant in Minsk opened on Monday."
    assert without_headline(f"{title} {lead}\n\nRain fell.", title) == f"{lead}\n\nRain fell."
    assert without_headline(f"{title} {lead}", f"News - {title}") == lead


@pytest.mark.parametrize(
    "text",
    [
        "Plant opens at last in Minsk.",
        "Plant opens at last in Minsk after a year. Rain fell.",
        "Plant opens at last in Minsk Region, where the plant of Minsk stands",
        "Plant opens at last in Minsk Region after a year of rain.",
        "Plant opens at last in Minsk\n\nThe plant in Minsk opened on Monday.",
    ],
)
def test_what_only_begins_like_the_headline_stays(text):
    assert without_headline(text, "Plant opens at last in Minsk") == text
    assert without_headline("Minsk sleeps The sheep of Minsk sleep.", "Minsk sleeps") != "The sheep of Minsk sleep."
