"""Room kept beside the ledger for what must be written down when the disk is full.

A call is begun only while the ballast lies: a file that takes up room and says nothing. When the disk fills meanwhile
and refuses what the call came to, the ballast goes and that is written in its place. Nothing else has a claim on it
but a start, so that a daemon can wait for room, and no further call is begun until a new one can be laid.

A file system that compresses, or writes every change to a new place, may not keep the room that it promised. Nothing
is lost there either: a call whose outcome was not recorded is looked for on the platform.
"""

from __future__ import annotations

import errno
import os
import shutil
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

from crosspost.logs import Log

log = Log()
T = TypeVar("T")

# SQLite's write-ahead log grows to 1000 pages of 4 KB before it goes into the ledger, which may grow by as much then.
SIZE = 2 * 1000 * 4096
_MODEST = 1_000_000  # bytes beside the ballast, for some dozens of intents
_FULL = (errno.ENOSPC, errno.EDQUOT)
# By their words, which have not changed in twenty years: the codes came with Python 3.11, and not to every driver.
# SQLite calls a quota that is used up an I/O error, and room helps against that too.
_REFUSED = ("disk is full", "disk I/O error")


class Ballast:
    """The ballast of the SQLite ledger at `ledger`; with None, of PostgreSQL, whose disk is not ours to keep free.
    Safe to use from several threads."""

    def __init__(self, ledger: Path | None) -> None:
        self._ledger = ledger
        self._lies = ledger is None
        self._told = False
        self._lock = threading.Lock()

    def lay(self) -> bool:
        """Whether it lies, after an attempt to lay it where it does not."""
        with self._lock:
            if self._ledger is not None and not self._lies:
                self._lies = self._laid(self._ledger)
            return self._lies

    def spare(self, act: Callable[[], T]) -> T:
        """Do `act`; when the disk refuses to write it, give the ballast up and do it once more."""
        try:
            return act()
        except DBAPIError as error:
            why = str(error.orig)
            if self._ledger is None or not any(words in why for words in _REFUSED):
                raise
            self._give_up(self._ledger, why)
        return act()

    def lacking(self) -> str:
        """What must be freed before anything is sent, as somebody sees it who lays no ballast; empty when nothing."""
        if self._ledger is None:
            return ""
        needed = _MODEST if _beside(self._ledger).exists() else SIZE
        return _wanted(self._ledger) if shutil.disk_usage(self._ledger.parent).free < needed else ""

    def _laid(self, ledger: Path) -> bool:
        path = _beside(ledger)
        try:
            with path.open("ab") as file:
                _allocate(file.fileno())
        except OSError as error:
            _remove(path)
            if error.errno in _FULL:
                self._tell(ledger, error.strerror)
                return False
            # Not every file system can promise room. There, a full disk leaves doubts, which are settled by looking.
            log.warning("ledger.unballasted", why=f"{path} cannot be made: {error.strerror}")
            return True
        if self._told:
            log.info("disk.has_room", ledger=str(ledger))
        self._told = False
        return True

    def _give_up(self, ledger: Path, why: str) -> None:
        with self._lock:
            _remove(_beside(ledger))
            self._lies = False
            self._tell(ledger, why)

    def _tell(self, ledger: Path, why: str | None) -> None:
        """Once, until there is room again."""
        if not self._told:
            log.error("disk.full", why=f"{why}; {_wanted(ledger)}")
        self._told = True


NO_BALLAST = Ballast(None)


def _wanted(ledger: Path) -> str:
    return f"free {SIZE / 1e6:.0f} MB where {ledger} lies: until then nothing is sent"


def _beside(ledger: Path) -> Path:
    return ledger.with_name(ledger.name + ".ballast")


def _remove(path: Path) -> None:
    with suppress(OSError):  # a disk that has become read-only keeps it, and says so by the ledger's own error
        path.unlink(missing_ok=True)


def _allocate(descriptor: int) -> None:
    """Have the file take up its room, holes included. Raises `OSError`."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(descriptor, 0, SIZE)
        return
    for written in range(os.fstat(descriptor).st_size, SIZE, 1 << 20):  # macOS
        os.write(descriptor, bytes(min(1 << 20, SIZE - written)))
