"""Objects as VK gives them back."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from crosspost.sandbox.call import Call
from crosspost.sandbox.store import Media, Stored
from crosspost.sandbox.vk_methods import Token

USER_ID = 100001


def hash(photo: str) -> str:
    return sha256(photo.encode()).hexdigest()[:18]


def photo_object(media: Media, call: Call, caption: str) -> dict[str, Any]:
    address = f"{call.mount.removesuffix('/vk')}/media/{media.id}"
    size = {"type": "w", "url": address, "width": media.width, "height": media.height}
    return {
        "album_id": -14,
        "date": int(media.at.timestamp()),
        "id": int(media.id.removeprefix("vk-")),
        "owner_id": -int(media.account),
        "access_key": hash(media.id),
        "sizes": [size],
        "orig_photo": size,
        "text": caption,
        "user_id": USER_ID,
        "web_view_token": hash(media.id),
        "has_tags": False,
    }


def link(stored: Stored) -> dict[str, Any]:
    title = stored.extra.get("link_title", "")
    return {"url": stored.link, "title": title, "description": "", "target": "internal"}


def group(id: str, token: Token, fields: Sequence[str] = ()) -> dict[str, Any]:
    own = id == token.community
    admin = {"is_admin": 1, "admin_level": 3, "is_member": 1, "is_advertiser": 1} if token.kind == "user" else {}
    return {
        "id": int(id) if id.isdigit() else 0,
        "name": f"Sandbox {id}",
        "screen_name": f"club{id}",
        "is_closed": 0,
        "type": "page",
        "photo_50": "",
        "photo_100": "",
        "photo_200": "",
        **(admin if own else {}),
        **({"can_post": int(own and token.kind != "service")} if "can_post" in fields else {}),
    }


def user(id: str) -> dict[str, Any]:
    return {
        "id": int(id) if id.isdigit() else USER_ID,
        "first_name": "Sandbox",
        "last_name": "User",
        "can_access_closed": True,
        "is_closed": False,
    }
