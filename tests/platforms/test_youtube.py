"""YouTube: handing a post to a person, and the pilot resource `posts` with its sign-in."""

from __future__ import annotations

import json
import traceback
from datetime import UTC, datetime
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspost.errors import Blocked, PlatformError, Refused, Throttled, Unreachable, Unreadable, Unsure
from crosspost.platforms import connect, find
from crosspost.platforms.line import Line
from crosspost.platforms.written import addresses
from crosspost.platforms.youtube_errors import outcome, quota_end, sign_in_outcome
from crosspost.post import Handover, Image, Post, Prepared, Receipt
from tests.platforms.contract import PlatformContract
from tests.platforms.scripted import Drop, Reply, Scripted, Seen, scripted

CHANNEL = "UC0000000000000000000000"
SECRETS = {
    "client_id": "client-0123.example",
    "client_secret": "client-secret-0123",
    "refresh_token": "1//refresh-0123",
}
ACCESS = "ya29.access-0123456789"
LINK = "https://site.example/ru/12"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
NEWS = Prepared(Post(f"News {LINK}", LINK))
RECEIPT = Receipt("Ugkx1", "https://www.youtube.com/post/Ugkx1")
TOKEN = Reply(200, {"access_token": ACCESS, "expires_in": 3599, "token_type": "Bearer"})
CREATED = Reply(200, {"kind": "youtube#post", "id": "Ugkx1"})
EMPTY = Reply(200, {"kind": "youtube#postListResponse", "items": []})


def channel(server: Scripted) -> Any:
    return connect("youtube", {"mode": "api", "channel": CHANNEL}, SECRETS, Line(5, server.address))


def error(status: int, reason: str, message: str = "Something", **headers: str) -> Reply:
    errors = [{"message": message, "domain": "youtube", "reason": reason}]
    return Reply(status, {"error": {"code": status, "message": message, "errors": errors}}, headers)


def after_sign_in(answer: Reply | Drop) -> Any:
    """A token for who asks, and `answer` to everything else."""
    return scripted(lambda request: TOKEN if request.path == "/token" else answer)


class TestAssisted:
    ASSISTED = connect("youtube", {"mode": "assisted", "channel": CHANNEL}, {}, Line(5))

    def test_a_post_is_handed_to_a_person(self):
        page = f"https://www.youtube.com/channel/{CHANNEL}/posts?show_create_dialog=1"
        assert self.ASSISTED.prepare(NEWS.post) == Handover(page)

    def test_what_a_person_must_publish_is_never_published_here(self):
        with pytest.raises(Refused, match="by hand"):
            self.ASSISTED.publish(NEWS)

    def test_nothing_can_be_read_back_even_before_the_first_post_is_asked_for(self):
        with pytest.raises(Unreadable, match=CHANNEL):
            self.ASSISTED.shown(LONG_AGO)

    def test_a_person_deletes(self):
        with pytest.raises(Refused, match=r"by hand"):
            self.ASSISTED.withdraw(RECEIPT)

    def test_there_is_nothing_to_verify_and_it_says_so(self):
        account = self.ASSISTED.verify()
        assert account.address == f"https://www.youtube.com/channel/{CHANNEL}"
        assert "a person publishes" in account.notes[0]


class TestContract(PlatformContract):
    name = "youtube"
    options = MappingProxyType({"mode": "api", "channel": CHANNEL})
    account = CHANNEL
    token = "refresh_token"
    publishing = ("POST", "/youtube/v3/posts")
    throttle_names_a_time = False  # rateLimitExceeded says nothing of it


class TestWhatIsSent:
    def test_a_text_post_is_one_insert_after_one_sign_in(self):
        with after_sign_in(CREATED) as server:
            assert channel(server).publish(NEWS) == RECEIPT
        sign_in, insert = server.seen
        assert (sign_in.method, sign_in.path) == ("POST", "/token")
        assert sign_in.form == {
            "grant_type": "refresh_token",
            "scope": "https://www.googleapis.com/auth/youtube",
            **SECRETS,
        }
        assert (insert.method, insert.path, insert.query) == ("POST", "/youtube/v3/posts", {"part": "snippet"})
        assert insert.headers["authorization"] == f"Bearer {ACCESS}"
        assert insert.headers["content-type"] == "application/json"
        assert insert.json == {"snippet": {"channelId": CHANNEL, "textDisplay": f"News {LINK}"}}

    def test_pictures_are_uploaded_first_and_attached_in_order(self):
        tokens = iter(("up-1", "up-2"))
        pictures = (Image(b"\x89PNG\r\n\x00", "image/png", 4, 3), Image(b"RIFF", "image/webp", 4, 3))

        def answers(request: Seen) -> Reply:
            if request.path == "/token":
                return TOKEN
            return Reply(200, {"uploadToken": next(tokens)}) if "/upload/" in request.path else CREATED

        with scripted(answers) as server:
            youtube = channel(server)
            youtube.publish(youtube.prepare(Post("News", LINK, images=pictures)))
        uploads, (insert,) = server.calls("POST", "/upload/youtube/v3/posts/image"), server.calls("POST", "/v3/posts")
        assert [upload.query for upload in uploads] == [{"uploadType": "media"}] * 2
        assert [upload.body for upload in uploads] == [picture.data for picture in pictures]
        assert [upload.headers["content-type"] for upload in uploads] == ["image/png", "image/webp"]
        images = [{"uploadToken": "up-1"}, {"uploadToken": "up-2"}]
        assert insert.json["attachments"] == {"imageAttachments": images}
        assert len(server.calls("POST", "/token")) == 1

    def test_the_question_for_our_channels_is_as_googles_document_has_it(self):
        with after_sign_in(Reply(200, {"items": [{"id": CHANNEL, "snippet": {"title": "Space"}}]})) as server:
            channel(server).verify()
        document = files("googleapiclient") / "discovery_cache/documents/youtube.v3.json"
        method = json.loads(document.read_text())["resources"]["channels"]["methods"]["list"]
        (asked,) = server.calls("GET", "/channels")
        assert asked.path == f"/{method['path']}"
        assert asked.query.keys() <= method["parameters"].keys() | {"alt"}
        assert asked.headers["authorization"] == f"Bearer {ACCESS}"

    @given(st.text(max_size=40), st.text("abcжя0123456789/._~!$&()*+,;=:@%-«»", max_size=30))
    def test_whatever_stands_around_it_the_link_is_found_in_the_text(self, text, tail):
        link = f"https://site.example/{tail}"
        assert link in addresses(f"{text}\n{link} {text}")


# "Errors" of the YouTube Data API, and what its own answers to a write can be.
TABLE = [
    (error(403, "quotaExceeded"), Throttled, "daily quota"),
    (error(403, "dailyLimitExceeded"), Throttled, "daily quota"),
    (error(403, "rateLimitExceeded"), Throttled, "pause"),
    (error(403, "userRateLimitExceeded"), Throttled, "pause"),
    (error(400, "uploadLimitExceeded"), Throttled, "midnight"),
    (error(429, "whatever"), Throttled, "pause"),
    (error(403, "forbidden"), Blocked, "may not post"),
    (error(403, "insufficientPermissions"), Blocked, "auth/youtube"),
    (error(403, "channelNotFound"), Blocked, "`channel`"),
    (error(404, "channelNotFound"), Blocked, "`channel`"),
    (error(401, "youtubeSignupRequired"), Blocked, "has no channel"),
    (error(403, "accessNotConfigured"), Blocked, "not enabled"),
    (error(403, "authenticatedUserAccountSuspended"), Blocked, "suspended"),
    (error(403, "neverHeardOf", "Not today"), Blocked, "Not today"),
    (error(401, "authError"), Blocked, "sign in"),
    (error(404, "notFound"), Blocked, 'mode = "assisted"'),
    (Reply(404, b"<html>Not Found</html>", {"Content-Type": "text/html"}), Blocked, "pilot"),
    (error(400, "invalidValue", "textDisplay is too long"), Refused, "textDisplay is too long"),
    (Reply(400, {"error": "bad"}), Refused, "bad"),
    (error(413, "uploadTooLarge"), Refused, "as it is"),
    (error(500, "backendError"), Unsure, "HTTP 500"),
    (error(503, "quotaExceeded"), Unsure, "HTTP 503"),
    (error(409, "conflict"), Unsure, "HTTP 409"),
    (error(200, "backendError"), Unsure, "HTTP 200"),
    (Reply(502, b"<html>", {"Content-Type": "text/html"}), Unsure, "HTTP 502"),
    (Reply(200, {"kind": "youtube#post"}), Unsure, "without an id"),
    (Reply(200, {"id": ""}), Unsure, "without an id"),
    (Reply(204, b""), Unsure, "without an id"),
    (Reply(200, b"<html>"), Unsure, "without an id"),
    (Reply(200, [1]), Unsure, "without an id"),
    (Reply(302, b"", {"Location": "https://elsewhere.example/"}), Unsure, "HTTP 302"),
    (Drop(), Unsure, "YouTube"),
]


class TestWhatAnErrorMeans:
    @pytest.mark.parametrize(("answer", "kind", "words"), TABLE)
    def test_each_answer_to_an_insert_has_its_meaning(self, answer, kind, words):
        with after_sign_in(answer) as server, pytest.raises(PlatformError) as failure:
            channel(server).publish(NEWS)
        assert type(failure.value) is kind or (kind is Blocked and isinstance(failure.value, Blocked))
        assert words in str(failure.value)
        assert len(server.calls("POST", "/v3/posts")) == 1

    @pytest.mark.parametrize("answer", [answer for answer, kind, _ in TABLE if kind is Unsure])
    def test_where_nothing_is_published_a_doubt_is_just_a_failed_try(self, answer):
        picture = Image(b"GIF8", "image/gif", 4, 3)
        with after_sign_in(answer) as server, pytest.raises(Unreachable):
            channel(server).prepare(Post("News", LINK, images=(picture,)))

    def test_the_newer_form_of_an_error_is_read_too(self):
        told = {
            "error": {"code": 403, "details": [{"@type": "ErrorInfo", "reason": "SERVICE_DISABLED"}], "errors": "no"}
        }
        assert "not enabled" in str(outcome(403, told, {}))

    def test_the_daily_quota_lasts_until_midnight_in_california_by_the_servers_clock(self):
        answer = error(403, "quotaExceeded", Date="Tue, 24 Nov 2026 10:00:00 GMT")
        with after_sign_in(answer) as server, pytest.raises(Throttled) as failure:
            channel(server).publish(NEWS)
        assert failure.value.until == datetime(2026, 11, 25, 8, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("date", "end"),
        [
            ("Tue, 24 Nov 2026 07:59:59 GMT", datetime(2026, 11, 24, 8, tzinfo=UTC)),
            ("Tue, 24 Nov 2026 08:00:00 GMT", datetime(2026, 11, 25, 8, tzinfo=UTC)),
            ("Sun, 01 Nov 2026 08:30:00 GMT", datetime(2026, 11, 2, 8, tzinfo=UTC)),  # the day with 25 hours
            ("Sun, 08 Mar 2026 12:00:00 GMT", datetime(2026, 3, 9, 7, tzinfo=UTC)),  # the day with 23
            ("Tue, 24 Nov 2026 10:00:00 -0000", datetime(2026, 11, 25, 8, tzinfo=UTC)),
            ("yesterday", None),
            ("", None),
            (None, None),
        ],
    )
    def test_the_end_of_the_quota_day(self, date, end):
        assert quota_end(date) == end


class TestSignIn:
    @pytest.mark.parametrize(
        ("answer", "kind", "words"),
        [
            (Reply(400, {"error": "invalid_grant", "error_description": "revoked"}), Blocked, "7 days"),
            (Reply(401, {"error": "invalid_client"}), Blocked, "client_id and client_secret"),
            (Reply(401, {"error": "unauthorized_client"}), Blocked, "another client_id"),
            (Reply(401, {"error": "deleted_client"}), Blocked, "deleted"),
            (Reply(400, {"error": "invalid_scope"}), Blocked, "auth/youtube"),
            (Reply(400, {"error": {"code": 400}}), Unreachable, "not a token"),
            (Reply(400, b"<html>"), Unreachable, "not a token"),
            (Reply(200, b"<html>"), Unreachable, "not a token"),
            (Reply(200, {"expires_in": 10}), Unreachable, "not a token"),
            (Reply(200, {"access_token": "x", "expires_in": "soon"}), Unreachable, "not a token"),
            (Reply(200, [1]), Unreachable, "not a token"),
            (Reply(500, {"error": "internal_failure"}), Unreachable, "HTTP 500"),
            (Reply(502, b"<html>"), Unreachable, "HTTP 502"),
            (Reply(429, {}), Unreachable, "HTTP 429"),
            (Drop(), Unreachable, "sign-in"),
        ],
    )
    def test_without_a_token_nothing_is_sent_and_nothing_is_in_doubt(self, answer, kind, words):
        with scripted(lambda _: answer) as server, pytest.raises(kind, match=words):
            channel(server).publish(NEWS)
        assert [request.path for request in server.seen] == ["/token"]

    def test_what_google_never_said_before_is_not_the_users_fault(self):
        assert isinstance(sign_in_outcome({"error": "new_error"}), Unreachable)

    def test_a_token_that_died_early_is_replaced_at_the_next_try_and_no_post_is_repeated(self):
        dead = error(401, "authError", "Invalid Credentials")
        script = iter([TOKEN, CREATED, dead, TOKEN, CREATED])
        with scripted(lambda _: next(script)) as server:
            youtube = channel(server)
            youtube.publish(NEWS)
            with pytest.raises(Unreachable, match="next try"):
                youtube.publish(NEWS)
            youtube.publish(NEWS)
        posts = "/youtube/v3/posts"
        assert [request.path for request in server.seen] == ["/token", posts, posts, "/token", posts]

    @pytest.mark.parametrize("missing", SECRETS)
    def test_a_missing_secret_is_named(self, missing):
        with pytest.raises(Blocked, match=missing):
            connect("youtube", {"mode": "api", "channel": CHANNEL}, {**SECRETS, missing: ""}, Line(5))


def item(number: int, text: str = "", **snippet: str) -> dict[str, Any]:
    return {"id": f"Ugkx{number}", "snippet": {"textDisplay": text, **snippet}}


class TestReadingBack:
    def test_a_post_tells_its_text_its_time_and_the_links_in_it(self):
        text = f"News: {LINK}?a=1&amp;b=2."
        listed = Reply(200, {"items": [item(1, text, publishTime="2026-11-24T10:00:00Z")]})
        with after_sign_in(listed) as server:
            (shown,) = channel(server).shown(LONG_AGO)
        assert (shown.receipt, shown.text) == (RECEIPT, text)
        assert shown.at == datetime(2026, 11, 24, 10, tzinfo=UTC)
        assert f"{LINK}?a=1&b=2" in shown.links
        (asked,) = server.calls("GET", "/youtube/v3/posts")
        assert asked.query == {"part": "snippet", "channelId": CHANNEL, "maxResults": "20"}

    @pytest.mark.parametrize("time", [{"publishedAt": "2026-11-24T10:00:00Z"}, {}])
    def test_a_post_is_found_whatever_its_time_is_called(self, time):
        with after_sign_in(Reply(200, {"items": [item(1, f"News {LINK}", **time)]})) as server:
            assert find(channel(server), NEWS.post, datetime(2026, 1, 1, tzinfo=UTC)) == RECEIPT

    def test_pages_are_read_as_far_as_wanted(self):
        def pages(request: Seen) -> Reply:
            if request.path == "/token":
                return TOKEN
            number = int(request.query.get("pageToken", "0"))
            listed = [item(number, publishTime=f"{2026 - number}-01-01T00:00:00Z")]
            return Reply(200, {"items": listed, "nextPageToken": str(number + 1)})

        with scripted(pages) as server:
            shown = list(channel(server).shown(datetime(2024, 6, 1, tzinfo=UTC)))
        assert [post.at.year for post in shown] == [2026, 2025, 2024]
        assert len(server.calls("GET", "/youtube/v3/posts")) == 3

    def test_a_page_token_that_stands_still_ends_it(self):
        listed = {"items": [item(1, publishTime="2026-01-01T00:00:00Z")], "nextPageToken": "again"}
        with after_sign_in(Reply(200, listed)) as server:
            assert len(list(channel(server).shown(LONG_AGO))) == 2

    @pytest.mark.parametrize("answer", [EMPTY, Reply(200, {"kind": "youtube#postListResponse"})])
    def test_a_channel_without_posts_shows_none(self, answer):
        with after_sign_in(answer) as server:
            assert list(channel(server).shown(LONG_AGO)) == []

    @pytest.mark.parametrize(
        "answer",
        [
            Reply(200, {}),
            Reply(200, []),
            Reply(200, b"<html>"),
            Reply(204, b""),
            Reply(200, {"items": [{"id": "1"}]}),
            Reply(200, {"items": [item(1, publishTime="soon")]}),
            Reply(200, {"items": [item(1, publishTime="2026-01-01T00:00:00")]}),
            Reply(200, {"items": 5}),
            error(200, "backendError"),
        ],
    )
    def test_a_list_that_cannot_be_read_never_looks_empty(self, answer):
        with after_sign_in(answer) as server, pytest.raises(Unreachable):
            find(channel(server), NEWS.post, LONG_AGO)


def verifying(channels: Reply, posts: Reply = EMPTY) -> Any:
    answers = {"/token": TOKEN, "/youtube/v3/channels": channels, "/youtube/v3/posts": posts}
    return scripted(lambda request: answers[request.path])


class TestVerify:
    MINE = Reply(200, {"items": [{"id": CHANNEL, "snippet": {"title": "Space News"}}]})

    def test_our_own_channel_in_the_pilot_is_fine(self):
        with verifying(self.MINE) as server:
            account = channel(server).verify()
        assert account.name == f"Space News ({CHANNEL})"
        assert account.address == f"https://www.youtube.com/channel/{CHANNEL}"

    @pytest.mark.parametrize(
        ("told", "words"),
        [
            ({"items": [{"id": "UC1", "snippet": {"title": "Mine"}}]}, r"Mine \(UC1\)"),
            ({"kind": "youtube#channelListResponse"}, "no channel"),
        ],
    )
    def test_another_accounts_sign_in_is_told(self, told, words):
        with verifying(Reply(200, told)) as server, pytest.raises(Blocked, match=words) as failure:
            channel(server).verify()
        assert CHANNEL in str(failure.value)

    def test_a_project_outside_the_pilot_is_told(self):
        outside = Reply(404, b"<html>Not Found</html>", {"Content-Type": "text/html"})
        with verifying(self.MINE, outside) as server, pytest.raises(Blocked, match="pilot"):
            channel(server).verify()

    @pytest.mark.parametrize(
        "told", [Reply(200, b"<html>"), Reply(200, [1]), Reply(200, {"items": [{}]}), Reply(500, {})]
    )
    def test_an_answer_that_makes_no_sense_is_no_verdict(self, told):
        with verifying(told) as server, pytest.raises(Unreachable):
            channel(server).verify()


class TestWithdraw:
    @pytest.mark.parametrize("answer", [Reply(204, b""), Reply(200, {}), error(404, "postNotFound")])
    def test_a_post_is_deleted_or_was_gone(self, answer):
        answers = {"/token": TOKEN, "/youtube/v3/posts": answer}
        with scripted(lambda r: EMPTY if r.method == "GET" else answers[r.path]) as server:
            channel(server).withdraw(RECEIPT)
        (asked,) = server.calls("DELETE", "/youtube/v3/posts")
        assert asked.query == {"id": "Ugkx1"}

    def test_a_resource_that_is_missing_altogether_is_not_a_deleted_post(self):
        with after_sign_in(error(404, "notFound")) as server, pytest.raises(Blocked, match="pilot"):
            channel(server).withdraw(RECEIPT)

    @pytest.mark.parametrize(("answer", "kind"), [(Reply(500, {}), Unsure), (error(200, "backendError"), Unsure)])
    def test_a_post_that_may_still_be_there_is_not_called_deleted(self, answer, kind):
        with after_sign_in(answer) as server, pytest.raises(kind):
            channel(server).withdraw(RECEIPT)


class TestSecrets:
    @pytest.mark.parametrize("told", [*SECRETS.values(), ACCESS])
    @pytest.mark.parametrize("where", ["/token", "/youtube/v3/posts"])
    def test_a_secret_that_google_repeats_goes_no_further(self, told, where):
        echo = Reply(403, {"error": {"message": f"Bad {told}"}, "error_description": told})
        with scripted(lambda r: echo if r.path == where else TOKEN) as server, pytest.raises(PlatformError) as failure:
            channel(server).publish(NEWS)
        shown = "".join(traceback.format_exception(failure.value))
        assert told not in f"{failure.value!s} {failure.value!r} {shown}"
