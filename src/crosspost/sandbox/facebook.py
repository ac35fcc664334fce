"""Pretend Facebook: a Page's edges of the Graph API, any version.

Names of parameters and fields are those of Meta's own specs (v25.0); error bodies are those that the Graph API
answers. Parameters it does not know are ignored, as Facebook does, but noted in the sandbox's `problems`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from crosspost.sandbox.call import Answer, Call, Kind, Problem, names
from crosspost.sandbox.facebook_errors import (
    BAD_PICTURE,
    NEEDS_PAGE_TOKEN,
    NOT_YOUR_PAGE,
    REFUSALS,
    THROTTLES,
    Said,
    known,
    missing,
)
from crosspost.sandbox.facebook_posts import Field, fields, paging, place_of, post_object, within
from crosspost.sandbox.secrets import FACEBOOK_APP, account_of, account_of_user_token
from crosspost.sandbox.state import Sandbox
from crosspost.sandbox.store import Media, Stored

LONGEST = 63_206
LARGEST = 10_000_000  # bytes of a photo
MOST_OF_A_PAGE = 100
COMMON = frozenset(
    {"access_token", "format", "method", "appsecret_proof", "fields", "locale", "pretty", "suppress_http_code"}
)
FEED_PARAMETERS = names(
    "actions attached_media backdated_time backdated_time_granularity call_to_action child_attachments feed_targeting"
    " formatting link message multi_share_end_card multi_share_optimized name object_attachment place privacy published"
    " scheduled_publish_time tags targeting unpublished_content_type"
)
PHOTO_PARAMETERS = names(
    "alt_text_custom caption message name no_story place published scheduled_publish_time tags targeting temporary"
    " unpublished_content_type url vault_image_id"
)
READ_PARAMETERS = frozenset({"limit", "include_hidden", "show_expired", "with", "after", "before", "since", "until"})


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # "page" or "user"
    page: str


class Facebook:
    """What graph.facebook.com does, as far as a Page's publisher sees it."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._routes: tuple[tuple[str, str, Callable[..., Answer]], ...] = (
            ("POST", r"/(\d+|me)/feed", self._publish),
            ("POST", r"/(\d+|me)/photos", self._photo),
            ("GET", r"/(\d+|me)/(?:published_posts|feed|posts)", self._posts),
            ("GET", r"/debug_token", self._debug),
            ("GET", r"/me/accounts", self._accounts),
            ("GET", r"/me/permissions", self._permissions),
            ("GET", r"/(\d+_\d+)", self._show),
            ("GET", r"/(\d+|me)", self._who),
            ("DELETE", r"/(\d+_\d+|\d+)", self._delete),
        )

    def kind(self, call: Call) -> Kind:
        _, act, _ = self._route(call)
        if act == self._photo:
            return Kind.PUBLISH if _is_yes(call.parameters, "published", default=True) else Kind.UPLOAD
        if act in (self._posts, self._show):
            return Kind.READ
        return {self._publish: Kind.PUBLISH, self._delete: Kind.DELETE}.get(act, Kind.VERIFY)

    def answer(self, call: Call) -> Answer:
        version, act, named = self._route(call)
        return act(call, *named).plus(_headers(version))

    def refusal(self, fault: str, call: Call, now: datetime) -> Answer:
        version, _, named = self._route(call)
        page = named[0].partition("_")[0] if named else "0"
        if fault == "200-error":
            return Answer(200, {}).plus(
                _headers(version)
            )  # neither an id nor an error: the library takes it for success
        if fault.startswith("error-"):
            code, _, subcode = fault.removeprefix("error-").partition("-")
            said = known(int(code), int(subcode or 0))
        else:
            said = REFUSALS[fault]
        usage = _usage(page) if said.code in THROTTLES else {}
        return said.answer().plus({**_headers(version), **usage})

    def _route(self, call: Call) -> tuple[str, Callable[..., Answer], tuple[str, ...]]:
        match = re.fullmatch(r"/(v\d+\.\d+)(/.*)", call.path)
        version, path = match.groups() if match else ("v25.0", call.path)
        for method, pattern, act in self._routes:
            found = re.fullmatch(pattern, path.rstrip("/"))
            if found and method == call.method:
                return version, act, found.groups()
        raise Problem(Said(400, 2500, f"Unknown path components: {path}").answer())

    def _token(self, call: Call) -> _Token:
        written = call.parameters.get("access_token") or call.bearer
        if not written:
            message = "An active access token must be used to query information about the current user."
            raise Problem(Said(400, 2500, message).answer())
        page = account_of("facebook", "page_token", written)
        user = account_of_user_token(written)
        if page is None and user is None:
            raise Problem(Said(400, 190, "Invalid OAuth access token - Cannot parse access token").answer())
        return _Token("page", page) if page is not None else _Token("user", user or "")

    def _page(self, call: Call, named: str, refused: Said) -> str:
        """The page that the call is about; its token must be the page's own."""
        token = self._token(call)
        if token.kind != "page" or named not in ("me", token.page):
            raise Problem(refused.answer())
        return token.page

    def _publish(self, call: Call, named: str) -> Answer:
        page = self._page(call, named, NOT_YOUR_PAGE)
        given = call.parameters
        self._look_at_names("feed", given, FEED_PARAMETERS)
        message, link = given.get("message", ""), given.get("link", "")
        photos = _attached(given)
        if not (message or link or photos):
            raise Problem(Said(400, 100, "(#100) Missing message or attachment").answer())
        if len(message) > LONGEST:
            raise Problem(Said(400, 100, "(#100) The message is too long").answer())
        if link and not _is_address(link):
            raise Problem(Said(400, 100, "(#100) link URL is not properly formatted").answer())
        for photo in photos:
            self._own_photo(photo, page)
        published = _is_yes(given, "published", default=True)
        stored = self._keep(page, message, link, [f"fb-{photo}" for photo in photos], published)
        return Answer(200, {"id": stored.id})

    def _keep(self, page: str, message: str, link: str, media: Sequence[str], published: bool) -> Stored:
        id = f"{page}_{122_100_000_000_000_000 + self._sandbox.store.next_number()}"
        extra = {"published": published}
        now = self._sandbox.clock()
        return self._sandbox.store.add("facebook", page, id, text=message, link=link, media=media, at=now, extra=extra)

    def _own_photo(self, id: str, page: str) -> Media:
        media = self._sandbox.store.media(f"fb-{id}")
        if media is None or media.account != page:
            raise Problem(
                Said(400, 100, f"(#100) Invalid parameter: attached_media {id} is not a photo of this page").answer()
            )
        return media

    def _photo(self, call: Call, named: str) -> Answer:
        page = self._page(call, named, NOT_YOUR_PAGE)
        given = call.parameters
        self._look_at_names("photos", given, PHOTO_PARAMETERS)
        data = next((file.data for file in call.files), b"")
        if given.get("url") and not data:
            self._sandbox.object_to("facebook: the sandbox fetches no pictures; send the source instead of a url")
        if not data or len(data) > LARGEST:
            raise Problem(BAD_PICTURE.answer())
        try:
            media = self._sandbox.keep_picture(
                "facebook",
                page,
                data,
                lambda number: f"fb-{122_200_000_000_000_000 + number}",
                given.get("alt_text_custom", ""),
            )
        except ValueError:
            raise Problem(BAD_PICTURE.answer()) from None
        id = media.id.removeprefix("fb-")
        if not _is_yes(given, "published", default=True):
            return Answer(200, {"id": id})
        stored = self._keep(page, given.get("message") or given.get("caption", ""), "", [media.id], True)
        return Answer(200, {"id": id, "post_id": stored.id})

    def _posts(self, call: Call, named: str) -> Answer:
        page = self._page(call, named, NEEDS_PAGE_TOKEN)
        given = call.parameters
        self._look_at_names("published_posts", given, READ_PARAMETERS)
        limit = int(given["limit"]) if given.get("limit", "").isdigit() else 25
        if limit > MOST_OF_A_PAGE:
            raise Problem(
                Said(400, 100, "(#100) Please reduce the amount of data you're asking for, then retry").answer()
            )
        shown = [one for one in self._sandbox.visible("facebook", page) if within(one, given)]
        offset = place_of(shown, given.get("after", ""))
        found = shown[offset : offset + limit]
        asked = fields(given.get("fields", "id,created_time,message"))
        body: dict[str, Any] = {"data": [self._object(one, asked, call) for one in found]}
        if found:
            body["paging"] = paging(call, found, more=offset + limit < len(shown))
        return Answer(200, body)

    def _show(self, call: Call, id: str) -> Answer:
        page = self._page(call, "me", NEEDS_PAGE_TOKEN)
        found = [one for one in self._sandbox.visible("facebook", page) if one.id == id]
        if not found:
            raise Problem(missing("get", id).answer())
        asked = fields(call.parameters.get("fields", "id,created_time,message"))
        return Answer(200, self._object(found[0], asked, call))

    def _delete(self, call: Call, id: str) -> Answer:
        page = self._page(call, "me", NOT_YOUR_PAGE)
        stored = self._sandbox.store.post("facebook", id, page)
        if stored is None or stored.deleted:
            raise Problem(missing("delete", id).answer())
        self._sandbox.store.delete(stored)
        return Answer(200, {"success": True})

    def _who(self, call: Call, named: str) -> Answer:
        token = self._token(call)
        page = token.page if named == "me" else named
        if token.kind == "user" and named == "me":
            return Answer(200, {"name": "Sandbox User", "id": f"9{token.page}"})
        everything = {
            "id": page,
            "name": f"Sandbox Page {page}",
            "category": "News & media website",
            "link": f"https://www.facebook.com/{page}",
            "username": f"sandbox{page}",
        }
        asked = [field.name for field in fields(call.parameters.get("fields", "name,id"))]
        return Answer(200, {name: value for name, value in everything.items() if name in asked or name == "id"})

    def _accounts(self, call: Call) -> Answer:
        token = self._token(call)
        page = {"id": token.page, "name": f"Sandbox Page {token.page}", "category": "News & media website"}
        tasks = ["ADVERTISE", "ANALYZE", "CREATE_CONTENT", "MESSAGING", "MODERATE", "MANAGE"]
        return Answer(200, {"data": [{**page, "tasks": tasks}] if token.kind == "user" else []})

    def _permissions(self, call: Call) -> Answer:
        self._token(call)
        return Answer(200, {"data": [{"permission": name, "status": "granted"} for name in SCOPES]})

    def _debug(self, call: Call) -> Answer:
        """What a token is; asked with the app's token, or with the token itself."""
        given = call.parameters
        asker, asked = given.get("access_token") or call.bearer, given.get("input_token", "")
        if asker != f"{FACEBOOK_APP['app_id']}|{FACEBOOK_APP['app_secret']}" and asker != asked:
            raise Problem(Said(400, 190, "Invalid OAuth access token signature.").answer())
        page, user = account_of("facebook", "page_token", asked), account_of_user_token(asked)
        if page is None and user is None:
            return Answer(
                200,
                {
                    "data": {
                        "error": {"code": 190, "message": "Invalid OAuth access token."},
                        "is_valid": False,
                        "scopes": [],
                    }
                },
            )
        issued = int(self._sandbox.clock().timestamp())
        data = {
            "app_id": FACEBOOK_APP["app_id"],
            "type": "PAGE" if page is not None else "USER",
            "application": "Sandbox",
            "data_access_expires_at": issued + 90 * 86_400,
            "expires_at": 0,
            "is_valid": True,
            "issued_at": issued,
            "scopes": list(SCOPES),
            "user_id": f"9{page or user}",
        }
        return Answer(200, {"data": {**data, "profile_id": page} if page is not None else data})

    def _object(self, stored: Stored, asked: Sequence[Field], call: Call) -> dict[str, Any]:
        origin = call.mount.removesuffix("/facebook")
        return post_object(stored, self._sandbox.store.sketches(stored), asked, origin)

    def _look_at_names(self, edge: str, given: Mapping[str, str], known: frozenset[str]) -> None:
        for name in given:
            if re.sub(r"\[\d*\]$", "", name) not in known | COMMON:
                self._sandbox.object_to(f"facebook: {edge} has no parameter {name}")


SCOPES = ("pages_show_list", "pages_read_engagement", "pages_manage_posts", "public_profile")


def _headers(version: str) -> dict[str, str]:
    return {
        "facebook-api-version": version,
        "x-app-usage": json.dumps({"call_count": 1, "total_cputime": 1, "total_time": 1}),
    }


def _usage(page: str) -> dict[str, str]:
    """The headers that come with a throttle: percents of the allowance, minutes until it is there again."""
    counts = {"call_count": 100, "total_cputime": 40, "total_time": 35}
    case = {"type": "pages", **counts, "estimated_time_to_regain_access": 30}
    return {"x-app-usage": json.dumps(counts), "x-business-use-case-usage": json.dumps({page: [case]})}


def _is_yes(given: Mapping[str, str], name: str, default: bool) -> bool:
    return given[name].lower() not in ("false", "0", "") if name in given else default


def _is_address(link: str) -> bool:
    return link.startswith(("http://", "https://")) and bool(urlsplit(link).hostname)


def _attached(given: Mapping[str, str]) -> list[str]:
    """The photo ids of attached_media, as one JSON list or as attached_media[0], attached_media[1]..."""
    written = [value for name, value in sorted(given.items()) if re.fullmatch(r"attached_media\[\d+\]", name)]
    try:
        listed = [json.loads(value) for value in written] or json.loads(given.get("attached_media", "[]"))
        return [str(one["media_fbid"]) for one in listed]
    except (ValueError, TypeError, KeyError):
        raise Problem(Said(400, 100, "(#100) param attached_media must be an array.").answer()) from None
