"""The secrets that the sandbox accepts. They follow from the account alone, so a config written once keeps working."""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import sha256
from types import MappingProxyType

X_APP = MappingProxyType({"api_key": "SandboxApiKey000000000000", "api_secret": "sandbox-api-secret"})
FACEBOOK_APP = MappingProxyType({"app_id": "100000000000001", "app_secret": "sandbox-app-secret"})
YOUTUBE_APP = MappingProxyType(
    {"client_id": "sandbox.apps.googleusercontent.com", "client_secret": "sandbox-client-secret"}
)
# The account stands in every token, followed by a mark that nobody would type.
_TOKENS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "x": {"access_token": "{account}-sandbox{mark}", "access_token_secret": "sandbox-{account}-{mark}"},
        "vk": {
            "community_token": "vk1.a.sandbox-community-{account}-{mark}",
            "user_token": "vk1.a.sandbox-user-{account}-{mark}",
            "service_token": "sandbox-service-{account}-{mark}",
        },
        "facebook": {"page_token": "EAAsandboxpage{account}Z{mark}"},
        "youtube": {"refresh_token": "1//sandbox-{account}-{mark}"},
    }
)
_APPS = {"x": X_APP, "vk": {}, "facebook": FACEBOOK_APP, "youtube": YOUTUBE_APP}
_OF_A_PERSON = "EAAsandboxuser{account}Z{mark}"


def secrets(platform: str, account: str) -> dict[str, str]:
    """What a channel of `account` needs, by the names that config/secrets.toml uses."""
    tokens = {name: _filled(shape, account) for name, shape in _TOKENS[platform].items()}
    return {**_APPS[platform], **tokens}


def user_token(account: str) -> str:
    """Facebook's user token of the person who runs the page: the wrong kind for posting."""
    return _filled(_OF_A_PERSON, account)


def account_of(platform: str, name: str, token: str) -> str | None:
    """Whose token it is: `name` says which kind it must be. None for a token that is not exactly right."""
    return _account_in(_TOKENS[platform][name], token)


def account_of_user_token(token: str) -> str | None:
    return _account_in(_OF_A_PERSON, token)


def _account_in(shape: str, token: str) -> str | None:
    pattern = (
        re.escape(shape).replace(r"\{account\}", r"(?P<account>[A-Za-z0-9_-]+)").replace(r"\{mark\}", r"[0-9a-f]{12}")
    )
    match = re.fullmatch(pattern, token)
    if match is None or _filled(shape, match["account"]) != token:
        return None
    return match["account"]


def _filled(shape: str, account: str) -> str:
    mark = sha256(f"{shape} of {account}".encode()).hexdigest()[:12]
    return shape.format(account=account, mark=mark)
