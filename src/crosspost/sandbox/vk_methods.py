"""The methods of pretend VK with their parameters, and the errors, by VK's own schema (5.199)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from crosspost.sandbox.call import Kind, names

COMMON = frozenset({"access_token", "v", "lang", "test_mode", "captcha_sid", "captcha_key", "success_token"})
_ALL = frozenset({"user", "community", "service"})


@dataclass(frozen=True, slots=True)
class Token:
    """Whose token a call bears."""

    kind: str  # "user", "community" or "service"
    community: str


@dataclass(frozen=True, slots=True)
class Method:
    """A method's own parameters, who may call it, and what it is about."""

    parameters: frozenset[str]
    tokens: frozenset[str]
    kind: Kind


def _method(parameters: str, tokens: frozenset[str] | set[str], kind: Kind) -> Method:
    return Method(names(parameters), frozenset(tokens), kind)


# The schema lists no community token for wall.post though it works [VK's guide "API for communities"], and it
# calls wall.get's owner_id by another name.
METHODS: Mapping[str, Method] = MappingProxyType(
    {
        "wall.post": _method(
            "owner_id friends_only from_group message attachments services signed publish_date lat long place_id"
            " post_id guid mark_as_ads link_title link_photo_id close_comments donut_paid_duration mute_notifications"
            " copyright",
            {"user", "community"},
            Kind.PUBLISH,
        ),
        "wall.get": _method("owner_id domain offset count filter extended fields", {"user", "service"}, Kind.READ),
        "wall.getById": _method("posts extended copy_history_depth fields", {"user", "service"}, Kind.READ),
        "wall.delete": _method("owner_id post_id", {"user"}, Kind.DELETE),
        "photos.getWallUploadServer": _method("group_id", {"user"}, Kind.UPLOAD),
        "photos.saveWallPhoto": _method(
            "user_id group_id photo server hash latitude longitude caption", {"user"}, Kind.UPLOAD
        ),
        "groups.getById": _method("group_ids group_id fields", _ALL, Kind.VERIFY),
        "groups.getTokenPermissions": _method("", {"community"}, Kind.VERIFY),
        "users.get": _method("user_ids fields name_case from_group_id", _ALL, Kind.VERIFY),
        "utils.getServerTime": _method("", _ALL, Kind.VERIFY),
    }
)
ERRORS: Mapping[int, str] = MappingProxyType(
    {
        1: "Unknown error occurred",
        3: "Unknown method passed",
        5: "User authorization failed",
        6: "Too many requests per second",
        8: "Invalid request",
        9: "Flood control",
        10: "Internal server error",
        14: "Captcha needed",
        15: "Access denied",
        17: "Validation required",
        27: "Group authorization failed",
        28: "Application authorization failed",
        29: "Rate limit reached",
        100: "One of the parameters specified was missing or invalid",
        214: "Access to adding post denied",
        219: "Advertisement post was recently added",
        222: "Hyperlinks are forbidden",
        224: "Too many ads posts",
    }
)
# Error 214 stands for a closed wall and for the day's limit, and only its words tell which.
DETAILS: Mapping[str, str] = MappingProxyType({"limit": "you can only add 50 posts per day"})
SAID: Mapping[str, tuple[int, str]] = MappingProxyType(
    {
        "429": (9, ""),
        "quota": (29, ""),
        "200-error": (10, ""),
        "captcha": (14, ""),
        "captcha-bare": (14, ""),
        "token-expired": (5, "access_token has expired."),
        "token-revoked": (5, "access_token was given to another ip address or revoked."),
        "unreadable": (15, "this wall available only for community members."),
    }
)
WRONG_TOKEN: Mapping[str, tuple[int, str]] = MappingProxyType(
    {
        "community": (27, "method is unavailable with group auth."),
        "service": (28, "method is unavailable with service token."),
        "user": (15, "method is available only with group token."),
    }
)
