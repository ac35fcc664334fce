"""The process in which apart.py has a dear document parsed: `python -m crosspost.feeds.confined CPU WALL MEMORY`.

One document comes in and what `parse` makes of it goes out, both pickled. The limits (seconds, seconds, bytes of
address space) are set before the document is looked at, and hold even when the daemon is gone.
"""

from __future__ import annotations

import errno
import os
import pickle
import resource
import signal
import sys
import threading
import time
from contextlib import suppress

from crosspost.errors import FeedError
from crosspost.feeds.parse import Document, parse


def main() -> None:
    cpu, wall, memory = map(int, sys.argv[1:])
    _confine(cpu, wall, memory)
    try:
        body, told = pickle.load(sys.stdin.buffer)
        sys.stdout.buffer.write(pickle.dumps(_outcome(body, told)))
        sys.stdout.buffer.flush()
    except MemoryError:
        sys.exit(errno.ENOMEM)


def _outcome(body: bytes, told: dict[str, str]) -> Document | str:
    """The document, or in words why there is none."""
    try:
        return parse(body, **told)  # type: ignore[arg-type]
    except FeedError as error:
        return str(error)


def _confine(cpu: int, wall: int, memory: int) -> None:
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    signal.alarm(wall)
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 5))
    with suppress(ValueError, OSError):  # macOS has no such limit
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _end_with(parent: int) -> None:
    """End this process soon after its parent."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


if __name__ == "__main__":
    main()
