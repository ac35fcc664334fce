"""YouTube's videos, uploaded piece by piece by a session that can be gone on with.

google-api-python-client builds the requests; our own line sends each of them, once. The session's address is all that
one needs to go on with an upload, so it is in no message.

Sources: YouTube Data API, reference of `videos` (insert, delete), `channels`, `playlistItems`, and its guide "Resumable
uploads": pieces of a multiple of 256 KiB, 308 with a `Range` while something is missing, `bytes */N` to ask for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from googleapiclient.errors import HttpError
from googleapiclient.http import MediaUpload

from crosspost.errors import Refused, Unreachable, Unreadable, Unsure
from crosspost.platforms import PIECE, Account, UploadGone
from crosspost.platforms.google import SITE, Carrier, Google, pages, told
from crosspost.platforms.line import Line
from crosspost.platforms.written import addresses
from crosspost.platforms.youtube_errors import NO_ANSWER, NoPlaylist, NotAllowed, NotThere
from crosspost.platforms.youtube_snippet import Manner, resource
from crosspost.post import Post, Prepared, Receipt, Shown, Upload, Video

_API = "https://www.googleapis.com/youtube/v3"
_GRAIN = 256 * 1024  # a piece is so many bytes, or several times so many; only the last one may be smaller
_UNKNOWN = "YouTube does not know what it was asked for"
_GONE = "YouTube does not know the upload any longer; it begins anew"
_NO_VIDEO = "this channel publishes videos, and the post has none"


class Videos:
    """The videos of `channel` (UC…). `secrets`: `client_id`, `client_secret`, `refresh_token`.

    Raises `Blocked` when one is missing.
    """

    def __init__(self, channel: str, manner: Manner, secrets: Mapping[str, str], line: Line) -> None:
        self._channel = channel
        self._manner = manner
        self._google = Google(secrets, line, _UNKNOWN)
        self._playlist = ""

    def prepare(self, post: Post) -> Prepared:
        """`Refused`: a post without a video is none here."""
        raise Refused(_NO_VIDEO)

    def mark(self, post: Post) -> str:
        """A hash of all that YouTube is told of the video, and of the film."""
        said = json.dumps(resource(post, self._manner), sort_keys=True).encode()
        return sha256(sha256(said).digest() + sha256(_film(post).data).digest()).hexdigest()

    def open(self, post: Post) -> Upload:
        """Start a session, which costs the project an upload of its day."""
        film = _Film(_film(post))
        request = self._insert(post, film)
        about = {"X-Upload-Content-Type": film.mimetype(), "X-Upload-Content-Length": str(film.size())}
        answer = self._google.read(request.method, request.uri, headers=request.headers | about, data=request.body)
        if not (address := answer.headers.get("Location")):
            raise Unreachable(f"the video's upload was not begun: {NO_ANSWER}")
        return Upload(address, self.mark(post), film.size())

    def resume(self, post: Post, upload: Upload) -> Prepared | Receipt:
        """Ask how far the upload has come, and send what is missing before the last piece."""
        at = self._progress(upload)
        if isinstance(at, Receipt):
            return at
        film, end = _Film(_film(post)), _last_piece(upload.size)
        request = self._insert(post, film)
        while at < end:
            before, at = at, self._send(request, film, upload, at, min(PIECE, end - at))
            if isinstance(at, Receipt):
                return at
            if at <= before:
                raise Unreachable("YouTube took nothing of a piece of the video")
        return Prepared(post, upload=replace(upload, arrived=min(at, upload.size)))

    def publish(self, prepared: Prepared) -> Receipt:
        """Send the last piece, which makes the video; a receipt only for an answer with an `id`."""
        upload = prepared.upload
        if upload is None:
            raise Refused(_NO_VIDEO)
        film = _Film(_film(prepared.post))
        request = self._insert(prepared.post, film)
        at = upload.arrived if upload.arrived < upload.size else _last_piece(upload.size)
        end = self._send(request, film, upload, at, upload.size - at, publishes=True)
        if isinstance(end, Receipt):
            return end
        if end >= upload.size:
            raise Unsure("YouTube has all of the video, and does not say yet what became of it")
        raise Unreachable("YouTube took only a part of the video's last piece")

    def arrived(self, upload: Upload) -> Receipt | None:
        """Ask the upload's session."""
        try:
            at = self._progress(upload)
        except UploadGone:
            return None
        return at if isinstance(at, Receipt) else None

    def shown(self, since: datetime) -> Iterator[Shown]:
        """The channel's uploads, newest first as YouTube lists them; private ones too."""
        try:
            yield from pages(self._page, _shown, since)
        except NotAllowed as error:
            raise Unreadable(f"the channel's videos cannot be read back: {error}") from error

    def verify(self) -> Account:
        """Ask for our channels, then for what was uploaded, which the scope `youtube.upload` alone does not allow."""
        account = self._google.account(self._channel)
        self._page(None)
        seen = {"public": "for everybody", "unlisted": "for who has the address", "private": "for the owner alone"}
        return replace(account, notes=(f"videos go out {self._manner.privacy}: {seen[self._manner.privacy]}",))

    def withdraw(self, receipt: Receipt) -> None:
        """Delete the video; one that does not exist is fine."""
        try:
            self._google.ask("DELETE", f"{_API}/videos", params={"id": receipt.remote_id})
        except NotThere:
            self._google.account(self._channel)  # raises when it is not the video that is missing

    def _insert(self, post: Post, film: _Film) -> Any:
        """The library's request for this video, not sent yet."""
        body = resource(post, self._manner)
        return self._google.service.videos().insert(part="snippet,status", body=body, media_body=film)

    def _send(
        self, request: Any, film: _Film, upload: Upload, at: int, count: int, *, publishes: bool = False
    ) -> Receipt | int:
        """Send `count` bytes of the film from `at` on: up to where it is there then, or the receipt once all of it is.
        Raises `UploadGone`."""
        lost = Unsure if publishes else Unreachable
        film.piece = count
        request.resumable_uri, request.resumable_progress = upload.address, at
        carrier = Carrier(self._google, publishes=publishes, hidden=_hidden(upload))
        try:
            _, answer = request.next_chunk(http=carrier, num_retries=0)
        except NotThere as error:
            raise UploadGone(_GONE) from error
        except Refused as error:
            if publishes:
                raise
            # What is said of the video was taken when the upload began; this is about the piece, such as one that came
            # while another, of a call that nobody waits for any longer, was still on its way.
            raise Unreachable(f"a piece of the video was not taken: {error}") from error
        except (HttpError, ValueError, LookupError):  # the library's own, of an answer that makes no sense to it
            raise lost(NO_ANSWER) from None
        return int(request.resumable_progress) if answer is None else _receipt_of(answer, lost)

    def _progress(self, upload: Upload) -> Receipt | int:
        """How many bytes of an upload have arrived; its receipt once it is complete. Raises `UploadGone`."""
        headers = {"Content-Range": f"bytes */{upload.size}"}
        try:
            answer = self._google.read("PUT", upload.address, headers=headers, also_good=(308,), hidden=_hidden(upload))
        except (NotThere, Refused) as error:
            raise UploadGone(_GONE) from error
        if answer.status_code != 308:
            return _receipt_of(told(answer), Unreachable)
        _, dash, end = answer.headers.get("Range", "").partition("-")
        return int(end) + 1 if dash and end.isdecimal() else 0

    def _page(self, token: str | None) -> Mapping[str, Any]:
        params = {"part": "snippet", "playlistId": self._uploads(), "maxResults": 50}
        try:
            page = told(self._google.read("GET", f"{_API}/playlistItems", params=params | _from(token)))
        except NoPlaylist:  # what YouTube says of a channel that has uploaded nothing yet
            return {"items": []}
        if "items" not in page and "kind" not in page:
            raise Unreachable(f"{NO_ANSWER}, so its videos are not known; they are asked for again")
        return page

    def _uploads(self) -> str:
        """The playlist of all that the channel has uploaded."""
        if not self._playlist:
            params = {"part": "contentDetails", "mine": "true"}
            listed = told(self._google.read("GET", f"{_API}/channels", params=params))
            try:
                ours = {item["id"]: item["contentDetails"]["relatedPlaylists"]["uploads"] for item in listed["items"]}
            except (KeyError, TypeError, AttributeError) as error:
                raise Unreachable(f"{NO_ANSWER}, so its videos are not known; they are asked for again") from error
            if self._channel not in ours:
                self._google.account(self._channel)  # says whose channel it is
            self._playlist = str(ours.get(self._channel, ""))
        return self._playlist


class _Film(MediaUpload):  # type: ignore[misc]
    """A video as the library takes it; `piece` bytes of it are sent next."""

    def __init__(self, video: Video) -> None:
        self._data = video.data
        self.piece = PIECE

    def chunksize(self) -> int:
        return self.piece

    def mimetype(self) -> str:
        return "video/mp4"

    def size(self) -> int:
        return len(self._data)

    def resumable(self) -> bool:
        return True

    def getbytes(self, begin: int, end: int) -> bytes:
        """`end` is a number of bytes: the library calls it so."""
        return self._data[begin : begin + end]

    def has_stream(self) -> bool:
        return False


def _film(post: Post) -> Video:
    if post.video is None or not post.video.data:
        raise Refused(_NO_VIDEO)
    return post.video


def _last_piece(size: int) -> int:
    """Where the last piece begins: a small one, so that the request which makes the video is soon done."""
    return (size - 1) // _GRAIN * _GRAIN


def _hidden(upload: Upload) -> tuple[str, ...]:
    """What no message may tell of an upload's address: libraries repeat it whole, or without its host."""
    parts = urlsplit(upload.address)
    ids = (value for name, value in parse_qsl(parts.query) if name == "upload_id")
    return (upload.address, f"{parts.path}?{parts.query}", *ids)


def _receipt_of(answer: Any, otherwise: type[Unsure] | type[Unreachable]) -> Receipt:
    remote_id = answer.get("id") if isinstance(answer, Mapping) else None
    if not remote_id:
        raise otherwise("YouTube answered without the video's id")
    return _receipt(str(remote_id))


def _receipt(remote_id: str) -> Receipt:
    return Receipt(remote_id, f"{SITE}/shorts/{remote_id}")


def _from(token: str | None) -> dict[str, str]:
    return {"pageToken": token} if token else {}


def _shown(item: Mapping[str, Any], since: datetime) -> Shown:
    snippet = item["snippet"]
    text = str(snippet.get("description", ""))
    at = datetime.fromisoformat(snippet["publishedAt"])
    return Shown(
        _receipt(str(snippet["resourceId"]["videoId"])), text, addresses(text), at, str(snippet.get("title", ""))
    )
