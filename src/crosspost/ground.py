"""The ground of what is drawn: faint rings on the site's colour, the same on cards and in films. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from PIL import Image as pillow
from PIL import ImageDraw

from crosspost.colours import Colour, mix

_SCALE = 3  # drawn larger and brought down, so that the rings are smooth


@lru_cache(maxsize=8)
def rings(
    size: tuple[int, int],
    middle: tuple[int, int],
    discs: Sequence[tuple[int, float]],
    background: Colour,
    text: Colour,
) -> pillow.Image:
    """`background`, and on it discs about `middle`, largest first: each a radius in pixels and its share of `text`.

    Not to be drawn on; copy it.
    """
    ground = pillow.new("RGB", (size[0] * _SCALE, size[1] * _SCALE), background)
    pen = ImageDraw.Draw(ground)
    for radius, share in discs:
        edges = (middle[0] - radius, middle[1] - radius, middle[0] + radius, middle[1] + radius)
        pen.ellipse([edge * _SCALE for edge in edges], mix(background, text, share))
    return ground.resize(size, pillow.Resampling.LANCZOS)
