"""What a YouTube channel publishes, by its mode: posts that a person pastes (`assisted`), posts by Google's pilot
resource (`api`), or videos (`video`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Literal

from crosspost.errors import Refused, Unreadable
from crosspost.platforms import Account, Platform
from crosspost.platforms.line import Line
from crosspost.post import Handover, Post, Prepared, Receipt, Shown

_SITE = "https://www.youtube.com"


def youtube(
    *,
    mode: Literal["assisted", "api", "video"],
    channel: str,
    secrets: Mapping[str, str],
    line: Line,
    privacy: Literal["public", "unlisted", "private"] = "public",
    made_for_kids: bool = False,
    category: int = 25,
) -> Platform:
    """The YouTube channel with the id `channel` (UC…).

    `secrets`: `client_id`, `client_secret` and `refresh_token`; none are needed when `mode` is "assisted".
    """
    if mode == "assisted":
        return _Assisted(channel)
    # Google's libraries, which assisted mode does without.
    if mode == "api":
        from crosspost.platforms.youtube_posts import Posts

        return Posts(channel, secrets, line)
    from crosspost.platforms.youtube_snippet import Manner
    from crosspost.platforms.youtube_videos import Videos

    return Videos(channel, Manner(privacy, made_for_kids, category), secrets, line)


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
