"""Taking over what is out on a channel: what it shows, what another tool has sent, and what is left."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crosspost.adoption import adopt
from crosspost.errors import Unreachable
from crosspost.feeds.identity import New, marks
from crosspost.ledger import views
from crosspost.ledger.intake import Arrival, Reading
from crosspost.ledger.rows import FeedRow
from crosspost.post import State
from crosspost.predecessors import Memory
from tests import test_publisher
from tests.bring import article, take_in
from tests.fakes import NOON, FakePlatform
from tests.ledger.conftest import clock, file_ledger, migrated_file

__all__ = ["clock", "file_ledger", "migrated_file"]

BASELINE = "baseline: it stood in the feed when crosspost first read it"
TOOT = "feed2toot has sent it already"


def toot(*numbers: int) -> Memory:
    return Memory("feed2toot", frozenset(f"guid-{number}" for number in numbers))


@pytest.fixture
def place(file_ledger, clock, tmp_path):
    yield (made := test_publisher.World(file_ledger, clock, FakePlatform(clock), tmp_path))
    made.publisher.close()


def read(place, *entrances: tuple[State, str]) -> None:
    """The first reading of the feed: so many articles, each entering as it is told."""
    new = tuple(
        (
            New(one := article(number), marks(one)),
            (Arrival(place.name, "x", state, reason, NOON, NOON + timedelta(days=3)),),
        )
        for number, (state, reason) in enumerate(entrances, start=1)
    )
    take_in(place.ledger, Reading(FeedRow("news", read_at=NOON), joined=(place.name,), new=new))


def take_over(place, *memories: Memory):
    return adopt(place.name, place.ledger, place.publisher.first_look, memories, "olga")


def told(place):
    return {entry.id: (entry.state, entry.reason) for entry in views.everything(place.ledger)}


def events(place):
    return views.log_of(place.ledger, told(place))


def numbers(entries):
    return [entry.id for entry in entries]


@pytest.mark.parametrize(
    "entrance", [(State.DUE, "new in news"), (State.SKIPPED, BASELINE)], ids=["first_run all", "first_run skip"]
)
def test_each_article_is_found_or_was_sent_elsewhere_or_is_left(place, entrance) -> None:
    there = place.platform.show("", "https://site.example/en/1")
    read(place, entrance, entrance, entrance)
    taken = take_over(place, toot(1, 2))
    assert [numbers(some) for some in (taken.found, taken.elsewhere, taken.left)] == [[1], [2], [3]]
    assert (taken.found[0].state, taken.found[0].address) == (State.SENT, there.receipt.address)
    assert told(place) == {1: (State.SENT, "the channel showed it already"), 2: (State.SKIPPED, TOOT), 3: entrance}
    assert [events(place)[number][-1].by for number in (1, 2, 3)] == ["olga", "olga", "crosspost"]


def test_nothing_is_sent_and_afterwards_only_what_is_left_is(place) -> None:
    place.platform.show("", "https://site.example/en/1")
    read(place, *[(State.DUE, "new in news")] * 3)
    take_over(place, toot(2))
    assert place.platform.prepared == []
    place.tick(days=1)
    assert [prepared.post.title for prepared in place.platform.calls] == ["Headline 3"]
    assert place.platform.looks == 1


def test_a_second_time_changes_nothing_and_tells_the_same_of_what_is_not_sent(place) -> None:
    place.platform.show("", "https://site.example/en/1")
    read(place, *[(State.SKIPPED, BASELINE)] * 3)
    before, known = take_over(place, toot(2)), (told(place), events(place))
    place.clock.advance(hours=1)
    after = take_over(place, toot(2))
    assert (told(place), events(place)) == known
    assert (after.found, after.elsewhere, after.left) == ((), before.elsewhere, before.left)


def test_what_had_its_own_reason_to_be_skipped_keeps_it(place) -> None:
    entrances = [
        (State.SKIPPED, 'filtered by except words = ["ad"]'),
        (State.SKIPPED, "skipped"),
        (State.SKIPPED, "expired before it could be sent"),
    ]
    read(place, *entrances)
    taken = take_over(place, toot(1, 2, 3))
    assert numbers(taken.left) == [1, 2, 3]
    assert list(told(place).values()) == entrances


@pytest.mark.parametrize("state", [State.PLANNED, State.WAITING, State.HELD, State.DUE])
def test_whatever_was_to_come_of_it_what_another_tool_has_sent_is_not_sent(place, state: State) -> None:
    read(place, (state, "new in news"))
    assert numbers(take_over(place, toot(1)).elsewhere) == [1]
    assert told(place) == {1: (State.SKIPPED, TOOT)}


def test_several_memories_are_one(place) -> None:
    read(place, *[(State.DUE, "new in news")] * 3)
    taken = take_over(place, toot(1), Memory("feed2exec", frozenset({"Headline 2"})))
    assert [entry.reason for entry in taken.elsewhere] == [TOOT, "feed2exec has sent it already"]
    assert numbers(taken.left) == [3]


def test_a_look_that_fails_still_leaves_what_the_other_tool_remembers(place) -> None:
    place.platform.looking = [Unreachable("the network is down")]
    place.platform.show("", "https://site.example/en/1")
    read(place, *[(State.DUE, "new in news")] * 3)
    taken = take_over(place, toot(2))
    assert taken.look.failure == "the network is down"
    assert [numbers(some) for some in (taken.found, taken.elsewhere, taken.left)] == [[], [2], [1, 3]]
    place.tick(minutes=30)  # what was not looked at is, before anything is sent
    assert [prepared.post.title for prepared in place.platform.calls] == ["Headline 3"]
    assert told(place)[1] == (State.SENT, "the channel showed it already")


def test_a_receipt_that_turns_up_later_is_worth_more_than_a_memory(place) -> None:
    place.platform.looking = [Unreachable("the network is down")]
    place.platform.show("", "https://site.example/en/1")
    read(place, (State.DUE, "new in news"))
    take_over(place, toot(1))
    place.clock.advance(minutes=30)
    assert numbers(take_over(place, toot(1)).found) == [1]


def test_where_nobody_can_ask_the_platform_the_memory_counts(place) -> None:
    read(place, *[(State.DUE, "new in news")] * 2)
    taken = adopt(place.name, place.ledger, None, [toot(1)], "olga")
    assert (taken.look, numbers(taken.elsewhere), numbers(taken.left)) == (None, [1], [2])


def test_another_channel_s_posts_are_not_touched(place) -> None:
    read(place, (State.DUE, "new in news"))
    adopt("vk_ru", place.ledger, None, [toot(1)], "olga")
    assert told(place) == {1: (State.DUE, "new in news")}
