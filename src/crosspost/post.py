"""What is sent and what becomes of it: posts, receipts, states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Image:
    """A picture ready to upload: within the platform's limits, upright, without metadata."""

    data: bytes
    media_type: str  # "image/jpeg", "image/png", "image/gif", "image/webp"
    width: int
    height: int
    alt: str = ""

    @property
    def suffix(self) -> str:
        """The file name ending for `media_type`, with its dot."""
        return {"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp"}[self.media_type]


@dataclass(frozen=True, slots=True)
class Video:
    """A film ready to upload: MP4 with H.264 and AAC. `poster` is its first still, as a picture."""

    data: bytes
    width: int
    height: int
    seconds: float
    poster: Image


@dataclass(frozen=True, slots=True)
class Words:
    """What a post says: its text, its link as `Post` explains it, and whether a language model wrote some of it."""

    text: str
    link: str
    made_with_ai: bool = False


@dataclass(frozen=True, slots=True)
class Post:
    """An article written up for one channel: exactly what is to be published.

    `link` is the article's address with the channel's UTM parameters, "" when the article has none; platforms
    that take the link apart from the text attach it, the others find it in `text`. `title` is for platforms that
    name a link or a file. `key` is the same for every attempt at this post. A post with a `video` is that video, and
    its text the description. `made_with_ai`: a language model wrote some of the text.
    """

    text: str
    link: str
    title: str = ""
    images: tuple[Image, ...] = ()
    key: str = ""
    video: Video | None = None
    made_with_ai: bool = False


@dataclass(frozen=True, slots=True)
class Upload:
    """An upload that was begun and can be gone on with. `address` is where its pieces go, and all that one needs to
    send them, so it is a secret. `mark` tells what it is for: the same post in other words has another one.
    """

    address: str = field(repr=False)
    mark: str
    size: int  # bytes in all
    arrived: int = 0  # of them, when the platform was last asked


@dataclass(frozen=True, slots=True)
class Prepared:
    """A post whose uploads are done. `media` holds the platform's ids for them, in order; `upload` is that of a video,
    whose last piece is still to be sent."""

    post: Post
    media: tuple[str, ...] = ()
    upload: Upload | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """The platform's word that it has the post: its own id, and the address where readers see it."""

    remote_id: str
    address: str


@dataclass(frozen=True, slots=True)
class Handover:
    """A post that a person must publish, at the page to open."""

    page: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A post as a channel shows it, read back. `links` are full addresses, shorteners undone where that can be;
    `title` is that of a video."""

    receipt: Receipt
    text: str
    links: tuple[str, ...]
    at: datetime
    title: str = ""


class State(StrEnum):
    """A post's life, as told in docs/architecture.md."""

    PLANNED = "planned"
    WAITING = "waiting"
    HELD = "held"
    DUE = "due"
    SENDING = "sending"
    UNSURE = "unsure"
    ASKING = "asking"
    HANDED = "handed"
    SENT = "sent"
    REFUSED = "refused"
    SKIPPED = "skipped"
    WITHDRAWN = "withdrawn"


_S = State

# `sending -> due` is "certainly not posted". Nearly everything -> `sent`: a late answer to an earlier, unsure call may
# come when a person has long decided otherwise, and a receipt outweighs every doubt. `due -> due`: sooner, by a person.
# `due -> asking`: a repeat that is no longer safe.
TRANSITIONS: Mapping[State, frozenset[State]] = MappingProxyType(
    {
        _S.PLANNED: frozenset({_S.DUE, _S.WAITING, _S.HELD, _S.SKIPPED, _S.SENT, _S.ASKING}),
        _S.WAITING: frozenset({_S.PLANNED, _S.DUE, _S.HELD, _S.SKIPPED, _S.SENT}),
        _S.HELD: frozenset({_S.PLANNED, _S.WAITING, _S.DUE, _S.SKIPPED, _S.SENT, _S.ASKING}),
        _S.DUE: frozenset({_S.DUE, _S.SENDING, _S.HANDED, _S.REFUSED, _S.HELD, _S.SKIPPED, _S.SENT, _S.ASKING}),
        _S.SENDING: frozenset({_S.SENT, _S.REFUSED, _S.DUE, _S.UNSURE}),
        _S.UNSURE: frozenset({_S.SENT, _S.DUE, _S.ASKING, _S.REFUSED}),
        _S.ASKING: frozenset({_S.SENT, _S.DUE, _S.SKIPPED}),
        _S.HANDED: frozenset({_S.SENT, _S.SKIPPED}),
        _S.SENT: frozenset({_S.WITHDRAWN}),
        _S.REFUSED: frozenset({_S.DUE, _S.SKIPPED, _S.SENT}),
        _S.SKIPPED: frozenset({_S.PLANNED, _S.DUE, _S.SENT}),
        _S.WITHDRAWN: frozenset({_S.DUE}),
    }
)


class ChannelState(StrEnum):
    """A channel's own state; it never touches another channel's."""

    ACTIVE = "active"
    PAUSED = "paused"
    BLOCKED = "blocked"
    RESTING = "resting"
