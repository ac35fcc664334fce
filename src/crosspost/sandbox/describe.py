"""How to point a config at a running sandbox."""

from __future__ import annotations

from crosspost.sandbox.secrets import secrets

# A channel's name, its platform and account, and what the config says of it.
_CHANNELS = (
    ("x_en", "x", "1001", ()),
    ("vk_ru", "vk", "777", ("community = 777",)),
    ("facebook", "facebook", "1010", ('page = "1010"',)),
    ("youtube", "youtube", "UC0000000000000000000000", ('mode = "api"', 'channel = "UC0000000000000000000000"')),
)


def describe(address: str) -> str:
    """The lines for config/crosspost.toml and config/secrets.toml that use the sandbox at `address`."""
    config = "\n\n".join(
        _table(name, [f'platform = "{platform}"', *lines, f'endpoint = "{address}/{platform}"'])
        for name, platform, _, lines in _CHANNELS
    )
    hidden = "\n\n".join(
        _table(name, [f'{secret} = "{value}"' for secret, value in secrets(platform, account).items()])
        for name, platform, account, _ in _CHANNELS
    )
    return f"# config/crosspost.toml\n{config}\n\n# config/secrets.toml (chmod 600)\n{hidden}\n"


def _table(name: str, lines: list[str]) -> str:
    return "\n".join([f"[channels.{name}]", *lines])
