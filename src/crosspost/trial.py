"""The verb of trying: one test is posted on a channel and deleted again, a text or a film of that text.

No article and no post comes of it, so nothing that is to be sent is touched; the event log of the channel has every
step, the text before the call and the address after it, so that a test that stayed behind can be found.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from crosspost.calling import call
from crosspost.deadline import Caller
from crosspost.errors import PlatformError, Refused, Unreachable, Unsure
from crosspost.platforms import PIECE, Platform, VideoPlatform, find
from crosspost.post import Handover, Post, Prepared, Receipt, Upload, Video

# By language. It has no link, so a look for an article's post never takes it for one; the time makes it unlike the
# test before, which X would call a duplicate.
_WORDS = {
    "en": "This is a test of crosspost; it will be gone in a moment. {at:%Y-%m-%d %H:%M:%S}",
    "ru": "Это проверка crosspost, через мгновение она исчезнет. {at:%d.%m.%Y %H:%M:%S}",
}
# A platform's clock may be behind ours.
_LOOK_BACK = timedelta(minutes=5)
# Requests that a step may take: a token, the act itself, and a look whether it was the post that is missing.
_REQUESTS = 3

Note = Callable[[str, str], None]


def words(language: str, at: datetime) -> str:
    """A test text in that language (two letters), English where there is none in it."""
    return _WORDS.get(language, _WORDS["en"]).format(at=at)


class Trial:
    """A test on one channel. `note` keeps what happened and its details. Every verb raises only `PlatformError`."""

    def __init__(
        self,
        text: str,
        platform: Platform,
        caller: Caller,
        timeout: timedelta,
        note: Note,
        video: Video | None = None,
    ) -> None:
        self._post = Post(text, link="", title=text, key=str(uuid.uuid4()), video=video)
        self._upload: Upload | None = None
        self._platform = platform
        self._caller = caller
        self._timeout = _REQUESTS * timeout
        self._pieces = 1 + len(video.data) // PIECE if video else 0
        self._note = note

    def post(self) -> Receipt:
        """Post it, by one call that is never repeated."""
        self._note("test begun", self._post.text)
        try:
            receipt = call(self._caller, self._publish, self._timeout * (1 + self._pieces))
        except PlatformError as error:
            self._note("test failed", str(error))
            raise
        self._note("test posted", receipt.address)
        return receipt

    def _publish(self) -> Receipt:
        prepared: Prepared | Handover | Receipt
        if isinstance(self._platform, VideoPlatform):
            self._upload = self._platform.open(self._post)
            prepared = self._platform.resume(self._post, self._upload)
        else:
            prepared = self._platform.prepare(self._post)
        if isinstance(prepared, Receipt):
            return prepared
        if isinstance(prepared, Handover):
            raise Refused(f"only a person can post there, at {prepared.page}")
        return self._platform.publish(prepared)

    def find(self, began: datetime) -> Receipt | None:
        """Look for it, after an answer was lost."""
        since = began - _LOOK_BACK
        found = call(self._caller, lambda: find(self._platform, self._post, since, upload=self._upload), self._timeout)
        if found is not None:
            self._note("test posted", found.address)
        return found

    def delete(self, receipt: Receipt) -> None:
        """Delete it; once more when there was no clear answer, since a second time does no harm."""
        try:
            try:
                self._withdraw(receipt)
            except (Unreachable, Unsure):
                self._withdraw(receipt)
        except PlatformError as error:
            self._note("test not deleted", f"{error}: delete {receipt.address} by hand")
            raise
        self._note("test deleted", receipt.address)

    def _withdraw(self, receipt: Receipt) -> None:
        call(self._caller, lambda: self._platform.withdraw(receipt), self._timeout)
