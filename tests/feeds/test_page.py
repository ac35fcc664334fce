"""What an article's page says of itself."""

from __future__ import annotations

import subprocess
import sys

import pytest

from crosspost.article import Picture
from crosspost.errors import FeedError
from crosspost.feeds.page import article_of, read_page

URL = "https://site.example/news/1?utm_source=rss"
STORY = "".join(
    f"<p>Paragraph {number}. The satellite reached its orbit and sent its first data to Earth, engineers said.</p>"
    for number in range(5)
)


def page(head: str = "", body: str = "", lang: str = ' lang="en-GB"') -> bytes:
    return f'<!doctype html><html{lang}><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'.encode()


def read(head: str = "", body: str = "", *, want_text: bool = False, **options):
    return read_page(page(head, body, **options), URL, want_text=want_text)


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>A &amp; B</title>", "A & B"),
        ('<title>A | Site</title><meta property="og:title" content="A">', "A"),
        ('<meta name="twitter:title" content=" A  b ">', "A b"),
        ("", ""),
    ],
)
def test_the_title_is_the_previews_else_the_pages(head, title):
    assert read(head).title == title


@pytest.mark.parametrize(
    ("head", "canonical"),
    [
        ('<link rel="canonical" href="/news/1">', "https://site.example/news/1"),
        ('<link href="https://site.example/a" rel="nofollow CANONICAL">', "https://site.example/a"),
        ('<base href="https://site.example/b/"><link rel="canonical" href="1">', "https://site.example/b/1"),
        ('<link rel="alternate" href="/ru/1">', ""),
        ('<link rel="canonical" href="javascript:void(0)">', ""),
    ],
)
def test_the_canonical_address_is_the_pages_own_word(head, canonical):
    assert read(head).canonical == canonical


@pytest.mark.parametrize(
    ("head", "preview"),
    [
        ('<title>A</title><meta property="og:image" content="/a.jpg">', True),
        ('<meta property="og:title" content="A"><meta name="twitter:image" content="/a.jpg">', True),
        ('<meta property="og:title" content="A">', False),
        ('<meta property="og:image" content="/a.jpg">', False),
        ('<title>A</title><meta property="og:image" content="">', False),
    ],
)
def test_a_preview_needs_a_title_and_a_picture(head, preview):
    assert read(head).preview is preview


def test_the_picture_is_the_first_one_named_with_what_is_said_of_it():
    head = (
        '<meta property="og:image" content="/1.jpg"><meta property="og:image:width" content="1200">'
        '<meta property="og:image:height" content="630"><meta property="og:image:alt" content="A rocket">'
        '<meta property="og:image" content="/2.jpg">'
    )
    assert read(head).picture == Picture("https://site.example/1.jpg", "A rocket", 1200, 630)


@pytest.mark.parametrize(
    ("lang", "head", "language"),
    [
        (' lang="ru-RU"', "", "ru"),
        ("", '<meta property="og:locale" content="be_BY">', "be"),
        ("", '<meta http-equiv="Content-Language" content="en, ru">', "en"),
        (' lang="x-default"', "", ""),
        ("", "", ""),
    ],
)
def test_the_language_is_two_letters(lang, head, language):
    assert read(head, lang=lang).language == language


def test_the_story_comes_as_paragraphs_without_the_headline_and_the_menu():
    text = read(
        "<title>A satellite</title>", f"<nav>Menu</nav><article><h1>A satellite</h1>{STORY}</article>", want_text=True
    ).text
    assert text.startswith("Paragraph 0. The satellite")
    assert len(text.split("\n\n")) == 5
    assert "Menu" not in text


def test_the_text_is_not_looked_for_unless_it_is_wanted():
    assert read("<title>A</title>", STORY).text == ""
    code = (
        "import sys; from crosspost.feeds.page import read_page; "
        "read_page(b'<p>x', 'https://site.example/', want_text=False); print('trafilatura' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_a_page_in_windows_1251_is_read():
    html = '<html><head><meta charset="windows-1251"><title>Спутник вышел на орбиту</title></head></html>'
    assert read_page(html.encode("cp1251"), URL, want_text=False).title == "Спутник вышел на орбиту"


@pytest.mark.parametrize("body", [b"", b"\0", b"\x89PNG\r\n\x1a\n", b"words", b"<", b"<html", b"<!--", b"<?xml?>"])
@pytest.mark.parametrize("want_text", [False, True])
def test_what_is_no_page_says_nothing(body, want_text):
    found = read_page(body, URL, want_text=want_text)
    assert (found.canonical, found.preview, found.picture) == ("", False, None)


def test_an_article_is_made_of_its_page_alone():
    head = '<title>A</title><link rel="canonical" href="/news/1"><meta property="og:image" content="/a.jpg">'
    article = article_of(read(head), URL)
    assert (article.title, article.link, article.language) == ("A", "https://site.example/news/1", "en")
    assert article.page_picture == Picture("https://site.example/a.jpg")
    assert article.page_preview


def test_an_article_of_a_page_without_a_canonical_keeps_the_address_asked_for():
    assert article_of(read("<title>A</title>"), URL).link == URL


@pytest.mark.parametrize("body", ["<p>word<br>" * 10_001, "<p>" + "word " * 600_001], ids=["tags", "bytes"])
def test_the_text_of_a_page_too_large_for_an_article_is_not_looked_for(body):
    page = read('<title>A</title><link rel="canonical" href="/news/1">', body, want_text=True)
    assert (page.text, page.title, page.canonical) == ("", "A", "https://site.example/news/1")


@pytest.mark.parametrize("attribute", [' a{}="x"', " a{}"])
def test_a_page_with_a_flood_of_attributes_is_refused(attribute):
    flood = "".join(attribute.format(number) for number in range(2000))
    with pytest.raises(FeedError, match="more than 1000 attributes in one tag"):
        read("<title>A</title>", f"<p{flood}>")
