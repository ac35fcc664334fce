"""X: what is sent, judged by X's own OpenAPI document, and what every answer means."""

from __future__ import annotations

import base64
import json
import re
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from crosspost.errors import Blocked, Duplicate, Refused, Throttled, Unreachable, Unreadable, Unsure
from crosspost.platforms import find
from crosspost.platforms.line import Line
from crosspost.platforms.x import X
from crosspost.post import Image, Post, Prepared, Receipt
from tests.platforms.scripted import Drop, Reply, Scripted, Seen, scripted
from tests.reference import reference

SECRETS = {
    "api_key": "api-key-0123",
    "api_secret": "api-secret-0123",
    "access_token": "1001-access-token",
    "access_token_secret": "access-token-secret-0123",
}
PICTURE = Image(b"\xff\xd8picture", "image/jpeg", 40, 30, alt="A rocket")
POST = Post("Water on the Moon https://site.example/1", "https://site.example/1", images=(PICTURE,), key="1")
CREATED = Reply(201, {"data": {"id": "1790000000000000001", "text": "…"}})
RECEIPT = Receipt("1790000000000000001", "https://x.com/i/web/status/1790000000000000001")
SINCE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def account(server: Scripted, **secrets: str) -> X:
    return X(secrets=SECRETS | secrets, line=Line(2, endpoint=server.address))


def answers(request: Seen) -> Reply:
    """X when all is well."""
    if request.path == "/2/media/upload":
        return Reply(200, {"data": {"id": "42", "media_key": "3_42"}})
    if request.path == "/2/media/metadata":
        return Reply(200, {"data": {"id": "42"}})
    if request.path == "/2/users/me":
        return Reply(200, {"data": {"id": "1001", "name": "Moon News", "username": "moon_news"}})
    if request.method == "DELETE":
        return Reply(200, {"data": {"deleted": True}})
    return CREATED if request.method == "POST" else Reply(200, {"meta": {"result_count": 0}})


def problem(status: int, detail: str = "", **more: Any) -> Reply:
    return Reply(status, {"title": "Title", "detail": detail, "type": "about:blank", "status": status} | more)


def old_error(status: int, code: int, message: str = "said the old way") -> Reply:
    return Reply(status, {"errors": [{"code": code, "message": message}]})


class TestWhatIsSent:
    def test_uploads_carry_picture_and_alt_text(self):
        with scripted(answers) as server:
            assert account(server).prepare(POST) == Prepared(POST, ("42",))
        (upload,), (metadata,) = server.calls("POST", "/2/media/upload"), server.calls("POST", "/2/media/metadata")
        assert base64.b64decode(upload.json["media"]) == PICTURE.data
        assert upload.json["media_category"] == "tweet_image"
        assert metadata.json == {"id": "42", "metadata": {"alt_text": {"text": "A rocket"}}}

    def test_a_picture_without_alt_text_gets_none_and_a_long_one_is_cut(self):
        pictures = (Image(b"1", "image/png", 1, 1), Image(b"2", "image/png", 1, 1, alt="x" * 2000))
        with scripted(answers) as server:
            account(server).prepare(Post("text", "", images=pictures))
        (metadata,) = server.calls("POST", "/2/media/metadata")
        assert metadata.json["metadata"]["alt_text"]["text"] == "x" * 1000

    def test_a_post_is_one_request_with_text_and_pictures(self):
        with scripted(answers) as server:
            assert account(server).publish(Prepared(POST, ("42", "43"))) == RECEIPT
        (request,) = server.seen
        assert (request.method, request.path) == ("POST", "/2/tweets")
        assert request.json == {"text": POST.text, "media": {"media_ids": ["42", "43"]}}

    def test_a_post_without_pictures_names_none(self):
        with scripted(answers) as server:
            account(server).publish(Prepared(POST))
        assert server.seen[0].json == {"text": POST.text}

    def test_every_request_is_signed_and_no_secret_travels(self):
        with scripted(answers) as server:
            do_everything(account(server))
        for request in server.seen:
            assert re.match(
                r'OAuth .*oauth_token="1001-access-token".*oauth_signature="', request.headers["authorization"]
            )
            everything = f"{request.target} {dict(request.headers)} {request.body!r}"
            assert SECRETS["api_secret"] not in everything
            assert SECRETS["access_token_secret"] not in everything

    def test_the_own_id_is_read_from_the_token_since_asking_costs(self):
        with scripted(answers) as server:
            list(account(server).shown(SINCE))
        assert [request.path for request in server.seen] == ["/2/users/1001/tweets"]

    def test_a_token_without_an_id_makes_it_ask_once(self):
        with scripted(answers) as server:
            x = account(server, access_token="no-id")
            list(x.shown(SINCE))
            list(x.shown(SINCE))
        assert [request.path for request in server.seen] == ["/2/users/me"] + ["/2/users/1001/tweets"] * 2

    def test_x_bills_what_is_read_so_only_the_time_in_question_is_asked_for(self):
        with scripted(answers) as server:
            list(account(server).shown(SINCE))
            list(account(server).shown(datetime(1970, 1, 1, tzinfo=UTC)))
        assert [request.query["start_time"] for request in server.seen] == [
            "2026-11-24T09:00:00Z",
            "2010-11-06T00:00:00Z",
        ]

    def test_x_knows_every_path_method_and_field(self):
        with scripted(answers) as server:
            do_everything(account(server))
        assert len(server.seen) == 6
        for request in server.seen:
            operation = documented(request)
            known = {parameter["name"] for parameter in operation.get("parameters", ())}
            # The library says tweet.fields, as everybody does; the document of 2026 says post.fields.
            assert {name.replace("tweet.", "post.") for name in request.query} <= known
            if request.body:
                assert_fits(request.json, body_schema(operation))


def do_everything(x: X) -> None:
    receipt = x.publish(x.prepare(POST))
    list(x.shown(SINCE))
    x.verify()
    x.withdraw(receipt)


@cache
def openapi() -> Any:
    return json.loads(reference("specs/x-openapi.json").read_text())


def documented(request: Seen) -> Any:
    for path, operations in openapi()["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", r"\\d+", path), request.path) and request.method.lower() in operations:
            operation = operations[request.method.lower()]
            return operation | {"parameters": [resolved(one) for one in operation.get("parameters", ())]}
    raise AssertionError(f"X has no {request.method} {request.path}")


def body_schema(operation: Any) -> Any:
    return operation["requestBody"]["content"]["application/json"]["schema"]


def resolved(schema: Any) -> Any:
    while "$ref" in schema:
        _, _, kind, name = schema["$ref"].split("/")
        schema = openapi()["components"][kind][name]
    return schema


def assert_fits(value: Any, schema: Any) -> None:
    """`value` has only documented fields, every required one, and values that the document allows."""
    schema = resolved(schema)
    if isinstance(value, dict):
        assert value.keys() <= schema["properties"].keys()
        assert set(schema.get("required", ())) <= value.keys()
        for name, part in value.items():
            assert_fits(part, schema["properties"][name])
    elif isinstance(value, list):
        assert len(value) <= schema["maxItems"]
        for part in value:
            assert_fits(part, schema["items"])
    else:
        assert re.search(schema.get("pattern", ""), value)
        assert value in schema.get("enum", [value])


LOCKED = "To protect our users from spam and other malicious activity, this account is temporarily locked."
MEANINGS = [
    (problem(400, "One or more parameters to your request was invalid."), Refused),
    (problem(401, "Unauthorized"), Blocked),
    (old_error(401, 89, "Invalid or expired token."), Blocked),
    (problem(402, "Your enrolled account does not have any credits.", title="CreditsDepleted"), Blocked),
    (problem(403, "You are not allowed to create a Tweet with duplicate content."), Duplicate),
    (old_error(403, 187, "Status is a duplicate."), Duplicate),
    (problem(403, "You are not permitted to perform this action."), Blocked),
    (problem(403, "Your client app is not configured with the appropriate oauth1 app permissions."), Blocked),
    (
        problem(403, "Use keys from a developer App that is attached to a Project.", reason="client-not-enrolled"),
        Blocked,
    ),
    (problem(403, "The user used for authentication is suspended"), Blocked),
    (old_error(403, 326, LOCKED), Blocked),
    (old_error(403, 64), Blocked),
    (old_error(403, 261), Blocked),
    (old_error(403, 185, "User is over daily status update limit."), Throttled),
    (problem(403, "You attempted to create a post with more than one cashtag."), Refused),
    (problem(403, "The post is 326 characters long, 64 too many."), Refused),
    (Reply(403, b"<html>Forbidden</html>"), Blocked),
    (Reply(404, b"<html>Not Found</html>"), Blocked),
    (problem(404, "Not Found"), Refused),
    (problem(429, "Too Many Requests"), Throttled),
    (problem(429, "Usage cap exceeded: Monthly product cap", title="UsageCapExceeded", period="Monthly"), Blocked),
    (problem(429, "Usage cap exceeded", title="UsageCapExceeded", period="Daily"), Throttled),
    (Reply(307, b"", {"Location": "https://elsewhere.example/"}), Unsure),
    (problem(408, "Timeout"), Unsure),
    (problem(500, "Something is broken."), Unsure),
    (problem(503, "Service Unavailable"), Unsure),
    (Reply(502, b"<html>Bad Gateway</html>"), Unsure),
    (Reply(500, []), Unsure),
    (Reply(403, [1]), Unsure),
    (Reply(500, {"errors": [None, 7]}), Unsure),
    (Reply(200, b"<html>fine</html>"), Unsure),
    (Reply(200, {"errors": [{"title": "Internal Error"}]}), Unsure),
    (Reply(201, {"data": None}), Unsure),
    (Reply(201, {"data": {"text": "no id"}}), Unsure),
    (Reply(201, {"data": {"id": "undefined"}}), Unsure),
    (Reply(201, []), Unsure),
    (Drop(), Unsure),
    (Drop(reset=True), Unsure),
]


def described(value: Any) -> str | None:
    return f"{value.status} {value.body}"[:60] if isinstance(value, Reply) else None


class TestWhatAnAnswerMeans:
    @pytest.mark.parametrize(("reply", "meaning"), MEANINGS, ids=described)
    def test_for_a_post(self, reply, meaning):
        with scripted(lambda _: reply) as server, pytest.raises(meaning) as caught:
            account(server).publish(Prepared(POST))
        assert isinstance(caught.value, Duplicate) == (meaning is Duplicate)
        assert len(server.seen) == 1

    @pytest.mark.parametrize(("reply", "meaning"), MEANINGS, ids=described)
    def test_an_upload_leaves_no_doubt(self, reply, meaning):
        with scripted(lambda _: reply) as server, pytest.raises(Unreachable if meaning is Unsure else meaning):
            account(server).prepare(POST)

    @pytest.mark.parametrize(
        ("reply", "words"),
        [
            (problem(403, "You may not."), "You may not"),
            (Reply(403, {"errors": [{"code": 1, "message": "You may not."}]}), "You may not"),
            (Reply(400, {"title": "Invalid", "errors": [{"message": "text: is too long"}]}), "text: is too long"),
            (Reply(503, b"<html>"), "no reason given"),
        ],
    )
    def test_x_is_quoted(self, reply, words):
        with scripted(lambda _: reply) as server, pytest.raises((Refused, Unsure), match=words):
            account(server).publish(Prepared(POST))

    def test_a_secret_that_x_repeats_is_not_told_and_not_chained(self):
        reply = problem(401, f"bad token {SECRETS['access_token']}")
        with scripted(lambda _: reply) as server, pytest.raises(Blocked, match=r"bad token \*\*\*") as caught:
            account(server).publish(Prepared(POST))
        assert caught.value.__cause__ is None
        assert caught.value.__suppress_context__

    def test_a_missing_secret_is_named(self):
        with pytest.raises(Blocked, match="api_secret, access_token_secret"):
            X(secrets={"api_key": "a", "access_token": "b", "api_secret": ""}, line=Line(2))


class TestThrottle:
    @pytest.mark.parametrize(
        ("headers", "until"),
        [
            ({}, None),
            ({"x-rate-limit-reset": "1800000000"}, 1_800_000_000),
            ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": "1800000000"}, 1_800_000_000),
            (
                {
                    "x-rate-limit-remaining": "7",
                    "x-rate-limit-reset": "1800000000",
                    "x-user-limit-24hour-remaining": "0",
                    "x-user-limit-24hour-reset": "1800050000",
                },
                1_800_050_000,
            ),
            (
                {
                    "x-rate-limit-remaining": "0",
                    "x-rate-limit-reset": "1800000000",
                    "x-app-limit-24hour-remaining": "0",
                    "x-app-limit-24hour-reset": "1800060000",
                },
                1_800_060_000,
            ),
        ],
    )
    def test_ends_when_the_last_used_up_window_opens(self, headers, until):
        with scripted(lambda _: Reply(429, {}, headers)) as server, pytest.raises(Throttled) as caught:
            account(server).publish(Prepared(POST))
        assert caught.value.until == (until and datetime.fromtimestamp(until, UTC))


def tweet(id: int, at: datetime, text: str = "text", urls: Any = ()) -> dict[str, Any]:
    return {"id": str(id), "text": text, "created_at": at.isoformat(), "entities": {"urls": list(urls)}}


def timeline(*pages: Reply) -> Any:
    """The pages of the account's posts, by their token "1", "2"…"""
    return lambda request: pages[int(request.query.get("pagination_token", 0))]


class TestReadingBack:
    def test_pages_are_read_until_the_time_in_question(self):
        minute = timedelta(minutes=1)
        pages = [
            Reply(200, {"data": [tweet(9, SINCE + 3 * minute)], "meta": {"next_token": "1"}}),
            Reply(200, {"meta": {"result_count": 0, "next_token": "2"}}),
            Reply(200, {"data": [tweet(8, SINCE + minute), tweet(7, SINCE - minute)], "meta": {"next_token": "3"}}),
        ]
        with scripted(timeline(*pages)) as server:
            assert [post.receipt.remote_id for post in account(server).shown(SINCE)] == ["9", "8", "7"]
        assert len(server.seen) == 3

    def test_a_page_is_not_read_before_it_is_asked_for(self):
        link = {"url": "https://t.co/a", "expanded_url": POST.link}
        page = Reply(200, {"data": [tweet(9, SINCE, "t.co", [link])], "meta": {"next_token": "1"}})
        with scripted(timeline(page)) as server:
            assert find(account(server), POST, SINCE) is not None
        assert len(server.seen) == 1

    def test_the_text_is_as_it_was_sent(self):
        urls = [
            {"url": "https://t.co/a", "expanded_url": "https://site.example/?a=1&copy=2"},
            {"url": "https://t.co/b", "expanded_url": "https://x.com/moon/status/9/photo/1", "media_key": "3_1"},
        ]
        text = "Q&amp;A: 2 &lt; 3 https://t.co/a #Moon https://t.co/b"
        with scripted(timeline(Reply(200, {"data": [tweet(9, SINCE, text, urls)]}))) as server:
            (shown,) = account(server).shown(SINCE)
        assert shown.text == "Q&A: 2 < 3 https://site.example/?a=1&copy=2 #Moon"
        assert shown.links == ("https://site.example/?a=1&copy=2",)

    def test_a_link_that_leads_on_is_shown_with_where_it_leads(self):
        url = {"url": "https://t.co/a", "expanded_url": "https://sho.rt/1", "unwound_url": POST.link}
        with scripted(timeline(Reply(200, {"data": [tweet(9, SINCE, "https://t.co/a", [url])]}))) as server:
            (shown,) = account(server).shown(SINCE)
        assert shown.links == ("https://sho.rt/1", POST.link)

    def test_an_address_that_x_does_not_know_as_one_is_found_too(self):
        text = "Look: http://127.0.0.1:45123/en/12."
        with scripted(timeline(Reply(200, {"data": [tweet(9, SINCE, text)]}))) as server:
            assert find(account(server), Post("", "http://127.0.0.1:45123/en/12"), SINCE) is not None

    def test_posts_without_a_time_cannot_be_compared(self):
        page = Reply(200, {"data": [{"id": "9", "text": "text"}]})
        with scripted(timeline(page)) as server, pytest.raises(Unreadable):
            list(account(server).shown(SINCE))

    @pytest.mark.parametrize(
        ("reply", "meaning"),
        [
            (problem(403, "…", reason="client-not-enrolled"), Unreadable),
            (problem(404, "No such user"), Unreadable),
            (problem(401, "Unauthorized"), Blocked),
            (problem(429), Throttled),
            (problem(503), Unreachable),
            (Reply(200, {"errors": [{"detail": "no"}]}), Unreachable),
            (Reply(200, {"data": [{"id": "9"}]}), Unreadable),
            (Reply(200, {"data": [7]}), Unreachable),
            (Reply(200, b"<html>"), Unreachable),
            (Drop(), Unreachable),
        ],
        ids=described,
    )
    def test_a_look_that_fails_is_never_taken_for_absence(self, reply, meaning):
        with scripted(lambda _: reply) as server, pytest.raises(meaning):
            list(account(server).shown(SINCE))


class TestVerify:
    def test_names_the_account(self):
        with scripted(answers) as server:
            found = account(server).verify()
        assert (found.name, found.address, found.notes) == ("Moon News (@moon_news)", "https://x.com/moon_news", ())

    def test_an_app_that_may_only_read_is_noticed(self):
        me = {"data": {"id": "1", "name": "M", "username": "m"}}
        with scripted(lambda _: Reply(200, me, {"x-access-level": "read"})) as server:
            (note,) = account(server).verify().notes
        assert "Read and write" in note


class TestWithdraw:
    @pytest.mark.parametrize(
        "reply", [Reply(200, {"data": {"deleted": True}}), Reply(200, {"data": {"deleted": False}}), problem(404)]
    )
    def test_deleted_or_gone_already_is_fine(self, reply):
        with scripted(lambda _: reply) as server:
            account(server).withdraw(RECEIPT)
        (request,) = server.seen
        assert (request.method, request.path) == ("DELETE", f"/2/tweets/{RECEIPT.remote_id}")

    @pytest.mark.parametrize(
        ("reply", "meaning"),
        [
            (problem(401), Blocked),
            (problem(503), Unreachable),
            (Reply(200, {"errors": [{"title": "Forbidden"}]}), Unreachable),
            (Reply(200, {"data": {}}), Unreachable),
            (Reply(404, b"<html>no such route"), Blocked),
        ],
        ids=["401", "503", "200 with an error", "200 without a word", "404 of another server"],
    )
    def test_a_failure_is_told(self, reply, meaning):
        with scripted(lambda _: reply) as server, pytest.raises(meaning):
            account(server).withdraw(RECEIPT)
