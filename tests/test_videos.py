"""A channel of videos by the installed command: what people ask of it and do with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crosspost.platforms import connect
from crosspost.platforms.line import Line
from crosspost.post import Image, Post, Receipt, Video
from tests.test_control import edit
from tests.world import World, world

CHANNEL = "UC0000000000000000000000"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as made:
        made.configure("youtube", youtube='privacy = "unlisted"', first_run='"skip"')
        edit(made, ('mode = "api"', 'mode = "video"'))
        yield made


def publish(place: World, title: str) -> Receipt:
    """A video that is out already, made without crosspost's ledger."""
    secrets = place.platforms.secrets("youtube", CHANNEL)
    line = Line(5, f"{place.address}/youtube")
    studio = connect("youtube", {"mode": "video", "channel": CHANNEL}, secrets, line)
    film = Video(b"a film", 1080, 1920, 20.0, Image(b"", "image/jpeg", 1080, 1920))
    post = Post(f"{place.site.link(title)}\n\n{title}", place.site.link(title), title, video=film)
    return studio.publish(studio.resume(post, studio.open(post)))


def test_check_asks_youtube_and_says_who_will_see_the_videos(place):
    told = place.run("check", "--online")
    assert f"({CHANNEL})" in told
    assert "videos go out unlisted: for who has the address" in told
    assert place.platforms.posts("youtube") == []


def test_without_secrets_check_names_them(place):
    (place.folder / "config" / "secrets.toml").unlink()
    told = place.run("check", ends_with=2)
    assert all(f"the secret {name} is missing" in told for name in ("client_id", "client_secret", "refresh_token"))


def test_a_try_is_a_private_film_that_is_deleted(place):
    told = place.run("try", "youtube", "--yes")
    assert "as a private video that readers do not see" in told
    assert "It is there: https://www.youtube.com/shorts/" in told
    assert "It is deleted again; the channel works." in told
    (film,) = place.platforms.posts("youtube")
    assert film.deleted
    assert film.title.startswith("This is a test of crosspost")
    (kept,) = place.platforms.store.posts("youtube", CHANNEL)
    assert kept.extra["privacyStatus"] == "private"  # though the channel's are unlisted


def test_a_preview_has_the_link_first(place):
    place.site.publish("One")
    told = place.run("preview", "--feed", "news")
    assert "of 5000" in told
    assert told.index(place.site.link("One")) < told.index("The probe sent its") < told.index("s, titled: One\n")


def test_a_video_that_is_out_is_adopted_and_can_be_withdrawn(place):
    place.site.publish("One", "Two")
    receipt = publish(place, "One")
    assert receipt.address in place.run("adopt")
    assert place.states() == {("One", "youtube"): "sent", ("Two", "youtube"): "skipped"}
    assert "is withdrawn, deleted from youtube" in place.run("withdraw", place.site.link("One"))
    assert [video.deleted for video in place.platforms.posts("youtube")] == [True]


def test_what_is_out_is_not_uploaded_again_by_the_first_look(place):
    place.configure("youtube", youtube='privacy = "unlisted"', first_run='"all"')
    edit(place, ('mode = "api"', 'mode = "video"'))
    place.site.publish("One")
    publish(place, "One")
    place.run("once")
    assert place.states() == {("One", "youtube"): "sent"}
    assert len(place.platforms.posts("youtube")) == 1
