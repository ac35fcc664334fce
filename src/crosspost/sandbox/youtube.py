"""Pretend YouTube: the pilot resource `posts`, `channels`, `videos`, and Google's token endpoint.

Shapes are those of Google's reference for the pilot and of the discovery document; errors carry
`errors[].reason` as Google's do.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from crosspost.sandbox.call import Answer, Call, Kind, Problem, names
from crosspost.sandbox.secrets import YOUTUBE_APP, account_of
from crosspost.sandbox.state import Sandbox, first_link
from crosspost.sandbox.store import Media, Stored
from crosspost.sandbox.youtube_errors import INVALID_GRANT, REFUSALS, STATUS_OF, UNAUTHENTICATED, error
from crosspost.sandbox.youtube_objects import (
    channel_object,
    etag,
    look_at_names,
    object_of,
    offset_of,
    page_token,
    parts_of,
)
from crosspost.sandbox.youtube_videos import Videos, kind_of_piece

LONGEST = 1_500  # unconfirmed by Google; what others use
LARGEST = 16_000_000  # bytes of a picture
MOST_PICTURES = 10
SCOPE = "https://www.googleapis.com/auth/youtube"
TOKEN_LIVES = timedelta(seconds=3599)
LIST_PARAMETERS = frozenset({"part", "id", "channelId", "mine", "maxResults", "pageToken"})
INSERT_PARAMETERS = frozenset({"part"})
UPLOAD_PARAMETERS = frozenset({"uploadType", "channelId"})
CHANNEL_PARAMETERS = names(
    "part categoryId forHandle forUsername hl id managedByMe maxResults mine mySubscribers onBehalfOfContentOwner"
    " pageToken"
)


class YouTube:
    """What www.googleapis.com/youtube and oauth2.googleapis.com do, as far as a publisher sees it."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._videos = Videos(sandbox)
        self._routes: tuple[tuple[str, str, Kind, Callable[[Call, str], Answer]], ...] = (
            ("GET", "/youtube/v3/posts", Kind.READ, self._list),
            ("POST", "/youtube/v3/posts", Kind.PUBLISH, self._insert),
            ("DELETE", "/youtube/v3/posts", Kind.DELETE, self._delete),
            ("POST", "/upload/youtube/v3/posts/image", Kind.UPLOAD, self._upload),
            ("GET", "/youtube/v3/channels", Kind.VERIFY, self._channels),
            *self._videos.routes,
        )

    def kind(self, call: Call) -> Kind:
        if call.path == "/token":
            return Kind.TOKEN
        return kind_of_piece(call) if call.method == "PUT" else self._route(call)[0]

    def answer(self, call: Call) -> Answer:
        if call.path == "/token":
            return self._grant(call)
        _, act = self._route(call)
        return act(call, self._channel(call))

    def refusal(self, fault: str, call: Call, now: datetime) -> Answer:
        if call.path == "/token" and fault != "500":
            return INVALID_GRANT
        if fault.startswith("error-"):
            reason = fault.removeprefix("error-")
            return error(STATUS_OF.get(reason, 403), reason, "Programmed in the sandbox.").answer
        if fault == "session-gone":
            self._videos.forget(call)
        return REFUSALS[fault]

    def _route(self, call: Call) -> tuple[Kind, Callable[[Call, str], Answer]]:
        for method, path, kind, act in self._routes:
            if (method, path) == (call.method, call.path):
                return kind, act
        raise Problem(Answer(404, b"<html><title>Error 404 (Not Found)!!1</title></html>", media_type="text/html"))

    def _grant(self, call: Call) -> Answer:
        given = dict(call.form)
        client = {name: given.get(name, "") for name in YOUTUBE_APP}
        if client != dict(YOUTUBE_APP):
            return Answer(401, {"error": "invalid_client", "error_description": "The OAuth client was not found."})
        if given.get("grant_type") != "refresh_token":
            return Answer(400, {"error": "unsupported_grant_type", "error_description": "Invalid grant_type"})
        channel = account_of("youtube", "refresh_token", given.get("refresh_token", ""))
        if channel is None:
            return INVALID_GRANT
        expires = int((self._sandbox.clock() + TOKEN_LIVES).timestamp())
        token = {"access_token": _access_token(channel, expires), "expires_in": 3599, "scope": SCOPE}
        return Answer(200, {**token, "token_type": "Bearer"})

    def _channel(self, call: Call) -> str:
        # A refresh that will fail must not be hidden by an access token that still lives.
        match = re.fullmatch(r"ya29\.sandbox\.([\w-]+)\.(\d+)\.\w+", call.bearer)
        if match is None or self._sandbox.faults.awaits("youtube", "token-revoked"):
            raise Problem(UNAUTHENTICATED)
        channel, expires = match[1], int(match[2])
        if call.bearer != _access_token(channel, expires) or expires < self._sandbox.clock().timestamp():
            raise Problem(UNAUTHENTICATED)
        return channel

    def _insert(self, call: Call, channel: str) -> Answer:
        parts = parts_of(call)
        look_at_names(self._sandbox, "posts.insert", call, INSERT_PARAMETERS)
        given = object_of(call)
        snippet = given.get("snippet") or {}
        text = snippet.get("textDisplay", "")
        if snippet.get("channelId") != channel:
            raise error(403, "forbidden", "The channel does not belong to the authorized user.")
        media = self._attached(given, channel)
        if not text and not media:
            raise error(400, "required", "A post needs snippet.textDisplay or attachments.")
        if len(text) > LONGEST:
            raise error(400, "invalidValue", "snippet.textDisplay is too long.")
        id = _post_id(channel, self._sandbox.store.next_number())
        now = self._sandbox.clock()
        stored = self._sandbox.store.add("youtube", channel, id, text=text, link=first_link(text), media=media, at=now)
        return Answer(200, self._post(stored, parts | {"snippet"}, call))

    def _attached(self, given: Mapping[str, Any], channel: str) -> list[str]:
        images = (given.get("attachments") or {}).get("imageAttachments") or []
        if len(images) > MOST_PICTURES:
            raise error(400, "invalidValue", "At most 10 images can be attached.")
        ids = [f"yt-{image.get('uploadToken', '')}" for image in images]
        for id in ids:
            media = self._sandbox.store.media(id)
            if media is None or media.account != channel:
                raise error(400, "invalidValue", "An uploadToken is not valid.")
        return ids

    def _list(self, call: Call, channel: str) -> Answer:
        given = call.parameters
        look_at_names(self._sandbox, "posts.list", call, LIST_PARAMETERS)
        parts = parts_of(call)
        asked = set(given["id"].split(",")) if given.get("id") else None
        if asked is None and not given.get("channelId") and given.get("mine") != "true":
            raise error(400, "missingRequiredParameter", "No filter selected. Expected one of: id, channelId, mine")
        size = int(given["maxResults"]) if given.get("maxResults", "").isdigit() else 5
        if size > 50:
            raise error(400, "invalidParameter", "maxResults must be within 0 and 50.")
        shown = self._sandbox.visible("youtube", given.get("channelId") or channel)
        found = [one for one in shown if "title" not in one.extra and (asked is None or one.id in asked)]
        offset = offset_of(given.get("pageToken", ""))
        body: dict[str, Any] = {
            "kind": "youtube#postListResponse",
            "etag": etag(offset, len(found)),
            "pageInfo": {"totalResults": len(found), "resultsPerPage": size},
            "items": [self._post(one, parts, call) for one in found[offset : offset + size]],
        }
        if offset + size < len(found):
            body["nextPageToken"] = page_token(offset + size)
        return Answer(200, body)

    def _delete(self, call: Call, channel: str) -> Answer:
        stored = self._sandbox.store.post("youtube", call.parameters.get("id", ""), channel)
        if stored is None or stored.deleted:
            raise error(404, "postNotFound", "The post that you are trying to delete cannot be found.")
        self._sandbox.store.delete(stored)
        return Answer(204, b"")

    def _upload(self, call: Call, channel: str) -> Answer:
        look_at_names(self._sandbox, "posts.imageUpload", call, UPLOAD_PARAMETERS)
        data = call.files[-1].data if call.files else call.body
        if len(data) > LARGEST:
            raise error(400, "imageTooLarge", "The image is larger than 16 MB.")
        try:
            media = self._sandbox.keep_picture("youtube", channel, data, lambda number: f"yt-{etag(channel, number)}")
        except ValueError:
            raise error(400, "invalidImage", "The image is not a JPEG, PNG, GIF or WebP.") from None
        if not 2 / 5 <= media.width / media.height <= 5 / 2:
            raise error(400, "invalidImageAspectRatio", "The aspect ratio must be between 2:5 and 5:2.")
        return Answer(200, {"uploadToken": media.id.removeprefix("yt-")})

    def _channels(self, call: Call, channel: str) -> Answer:
        given, parts = call.parameters, parts_of(call)
        look_at_names(self._sandbox, "channels.list", call, CHANNEL_PARAMETERS)
        if given.get("mine") != "true" and not given.get("id"):
            raise error(400, "missingRequiredParameter", "No filter selected. Expected one of: mine, id")
        ids = [channel] if given.get("mine") == "true" else given["id"].split(",")
        items = [channel_object(id, parts) for id in ids]
        page = {"totalResults": len(items), "resultsPerPage": 5}
        return Answer(
            200, {"kind": "youtube#channelListResponse", "etag": etag(*ids), "pageInfo": page, "items": items}
        )

    def _post(self, stored: Stored, parts: frozenset[str], call: Call) -> dict[str, Any]:
        pictures = self._sandbox.store.sketches(stored)
        origin = call.mount.removesuffix("/youtube")
        everything: dict[str, Any] = {
            "snippet": {
                "channelId": stored.account,
                "textDisplay": stored.text,
                "publishTime": stored.at.isoformat(timespec="seconds").replace("+00:00", "Z"),
            },
            "statistics": {"likeCount": "0", "commentCount": "0"},
            "attachments": {"imageAttachments": [_image(media, origin) for media in pictures]},
            "status": {"processingStatus": "succeeded", "publishingStatus": "published", "archiveState": "unarchived"},
        }
        wanted = {name: value for name, value in everything.items() if name in parts}
        return {"kind": "youtube#post", "etag": etag(stored.id, stored.change), "id": stored.id, **wanted}


def _access_token(channel: str, expires: int) -> str:
    mark = sha256(f"access {channel} {expires}".encode()).hexdigest()[:16]
    return f"ya29.sandbox.{channel}.{expires}.{mark}"


def _image(media: Media, origin: str) -> dict[str, Any]:
    preview = {"url": f"{origin}/media/{media.id}", "width": media.width, "height": media.height}
    return {"uploadToken": media.id.removeprefix("yt-"), "imagePreview": preview}


def _post_id(channel: str, number: int) -> str:
    """Ids of posts begin with Ugkx and are 36 characters long."""
    return f"Ugkx{base64.urlsafe_b64encode(sha256(f'{channel} {number}'.encode()).digest()).decode()[:32]}"
