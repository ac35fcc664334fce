"""The previews as a page to look at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as pillow

from crosspost.article import Article
from crosspost.compose import Draft
from crosspost.post import Image
from crosspost.previews import Preview
from crosspost.sheet import render
from tests.world import World, world

CHROMIUM = Path("/usr/bin/chromium")
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
LINK = "https://site.example/en/storks"


def picture(width: int = 1200, height: int = 630) -> Image:
    data = BytesIO()
    pillow.effect_noise((width, height), 90).convert("RGB").save(data, "JPEG", quality=95)
    return Image(data.getvalue(), "image/jpeg", width, height, "A stork")


def preview(platform: str = "x", text: str = f"Storks <b>come</b> back {LINK} #Belarus", **changes: Any) -> Preview:
    article = Article("news", "Storks & spring", LINK, page_preview=changes.pop("page_preview", True))
    limit = changes.pop("limit", 280)
    draft = Draft(text, LINK, article.title, 100, limit, changes.pop("warnings", ()))
    return Preview(f"{platform}_en", platform, article, draft, **changes)


def refused() -> Preview:
    return Preview("vk_ru", "vk", Article("news", "Аисты", LINK), None, refused="The text is over the limit.")


def test_every_post_is_drawn_with_its_length_and_what_is_to_be_said_of_it() -> None:
    html = render([preview(warnings=("The summary was left out.",)), refused()], NOON)
    assert "Storks &lt;b&gt;come&lt;/b&gt; back" in html
    assert '<span class="tag">#Belarus</span>' in html
    assert "100 of 280" in html and "The summary was left out." in html
    assert "<b>Would not go out.</b> The text is over the limit." in html
    assert '<h2 lang="en">Storks &amp; spring</h2>' in html


def test_the_posts_of_an_article_stand_together() -> None:
    html = render([preview("x"), preview("facebook"), refused()], NOON)
    assert html.count('class="story"') == 1 and html.count('class="column ') == 3


@pytest.mark.parametrize(("limit", "full"), [(100, True), (280, False)])
def test_a_post_that_is_nearly_full_stands_out(limit: int, full: bool) -> None:
    assert ("length full" in render([preview(limit=limit)], NOON)) == full


@pytest.mark.parametrize(
    ("platform", "page_preview", "card"),
    [("x", True, True), ("x", False, False), ("facebook", False, True), ("vk", False, True), ("youtube", True, False)],
)
def test_a_link_has_the_card_that_the_platform_makes_of_it(platform: str, page_preview: bool, card: bool) -> None:
    html = render([preview(platform, page_preview=page_preview)], NOON)
    assert ('class="domain"' in html) == card


def test_pictures_are_in_the_file_and_not_larger_than_a_page_needs() -> None:
    large = picture(3000, 2000)
    html = render([preview(images=(large,)), preview("facebook", card=picture())], NOON)
    held = re.findall(r'src="data:image/jpeg;base64,([^"]+)"', html)
    assert len(held) == 2 and all(len(one) < 300_000 < len(large.data) for one in held)
    assert f"Picture: 3000 x 2000, JPEG, {len(large.data) // 1000} kB." in html
    assert not re.search(r'<(?:img|link|script)\b[^>]*(?:src|href)="(?!data:)', html)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as made:
        yield made


def test_the_command_writes_the_page_and_sends_nothing(place: World) -> None:
    place.site.publish("Moon landing")
    place.configure("x_en", "facebook")
    place.secrets()
    assert "2 posts are drawn in posts.html" in place.run("preview", "--html", "posts.html")
    assert "Moon landing" in (place.folder / "posts.html").read_text(encoding="utf-8")
    assert place.texts("x") == [] and not (place.folder / "data").exists()
    assert "cannot be written: " in place.run("preview", "--html", "nowhere/posts.html", ends_with=2)
    assert "Say one of the two" in place.run("preview", "--html", "posts.html", "--json", ends_with=2)


@pytest.mark.skipif(not CHROMIUM.exists(), reason="chromium is not installed")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1500])
def test_it_fits_any_screen(tmp_path: Path, width: int, scheme: Any) -> None:
    from playwright.sync_api import sync_playwright

    previews = [preview(one, card=picture()) for one in ("x", "vk", "facebook", "youtube")]
    (tmp_path / "posts.html").write_text(render([*previews, refused()], NOON), encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.goto((tmp_path / "posts.html").as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.locator(".post").count() == 4
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == (
            "rgb(21, 18, 16)" if scheme == "dark" else "rgb(244, 241, 236)"
        )
        assert said == []
        browser.close()
