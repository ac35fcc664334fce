"""The addresses that a text spells out, for platforms that do not list them apart."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_STOPS = ".,;:!?…'»”"
_OPENING = {")": "(", "]": "["}


def addresses(text: str) -> tuple[str, ...]:
    """The http addresses in `text`, in order.

    One that ends like a sentence comes twice, as it stands and without the punctuation: only its author knows
    whose the full stop is, and who looks for an address must find it.
    """
    found = [form for match in _ADDRESS.findall(text) for form in (match, _trimmed(match))]
    return tuple(dict.fromkeys(found))


def _trimmed(address: str) -> str:
    while address[-1] in _STOPS or _closes_sentence(address):
        address = address[:-1]
    return address


def _closes_sentence(address: str) -> bool:
    """A bracket that ends `address` and was not opened inside it."""
    opening = _OPENING.get(address[-1])
    return opening is not None and address.count(address[-1]) > address.count(opening)
