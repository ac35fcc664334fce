"""The film: an article told in 15 to 30 seconds, upright, for YouTube's Shorts. Pure: the same article, sentences,
picture, style and fonts give the same bytes.

    title, sentences -> pages and their times (script)
    picture          -> a ground and a view of the picture that moves over it (scene)
    both             -> frames -> H.264 and a silent AAC track in an MP4 (reel)

The decisions are in docs/decisions/0018-films.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

import av
from av.codec.codec import UnknownCodecError

from crosspost.article import Article
from crosspost.errors import Blocked
from crosspost.film import reel, scene, script
from crosspost.film.reel import SIZE
from crosspost.lettering import Style
from crosspost.pictures import decoded
from crosspost.post import Image, Video

_POSTER_QUALITY = 88
_FAULTS = (av.FFmpegError, UnknownCodecError, MemoryError)


def render(
    article: Article, language: str, sentences: Sequence[str], picture: Image | None, style: Style
) -> Video | None:
    """The film of `article`: its title, then the sentences that there is time for, over its picture.

    `language` is a two-letter code, "" when it is not known: the day is written in it. `sentences` are plain text.
    None when the title says nothing that can be drawn. Raises `UnusablePicture` when `picture` cannot be decoded, and
    `Blocked` where no film can be made: all of them are alike to the encoder, so it is never the article that is wrong.
    """
    with _translated():
        told = _told(article, language, sentences, picture, style)
        if told is None:
            return None
        stage, frames = told
        data = reel.encoded(_all(stage, frames), frames)
        return Video(data, *SIZE, frames / reel.RATE, _poster(stage, article.title))


@dataclass(frozen=True, slots=True)
class Trailer:
    """What can be told of a film before it is made: its first still, as a JPEG, and how long it takes."""

    poster: Image
    seconds: float


def trailer(
    article: Article, language: str, sentences: Sequence[str], picture: Image | None, style: Style
) -> Trailer | None:
    """What `render` gives for the same, in brief; nothing is encoded."""
    with _translated():
        told = _told(article, language, sentences, picture, style)
        if told is None:
            return None
        stage, frames = told
        return Trailer(_poster(stage, article.title), frames / reel.RATE)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except _FAULTS as error:
        said = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise Blocked(
            f"PyAV cannot make films on this machine ({said}): give it more memory, or install crosspost's libraries "
            "anew."
        ) from error


def _told(
    article: Article, language: str, sentences: Sequence[str], picture: Image | None, style: Style
) -> tuple[scene.Scene, int] | None:
    """The scene to be filmed, and for how many frames."""
    room = script.Room.BESIDE if picture else script.Room.WHOLE
    pages = script.written(article.title, sentences, room)
    if not pages:
        return None
    shown = decoded(picture.data) if picture else None
    return scene.Scene(article, language, style, shown, pages), pages[-1].end


def _all(stage: scene.Scene, frames: int) -> Iterator[reel.Planes]:
    return (stage.frame(number) for number in range(frames))


def _poster(stage: scene.Scene, title: str) -> Image:
    out = BytesIO()
    reel.still(stage.frame(0)).save(out, "JPEG", quality=_POSTER_QUALITY)
    return Image(out.getvalue(), "image/jpeg", *SIZE, title)
