"""Hashtags: a channel's own, and those made of an article's categories."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import groupby

_APOSTROPHES = re.compile(r"['’ʼ`]")
# Categories of Unicode: letters, the marks upon them, decimal digits.
_STAYING = frozenset(["Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd"])
# What blogs call an article that was put into no category.
_NO_CATEGORY = frozenset(["#uncategorized", "#uncategorised", "#безрубрики"])


def hashtags(listed: Iterable[str], categories: Iterable[str] = ()) -> tuple[str, ...]:
    """The hashtags of a post: those `listed` first, then one for each category; none twice, whatever its case."""
    found: dict[str, str] = {}
    for name in [*listed, *categories]:
        tag = hashtag(name)
        if tag and tag.casefold() not in _NO_CATEGORY:
            found.setdefault(tag.casefold(), tag)
    return tuple(found.values())


def hashtag(name: str) -> str:
    """`name` as a hashtag, "" where none can be made of it: "High Tech Park" becomes #HighTechPark.

    Only letters with their marks, digits and _ stay, since all four platforms end a hashtag at anything else;
    digits alone are no hashtag anywhere. An address makes none.
    """
    if "://" in name:
        return ""
    plain = _APOSTROPHES.sub("", unicodedata.normalize("NFC", name))
    words = ["".join(group) for stays, group in groupby(plain, key=_stays) if stays]
    joined = "".join(words) if len(words) < 2 else "".join(word[0].upper() + word[1:] for word in words)
    return f"#{joined}" if any(map(str.isalpha, joined)) else ""


def _stays(character: str) -> bool:
    # Python's own table alone decides: a newer one knows letters that no platform takes for letters yet.
    return character == "_" or unicodedata.category(character) in _STAYING
