"""What became of a post, what it waits for and what can be done: in words for a person. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from crosspost.cli.wording import when
from crosspost.ledger import RECOGNISED
from crosspost.ledger.moves import SELF
from crosspost.ledger.rows import ChannelRow, Entry, Event
from crosspost.post import ChannelState, State
from crosspost.settings import Channel


@dataclass(frozen=True, slots=True)
class Scene:
    """What stands around a post at a moment.

    `channel` is its channel in the config, None when it is not there, and `row` the channel's own state. `running`:
    whether a crosspost works. `turn` is when the pace lets the post go, None when it expires before that.
    """

    now: datetime
    zone: ZoneInfo
    row: ChannelRow
    channel: Channel | None
    running: bool
    turn: datetime | None

    def when(self, at: datetime) -> str:
        return when(at, self.zone, self.now)


def obstacle(scene: Scene) -> str:
    """Why nothing goes out on the channel at present, and what to do; "" when nothing is in the way."""
    row, name = scene.row, scene.row.name
    if scene.channel is None:
        return f"channel {name} is not in the config any more"
    if not scene.channel.enabled:
        return f"channel {name} is off (enabled = false in the config)"
    if scene.channel.missing_secrets:
        return f"channel {name} has no {', '.join(scene.channel.missing_secrets)} (crosspost check says where they go)"
    reason = f" ({row.reason.rstrip('.')})" if row.reason else ""
    next_try = f"; the next try is {scene.when(row.until)}" if row.until else ""
    match row.state:
        case ChannelState.PAUSED:
            return f"channel {name} is paused{reason}; crosspost resume {name} lets it go on"
        case ChannelState.BLOCKED:
            return f"channel {name} is blocked{reason}; mend that and it goes on{next_try}"
        case ChannelState.RESTING if row.until is not None and row.until > scene.now:
            return f"channel {name} rests until {scene.when(row.until).removeprefix('at ')}{reason}"
    return ""


def explain(entry: Entry, last: Event, scene: Scene) -> str:
    """What became of the post or what it waits for, and the next step: one sentence or two. `last` is the last event
    of its log."""
    number, reason = entry.id, entry.reason.rstrip(".")
    by = last.by if last.by != SELF else ""
    match entry.state:
        case State.SENT:
            if entry.reason == RECOGNISED:
                return f"It was on the channel already; crosspost found it there {scene.when(entry.changed_at)}."
            told = f" (confirmed by {by})" if by else f", at attempt {entry.attempts}" if entry.attempts > 1 else ""
            return f"It was sent {scene.when(entry.changed_at)}{told}."
        case State.WITHDRAWN:
            return f"It was taken back {scene.when(entry.changed_at)}{f' by {by}' if by else ''}: {reason}."
        case State.REFUSED:
            return (
                f"It was refused {scene.when(entry.changed_at)}: {reason}. "
                f"Mend that, then crosspost retry {number}; or crosspost skip {number}."
            )
        case State.SKIPPED:
            return f"{_not_sent(reason, by)}; crosspost retry {number} sends it all the same."
        case State.ASKING:
            return (
                f"It may or may not have been posted: {reason.partition('; look at the channel')[0]}. "
                f"Look at the channel, then crosspost mark {number} --sent ADDRESS, or --not-sent."
            )
        case State.HANDED:
            return f"It is for you to post: {reason} {number} --sent ADDRESS."
        case State.WAITING:
            return f"It waits for approval; crosspost approve {number} freezes its text and lets it go in its turn."
        case State.HELD:
            held = f"It was held by {by} {scene.when(last.at)}" if by else f"It is held, since {reason}"
            return f"{held}; crosspost approve {number} lets it go in its turn, crosspost now {number} at once."
    return to_come(entry, scene)


def _not_sent(reason: str, by: str) -> str:
    if by:
        return f"It was skipped by {by}" + ("" if reason == "skipped" else f": {reason}")
    if reason.startswith("expired"):
        return f"It {reason}"
    before = reason.removeprefix("baseline: ")
    if before != reason:
        return f"It was not sent, since {before}"
    return f"It was not sent: {reason}"


def to_come(entry: Entry, scene: Scene) -> str:
    """What crosspost does by itself, and what keeps it from that."""
    in_the_way = obstacle(scene)
    if in_the_way and entry.state in (State.PLANNED, State.DUE):
        return f"It waits, since {in_the_way}."
    idle = "" if scene.running else " Nothing runs at present: crosspost run starts the daemon."
    return f"{_plan(entry, scene)}.{idle}"


def _plan(entry: Entry, scene: Scene) -> str:
    waits = entry.at > scene.now
    reason = entry.reason.rstrip(".")
    match entry.state:
        case State.SENDING if scene.running:
            return "It is being sent at this moment"
        case State.SENDING:
            return "crosspost was stopped in the middle of the call, and will look whether the post is there"
        case State.UNSURE:
            look = scene.when(entry.at) if waits else "now"
            return f"It may or may not have been posted ({reason}); crosspost looks on the platform {look}"
        case State.DUE if waits:
            return f"It could not be sent ({reason}) and is tried again {scene.when(entry.at)}"
        case State.DUE:
            return "It is about to be sent"
    if scene.turn is not None and scene.turn <= scene.now:
        return "It is about to be sent"
    if scene.turn is None:
        return (
            f"Its turn would come after it expires {scene.when(entry.expires_at)}, so it will be dropped; "
            f"crosspost now {entry.id} sends it at once"
        )
    if waits:
        turn = f", and goes out {scene.when(scene.turn)}" if scene.turn > entry.at else ""
        return f"It settles until {scene.when(entry.at).removeprefix('at ')}{turn}"
    return f"It waits for its turn, which the channel's pace gives it {scene.when(scene.turn)}"


def instead(entry: Entry) -> str:
    """For somebody whose decision does not fit the post's state: the state, and what can be done."""
    number = entry.id
    match entry.state:
        case State.PLANNED:
            return f"is planned; crosspost now {number} sends it at once, hold or skip stop it"
        case State.WAITING:
            return f"waits for approval; crosspost approve {number} lets it go, skip drops it"
        case State.HELD:
            return f"is held; crosspost approve {number} lets it go in its turn, now at once, skip drops it"
        case State.DUE:
            return f"is due; crosspost now {number} tries it at once, hold or skip stop it"
        case State.SENDING:
            return f"is being sent at this moment; crosspost why {number} says in a moment what came of it"
        case State.UNSURE:
            return f"may have been posted, and crosspost looks on the platform; see crosspost why {number}"
        case State.ASKING:
            return f"may have been posted; look, then crosspost mark {number} --sent ADDRESS, or --not-sent"
        case State.HANDED:
            return f"lies ready for you to post; then crosspost mark {number} --sent ADDRESS, or --not-sent"
        case State.SENT:
            return f"was sent, and stands at {entry.address}; crosspost withdraw {number} takes it back"
        case State.REFUSED:
            return f"was refused by the platform; crosspost why {number} says why, crosspost retry {number} tries again"
        case State.SKIPPED:
            why = "" if entry.reason == "skipped" else f" ({entry.reason})"
            return f"was skipped{why}; crosspost retry {number} sends it all the same"
        case State.WITHDRAWN:
            return f"was taken back; crosspost retry {number} posts it again"
