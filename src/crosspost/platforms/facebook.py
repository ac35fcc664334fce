"""Facebook Pages, by facebook-sdk: a link post, or a photo post whose text carries the link.

The library is from 2018 and trusting: it ignores the HTTP status, takes any JSON without `error` for success and
carries the token in the address of every GET. So success here is an `id`, doubt is `Unsure`, and no foreign
error is chained to ours: its text may hold the address, and the address the token.

Sources: Graph API v25.0, "Page Feed", "Page Photos", "Handling Errors", "Rate Limits", "Debug Token".
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qs, urlsplit

import facebook
import requests
from urllib3.exceptions import HTTPError

from crosspost.errors import Blocked, Duplicate, PlatformError, Refused, Throttled, Unreachable, Unsure
from crosspost.platforms import Account
from crosspost.platforms.line import Line, discreet, repeatable, transport_error
from crosspost.platforms.written import addresses
from crosspost.post import Image, Post, Prepared, Receipt, Shown

_BASE = "https://graph.facebook.com"
_SITE = "https://www.facebook.com"
_NO_ANSWER = "Facebook answered with something that is not a Graph API answer"

_DEAD_TOKEN: Mapping[int | None, str] = MappingProxyType(
    {
        458: "the app was removed from the account that made it",
        459: "the account that made it must first pass a check on facebook.com",
        460: "the password of the account that made it was changed",
        463: "it has expired",
        464: "the account that made it is not confirmed",
        467: "it was revoked, or the account that made it logged out",
        492: "the account that made it has no role on the page any more",
    }
)

# What Facebook decides about the caller, before it looks at the post: nothing was published, whatever the status.
_BLOCKED: Mapping[int, str] = MappingProxyType(
    {
        3: "the app lacks a capability that posting needs; see the app's dashboard",
        10: "the page token lacks a permission; make one with pages_manage_posts and pages_read_engagement",
        104: "the app wants every call signed; turn off 'Require app secret' in its settings",
        803: "the page does not exist under the configured `page`; take the number from the page's About",
        2500: "the page token or api_version is malformed; compare both with the app's dashboard",
    }
)
_TOKEN = frozenset({102, 190})
_PERMISSION = range(200, 300)
_THROTTLED = frozenset({4, 17, 32, 341, 613, *range(80000, 80015)})

# What Facebook decides about the post itself. With a 5xx the answer contradicts itself, and only a look can tell.
_REFUSED: Mapping[int, str] = MappingProxyType(
    {
        100: "Facebook does not take the post as it is",
        324: "Facebook does not take the picture",
        1500: "Facebook does not take the link's address",
        1366046: "Facebook does not take the picture: JPEG or PNG under 4 MB only",
        1609005: "Facebook could not read the page behind the link; see that it is public, then retry",
    }
)
_CONTENT = frozenset({368, 506, *_REFUSED})
_TAKEN_BEFORE = ("duplicate", "identical", "already posted")


class _Missing(Blocked):
    """The object asked for does not exist, or not for this token."""


class Facebook:
    """One Facebook Page. `page` is its number, `api_version` such as "v25.0".

    `secrets`: `page_token`; with `app_id` and `app_secret` as well, `verify` tells when the token expires. Raises
    `Blocked` without a token.
    """

    def __init__(self, *, page: str, api_version: str = "v25.0", secrets: Mapping[str, str], line: Line) -> None:
        if not secrets.get("page_token"):
            raise Blocked("Facebook needs page_token: add it to the channel's secrets")
        session = line.session(_BASE)
        session.hooks["response"].append(self._remember)
        self._page = page
        self._secrets = dict(secrets)
        self._answer = _Answer()
        self._graph = facebook.GraphAPI(secrets["page_token"], session=session)
        self._graph.version = api_version  # the constructor refuses every version above 3.1

    def prepare(self, post: Post) -> Prepared:
        """Upload the pictures, all unpublished, even a single one.

        Publishing a photo by its upload would make a repeated `prepare` publish twice. As it is, what is uploaded
        stays unseen until one request to `feed` attaches it. Not `temporary`: the documents know that for
        scheduled posts only.
        """
        return Prepared(post, tuple(self._upload(image) for image in post.images))

    def publish(self, prepared: Prepared) -> Receipt:
        """One POST to the page's feed; a receipt only for an answer with an `id`."""
        return _receipt(self._id(self._graph.put_object, self._page, "feed", **feed(prepared)))

    def shown(self, since: datetime) -> Iterator[Shown]:
        """The page's published posts, newest first; needs pages_read_engagement."""
        wanted = {"fields": "id,message,created_time,attachments{url,unshimmed_url}", "limit": 25}
        after: dict[str, Any] = {}
        while True:
            page = self._read(self._graph.get_connections, self._page, "published_posts", **wanted, **after)
            try:
                posts, cursor = [_shown(item) for item in page["data"]], _next(page)
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                raise Unreachable(f"{_NO_ANSWER}, so the page's posts are not known; it is asked again") from error
            yield from posts
            if cursor is None or {"after": cursor} == after or all(post.at < since for post in posts):
                return
            after = {"after": cursor}

    def verify(self) -> Account:
        """Ask whom the token speaks for: only the page itself may post as the page, a user's token looks healthy."""
        me = self._read(self._graph.get_object, "me", fields="id,name")
        if not isinstance(me, dict) or "id" not in me:
            raise Unreachable(f"{_NO_ANSWER}, so whose token it is stays unknown; try again later")
        if str(me["id"]) != self._page:
            raise Blocked(self._stranger(me))
        return Account(str(me.get("name", self._page)), f"{_SITE}/{self._page}", self._token_notes())

    def withdraw(self, receipt: Receipt) -> None:
        """Delete the post; one that does not exist is fine."""
        try:
            answer = self._call(self._graph.delete_object, receipt.remote_id)
        except _Missing:
            return
        if not (answer is True or (isinstance(answer, dict) and answer.get("success"))):
            raise Unsure("Facebook did not confirm that the post was deleted; look at the page")

    def _upload(self, image: Image) -> str:
        file = (f"picture{image.suffix}", image.data, image.media_type)
        described = {"alt_text_custom": image.alt} if image.alt else {}
        album = f"{self._page}/photos"
        with repeatable():
            return self._id(self._graph.put_photo, file, album, published="false", **described)

    def _stranger(self, me: Mapping[str, Any]) -> str:
        whose = f"{me.get('name', 'someone')} ({me['id']})"
        try:
            pages = self._read(self._graph.get_connections, "me", "accounts", fields="id")
        except (Blocked, Refused):  # pages and apps have no `accounts`
            pages = {}
        kind = "a user's token" if pages.get("data") else "another page's or an app's token"
        return (
            f"page_token is {kind}, of {whose}, and cannot post as page {self._page}; "
            f"ask /me/accounts with the user's token for the page's own"
        )

    def _token_notes(self) -> tuple[str, ...]:
        app_id, app_secret = self._secrets.get("app_id"), self._secrets.get("app_secret")
        if not app_id or not app_secret:
            return ("when the page token expires is not known: add app_id and app_secret to the secrets",)
        token = self._secrets["page_token"]
        try:
            told = self._read(self._graph.debug_access_token, token, app_id, app_secret)
        except PlatformError as error:
            return (f"when the page token expires is not known: {error}",)
        return token_notes(told.get("data") or {} if isinstance(told, dict) else {})

    def _id(self, act: Callable[..., Any], *args: Any, **options: Any) -> str:
        answer = self._call(act, *args, **options)
        remote_id = answer.get("id") if isinstance(answer, dict) else None
        if not remote_id or self._answer.status >= 400:
            raise Unsure(f"Facebook answered without an id (HTTP {self._answer.status})")
        return str(remote_id)

    def _read(self, act: Callable[..., Any], *args: Any, **options: Any) -> Any:
        with repeatable():
            return self._call(act, *args, **options)

    def _call(self, act: Callable[..., Any], *args: Any, **options: Any) -> Any:
        try:
            return act(*args, **options)
        except facebook.GraphAPIError as error:
            failure = self._outcome(error)
        except KeyError:  # an answer without a content-type
            failure = Unsure(f"{_NO_ANSWER} (HTTP {self._answer.status})")
        except (requests.RequestException, HTTPError) as error:
            failure = transport_error(error, "Facebook")
        raise failure  # outside of the handlers, so that not even `__context__` holds the address

    def _outcome(self, error: facebook.GraphAPIError) -> PlatformError:
        told = error.result.get("error") if isinstance(error.result, dict) else None
        if not isinstance(told, dict):
            return Unsure(f"{_NO_ANSWER} (HTTP {self._answer.status})")
        # Facebook repeats a malformed token in its message.
        said = discreet(told.get("error_user_msg") or told.get("message") or "", self._secrets.values())
        code, subcode = told.get("code"), told.get("error_subcode")
        return outcome(code, subcode, said, self._answer.status, seconds_to_wait(self._answer.headers))

    def _remember(self, response: requests.Response, **_: Any) -> None:
        self._answer.status, self._answer.headers = response.status_code, response.headers


class _Answer(threading.local):
    """What facebook-sdk hides of the last answer, kept for each thread."""

    status: int = 0
    headers: Mapping[str, str] = MappingProxyType({})


def outcome(code: object, subcode: int | None, message: str, status: int, wait: float | None = None) -> PlatformError:
    """What Facebook's error `code` means, answered with HTTP `status`; `wait` is the pause it asks for, in seconds.

    A refusal of the caller is certain whatever the status. A refusal of the post is certain only below 500: a
    server that failed half-way may have published. Codes this table does not know are in doubt, as are 1 and 2.
    """
    if not isinstance(code, int):
        return Unsure(f"{_NO_ANSWER} (HTTP {status})")
    said = f": {message} (code {code})" if message else f" (code {code})"
    if code in _TOKEN:
        why = _DEAD_TOKEN.get(subcode, "it is invalid, expired or revoked")
        return Blocked(f"Facebook does not accept the page token: {why}; put a new one into the secrets as page_token")
    if code == 100 and subcode == 33:
        return _Missing(f"the page or post does not exist, or not for this token{said}")
    if code in _BLOCKED:
        return Blocked(f"{_BLOCKED[code]}{said}")
    if code in _PERMISSION:
        return Blocked(f"{_BLOCKED[10]}{said}")
    if code in _THROTTLED:
        return Throttled(f"Facebook wants a pause{said}", wait=wait)
    if status < 500 and code in _CONTENT:
        return _refusal(code, message, said)
    return Unsure(f"Facebook answered that something went wrong (HTTP {status}){said}")


def _refusal(code: int, message: str, said: str) -> PlatformError:
    if code == 506 or (code == 368 and any(mark in message.lower() for mark in _TAKEN_BEFORE)):
        return Duplicate(f"Facebook says that the page has this post already{said}")
    if code == 368:
        return Blocked(f"Facebook keeps this page from posting for now; see its Page Quality{said}")
    return Refused(f"{_REFUSED[code]}{said}")


def seconds_to_wait(headers: Mapping[str, str]) -> float | None:
    """The longest `estimated_time_to_regain_access` (minutes there, seconds here) of the usage headers."""
    minutes = [
        entry.get("estimated_time_to_regain_access")
        for name in ("X-Business-Use-Case-Usage", "X-App-Usage")
        for entry in _usage(headers.get(name, ""))
    ]
    longest = max((number for number in minutes if isinstance(number, int | float)), default=0)
    return longest * 60.0 or None


def _usage(header: str) -> Iterator[Mapping[str, Any]]:
    """The entries of a usage header: one object, or lists of them by the business's or page's number."""
    try:
        told = json.loads(header or "{}")
    except ValueError:  # no reason to lose the error that came with it
        return
    for entry in [told, *(told.values() if isinstance(told, dict) else ())]:
        yield from (each for each in (entry if isinstance(entry, list) else [entry]) if isinstance(each, dict))


def feed(prepared: Prepared) -> dict[str, str]:
    """The parameters of a POST to a page's feed. A photo post has no place for a link but its text."""
    post = prepared.post
    if not prepared.media:
        return {"message": post.text} | ({"link": post.link} if post.link else {})
    lacks_link = post.link and post.link not in addresses(post.text)
    message = f"{post.text}\n\n{post.link}".strip() if lacks_link else post.text
    return {"message": message, "attached_media": json.dumps([{"media_fbid": media} for media in prepared.media])}


def token_notes(told: Mapping[str, Any]) -> tuple[str, ...]:
    """What a person should know of a token, from the answer of `debug_token`."""
    scopes, expires = told.get("scopes"), told.get("expires_at")
    notes = []
    for scope, use in (("pages_manage_posts", "post"), ("pages_read_engagement", "look up its posts")):
        if isinstance(scopes, list) and scope not in scopes:
            notes.append(f"the page token lacks {scope}, so it cannot {use}")
    if expires == 0:
        notes.append("the page token does not expire")
    elif isinstance(expires, int):
        notes.append(f"the page token expires at {datetime.fromtimestamp(expires, UTC):%Y-%m-%d %H:%M} UTC")
    return tuple(notes)


def unshim(address: str) -> str:
    """The address behind Facebook's own redirect (l.facebook.com/l.php?u=…), else `address`."""
    parts = urlsplit(address)
    if parts.hostname in ("l.facebook.com", "lm.facebook.com") and parts.path == "/l.php":
        return parse_qs(parts.query).get("u", [address])[0]
    return address


def _shown(item: Mapping[str, Any]) -> Shown:
    text = str(item.get("message", ""))
    attached = [
        unshim(address)
        for attachment in item.get("attachments", {}).get("data", ())
        for address in (attachment.get("unshimmed_url"), attachment.get("url"))
        if address
    ]
    at = datetime.fromisoformat(item["created_time"])
    return Shown(_receipt(str(item["id"])), text, (*dict.fromkeys([*attached, *addresses(text)]),), at)


def _next(page: Mapping[str, Any]) -> str | None:
    """The cursor of the next page. `next` itself, an address with the token in it, is never used."""
    paging = page.get("paging", {})
    return str(paging["cursors"]["after"]) if "next" in paging else None


def _receipt(remote_id: str) -> Receipt:
    return Receipt(remote_id, f"{_SITE}/{remote_id}")
