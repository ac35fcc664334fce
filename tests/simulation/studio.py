"""A platform of videos with a life of its own: it cuts uploads off between two pieces, and forgets some of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from crosspost.errors import Throttled, Unreachable, Unsure
from crosspost.platforms import UploadGone
from crosspost.post import Image, Post, Prepared, Receipt, Upload, Video
from tests.simulation.platform import Overruns, SimulatedPlatform

PIECES = 3  # the last one among them
FILM = Video(b"a film", 1080, 1920, 20.0, Image(b"", "image/jpeg", 1080, 1920))


@dataclass
class _Session:
    """An upload as the platform keeps it: so many pieces of it are there, and what it became."""

    arrived: int = 0
    receipt: Receipt | None = None


@dataclass
class SimulatedStudio(SimulatedPlatform):
    """One channel of videos. An upload is known by its address alone, whoever comes with it."""

    sessions: dict[str, _Session] = field(default_factory=dict)
    begun: int = 0
    _finishing: _Session | None = None

    def open(self, post: Post) -> Upload:
        self._enter("beginning")
        self.begun += 1
        address = f"{self.name}-session-{self.begun}"
        self.sessions[address] = _Session()
        self._break()
        self.boundary.cross(f"after a beginning of {self.name}")
        return Upload(address, self.mark(post), PIECES)

    def mark(self, post: Post) -> str:
        return post.text

    def resume(self, post: Post, upload: Upload) -> Prepared | Receipt:
        self._enter("upload")
        session = self._session(upload)
        while session.receipt is None and session.arrived < PIECES - 1:
            session.arrived += 1
            self.boundary.cross(f"after a piece to {self.name}")
            self._break()
        return session.receipt or Prepared(post, upload=upload)

    def arrived(self, upload: Upload) -> Receipt | None:
        self._enter("question")
        self._break()
        known = self.sessions.get(upload.address)
        return known.receipt if known else None

    def publish(self, prepared: Prepared) -> Receipt:
        assert prepared.upload is not None
        session = self._session(prepared.upload)
        if session.arrived != PIECES - 1 or session.receipt:
            self.complaints.append(f"{self.name} was sent the last piece of an upload that waits for another")
        self._finishing = session
        return super().publish(prepared)

    def _take(self, post: Post) -> Receipt:
        assert self._finishing is not None
        self._finishing.receipt = super()._take(post)
        return self._finishing.receipt

    def _session(self, upload: Upload) -> _Session:
        # One whose end is in doubt is forgotten too: what the channel shows has to settle it then.
        if self.chance.random() < self.trouble / 8:
            self.sessions.pop(upload.address, None)
        if upload.address not in self.sessions:
            raise UploadGone("this upload is not known any longer")
        return self.sessions[upload.address]

    def _break(self) -> None:
        """Lose the line, the channel's patience, or so much time that nobody waits any longer."""
        if self.chance.random() < self.trouble / 4:
            ends = [Unsure("cut off"), Throttled("slowly", wait=60), Unreachable("no route"), Overruns(None)]
            raise self.chance.choice(ends)
