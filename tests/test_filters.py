"""What a channel's `only`, `except` and `urgent` take and leave, and the sentence that is recorded for `why`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost.article import Article
from crosspost.filters import Match, Verdict, verdict

ARTICLE = Article(
    feed="news",
    title="Two satellites launched from Minsk",
    link="https://www.site.example/science/space/satellites?id=7",
    description="<p>Engineers of the <b>High Tech Park</b> built &laquo;спутники&raquo; them in three years.</p>",
    content="<p>An advertisement for readers stands at the end.</p>",
    author="Jane Roe, Пётр Ёлкин",
    language="en",
    categories=("Science", "Space  Flight", "Наука и техника"),
    published=datetime(2026, 5, 4, 12, tzinfo=UTC),
)


def fitting(match, article=ARTICLE):
    """What `match` finds in the article, as the rule tells it; "" where it finds nothing."""
    return verdict(article, None, None, match).rule.removeprefix("urgent ")


def test_without_rules_everything_passes():
    assert verdict(ARTICLE, None, None, None) == Verdict(passes=True, rule="", urgent=False)


@pytest.mark.parametrize(
    ("match", "rule"),
    [
        (Match(words=("satellite",)), 'words = ["satellite"]: the title says "satellites"'),
        (Match(words=("rain", "park")), 'words = ["park"]: the description says "Park"'),
        (Match(words=("high tech park",)), 'words = ["high tech park"]: the description says "High Tech Park"'),
        (Match(words=("спутник",)), 'words = ["спутник"]: the description says "спутники"'),
        (Match(words=("flight",)), 'words = ["flight"]: a category says "Flight"'),
        (Match(words=("advertisements",)), 'words = ["advertisements"]: the text says "advertisement"'),
        (Match(words=("strong", "b", "laquo")), ""),
        (Match(categories=("science",)), 'categories = ["science"]: its category is "Science"'),
        (Match(categories=("Space Flight",)), 'categories = ["Space Flight"]: its category is "Space  Flight"'),
        (Match(categories=("Наука",)), ""),
        (Match(languages=("ru", "en")), 'languages = ["en"]: its language is "en"'),
        (Match(languages=("ru",)), ""),
        (Match(authors=("roe",)), 'authors = ["roe"]: its author is "Jane Roe, Пётр Ёлкин"'),
        (Match(authors=("Петр Елкин",)), 'authors = ["Петр Елкин"]: its author is "Jane Roe, Пётр Ёлкин"'),
        (Match(authors=("Roes",)), ""),
        (Match(authors=("Roe Пётр",)), ""),
        (Match(links=("*/sport/*", "*/space/*")), 'links = ["*/space/*"]: its address fits'),
        (Match(), ""),
    ],
)
def test_a_match_finds(match, rule):
    assert fitting(match) == rule


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        ("*/science/*", True),
        ("/science/*", True),
        ("/space/*", False),
        ("site.example/*", True),
        ("www.site.example/*", True),
        ("SITE.example/Science/*", True),
        ("https://www.site.example/science/*", True),
        ("http://www.site.example/*", False),
        ("other.example/*", False),
        ("site.example", False),
        ("*satellites?id=?", True),
        ("*satellites?id=", False),
        ("*/science", False),
    ],
)
def test_a_pattern_is_of_the_whole_address_or_what_follows_the_scheme_or_the_path(pattern, fits):
    assert bool(fitting(Match(links=(pattern,)))) is fits


@pytest.mark.parametrize("pattern", ["*/спорт/*", "/СПОРТ/*", "*/%D1%81%D0%BF%D0%BE%D1%80%D1%82/*"])
@pytest.mark.parametrize("path", ["спорт", "%D1%81%D0%BF%D0%BE%D1%80%D1%82", "%d1%81%d0%bf%d0%be%d1%80%d1%82"])
def test_a_russian_address_fits_however_it_is_written(pattern, path):
    assert fitting(Match(links=(pattern,)), replace(ARTICLE, link=f"https://site.example/{path}/1"))


def test_one_value_of_one_list_is_enough():
    assert verdict(ARTICLE, Match(categories=("Sport",), words=("satellite",)), None, None).passes
    assert verdict(ARTICLE, Match(categories=("Science",), words=("hockey",)), None, None).passes
    assert not verdict(ARTICLE, Match(categories=("Sport",), words=("hockey",)), None, None).passes


def test_except_says_which_word_was_in_the_way():
    ad = replace(ARTICLE, title="Advertisements of the week")
    assert verdict(ad, None, Match(words=("casino", "advertisement")), None) == Verdict(
        passes=False, rule='except words = ["advertisement"]: the title says "Advertisements"'
    )


def test_except_wins_over_only_and_urgent():
    found = verdict(ARTICLE, Match(words=("satellite",)), Match(words=("Minsk",)), Match(words=("satellite",)))
    assert found == Verdict(passes=False, rule='except words = ["Minsk"]: the title says "Minsk"', urgent=False)


def test_what_passes_says_by_which_rules():
    assert verdict(
        ARTICLE, Match(categories=("Science",)), Match(words=("rain",)), Match(words=("launch",))
    ) == Verdict(
        passes=True,
        rule='only categories = ["Science"]: its category is "Science"; '
        'urgent words = ["launch"]: the title says "launched"',
        urgent=True,
    )


BARE = Article(feed="news", title="7", link="")


@pytest.mark.parametrize(
    ("article", "only", "rule"),
    [
        (
            ARTICLE,
            Match(categories=("Sport",), words=("hockey", "football")),
            (
                'only categories = ["Sport"], words = ["hockey", "football"]: '
                'its categories are "Science", "Space  Flight", "Наука и техника", it says no such word'
            ),
        ),
        (BARE, Match(categories=("Sport",)), 'only categories = ["Sport"]: it has no category'),
        (
            replace(BARE, categories=("Art",)),
            Match(categories=("Sport",)),
            'only categories = ["Sport"]: its category is "Art"',
        ),
        (ARTICLE, Match(languages=("ru",)), 'only languages = ["ru"]: its language is "en"'),
        (BARE, Match(languages=("ru",)), 'only languages = ["ru"]: its language is not known'),
        (ARTICLE, Match(authors=("Doe",)), 'only authors = ["Doe"]: its author is "Jane Roe, Пётр Ёлкин"'),
        (BARE, Match(authors=("Doe",)), 'only authors = ["Doe"]: it names no author'),
        (ARTICLE, Match(links=("*/sport/*",)), 'only links = ["*/sport/*"]: its address does not fit'),
        (
            BARE,
            Match(words=tuple("abcdefgh")),
            'only words = ["a", "b", "c", "d", "e", and 3 more]: it says no such word',
        ),
    ],
)
def test_what_only_leaves_out_says_what_the_article_has_instead(article, only, rule):
    assert verdict(article, only, None, None) == Verdict(passes=False, rule=rule)


@pytest.mark.parametrize(
    ("title", "code"),
    [("Белорусские учёные запустили новый спутник", "ru"), ("The engineers launched their second satellite", "en")],
)
def test_a_language_that_nobody_names_is_told_by_the_words(title, code):
    article = Article(feed="news", title=title, link="https://site.example/1")
    assert (
        fitting(Match(languages=("ru", "en")), article) == f'languages = ["{code}"]: its language looks like "{code}"'
    )


def test_a_quotation_mark_in_a_name_is_written_as_in_the_config():
    article = replace(ARTICLE, categories=('"Dinamo"',))
    assert fitting(Match(categories=('"dinamo"',)), article) == (
        r'categories = ["\"dinamo\""]: its category is "\"Dinamo\""'
    )


TEXTS = st.text(max_size=30)
MATCHES = st.builds(
    Match,
    **{name: st.lists(TEXTS, max_size=2).map(tuple) for name in ("categories", "words", "authors", "links")},
)


@given(st.builds(Article, feed=st.just("news"), title=TEXTS, link=TEXTS, description=TEXTS, author=TEXTS), MATCHES)
def test_only_and_except_are_opposites_whatever_they_are_asked(article, match):
    assert verdict(article, match, None, None).passes is not verdict(article, None, match, None).passes
