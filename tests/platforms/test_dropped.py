"""For every platform: no transport sends a publish request twice, no request goes around the proxy, no secret is told.

The client libraries, or the HTTP libraries beneath them, repeat requests by themselves when left alone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosspost.errors import CrosspostError, PlatformError, Unreachable, Unsure
from crosspost.platforms import Platform, connect
from crosspost.platforms.line import Line
from crosspost.post import Prepared, Receipt
from crosspost.sandbox.secrets import secrets
from tests.platforms.contract import everything_said, picture, post
from tests.platforms.rawserver import DROP, HANG, RESET, answer, closed_port, raw_server
from tests.platforms.scripted import Drop, Reply, Seen, scripted

NEWS = Prepared(post())
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
ACCESS = "ya29.access-0123456789"
SIGN_IN = {"access_token": ACCESS, "expires_in": 3599}


@dataclass(frozen=True)
class Channel:
    """A channel of each platform, and the traffic of publishing on it."""

    platform: str
    account: str
    options: dict[str, Any]
    publishing: tuple[str, str]  # method and path of the one request that publishes
    published: Any  # the platform's answer to it
    first_host: str  # where the first request of publishing goes
    before: tuple[bytes, ...] = ()  # what is answered before that

    @property
    def secrets(self) -> dict[str, str]:
        return secrets(self.platform, self.account)

    def connect(self, line: Line) -> Platform:
        return connect(self.platform, self.options, self.secrets, line)

    def is_publishing(self, request: Any) -> bool:
        return (request.method, urlsplit(request.target).path) == self.publishing


UC = "UC0000000000000000000000"
CHANNELS = (
    Channel("x", "1001", {}, ("POST", "/2/tweets"), {"data": {"id": "1", "text": "?"}}, "api.twitter.com"),
    Channel("vk", "777", {"community": 777}, ("POST", "/method/wall.post"), {"response": {"post_id": 1}}, "api.vk.ru"),
    Channel("facebook", "1010", {"page": "1010"}, ("POST", "/v25.0/1010/feed"), {"id": "1010_1"}, "graph.facebook.com"),
    Channel(
        *("youtube", UC, {"mode": "api", "channel": UC}),
        *(("POST", "/youtube/v3/posts"), {"id": "Ugkx1"}, "oauth2.googleapis.com"),
        before=(answer(200, SIGN_IN, keep_alive=True),),
    ),
)
every_platform = pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: channel.platform)


@every_platform
class TestOnce:
    @pytest.mark.parametrize("end", [DROP, RESET], ids=["dropped", "reset"])
    def test_a_publish_request_that_was_read_and_not_answered_is_sent_once_and_unsure(self, channel, end):
        with raw_server(*channel.before, end) as server, pytest.raises(Unsure):
            channel.connect(Line(5, server.address)).publish(NEWS)
        assert sum(map(channel.is_publishing, server.requests)) == 1
        assert b"Water" in server.requests[-1].body

    @pytest.mark.parametrize("end", [DROP, RESET], ids=["dropped", "reset"])
    def test_nor_is_it_sent_twice_on_a_connection_that_was_kept_alive(self, channel, end):
        well = answer(200, channel.published, keep_alive=True)
        with raw_server(*channel.before, well, end) as server:
            platform = channel.connect(Line(5, server.address))
            platform.publish(NEWS)
            with pytest.raises(Unsure):
                platform.publish(NEWS)
        assert sum(map(channel.is_publishing, server.requests)) == 2
        assert server.connections == 1

    def test_an_answer_that_never_comes_is_unsure_after_the_time_out(self, channel):
        with raw_server(*channel.before, HANG) as server, pytest.raises(Unsure):
            channel.connect(Line(0.3, server.address)).publish(NEWS)
        assert sum(map(channel.is_publishing, server.requests)) == 1

    @pytest.mark.parametrize("status", [302, 307, 308])
    def test_a_redirect_is_not_followed(self, channel, status):
        redirect = answer(status, b"", {"Location": "/again"})
        with raw_server(*channel.before, redirect) as server, pytest.raises(Unsure):
            channel.connect(Line(5, server.address)).publish(NEWS)
        assert channel.is_publishing(server.requests[-1])
        assert len(server.requests) == len(channel.before) + 1

    @pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
    def test_no_status_makes_a_library_try_again_by_itself(self, channel, status):
        again = answer(status, b"", {"Retry-After": "0"})
        with raw_server(*channel.before, again) as server, pytest.raises(CrosspostError):
            channel.connect(Line(5, server.address)).publish(NEWS)
        assert sum(map(channel.is_publishing, server.requests)) == 1


@every_platform
class TestProxy:
    def test_every_request_goes_through_it_uploads_and_sign_in_included(self, channel, sandbox, endpoint):
        """The endpoint is a host that only the proxy can reach."""
        with scripted(forwarding(endpoint)) as proxy:
            platform = channel.connect(Line(5, f"http://platform.example/{channel.platform}", proxy.address))
            receipt = platform.publish(platform.prepare(post(images=(picture(),))))
            list(platform.shown(LONG_AGO))
            platform.verify()
            platform.withdraw(receipt)
        assert {urlsplit(request.target).netloc for request in proxy.seen} == {"platform.example"}
        passed = [(request.method, request.path.removeprefix(f"/{channel.platform}")) for request in proxy.seen]
        assert passed == sandbox.requests(channel.platform)
        assert len(sandbox.posts(channel.platform)[0].pictures) == 1

    def test_without_an_endpoint_it_is_asked_for_a_tunnel_to_the_platform(self, channel):
        with scripted(lambda _: Reply(403, b"")) as proxy, pytest.raises(Unreachable):
            channel.connect(Line(5, proxy=proxy.address)).publish(NEWS)
        assert [(request.method, request.target) for request in proxy.seen] == [
            ("CONNECT", f"{channel.first_host}:443")
        ]


def forwarding(address: str) -> Callable[[Seen], Reply]:
    """What a proxy does, except that every host is `address`."""

    def forward(request: Seen) -> Reply:
        place = urlsplit(request.target)
        onward = HTTPConnection(urlsplit(address).netloc, timeout=5)
        try:
            onward.request(request.method, f"{place.path}?{place.query}", request.body, dict(request.headers))
            given = onward.getresponse()
            return Reply(given.status, given.read(), {"Content-Type": given.headers["content-type"]})
        finally:
            onward.close()

    return forward


VERBS: dict[str, Callable[[Platform], Any]] = {
    "prepare": lambda platform: platform.prepare(post(images=(picture(),))),
    "publish": lambda platform: platform.publish(NEWS),
    "shown": lambda platform: list(platform.shown(LONG_AGO)),
    "verify": lambda platform: platform.verify(),
    "withdraw": lambda platform: platform.withdraw(Receipt("1010_1", "https://site.example/")),
}

NAMES = (
    *(
        "access_token",
        "access_token_type",
        "accounts",
        "after",
        "attachments",
        "code",
        "created_time",
        "cursors",
        "data",
    ),
    *(
        "date",
        "deleted",
        "detail",
        "details",
        "entities",
        "error",
        "error_code",
        "error_msg",
        "error_subcode",
        "errors",
    ),
    *("expires_at", "expires_in", "id", "items", "kind", "message", "meta", "name", "next", "nextPageToken", "paging"),
    *("post_id", "publishTime", "reason", "response", "scopes", "screen_name", "snippet", "success", "text"),
    *("textDisplay", "title", "upload_url", "uploadToken", "url", "urls", "username"),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9) | st.just("1010"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5),
    max_leaves=12,
)


@every_platform
@settings(max_examples=25)
@given(
    answers=st.lists(st.tuples(JSON, st.sampled_from([200, 201, 400, 401, 403, 404, 429, 500])), min_size=5, max_size=5)
)
def test_whatever_a_server_answers_only_errors_of_ours_come_out(channel, answers):
    said = {}
    script = scripted(lambda request: Reply(200, SIGN_IN) if request.path == "/token" else said["answer"])
    with script as server:
        platform = channel.connect(Line(5, server.address))
        for (verb, act), (body, status) in zip(VERBS.items(), answers, strict=True):
            said["answer"] = Reply(status, body)
            try:
                answered = act(platform)
            except PlatformError as error:
                assert str(error)
            else:
                assert verb != "publish" or answered.remote_id


@every_platform
@pytest.mark.parametrize("verb", VERBS)
class TestSecrets:
    """What a person or a log is shown of a failure, whatever the library's own error had in it."""

    @pytest.mark.parametrize("end", ["dropped", "reset", "repeated", "nobody"])
    def test_no_secret_is_in_an_error_nor_in_what_we_log_of_it(self, channel, verb, end, caplog, capsys):
        caplog.set_level(logging.DEBUG)
        known = [*channel.secrets.values(), *([ACCESS] if channel.platform == "youtube" else [])]
        parrot = Reply(400, _in_every_place(" ".join(known)))
        ends = {"dropped": Drop(), "reset": Drop(reset=True), "repeated": parrot, "nobody": Drop()}
        with scripted(lambda r: Reply(200, SIGN_IN) if r.path == "/token" else ends[end]) as server:
            proxy = closed_port().replace("//", "//user:proxy-password@") if end == "nobody" else None
            platform = channel.connect(Line(5, server.address, proxy))
            with pytest.raises(CrosspostError) as failure:
                VERBS[verb](platform)
        ours = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("crosspost"))
        shown = "\n".join((everything_said(failure.value), repr(platform), ours, *capsys.readouterr()))
        assert [secret for secret in (*known, "proxy-password") if secret in shown] == []


def _in_every_place(words: str) -> Any:
    """An error of any platform, with `words` wherever one has its own."""
    error = {"message": words, "error_msg": words, "code": 100, "error_code": 100, "errors": [{"reason": words}]}
    return {"title": words, "detail": words, "error": error, "errors": [{"message": words, "detail": words}]}
