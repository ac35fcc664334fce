"""Before a channel gets anything of a feed it has joined, it is looked at: what it shows already is not sent again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from structlog.testing import capture_logs

from crosspost import logs
from crosspost.errors import Blocked, Throttled, Unreachable
from crosspost.feeds.identity import New, marks
from crosspost.first_look import Look
from crosspost.ledger import views
from crosspost.ledger.intake import Reading
from crosspost.ledger.rows import ChannelRow, FeedRow
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


@pytest.fixture
def log(monkeypatch):
    """The events, as if no command had set up the log of this process before."""
    monkeypatch.setattr(logs, "_to_set_up", [])
    structlog.reset_defaults()
    with capture_logs() as lines:
        yield lines


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


def test_a_channel_that_cannot_be_read_says_so_once_and_goes_on(place, log) -> None:
    place.platform.readable = False
    (first,) = join(place, article(1))
    place.tick()
    place.tick(minutes=10)
    assert [line["log_level"] for line in log if line["event"] == "channel.unreadable"] == ["info"]
    assert place.state(first) is State.SENT


def test_a_channel_whose_look_had_failed_is_active_again_though_it_has_nothing_to_send(place) -> None:
    place.platform.looking = [Blocked("the token is dead")]
    join(place, article(1), state=State.SKIPPED)
    place.tick()
    assert place.channel.state is ChannelState.BLOCKED
    place.tick(minutes=30)
    assert place.channel.state is ChannelState.ACTIVE


def test_a_look_does_not_mend_what_publishing_broke(place) -> None:
    place.ledger.set_channel(ChannelRow(place.name, ChannelState.BLOCKED, "it may not write"))
    join(place, article(1), state=State.SKIPPED)
    place.tick(minutes=30)
    assert (place.platform.looks, place.channel.state) == (1, ChannelState.BLOCKED)


# A look that a person wants


def test_a_person_s_look_is_made_though_one_was_made_before(place) -> None:
    (first,) = join(place, article(1), state=State.SKIPPED)
    place.tick()
    place.platform.show("Headline 1", "https://site.example/en/1")
    look = place.publisher.first_look.again("olga")
    assert look == Look(found=(first.id,))
    assert place.state(first) is State.SENT
    assert views.log_of(place.ledger, [first.id])[first.id][-1].by == "olga"


@pytest.mark.parametrize("stopped", ["paused", "blocked"])
def test_a_person_s_look_is_made_on_a_stopped_channel_which_stays_so(place, stopped: str) -> None:
    if stopped == "paused":
        place.ledger.pause(place.name, "", by="olga")
    else:
        place.ledger.set_channel(ChannelRow(place.name, ChannelState.BLOCKED, "a captcha", NOON + timedelta(hours=1)))
    place.platform.show("Headline 1", "https://site.example/en/1")
    (first,) = join(place, article(1))
    place.publisher.first_look.again("olga")
    assert (place.state(first), place.channel.state) == (State.SENT, ChannelState(stopped))


def test_a_pause_that_the_platform_asked_for_is_kept_by_a_person_s_look_too(place) -> None:
    place.platform.looking = [Throttled("slowly", wait=90)]
    join(place, article(1))
    assert place.publisher.first_look.again("olga").failure == "slowly"
    assert place.publisher.first_look.again("olga").failure == "slowly"
    assert place.platform.looks == 1
    place.clock.advance(seconds=90)
    assert place.publisher.first_look.again("olga") == Look()
    assert place.platform.looks == 2


def test_a_feed_that_was_not_read_yet_stays_to_be_looked_for(place) -> None:
    # As after going back to a backup, where the feed cannot be read at first.
    take_in(place.ledger, Reading(FeedRow("news", failure="down"), joined=(place.name,)))
    place.publisher.first_look.again("olga")
    take_in(place.ledger, Reading(FeedRow("news", read_at=NOON)))
    assert place.ledger.unlooked(place.name) == ("news",)


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
        assert "This pass: 2 sent, 2 on the channel already." in place.run("once")
        told = {line["channel"]: line["sent_today"] for line in place.json("status") if line["kind"] == "channel"}
        assert told == {"x_en": 2, "facebook": 2}
        titles = ["The first story of the day", "The second story of the day", "The third story of the day"]
        assert (place.texts("x"), place.texts("facebook")) == (titles, titles)
        assert "is sound: 3 articles, 6 posts" in place.run("db", "check")
