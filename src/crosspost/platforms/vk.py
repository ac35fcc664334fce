"""VKontakte, by vk_api: a post on a community's wall, with the link attached as a card.

Three tokens, any of which may be absent: a `community_token` posts; a `user_token` of an administrator posts, uploads
pictures and reads back; a `service_token` reads back. Sources: VK API 5.199, its schema and error codes; "Access
tokens"; "Uploading files". That a community token neither uploads nor reads (error 27) is its users' experience.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import requests
import vk_api
from jconfig import MemoryConfig
from urllib3.exceptions import HTTPError

from crosspost.discreet import cause, discreet
from crosspost.errors import Blocked, Refused, Unreachable, Unreadable, Unsure
from crosspost.logs import Log
from crosspost.platforms import Account
from crosspost.platforms.line import Line, repeatable, transport_error
from crosspost.platforms.vk_errors import NoRight, gone, http_outcome, outcome
from crosspost.platforms.written import addresses
from crosspost.post import Image, Post, Prepared, Receipt, Shown

_BASES = ("https://api.vk.ru", "https://api.vk.com")
_SITE = "https://vk.com"
_VERSION = "5.199"
_COMMUNITY, _USER, _SERVICE = "community_token", "user_token", "service_token"
# "Restrictions and recommendations": calls a second with each kind of token.
_PER_SECOND = MappingProxyType({_COMMUNITY: 20, _USER: 3, _SERVICE: 3})
_ATTACHMENTS = 10  # wall.post, and one of them at most is a link
_CAPTION = 2048  # photos.saveWallPhoto
_PAGE = 100  # wall.get

_log = Log()


class Vk:
    """One community's wall. `community` is its number.

    `resend_with_guid` says that an unsure post may be sent again with the same guid within the hour for which VK
    keeps it; whoever publishes decides by it. Raises `Blocked` when no token is there that could post.
    """

    def __init__(
        self, *, community: int, resend_with_guid: bool = False, secrets: Mapping[str, str], line: Line
    ) -> None:
        tokens = {name: secrets[name] for name in _PER_SECOND if secrets.get(name)}
        if not tokens.keys() & {_COMMUNITY, _USER}:
            raise Blocked("VK needs a community_token or a user_token: add one to the channel's secrets")
        self.resend_with_guid = resend_with_guid
        self._community = community
        self._secrets = tuple(tokens.values())
        self._session = line.session(*_BASES)
        self._apis = {name: _Api(token, self._session, _PER_SECOND[name]) for name, token in tokens.items()}

    def prepare(self, post: Post) -> Prepared:
        """Upload the pictures where the tokens allow it; else the link's card has to do."""
        if not post.images or _USER not in self._apis:
            return Prepared(post)
        try:
            return Prepared(post, tuple(self._upload(image) for image in post.images))
        except NoRight as error:
            _log.warning("vk.pictures_left_out", community=self._community, reason=str(error))
            return Prepared(post)

    def publish(self, prepared: Prepared) -> Receipt:
        # A picture belongs to the user who uploaded it, so that user posts it.
        token = self._first(_USER, _COMMUNITY) if prepared.media else self._first(_COMMUNITY, _USER)
        fields = {
            "owner_id": -self._community,
            "from_group": 1,
            "message": prepared.post.text,
            "attachments": ",".join(attachments(prepared)),
            "guid": prepared.post.key,
        }
        with self._speaking(token):
            answer = self._apis[token].method("wall.post", {name: value for name, value in fields.items() if value})
            return self._receipt(answer["post_id"])

    def shown(self, since: datetime) -> Iterator[Shown]:
        """The community's own posts. A pinned one comes first whatever its age, so it does not end the search."""
        offset = 0
        while True:
            items, last = self._page(offset)
            yield from (post for post, _ in items)
            offset += _PAGE
            if last or any(post.at < since for post, pinned in items if not pinned):
                return

    def verify(self) -> Account:
        with repeatable():
            group = self._group()
            notes = (self._posting(group), self._pictures(), self._reading())
        return Account(str(group["name"]), f"{_SITE}/{group['screen_name']}", notes)

    def withdraw(self, receipt: Receipt) -> None:
        fields = {"owner_id": -self._community, "post_id": receipt.remote_id}
        token = self._first(_USER, _COMMUNITY)  # the schema knows user tokens only; community tokens are tried
        with repeatable(), self._speaking(token, ignored=gone):
            self._apis[token].method("wall.delete", fields)

    def _first(self, *names: str) -> str:
        return next(name for name in names if name in self._apis)

    def _call(self, token: str, method: str, **fields: Any) -> Any:
        with self._speaking(token):
            return self._apis[token].method(method, fields)

    def _upload(self, image: Image) -> str:
        """Ask where to, send the file, save what came of it.

        Not by the library's VkUpload: it hands an upload server's error on to VK as if it were a picture.
        """
        with repeatable(), self._speaking(_USER):
            server = self._call(_USER, "photos.getWallUploadServer", group_id=self._community)
            file = (f"picture{image.suffix}", image.data, image.media_type)
            uploaded = self._uploaded(self._session.post(server["upload_url"], files={"photo": file}))
            caption = {"caption": image.alt[:_CAPTION]} if image.alt else {}
            saved = self._call(_USER, "photos.saveWallPhoto", group_id=self._community, **uploaded, **caption)[0]
            key = f"_{saved['access_key']}" if saved.get("access_key") else ""
            return f"photo{int(saved['owner_id'])}_{int(saved['id'])}{key}"

    def _uploaded(self, response: requests.Response) -> Mapping[str, Any]:
        """What `photos.saveWallPhoto` wants to know. The upload server tells its errors in its own way."""
        if response.status_code >= 500:
            raise Unreachable(f"VK's upload server answered {response.status_code}")
        answer = response.json()
        if answer.get("photo") in (None, "", "[]"):
            told = discreet(answer.get("error", "no reason given"), self._secrets)
            raise Refused(f"VK does not take the picture ({told}): take another one, or none, and retry")
        return {name: answer[name] for name in ("photo", "server", "hash")}

    def _page(self, offset: int) -> tuple[list[tuple[Shown, bool]], bool]:
        """Posts with whether they are pinned, and whether these are the last."""
        fields = {"owner_id": -self._community, "filter": "owner", "count": _PAGE, "offset": offset}
        refusals: list[Blocked | Refused] = []
        for token in [name for name in (_USER, _SERVICE) if name in self._apis]:
            try:
                with repeatable(), self._speaking(token):
                    answer = self._apis[token].method("wall.get", fields)
                    items = [(self._shown(item), bool(item.get("is_pinned"))) for item in answer["items"]]
                    return items, offset + _PAGE >= answer["count"] or not items
            except (Blocked, Refused) as error:
                refusals.append(error)
        raise _unreadable(refusals)

    def _shown(self, item: Mapping[str, Any]) -> Shown:
        text = str(item["text"])
        attached = [part["link"]["url"] for part in item.get("attachments", ()) if part["type"] == "link"]
        return Shown(
            self._receipt(item["id"]), text, (*attached, *addresses(text)), datetime.fromtimestamp(item["date"], UTC)
        )

    def _receipt(self, post_id: Any) -> Receipt:
        if not isinstance(post_id, int) or post_id <= 0:
            raise ValueError("the post's id is no number")
        return Receipt(str(post_id), f"{_SITE}/wall-{self._community}_{post_id}")

    def _group(self) -> Mapping[str, Any]:
        token = self._first(_COMMUNITY, _USER)
        with self._speaking(token):
            answer = self._apis[token].method("groups.getById", {"group_id": self._community, "fields": "can_post"})
            group = answer["groups"][0]
            return {"name": group["name"], "screen_name": group["screen_name"], "can_post": group.get("can_post")}

    def _posting(self, group: Mapping[str, Any]) -> str:
        if _COMMUNITY not in self._apis:
            if group["can_post"] == 0:
                raise Blocked("the user of the user_token may not post there: make them an editor of the community")
            return "Posts go out with the user_token."
        try:
            with self._speaking(_COMMUNITY):
                answer = self._apis[_COMMUNITY].method("groups.getTokenPermissions")
                rights = sorted(right["name"] for right in answer["permissions"])
        except NoRight as error:
            where = "make a key in the community's settings, under API usage"
            raise Blocked(f"the community_token is not a community's own token: {where}") from error
        if "wall" in rights or "manage" in rights:
            return "Posts go out with the community_token."
        return (
            f"Posts go out with the community_token, whose rights are {', '.join(rights) or 'none'}: if VK denies them,"
            " make a key with the right to manage the community's wall."
        )

    def _pictures(self) -> str:
        if _USER not in self._apis:
            return "Pictures cannot be uploaded without a user_token: posts show the link's card instead."
        try:
            self._call(_USER, "photos.getWallUploadServer", group_id=self._community)
        except Blocked as error:
            return f"Pictures cannot be uploaded, posts show the link's card instead: {error}."
        return "Pictures are uploaded with the user_token."

    def _reading(self) -> str:
        try:
            self._page(0)
        except (Blocked, Unreadable) as error:
            then = "is sent again with its guid" if self.resend_with_guid else "waits for a person's word"
            return f"A post in doubt {then}: {error}."
        return "A post in doubt is looked up on the wall."

    @contextmanager
    def _speaking(self, token: str, ignored: Callable[[vk_api.ApiError], bool] = lambda error: False) -> Iterator[None]:
        """Translate what the libraries raise while `token` speaks; errors that are `ignored` are fine."""
        try:
            yield
        except vk_api.ApiError as error:
            if not ignored(error):
                raise outcome(error, token, self._secrets) from cause(error, self._secrets)
        except vk_api.ApiHttpError as error:
            raise http_outcome(error.response) from error
        except (requests.RequestException, HTTPError) as error:
            raise transport_error(error, "VK") from cause(error, self._secrets)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            # vk_api looks into answers, errors too, as if each were a JSON object of the documented shape.
            raise Unsure("VK gave an answer of a shape that its documents do not have") from error


class _Api(vk_api.VkApi):  # type: ignore[misc]
    """vk_api for one token, without its habits of waiting for a person or repeating a call.

    As it comes, it sends a call again by itself after error 6, asks for captchas (and fails over those without a
    picture), and sleeps for an hour when the clock is set back by one, since its pace goes by the time of day.
    """

    def __init__(self, token: str, session: requests.Session, per_second: int) -> None:
        self._last = float("-inf")
        super().__init__(token=token, session=session, api_version=_VERSION, config=MemoryConfig)
        self.RPS_DELAY = 1 / per_second
        self.error_handlers: dict[int, Any] = {}

    @property
    def last_request(self) -> float:
        return time.time() - (time.monotonic() - self._last)

    @last_request.setter
    def last_request(self, value: float) -> None:
        self._last = time.monotonic() if value else float("-inf")


def _unreadable(refusals: list[Blocked | Refused]) -> Blocked | Unreadable:
    """Why no token reads the wall: a dead one can be mended, a missing right or token is how the channel is set up."""
    for refusal in refusals:
        if isinstance(refusal, Blocked) and not isinstance(refusal, NoRight):
            return refusal
    why = refusals[0] if refusals else "a community_token cannot read, add a user_token or a service_token"
    return Unreadable(f"the community's wall cannot be read back: {why}")


def attachments(prepared: Prepared) -> list[str]:
    """Photos first, then the link. The list is divided by commas, so the address must have none."""
    link = [prepared.post.link.replace(",", "%2C")] if prepared.post.link else []
    return [*prepared.media[: _ATTACHMENTS - len(link)], *link]
