"""A stored post as the page shows it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlsplit

from markupsafe import Markup, escape

from crosspost.sandbox.cards import Card, Cards
from crosspost.sandbox.store import Media, Stored

_HUES = 6  # as many as page.css has
_MARKED = re.compile(r"(?P<link>https?://[^\s<>]+[^\s<>.,;:!?)»”])|(?<![\w&])(?P<tag>[#@][^\W_][\w@.]*\w|[#@]\w)")
_LONGEST_LINK = {"x": 27, "vk": 44, "facebook": 60, "youtube": 37}


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
    media: tuple[Media, ...]
    card: Card | None
    card_picture: str
    at: datetime
    deleted: bool


def shown(stored: Stored, media: Sequence[Media], cards: Cards) -> ShownPost:
    """`stored` with its pictures. Reads the card of its link, which may take a moment."""
    card = None if media or not stored.link or stored.deleted else _card(stored, cards)
    name, handle = _names(stored)
    return ShownPost(
        key=f"{stored.platform}-{stored.number}",
        platform=stored.platform,
        name=name,
        handle=handle,
        initials=stored.account[-2:].upper(),
        hue=sum(map(ord, stored.account)) % _HUES,
        language="ru" if re.search("[А-Яа-яЁё]", stored.text) else "en",
        text=marked_up(stored.text, stored.platform),
        media=tuple(media),
        card=card,
        card_picture=f"/card-picture?link={quote(stored.link, safe='')}" if card and cards.picture(card.link) else "",
        at=stored.at,
        deleted=stored.deleted,
    )


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


def _card(stored: Stored, cards: Cards) -> Card | None:
    """X and YouTube make a card only of a page that says something; VK and Facebook of any address."""
    card = cards.card(stored.link)
    if stored.extra.get("link_title") and not card.title:
        return Card(card.link, card.domain, stored.extra["link_title"], card.description, card.picture)
    if card.title:
        return card
    if stored.platform in ("x", "youtube"):
        return None
    return Card(card.link, card.domain, title=(card.domain + urlsplit(stored.link).path).rstrip("/"))


def _names(stored: Stored) -> tuple[str, str]:
    """A name and a handle; a channel's id is too long to be part of a name."""
    if stored.platform == "youtube":
        return "Sandbox Channel", ""
    name = "Sandbox Page" if stored.platform == "facebook" else "Sandbox"
    return f"{name} {stored.account}", f"@sandbox_{stored.account}" if stored.platform == "x" else ""
