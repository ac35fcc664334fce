"""What must be true in the end, counted on the platforms' side, and what the ledger says of how it came about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from crosspost.ledger import Ledger, views
from crosspost.ledger.rows import Entry
from crosspost.post import TRANSITIONS, State
from crosspost.timing.pace import Pace, next_time
from tests.simulation.person import number
from tests.simulation.platform import SimulatedPlatform
from tests.simulation.web import Web

_BEGINNINGS = {State.PLANNED, State.WAITING, State.HELD, State.DUE, State.SKIPPED}
_STATES = set(State)
_A_CALL = timedelta(seconds=30)  # a post comes a little later than its turn, and so did those before it


def verdict(ledger: Ledger, web: Web, platforms: dict[str, SimulatedPlatform]) -> list[str]:
    """Everything that is not as promised, a sentence each; nothing is what it should be."""
    entries = views.everything(ledger)
    return [
        *_counted(entries, platforms),
        *_complete(entries, web, ledger, platforms),
        *_lawful(ledger, entries, platforms),
        *(complaint for platform in platforms.values() for complaint in platform.complaints),
        *(f"feed {row.name}: {row.failure}" for row in ledger.feeds().values() if "defect" in row.failure),
    ]


def _counted(entries: list[Entry], platforms: dict[str, SimulatedPlatform]) -> Iterator[str]:
    """On each channel, once what is sent, and not at all what is not."""
    for name, platform in platforms.items():
        seen = Counter(number(shown.text) for shown in platform.posts)
        for story, times in seen.items():
            if times > 1:
                yield f"TWICE: story {story} is on {name} {times} times"
        for entry in entries:
            story = number(entry.article.title)
            if entry.channel == name and entry.state is State.SENT and not seen[story]:
                yield f"LOST: story {story} is said to be sent on {name}, and is not there"
            elif entry.channel == name and entry.state is not State.SENT and seen[story]:
                yield f"UNKNOWN: story {story} is on {name}, and the ledger says {entry.state} ({entry.reason})"


def _complete(entries: list[Entry], web: Web, ledger: Ledger, platforms: dict[str, SimulatedPlatform]) -> Iterator[str]:
    """Every story has one post on every channel, and an end."""
    by_story: dict[tuple[int, str], list[Entry]] = {}
    for entry in entries:
        by_story.setdefault((number(entry.article.title), entry.channel), []).append(entry)
    for story in web.stories:
        for name in platforms:
            found = by_story.get((story.number, name), [])
            if not found:
                if story.listed:
                    yield f"LOST: story {story.number} was never taken in for {name}"
                continue
            if len(found) > 1:
                yield f"TWICE: story {story.number} is {len(found)} articles on {name}"
            for entry in found:
                if not _is_settled(entry, story.forbidden):
                    about = f"{entry.state} since {entry.changed_at} until {entry.at} ({entry.reason})"
                    yield f"STUCK: story {story.number} on {name} is {about}; the channel is {ledger.channel(name)}"


def _is_settled(entry: Entry, forbidden: bool) -> bool:
    match entry.state:
        case State.SENT:
            return True
        case State.REFUSED:
            return forbidden
        case State.SKIPPED:
            return entry.reason.startswith(("baseline", "expired", "filtered", "so be it"))
    return False


def _lawful(ledger: Ledger, entries: list[Entry], platforms: dict[str, SimulatedPlatform]) -> Iterator[str]:
    """Every chain of events is one that TRANSITIONS allows, no call is left open, each receipt is the platform's."""
    logs = views.log_of(ledger, [entry.id for entry in entries])
    for entry in entries:
        about = f"post {entry.id} (story {number(entry.article.title)} on {entry.channel})"
        platform, events = platforms[entry.channel], [event for event in logs[entry.id] if event.what in _STATES]
        states = [State(event.what) for event in events]
        if states[0] not in _BEGINNINGS or states[-1] is not entry.state:
            yield f"{about} begins or ends wrongly: {states}"
        for before, after in pairwise(states):
            if before is not after and after not in TRANSITIONS[before]:
                yield f"{about} went from {before} to {after}"
        for event in events:
            if event.what == State.ASKING and not platform.unread:
                yield f"{about} is asking, though {entry.channel} could be read: {event.why}"
            if "defect" in event.why:
                yield f"{about}: {event.why}"
            if event.why.startswith("expired") and event.at < entry.expires_at:
                yield f"{about} expired at {event.at}, before its time"
        if any(call.ended_at is None for call in ledger.calls(entry)):
            yield f"{about} has a call without an end"
        receipts = {shown.receipt.remote_id: shown.text for shown in platform.posts}
        if entry.state is State.SENT and number(receipts.get(entry.remote_id or "", "Story 0 ")) != number(
            entry.article.title
        ):
            yield f"{about} has a receipt that is not its own: {entry.remote_id}"


def paced(pace: Pace, platform: SimulatedPlatform, hurried: set[int]) -> Iterator[str]:
    """A channel's posts come as its pace lets them, but for those that a person hurried (by their stories)."""
    for place, (at, text) in enumerate(platform.came):
        before = [moment for moment, _ in platform.came[:place]]
        moments = (at - _A_CALL, at, at + _A_CALL)
        if number(text) not in hurried and all(next_time(pace, before, moment) > moment for moment in moments):
            yield f"PACE: story {number(text)} came to {platform.name} at {at}, which {pace} does not allow"
