"""A film plays: it is decoded here, frame by frame, and what it shows is measured."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from io import BytesIO
from itertools import pairwise
from zoneinfo import ZoneInfo

import av
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as pillow
from PIL import ImageChops, ImageStat

from crosspost import film
from crosspost.article import Article
from crosspost.colours import contrast, rgb
from crosspost.demo.drawing import draw
from crosspost.errors import Blocked
from crosspost.film import reel, scene, script
from crosspost.film.script import LONGEST, SHORTEST, Room, written
from crosspost.lettering import Style
from crosspost.pictures import UnusablePicture
from crosspost.post import Image

STYLE = Style("#14213d", "#ffffff", "#fca311", {"": "Site News", "ru": "Новости сайта"}, ZoneInfo("Europe/Minsk"))
LIGHT = Style("#fdfaf0", "#14213d", "#0b6e4f", {}, ZoneInfo("UTC"))
MIDDLE = Style("#0b6e4f", "#fdfaf0", "#ffd166", {}, ZoneInfo("UTC"))
FAINT = Style("#777777", "#d8d8d8", "#ffd166", {}, ZoneInfo("UTC"))  # a text that config takes for large letters only
ARTICLE = Article(
    "news",
    "A clock in a backpack measures the height of a mountain",
    "https://site.example/1",
    published=datetime(2026, 11, 23, 22, 30, tzinfo=UTC),
)
TOLD = ("Time runs faster on a summit than in the valley.",)
LONG = (
    "Растения, чьи «бабушки» ещё помнили земную почву, научились обходиться без верха и низа — и, похоже, без подсказок"
    " человека, который до сих пор поворачивал им лампы, менял воду и следил за тем, чтобы корни не росли вверх."
)


def packed(picture):
    out = BytesIO()
    picture.save(out, "PNG")
    return Image(out.getvalue(), "image/png", *picture.size)


def busy(size):
    chance = random.Random(7)
    dots = pillow.new("RGB", (size[0] // 20, size[1] // 20))
    dots.putdata([tuple(chance.choice((0, 255)) for _ in "rgb") for _ in range(dots.width * dots.height)])
    return dots.resize(size, pillow.Resampling.NEAREST)


def plain(size, colour):
    return pillow.new("RGB", size, colour)


def halves(size):
    """White, and black from the middle on."""
    picture = plain(size, "white")
    picture.paste("black", (size[0] // 2, 0, *size))
    return picture


def staged(picture, style=STYLE, title=ARTICLE.title, told=TOLD, language="en"):
    pages = written(title, told, Room.BESIDE if picture else Room.WHOLE)
    return scene.Scene(replace(ARTICLE, title=title), language, style, picture, pages), pages


WIDE = pillow.open(BytesIO(draw("listening-ice")))
SMALL = packed(WIDE.resize((240, 135)))  # has a small window, so that its film costs little


@pytest.fixture(scope="module")
def video():
    return film.render(ARTICLE, "en", TOLD, SMALL, STYLE)


@pytest.fixture(scope="module")
def seen(video):
    """What a player finds in the film: its streams' facts, the times of all frames, and some of the frames."""
    with av.open(BytesIO(video.data)) as container:
        picture, sound = container.streams.video[0], container.streams.audio[0]
        facts = {
            "video": (picture.codec_context.name, picture.profile, picture.pix_fmt, picture.width, picture.height),
            "rate": picture.average_rate,
            "colours": (
                picture.codec_context.color_primaries,
                picture.codec_context.color_trc,
                picture.codec_context.colorspace,
                picture.codec_context.color_range,
            ),
            "audio": (sound.codec_context.name, sound.rate, sound.layout.name),
            "lengths": (picture.duration * picture.time_base, sound.duration * sound.time_base),
        }
        facts["first"], facts["times"], facts["keys"] = None, [], []
        facts["samples"], facts["loudest"] = 0, 0.0
        for frame in container.decode(picture, sound):
            if isinstance(frame, av.AudioFrame):
                facts["samples"] += frame.samples
                facts["loudest"] = max(facts["loudest"], *(max(memoryview(plane).cast("f")) for plane in frame.planes))
                continue
            if not facts["times"]:
                facts["first"] = frame.to_image()
            if frame.key_frame:
                facts["keys"].append(len(facts["times"]))
            facts["times"].append(frame.pts * frame.time_base)
    return facts


def test_an_encoder_that_fails_blocks_the_channel_and_refuses_no_article(monkeypatch):
    monkeypatch.setitem(reel._X264, "profile", "none such")
    with pytest.raises(Blocked, match=r"PyAV cannot make films on this machine \(Invalid argument\): .+ anew\.$"):
        film.render(ARTICLE, "en", TOLD, None, STYLE)


# --- it plays


def test_it_is_h264_and_aac_as_youtube_wishes_them(seen):
    assert seen["video"] == ("h264", "High", "yuv420p", 1080, 1920)
    assert seen["rate"] == 30
    assert seen["colours"] == (1, 1, 1, 1)
    assert seen["audio"] == ("aac", 48_000, "stereo")


def test_it_is_as_long_as_it_says_with_sound_to_the_end(video, seen):
    assert SHORTEST <= video.seconds <= LONGEST
    assert seen["lengths"][0] == Fraction(len(seen["times"]), 30) == Fraction(video.seconds)
    assert float(seen["lengths"][1]) == pytest.approx(video.seconds, abs=0.03)
    assert seen["samples"] / 48_000 == pytest.approx(video.seconds, abs=0.05)
    assert seen["loudest"] < 1e-4


def test_every_frame_decodes_and_time_goes_on_evenly(seen):
    assert seen["times"][0] == 0
    assert {later - earlier for earlier, later in pairwise(seen["times"])} == {Fraction(1, 30)}


def test_one_may_begin_at_any_two_seconds(seen):
    assert all(later - earlier <= 60 for earlier, later in pairwise([*seen["keys"], len(seen["times"])]))


def test_its_index_stands_in_front(video):
    boxes = list(top_boxes(video.data))
    assert boxes[0] == "ftyp"
    assert boxes.index("moov") < boxes.index("mdat")


def top_boxes(data):
    at = 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 4])
        yield data[at + 4 : at + 8].decode()
        at += length


def test_its_first_frame_is_the_poster(video, seen):
    poster = pillow.open(BytesIO(video.poster.data))
    assert (poster.size, poster.format, video.poster.alt) == (reel.SIZE, "JPEG", ARTICLE.title)
    noise = ImageStat.Stat(ImageChops.difference(poster, seen["first"])).rms
    assert 20 * math.log10(255 / max(noise)) > 30


@pytest.mark.parametrize("picture", [WIDE, WIDE.crop((300, 0, 750, 675)), None], ids=["wide", "upright", "none"])
def test_its_frames_follow_one_another_smoothly(picture):
    """A view that moved by whole pixels would stand still in one frame and leap in the next."""
    stage, _ = staged(picture)
    frames = [stage.frame(number)[0].crop((0, 0, 1080, 800)) for number in range(220, 228)]
    steps = [ImageStat.Stat(ImageChops.difference(*pair)).mean[0] for pair in pairwise(frames)]
    assert min(steps) > 0
    assert max(steps) < min(1.5 * min(steps), 4)


def test_the_poster_alone_is_the_same(video):
    assert film.trailer(ARTICLE, "en", TOLD, SMALL, STYLE) == film.Trailer(video.poster, video.seconds)


def test_the_same_frames_give_the_same_bytes():
    stage, _ = staged(busy((1080, 1600)))
    frames = [stage.frame(number) for number in range(4)]
    assert reel.encoded(frames, 4) == reel.encoded(frames, 4)


def test_a_frame_is_the_same_each_time():
    one, other = (staged(WIDE)[0] for _ in range(2))
    assert [plane.tobytes() for plane in one.frame(100)] == [plane.tobytes() for plane in other.frame(100)]


def test_its_index_has_room_in_the_longest_film():
    flat = reel.planes(plain(reel.SIZE, "white"))
    tiny = reel.encoded((flat for _ in range(30)), 30)
    assert tiny.index(b"free") - tiny.index(b"moov") < 8192 + 40 * 30  # a frame takes less than is kept for it


# --- what it shows

SHAPES = {
    "wide": (1200, 675),
    "upright": (900, 1400),
    "square": (800, 800),
    "panorama": (2400, 400),
    "tower": (300, 1500),
    "small upright": (432, 515),
    "tiny": (64, 40),
    "tiny upright": (40, 64),
}


@pytest.mark.parametrize("style", [STYLE, LIGHT, MIDDLE, FAINT], ids=["dark", "light", "middle", "faint"])
@pytest.mark.parametrize(
    "picture",
    [halves((1200, 675)), halves((900, 1400)), busy((900, 1400))],
    ids=["white and black, wide", "white and black, upright", "busy, upright"],
)
def test_words_can_be_read_over_any_picture(style, picture):
    stage, _ = staged(picture, style)
    bare = reel.still(silent(stage).frame(0)).crop((scene.SAFE[0], 880, scene.SAFE[2], scene.SAFE[3]))
    letters, _ = scene._readable(rgb(style.text), rgb(style.background))
    some = bare.resize((216, 154), pillow.Resampling.NEAREST).getcolors(100_000)
    worst = min(contrast(letters, colour) for _, colour in some)
    assert worst >= 4.5


def silent(stage):
    """The same scene without anything written."""
    stage._standing = scene._both(pillow.new("L", stage._standing[0].size))
    stage._words = {start: (pillow.new("L", mask.size), at) for start, (mask, at) in stage._words.items()}
    stage._accent = stage._text
    stage._bar = lambda frames: pillow.new("L", (scene._ROOM, scene._BAR_HIGH))
    return stage


@pytest.mark.parametrize("title", [ARTICLE.title, "W" * 300, "Й" * 40 + " " + "ǵ" * 60, "достопримечательность " * 40])
@pytest.mark.parametrize("picture", [plain((1200, 675), "black"), None], ids=["a picture", "none"])
def test_nothing_written_leaves_the_safe_area(title, picture):
    black = Style("#000000", "#ffffff", "#ffffff", {"": "Очень длинное имя сайта " * 5}, ZoneInfo("UTC"))
    stage, pages = staged(picture, black, title, (LONG, "i" * 400))
    for number in {pages[0].start, *(page.start + scene._FADE_IN for page in pages), pages[-1].end - 1}:
        left, top, right, bottom = stage.frame(number)[0].point(lambda value: 255 if value > 90 else 0).getbbox()
        assert left >= scene.SAFE[0]
        assert top >= scene.SAFE[1]
        assert right <= scene.SAFE[2]
        assert bottom <= scene.SAFE[3]


def test_the_safe_area_is_what_the_player_leaves_free():
    left, top, right, bottom = scene.SAFE
    assert (left / 1080 >= 0.06, top / 1920 >= 0.12, right / 1080 <= 0.862, bottom / 1920 <= 0.78) == (True,) * 4


def test_the_title_is_there_from_the_first_frame_and_makes_way():
    stage, pages = staged(plain((1200, 675), "black"))
    title, _ = stage._words[0]
    bright = stage.frame(0)[0].crop((0, 960, 1080, 1500)).histogram()[200:]
    assert sum(bright) == pytest.approx(sum(title.histogram()[215:]), rel=0.05)
    between = stage.frame(pages[0].end - 1)[0].crop((0, 960, 1080, 1500)).getextrema()[1]
    assert between < 120


@pytest.mark.parametrize("size", SHAPES.values(), ids=SHAPES)
def test_every_shape_is_looked_at_within_its_bounds(size):
    window = scene._window(size)
    left, top, width, height = window
    assert (left % 2, top % 2, width % 2, height % 2) == (0, 0, 0, 0)
    assert left >= 0
    assert top >= 0
    assert left + width <= 1080
    assert top + height <= 1920
    assert max(width / size[0], height / size[1]) <= 2.55
    view = scene._View(plain(size, "red"), window, 450, (0.5, 0.5))
    whole = view._canvas[0].size
    boxes = [view._box(scene._eased(number / 449)) for number in range(450)]
    for box in boxes:
        assert 0 <= box[0] < box[2] <= whole[0]
        assert 0 <= box[1] < box[3] <= whole[1]
        assert (box[2] - box[0]) / (box[3] - box[1]) == pytest.approx(width / height, rel=0.02)
    moves = [max(abs(one - other) for one, other in zip(*pair, strict=True)) for pair in pairwise(boxes)]
    assert width / 6000 < max(moves) < 4  # it moves, and never fast
    assert max(abs(later - earlier) for earlier, later in pairwise(moves)) < 0.1  # and never jerks


def test_a_picture_that_is_none_is_said():
    with pytest.raises(UnusablePicture):
        film.trailer(ARTICLE, "en", TOLD, Image(b"none", "image/png", 10, 10), STYLE)


@pytest.mark.parametrize("title", ["", "🚀", "漢字漢字", "שלום עולם"])
def test_a_title_that_cannot_be_drawn_makes_no_film(title):
    nothing = replace(ARTICLE, title=title)
    assert film.render(nothing, "en", TOLD, None, STYLE) is None
    assert film.trailer(nothing, "en", TOLD, None, STYLE) is None


# --- what it says, and when


def test_colours_are_those_of_television():
    for colour in ("#ffffff", "#000000", "#fca311", "#14213d", "#00ff00"):
        plane = reel.planes(plain((16, 16), colour))
        assert [one.getpixel((4, 4)) for one in plane] == pytest.approx(reel.tone(rgb(colour)), abs=1)


def said(pages):
    return " ".join(" ".join(page.lines) for page in pages)


def test_it_says_the_title_and_then_the_sentences():
    assert said(written("Rain 🚀", ("One. ", "漢字漢字", "Two 🌍 two."), Room.BESIDE)) == "Rain One. Two two."


@pytest.mark.parametrize("room", Room)
def test_a_long_sentence_goes_on_over_pages_parted_at_clauses(room):
    pages = written("Rain", (LONG,), room)
    assert len(pages) > 2
    assert said(pages) == f"Rain {LONG}"
    assert all(page.lines[-1].endswith((",", "—", ".")) for page in pages[1:])


def test_what_there_is_no_time_for_is_left_out_whole():
    sentence = "The instrument was switched on at dawn and worked for nine hours without a fault."
    pages = written("Rain", (sentence,) * 9, Room.BESIDE)
    told = said(pages).removeprefix("Rain ").split(sentence)
    assert 2 < len(told) < 7
    assert {part.strip() for part in told} == {""}


@settings(max_examples=40, deadline=None)
@given(
    st.text("абвжщЫWig —,.", min_size=1, max_size=200),
    st.lists(st.text("абвжщЫWig —,.🚀", max_size=400), max_size=6),
    st.sampled_from(Room),
)
def test_it_lasts_15_to_30_seconds_and_fits_whatever_is_said(title, sentences, room):
    pages = written(title, sentences, room)
    if not pages:
        return
    assert pages[0].start == 0
    assert SHORTEST * 30 <= pages[-1].end <= LONGEST * 30
    for earlier, later in pairwise(pages):
        assert earlier.end == later.start
    height = (script._TITLES[room].height, *[script._SENTENCES[room].height] * (len(pages) - 1))
    for page, high in zip(pages, height, strict=True):
        assert page.end - page.start > scene._FADE_IN + scene._FADE_OUT
        assert page.step * len(page.lines) <= high + 3
        assert page.lines


def test_reading_is_calm():
    words = "The instrument was switched on at dawn and worked for nine hours without fault."
    pages = written("Rain at last", (words,) * 2, Room.BESIDE)
    assert (pages[1].end - pages[1].start) / 30 >= len(words.split()) / 2.5
