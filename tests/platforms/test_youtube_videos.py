"""YouTube's videos: what is sent, piece by piece, what each answer means, and how an upload is gone on with."""

from __future__ import annotations

import json
import traceback
from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from crosspost.errors import Blocked, PlatformError, Refused, Throttled, Unreachable, Unreadable, Unsure
from crosspost.platforms import PIECE, UploadGone, VideoPlatform, connect, find, receipt_at
from crosspost.platforms.line import Line
from crosspost.platforms.youtube_snippet import TAGS, TITLE, Manner, resource, tags, tags_length, title
from crosspost.post import Image, Post, Prepared, Receipt, Upload, Video
from crosspost.text.measure import utf16_units
from tests.platforms.contract import PlatformContract, post
from tests.platforms.scripted import Drop, Reply, Scripted, Seen, scripted

CHANNEL = "UC0000000000000000000000"
SECRETS = {"client_id": "client-0123.example", "client_secret": "client-secret-01", "refresh_token": "1//refresh-0123"}
ACCESS = "ya29.access-0123456789"
ID = "xa298sd_f-secret"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
POSTER = Image(b"\xff\xd8", "image/jpeg", 1080, 1920)
RECEIPT = Receipt("dQw4w9WgXcQ", "https://www.youtube.com/shorts/dQw4w9WgXcQ")
TOKEN = Reply(200, {"access_token": ACCESS, "expires_in": 3599, "token_type": "Bearer"})
MADE = Reply(200, {"kind": "youtube#video", "id": RECEIPT.remote_id})
GRAIN = 256 * 1024


def film(size: int = 1000) -> Video:
    """A film of so many bytes, no two of its places alike; nobody decodes it here."""
    whole = b"".join(number.to_bytes(4, "big") for number in range(size // 4 + 1))
    return Video(whole[:size], 1080, 1920, 20.0, POSTER)


def news(size: int = 1000, **more: Any) -> Post:
    link = "https://site.example/en/moon"
    text = f"{link}\n\nWater was found on the Moon\n\n#Moon #Space"
    return replace(Post(text, link, title="Water on the Moon", video=film(size)), **more)


def channel(server: Scripted, **options: Any) -> Any:
    return connect("youtube", {"mode": "video", "channel": CHANNEL} | options, SECRETS, Line(5, server.address))


def error(status: int, reason: str, message: str = "Something", **headers: str) -> Reply:
    errors = [{"message": message, "domain": "youtube", "reason": reason}]
    return Reply(status, {"error": {"code": status, "message": message, "errors": errors}}, headers)


def incomplete(arrived: int) -> Reply:
    return Reply(308, b"", {"Range": f"bytes=0-{arrived - 1}"} if arrived else {})


def answering(*answers: Reply | Drop, begun: Reply | None = None) -> Any:
    """A token for who asks, a session for who begins, and `answers` in turn to what comes to the session."""
    script = iter(answers)

    def answer(request: Seen) -> Reply | Drop:
        if request.path == "/token":
            return TOKEN
        if request.method == "POST":
            address = f"http://{request.headers['host']}/upload/youtube/v3/videos?uploadType=resumable&upload_id={ID}"
            return begun or Reply(200, b"", {"Location": address})
        return next(script)

    return scripted(answer)


def session(server: Scripted, size: int = 1000, arrived: int = 0) -> Upload:
    return Upload(f"{server.address}/upload/youtube/v3/videos?upload_id={ID}", "mark", size, arrived)


def puts(server: Scripted) -> list[Seen]:
    return [request for request in server.seen if request.method == "PUT"]


class TestContract(PlatformContract):
    name = "youtube"
    options = MappingProxyType({"mode": "video", "channel": CHANNEL})
    account = CHANNEL
    token = "refresh_token"
    publishing = ("PUT", "/upload/youtube/v3/videos")
    throttle_names_a_time = False  # rateLimitExceeded says nothing of it
    words = "Q&A: is 2 ‹ 3?\nAlways, «they» say"

    begins_with = "upload"

    def prepare(self, platform, post):
        filmed = replace(post, video=film(2 * GRAIN + 1))
        return platform.resume(filmed, platform.open(filmed))

    def times_published(self, sandbox):
        return super().times_published(sandbox) - 2  # it asks once, and sends one piece before the last

    def test_pictures_are_uploaded_and_posted_in_order(self, platform, sandbox):
        self.publish(platform, post())
        (kept,) = sandbox.posts("youtube")
        assert (kept.video, kept.pictures, kept.title) == (film(2 * GRAIN + 1).data, (), "Water on the Moon")
        assert kept.text == post().text

    @pytest.mark.parametrize(
        "fault", ["500-before", "502-html", "reset-before"]
    )  # a session's answer has no body to cut
    def test_a_broken_upload_leaves_no_doubt(self, platform, sandbox, fault):
        super().test_a_broken_upload_leaves_no_doubt(platform, sandbox, fault)


class TestWhatIsSent:
    def test_a_session_is_begun_with_all_that_youtube_is_told(self):
        with answering() as server:
            youtube = channel(server, privacy="unlisted", made_for_kids=True, category=28)
            upload = youtube.open(news())
        (begun,) = server.calls("POST", "/upload/youtube/v3/videos")
        assert begun.query["uploadType"] == "resumable"
        assert set(begun.query["part"].split(",")) == {"snippet", "status"}
        assert begun.headers["x-upload-content-type"] == "video/mp4"
        assert begun.headers["x-upload-content-length"] == "1000"
        assert begun.headers["authorization"] == f"Bearer {ACCESS}"
        assert begun.json == {
            "snippet": {
                "title": "Water on the Moon",
                "description": news().text,
                "tags": ["Moon", "Space"],
                "categoryId": "28",
            },
            "status": {"privacyStatus": "unlisted", "selfDeclaredMadeForKids": True},
        }
        assert (upload.size, ID in upload.address) == (1000, True)

    def test_the_parameters_are_those_of_googles_document(self):
        with answering() as server:
            channel(server).open(news())
        document = files("googleapiclient") / "discovery_cache/documents/youtube.v3.json"
        method = json.loads(document.read_text())["resources"]["videos"]["methods"]["insert"]
        (begun,) = server.calls("POST", "/videos")
        assert begun.path == method["mediaUpload"]["protocols"]["resumable"]["path"].replace("/resumable", "")
        assert begun.query.keys() <= method["parameters"].keys() | {"alt", "uploadType"}
        assert begun.json["snippet"].keys() <= {"title", "description", "tags", "categoryId"}

    @pytest.mark.parametrize("size", [1, GRAIN - 1, GRAIN, GRAIN + 1, PIECE + 1, 2 * PIECE, 2 * PIECE + 3 * GRAIN + 5])
    def test_all_but_the_last_piece_goes_before_the_call_that_publishes(self, size):
        arrived = 0

        def take(request: Seen) -> Reply:
            nonlocal arrived
            if request.path == "/token":
                return TOKEN
            told = request.headers["content-range"]
            if told.startswith("bytes *"):
                assert told == f"bytes */{size}" and request.body == b""
                return incomplete(arrived)
            first, last = map(int, told.removeprefix("bytes ").partition("/")[0].split("-"))
            assert (first, last - first + 1) == (arrived, len(request.body))
            assert told.endswith(f"/{size}")
            arrived = last + 1
            return MADE if arrived == size else incomplete(arrived)

        with scripted(take) as server:
            youtube = channel(server)
            prepared = youtube.resume(news(size), session(server, size))
            before = puts(server)
            assert youtube.publish(prepared) == RECEIPT
        (last,) = puts(server)[len(before) :]
        pieces = [request.body for request in puts(server)[1:]]
        assert b"".join(pieces) == film(size).data
        assert 0 < len(last.body) <= GRAIN
        assert all(len(piece) % GRAIN == 0 and len(piece) <= PIECE for piece in pieces[:-1])
        assert all(request.headers["authorization"] == f"Bearer {ACCESS}" for request in puts(server))
        assert len({request.client for request in server.seen}) == 1  # one session, ours

    @pytest.mark.parametrize("arrived", [0, GRAIN, PIECE, PIECE + GRAIN, PIECE + 2 * GRAIN, PIECE + 2 * GRAIN + 100])
    def test_an_upload_goes_on_where_it_was_cut_off(self, arrived):
        size = PIECE + 2 * GRAIN + 1000

        def take(request: Seen) -> Reply:
            if request.path == "/token":
                return TOKEN
            told = request.headers["content-range"]
            if told.startswith("bytes *"):
                return incomplete(arrived)
            last = int(told.partition("-")[2].partition("/")[0])
            return MADE if last + 1 == size else incomplete(last + 1)

        with scripted(take) as server:
            youtube = channel(server)
            assert youtube.publish(youtube.resume(news(size), session(server, size))) == RECEIPT
        assert b"".join(request.body for request in puts(server)) == film(size).data[arrived:]

    def test_a_piece_that_was_kept_in_part_is_gone_on_with_from_there(self):
        size = PIECE + 10
        answers = [incomplete(0), incomplete(GRAIN), incomplete(PIECE), MADE]
        with answering(*answers) as server:
            youtube = channel(server)
            youtube.publish(youtube.resume(news(size), session(server, size)))
        ranges = [request.headers["content-range"].partition("/")[0] for request in puts(server)]
        assert ranges == [
            "bytes *",
            f"bytes 0-{PIECE - 1}",
            f"bytes {GRAIN}-{PIECE - 1}",
            f"bytes {PIECE}-{PIECE + 9}",
        ]

    def test_a_server_that_takes_nothing_is_not_asked_for_ever(self):
        with answering(incomplete(0), incomplete(0)) as server, pytest.raises(Unreachable, match="took nothing"):
            channel(server).resume(news(PIECE + 1), session(server, PIECE + 1))

    def test_all_of_it_there_without_a_video_sends_the_last_piece_once_more(self):
        with answering(incomplete(1000), MADE) as server:
            youtube = channel(server)
            assert youtube.publish(youtube.resume(news(), session(server))) == RECEIPT
        assert puts(server)[-1].body == film().data

    def test_a_post_without_a_video_is_none_here(self):
        with answering() as server:
            youtube = channel(server)
            for act in (youtube.prepare, youtube.open, youtube.mark):
                with pytest.raises(Refused, match="publishes videos"):
                    act(news(video=None))
            with pytest.raises(Refused, match="publishes videos"):
                youtube.publish(Prepared(news()))
        assert server.seen == []

    def test_the_mark_tells_apart_whatever_youtube_would_be_told_otherwise(self):
        with answering() as server:
            youtube = channel(server)
            marks = [
                youtube.mark(news()),
                youtube.mark(news(text="Other words")),
                youtube.mark(news(title="Another title")),
                youtube.mark(news(1001)),
                channel(server, privacy="private").mark(news()),
                channel(server, category=1).mark(news()),
            ]
            assert len(set(marks)) == len(marks)
            assert youtube.mark(news()) == marks[0] == youtube.open(news()).mark


# What the last piece can be answered, and what that means.
LAST = [
    (error(403, "quotaExceeded"), Throttled, "daily quota"),
    (error(400, "uploadLimitExceeded"), Throttled, "as many videos"),
    (error(429, "whatever"), Throttled, "pause"),
    (error(401, "authError"), Blocked, "sign in"),
    (error(401, "youtubeSignupRequired"), Blocked, "has no channel"),
    (error(403, "forbidden"), Blocked, "may not post"),
    (error(403, "insufficientPermissions"), Blocked, "auth/youtube"),
    (error(400, "invalidCategoryId"), Blocked, "`category`"),
    (error(403, "forbiddenPrivacySetting"), Blocked, "`privacy`"),
    (error(400, "invalidTitle", "no title"), Refused, "no title"),
    (error(400, "invalidDescription"), Refused, "as it is"),
    (error(400, "invalidTags"), Refused, "as it is"),
    (error(404, "notFound"), UploadGone, "begins anew"),
    (error(410, "gone"), UploadGone, "begins anew"),
    (incomplete(10), Unreachable, "only a part"),
    (incomplete(1000), Unsure, "what became of it"),
    (Reply(308, b"", {"Range": "nonsense"}), Unsure, "not an answer"),
    (error(500, "backendError"), Unsure, "HTTP 500"),
    (error(503, "backendError"), Unsure, "HTTP 503"),
    (error(200, "backendError"), Unsure, "HTTP 200"),
    (Reply(502, b"<html>", {"Content-Type": "text/html"}), Unsure, "HTTP 502"),
    (Reply(302, b"", {"Location": "https://elsewhere.example/"}), Unsure, "HTTP 302"),
    (Reply(200, {"kind": "youtube#video"}), Unsure, "without the video's id"),
    (Reply(200, b"<html>"), Unsure, "without the video's id"),
    (Reply(200, [1]), Unsure, "without the video's id"),
    (Reply(204, b""), Unsure, "not an answer"),
    (Drop(), Unsure, "YouTube"),
    (Drop(reset=True), Unsure, "YouTube"),
]


class TestWhatAnAnswerMeans:
    @pytest.mark.parametrize(("answer", "kind", "words"), LAST)
    def test_each_answer_to_the_last_piece_has_its_meaning(self, answer, kind, words):
        with answering(answer) as server, pytest.raises(PlatformError) as failure:
            channel(server).publish(Prepared(news(), upload=session(server)))
        assert type(failure.value) is kind or (kind is Blocked and isinstance(failure.value, Blocked))
        assert words in str(failure.value)
        assert len(puts(server)) == 1

    @pytest.mark.parametrize("answer", [answer for answer, kind, _ in LAST if kind is Unsure])
    def test_a_doubt_about_an_earlier_piece_is_just_a_failed_try(self, answer):
        size = PIECE + 1
        answer = incomplete(0) if answer.__dict__.get("status") == 308 else answer
        with answering(incomplete(0), answer) as server, pytest.raises(Unreachable):
            channel(server).resume(news(size), session(server, size))

    def test_an_upload_stays_at_the_address_that_the_ledger_knows(self):
        size, moved = 2 * PIECE + 1, Reply(308, b"", {"Range": f"bytes=0-{PIECE - 1}", "Location": "/elsewhere"})
        with answering(incomplete(0), moved, incomplete(2 * PIECE)) as server:
            channel(server).resume(news(size), session(server, size))
            assert {one.path for one in server.seen if one.method == "PUT"} == {"/upload/youtube/v3/videos"}

    def test_a_piece_that_is_not_taken_refuses_no_video(self):
        bad = error(400, "badRequest", "Failed to parse Content-Range header.")
        with answering(incomplete(0), bad) as server, pytest.raises(Unreachable, match="Failed to parse") as failure:
            channel(server).resume(news(PIECE + 1), session(server, PIECE + 1))
        assert not isinstance(failure.value, UploadGone)

    @pytest.mark.parametrize("answer", [error(500, "backendError"), Reply(200, b""), Reply(200, b"", {"Location": ""})])
    def test_a_session_that_is_not_begun_is_just_a_failed_try(self, answer):
        with answering(begun=answer) as server, pytest.raises(Unreachable):
            channel(server).open(news())

    def test_a_title_that_youtube_does_not_take_is_refused_before_a_byte_goes(self):
        with (
            answering(begun=error(400, "invalidTitle", "Bad title")) as server,
            pytest.raises(Refused, match="Bad title"),
        ):
            channel(server).open(news())

    @pytest.mark.parametrize("status", [200, 201])
    def test_what_arrived_whole_is_out(self, status):
        with answering(*[Reply(status, MADE.body)] * 2) as server:
            youtube = channel(server)
            assert youtube.resume(news(), session(server)) == RECEIPT
            assert youtube.arrived(session(server)) == RECEIPT
        assert [request.body for request in puts(server)] == [b"", b""]

    def test_a_video_that_is_made_before_its_time_is_out_all_the_same(self):
        with answering(incomplete(0), MADE) as server:
            assert channel(server).resume(news(PIECE + 1), session(server, PIECE + 1)) == RECEIPT

    @pytest.mark.parametrize("answer", [incomplete(0), incomplete(999), error(404, "notFound"), Reply(410, b"")])
    def test_what_did_not_arrive_whole_is_looked_for_among_the_uploads(self, answer):
        def answers(request: Seen) -> Reply:
            lists = {"/token": TOKEN, "/youtube/v3/channels": OURS, "/youtube/v3/playlistItems": listing(item(1))}
            return answer if request.method == "PUT" else lists[request.path]

        with scripted(answers) as server:
            found = find(channel(server), news(), LONG_AGO, upload=session(server))
        assert found == Receipt("video-1", "https://www.youtube.com/shorts/video-1")

    def test_whole_it_is_not_looked_for_anywhere_else(self):
        with answering(MADE) as server:
            assert find(channel(server), news(), LONG_AGO, upload=session(server)) == RECEIPT

    @pytest.mark.parametrize("answer", [error(404, "notFound"), Reply(410, b""), error(400, "badRequest")])
    def test_a_session_that_is_gone_is_told(self, answer):
        with answering(answer) as server, pytest.raises(UploadGone):
            channel(server).resume(news(), session(server))

    @pytest.mark.parametrize("answer", [error(404, "notFound"), error(410, "gone")])
    def test_a_session_that_goes_in_the_middle_is_told(self, answer):
        with answering(incomplete(0), answer) as server, pytest.raises(UploadGone):
            channel(server).resume(news(PIECE + 1), session(server, PIECE + 1))

    @pytest.mark.parametrize("answer", [error(503, "backendError"), Drop(), Reply(200, b"<html>"), Reply(200, {})])
    def test_a_question_without_an_answer_proves_nothing(self, answer):
        with answering(answer) as server, pytest.raises(Unreachable):
            channel(server).arrived(session(server))

    def test_a_sign_in_that_ended_blocks(self):
        with (
            scripted(lambda _: Reply(400, {"error": "invalid_grant"})) as server,
            pytest.raises(Blocked, match="7 days"),
        ):
            channel(server).open(news())


OURS = Reply(200, {"items": [{"id": CHANNEL, "contentDetails": {"relatedPlaylists": {"uploads": "UU1"}}}]})


def item(number: int, text: str = "https://site.example/en/moon", at: str = "2026-11-24T10:00:00Z") -> dict[str, Any]:
    snippet = {"title": f"Video {number}", "description": text, "publishedAt": at}
    return {"snippet": {**snippet, "resourceId": {"videoId": f"video-{number}"}}}


def listing(*items: dict[str, Any], **more: str) -> Reply:
    return Reply(200, {"kind": "youtube#playlistItemListResponse", "items": list(items), **more})


def reading(*answers: Reply, channels: Reply = OURS) -> Any:
    script = iter(answers)

    def answer(request: Seen) -> Reply:
        if request.path == "/youtube/v3/channels":
            if "snippet" in request.query["part"]:
                return Reply(200, {"items": [{"id": CHANNEL, "snippet": {"title": "Space"}}]})
            return channels
        return TOKEN if request.path == "/token" else next(script)

    return scripted(answer)


class TestReadingBack:
    def test_a_video_tells_its_title_its_description_and_the_links_in_it(self):
        with reading(listing(item(1))) as server:
            (shown,) = channel(server).shown(LONG_AGO)
        assert (shown.title, shown.links) == ("Video 1", ("https://site.example/en/moon",))
        assert shown.receipt == Receipt("video-1", "https://www.youtube.com/shorts/video-1")
        assert shown.at == datetime(2026, 11, 24, 10, tzinfo=UTC)
        (asked,) = server.calls("GET", "/playlistItems")
        assert asked.query == {"part": "snippet", "playlistId": "UU1", "maxResults": "50"}

    def test_pages_are_read_as_far_as_wanted(self):
        pages = [listing(item(n, at=f"{2027 - n}-01-01T00:00:00Z"), nextPageToken=str(n)) for n in (1, 2, 3, 4)]
        with reading(*pages) as server:
            shown = list(channel(server).shown(datetime(2024, 6, 1, tzinfo=UTC)))
        assert [one.at.year for one in shown] == [2026, 2025, 2024]

    def test_a_channel_that_has_uploaded_nothing_shows_nothing(self):
        with reading(error(404, "playlistNotFound")) as server:
            assert list(channel(server).shown(LONG_AGO)) == []

    @pytest.mark.parametrize(
        "answer",
        [Reply(200, {}), Reply(200, []), Reply(200, b"<html>"), error(200, "backendError"), listing({"snippet": {}})],
    )
    def test_a_list_that_cannot_be_read_never_looks_empty(self, answer):
        with reading(answer) as server, pytest.raises(Unreachable):
            find(channel(server), news(), LONG_AGO)

    def test_a_list_that_is_missing_for_no_such_reason_never_looks_empty(self):
        with reading(error(404, "notFound")) as server, pytest.raises(Blocked):
            find(channel(server), news(), LONG_AGO)

    def test_a_list_that_may_not_be_read_is_for_a_person(self):
        with reading(error(403, "forbidden")) as server, pytest.raises(Unreadable):
            find(channel(server), news(), LONG_AGO)

    @pytest.mark.parametrize("told", [Reply(200, {}), Reply(200, {"items": [{}]}), Reply(200, b"")])
    def test_a_channel_whose_playlist_is_not_told_never_looks_empty(self, told):
        with reading(channels=told) as server, pytest.raises(Unreachable):
            list(channel(server).shown(LONG_AGO))

    def test_verifying_says_who_will_see_the_videos(self):
        with reading(listing()) as server:
            account = channel(server, privacy="private").verify()
        assert account.name == f"Space ({CHANNEL})"
        assert "for the owner alone" in account.notes[0]

    def test_verifying_finds_a_scope_that_is_too_narrow(self):
        with reading(error(403, "insufficientPermissions")) as server, pytest.raises(Blocked, match="auth/youtube"):
            channel(server).verify()

    @pytest.mark.parametrize("answer", [Reply(204, b""), error(404, "videoNotFound")])
    def test_a_video_is_deleted_or_was_gone(self, answer):
        with reading(answer) as server:
            channel(server).withdraw(RECEIPT)
        (asked,) = server.calls("DELETE", "/youtube/v3/videos")
        assert asked.query == {"id": RECEIPT.remote_id}

    @pytest.mark.parametrize(
        "address",
        [
            "https://www.youtube.com/shorts/dQw4w9WgXcQ",
            "https://youtube.com/shorts/dQw4w9WgXcQ?feature=share",
            "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
            "https://www.youtube.com/watch?app=desktop&v=dQw4w9WgXcQ&t=1s",
            "https://youtu.be/dQw4w9WgXcQ?si=share",
            "https://studio.youtube.com/video/dQw4w9WgXcQ/edit",
        ],
    )
    def test_an_address_that_a_person_found_has_the_videos_id(self, address):
        assert receipt_at("youtube", address) == Receipt(RECEIPT.remote_id, address)


MANNER = Manner("public", False, 25)
WORDS = st.lists(
    st.sampled_from(["слово", "👨‍👩‍👧‍👦", "e\u0301", "a<b>", "🇧🇾", "word", "https://a.example/<b>"]), max_size=60
)


class TestWhatYouTubeIsTold:
    @given(WORDS.map(" ".join), st.booleans())
    def test_a_title_is_whole_words_that_youtube_takes(self, words, joined):
        given_title = words.replace(" ", "") if joined else words
        told = title(Post("text", "", title=given_title))
        assert told and utf16_units(told) <= TITLE and not set(told) & set("<>")
        assert set(regex.findall(r"\X", told)) <= {*regex.findall(r"\X", f"{given_title} text…‹›")}

    def test_a_long_title_ends_at_a_word(self):
        told = title(Post("text", "", title="Слово " * 30))
        assert told == "Слово " * 15 + "Слово…"

    def test_without_a_title_it_is_the_first_line_with_words(self):
        assert title(Post("https://site.example/1\n\nWater on the Moon\nMore", "")) == "Water on the Moon"
        with pytest.raises(Refused, match="needs a title"):
            title(Post("https://site.example/1", ""))

    def test_tags_are_the_hashtags_and_no_fragments_of_addresses(self):
        assert tags("https://site.example/#part and #Луна, #Moon_2026. #Moon_2026 C# a#b &#39;") == (
            "Луна",
            "Moon_2026",
        )
        assert "tags" not in resource(Post("No hashtags", "", title="T"), MANNER)["snippet"]

    @given(st.lists(st.text("abcжя", min_size=1, max_size=60), max_size=40))
    def test_tags_are_as_many_as_youtube_takes(self, words):
        found = tags(" ".join(f"#{word}" for word in words))
        assert tags_length(found) <= TAGS
        assert list(found) == list(dict.fromkeys(words))[: len(found)]

    def test_tags_with_spaces_count_with_their_quotes(self):
        assert tags_length(["a b", "c"]) == len('"a b",c')

    def test_a_channel_of_videos_takes_videos_and_one_of_posts_does_not(self):
        line = Line(5)
        assert isinstance(connect("youtube", {"mode": "video", "channel": CHANNEL}, SECRETS, line), VideoPlatform)
        assert not isinstance(connect("youtube", {"mode": "api", "channel": CHANNEL}, SECRETS, line), VideoPlatform)


class TestSecrets:
    TOLD = (ID, ACCESS, *SECRETS.values())

    @pytest.mark.parametrize("told", TOLD)
    @pytest.mark.parametrize("act", ["arrived", "resume", "publish"])
    def test_what_youtube_repeats_goes_no_further(self, told, act):
        echo = Reply(403, {"error": {"message": f"Bad {told}"}})
        with answering(echo) as server, pytest.raises(PlatformError) as failure:
            self.does(channel(server), act, session(server))
        assert told not in self.shown(failure.value)

    @pytest.mark.parametrize("act", ["arrived", "resume", "publish"])
    @pytest.mark.parametrize("answer", [Drop(), Drop(reset=True), Reply(404, b""), Reply(200, b"<html>")])
    def test_a_sessions_address_is_in_no_message(self, act, answer):
        with answering(answer) as server:
            upload = session(server)
            try:
                self.does(channel(server), act, upload)
            except PlatformError as error:
                assert ID not in self.shown(error)
        assert ID not in repr(upload) and ID not in repr(Prepared(news(), upload=upload))

    def does(self, youtube, act, upload):
        if act == "arrived":
            return youtube.arrived(upload)
        return youtube.resume(news(), upload) if act == "resume" else youtube.publish(Prepared(news(), upload=upload))

    def shown(self, error: Exception) -> str:
        return f"{error!s} {error!r} {''.join(traceback.format_exception(error))}"
