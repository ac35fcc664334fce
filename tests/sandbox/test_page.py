from __future__ import annotations

import re
from pathlib import Path

import pytest
import requests

from crosspost.manners import LinkCard, marked_up
from crosspost.sandbox import cards
from crosspost.sandbox.texts import TEXTS, preferred
from tests.sandbox import clients

CHROMIUM = Path("/usr/bin/chromium")
SITE = """<html><head><title>Storks</title><meta property="og:title" content="Storks &amp; spring">
<meta property="og:image" content="/stork.png"></head></html>"""


@pytest.fixture
def posted(sandbox, address):
    clients.x(sandbox, address).create_tweet(text="Storks <b>come</b> back https://site.org/en/1 #Belarus")
    vk = clients.vk(sandbox, address)
    photo = clients.vk_photo(vk)
    vk.method("wall.post", {"owner_id": -777, "message": "Аисты", "attachments": f"photo-777_{photo['id']}"})
    clients.graph(sandbox, address).put_object("1010", "feed", message="Storks", link="https://www.site.example/en/1")
    return address


def get(address, **more):
    return requests.get(address, timeout=5, **more)


def test_the_page_shows_what_was_posted_and_escapes_it(posted):
    html = get(posted).text
    assert "Storks &lt;b&gt;come&lt;/b&gt; back" in html
    assert '<a href="https://site.org/en/1" rel="noopener noreferrer" target="_blank">site.org/en/1</a>' in html
    assert '<span class="domain" lang="en">site.example</span>' in html
    assert "127.0.0.1" in html  # how to connect


def test_every_post_says_its_language(posted):
    html = get(posted).text
    assert re.search(r'<article class="post" id="vk-\d+" lang="ru">', html)
    assert re.search(r'<article class="post" id="x-\d+" lang="en">', html)


@pytest.mark.parametrize(
    ("query", "header", "language"),
    [("", "ru-RU,ru;q=0.9", "ru"), ("", "de,fr", "en"), ("?lang=ru", "en", "ru"), ("?lang=xx", "ru", "ru")],
)
def test_the_page_speaks_the_reader_s_language(address, query, header, language):
    html = get(f"{address}/{query}", headers={"Accept-Language": header}).text
    assert f'<html lang="{language}">' in html
    assert TEXTS[language]["lead"] in html


def test_both_languages_have_the_same_words():
    assert TEXTS["en"].keys() == TEXTS["ru"].keys()
    assert preferred("", "") == "en"


def test_nothing_is_loaded_from_elsewhere(posted):
    html = get(posted).text
    loaded = re.findall(r'(?:src|href)="(https?:)?//', re.sub(r"<a [^>]*>", "", html))
    assert loaded == []
    assert "default-src 'none'" in get(posted).headers["content-security-policy"]
    for name in ("page.css", "page.js"):
        assert get(f"{posted}/{name}").ok
        assert "http" not in get(f"{posted}/{name}").text


def test_pictures_are_served_as_what_they_are(posted, sandbox):
    [image] = re.findall(r'<img src="(/media/[^"]+)"', get(posted).text)
    answer = get(posted + image)
    assert answer.headers["content-type"] == "image/png"
    assert answer.content == sandbox.posts("vk")[0].pictures[0]
    assert get(f"{posted}/media/none").status_code == 404


def test_updates_bring_what_came_after(posted, sandbox):
    everything = get(f"{posted}/updates?after=0").json()
    assert [post["platform"] for post in everything["posts"]] == ["x", "vk", "facebook"]
    assert get(f"{posted}/updates?after={everything['change']}").json()["posts"] == []
    clients.vk(sandbox, posted).method("wall.delete", {"owner_id": -777, "post_id": 1})
    [deleted] = get(f"{posted}/updates?after={everything['change']}").json()["posts"]
    assert deleted["deleted"]
    assert "Deleted" in deleted["html"]


def test_posts_json_lists_everything(posted):
    [first, *_] = get(f"{posted}/posts.json").json()
    assert first == {
        "platform": "x",
        "account": "1001",
        "id": first["id"],
        "text": "Storks <b>come</b> back https://site.org/en/1 #Belarus",
        "link": "https://site.org/en/1",
        "pictures": 0,
        "title": "",
        "at": "2026-11-24T09:00:00+00:00",
        "deleted": False,
    }


@pytest.mark.parametrize(
    ("platform", "text", "html"),
    [
        ("x", "#Тег", '<span class="tag">#Тег</span>'),
        ("x", "a#b c&#d", "a#b c&amp;#d"),
        (
            "vk",
            "https://site.example/a.",
            '<a href="https://site.example/a" rel="noopener noreferrer" target="_blank">',
        ),
        ("x", f"https://site.org/{'a' * 40}", f">site.org/{'a' * 17}…</a>"),
        ("x", '"><script>', "&#34;&gt;&lt;script&gt;"),
        ("vk", "javascript:alert(1)", "javascript:alert(1)"),
    ],
)
def test_texts_are_marked_up(platform, text, html):
    assert html in marked_up(text, platform)


def test_a_card_is_read_from_a_page_on_this_machine_only(stage, monkeypatch):
    async def site(scope, receive, send):
        picture = scope["path"].endswith(".png")
        body, kind = (clients.picture(), b"image/png") if picture else (SITE.encode(), b"text/html")
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind)]})
        await send({"type": "http.response.body", "body": body})

    stage.app = site
    read = cards.Cards()
    card = read.card(f"{stage.address}/en/1")
    assert (card.domain, card.title, card.picture) == ("127.0.0.1", "Storks & spring", f"{stage.address}/stork.png")
    assert read.picture(f"{stage.address}/en/1").data == clients.picture()

    monkeypatch.setattr(cards, "_opener", None)  # would fail if it were used
    assert cards.read_card("https://www.site.example/en/1") == LinkCard("https://www.site.example/en/1", "site.example")


@pytest.fixture
def browser_page(address):
    if not CHROMIUM.exists():
        pytest.skip("chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 390, "height": 800}, locale="ru")
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on("console", lambda said: said.type == "error" and page.errors.append(said.text))
        yield page
        browser.close()


def test_a_post_appears_while_one_watches_and_leaves_when_deleted(browser_page, sandbox, address):
    page = browser_page
    page.goto(address)
    assert page.locator("#x .empty").is_visible()
    client = clients.x(sandbox, address)
    id = client.create_tweet(text="Storks come back").data["id"]
    post = page.locator("#x article")
    post.wait_for()
    assert "Storks come back" in post.inner_text()
    assert page.locator("#x .empty").is_hidden()
    assert page.locator("#x [data-count=x]").inner_text() == "1"
    assert page.locator("#announce").inner_text() == "Новая запись: X"
    client.delete_tweet(id)
    page.locator("#x article.gone").wait_for()
    assert page.locator("#x [data-count=x]").inner_text() == "0"
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.errors == []
