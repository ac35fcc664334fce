"""YouTube's pilot resource `posts`, for approved Google Cloud projects.

Everything goes over one `requests` session of the channel's line, the token refresh and google-api-python-client
included: httplib2 silently sends a dropped POST a second time, and `AuthorizedSession` one that was answered 401.

Sources: YouTube Data API, reference of `posts` (list, insert, delete, imageUpload), "Errors" and "Quota";
Google Identity, "Using OAuth 2.0", for the 7 days of a refresh token while the app is in testing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import requests
from google.auth.exceptions import RefreshError, TransportError
from google.auth.transport.requests import Request
from google.oauth2.credentials import Credentials
from urllib3.exceptions import HTTPError

from crosspost.errors import Blocked, PlatformError, Refused, Throttled, Unreachable, Unsure
from crosspost.platforms import Account
from crosspost.platforms.line import Line, cause, discreet, repeatable, transport_error
from crosspost.platforms.written import addresses
from crosspost.post import Image, Post, Prepared, Receipt, Shown

_BASES = ("https://www.googleapis.com", "https://youtube.googleapis.com", "https://oauth2.googleapis.com")
_TOKEN = "https://oauth2.googleapis.com/token"
_POSTS = "https://www.googleapis.com/youtube/v3/posts"
_IMAGES = "https://www.googleapis.com/upload/youtube/v3/posts/image"
_SCOPE = "https://www.googleapis.com/auth/youtube"
_SITE = "https://www.youtube.com"
_SECRETS = ("client_id", "client_secret", "refresh_token")
_QUOTA_ZONE = ZoneInfo("America/Los_Angeles")

_NO_ANSWER = "YouTube answered with something that is not an answer of its API"
_NO_PILOT = 'this Google Cloud project is not in YouTube\'s pilot for posts: apply for it, or set mode = "assisted"'
_SIGN_IN = "sign in to Google again and put the new refresh_token into the secrets"
_NARROW = f"the sign-in does not cover {_SCOPE}; {_SIGN_IN}"
_DISABLED = "YouTube Data API v3 is not enabled in this Google Cloud project; enable it there"
_OWNER = "sign in as the channel's owner"

_DAILY = frozenset({"quotaExceeded", "dailyLimitExceeded"})
_PAUSE = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "uploadLimitExceeded", "RATE_LIMIT_EXCEEDED"})
_BLOCKED: Mapping[str, str] = MappingProxyType(
    {
        "accessNotConfigured": _DISABLED,
        "SERVICE_DISABLED": _DISABLED,
        "insufficientPermissions": _NARROW,
        "ACCESS_TOKEN_SCOPE_INSUFFICIENT": _NARROW,
        "accountDelegationForbidden": f"the Google account may not act for this channel; {_OWNER}",
        "authenticatedUserAccountClosed": f"the Google account is closed; {_OWNER}",
        "authenticatedUserAccountSuspended": "the Google account is suspended; see YouTube Studio",
        "authenticatedUserNotChannel": f"the Google account has no channel; {_OWNER}",
        "youtubeSignupRequired": f"the Google account has no channel; {_OWNER}",
        "channelClosed": "the channel is closed; see YouTube Studio",
        "channelNotFound": "there is no such channel; compare `channel` with the id in YouTube's advanced settings",
        "channelSuspended": "the channel is suspended; see YouTube Studio",
        "forbidden": f"the Google account may not post on this channel; {_OWNER}",
    }
)
_SIGN_IN_ERRORS: Mapping[object, str] = MappingProxyType(
    {
        "invalid_grant": f"Google does not accept the refresh token; {_SIGN_IN} (an app in testing has it for 7 days)",
        "invalid_client": "Google does not know this client; compare client_id and client_secret with the console",
        "deleted_client": f"the OAuth client was deleted in the console; make a new one, then {_SIGN_IN}",
        "unauthorized_client": f"the refresh token belongs to another client_id; {_SIGN_IN}",
        "invalid_scope": _NARROW,
    }
)


class _Missing(Blocked):
    """Answered 404: the post, or for this project the whole resource."""


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
            scopes=[_SCOPE],
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
        token = None
        while True:
            page = self._page(token)
            try:
                posts = [_shown(item, since) for item in page.get("items", ())]
                reached = all(post.at < since for post in posts)
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                raise Unreachable(f"{_NO_ANSWER}, so its posts are not known; they are asked for again") from error
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
            raise Unreachable(f"{_NO_ANSWER}, so whose channel it is stays unknown; try again later") from error
        if self._channel not in titles:
            whose = ", ".join(f"{title} ({channel})" for channel, title in titles.items()) or "no channel"
            raise Blocked(f"the sign-in is for {whose}, but `channel` is {self._channel}; {_OWNER}")
        self._page(None)
        return Account(f"{titles[self._channel]} ({self._channel})", f"{_SITE}/channel/{self._channel}")

    def withdraw(self, receipt: Receipt) -> None:
        """Delete the post; one that does not exist is fine."""
        try:
            self._ask("DELETE", _POSTS, params={"id": receipt.remote_id})
        except _Missing:
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
            raise Unreachable(f"a picture was not uploaded: {_NO_ANSWER}")
        return str(token)

    def _page(self, token: str | None) -> Mapping[str, Any]:
        params = {"part": "snippet", "channelId": self._channel, "maxResults": 20}
        page = _told(self.read("GET", _POSTS, params=params | ({"pageToken": token} if token else {})))
        if "items" not in page and "kind" not in page:  # an empty list may leave its items out
            raise Unreachable(f"{_NO_ANSWER}, so its posts are not known; they are asked for again")
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


def outcome(
    status: int,
    told: Mapping[str, Any],
    headers: Mapping[str, str],
    *,
    fresh: bool = False,
    secrets: Iterable[str] = (),
) -> PlatformError:
    """What an answer other than 2xx means, `told` being its JSON.

    `fresh`: the access token was fetched for this very request, so that a 401 will not mend itself. A 5xx says
    nothing about what was done before it.
    """
    reasons, said = _reasons(told), _said(told, status, secrets)
    if status >= 500:
        return Unsure(f"YouTube answered that something went wrong{said}")
    if reasons & _DAILY:
        until = quota_end(headers.get("Date"))
        return Throttled(f"the project's daily quota is used up until midnight in California{said}", until=until)
    if reasons & _PAUSE or status == 429:
        return Throttled(f"YouTube wants a pause{said}", wait=_seconds(headers.get("Retry-After", "")))
    for reason, sentence in _BLOCKED.items():
        if reason in reasons:
            return Blocked(f"{sentence}{said}")
    return _by_status(status, said, fresh)


def _by_status(status: int, said: str, fresh: bool) -> PlatformError:
    if status == 401 and not fresh:
        return Unreachable(f"YouTube did not accept the access token; the next try fetches a new one{said}")
    if status == 401:
        return Blocked(f"YouTube does not accept a new access token; {_SIGN_IN}{said}")
    if status == 403:
        return Blocked(f"YouTube does not allow this; {_OWNER}, and see that the project may do it{said}")
    if status == 404:
        return _Missing(f"{_NO_PILOT}{said}")
    if status in (400, 413, 422):
        return Refused(f"YouTube does not take the post as it is{said}")
    return Unsure(f"{_NO_ANSWER}{said}")


def sign_in_outcome(told: object) -> PlatformError:
    """What an answer of the token endpoint means that brought no token; nothing was posted with it."""
    error = told.get("error") if isinstance(told, dict) else None
    if isinstance(error, str) and error in _SIGN_IN_ERRORS:
        return Blocked(_SIGN_IN_ERRORS[error])
    return Unreachable("no access token: Google's sign-in answered with something that is not a token")


def quota_end(date: str | None) -> datetime | None:
    """The midnight in Los Angeles that follows the HTTP date of an answer: the server's clock, not ours."""
    try:
        now = parsedate_to_datetime(date or "")
    except ValueError:
        return None
    local = (now if now.tzinfo else now.replace(tzinfo=UTC)).astimezone(_QUOTA_ZONE)
    return datetime.combine(local.date() + timedelta(days=1), time(), _QUOTA_ZONE)


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


def _reasons(told: Mapping[str, Any]) -> frozenset[str]:
    """The reasons of an error, from its `errors` and from its newer `details`, either of which may be a bare string."""
    error = told.get("error")
    lists = (error.get("errors"), error.get("details")) if isinstance(error, dict) else ()
    entries = [entry for each in lists if isinstance(each, list) for entry in each if isinstance(entry, dict)]
    return frozenset(str(entry["reason"]) for entry in entries if "reason" in entry)


def _said(told: Mapping[str, Any], status: int, secrets: Iterable[str]) -> str:
    error = told.get("error")
    message = discreet((error.get("message") if isinstance(error, dict) else error) or "", secrets)
    return f": {message} (HTTP {status})" if message else f" (HTTP {status})"


def _seconds(header: str) -> float | None:
    return float(header) if header.isdecimal() else None
