"""The errors of pretend X, in the words of X."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from crosspost.sandbox.call import Answer, Problem

PROBLEMS = "https://api.twitter.com/2/problems"


def plain(status: int, title: str, detail: str, type: str = "about:blank") -> Answer:
    body = {"title": title, "detail": detail, "type": type, "status": status}
    return Answer(
        status, body, media_type="application/problem+json" if status != 429 else "application/json; charset=utf-8"
    )


DUPLICATE = plain(403, "Forbidden", "You are not allowed to create a Tweet with duplicate content.")
UNSUPPORTED_AUTHENTICATION = plain(
    403,
    "Unsupported Authentication",
    "Authenticating with OAuth 2.0 Application-Only is forbidden for this endpoint.  Supported authentication types"
    " are [OAuth 1.0a User Context, OAuth 2.0 User Context].",
    f"{PROBLEMS}/unsupported-authentication",
)
REFUSALS: Mapping[str, Answer] = MappingProxyType(
    {
        "500": plain(500, "Internal Server Error", "Something is broken. This is usually a temporary error."),
        "200-error": Answer(
            200,
            {
                "errors": [
                    {
                        "title": "Internal Error",
                        "detail": "Something is broken.",
                        "type": "https://api.x.com/2/problems/internal-error",
                    }
                ]
            },
        ),
        "quota": plain(
            402,
            "CreditsDepleted",
            "Your enrolled account does not have any credits to fulfill this request.",
            f"{PROBLEMS}/credits",
        ),
        "token-expired": Answer(401, {"errors": [{"code": 89, "message": "Invalid or expired token."}]}),
        "token-revoked": plain(401, "Unauthorized", "Unauthorized"),
        "captcha": Answer(
            403,
            {
                "errors": [
                    {
                        "code": 326,
                        "message": "To protect our users from spam and other malicious activity, this account is"
                        " temporarily locked. Please log in to https://twitter.com to unlock your account.",
                    }
                ]
            },
        ),
        "duplicate": DUPLICATE,
        "unreadable": plain(
            403,
            "Client Forbidden",
            "When authenticating requests to the X API v2 endpoints, you must use keys and tokens from an App with the"
            " appropriate access level.",
            f"{PROBLEMS}/client-forbidden",
        ),
    }
)


def invalid(parameter: str, value: object, message: str) -> Problem:
    body = {
        "errors": [{"parameters": {parameter: [str(value)]}, "message": message}],
        "title": "Invalid Request",
        "detail": "One or more parameters to your request was invalid.",
        "type": f"{PROBLEMS}/invalid-request",
    }
    return Problem(Answer(400, body))


def not_found(resource: str, id: str) -> dict[str, str]:
    return {
        "value": id,
        "detail": f"Could not find {resource} with id: [{id}].",
        "title": "Not Found Error",
        "resource_type": resource,
        "parameter": "id",
        "resource_id": id,
        "type": f"{PROBLEMS}/resource-not-found",
    }
