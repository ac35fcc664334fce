"""Pretend YouTube's videos: resumable uploads, the playlist of uploads, deletion.

An upload is a session that lives in the store, so it survives a restart. A piece is kept whole or not at all.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from crosspost.sandbox.call import Answer, Call, Kind, names
from crosspost.sandbox.state import Sandbox, first_link
from crosspost.sandbox.store import Arriving, Media, Stored
from crosspost.sandbox.youtube_errors import error
from crosspost.sandbox.youtube_objects import etag, look_at_names, object_of, offset_of, page_token, parts_of

GRAIN = 256 * 1024  # bytes; what a piece is a multiple of, but for the last one
TITLE = 100
DESCRIPTION = 5_000  # bytes
TAGS = 500
WIDTH, HEIGHT = 1080, 1920  # of every film: nobody looks into it
INSERT_PARAMETERS = names(
    "part uploadType autoLevels notifySubscribers onBehalfOfContentOwner onBehalfOfContentOwnerChannel stabilize"
)
SESSION_PARAMETERS = INSERT_PARAMETERS | {"upload_id"}
LIST_PARAMETERS = names("part id chart hl locale maxHeight maxResults maxWidth myRating pageToken regionCode")
ITEM_PARAMETERS = names("part id maxResults onBehalfOfContentOwner pageToken playlistId videoId")
_RANGE = re.compile(r"bytes (?:(?P<first>\d+)-(?P<last>\d+)|\*)/(?P<size>\d+)")


def kind_of_piece(call: Call) -> Kind:
    """What a request to a session does: it asks, it brings a piece, or it brings the last one, which publishes."""
    found = _RANGE.fullmatch(call.headers.get("content-range", ""))
    if found is None or found["last"] is None:
        return Kind.ASK
    return Kind.PUBLISH if int(found["last"]) + 1 == int(found["size"]) else Kind.UPLOAD


class Videos:
    """The routes of videos, each with what its requests are about."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self.routes: tuple[tuple[str, str, Kind, Callable[[Call, str], Answer]], ...] = (
            ("POST", "/upload/youtube/v3/videos", Kind.UPLOAD, self._begin),
            ("PUT", "/upload/youtube/v3/videos", Kind.UPLOAD, self._go_on),
            ("GET", "/youtube/v3/videos", Kind.READ, self._list),
            ("DELETE", "/youtube/v3/videos", Kind.DELETE, self._delete),
            ("GET", "/youtube/v3/playlistItems", Kind.READ, self._items),
        )

    def forget(self, call: Call) -> None:
        """Lose the session that the call is about."""
        self._sandbox.store.forget_upload(call.parameters.get("upload_id", ""))

    def _begin(self, call: Call, channel: str) -> Answer:
        parts_of(call)
        look_at_names(self._sandbox, "videos.insert", call, INSERT_PARAMETERS)
        about, size = object_of(call), call.headers.get("x-upload-content-length", "")
        if call.parameters.get("uploadType") != "resumable" or not size.isdigit():
            raise error(400, "badRequest", "Only resumable uploads of a known length are made here.")
        _examine(about.get("snippet") or {})
        if (about.get("status") or {}).get("privacyStatus") not in ("public", "unlisted", "private"):
            self._sandbox.object_to("youtube: videos.insert should say who may see the video")
        known = base64.urlsafe_b64encode(sha256(f"{channel} {self._sandbox.store.uploads()}".encode()).digest())
        id = f"session-{known.decode()[:32]}"
        self._sandbox.store.begin_upload("youtube", id, channel, about, int(size))
        address = f"{call.mount}/upload/youtube/v3/videos?uploadType=resumable&part=snippet%2Cstatus&upload_id={id}"
        return Answer(200, b"", {"location": address})

    def _go_on(self, call: Call, channel: str) -> Answer:
        look_at_names(self._sandbox, "videos.insert", call, SESSION_PARAMETERS)
        upload = self._sandbox.store.upload(call.parameters.get("upload_id", ""))
        if upload is None or upload.account != channel:
            raise error(404, "notFound", "There is no such upload.")
        found = _RANGE.fullmatch(call.headers.get("content-range", ""))
        if found is None or int(found["size"]) != upload.size:
            raise error(400, "badRequest", "The Content-Range does not fit the upload.")
        if upload.post:
            return self._made(upload)
        if found["first"] is None:
            return _incomplete(len(upload.data))
        return self._take(upload, call.body, int(found["first"]), int(found["last"]))

    def _take(self, upload: Arriving, piece: bytes, first: int, last: int) -> Answer:
        if len(piece) != last - first + 1 or (len(piece) % GRAIN and last + 1 != upload.size):
            raise error(400, "badRequest", "A piece is a multiple of 256 KiB, but for the last one.")
        if first > len(upload.data):
            return _incomplete(len(upload.data))
        data = upload.data[:first] + piece
        self._sandbox.store.keep_upload(upload.id, data)
        return _incomplete(len(data)) if len(data) < upload.size else self._make(upload, data)

    def _make(self, upload: Arriving, data: bytes) -> Answer:
        store, now, channel = self._sandbox.store, self._sandbox.clock(), upload.account
        number = store.next_number()
        id = base64.urlsafe_b64encode(sha256(f"video {channel} {number}".encode()).digest()).decode()[:11]
        store.add_media(Media("youtube", channel, f"yt-{id}", data, "video/mp4", WIDTH, HEIGHT, "", now))
        snippet, status = upload.about.get("snippet", {}), upload.about.get("status", {})
        text = snippet.get("description", "")
        extra = {"title": snippet["title"], "tags": snippet.get("tags", []), **status}
        media, link = [f"yt-{id}"], first_link(text)
        store.add("youtube", channel, id, text=text, link=link, media=media, at=now, extra=extra)
        store.keep_upload(upload.id, b"", id)
        made = store.upload(upload.id)
        assert made is not None
        return self._made(made)

    def _made(self, upload: Arriving) -> Answer:
        stored = self._sandbox.store.post("youtube", upload.post, upload.account)
        assert stored is not None
        return Answer(200, _video(stored, frozenset({"snippet", "status"})))

    def _list(self, call: Call, channel: str) -> Answer:
        look_at_names(self._sandbox, "videos.list", call, LIST_PARAMETERS)
        wanted = call.parameters.get("id", "").split(",")
        found = [_video(one, parts_of(call)) for one in self._visible(channel) if one.id in wanted]
        return Answer(200, {"kind": "youtube#videoListResponse", "etag": etag(*wanted), "items": found})

    def _delete(self, call: Call, channel: str) -> Answer:
        stored = self._sandbox.store.post("youtube", call.parameters.get("id", ""), channel)
        if stored is None or stored.deleted:
            raise error(404, "videoNotFound", "The video that you are trying to delete cannot be found.")
        self._sandbox.store.delete(stored)
        return Answer(204, b"")

    def _items(self, call: Call, channel: str) -> Answer:
        look_at_names(self._sandbox, "playlistItems.list", call, ITEM_PARAMETERS)
        given, parts = call.parameters, parts_of(call)
        shown = self._visible(channel)
        if given.get("playlistId") != f"UU{channel[2:]}" or not self._has_videos(channel):
            raise error(404, "playlistNotFound", "The playlist identified with the request's playlistId is not found.")
        size = int(given["maxResults"]) if given.get("maxResults", "").isdigit() else 5
        if size > 50:
            raise error(400, "invalidParameter", "maxResults must be within 0 and 50.")
        offset = offset_of(given.get("pageToken", ""))
        items = [_item(one, parts, given["playlistId"]) for one in shown[offset : offset + size]]
        body: dict[str, Any] = {
            "kind": "youtube#playlistItemListResponse",
            "etag": etag(offset, len(shown)),
            "pageInfo": {"totalResults": len(shown), "resultsPerPage": size},
            "items": items,
        }
        if offset + size < len(shown):
            body["nextPageToken"] = page_token(offset + size)
        return Answer(200, body)

    def _visible(self, channel: str) -> list[Stored]:
        return [one for one in self._sandbox.visible("youtube", channel) if "title" in one.extra]

    def _has_videos(self, channel: str) -> bool:
        """Whether it ever had one; before, YouTube does not know the playlist."""
        return any("title" in one.extra for one in self._sandbox.store.posts("youtube", channel))


def _examine(snippet: dict[str, Any]) -> None:
    title, description = snippet.get("title", ""), snippet.get("description", "")
    if not title or len(title) > TITLE or set(title) & set("<>"):
        raise error(400, "invalidTitle", "The request metadata specifies an invalid or empty video title.")
    if len(description.encode()) > DESCRIPTION or set(description) & set("<>"):
        raise error(400, "invalidDescription", "The request metadata specifies an invalid video description.")
    tags = snippet.get("tags", [])
    if len(",".join(f'"{tag}"' if " " in tag else tag for tag in tags)) > TAGS:
        raise error(400, "invalidTags", "The request metadata specifies invalid video keywords.")
    if not str(snippet.get("categoryId", "")).isdigit():
        raise error(400, "invalidCategoryId", "The snippet.categoryId property specifies an invalid category ID.")


def _incomplete(arrived: int) -> Answer:
    return Answer(308, b"", {"range": f"bytes=0-{arrived - 1}"} if arrived else {})


def _video(stored: Stored, parts: frozenset[str]) -> dict[str, Any]:
    status = {name: stored.extra.get(name) for name in ("privacyStatus", "selfDeclaredMadeForKids")}
    everything: dict[str, Any] = {
        "snippet": {**_told(stored), "tags": stored.extra["tags"]},
        "status": {"uploadStatus": "uploaded", **status},
    }
    wanted = {name: value for name, value in everything.items() if name in parts}
    return {"kind": "youtube#video", "etag": etag(stored.id, stored.change), "id": stored.id, **wanted}


def _item(stored: Stored, parts: frozenset[str], playlist: str) -> dict[str, Any]:
    resource = {"kind": "youtube#video", "videoId": stored.id}
    everything: dict[str, Any] = {
        "snippet": {**_told(stored), "playlistId": playlist, "resourceId": resource},
        "contentDetails": {"videoId": stored.id},
        "status": {"privacyStatus": stored.extra.get("privacyStatus")},
    }
    wanted = {name: value for name, value in everything.items() if name in parts}
    return {"kind": "youtube#playlistItem", "etag": etag(stored.id), "id": etag("item", stored.id), **wanted}


def _told(stored: Stored) -> dict[str, Any]:
    at = stored.at.isoformat(timespec="seconds").replace("+00:00", "Z")
    title, description = stored.extra["title"], stored.text
    return {"publishedAt": at, "channelId": stored.account, "title": title, "description": description}
