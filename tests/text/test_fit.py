"""Cutting text where a reader would."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost.text.fit import shorten
from crosspost.text.measure import x_length


@pytest.mark.parametrize(
    ("text", "room", "expected"),
    [
        ("Hello, world", 12, "Hello, world"),
        ("Hello, world", 11, "Hello…"),
        ("Hello", 4, ""),
        ("Hello world", 5, ""),
        ("", 5, ""),
        ("One (two three)", 8, "One…"),
        ("Ждите — скоро будет", 15, "Ждите — скоро…"),
        ("Ждите — скоро будет", 9, "Ждите…"),
        ("See https://site.example/a- today", 32, "See https://site.example/a- …"),
        ("News #tag, today", 12, "News #tag, …"),
    ],
)
def test_a_text_is_cut_between_words(text, room, expected):
    assert shorten(text, room, len) == expected


WORDS = [
    "слово",
    "word,",
    "end.",
    "#тег",
    "https://site.com/a?b=c-",
    "👨‍👩‍👧‍👦",
    "e\u0301te\u0301",
    "№5",
    "(в",
    "t.co/x",
    "🇧🇾!",
]
CUT_WORDS = {"…", "слово…", "word…", "end…", "👨‍👩‍👧‍👦…", "e\u0301te\u0301…", "№5…", "(в…", "t.co/x…", "🇧🇾!…"}


@given(st.lists(st.sampled_from(WORDS), max_size=40), st.integers(0, 120))
def test_a_cut_is_never_too_long_and_never_inside_anything(words, room):
    text = " ".join(words)
    cut = shorten(text, room, x_length)
    assert x_length(cut) <= room
    if cut != text and cut:
        *kept, last = cut.split()
        assert kept == words[: len(kept)]
        assert last in CUT_WORDS


@given(st.lists(st.sampled_from(WORDS), max_size=12), st.integers(0, 80))
def test_what_fits_is_never_cut(words, room):
    text = " ".join(words)
    cut = shorten(text, room, len)
    assert (cut == text) is (len(text) <= room or text == "")


def test_a_link_before_a_dash_that_is_cut_off_stays_apart_from_the_ellipsis():
    title = "News https://site.example/a/ - the rest of it"
    assert shorten(title, 32, len) == "News https://site.example/a/ …"
