"""The table of VKontakte's errors: what each of its codes means for a post.

Source: errors.json of the VK API schema 5.199. 1051, the answer to tokens of VK ID, stands in no document; its users
report it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

import requests
import vk_api

from crosspost.discreet import discreet
from crosspost.errors import Blocked, PlatformError, Refused, Throttled, Unreachable, Unsure
from crosspost.platforms.line import throttled


class NoRight(Blocked):
    """The token works, but may not do this."""


_MAKE_ANEW = "make a new one and put it into the channel's secrets"
_MEANINGS: Mapping[int, tuple[type[PlatformError], str]] = MappingProxyType(
    {
        2: (Blocked, "the app is switched off, switch it on in its settings"),
        5: (Blocked, _MAKE_ANEW),
        6: (Throttled, "too many calls in a second"),
        7: (NoRight, "make a token with the rights wall, photos and groups, as an administrator"),
        9: (Throttled, "too much of the same"),
        14: (Blocked, "VK wants a person to solve a captcha, so post something by hand as that user"),
        15: (NoRight, "see that the token's owner may do this in the community"),
        16: (Blocked, "VK wants https"),
        17: (Blocked, "VK wants to see the token's owner, so sign in to vk.com as that user"),
        18: (Blocked, "the token's owner is deleted or banned"),
        19: (Refused, "VK blocks what the post holds"),
        20: (NoRight, "the token must come from a standalone app"),
        21: (NoRight, "the token must come from a standalone app"),
        22: (Unreachable, "the upload did not succeed"),
        23: (Blocked, "VK switched this method off"),
        24: (Blocked, "VK wants a person's confirmation, so post something by hand as that user"),
        25: (Blocked, "VK wants a person's confirmation of the token"),
        27: (NoRight, "a community's token cannot do this, a user_token can"),
        28: (NoRight, "an app's token cannot do this"),
        29: (Throttled, "the day's calls are used up"),
        30: (NoRight, "the profile is private"),
        37: (Blocked, "the token's owner is banned"),
        38: (Blocked, "the token's app is gone"),
        40: (Blocked, "there is no such community, see the channel's `community`"),
        41: (Blocked, "the token's owner must complete the sign-up"),
        42: (Blocked, "the app does not allow this machine's address, see its settings"),
        43: (Unreachable, "this part of VK is away for now"),
        100: (Refused, "VK does not take the post as it is, so mend it and retry"),
        104: (Refused, "what it refers to is not there"),
        105: (Unreachable, "VK could not save the file"),
        113: (Refused, "VK does not take the post as it is, so mend it and retry"),
        114: (Refused, "the album is not there"),
        118: (Refused, "VK lost the uploaded picture, so retry"),
        121: (Refused, "VK lost the uploaded picture, so retry"),
        122: (Refused, "VK does not take the pictures"),
        125: (Blocked, "there is no such community, see the channel's `community`"),
        129: (Refused, "VK does not take the picture"),
        203: (NoRight, "make the token's owner an editor of the community"),
        210: (NoRight, "make the token's owner an editor of the community"),
        219: (Refused, "VK takes it for an advertisement, and one was posted a short time ago"),
        220: (Refused, "VK counts too many recipients"),
        222: (Refused, "VK forbids this link, so see whether the site is on its list of dangerous ones"),
        224: (Refused, "VK takes it for an advertisement, and there were too many"),
        225: (Refused, "VK Donut is switched off"),
        601: (Throttled, "too much for one day"),
        703: (Blocked, "the token's owner must switch on two-step sign-in"),
        1051: (NoRight, "a token of VK ID cannot do this, make one by a standalone app"),
        1117: (Blocked, _MAKE_ANEW),
        3300: (Blocked, "VK wants a person to solve a captcha, so post something by hand as that user"),
        3301: (Blocked, "VK wants the token's owner to confirm the phone number"),
        3302: (Blocked, "VK wants the token's owner to confirm the password"),
        3609: (Blocked, _MAKE_ANEW),
        3610: (Blocked, "the token's owner is deactivated"),
    }
)
# 1 "unknown", 10 "internal", 13 "runtime" and 36 "timeout" are not there on purpose: they promise nothing.
_PROMISES_NOTHING = (Unsure, "this does not tell whether the post is there")


def outcome(error: vk_api.ApiError, token: str, secrets: Iterable[str]) -> PlatformError:
    told = discreet(error.error.get("error_msg", "no reason given"), secrets).rstrip(".")
    kind, advice = _denied(told) if error.code == 214 else _MEANINGS.get(error.code, _PROMISES_NOTHING)
    message = f"VK answers the {token} with error {error.code} ({told}): {advice}"
    return Throttled(message, wait=1.0) if error.code == 6 else kind(message)


def _denied(told: str) -> tuple[type[PlatformError], str]:
    """Error 214 has three meanings by its document: the day's limit, a time that is taken, a wall that is closed."""
    if re.search(r"\b(?:day|limit|too many|later)\b", told, re.IGNORECASE):
        return Throttled, "the community has posted as much as VK allows for now"
    return Blocked, "VK lets nobody post there with this token, see the community's wall and the owner's role"


def http_outcome(response: requests.Response) -> PlatformError:
    """VK tells its own errors with status 200; other ones come from the servers before it."""
    if response.status_code == 429:
        return throttled("VK answered 429, too many calls", response.headers)
    if response.status_code in (413, 414):
        return Refused(f"VK answered {response.status_code}: the post is too large, shorten it and retry")
    return Unsure(f"VK answered {response.status_code}, which does not tell whether the post is there")


def gone(error: vk_api.ApiError) -> bool:
    """Whether there is nothing to delete any more: VK has a code for it, but mostly uses that of a closed wall."""
    told = str(error.error.get("error_msg", "")).lower()
    return error.code == 104 or (error.code in (15, 100, 210) and ("deleted" in told or "not found" in told))
