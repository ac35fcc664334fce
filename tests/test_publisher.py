"""The publisher, on a real ledger and a platform in memory: nothing twice, nothing lost, whatever the platform does."""

from __future__ import annotations

import threading
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from datetime import time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from structlog.testing import capture_logs

from crosspost.errors import (
    Blocked,
    ConfigError,
    Duplicate,
    Refused,
    Throttled,
    Unreachable,
    Unreadable,
    Unsure,
)
from crosspost.feeds.identity import Same, marks
from crosspost.ledger import Ledger, views
from crosspost.ledger.intake import Reading
from crosspost.ledger.owner import Owner
from crosspost.ledger.rows import ChannelRow
from crosspost.platforms.line import NoSuchRoute
from crosspost.post import ChannelState, Handover, Image, Post, State
from crosspost.publisher import Channel, Publisher
from crosspost.timing.pace import Pace
from crosspost.timing.retry import Policy
from tests.bring import article, bring, take_in
from tests.fakes import NOON, Clock, FakePlatform, Hanging, Processed
from tests.ledger.conftest import clock, file_ledger, migrated_file

__all__ = ["clock", "file_ledger", "migrated_file"]

ME = Owner("me", lambda: True)
PATIENCE = timedelta(seconds=30)


def seconds(*numbers):
    return [timedelta(seconds=number) for number in numbers]


@dataclass
class World:
    """One channel, its platform, its ledger, and a clock."""

    ledger: Ledger
    clock: Clock
    platform: FakePlatform
    folder: Path
    name: str = "x_en"
    resend_with_guid: bool = False
    retry: list = field(default_factory=lambda: seconds(60, 300))
    looks: list = field(default_factory=lambda: seconds(20, 120, 900))
    breaker: int = 5
    timeout: timedelta = PATIENCE
    pace: Pace | None = None

    def __post_init__(self):
        self.defects = {}  # by article title, what writing it up raises
        self.template = "{title}\n\n{link}"
        self.publisher = self.start()

    def start(self):
        """A publisher as after a (re)start of the process."""
        channel = Channel(
            self.name, self.write_up, self.lay_out, lambda: self.platform, self.resend_with_guid, self.pace
        )
        policy = Policy(self.retry, self.looks, self.breaker, self.timeout)
        self.publisher = Publisher(channel, self.ledger, ME, policy, self.clock)
        return self.publisher

    def write_up(self, one, key, frozen):
        if frozen:
            return Post(frozen.text, frozen.link, one.title, key=key)
        if defect := self.defects.get(one.title):
            raise defect
        link = one.link and f"{one.link}?utm_source=x"
        return Post(self.template.format(title=one.title, link=link), link, one.title, key=key)

    def lay_out(self, number, post):
        (self.folder / "handed").mkdir()
        (self.folder / "handed" / "text.txt").write_text(post.text)
        return self.folder / "handed"

    def bring(self, *articles, **how):
        found = bring(self.ledger, *articles, channels=(self.name,), **how)
        return found[0] if len(found) == 1 else found

    def tick(self, **after):
        self.clock.advance(**after)
        self.publisher.tick()

    def now(self, entry):
        return self.ledger.entry(entry.id)

    def state(self, entry):
        return self.now(entry).state

    @property
    def channel(self):
        return self.ledger.channel(self.name)

    @property
    def texts(self):
        """What readers see."""
        return [shown.text for shown in self.platform.posts]

    def log_of(self, entry):
        return [event.what for event in views.log_of(self.ledger, [entry.id])[entry.id]]


@pytest.fixture
def make(file_ledger, clock, tmp_path):
    worlds = []

    def build(**changes):
        platform = changes.pop("platform", None) or FakePlatform(clock)
        worlds.append(World(file_ledger, clock, platform, tmp_path, **changes))
        return worlds[-1]

    yield build
    for world in worlds:
        world.publisher.close()


@pytest.fixture
def world(make):
    return make()


# The good day


def test_a_due_post_is_sent_once_and_never_again(world):
    entry = world.bring()
    for _ in range(3):
        world.tick(hours=1)
    assert world.texts == ["Headline 1\n\nhttps://site.example/en/1?utm_source=x"]
    assert len(world.platform.calls) == 1
    now = world.now(entry)
    assert (now.state, now.remote_id, now.address) == (State.SENT, "1", "https://social.example/sample/1")
    assert world.log_of(entry) == ["due", "sending", "sent"]


def test_posts_go_out_in_the_order_in_which_they_came(world):
    world.template = "{title}"
    world.bring(*(article(number) for number in range(1, 5)))
    world.tick()
    assert world.texts == ["Headline 1", "Headline 2", "Headline 3", "Headline 4"]


def test_what_is_due_later_waits(world):
    entry = world.bring(at=NOON + timedelta(minutes=1))
    world.tick(seconds=59)
    assert world.texts == []
    world.tick(seconds=1)
    assert world.state(entry) is State.SENT


def test_another_channels_posts_are_none_of_its_business(make):
    english, russian = make(name="x_en"), make(name="vk_ru")
    english.bring(article(1))
    russian.tick()
    assert (len(english.platform.calls), len(russian.platform.calls)) == (0, 0)


def test_the_intent_is_durable_before_the_call(world, tmp_path, clock):
    entry = world.bring()
    seen = []

    def look(prepared):
        other = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}", clock)  # as another process would see it
        now, calls = other.entry(entry.id), other.calls(entry)
        seen.append((now.state, now.text, now.link, now.attempts, calls[0].ended_at))
        assert (now.text, now.link, now.key) == (prepared.post.text, prepared.post.link, prepared.post.key)
        other.close()

    world.platform.watch = look
    world.tick()
    text = "Headline 1\n\nhttps://site.example/en/1?utm_source=x"
    assert seen == [(State.SENDING, text, "https://site.example/en/1?utm_source=x", 1, None)]
    assert world.ledger.calls(entry)[0].outcome == "sent"


# Every way a call can end


@dataclass(frozen=True)
class End:
    """How a call ends, and what must be true right after it."""

    error: Exception
    state: State
    wait: float  # seconds until the post is next worth touching
    failures: int
    channel: ChannelState = ChannelState.ACTIVE
    in_a_row: int = 0  # the channel's failures
    outcome: str = ""


ENDS = {
    "refused": End(Refused("too long"), State.REFUSED, 0, 0, outcome="refused"),
    "duplicate": End(Duplicate("a duplicate"), State.REFUSED, 0, 0, outcome="refused"),
    "throttled until": End(
        Throttled("slowly", until=NOON + timedelta(hours=1)), State.DUE, 3600, 0, ChannelState.RESTING, outcome="due"
    ),
    "throttled for": End(Throttled("slowly", wait=90), State.DUE, 90, 0, ChannelState.RESTING, outcome="due"),
    "throttled": End(Throttled("slowly"), State.DUE, 60, 1, ChannelState.RESTING, outcome="due"),
    "unreachable": End(Unreachable("no route"), State.DUE, 60, 1, in_a_row=1, outcome="due"),
    "blocked": End(Blocked("the token died"), State.DUE, 0, 0, ChannelState.BLOCKED, outcome="due"),
    "no such route": End(NoSuchRoute("nothing was sent"), State.DUE, 0, 0, ChannelState.BLOCKED, outcome="due"),
    "unsure": End(Unsure("no answer"), State.UNSURE, 20, 0, in_a_row=1, outcome="unsure"),
    "unreadable": End(Unreadable("no right"), State.UNSURE, 20, 0, in_a_row=1, outcome="unsure"),
    "a library's own": End(KeyError("captcha_img"), State.UNSURE, 20, 0, in_a_row=1, outcome="unsure"),
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_a_call_ends_in_its_state(world, end):
    entry = world.bring()
    world.platform.publishing = [end.error]
    world.tick()
    now = world.now(entry)
    assert (now.state, now.at, now.failures) == (end.state, NOON + timedelta(seconds=end.wait), end.failures)
    assert world.ledger.calls(entry)[0].outcome == end.outcome
    assert (world.channel.state, world.channel.failures) == (end.channel, end.in_a_row)
    assert len(world.platform.calls) == 1
    said = str(end.error) if not isinstance(end.error, KeyError) else "client library failed unexpectedly (KeyError)"
    assert said in now.reason
    if end.channel is not ChannelState.ACTIVE:
        assert said in world.channel.reason


NOT_PUBLISHED = {name: end for name, end in ENDS.items() if end.state is not State.UNSURE} | {
    # Nothing that readers see comes of an upload, so it never leaves a doubt.
    name: End(ENDS[name].error, State.DUE, 60, 1, in_a_row=1)
    for name in ("unsure", "unreadable", "a library's own")
}


@pytest.mark.parametrize("end", NOT_PUBLISHED.values(), ids=NOT_PUBLISHED)
def test_an_upload_that_fails_ends_alike_and_leaves_no_doubt(world, end):
    entry = world.bring()
    world.platform.preparing = [end.error]
    world.tick()
    now = world.now(entry)
    assert (now.state, now.at, now.failures) == (end.state, NOON + timedelta(seconds=end.wait), end.failures)
    assert (world.channel.state, world.channel.failures) == (end.channel, end.in_a_row)
    assert (world.platform.calls, world.ledger.calls(entry), now.attempts) == ([], [], 0)


def test_a_post_that_was_certainly_not_posted_is_written_up_anew(world):
    entry = world.bring()
    world.platform.publishing = [Unreachable("no route")]
    world.tick()
    world.template = "mended: {title}"
    world.tick(seconds=60)
    assert world.texts == ["mended: Headline 1"]
    assert world.now(entry).attempts == 2


def test_waits_grow_with_each_failure_until_the_post_expires(make):
    world = make(breaker=0)
    entry = world.bring(expires=timedelta(minutes=20))
    world.platform.publishing = [Unreachable("no route")] * 9
    waits = []
    while world.state(entry) is State.DUE:
        world.tick()
        waits.append((world.now(entry).at - world.clock()).total_seconds())
        world.clock.now = max(world.now(entry).at, world.clock.now)
    assert waits[:4] == [60, 300, 300, 300]
    assert (world.state(entry), world.now(entry).reason) == (State.SKIPPED, "expired before it could be sent")


def test_a_refused_post_does_not_stop_the_others(world):
    posts = world.bring(*(article(number) for number in range(1, 4)))
    world.platform.publishing = [None, Refused("too long")]
    world.tick()
    assert [world.state(entry) for entry in posts] == [State.SENT, State.REFUSED, State.SENT]


def test_each_pass_tries_each_post_once(make):
    world = make(retry=seconds(0), breaker=0)
    world.bring(*(article(number) for number in range(1, 4)))
    world.platform.publishing = [Unreachable("no route")] * 3
    world.tick()
    assert len(world.platform.calls) == 3


# Doubt


def doubtful(world, *articles, **how):
    """A post whose call was processed, and whose answer was lost."""
    entry = world.bring(*articles, **how)
    world.platform.publishing = [Processed(Unsure("the connection broke"))]
    world.tick()
    assert world.state(entry) is State.UNSURE
    return entry


def never_arrived(world, **how):
    """A post whose call was lost on its way."""
    entry = world.bring(**how)
    world.platform.publishing = [Unsure("the connection broke")]
    world.tick()
    assert world.state(entry) is State.UNSURE
    return entry


def test_a_doubt_is_settled_by_a_look(world):
    entry = doubtful(world)
    world.tick(seconds=19)
    assert world.platform.looks == 0
    world.tick(seconds=1)
    now = world.now(entry)
    assert (now.state, now.address, now.reason) == (
        State.SENT,
        "https://social.example/sample/1",
        "found on the platform",
    )
    assert (len(world.platform.calls), len(world.texts)) == (1, 1)


def test_an_article_without_a_link_is_found_by_its_exact_text(world):
    world.template = "{title}"
    world.platform.show("Headline 1, and more")
    entry = doubtful(world, article(1, link=""))
    world.tick(seconds=20)
    assert world.now(entry).remote_id == "2"


def test_articles_that_share_a_link_are_told_apart_by_their_texts(world):
    live = "https://site.example/live"
    first = world.bring(article(1, link=live))
    world.tick()
    second = world.bring(article(2, link=live))
    world.platform.publishing = [Unsure("the connection broke")]
    world.tick()
    for wait in (20, 100, 780):
        world.tick(seconds=wait)
    assert (world.now(first).remote_id, world.now(second).remote_id) == ("1", "2")
    assert [text.partition("\n")[0] for text in world.texts] == ["Headline 1", "Headline 2"]


def test_a_timeline_that_lags_is_looked_at_again(world):
    world.platform.lag = timedelta(minutes=1)
    entry = doubtful(world)
    world.tick(seconds=20)
    assert (world.state(entry), world.now(entry).looks) == (State.UNSURE, 1)
    world.tick(seconds=100)
    assert (world.state(entry), len(world.platform.calls)) == (State.SENT, 1)


def test_a_platform_whose_clock_is_behind_ours_is_read_far_enough_back(world):
    world.platform.behind = timedelta(minutes=4)
    entry = doubtful(world)
    world.tick(seconds=20)
    assert (world.state(entry), len(world.platform.calls)) == (State.SENT, 1)


def test_looks_are_counted_from_the_end_of_the_call(world):
    entry = never_arrived(world)
    world.tick(seconds=50)  # the first look, late
    assert world.now(entry).at == NOON + timedelta(seconds=120)
    world.tick(seconds=70)
    assert world.now(entry).at == NOON + timedelta(seconds=900)


def test_not_found_at_the_last_look_it_is_sent_once_more_with_the_same_key_and_the_identical_text(world):
    entry = never_arrived(world)
    world.template = "meanwhile another template: {title}"
    for wait in (20, 100, 780):
        assert len(world.platform.calls) == 1
        world.tick(seconds=wait)
    first, second = world.platform.calls
    assert (first.post.text, first.post.link, first.post.key) == (second.post.text, second.post.link, second.post.key)
    assert (world.state(entry), len(world.texts), world.platform.looks) == (State.SENT, 1, 3)
    assert [call.outcome for call in world.ledger.calls(entry)] == ["absent", "sent"]


def test_a_second_doubt_is_looked_for_like_the_first(world):
    entry = never_arrived(world)
    world.platform.publishing = [Processed(Unsure("again"))]
    for wait in (20, 100, 780):
        world.tick(seconds=wait)
    assert (world.state(entry), world.now(entry).looks, world.now(entry).attempts) == (State.UNSURE, 0, 2)
    world.tick(seconds=20)
    assert (world.state(entry), len(world.texts)) == (State.SENT, 1)


@pytest.mark.parametrize(
    ("error", "wait"),
    [
        (Unreachable("no route"), 60),
        (Unsure("no answer"), 60),
        (Blocked("the token died"), 60),
        (Throttled("slowly", wait=300), 300),
        (RuntimeError("a defect"), 60),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_look_that_fails_proves_nothing_and_does_not_count(world, error, wait):
    entry = never_arrived(world)
    world.platform.looking = [error]
    world.tick(seconds=20)
    now = world.now(entry)
    assert (now.state, now.looks, now.at) == (State.UNSURE, 0, world.clock() + timedelta(seconds=wait))
    assert len(world.platform.calls) == 1


def test_a_platform_that_cannot_be_reached_for_days_is_waited_for(make):
    world = make(looks=seconds(20))
    entry = doubtful(world)
    world.platform.looking = [Unreachable("no route")] * 100
    for _ in range(100):
        world.tick(hours=1)
    assert (world.state(entry), len(world.platform.calls)) == (State.UNSURE, 1)
    world.tick(hours=1)
    assert (world.state(entry), len(world.texts)) == (State.SENT, 1)


def test_a_channel_that_cannot_be_read_asks_a_person(world):
    world.platform.readable = False
    entry = doubtful(world)
    for _ in range(5):
        world.tick(hours=1)
    now = world.now(entry)
    assert (now.state, len(world.platform.calls)) == (State.ASKING, 1)
    assert "cannot be read with a community token; look at the channel and use crosspost mark" in now.reason


def test_our_own_earlier_call_that_makes_a_duplicate_is_found(world):
    world.platform.lag = timedelta(minutes=17)  # later than the last look
    entry = doubtful(world)
    world.platform.publishing = [Duplicate("a duplicate")]
    for wait in (20, 100, 780):
        world.tick(seconds=wait)
    assert (world.state(entry), world.now(entry).attempts) == (State.UNSURE, 2)
    world.tick(seconds=20)
    world.tick(seconds=100)
    assert (world.state(entry), len(world.texts)) == (State.SENT, 1)


def test_a_duplicate_that_is_never_seen_is_a_persons_matter(world):
    entry = never_arrived(world)
    world.platform.publishing = [Duplicate("a duplicate")]
    for wait in (20, 100, 780, 20, 100, 780, 3600):
        world.tick(seconds=wait)
    assert (world.state(entry), len(world.platform.calls)) == (State.ASKING, 2)
    assert "has this text, but does not show it" in world.now(entry).reason


def test_a_policy_without_looks_asks_at_once(make):
    world = make(looks=[])
    entry = world.bring()
    world.platform.publishing = [Unsure("no answer")]
    world.tick()
    assert (world.state(entry), world.log_of(entry)) == (State.ASKING, ["due", "sending", "unsure", "asking"])


# A platform that takes a key only once


@pytest.fixture
def vk(make, clock):
    return make(platform=FakePlatform(clock, readable=False, honours_keys=True), name="vk_ru", resend_with_guid=True)


def test_a_channel_that_may_repeat_does_so_within_the_hour_and_nothing_doubles(vk):
    entry = doubtful(vk)
    vk.tick(seconds=20)
    assert (vk.state(entry), len(vk.platform.calls), len(vk.texts)) == (State.SENT, 2, 1)
    first, second = vk.platform.calls
    assert (first.post.key, first.post.text) == (second.post.key, second.post.text)


def test_past_the_hour_it_asks_instead(vk):
    entry = doubtful(vk)
    vk.tick(minutes=56)
    assert (vk.state(entry), len(vk.platform.calls)) == (State.ASKING, 1)


@pytest.mark.parametrize(
    "error",
    [Throttled("slowly", wait=3600), Blocked("captcha"), Unreachable("no route")],
    ids=lambda error: type(error).__name__,
)
@pytest.mark.parametrize("verb", ["publishing", "preparing"])
def test_a_repeat_that_was_held_up_past_the_hour_is_not_made(vk, error, verb):
    entry = doubtful(vk)
    setattr(vk.platform, verb, [error])
    vk.tick(seconds=20)
    assert vk.state(entry) is State.DUE
    vk.tick(hours=2)
    assert (vk.state(entry), len(vk.texts)) == (State.ASKING, 1)
    assert "to repeat it is no longer safe" in vk.now(entry).reason


def test_a_repeat_that_was_held_up_for_minutes_is_made(vk):
    entry = doubtful(vk)
    vk.platform.publishing = [Unreachable("no route")]
    vk.tick(seconds=20)
    vk.tick(seconds=60)
    assert (vk.state(entry), len(vk.texts)) == (State.SENT, 1)


@pytest.mark.parametrize("first", [None, State.HELD], ids=["due", "held"])
def test_to_skip_what_may_be_out_already_is_to_ask_first(vk, first):
    entry = doubtful(vk)
    vk.platform.publishing = [Unreachable("no route")]
    vk.tick(seconds=20)
    if first is not None:
        vk.ledger.decide(vk.now(entry), first, sources=[State.DUE], why="held", by="olga")
    state = vk.state(entry)
    assert vk.ledger.decide(vk.now(entry), State.SKIPPED, sources=[state], why="skipped", by="olga")
    assert (vk.state(entry), len(vk.texts)) == (State.ASKING, 1)
    assert "skipped, but an earlier call may have been processed; look at the channel" in vk.now(entry).reason
    assert vk.ledger.decide(vk.now(entry), State.SKIPPED, sources=[State.ASKING], why="skipped", by="olga")
    assert vk.state(entry) is State.SKIPPED


def test_what_may_be_out_already_does_not_expire_but_is_asked_about(vk):
    entry = doubtful(vk, expires=timedelta(minutes=1))
    vk.platform.publishing = [Unreachable("no route")]
    vk.tick(seconds=20)
    vk.tick(minutes=1)
    assert (vk.state(entry), len(vk.texts)) == (State.ASKING, 1)
    assert "it expired before it could be sent again" in vk.now(entry).reason


def test_a_person_who_wants_a_repeat_sooner_does_not_make_it_safe(vk):
    entry = doubtful(vk)
    vk.platform.publishing = [Unreachable("no route")]
    vk.tick(seconds=20)
    vk.clock.advance(hours=2)
    vk.ledger.decide(vk.now(entry), State.DUE, sources=[State.DUE], why="now", by="olga", at=vk.clock())
    vk.tick()
    assert (vk.state(entry), len(vk.texts)) == (State.ASKING, 1)


def test_a_repeat_that_is_refused_may_be_refused_since_the_first_call_was_taken(vk):
    entry = doubtful(vk)
    vk.platform.publishing = [Refused("error 100")]
    vk.tick(seconds=20)
    assert (vk.state(entry), len(vk.texts)) == (State.ASKING, 1)


# Late answers


def hung(world):
    """A post whose call is still under way when its deadline has passed; what lets it answer."""
    go_on, gone = threading.Event(), threading.Event()
    entry = world.bring()
    world.platform.publishing = [Hanging(lambda: go_on.wait(PATIENCE.total_seconds()))]
    real = world.publisher._late

    def late(*told):
        real(*told)
        gone.set()

    world.publisher._late = late
    world.tick()

    def answer():
        go_on.set()
        assert gone.wait(PATIENCE.total_seconds())

    return entry, answer


@pytest.fixture
def hasty(make):
    return make(timeout=timedelta(seconds=0.5))


def test_a_call_past_its_deadline_leaves_a_doubt_and_its_late_answer_counts(hasty):
    entry, answer = hung(hasty)
    assert (hasty.state(entry), hasty.now(entry).reason) == (State.UNSURE, "no answer within 0.5 s")
    answer()
    assert (hasty.state(entry), hasty.now(entry).reason) == (State.SENT, "the answer came after the deadline")
    hasty.tick(hours=1)
    assert (len(hasty.platform.calls), hasty.platform.looks) == (1, 0)


@pytest.mark.parametrize("decided", [State.HELD, State.SKIPPED])
def test_a_late_answer_counts_whatever_a_person_decided_meanwhile(hasty, decided):
    entry, answer = hung(hasty)
    for _ in range(3):
        hasty.clock.advance(seconds=900)
        hasty.publisher._doubts.settle_one(hasty.now(entry))
    assert hasty.state(entry) is State.DUE
    hasty.ledger.decide(entry, decided, sources=[State.DUE], why="no", by="olga")
    answer()
    assert hasty.state(entry) is State.SENT


def test_a_late_answer_to_a_call_that_was_repeated_is_told_as_a_double(hasty):
    entry, answer = hung(hasty)
    for _ in range(3):
        hasty.tick(seconds=900)
    sent = hasty.now(entry)
    assert (sent.state, len(hasty.platform.calls)) == (State.SENT, 2)
    with capture_logs() as log:
        answer()
    assert [(line["event"], line["address"]) for line in log] == [("post.doubled", "https://social.example/sample/2")]
    assert hasty.now(entry) == sent


def test_the_other_posts_do_not_wait_for_a_call_that_hangs(hasty):
    entry, answer = hung(hasty)
    other = hasty.bring(article(2))
    hasty.tick()
    assert (hasty.state(entry), hasty.state(other)) == (State.UNSURE, State.SENT)
    answer()


# Orphans


@pytest.mark.parametrize("processed", [True, False])
def test_a_post_left_in_the_middle_of_a_call_is_looked_for(world, processed):
    class Killed(BaseException):
        pass

    entry = world.bring()
    world.platform.publishing = [Processed(Killed()) if processed else Killed()]
    with pytest.raises(Killed):
        world.tick()
    assert world.state(entry) is State.SENDING

    world.start()
    world.tick(seconds=5)
    assert (world.state(entry), world.now(entry).reason) == (
        State.UNSURE,
        "crosspost stopped in the middle of the call",
    )
    assert len(world.platform.calls) == 1
    for wait in (20, 100, 780):
        world.tick(seconds=wait)
    assert (world.state(entry), len(world.texts)) == (State.SENT, 1)
    assert len(world.platform.calls) == (1 if processed else 2)


# The channel's own state


def test_a_throttle_that_names_its_time_makes_the_channel_rest_until_then_and_no_other(make):
    x, vk = make(name="x_en"), make(name="vk_ru")
    first, second = x.bring(article(1), article(2))
    other = vk.bring(article(3))
    x.platform.publishing = [Throttled("slowly", until=NOON + timedelta(hours=1))]
    x.tick()
    vk.tick()
    assert [x.state(first), x.state(second), vk.state(other)] == [State.DUE, State.DUE, State.SENT]
    assert (x.channel.state, x.channel.until) == (ChannelState.RESTING, NOON + timedelta(hours=1))
    x.tick(minutes=59)
    assert len(x.platform.calls) == 1
    x.tick(minutes=1)
    assert [x.state(first), x.state(second)] == [State.SENT, State.SENT]
    assert x.channel == ChannelRow("x_en")


def test_a_throttle_by_a_clock_that_is_behind_is_not_asked_again_at_once(world):
    world.bring(article(1), article(2))
    world.platform.publishing = [Throttled("slowly", until=NOON - timedelta(seconds=5))] * 2
    world.tick()
    assert len(world.platform.calls) == 1


def test_the_breaker_opens_after_so_many_failures_in_a_row(make):
    world = make(breaker=3)
    world.bring(*(article(number) for number in range(1, 7)))
    world.platform.publishing = [Unreachable("no route"), Unsure("no answer"), Unreachable("no route")]
    world.tick()
    assert len(world.platform.calls) == 3
    assert (world.channel.state, world.channel.until) == (ChannelState.RESTING, NOON + timedelta(seconds=60))
    assert world.channel.reason == "3 failures in a row: no route"


def test_a_success_between_failures_keeps_the_breaker_closed(make):
    world = make(breaker=2)
    world.bring(*(article(number) for number in range(1, 6)))
    world.platform.publishing = [Unreachable("no route"), None, Unreachable("no route"), None, None]
    world.tick()
    assert (len(world.platform.calls), world.channel) == (5, ChannelRow("x_en"))


def test_an_open_breaker_lets_one_try_through_and_closes_when_it_goes_well(make):
    world = make(breaker=2)
    world.bring(*(article(number) for number in range(1, 6)))
    world.platform.publishing = [Unreachable("no route")] * 3
    world.tick()
    world.tick(seconds=59)
    assert len(world.platform.calls) == 2
    world.tick(seconds=1)
    assert len(world.platform.calls) == 3  # one gentle try, which fails: the next rest is longer
    assert (world.channel.rests, world.channel.until) == (2, world.clock() + timedelta(seconds=300))
    world.tick(seconds=300)
    assert (len(world.texts), world.channel) == (5, ChannelRow("x_en"))


def test_a_breaker_of_nought_never_opens(make):
    world = make(breaker=0)
    world.bring(*(article(number) for number in range(1, 8)))
    world.platform.publishing = [Unreachable("no route")] * 7
    world.tick()
    assert (len(world.platform.calls), world.channel.state) == (7, ChannelState.ACTIVE)


def test_a_blocked_channel_keeps_its_posts_due_and_goes_on_by_itself_when_mended(world):
    posts = world.bring(*(article(number) for number in range(1, 4)))
    world.platform.publishing = [Blocked("the token died")] * 2
    world.tick()
    assert len(world.platform.calls) == 1
    assert {world.state(entry) for entry in posts} == {State.DUE}
    assert (world.channel.state, world.channel.reason) == (ChannelState.BLOCKED, "the token died")
    world.tick(seconds=60)
    assert len(world.platform.calls) == 2  # tried gently
    world.tick(seconds=299)
    assert len(world.platform.calls) == 2
    world.tick(seconds=1)
    assert {world.state(entry) for entry in posts} == {State.SENT}
    assert world.channel == ChannelRow("x_en")


def test_a_person_who_insists_has_a_blocked_channel_tried_at_once_with_one_post(world):
    world.bring(article(1), article(2))
    world.platform.publishing = [Blocked("the token died")] * 2
    world.tick()
    world.publisher.tick(insist=True)
    assert len(world.platform.calls) == 2
    world.publisher.tick(insist=True)
    assert len(world.texts) == 2


def test_nobody_insists_on_a_channel_that_rests_since_the_platform_asked_for_it(world):
    world.bring(article(1), article(2))
    world.platform.publishing = [Throttled("slowly", wait=600)]
    world.tick()
    world.publisher.tick(insist=True)
    assert len(world.platform.calls) == 1


def test_a_paused_channel_sends_nothing_and_still_settles_its_doubts(world):
    unsure = doubtful(world)
    waiting = world.bring(article(2))
    world.ledger.pause("x_en", "on holiday", by="olga")
    world.tick(seconds=20)
    world.publisher.tick(insist=True)
    assert (world.state(unsure), world.state(waiting)) == (State.SENT, State.DUE)


@pytest.mark.parametrize(
    "end", [None, Unreachable("no route"), Blocked("the token died")], ids=["sent", "failed", "blocked"]
)
def test_a_channel_that_a_person_pauses_during_a_call_stays_paused(world, end):
    world.bring(article(1), article(2))
    world.ledger.set_channel(ChannelRow("x_en", failures=1))
    paused = ChannelRow("x_en", ChannelState.PAUSED, "by olga: on holiday")
    world.platform.publishing = [end]
    world.platform.watch = lambda prepared: world.ledger.pause("x_en", "on holiday", by="olga")
    world.tick()
    assert (world.channel, len(world.platform.calls)) == (paused, 1)


def test_no_call_begins_once_a_person_has_paused_the_channel(world, monkeypatch):
    entry = world.bring(article(1))
    prepare = world.platform.prepare

    def pause_and_prepare(post):
        world.ledger.pause("x_en", "on holiday", by="olga")
        return prepare(post)

    monkeypatch.setattr(world.platform, "prepare", pause_and_prepare)
    world.tick()
    assert (world.state(entry), world.platform.calls) == (State.DUE, [])


# What people and defects do


def test_an_expired_post_is_not_sent(world):
    entry = world.bring(expires=timedelta(hours=1))
    world.tick(hours=1)
    assert (world.state(entry), world.platform.prepared) == (State.SKIPPED, [])


def test_a_person_who_holds_a_post_while_it_is_uploaded_wins(world):
    entry = world.bring()
    world.platform.prepare = lambda post: hold(world, entry, post)
    world.tick()
    assert (world.state(entry), world.platform.calls, world.ledger.calls(entry)) == (State.HELD, [], [])


def hold(world, entry, post):
    world.ledger.decide(entry, State.HELD, sources=[State.DUE], why="not yet", by="olga")
    return FakePlatform.prepare(world.platform, post)


def test_a_text_that_a_person_froze_goes_out_as_it_is(world):
    entry = world.bring()
    world.ledger.decide(entry, State.DUE, sources=[State.DUE], why="edited", by="olga", text="My own words", link="")
    world.tick()
    assert world.texts == ["My own words"]


@pytest.mark.parametrize(
    "error", [Unreachable("503"), Throttled("a pause", wait=60), Blocked("a captcha"), Unsure("no answer")]
)
def test_a_frozen_text_outlasts_a_failed_try_a_mended_template_and_a_changed_article(world, error):
    entry = world.bring(state=State.WAITING)
    frozen = {"text": "As approved", "link": "https://site.example/en/1"}
    world.ledger.decide(entry, State.PLANNED, sources=[State.WAITING], why="approved", by="olga", **frozen)
    world.platform.publishing = [error]
    world.tick()
    world.template = "{title}, written otherwise"
    changed = article(title="A new headline", description="<p>Told anew.</p>")
    take_in(
        world.ledger,
        Reading(world.ledger.feeds()["news"], same=((Same(entry.article_id, changed, marks(changed)), ()),)),
    )
    for _ in range(5):
        world.tick(minutes=20)
    assert (world.state(entry), world.texts) == (State.SENT, ["As approved"])
    assert {call.post.link for call in world.platform.calls} == {"https://site.example/en/1"}


def test_a_template_that_refuses_an_article_does_not_refuse_what_is_approved(world):
    entry = world.bring()
    world.defects = {"Headline 1": Refused("the title alone is too long")}
    world.ledger.decide(entry, State.DUE, sources=[State.DUE], why="approved", by="olga", text="As approved", link="")
    world.tick()
    assert world.texts == ["As approved"]


@pytest.mark.parametrize(
    ("defect", "said"),
    [
        (ZeroDivisionError("by zero"), "could not be written up: a defect of crosspost (ZeroDivisionError)"),
        (ConfigError([]), "could not be written up"),
        (Refused("the title alone is too long"), "the title alone is too long"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_cannot_be_written_up_refuses_only_that_post(world, defect, said):
    one, two, three = world.bring(*(article(number) for number in range(1, 4)))
    world.defects = {"Headline 2": defect}
    world.tick()
    assert [world.state(entry) for entry in (one, two, three)] == [State.SENT, State.REFUSED, State.SENT]
    assert said in world.now(two).reason


def test_a_stop_that_cancels_a_pictures_fetch_refuses_nothing(world):
    entry = world.bring()
    world.defects = {"Headline 1": CancelledError()}
    with pytest.raises(CancelledError):
        world.tick()
    assert world.state(entry) is State.DUE


def test_a_stop_finishes_the_post_in_hand_and_takes_no_other(world):
    one, two = world.bring(article(1), article(2))
    world.platform.watch = lambda prepared: world.publisher.stop()
    world.tick()
    assert (world.state(one), world.state(two)) == (State.SENT, State.DUE)


def test_pictures_are_uploaded_before_the_call_and_go_with_it(world):
    picture = Image(b"...", "image/png", 2, 2)
    entry = world.bring()
    world.publisher._channel = Channel(
        "x_en",
        lambda one, key, frozen: Post("With a picture", "", images=(picture, picture), key=key),
        None,
        lambda: world.platform,
    )
    world.tick()
    assert world.platform.calls[0].media == ("media-0", "media-1")
    assert world.state(entry) is State.SENT


# A person publishes


@pytest.fixture
def assisted(make, clock):
    return make(platform=FakePlatform(clock, handover=Handover("https://video.example/posts")), name="youtube")


def test_a_post_for_a_person_is_laid_out_and_handed(assisted):
    entry = assisted.bring()
    assisted.tick()
    assisted.tick(hours=1)
    now = assisted.now(entry)
    assert (now.state, now.text) == (State.HANDED, (assisted.folder / "handed" / "text.txt").read_text())
    assert "ready in" in now.reason and "https://video.example/posts" in now.reason
    assert (len(assisted.platform.prepared), assisted.platform.calls) == (1, [])


def test_a_folder_that_cannot_be_written_blocks_the_channel_until_it_can(assisted):
    entry = assisted.bring()
    (assisted.folder / "handed").write_text("in the way")
    assisted.tick()
    assert (assisted.state(entry), assisted.channel.state) == (State.DUE, ChannelState.BLOCKED)
    assert "handed: File exists" in assisted.channel.reason
    (assisted.folder / "handed").unlink()
    assisted.tick(seconds=60)
    assert (assisted.state(entry), assisted.channel) == (State.HANDED, ChannelRow("youtube"))


# The pace

UTC_ZONE = ZoneInfo("UTC")
TEN_MINUTES_APART = Pace(zone=UTC_ZONE, gap=timedelta(minutes=10))


def planned(world, *numbers, **how):
    return world.bring(*(article(number) for number in numbers), state=State.PLANNED, **how)


def test_planned_posts_go_at_once_where_there_is_no_pace(world):
    planned(world, 1, 2)
    world.tick()
    assert len(world.texts) == 2


def test_posts_keep_the_gap_and_the_others_wait_for_their_turn(make):
    world = make(pace=TEN_MINUTES_APART)
    entries = planned(world, 1, 2, 3)
    world.tick()
    assert [world.state(entry) for entry in entries] == [State.SENT, State.PLANNED, State.PLANNED]
    world.tick(minutes=9)
    assert len(world.texts) == 1
    world.tick(minutes=1)
    assert [text.splitlines()[0] for text in world.texts] == ["Headline 1", "Headline 2"]


def test_after_an_outage_nothing_floods(make):
    world = make(pace=TEN_MINUTES_APART)
    planned(world, 1, 2, 3)
    world.tick(hours=12)
    assert len(world.texts) == 1


@pytest.mark.parametrize("breaker", [0, 5])
@pytest.mark.parametrize(
    "error", [Unreachable("503"), Throttled("a pause", wait=600), Blocked("a captcha"), Unsure("no answer")], ids=repr
)
def test_when_a_platform_is_back_what_was_tried_in_vain_keeps_the_pace_too(make, error, breaker):
    world = make(pace=Pace(zone=UTC_ZONE, gap=timedelta(minutes=10), at_most=(4, timedelta(hours=1))), breaker=breaker)
    entries = planned(world, *range(1, 9))
    world.platform.publishing = [error] * 1000
    for _ in range(12):
        world.tick(minutes=5)
    world.platform.publishing.clear()
    for _ in range(40):
        world.tick(minutes=5)
    times = [shown.at for shown in world.platform.posts]
    assert {world.state(entry) for entry in entries} == {State.SENT}
    assert all(later - earlier >= timedelta(minutes=10) for earlier, later in pairwise(times))
    assert all(later - earlier >= timedelta(hours=1) for earlier, later in zip(times, times[4:], strict=False))


def test_a_person_s_now_outlasts_a_channels_trouble(make):
    world = make(pace=TEN_MINUTES_APART)
    first, second = planned(world, 1, 2)
    world.tick()
    world.ledger.pause("x_en", "", by="olga")
    world.ledger.decide(second, State.DUE, sources=[State.PLANNED], why="now", by="olga", at=world.clock())
    world.tick(minutes=1)
    assert world.state(second) is State.DUE
    world.ledger.resume("x_en", by="olga")
    world.tick()
    assert [world.state(entry) for entry in (first, second)] == [State.SENT, State.SENT]


def test_a_restart_does_not_forget_what_was_sent(make):
    world = make(pace=TEN_MINUTES_APART)
    planned(world, 1, 2)
    world.tick()
    world.start()
    world.tick(minutes=5)
    assert len(world.texts) == 1


def test_an_urgent_post_goes_before_the_others_and_skips_the_gap(make):
    world = make(pace=TEN_MINUTES_APART)
    planned(world, 1, 2)
    world.tick()
    planned(world, 9, urgent=True)
    world.tick(minutes=1)
    assert [text.splitlines()[0] for text in world.texts] == ["Headline 1", "Headline 9"]
    world.tick(minutes=9)
    assert len(world.texts) == 2, "the urgent one counts for the gap"
    world.tick(minutes=1)
    assert len(world.texts) == 3


def test_quiet_hours_hold_what_comes_in_them(make):
    night = make(pace=Pace(zone=UTC_ZONE, quiet=(time(11), time(13))))
    planned(night, 1)
    night.tick()
    assert night.texts == []
    night.tick(hours=1)
    assert len(night.texts) == 1


def test_a_planned_post_that_expires_is_dropped_and_said(make):
    world = make(pace=TEN_MINUTES_APART)
    entries = planned(world, 1, 2, expires=timedelta(minutes=5))
    world.tick()
    world.tick(minutes=6)
    assert {world.state(entry): world.now(entry).reason for entry in entries} == {
        State.SENT: "the platform has it",
        State.SKIPPED: "expired before it could be sent",
    }


def test_a_call_that_certainly_posted_nothing_takes_no_turn(make):
    world = make(pace=TEN_MINUTES_APART)
    world.platform.publishing = [Refused("too long")]
    planned(world, 1, 2)
    world.tick()
    assert [text.splitlines()[0] for text in world.texts] == ["Headline 2"]


def test_a_call_in_doubt_takes_its_turn(make):
    world = make(pace=TEN_MINUTES_APART)
    world.platform.publishing = [Unsure("no answer")]
    planned(world, 1, 2)
    world.tick()
    world.tick(minutes=1)
    assert len(world.platform.calls) == 1


def test_the_order_is_worked_out_again_only_when_it_can_have_changed(make, monkeypatch):
    world = make(pace=TEN_MINUTES_APART)
    asked = []
    waiting = world.ledger.waiting
    monkeypatch.setattr(world.ledger, "waiting", lambda channel: asked.append(world.clock()) or waiting(channel))
    planned(world, 1, 2, 3)
    world.tick()
    for _ in range(9):
        world.tick(minutes=1)
    assert (len(asked), len(world.texts)) == (1, 1)
    planned(world, 4)
    world.tick(seconds=1)
    assert (len(asked), len(world.texts)) == (2, 1), "one has come"
    world.tick(minutes=1)
    assert (len(asked), len(world.texts)) == (3, 2), "the gap is over"


def test_a_clock_that_was_set_back_holds_nobody_up(make):
    world = make(pace=TEN_MINUTES_APART)
    planned(world, 1, 2)
    world.tick(days=1)
    assert len(world.texts) == 1
    world.clock.now -= timedelta(days=1)
    world.tick(minutes=10)
    assert len(world.texts) == 2


def test_a_person_s_now_does_not_wait_for_a_turn(make):
    world = make(pace=TEN_MINUTES_APART)
    _, second = planned(world, 1, 2)
    world.tick()
    world.ledger.decide(second, State.DUE, sources=[State.PLANNED], why="now", by="olga", at=world.clock())
    world.tick()
    assert len(world.texts) == 2


def test_a_post_that_was_tried_again_went_out_at_its_last_call(world):
    world.platform.publishing = [Unreachable("no connection")]
    world.bring(article(1), article(2))
    world.tick()
    world.tick(minutes=1)
    assert world.ledger.went_out("x_en", NOON - timedelta(hours=1)) == (NOON, NOON + timedelta(minutes=1))


@pytest.mark.parametrize(
    "error", [Unreachable("no connection"), Throttled("too many", wait=60), Blocked("the token has died")], ids=str
)
def test_a_post_that_could_not_be_sent_in_its_turn_keeps_the_quiet_hours_too(make, error):
    world = make(pace=Pace(zone=UTC_ZONE, quiet=(time(12, 1), time(20))))
    world.platform.publishing = [error]
    planned(world, 1)
    world.tick()
    world.tick(minutes=1)
    world.tick(hours=7)
    assert world.texts == []
    world.tick(hours=1)
    assert len(world.texts) == 1


def test_and_the_gap_to_one_that_went_before_it_meanwhile(make):
    world = make(pace=TEN_MINUTES_APART)
    world.platform.publishing = [Unreachable("no connection")]
    planned(world, 1, 2, 3)
    world.tick()
    assert [text.splitlines()[0] for text in world.texts] == ["Headline 2"]
    world.tick(minutes=9)
    assert len(world.texts) == 1
    world.tick(minutes=1)
    assert [text.splitlines()[0] for text in world.texts] == ["Headline 2", "Headline 1"]


def test_a_person_s_now_is_tried_again_by_the_pace(make):
    world = make(pace=TEN_MINUTES_APART)
    one, two = planned(world, 1, 2)
    world.tick()
    world.platform.publishing = [Unreachable("no connection")]
    world.ledger.decide(two, State.DUE, sources=[State.PLANNED], why="now", by="olga", at=world.clock())
    world.tick()
    world.tick(minutes=5)
    assert len(world.platform.calls) == 2
    world.tick(minutes=5)
    assert {world.state(one), world.state(two)} == {State.SENT}


# A clock that is wrong


def test_the_last_look_goes_back_further_than_a_clock_may_be_ahead(world, clock):
    clock.advance(hours=14)
    world.platform.behind = timedelta(hours=14)
    world.platform.publishing = [Processed(Unsure("no answer"))]
    entry = world.bring(at=clock())
    for _ in range(4):
        world.tick(minutes=16)
    assert (world.state(entry), len(world.texts)) == (State.SENT, 1)


def test_a_call_of_a_false_tomorrow_is_looked_for_today(world, clock):
    clock.advance(hours=14)
    world.platform.behind = timedelta(hours=14)
    world.platform.publishing = [Processed(Unsure("no answer"))]
    entry = world.bring(at=clock())
    world.tick()
    clock.now, world.platform.behind = NOON, timedelta(0)
    world.ledger.put_right()
    for _ in range(4):
        world.tick(minutes=16)
    assert (world.state(entry), len(world.texts)) == (State.SENT, 1)


def test_a_text_without_a_link_is_not_taken_for_yesterdays(world, clock):
    world.template = "The weather"
    world.bring(article(1, link=""), at=clock())
    world.tick()
    clock.advance(hours=20)
    world.platform.publishing = [Unsure("no answer")]
    entry = world.bring(article(2, link=""), at=clock())
    for _ in range(4):
        world.tick(minutes=16)
    assert (world.state(entry), world.texts) == (State.SENT, ["The weather"] * 2)


def test_nor_is_it_sent_again_when_the_clock_was_ahead(world, clock):
    world.template = "The weather"
    clock.advance(hours=14)
    world.platform.behind = timedelta(hours=14)
    world.platform.publishing = [Processed(Unsure("no answer"))]
    entry = world.bring(article(1, link=""), at=clock())
    for _ in range(4):
        world.tick(minutes=16)
    assert (world.state(entry), world.texts) == (State.SENT, ["The weather"])


def test_a_guid_of_a_false_tomorrow_is_not_relied_on(vk, clock):
    clock.advance(hours=14)
    vk.platform.publishing = [Processed(Unsure("no answer"))]
    entry = vk.bring(at=clock())
    vk.tick()
    clock.now = NOON
    vk.ledger.put_right()
    vk.tick(minutes=1)
    assert (vk.state(entry), len(vk.texts)) == (State.ASKING, 1)


def test_a_stop_in_the_midst_of_recording_a_throttle_does_not_forget_the_pause(world, monkeypatch):
    world.platform.publishing = [Throttled("too many", wait=3600)]
    world.bring(article(1), article(2))

    def gone(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(world.ledger, "postponed", gone)
        world.tick()
    world.start()
    world.tick(minutes=50)
    assert len(world.platform.calls) == 1
