"""Facebook: what is sent, judged by Meta's own node specs, and what every answer means."""

from __future__ import annotations

import json
import traceback
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost.errors import Blocked, Duplicate, PlatformError, Refused, Throttled, Unreachable, Unsure
from crosspost.platforms import connect, find
from crosspost.platforms.facebook import feed, token_notes, unshim
from crosspost.platforms.facebook_errors import outcome, seconds_to_wait
from crosspost.platforms.line import Line
from crosspost.platforms.written import addresses
from crosspost.post import Image, Post, Prepared, Receipt
from crosspost.text import links
from tests.platforms.contract import PlatformContract
from tests.platforms.scripted import Drop, Reply, Scripted, Seen, scripted
from tests.reference import reference

TOKEN = "EAAB-page-token-0123456789"
APP = {"app_id": "4242", "app_secret": "app-secret-0123456789"}
LINK = "https://site.example/en/12"
PICTURE = Image(b"\x89PNG\r\n\x00picture", "image/png", 40, 30, alt="A rocket")
ANSWERED = Reply(200, {"id": "1010_77"})
_REGAIN = "estimated_time_to_regain_access"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def page(server: Scripted, **secrets: str) -> Any:
    return connect("facebook", {"page": "1010"}, {"page_token": TOKEN, **secrets}, Line(5, server.address))


def error(code: int, message: str = "Something", status: int = 400, **more: Any) -> Reply:
    return Reply(status, {"error": {"message": message, "type": "OAuthException", "code": code, **more}})


def parameters(edge: str) -> set[str]:
    spec = json.loads(reference("specs/facebook/Page.json").read_text())
    (post,) = (api for api in spec["apis"] if api["method"] == "POST" and api.get("endpoint") == edge)
    return {parameter["name"] for parameter in post["params"]} | {"access_token", "source"}


class TestContract(PlatformContract):
    name = "facebook"
    options = MappingProxyType({"page": "1010"})
    account = "1010"
    token = "page_token"
    publishing = ("POST", "/feed")


class TestWhatIsSent:
    def test_a_post_without_pictures_is_a_link_post(self):
        with scripted(lambda _: ANSWERED) as server:
            receipt = page(server).publish(Prepared(Post("News", LINK)))
        (request,) = server.seen
        assert (request.method, request.path) == ("POST", "/v25.0/1010/feed")
        assert request.form == {"message": "News", "link": LINK, "access_token": TOKEN}
        assert request.form.keys() <= parameters("feed")
        assert receipt == Receipt("1010_77", "https://www.facebook.com/1010_77")

    def test_pictures_are_uploaded_unpublished_and_published_by_one_request(self):
        ids = iter(("31", "32"))
        with scripted(lambda r: Reply(200, {"id": next(ids)}) if r.path.endswith("photos") else ANSWERED) as server:
            facebook = page(server)
            prepared = facebook.prepare(Post("News", LINK, images=(PICTURE, Image(b"jpeg", "image/jpeg", 4, 3))))
            facebook.publish(prepared)
        first, second, publish = server.seen
        assert first.form == {
            "published": "false",
            "alt_text_custom": "A rocket",
            "access_token": TOKEN,
            "source": ("picture.png", "image/png", PICTURE.data),
        }
        assert second.form["source"] == ("picture.jpg", "image/jpeg", b"jpeg")
        assert "alt_text_custom" not in second.form
        assert first.form.keys() <= parameters("photos")
        assert publish.path == "/v25.0/1010/feed"
        assert publish.form.keys() <= parameters("feed")
        assert json.loads(publish.form["attached_media"]) == [{"media_fbid": "31"}, {"media_fbid": "32"}]
        assert publish.form["message"] == f"News\n\n{LINK}"

    def test_the_configured_version_of_the_api_is_called(self):
        with scripted(lambda _: ANSWERED) as server:
            line = Line(5, server.address)
            connect("facebook", {"page": "1010", "api_version": "v31.0"}, {"page_token": TOKEN}, line).publish(
                Prepared(Post("News", LINK))
            )
        assert server.seen[0].path == "/v31.0/1010/feed"

    @pytest.mark.parametrize(
        ("text", "link", "message"),
        [
            ("News", LINK, f"News\n\n{LINK}"),
            (f"News {LINK}.", LINK, f"News {LINK}."),
            (f"News {LINK}3", LINK, f"News {LINK}3\n\n{LINK}"),
            ("", LINK, LINK),
            ("News", "", "News"),
        ],
    )
    def test_a_photo_post_carries_its_link_in_the_text_once(self, text, link, message):
        assert feed(Prepared(Post(text, link), ("31",)))["message"] == message

    @given(
        st.text(max_size=40),
        st.text("abcжя0123456789/._~!$&'()*+,;=:@%-«»[]", max_size=30).map("https://site.example/".__add__),
    )
    def test_whatever_the_text_the_link_of_a_photo_post_is_found_again(self, text, link):
        message = feed(Prepared(Post(text, link), ("31",)))["message"]
        assert links.canonical(link) in map(links.canonical, addresses(message))


# What Meta's "Handling Errors" says of a code, at the status it comes with.
TABLE = [
    (190, 463, 400, "Session has expired", Blocked, "it has expired"),
    (190, 460, 401, "", Blocked, "the password of the account that made it was changed"),
    (190, 458, 400, "", Blocked, "the app was removed"),
    (190, 459, 400, "", Blocked, "pass a check on facebook.com"),
    (190, 464, 400, "", Blocked, "not confirmed"),
    (190, 467, 400, "", Blocked, "revoked"),
    (190, None, 400, "Malformed access token", Blocked, "page_token"),
    (102, None, 400, "", Blocked, "page_token"),
    (190, 463, 500, "", Blocked, "expired"),
    (10, None, 403, "", Blocked, "pages_manage_posts"),
    (200, None, 403, "", Blocked, "pages_manage_posts"),
    (299, None, 403, "", Blocked, "pages_manage_posts"),
    (100, 33, 400, "Unsupported post request", Blocked, "does not exist"),
    (803, None, 404, "", Blocked, "`page`"),
    (368, None, 400, "The action attempted has been deemed abusive", Blocked, "Page Quality"),
    (368, None, 400, "You have posted identical content", Duplicate, "already"),
    (506, None, 400, "Duplicate status message", Duplicate, "already"),
    (4, None, 403, "", Throttled, "pause"),
    (17, None, 400, "", Throttled, "pause"),
    (32, None, 400, "Page request limit reached", Throttled, "limit reached"),
    (613, None, 400, "", Throttled, "pause"),
    (80001, None, 400, "", Throttled, "pause"),
    (80002, None, 400, "", Throttled, "pause"),
    (4, None, 503, "", Throttled, "pause"),
    (100, None, 400, "(#100) Invalid parameter", Refused, "Invalid parameter"),
    (324, None, 400, "", Refused, "picture"),
    (1609005, None, 400, "", Refused, "page behind the link"),
    (1, None, 500, "An unknown error occurred", Unsure, "HTTP 500"),
    (2, None, 503, "", Unsure, "HTTP 503"),
    (1, None, 400, "", Unsure, "something went wrong"),
    (100, None, 500, "", Unsure, "HTTP 500"),
    (506, None, 500, "", Unsure, "HTTP 500"),
    (987654, None, 400, "Never heard of", Unsure, "Never heard of"),
]


class TestWhatAnErrorMeans:
    @pytest.mark.parametrize(("code", "subcode", "status", "message", "kind", "words"), TABLE)
    def test_each_code_has_its_meaning(self, code, subcode, status, message, kind, words):
        told = error(code, message, status, **({"error_subcode": subcode} if subcode else {}))
        with scripted(lambda _: told) as server, pytest.raises(PlatformError) as failure:
            page(server).publish(Prepared(Post("News", LINK)))
        assert isinstance(failure.value, kind)
        assert isinstance(failure.value, Duplicate) == (kind is Duplicate)
        assert words in str(failure.value)

    @pytest.mark.parametrize("code", [None, "190", True, 1.5, [], 2**70])
    def test_a_code_that_is_none_is_a_doubt(self, code):
        assert isinstance(outcome(code, None, "", 400), Unsure)

    def test_a_throttle_names_the_wait_that_facebook_names(self):
        usage = {"1010": [{"type": "pages", "call_count": 100, "estimated_time_to_regain_access": 7}]}
        told = Reply(400, {"error": {"code": 32}}, {"X-Business-Use-Case-Usage": json.dumps(usage)})
        with scripted(lambda _: told) as server, pytest.raises(Throttled) as failure:
            page(server).publish(Prepared(Post("News", LINK)))
        assert failure.value.wait == 7 * 60

    @pytest.mark.parametrize(
        ("business", "app", "seconds"),
        [
            ({"1": [{_REGAIN: 2}], "2": [{_REGAIN: 9}, {_REGAIN: 4}]}, {}, 540),
            ({}, {"call_count": 100, _REGAIN: 3}, 180),
            ({}, {"call_count": 100, "total_time": 25, "total_cputime": 25}, None),
            ({"1": [{_REGAIN: 0}]}, {}, None),
            ({"1": [{_REGAIN: "soon"}], "2": 5, "3": [7], "4": [{_REGAIN: None}]}, [], None),
            ([], 7, None),
        ],
    )
    def test_the_wait_is_read_from_the_usage_headers(self, business, app, seconds):
        headers = {"X-Business-Use-Case-Usage": json.dumps(business), "X-App-Usage": json.dumps(app)}
        assert seconds_to_wait(headers) == seconds

    @pytest.mark.parametrize("headers", [{}, {"X-App-Usage": "not JSON"}])
    def test_without_usable_headers_no_wait_is_named(self, headers):
        assert seconds_to_wait(headers) is None


DOUBTFUL = {
    "no id": Reply(200, {"success": True}),
    "an empty id": Reply(200, {"id": ""}),
    "500 without an error": Reply(500, {"result": "?"}),
    "500 with an id": Reply(500, {"id": "1010_77"}),
    "500 with nothing": Reply(500, b"", {"Content-Type": "application/json"}),
    "an error that is no object": Reply(400, {"error": "no"}),
    "a list": Reply(200, [1]),
    "HTML": Reply(502, b"<html>Bad Gateway</html>", {"Content-Type": "text/html"}),
    "204": Reply(204, b"", {"Content-Type": "text/plain"}),
    "no content-type": Reply(200, b'{"id": "1"}', {}),
    "broken JSON": Reply(200, b'{"id": "1010', {"Content-Type": "application/json"}),
    "a redirect": Reply(302, b"", {"Location": "https://elsewhere.example/", "Content-Type": "text/html"}),
    "an answer cut short": Reply(200, b'{"id"', {"Content-Type": "application/json", "Content-Length": "50"}),
    "a dropped connection": Drop(),
}
doubtful = pytest.mark.parametrize("answer", DOUBTFUL.values(), ids=DOUBTFUL.keys())


class TestDoubt:
    @doubtful
    def test_a_doubtful_answer_to_publish_is_unsure(self, answer):
        with scripted(lambda _: _last(answer)) as server, pytest.raises(Unsure):
            page(server).publish(Prepared(Post("News", LINK)))
        assert len(server.seen) == 1

    @doubtful
    def test_a_doubtful_answer_to_an_upload_is_just_unreachable(self, answer):
        with scripted(lambda _: _last(answer)) as server, pytest.raises(Unreachable):
            page(server).prepare(Post("News", LINK, images=(PICTURE,)))

    @pytest.mark.parametrize(
        "answer",
        [
            *(DOUBTFUL[name] for name in ("HTML", "204", "a list", "no id", "broken JSON")),
            Reply(200, {"data": [{}]}),
            Reply(200, {"data": [{"id": "1", "created_time": "2026-11-24T10:00:00"}]}),  # without an offset
        ],
    )
    def test_a_page_of_posts_that_cannot_be_read_never_looks_empty(self, answer):
        with scripted(lambda _: answer) as server, pytest.raises(Unreachable):
            find(page(server), Post("News", LINK), LONG_AGO)

    def test_nobody_there_is_unreachable(self):
        with scripted(lambda _: ANSWERED) as server:
            facebook = page(server)
        with pytest.raises(Unreachable):
            facebook.publish(Prepared(Post("News", LINK)))


def _last(answer: Reply | Drop) -> Reply | Drop:
    """`answer`, and no further one on its connection, so that a short body ends."""
    if isinstance(answer, Reply) and "Content-Length" in answer.headers:
        return Reply(answer.status, answer.body, {**answer.headers, "Connection": "close"})
    return answer


def item(
    number: int, message: str = "", *attached: dict[str, str], at: str = "2026-11-24T10:00:00+0000"
) -> dict[str, Any]:
    attachments = {"attachments": {"data": list(attached)}} if attached else {}
    return {"id": f"1010_{number}", "message": message, "created_time": at, **attachments}


class TestReadingBack:
    def test_a_post_tells_its_text_time_and_every_link(self):
        shim = "https://l.facebook.com/l.php?u=https%3A%2F%2Fsite.example%2Fen%2F12%3Fa%3D1%26b%3D2&h=AT0"
        data = [
            item(7, "Read https://site.example/en/9!", {"url": shim, "unshimmed_url": "https://site.example/en/12"})
        ]
        with scripted(lambda _: Reply(200, {"data": data})) as server:
            (shown,) = page(server).shown(LONG_AGO)
        assert shown.receipt == Receipt("1010_7", "https://www.facebook.com/1010_7")
        assert shown.at == datetime(2026, 11, 24, 10, tzinfo=UTC)
        assert {LINK, f"{LINK}?a=1&b=2", "https://site.example/en/9"} <= set(shown.links)

    def test_pages_are_followed_by_cursor_and_only_as_far_as_wanted(self):
        def pages(request: Seen) -> Reply:
            after = request.query.get("after", "c0")
            number = int(after[1:]) + 1
            year = 2027 - number
            elsewhere = f"https://elsewhere.example/?access_token={TOKEN}"
            paging = {"cursors": {"after": f"c{number}"}, "next": elsewhere}
            return Reply(200, {"data": [item(number, at=f"{year}-01-01T00:00:00+0000")], "paging": paging})

        with scripted(pages) as server:
            shown = list(page(server).shown(datetime(2024, 6, 1, tzinfo=UTC)))
        assert [post.at.year for post in shown] == [2026, 2025, 2024]
        assert [request.query.get("after") for request in server.seen] == [None, "c1", "c2"]
        assert {request.path for request in server.seen} == {"/v25.0/1010/published_posts"}

    @pytest.mark.parametrize(
        "paging", [{"cursors": {"after": "c"}}, {"cursors": {"after": "c"}, "next": "https://x.example"}]
    )
    def test_the_last_page_ends_it_also_when_the_cursor_stands_still(self, paging):
        with scripted(lambda _: Reply(200, {"data": [item(1)], "paging": paging})) as server:
            assert list(page(server).shown(LONG_AGO))
        assert len(server.seen) <= 2

    def test_only_fields_that_the_spec_knows_are_asked_for(self):
        with scripted(lambda _: Reply(200, {"data": []})) as server:
            assert list(page(server).shown(LONG_AGO)) == []
        spec = json.loads(reference("specs/facebook/PagePost.json").read_text())
        known = {field["name"] for field in spec["fields"]} | {api.get("endpoint") for api in spec["apis"]}
        wanted = server.seen[0].query["fields"].replace("{url,unshimmed_url}", "").split(",")
        assert set(wanted) <= known

    @pytest.mark.parametrize(
        ("address", "behind"),
        [
            ("https://l.facebook.com/l.php?u=https%3A%2F%2Fsite.example%2F1&h=A", "https://site.example/1"),
            ("https://lm.facebook.com/l.php?u=https%3A%2F%2Fsite.example%2F1", "https://site.example/1"),
            ("https://l.facebook.com/l.php", "https://l.facebook.com/l.php"),
            ("https://site.example/l.php?u=x", "https://site.example/l.php?u=x"),
        ],
    )
    def test_facebooks_redirect_is_undone(self, address, behind):
        assert unshim(address) == behind


class TestVerify:
    def test_the_pages_own_token_is_fine(self):
        with scripted(lambda _: Reply(200, {"id": "1010", "name": "Space News"})) as server:
            account = page(server).verify()
        assert (account.name, account.address) == ("Space News", "https://www.facebook.com/1010")
        assert "add app_id and app_secret" in account.notes[0]

    def test_with_the_app_it_tells_when_the_token_expires(self):
        def answers(request: Seen) -> Reply:
            if request.path.endswith("debug_token"):
                assert request.query["access_token"] == "4242|app-secret-0123456789"
                return Reply(
                    200, {"data": {"type": "PAGE", "expires_at": 1796083200, "scopes": ["pages_manage_posts"]}}
                )
            return Reply(200, {"id": "1010", "name": "Space News"})

        with scripted(answers) as server:
            notes = page(server, **APP).verify().notes
        assert "the page token expires at 2026-12-01 00:00 UTC" in notes
        assert any("pages_read_engagement" in note for note in notes)

    @pytest.mark.parametrize(
        ("told", "notes"),
        [
            (
                {"expires_at": 0, "scopes": ["pages_manage_posts", "pages_read_engagement"]},
                ("the page token does not expire",),
            ),
            ({}, ()),
            (None, ()),
        ],
    )
    def test_a_token_is_put_into_words(self, told, notes):
        assert token_notes(told) == notes

    def test_a_token_that_may_not_post_is_blocked(self):
        with pytest.raises(Blocked, match="pages_manage_posts"):
            token_notes({"scopes": ["pages_read_engagement"]})

    def test_an_app_secret_that_is_not_accepted_is_said_and_breaks_nothing(self):
        def answers(request: Seen) -> Reply:
            if request.path.endswith("debug_token"):
                return error(190, f"Invalid OAuth access token signature: 4242|{APP['app_secret']}")
            return Reply(200, {"id": "1010", "name": "Space News"})

        with scripted(answers) as server:
            (note,) = page(server, **APP).verify().notes
        assert "not known" in note
        assert APP["app_secret"] not in note

    @pytest.mark.parametrize(
        ("accounts", "kind"),
        [
            (Reply(200, {"data": [{"id": "1010"}]}), "a user's token"),
            (error(100, "(#100) Tried accessing nonexisting field (accounts)"), "another page's or an app's token"),
        ],
    )
    def test_a_token_that_is_not_the_pages_own_is_called_what_it_is(self, accounts, kind):
        me = Reply(200, {"id": "555", "name": "Someone"})
        script = scripted(lambda r: accounts if r.path.endswith("accounts") else me)
        with script as server, pytest.raises(Blocked, match=kind) as failure:
            page(server, **APP).verify()
        assert "Someone (555)" in str(failure.value)

    def test_a_dead_token_is_blocked(self):
        with (
            scripted(lambda _: error(190, "Expired", error_subcode=463)) as server,
            pytest.raises(Blocked, match="expired"),
        ):
            page(server).verify()

    def test_a_channel_without_a_token_is_blocked(self):
        with pytest.raises(Blocked, match="page_token"):
            connect("facebook", {"page": "1010"}, {"page_token": ""}, Line(5))


class TestWithdraw:
    RECEIPT = Receipt("1010_77", "https://www.facebook.com/1010_77")

    GONE = error(100, "does not exist", error_subcode=33)

    @pytest.mark.parametrize("answer", [Reply(200, {"success": True}), GONE])
    def test_a_post_is_deleted_or_was_gone(self, answer):
        me = Reply(200, {"id": "1010", "name": "Sample"})
        with scripted(lambda request: answer if request.method == "DELETE" else me) as server:
            page(server).withdraw(self.RECEIPT)
        assert (server.seen[0].method, server.seen[0].path) == ("DELETE", "/v25.0/1010_77")

    def test_a_post_that_only_another_page_cannot_see_is_not_called_deleted(self):
        me = Reply(200, {"id": "2020", "name": "Another"})
        with (
            scripted(lambda request: self.GONE if request.method == "DELETE" else me) as server,
            pytest.raises(Blocked, match="cannot post as page 1010"),
        ):
            page(server).withdraw(self.RECEIPT)

    @pytest.mark.parametrize(
        ("answer", "kind"),
        [(Reply(200, {"success": False}), Unsure), (error(10, "No permission", 403), Blocked), (Drop(), Unsure)],
    )
    def test_a_post_that_may_still_be_there_is_not_called_deleted(self, answer, kind):
        with scripted(lambda _: answer) as server, pytest.raises(kind):
            page(server).withdraw(self.RECEIPT)


class TestSecrets:
    @pytest.mark.parametrize(
        "answer",
        [error(190, f"Malformed access token {TOKEN}"), Drop(), Reply(200, b"<", {"Content-Type": "application/json"})],
    )
    @pytest.mark.parametrize("verb", ["verify", "shown", "publish", "withdraw"])
    def test_the_token_is_in_no_error_nor_in_what_a_traceback_would_show(self, answer, verb):
        acts = {
            "verify": lambda facebook: facebook.verify(),
            "shown": lambda facebook: list(facebook.shown(LONG_AGO)),
            "publish": lambda facebook: facebook.publish(Prepared(Post("News", LINK))),
            "withdraw": lambda facebook: facebook.withdraw(TestWithdraw.RECEIPT),
        }
        with scripted(lambda _: answer) as server:
            facebook = page(server)
            with pytest.raises(PlatformError) as failure:
                acts[verb](facebook)
        told = "".join(traceback.format_exception(failure.value))
        assert TOKEN not in f"{failure.value!s} {failure.value!r} {told} {facebook!r}"

    def test_an_address_that_could_not_be_connected_keeps_its_query_to_itself(self):
        with scripted(lambda _: ANSWERED) as server:
            facebook = page(server)
        with pytest.raises(Unreachable) as failure:
            facebook.verify()
        assert failure.value.__cause__ is None or TOKEN not in str(failure.value.__cause__)
        assert TOKEN not in "".join(traceback.format_exception(failure.value))
