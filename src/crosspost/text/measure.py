"""How long a text is, as each platform counts."""

from __future__ import annotations

import unicodedata

import regex

from crosspost.text.x_urls import x_urls as x_urls

# Source: twitter-text 3.1, config/v3.json: characters of U+0000-10FF, U+2000-200D, U+2010-201F and U+2032-2037
# weigh 100 of 100, all others 200; an address weighs 23 characters, an emoji 200 however many code points it takes.
_HEAVY = regex.compile(r"[^\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")
_URL = 23
_EMOJI = 2

# An emoji of several code points: keycaps, flags, joined ones (families, professions), skin tones, and what is an emoji
# only by the selector behind it, such as ©.
_ONE = r"(?:\p{Emoji_Modifier_Base}\p{Emoji_Modifier}|\p{Extended_Pictographic}\ufe0f?)"
_SEQUENCE = regex.compile(
    r"[0-9#*]\ufe0f?\u20e3"
    r"|\p{Regional_Indicator}{2}"
    r"|\U0001f3f4[\U000e0030-\U000e007a]+\U000e007f"
    rf"|{_ONE}(?:\u200d{_ONE})+"
    r"|\p{Emoji_Modifier_Base}\p{Emoji_Modifier}"
    r"|\p{Extended_Pictographic}\ufe0f"
)
_GRAPHEME = regex.compile(r"\X")


def x_length(text: str) -> int:
    """The weighted length of `text` on X, where a post may weigh 280.

    A Latin or Cyrillic letter weighs 1, a CJK character or an emoji 2, a web address 23. The text is counted in
    Unicode's normal form C, as X does.
    """
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


def graphemes(text: str) -> list[str]:
    """What a reader sees as single characters: a letter with its accents, a whole emoji, a line break."""
    found: list[str] = _GRAPHEME.findall(text)
    return found


def _weight(text: str) -> int:
    light = len(text)
    heavy = len(_HEAVY.findall(text))
    if not (heavy or "\u20e3" in text):
        return light
    saved = sum(_plain_weight(emoji) - _EMOJI for emoji in _SEQUENCE.findall(text))
    return light + heavy - saved


def _plain_weight(text: str) -> int:
    return len(text) + len(_HEAVY.findall(text))
