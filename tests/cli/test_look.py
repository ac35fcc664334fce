"""status, queue and why, as people read them."""

from __future__ import annotations

import re
import shutil
from collections import namedtuple
from datetime import UTC, datetime, timedelta

import pytest
from starlette.responses import Response

from crosspost.ledger.rows import ChannelRow
from crosspost.post import ChannelState, State
from tests.bring import feed_fails
from tests.cli.test_decide import book, bring


def at(line):
    return datetime.fromisoformat(line["at"])


def test_a_paced_post_is_shown_with_its_turn(place):
    place.configure("x_en", x_en='pace = { gap = "1h" }')
    bring(place, State.PLANNED, title="One")
    bring(place, State.PLANNED, title="Two")
    first, second = place.json("queue")
    assert (first["title"], second["title"]) == ("One", "Two")
    assert at(second) - at(first) == timedelta(hours=1)
    assert f"{at(second):%H:%M}" in place.run("queue")
    # After 23:00 the turn is on another day.
    assert re.search(rf"which the channel's pace gives it (?:on .+ )?at {at(second):%H:%M}", place.run("why", "2"))


def test_a_post_that_expires_before_its_turn_is_named(place):
    place.configure("x_en", x_en='pace = { gap = "6h" }')
    for title in ("One", "Two", "Three"):
        bring(place, State.PLANNED, title=title, expires=timedelta(hours=10))
    told = place.run("queue")
    assert told.count("expires before its turn; crosspost now") == 1


def test_a_paused_channels_posts_say_so(place):
    place.configure("x_en", x_en='pace = { gap = "1h" }')
    bring(place, State.PLANNED)
    with book(place) as ledger:
        ledger.pause("x_en", "", by="olga")
    assert "channel x_en is paused (by olga); crosspost resume x_en lets it go on" in place.run("queue")
    assert "Channel x_en is paused, 1 post waits there" in place.run("status")


def test_a_resting_channels_posts_go_when_it_goes_on(place):
    place.configure("x_en")
    bring(place, State.DUE)
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=2)
    with book(place) as ledger:
        ledger.set_channel(ChannelRow("x_en", ChannelState.RESTING, "a pause", until))
    assert at(place.json("queue")[0]) == until


def test_status_begins_with_what_needs_a_hand_and_fits_one_screen(place):
    place.configure(more='[feeds.other]\nurl = "https://site.example/rss.xml"')
    for state in (State.WAITING, State.HELD, State.HELD):
        bring(place, state, "x_en", "vk_ru", title=str(state))
    with book(place) as ledger:
        ledger.set_channel(ChannelRow("facebook", ChannelState.BLOCKED, "the token is dead (190)."))
        feed_fails(ledger, "other", "https://site.example/rss.xml does not exist; check the address (404).")
    lines = place.run("status", ends_with=1).splitlines()
    assert lines[0] == "Needs a hand:"
    assert lines[1].startswith("  Channel facebook is blocked: the token is dead (190).")
    assert lines[2].startswith("  Feed other (since ")
    assert "Waiting for approval: 2 (post 1, 2). crosspost why 1 shows the text" in " ".join(lines)
    assert "Held: 4 (post 3, 4, 5, ...)" in " ".join(lines)
    assert len(lines) <= 24 and max(map(len, lines)) <= 80


def test_with_nothing_wrong_status_says_so_in_one_line(place):
    place.configure()
    lines = place.run("status").splitlines()
    assert lines[0] == "All is well: nothing needs a hand."
    assert len(lines) <= 24


@pytest.mark.parametrize(("free", "told"), [(8_000_000, True), (9_000_000, False)])
def test_a_full_disk_needs_a_hand(place, monkeypatch, free, told):
    place.configure("x_en")
    usage = namedtuple("usage", "free")(free)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    shown = " ".join(place.run("status", ends_with=int(told)).split())
    assert ("The disk is full; free 8 MB where" in shown and "until then nothing is sent." in shown) is told


def test_a_daemon_that_ended_is_missed_and_a_pass_that_ended_is_not(place):
    place.configure("x_en")
    with book(place) as ledger:
        with ledger.own("once"):
            pass
        assert "All is well" in place.run("status")
        with ledger.own("run"):
            assert "crosspost run works since" in place.run("status")
    assert "crosspost run does not run any more: it ended at" in place.run("status")


def test_an_article_that_is_only_in_a_feed_yet_is_found_there(place):
    place.site.publish("Old")
    place.configure("x_en", first_run='"skip"')
    told = place.run("why", place.site.link("Old"))
    assert "Feed news lists it now (“Old”): the first reading will find it, and first_run = skip says" in told
    place.run("once")
    place.site.publish("Moon landing")
    told = place.run("why", place.site.link("Moon landing"))
    assert "Feed news lists it now (“Moon landing”): the next reading brings it." in told


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ("moonlanding", "nearest there:\n  {0}  Moon landing (news)"),
        ("nothing-like-it-at-all", "Nor is it in feed news at this moment, nor anything like it."),
    ],
)
def test_what_is_nearest_in_the_feeds_is_named(place, wanted, words):
    place.site.publish("Moon landing")
    place.configure("x_en")
    told = place.run("why", f"{place.site.address}/news/{wanted}")
    assert "No feed has brought" in told
    assert words.format(place.site.link("Moon landing")) in told


def test_what_is_nearest_in_the_ledger_is_named_once(place):
    place.site.publish("Moon landing")
    place.configure("x_en")
    place.run("once")
    told = place.run("why", place.site.link("moonlanding"))
    assert told.count(place.site.link("Moon landing")) == 1
    assert "Nor is it in feed news at this moment." in told


def test_an_article_that_changed_its_address_is_known_by_its_guid(place):
    place.site.publish("Moon landing")
    place.configure("x_en")
    place.run("once")
    place.site.link = lambda title: f"{place.site.address}/news/moved"
    told = place.run("why", place.site.link("Moon landing"))
    assert "crosspost knows it as https://127.0.0.1" in told


def test_a_feed_that_cannot_be_asked_is_named(place):
    place.configure("x_en")
    place.site.broken = Response("no", status_code=500)
    told = place.run("why", "https://site.example/en/never")
    assert "Feed news could not be asked: " in told and "trouble of its own (500)." in told


def test_a_number_or_words_that_nothing_has_are_told(place):
    place.site.publish("A lake of methane")
    place.configure("x_en")
    assert "There is no post 99" in place.run("why", "99")
    told = place.run("why", "lake of methane")
    assert "No article has the address “lake of methane”." in told
    assert "A lake of methane (news)" in told


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ("https://site.example/en/never", "No feed has brought https://site.example/en/never so far."),
        ("99", "There is no post 99; crosspost queue and crosspost history list what there is."),
    ],
)
def test_a_script_is_told_too_of_what_was_never_seen(place, wanted, words):
    place.site.publish("Moon landing")
    place.configure("x_en")
    place.run("once")
    (seen,) = place.json("why", place.site.link("Moon landing"))
    (unseen,) = place.json("why", wanted)
    assert set(unseen) == set(seen)
    assert unseen["reason"].startswith(words) and "\n" not in unseen["reason"]
    known = {key: value for key, value in unseen.items() if value is not None and key != "reason"}
    assert known == {"article": wanted, "attempts": 0}


def test_why_names_the_channels_that_have_no_post_of_it(place):
    other = '[feeds.other]\nurl = "https://site.example/rss.xml"'
    place.configure("x_en", "vk_ru", "facebook", vk_ru="enabled = false", facebook='feeds = ["other"]', more=other)
    bring(place, State.HELD)
    assert "nothing, since" not in place.run("why", "1")
    told = place.run("why", "https://site.example/en/1")
    assert "vk_ru: nothing, since it is off (enabled = false in the config)." in told
    assert "facebook: nothing, since it does not read feed news." in told
