"""YouTube's pilot resource `posts`, for approved Google Cloud projects.

Source: YouTube Data API, reference of `posts` (list, insert, delete, imageUpload) and of `channels`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from crosspost.errors import Unreachable, Unreadable, Unsure
from crosspost.platforms import Account
from crosspost.platforms.google import SITE, Google, pages, told
from crosspost.platforms.line import Line
from crosspost.platforms.written import addresses
from crosspost.platforms.youtube_errors import NO_ANSWER, NO_PILOT, NotAllowed, NotThere
from crosspost.post import Image, Post, Prepared, Receipt, Shown

_POSTS = "https://www.googleapis.com/youtube/v3/posts"
_IMAGES = "https://www.googleapis.com/upload/youtube/v3/posts/image"


class Posts:
    """The posts of `channel` (UC…) by the API. `secrets`: `client_id`, `client_secret`, `refresh_token`.

    Raises `Blocked` when one is missing.
    """

    def __init__(self, channel: str, secrets: Mapping[str, str], line: Line) -> None:
        self._channel = channel
        self._google = Google(secrets, line, NO_PILOT)

    def prepare(self, post: Post) -> Prepared:
        """Upload the pictures; each gives a token that `publish` attaches. The API has no place for their `alt`."""
        return Prepared(post, tuple(self._upload(image) for image in post.images))

    def publish(self, prepared: Prepared) -> Receipt:
        """One POST, public at once; a receipt only for an answer with an `id`."""
        answer = self._google.ask("POST", _POSTS, params={"part": "snippet"}, json=resource(self._channel, prepared))
        remote_id = told(answer).get("id")
        if not remote_id:
            raise Unsure(f"YouTube answered without an id (HTTP {answer.status_code})")
        return _receipt(str(remote_id))

    def shown(self, since: datetime) -> Iterator[Shown]:
        """The channel's posts, newest first as YouTube lists them."""
        try:
            yield from pages(self._page, _shown, since)
        except NotAllowed as error:
            raise Unreadable(f"the channel's posts cannot be read back: {error}") from error

    def verify(self) -> Account:
        """Ask for our channels, then for the pilot's resource."""
        account = self._google.account(self._channel)
        self._page(None)
        return account

    def withdraw(self, receipt: Receipt) -> None:
        """Delete the post; one that does not exist is fine."""
        try:
            self._google.ask("DELETE", _POSTS, params={"id": receipt.remote_id})
        except NotThere:
            self._page(None)  # raises when it is not the post that is missing, but the whole resource

    def _upload(self, image: Image) -> str:
        headers = {"Content-Type": image.media_type}
        answer = self._google.read("POST", _IMAGES, params={"uploadType": "media"}, data=image.data, headers=headers)
        token = told(answer).get("uploadToken")
        if not token:
            raise Unreachable(f"a picture was not uploaded: {NO_ANSWER}")
        return str(token)

    def _page(self, token: str | None) -> Mapping[str, Any]:
        params = {"part": "snippet", "channelId": self._channel, "maxResults": 20}
        page = told(self._google.read("GET", _POSTS, params=params | ({"pageToken": token} if token else {})))
        if "items" not in page and "kind" not in page:  # an empty list may leave its items out
            raise Unreachable(f"{NO_ANSWER}, so its posts are not known; they are asked for again")
        return page


def resource(channel: str, prepared: Prepared) -> dict[str, Any]:
    """The body of `posts.insert`."""
    body: dict[str, Any] = {"snippet": {"channelId": channel, "textDisplay": prepared.post.text}}
    if prepared.media:
        body["attachments"] = {"imageAttachments": [{"uploadToken": token} for token in prepared.media]}
    return body


def _shown(item: Mapping[str, Any], since: datetime) -> Shown:
    snippet = item["snippet"]
    text = str(snippet.get("textDisplay", ""))
    # The pilot's reference says `publishTime`, every other resource `publishedAt`. A post without either is not
    # out of reach, so it counts as recent.
    when = snippet.get("publishTime") or snippet.get("publishedAt")
    at = datetime.fromisoformat(when) if when else since
    # `textDisplay` is HTML in comments; an address is the same with its ampersands escaped.
    return Shown(_receipt(str(item["id"])), text, addresses(text.replace("&amp;", "&")), at)


def _receipt(remote_id: str) -> Receipt:
    return Receipt(remote_id, f"{SITE}/post/{remote_id}")
