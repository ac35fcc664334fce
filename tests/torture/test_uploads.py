"""SIGKILL in the middle of a video's upload, over real HTTP: the next life goes on, and one video comes of both."""

from __future__ import annotations

import multiprocessing
import re
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from crosspost.clock import now
from crosspost.ledger import Ledger
from crosspost.ledger.owner import Owner
from crosspost.platforms import PIECE, connect
from crosspost.platforms.line import Line
from crosspost.post import Image, Post, State, Video
from crosspost.publisher import Channel, Publisher
from crosspost.sandbox import Sandbox, app
from crosspost.timing.retry import Policy
from tests.bring import bring
from tests.loopback import serve

ACCOUNT = "UC0000000000000000000000"
FILM = bytes(range(256)) * 4 * 1024 * 2 + b"the end"  # 2 MiB and a bit: two pieces, then the last one
CALLS = ("begin", "ask", "first piece", "second piece", "last piece")
MOMENT = timedelta(milliseconds=20)
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.torture.test_uploads", "crosspost.platforms.youtube_videos"])


@dataclass
class Killer:
    """Stands before the sandbox: at the `place`th call for an upload it kills the sender, `before` that is processed or
    when it is. `kept` counts the bytes of each piece that was processed."""

    sandbox: ASGIApp
    place: int
    before: bool
    victim: multiprocessing.process.BaseProcess | None = None
    kept: list[int] = field(default_factory=list)
    seen: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not scope.get("path", "").endswith("/upload/youtube/v3/videos"):
            await self.sandbox(scope, receive, send)
            return
        self.seen += 1
        strikes = self.seen == self.place + 1
        if strikes and self.before:
            while (await receive()).get("more_body"):  # it was sent, and nobody processed it
                pass
            self._kill()
            return
        self.kept += _piece(scope)
        await self.sandbox(scope, receive, _nowhere if strikes else send)
        if strikes:
            self._kill()

    def _kill(self) -> None:
        assert self.victim is not None
        self.victim.kill()


async def _nowhere(message: object) -> None:
    """The answer that the dead one does not read."""


def _piece(scope: Scope) -> list[int]:
    told = dict(scope["headers"]).get(b"content-range", b"").decode()
    found = re.match(r"bytes (\d+)-(\d+)/", told)
    return [int(found[2]) - int(found[1]) + 1] if found else []


def live(folder: Path, address: str, secrets: dict[str, str]) -> None:
    """A life of the publisher, until its post has found its end."""
    ledger = Ledger(f"sqlite:///{folder / 'ledger.db'}", now)
    options = {"mode": "video", "channel": ACCOUNT}

    def write_up(one, key, frozen):
        video = Video(FILM, 1080, 1920, 20.0, Image(b"", "image/jpeg", 1080, 1920))
        return Post(f"{one.link}\n\n{one.title}", one.link, one.title, key=key, video=video)

    channel = Channel(
        "shorts",
        write_up,
        lambda number, post: folder,
        lambda: connect("youtube", options, secrets, Line(5, f"{address}/youtube")),
    )
    policy = Policy([MOMENT], [MOMENT, 2 * MOMENT, 3 * MOMENT], 0, timedelta(seconds=10))
    publisher = Publisher(channel, ledger, Owner("me", lambda: True), policy, now)
    while ledger.entry(1).state is not State.SENT:
        publisher.tick()
        time.sleep(0.005)
    publisher.close()
    ledger.close()


@pytest.mark.timeout(120)
@pytest.mark.parametrize("before", [True, False], ids=["lost", "processed"])
@pytest.mark.parametrize("place", range(len(CALLS)), ids=lambda place: CALLS[place].replace(" ", "-"))
def test_a_killed_upload_goes_on_and_makes_one_video(tmp_path: Path, place: int, before: bool) -> None:
    assert len(FILM) > PIECE * 2
    ledger, sandbox = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}", now), Sandbox()
    bring(ledger, channels=("shorts",), at=now(), expires=timedelta(days=3))
    killer = Killer(app(sandbox), place, before)
    ends = []
    with serve(killer) as address:
        for _ in range(2):
            arguments = (tmp_path, address, sandbox.secrets("youtube", ACCOUNT))
            killer.victim = _FORKS.Process(target=live, args=arguments, daemon=True)
            killer.victim.start()
            killer.victim.join(40)
            ends.append(killer.victim.exitcode)
    assert ends == [-9, 0]
    [video] = sandbox.posts("youtube")
    entry = ledger.entry(1)
    assert (entry.state, entry.remote_id, entry.upload) == (State.SENT, video.id, None)
    assert video.video == FILM
    # No byte was taken twice, unless nobody knew of the upload.
    assert sum(killer.kept) == len(FILM)
    begun = sandbox.requests("youtube").count(("POST", "/upload/youtube/v3/videos"))
    assert begun == (2 if (place, before) == (0, False) else 1)
    ledger.close()
    sandbox.close()
