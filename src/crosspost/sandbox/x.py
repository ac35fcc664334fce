"""Pretend X: the v2 endpoints for posts, media and users.

Shapes are those of X's OpenAPI document (2.167); error bodies are those that X's v2 API answers.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from crosspost.sandbox.call import Answer, Call, Kind, Problem, names
from crosspost.sandbox.oauth1 import signer
from crosspost.sandbox.state import Sandbox, first_link
from crosspost.sandbox.store import Media, Stored
from crosspost.sandbox.x_errors import DUPLICATE, REFUSALS, UNSUPPORTED_AUTHENTICATION, invalid, not_found, plain
from crosspost.sandbox.x_posts import shown_text, tweet
from crosspost.text.measure import x_length

LONGEST = 280
LARGEST = 5_000_000  # bytes of a picture
MEDIA_LIVES = timedelta(hours=24)
CREATE_FIELDS = names(
    "card_uri community_id direct_message_deep_link edit_options for_super_followers_only geo made_with_ai media"
    " nullcast paid_partnership poll quote_tweet_id reply reply_settings share_with_followers text"
)
MEDIA_FIELDS = names("call_to_actions description embeddable media_ids preview_media_id tagged_user_ids title")
UPLOAD_FIELDS = frozenset({"additional_owners", "media", "media_category"})
UPLOAD_CATEGORIES = frozenset(
    {"tweet_image", "tweet_video", "tweet_gif", "dm_image", "dm_video", "dm_gif", "subtitles"}
)
_FIELDS = names("expansions media.fields place.fields poll.fields user.fields post.fields tweet.fields")
TIMELINE_PARAMETERS = _FIELDS | names("max_results pagination_token start_time end_time since_id until_id exclude")
ME_PARAMETERS = frozenset({"expansions", "user.fields", "post.fields", "tweet.fields"})
_EPOCH_MS = 1_288_834_974_657  # X's ids count milliseconds from here


class X:
    """What api.x.com does, as far as a publisher sees it."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._routes: tuple[tuple[str, str, Kind, Callable[..., Answer]], ...] = (
            ("POST", r"/2/tweets", Kind.PUBLISH, self._create),
            ("GET", r"/2/tweets/(\d{1,19})", Kind.READ, self._show),
            ("DELETE", r"/2/tweets/(\d{1,19})", Kind.DELETE, self._delete),
            ("GET", r"/2/users/(\d{1,19})/tweets", Kind.READ, self._timeline),
            ("GET", r"/2/users/me", Kind.VERIFY, self._me),
            ("POST", r"/2/media/upload", Kind.UPLOAD, self._upload),
            ("POST", r"/2/media/metadata", Kind.UPLOAD, self._describe),
        )

    def kind(self, call: Call) -> Kind:
        return self._route(call)[0]

    def answer(self, call: Call) -> Answer:
        try:
            _, act, named = self._route(call)
            return act(call, self._account(call), *named).plus(self._limits())
        except Problem as problem:
            return problem.answer.plus(self._limits())

    def refusal(self, fault: str, call: Call, now: datetime) -> Answer:
        if fault == "429":
            reset = self._limits(left=0)
            return plain(429, "Too Many Requests", "Too Many Requests").plus(reset)
        if fault.startswith("error-"):
            return plain(int(fault.removeprefix("error-")), "Error", "Programmed in the sandbox").plus(self._limits())
        return REFUSALS[fault].plus(self._limits())

    def _route(self, call: Call) -> tuple[Kind, Callable[..., Answer], tuple[str, ...]]:
        for method, path, kind, act in self._routes:
            match = re.fullmatch(path, call.path)
            if match and method == call.method:
                return kind, act, match.groups()
        raise Problem(plain(404, "Not Found", "Not Found"))

    def _account(self, call: Call) -> str:
        if call.bearer:
            raise Problem(UNSUPPORTED_AUTHENTICATION)
        account = signer(call, self._sandbox.clock())
        if account is None:
            raise Problem(plain(401, "Unauthorized", "Unauthorized"))
        return account

    def _limits(self, left: int = 99) -> Mapping[str, str]:
        reset = int((self._sandbox.clock() + timedelta(minutes=15)).timestamp())
        return {
            "x-rate-limit-limit": "100",
            "x-rate-limit-remaining": str(left),
            "x-rate-limit-reset": str(reset),
            "x-access-level": "read-write",
        }

    def _create(self, call: Call, account: str) -> Answer:
        given = _object(call)
        _refuse_unknown(given, CREATE_FIELDS, "$")
        media = given.get("media") or {}
        _refuse_unknown(media, MEDIA_FIELDS, "$.media")
        ids = media.get("media_ids", [])
        text = given.get("text", "")
        if not isinstance(text, str) or not (text or ids):
            raise invalid("text", text, "Your Tweet is missing text or media.")
        if x_length(text) > LONGEST:
            # X's own words for a text that is too long.
            raise Problem(plain(403, "Forbidden", "You are not permitted to perform this action."))
        if any(not one.deleted and one.text == text for one in self._sandbox.store.posts("x", account)):
            raise Problem(DUPLICATE)
        self._check_media(ids, account)
        stored = self._keep(account, text, ids, bool(given.get("made_with_ai")))
        return Answer(
            201, {"data": {"id": stored.id, "text": shown_text(stored), "edit_history_tweet_ids": [stored.id]}}
        )

    def _keep(self, account: str, text: str, media: list[str], made_with_ai: bool) -> Stored:
        now, number = self._sandbox.clock(), self._sandbox.store.next_number()
        id = str(((int(now.timestamp() * 1000) - _EPOCH_MS) << 22) + number)
        return self._sandbox.store.add(
            "x",
            account,
            id,
            text=text,
            link=first_link(text),
            media=media,
            at=now,
            extra={"made_with_ai": made_with_ai},
        )

    def _check_media(self, ids: list[str], account: str) -> None:
        if not isinstance(ids, list) or len(ids) > 4:
            raise invalid("media.media_ids", ids, "media.media_ids must hold 1 to 4 ids.")
        for id in ids:
            media = self._sandbox.store.media(str(id))
            if media is None or media.account != account or self._sandbox.clock() - media.at > MEDIA_LIVES:
                raise invalid("media.media_ids", id, "Your media IDs are invalid.")

    def _show(self, call: Call, account: str, id: str) -> Answer:
        stored = self._sandbox.store.post("x", id)
        if stored is None or stored not in self._sandbox.visible("x", stored.account):
            return Answer(200, {"errors": [not_found("tweet", id)]})
        return Answer(200, {"data": tweet(stored, _asked_fields(call))})

    def _delete(self, call: Call, account: str, id: str) -> Answer:
        stored = self._sandbox.store.post("x", id)
        if stored is not None and stored.account != account:
            raise Problem(plain(403, "Forbidden", "You are not authorized to delete this Tweet."))
        if stored is not None and not stored.deleted:
            self._sandbox.store.delete(stored)
        return Answer(200, {"data": {"deleted": stored is not None}})

    def _timeline(self, call: Call, account: str, user: str) -> Answer:
        asked = call.parameters
        _refuse_unknown_parameters(asked, TIMELINE_PARAMETERS)
        size = _number("max_results", asked.get("max_results", "10"), 5, 100)
        offset = _offset(asked.get("pagination_token", ""))
        matching = [one for one in self._sandbox.visible("x", user) if _within(one, asked)]
        page = matching[offset : offset + size]
        if not page:
            return Answer(200, {"meta": {"result_count": 0}})
        meta: dict[str, Any] = {"result_count": len(page), "newest_id": page[0].id, "oldest_id": page[-1].id}
        if offset + size < len(matching):
            meta["next_token"] = _token(offset + size)
        if offset:
            meta["previous_token"] = _token(max(0, offset - size))
        return Answer(200, {"data": [tweet(one, _asked_fields(call)) for one in page], "meta": meta})

    def _me(self, call: Call, account: str) -> Answer:
        _refuse_unknown_parameters(call.parameters, ME_PARAMETERS)
        return Answer(200, {"data": {"id": account, "name": f"Sandbox {account}", "username": f"sandbox_{account}"}})

    def _upload(self, call: Call, account: str) -> Answer:
        given: dict[str, Any] = dict(call.form) if call.files or call.form else _object(call)
        _refuse_unknown(given, UPLOAD_FIELDS, "$")
        if given.get("media_category") not in UPLOAD_CATEGORIES:
            raise invalid(
                "media_category", given.get("media_category"), "media_category is not one of the known categories."
            )
        media = self._kept_picture(_picture(call, given), account)
        return Answer(200, {"data": _uploaded(media)})

    def _kept_picture(self, data: bytes, account: str) -> Media:
        now_ms = int(self._sandbox.clock().timestamp() * 1000)
        if len(data) > LARGEST:
            raise Problem(plain(413, "Payload Too Large", "Payload Too Large"))
        try:
            media = self._sandbox.keep_picture(
                "x", account, data, lambda number: str(((now_ms - _EPOCH_MS) << 22) + number)
            )
        except ValueError:
            raise invalid("media", "", "media type unrecognized.") from None
        return media

    def _describe(self, call: Call, account: str) -> Answer:
        given = _object(call)
        id = str(given.get("id", ""))
        media = self._sandbox.store.media(id)
        alt = ((given.get("metadata") or {}).get("alt_text") or {}).get("text", "")
        if media is None or media.account != account:
            raise invalid("id", id, "Your media ID is invalid.")
        if not isinstance(alt, str) or len(alt) > 1000:
            raise invalid("metadata.alt_text.text", "", "metadata.alt_text.text must hold at most 1000 characters.")
        self._sandbox.store.describe_media(id, alt)
        return Answer(200, {"data": {"id": id, "associated_metadata": given.get("metadata", {})}})


def _object(call: Call) -> dict[str, Any]:
    try:
        given = call.json()
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise invalid("body", "", "The body is not a JSON object.")
    return given


def _refuse_unknown(given: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    for name in given:
        if name not in known:
            message = (
                f"{where}.{name}: is not defined in the schema and the schema does not allow additional properties"
            )
            raise invalid(name, given[name], message)


def _refuse_unknown_parameters(given: Mapping[str, str], known: frozenset[str]) -> None:
    for name, value in given.items():
        if name not in known:
            listed = ",".join(sorted(known))
            raise invalid(name, value, f"The query parameter [{name}] is not one of [{listed}]")


def _number(name: str, written: str, least: int, most: int) -> int:
    if not written.isdigit() or not least <= int(written) <= most:
        message = f"The `{name}` query parameter value [{written}] is not between {least} and {most}"
        raise invalid(name, written, message)
    return int(written)


def _token(offset: int) -> str:
    return base64.b32encode(f"page-{offset}".encode()).decode().rstrip("=").lower()


def _offset(token: str) -> int:
    if not token:
        return 0
    try:
        padded = token.upper() + "=" * (-len(token) % 8)
        return int(base64.b32decode(padded).decode().removeprefix("page-"))
    except (binascii.Error, ValueError):
        raise invalid("pagination_token", token, "The `pagination_token` query parameter is not valid") from None


def _within(stored: Stored, asked: Mapping[str, str]) -> bool:
    since, until = asked.get("since_id", "0"), asked.get("until_id", "9" * 19)
    start, end = (_time(asked.get(name, "")) for name in ("start_time", "end_time"))
    in_time = (start is None or stored.at >= start) and (end is None or stored.at < end)
    return in_time and int(since) < int(stored.id) < int(until)


def _time(written: str) -> datetime | None:
    try:
        return datetime.fromisoformat(written) if written else None
    except ValueError:
        raise invalid("start_time", written, f"[{written}] is not a valid RFC 3339 time") from None


def _asked_fields(call: Call) -> frozenset[str]:
    asked = call.parameters
    return frozenset(f"{asked.get('tweet.fields', '')},{asked.get('post.fields', '')}".split(","))


def _picture(call: Call, given: Mapping[str, Any]) -> bytes:
    for file in call.files:
        if file.name == "media":
            return file.data
    try:
        return base64.b64decode(str(given.get("media", "")), validate=True)
    except binascii.Error:
        raise invalid("media", "", "media is not valid base64.") from None


def _uploaded(media: Media) -> dict[str, Any]:
    return {
        "id": media.id,
        "media_key": f"3_{media.id}",
        "size": len(media.data),
        "expires_after_secs": int(MEDIA_LIVES.total_seconds()),
        "image": {"image_type": media.media_type, "w": media.width, "h": media.height},
    }
