"""What Facebook's errors mean: the table of the Graph API's codes, and the pause that a throttle asks for.

Sources: Graph API v25.0, "Handling Errors" and "Rate Limits"; codes 368, 506 and 1609005 as their users report them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from crosspost.errors import Blocked, Duplicate, PlatformError, Refused, Throttled, Unsure

NO_ANSWER = "Facebook answered with something that is not a Graph API answer"

_DEAD_TOKEN: Mapping[str, str] = MappingProxyType(
    {
        "458": "the app was removed from the account that made it",
        "459": "the account that made it must first pass a check on facebook.com",
        "460": "the password of the account that made it was changed",
        "463": "it has expired",
        "464": "the account that made it is not confirmed",
        "467": "it was revoked, or the account that made it logged out",
        "492": "the account that made it has no role on the page any more",
    }
)

# What Facebook decides about the caller, before it looks at the post: nothing was published, whatever the status.
_BLOCKED: Mapping[int, str] = MappingProxyType(
    {
        3: "the app lacks a capability that posting needs; see the app's dashboard",
        104: "the app wants every call signed; turn off 'Require app secret' in its settings",
        803: "the page does not exist under the configured `page`; take the number from the page's About",
        2500: "the page token or api_version is malformed; compare both with the app's dashboard",
    }
)
_TOKEN = frozenset({102, 190})
_PERMISSION = frozenset({10, *range(200, 300)})
_NO_PERMISSION = "the page token lacks a permission; make one with pages_manage_posts and pages_read_engagement"
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


class NotAllowed(Blocked):
    """The token is good, but this is not among its rights."""


class NotThere(Blocked):
    """The page or post that was asked for does not exist, or not for this token."""


def outcome(code: object, subcode: object, message: str, status: int, wait: float | None = None) -> PlatformError:
    """What Facebook's error `code` means, answered with HTTP `status`; `wait` is the pause it asks for, in seconds.

    A refusal of the caller is certain whatever the status. A refusal of the post is certain only below 500: a
    server that failed half-way may have published. Codes this table does not know are in doubt, as are 1 and 2.
    """
    if not isinstance(code, int):
        return Unsure(f"{NO_ANSWER} (HTTP {status})")
    said = f": {message} (code {code})" if message else f" (code {code})"
    if code in _TOKEN:
        why = _DEAD_TOKEN.get(str(subcode), "it is invalid, expired or revoked")
        return Blocked(f"Facebook does not accept the page token: {why}; put a new one into the secrets as page_token")
    if code == 100 and subcode == 33:
        return NotThere(f"the page or post does not exist, or not for this token{said}")
    if code in _BLOCKED:
        return Blocked(f"{_BLOCKED[code]}{said}")
    if code in _PERMISSION:
        return NotAllowed(f"{_NO_PERMISSION}{said}")
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
