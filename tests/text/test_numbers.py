"""The numbers that a text states."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost.text.numbers import numbers, unstated


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("no number here", []),
        ("one day", []),
        ("25 people", ["25"]),
        ("twenty-five people", ["25"]),
        ("twenty five people", ["25"]),
        ("three hundred and twelve", ["300", "12"]),
        ("five hundred thousand dollars", ["500000"]),
        ("a hundred people", ["100"]),
        ("2.5 million people", ["2500000"]),
        ("£1,234.50", ["1234.50"]),
        ("1,234 cats", ["1234", "1.234"]),
        ("a dozen eggs", ["12"]),
        ("in 2025 300 fell", ["2025", "300"]),
        ("5 300 people", ["5300"]),
        ("5\u00a0300\u00a0000 people", ["5300000"]),
        ("at 10:30 on 12.05.2026", ["10", "30", "12", "5", "2026"]),
        ("a 7-year-old", ["7"]),
        ("двадцать пять человек", ["25"]),
        ("сто двадцать тысяч", ["120000"]),
        ("пять тысяч сто рублей", ["5100"]),
        ("около двухсот коров", ["200"]),
        ("3 млн рублей", ["3000000"]),
        ("40 тыс. человек", ["40000"]),
        ("12,5 процента", ["12.5"]),
        ("четверо учёных", ["4"]),
        ("сорок", ["40"]),
        ("семья и стол", []),
        ("M. Smith sent 3 m of rope", ["3"]),
    ],
)
def test_numbers_are_read_in_figures_and_in_words(text, stated):
    assert numbers(text) == frozenset(map(Decimal, stated))


@pytest.mark.parametrize(
    ("text", "article"),
    [
        ("five people", "5 people"),
        ("2.5 million", "2,500,000 in all"),
        ("2,5 млн", "2.5 миллиона рублей"),
        ("12 days", "a dozen days"),
        ("one of 3", "three of them"),
    ],
)
def test_the_same_number_may_be_written_in_another_way(text, article):
    assert unstated(text, numbers(article)) == ""


@pytest.mark.parametrize(
    ("text", "article", "number"),
    [
        ("five people", "four people", "5"),
        ("2.5 billion", "2.5 million", "2500000000"),
        ("12 and 13 of them", "12 of them", "13"),
        ("on 10.05.2026", "on 12.05.2026", "10"),
        ("триста человек", "двести человек", "300"),
    ],
)
def test_a_number_that_the_article_does_not_state_is_found(text, article, number):
    assert unstated(text, numbers(article)) == number


@given(st.text(alphabet="0123456789.,' \u00a0-тысячаmillion ", max_size=60))
def test_whatever_is_stated_is_stated_by_the_same_text(text):
    assert unstated(text, numbers(text)) == ""
