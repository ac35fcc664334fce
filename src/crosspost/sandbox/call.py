"""A request as the pretend platforms see it, and their answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Protocol
from urllib.parse import parse_qsl

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.types import Receive, Scope


def names(written: str) -> frozenset[str]:
    """The words of `written`, for tables of parameter names."""
    return frozenset(written.split())


class Kind(StrEnum):
    """What a request is about; a fault is programmed for one or several of them."""

    PUBLISH = "publish"  # readers would see something
    UPLOAD = "upload"
    ASK = "ask"  # how far an upload is
    READ = "read"  # what was posted
    VERIFY = "verify"  # who am I, what may I do
    DELETE = "delete"
    TOKEN = "token"


@dataclass(frozen=True, slots=True)
class File:
    """An uploaded part of a form."""

    name: str
    filename: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `path` is the platform's own (/2/tweets), `url` the whole address as it was asked for."""

    method: str
    path: str
    url: str
    mount: str  # where the platform begins: http://127.0.0.1:9000/x
    headers: Mapping[str, str]
    query: tuple[tuple[str, str], ...]
    form: tuple[tuple[str, str], ...]
    files: tuple[File, ...]
    body: bytes

    @property
    def parameters(self) -> dict[str, str]:
        """Query and form together; of a repeated name the last."""
        return dict((*self.query, *self.form))

    @property
    def bearer(self) -> str:
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""

    def json(self) -> Any:
        """The body read as JSON. Raises ValueError when it is none."""
        return json.loads(self.body)


async def read(scope: Scope, receive: Receive, mount: str, path: str) -> Call:
    """The whole request, body and form included."""
    request = Request(scope, receive)
    body = await request.body()
    pairs = (await request.form()).multi_items() if _is_form(request.headers.get("content-type", "")) else []
    files = [
        File(name, p.filename or "", p.content_type or "", await p.read())
        for name, p in pairs
        if isinstance(p, UploadFile)
    ]
    query = scope["query_string"].decode("latin-1")
    origin = f"{scope['scheme']}://{request.headers.get('host', '')}"
    raw_path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
    return Call(
        method=scope["method"],
        path=path,
        url=f"{origin}{raw_path}?{query}" if query else origin + raw_path,
        mount=f"{origin}/{mount}",
        headers=MappingProxyType(dict(request.headers)),
        query=tuple(parse_qsl(query, keep_blank_values=True)),
        form=tuple((name, part) for name, part in pairs if isinstance(part, str)),
        files=tuple(files),
        body=body,
    )


def _is_form(content_type: str) -> bool:
    return content_type.startswith(("multipart/form-data", "application/x-www-form-urlencoded"))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a platform sends back. A `body` that is not bytes goes out as JSON."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str = "application/json; charset=utf-8"

    def encoded(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return json.dumps(self.body, ensure_ascii=False, separators=(",", ":")).encode()

    def plus(self, headers: Mapping[str, str]) -> Answer:
        return Answer(self.status, self.body, {**self.headers, **headers}, self.media_type)


class Problem(Exception):
    """The platform refuses: raised anywhere while a call is answered, it becomes the answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


class Stage(Protocol):
    """One pretend platform."""

    def kind(self, call: Call) -> Kind:
        """What the call is about."""

    def answer(self, call: Call) -> Answer:
        """Do what is asked. May raise `Problem`."""

    def refusal(self, fault: str, call: Call, now: datetime) -> Answer:
        """The platform's own words for `fault`. Raises KeyError when it has none."""
