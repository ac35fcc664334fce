"""The errors of pretend YouTube, in the shape of Google's."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from crosspost.sandbox.call import Answer, Problem


def error(status: int, reason: str, message: str) -> Problem:
    detail = {"message": message, "domain": "youtube" if status != 401 else "global", "reason": reason}
    body = {"error": {"code": status, "message": message, "errors": [detail], "status": NAMES.get(status, "UNKNOWN")}}
    return Problem(Answer(status, body, media_type="application/json; charset=UTF-8"))


NAMES: Mapping[int, str] = MappingProxyType(
    {
        400: "INVALID_ARGUMENT",
        401: "UNAUTHENTICATED",
        403: "PERMISSION_DENIED",
        404: "NOT_FOUND",
        429: "RESOURCE_EXHAUSTED",
        500: "INTERNAL",
        503: "UNAVAILABLE",
    }
)
STATUS_OF: Mapping[str, int] = MappingProxyType(
    {
        "authError": 401,
        "badRequest": 400,
        "invalidValue": 400,
        "uploadLimitExceeded": 400,
        "postNotFound": 404,
        "notFound": 404,
        "backendError": 500,
    }
)
INVALID_GRANT = Answer(400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."})
UNAUTHENTICATED = error(
    401,
    "authError",
    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid"
    " authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.",
).answer
QUOTA = (
    "The request cannot be completed because you have exceeded your"
    ' <a href="/youtube/v3/getting-started#quota">quota</a>.'
)
REFUSALS: Mapping[str, Answer] = MappingProxyType(
    {
        "500": error(500, "backendError", "Internal error encountered.").answer,
        "429": error(403, "rateLimitExceeded", "The request rate is too high.").answer,
        "quota": error(403, "quotaExceeded", QUOTA).answer,
        "200-error": Answer(200, error(500, "backendError", "Internal error encountered.").answer.body),
        "session-gone": error(404, "notFound", "There is no such upload.").answer,
        "captcha": error(
            403, "authenticatedUserAccountSuspended", "The YouTube account of the authenticated user is suspended."
        ).answer,
        "token-expired": UNAUTHENTICATED,
        "token-revoked": UNAUTHENTICATED,
        "unreadable": error(
            403, "forbidden", "The request is not properly authorized to read this channel's posts."
        ).answer,
    }
)
