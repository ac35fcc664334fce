"""Posts as the Graph API lists them: asked fields, cursors, attachments."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from crosspost.sandbox.call import Call, Problem
from crosspost.sandbox.facebook_errors import Said
from crosspost.sandbox.store import Media, Stored

DEPRECATED = frozenset({"link", "name", "caption", "description", "type", "source", "object_id"})
_FORMAT = "%Y-%m-%dT%H:%M:%S+0000"


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    inner: str  # what stands in its braces


def post_object(stored: Stored, pictures: Sequence[Media], asked: Sequence[Field], origin: str) -> dict[str, Any]:
    """The asked fields of a post. Raises `Problem` for a field that does not exist or no longer does."""
    everything = _everything(stored, pictures, origin)
    for field in asked:
        if field.name in DEPRECATED:
            message = f"(#12) {field.name} field is deprecated for versions v3.3 and higher"
            raise Problem(Said(400, 12, message).answer())
        if field.name not in everything:
            raise Problem(Said(400, 100, f"(#100) Tried accessing nonexisting field ({field.name})").answer())
    found = {"id": stored.id, **{field.name: everything[field.name] for field in asked}}
    return {name: value for name, value in found.items() if value is not None}


def _everything(stored: Stored, pictures: Sequence[Media], origin: str) -> dict[str, Any]:
    return {
        "id": stored.id,
        "created_time": stored.at.strftime(_FORMAT),
        "updated_time": stored.at.strftime(_FORMAT),
        "message": stored.text or None,
        "permalink_url": f"https://www.facebook.com/{stored.account}/posts/{stored.id.partition('_')[2]}",
        "from": {"name": f"Sandbox Page {stored.account}", "id": stored.account},
        "is_published": True,
        "is_hidden": False,
        "status_type": "added_photos" if pictures else "mobile_status_update",
        "full_picture": f"{origin}/media/{pictures[0].id}" if pictures else None,
        "attachments": _attachments(stored, pictures, origin),
        "story": None,
    }


def fields(written: str) -> list[Field]:
    """Fields with what they ask of their own: `id,attachments{url,title}`; limits such as .limit(5) are dropped."""
    found = re.findall(r"([a-z_]+)(?:\.\w+\([^)]*\))*(?:\{((?:[^{}]|\{[^{}]*\})*)\})?", written)
    return [Field(name, inner) for name, inner in found]


def within(stored: Stored, given: Mapping[str, str]) -> bool:
    seconds = stored.at.timestamp()
    since, until = (given.get(name, "") for name in ("since", "until"))
    return not (since.isdigit() and seconds < int(since)) and not (until.isdigit() and seconds > int(until))


def _cursor(stored: Stored) -> str:
    return base64.urlsafe_b64encode(stored.id.encode()).decode().rstrip("=")


def place_of(shown: Sequence[Stored], after: str) -> int:
    """Where the page behind the cursor begins."""
    for place, one in enumerate(shown):
        if after and _cursor(one) == after:
            return place + 1
    return 0


def paging(call: Call, found: Sequence[Stored], *, more: bool) -> dict[str, Any]:
    cursors = {"before": _cursor(found[0]), "after": _cursor(found[-1])}
    if not more:
        return {"cursors": cursors}
    asked = {**dict(call.query), "after": cursors["after"]}  # the token too, as Facebook does
    return {"cursors": cursors, "next": f"{call.url.partition('?')[0]}?{urlencode(asked)}"}


def _attachments(stored: Stored, pictures: Sequence[Media], origin: str) -> dict[str, Any] | None:
    if pictures:
        return {"data": [_photo_attachment(media, origin) for media in pictures]}
    if stored.link:
        shim = f"https://l.facebook.com/l.php?u={quote(stored.link, safe='')}&h=AT0sandbox"
        share = {"type": "share", "media_type": "link", "title": urlsplit(stored.link).hostname, "url": shim}
        return {"data": [{**share, "unshimmed_url": stored.link, "target": {"url": shim}}]}
    return None


def _photo_attachment(media: Media, origin: str) -> dict[str, Any]:
    image = {"src": f"{origin}/media/{media.id}", "width": media.width, "height": media.height}
    target = {"id": media.id.removeprefix("fb-")}
    return {
        "type": "photo",
        "media_type": "photo",
        "media": {"image": image},
        "target": target,
        "description": media.alt,
    }
