"""The sandbox's state: what was posted, what was asked, what is to go wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from threading import RLock

from PIL import Image, UnidentifiedImageError

from crosspost.sandbox import secrets as accepted
from crosspost.sandbox.faults import Faults
from crosspost.sandbox.store import Media, Store, Stored


def _now() -> datetime:
    return datetime.now(UTC)


PICTURE_TYPES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})


def first_link(text: str) -> str:
    """The first web address that `text` spells out, "" where it has none; for platforms that keep links in the text."""
    match = re.search(r"https?://[^\s<>]+[^\s<>.,;:!?)»”]", text)
    return match[0] if match else ""


@dataclass(frozen=True, slots=True)
class PostedRecord:
    """A post as a test sees it. `pictures` are the bytes as uploaded, `alt` their descriptions; `video` and `title` are
    a video's; `at` is aware UTC; `made_with_ai` as X was told."""

    id: str
    account: str
    text: str
    link: str
    pictures: tuple[bytes, ...]
    alt: tuple[str, ...]
    at: datetime
    deleted: bool
    made_with_ai: bool = False
    video: bytes = b""
    title: str = ""


class Sandbox:
    """Pretend X, VK, Facebook and YouTube. Give it to `app` to put them on a port.

    With `store`, a file, what was posted survives a restart. `faults` are written as faults.py tells. `clock`
    gives aware times. `problems` collects what a strict reader of the platforms' documents would object to
    though the platform itself stays silent, such as parameters that do not exist.
    """

    def __init__(
        self, store: Path | None = None, faults: Sequence[str] = (), clock: Callable[[], datetime] = _now
    ) -> None:
        self.lock = RLock()
        self.store = Store(store)
        self.clock = clock
        self.faults = Faults()
        self.problems: list[str] = []
        self._requests: list[tuple[str, str, str]] = []
        for written in faults:
            self.faults.read(written)

    def close(self) -> None:
        """Let go of the store's file."""
        with self.lock:
            self.store.close()

    def posts(self, platform: str) -> list[PostedRecord]:
        """What was posted on `platform`, deleted posts too, in order."""
        with self.lock:
            return [self._record(stored) for stored in self.store.posts(platform)]

    def requests(self, platform: str) -> list[tuple[str, str]]:
        """Method and path (the platform's own, without query) of every request to `platform`, in order."""
        with self.lock:
            return [(method, path) for name, method, path in self._requests if name == platform]

    def fail(self, platform: str, fault: str, times: float = 1, on: Iterable[str] | str | None = None) -> None:
        """Program a fault: see `Faults.program`. Raises `UnknownFault`."""
        with self.lock:
            self.faults.program(platform, fault, times, on)

    def secrets(self, platform: str, account: str) -> dict[str, str]:
        """The secrets that this sandbox, and any other, accepts for `account`, by the names of the config."""
        return accepted.secrets(platform, account)

    def saw(self, platform: str, method: str, path: str) -> None:
        self._requests.append((platform, method, path))

    def object_to(self, problem: str) -> None:
        self.problems.append(problem)

    def visible(self, platform: str, account: str) -> list[Stored]:
        """What a reader of `account` sees now, newest first: neither deleted, nor unpublished, nor still lagging."""
        until = self.clock() - timedelta(seconds=self.faults.lag(platform))
        stored = self.store.posts(platform, account)
        return [
            one for one in reversed(stored) if not one.deleted and one.at <= until and one.extra.get("published", True)
        ]

    def keep_picture(
        self, platform: str, account: str, data: bytes, make_id: Callable[[int], str], alt: str = ""
    ) -> Media:
        """Store an uploaded picture. Raises ValueError for what is none."""
        try:
            with Image.open(BytesIO(data)) as image:
                width, height = image.size
                media_type = image.get_format_mimetype() or ""
                image.verify()
        except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
            raise ValueError("not a picture") from error
        if media_type not in PICTURE_TYPES:
            raise ValueError(f"no platform takes {media_type}")
        id = make_id(self.store.next_media_number())
        media = Media(platform, account, id, data, media_type, width, height, alt, self.clock())
        self.store.add_media(media)
        return media

    def _record(self, stored: Stored) -> PostedRecord:
        media = self.store.pictures(stored)
        pictures = [one for one in media if one.media_type in PICTURE_TYPES]
        return PostedRecord(
            id=stored.id,
            account=stored.account,
            text=stored.text,
            link=stored.link,
            pictures=tuple(picture.data for picture in pictures),
            alt=tuple(picture.alt for picture in pictures),
            at=stored.at,
            deleted=stored.deleted,
            made_with_ai=bool(stored.extra.get("made_with_ai")),
            video=b"".join(one.data for one in media if one.media_type not in PICTURE_TYPES),
            title=stored.extra.get("title", ""),
        )
