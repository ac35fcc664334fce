"""Hashtags from a channel's list and from categories."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crosspost.text.hashtags import hashtag, hashtags


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
