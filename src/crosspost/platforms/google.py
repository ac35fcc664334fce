"""Google's APIs on a channel's line: signing in, one request, and google-api-python-client over the same session.

Everything goes over one `requests` session, the token refresh and google-api-python-client included: httplib2 silently
sends a dropped POST a second time, and `AuthorizedSession` one that was answered 401.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

import requests
from google.auth.exceptions import RefreshError, TransportError
from google.auth.transport.requests import Request
from google.oauth2.credentials import Credentials
from urllib3.exceptions import HTTPError

from crosspost.discreet import cause
from crosspost.errors import Blocked, Unreachable
from crosspost.platforms import Account
from crosspost.platforms.line import Line, repeatable, transport_error
from crosspost.platforms.youtube_errors import NO_ANSWER, OWNER, SCOPE, outcome, sign_in_outcome
from crosspost.post import Shown

SITE = "https://www.youtube.com"
_BASES = ("https://www.googleapis.com", "https://youtube.googleapis.com", "https://oauth2.googleapis.com")
_TOKEN = "https://oauth2.googleapis.com/token"
_SECRETS = ("client_id", "client_secret", "refresh_token")


class Google:
    """Requests to YouTube's Data API in the name of who signed in.

    `secrets`: `client_id`, `client_secret`, `refresh_token`; raises `Blocked` when one is missing. `missing` says what
    an answer 404 means that names no reason.
    """

    def __init__(self, secrets: Mapping[str, str], line: Line, missing: str) -> None:
        lacking = [name for name in _SECRETS if not secrets.get(name)]
        if lacking:
            raise Blocked(f"YouTube needs {', '.join(lacking)} too: add what is missing to the channel's secrets")
        self._missing = missing
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

    def ask(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        *,
        also_good: Iterable[int] = (),
        hidden: Iterable[str] = (),
        **options: Any,
    ) -> requests.Response:
        """The good answer, 2xx or `also_good`, to one request, sent once. Raises the errors of a `Platform`, which tell
        neither the channel's secrets nor what is `hidden`.

        A request that was answered 401 was not processed, and could be repeated; but repeating is the caller's to
        decide. The access token is forgotten, so that the next call begins with a new one.
        """
        fresh = not self._credentials.valid
        signed = {**(headers or {}), **self._authorization(method, url)}
        secrets = (*hidden, *self._secrets, str(self._credentials.token))
        try:
            answer = self._session.request(method, url, headers=signed, **options)
        except (requests.RequestException, HTTPError) as error:
            raise transport_error(error, "YouTube") from cause(error, secrets)
        if answer.status_code == 401:
            self._credentials.token = None
        said = told(answer)
        good = 200 <= answer.status_code < 300 or answer.status_code in also_good
        if not good or "error" in said:
            raise outcome(answer.status_code, said, answer.headers, missing=self._missing, fresh=fresh, secrets=secrets)
        return answer

    def read(self, method: str, url: str, **options: Any) -> requests.Response:
        """The good answer to a request that publishes nothing."""
        with repeatable():
            return self.ask(method, url, **options)

    @cached_property
    def service(self) -> Any:
        """YouTube as google-api-python-client knows it, over our session."""
        from googleapiclient.discovery import build  # slow to import

        return build("youtube", "v3", http=Carrier(self), static_discovery=True)

    def account(self, channel: str) -> Account:
        """The channel (UC…), if it is of the account that signed in. Raises `Blocked` when it is not."""
        try:
            mine = self.service.channels().list(part="snippet", mine=True).execute().get("items", [])
            titles = {str(item["id"]): str(item["snippet"]["title"]) for item in mine}
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise Unreachable(f"{NO_ANSWER}, so whose channel it is stays unknown; try again later") from error
        if channel not in titles:
            whose = ", ".join(f"{title} ({one})" for one, title in titles.items()) or "no channel"
            raise Blocked(f"the sign-in is for {whose}, but `channel` is {channel}; {OWNER}")
        return Account(f"{titles[channel]} ({channel})", f"{SITE}/channel/{channel}")

    def _authorization(self, method: str, url: str) -> dict[str, str]:
        headers: dict[str, str] = {}
        try:
            self._credentials.before_request(self._fetch_token, method, url, headers)  # type: ignore[no-untyped-call]
        except RefreshError as error:
            answer = error.args[1] if len(error.args) > 1 else None
            raise sign_in_outcome(answer) from None  # its text is the whole answer, in which there can be tokens
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


class Carrier:
    """What google-api-python-client takes for an `httplib2.Http`: its requests go over our session, to be repeated
    (`publishes` says of one that it is not), and what goes wrong comes out as an error of a `Platform`.

    Of an answer's headers the library sees the range alone: an upload stays at the address that the ledger knows.
    """

    def __init__(self, google: Google, *, publishes: bool = False, hidden: Iterable[str] = ()) -> None:
        self._google = google
        self._call = google.ask if publishes else google.read
        self._hidden = tuple(hidden)

    def request(
        self, uri: str, method: str, body: str | bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[Any, bytes]:
        from httplib2 import Response as Httplib2Response

        also_good = (308,) if "Content-Range" in (headers or {}) else ()
        answer = self._call(method, uri, headers=headers, data=body, also_good=also_good, hidden=self._hidden)
        shown = {name: answer.headers[name] for name in ("range",) if name in answer.headers}
        return Httplib2Response({"status": str(answer.status_code), **shown}), answer.content


def pages(
    page: Callable[[str | None], Mapping[str, Any]],
    shown: Callable[[Mapping[str, Any], datetime], Shown],
    since: datetime,
) -> Iterator[Shown]:
    """The posts in a list, newest first, page by page: `page` asks for the one with a token, `shown` reads an item."""
    token = None
    while True:
        answer = page(token)
        try:
            posts = [shown(item, since) for item in answer.get("items", ())]
            reached = all(post.at < since for post in posts)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise Unreachable(f"{NO_ANSWER}, so its posts are not known; they are asked for again") from error
        yield from posts
        last, token = token, answer.get("nextPageToken")
        if reached or not token or token == last:
            return


def told(answer: requests.Response) -> Mapping[str, Any]:
    """The JSON object of an answer, empty when it has none."""
    try:
        said = answer.json()
    except requests.JSONDecodeError:
        return {}
    return said if isinstance(said, dict) else {}
