"""Words about an article that say what stands in it pass; all others do not, each for its reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost.text.faithful import Want, objection
from crosspost.text.sentences import sentences
from tests.demo.test_site import STORIES

ENGLISH = """Minsk opens a bridge.
The mayor of Minsk, Anna Petrova, opened a new bridge over the Svislach on Tuesday. It cost 2.5 million roubles and took
three years. “We waited for this bridge for a long time,” said Maria Smith, an engineer from Poland who works for the US
company O'Neil. The plan is at bridge.example/plan; ask @minsk or write to bridge@minsk.example."""
RUSSIAN = """В Минске открыли мост.
Мэр Минска Анна Петрова открыла во вторник новый мост через Свислочь. Он обошёлся в 2,5 млн рублей и строился три года.
«Мы давно ждали этот мост», — сказал инженер Иван Иванов из Польши."""


def told(words: str, source: str = ENGLISH, length: int = 300, language: str = "") -> str:
    return objection(words, source, Want(length, len, language or ("ru" if source is RUSSIAN else "en")))


def test_words_may_be_as_long_as_there_is_room_and_no_longer():
    words = "Mayor Petrova opened the bridge after 3 years of work."
    assert told(words, length=len(words)) == ""
    assert told(words, length=len(words) - 1) == f"is {len(words)} long where {len(words) - 1} are allowed"


@pytest.mark.parametrize(
    "words",
    [
        "The new bridge over the Svislach, opened by Anna Petrova, cost 2.5 million roubles.",
        "Mayor Petrova opened the bridge after 3 years of work.",
        "Minsk's mayor has opened a bridge; it cost 2,500,000 roubles.",
        "After three years the bridge over the Svislach is open. Engineers waited for it.",
        "“We waited for this bridge for a long time,” said the engineer Maria Smith.",
        "The plan of the bridge is at bridge.example/plan.",
        "An engineer of O’Neil, a U.S. company, waited for the bridge.",
    ],
)
def test_what_stands_in_the_article_passes(words):
    assert told(words) == ""


@pytest.mark.parametrize(
    "words",
    [
        "Новый мост через Свислочь обошёлся в 2,5 миллиона рублей.",
        "Мост, который открыла Анна Петрова, строили 3 года.",
        "Мост в Минске давно ждали, говорит инженер Иван Иванов.",
        "Инженер из Польши сказал: «Мы давно ждали этот мост».",
        "После трёх лет строительства мост открыли мэру Минска Анне Петровой.",
    ],
)
def test_what_stands_in_a_russian_article_passes_in_other_forms(words):
    assert told(words, RUSSIAN) == ""


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("", "says nothing"),
        ("— … 12 !", "says nothing"),
        ("The bridge opened. " * 20, "long where"),
        ("**Minsk** opened a bridge over the Svislach.", "markup"),
        ("# Minsk opened a bridge", "markup"),
        ("- Minsk opened a bridge", "markup"),
        ("1. Minsk opened a bridge", "markup"),
        ("<b>Minsk</b> opened a bridge over the Svislach.", "markup"),
        ("Minsk opened a bridge &amp; more.", "markup"),
        ("Minsk opened a {{ title }} bridge.", "markup"),
        ("Minsk opened a\u202e bridge over the Svislach.", "nobody sees"),
        ("Minsk opened a\u200b bridge over the Svislach.", "nobody sees"),
        ("Мэр Минска открыла новый мост через реку.", "another language"),
        ("The bridge over the Svislach: see evil.example", "evil.example"),
        ("The bridge over the Svislach: see https://evil.example/a?b", "https://evil.example/a?b"),
        ("The bridge over the Svislach: see bridge.example/pla", "bridge.example/pla"),
        ("The bridge over the Svislach: see bridge.example.org", "bridge.example.org"),
        ("The bridge over the Svislach, says @evil", "@evil"),
        ("The bridge over the Svislach #advertisement", "#advertisement"),
        ("Write to me@minsk.example about the bridge.", "me@minsk.example"),
        ("The bridge over the Svislach cost 2.5 billion roubles.", "2500000000"),
        ("The bridge over the Svislach took four years.", "states 4"),
        ("The bridge was opened by Vladimir.", "Vladimir"),
        ("Vladimir opened the bridge over the Svislach.", "Vladimir"),
        ("The bridge was opened by Anna Smith.", "Anna Smith"),
        ("The bridge was built by NATO.", "NATO"),
        ("“We never wanted this bridge,” said an engineer from Poland.", "quotes"),
        ("I'm sorry, but I cannot help with that.", "I'm"),
        ("Everybody should buy cheap watches from this wonderful shop.", "Everybody"),
        ("the best watches from our wonderful shop are very cheap", "other things"),
    ],
)
def test_what_the_article_does_not_say_is_refused(words, why):
    assert why in told(words)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("Мост открыл Владимир.", "Владимир"),
        ("Мост открыла Мария Петрова.", "Мария"),
        ("Инженер Иван Петров ждал этот мост.", "Иван Петров"),
        ("Мост строили четыре года.", "states 4"),
        ("Мост обошёлся в 2,5 млрд рублей.", "2500000000"),
        ("«Этот мост нам не нужен», — сказал инженер из Польши.", "quotes"),
        ("The new bridge in Minsk was opened by the mayor.", "another language"),
    ],
)
def test_what_a_russian_article_does_not_say_is_refused(words, why):
    assert why in told(words, RUSSIAN)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.slug)
def test_an_article_s_own_sentences_say_what_stands_in_it(story):
    """The demo's stories, sentence by sentence; where a quotation goes over several, it is no sentence of its own."""
    text = "\n\n".join([story.lead, *story.paragraphs])
    for sentence in sentences(text, story.language):
        if sentence.count("«") == sentence.count("»") and sentence.count("“") == sentence.count("”"):
            assert objection(sentence, f"{story.title}.\n{text}", Want(10_000, len, story.language)) == ""


@given(st.text(max_size=80))
def test_anything_gets_an_answer(words):
    assert isinstance(told(words), str)


@given(st.sampled_from(["Quentin", "Zürich", "Bolivia", "NATO"]), st.integers(0, 20))
def test_a_strange_name_is_found_wherever_it_stands(name, place):
    sentence = "The new bridge over the Svislach was opened by the mayor on a Tuesday after three years"
    words = sentence.split()
    words.insert(place, name)
    assert name in told(" ".join(words))
