"""Posts and what stands around them, as plain values."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from crosspost.cli.explain import Scene
from crosspost.ledger.rows import ChannelRow, Entry, Event
from crosspost.post import ChannelState, State
from crosspost.settings.models import XChannel
from tests.bring import article
from tests.fakes import NOON

SECRETS = dict.fromkeys(XChannel.SECRETS, "s")
HOUR = timedelta(hours=1)


def entry(state: State, reason: str = "new in news", **changes) -> Entry:
    known = {
        "id": 17,
        "article_id": 1,
        "article": article(),
        "channel": "x_en",
        "platform": "x",
        "at": NOON,
        "expires_at": NOON + 3 * 24 * HOUR,
        "urgent": False,
        "key": "key",
        "text": None,
        "link": None,
        "made_with_ai": False,
        "attempts": 0,
        "failures": 0,
        "looks": 0,
        "upload": None,
        "remote_id": None,
        "address": None,
        "created_at": NOON,
        "changed_at": NOON,
    }
    return Entry(state=state, reason=reason, **(known | changes))


def event(by: str = "crosspost") -> Event:
    return Event(NOON, 17, None, None, "what", "why", by)


def channel(**changes) -> XChannel:
    return XChannel(**({"name": "x_en", "platform": "x", "feeds": ("news",), "secrets": SECRETS} | changes))


def scene(**changes) -> Scene:
    known = {
        "now": NOON,
        "zone": ZoneInfo("UTC"),
        "row": ChannelRow("x_en"),
        "channel": channel(),
        "running": True,
        "turn": NOON,
    }
    return Scene(**(known | changes))


def row(state: ChannelState, reason: str = "", until=None) -> ChannelRow:
    return ChannelRow("x_en", state, reason, until)
