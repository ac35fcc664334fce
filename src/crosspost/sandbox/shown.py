"""A stored post as the page shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote, urlsplit

from crosspost.manners import Drawing, Film, LinkCard, ShownPost, hue_of, language_of, marked_up
from crosspost.sandbox.cards import Cards
from crosspost.sandbox.state import PICTURE_TYPES
from crosspost.sandbox.store import Media, Stored


def shown(stored: Stored, media: Sequence[Media], cards: Cards) -> ShownPost:
    """`stored` with its pictures. Reads the card of its link, which may take a moment."""
    name, handle = _names(stored)
    return ShownPost(
        key=f"{stored.platform}-{stored.number}",
        platform=stored.platform,
        name=name,
        handle=handle,
        initials=stored.account[-2:].upper(),
        hue=hue_of(stored.account),
        language=language_of(stored.text),
        text=marked_up(stored.text, stored.platform),
        pictures=tuple(
            Drawing(_address(one), one.width, one.height, one.alt) for one in media if one.media_type in PICTURE_TYPES
        ),
        card=None if media or not stored.link or stored.deleted else _card(stored, cards),
        at=stored.at,
        deleted=stored.deleted,
        title=stored.extra.get("title", ""),
        video=next((_film(one) for one in media if one.media_type not in PICTURE_TYPES), None),
    )


def _film(media: Media) -> Film:
    return Film(_address(media), media.width, media.height)


def _address(media: Media) -> str:
    return f"/media/{media.id}"


def _card(stored: Stored, cards: Cards) -> LinkCard | None:
    """X and YouTube make a card only of a page that says something; VK and Facebook of any address."""
    said = cards.card(stored.link)
    title = said.title or stored.extra.get("link_title", "")
    if not title and stored.platform in ("x", "youtube"):
        return None
    title = title or (said.domain + urlsplit(stored.link).path).rstrip("/")
    picture = f"/card-picture?link={quote(stored.link, safe='')}" if cards.picture(said.link) else ""
    return replace(said, title=title, picture=picture)


def _names(stored: Stored) -> tuple[str, str]:
    """A name and a handle; a channel's id is too long to be part of a name."""
    if stored.platform == "youtube":
        return "Sandbox Channel", ""
    name = "Sandbox Page" if stored.platform == "facebook" else "Sandbox"
    return f"{name} {stored.account}", f"@sandbox_{stored.account}" if stored.platform == "x" else ""
