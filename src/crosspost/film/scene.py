"""What a film shows: a ground that stands still, a view of the picture that moves slowly over it, and the words.

Decisions:
- Where the picture's shape suits the screen, it fills it. Where not, its view is as wide as the screen and melts into a
  blurred and darkened ground of the picture itself; what the view does not hold at one moment, it passes in time.
- Words stand where the ground has the site's colour on it, as much as they need to be read over white and over black.
- Nothing to read stands where the player's own controls lie (`SAFE`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from PIL import Image as pillow
from PIL import ImageChops, ImageDraw, ImageFilter

from crosspost.article import Article
from crosspost.colours import Colour, contrast, mix, rgb
from crosspost.film.reel import RATE, SIZE, Planes, planes, tone
from crosspost.film.script import Page
from crosspost.ground import rings
from crosspost.lettering import Style, day, font, on_a_line, site

SAFE: Final = (66, 232, 930, 1496)  # left, top, right, bottom in pixels: where the player puts nothing of its own

_WIDE, _HIGH = SIZE
_LEFT, _ROOM = SAFE[0], SAFE[2] - SAFE[0]
_READABLE = 4.5  # the contrast that WCAG 2 asks of text

# The words' block, from the line with the site's name down, where there is a picture and where there is none.
_TOP_BESIDE, _TOP_WHOLE = 896, 440
_BAR_BELOW, _BAR_HIGH, _WORDS_BELOW = 40, 6, 84  # from the middle of that line

_LEAST_SCRIM = 0.82  # of the site's colour under words; less looks restless
_SCRIM_FROM, _SCRIM_TO = 550, 860  # rows over which it grows

_FADE_OUT, _FADE_IN = 8, 12  # frames
_ZOOM, _ZOOM_ALONG = 1.1, 1.04  # how much larger the picture is in the end, standing and passing
_FASTEST = 45  # pixels a second, on average, that it passes
_EASE = 0.75  # how much slower it begins and ends: 1 from a standstill, 0 not at all
_FINER = 1.2  # the picture is kept so much larger than it is shown, so that its details do not swim
_ENLARGED = 2.5  # no picture is blown up more than so many times

Box = tuple[int, int, int, int]  # left, top, width, height


class Scene:
    """An article's film, frame by frame. `picture` is RGB, upright; None for the drawn ground."""

    def __init__(
        self, article: Article, language: str, style: Style, picture: pillow.Image | None, pages: Sequence[Page]
    ) -> None:
        self._pages = pages
        self._frames = pages[-1].end
        background, text = rgb(style.background), rgb(style.text)
        text, scrim = _readable(text, background)
        self._text, self._accent = tone(text), tone(rgb(style.accent))
        self._top = _TOP_WHOLE if picture is None else _TOP_BESIDE
        if picture is None:
            self._view = _View(_drawn(background, text), (0, 0, *SIZE), self._frames, (1.0, 1.0))
            self._mask, self._ground = None, planes(pillow.new("RGB", SIZE, background))
        else:
            window = _window(picture.size)
            self._view = _View(picture, window, self._frames, (0.5, 0.5))
            self._mask = _both(_shown(window, scrim))
            full = window[2:] == SIZE
            self._ground = planes(pillow.new("RGB", SIZE, background) if full else _blurred(picture, background, scrim))
        self._standing = _both(self._heading(article, language, style))
        self._words = {page.start: _lettered(page, self._top + _WORDS_BELOW) for page in pages}

    def frame(self, number: int) -> Planes:
        """The film's picture at frame `number`, from 0."""
        left, top, _, _ = self._view.window
        ground = self._ground[0].copy(), self._ground[1].copy(), self._ground[2].copy()
        _put(ground, self._view.at(number), (left, top), self._mask)
        corner = (0, self._top - 40)
        _put(ground, self._text, corner, self._standing)
        _put(ground, self._accent, (_LEFT, self._top + _BAR_BELOW), _both(self._bar(number + 1)))
        page = next(page for page in self._pages if number < page.end)
        mask, at = self._words[page.start]
        _put(ground, self._text, at, _both(_dimmed(mask, self._opacity(page, number))))
        return ground

    def _heading(self, article: Article, language: str, style: Style) -> pillow.Image:
        """The site's name and the day on one line, and the track that the bar runs on; a mask as wide as the screen."""
        mask = pillow.new("L", (_WIDE, 40 + _BAR_BELOW + _BAR_HIGH))
        pen = ImageDraw.Draw(mask)
        named, dated = font(36, 700), font(32, 450)
        date = on_a_line(day(article, language, style), dated, _ROOM // 2)
        length = dated.getbbox(date)[2]
        pen.text((SAFE[2] - length, 40), date, 255, dated, "lm")
        pen.text((_LEFT, 40), on_a_line(site(article, language, style), named, _ROOM - length - 40), 255, named, "lm")
        track = self._bar(self._frames).point(lambda value: value // 4)
        mask.paste(track, (_LEFT, 40 + _BAR_BELOW))
        return mask

    def _bar(self, frames: int) -> pillow.Image:
        """So much of the line that shows how far the film is, as a mask; its end moves by parts of a pixel."""
        whole, part = divmod(_ROOM * frames / self._frames, 1)
        bar = pillow.new("L", (_ROOM, _BAR_HIGH))
        bar.paste(255, (0, 0, int(whole), _BAR_HIGH))
        if whole < _ROOM:
            bar.paste(round(255 * part), (int(whole), 0, int(whole) + 1, _BAR_HIGH))
        return bar

    def _opacity(self, page: Page, number: int) -> float:
        """How visible a page is: the first is there at once, the last stays."""
        come = 1.0 if page.start == 0 else (number - page.start + 1) / _FADE_IN
        gone = 1.0 if page.end == self._frames else (page.end - number) / _FADE_OUT
        return _smooth(min(come, gone))


@dataclass(frozen=True)
class _View:
    """A slow way of looking over a picture, for so many frames, in a window of the screen.

    `towards` is the point, in shares of width and height, on which it closes in where there is nothing to pass.
    """

    picture: pillow.Image
    window: Box
    frames: int
    towards: tuple[float, float]

    @cached_property
    def _canvas(self) -> Planes:
        """The picture, so large that the window holds one of its sides whole, and a bit finer."""
        _, _, width, height = self.window
        scale = _FINER * max(width / self.picture.width, height / self.picture.height)
        size = (_even(self.picture.width * scale), _even(self.picture.height * scale))
        return planes(self.picture.resize(size, pillow.Resampling.LANCZOS))

    def at(self, number: int) -> Planes:
        """What is in the window at frame `number`."""
        _, _, width, height = self.window
        left, top, right, bottom = self._box(_eased(number / max(1, self.frames - 1)))
        bright, blue, red = self._canvas
        half = (left / 2, top / 2, right / 2, bottom / 2)
        return (
            bright.resize((width, height), pillow.Resampling.BILINEAR, (left, top, right, bottom)),
            blue.resize((width // 2, height // 2), pillow.Resampling.BILINEAR, half),
            red.resize((width // 2, height // 2), pillow.Resampling.BILINEAR, half),
        )

    def _box(self, share: float) -> tuple[float, float, float, float]:
        """The part of the canvas to be seen after that share of the way: parts of pixels, so that nothing jerks."""
        canvas = self._canvas[0].size
        _, _, *window = self.window
        held = [min(side * _FINER, whole) for side, whole in zip(window, canvas, strict=True)]
        slack = [whole - side for whole, side in zip(canvas, held, strict=True)]
        passing = max(slack) > 0.04 * max(held)
        zoom = 1 + ((_ZOOM_ALONG if passing else _ZOOM) - 1) * share
        farthest = _FASTEST * _FINER * self.frames / RATE
        edges = []
        for whole, side, spare, towards in zip(canvas, held, slack, self.towards, strict=True):
            way = min(spare, farthest)
            start = (spare - way) / 2 + way * share + (side - side / zoom) * towards
            edges.append((max(0.0, start), min(float(whole), start + side / zoom)))
        (left, right), (top, bottom) = edges
        return left, top, right, bottom


def _window(size: tuple[int, int]) -> Box:
    """Where on the screen a picture of this size is looked at."""
    width, height = size
    shape = width / height
    if 0.45 <= shape <= 0.84 and max(_WIDE / width, _HIGH / height) <= _ENLARGED:
        return 0, 0, *SIZE
    high = min(920.0, max(420.0, 1420 / shape))
    wide = float(_WIDE) if shape > 0.84 else max(300.0, high * shape)
    less = min(1.0, _ENLARGED / max(wide / width, high / height))
    if wide * less < _WIDE:  # stands free, above the words
        less = min(less, 560 / high)
        wide, high = _even(wide * less), _even(high * less)
        return (_WIDE - wide) // 4 * 2, _even(500 - high / 2), wide, high
    return 0, _even(max(0.0, 400 - high / 2)), _WIDE, _even(high)


def _shown(window: Box, scrim: float) -> pillow.Image:
    """How much of the view is seen at each point of its window; the rest is ground."""
    _, top, width, height = window
    if width < _WIDE:
        corners = pillow.new("L", (width * 2, height * 2))
        ImageDraw.Draw(corners).rounded_rectangle((0, 0, width * 2 - 1, height * 2 - 1), 48, 255)
        return corners.reduce(2)
    rows = []
    for row in range(top, top + height):
        seen = 1 - scrim * _smooth((row - _SCRIM_FROM) / (_SCRIM_TO - _SCRIM_FROM))
        if height < _HIGH:
            seen *= _smooth((top + height - row) / 160)
            seen *= _smooth((row - top) / 90) if top else 1.0
        rows.append(math.floor(255 * seen))
    column = pillow.new("L", (1, height))
    column.putdata(rows)
    return column.resize((width, height))


def _blurred(picture: pillow.Image, background: Colour, scrim: float) -> pillow.Image:
    """The picture as the screen's ground: out of focus, under the site's colour, most of it where words stand."""
    scale = max(54 / picture.width, 96 / picture.height)
    small = picture.resize((math.ceil(picture.width * scale), math.ceil(picture.height * scale)), pillow.Resampling.BOX)
    left, top = (small.width - 54) // 2, (small.height - 96) // 2
    small = small.crop((left, top, left + 54, top + 96)).filter(ImageFilter.GaussianBlur(5))
    ground = small.resize(SIZE, pillow.Resampling.BICUBIC)
    column = pillow.new("L", (1, _HIGH))
    grown = [_smooth((row - _SCRIM_FROM) / (_SCRIM_TO - _SCRIM_FROM)) for row in range(_HIGH)]
    column.putdata([math.ceil(255 * (0.45 + (scrim - 0.45) * share)) for share in grown])
    return pillow.composite(pillow.new("RGB", SIZE, background), ground, column.resize(SIZE))


def _drawn(background: Colour, text: Colour) -> pillow.Image:
    """The ground of a film without a picture."""
    return rings(SIZE, (_WIDE - 60, _HIGH - 60), ((1150, 0.03), (860, 0.05), (570, 0.075)), background, text)


def _readable(text: Colour, background: Colour) -> tuple[Colour, float]:
    """What words are written in, and how much of `background` they need under them over any picture.

    The site's own colour where that can be read; else black or white, one of which always can.
    """
    for colour in (text, max((0, 0, 0), (255, 255, 255), key=lambda one: contrast(one, background))):
        for percent in range(round(100 * _LEAST_SCRIM), 101):
            grounds = [mix(picture, background, percent / 100) for picture in ((0, 0, 0), (255, 255, 255))]
            if min(contrast(colour, ground) for ground in grounds) >= _READABLE * 1.04:  # a rest for rounding
                return colour, percent / 100
    return colour, 1.0


def _lettered(page: Page, top: int) -> tuple[pillow.Image, tuple[int, int]]:
    """A page's words as a mask, and where its corner stands."""
    letters = font(page.size, page.weight)
    above = page.step // 2 * 2
    mask = pillow.new("L", (_WIDE, _even(page.step * len(page.lines) + 2 * above)))
    pen = ImageDraw.Draw(mask)
    for number, line in enumerate(page.lines):
        pen.text((_LEFT, above + page.step * (number + 0.5)), line, 255, letters, "lm")
    return mask, (0, top // 2 * 2 - above)


# Planes, masks, curves.

_Masks = tuple[pillow.Image, pillow.Image]


def _put(ground: Planes, what: Sequence[pillow.Image | int], corner: tuple[int, int], masks: _Masks | None) -> None:
    """Put a picture or a colour on `ground` through masks; `corner` is even."""
    for plane, (under, over) in enumerate(zip(ground, what, strict=True)):
        at = corner if plane == 0 else (corner[0] // 2, corner[1] // 2)
        if masks is None:
            under.paste(over, at)
            continue
        mask = masks[min(plane, 1)]
        under.paste(over, (*at, at[0] + mask.width, at[1] + mask.height), mask)


def _both(mask: pillow.Image) -> _Masks:
    """A mask for brightness, and its half for the differences of colour."""
    return mask, mask.reduce(2)


def _dimmed(mask: pillow.Image, share: float) -> pillow.Image:
    return mask if share >= 1 else ImageChops.multiply(mask, pillow.new("L", mask.size, round(255 * share)))


def _smooth(share: float) -> float:
    """From 0 to 1 without a corner at either end."""
    share = min(1.0, max(0.0, share))
    return share * share * (3 - 2 * share)


def _eased(share: float) -> float:
    """From 0 to 1, slower where it begins and ends."""
    return share - _EASE * math.sin(2 * math.pi * share) / (2 * math.pi)


def _even(length: float) -> int:
    return round(length / 2) * 2
