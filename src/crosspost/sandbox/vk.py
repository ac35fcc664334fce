"""Pretend VKontakte: the methods of API 5.199 that a community's publisher needs, and the upload server.

Names and shapes are those of VK's own schema (5.199). Errors come inside HTTP 200, as VK sends them. VK ignores
parameters it does not know; so does this, but it notes them in the sandbox's `problems`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from crosspost.sandbox.call import Answer, Call, Kind, Problem, names
from crosspost.sandbox.secrets import account_of
from crosspost.sandbox.state import Sandbox
from crosspost.sandbox.store import Media, Stored

GUID_LIVES = timedelta(hours=1)
MOST_ATTACHMENTS = 10
MOST_POSTS = 100  # of one wall.get
COMMON = frozenset({"access_token", "v", "lang", "test_mode", "captcha_sid", "captcha_key", "success_token"})
_ALL = frozenset({"user", "community", "service"})
_USER_ID = 100001


@dataclass(frozen=True, slots=True)
class Method:
    """A method's own parameters, who may call it, and what it is about."""

    parameters: frozenset[str]
    tokens: frozenset[str]
    kind: Kind


def _method(parameters: str, tokens: frozenset[str] | set[str], kind: Kind) -> Method:
    return Method(names(parameters), frozenset(tokens), kind)


# The schema lists no community token for wall.post though it works [VK's guide "API for communities"], and it
# calls wall.get's owner_id by another name.
METHODS: Mapping[str, Method] = MappingProxyType(
    {
        "wall.post": _method(
            "owner_id friends_only from_group message attachments services signed publish_date lat long place_id"
            " post_id guid mark_as_ads link_title link_photo_id close_comments donut_paid_duration mute_notifications"
            " copyright",
            {"user", "community"},
            Kind.PUBLISH,
        ),
        "wall.get": _method("owner_id domain offset count filter extended fields", {"user", "service"}, Kind.READ),
        "wall.getById": _method("posts extended copy_history_depth fields", {"user", "service"}, Kind.READ),
        "wall.delete": _method("owner_id post_id", {"user"}, Kind.DELETE),
        "photos.getWallUploadServer": _method("group_id", {"user"}, Kind.UPLOAD),
        "photos.saveWallPhoto": _method(
            "user_id group_id photo server hash latitude longitude caption", {"user"}, Kind.UPLOAD
        ),
        "groups.getById": _method("group_ids group_id fields", _ALL, Kind.VERIFY),
        "groups.getTokenPermissions": _method("", {"community"}, Kind.VERIFY),
        "users.get": _method("user_ids fields name_case from_group_id", _ALL, Kind.VERIFY),
        "utils.getServerTime": _method("", _ALL, Kind.VERIFY),
    }
)
ERRORS: Mapping[int, str] = MappingProxyType(
    {
        1: "Unknown error occurred",
        3: "Unknown method passed",
        5: "User authorization failed",
        6: "Too many requests per second",
        8: "Invalid request",
        9: "Flood control",
        10: "Internal server error",
        14: "Captcha needed",
        15: "Access denied",
        17: "Validation required",
        27: "Group authorization failed",
        28: "Application authorization failed",
        29: "Rate limit reached",
        100: "One of the parameters specified was missing or invalid",
        214: "Access to adding post denied",
        219: "Advertisement post was recently added",
        222: "Hyperlinks are forbidden",
        224: "Too many ads posts",
    }
)
_SAID: Mapping[str, tuple[int, str]] = MappingProxyType(
    {
        "429": (9, ""),
        "quota": (29, ""),
        "200-error": (10, ""),
        "captcha": (14, ""),
        "captcha-bare": (14, ""),
        "token-expired": (5, "access_token has expired."),
        "token-revoked": (5, "access_token was given to another ip address or revoked."),
        "unreadable": (15, "this wall available only for community members."),
    }
)
_WRONG_TOKEN: Mapping[str, tuple[int, str]] = MappingProxyType(
    {
        "community": (27, "method is unavailable with group auth."),
        "service": (28, "method is unavailable with service token."),
        "user": (15, "method is available only with group token."),
    }
)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # "user", "community" or "service"
    community: str


class Vk:
    """What api.vk.ru does, as far as a community's publisher sees it."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._acts: Mapping[str, Callable[[Call, Mapping[str, str], _Token], Any]] = {
            "wall.post": self._post,
            "wall.get": self._get,
            "wall.getById": self._get_by_id,
            "wall.delete": self._delete,
            "photos.getWallUploadServer": self._upload_server,
            "photos.saveWallPhoto": self._save_photo,
            "groups.getById": self._groups,
            "groups.getTokenPermissions": self._permissions,
            "users.get": self._users,
            "utils.getServerTime": lambda *_: int(self._sandbox.clock().timestamp()),
        }

    def kind(self, call: Call) -> Kind:
        method = METHODS.get(_name(call))
        return method.kind if method else Kind.UPLOAD

    def answer(self, call: Call) -> Answer:
        if call.path.startswith("/upload/"):
            return self._upload(call)
        name, given = _name(call), call.parameters
        if name not in METHODS:
            raise _error(3, call)
        if "v" not in given:
            raise _error(8, call, "v (version) is required")
        token = self._token(call)
        if token.kind not in METHODS[name].tokens:
            raise _error(*_WRONG_TOKEN[token.kind][:1], call, _WRONG_TOKEN[token.kind][1])
        self._look_at_names(name, given)
        return Answer(200, {"response": self._acts[name](call, given, token)})

    def refusal(self, fault: str, call: Call, now: datetime) -> Answer:
        if fault == "500":
            return Answer(500, b"<html><body><h1>500 Internal Server Error</h1></body></html>", media_type="text/html")
        if fault.startswith("error-"):
            return _error(int(fault.removeprefix("error-")), call).answer
        code, detail = _SAID[fault]
        answer = _error(code, call, detail).answer
        if fault == "captcha":
            sid = str(int(now.timestamp()))
            answer.body["error"] |= {"captcha_sid": sid, "captcha_img": f"{call.mount}/captcha.php?sid={sid}"}
        elif fault == "captcha-bare":
            answer.body["error"] |= {"captcha_sid": "1", "redirect_uri": f"{call.mount}/not_robot_captcha"}
        return answer

    def _token(self, call: Call) -> _Token:
        written = call.parameters.get("access_token") or call.bearer
        if not written:
            raise _error(5, call, "no access_token passed.")
        for kind in ("community", "user", "service"):
            community = account_of("vk", f"{kind}_token", written)
            if community is not None:
                return _Token(kind, community)
        raise _error(5, call, "invalid access_token (4).")

    def _look_at_names(self, name: str, given: Mapping[str, str]) -> None:
        for parameter in given:
            if parameter not in METHODS[name].parameters | COMMON:
                self._sandbox.object_to(f"vk: {name} has no parameter {parameter}")

    def _post(self, call: Call, given: Mapping[str, str], token: _Token) -> Any:
        if given.get("owner_id") != f"-{token.community}":
            raise _error(214, call, "you cannot post on this wall")
        if given.get("publish_date"):
            self._sandbox.object_to("vk: the sandbox does not schedule; publish_date was ignored")
        first = self._first_with_guid(given.get("guid", ""), token.community)
        if first is not None:
            return {"post_id": int(first.id)}
        media, link = self._attached(call, given.get("attachments", ""), token)
        message = given.get("message", "")
        if not (message or media or link):
            raise _error(100, call, "message is empty, or attachments are missing")
        id = len(self._sandbox.store.posts("vk", token.community)) + 1
        extra = {name: given[name] for name in ("guid", "copyright", "link_title") if given.get(name)}
        self._sandbox.store.add(
            "vk", token.community, str(id), text=message, link=link, media=media, at=self._sandbox.clock(), extra=extra
        )
        return {"post_id": id}

    def _first_with_guid(self, guid: str, community: str) -> Stored | None:
        since = self._sandbox.clock() - GUID_LIVES
        recent = (one for one in self._sandbox.store.posts("vk", community) if one.at >= since)
        return next((one for one in recent if guid and one.extra.get("guid") == guid), None)

    def _attached(self, call: Call, attachments: str, token: _Token) -> tuple[list[str], str]:
        """The ids of the photos, and the link."""
        parts = [part.strip() for part in attachments.split(",") if part.strip()]
        links = [part for part in parts if part.startswith(("http://", "https://"))]
        photos = [part for part in parts if part not in links]
        if len(parts) > MOST_ATTACHMENTS or len(links) > 1:
            raise _error(100, call, "attachments: at most 10, and one link among them")
        for photo in photos:
            if not re.fullmatch(r"photo-?\d+_\d+(_\w+)?", photo) or self._photo(photo, token) is None:
                raise _error(100, call, f"attachments: {photo} was not found")
        return [f"vk-{photo.split('_')[1]}" for photo in photos], "".join(links)

    def _photo(self, attachment: str, token: _Token) -> Media | None:
        media = self._sandbox.store.media(f"vk-{attachment.split('_')[1]}")
        return media if media is not None and media.account == token.community else None

    def _get(self, call: Call, given: Mapping[str, str], token: _Token) -> Any:
        owner = given.get("owner_id") or given.get("domain", "").replace("club", "-").replace("public", "-")
        if not re.fullmatch(r"-\d+", owner):
            raise _error(100, call, "owner_id is undefined")
        offset, count = _number(call, given, "offset", 0), _number(call, given, "count", 20)
        if given.get("filter", "all") not in {"all", "owner", "others", "suggests", "postponed", "donut"}:
            raise _error(100, call, "filter is invalid")
        shown = self._sandbox.visible("vk", owner[1:]) if given.get("filter", "all") in {"all", "owner"} else []
        page = shown[offset : offset + min(count, MOST_POSTS)]
        return {"count": len(shown), "items": [self._item(one, call) for one in page]} | _extended(given, owner[1:])

    def _get_by_id(self, call: Call, given: Mapping[str, str], token: _Token) -> Any:
        items = []
        for name in filter(None, given.get("posts", "").split(",")):
            owner, _, id = name.strip().partition("_")
            items += [self._item(one, call) for one in self._sandbox.visible("vk", owner.lstrip("-")) if one.id == id]
        return {"items": items} | _extended(given, token.community)

    def _delete(self, call: Call, given: Mapping[str, str], token: _Token) -> Any:
        stored = self._sandbox.store.post("vk", given.get("post_id", ""), token.community)
        if given.get("owner_id") != f"-{token.community}":
            raise _error(15, call)
        if stored is None or stored.deleted:
            raise _error(100, call, "post not found")
        self._sandbox.store.delete(stored)
        return 1

    def _upload_server(self, call: Call, given: Mapping[str, str], token: _Token) -> Any:
        if given.get("group_id", token.community) != token.community:
            raise _error(15, call)
        return {"album_id": -14, "upload_url": f"{call.mount}/upload/{token.community}", "user_id": _USER_ID}

    def _upload(self, call: Call) -> Answer:
        """The upload server: it takes one picture and says how to name it to photos.saveWallPhoto."""
        community = call.path.rpartition("/")[2]
        photo = "[]"
        if call.files:
            try:
                kept = self._sandbox.keep_picture(
                    "vk", community, call.files[0].data, lambda number: f"vk-{456239000 + number}"
                )
                photo = json.dumps([{"photo": kept.id, "sizes": []}])
            except ValueError:
                pass  # VK answers with an empty list, and saveWallPhoto then refuses
        return Answer(200, {"server": 1, "photo": photo, "hash": _hash(photo)}, media_type="text/html; charset=utf-8")

    def _save_photo(self, call: Call, given: Mapping[str, str], token: _Token) -> Any:
        photo = given.get("photo", "")
        if given.get("hash") != _hash(photo) or given.get("server") != "1":
            raise _error(100, call, "hash or server is invalid")
        named = json.loads(photo)
        media = self._sandbox.store.media(named[0]["photo"]) if named else None
        if media is None:
            raise _error(100, call, "photos_list is invalid")
        if given.get("caption"):
            self._sandbox.store.describe_media(media.id, given["caption"])
        return [_photo_object(media, call, given.get("caption", ""))]

    def _groups(self, call: Call, given: Mapping[str, str], token: _Token) -> Any:
        asked = given.get("group_ids") or given.get("group_id") or token.community
        groups = [_group(name.removeprefix("club").removeprefix("public"), token) for name in asked.split(",")]
        return {"groups": groups, "profiles": []}

    def _permissions(self, *_: object) -> Any:
        settings = {"photos": 4, "wall": 8192, "manage": 262144}
        return {
            "mask": sum(settings.values()),
            "permissions": [{"name": name, "setting": setting} for name, setting in settings.items()],
        }

    def _users(self, call: Call, given: Mapping[str, str], token: _Token) -> Any:
        own = str(_USER_ID) if token.kind == "user" else ""
        return [_user(id) for id in (given.get("user_ids") or own).split(",") if id]

    def _item(self, stored: Stored, call: Call) -> dict[str, Any]:
        owner = -int(stored.account)
        pictures = self._sandbox.store.sketches(stored)
        attachments: list[dict[str, Any]] = [
            {"type": "photo", "photo": _photo_object(one, call, one.alt)} for one in pictures
        ]
        if stored.link:
            attachments.append({"type": "link", "link": _link(stored)})
        source = stored.extra.get("copyright")
        return {
            "inner_type": "wall_wallpost",
            "id": int(stored.id),
            "owner_id": owner,
            "from_id": owner,
            "date": int(stored.at.timestamp()),
            "text": stored.text,
            "post_type": "post",
            "attachments": attachments,
            "post_source": {"type": "api"},
            "comments": {"count": 0},
            "likes": {"count": 0, "user_likes": 0},
            "reposts": {"count": 0, "user_reposted": 0},
            **({"copyright": {"link": source, "name": source, "type": "owner"}} if source else {}),
        }


def _name(call: Call) -> str:
    return call.path.removeprefix("/method/")


def _error(code: int, call: Call, detail: str = "") -> Problem:
    text = ERRORS.get(code, "An error")
    # The token never stands among request_params: VK leaves it out, too.
    given = [("method", _name(call)), ("oauth", "1"), *call.parameters.items()]
    parameters = [{"key": name, "value": value} for name, value in given if name != "access_token"]
    error = {"error_code": code, "error_msg": f"{text}: {detail}" if detail else text, "request_params": parameters}
    return Problem(Answer(200, {"error": error}))


def _number(call: Call, given: Mapping[str, str], name: str, default: int) -> int:
    written = given.get(name, str(default))
    if not written.isdigit():
        raise _error(100, call, f"{name} should be a positive integer")
    return int(written)


def _hash(photo: str) -> str:
    return sha256(photo.encode()).hexdigest()[:18]


def _photo_object(media: Media, call: Call, caption: str) -> dict[str, Any]:
    address = f"{call.mount.removesuffix('/vk')}/media/{media.id}"
    size = {"type": "w", "url": address, "width": media.width, "height": media.height}
    return {
        "album_id": -14,
        "date": int(media.at.timestamp()),
        "id": int(media.id.removeprefix("vk-")),
        "owner_id": -int(media.account),
        "access_key": _hash(media.id),
        "sizes": [size],
        "orig_photo": size,
        "text": caption,
        "user_id": _USER_ID,
        "web_view_token": _hash(media.id),
        "has_tags": False,
    }


def _link(stored: Stored) -> dict[str, Any]:
    title = stored.extra.get("link_title", "")
    return {"url": stored.link, "title": title, "description": "", "target": "internal"}


def _group(id: str, token: _Token) -> dict[str, Any]:
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
        **(admin if id == token.community else {}),
    }


def _user(id: str) -> dict[str, Any]:
    return {
        "id": int(id) if id.isdigit() else _USER_ID,
        "first_name": "Sandbox",
        "last_name": "User",
        "can_access_closed": True,
        "is_closed": False,
    }


def _extended(given: Mapping[str, str], community: str) -> dict[str, Any]:
    if given.get("extended") != "1":
        return {}
    return {"profiles": [], "groups": [_group(community, _Token("service", community))]}
