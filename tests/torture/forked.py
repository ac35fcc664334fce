"""The command in a process of its own that was forked from one with everything imported: ready in a tenth of the time.

A torture starts crosspost anew after each kill, and most of that time would go into imports, in which nothing is sent.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from pathlib import Path

from crosspost.cli import main

_PRELOADED = [
    "apscheduler.schedulers.asyncio",
    "apscheduler.triggers.interval",
    "crosspost.cli.work",
    "crosspost.compose",
    "crosspost.daemon",
    "crosspost.feeds.fetch",
    "crosspost.feeds.page",
    "crosspost.feeds.parse",
    "crosspost.platforms.facebook",
    "crosspost.platforms.vk",
    "crosspost.platforms.x",
    "crosspost.platforms.youtube",
]
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(_PRELOADED)


class Forked:
    """`crosspost` with these arguments in `folder`, running; its log goes to a file there."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self._log = folder / "log.txt"
        self._log.unlink(missing_ok=True)
        self._process = _FORKS.Process(target=_run, args=(folder, self._log, ["crosspost", *arguments]), daemon=True)
        self._process.start()

    def poll(self) -> int | None:
        """How it ended, or None while it runs."""
        return self._process.exitcode

    def kill(self) -> None:
        self._process.kill()

    def wait(self) -> None:
        self._process.join()

    def log(self) -> str:
        """What it has logged, once it has ended."""
        self.wait()
        return self._log.read_text(encoding="utf-8") if self._log.exists() else ""


def _run(folder: Path, log: Path, argv: list[str]) -> None:
    os.chdir(folder)
    with log.open("wb") as out:
        os.dup2(out.fileno(), sys.stdout.fileno())
        os.dup2(out.fileno(), sys.stderr.fileno())
    sys.argv = argv
    main()
