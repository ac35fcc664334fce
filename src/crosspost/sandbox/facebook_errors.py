"""The errors of pretend Facebook, in the words of the Graph API."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from crosspost.sandbox.call import Answer

THROTTLES = frozenset({4, 17, 32, 613, 80001})


@dataclass(frozen=True, slots=True)
class Said:
    """An error as the Graph API words it."""

    status: int
    code: int
    message: str
    subcode: int = 0
    type: str = "OAuthException"

    def answer(self) -> Answer:
        trace = "A" + base64.urlsafe_b64encode(sha256(self.message.encode()).digest()).decode()[:22]
        error: dict[str, Any] = {"message": self.message, "type": self.type, "code": self.code}
        if self.subcode:
            error["error_subcode"] = self.subcode
        return Answer(self.status, {"error": {**error, "fbtrace_id": trace}})


NOT_YOUR_PAGE = Said(
    403,
    200,
    "(#200) If posting to a group, requires app being installed in the group, and \\\n"
    "          either publish_to_groups permission with user token, or both pages_read_engagement \\\n"
    "          and pages_manage_posts permission with page token; If posting to a page, \\\n"
    "          requires both pages_read_engagement and pages_manage_posts as an admin with \\\n"
    "          sufficient administrative permission",
)
NEEDS_PAGE_TOKEN = Said(400, 210, "(#210) A page access token is required to request this resource.")
BAD_PICTURE = Said(400, 324, "(#324) Missing or invalid image file", 2069019)
REFUSALS: Mapping[str, Said] = MappingProxyType(
    {
        "500": Said(500, 1, "An unknown error occurred"),
        "429": Said(400, 32, "(#32) Page request limit reached"),
        "quota": Said(403, 4, "(#4) Application request limit reached"),
        "duplicate": Said(400, 506, "(#506) Duplicate status message"),
        "captcha": Said(
            400,
            190,
            "Error validating access token: You cannot access the app till you log in to www.facebook.com"
            " and follow the instructions given.",
            459,
        ),
        "token-expired": Said(400, 190, "Error validating access token: Session has expired.", 463),
        "token-revoked": Said(
            400,
            190,
            "Error validating access token: The session has been invalidated because the user changed their"
            " password or Facebook has changed the session for security reasons.",
            460,
        ),
        "unreadable": Said(
            403,
            10,
            "(#10) This endpoint requires the 'pages_read_engagement' permission or the 'Page Public Content"
            " Access' feature.",
        ),
    }
)
MESSAGES: Mapping[int, str] = MappingProxyType(
    {
        1: "An unknown error occurred",
        2: "Service temporarily unavailable",
        4: "(#4) Application request limit reached",
        10: "(#10) Application does not have permission for this action",
        17: "(#17) User request limit reached",
        32: "(#32) Page request limit reached",
        100: "(#100) Invalid parameter",
        190: "Error validating access token",
        200: "(#200) Permissions error",
        368: "(#368) The action attempted has been deemed abusive or is otherwise disallowed",
        506: "(#506) Duplicate status message",
        613: "(#613) Calls to this api have exceeded the rate limit.",
        80001: "(#80001) There have been too many calls to this Page account. Wait a bit and try again.",
    }
)


def known(code: int, subcode: int) -> Said:
    status = 500 if code in (1, 2) else 403 if code in (4, 10, 200) else 400
    return Said(status, code, MESSAGES.get(code, f"(#{code}) Programmed in the sandbox"), subcode)


def missing(verb: str, id: str) -> Said:
    message = (
        f"Unsupported {verb} request. Object with ID '{id}' does not exist, cannot be loaded due to missing"
        " permissions, or does not support this operation. Please read the Graph API documentation at"
        " https://developers.facebook.com/docs/graph-api"
    )
    return Said(400, 100, message, 33, "GraphMethodException")
