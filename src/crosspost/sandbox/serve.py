"""The ASGI app: hands each request to its platform and makes the programmed faults happen."""

from __future__ import annotations

import socket
import struct
from asyncio import Transport
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import format_datetime

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crosspost.sandbox.call import Answer, Call, Problem, Stage, read
from crosspost.sandbox.facebook import Facebook
from crosspost.sandbox.faults import BROKEN, GUARDED
from crosspost.sandbox.page import page
from crosspost.sandbox.state import Sandbox
from crosspost.sandbox.vk import Vk
from crosspost.sandbox.x import X
from crosspost.sandbox.youtube import YouTube

_HTML = (
    b"<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center>"
    b"<hr><center>nginx</center></body></html>"
)


_NOTHING = Answer(500, b"")


def app(sandbox: Sandbox) -> ASGIApp:
    """The platforms under /x, /vk, /facebook and /youtube, and at / a page that shows what was posted."""
    stages: Mapping[str, Stage] = {
        "x": X(sandbox),
        "vk": Vk(sandbox),
        "facebook": Facebook(sandbox),
        "youtube": YouTube(sandbox),
    }
    front = page(sandbox)

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        mount, _, path = scope.get("path", "").removeprefix("/").partition("/")
        if scope["type"] != "http" or mount not in stages:
            await front(scope, receive, send)
            return
        call = await read(scope, receive, mount, f"/{path}")
        with sandbox.lock:
            answer, fault = _handle(sandbox, mount, stages[mount], call)
        await _deliver(answer, fault, receive, send)

    return serve


def _handle(sandbox: Sandbox, platform: str, stage: Stage, call: Call) -> tuple[Answer, str | None]:
    """The answer, and what breaks on its way back."""
    sandbox.saw(platform, call.method, call.path)
    fault = _strike(sandbox, platform, stage, call)
    if fault is None:
        return _answer(stage, call), None
    if fault in GUARDED:
        return _too_many(fault, sandbox.clock()), None
    if fault not in BROKEN:
        return stage.refusal(fault, call, sandbox.clock()), None
    processed = fault == "truncated" or fault.endswith("-after")
    answer = _answer(stage, call) if processed else _NOTHING
    return (stage.refusal("500", call, sandbox.clock()), None) if fault.startswith("500") else (answer, fault)


def _too_many(fault: str, now: datetime) -> Answer:
    """A server before the platform wants a pause of two minutes, in either form of RFC 9110, 10.2.3."""
    wait = timedelta(minutes=2)
    after = format_datetime(now + wait, usegmt=True) if fault == "429-date" else str(int(wait.total_seconds()))
    return Answer(429, b"Too Many Requests", {"retry-after": after}, media_type="text/plain")


def _strike(sandbox: Sandbox, platform: str, stage: Stage, call: Call) -> str | None:
    try:
        return sandbox.faults.strike(platform, stage.kind(call))
    except Problem:
        return None  # no such path: answering it will say so


def _answer(stage: Stage, call: Call) -> Answer:
    try:
        return stage.answer(call)
    except Problem as problem:
        return problem.answer


async def _deliver(answer: Answer, fault: str | None, receive: Receive, send: Send) -> None:
    if fault is None:
        await _send(answer, send)
    elif fault.startswith("timeout"):
        await _until_hung_up(receive)
    elif fault.startswith("reset"):
        _reset(send)
        await _until_hung_up(receive)
    elif fault == "truncated":
        await _send_half(answer, send)
        await _until_hung_up(receive)
    else:
        await _send(Answer(502, _HTML, media_type="text/html"), send)


async def _send(answer: Answer, send: Send) -> None:
    body = answer.encoded()
    await send(_start(answer, len(body)))
    await send({"type": "http.response.body", "body": body})


async def _send_half(answer: Answer, send: Send) -> None:
    """Headers that promise the whole answer, and half of it."""
    body = answer.encoded()
    await send(_start(answer, len(body)))
    await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
    _transport(send).close()


def _start(answer: Answer, length: int) -> Message:
    headers = {"content-type": answer.media_type, "content-length": str(length), **answer.headers}
    pairs = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    return {"type": "http.response.start", "status": answer.status, "headers": pairs}


async def _until_hung_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _reset(send: Send) -> None:
    """Close the connection with a RST instead of a FIN: nothing lingers, nothing is flushed."""
    transport = _transport(send)
    connection = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def _transport(send: Send) -> Transport:
    # ASGI has no way to break a connection. Under uvicorn `send` is a method of the object that holds the
    # transport; a test in tests/sandbox notices should that change.
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if not isinstance(transport, Transport):
        raise RuntimeError("This fault needs a real connection: serve the sandbox with uvicorn.")
    return transport
