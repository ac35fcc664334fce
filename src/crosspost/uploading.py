"""A video goes up but for its last piece, by an upload that is durable before its first byte goes.

    the upload that the ledger knows -> still for this post? -> gone on with
                                     -> else, or none: a new one is begun -> durable -> gone on with

Whatever ends in the midst, any later run goes on there. See docs/decisions/0017-resumable-uploads.md.
"""

from __future__ import annotations

from functools import partial

from crosspost.calling import call_again
from crosspost.deadline import Caller
from crosspost.errors import Refused
from crosspost.ledger import Ledger
from crosspost.ledger.rows import Entry
from crosspost.logs import Log
from crosspost.platforms import PIECE, Platform, UploadGone, VideoPlatform
from crosspost.post import Post, Prepared, Receipt, Upload
from crosspost.timing.retry import Policy

log = Log()

_QUESTION = 2  # calls: a request, and perhaps one for a token


class Uploading:
    """The uploads of one channel."""

    def __init__(self, channel: str, ledger: Ledger, policy: Policy, caller: Caller) -> None:
        self._ledger = ledger
        self._policy = policy
        self._caller = caller
        self._log = log.bind(channel=channel)

    def bring_up(self, platform: Platform, entry: Entry, post: Post) -> Prepared | Receipt | None:
        """Upload the post's video but for its last piece. The receipt where all of it had arrived before; None when the
        post was changed meanwhile. Raises the errors of a `Platform` that leave no doubt.

        An upload that is not for this post as it is now is given up only when the platform says that it is not
        complete: where it is, the post is out.
        """
        if not isinstance(platform, VideoPlatform):
            raise Refused(f"{entry.platform} takes no video on this channel")
        upload = entry.upload
        if upload is not None and upload.mark != platform.mark(post):
            if receipt := self.arrived(platform, upload):
                return receipt
            upload = None
        if upload is not None:
            try:
                return self._resume(platform, post, upload)
            except UploadGone as error:
                self._log.info("upload.gone", post=entry.id, why=str(error))
        upload = call_again(self._caller, partial(platform.open, post), self._policy.timeout * _QUESTION)
        return self._resume(platform, post, upload) if self._ledger.opened(entry, upload) else None

    def arrived(self, platform: Platform, upload: Upload) -> Receipt | None:
        """The receipt of an upload of which all had arrived; None where it had not, and where the channel takes no
        videos any longer, so that nobody can say. Raises as `bring_up`."""
        if not isinstance(platform, VideoPlatform):
            return None
        return call_again(self._caller, partial(platform.arrived, upload), self._policy.timeout * _QUESTION)

    def _resume(self, platform: VideoPlatform, post: Post, upload: Upload) -> Prepared | Receipt:
        pieces = 1 + upload.size // PIECE
        timeout = self._policy.timeout * (_QUESTION + pieces)
        return call_again(self._caller, partial(platform.resume, post, upload), timeout)
