"""Colours as a config writes them."""

from __future__ import annotations

from typing import Annotated

from crosspost.settings.kinds import matching

Colour = Annotated[
    str,
    matching("#[0-9a-fA-F]{6}", "is not a colour.", 'Write a # and six digits of hexadecimal, such as "#14213d".'),
]
