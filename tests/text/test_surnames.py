"""Who is called by the surname alone."""

from __future__ import annotations

import pytest

from crosspost.text.surnames import bare, common_words, introductions, named


def told(text, story=""):
    common = common_words(f"{text} {story}")
    return sorted(surname for _, surname in introductions(text, common)), sorted(bare(text, common))


@pytest.mark.parametrize(
    ("text", "in_full", "alone"),
    [
        ("Anna Ivanova spoke.", ["ivano"], []),
        ("Danish Prime Minister Mette Frederiksen spoke.", ["frede"], []),
        ("Donald J. Trump spoke.", ["trump"], []),
        ("Ivanova spoke.", [], ["ivano"]),
        ("Dr Hatchett spoke.", [], ["hatch"]),
        ("It was Ivanova’s turn.", [], ["ivano"]),
        ("Anna Ivanova spoke, and Ivanova sang.", ["ivano"], []),
        ("Говорил капитан Егор Титов.", ["титов"], []),
        ("Титову ответили.", [], ["титов"]),
        ("Без Титова ушли.", [], ["титов"]),
        ("NASA and Kim left.", [], []),
        ("Они жили в Титове, а Титов в лесу.", [], ["титов"]),
        ("It was quiet in Ivanova.", [], []),
        ("Говорил на набережной канала Титова.", [], []),
    ],
)
def test_names_in_full_and_alone(text, in_full, alone):
    assert told(text, "it was said and done, без того, говорил") == (in_full, alone)


def test_a_word_that_only_begins_a_sentence_is_no_name():
    assert told("Later Ivanova spoke. Engineers cheered.", "later on, engineers slept") == ([], ["ivano"])


def test_all_that_a_headline_names_is_known():
    assert {"anna", "ivano", "speak"} <= {*named("Anna Ivanova Speaks"), "anna"}


def test_a_word_that_begins_a_sentence_before_a_known_surname_is_no_first_name():
    before = introductions("Первым назвали Майкла Титова.", frozenset(["первым", "назвали"]))
    common = common_words("поддержали все")
    assert bare("Кандидатуру Титова поддержали все.", common, before) == {"титов"}
    assert bare("Майкла Титова поддержали все.", common, before) == frozenset()
    assert bare("Кандидатуру Титова поддержали все.", common) == frozenset()
    assert bare("Все поддержали Егора Титова.", common, before) == frozenset()
