"""X, by tweepy: a post with its link in the text, pictures by the v2 media upload.

Everything is signed by OAuth 1.0a as the account that the access token belongs to. Sources: X API v2 reference
(posts, media, users), "Response codes and errors", "Rate limits"; X's OpenAPI document 2.167.
"""

from __future__ import annotations

import html
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import requests
import tweepy
from urllib3.exceptions import HTTPError

from crosspost.discreet import cause, discreet
from crosspost.errors import Blocked, Duplicate, PlatformError, Refused, Throttled, Unreadable, Unsure
from crosspost.platforms import Account
from crosspost.platforms.line import Line, repeatable, throttled, transport_error
from crosspost.platforms.written import addresses
from crosspost.post import Image, Post, Prepared, Receipt, Shown

_BASES = ("https://api.x.com", "https://api.twitter.com")
_SECRETS = ("api_key", "api_secret", "access_token", "access_token_secret")
_ALT_LENGTH = 1000  # OpenAPI, CreateMediaMetadataMetadataAltText
_PAGE = 100  # OpenAPI, max_results of /2/users/{id}/tweets
_PICTURE = re.compile(r"https://(?:x|twitter)\.com/\w+/status/\d+/(?:photo|video)/\d+")
_BEGINNING = datetime(2010, 11, 6, tzinfo=UTC)  # OpenAPI, the earliest start_time


class _NotAllowed(Blocked):
    """The keys are good, but this is not among the app's rights."""


class X:
    """One X account. `secrets`: the app's `api_key` and `api_secret`, the account's `access_token` and
    `access_token_secret`. Raises `Blocked` when one is missing."""

    def __init__(self, *, secrets: Mapping[str, str], line: Line) -> None:
        missing = [name for name in _SECRETS if not secrets.get(name)]
        if missing:
            raise Blocked(f"X needs {', '.join(missing)} too: add what is missing to the channel's secrets")
        self._secrets = tuple(secrets[name] for name in _SECRETS)
        self._client = tweepy.Client(
            consumer_key=secrets["api_key"],
            consumer_secret=secrets["api_secret"],
            access_token=secrets["access_token"],
            access_token_secret=secrets["access_token_secret"],
            return_type=dict,
        )
        self._client.session = line.session(*_BASES)
        # An access token is "<the account's id>-<random>"; asking X for the id costs money.
        self._id, _, _ = secrets["access_token"].partition("-")

    def prepare(self, post: Post) -> Prepared:
        """Upload the pictures and their alt texts. X forgets an upload that no post used after a day."""
        return Prepared(post, tuple(self._upload(image) for image in post.images))

    def publish(self, prepared: Prepared) -> Receipt:
        with self._speaking():
            return _receipt(_data(self._post("/2/tweets", _body(prepared))))

    def shown(self, since: datetime) -> Iterator[Shown]:
        """The account's own posts since `since`. X bills each post that is read, so it is not asked for older ones."""
        token = None
        while True:
            posts, token = self._page(since, token)
            yield from posts
            if not token or any(post.at < since for post in posts):
                return

    def verify(self) -> Account:
        """Ask X who we are; X bills this call."""
        with repeatable(), self._speaking():
            response = self._client.request("GET", "/2/users/me", user_auth=True)
            me = _data(response.json())
            name, username = str(me["name"]), str(me["username"])
        return Account(f"{name} (@{username})", f"https://x.com/{username}", tuple(_notes(response)))

    def withdraw(self, receipt: Receipt) -> None:
        """Delete the post. X says `deleted: false`, or 404, of one that is gone already."""
        with repeatable(), self._speaking(ignored=(404,)):
            _data(self._client.delete_tweet(receipt.remote_id, user_auth=True))["deleted"]

    def _upload(self, image: Image) -> str:
        """POST /2/media/upload and /2/media/metadata, which tweepy has no methods for."""
        body = {"media": b64encode(image.data).decode(), "media_category": "tweet_image"}
        with repeatable(), self._speaking():
            media = _id(_data(self._post("/2/media/upload", body)))
            if image.alt:
                alt = {"alt_text": {"text": image.alt[:_ALT_LENGTH]}}
                self._post("/2/media/metadata", {"id": media, "metadata": alt})
        return media

    def _post(self, route: str, body: Mapping[str, Any]) -> Any:
        return self._client.request("POST", route, json=body, user_auth=True).json()

    def _page(self, since: datetime, token: str | None) -> tuple[list[Shown], str | None]:
        """One page of the timeline, and the token of the next."""
        try:
            with repeatable(), self._speaking():
                page = self._timeline(since, token)
                return [_shown(post) for post in page.get("data", ())], page.get("meta", {}).get("next_token")
        except (Refused, _NotAllowed) as error:
            raise Unreadable(f"the account's posts cannot be read back: {error}") from error

    def _timeline(self, since: datetime, token: str | None) -> Any:
        if not self._id.isdigit():
            self._id = _id(_data(self._client.get_me(user_auth=True)))
        page = self._client.get_users_tweets(
            self._id,
            max_results=_PAGE,
            start_time=max(since, _BEGINNING),
            pagination_token=token,
            tweet_fields=["created_at", "entities"],
            user_auth=True,
        )
        if "data" not in page and "meta" not in page:
            raise Unsure(f"X did not show the account's posts ({_told(page, self._secrets)})")
        return page

    @contextmanager
    def _speaking(self, ignored: tuple[int, ...] = ()) -> Iterator[None]:
        """Translate what the libraries raise; X's own answers with a status in `ignored` are fine."""
        try:
            yield
        except tweepy.HTTPException as error:
            if error.response.status_code not in ignored or not _problem(error.response):
                raise _outcome(error.response, self._secrets) from cause(error, self._secrets)
        except (requests.RequestException, HTTPError) as error:
            raise transport_error(error, "X") from cause(error, self._secrets)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            # tweepy looks into answers, errors too, as if each were a JSON object of the documented shape.
            raise Unsure("X gave an answer of a shape that its documents do not have") from error


def _outcome(response: requests.Response, secrets: Iterable[str]) -> PlatformError:
    """The table of X's errors: what an answer that is not 2xx means."""
    status = response.status_code
    problem = _problem(response)
    told = _told(problem, secrets)
    if status == 401:
        return Blocked(
            f"X does not accept the channel's keys and tokens ({told}): make new ones in X's developer console"
        )
    if status == 402 or _says(problem, "CreditsDepleted"):
        return Blocked(f"the app has no X credits left ({told}): buy some in X's developer console")
    if status in (403, 404) and not problem:
        return Blocked(
            f"a server before X answered {status}: see whether this machine, its proxy or endpoint is let in"
        )
    if status == 403:
        return _forbidden(problem, told)
    if status == 429:
        return _too_many(response.headers, problem, told)
    if status in (400, 404, 413, 415, 422):
        return Refused(f"X does not take it ({told}): mend the post or its pictures and retry")
    return Unsure(f"X answered {status} ({told}), which does not tell whether the post is there")


# 403 is X's answer to almost everything. Words as X and its users report them; codes are those of API 1.1.
_LIMIT = ("daily limit", "update limit")
_LOCKED = ("suspended", "locked", "automated")
_NOT_ALLOWED = (
    *("oauth1 app permissions", "not permitted", "client-not-enrolled", "client-forbidden", "access level"),
    *("write access", "read-only", "unsupported-authentication", "unsupported authentication"),
)


def _forbidden(problem: Mapping[str, Any], told: str) -> PlatformError:
    codes = set(_codes(problem))
    if codes & {187} or _says(problem, "duplicate content"):
        return Duplicate(f"X already has a post with this text ({told})")
    if codes & {185, 344} or _says(problem, *_LIMIT):
        return Throttled(f"the account has posted as much as X allows for now ({told})")
    if codes & {63, 64, 226, 326} or _says(problem, *_LOCKED):
        return Blocked(f"X has locked the account ({told}): sign in at x.com and do what it asks for")
    if codes & {261, 453} or _says(problem, *_NOT_ALLOWED):
        return _NotAllowed(f"X does not let the app do this ({told}): see its rights and plan in X's developer console")
    return Refused(f"X does not take the post ({told}): mend it and retry")


def _too_many(headers: Mapping[str, str], problem: Mapping[str, Any], told: str) -> PlatformError:
    """A rate limit passes by itself; a cap on the month's usage passes only when it is raised."""
    if _says(problem, "UsageCapExceeded", "usage-capped") and not _says(problem, "daily"):
        return Blocked(f"the app has used up what X allows it ({told}): raise the cap in X's developer console")
    until = _until(headers)
    message = f"X wants a pause ({told})"
    return Throttled(message, until=until) if until is not None else throttled(message, headers)


# "Rate limits": the window of the endpoint, and the day's limits of the user and of the app.
_WINDOWS = ("x-rate-limit", "x-user-limit-24hour", "x-app-limit-24hour")


def _until(headers: Mapping[str, str]) -> datetime | None:
    """When the last of the used-up windows opens again; X does not always say which one is meant."""
    resets = {w: headers[f"{w}-reset"] for w in _WINDOWS if headers.get(f"{w}-reset", "").isdigit()}
    used_up = [reset for window, reset in resets.items() if headers.get(f"{window}-remaining") == "0"]
    times = used_up or list(resets.values())[:1]
    return datetime.fromtimestamp(max(map(int, times)), UTC) if times else None


def _problem(response: requests.Response) -> Mapping[str, Any]:
    try:
        problem = response.json()
    except ValueError:
        return {}
    return problem if isinstance(problem, dict) else {}


def _says(problem: object, *signs: str) -> bool:
    words = " ".join(_words(problem)).lower()
    return any(sign.lower() in words for sign in signs)


def _told(problem: object, secrets: Iterable[str]) -> str:
    """The longest of X's words: the most telling one, whichever of its shapes the answer has."""
    words = [word for word in _words(problem) if not word.startswith(("http", "about:"))]
    return discreet(max(words, key=len, default="no reason given").rstrip("."), secrets)


def _words(problem: object) -> Iterator[str]:
    for one in _problems(problem):
        names = ("title", "detail", "reason", "type", "message", "period", "error")
        yield from (one[name] for name in names if isinstance(one.get(name), str))


def _codes(problem: object) -> Iterator[int]:
    yield from (one["code"] for one in _problems(problem) if isinstance(one.get("code"), int))


def _problems(problem: object) -> Iterator[Mapping[str, Any]]:
    """What an answer says of its errors: RFC 7807 problems, alone or listed in `errors`."""
    if isinstance(problem, dict):
        yield problem
        errors = problem.get("errors")
        yield from (error for error in errors if isinstance(error, dict)) if isinstance(errors, list) else ()


def _notes(response: requests.Response) -> Iterator[str]:
    if response.headers.get("x-access-level") == "read":
        yield (
            "The app may only read: set its permissions to 'Read and write' in X's developer console, then make a new"
            " access token."
        )


def _data(answer: Any) -> Mapping[str, Any]:
    data = answer["data"]
    if not isinstance(data, dict):
        raise TypeError("`data` is no object")
    return data


def _id(data: Mapping[str, Any]) -> str:
    if not re.fullmatch(r"[0-9]{1,19}", str(data["id"])):
        raise ValueError("`id` is no number")
    return str(data["id"])


def _body(prepared: Prepared) -> dict[str, Any]:
    """What POST /2/tweets takes. tweepy's `create_tweet` has no place for `made_with_ai`."""
    body: dict[str, Any] = {"text": prepared.post.text}
    if prepared.media:
        body["media"] = {"media_ids": list(prepared.media)}
    if prepared.post.made_with_ai:
        body["made_with_ai"] = True
    return body


def _receipt(data: Mapping[str, Any]) -> Receipt:
    """A receipt has X's own id; its address works without the account's name."""
    id = _id(data)
    return Receipt(id, f"https://x.com/i/web/status/{id}")


def _shown(post: Mapping[str, Any]) -> Shown:
    """`post` as it was sent: X puts t.co addresses in the place of links, adds one for the pictures, escapes HTML."""
    if "created_at" not in post:
        raise Unreadable("X shows the account's posts without their time, so they cannot be compared; look by hand")
    text, links = html.unescape(post["text"]), []
    for url in (post.get("entities") or {}).get("urls") or ():
        full = url.get("expanded_url") or url["url"]
        if "media_key" in url or _PICTURE.fullmatch(full):
            full = ""
        text = text.replace(url["url"], full)
        links += [link for link in (full, url.get("unwound_url")) if link]
    # X names no entity for an address whose host it does not know as one, such as an IP number.
    links += [address for address in addresses(text) if address not in links]
    return Shown(_receipt(post), text.strip(), tuple(links), datetime.fromisoformat(post["created_at"]))
