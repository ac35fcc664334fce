"""Text cut to a platform's room, only where a reader would."""

from __future__ import annotations

import re
from collections.abc import Callable

Measure = Callable[[str], int]

_WORD = re.compile(r"\S+")
_DANGLING = ' ,;:.–—-−(«"“„‘[{/|·•'  # what must not stand before an ellipsis


def shorten(text: str, room: int, measure: Measure) -> str:
    """`text` if it fits into `room` by `measure`, else as many of its first words as fit, and "…".

    Cut between words alone, so never inside a link, a hashtag or a grapheme. Where not even the first word fits,
    such as a single over-long one, the result is "": half a word says less than none.
    """
    text = text.strip()
    if measure(text) <= room:
        return text
    ends = [word.end() for word in _WORD.finditer(text)][:-1]
    best = ""
    low, high = 0, len(ends)
    while low < high:
        middle = (low + high) // 2
        cut = _ended(text[: ends[middle]])
        if measure(cut) <= room:
            best, low = cut, middle + 1
        else:
            high = middle
    return best


def _ended(text: str) -> str:
    """`text` with an ellipsis. A link, a hashtag or a name at its end stays whole and apart from it."""
    words = text.split()
    while words and not words[-1].strip(_DANGLING):  # a dash between two words
        text = text[: -len(words.pop())].rstrip()
    if not words:
        return ""
    if "://" in words[-1] or words[-1].startswith(("#", "@", "www.")):
        return f"{text} …"
    return f"{text.rstrip(_DANGLING)}…"
