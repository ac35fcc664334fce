"""Before a channel gets anything of a feed it has joined, it is looked at: what it shows already is not sent again."""

from __future__ import annotations

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from crosspost.errors import Blocked, Throttled, Unreachable
from crosspost.feeds.identity import New, marks
from crosspost.ledger.intake import Reading
from crosspost.ledger.rows import FeedRow
from crosspost.post import ChannelState, State
from tests import test_publisher
from tests.bring import arrival, article, take_in
from tests.fakes import NOON, FakePlatform
from tests.ledger.conftest import clock, file_ledger, migrated_file
from tests.world import CHANNELS, world

__all__ = ["clock", "file_ledger", "migrated_file"]


@pytest.fixture
def place(file_ledger, clock, tmp_path):
    yield (made := test_publisher.World(file_ledger, clock, FakePlatform(clock), tmp_path))
    made.publisher.close()


def join(place, *articles, state=State.DUE):
    """The channel joins the feed, whose first document holds these articles."""
    new = tuple((New(one, marks(one)), (arrival(place.name, state, NOON),)) for one in articles)
    take_in(place.ledger, Reading(FeedRow("news", read_at=NOON), joined=(place.name,), new=new))
    return place.ledger.unsent(place.name, ["news"])


def test_what_the_channel_shows_is_taken_as_sent_and_the_rest_goes_out(place) -> None:
    there = place.platform.show("Headline 1", "https://site.example/en/1")
    first, second = join(place, article(1), article(2))
    place.tick()
    assert (place.state(first), place.now(first).address) == (State.SENT, there.receipt.address)
    assert place.state(second) is State.SENT
    assert len(place.platform.posts) == 2


def test_what_was_left_out_as_a_baseline_is_recognised_too(place) -> None:
    place.platform.show("Headline 1", "https://site.example/en/1")
    (first,) = join(place, article(1), state=State.SKIPPED)
    place.tick()
    assert place.state(first) is State.SENT


def test_it_looks_once(place) -> None:
    join(place, article(1), article(2))
    place.tick()
    place.tick(minutes=10)
    assert place.platform.looks == 1


def test_a_channel_that_cannot_be_read_says_so_once_and_goes_on(place) -> None:
    place.platform.readable = False
    (first,) = join(place, article(1))
    with capture_logs() as logs:
        place.tick()
        place.tick(minutes=10)
    assert [line["event"] for line in logs].count("channel.unreadable") == 1
    assert place.state(first) is State.SENT


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (Unreachable("the network is down"), ChannelState.RESTING),
        (Throttled("slowly"), ChannelState.RESTING),
        (Blocked("the token is dead"), ChannelState.BLOCKED),
    ],
    ids=["unreachable", "throttled", "blocked"],
)
def test_while_the_look_fails_nothing_is_sent_and_it_is_tried_gently(place, error, state) -> None:
    place.platform.looking = [error]
    (first,) = join(place, article(1))
    place.tick()
    place.tick(seconds=1)
    assert (place.state(first), place.channel.state, place.platform.looks) == (State.DUE, state, 1)
    place.tick(minutes=30)
    assert (place.state(first), place.channel.state) == (State.SENT, ChannelState.ACTIVE)


def test_a_lost_ledger_sends_nothing_twice_on_any_platform(tmp_path: Path) -> None:
    with world(tmp_path) as place:
        place.site.publish("The first story of the day", "The second story of the day")
        place.configure()
        place.run("once")
        for file in (tmp_path / "data").glob("crosspost.db*"):
            file.unlink()
        place.site.publish("The third story of the day")
        place.run("once")
        titles = ["The first story of the day", "The second story of the day", "The third story of the day"]
        assert {name: place.texts(CHANNELS[name][0]) for name in CHANNELS} == dict.fromkeys(CHANNELS, titles)
        assert set(place.states().values()) == {"sent"}


def test_going_back_to_an_old_backup_sends_nothing_twice(tmp_path: Path) -> None:
    with world(tmp_path) as place:
        place.site.publish("The first story of the day")
        place.configure("x_en", "facebook")
        place.run("once")
        assert "2 posts" in place.run("db", "backup", "old.db")
        place.site.publish("The second story of the day")
        place.run("once")
        assert "The former one is kept as" in place.run("db", "restore", "old.db")
        place.site.publish("The third story of the day")
        place.run("once")
        titles = ["The first story of the day", "The second story of the day", "The third story of the day"]
        assert (place.texts("x"), place.texts("facebook")) == (titles, titles)
        assert "is sound: 3 articles, 6 posts" in place.run("db", "check")
