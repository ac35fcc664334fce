"""The pictures an entry names: media:content, enclosures, the first picture in its text, media:thumbnail."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

from crosspost.article import Picture
from crosspost.feeds.address import absolute

_ENDING = r"\.(?:jpe?g|png|gif|webp|avif)"
_IMAGE_PATH = re.compile(rf"{_ENDING}(?:$|\?)", re.IGNORECASE)
_FILE_NAME = re.compile(rf"[\w.() -]+{_ENDING}|(?:img|dsc|dscn|p)[_-]?\d+", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""(?<![\w:-])([\w:-]++)\s*+=\s*+(?:"([^"]*)"|'([^']*)'|([^\s>]+))""")
_LONG = 4000  # characters; a longer tag is no picture's
_SMALL = 200  # pixels of width; a thumbnail below it stands behind every other picture
_PIXEL = 3  # pixels; what is claimed to be smaller counts readers and shows nothing


def pictures(raw: Mapping[str, Any], text: str, base: str) -> tuple[Picture, ...]:
    """The pictures of an entry, best first, with absolute addresses; `text` is its HTML."""
    shown = _shown(text, base)
    links = raw.get("links")
    enclosed = [link for link in links if link.get("rel") == "enclosure"] if links else []
    if not (enclosed or "media_content" in raw or "enclosures" in raw or "media_thumbnail" in raw or "image" in raw):
        return shown
    media = sorted(_named(raw.get("media_content"), base), key=lambda picture: -(picture.width or 0))
    enclosures = (*(raw.get("enclosures") or ()), *enclosed, *_of_json(raw))
    found = [*media, *_named(enclosures, base), *shown, *_named(_thumbnails(raw), base)]
    if len(found) < 2:
        return tuple(found)
    once = {picture.url: picture for picture in reversed(found)}
    unique = [picture for picture in dict.fromkeys(found) if once.get(picture.url) == picture]
    return tuple(sorted(unique, key=lambda picture: picture.width is not None and picture.width < _SMALL))


def _named(media: Any, base: str) -> Iterator[Picture]:
    for one in media or ():
        if _is_image(one) and (picture := _picture(one.get("url") or one.get("href"), one, base)):
            yield picture


def _of_json(raw: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    image = raw.get("image")
    return [{"url": image, "medium": "image"}] if isinstance(image, str) else []


def _thumbnails(raw: Mapping[str, Any]) -> list[dict[str, Any]]:
    named = list(raw.get("media_thumbnail") or ())
    named += [{"url": one["thumbnail_url"]} for one in raw.get("media_content") or () if one.get("thumbnail_url")]
    return [{**one, "medium": "image"} for one in named]


def _is_image(one: Mapping[str, Any]) -> bool:
    kind = str(one.get("type") or one.get("medium") or "").lower()
    if kind:
        return kind.startswith("image")
    return bool(_IMAGE_PATH.search(str(one.get("url") or one.get("href") or "")))


def _shown(text: str, base: str) -> tuple[Picture, ...]:
    """The first picture that `text` shows."""
    if "<" not in text:
        return ()
    for img in ("<img", "<IMG"):
        start = text.find(img)
        while start >= 0:
            end = text.find(">", start, start + _LONG)
            if end > 0 and (picture := _of_tag(text[start:end], base)):
                return (picture,)
            start = text.find(img, start + len(img))
    return ()


def _of_tag(tag: str, base: str) -> Picture | None:
    said = {name.lower(): one or other or bare for name, one, other, bare in _ATTRIBUTE.findall(tag)}
    if "&" in tag:
        said = {name: unescape(value) for name, value in said.items()}
    return _picture(said.get("src"), said, base)


def _picture(url: Any, said: Mapping[str, Any], base: str) -> Picture | None:
    address = absolute(str(url or ""), base)
    if not address:
        return None
    width, height = _pixels(said.get("width")), _pixels(said.get("height"))
    if min(width or _PIXEL, height or _PIXEL) < _PIXEL:
        return None
    alt = " ".join(str(said.get("alt") or said.get("title") or "").split())
    return Picture(address, "" if _FILE_NAME.fullmatch(alt) else alt, width, height)


def _pixels(value: Any) -> int | None:
    if not value:
        return None
    text = str(value).removesuffix("px")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 and int(text) else None
