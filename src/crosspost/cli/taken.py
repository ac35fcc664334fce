"""What `crosspost adopt` tells: of each channel, what was found there and what becomes of the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from crosspost.adoption import Adopted
from crosspost.cli import show
from crosspost.cli.explain import Scene, obstacle
from crosspost.cli.frame import no_secrets
from crosspost.cli.outlook import Outlook
from crosspost.cli.wording import counted, when
from crosspost.clock import now
from crosspost.ledger import Ledger
from crosspost.ledger.rows import Entry
from crosspost.post import State
from crosspost.predecessors import Memory
from crosspost.settings import Channel, Settings

_Words = tuple[str, str]

_SHOWN = 5  # articles of each kind; --json has all

# What is told of articles, when it is one and when there are more.
_FOUND = ("is on the channel already, and counts as sent", "are on the channel already, and count as sent")
_GO = ("goes out with the next crosspost once or run", "go out with the next crosspost once or run")
_STOPPED = ("waits until the channel goes on", "wait until the channel goes on")
_UNLOOKED = ("waits until the channel was looked at", "wait until the channel was looked at")
_WAITS = ("waits for approval; crosspost queue lists it", "wait for approval; crosspost queue lists them")
_HELD = ("is held; crosspost why tells why", "are held; crosspost why tells why")
_FILTERED = ("is not for this channel, as its filters say", "are not for this channel, as its filters say")
_SKIPPED = ("was skipped before, and stays so", "were skipped before, and stay so")
_OLD = (
    "is not sent, since it stood in the feed before crosspost began there (first_run)",
    "are not sent, since they stood in the feed before crosspost began there (first_run)",
)


@dataclass(frozen=True)
class Report:
    """What came of an adoption. `memories`: what other tools remember, by file. `recorded`: whether it was in earnest;
    else `book` is a copy, whose numbers mean nothing afterwards."""

    found: Settings
    book: Ledger
    taken: Sequence[Adopted]
    memories: Mapping[Path, Memory]
    recorded: bool

    def print(self) -> None:
        """A few lines for each channel."""
        if not self.recorded:
            show.say("A dry run: this is what crosspost adopt would do; nothing is recorded.")
        for file, memory in self.memories.items():
            held = self._held_by(memory)
            end = "." if held or not any(map(_entries, self.taken)) else "; is it the right file?"
            show.say(f"{file} ({memory.tool}) has {held or 'none'} of the articles that were looked for{end}")
        for one in self.taken:
            self._print_channel(one)
        show.say("\nNothing was sent. crosspost why and an article's address tell of one article.")

    def _print_channel(self, one: Adopted) -> None:
        channel = self.found.channels[one.channel]
        number = len(_entries(one))
        looked_for = f"looked for {counted(number, 'article')}" if number else "nothing to look for"
        show.say(f"\n{one.channel} ({channel.platform}): {looked_for}.", style="bold")
        failure, in_the_way = _failure(one, channel), obstacle(self._scene(channel))
        go = _UNLOOKED if self._waits_for_look(one) else _STOPPED if in_the_way else _GO
        groups = _groups(one, go)
        for words, some in groups.items():
            show.say(f"{len(some)} {words[len(some) > 1]}.", indent=2)
            for entry in some[:_SHOWN]:
                show.say(" ".join(filter(None, (entry.article.title, entry.address))), style="dim", indent=6)
            if len(some) > _SHOWN:
                show.say(f"and {len(some) - _SHOWN} more; --json names all", style="dim", indent=6)
        if one.look is not None and one.look.unreadable:
            step = " Look there before they go out; crosspost skip leaves one out." if go in groups else ""
            show.say(f"What it shows cannot be read: {one.look.unreadable.rstrip('.')}.{step}", indent=2)
        if failure:
            show.say("It could not be looked at; see below.", indent=2)
        elif in_the_way:
            show.say(f"Nothing goes out there at present: {in_the_way}.", indent=2)

    def print_json(self) -> None:
        """One object a line, whose `kind` says what it tells of: a feed, a memory, a channel or an article."""
        show.print_json(self._objects())

    def _objects(self) -> Iterator[dict[str, Any]]:
        outlook = Outlook(self.found, self.book, now())
        for name, why in self._failed_feeds.items():
            yield {"kind": "feed", "feed": name, "failure": why}
        for file, memory in self.memories.items():
            yield {"kind": "memory", "file": str(file), "tool": memory.tool, "articles": self._held_by(memory)}
        for one in self.taken:
            channel = self.found.channels[one.channel]
            sorts = {"found": one.found, "elsewhere": one.elsewhere, "left": one.left}
            yield {
                "kind": "channel",
                "channel": one.channel,
                "platform": channel.platform,
                "recorded": self.recorded,
                **{sort: len(entries) for sort, entries in sorts.items()},
                "unreadable": one.look.unreadable if one.look else "",
                "failure": _failure(one, channel),
                "obstacle": obstacle(self._scene(channel)),
            }
            for sort, entries in sorts.items():
                for entry in entries:
                    told = show.as_json(entry, outlook.at(entry), outlook.text(entry), self.found.timezone)
                    yield {"kind": "article", "adopted": sort, **told, "post": entry.id if self.recorded else None}

    def troubles(self) -> list[str]:
        """What could not be read, a sentence or two each with the next step."""
        feeds = [
            f"Feed {name} could not be read, so its articles are not taken over: {why} "
            "Say crosspost adopt again before crosspost runs."
            for name, why in self._failed_feeds.items()
        ]
        channels = [self._trouble(one) for one in self.taken]
        return [*feeds, *filter(None, channels)]

    def _trouble(self, one: Adopted) -> str:
        why = _failure(one, self.found.channels[one.channel]).rstrip(".")
        if not why:
            return ""
        told = f"Channel {one.channel} could not be looked at: {why}."
        if not self._waits_for_look(one):
            return f"{told} What is known of it stays as it was."
        until = self.book.channel(one.channel).until
        next_try = f"; the next try is {when(until, self.found.timezone, now())}" if until else ""
        return f"{told} Nothing goes out there until that is done{next_try}."

    def _waits_for_look(self, one: Adopted) -> bool:
        """Whether the channel gets nothing, since it was never looked at."""
        return bool(self.book.unlooked(one.channel))

    @cached_property
    def _failed_feeds(self) -> Mapping[str, str]:
        """Why each feed of these channels that could not be read could not."""
        rows = self.book.feeds()
        concerned = {name for one in self.taken for name in self.found.channels[one.channel].feed_names}
        return {name: row.failure for name, row in rows.items() if name in concerned and row.failure}

    def _held_by(self, memory: Memory) -> int:
        """How many of the articles that were looked for the tool has sent."""
        entries = (entry for one in self.taken for entry in _entries(one))
        return len({entry.article_id for entry in entries if memory.holds(entry.article)})

    def _scene(self, channel: Channel) -> Scene:
        row = self.book.channel(channel.name)
        return Scene(now(), self.found.timezone, row, channel, running=False, turn=None)


def _failure(one: Adopted, channel: Channel) -> str:
    """Why the channel could not be looked at; "" when it was, or when nobody can."""
    if one.look is None:
        return f"it has {no_secrets(channel)}"
    return one.look.failure


def _entries(one: Adopted) -> Sequence[Entry]:
    return [*one.found, *one.elsewhere, *one.left]


def _groups(one: Adopted, go: _Words) -> Mapping[_Words, Sequence[Entry]]:
    """The posts by what is told of them; `go`: of those whose turn it is."""
    groups: dict[_Words, list[Entry]] = {}
    told = [(_FOUND, entry) for entry in one.found]
    told += [(_elsewhere(entry), entry) for entry in one.elsewhere]
    told += [(_fate(entry, go), entry) for entry in one.left]
    for words, entry in told:
        groups.setdefault(words, []).append(entry)
    return groups


def _elsewhere(entry: Entry) -> _Words:
    words = f"not sent, since {entry.reason}"
    return f"is {words}", f"are {words}"


def _fate(entry: Entry, go: _Words) -> _Words:
    match entry.state:
        case State.WAITING:
            return _WAITS
        case State.HELD:
            return _HELD
        case State.SKIPPED if entry.reason.startswith("baseline"):
            return _OLD
        case State.SKIPPED if entry.reason.startswith("filtered"):
            return _FILTERED
        case State.SKIPPED:
            return _SKIPPED
    return go
