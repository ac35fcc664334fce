"""A language model on loopback: the two ways of speaking to one, and what it says is up to the test."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

KEY = "sk-of-a-test-0123456789"


def openai_answer(text: Any, *, tokens: tuple[Any, Any] = (100, 20), reason: str = "stop") -> dict[str, Any]:
    """What an OpenAI-compatible server says, by the reference of chat completions."""
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": reason}],
        "usage": {"prompt_tokens": tokens[0], "completion_tokens": tokens[1], "total_tokens": 0},
    }


def anthropic_answer(text: Any, *, tokens: tuple[Any, Any] = (100, 20), reason: str = "end_turn") -> dict[str, Any]:
    """What Anthropic says, by the reference of messages."""
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "m",
        "content": [{"type": "text", "text": text}],
        "stop_reason": reason,
        "usage": {"input_tokens": tokens[0], "output_tokens": tokens[1]},
    }


ANSWERS = {"openai": openai_answer, "anthropic": anthropic_answer}
ROUTES = {"openai": "/chat/completions", "anthropic": "/v1/messages"}


@dataclass
class ModelServer:
    """`says` gets the article (title and text) and gives what is to be written, or a whole answer."""

    says: Callable[[dict[str, str]], str | Response]
    asked: list[dict[str, Any]] = field(default_factory=list)  # bodies as they came
    keys: list[str] = field(default_factory=list)

    async def openai(self, request: Request) -> Response:
        body = await request.json()
        self.keys.append(request.headers.get("Authorization", "").removeprefix("Bearer "))
        return self._answer(body, body["messages"][-1]["content"], openai_answer)

    async def anthropic(self, request: Request) -> Response:
        body = await request.json()
        given = request.headers.get("x-api-key") or request.headers.get("Authorization", "")
        self.keys.append(given.removeprefix("Bearer "))
        return self._answer(body, body["messages"][-1]["content"], anthropic_answer)

    def _answer(self, body: dict[str, Any], question: str, shape: Callable[[str], dict[str, Any]]) -> Response:
        self.asked.append(body)
        said = self.says(json.loads(question) if question.startswith("{") else {})
        return said if isinstance(said, Response) else JSONResponse(shape(said))

    @property
    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route(ROUTES["openai"], self.openai, methods=["POST"]),
                Route(ROUTES["anthropic"], self.anthropic, methods=["POST"]),
            ]
        )
