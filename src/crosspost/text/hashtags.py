"""Hashtags: a channel's own, and those made of an article's categories."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

import regex

_APOSTROPHES = regex.compile(r"['’ʼ`]")
_WORD = regex.compile(r"[\p{L}\p{M}\p{Nd}_]+")
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
    words = _WORD.findall(_APOSTROPHES.sub("", unicodedata.normalize("NFC", name)))
    joined = "".join(words) if len(words) < 2 else "".join(word[0].upper() + word[1:] for word in words)
    return f"#{joined}" if any(map(str.isalpha, joined)) else ""
