"""The line replaces base addresses, sends nothing twice, and knows what was surely not sent."""

from datetime import UTC, datetime

import pytest
import requests
from urllib3 import exceptions as urllib3_errors

from crosspost.discreet import cause, discreet
from crosspost.errors import Blocked, CrosspostError, Unreachable, Unsure
from crosspost.platforms import line as line_module
from crosspost.platforms.line import Line, NoSuchRoute, repeatable, throttled, transport_error
from tests.platforms.rawserver import DROP, HANG, HANG_UP, RESET, answer, closed_port, raw_server

OK = answer(200, {"fine": True})
BASE = "https://api.site.example"


def outcome(line: Line, address: str = f"{BASE}/posts", method: str = "POST") -> Blocked | Unreachable | Unsure:
    """What becomes of a request that fails."""
    with pytest.raises((requests.RequestException, urllib3_errors.HTTPError)) as caught:
        line.session(BASE).request(method, address, data={"text": "hello"})
    return transport_error(caught.value, "Site")


class TestRoutes:
    def test_an_endpoint_with_a_path_stands_in_place_of_the_base(self):
        with raw_server(OK) as server:
            Line(2, endpoint=f"{server.address}/x/").session(BASE).post(f"{BASE}/2/posts?a=1")
        assert [request.target for request in server.requests] == ["/x/2/posts?a=1"]

    def test_addresses_on_the_endpoints_own_host_are_left_alone(self):
        with raw_server(OK) as server:
            Line(2, endpoint=f"{server.address}/vk").session(BASE).post(f"{server.address}/upload?hash=1")
        assert [request.target for request in server.requests] == ["/upload?hash=1"]

    @pytest.mark.parametrize(
        "address",
        [
            "https://elsewhere.example/posts",
            "https://api.site.example.elsewhere.example/posts",
            "http://api.site.example/posts",
            "http://127.0.0.1:1/posts",
        ],
    )
    def test_with_an_endpoint_any_other_address_raises_before_anything_is_sent(self, address):
        with raw_server(OK) as server, pytest.raises(NoSuchRoute, match=r"nothing was sent there\.$"):
            Line(2, endpoint=server.address).session(BASE).get(address)
        assert server.connections == 0

    def test_without_an_endpoint_only_https_is_spoken(self):
        with raw_server(OK) as server, pytest.raises(NoSuchRoute, match="not an https address"):
            Line(2).session(BASE).get(f"{server.address}/posts")
        assert server.connections == 0

    def test_neither_query_nor_password_stand_in_the_message(self):
        with pytest.raises(NoSuchRoute) as caught:
            line = Line(2, endpoint="http://user:pass-word@127.0.0.1:1")
            line.session(BASE).get("https://me:secret@elsewhere.example/posts?token=abc")
        for hidden in ("abc", "secret", "pass-word"):
            assert hidden not in str(caught.value)

    def test_the_repr_of_a_line_tells_no_password(self):
        assert "pass-word" not in repr(Line(2, endpoint="http://u:pass-word@h", proxy="http://u:pass-word@h"))

    def test_redirects_are_not_followed(self):
        with raw_server(answer(307, b"", {"Location": "/elsewhere"}), OK) as server:
            response = Line(2, endpoint=server.address).session(BASE).post(f"{BASE}/posts", allow_redirects=True)
        assert (response.status_code, len(server.requests)) == (307, 1)

    def test_a_librarys_own_time_out_does_not_count(self):
        with raw_server(HANG) as server, pytest.raises(requests.ReadTimeout):
            Line(0.2, endpoint=server.address).session(BASE).post(f"{BASE}/posts", timeout=600)

    def test_the_environment_adds_neither_proxy_nor_credentials(self, monkeypatch):
        monkeypatch.setenv("HTTP_PROXY", closed_port())
        monkeypatch.setenv("http_proxy", closed_port())
        with raw_server(OK) as server:
            Line(2, endpoint=server.address).session(BASE).get(f"{BASE}/posts")
        assert len(server.requests) == 1

    def test_missing_certificates_are_named(self, monkeypatch):
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere/ca.pem")
        with pytest.raises(CrosspostError, match=r"/nowhere/ca\.pem, which is not there"):
            Line(2).session(BASE)


class TestConnections:
    KEPT = answer(200, {}, keep_alive=True)

    def test_a_connection_in_use_is_kept(self):
        assert self.connections_of_two_requests() == 1

    def test_a_connection_that_idled_is_not_trusted_with_a_request(self, monkeypatch):
        monkeypatch.setattr(line_module, "_IDLE", -1.0)
        assert self.connections_of_two_requests() == 2

    def connections_of_two_requests(self) -> int:
        with raw_server(self.KEPT) as server:
            session = Line(2, endpoint=server.address).session(BASE)
            session.get(f"{BASE}/one")
            session.get(f"{BASE}/two")
            session.close()
        return server.connections


class TestWhatFailuresMean:
    @pytest.mark.parametrize("broken", [DROP, RESET, HANG, answer(200, {"a": 1}, {"Content-Length": "500"})])
    def test_a_request_that_was_read_leaves_a_doubt_and_is_sent_once(self, broken):
        with raw_server(broken, OK) as server:
            assert isinstance(outcome(Line(0.3, endpoint=server.address)), Unsure)
        assert len(server.requests) == 1

    def test_a_server_that_hung_up_before_reading_may_still_have_read(self):
        with raw_server(HANG_UP) as server:
            assert isinstance(outcome(Line(1, endpoint=server.address)), Unsure)

    def test_nobody_listening_is_certain(self):
        found = outcome(Line(1, endpoint=closed_port()))
        assert (type(found), str(found)) == (Unreachable, "no connection to Site's server")

    def test_an_unknown_name_is_certain(self):
        found = outcome(Line(1, endpoint="http://no-such-host.invalid"))
        assert (type(found), str(found)) == (Unreachable, "the name of Site's server could not be resolved")

    @pytest.mark.parametrize("broken", [HANG_UP, DROP, RESET, OK])
    def test_what_breaks_in_the_tls_handshake_was_not_sent(self, broken):
        with raw_server(broken) as server:
            https = server.address.replace("http:", "https:")
            # A handshake has no end that the server's reader knows, so it waits until the client gives up.
            assert isinstance(outcome(Line(0.3), f"{https}/posts"), Unreachable)

    def test_a_proxy_that_takes_the_request_and_drops_it_leaves_a_doubt(self):
        with raw_server(DROP) as proxy:
            assert isinstance(outcome(Line(1, endpoint="http://site.example", proxy=proxy.address)), Unsure)
        assert [request.target for request in proxy.requests] == ["http://site.example/posts"]

    @pytest.mark.parametrize("refusal", [answer(407), answer(502), DROP])
    def test_a_proxy_that_opens_no_tunnel_is_certain(self, refusal):
        with raw_server(refusal) as proxy:
            assert isinstance(outcome(Line(1, proxy=proxy.address)), Unreachable)
        assert [request.method for request in proxy.requests] == ["CONNECT"]

    def test_a_proxy_that_is_not_there_is_certain_and_named(self):
        found = outcome(Line(1, endpoint="http://site.example", proxy=closed_port()))
        assert isinstance(found, Unreachable)
        assert "the proxy" in str(found)

    @pytest.mark.parametrize(
        "line", [Line(1, endpoint="not an address"), Line(1, endpoint="http://"), Line(1, proxy="http://")]
    )
    def test_what_is_not_an_address_must_be_mended(self, line):
        assert isinstance(outcome(line), Blocked)

    def test_a_secret_with_a_line_break_must_be_mended_and_is_not_shown(self):
        with raw_server(OK) as server, pytest.raises(requests.RequestException) as caught:
            session = Line(1, endpoint=server.address).session(BASE)
            session.get(f"{BASE}/posts", headers={"Authorization": "Bearer abc\ndef"})
        found = transport_error(caught.value, "Site")
        assert isinstance(found, Blocked)
        assert "abc" not in str(found)

    def test_what_is_not_json_leaves_a_doubt(self):
        with raw_server(answer(200, b"<html>")) as server, pytest.raises(requests.JSONDecodeError) as caught:
            Line(1, endpoint=server.address).session(BASE).get(f"{BASE}/posts").json()
        assert isinstance(transport_error(caught.value, "Site"), Unsure)

    def test_an_earlier_failure_that_is_being_handled_proves_nothing_about_this_one(self):
        with raw_server(DROP) as server:
            try:
                Line(1, endpoint=closed_port()).session(BASE).post(f"{BASE}/posts")
            except requests.ConnectionError:
                assert isinstance(outcome(Line(1, endpoint=server.address)), Unsure)

    def test_no_address_stands_in_what_is_said(self):
        found = outcome(Line(1, endpoint=closed_port()), f"{BASE}/posts?access_token=abc")
        assert "abc" not in str(found)


@pytest.mark.parametrize(
    ("header", "wait", "until"),
    [
        ("17", 17.0, None),
        (" 17 ", 17.0, None),
        ("Tue, 24 Nov 2026 10:00:00 GMT", None, datetime(2026, 11, 24, 10, tzinfo=UTC)),
        ("Tue, 24 Nov 2026 10:00:00 -0000", None, datetime(2026, 11, 24, 10, tzinfo=UTC)),
        *((nonsense, None, None) for nonsense in ("", "soon", "-1", "1.5", "٣", "Tue, 99 Nov 2026 10:00:00 GMT")),
        ("9" * 5000, 999_999_999.0, None),
    ],
)
def test_a_throttle_has_the_wait_that_a_retry_after_names(header, wait, until):
    error = throttled("a pause", {"Retry-After": header})
    assert (error.wait, error.until) == (wait, until)
    assert throttled("a pause", {}).wait is None


def test_doubt_about_a_repeatable_call_is_only_a_failed_try():
    with pytest.raises(Unreachable, match=r"^no answer$"), repeatable():
        raise Unsure("no answer")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("two\n lines ", "two lines"),
        ("the token s3cr3t is bad", "the token *** is bad"),
        ("x" * 301, "x" * 299 + "…"),
        (None, "None"),
    ],
)
def test_a_platforms_words_are_one_line_without_secrets(text, shown):
    assert discreet(text, ["s3cr3t", ""]) == shown


def test_an_error_whose_text_has_a_secret_in_it_is_not_chained():
    assert cause(ValueError("s3cr3t"), ["s3cr3t"]) is None
    assert isinstance(cause(ValueError("fine"), ["s3cr3t", ""]), ValueError)
