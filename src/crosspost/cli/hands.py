"""What needs a person's hand, a sentence each with the next step, the most urgent first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from crosspost.cli.wording import STYLES, clock, when
from crosspost.ledger import Ledger, owner, views
from crosspost.post import ChannelState, State
from crosspost.settings import Settings

_SHOWN = 3  # numbers of posts; crosspost queue and history have all

# By state: what the posts are, and the next step for the first of them.
_POSTS: Mapping[State, tuple[str, str]] = {
    State.ASKING: ("Waiting for your answer", "Look at the channel, then crosspost mark {0}."),
    State.REFUSED: ("Refused", "crosspost why {0} tells why; mend it, then crosspost retry or skip."),
    State.HANDED: ("For you to post", "crosspost why {0} tells where it lies; then crosspost mark {0}."),
    State.WAITING: ("Waiting for approval", "crosspost why {0} shows the text; then crosspost approve."),
    State.HELD: ("Held", "crosspost why {0} tells why; then crosspost approve, now or skip."),
}
_TROUBLES = (State.ASKING, State.REFUSED)


@dataclass(frozen=True, slots=True)
class Hand:
    """A sentence or two for a person. `trouble`: commands end with 1 while it is so."""

    words: str
    style: str = ""
    trouble: bool = False


def hands(found: Settings, book: Ledger, now: datetime) -> list[Hand]:
    """All that needs a hand, troubles before what only waits."""
    counts = views.counts(book)
    needed = [
        *_channels(found, book, now, counts),
        *_feeds(found, book, now),
        *_posts(book, counts),
        *_lost(found, counts),
    ]
    return [*_daemon(found, book, now), *_disk(book), *sorted(needed, key=lambda hand: not hand.trouble)]


def _daemon(found: Settings, book: Ledger, now: datetime) -> Iterator[Hand]:
    """A daemon that worked last and does not now; whoever works by `crosspost once` needs none."""
    last = views.last_owner(book)
    if last is not None and last.command == "run" and not owner.is_owned(book.engine):
        ended = when(last.ended_at or last.beat_at, found.timezone, now)
        yield Hand(f"crosspost run does not run any more: it ended {ended}; start it again.", "bold yellow")


def _disk(book: Ledger) -> Iterator[Hand]:
    if lacking := book.lacks_room():
        yield Hand(f"The disk is full; {lacking}.", "bold red", trouble=True)


def _channels(
    found: Settings, book: Ledger, now: datetime, counts: Mapping[str, Mapping[State, int]]
) -> Iterator[Hand]:
    for name, channel in found.channels.items():
        row = book.channel(name)
        blocked = row.state is ChannelState.BLOCKED
        if not channel.enabled:
            continue
        if channel.missing_secrets:
            words = f"Channel {name} has no {', '.join(channel.missing_secrets)}; crosspost check says where they go."
            yield Hand(words, "bold red", trouble=blocked)
        elif blocked:
            next_try = f"; mend it, the next try is {when(row.until, found.timezone, now)}" if row.until else ""
            yield Hand(f"Channel {name} is blocked: {row.reason.rstrip('.')}{next_try}.", "bold red", trouble=True)
        elif row.state is ChannelState.PAUSED:
            waiting = sum(counts.get(name, {}).get(state, 0) for state in (State.PLANNED, State.DUE))
            words = f"Channel {name} is paused, {_waiting(waiting)} there; crosspost resume {name}."
            yield Hand(words, "yellow")


def _feeds(found: Settings, book: Ledger, now: datetime) -> Iterator[Hand]:
    rows = book.feeds()
    for name in found.feeds:
        row = rows.get(name)
        if row is not None and row.failure:
            since = f" (since {clock(row.failed_since, found.timezone, now)})" if row.failed_since else ""
            yield Hand(f"Feed {name}{since}: {row.failure}", "bold red", trouble=True)


def _posts(book: Ledger, counts: Mapping[str, Mapping[State, int]]) -> Iterator[Hand]:
    totals = Counter[State]()
    for by_state in counts.values():
        totals.update(by_state)
    for state, (what, step) in _POSTS.items():
        if totals[state]:
            numbers = views.numbers(book, state, _SHOWN)
            more = ", ..." if totals[state] > len(numbers) else ""
            shown = f"{', '.join(map(str, numbers))}{more}"
            words = f"{what}: {totals[state]} (post {shown}). {step.format(numbers[0])}"
            yield Hand(words, STYLES.get(state, ""), trouble=state in _TROUBLES)


def _lost(found: Settings, counts: Mapping[str, Mapping[State, int]]) -> Iterator[Hand]:
    """Posts on channels that are not in the config any more: a renamed channel is the usual reason."""
    for name, by_state in counts.items():
        left = sum(number for state, number in by_state.items() if state is not State.REFUSED)
        if left and name not in found.channels:
            yield Hand(
                f"Channel {name} is not in the config, and {_waiting(left)} there; "
                f"crosspost rename channel {name} NEW takes them along.",
                "yellow",
            )


def _waiting(number: int) -> str:
    return "1 post waits" if number == 1 else f"{number} posts wait"
