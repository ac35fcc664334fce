"""Facebook Pages, by facebook-sdk: a link post, or a photo post whose text carries the link.

The library is from 2018 and trusting: it ignores the HTTP status, takes any JSON without `error` for success and
carries the token in the address of every GET. So success here is an `id`, doubt is `Unsure`, and no foreign
error is chained to ours: its text may hold the address, and the address the token.

Sources: Graph API v25.0, "Page Feed", "Page Photos", "Page Post", "Debug Token".
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

from crosspost.discreet import discreet
from crosspost.errors import Blocked, PlatformError, Refused, Unreachable, Unreadable, Unsure
from crosspost.platforms import Account
from crosspost.platforms.facebook_errors import NO_ANSWER, NotAllowed, NotThere, outcome, seconds_to_wait
from crosspost.platforms.line import Line, repeatable, throttled, transport_error
from crosspost.platforms.written import addresses
from crosspost.post import Image, Post, Prepared, Receipt, Shown

_BASE = "https://graph.facebook.com"
_SITE = "https://www.facebook.com"
_LAST_SECOND = 253_402_300_799  # of the year 9999, beyond which Python has no dates


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
        try:
            yield from self._shown(since)
        except NotAllowed as error:
            raise Unreadable(f"the page's posts cannot be read back: {error}") from None

    def _shown(self, since: datetime) -> Iterator[Shown]:
        wanted = {"fields": "id,message,created_time,attachments{url,unshimmed_url}", "limit": 25}
        after: dict[str, Any] = {}
        while True:
            page = self._read(self._graph.get_connections, self._page, "published_posts", **wanted, **after)
            try:
                posts, cursor = [_shown(item) for item in page["data"]], _next(page)
                reached = all(post.at < since for post in posts)
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                raise Unreachable(f"{NO_ANSWER}, so the page's posts are not known; it is asked again") from error
            yield from posts
            if reached or cursor is None or {"after": cursor} == after:
                return
            after = {"after": cursor}

    def verify(self) -> Account:
        """Ask whom the token speaks for: only the page itself may post as the page, a user's token looks healthy."""
        me = self._me()
        return Account(str(me.get("name", self._page)), f"{_SITE}/{self._page}", self._token_notes())

    def withdraw(self, receipt: Receipt) -> None:
        """Delete the post; one that does not exist is fine. Facebook says the same to a token of another page."""
        try:
            answer = self._call(self._graph.delete_object, receipt.remote_id)
        except NotThere:
            self._me()
            return
        if not (answer is True or _member(answer, "success")):
            raise Unsure("Facebook did not confirm that the post was deleted; look at the page")

    def _upload(self, image: Image) -> str:
        file = (f"picture{image.suffix}", image.data, image.media_type)
        described = {"alt_text_custom": image.alt} if image.alt else {}
        album = f"{self._page}/photos"
        with repeatable():
            return self._id(self._graph.put_photo, file, album, published="false", **described)

    def _me(self) -> Mapping[str, Any]:
        """Whom the token speaks for. Raises `Blocked` unless that is the page."""
        me: Mapping[str, Any] = self._read(self._graph.get_object, "me", fields="id,name")
        if not _member(me, "id"):
            raise Unreachable(f"{NO_ANSWER}, so whose token it is stays unknown; try again later")
        if str(me["id"]) != self._page:
            raise Blocked(self._stranger(me))
        return me

    def _stranger(self, me: Mapping[str, Any]) -> str:
        whose = f"{me.get('name', 'someone')} ({me['id']})"
        try:
            pages = self._read(self._graph.get_connections, "me", "accounts", fields="id")
        except (Blocked, Refused):  # pages and apps have no `accounts`
            pages = {}
        kind = "a user's token" if _member(pages, "data") else "another page's or an app's token"
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
        return token_notes(_member(told, "data"))

    def _id(self, act: Callable[..., Any], *args: Any, **options: Any) -> str:
        answer = self._call(act, *args, **options)
        remote_id = _member(answer, "id")
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
            failure = Unsure(f"{NO_ANSWER} (HTTP {self._answer.status})")
        except (requests.RequestException, HTTPError) as error:
            failure = transport_error(error, "Facebook")
        raise failure  # outside of the handlers, so that not even `__context__` holds the address

    def _outcome(self, error: facebook.GraphAPIError) -> PlatformError:
        told = _member(error.result, "error")
        if not isinstance(told, dict) and self._answer.status == 429:
            return throttled("a server before Facebook answered 429, too many calls", self._answer.headers)
        if not isinstance(told, dict):
            return Unsure(f"{NO_ANSWER} (HTTP {self._answer.status})")
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


def feed(prepared: Prepared) -> dict[str, str]:
    """The parameters of a POST to a page's feed. A photo post has no place for a link but its text."""
    post = prepared.post
    if not prepared.media:
        return {"message": post.text} | ({"link": post.link} if post.link else {})
    lacks_link = post.link and post.link not in addresses(post.text)
    message = f"{post.text}\n\n{post.link}".strip() if lacks_link else post.text
    return {"message": message, "attached_media": json.dumps([{"media_fbid": media} for media in prepared.media])}


def token_notes(told: object) -> tuple[str, ...]:
    """What a person should know of a token, from the `data` of `debug_token`. Raises `Blocked` when it cannot post."""
    scopes, expires = _member(told, "scopes"), _member(told, "expires_at")
    notes = []
    if isinstance(scopes, list) and "pages_manage_posts" not in scopes:
        raise Blocked("the page token lacks pages_manage_posts, so it cannot post; make one that has it")
    if isinstance(scopes, list) and "pages_read_engagement" not in scopes:
        notes.append("the page token lacks pages_read_engagement, so doubts about its posts cannot be settled")
    if expires == 0:
        notes.append("the page token does not expire")
    elif isinstance(expires, int) and 0 < expires <= _LAST_SECOND:
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


def _member(answer: object, name: str) -> Any:
    return answer.get(name) if isinstance(answer, dict) else None


def _receipt(remote_id: str) -> Receipt:
    return Receipt(remote_id, f"{_SITE}/{remote_id}")
