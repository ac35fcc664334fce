"""An article and a channel's voice -> the text of a post."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings

from crosspost.article import Article
from crosspost.compose import Voice, compose, needs_page_text, sentences_of
from crosspost.errors import Refused
from crosspost.platforms import LIMITS, limits
from crosspost.templates import default_template, template_problems
from crosspost.text.measure import characters
from crosspost.text.typography import NBSP
from tests import posts

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
    return Voice(platform, template, hashtags=hashtags, **changes)


def text(article, *arguments, **changes):
    """The text of a post, "~" for each non-breaking space."""
    speaker = voice(*arguments, **changes)
    return compose(article, speaker, LIMITS[speaker.platform]).text.replace(NBSP, "~")


def test_a_video_has_the_link_first_and_counts_bytes():
    draft = compose(RUSSIAN, voice("youtube"), limits("youtube", "video"))
    assert draft.text == (
        "https://site.example.com/ru/12?id=1\n\n"
        "Спутник вышел на расчётную орбиту во вторник утром. Об этом сообщил А. С. Иванов. "
        "Первые снимки ждут через неделю. #News"
    )
    assert (draft.length, draft.limit) == (len(draft.text.encode()), 5000)


def test_a_summary_of_a_video_is_counted_in_characters():
    sentence = f"Инженеры центра в Минске {'весело ' * 24}запустили зонд."
    other = f"Журналисты города Бреста {'грустно ' * 24}легли спать."
    article = replace(RUSSIAN, description=f"<p>{sentence} {other}</p>")
    assert len(f"{sentence} {other}") < 500 < len(f"{sentence} {other}".encode())
    assert len(sentences_of(article, voice("youtube"), limits("youtube", "video"))) == 2
    assert "легли спать" in compose(article, voice("youtube"), limits("youtube", "video")).text
    full = replace(voice("youtube"), template="{{ link }}" + "ж" * 2400 + "{{ summary }}")
    assert compose(article, full, limits("youtube", "video")).length <= 5000


def test_signs_that_a_platform_refuses_are_written_otherwise():
    asked, titled = replace(ENGLISH, title="Is 2 < 3 & 3 > 2?"), replace(voice("youtube"), template="{{ title }}")
    assert compose(asked, titled, limits("youtube", "video")).text == "Is 2 ‹ 3 & 3 › 2?"
    assert "Is 2 < 3 & 3 > 2?" in text(asked, "youtube")


def test_a_post_on_x_has_title_one_sentence_link_and_hashtags():
    assert text(ENGLISH) == (
        "Satellite reaches orbit\n\n"
        "The satellite reached its orbit on Tuesday morning, said Dr. Smith.\n\n"
        "https://site.example.com/en/12 #News"
    )


def test_a_post_on_vk_keeps_paragraphs_and_leaves_the_link_to_its_card():
    assert text(RUSSIAN, "vk", hashtags_from_categories=True) == (
        "Спутник вышел на~орбиту\n\n"
        "Спутник вышел на~расчётную орбиту во~вторник утром. Об~этом сообщил А.~С.~Иванов.\n\n"
        "Первые снимки ждут через неделю. Их покажут всем.\n\n"
        "#News #Космос #ПаркВысокихТехнологий"
    )


def test_a_post_on_facebook_has_three_sentences():
    assert text(RUSSIAN, "facebook", hashtags=()) == (
        "Спутник вышел на~орбиту\n\n"
        "Спутник вышел на~расчётную орбиту во~вторник утром. Об~этом сообщил А.~С.~Иванов. "
        "Первые снимки ждут через неделю."
    )


@pytest.mark.parametrize(
    ("article", "words"),
    [(RUSSIAN, "Читать полностью"), (ENGLISH, "Read more"), (replace(ENGLISH, language="de"), "Read more")],
)
def test_a_post_on_youtube_leads_to_the_article_in_its_language(article, words):
    assert f"\n\n{words}\n{article.link} #News" in text(article, "youtube")


def test_the_language_is_guessed_where_nobody_says():
    assert "Читать полностью" in text(replace(RUSSIAN, language=""), "youtube")


@pytest.mark.parametrize("platform", LIMITS)
def test_the_platforms_own_templates_have_no_mistakes(platform):
    for language in ("ru", "en", ""):
        for mode in ("", "video"):
            assert template_problems(default_template(platform, language, limits(platform, mode))) == []


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
        ("  {{ title }}  {{ author }} - {{ link }}\n \n \n", "T – https://site.example.com/1"),
        ("{{ title }}\r\n\r\n{{ summary }}\r\n\r\n{{ link }}", "T\n\nhttps://site.example.com/1"),
    ],
)
def test_what_is_empty_leaves_no_gap(template, expected):
    assert text(Article("f", "T", "https://site.example.com/1", language="en"), "x", template, hashtags=()) == expected


_ALIKE = ["alder", "birch", "cedar", "dogwood", "elder", "fir", "ginkgo", "hazel", "iroko", "juniper", "kapok", "larch"]
TOLD = replace(
    ENGLISH,
    description="".join(
        f"<p>{tree}s{tree} grew near {tree}ville beside {tree}field and {tree}water. "
        f"Why do {tree}lings{tree} outlive {tree}wood?</p>"
        for tree in map(str.capitalize, _ALIKE)
    ),
)


@pytest.mark.parametrize(
    ("platform", "size", "sentences", "paragraphs"),
    [
        ("x", None, 1, 1),
        ("x", "long", 4, 1),  # as many as there is room for
        ("facebook", None, 3, 1),
        ("facebook", "short", 2, 1),
        ("facebook", 160, 2, 1),
        ("facebook", 0, 0, 0),
        ("vk", None, 7, 2),  # whole paragraphs
        ("vk", "medium", 3, 1),
        ("vk", 700, 12, 2),
        ("youtube", None, 2, 1),
    ],
)
def test_a_summary_is_as_long_as_the_platform_or_the_channel_wants(platform, size, sentences, paragraphs):
    told = text(TOLD, platform, "{{ summary }}", hashtags=(), summary=size) if size != 0 else ""
    assert len(re.findall("[.?]", told)) == sentences
    assert len(told.split("\n\n")) == paragraphs or not told
    assert "\n\n\n" not in text(TOLD, platform, summary=size)


def test_no_summary_may_be_wanted():
    assert text(ENGLISH, "vk", summary=0) == "Satellite reaches orbit #News"


def test_the_last_hashtags_of_categories_give_way_to_a_sentence_on_x():
    named = ("Physics", "Astronautics", "Meteorology")
    told = Article(
        "news", "A title", "https://site.example/1", description=f"<p>Minsk {'has ' * 55}it.</p>", categories=named
    )
    said = text(told, "x", hashtags=(), hashtags_from_categories=True)
    assert " has it." in said
    assert said.endswith("#Physics")
    assert "#Meteorology" in text(told, "x", hashtags=("#Astronautics", "#Meteorology"))
    brief = replace(told, description="")
    assert text(brief, "x", hashtags=(), hashtags_from_categories=True).endswith("#Physics #Astronautics #Meteorology")


def test_of_too_many_hashtags_those_stay_that_the_headline_names():
    many = replace(ENGLISH, title="Satellite maps Ferguson", categories=("Amazon", "Comments", "Ferguson", "Space"))
    assert (
        text(many, "x", "{{ hashtags }}", hashtags=("#News",), hashtags_from_categories=True)
        == "#News #Ferguson #Amazon"
    )
    assert text(many, "vk", "{{ hashtags }}", hashtags=(), hashtags_from_categories=True).startswith(
        "#Amazon #Comments"
    )


def test_a_headline_loses_what_its_feed_puts_around_it():
    named = Article("news", "World › Plant opens in Minsk - Site", "https://site.example/1", language="en")
    draft = compose(named, voice("x"), limits("x"))
    assert draft.text.startswith("Plant opens in Minsk\n")
    assert not draft.warnings


def test_a_summary_on_youtube_begins_with_a_question_or_a_fact():
    assert text(TOLD, "youtube", "{{ summary }}", hashtags=()).startswith("Why do AlderlingsAlder outlive Alderwood?")


def test_a_category_has_the_hashtag_that_the_manager_gave_it():
    mapped = {"парк высоких технологий": "#ПВТ", "Космос": ""}
    assert text(RUSSIAN, "vk", "{{ hashtags }}", hashtag_map=mapped) == "#News #ПВТ"
    assert text(RUSSIAN, "vk", "{{ hashtags }}", hashtag_map={"Космос": "#Орбита"}, hashtags_from_categories=True) == (
        "#News #Орбита #ПаркВысокихТехнологий"
    )


def test_hashtags_beyond_the_channels_number_are_left_out_with_a_word():
    draft = compose(ENGLISH, voice(hashtags=("#a", "#b", "#c", "#d")), LIMITS["x"])
    assert draft.text.endswith("#a #b #c")
    assert draft.warnings == ("More hashtags than the channel takes; left out: #d.",)
    assert text(ENGLISH, hashtags=("#a", "#b"), most_hashtags=1).endswith("12 #a")
    assert "#" not in text(ENGLISH, hashtags=("#a", "#b"), most_hashtags=0)


def test_hashtags_may_stand_inside_the_text():
    inside = text(ENGLISH, "facebook", hashtags=("#Orbit", "#Satellite", "#News"), hashtags_at="inside")
    assert inside.startswith("Satellite reaches orbit\n\nThe #satellite reached its #orbit on Tuesday morning, said")
    assert inside.endswith("due in a week. #News")


def test_a_text_is_set_as_its_language_sets_it():
    spoken = 'He said "yes" - and went.'
    assert text(replace(ENGLISH, title=spoken), hashtags=()).startswith("He said “yes” – and went.")
    assert text(replace(RUSSIAN, title='Завод "Луч" - лучший'), "vk").startswith("Завод «Луч»~— лучший")


@pytest.mark.parametrize(
    "link", ['https://site.example/«a»?q="b"', "https://site.example/<a>--b", "site.example/a - b"]
)
def test_no_link_is_set_however_odd_it_is(link):
    draft = compose(replace(RUSSIAN, link=link), voice(), LIMITS["x"])
    assert link in draft.text
    assert draft.warnings == ()


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
    repeated = "{{ summary|upper }}\n{{ summary }}\n{{ link }}"
    twice = compose(TOLD, voice(template=repeated, summary="long", hashtags=()), LIMITS["x"])
    assert twice.text.startswith("ALDERSALDER GREW")
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
    nothing_begins = (
        "They rose above the ice of the pole in autumn. But in spring they came down, all of them, one by one."
    )
    assert needs_page_text(replace(ENGLISH, description=nothing_begins))
    assert not needs_page_text(replace(ENGLISH, description=nothing_begins.replace("They", "Balloons")))


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


@pytest.mark.parametrize("kind", posts.KINDS)
@settings(max_examples=posts.SUITE, derandomize=True)
@given(posts.ARTICLES, posts.LENGTHS, posts.SUMMARIES, posts.PLACES)
def test_no_post_is_over_its_limit_or_cut_inside_anything(kind, article, length, summary, place):
    posts.written(article, kind, length, summary, place)


def test_characters_are_what_the_others_count():
    draft = compose(RUSSIAN, voice("vk"), LIMITS["vk"])
    assert draft.length == characters(draft.text) == len(draft.text)
