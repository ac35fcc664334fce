"""The card: a picture drawn for an article that brings none. Its title, the site's name and the day, in the site's
colours. Pure: the same article, style and fonts give the same bytes.

    title -> what the font has -> words that stay together -> the largest size that fits -> balanced lines -> PNG

Decisions:
- What the font lacks (emoji, other scripts) is left out, never shown as boxes. A title of which that takes more than
  it leaves gets no card: half a title says something else.
- A title is never cut while a smaller size holds it. Past the smallest it ends at a word, with an ellipsis.
- Only a word too long for a whole line is broken, between two graphemes.
"""

from __future__ import annotations

import math
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import regex
from PIL import Image as pillow
from PIL import ImageColor, ImageDraw, ImageFont

from crosspost.article import Article

SIZE: Final = (1200, 630)  # pixels; the shape of a link preview, which every platform takes and shows whole
SAFE: Final = 64  # pixels from each edge that hold no text, since apps round and trim the corners

_LEFT, _ROOM = 88, 1024  # where lines begin, and how long they may be
_SITE_Y, _DATE_Y = 96, 540  # the middles of their lines
_TITLE_TOP, _TITLE_BOTTOM = 156, 486
_SIZES = (96, 88, 80, 74, 68, 62, 56, 52, 48)  # of the title, in pixels
_LARGE = 80  # pixels; from here on fewer lines are better than larger letters
_LEADING = 1.17  # from line to line, in sizes
_LETTERS = 600  # more can never fit, so no more are measured
_ELLIPSIS = "…"

Colour = tuple[int, int, int]
Width = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class Style:
    """How a site's cards look. Colours are "#rrggbb"; `sites` is its name by language, "" for all others; `zone` is
    where its days begin."""

    background: str
    text: str
    accent: str
    sites: Mapping[str, str]
    zone: ZoneInfo


def draw(article: Article, language: str, style: Style) -> bytes | None:
    """The card of `article` as a PNG of `SIZE`; None when the title says nothing that can be drawn.

    `language` is a two-letter code, "" when it is not known: the day is written in it.
    """
    title = _drawable(article.title)
    if title is None:
        return None
    text, background = _rgb(style.text), _rgb(style.background)
    card = _ground(background, text, _rgb(style.accent)).copy()
    pen = ImageDraw.Draw(card)
    named, dated = _font(36, 600), _font(32, 500)
    pen.text((_LEFT, _SITE_Y), _on_a_line(_site(article, language, style), named), text, named, "lm")
    muted = _mix(background, text, 0.72)
    pen.text((_LEFT, _DATE_Y), _on_a_line(_day(article, language, style), dated), muted, dated, "lm")
    size, lines = _laid_out(title)
    font, step = _font(size, 700), round(size * _LEADING)
    middle = (_TITLE_TOP + _TITLE_BOTTOM) / 2 - step * (len(lines) - 1) / 2
    for number, line in enumerate(lines):
        pen.text((_LEFT, middle + number * step), line, text, font, "lm")
    out = BytesIO()
    card.save(out, "PNG", compress_level=9)
    return out.getvalue()


def _site(article: Article, language: str, style: Style) -> str:
    host = urlsplit(article.link).hostname or ""
    return style.sites.get(language) or style.sites.get("") or host.removeprefix("www.")


_DAY_FIRST = frozenset({"be", "en", "ru", "uk"})  # as their newspapers write it, without «г.» and the like


def _day(article: Article, language: str, style: Style) -> str:
    """The day of publication in the article's language; in figures where that is not known, "" without one."""
    if article.published is None:
        return ""
    from babel import Locale, UnknownLocaleError
    from babel.dates import format_date

    day = article.published.astimezone(style.zone).date()
    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return day.isoformat()
    return format_date(day, "d MMMM y" if language in _DAY_FIRST else "long", locale)


# Letters: what of a text can be drawn.

_LOST = "\ufffc"  # stands where something was left out
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def _drawable(text: str) -> str | None:
    """`text` as far as the font has its letters, None when that is less than half of them."""
    kept = [_cluster(one) for one in regex.findall(r"\X", unicodedata.normalize("NFC", text.replace(_LOST, "")))]
    words = sum(one.isalnum() for cluster in kept for one in cluster[:1])
    if not words or words * 2 < sum(one[:1].isalnum() for one in regex.findall(r"\X", text)):
        return None
    joined = regex.sub(rf"\s*{_LOST}+(?=[\s.,:;!?…»”)]|$)|{_LOST}+", "", "".join(kept))
    shown: str = regex.sub(r"[^\S\u00a0\u202f]+", " ", joined).strip()
    return shown


def _cluster(cluster: str) -> str:
    """A grapheme as it can be drawn, `_LOST` when the font lacks its letter.

    Marks that make no letter of their own with it (stress, «замо́к») are left out: they would stand beside it.
    """
    if cluster.isspace():
        return cluster if cluster in "\u00a0\u202f" else " "
    seen = [one for one in cluster if unicodedata.category(one) not in _UNSEEN]
    if not seen:
        return ""
    if not _has(seen[0]) or unicodedata.category(seen[0]).startswith("M"):
        return _LOST
    return seen[0]


@lru_cache(maxsize=4096)
def _has(letter: str) -> bool:
    """Whether the font draws this letter as anything but its box for what it lacks."""
    font = _plain_font()
    return letter == " " or bytes(font.getmask(letter)) != bytes(font.getmask("\uffff"))


# Lines: how words become a block.


def _laid_out(title: str) -> tuple[int, Sequence[str]]:
    """The size of the title's letters in pixels, and its lines."""
    if len(title) <= _LETTERS:
        units = _together(title.split(" "))
        whole = [(size, lines) for size in _SIZES if (lines := _whole(units, size))]
        if whole:
            large = [one for one in whole if one[0] >= _LARGE]
            return min(large or whole[:1], key=lambda one: len(one[1]))
    return _SIZES[-1], _cut(_together(title[:_LETTERS].split(" ")), _SIZES[-1])


def _whole(units: Sequence[str], size: int) -> Sequence[str]:
    """The lines of a title that fits in this size with no word broken; none when it does not."""
    width = _width(_font(size, 700))
    if any(width(unit) > _ROOM for unit in units):
        return ()
    lines = _broken(units, _ROOM, width)
    return _balanced(units, len(lines), width) if len(lines) <= _most(size) else ()


def _cut(units: Sequence[str], size: int) -> Sequence[str]:
    """The lines of a title that does not fit: words longer than a line are broken, and what is too much is left out."""
    width, most = _width(_font(size, 700)), _most(size)
    lines = _broken([piece for unit in units for piece in _pieces(unit, width)], _ROOM, width)
    return lines if len(lines) <= most else [*lines[: most - 1], _ended(" ".join(lines[most - 1 :]), width)]


def _most(size: int) -> int:
    return int((_TITLE_BOTTOM - _TITLE_TOP) / (size * _LEADING))


def _together(words: Sequence[str]) -> list[str]:
    """Words as they may be parted: a short one stays with the next («в доме»), a dash with the one before."""
    units: list[str] = []
    for word in words:
        stuck = units and (_is_short(units[-1].rpartition(" ")[2]) or not any(map(str.isalnum, word)))
        if stuck and units[-1].count(" ") < 3:
            units[-1] += f" {word}"
        else:
            units.append(word)
    return units


def _is_short(word: str) -> bool:
    return len(word) <= 2 and word.isalnum() and not (word.isalpha() and word.isupper() and len(word) > 1)


def _broken(units: Sequence[str], room: float, width: Width) -> list[str]:
    """The lines of these units, each as full as it can be."""
    lines: list[str] = []
    for unit in units:
        longer = f"{lines[-1]} {unit}" if lines else unit
        if lines and width(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(unit)
    return lines


def _balanced(units: Sequence[str], count: int, width: Width) -> list[str]:
    """The units on so many lines, as equal in width as they can be: the sum of the squares is the least."""

    @cache
    def best(start: int, left: int) -> tuple[float, list[str]]:
        if left == 0:
            return (0.0 if start == len(units) else math.inf), []
        found: tuple[float, list[str]] = (math.inf, [])
        for end in range(start + 1, len(units) - left + 2):
            line = " ".join(units[start:end])
            if (wide := width(line)) > _ROOM:
                break
            rest, lines = best(end, left - 1)
            found = min(found, (wide * wide + rest, [line, *lines]))
        return found

    return best(0, count)[1]


def _pieces(unit: str, width: Width) -> Iterator[str]:
    """`unit` in parts that each fit on a line."""
    part = ""
    for cluster in regex.findall(r"\X", unit):
        if part and width(part + cluster) > _ROOM:
            yield part
            part = ""
        part += cluster
    yield part


def _ended(text: str, width: Width) -> str:
    """As much of `text` as fits on a line with an ellipsis, to the end of a word where it has more than one."""
    clusters = regex.findall(r"\X", text)[:_LETTERS]

    def ended_after(count: int) -> float:
        return width("".join(clusters[:count]) + _ELLIPSIS)

    fits = bisect_right(range(len(clusters) + 1), float(_ROOM), key=ended_after) - 1
    fitting = "".join(clusters[:fits])
    at_a_word = fitting if text.startswith(f"{fitting} ") else fitting.rpartition(" ")[0] or fitting
    while _is_short(at_a_word.rpartition(" ")[2]) and " " in at_a_word:
        at_a_word = at_a_word.rpartition(" ")[0]
    ended: str = regex.sub(r"[\s\p{P}]+$", "", at_a_word) + _ELLIPSIS
    return ended


def _on_a_line(text: str, font: ImageFont.FreeTypeFont) -> str:
    """What of `text` can be drawn, on one line of the card; "" when that is less than half."""
    drawable = _drawable(text) or ""
    width = _width(font)
    return drawable if width(drawable) <= _ROOM else _ended(drawable, width)


def _width(font: ImageFont.FreeTypeFont) -> Width:
    return lru_cache(maxsize=None)(lambda text: font.getbbox(text)[2])


# Ground and fonts.


@lru_cache(maxsize=8)
def _ground(background: Colour, text: Colour, accent: Colour) -> pillow.Image:
    """The card before anything is written on it: faint rings in a corner, a band of the accent along the left."""
    scale = 3  # drawn larger and brought down, so that the rings are smooth
    ground = pillow.new("RGB", (SIZE[0] * scale, SIZE[1] * scale), background)
    pen = ImageDraw.Draw(ground)
    for radius, share in ((470, 0.035), (350, 0.06), (230, 0.085)):
        middle = (SIZE[0] - 60, SIZE[1] + 10)
        edges = (middle[0] - radius, middle[1] - radius, middle[0] + radius, middle[1] + radius)
        pen.ellipse([edge * scale for edge in edges], _mix(background, text, share))
    pen.rectangle((0, 0, 20 * scale - 1, SIZE[1] * scale), accent)
    return ground.resize(SIZE, pillow.Resampling.LANCZOS)


def _rgb(colour: str) -> Colour:
    return ImageColor.getrgb(colour)[:3]


def _mix(under: Colour, over: Colour, share: float) -> Colour:
    red, green, blue = (round(one + (other - one) * share) for one, other in zip(under, over, strict=True))
    return red, green, blue


@lru_cache(maxsize=16)
def _font(size: int, weight: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(BytesIO(_font_file()), size)
    font.set_variation_by_axes([32, weight])  # the cut for display, and how bold
    return font


@lru_cache(maxsize=1)
def _plain_font() -> ImageFont.FreeTypeFont:
    """The font letter by letter, without shaping, which would put in glyphs of its own."""
    return ImageFont.truetype(BytesIO(_font_file()), 24, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=1)
def _font_file() -> bytes:
    return files("fontpkg_inter").joinpath("files", "Inter[opsz,wght].ttf").read_bytes()
