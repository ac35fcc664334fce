"""Hashtags from a channel's list and from categories."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crosspost.text.hashtags import hashtag, hashtags, named_first, put_inside


def test_those_that_the_headline_names_come_first():
    tags = ("#Amazon", "#Ferguson", "#Минск", "#PressFreedom")
    assert named_first(tags, "Twitter and press in Ferguson") == ("#Ferguson", "#Amazon", "#Минск", "#PressFreedom")
    assert named_first(tags, "Завод открыли в Минске") == ("#Минск", "#Amazon", "#Ferguson", "#PressFreedom")
    assert named_first(tags, "") == tags


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("#Belarus", "#Belarus"),
        ("science", "#science"),
        ("High Tech Park", "#HighTechPark"),
        ("Парк высоких технологий", "#ПаркВысокихТехнологий"),
        ("IT and AI", "#ITAndAI"),
        ("Women's Day", "#WomensDay"),
        ("Covid-19", "#Covid19"),
        ("Science & Technology", "#ScienceTechnology"),
        ("new_york", "#new_york"),
        ("5G", "#5G"),
        ("हिन्दी", "#हिन्दी"),
        ("2024", ""),
        ("_", ""),
        ("!!!", ""),
        ("", ""),
        ("https://site.example/tag/space", ""),
    ],
)
def test_hashtag(name, tag):
    assert hashtag(name) == tag


def test_the_channels_own_come_first_and_none_comes_twice():
    assert hashtags(["#Belarus", "#НАУКА"], ["belarus", "Наука", "Space", "Uncategorized", "Без рубрики", "2024"]) == (
        "#Belarus",
        "#НАУКА",
        "#Space",
    )


@pytest.mark.parametrize(
    ("category", "tags"),
    [
        ("Environment, Fisheries, Politics", ("#Environment", "#Fisheries", "#Politics")),
        ("Doe, John A", ("#JohnDoe",)),
        ("Minsk (Belarus)", ("#Minsk",)),
        ("overnight", ()),
        ("internal-open-access-from-nl", ()),
        ("Politics, Uruguay", ("#Politics", "#Uruguay")),
        ("Раздел Наука/", ("#Наука",)),
        ("PAID", ()),
        ("News", ()),
        ("Newspapers", ("#Newspapers",)),
        ("Разделка рыбы", ("#РазделкаРыбы",)),
        ("AC/DC", ("#ACDC",)),
        ("exhibitions", ("#Exhibitions",)),
        ("worldNews", ()),
        ("Family Medicine/Primary Care", ("#FamilyMedicine", "#PrimaryCare")),
        ("eSports", ("#eSports",)),
        ("Doe, John (Judge)", ("#JohnDoe",)),
        ("International", ()),
        ("tv", ("#tv",)),
        ("Most Popular", ()),
        ("Homepage Featured", ()),
        ("General", ()),
        ("Generals", ("#Generals",)),
        ("International Organizations and Africa", ()),
    ],
)
def test_a_category_becomes_what_readers_look_for(category, tags):
    assert hashtags([], [category]) == tags
    assert hashtags([], [category], others=False) == ()


def test_a_site_that_turns_one_name_round_turns_all():
    assert hashtags([], ["Doe, John A", "Roe, Anna", "Politics"]) == ("#JohnDoe", "#AnnaRoe", "#Politics")
    assert hashtags([], ["Roe, Anna", "Politics"]) == ("#Roe", "#Anna", "#Politics")


def test_the_map_knows_the_parts_of_a_category_and_the_whole():
    assert hashtags([], ["Politics, Uruguay"], {"uruguay": "#UY"}) == ("#Politics", "#UY")
    assert hashtags([], ["Politics, Uruguay"], {"politics, uruguay": "#UY"}) == ("#UY",)
    assert hashtags([], ["General"], {"general": "#Staff"}) == ("#Staff",)


MAP = {"High tech park": "#HTP", "press  releases": "", "Наука": "#НаукаБеларуси"}


def test_the_managers_map_says_which_hashtag_a_category_has():
    categories = ["high tech  PARK", "Press releases", "Space", "НАУКА"]
    assert hashtags([], categories, MAP) == ("#HTP", "#Space", "#НаукаБеларуси")
    assert hashtags([], categories, MAP, others=False) == ("#HTP", "#НаукаБеларуси")
    assert hashtags(["#htp"], categories, MAP, others=False) == ("#htp", "#НаукаБеларуси")


@pytest.mark.parametrize(
    ("text", "tags", "inside", "left"),
    [
        ("A plant in Belarus opens in Belarus.", ["#Belarus"], "A plant in #Belarus opens in Belarus.", []),
        ("Far in space.", ["#Space"], "Far in #space.", []),
        ("The High Tech Park grows.", ["#HighTechPark"], "The #HighTechPark grows.", []),
        ("The high-tech park grows.", ["#HighTechPark"], "The #HighTechPark grows.", []),
        ("Парк высоких технологий растёт.", ["#ПаркВысокихТехнологий"], "#ПаркВысокихТехнологий растёт.", []),
        ("Завод в «Минск-Арене».", ["#Минск"], "Завод в «Минск-Арене».", ["#Минск"]),
        ("Полёт космоса.", ["#Космос"], "Полёт космоса.", ["#Космос"]),
        (
            "See https://a.example/space?q=space now.",
            ["#Space"],
            "See https://a.example/space?q=space now.",
            ["#Space"],
        ),
        ("Already #Space here.", ["#Space"], "Already #Space here.", ["#Space"]),
        ("Belarus's plant.", ["#Belarus"], "Belarus's plant.", ["#Belarus"]),
        ("Science and IT.", ["#IT", "#Art", "#Science"], "#Science and #IT.", ["#Art"]),
        ("", ["#Space"], "", ["#Space"]),
    ],
)
def test_hashtags_stand_inside_where_their_words_do(text, tags, inside, left):
    assert put_inside(text, tags) == (inside, tuple(left))


# Newer characters are not known to every version of Python.
NAMES = st.lists(st.text(st.characters(max_codepoint=0x2FFF), max_size=20), max_size=6)


@given(NAMES, NAMES)
@example([], ["A\u1acf"])  # assigned in newer tables of Unicode only
def test_hashtags_hold_only_what_a_hashtag_may(listed, categories):
    tags = hashtags(listed, categories)
    assert len({tag.casefold() for tag in tags}) == len(tags)
    for tag in tags:
        assert tag[0] == "#"
        assert all(unicodedata.category(character)[0] in "LMN" or character == "_" for character in tag[1:])
        assert not tag[1:].isdigit()
