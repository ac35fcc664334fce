"""The best sentences of a story: whole, in their order, the first one strong."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost.text.choice import Want, choose, pieces
from crosspost.text.measure import characters

TITLE = "Spacecraft lands on the far side"


def chosen(story, *, title=TITLE, room=1000, sentences=None, hook=False):
    language = "ru" if re.search("[а-я]", story) else "en"
    found = choose(pieces(story, title, language), title, Want(sentences, hook), room, characters)
    return [piece.text for piece in found]


STRONG = "Engineers in Minsk cheered for ten minutes."


@pytest.mark.parametrize(
    "weak",
    [
        "However, the mission went on.",
        "But the mission went on.",
        "He said that the mission went on.",
        "It's the moment of the year.",
        "This mission went on.",
        "These pictures went around the world.",
        "Their mission went on.",
        "Meanwhile, the mission went on.",
        "For example, the mission went on.",
        "According to him, the mission went on.",
        "The board also faulted the mission.",
        "There, the mission went on.",
        "При этом полёт продолжился.",
        "Однако полёт продолжился.",
        "А полёт продолжился.",
        "Он сказал, что полёт продолжился.",
        "Об этом сообщил директор.",
        "По его словам, полёт продолжился.",
        "Кроме того, полёт продолжился.",
        "Эта настройка помогла.",
        "— И полёт продолжился.",
        "Напомним, полёт продолжился.",
        "Директор также рассказал о полёте.",
    ],
)
def test_no_summary_begins_with_what_leans_on_something_else(weak):
    assert chosen(weak) == []
    assert chosen(f"{weak} {STRONG}") == [STRONG]
    assert chosen(f"{STRONG} {weak}") == [STRONG, weak]
    assert weak not in chosen(f"A short word. {STRONG} {weak}", sentences=1)


@pytest.mark.parametrize(
    "strong",
    [
        "This week the mission went on.",
        "Butter went up by a third.",
        "Italy launched a probe.",
        "A mission went on.",
        "А. С. Иванов выступил в Минске.",
        "Онлайн-школа открылась в Минске.",
        "Итальянцы запустили зонд.",
        "Тамбов запустил зонд.",
    ],
)
def test_a_word_that_only_looks_like_one_that_leans_is_strong(strong):
    assert chosen(strong) == [strong]


def test_a_sentence_that_leans_is_not_parted_from_what_it_leans_on():
    story = f"{STRONG} A dull day followed without anything. They slept."
    assert chosen(story, sentences=2) == [STRONG, "A dull day followed without anything."]
    assert chosen(f"{STRONG} They slept for a day. A dull day followed it all.", sentences=2) == [
        STRONG,
        "They slept for a day.",
    ]


def test_what_says_no_more_than_the_headline_is_left_out():
    assert chosen(f"The spacecraft lands on the far side. {STRONG}") == [STRONG]
    assert chosen("The spacecraft lands on the far side on 24 November.") != []


def test_of_two_sentences_that_say_the_same_one_is_taken():
    twice = "Engineers in Minsk cheered for ten whole minutes."
    other = "The pictures show craters near the pole."
    assert chosen(f"{STRONG} {twice} {other}", sentences=2) == [STRONG, other]


def test_sentences_keep_their_order():
    story = "The day was long. Anna Ivanova of Minsk sent 12 pictures. Engineers cheered."
    assert chosen(story) == ["The day was long.", "Anna Ivanova of Minsk sent 12 pictures.", "Engineers cheered."]


def test_concrete_sentences_are_better_than_vague_ones():
    story = "You will never guess what came. Nobody saw it come. Anna Ivanova of Minsk sent 12 pictures."
    assert chosen(story, sentences=1) == ["Anna Ivanova of Minsk sent 12 pictures."]


@pytest.mark.parametrize(
    "quotation",
    [
        "“We came. We saw it,” said Anna Ivanova.",
        '"We came. We saw it," said Anna Ivanova.',
        "‘We came. We saw it,’ said Anna Ivanova.",
        "'We came. We saw it,' said Anna Ivanova.",
        "«Мы пришли. Мы увидели», — сказала Анна Иванова.",
        "«Мы ждали, — сказала Анна Иванова. — Все ждали. День и ночь».",
    ],
)
def test_a_quotation_is_taken_whole_or_not_at_all(quotation):
    story = f"{STRONG} {quotation}"
    assert chosen(story) == [STRONG, quotation]
    assert chosen(story, room=len(story) - 1) == [STRONG]


@pytest.mark.parametrize(
    "half", ["“We came and saw it all.", "We came and saw it all.”", "«Мы пришли.", "Мы пришли.»", "'We came."]
)
def test_half_a_quotation_is_never_taken(half):
    assert chosen(half) == []


def test_both_kinds_of_quotation_marks_may_make_a_pair():
    assert chosen('"We came and saw it,” said Anna.') == ['"We came and saw it,” said Anna.']


def test_apostrophes_are_no_quotations():
    story = "Anna Ivanova's pictures don't fade. The sisters' mission went on."
    assert chosen(story) == ["Anna Ivanova's pictures don't fade.", "The sisters' mission went on."]


def test_headings_and_captions_are_no_sentences_where_there_are_any():
    assert chosen(f"What happened\n\n{STRONG}\n\nA crater, seen from above") == [STRONG]
    assert chosen("A crater, seen from above") == ["A crater, seen from above"]


def test_no_summary_begins_with_the_one_that_was_named_before():
    story = "Police hunt for a couple of thieves. The pair took 2 canoes near Wekiva on Monday."
    assert chosen(story, sentences=1) == ["Police hunt for a couple of thieves."]
    assert chosen(story, sentences=1, hook=True) == ["Police hunt for a couple of thieves."]
    assert chosen(story) == story.replace(". ", ".\n").split("\n")


def test_a_question_or_a_fact_comes_first_where_one_is_wanted():
    story = f"{STRONG} A probe sent 12 pictures home. It slept."
    assert chosen(story, hook=True, sentences=2) == ["A probe sent 12 pictures home.", "It slept."]
    asked = f"{STRONG} Why does the craft sleep at night? The light is gone."
    assert chosen(asked, hook=True, sentences=2)[0] == "Why does the craft sleep at night?"
    assert chosen(STRONG, hook=True) == [STRONG]


def test_boilerplate_among_the_sentences_is_left_out():
    assert chosen(f"{STRONG} Scroll down for video. The craft sleeps.") == [STRONG, "The craft sleeps."]


WORD = st.sampled_from(
    [
        "But",
        "He",
        "Minsk",
        "12",
        "said.",
        "“yes",
        "ends”",
        "«да»",
        "Он.",
        "the",
        "pictures?",
        "went",
        "on.",
        "However,",
        "Anna…",
    ]
)


@given(st.lists(WORD, max_size=60).map(" ".join), st.integers(0, 200), st.integers(1, 4) | st.none(), st.booleans())
def test_whatever_is_chosen_fits_stands_in_order_and_begins_strong(story, room, sentences, hook):
    given_ = pieces(story, TITLE, "en")
    found = choose(given_, TITLE, Want(sentences, hook), room, characters)
    assert len(" ".join(piece.text for piece in found)) <= room
    assert [piece.place for piece in found] == sorted({piece.place for piece in found})
    assert not (found and found[0].leans)
    assert sentences is None or sum(piece.sentences for piece in found) <= sentences
