"""Serving a page on this machine, in the foreground or beside other work."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
from starlette.types import ASGIApp

from crosspost.errors import CrosspostError


@dataclass(frozen=True, slots=True)
class Place:
    """A port that is ours already."""

    listener: socket.socket
    address: str


@contextmanager
def listen(port: int) -> Iterator[Place]:
    """Take a port of 127.0.0.1, or any free one for 0. Raises `CrosspostError` when it is taken."""
    # Asyncio sends small answers without delay (TCP_NODELAY) only on sockets that name their protocol; the others wait
    # 40 ms for an acknowledgement.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError as error:
            raise CrosspostError(
                f"Port {port} cannot be used ({error.strerror}); choose another with --port."
            ) from error
        listener.listen(128)
        yield Place(listener, f"http://127.0.0.1:{listener.getsockname()[1]}")


def serve(app: ASGIApp, place: Place) -> None:
    """Serve until Ctrl-C."""
    _server(app).run(sockets=[place.listener])


@contextmanager
def served(app: ASGIApp, place: Place) -> Iterator[None]:
    """Serve from a thread for as long as the context lasts."""
    server = _server(app)
    # Signals belong to the main thread; this one is ended by its flag.
    thread = threading.Thread(target=lambda: server.run(sockets=[place.listener]), name="server", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = server.force_exit = True
        thread.join(5)


def _server(app: ASGIApp) -> uvicorn.Server:
    return uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off"))
