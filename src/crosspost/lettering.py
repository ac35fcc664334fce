"""What is written on cards and films: which of a text's letters can be drawn, in what size, on which lines. Pure.

    text -> what the font has -> words that stay together -> the largest size that fits -> balanced lines

Decisions:
- What the font lacks (emoji, other scripts) is left out, never shown as boxes. A text of which that takes more than
  it leaves is not drawn: half a title says something else.
- A text is never cut while a smaller size holds it. Past the smallest it ends at a word, with an ellipsis.
- Only a word too long for a whole line is broken, between two graphemes.
"""

from __future__ import annotations

import math
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import regex
from PIL import ImageFont

from crosspost.article import Article

_LETTERS = 600  # more can never fit, so no more are measured
_ELLIPSIS = "…"

Width = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class Style:
    """How a site's cards and films look. Colours are "#rrggbb"; `sites` is its name by language, "" for all others;
    `zone` is where its days begin."""

    background: str
    text: str
    accent: str
    sites: Mapping[str, str] = field(hash=False)
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Block:
    """Room for lines one under the other, in pixels. `sizes` are those its letters may have, largest first; from
    `large` on fewer lines are better than larger letters. `leading` is from line to line, in sizes."""

    width: int
    height: int
    sizes: Sequence[int]
    large: int
    weight: int
    leading: float

    def step(self, size: int) -> int:
        """From line to line."""
        return round(size * self.leading)

    def most(self, size: int) -> int:
        """How many lines there is room for."""
        return int(self.height / (size * self.leading))


def site(article: Article, language: str, style: Style) -> str:
    """The site's name in this language; its host where it has none."""
    host = urlsplit(article.link).hostname or ""
    return style.sites.get(language) or style.sites.get("") or host.removeprefix("www.")


_DAY_FIRST = frozenset({"be", "en", "ru", "uk"})  # as their newspapers write it, without «г.» and the like


def day(article: Article, language: str, style: Style) -> str:
    """The day of publication in the article's language; in figures where that is not known, "" without one."""
    if article.published is None:
        return ""
    from babel import Locale, UnknownLocaleError
    from babel.dates import format_date

    published = article.published.astimezone(style.zone).date()
    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return published.isoformat()
    return format_date(published, "d MMMM y" if language in _DAY_FIRST else "long", locale)


# Letters: what of a text can be drawn.

_LOST = "\ufffc"  # stands where something was left out
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def drawable(text: str) -> str | None:
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
    plain = _plain_font()
    return letter == " " or bytes(plain.getmask(letter)) != bytes(plain.getmask("\uffff"))


# Lines: how words become a block.


def laid_out(text: str, block: Block) -> tuple[int, Sequence[str]]:
    """The size of a drawable text's letters in pixels, and its lines."""
    if len(text) <= _LETTERS:
        units = together(text.split(" "))
        whole = [(size, lines) for size in block.sizes if (lines := _whole(units, size, block))]
        if whole:
            large = [one for one in whole if one[0] >= block.large]
            return min(large or whole[:1], key=lambda one: len(one[1]))
    return block.sizes[-1], _cut(together(text[:_LETTERS].split(" ")), block.sizes[-1], block)


def _whole(units: Sequence[str], size: int, block: Block) -> Sequence[str]:
    """The lines of a text that fits in this size with no word broken; none when it does not."""
    width = width_in(font(size, block.weight))
    if any(width(unit) > block.width for unit in units):
        return ()
    lines = broken(units, block.width, width)
    return balanced(units, len(lines), block.width, width) if len(lines) <= block.most(size) else ()


def _cut(units: Sequence[str], size: int, block: Block) -> Sequence[str]:
    """The lines of a text that does not fit: words longer than a line are broken, and what is too much is left out."""
    width, most = width_in(font(size, block.weight)), block.most(size)
    lines = broken([piece for unit in units for piece in pieces(unit, block.width, width)], block.width, width)
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], _ended(" ".join(lines[most - 1 :]), block.width, width)]


def together(words: Sequence[str]) -> list[str]:
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


def broken(units: Sequence[str], room: float, width: Width) -> list[str]:
    """The lines of these units, each as full as it can be."""
    lines: list[str] = []
    for unit in units:
        longer = f"{lines[-1]} {unit}" if lines else unit
        if lines and width(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(unit)
    return lines


def balanced(units: Sequence[str], count: int, room: float, width: Width) -> list[str]:
    """The units on so many lines, as equal in width as they can be: the sum of the squares is the least."""

    @cache
    def best(start: int, left: int) -> tuple[float, list[str]]:
        if left == 0:
            return (0.0 if start == len(units) else math.inf), []
        found: tuple[float, list[str]] = (math.inf, [])
        for end in range(start + 1, len(units) - left + 2):
            line = " ".join(units[start:end])
            if (wide := width(line)) > room:
                break
            rest, lines = best(end, left - 1)
            found = min(found, (wide * wide + rest, [line, *lines]))
        return found

    return best(0, count)[1]


def pieces(unit: str, room: float, width: Width) -> Iterator[str]:
    """`unit` in parts that each fit on a line."""
    part = ""
    for cluster in regex.findall(r"\X", unit):
        if part and width(part + cluster) > room:
            yield part
            part = ""
        part += cluster
    yield part


def _ended(text: str, room: float, width: Width) -> str:
    """As much of `text` as fits on a line with an ellipsis, to the end of a word where it has more than one."""
    clusters = regex.findall(r"\X", text)[:_LETTERS]

    def ended_after(count: int) -> float:
        return width("".join(clusters[:count]) + _ELLIPSIS)

    fits = bisect_right(range(len(clusters) + 1), float(room), key=ended_after) - 1
    fitting = "".join(clusters[:fits])
    at_a_word = fitting if text.startswith(f"{fitting} ") else fitting.rpartition(" ")[0] or fitting
    while _is_short(at_a_word.rpartition(" ")[2]) and " " in at_a_word:
        at_a_word = at_a_word.rpartition(" ")[0]
    ended: str = regex.sub(r"[\s\p{P}]+$", "", at_a_word) + _ELLIPSIS
    return ended


def on_a_line(text: str, lettered: ImageFont.FreeTypeFont, room: float) -> str:
    """What of `text` can be drawn, on one line so long; "" when that is less than half."""
    shown = drawable(text) or ""
    width = width_in(lettered)
    return shown if width(shown) <= room else _ended(shown, room, width)


def width_in(lettered: ImageFont.FreeTypeFont) -> Width:
    """How long a text is in these letters, in pixels."""
    return lru_cache(maxsize=None)(lambda text: lettered.getbbox(text)[2])


# Fonts.


@lru_cache(maxsize=16)
def font(size: int, weight: int) -> ImageFont.FreeTypeFont:
    """The letters of this size in pixels and this weight, from 100 to 900."""
    lettered = ImageFont.truetype(BytesIO(_font_file()), size)
    lettered.set_variation_by_axes([32, weight])  # the cut for display, and how bold
    return lettered


@lru_cache(maxsize=1)
def _plain_font() -> ImageFont.FreeTypeFont:
    """The font letter by letter, without shaping, which would put in glyphs of its own."""
    return ImageFont.truetype(BytesIO(_font_file()), 24, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=1)
def _font_file() -> bytes:
    return files("fontpkg_inter").joinpath("files", "Inter[opsz,wght].ttf").read_bytes()
