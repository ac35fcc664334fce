"""What the resources of pretend YouTube have in common: parts, pages, tags, names of parameters."""

from __future__ import annotations

import base64
from hashlib import sha256
from typing import Any

from crosspost.sandbox.call import Call
from crosspost.sandbox.state import Sandbox
from crosspost.sandbox.youtube_errors import error

COMMON = frozenset({"alt", "key", "prettyPrint", "fields", "quotaUser", "userIp", "oauth_token"})


def look_at_names(sandbox: Sandbox, method: str, call: Call, known: frozenset[str]) -> None:
    for name, _ in call.query:
        if name not in known | COMMON:
            sandbox.object_to(f"youtube: {method} has no parameter {name}")


def parts_of(call: Call) -> frozenset[str]:
    written = call.parameters.get("part", "")
    if not written:
        raise error(400, "missingRequiredParameter", "No part selected.")
    return frozenset(written.split(","))


def object_of(call: Call) -> dict[str, Any]:
    try:
        given = call.json()
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise error(400, "parseError", "The body is not a JSON object.")
    return given


def etag(*of: object) -> str:
    return base64.urlsafe_b64encode(sha256(repr(of).encode()).digest()).decode()[:27]


def page_token(offset: int) -> str:
    return base64.urlsafe_b64encode(f"page-{offset}".encode()).decode()


def offset_of(token: str) -> int:
    if not token:
        return 0
    try:
        return int(base64.urlsafe_b64decode(token).decode().removeprefix("page-"))
    except ValueError:
        raise error(400, "invalidPageToken", "The request specifies an invalid page token.") from None


def channel_object(id: str, parts: frozenset[str]) -> dict[str, Any]:
    everything = {
        "snippet": {"title": "Sandbox Channel", "description": "", "customUrl": "@sandbox", "thumbnails": {}},
        "contentDetails": {"relatedPlaylists": {"likes": "", "uploads": f"UU{id[2:]}"}},
        "statistics": {"viewCount": "0", "subscriberCount": "0", "videoCount": "0"},
        "status": {"privacyStatus": "public", "isLinked": True, "longUploadsStatus": "longUploadsUnspecified"},
    }
    wanted = {name: value for name, value in everything.items() if name in parts}
    return {"kind": "youtube#channel", "etag": etag(id), "id": id, **wanted}
