"""What YouTube's errors mean: reasons of the Data API, answers of Google's sign-in, the end of the quota's day.

Sources: YouTube Data API, "Errors" and "Quota"; Google Identity, "Using OAuth 2.0", for the 7 days that a refresh
token lives while the app's consent screen is in testing; RFC 6749, 5.2.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from crosspost.discreet import discreet
from crosspost.errors import Blocked, PlatformError, Refused, Throttled, Unreachable, Unsure
from crosspost.platforms.line import throttled

SCOPE = "https://www.googleapis.com/auth/youtube"
NO_ANSWER = "YouTube answered with something that is not an answer of its API"
NO_PILOT = 'this Google Cloud project is not in YouTube\'s pilot for posts: apply for it, or set mode = "assisted"'
_SIGN_IN = "sign in to Google again and put the new refresh_token into the secrets"
_NARROW = f"the sign-in does not cover {SCOPE}; {_SIGN_IN}"
_DISABLED = "YouTube Data API v3 is not enabled in this Google Cloud project; enable it there"
OWNER = "sign in as the channel's owner"

_DAILY: Mapping[str, str] = MappingProxyType(
    {
        "quotaExceeded": "the project's daily quota is used up",
        "dailyLimitExceeded": "the project's daily quota is used up",
        # YouTube does not say how long; each try costs the project one of its uploads.
        "uploadLimitExceeded": "the channel has uploaded as many videos as YouTube lets it, so it rests",
    }
)
_PAUSE = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"})
_BLOCKED: Mapping[str, str] = MappingProxyType(
    {
        "accessNotConfigured": _DISABLED,
        "SERVICE_DISABLED": _DISABLED,
        "insufficientPermissions": _NARROW,
        "ACCESS_TOKEN_SCOPE_INSUFFICIENT": _NARROW,
        "accountDelegationForbidden": f"the Google account may not act for this channel; {OWNER}",
        "authenticatedUserAccountClosed": f"the Google account is closed; {OWNER}",
        "authenticatedUserAccountSuspended": "the Google account is suspended; see YouTube Studio",
        "authenticatedUserNotChannel": f"the Google account has no channel; {OWNER}",
        "youtubeSignupRequired": f"the Google account has no channel; {OWNER}",
        "channelClosed": "the channel is closed; see YouTube Studio",
        "channelNotFound": "there is no such channel; compare `channel` with the id in YouTube's advanced settings",
        "channelSuspended": "the channel is suspended; see YouTube Studio",
        "invalidCategoryId": "YouTube puts no video into this category; choose another `category` in the config",
        "forbiddenPrivacySetting": "YouTube does not take this `privacy`; choose another one in the config",
    }
)
_QUOTA_ZONE = ZoneInfo("America/Los_Angeles")
_SIGN_IN_ERRORS: Mapping[object, str] = MappingProxyType(
    {
        "invalid_grant": f"Google does not accept the refresh token; {_SIGN_IN} (an app in testing has it for 7 days)",
        "invalid_client": "Google does not know this client; compare client_id and client_secret with the console",
        "deleted_client": f"the OAuth client was deleted in the console; make a new one, then {_SIGN_IN}",
        "unauthorized_client": f"the refresh token belongs to another client_id; {_SIGN_IN}",
        "invalid_scope": _NARROW,
    }
)


class NotAllowed(Blocked):
    """The sign-in is good, but the account or the project may not do this."""


class NotThere(Blocked):
    """Answered 404: the post, or for this project the whole resource."""


class NoPlaylist(NotThere):
    """There is no such playlist: how YouTube speaks of a channel's uploads before the first one."""


def outcome(
    status: int,
    told: Mapping[str, Any],
    headers: Mapping[str, str],
    *,
    missing: str = NO_PILOT,
    fresh: bool = False,
    secrets: Iterable[str] = (),
) -> PlatformError:
    """What an answer other than a good one means, `told` being its JSON. `missing` says what it means that something
    is not there.

    `fresh`: the access token was fetched for this very request, so that a 401 will not mend itself. A 5xx says
    nothing about what was done before it.
    """
    reasons, said = _reasons(told), _said(told, status, secrets)
    if status >= 500:
        return Unsure(f"YouTube answered that something went wrong{said}")
    if daily := reasons & _DAILY.keys():
        until = quota_end(headers.get("Date"))
        return Throttled(f"{_DAILY[min(daily)]} until midnight in California{said}", until=until)
    if reasons & _PAUSE or status == 429:
        return throttled(f"YouTube wants a pause{said}", headers)
    for reason, sentence in _BLOCKED.items():
        if reason in reasons:
            return Blocked(f"{sentence}{said}")
    if "playlistNotFound" in reasons:
        return NoPlaylist(f"{missing}{said}")
    if "forbidden" in reasons:
        return NotAllowed(f"the Google account may not post on this channel; {OWNER}{said}")
    return _by_status(status, said, missing, fresh)


def _by_status(status: int, said: str, missing: str, fresh: bool) -> PlatformError:
    if status == 401 and not fresh:
        return Unreachable(f"YouTube did not accept the access token; the next try fetches a new one{said}")
    if status == 401:
        return Blocked(f"YouTube does not accept a new access token; {_SIGN_IN}{said}")
    if status == 403:
        return NotAllowed(f"YouTube does not allow this; {OWNER}, and see that the project may do it{said}")
    if status in (404, 410):
        return NotThere(f"{missing}{said}")
    if status in (400, 413, 422):
        return Refused(f"YouTube does not take the post as it is{said}")
    return Unsure(f"{NO_ANSWER}{said}")


def sign_in_outcome(told: object) -> PlatformError:
    """What an answer of the token endpoint means that brought no token; nothing was posted with it."""
    error = told.get("error") if isinstance(told, dict) else None
    if isinstance(error, str) and error in _SIGN_IN_ERRORS:
        return Blocked(_SIGN_IN_ERRORS[error])
    return Unreachable("no access token: Google's sign-in answered with something that is not a token")


def quota_end(date: str | None) -> datetime | None:
    """The midnight in Los Angeles that follows the HTTP date of an answer: the server's clock, not ours."""
    try:
        now = parsedate_to_datetime(date or "")
    except ValueError:
        return None
    local = (now if now.tzinfo else now.replace(tzinfo=UTC)).astimezone(_QUOTA_ZONE)
    return datetime.combine(local.date() + timedelta(days=1), time(), _QUOTA_ZONE)


def _reasons(told: Mapping[str, Any]) -> frozenset[str]:
    """The reasons of an error, from its `errors` and from its newer `details`, either of which may be a bare string."""
    error = told.get("error")
    lists = (error.get("errors"), error.get("details")) if isinstance(error, dict) else ()
    entries = [entry for each in lists if isinstance(each, list) for entry in each if isinstance(entry, dict)]
    return frozenset(str(entry["reason"]) for entry in entries if "reason" in entry)


def _said(told: Mapping[str, Any], status: int, secrets: Iterable[str]) -> str:
    error = told.get("error")
    message = discreet((error.get("message") if isinstance(error, dict) else error) or "", secrets)
    return f": {message} (HTTP {status})" if message else f" (HTTP {status})"
