"""A card is drawn for any title: everything inside the safe area, no boxes, the same bytes each time."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image as pillow

from crosspost import card, ground, lettering
from crosspost.article import Article
from crosspost.card import SAFE, SIZE, draw
from crosspost.lettering import Style
from crosspost.pictures import fit
from crosspost.platforms import LIMITS

# White on black with a black accent: all that is bright is text, since the ground's rings stay dark.
PLAIN = Style("#000000", "#ffffff", "#000000", {"": "Site News", "ru": "Новости сайта"}, ZoneInfo("Europe/Minsk"))
EVENING = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)  # past midnight in Minsk

LONG = "Government approves a list of towns where new schools and kindergartens will be built by the end of the year "
LONG_RU = "Правительство утвердило перечень населённых пунктов, где до конца года построят новые школы и детские сады "


def article(title, **given):
    return Article(
        **{"feed": "news", "title": title, "link": "https://www.site.example/1", "published": EVENING} | given
    )


def drawn(title, language="en", style=PLAIN, **given):
    data = draw(article(title, **given), language, style)
    assert data is not None
    return pillow.open(BytesIO(data)).convert("L")


def ink(picture, top=0, bottom=SIZE[1]):
    """Where there is text between these rows, None where there is none."""
    return picture.crop((0, top, SIZE[0], bottom)).point(lambda value: 255 if value > 90 else 0).getbbox()


def assert_fits(picture):
    left, top, right, bottom = ink(picture)
    assert left >= SAFE
    assert top >= SAFE
    assert right <= SIZE[0] - SAFE
    assert bottom <= SIZE[1] - SAFE


class Lines(list):
    """The lines drawn, in order, and the size of each."""

    def __init__(self):
        super().__init__()
        self.sizes = []


@pytest.fixture
def written(monkeypatch):
    """Every line that a card gets, in the order of drawing."""
    lines = Lines()
    kept = card.ImageDraw.ImageDraw.text

    def text(self, place, line, colour, font, anchor):
        lines.append(line)
        lines.sizes.append(font.size)
        return kept(self, place, line, colour, font, anchor)

    monkeypatch.setattr(card.ImageDraw.ImageDraw, "text", text)
    return lines


# --- it fits


@pytest.mark.parametrize(
    "title",
    [
        "Rain",
        "Щи",
        "Storks are back in Polesie two weeks early",
        "Учёные нашли в Беловежской пуще дуб, которому больше восьмисот лет",
        LONG * 8,
        LONG_RU * 8,
        "W" * 300,
        "достопримечательность" * 20,
        f"Read https://site.example/{'a-very-long-address/' * 20} now",
        "i" * 2000,
        "A" + "\u0301\u0302\u0308\u030b" * 30 + " pile of accents",
        "g" * 40 + " " + "Й" * 40,
    ],
)
def test_every_title_stays_inside_the_safe_area(title):
    picture = drawn(title)
    assert picture.size == SIZE
    assert_fits(picture)


@pytest.mark.parametrize("title", [LONG * 8, LONG_RU * 8, "W" * 300, "Ў́" * 300])
def test_a_long_title_stays_apart_from_the_site_and_the_day(title):
    picture = drawn(title)
    for rows in ((122, 144), (500, 516)):
        assert ink(picture, *rows) is None
    assert ink(picture, 160, 490) is not None


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.one_of(
        st.text(max_size=400),
        st.text("абвгдеёжзиўЩЫ й—«»…,.", max_size=300),
        st.lists(st.text("abcQWg'’-", max_size=40), max_size=40).map(" ".join),
        st.text("aи🚀👩‍🚀🇧🇾漢שلا\u0301\u200d\ufe0f \u00a0\n", max_size=80),
    ),
    st.text(max_size=200),
)
def test_any_title_and_site_fit_or_give_no_card(title, site):
    style = Style("#000000", "#ffffff", "#000000", {"": site}, ZoneInfo("Europe/Minsk"))
    data = draw(article(title), "ru", style)
    if data is not None:
        assert_fits(pillow.open(BytesIO(data)).convert("L"))


# --- what it says


def test_it_says_title_site_and_day(written):
    drawn("Rain")
    assert written == ["Site News", "24 November 2026", "Rain"]


@pytest.mark.parametrize(
    ("language", "day"),
    [
        ("ru", "24 ноября 2026"),
        ("be", "24 лістапада 2026"),
        ("en", "24 November 2026"),
        ("de", "24. November 2026"),
        ("", "2026-11-24"),
        ("zz", "2026-11-24"),
    ],
)
def test_the_day_is_that_of_the_zone_in_the_language(written, language, day):
    drawn("Дождь", language)
    assert written[1] == day


def test_without_a_day_none_is_written(written):
    assert ink(drawn("Rain", published=None), 500) is None
    assert written == ["Site News", "", "Rain"]


def test_the_site_s_name_goes_by_language(written):
    drawn("Дождь", "ru")
    assert written[0] == "Новости сайта"


def test_without_a_name_the_site_is_its_host(written):
    drawn("Rain", style=Style("#000000", "#ffffff", "#000000", {"ru": "Новости"}, ZoneInfo("UTC")))
    assert written[0] == "site.example"


def test_a_title_is_large_when_short_and_whole_while_a_smaller_size_holds_it(written):
    sizes = []
    for title in ("Rain", "Storks are back in Polesie two weeks early, and it is not even spring yet", LONG + "indeed"):
        written.clear()
        drawn(title)
        assert " ".join(written[2:]) == title
        sizes.append(written.sizes[-1])
    assert sizes == sorted(set(sizes), reverse=True)


@pytest.mark.parametrize(
    "title",
    [
        "A new bridge over the Pripyat opens to traffic in spring",
        "Учёные нашли в Беловежской пуще дуб, которому больше восьмисот лет",
    ],
)
def test_lines_are_of_much_the_same_width(written, title):
    drawn(title)
    lengths = [len(line) for line in written[2:]]
    assert len(lengths) == 3
    assert min(lengths) > 0.65 * max(lengths)


@pytest.mark.parametrize("first", ["", "The new ", "Tomorrow’s ", "Yesterday’s "])
def test_too_long_a_title_ends_at_a_word_with_an_ellipsis(written, first):
    title = first + "schools, kindergartens " * 40
    drawn(title)
    told = " ".join(written[2:])
    assert told.endswith(("schools…", "kindergartens…"))
    assert title.startswith(told[:-1])


def test_a_short_word_and_a_dash_do_not_stand_alone_at_an_edge(written):
    drawn("Жители деревни в Полесье рассказали о соседях — журавлях и аистах")
    assert not any(line.endswith((" в", " о", " и")) or line.startswith("—") for line in written[2:])


# --- what the font lacks


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("🚀 Rocket lands 🌍!", "Rocket lands!"),
        ("Family 👩‍👩‍👧 day 🇧🇾 in Minsk", "Family day in Minsk"),
        ("The word 漢字 explained", "The word explained"),
        ("Слово שלום и мир", "Слово и мир"),
        ("Step 1️⃣ of two", "Step 1 of two"),
        ("A\u00adB\u200bC\ufeff", "ABC"),
        ("  a \n\t title ", "a title"),
        ("Мои\u0306 замо\u0301к, re\u0301sume\u0301", "Мой замок, résumé"),
    ],
)
def test_what_cannot_be_drawn_is_left_out(written, title, shown):
    drawn(title)
    assert " ".join(written[2:]) == shown


@pytest.mark.parametrize("title", ["", "  ", "🚀🚀", "漢字漢字 ok", "שלום עולם", "مرحبا بالعالم", "— … !"])
def test_a_title_that_says_nothing_in_these_letters_gets_no_card(title):
    assert draw(article(title), "en", PLAIN) is None


def test_no_box_is_ever_drawn():
    """With the letters of a title all lacking but one word, the card is the one of that word alone."""
    assert drawn("Rain 漢字🚀").tobytes() == drawn("Rain").tobytes()


# --- colours and bytes


def test_it_is_drawn_in_the_site_s_colours():
    data = draw(article("Rain"), "en", Style("#0b6e4f", "#fdfaf0", "#ffd166", {}, ZoneInfo("UTC")))
    picture = pillow.open(BytesIO(data))
    assert picture.getpixel((5, 300)) == (0xFF, 0xD1, 0x66)
    assert picture.getpixel((60, 30)) == (0x0B, 0x6E, 0x4F)
    assert (0xFD, 0xFA, 0xF0) in {colour for _, colour in picture.getcolors(100_000)}


def test_the_same_article_gives_the_same_bytes():
    first = draw(article(LONG), "en", PLAIN)
    ground.rings.cache_clear()
    lettering.font.cache_clear()
    assert draw(article(LONG), "en", PLAIN) == first


@pytest.mark.parametrize("platform", LIMITS)
def test_every_platform_takes_it_as_it_is(platform):
    data = draw(article(LONG), "en", PLAIN)
    image = fit(data, LIMITS[platform].pictures, "A title")
    assert (image.data, image.media_type, image.alt) == (data, "image/png", "A title")
    assert len(data) < 200_000
