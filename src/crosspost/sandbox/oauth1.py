"""Who signed a request: OAuth 1.0a with HMAC-SHA1, as X checks it (RFC 5849)."""

from __future__ import annotations

import time
from datetime import datetime

from oauthlib.common import Request
from oauthlib.oauth1.rfc5849 import signature

from crosspost.sandbox.call import Call
from crosspost.sandbox.secrets import X_APP, account_of, secrets

_OLDEST = 600.0  # seconds that a time stamp may be off


def signer(call: Call, now: datetime) -> str | None:
    """The account whose keys signed `call` over the address as received; None when the signature is not right."""
    given = dict(signature.collect_parameters(headers=dict(call.headers), exclude_oauth_signature=False))
    account = account_of("x", "access_token", given.get("oauth_token", ""))
    fresh = _is_fresh(given.get("oauth_timestamp", ""), now)
    named = given.get("oauth_consumer_key") == X_APP["api_key"] and given.get("oauth_nonce")
    if account is None or not fresh or not named or given.get("oauth_signature_method") != "HMAC-SHA1":
        return None
    request = Request(call.url, http_method=call.method)
    request.signature = given.get("oauth_signature", "")
    request.params = signature.collect_parameters(
        uri_query=call.url.partition("?")[2],
        body=_signed_body(call),
        headers=dict(call.headers),
        exclude_oauth_signature=True,
    )
    token_secret = secrets("x", account)["access_token_secret"]
    return account if signature.verify_hmac_sha1(request, X_APP["api_secret"], token_secret) else None


def _is_fresh(timestamp: str, now: datetime) -> bool:
    """Clients sign by the machine's time, also where the sandbox's clock is a test's own: either will do."""
    if not timestamp.isdigit():
        return False
    return min(abs(int(timestamp) - now.timestamp()), abs(int(timestamp) - time.time())) <= _OLDEST


def _signed_body(call: Call) -> str:
    is_form = call.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
    return call.body.decode() if is_form else ""
