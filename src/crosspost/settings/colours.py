"""Colours as a config writes them, and how well two of them stand apart."""

from __future__ import annotations

from typing import Annotated

from crosspost.settings.kinds import matching

Colour = Annotated[
    str,
    matching("#[0-9a-fA-F]{6}", "is not a colour.", 'Write a # and six digits of hexadecimal, such as "#14213d".'),
]


def contrast(one: str, other: str) -> float:
    """From 1 for equal colours to 21 for black on white, by the formula of WCAG 2."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
