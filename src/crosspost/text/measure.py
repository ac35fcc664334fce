"""How long a text is, as each platform counts."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

# Source: twitter-text 3.1, config/v3.json: characters of U+0000-10FF, U+2000-200D, U+2010-201F and U+2032-2037
# weigh 100 of 100, all others 200; an address weighs 23 characters, an emoji 200 however many code points it takes.
_HEAVY = re.compile(r"[^\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")
_URL = 23
_EMOJI = 2

# An emoji of several code points: keycaps, flags, joined ones (families, professions), skin tones, and what is an
# emoji only by the selector behind it, such as ©.
_ONE = r"(?:\p{Emoji_Modifier_Base}\p{Emoji_Modifier}|\p{Extended_Pictographic}\ufe0f?)"
_SEQUENCE = (
    r"[0-9#*]\ufe0f?\u20e3"
    r"|\p{Regional_Indicator}{2}"
    r"|\U0001f3f4[\U000e0030-\U000e007a]+\U000e007f"
    rf"|{_ONE}(?:\u200d{_ONE})+"
    r"|\p{Emoji_Modifier_Base}\p{Emoji_Modifier}"
    r"|\p{Extended_Pictographic}\ufe0f"
)


def x_length(text: str) -> int:
    """The weighted length of `text` on X, where a post may weigh 280.

    A Latin or Cyrillic letter weighs 1, a CJK character or an emoji 2, a web address 23. The text is counted in
    Unicode's normal form C, as X does.
    """
    # Imported where a text is weighed: its patterns take a while, and every command imports the platforms' limits.
    from crosspost.text.x_urls import x_urls

    if text.isascii():
        return len(text) + sum(_URL - (end - start) for start, end in x_urls(text))
    text = unicodedata.normalize("NFC", text)
    total = position = 0
    for start, end in x_urls(text):
        total += _weight(text[position:start]) + _URL
        position = end
    return total + _weight(text[position:] if position else text)


def characters(text: str) -> int:
    """The number of code points: how VKontakte, Facebook and YouTube count."""
    return len(text)


def bytes_utf8(text: str) -> int:
    """The number of bytes: how YouTube counts what stands below a video."""
    return len(text.encode())


def utf16_units(text: str) -> int:
    """The number of UTF-16 code units, of which an emoji takes two or more."""
    return len(text.encode("utf-16-le")) // 2


def _weight(text: str) -> int:
    heavy = len(_HEAVY.findall(text))
    if not heavy:
        return len(text)
    saved = sum(len(emoji) + len(_HEAVY.findall(emoji)) - _EMOJI for emoji in _compiled(_SEQUENCE).findall(text))
    return len(text) + heavy - saved


@cache
def _compiled(pattern: str) -> Any:
    import regex  # as slow as those

    return regex.compile(pattern)
