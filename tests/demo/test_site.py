"""The sample site is a decent site: feeds, pages and pictures as a real one has them, and a memory."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from io import BytesIO
from xml.etree import ElementTree as xml

import pytest
import requests
from PIL import Image
from starlette.applications import Starlette
from starlette.routing import Mount

from crosspost.demo import drawing
from crosspost.demo.canvas import Canvas
from crosspost.demo.site import EDITIONS, Site, app
from crosspost.errors import CrosspostError
from tests.loopback import serve

MEDIA = "{http://search.yahoo.com/mrss/}"
OPENING = datetime(2031, 5, 4, 12, tzinfo=UTC)
LANGUAGES = sorted(EDITIONS)
STORIES = [story for edition in EDITIONS.values() for story in (*edition.stories, *edition.late)]


class Clock:
    def __init__(self, now=OPENING):
        self.now = now

    def __call__(self):
        return self.now


@pytest.fixture(autouse=True)
def quick_pictures(monkeypatch):
    """Every scene is drawn in its own test; a site need not draw them all."""
    tiny = BytesIO()
    Image.new("RGB", drawing.SIZE, "navy").save(tiny, "JPEG")
    known = frozenset(story.slug for story in STORIES)

    def draw(slug):
        if slug not in known:
            raise KeyError(slug)
        return tiny.getvalue()

    monkeypatch.setattr(drawing, "draw", draw)


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path / "site.json", clock=Clock())


@pytest.fixture
def address(site):
    with serve(Starlette(routes=[Mount("/site", app(site))])) as root:
        yield f"{root}/site"


def items(address, language):
    return xml.fromstring(requests.get(f"{address}/{language}/rss.xml", timeout=20).content).findall("channel/item")


def properties(page):
    return dict(re.findall(r'<meta property="([^"]+)" content="([^"]*)">', page))


# --- the stories


def test_there_is_a_dozen_of_stories_and_three_late_ones_in_each_language():
    assert {e.language: (len(e.stories), len(e.late)) for e in EDITIONS.values()} == {"en": (6, 3), "ru": (6, 3)}
    assert len({story.slug for story in STORIES}) == len(STORIES)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.slug)
def test_a_story_is_whole(story):
    words = " ".join((story.lead, *story.paragraphs)).split()
    assert 150 <= len(words) <= 350
    assert len(story.title) <= 110
    assert len(story.categories) == 2
    assert story.language in EDITIONS
    assert bool(re.search("[а-яё]", story.title)) == (story.language == "ru")
    assert "  " not in story.lead


# --- the feeds


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_feed_lists_the_edition_newest_first_with_all_a_reader_wants(address, language):
    found = items(address, language)
    edition = EDITIONS[language]
    assert [item.findtext("title") for item in found] == [story.title for story in edition.stories[::-1]]
    dates = [parsedate_to_datetime(item.findtext("pubDate")) for item in found]
    assert dates == sorted(dates, reverse=True)
    assert dates[0] < OPENING
    for item, story in zip(found, edition.stories[::-1], strict=True):
        assert item.findtext("link") == f"{address}/{language}/{story.slug}"
        assert item.findtext("description") == story.lead
        assert tuple(category.text for category in item.findall("category")) == story.categories
        picture = f"{address}/pictures/{story.slug}.jpg"
        assert item.find("enclosure").get("url") == picture
        assert item.find(f"{MEDIA}content").get("url") == picture
    assert len({item.findtext("guid") for item in found}) == len(found)


def test_a_feed_that_has_not_changed_is_not_sent_again(address, site):
    url = f"{address}/en/rss.xml"
    first = requests.get(url, timeout=20)
    etag, date = first.headers["ETag"], first.headers["Last-Modified"]
    for condition in ({"If-None-Match": etag}, {"If-None-Match": f'"other", W/{etag}'}, {"If-Modified-Since": date}):
        again = requests.get(url, headers=condition, timeout=20)
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    for condition in ({"If-None-Match": '"other"', "If-Modified-Since": date}, {"If-Modified-Since": "yesterday"}):
        assert requests.get(url, headers=condition, timeout=20).status_code == 200
    site.publish_next()
    assert requests.get(url, headers={"If-None-Match": etag}, timeout=20).status_code == 200


# --- the pages


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_article_page_tells_what_a_link_preview_needs(address, language):
    story = EDITIONS[language].stories[0]
    page = requests.get(f"{address}/{language}/{story.slug}?utm_source=x", timeout=20).text
    told = properties(page)
    assert told["og:type"] == "article"
    assert told["og:url"] == f"{address}/{language}/{story.slug}"
    assert told["og:image"] == f"{address}/pictures/{story.slug}.jpg"
    assert told["og:locale"].startswith(language)
    assert f'<link rel="canonical" href="{address}/{language}/{story.slug}">' in page
    assert all(paragraph.split("’")[0] in page for paragraph in story.paragraphs)


def test_a_front_page_leads_to_every_story(address):
    page = requests.get(f"{address}/ru/", timeout=20).text
    assert all(f'href="{address}/ru/{story.slug}"' in page for story in EDITIONS["ru"].stories)


def test_the_door_opens_on_the_english_front_page(address):
    assert requests.get(f"{address}/", timeout=20).url == f"{address}/en/"


@pytest.mark.parametrize("path", ["/en/nothing", "/de/", "/de/rss.xml", "/pictures/nothing.jpg", "/en/three-echoes"])
def test_what_is_not_there_or_not_yet_is_told_as_404(address, path):
    answer = requests.get(f"{address}{path}", timeout=20)
    assert answer.status_code == 404
    assert "404" in answer.text


def test_a_missing_russian_page_is_told_in_russian(address):
    assert "Такой страницы здесь нет" in requests.get(f"{address}/ru/net", timeout=20).text


def test_links_go_by_the_given_address_where_there_is_one(tmp_path):
    with serve(app(Site(tmp_path / "site.json", "https://site.example/"))) as root:
        assert items(root, "en")[0].findtext("link").startswith("https://site.example/en/")


# --- the memory


def test_late_stories_appear_one_by_one_in_every_language_and_then_no_more(address, site):
    late = {language: [story.title for story in EDITIONS[language].late] for language in LANGUAGES}
    for turn in range(3):
        assert site.publish_next() == (late["en"][turn], late["ru"][turn])
        for language in LANGUAGES:
            assert items(address, language)[0].findtext("title") == late[language][turn]
    assert site.publish_next() is None


def test_the_next_site_remembers_what_was_published_and_when(tmp_path):
    clock = Clock()
    first = Site(tmp_path / "memory" / "site.json", clock=clock)
    clock.now += timedelta(seconds=30)
    first.publish_next()
    clock.now += timedelta(days=3)
    second = Site(tmp_path / "memory" / "site.json", clock=clock)
    assert second.published("ru") == first.published("ru")
    assert second.published("ru")[0].at == OPENING + timedelta(seconds=30)


@pytest.mark.parametrize("memory", ["", "[]", "{}", '{"opened": "soon", "late": []}', '{"opened": 5, "late": []}'])
def test_a_damaged_memory_is_told_in_one_sentence(tmp_path, memory):
    state = tmp_path / "site.json"
    state.write_text(memory)
    with pytest.raises(CrosspostError, match=r"site\.json is not the sample site's memory; delete it"):
        Site(state)
    assert state.read_text() == memory


# --- the drawings


def test_every_story_has_a_scene_of_its_own():
    scenes = [drawing.SCENES[story.slug] for story in STORIES]
    assert len(set(scenes)) == len(scenes) == len(drawing.SCENES)


@pytest.mark.parametrize("slug", sorted(drawing.SCENES))
def test_a_scene_is_a_whole_picture_with_something_on_it(slug):
    canvas = Canvas(slug)
    drawing.SCENES[slug](canvas)
    picture = Image.open(BytesIO(canvas.jpeg()))
    picture.load()
    assert (picture.format, picture.size) == ("JPEG", drawing.SIZE)
    assert min(high - low for low, high in picture.getextrema()) > 100


def test_a_scene_comes_out_the_same_every_time():
    first, second, other = Canvas("comet"), Canvas("comet"), Canvas("another seed")
    for canvas in (first, second, other):
        drawing.SCENES["kometa-iz-temnoty"](canvas)
    assert first.image.tobytes() == second.image.tobytes() != other.image.tobytes()
