"""Text as a careful editor sets it; links, hashtags and names left alone."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost.text.typography import NBSP, typeset


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('Завод "Луч" открыт', "Завод «Луч» открыт"),
        ("Завод “Луч” и „Свет“", "Завод «Луч» и~«Свет»"),
        ('ОАО "Завод "Луч""', "ОАО «Завод „Луч“»"),
        ("ОАО «Завод «Луч»»", "ОАО «Завод „Луч“»"),
        ("«Завод „Луч“»", "«Завод „Луч“»"),
        ('Зонд "«Луч»" сел', "Зонд «Луч» сел"),
        ("Зонд « Луч » сел", "Зонд «Луч» сел"),
        ("Зонд '«Луч»' сел", "Зонд «Луч» сел"),
        ('Экран 15" вырос', 'Экран 15" вырос'),
        ("ОАО «Завод «Луч»", "ОАО «Завод «Луч»"),
        ("Минск - столица", "Минск~— столица"),
        ("Минск – столица", "Минск~— столица"),
        ("Минск — столица", "Минск~— столица"),
        ("Минск--столица", "Минск~— столица"),
        ("- Да, - сказал он", "— Да,~— сказал он"),
        ("2 - 3 и 2 - это", "2 - 3 и~2~— это"),
        ("в 1939-1945 годах", "в~1939–1945 годах"),
        ("тел. 8017-2000-1900", "тел. 8017-2000-1900"),
        ("дом N 5, №7, No. 8", "дом №~5, №~7, №~8"),
        ("маски N95", "маски N95"),
        ("А. С. Иванов", "А.~С.~Иванов"),
        ("5 тыс. руб., 10 %, 3 км", "5~тыс. руб., 10~%, 3~км"),
        ("и в доме", "и~в~доме"),
        ("кое-как но", "кое-как но"),
        ("Ждут...", "Ждут…"),
        ("Он ждал: «Все пришли.» Ждал", "Он ждал: «Все пришли». Ждал"),
        ("Дали «5 тыс.» и «и т. д.» им", "Дали «5~тыс.» и~«и~т. д.» им"),
        ("«Всё готово» - заявил он", "«Всё готово»,~— заявил он"),
        ("«Всё готово!» - заявил он", "«Всё готово!»~— заявил он"),
        ("Завод «Луч» - лучший", "Завод «Луч»~— лучший"),
    ],
)
def test_russian(text, expected):
    assert typeset(text, "ru").replace(NBSP, "~") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('He said "yes" twice', "He said “yes” twice"),
        ('"A "nested" one"', "“A “nested” one”"),
        ("don't, sisters', '90s", "don’t, sisters’, ’90s"),
        ("rock 'n' roll", "rock ’n’ roll"),
        ("a 'quoted' word", "a ‘quoted’ word"),
        ("\"a 'quoted' word\"", "“a ‘quoted’ word”"),
        ("6' tall, 5\" wide", "6' tall, 5\" wide"),
        ("2016's show, 5'6", "2016’s show, 5'6"),
        ("Minsk - a city", "Minsk – a city"),
        ("Minsk -- a city", "Minsk – a city"),
        ("Minsk--a city", "Minsk—a city"),
        ("Minsk — a city", "Minsk — a city"),
        ("a 2-0 win, 5 - 3", "a 2-0 win, 5 - 3"),
        ("1939-1945", "1939–1945"),
        ("Wait...", "Wait…"),
        ("in a house", "in a house"),
    ],
)
def test_english(text, expected):
    assert typeset(text, "en") == expected


@pytest.mark.parametrize("language", ["de", "fr", ""])
def test_other_languages_keep_their_signs(language):
    text = "Il a dit « oui » ! - \"so\" 'so' ..."
    assert typeset(text, language) == text


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("two  spaces", "two spaces"),
        ("one , two ; three !", "one, two; three!"),
        ("a smile :) stays", "a smile :) stays"),
        ("the .NET way", "the .NET way"),
        ("soft\u00adly \u200bhid\u200bden\ufeff", "softly hidden"),
        ("turned \u202eround\u202c", "turned round"),
        ("e\u0301", "é"),
        ("lost\u200d joiner", "lost joiner"),
        ("👩‍👧‍👦 🇧🇾 1️⃣ ❤️", "👩‍👧‍👦 🇧🇾 1️⃣ ❤️"),
        ("שלום \u200fעולם", "שלום \u200fעולם"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("Text, https://a.example", "Text https://a.example"),
        ("Text -\n\nhttps://a.example", "Text\n\nhttps://a.example"),
        ("Text: https://a.example", "Text: https://a.example"),
    ],
)
def test_all(text, expected, language):
    assert typeset(text, language) == expected


def test_glue_is_left_out_where_it_would_cost():
    assert typeset("5 км в день - много", "ru", glue=False).replace(NBSP, "~") == "5 км в день~— много"


KEPT = [
    "https://site.example/a--b?q='x'&r=1-2",
    "http://пример.рф/что-то...",
    "www.site.example/N-5",
    "#Парк",
    "#да_нет",
    "#э\u0301то",
    "@name",
    "a.b@site.example",
    "site.example/1939-1945",
]


@pytest.mark.parametrize("language", ["ru", "en", "de"])
@pytest.mark.parametrize("kept", KEPT)
def test_links_hashtags_and_names_are_left_alone(kept, language):
    for text in (kept, f'"да" {kept} - "yes"', f"{kept}\n{kept}", f"в {kept}"):
        assert kept in typeset(text, language)
    assert f"{NBSP}{kept}" not in typeset(f"в {kept}", language)
    assert f"{kept}{NBSP}" not in typeset(f"{kept} - да", language)


TOKENS = [
    *KEPT,
    *"\"'«»“”„‘’-–—.,;:!?…()№N5 \n",
    NBSP,
    "--",
    "...",
    "don't",
    "в",
    "А.",
    "тыс",
    "1939-1945",
    "🇧🇾",
    "\u00ad",
    "\u200b",
]
TEXTS = st.lists(st.sampled_from(TOKENS) | st.text(max_size=3), max_size=30).flatmap(
    lambda parts: st.sampled_from(["", " "]).map(lambda between: between.join(parts))
)


@given(TEXTS, st.sampled_from(["ru", "en", "de", ""]), st.booleans())
def test_what_is_set_stays_as_it_is(text, language, glue):
    once = typeset(text, language, glue=glue)
    assert typeset(once, language, glue=glue) == once


@given(st.lists(st.sampled_from(TOKENS), max_size=20), st.sampled_from(["ru", "en", "de"]))
def test_no_address_or_hashtag_is_ever_changed(parts, language):
    text = " ".join(parts)
    wanted = re.findall(r"(?<!\S)(?:https?://\S+|#\w+)(?!\S)", text)
    assert [word for word in typeset(text, language).split() if word in wanted] == wanted


@pytest.mark.parametrize(
    "text", ['"' * 9000, "a" * 20_000, "a-" * 9000, "' " * 9000, "- " * 9000, "a.b" * 9000, "@" * 9000, "- \n" * 9000]
)
def test_hostile_text_takes_no_time(text):
    for language in ("ru", "en"):
        typeset(text, language)
