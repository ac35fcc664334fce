"""What a feed tells about: an article and the pictures it names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture an article names; not fetched yet.

    `width` and `height` are pixels as the feed claims them, `None` where it does not say.
    """

    url: str
    alt: str = ""
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """One entry of a feed, as the feed tells it; `page_*` is what its page added, where the page was read.

    `title` is plain text. `description` and `content` are HTML as served. `link` is absolute, "" when the
    entry has none; `guid` is verbatim, "" when it has none. `published` is aware; it orders, it never
    decides identity. `language` is a two-letter code, "" when neither feed nor page says.
    """

    feed: str
    title: str
    link: str
    guid: str = ""
    description: str = ""
    content: str = ""
    author: str = ""
    language: str = ""
    categories: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()  # best first
    published: datetime | None = None
    page_text: str = ""  # the story as plain text, paragraphs apart by an empty line
    page_canonical: str = ""  # the page's own rel=canonical
    page_preview: bool = False  # the page carries what a link preview needs: a title and a picture
    page_picture: Picture | None = None  # the one that the page names for link previews

    def __post_init__(self) -> None:
        if self.published is not None and self.published.tzinfo is None:
            raise ValueError(f"a naive publication time in feed {self.feed}: {self.published}")
