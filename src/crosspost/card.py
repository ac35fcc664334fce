"""The card: a picture drawn for an article that brings none. Its title, the site's name and the day, in the site's
colours. Pure: the same article, style and fonts give the same bytes.
"""

from __future__ import annotations

from io import BytesIO
from typing import Final

from PIL import ImageDraw

from crosspost.article import Article
from crosspost.colours import mix, rgb
from crosspost.ground import rings
from crosspost.lettering import Block, Style, day, drawable, font, laid_out, on_a_line, site

SIZE: Final = (1200, 630)  # pixels; the shape of a link preview, which every platform takes and shows whole
SAFE: Final = 64  # pixels from each edge that hold no text, since apps round and trim the corners

_LEFT, _ROOM = 88, 1024  # where lines begin, and how long they may be
_SITE_Y, _DATE_Y = 96, 540  # the middles of their lines
_TITLE_TOP = 156
_TITLE = Block(_ROOM, 330, (96, 88, 80, 74, 68, 62, 56, 52, 48), large=80, weight=700, leading=1.17)
_RINGS = ((470, 0.035), (350, 0.06), (230, 0.085))  # radius in pixels, and how much they stand out


def draw(article: Article, language: str, style: Style) -> bytes | None:
    """The card of `article` as a PNG of `SIZE`; None when the title says nothing that can be drawn.

    `language` is a two-letter code, "" when it is not known: the day is written in it.
    """
    title = drawable(article.title)
    if title is None:
        return None
    text, background = rgb(style.text), rgb(style.background)
    card = rings(SIZE, (SIZE[0] - 60, SIZE[1] + 10), _RINGS, background, text).copy()
    pen = ImageDraw.Draw(card)
    pen.rectangle((0, 0, 19, SIZE[1]), rgb(style.accent))
    named, dated = font(36, 600), font(32, 500)
    pen.text((_LEFT, _SITE_Y), on_a_line(site(article, language, style), named, _ROOM), text, named, "lm")
    muted = mix(background, text, 0.72)
    pen.text((_LEFT, _DATE_Y), on_a_line(day(article, language, style), dated, _ROOM), muted, dated, "lm")
    size, lines = laid_out(title, _TITLE)
    lettered, step = font(size, _TITLE.weight), _TITLE.step(size)
    middle = _TITLE_TOP + _TITLE.height / 2 - step * (len(lines) - 1) / 2
    for number, line in enumerate(lines):
        pen.text((_LEFT, middle + number * step), line, text, lettered, "lm")
    out = BytesIO()
    card.save(out, "PNG", compress_level=9)
    return out.getvalue()
