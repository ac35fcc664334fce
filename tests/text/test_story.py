"""Which of an article's texts is its story, and what the site says above it."""

from __future__ import annotations

import pytest

from crosspost.article import Article
from crosspost.text.story import Story, has_story, story

TITLE = "Spacecraft lands on the far side"
STORY = "The spacecraft landed on Tuesday after a journey of four days. Its first pictures came an hour later."
OTHER = "Another text that is long enough to be taken for a story of its own, by anyone who reads it."
OWN = "Nobody in Minsk had thought that the craft would ever come down"


def article(**known):
    return Article(feed="news", title=TITLE, link="https://site.example/1", language="en", **known)


@pytest.mark.parametrize(
    "teaser",
    [
        "",
        "Short.",
        f"<p>{TITLE}</p>",
        f"{OTHER} And then it is cut off in the…",
        f"{OTHER} And then it is cut off in the [...]",
        f"{OTHER} And then it is cut off in the [&#8230;]",
        f"{OTHER} <a href='/1'>Read more</a>",
        f"{OTHER} <a>Continue reading</a> &raquo;",
        f"{OTHER} Читать далее →",
        f"{OTHER} Подробнее...",
        f"{OTHER} And so on […]<p>The post <a>{TITLE}</a> appeared first on <a>Site</a>.</p>",
    ],
)
def test_behind_a_teaser_the_story_is_looked_for_elsewhere(teaser):
    assert not has_story(article(description=teaser))
    assert story(article(description=teaser, content=f"<p>{STORY}</p>")).whole == STORY
    assert story(article(description=teaser, page_text=STORY)).whole == STORY


def test_a_description_that_tells_the_story_is_taken_first():
    assert story(article(description=f"<p>{STORY}</p>", content=OTHER, page_text=OTHER)).whole == STORY
    assert has_story(article(description=f"<p>{STORY}</p>"))


def test_what_blog_software_adds_is_no_story():
    footers = [f"The post {TITLE} appeared first on Site.", f"Сообщение {TITLE} появились сначала на Сайт."]
    for footer in footers:
        assert story(article(description=f"<p>{STORY}</p><p>{footer}</p>")).whole == STORY


def test_a_list_of_headlines_is_no_story():
    items = "".join(f"<li>Another paper has the news of Minsk and number {number}</li>" for number in range(4))
    headlines = article(description=f"<ol>{items}</ol>")
    assert not has_story(headlines)
    assert has_story(article(description=f"<ol>{items}</ol><p>{STORY}</p>"))


def test_what_the_site_itself_says_in_a_sentence_stands_above_the_story():
    content = f"<p>{STORY}</p>"
    found = story(article(description=f"<p>{OWN}</p>", content=content))
    assert found == Story(STORY, f"{OWN}.")
    assert found.whole == f"{OWN}.\n\n{STORY}"
    assert story(article(description=f"{OWN} “up”", page_text=STORY)).above == f"{OWN} “up”."
    assert story(article(description=f"{OWN}!", content=content)).above == f"{OWN}!"
    inside = story(article(description=OTHER, content=f"<p>{STORY} {STORY}</p><p>{OTHER}</p>"), 200)
    assert inside.above == OTHER
    shorter = f"{OWN}, though all had hoped for it, some of them for years."
    assert story(article(description=f"{OWN}.", content=f"<p>{shorter}</p>"), 90).above == f"{OWN}."
    assert story(article(description=OWN, content=f"<p>{shorter}</p>"), 90).above == ""


def test_a_long_text_is_a_story_though_its_end_is_cut():
    assert story(article(description=OTHER, content=f"<p>{STORY * 10}</p><p>And so…</p>"), 600).text.startswith(STORY)
    assert story(article(description=OTHER, content=f"<p>{STORY * 5}</p><p>And so…</p>"), 600).text == OTHER


@pytest.mark.parametrize(
    "description",
    [
        STORY[:63],
        "Nobody had thought of it.",
        f"{OWN} […]",
        f"{OWN}. Read more",
        f"{OWN}, as https://site.example.com/1",
        f"{TITLE}!!! {'?' * 30}",
        f"{TITLE} of the moon, and nobody sleeps.",
        f"<p>{OWN}.</p><p>{OTHER}</p>",
        f"{OWN}. {OTHER} {OTHER} {OTHER}",
    ],
)
def test_a_description_that_is_more_or_less_than_that_does_not(description):
    assert story(article(description=description, content=f"<p>{STORY}</p>"), 600).above == ""
