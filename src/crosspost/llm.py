"""A language model behind an address: one question, one answer, within bounds. By the providers' own client libraries.

Nothing is asked twice: a repeated question costs again. No redirect is followed, nothing is taken from the environment
(no proxy, key or header), and an answer longer than any summary is not read to its end.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from types import MappingProxyType
from typing import Any, Literal, NoReturn, Protocol

import httpx2

from crosspost.discreet import cause, discreet
from crosspost.errors import ModelError
from crosspost.logs import Log

log = Log()

Provider = Literal["openai", "anthropic"]

ADDRESSES: Mapping[Provider, str] = MappingProxyType(
    {"openai": "https://api.openai.com/v1", "anthropic": "https://api.anthropic.com"}
)
_LONGEST_ANSWER = 1_000_000  # bytes
_OF_THE_QUESTION = (400, 413, 422)  # HTTP answers that speak of one question, not of the model


@dataclass(frozen=True, slots=True)
class Access:
    """How a model is reached. `address` is what the provider's paths are put after; `key` may be empty for a model of
    one's own. `output_tokens` bounds an answer; `timeout` is seconds for connecting and for each read."""

    provider: Provider
    address: str
    model: str
    key: str = field(repr=False)
    output_tokens: int
    timeout: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model said, and the tokens that it says it took; None where it does not say so believably."""

    text: str
    input_tokens: int | None
    output_tokens: int | None


class Model(Protocol):
    """A language model. `name` tells apart what differs in its answers."""

    name: str

    def load(self) -> None:
        """Import what asking takes: that is slow, and no time of the model's."""

    def ask(self, prompt: str, question: str) -> Answer:
        """The answer to `question`, by the `prompt`. Raises `ModelError`."""


def connect(access: Access) -> Model:
    """The model that `access` names."""
    return _Anthropic(access) if access.provider == "anthropic" else _OpenAI(access)


class _Client:
    """What both libraries have in common: they are made by the same generator."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self.name = f"{access.provider} {access.address} {access.model}"

    def _connected(self, library: Callable[..., Any]) -> Any:
        """The library's client, as `access` says and nobody else."""
        access = self._access
        http = httpx2.Client(transport=_Bounded(access.timeout), trust_env=False)
        client = library(
            api_key=access.key or "none",
            base_url=access.address,
            timeout=access.timeout,  # a client of one's own does not bring its own where that is httpx's default
            max_retries=0,
            http_client=http,
        )
        # Both put headers from the environment over their own, the key's among them; no argument keeps them from it.
        client._custom_headers = {}
        return client

    def _asked(self, library: Any, ask: Callable[[], Answer]) -> Answer:
        try:
            return ask()
        except library.APITimeoutError as error:
            self._fail("did not answer in time", error, down=True)
        except library.APIConnectionError as error:
            reached = not isinstance(error.__cause__, httpx2.ConnectError | httpx2.ConnectTimeout)
            how = "broke off its answer, or gave one without end" if reached else "cannot be reached"
            self._fail(how, error, billed=reached, down=True)
        except library.APIStatusError as error:
            told = discreet(_words(error.body), [self._access.key])
            self._fail(
                f"answered HTTP {error.status_code}{f' ({told})' if told else ''}",
                error,
                billed=False,
                down=error.status_code not in _OF_THE_QUESTION,
            )
        except (library.APIError, ValueError, TypeError, AttributeError, LookupError, RecursionError) as error:
            self._fail("answered with what is no answer", error)
        except ModelError:
            raise
        except Exception as error:
            # The library failed in a way that nobody foresaw; the question may have been on its way.
            log.exception("model.failed", model=self.name)
            raise ModelError(f"the language model's library failed unexpectedly ({type(error).__name__})") from error

    def _fail(self, how: str, error: Exception, *, billed: bool = True, down: bool = False) -> NoReturn:
        raise ModelError(f"the language model {how}", billed=billed, down=down) from cause(error, [self._access.key])


class _OpenAI(_Client):
    def load(self) -> None:
        import_module("openai")

    def ask(self, prompt: str, question: str) -> Answer:
        import openai

        access = self._access
        # The bound's older name is what other servers know; OpenAI's newer models take only the newer one.
        bound = "max_completion_tokens" if access.address == ADDRESSES["openai"] else "max_tokens"

        def ask() -> Answer:
            with self._connected(openai.OpenAI) as client:
                client.organization = client.project = None  # which may come from the environment
                answer = client.chat.completions.create(
                    model=access.model,
                    messages=[{"role": "system", "content": prompt}, {"role": "user", "content": question}],
                    extra_body={bound: access.output_tokens},
                )
            choice, usage = answer.choices[0], answer.usage
            if choice.finish_reason == "length":
                raise ModelError(f"the language model's answer was cut off at {access.output_tokens} tokens")
            return Answer(
                _text(choice.message.content),
                _tokens(usage.prompt_tokens if usage else None),
                _tokens(usage.completion_tokens if usage else None),
            )

        return self._asked(openai, ask)


class _Anthropic(_Client):
    def load(self) -> None:
        import_module("anthropic")

    def ask(self, prompt: str, question: str) -> Answer:
        import anthropic

        access = self._access

        def ask() -> Answer:
            with self._connected(anthropic.Anthropic) as client:
                answer = client.messages.create(
                    model=access.model,
                    system=prompt,
                    messages=[{"role": "user", "content": question}],
                    max_tokens=access.output_tokens,
                )
            if answer.stop_reason == "max_tokens":
                raise ModelError(f"the language model's answer was cut off at {access.output_tokens} tokens")
            text = "".join(_text(block.text) for block in answer.content if block.type == "text")
            return Answer(_text(text), _tokens(answer.usage.input_tokens), _tokens(answer.usage.output_tokens))

        return self._asked(anthropic, ask)


def _text(value: object) -> str:
    """The libraries take whatever stands in an answer for text, halves of characters too."""
    if not isinstance(value, str) or not value.strip():
        raise ModelError("the language model answered without a text")
    value.encode()  # raises ValueError for such a half
    return value


def _tokens(value: object) -> int | None:
    return value if type(value) is int and value >= 0 else None


def _words(body: object) -> str:
    """The provider's own words of what is wrong."""
    error = body.get("error", body) if isinstance(body, dict) else None
    message = error.get("message") if isinstance(error, dict) else None
    return message if isinstance(message, str) else ""


class _Bounded(httpx2.HTTPTransport):
    """A transport that reads no more of an answer than a summary can take, and no longer than `seconds`. Compressed
    ones it does not ask for: of those nobody knows how long they are."""

    def __init__(self, seconds: float) -> None:
        super().__init__(trust_env=False)
        self._seconds = seconds

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        request.headers["Accept-Encoding"] = "identity"
        response = super().handle_request(request)
        if response.headers.get("Content-Encoding", "identity") != "identity":
            response.close()
            raise httpx2.ReadError("a compressed answer", request=request)
        response.stream = _BoundedStream(response.stream, request, time.monotonic() + self._seconds)  # type: ignore[arg-type]
        return response


class _BoundedStream(httpx2.SyncByteStream):
    def __init__(self, stream: httpx2.SyncByteStream, request: httpx2.Request, until: float) -> None:
        self._stream = stream
        self._request = request
        self._until = until

    def __iter__(self) -> Iterator[bytes]:
        left = _LONGEST_ANSWER
        for part in self._stream:
            left -= len(part)
            if left < 0 or time.monotonic() > self._until:
                raise httpx2.ReadError("an answer without end", request=self._request)
            yield part

    def close(self) -> None:
        self._stream.close()
