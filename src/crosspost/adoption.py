"""The verb of taking over: what is out on a channel already is recorded as such, so that it is never sent again.

What the channel shows is `sent`, with its receipt. What another tool remembers has no receipt of the platform, so it is
skipped, for that reason. All else stays as the feed's reading left it. Nothing is sent.

See docs/decisions/0014-what-another-tool-has-sent-is-skipped.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from crosspost.first_look import FirstLook, Look
from crosspost.ledger import Ledger
from crosspost.ledger.rows import Entry
from crosspost.post import State
from crosspost.predecessors import Memory


@dataclass(frozen=True, slots=True)
class Adopted:
    """What became of the posts that a channel may have shown: those it was `found` to show, those that were sent
    `elsewhere`, by another tool, and those that are `left`. `look` is None when there was nobody to ask the platform.
    """

    channel: str
    look: Look | None
    found: tuple[Entry, ...]
    elsewhere: tuple[Entry, ...]
    left: tuple[Entry, ...]


def adopt(channel: str, ledger: Ledger, first_look: FirstLook | None, memories: Iterable[Memory], by: str) -> Adopted:
    """Take over what is out on the channel. `by`: the person who wants it."""
    look = None if first_look is None else first_look.again(by)
    unsent = ledger.unsent(channel, ledger.read_feeds(channel))
    remembered = {entry.id: memory.tool for memory in memories for entry in unsent if memory.holds(entry.article)}
    elsewhere = {entry.id for entry in unsent if _sent_by(remembered.get(entry.id), entry, ledger, by)}
    return Adopted(
        channel,
        look,
        found=_now(ledger, look.found if look else ()),
        elsewhere=_now(ledger, elsewhere),
        left=tuple(entry for entry in unsent if entry.id not in elsewhere),
    )


def _sent_by(tool: str | None, entry: Entry, ledger: Ledger, by: str) -> bool:
    """Record that the tool, if there is one, has sent the post's article. What was skipped by a person, by the
    channel's filters or in vain keeps its reason."""
    if tool is None:
        return False
    why = f"{tool} has sent it already"
    if entry.reason == why:
        return True
    baseline = entry.reason.startswith("baseline")
    return (entry.state is not State.SKIPPED or baseline) and ledger.skipped(entry, why, by=by)


def _now(ledger: Ledger, numbers: Iterable[int]) -> tuple[Entry, ...]:
    return tuple(ledger.entry(number) for number in sorted(numbers))
