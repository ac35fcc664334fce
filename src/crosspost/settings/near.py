"""Guessing what was meant."""

from __future__ import annotations

from collections.abc import Iterable


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """A question that names the nearest of `known`, or "" when none is near.

    It never repeats `word` itself.
    """
    from difflib import get_close_matches  # only wanted when something is wrong

    if not isinstance(word, str) or len(word) > 60:
        return ""
    by_small = {name.lower(): name for name in known}
    near = get_close_matches(word.lower(), by_small, n=1, cutoff=0.6)
    return f'Did you mean "{by_small[near[0]]}"?' if near else ""
