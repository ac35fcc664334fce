"""YouTube posts: handed to a person (mode `assisted`), or published by Google's pilot resource (mode `api`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Literal

from crosspost.errors import Refused, Unreadable
from crosspost.platforms import Account, Platform
from crosspost.platforms.line import Line
from crosspost.post import Handover, Post, Prepared, Receipt, Shown

_SITE = "https://www.youtube.com"


class YouTube:
    """The posts of one YouTube channel; `channel` is its id (UC…).

    `secrets`: `client_id`, `client_secret` and `refresh_token`; none are needed when `mode` is "assisted".
    """

    def __init__(
        self, *, mode: Literal["assisted", "api"], channel: str, secrets: Mapping[str, str], line: Line
    ) -> None:
        self._way: Platform = _Assisted(channel) if mode == "assisted" else _pilot(channel, secrets, line)

    def prepare(self, post: Post) -> Prepared | Handover:
        """Upload the pictures (api); tell the page on which a person posts (assisted)."""
        return self._way.prepare(post)

    def publish(self, prepared: Prepared) -> Receipt:
        """Publish (api); `Refused` where a person does it (assisted)."""
        return self._way.publish(prepared)

    def shown(self, since: datetime) -> Iterator[Shown]:
        """The channel's posts; `Unreadable` when assisted."""
        return self._way.shown(since)

    def verify(self) -> Account:
        """Whose channel it is, and whether the project may use the pilot (api)."""
        return self._way.verify()

    def withdraw(self, receipt: Receipt) -> None:
        """Delete the post (api); `Refused` where a person must do it (assisted)."""
        self._way.withdraw(receipt)


class _Assisted:
    """A person posts: YouTube has no public API for posts, and driving its site is against its terms."""

    def __init__(self, channel: str) -> None:
        self._channel = f"{_SITE}/channel/{channel}"

    def prepare(self, post: Post) -> Handover:
        return Handover(f"{self._channel}/posts?show_create_dialog=1")

    def publish(self, prepared: Prepared) -> Receipt:
        raise Refused(
            f"posts on YouTube cannot be published in assisted mode; post it by hand at {self._channel}/posts"
        )

    def shown(self, since: datetime) -> Iterator[Shown]:
        raise Unreadable(f"posts on YouTube cannot be read in assisted mode; look at {self._channel}/posts")

    def verify(self) -> Account:
        return Account("YouTube, by hand", self._channel, ("posts are prepared here; a person publishes them",))

    def withdraw(self, receipt: Receipt) -> None:
        raise Refused(f"posts on YouTube cannot be deleted in assisted mode; delete {receipt.address} by hand")


def _pilot(channel: str, secrets: Mapping[str, str], line: Line) -> Platform:
    from crosspost.platforms.youtube_posts import Posts  # Google's libraries, which assisted mode does without

    return Posts(channel, secrets, line)
