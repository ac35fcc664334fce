"""Other people's words in ours: none of our secrets in them."""

from __future__ import annotations

from collections.abc import Iterable


def discreet(text: object, secrets: Iterable[str]) -> str:
    """Somebody's own words for one of our sentences: one line, at most 300 characters, none of `secrets`."""
    line = " ".join(str(text).split())
    for secret in secrets:
        if secret:
            line = line.replace(secret, "***")
    return line if len(line) <= 300 else line[:299] + "…"


def cause(error: Exception, secrets: Iterable[str]) -> Exception | None:
    """The error to chain, or none when its own text has a secret in it: tracebacks are shown to people too."""
    return None if any(secret and secret in str(error) for secret in secrets) else error
