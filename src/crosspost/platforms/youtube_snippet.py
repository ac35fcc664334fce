"""What YouTube is told of a video beside its film: title, description, tags, who may see it. Pure.

Source: YouTube Data API, the resource `videos`: `snippet.title`, `snippet.description`, `snippet.tags[]`, `status`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from crosspost.errors import Refused
from crosspost.post import Post
from crosspost.text.fit import shorten
from crosspost.text.measure import utf16_units

TITLE = 100  # characters; whether of UTF-16 is not said, so the shorter reading is kept
TAGS = 500
_ANGLES = str.maketrans("<>", "‹›")
_ADDRESS = re.compile(r"\S*://\S*")
_HASHTAG = re.compile(r"(?<![\w#&])#(\w+)")


@dataclass(frozen=True, slots=True)
class Manner:
    """How a channel's videos are shown: to whom, whether they are made for children, and YouTube's number for what
    they are about."""

    privacy: Literal["public", "unlisted", "private"]
    made_for_kids: bool
    category: int


def resource(post: Post, manner: Manner) -> dict[str, Any]:
    """The body of `videos.insert`. Raises `Refused` where there is nothing that could be a title."""
    snippet = {"title": title(post), "description": post.text, "categoryId": str(manner.category)}
    if found := tags(post.text):
        snippet["tags"] = list(found)  # type: ignore[assignment]
    status = {"privacyStatus": manner.privacy, "selfDeclaredMadeForKids": manner.made_for_kids}
    return {"snippet": snippet, "status": status}


def title(post: Post) -> str:
    """The post's title as YouTube takes it; where it has none, the first line of its text that is more than an
    address. Raises `Refused`."""
    lines = (post.title, *post.text.split("\n"))
    told = next((line for line in map(_worded, lines) if line), "").translate(_ANGLES)
    if not told:
        raise Refused(
            "a video on YouTube needs a title, and this post has neither a title nor words of which to make one"
        )
    return shorten(told, TITLE, utf16_units) or _cut(told)


def tags(text: str) -> tuple[str, ...]:
    """The hashtags in `text` as tags, as many as YouTube takes together."""
    found = dict.fromkeys(_HASHTAG.findall(_ADDRESS.sub(" ", text)))
    kept: list[str] = []
    for tag in found:
        if tags_length((*kept, tag)) > TAGS:
            break
        kept.append(tag)
    return tuple(kept)


def tags_length(tags: Iterable[str]) -> int:
    """How long tags are together, as YouTube counts: with commas between them, and quotes around those with spaces."""
    lengths = [utf16_units(tag) + (2 if " " in tag else 0) for tag in tags]
    return sum(lengths) + max(0, len(lengths) - 1)


def _worded(line: str) -> str:
    return " ".join(_ADDRESS.sub(" ", line).split())


def _cut(word: str) -> str:
    """As many whole graphemes of a word as there is room for: a title that is one endless word is better than none."""
    import regex  # slow to import, and seldom needed

    cut = ""
    for grapheme in regex.findall(r"\X", word):
        if utf16_units(cut + grapheme) >= TITLE:
            break
        cut += grapheme
    return f"{cut}…"
