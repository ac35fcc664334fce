"""A person's decisions by the command: what is done, what is said, and what is said instead."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from crosspost.ledger import Ledger
from crosspost.ledger.owner import Owner
from crosspost.ledger.rows import ChannelRow
from crosspost.post import ChannelState, Post, Prepared, State
from tests.bring import article
from tests.bring import bring as bring_in

ME = Owner("me", lambda: True)


@contextmanager
def book(place):
    """The ledger of this world."""
    opened = Ledger(f"sqlite:///{place.folder}/data/crosspost.db", lambda: datetime.now(UTC))
    yield opened
    opened.close()


def bring(place, state, *channels, title="Headline 1", age=timedelta(0), **how):
    """A post in `state` on each channel, by number."""
    with book(place) as ledger:
        at = datetime.now(UTC) - age
        posts = bring_in(ledger, article(title=title), channels=channels or ("x_en",), state=state, at=at, **how)
        return [entry.id for entry in posts]


def entry(place, number):
    with book(place) as ledger:
        return ledger.entry(number)


def test_an_approved_text_is_printed_and_goes_out_as_it_was_printed(place):
    place.site.publish("Moon landing")
    place.configure("x_en", x_en='approve = true\nhashtags = ["#moon"]')
    place.run("once")
    (waiting,) = place.json("queue")
    told = place.run("approve", place.site.link("Moon landing"), "--by", "olga")
    assert "Moon landing\n\n" in waiting["text"] and waiting["text"] in told
    assert waiting["text"] in place.run("why", str(waiting["post"]))
    place.configure("x_en", x_en='approve = true\ntemplate = "{{ title }}, written otherwise"')
    place.site.items[0] = "Moon landing"
    (planned,) = place.json("queue")
    assert planned["text"] == waiting["text"]
    place.run("once")
    (sent,) = place.json("history")
    assert (sent["state"], sent["text"]) == ("sent", waiting["text"])
    assert place.platforms.posts("x")[0].text == waiting["text"]
    assert "planned: approved (by olga)" in place.run("why", "1")


def test_a_mended_template_reaches_what_waits(place):
    place.configure("x_en", x_en="approve = true")
    bring(place, State.WAITING)
    place.configure("x_en", x_en='template = "{{ title }}!"')
    assert place.json("queue")[0]["text"] == "Headline 1!"
    assert "Headline 1!" in place.run("approve", "1")
    assert entry(place, 1).text == "Headline 1!"


def test_what_cannot_be_written_up_is_said_and_not_approved(place):
    place.configure("x_en", x_en=f'template = "{"word " * 80}"')
    bring(place, State.WAITING)
    assert "Post 1 on x_en is not approved: Without summary" in place.run("approve", "1", ends_with=2)
    assert "It cannot be written up: Without summary" in place.run("why", "1")
    assert entry(place, 1).state is State.WAITING
    assert place.json("queue")[0]["text"] is None


def test_a_channel_that_left_the_config_has_nothing_approved(place):
    place.configure("x_en")
    bring(place, State.WAITING, "x_old")
    assert "not in the config any more" in place.run("approve", "1", ends_with=2)
    assert "crosspost rename channel x_old NEW" in " ".join(place.run("status").split())


def test_what_waited_for_a_person_longer_than_it_lives_is_sent_all_the_same(place):
    place.configure("x_en", x_en='pace = { expires = "1h" }')
    bring(place, State.WAITING, age=timedelta(hours=2), expires=timedelta(hours=1))
    place.run("approve", "1")
    left = entry(place, 1).expires_at - datetime.now(UTC)
    assert timedelta(minutes=59) < left <= timedelta(hours=1)


def test_several_posts_are_decided_at_once_and_each_is_answered(place):
    place.configure("x_en", "vk_ru")
    bring(place, State.WAITING, "x_en", "vk_ru")
    bring(place, State.SKIPPED, "facebook", title="Other")
    told = place.run("approve", "https://site.example/en/1", "2", "3")
    assert told.count("is approved") == 2
    assert "Post 3 on facebook was skipped (new in news); crosspost retry 3 sends it all the same." in told
    told = place.run("approve", "1", "2", ends_with=2)
    assert told.count("is planned; crosspost now") == 2


@pytest.mark.parametrize("verb", ["hold", "now", "skip", "retry", "approve"])
def test_whoever_comes_after_the_claim_is_told(place, verb):
    place.configure("x_en")
    bring(place, State.DUE)
    with book(place) as ledger:
        claimed = ledger.entry(1)
        ledger.begin(claimed, Prepared(Post("A text", "", key=claimed.key)), ME)
    told = place.run(verb, "1", ends_with=2)
    assert told == "Post 1 on x_en is being sent at this moment; crosspost why 1 says in a moment what came of it.\n"
    assert entry(place, 1).state is State.SENDING


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (
            ChannelState.PAUSED,
            "It waits, since channel x_en is paused (by olga: summer); crosspost resume x_en lets it go on.",
        ),
        (ChannelState.BLOCKED, "It waits, since channel x_en is blocked (summer); mend that and it goes on."),
    ],
)
def test_now_on_a_channel_that_sends_nothing_says_so(place, state, words):
    place.configure("x_en")
    bring(place, State.HELD)
    with book(place) as ledger:
        if state is ChannelState.PAUSED:
            ledger.pause("x_en", "summer", by="olga")
        else:
            ledger.set_channel(ChannelRow("x_en", state, "summer"))
    told = place.run("now", "1")
    assert "Post 1 on x_en is to be sent now: Headline 1" in told
    assert words in told
    assert words in place.run("why", "1")
    assert words[len("It waits, since ") : -1] in " ".join(place.run("queue").split())


def test_a_held_post_goes_in_its_turn_or_at_once(place):
    place.configure("x_en")
    bring(place, State.HELD)
    bring(place, State.HELD, title="Other")
    place.run("approve", "1")
    place.run("now", "2")
    assert (entry(place, 1).state, entry(place, 2).state) == (State.PLANNED, State.DUE)


def test_retry_writes_anew_what_has_ended_and_keeps_a_frozen_text_that_is_still_to_go(place):
    place.configure("x_en")
    bring(place, State.WAITING)
    place.run("approve", "1")
    place.run("now", "1")
    place.run("retry", "1")
    assert entry(place, 1).text.startswith("Headline 1")
    place.run("skip", "1")
    place.run("retry", "1")
    assert entry(place, 1).text is None


def test_mark_says_what_it_is_for(place):
    place.configure("x_en")
    bring(place, State.HELD)
    assert "Nothing to mark: 1 is held on x_en" in place.run("mark", "1", "--not-sent", ends_with=2)


def test_to_skip_what_may_be_out_already_is_answered_with_what_to_do_first(place):
    place.configure("vk_ru")
    bring(place, State.DUE, "vk_ru")
    with book(place) as ledger:
        due = ledger.entry(1)
        ledger.begin(due, Prepared(Post("Headline 1", "", "Headline 1", key=due.key)), ME)
        ledger.unsure(ledger.entry(1), datetime.now(UTC), "no answer")
        ledger.repeat(ledger.entry(1), "sent again with the same guid")
    told = place.run("skip", "1", "--by", "olga")
    assert "Post 1 on vk_ru may be out already" in told and "crosspost mark 1 --sent ADDRESS" in told
    assert entry(place, 1).state is State.ASKING
    assert "Post 1 on vk_ru is skipped" in place.run("skip", "1")
