"""What a preview tells of the link: which picture readers will see with it, or that there would be none."""

from __future__ import annotations

import asyncio

import av
import pytest

from crosspost import assemble, previews
from crosspost.errors import FeedError
from crosspost.feeds.fetch import Fetched
from crosspost.film import reel
from crosspost.settings import load
from tests.test_writer import CONFIG, stork

FEED = b"""<rss version="2.0"><channel><title>News</title><item><title>Storks are back</title>
<link>https://site.example/1</link><description>They came early this year. Nobody knows why it is so.</description>
</item></channel></rss>"""
WHOLE = b"<title>Storks</title><meta property='og:image' content='/stork.png'>"
PLAIN = b"<title>Storks</title>"


class Web:
    """A site with one feed, one page and one picture; `page` None means that the page answers with an error."""

    def __init__(self, page):
        self._page = page

    async def __aenter__(self):
        return self

    async def __aexit__(self, *error):
        return None

    async def get(self, url, *, proxy=None):
        body = {"xml": FEED, "png": stork(url)}.get(url.rpartition(".")[2], self._page)
        if body is None:
            raise FeedError(f"{url} answered 500.")
        return Fetched(200, url, body, "", "", "", unchanged=False, retry_at=None, moved_to="")


@pytest.fixture
def told(tmp_path, monkeypatch):
    """The previews of the feed's one article by their platforms."""

    def told(pictures, page, youtube=""):
        path = tmp_path / "crosspost.toml"
        feed = '\n[feeds.news]\nurl = "https://site.example/rss.xml"\nlanguage = "en"'
        path.write_text(CONFIG.format(pictures=pictures) + youtube + feed, encoding="utf-8")
        monkeypatch.setattr(assemble, "fetcher", lambda config: Web(page))

        async def gathered():
            return {one.platform: one async for one in previews.of_feeds(previews.Desk(load(path, {})), ["news"], 1)}

        return asyncio.run(gathered())

    return told


@pytest.mark.parametrize("page", [PLAIN, None], ids=["a page without tags", "a page that cannot be read"])
def test_a_link_without_a_preview_is_worth_a_word_where_readers_would_see_one(told, page):
    found = told("none", page)
    for platform, name in (("x", "X"), ("vk", "VK"), ("facebook", "Facebook")):
        (warning,) = found[platform].draft.warnings
        assert warning.startswith(f"{name} would show no preview of the link")
        assert found[platform].link_preview == ""
    assert found["youtube"].draft.warnings == ()


def test_a_link_preview_is_told_with_its_picture(told):
    found = told("auto", WHOLE)
    for platform in ("x", "vk", "facebook"):
        assert found[platform].link_preview == "https://site.example/stork.png"
        assert found[platform].draft.warnings == found[platform].images == ()
    assert found["youtube"].link_preview == ""
    assert found["youtube"].images[0].width == 640


def test_a_post_with_a_card_misses_nothing(told):
    for one in told("auto", PLAIN).values():
        assert one.draft.warnings == ()
        assert one.images[0].alt == "Storks are back"


def test_a_film_that_cannot_be_drawn_is_told_in_a_sentence_and_the_other_previews_stand(told, monkeypatch):
    def still(frame):
        raise av.error.MemoryError(12, "Cannot allocate memory")

    monkeypatch.setattr(reel, "still", still)
    found = told("auto", WHOLE, 'mode = "video"')
    assert found["youtube"].draft is None
    assert found["youtube"].refused == (
        "PyAV cannot make films on this machine (Cannot allocate memory): give it more memory, or install "
        "crosspost's libraries anew."
    )
    assert all(found[platform].draft for platform in ("x", "vk", "facebook"))
