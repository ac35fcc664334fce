"""An HTTP server on loopback that does as a test says and keeps every request it read, whole."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Seen:
    """A request as it came. `target` is the request line's own: a path, or a whole address at a proxy."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    client: tuple[str, int]  # equal for two requests on one connection

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, Any]:
        """The fields of a form; a file is (name, media type, bytes)."""
        kind = self.headers.get("content-type", "")
        if not kind.startswith("multipart/"):
            return dict(parse_qsl(self.body.decode(), keep_blank_values=True))
        whole = BytesParser(EmailMessage, policy=HTTP).parsebytes(
            b"Content-Type: " + kind.encode() + b"\r\n\r\n" + self.body
        )
        return dict(_field(part) for part in whole.iter_parts())


def _field(part: Any) -> tuple[str, Any]:
    name, data = part.get_param("name", header="content-disposition"), part.get_payload(decode=True)
    filename = part.get_filename()
    return name, (filename, part.get_content_type(), data) if filename else data.decode()


@dataclass(frozen=True)
class Reply:
    """An answer. A `body` that is not bytes goes out as JSON."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def encoded(self) -> tuple[bytes, dict[str, str]]:
        if isinstance(self.body, bytes):
            return self.body, dict(self.headers)
        return json.dumps(self.body).encode(), {"Content-Type": "application/json"} | dict(self.headers)


class Drop:
    """In place of an answer: the connection is closed, or with `reset` torn down."""

    def __init__(self, reset: bool = False) -> None:
        self.reset = reset


@dataclass
class Scripted:
    """The running server: its address, and what it saw."""

    address: str
    seen: list[Seen]

    def calls(self, method: str, path: str) -> list[Seen]:
        return [request for request in self.seen if request.method == method and request.path.endswith(path)]


@contextmanager
def scripted(script: Callable[[Seen], Reply | Drop]) -> Iterator[Scripted]:
    """Serve `script`: what it returns for a request is the answer."""
    seen: list[Seen] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # head and body go out apart; the body would wait for the head's receipt

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except ConnectionError:
                self.close_connection = True

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            seen.append(Seen(self.command, self.path, headers, body, self.client_address))
            reply = script(seen[-1])
            if isinstance(reply, Drop):
                _drop(self.connection, reply)
                self.close_connection = True
                return
            content, given = reply.encoded()
            self.send_response_only(reply.status)
            for name, value in {"Content-Length": str(len(content)), **given}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_DELETE = do_CONNECT = answer

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.005}, daemon=True)
    thread.start()
    try:
        yield Scripted(f"http://127.0.0.1:{server.server_port}", seen)
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def _drop(connection: socket.socket, how: Drop) -> None:
    if how.reset:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    else:
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
