"""Which posts a person means: by a post's number, or by an article's address in any of its forms."""

from __future__ import annotations

from crosspost.errors import CrosspostError
from crosspost.ledger import Ledger, views
from crosspost.ledger.rows import Entry


def find(ledger: Ledger, wanted: str) -> list[Entry]:
    """The posts meant by `wanted`; none when the ledger knows no such thing."""
    if is_number(wanted):
        return views.of_number(ledger, int(wanted))
    return views.of_article(ledger, wanted)


def is_number(wanted: str) -> bool:
    """Whether a post's number is meant."""
    return wanted.isascii() and wanted.isdigit()


def pick(ledger: Ledger, wanted: str, channel: str | None) -> list[Entry]:
    """The posts meant by `wanted`, on one channel if given. Raises `CrosspostError` when there is none."""
    found = find(ledger, wanted)
    if not found:
        near = views.nearest(ledger, wanted)
        hint = f"did you mean {near[0].link} ?" if near else "crosspost queue and crosspost history list what there is."
        raise CrosspostError(f"The ledger knows no post {wanted}; {hint}")
    chosen = [entry for entry in found if channel in (None, entry.channel)]
    if not chosen:
        there = ", ".join(entry.channel for entry in found)
        raise CrosspostError(f"{wanted} has no post on channel {channel}; it has one on {there}.")
    return chosen
