"""Videos through the publisher: an upload is gone on with wherever it was cut off, and never makes two videos."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from crosspost.errors import Blocked, Refused, Throttled, Unreachable, Unsure
from crosspost.ledger import Ledger, views
from crosspost.ledger.tables import events, posts
from crosspost.platforms import UploadGone
from crosspost.post import ChannelState, Image, Receipt, State, Upload, Video
from tests.fakes import PIECES, FakePlatform, FakeVideos, Processed
from tests.ledger.conftest import clock, file_ledger, migrated_file
from tests.test_publisher import TEN_MINUTES_APART, World

__all__ = ["clock", "file_ledger", "migrated_file"]

FILM = bytes(range(45))  # four whole pieces and a last one
UPLOAD = Upload("https://up.example/?upload_id=secret", "mark", 45)


class Death(BaseException):
    """The process ends here."""


class Studio(World):
    """A channel of videos; its ledger outlives it."""

    def write_up(self, one, key, frozen):
        written = super().write_up(one, key, frozen)
        return replace(written, video=Video(FILM, 1080, 1920, 20.0, Image(b"", "image/jpeg", 1080, 1920)))

    def die(self):
        """Live on till death, and begin again."""
        with pytest.raises(Death):
            self.tick()
        self.publisher.close()
        self.start()

    def settle(self):
        """Let all the looks for a doubt pass."""
        for _ in range(4):
            self.tick(minutes=20)

    @property
    def bytes_sent(self):
        return b"".join(piece for _, piece in self.platform.received)


@pytest.fixture
def studio(file_ledger, clock, tmp_path):
    built = Studio(file_ledger, clock, FakeVideos(clock), tmp_path, name="shorts")
    yield built
    built.publisher.close()


def test_a_video_is_uploaded_piece_by_piece_and_published_once(studio):
    entry = studio.bring()
    studio.tick()
    studio.tick(hours=1)
    assert (studio.state(entry), len(studio.texts), studio.platform.opened) == (State.SENT, 1, 1)
    assert studio.bytes_sent == FILM
    assert len(studio.platform.calls) == 1
    assert studio.log_of(entry) == ["due", "upload begun", "sending", "sent"]


def test_the_upload_is_durable_before_its_first_byte_goes(studio, tmp_path, clock):
    entry, seen = studio.bring(), []
    resume = studio.platform.resume

    def look(post, upload):
        other = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}", clock)  # as another process would see it
        seen.append((other.entry(entry.id).upload, list(studio.platform.received)))
        other.close()
        return resume(post, upload)

    studio.platform.resume = look
    studio.tick()
    [(kept, received)] = seen
    assert (kept.address, kept.size) == ("https://up.example/?upload_id=secret-1", 45)
    assert received == []


# Every point at which the process can end


def test_a_death_after_the_upload_was_begun_and_before_it_is_known_costs_nothing(studio):
    entry = studio.bring()
    studio.platform.opening = [Processed(Death())]
    studio.die()
    assert studio.now(entry).upload is None
    studio.tick()
    assert (studio.state(entry), len(studio.texts), studio.platform.opened) == (State.SENT, 1, 2)
    assert {address for address, _ in studio.platform.received} == {"https://up.example/?upload_id=secret-2"}


def test_a_death_before_the_first_piece_goes_on_with_the_upload_that_is_known(studio):
    entry = studio.bring()
    studio.platform.asking = [Death()]
    studio.die()
    assert studio.now(entry).upload is not None
    studio.tick()
    assert (studio.state(entry), studio.platform.opened, studio.bytes_sent) == (State.SENT, 1, FILM)


@pytest.mark.parametrize("pieces", [1, 2, 3, 4])
def test_a_death_between_two_pieces_sends_no_byte_again(studio, pieces):
    entry = studio.bring()
    studio.platform.resuming = [None] * (pieces - 1) + [Death()]
    studio.die()
    assert len(studio.bytes_sent) == pieces * PIECES
    assert (studio.state(entry), studio.now(entry).attempts) == (State.DUE, 0)
    studio.tick()
    assert (studio.state(entry), len(studio.texts), studio.platform.opened) == (State.SENT, 1, 1)
    assert studio.bytes_sent == FILM


def test_a_death_at_each_piece_in_turn_ends_in_one_video(studio):
    entry = studio.bring()
    studio.platform.resuming = [Death()] * 4
    for _ in range(4):
        studio.die()
    studio.tick()
    assert (studio.state(entry), len(studio.texts), studio.bytes_sent) == (State.SENT, 1, FILM)


def test_a_death_before_the_last_piece_goes_is_a_doubt_that_the_upload_settles(studio):
    entry = studio.bring()
    studio.platform.publishing = [Death()]
    studio.die()
    assert studio.state(entry) is State.SENDING
    studio.settle()
    assert (studio.state(entry), len(studio.texts), studio.platform.opened) == (State.SENT, 1, 1)
    assert studio.bytes_sent == FILM
    assert studio.now(entry).attempts == 2


def test_a_death_after_the_last_piece_is_settled_by_the_upload_before_the_channel_shows_it(studio):
    entry = studio.bring()
    studio.platform.publishing = [Processed(Death())]
    studio.platform.lag = timedelta(days=1)
    studio.die()
    studio.tick()
    studio.tick(seconds=20)
    assert (studio.state(entry), len(studio.platform.calls), studio.platform.looks) == (State.SENT, 1, 0)
    studio.settle()
    assert len(studio.texts) == 1


def test_where_the_upload_is_forgotten_a_doubt_is_settled_by_what_the_channel_shows(studio):
    entry = studio.bring()
    studio.platform.publishing = [Processed(Unsure("the connection broke"))]
    studio.tick()
    studio.platform.arrived = lambda upload: None  # as an adapter answers of a session that is gone
    studio.tick(seconds=20)
    assert (studio.state(entry), studio.now(entry).reason) == (State.SENT, "found on the platform")


def test_where_the_channel_takes_no_videos_any_longer_a_person_is_asked(studio, clock):
    """The mode was changed while a call was in doubt: what the channel shows now proves nothing."""
    entry = studio.bring()
    studio.platform.publishing = [Processed(Unsure("the connection broke"))]
    studio.tick()
    studio.publisher.close()
    studio.platform = FakePlatform(clock)
    studio.start()
    studio.settle()
    assert (studio.state(entry), studio.texts) == (State.ASKING, [])
    assert "it was uploaded as a video" in studio.now(entry).reason


# An upload that does not serve any longer


def test_an_upload_that_is_gone_is_begun_anew(studio):
    entry = studio.bring()
    studio.platform.resuming = [Unreachable("the line broke")]
    studio.tick()
    studio.platform.sessions.clear()
    studio.tick(minutes=1)
    assert (studio.state(entry), len(studio.texts), studio.platform.opened) == (State.SENT, 1, 2)


def test_an_upload_that_goes_at_its_last_piece_is_begun_anew(studio):
    entry = studio.bring()
    studio.platform.publishing = [UploadGone("not known any longer")]
    with capture_logs() as logs:
        studio.tick()
    assert (studio.state(entry), studio.texts) == (State.DUE, [])
    assert logs[-1]["event"] == "post.unreachable"
    studio.platform.sessions.clear()
    studio.tick(minutes=1)
    assert (studio.state(entry), len(studio.texts), studio.platform.opened) == (State.SENT, 1, 2)


def test_an_upload_for_other_words_is_given_up(studio):
    entry = studio.bring()
    studio.platform.resuming = [Unreachable("the line broke")]
    studio.tick()
    studio.template = "Mended: {title} {link}"
    studio.tick(minutes=1)
    assert (studio.state(entry), studio.platform.opened) == (State.SENT, 2)
    assert [text.partition(":")[0] for text in studio.texts] == ["Mended"]
    first, second = studio.platform.sessions.values()
    assert (first.receipt, second.arrived) == (None, len(FILM))


def test_an_upload_for_other_words_that_is_out_is_the_post(studio):
    """A call that was cut off, looked for in vain, and then processed late; meanwhile the config says other words."""
    entry = late(studio)
    studio.ledger.decide(studio.now(entry), State.DUE, sources=[State.DUE], why="", by="olga", text=None, link=None)
    studio.template = "Mended: {title} {link}"
    studio.tick()
    assert (studio.state(entry), len(studio.texts), studio.platform.opened) == (State.SENT, 1, 1)


def test_what_had_arrived_whole_is_the_post_and_no_second_call_is_made(studio):
    entry = late(studio)
    studio.tick()
    now = studio.now(entry)
    assert (now.state, now.remote_id, len(studio.platform.calls), now.attempts) == (State.SENT, "1", 1, 1)


def late(studio):
    """A due post whose upload was complete all the time, though the platform did not say so when it was looked for."""
    entry = studio.bring()
    studio.platform.publishing = [Processed(Unsure("the connection broke"))]
    studio.platform.silent, studio.platform.lag = True, timedelta(days=1)
    studio.tick()
    for seconds in (20, 100, 780):
        studio.clock.advance(seconds=seconds)
        studio.publisher._doubts.settle()
    assert studio.state(entry) is State.DUE
    studio.platform.silent = False
    return entry


def test_a_post_that_has_expired_is_out_where_its_upload_had_arrived(studio):
    entry = late(studio)
    studio.tick(days=30)
    assert (studio.state(entry), studio.platform.opened, len(studio.texts)) == (State.SENT, 1, 1)


def test_a_post_that_waits_for_its_turn_does_not_expire_before_its_upload_is_asked(studio):
    """It was held and approved meanwhile."""
    entry = late(studio)
    studio.ledger.decide(studio.now(entry), State.HELD, sources=[State.DUE], why="", by="olga")
    studio.ledger.decide(studio.now(entry), State.PLANNED, sources=[State.HELD], why="", by="olga")
    studio.publisher.close()
    studio.pace = TEN_MINUTES_APART
    studio.start()
    studio.tick(days=30)
    studio.tick()
    assert (studio.state(entry), studio.platform.opened, len(studio.texts)) == (State.SENT, 1, 1)


def test_a_post_whose_upload_had_not_arrived_expires_once_that_is_known(studio):
    entry = studio.bring()
    studio.platform.resuming = [Unreachable("the line broke")]
    studio.tick()
    studio.platform.asking = [Unsure("no answer")]
    studio.tick(days=30)
    assert (studio.state(entry), studio.now(entry).reason) == (State.DUE, "no answer")
    studio.tick(days=1)
    assert (studio.state(entry), studio.now(entry).reason) == (State.SKIPPED, "expired before it could be sent")
    assert studio.texts == []


def test_an_expired_post_of_a_channel_that_takes_no_videos_any_longer_is_skipped(studio, clock):
    entry = studio.bring()
    studio.platform.resuming = [Unreachable("the line broke")]
    studio.tick()
    studio.publisher.close()
    studio.platform = FakePlatform(clock)
    studio.start()
    studio.tick(days=30)
    assert (studio.state(entry), studio.texts) == (State.SKIPPED, [])


def test_whether_an_upload_for_other_words_is_out_must_be_known_before_it_is_given_up(studio):
    entry = studio.bring()
    studio.platform.resuming = [Unreachable("the line broke")]
    studio.tick()
    studio.template = "Mended: {title}"
    studio.platform.asking = [Unsure("no answer")]
    studio.tick(minutes=1)
    assert (studio.state(entry), studio.platform.opened) == (State.DUE, 1)


# What goes wrong otherwise


@pytest.mark.parametrize("verb", ["opening", "asking", "resuming"])
@pytest.mark.parametrize(
    ("error", "state", "channel"),
    [
        (Refused("an invalid title"), State.REFUSED, ChannelState.ACTIVE),
        (Throttled("as many as allowed"), State.DUE, ChannelState.RESTING),
        (Blocked("the sign-in ended"), State.DUE, ChannelState.BLOCKED),
        (Unreachable("no route"), State.DUE, ChannelState.ACTIVE),
        (Unsure("no answer"), State.DUE, ChannelState.ACTIVE),
        (KeyError("a library's own"), State.DUE, ChannelState.ACTIVE),
    ],
)
def test_what_fails_before_the_last_piece_leaves_no_doubt(studio, verb, error, state, channel):
    entry = studio.bring()
    setattr(studio.platform, verb, [error])
    studio.tick()
    assert (studio.state(entry), studio.channel.state, studio.now(entry).attempts) == (state, channel, 0)


def test_a_machine_that_cannot_make_films_blocks_the_channel_and_loses_no_post(studio):
    entry = studio.bring()
    studio.defects[entry.article.title] = Blocked("PyAV cannot make films on this machine")
    studio.tick()
    assert (studio.state(entry), studio.channel.state) == (State.DUE, ChannelState.BLOCKED)
    studio.defects.clear()
    studio.tick(days=1)
    assert (studio.state(entry), studio.channel.state) == (State.SENT, ChannelState.ACTIVE)


def test_a_channel_that_takes_no_videos_refuses_one(studio, clock):
    studio.platform = FakePlatform(clock)
    entry = studio.bring()
    studio.tick()
    assert (studio.state(entry), studio.texts) == (State.REFUSED, [])
    assert "takes no video" in studio.now(entry).reason


def test_nothing_goes_on_when_a_person_decides_while_the_upload_begins(studio):
    entry = studio.bring()
    begin = studio.platform.open

    def open_(post):
        studio.ledger.decide(studio.now(entry), State.HELD, sources=[State.DUE], why="wait", by="olga")
        return begin(post)

    studio.platform.open = open_
    studio.tick()
    assert (studio.state(entry), studio.platform.received) == (State.HELD, [])
    assert studio.now(entry).upload is None


def test_a_post_that_is_withdrawn_and_tried_again_is_another_video(studio):
    entry = studio.bring()
    studio.tick()
    sent = studio.now(entry)
    studio.platform.withdraw(Receipt(sent.remote_id, sent.address))
    studio.ledger.decide(sent, State.WITHDRAWN, sources=[State.SENT], why="", by="olga")
    anew = {"text": None, "link": None, "remote_id": None, "address": None}
    studio.ledger.decide(studio.now(entry), State.DUE, sources=[State.WITHDRAWN], why="", by="olga", **anew)
    studio.tick()
    assert (studio.state(entry), studio.platform.opened, len(studio.texts)) == (State.SENT, 2, 1)


def test_a_long_film_has_as_many_deadlines_as_it_has_pieces(studio, monkeypatch):
    waited = []
    call = studio.publisher._caller.call

    def watched(act, seconds, late=None):
        waited.append(seconds)
        return call(act, seconds, late)

    studio.publisher._caller.call = watched
    monkeypatch.setattr("crosspost.uploading.PIECE", PIECES)
    studio.bring()
    studio.tick()
    begun, resumed, published = waited[-3:]
    assert (begun, resumed, published) == (60, 30 * (2 + 5), 30)


def test_an_uploads_address_is_in_no_log_and_no_event(studio):
    entry = studio.bring()
    studio.platform.publishing = [Unsure("no answer")]
    with capture_logs() as logs:
        studio.platform.resuming = [Unreachable("the line broke")]
        studio.tick()
        studio.platform.sessions.clear()
        studio.tick(minutes=1)
        studio.settle()
    assert studio.state(entry) is State.SENT
    with studio.ledger.reading() as connection:
        told = [tuple(row) for row in connection.execute(select(events))]
        kept = [tuple(row) for row in connection.execute(select(posts))]
    assert "secret" not in f"{logs} {told} {kept} {views.log_of(studio.ledger, [entry.id])}"
    assert "secret" not in repr(replace(studio.now(entry), upload=UPLOAD))
