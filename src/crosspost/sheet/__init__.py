"""Previews as one page to look at: every post drawn as its platform shows it, in a file that needs nothing else."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import FileSystemLoader
from markupsafe import Markup

from crosspost import manners
from crosspost.article import Article
from crosspost.compose import Draft
from crosspost.manners import Drawing, Film, LinkCard, ShownPost, hue_of, language_of, marked_up
from crosspost.pictures import UnusablePicture, fit
from crosspost.platforms import LIMITS, PictureLimits
from crosspost.post import Image
from crosspost.previews import Preview

_HERE = Path(__file__).parent
_SMALL = PictureLimits(count=1, bytes=200_000, types=frozenset({"image/jpeg"}), sides=2400)
_NEARLY_FULL = 0.95  # of the length allowed


@dataclass(frozen=True, slots=True)
class _Post:
    """A post on the sheet; `shown` is None for one that would not go out. `share` is the length used, in percent."""

    channel: str
    platform: str
    shown: ShownPost | None
    length: int
    limit: int
    share: int
    full: bool
    remarks: tuple[str, ...]
    refused: str


def render(previews: Sequence[Preview], at: datetime) -> str:
    """The page, in HTML. `at` is when it was made, in the time zone in which it is told."""
    templates = manners.environment(FileSystemLoader(_HERE))
    stories: dict[tuple[str, str], tuple[Article, list[_Post]]] = {}
    for one in previews:
        article = one.article
        _, posts = stories.setdefault((article.feed, article.link or article.title), (article, []))
        posts.append(_post(one, f"{one.channel}-{len(stories)}", at))
    return templates.get_template("sheet.html").render(
        style=Markup(manners.style(_HERE / "sheet.css")),
        stories=list(stories.values()),
        posts=len(previews),
        at=at,
        language="en",
        t=manners.WORDS["en"],
        language_of=language_of,
    )


def _post(one: Preview, key: str, at: datetime) -> _Post:
    draft = one.draft
    if draft is None:
        return _Post(one.channel, one.platform, None, 0, 0, 0, False, (), one.refused)
    share = draft.length / draft.limit
    return _Post(
        channel=one.channel,
        platform=one.platform,
        shown=_shown(one, draft, key, at),
        length=draft.length,
        limit=draft.limit,
        share=round(100 * min(share, 1)),
        full=share > _NEARLY_FULL,
        remarks=(*_remarks(one), *draft.warnings),
        refused="",
    )


def _shown(one: Preview, draft: Draft, key: str, at: datetime) -> ShownPost:
    return ShownPost(
        key=key,
        platform=one.platform,
        name=one.channel,
        handle=f"@{one.channel}" if one.platform == "x" else "",
        initials="".join(part[0] for part in one.channel.split("_"))[:2].upper(),
        hue=hue_of(one.channel),
        language=language_of(draft.text),
        text=marked_up(draft.text, one.platform),
        pictures=() if one.seconds else tuple(_drawing(image) for image in one.images),
        card=_card(one, draft),
        at=at.astimezone(UTC),
        title=one.article.title if one.seconds else "",
        video=_film(one.images[0]) if one.seconds else None,
    )


def _film(poster: Image) -> Film:
    return Film("", poster.width, poster.height, _address(poster))


def _card(one: Preview, draft: Draft) -> LinkCard | None:
    """X makes a card only of a page that says something; VK and Facebook of any address."""
    article = one.article
    if one.images or not draft.link or not LIMITS[one.platform].previews:
        return None
    if one.platform == "x" and not article.page_preview:
        return None
    domain = (urlsplit(draft.link).hostname or "").removeprefix("www.")
    return LinkCard(draft.link, domain, article.title, "", _address(one.card) if one.card else "")


def _remarks(one: Preview) -> list[str]:
    if one.images:
        image = one.images[0]
        if one.seconds:
            return [f"Video: {image.width} x {image.height}, {one.seconds:.0f} s; its first picture is shown."]
        kind = image.media_type.removeprefix("image/").upper()
        return [f"Picture: {image.width} x {image.height}, {kind}, {len(image.data) // 1000} kB."]
    return []


def _drawing(image: Image) -> Drawing:
    return Drawing(_address(image), image.width, image.height, image.alt)


def _address(image: Image) -> str:
    """The picture as an address that holds it, smaller than it goes out where that is large."""
    try:
        small = fit(image.data, _SMALL)
    except UnusablePicture:
        small = image
    return f"data:{small.media_type};base64,{base64.b64encode(small.data).decode('ascii')}"
