"""An article and a channel's voice -> the text of a post."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost.article import Article
from crosspost.compose import Voice, compose, default_template, needs_page_text, template_problems
from crosspost.errors import Refused
from crosspost.platforms import LIMITS
from crosspost.text.measure import characters

RUSSIAN = Article(
    feed="news_ru",
    title="Спутник вышел на орбиту",
    link="https://site.example.com/ru/12?id=1",
    language="ru",
    categories=("Космос", "Парк высоких технологий"),
    description=(
        "<p>Спутник вышел на расчётную орбиту во вторник утром. Об этом сообщил А. С. Иванов.</p>"
        "<p>Первые снимки ждут через неделю. Их покажут всем.</p>"
    ),
)
ENGLISH = Article(
    feed="news_en",
    title="Satellite reaches orbit",
    link="https://site.example.com/en/12",
    language="en",
    categories=("Space",),
    description=(
        "<p>The satellite reached its orbit on Tuesday morning, said Dr. Smith. "
        "Its first pictures are due in a week.</p>"
    ),
)


def voice(platform="x", template=None, hashtags=("#News",), **changes):
    plain = Voice(platform, template, hashtags, hashtags_from_categories=False, utm={}, pictures="auto", length=None)
    return replace(plain, **changes)


def text(article, *arguments, **changes):
    speaker = voice(*arguments, **changes)
    return compose(article, speaker, LIMITS[speaker.platform]).text


def test_a_post_on_x_has_title_summary_link_and_hashtags():
    assert text(ENGLISH) == (
        "Satellite reaches orbit\n\n"
        "The satellite reached its orbit on Tuesday morning, said Dr. Smith. Its first pictures are due in a week.\n\n"
        "https://site.example.com/en/12 #News"
    )


def test_a_post_on_vk_keeps_paragraphs_and_leaves_the_link_to_its_card():
    assert text(RUSSIAN, "vk", hashtags_from_categories=True) == (
        "Спутник вышел на орбиту\n\n"
        "Спутник вышел на расчётную орбиту во вторник утром. Об этом сообщил А. С. Иванов.\n\n"
        "Первые снимки ждут через неделю. Их покажут всем.\n\n"
        "#News #Космос #ПаркВысокихТехнологий"
    )


def test_a_post_on_facebook_has_three_sentences():
    assert text(RUSSIAN, "facebook", hashtags=()) == (
        "Спутник вышел на орбиту\n\n"
        "Спутник вышел на расчётную орбиту во вторник утром. Об этом сообщил А. С. Иванов. "
        "Первые снимки ждут через неделю."
    )


@pytest.mark.parametrize(
    ("article", "words"),
    [(RUSSIAN, "Читать полностью:"), (ENGLISH, "Read more:"), (replace(ENGLISH, language="de"), "Read more:")],
)
def test_a_post_on_youtube_leads_to_the_article_in_its_language(article, words):
    assert f"\n\n{words} {article.link}\n\n#News" in text(article, "youtube")


def test_the_language_is_guessed_where_nobody_says():
    assert "Читать полностью:" in text(replace(RUSSIAN, language=""), "youtube")


@pytest.mark.parametrize("platform", LIMITS)
def test_the_platforms_own_templates_have_no_mistakes(platform):
    for language in ("ru", "en", ""):
        for link_in_text in (True, False):
            assert template_problems(default_template(platform, language, link_in_text=link_in_text)) == []


def test_a_template_may_use_all_that_is_known():
    everything = "{{ feed }} {{ author }} {{ categories|join('+') }} {{ language }} {{ published.year }} {{ hashtags }}"
    known = replace(ENGLISH, author="A. Author", published=datetime(2026, 11, 24, tzinfo=UTC))
    assert text(known, "x", everything) == "news_en A. Author Space en 2026 #News"


def test_utm_parameters_go_into_the_link():
    draft = compose(ENGLISH, voice(utm={"utm_source": "x"}), LIMITS["x"])
    assert draft.link == "https://site.example.com/en/12?utm_source=x"
    assert draft.link in draft.text


def test_html_and_braces_in_an_article_are_only_text():
    odd = replace(ENGLISH, title="{{ link }} & <b>", description="")
    assert text(odd, "x", "{{ title }}") == "{{ link }} & <b>"


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{ title }}\n\n{{ summary }}\n\n{{ link }} {{ hashtags }}", "T\n\nhttps://site.example.com/1"),
        ("{{ hashtags }}\n{{ summary }}\n\n\n\n{{ title }}", "T"),
        ("  {{ title }}  {{ author }} - {{ link }}\n \n \n", "T - https://site.example.com/1"),
        ("{{ title }}\r\n\r\n{{ summary }}\r\n\r\n{{ link }}", "T\n\nhttps://site.example.com/1"),
    ],
)
def test_what_is_empty_leaves_no_gap(template, expected):
    assert text(Article("f", "T", "https://site.example.com/1", language="en"), "x", template, hashtags=()) == expected


LONG = replace(ENGLISH, title="A title of many words " * 12)  # 263 characters


def test_a_long_post_loses_hashtags_from_the_last_on_then_words_of_its_title_never_its_link():
    short = compose(replace(LONG, title="word " * 49 + "end"), voice(hashtags=("#one", "#two", "#three")), LIMITS["x"])
    assert short.text.endswith("end\n\nhttps://site.example.com/en/12 #one")
    assert short.warnings == ("There is no room for #two #three.",)

    shorter = compose(LONG, voice(), LIMITS["x"])
    assert shorter.text.startswith("A title of many words A title")
    assert shorter.text.endswith("…\n\nhttps://site.example.com/en/12")
    assert shorter.length <= 280
    assert "The title is too long and was shortened." in shorter.warnings
    assert shorter.title == LONG.title


def test_a_summary_is_left_out_rather_than_cut():
    long_sentence = replace(ENGLISH, description="word " * 60 + "end.")
    assert text(long_sentence) == "Satellite reaches orbit\n\nhttps://site.example.com/en/12 #News"


def test_a_template_may_change_or_repeat_the_summary():
    described = replace(ENGLISH, description="A sentence of some thirty letters. " * 20)
    twice = compose(described, voice(template="{{ summary|upper }}\n{{ summary }}\n{{ link }}"), LIMITS["x"])
    assert twice.text.startswith("A SENTENCE")
    assert twice.length <= 280


def test_a_channels_own_length_holds():
    draft = compose(RUSSIAN, voice("youtube", length=100), LIMITS["youtube"])
    assert draft.limit == 100
    assert draft.length <= 100


@pytest.mark.parametrize(
    ("article", "template", "words"),
    [
        (replace(ENGLISH, title="w" * 300), None, "cannot be shortened"),
        (ENGLISH, "x" * 300, "shorten the channel's template"),
        (ENGLISH, "{{ title.nothing }}", "no attribute 'nothing'"),
        (ENGLISH, "{{ 1 / 0 }}", "division by zero"),
        (ENGLISH, "{{ published.year }}", "'None' has no attribute 'year'"),
        (ENGLISH, "{{ ''.__class__.__mro__ }}", "unsafe"),
        (ENGLISH, "{{ title", "mend it"),
        (ENGLISH, "{{ author }}", "empty text"),
        (ENGLISH, "{% for x in range(10**9) %}{% endfor %}", "Range too big"),
        (Article("news", "", ""), None, "nothing to post"),
    ],
)
def test_what_cannot_be_written_is_refused_with_the_reason(article, template, words):
    with pytest.raises(Refused, match=words):
        compose(article, voice(template=template), LIMITS["x"])


def test_an_article_without_a_title_is_told_by_its_text():
    assert (
        text(replace(ENGLISH, title="", description="Just a note."), hashtags=())
        == "Just a note.\n\nhttps://site.example.com/en/12"
    )


def test_a_missing_link_is_warned_of():
    assert compose(replace(ENGLISH, link=""), voice(), LIMITS["x"]).warnings == ("The article has no link.",)
    lost = compose(ENGLISH, voice(template="{{ title }}"), LIMITS["x"])
    assert lost.warnings == ("The text has no link to the article: the template lacks {{ link }}.",)
    assert compose(ENGLISH, voice("vk"), LIMITS["vk"]).warnings == ()


def test_the_page_is_read_only_where_the_feed_tells_too_little():
    assert not needs_page_text(ENGLISH)
    assert needs_page_text(replace(ENGLISH, description="Short…"))


@pytest.mark.parametrize(
    ("template", "problem"),
    [
        ("{{ titel }}", "the template has no variable titel: did you mean title?"),
        ("{{ summary }} {{ sumary }}", "the template has no variable sumary: did you mean summary?"),
        ("{{ zzz }}", "the template has no variable zzz: there are author, categories, feed"),
        ("{{ title", "line 1 of the template is wrong: unexpected end of template"),
        ("\n{{ title|shout }}", "line 2 of the template is wrong: No filter named 'shout'."),
        ("{{ title.first }}", "the template fails for an article: "),
        ("{{ categories[0] }}", "the template fails for an article without author, categories and time: "),
        ("{% include 'other' %}", "the template fails for an article: "),
        ("{{ title.__class__ }}", "the template fails for an article: "),
    ],
)
def test_a_mistake_in_a_template_is_told_when_the_config_is_read(template, problem):
    (found,) = template_problems(template)
    assert found.startswith(problem)


@pytest.mark.parametrize(
    "template",
    [
        "",
        "Plain words",
        "{{ title }}{% if published %} ({{ published.strftime('%d.%m') }}){% endif %}",
        "{% for c in categories %}{{ loop.index }}{{ c|upper }}{% endfor %}",
        "{% set t = title|truncate(20) %}{{ t }} {{ range(3)|join }}",
    ],
)
def test_a_sound_template_has_no_problems(template):
    assert template_problems(template) == []


WORDS = [
    "слово",
    "word",
    "конец.",
    "#тег",
    "https://site.com/a?b=1",
    "👨‍👩‍👧‍👦",
    "e\u0301",
    "a < b",
    "№5",
    "«да»!",
    "t.co/x.",
]
SINGLE = " ".join(WORDS).split()
WHOLE_WORDS = {
    *SINGLE,
    *(word.rstrip(" <.«") + "…" for word in SINGLE),
    *["…", "Читать", "полностью:", "Read", "more:"],
}
WORD = st.sampled_from(WORDS)
PROSE = st.lists(WORD, max_size=60).map(" ".join)
ARTICLES = st.builds(
    Article,
    feed=st.just("f"),
    title=st.lists(WORD, min_size=1, max_size=40).map(" ".join),
    link=st.just("https://site.example.com/1") | st.just("http://127.0.0.1:45123/en/1"),
    language=st.sampled_from(["ru", "en"]),
    description=PROSE,
    content=PROSE,
    categories=st.lists(st.text(max_size=12), max_size=4).map(tuple),
)


@given(ARTICLES, st.sampled_from(sorted(LIMITS)), st.integers(120, 400))
def test_no_post_is_over_its_limit_or_cut_inside_anything(article, platform, length):
    speaker = voice(platform, length=length, hashtags=("#News", "#Новости"), hashtags_from_categories=True)
    limits = LIMITS[platform]
    draft = compose(article, speaker, limits)
    assert draft.length == limits.measure(draft.text) <= draft.limit == length
    assert "\n\n\n" not in draft.text
    assert all(line == line.strip() for line in draft.text.split("\n"))
    assert set(draft.text.split()) <= WHOLE_WORDS | {draft.link} | {
        word for word in draft.text.split() if word[0] == "#"
    }
    if limits.link_in_text:
        assert draft.link in draft.text


def test_characters_are_what_the_others_count():
    draft = compose(RUSSIAN, voice("vk"), LIMITS["vk"])
    assert draft.length == characters(draft.text) == len(draft.text)
