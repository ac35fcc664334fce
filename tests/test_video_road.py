"""A channel of videos from end to end: the installed command, an article with a picture, and a film that plays."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import av
import pytest
from PIL import Image

from tests.sandbox.clients import picture
from tests.world import World, world

RED = (200, 30, 40)
CHANNEL = 'mode = "video"\nchannel = "UC0000000000000000000000"'


def shows_picture(frame: Image.Image) -> bool:
    """Whether the article's picture is to be seen, in a tenth of the frame at least."""
    colours = frame.resize((54, 96)).getcolors(54 * 96) or []
    near = sum(count for count, colour in colours if max(abs(a - b) for a, b in zip(colour, RED, strict=True)) < 40)
    return near > 54 * 96 / 10


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    from tests import world as worlds

    monkeypatch.setitem(worlds.CHANNELS, "youtube", ("youtube", "UC0000000000000000000000", CHANNEL))
    with world(tmp_path) as place:
        place.site.picture = picture(1280, 720, RED)
        place.site.publish("A lake of methane")
        place.configure(
            "youtube",
            youtube='pictures = "auto"\nhashtags = ["#Space"]\nprivacy = "unlisted"\nutm = { source = "youtube" }',
        )
        yield place


def test_an_article_becomes_a_film_that_plays(place: World) -> None:
    (seen,) = place.json("preview")
    assert [(picture["width"], picture["height"]) for picture in seen["pictures"]] == [(1080, 1920)]
    assert 15 <= seen["video_seconds"] <= 30
    assert "This pass: 1 sent." in place.run("once")
    (post,) = place.platforms.posts("youtube")
    link = f"{place.site.link('A lake of methane')}?utm_source=youtube"
    assert post.text.splitlines()[0] == link
    assert post.text == seen["text"]
    assert post.title == "A lake of methane"
    with av.open(BytesIO(post.video)) as film:
        frames, sound = film.streams.video[0], film.streams.audio[0]
        assert (frames.codec.name, frames.width, frames.height) == ("h264", 1080, 1920)
        assert sound.codec.name == "aac"
        assert shows_picture(next(film.decode(frames)).to_image())
        assert film.duration / av.time_base == pytest.approx(seen["video_seconds"], abs=0.2)
    (sent,) = place.json("history")
    assert sent["address"] == f"https://www.youtube.com/shorts/{post.id}"
    assert "nothing new" in place.run("once")
