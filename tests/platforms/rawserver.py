"""A server made of a bare socket: it reads one request, records it, and answers given bytes or none at all."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

# What can be sent instead of bytes.
DROP = "reads the request and closes the connection"
RESET = "reads the request and resets the connection"
HANG = "reads the request and never answers"
HANG_UP = "closes the connection without reading anything"


@dataclass(frozen=True)
class Request:
    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class RawServer:
    """Answers the first request with the first of `answers`, and so on; the last answer repeats."""

    address: str
    answers: list[Any]
    requests: list[Request] = field(default_factory=list)
    connections: int = 0

    def next_answer(self) -> Any:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def answer(status: int, body: Any = b"", headers: Mapping[str, str] | None = None, keep_alive: bool = False) -> bytes:
    """An HTTP answer; a body that is not bytes goes out as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = {
        "Content-Type": "text/html" if isinstance(body, bytes) else "application/json",
        "Content-Length": str(len(content)),
        "Connection": "keep-alive" if keep_alive else "close",
        **(headers or {}),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status} Status\r\n{head}\r\n".encode() + content


@contextmanager
def raw_server(*answers: Any) -> Iterator[RawServer]:
    """A RawServer on loopback."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = RawServer(f"http://127.0.0.1:{listener.getsockname()[1]}", list(answers) or [DROP])
        done = threading.Event()
        thread = threading.Thread(target=_serve, args=(listener, server, done), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            done.set()
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)


def closed_port() -> str:
    """An address on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


def _serve(listener: socket.socket, server: RawServer, done: threading.Event) -> None:
    while not done.is_set():
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        server.connections += 1
        threading.Thread(target=_talk, args=(connection, server, done), daemon=True).start()


def _talk(connection: socket.socket, server: RawServer, done: threading.Event) -> None:
    with connection:
        while server.answers[0] != HANG_UP and (request := _read(connection)):
            server.requests.append(request)
            given = server.next_answer()
            if given == HANG:
                done.wait(10)
            elif given == RESET:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            elif isinstance(given, bytes):
                connection.sendall(given)
            if not isinstance(given, bytes) or b"Connection: keep-alive" not in given:
                return


def _read(connection: socket.socket) -> Request | None:
    received = b""
    while b"\r\n\r\n" not in received:
        part = connection.recv(65536)
        if not part:
            return None
        received += part
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    while len(body) < int(headers.get("content-length", 0)):
        body += connection.recv(65536)
    method, target, _ = first.split(" ", 2)
    return Request(method, target, headers, body)
