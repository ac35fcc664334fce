"""A post drawn as its platform shows it: post.html and icons.html, in the style of base.css and posts.css. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

_HERE = Path(__file__).parent

# What the platforms are called, and the words on a post that are their own, in the languages of the site.
WORDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "en": {
            "x": "X",
            "vk": "VK",
            "facebook": "Facebook",
            "youtube": "YouTube",
            "deleted": "Deleted",
            "no_alt": "A picture without a description",
            "like": "Like",
            "comment": "Comment",
            "share": "Share",
        },
        "ru": {
            "x": "X",
            "vk": "ВКонтакте",
            "facebook": "Facebook",
            "youtube": "YouTube",
            "deleted": "Удалено",
            "no_alt": "Картинка без описания",
            "like": "Нравится",
            "comment": "Комментировать",
            "share": "Поделиться",
        },
    }
)

_HUES = 6  # as many as posts.css has
_MARKED = re.compile(r"(?P<link>https?://[^\s<>]+[^\s<>.,;:!?)»”])|(?<![\w&])(?P<tag>[#@][^\W_][\w@.]*\w|[#@]\w)")
_LONGEST_LINK = {"x": 27, "vk": 44, "facebook": 60, "youtube": 37}


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture: `address` is what a browser loads, a data: address too."""

    address: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True, slots=True)
class Film:
    """A video: `address` is what a browser plays, "" for none to play; `poster` the picture before it plays, "" for
    none."""

    address: str
    width: int
    height: int
    poster: str = ""


@dataclass(frozen=True, slots=True)
class LinkCard:
    """What stands on a link card. `domain` as readers see it; `picture` is an address, "" for none."""

    link: str
    domain: str
    title: str = ""
    description: str = ""
    picture: str = ""


@dataclass(frozen=True, slots=True)
class ShownPost:
    """What the template needs. `key` names the post's element; `hue` colours the avatar."""

    key: str
    platform: str
    name: str
    handle: str
    initials: str
    hue: int
    language: str
    text: Markup
    pictures: tuple[Drawing, ...]
    card: LinkCard | None
    at: datetime
    deleted: bool = False
    title: str = ""  # of a video
    video: Film | None = None


def environment(loader: BaseLoader) -> Environment:
    """Templates of `loader` that may include post.html and icons.html."""
    loaders = ChoiceLoader([loader, FileSystemLoader(_HERE)])
    return Environment(loader=loaders, autoescape=True, undefined=StrictUndefined)


def style(own: Path) -> str:
    """The styles of a page that shows posts: theirs, then its `own`, which may overrule them."""
    return "\n".join(path.read_text("utf-8") for path in (_HERE / "base.css", _HERE / "posts.css", own))


def hue_of(name: str) -> int:
    """The avatar's colour, always the same for a name."""
    return sum(map(ord, name)) % _HUES


def language_of(text: str) -> str:
    """Which of the two languages of the site a text is in."""
    return "ru" if re.search("[А-Яа-яЁё]", text) else "en"


def marked_up(text: str, platform: str) -> Markup:
    """`text` as HTML: addresses become links, shortened as the platform does; tags and names are coloured."""
    pieces, done = [], 0
    for match in _MARKED.finditer(text):
        pieces.append(escape(text[done : match.start()]))
        pieces.append(_link(match["link"], platform) if match["link"] else _tag(match["tag"]))
        done = match.end()
    pieces.append(escape(text[done:]))
    return Markup("").join(pieces)


def _link(address: str, platform: str) -> Markup:
    words = address if platform == "youtube" else address.partition("://")[2].removeprefix("www.")
    most = _LONGEST_LINK[platform]
    visible = words if len(words) <= most else f"{words[: most - 1]}…"
    return Markup('<a href="{}" rel="noopener noreferrer" target="_blank">{}</a>').format(address, visible)


def _tag(tag: str) -> Markup:
    return Markup('<span class="tag">{}</span>').format(tag)
