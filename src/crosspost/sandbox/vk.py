"""Pretend VKontakte: the methods of API 5.199 that a community's publisher needs, and the upload server.

Names and shapes are those of VK's own schema (5.199). Errors come inside HTTP 200, as VK sends them. VK ignores
parameters it does not know; so does this, but it notes them in the sandbox's `problems`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from crosspost.sandbox.call import Answer, Call, Kind, Problem
from crosspost.sandbox.secrets import account_of
from crosspost.sandbox.state import Sandbox
from crosspost.sandbox.store import Media, Stored
from crosspost.sandbox.vk_methods import COMMON, DETAILS, ERRORS, METHODS, SAID, WRONG_TOKEN, Token
from crosspost.sandbox.vk_objects import USER_ID, group, hash, link, photo_object, user

GUID_LIVES = timedelta(hours=1)
MOST_ATTACHMENTS = 10
MOST_POSTS = 100  # of one wall.get


class Vk:
    """What api.vk.ru does, as far as a community's publisher sees it."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._acts: Mapping[str, Callable[[Call, Mapping[str, str], Token], Any]] = {
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
            raise _wrong_token(token, call)
        self._look_at_names(name, given)
        return Answer(200, {"response": self._acts[name](call, given, token)})

    def refusal(self, fault: str, call: Call, now: datetime) -> Answer:
        if fault == "500":
            return Answer(500, b"<html><body><h1>500 Internal Server Error</h1></body></html>", media_type="text/html")
        if fault.startswith("error-"):
            number, _, words = fault.removeprefix("error-").partition("-")
            return _error(int(number), call, DETAILS.get(words, "")).answer
        code, detail = SAID[fault]
        answer = _error(code, call, detail).answer
        if fault == "captcha":
            sid = str(int(now.timestamp()))
            answer.body["error"] |= {"captcha_sid": sid, "captcha_img": f"{call.mount}/captcha.php?sid={sid}"}
        elif fault == "captcha-bare":
            answer.body["error"] |= {"captcha_sid": "1", "redirect_uri": f"{call.mount}/not_robot_captcha"}
        return answer

    def _token(self, call: Call) -> Token:
        written = call.parameters.get("access_token") or call.bearer
        if not written:
            raise _error(5, call, "no access_token passed.")
        for kind in ("community", "user", "service"):
            community = account_of("vk", f"{kind}_token", written)
            if community is not None:
                return Token(kind, community)
        raise _error(5, call, "invalid access_token (4).")

    def _look_at_names(self, name: str, given: Mapping[str, str]) -> None:
        for parameter in given:
            if parameter not in METHODS[name].parameters | COMMON:
                self._sandbox.object_to(f"vk: {name} has no parameter {parameter}")

    def _post(self, call: Call, given: Mapping[str, str], token: Token) -> Any:
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

    def _attached(self, call: Call, attachments: str, token: Token) -> tuple[list[str], str]:
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

    def _photo(self, attachment: str, token: Token) -> Media | None:
        media = self._sandbox.store.media(f"vk-{attachment.split('_')[1]}")
        return media if media is not None and media.account == token.community else None

    def _get(self, call: Call, given: Mapping[str, str], token: Token) -> Any:
        owner = given.get("owner_id") or given.get("domain", "").replace("club", "-").replace("public", "-")
        if not re.fullmatch(r"-\d+", owner):
            raise _error(100, call, "owner_id is undefined")
        offset, count = _number(call, given, "offset", 0), _number(call, given, "count", 20)
        if given.get("filter", "all") not in {"all", "owner", "others", "suggests", "postponed", "donut"}:
            raise _error(100, call, "filter is invalid")
        shown = self._sandbox.visible("vk", owner[1:]) if given.get("filter", "all") in {"all", "owner"} else []
        page = shown[offset : offset + min(count, MOST_POSTS)]
        return {"count": len(shown), "items": [self._item(one, call) for one in page]} | _extended(given, owner[1:])

    def _get_by_id(self, call: Call, given: Mapping[str, str], token: Token) -> Any:
        items = []
        for name in filter(None, given.get("posts", "").split(",")):
            owner, _, id = name.strip().partition("_")
            items += [self._item(one, call) for one in self._sandbox.visible("vk", owner.lstrip("-")) if one.id == id]
        return {"items": items} | _extended(given, token.community)

    def _delete(self, call: Call, given: Mapping[str, str], token: Token) -> Any:
        stored = self._sandbox.store.post("vk", given.get("post_id", ""), token.community)
        if given.get("owner_id") != f"-{token.community}":
            raise _error(15, call)
        if stored is None or stored.deleted:
            raise _error(100, call, "post not found")
        self._sandbox.store.delete(stored)
        return 1

    def _upload_server(self, call: Call, given: Mapping[str, str], token: Token) -> Any:
        if given.get("group_id", token.community) != token.community:
            raise _error(15, call)
        return {"album_id": -14, "upload_url": f"{call.mount}/upload/{token.community}", "user_id": USER_ID}

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
        return Answer(200, {"server": 1, "photo": photo, "hash": hash(photo)}, media_type="text/html; charset=utf-8")

    def _save_photo(self, call: Call, given: Mapping[str, str], token: Token) -> Any:
        photo = given.get("photo", "")
        if given.get("hash") != hash(photo) or given.get("server") != "1":
            raise _error(100, call, "hash or server is invalid")
        named = json.loads(photo)
        media = self._sandbox.store.media(named[0]["photo"]) if named else None
        if media is None:
            raise _error(100, call, "photos_list is invalid")
        if given.get("caption"):
            self._sandbox.store.describe_media(media.id, given["caption"])
        return [photo_object(media, call, given.get("caption", ""))]

    def _groups(self, call: Call, given: Mapping[str, str], token: Token) -> Any:
        asked = given.get("group_ids") or given.get("group_id") or token.community
        ids = (name.removeprefix("club").removeprefix("public") for name in asked.split(","))
        groups = [group(id, token, given.get("fields", "").split(",")) for id in ids]
        return {"groups": groups, "profiles": []}

    def _permissions(self, *_: object) -> Any:
        settings = {"photos": 4, "wall": 8192, "manage": 262144}
        return {
            "mask": sum(settings.values()),
            "permissions": [{"name": name, "setting": setting} for name, setting in settings.items()],
        }

    def _users(self, call: Call, given: Mapping[str, str], token: Token) -> Any:
        own = str(USER_ID) if token.kind == "user" else ""
        return [user(id) for id in (given.get("user_ids") or own).split(",") if id]

    def _item(self, stored: Stored, call: Call) -> dict[str, Any]:
        owner = -int(stored.account)
        pictures = self._sandbox.store.sketches(stored)
        attachments: list[dict[str, Any]] = [
            {"type": "photo", "photo": photo_object(one, call, one.alt)} for one in pictures
        ]
        if stored.link:
            attachments.append({"type": "link", "link": link(stored)})
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


def _wrong_token(token: Token, call: Call) -> Problem:
    code, detail = WRONG_TOKEN[token.kind]
    return _error(code, call, detail)


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


def _extended(given: Mapping[str, str], community: str) -> dict[str, Any]:
    if given.get("extended") != "1":
        return {}
    return {"profiles": [], "groups": [group(community, Token("service", community))]}
