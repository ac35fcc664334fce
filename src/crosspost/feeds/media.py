"""The pictures an entry names: media:content, enclosures, the first picture in its text, media:thumbnail."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

from crosspost.article import Picture
from crosspost.feeds.address import absolute

_IMAGE_PATH = re.compile(r"\.(?:jpe?g|png|gif|webp)(?:$|\?)", re.IGNORECASE)
_IMG = re.compile(r"<img\b[^>]{0,4000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""(?<![\w-])(src|alt|width|height)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE)
_PLACES = ("media_content", "media_thumbnail", "enclosures", "links", "image")
_SMALL = 200  # pixels of width; a thumbnail below it stands behind every other picture
_PIXEL = 3  # pixels; what is claimed to be smaller counts readers and shows nothing


def pictures(raw: Mapping[str, Any], text: str, base: str) -> tuple[Picture, ...]:
    """The pictures of an entry, best first, with absolute addresses; `text` is its HTML."""
    if "<img" not in text and "<IMG" not in text and not any(raw.get(key) for key in _PLACES):
        return ()
    media = sorted(_named(raw.get("media_content"), base), key=lambda picture: -(picture.width or 0))
    found = [*media, *_enclosed(raw, base), *_shown(text, base), *_named(_thumbnails(raw), base)]
    once = {picture.url: picture for picture in reversed(found)}
    unique = [picture for picture in dict.fromkeys(found) if once.get(picture.url) == picture]
    return tuple(sorted(unique, key=lambda picture: picture.width is not None and picture.width < _SMALL))


def _named(media: Any, base: str) -> Iterator[Picture]:
    for one in media or ():
        if _is_image(one):
            yield from _picture(one.get("url") or one.get("href"), one, base)


def _enclosed(raw: Mapping[str, Any], base: str) -> Iterator[Picture]:
    yield from _named(raw.get("enclosures"), base)
    yield from _named([link for link in raw.get("links") or () if link.get("rel") == "enclosure"], base)
    if isinstance(raw.get("image"), str):  # JSON Feed
        yield from _picture(raw["image"], {}, base)


def _thumbnails(raw: Mapping[str, Any]) -> list[dict[str, Any]]:
    within = [{"url": one.get("thumbnail_url")} for one in raw.get("media_content") or () if one.get("thumbnail_url")]
    return [{**one, "medium": "image"} for one in (*(raw.get("media_thumbnail") or ()), *within)]


def _is_image(one: Mapping[str, Any]) -> bool:
    kind = str(one.get("type") or one.get("medium") or "").lower()
    if kind:
        return kind.startswith("image")
    return bool(_IMAGE_PATH.search(str(one.get("url") or one.get("href") or "")))


def _shown(text: str, base: str) -> Iterator[Picture]:
    """The first picture that `text` shows."""
    for tag in _IMG.finditer(text):
        said = {name.lower(): unescape(a or b or c) for name, a, b, c in _ATTRIBUTE.findall(tag[0])}
        found = list(_picture(said.get("src"), said, base))
        if found:
            yield found[0]
            return


def _picture(url: Any, said: Mapping[str, Any], base: str) -> Iterator[Picture]:
    address = absolute(str(url or ""), base)
    width, height = _pixels(said.get("width")), _pixels(said.get("height"))
    if address and min(width or _PIXEL, height or _PIXEL) >= _PIXEL:
        alt = str(said.get("alt") or said.get("title") or "")
        yield Picture(address, " ".join(alt.split()), width, height)


def _pixels(value: Any) -> int | None:
    text = str(value or "").removesuffix("px")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 and int(text) else None
