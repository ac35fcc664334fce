"""YouTube's pilot resource `posts`, for approved Google Cloud projects.

Everything goes over one `requests` session of the channel's line, the token refresh and google-api-python-client
included: httplib2 silently sends a dropped POST a second time, and `AuthorizedSession` one that was answered 401.

Source: YouTube Data API, reference of `posts` (list, insert, delete, imageUpload) and of `channels`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import requests
from google.auth.exceptions import RefreshError, TransportError
from google.auth.transport.requests import Request
from google.oauth2.credentials import Credentials
from urllib3.exceptions import HTTPError

from crosspost.errors import Blocked, Unreachable, Unreadable, Unsure
from crosspost.platforms import Account
from crosspost.platforms.line import Line, cause, repeatable, transport_error
from crosspost.platforms.written import addresses
from crosspost.platforms.youtube_errors import NO_ANSWER, OWNER, SCOPE, NotAllowed, NotThere, outcome, sign_in_outcome
from crosspost.post import Image, Post, Prepared, Receipt, Shown

_BASES = ("https://www.googleapis.com", "https://youtube.googleapis.com", "https://oauth2.googleapis.com")
_TOKEN = "https://oauth2.googleapis.com/token"
_POSTS = "https://www.googleapis.com/youtube/v3/posts"
_IMAGES = "https://www.googleapis.com/upload/youtube/v3/posts/image"
_SITE = "https://www.youtube.com"
_SECRETS = ("client_id", "client_secret", "refresh_token")


class Posts:
    """The posts of `channel` (UC…) by the API. `secrets`: `client_id`, `client_secret`, `refresh_token`.

    Raises `Blocked` when one is missing.
    """

    def __init__(self, channel: str, secrets: Mapping[str, str], line: Line) -> None:
        missing = [name for name in _SECRETS if not secrets.get(name)]
        if missing:
            raise Blocked(f"YouTube needs {', '.join(missing)} too: add what is missing to the channel's secrets")
        self._channel = channel
        self._secrets = tuple(secrets.values())
        self._session = line.session(*_BASES)
        self._token_call = Request(self._session)
        self._credentials = Credentials(  # type: ignore[no-untyped-call]
            None,
            refresh_token=secrets["refresh_token"],
            token_uri=_TOKEN,
            client_id=secrets["client_id"],
            client_secret=secrets["client_secret"],
            scopes=[SCOPE],
        )

    def prepare(self, post: Post) -> Prepared:
        """Upload the pictures; each gives a token that `publish` attaches. The API has no place for their `alt`."""
        return Prepared(post, tuple(self._upload(image) for image in post.images))

    def publish(self, prepared: Prepared) -> Receipt:
        """One POST, public at once; a receipt only for an answer with an `id`."""
        answer = self._ask("POST", _POSTS, params={"part": "snippet"}, json=resource(self._channel, prepared))
        remote_id = _told(answer).get("id")
        if not remote_id:
            raise Unsure(f"YouTube answered without an id (HTTP {answer.status_code})")
        return _receipt(str(remote_id))

    def shown(self, since: datetime) -> Iterator[Shown]:
        """The channel's posts, newest first as YouTube lists them."""
        try:
            yield from self._shown(since)
        except NotAllowed as error:
            raise Unreadable(f"the channel's posts cannot be read back: {error}") from error

    def _shown(self, since: datetime) -> Iterator[Shown]:
        token = None
        while True:
            page = self._page(token)
            try:
                posts = [_shown(item, since) for item in page.get("items", ())]
                reached = all(post.at < since for post in posts)
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                raise Unreachable(f"{NO_ANSWER}, so its posts are not known; they are asked for again") from error
            yield from posts
            last, token = token, page.get("nextPageToken")
            if reached or not token or token == last:
                return

    def verify(self) -> Account:
        """Ask for our channels through google-api-python-client, which knows those, then for the pilot's resource."""
        from googleapiclient.discovery import build  # slow to import, and needed here alone

        service = build("youtube", "v3", http=_Carrier(self), static_discovery=True)
        try:
            mine = service.channels().list(part="snippet", mine=True).execute().get("items", [])
            titles = {str(item["id"]): str(item["snippet"]["title"]) for item in mine}
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise Unreachable(f"{NO_ANSWER}, so whose channel it is stays unknown; try again later") from error
        if self._channel not in titles:
            whose = ", ".join(f"{title} ({channel})" for channel, title in titles.items()) or "no channel"
            raise Blocked(f"the sign-in is for {whose}, but `channel` is {self._channel}; {OWNER}")
        self._page(None)
        return Account(f"{titles[self._channel]} ({self._channel})", f"{_SITE}/channel/{self._channel}")

    def withdraw(self, receipt: Receipt) -> None:
        """Delete the post; one that does not exist is fine."""
        try:
            self._ask("DELETE", _POSTS, params={"id": receipt.remote_id})
        except NotThere:
            self._page(None)  # raises when it is not the post that is missing, but the whole resource

    def read(self, method: str, url: str, **options: Any) -> requests.Response:
        """The good answer to a request that publishes nothing."""
        with repeatable():
            return self._ask(method, url, **options)

    def _upload(self, image: Image) -> str:
        headers = {"Content-Type": image.media_type}
        answer = self.read("POST", _IMAGES, params={"uploadType": "media"}, data=image.data, headers=headers)
        token = _told(answer).get("uploadToken")
        if not token:
            raise Unreachable(f"a picture was not uploaded: {NO_ANSWER}")
        return str(token)

    def _page(self, token: str | None) -> Mapping[str, Any]:
        params = {"part": "snippet", "channelId": self._channel, "maxResults": 20}
        page = _told(self.read("GET", _POSTS, params=params | ({"pageToken": token} if token else {})))
        if "items" not in page and "kind" not in page:  # an empty list may leave its items out
            raise Unreachable(f"{NO_ANSWER}, so its posts are not known; they are asked for again")
        return page

    def _ask(
        self, method: str, url: str, headers: Mapping[str, str] | None = None, **options: Any
    ) -> requests.Response:
        """The good answer to one request, sent once.

        A request that was answered 401 was not processed, and could be repeated; but repeating is the caller's to
        decide. The access token is forgotten, so that the next call begins with a new one.
        """
        fresh = not self._credentials.valid
        signed = {**(headers or {}), **self._authorization(method, url)}
        secrets = (*self._secrets, str(self._credentials.token))
        try:
            answer = self._session.request(method, url, headers=signed, **options)
        except (requests.RequestException, HTTPError) as error:
            raise transport_error(error, "YouTube") from cause(error, secrets)
        if answer.status_code == 401:
            self._credentials.token = None
        told = _told(answer)
        if not 200 <= answer.status_code < 300 or "error" in told:
            raise outcome(answer.status_code, told, answer.headers, fresh=fresh, secrets=secrets)
        return answer

    def _authorization(self, method: str, url: str) -> dict[str, str]:
        headers: dict[str, str] = {}
        try:
            self._credentials.before_request(self._fetch_token, method, url, headers)  # type: ignore[no-untyped-call]
        except RefreshError as error:
            told = error.args[1] if len(error.args) > 1 else None
            raise sign_in_outcome(told) from None  # its text is the whole answer, in which there can be tokens
        except (TypeError, ValueError, AttributeError) as error:  # google-auth takes any 200 for a token
            raise sign_in_outcome(None) from cause(error, self._secrets)
        return headers

    def _fetch_token(self, url: str, method: str, body: bytes, headers: Mapping[str, str]) -> Any:
        """google-auth's own call, with an end where google-auth would sleep and try again."""
        try:
            answer = self._token_call(url, method, body, headers)
        except (TransportError, HTTPError) as error:
            lost = transport_error(error, "Google's sign-in")
            raise Unreachable(f"no access token: {lost}") from cause(error, self._secrets)
        if answer.status >= 500 or answer.status in (408, 429):
            raise Unreachable(f"no access token: Google's sign-in answered HTTP {answer.status}")
        return answer


class _Carrier:
    """What google-api-python-client takes for an `httplib2.Http`: its requests go over the session of `posts`."""

    def __init__(self, posts: Posts) -> None:
        self._posts = posts

    def request(self, uri: str, method: str, body: str | None, headers: Mapping[str, str]) -> tuple[Any, bytes]:
        from httplib2 import Response as Httplib2Response

        answer = self._posts.read(method, uri, data=body, headers=headers)
        return Httplib2Response({"status": str(answer.status_code)}), answer.content


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
    return Receipt(remote_id, f"{_SITE}/post/{remote_id}")


def _told(answer: requests.Response) -> Mapping[str, Any]:
    """The JSON object of an answer, empty when it has none."""
    try:
        told = answer.json()
    except requests.JSONDecodeError:
        return {}
    return told if isinstance(told, dict) else {}
