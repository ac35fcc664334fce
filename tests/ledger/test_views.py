"""What people ask the ledger."""

from __future__ import annotations

from datetime import timedelta

from crosspost.ledger import RECOGNISED, views
from crosspost.ledger.rows import Event
from crosspost.post import Receipt, State
from crosspost.text.near import Named
from tests.bring import article, bring
from tests.fakes import NOON
from tests.ledger.lives import ME, RECEIPT, asking, prepared


def send(ledger, entry):
    ledger.begin(entry, prepared(entry), ME)
    ledger.sent(ledger.entry(entry.id), RECEIPT, "the platform has it")


def test_what_is_to_come_begins_with_what_needs_a_person(ledger):
    later = bring(ledger, article(2), at=NOON + timedelta(hours=1))[0]
    sooner = bring(ledger, article(3))[0]
    held = bring(ledger, article(4), state=State.HELD)[0]
    skipped = bring(ledger, article(5), state=State.SKIPPED)[0]
    question = asking(ledger)
    told = [entry.id for entry in views.to_come(ledger)]
    assert told == [question.id, held.id, sooner.id, later.id]
    assert skipped.id not in told


def test_what_is_done_ends_with_the_newest(ledger, clock):
    first, second, third = bring(ledger, *(article(number) for number in range(1, 4)))
    for entry in (second, first):
        clock.advance(minutes=1)
        send(ledger, entry)
    assert [entry.id for entry in views.done(ledger, None)] == [second.id, first.id]
    assert [entry.id for entry in views.done(ledger, 1)] == [first.id]
    assert third.id in [entry.id for entry in views.everything(ledger)]


def test_a_posts_log_says_what_when_why_and_by_whom(ledger, clock):
    entry = bring(ledger)[0]
    clock.advance(minutes=1)
    ledger.decide(entry, State.HELD, sources=[State.DUE], why="wait for the picture", by="olga")
    assert views.log_of(ledger, [entry.id])[entry.id] == [
        Event(NOON, entry.id, "news", None, "due", "new in news", "crosspost"),
        Event(NOON + timedelta(minutes=1), entry.id, None, None, "held", "wait for the picture", "olga"),
    ]


def test_a_mistyped_address_finds_its_neighbours(ledger):
    bring(ledger, article(1, link="https://site.example/en/moon-landing"), article(2, link="https://other.example/x"))
    near = Named("https://site.example/en/moon-landing", "Headline 1")
    assert views.nearest(ledger, "https://site.example/en/moonlanding") == [near]
    assert views.nearest(ledger, "https://nothing.example/like-it") == []


def test_channels_are_counted_and_tell_when_they_sent_last(ledger, clock):
    one, _ = bring(ledger, article(1), article(2))
    bring(ledger, article(3), channels=("vk_ru",))
    clock.advance(minutes=7)
    send(ledger, one)
    assert views.counts(ledger) == {"x_en": {State.DUE: 1}, "vk_ru": {State.DUE: 1}}
    channels = ["x_en", "vk_ru"]
    assert views.last_sent(ledger, channels) == {"x_en": NOON + timedelta(minutes=7)}
    assert views.sent_since(ledger, channels, NOON + timedelta(minutes=7)) == {"x_en": 1, "vk_ru": 0}
    assert views.sent_since(ledger, channels, NOON + timedelta(minutes=8)) == {"x_en": 0, "vk_ru": 0}
    assert views.total(ledger, State) == {State.SENT: 1, State.DUE: 2}
    assert views.total(ledger, [State.SENT], since=NOON + timedelta(minutes=8)) == {}
    assert views.total(ledger, State, since=NOON + timedelta(minutes=1)) == {State.SENT: 1}


def test_what_a_channel_showed_already_does_not_count_as_sent_by_it(ledger, clock):
    one, two = bring(ledger, article(1), article(2))
    send(ledger, one)
    clock.advance(minutes=7)
    ledger.sent(two, Receipt("9", "https://x.com/i/status/9"), RECOGNISED)
    assert views.sent_since(ledger, ["x_en"], NOON) == {"x_en": 1}
    assert views.last_sent(ledger, ["x_en"]) == {"x_en": NOON}
    assert views.recognised(ledger, NOON) == views.recognised(ledger, NOON + timedelta(minutes=7)) == 1
    assert views.recognised(ledger, NOON + timedelta(minutes=8)) == 0


def test_a_few_numbers_of_posts_in_a_state_are_told_the_longest_in_it_first(ledger, clock):
    bring(ledger, article(1), article(2), article(3))
    first, second = views.numbers(ledger, State.DUE, 2)
    clock.advance(minutes=1)
    ledger.decide(ledger.entry(first), State.DUE, sources=[State.DUE], why="now", by="olga")
    assert views.numbers(ledger, State.DUE, 2) == [second, second + 1]
    assert views.numbers(ledger, State.HELD, 2) == []


def test_a_channels_line_says_from_when_on_each_post_waits(ledger):
    settling, waiting = NOON + timedelta(minutes=2), NOON
    (one,) = bring(ledger, article(1), state=State.PLANNED, at=settling, urgent=True)
    (two,) = bring(ledger, article(2), state=State.DUE)
    bring(ledger, article(3), state=State.HELD)
    bring(ledger, article(4), state=State.PLANNED, channels=("vk_ru",))
    line = views.line(ledger, "x_en")
    assert {post.id: (at, post.urgent) for post, at in line.items()} == {
        one.id: (settling, True),
        two.id: (waiting, False),
    }


def test_an_old_article_is_found_near_its_address_among_many(ledger):
    old = article(0, link="https://site.example/en/moon-landing", guid="old", title="Old")
    bring(ledger, old, *(article(number, link=f"https://site.example/ru/{number}") for number in range(1, 601)))
    assert views.nearest(ledger, "https://site.example/en/moon-landings")[0].title == "Old"


def test_nobody_has_owned_a_new_ledger(ledger):
    assert views.last_owner(ledger) is None
    assert views.of_number(ledger, 1) == []
