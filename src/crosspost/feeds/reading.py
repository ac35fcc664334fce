"""A feed as a parser read it, before it is made articles."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

Raw = Mapping[str, Any]

# No database keeps these. JSON smuggles them in by escapes and feedparser by numbers; XML's own parsers do not.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Entry(NamedTuple):
    """One entry as a parser read it: texts unchanged, `link` perhaps relative, to `base` where that is not "" (the
    feed's address); `language` as the entry itself writes it. `raw` holds what only some have."""

    title: str
    link: str
    guid: str
    description: str
    content: str
    author: str
    categories: tuple[str, ...]
    published: datetime | None
    raw: Raw
    base: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A feed as a parser read it. `language` is as the feed writes it, where the parser tells."""

    title: str
    language: str
    entries: tuple[Entry, ...]


class Items(NamedTuple):
    """Where a document's items are: their `tag` as written, b"" without any; where the first starts and ends.

    The items of one feed are made alike, so what would cost a look at all is told by the first.
    """

    tag: bytes
    start: int
    first_end: int


def storable(text: str) -> str:
    """`text` without what no database keeps."""
    return _UNSTORABLE.sub("", text)
