"""The two client libraries over real HTTP: what they send, and what comes of every kind of answer."""

from __future__ import annotations

import gzip
import json
import time

import pytest

from crosspost.errors import ModelError
from crosspost.llm import Access, Answer, connect
from tests.models import ANSWERS, KEY, ROUTES
from tests.platforms.rawserver import DROP, HANG, RESET, answer, closed_port, raw_server

PROVIDERS = sorted(ANSWERS)
pytestmark = pytest.mark.parametrize("provider", PROVIDERS)


def model(provider, address, **changes):
    access = {"model": "writer-1", "key": KEY, "output_tokens": 300, "timeout": 5.0} | changes
    return connect(Access(provider, address, **access))


def failure(provider, *answers, **changes) -> ModelError:
    """How a question ends that a server answers so; it must be asked once."""
    with raw_server(*answers) as server:
        with pytest.raises(ModelError) as caught:
            model(provider, server.address, **changes).ask("Summarise.", "{}")
        assert len(server.requests) == 1
    assert KEY not in str(caught.value)
    assert KEY not in repr(caught.value.__cause__)
    return caught.value


def test_a_question_is_asked_as_the_provider_wants_it(provider):
    with raw_server(answer(200, ANSWERS[provider]("A bridge has opened."))) as server:
        said = model(provider, server.address).ask("Summarise.", "the article")
    assert said == Answer("A bridge has opened.", 100, 20)
    request = server.requests[0]
    assert (request.method, request.target) == ("POST", ROUTES[provider])
    assert KEY in (request.headers.get("authorization", "").removeprefix("Bearer "), request.headers.get("x-api-key"))
    body = json.loads(request.body)
    assert (body["model"], body["max_tokens"], body.get("stream", False)) == ("writer-1", 300, False)
    assert body["messages"][-1] == {"role": "user", "content": "the article"}
    assert "Summarise." in (body.get("system"), body["messages"][0]["content"])


def test_what_the_environment_holds_is_not_used(provider, monkeypatch):
    for name in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"):
        monkeypatch.setenv(name, "from-the-environment")
    for name in ("OPENAI_CUSTOM_HEADERS", "ANTHROPIC_CUSTOM_HEADERS"):
        monkeypatch.setenv(name, "X-More: from-the-environment\nAuthorization: from-the-environment")
    for name in ("OPENAI_BASE_URL", "ANTHROPIC_BASE_URL", "HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, closed_port())
    with raw_server(answer(200, ANSWERS[provider]("A bridge has opened."))) as server:
        model(provider, server.address, key="").ask("Summarise.", "{}")
    assert "from-the-environment" not in str(server.requests[0].headers)


def test_a_model_that_cannot_be_reached_costs_nothing(provider):
    with pytest.raises(ModelError, match="cannot be reached") as caught:
        model(provider, closed_port()).ask("Summarise.", "{}")
    assert caught.value.down
    assert not caught.value.billed


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 503, 529])
def test_a_status_says_that_the_model_is_of_no_use_just_now(provider, status):
    error = failure(provider, answer(status, {"error": {"message": f"bad key {KEY}\nsee there"}}))
    assert str(error) == f"the language model answered HTTP {status} (bad key *** see there)"
    assert error.down
    assert not error.billed


@pytest.mark.parametrize("status", [400, 413, 422])
def test_some_statuses_speak_of_the_question_alone(provider, status):
    assert not failure(provider, answer(status, b"<p>no</p>")).down


def test_a_key_is_not_told_in_part_either(provider):
    error = failure(provider, answer(401, {"error": {"message": f"{'x' * 290} {KEY}"}}))
    assert KEY[:6] not in str(error)


def test_a_redirect_is_not_followed(provider):
    with raw_server(answer(200, ANSWERS[provider]("From elsewhere."))) as elsewhere:
        error = failure(provider, answer(307, b"", {"Location": elsewhere.address + ROUTES[provider]}))
        assert not elsewhere.requests
    assert "HTTP 307" in str(error)


@pytest.mark.parametrize(
    "said",
    [
        b"<html>Welcome</html>",
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"choices": [], "content": []}',
        b'{"choices": null, "content": null}',
        b'{"choices": [null], "content": [null], "usage": {}}',
        b'{"choices": [{"message": null, "finish_reason": "stop"}], "content": "text", "usage": 7}',
        b"[" * 200_000,
        b'{"choices": "text", "content": [{"type": "text", "text": {"a": 1}}], "usage": {"input_tokens": 1}}',
    ],
)
def test_nonsense_is_no_answer(provider, said):
    for kind in ("application/json", "text/html"):
        error = failure(provider, answer(200, said, {"Content-Type": kind}))
        assert str(error).startswith("the language model answered with")
        assert error.billed


@pytest.mark.parametrize("text", [None, "", " \n ", 7, ["A bridge"], {"text": "A bridge"}, "half a character: \ud800"])
def test_an_answer_without_a_text_is_none(provider, text):
    assert failure(provider, answer(200, ANSWERS[provider](text))).billed


def test_an_answer_that_was_cut_off_is_none(provider):
    cut = {"openai": "length", "anthropic": "max_tokens"}[provider]
    error = failure(provider, answer(200, ANSWERS[provider]("A bridge has", reason=cut)))
    assert str(error) == "the language model's answer was cut off at 300 tokens"


@pytest.mark.parametrize("claimed", [-1, None, 1.5])
def test_tokens_that_cannot_be_believed_are_not_known(provider, claimed):
    with raw_server(answer(200, ANSWERS[provider]("A bridge has opened.", tokens=(claimed, 20)))) as server:
        assert model(provider, server.address).ask("Summarise.", "{}") == Answer("A bridge has opened.", None, 20)


@pytest.mark.parametrize("given", [DROP, RESET])
def test_a_broken_answer_may_cost_all_the_same(provider, given):
    error = failure(provider, given)
    assert error.billed
    assert error.down


def test_a_model_that_does_not_answer_is_not_waited_for(provider):
    began = time.monotonic()
    error = failure(provider, HANG, timeout=0.3)
    assert str(error) == "the language model did not answer in time"
    assert error.billed
    assert error.down
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("timeout", [5.0, 7.0])  # httpx's own default, for which the libraries put in theirs
def test_the_library_waits_no_longer_either(provider, timeout):
    with raw_server(answer(200, ANSWERS[provider]("A bridge has opened."))) as server:
        model(provider, server.address, timeout=timeout).ask("Summarise.", "{}")
    assert float(server.requests[0].headers["x-stainless-read-timeout"]) == timeout


def test_what_nobody_foresaw_is_no_answer_and_is_logged(provider, monkeypatch):
    def breaks(*_args, **_options):
        raise Unforeseen

    class Unforeseen(Exception):
        pass

    class Recorder:
        def exception(self, event, **values):
            logged.append(event)

    logged = []
    monkeypatch.setattr("crosspost.llm.log", Recorder())
    monkeypatch.setattr("httpx2.Client.__init__", breaks)
    with pytest.raises(ModelError, match="failed unexpectedly"):
        model(provider, closed_port()).ask("Summarise.", "{}")
    assert logged == ["model.failed"]


def test_an_endless_answer_is_not_read_to_its_end(provider):
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
    error = failure(provider, head + b'{"a": "' + b"x" * 3_000_000)
    assert "without end" in str(error)


def test_an_answer_is_not_taken_compressed(provider):
    body = gzip.compress(json.dumps(ANSWERS[provider]("A bridge has opened.")).encode())
    failure(provider, answer(200, body, {"Content-Encoding": "gzip", "Content-Type": "application/json"}))
