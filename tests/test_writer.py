"""Which picture goes with a post: the page's own preview, the article's picture, or a drawn card."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image as pillow

from crosspost import assemble, film
from crosspost.article import Article, Picture
from crosspost.card import SIZE
from crosspost.compose import Edited
from crosspost.errors import FeedError, Refused
from crosspost.platforms import LIMITS
from crosspost.post import Image, Video, Words
from crosspost.settings import load
from crosspost.writer import rendered

CONFIG = """
timezone = "Europe/Minsk"
[card]
site = {{ en = "Site News", ru = "Новости сайта" }}
background = "#0b6e4f"
[channels.x]
platform = "x"
pictures = "{pictures}"
[channels.vk]
platform = "vk"
community = 777
pictures = "{pictures}"
[channels.facebook]
platform = "facebook"
page = "1010"
pictures = "{pictures}"
[channels.youtube]
platform = "youtube"
channel = "UC0000000000000000000000"
pictures = "{pictures}"
"""

BARE = Article("news", "Storks are back in Polesie", "https://site.example/1", description="They came early this year.")
PICTURED = replace(BARE, pictures=(Picture("https://site.example/stork.png", "A stork on a roof"),))


def stork(url):
    out = BytesIO()
    pillow.new("RGB", (640, 400), "teal").save(out, "PNG")
    return out.getvalue()


def missing(url):
    raise FeedError(f"{url} answered 404.")


def text_in_place_of_a_picture(url):
    return b"<!doctype html><title>404</title>"


@pytest.fixture
def images(tmp_path):
    """The pictures of the post that a channel would send."""

    def written(platform, pictures, article, fetch=stork):
        path = tmp_path / "crosspost.toml"
        path.write_text(CONFIG.format(pictures=pictures), encoding="utf-8")
        config = load(path, {})
        return assemble.writer(config.channels[platform], config, fetch).preview(article)[1]

    return written


def is_card(image):
    picture = pillow.open(BytesIO(image.data)).convert("RGB")
    return picture.size == SIZE and picture.getpixel((60, 30)) == (0x0B, 0x6E, 0x4F)


@pytest.mark.parametrize("platform", LIMITS)
@pytest.mark.parametrize("title", ["Storks are back in Polesie", "Аисты вернулись в Полесье"])
def test_a_channel_of_cards_draws_one_for_every_article(images, platform, title):
    article = replace(PICTURED, title=title, page_preview=True)
    (image,) = images(platform, "card", article)
    assert is_card(image)
    assert image.alt == title
    assert len(image.data) <= LIMITS[platform].pictures.bytes


@pytest.mark.parametrize("platform", LIMITS)
def test_by_itself_a_card_stands_in_for_a_missing_picture(images, platform):
    (image,) = images(platform, "auto", BARE)
    assert is_card(image)


@pytest.mark.parametrize("platform", LIMITS)
@pytest.mark.parametrize("fetch", [missing, text_in_place_of_a_picture])
def test_by_itself_a_card_stands_in_for_a_useless_picture(images, platform, fetch):
    (image,) = images(platform, "auto", PICTURED, fetch)
    assert is_card(image)


@pytest.mark.parametrize("platform", LIMITS)
def test_by_itself_the_article_s_picture_goes_before_a_card(images, platform):
    (image,) = images(platform, "auto", PICTURED)
    assert (image.width, image.height, image.alt) == (640, 400, "A stork on a roof")


@pytest.mark.parametrize("platform", LIMITS)
def test_by_itself_a_link_preview_goes_before_both_where_readers_see_one(images, platform):
    shown = images(platform, "auto", replace(PICTURED, page_preview=True))
    assert len(shown) == (0 if LIMITS[platform].previews else 1)


@pytest.mark.parametrize("fetch", [missing, text_in_place_of_a_picture])
def test_a_channel_of_pictures_gets_no_card(images, fetch):
    assert images("x", "picture", PICTURED, fetch) == ()
    assert images("x", "picture", BARE) == ()


def of_size(*sizes):
    """An article with pictures of these sizes, and what fetches them and notes that it did."""
    pictures = {f"https://site.example/{number}.png": size for number, size in enumerate(sizes)}
    fetched = []

    def fetch(url):
        fetched.append(url)
        out = BytesIO()
        pillow.new("RGB", pictures[url], "teal").save(out, "PNG")
        return out.getvalue()

    return replace(BARE, pictures=tuple(map(Picture, pictures))), fetch, fetched


def test_the_first_wide_picture_is_taken_and_no_other_is_fetched(images):
    article, fetch, fetched = of_size((640, 400), (2000, 1000))
    (image,) = images("x", "picture", article, fetch)
    assert (image.width, len(fetched)) == (640, 1)


def test_a_wide_picture_goes_before_a_small_one_that_is_named_first(images):
    article, fetch, _ = of_size((150, 100), (1200, 630))
    assert images("x", "picture", article, fetch)[0].width == 1200


def test_of_small_pictures_the_largest_is_taken_by_its_measure(images):
    article, fetch, _ = of_size((150, 100), (400, 300), (300, 300))
    assert images("x", "picture", article, fetch)[0].width == 400


def test_a_small_picture_serves_when_the_wide_one_is_useless(images):
    article, fetch, _ = of_size((150, 100), (9000, 9000))
    assert images("x", "picture", article, fetch)[0].width == 150


def test_no_more_than_a_few_pictures_are_fetched(images):
    article, fetch, fetched = of_size(*[(100, 100)] * 20)
    assert images("x", "picture", article, fetch)
    assert len(fetched) == 4


def test_the_page_s_picture_stands_behind_those_of_the_feed(images):
    article, fetch, fetched = of_size((150, 100), (1200, 630))
    *named, page = article.pictures
    shown = images("x", "picture", replace(article, pictures=tuple(named), page_picture=page), fetch)
    assert (shown[0].width, len(fetched)) == (1200, 2)


def test_the_page_s_picture_is_not_fetched_twice(images):
    article, fetch, fetched = of_size((150, 100))
    assert images("x", "picture", replace(article, page_picture=article.pictures[0]), fetch)
    assert len(fetched) == 1


def test_a_channel_without_pictures_gets_none(images):
    assert images("x", "none", PICTURED) == ()


def test_a_card_has_the_headline_without_the_name_of_its_site(images):
    plain = images("x", "card", replace(BARE, title="Storks are back in Polesie"))
    assert images("x", "card", replace(BARE, title="Storks are back in Polesie | Daily News")) == plain
    assert images("x", "card", replace(BARE, title="Storks are back in Polesie today")) != plain


def test_a_title_in_letters_that_cards_lack_goes_without(images):
    assert images("x", "card", replace(BARE, title="漢字漢字漢字")) == ()


def test_an_approved_text_gets_its_card_too(tmp_path):
    path = tmp_path / "crosspost.toml"
    path.write_text(CONFIG.format(pictures="card"), encoding="utf-8")
    config = load(path, {})
    post = assemble.write_up(config.channels["vk"], config, None, stork, BARE, "key", Words("As approved", BARE.link))
    assert post.text == "As approved"
    assert is_card(post.images[0])


@pytest.mark.parametrize(("pictures", "wants"), [("auto", True), ("picture", True), ("card", False), ("none", False)])
def test_pages_are_read_for_channels_that_show_what_is_on_them(tmp_path, pictures, wants):
    path = tmp_path / "crosspost.toml"
    feed = '\n[feeds.news]\nurl = "https://site.example/rss.xml"'
    path.write_text(CONFIG.format(pictures=pictures) + feed, encoding="utf-8")
    (news,) = assemble.feeds(load(path, {}))
    assert {subscriber.wants_page for subscriber in news.subscribers} == {wants}


class Editor:
    """Writes the same about everything, and counts."""

    def __init__(self, edited):
        self.edited, self.rooms = edited, []

    def summary(self, article, room, instructions):
        self.rooms.append(room)
        return self.edited


def videos(tmp_path, editor, more=""):
    path = tmp_path / "crosspost.toml"
    path.write_text(CONFIG.format(pictures="none") + f'mode = "video"\n{more}\n', encoding="utf-8")
    config = load(path, {})
    return assemble.writer(config.channels["youtube"], config, missing, editor)


@pytest.fixture
def filmed(monkeypatch):
    """What the films tell that are made, none of which is encoded."""
    rendered.cache_clear()
    told = []

    def render(article, language, sentences, picture, style):
        told.append(" ".join(sentences))
        return Video(b"film", 1080, 1920, 20, Image(b"", "image/jpeg", 1080, 1920))

    monkeypatch.setattr(film, "render", render)
    yield told
    rendered.cache_clear()


def test_the_editor_is_asked_once_for_the_text_and_the_film(tmp_path):
    editor = Editor(Edited(remark="No summary was written: the language model answered without a text."))
    drafted, (still,), seconds = videos(tmp_path, editor).preview(BARE)
    assert (still.width, still.height, seconds >= 15) == (1080, 1920, True)
    assert drafted.warnings == ("No summary was written: the language model answered without a text.",)
    assert len(editor.rooms) == 1


FOR_SOME = """template = '{{ {"en": "In brief:", "ru": "Коротко:"}[language] }} {{ summary }} {{ link }}'"""


def test_a_template_that_fails_does_not_refuse_the_film_of_an_approved_post(tmp_path, filmed):
    writer = videos(tmp_path, Editor(Edited("They came home.")), FOR_SOME)
    fails_here = replace(BARE, language="be")
    post = writer.post(fails_here, "key", Words("As approved", BARE.link))
    assert (post.text, filmed) == ("As approved", ["They came home."])
    with pytest.raises(Refused, match="template"):
        writer.post(fails_here, "key", None)


@pytest.mark.parametrize(
    "more", ["", 'template = "{{ link }}"', 'length = 60\ntemplate = "{{ summary }}\\n\\n{{ link }}"', FOR_SOME]
)
def test_a_film_tells_the_same_whatever_the_template_makes_of_it(tmp_path, filmed, more):
    """So the question to a language model is the same before and after an approval, and is paid for once."""
    editor = Editor(Edited("They came home."))
    writer = videos(tmp_path, editor, more)
    writer.post(replace(BARE, language="en"), "key", None)
    writer.post(replace(BARE, language="en"), "key", Words("As approved", BARE.link))
    videos(tmp_path, editor).preview(replace(BARE, language="en"))
    assert filmed == ["They came home."]
    assert len(set(editor.rooms)) == 1


@pytest.mark.parametrize("letter", ["s", "я"])
def test_a_film_has_as_much_room_in_any_letters(tmp_path, filmed, letter):
    """A Cyrillic letter takes two of the bytes that a description may have; a language model is told of letters."""
    editor = Editor(Edited(letter * 500))
    drafted = videos(tmp_path, editor).preview(replace(BARE, language="ru"))[0]
    (room,) = editor.rooms
    assert (room.length, room.measure(letter * 500), drafted.told) == (500, 500, True)


def test_a_film_is_made_once_for_all_tries_of_a_post(tmp_path, filmed):
    first = videos(tmp_path, None).post(BARE, "key", None)
    assert videos(tmp_path, None).post(BARE, "key", None) == first  # a writer is made for each try
    assert len(filmed) == 1
    videos(tmp_path, Editor(Edited("They came home."))).post(BARE, "key", None)
    writer = videos(tmp_path, None)
    replace(writer, cards=replace(writer.cards, sites={"": "Stork News"})).post(BARE, "key", None)
    assert len(filmed) == 3
