"""Real HTTP on loopback for the tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from crosspost.serving import listen, served


@contextmanager
def serve(app: Any, port: int = 0) -> Iterator[str]:
    """Serve the ASGI `app` on 127.0.0.1 and yield its address, such as http://127.0.0.1:40001."""
    with listen(port) as place, served(app, place):
        yield place.address
