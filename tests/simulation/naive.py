"""Two senders as one would write them at first. They are here to fail: who lets them pass can see nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from crosspost.errors import PlatformError
from crosspost.ledger.rows import Entry
from crosspost.platforms import Platform
from crosspost.post import Post, Prepared, Receipt, State


class _Naive:
    def __init__(self, channel: Any, ledger: Any, owner: Any, _policy: Any, clock: Any) -> None:
        self._channel = channel
        self.ledger = ledger
        self._owner = owner
        self._clock = clock

    def tick(self, *, insist: bool = False) -> None:
        self.ledger.release(self._channel.name)
        platform: Platform = self._channel.connect()
        for entry in self.ledger.work(self._channel.name, State.DUE):
            post = self._channel.write_up(entry.article, entry.key, None)
            try:
                self._bring(entry, post, platform)
            except PlatformError as error:
                self.ledger.postponed(entry, self._clock() + timedelta(minutes=1), str(error))

    def _bring(self, entry: Entry, post: Post, platform: Platform) -> None:
        raise NotImplementedError

    def record(self, entry: Entry, post: Post, receipt: Receipt) -> None:
        self.ledger.begin(entry, Prepared(post), self._owner)
        self.ledger.sent(entry, receipt, "sent")


class SendsThenRecords(_Naive):
    """Loses its memory of what it sent: doubles."""

    def _bring(self, entry: Entry, post: Post, platform: Platform) -> None:
        self.record(entry, post, platform.publish(Prepared(post)))


class RecordsThenSends(_Naive):
    """Remembers what it never sent: loses."""

    def _bring(self, entry: Entry, post: Post, platform: Platform) -> None:
        self.record(entry, post, Receipt("0", "https://social.example/sample/0"))
        platform.publish(Prepared(post))
