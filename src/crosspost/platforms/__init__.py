"""The port of a platform: what crosspost asks of X, VKontakte, Facebook and YouTube, and their limits.

An adapter sees no ledger, no settings and no clock. It is built from plain options and secrets and a `Line`
(see line.py), speaks through its platform's client library, and translates every foreign error once, by its
own table, into an error of errors.py:

    Refused, Duplicate   certainly not posted; never will be as it is
    Throttled            certainly not posted; the platform wants a pause
    Unreachable          certainly not posted; not reached
    Blocked              certainly not posted; a person must mend the channel
    Unsure               anything else: only a look can tell
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol, cast, runtime_checkable

from crosspost.errors import Unreachable, Unreadable
from crosspost.post import Handover, Post, Prepared, Receipt, Shown, Upload
from crosspost.text import links, measure

if TYPE_CHECKING:
    from crosspost.platforms.line import Line


@dataclass(frozen=True, slots=True)
class PictureLimits:
    """What a platform takes of pictures. `sides` bounds width + height in pixels, `ratio` width through height."""

    count: int
    bytes: int
    types: frozenset[str]
    sides: int | None = None
    ratio: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What a platform takes: `length` by its own `measure`, and pictures.

    `link_in_text`: a link lives in the text, where it costs length; else it is attached. `previews`: readers see a
    preview of the linked page when a post has no picture of its own. `video`: a post is a video, and its text what
    stands below it, of which most readers see the beginning alone. `instead`: what is written for signs that are
    refused.
    """

    length: int
    measure: Callable[[str], int]
    pictures: PictureLimits
    link_in_text: bool
    previews: bool = True
    video: bool = False
    instead: Mapping[str, str] = field(default_factory=dict)


_STILL = frozenset({"image/jpeg", "image/png"})
_MOVING = _STILL | {"image/gif", "image/webp"}
MB = 1_000_000

# Sources: X, docs "Counting characters" and "Media"; VK, docs "Uploading files" (text length is unconfirmed,
# 15,000 is on the safe side); Facebook, Graph API "Page Photos" (4 MB is on the safe side); YouTube, reference of
# the pilot resource `posts` (text length is unconfirmed, so a channel's `length` can change it), and of `videos`.
LIMITS: Mapping[str, Limits] = MappingProxyType(
    {
        "x": Limits(280, measure.x_length, PictureLimits(4, 5 * MB, _MOVING), link_in_text=True),
        "vk": Limits(
            15_000,
            measure.characters,
            PictureLimits(9, 50 * MB, _STILL | {"image/gif"}, sides=14_000, ratio=(1 / 20, 20)),
            link_in_text=False,
        ),
        "facebook": Limits(63_206, measure.characters, PictureLimits(10, 4 * MB, _STILL), link_in_text=False),
        "youtube": Limits(
            1_500,
            measure.characters,
            PictureLimits(10, 16 * MB, _MOVING, ratio=(2 / 5, 5 / 2)),
            link_in_text=True,
            previews=False,
        ),
    }
)
# What differs where a channel's mode makes something else of an article.
_OF_MODE: Mapping[tuple[str, str], Limits] = MappingProxyType(
    {
        ("youtube", "video"): Limits(
            5_000,
            measure.bytes_utf8,
            LIMITS["youtube"].pictures,
            link_in_text=True,
            previews=False,
            video=True,
            instead=MappingProxyType({"<": "‹", ">": "›"}),
        )
    }
)


def limits(platform: str, mode: str = "") -> Limits:
    """What a platform takes of a channel in `mode`, where it has modes."""
    return _OF_MODE.get((platform, mode), LIMITS[platform])


@dataclass(frozen=True, slots=True)
class Account:
    """Who a channel's secrets speak for, and what they may do. `notes` are sentences for a person."""

    name: str
    address: str
    notes: tuple[str, ...] = ()


class Platform(Protocol):
    """One channel of a platform. Every verb raises only the errors named above; every call may block."""

    def prepare(self, post: Post) -> Prepared | Handover:
        """Upload what must be there first. Repeatable: nothing that readers see comes of it.

        A channel where only a person can publish answers with a `Handover` instead.
        """

    def publish(self, prepared: Prepared) -> Receipt:
        """Publish, with exactly one request that could publish; it is never repeated from within."""

    def shown(self, since: datetime) -> Iterator[Shown]:
        """What the channel shows, newest first, at least back to `since`; pages are read as they are asked for.

        Raises `Unreadable` when the channel's rights do not allow it.
        """

    def verify(self) -> Account:
        """Ask who we are and what we may do, without posting. Raises `Blocked` with the reason when nothing works."""

    def withdraw(self, receipt: Receipt) -> None:
        """Delete the post; one that is already gone is fine."""


class UploadGone(Unreachable):
    """Certainly not posted: the platform does not know this upload any longer, so a new one must begin."""


# Bytes of a video that go in one request, so that each is done within a call's time on a slow line too.
PIECE = 1024 * 1024


@runtime_checkable
class VideoPlatform(Platform, Protocol):
    """A channel whose posts are videos. They go up piece by piece, by `open` and `resume` instead of `prepare`, and a
    later run goes on where an earlier one was cut off, by an `Upload` that was kept. `publish` sends the last piece.
    """

    def open(self, post: Post) -> Upload:
        """Begin the upload of a post's video. Repeatable: nothing that readers see comes of it."""

    def mark(self, post: Post) -> str:
        """What the upload of this post is for, as `Upload.mark` tells. Asks nobody."""

    def resume(self, post: Post, upload: Upload) -> Prepared | Receipt:
        """Send what is missing of an upload that was begun for this post, but for the last piece; the receipt where all
        of it had arrived before. Repeatable. Raises `UploadGone` when the platform does not know the upload."""

    def arrived(self, upload: Upload) -> Receipt | None:
        """The receipt of an upload whose last piece arrived; None where it did not, as far as the platform knows."""


def find(
    platform: Platform,
    post: Post,
    since: datetime,
    is_another: Callable[[Receipt], bool] = lambda receipt: False,
    upload: Upload | None = None,
) -> Receipt | None:
    """The receipt of `post` if the channel shows it: by the article's link; where one has none, by the text, exact but
    for the shapes of spaces. Passes over what `is_another` tells to be another post that looks the same. Of a video
    whose `upload` is known, the platform says first whether all of it arrived. Raises `Unreadable` where nobody can be
    asked about that upload, and what `Platform.shown` raises."""
    if upload is not None:
        if not isinstance(platform, VideoPlatform):
            raise Unreadable("it was uploaded as a video, and in its present mode the channel cannot tell of videos")
        if receipt := platform.arrived(upload):
            return receipt
    wanted = links.canonical(post.link) if post.link else ""
    for shown in platform.shown(since):
        if wanted and shown.links:
            same = any(links.canonical(link) == wanted for link in shown.links)
        else:
            same = _as_read(shown.text) == _as_read(post.text)
        if same and not is_another(shown.receipt):
            return shown.receipt
    return None


def _as_read(text: str) -> str:
    """Platforms give back some spaces (non-breaking ones, line ends) and composed letters in another form."""
    return " ".join(unicodedata.normalize("NFC", text).split())


# How the id stands in the address of a post.
_ADDRESS_IDS: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "x": re.compile(r"/status/(\d+)"),
        "vk": re.compile(r"wall-?\d+_(\d+)"),
        "facebook": re.compile(r"(\d+_\d+)"),
        "youtube": re.compile(r"(?:/post/|[?&]lb=|/shorts/|/watch\?(?:\S*&)?v=|youtu\.be/|/video/)([\w-]+)"),
    }
)


def receipt_at(platform: str, address: str) -> Receipt:
    """The receipt of a post that a person found at `address`; where that holds no id, the address stands for it."""
    found = _ADDRESS_IDS[platform].search(address)
    return Receipt(found[1] if found else address, address)


# Imported only when a channel needs them: the client libraries are slow to import.
_ADAPTERS: Mapping[str, str] = MappingProxyType(
    {
        "x": "crosspost.platforms.x:X",
        "vk": "crosspost.platforms.vk:Vk",
        "facebook": "crosspost.platforms.facebook:Facebook",
        "youtube": "crosspost.platforms.youtube:youtube",
    }
)


def connect(platform: str, options: Mapping[str, Any], secrets: Mapping[str, str], line: Line) -> Platform:
    """Build the adapter of `platform`: `options` are its keys in the config, `secrets` go by their names there."""
    module, _, name = _ADAPTERS[platform].partition(":")
    adapter = getattr(import_module(module), name)
    return cast(Platform, adapter(**options, secrets=secrets, line=line))
