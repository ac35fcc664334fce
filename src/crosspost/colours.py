"""Colours: what they come to when mixed, and how well two of them stand apart. Pure."""

from __future__ import annotations

Colour = tuple[int, int, int]  # red, green, blue, each up to 255


def rgb(colour: str) -> Colour:
    """The colour written "#rrggbb"."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue


def mix(under: Colour, over: Colour, share: float) -> Colour:
    """`under` with so much of `over` on it, from 0 to 1."""
    red, green, blue = (round(one + (other - one) * share) for one, other in zip(under, over, strict=True))
    return red, green, blue


def contrast(one: Colour, other: Colour) -> float:
    """From 1 for equal colours to 21 for black on white, by the formula of WCAG 2."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (_linear(channel / 255) for channel in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
