"""The pretend uploads of videos, by Google's own client library and by bare requests."""

from __future__ import annotations

import io
import json
from importlib.resources import files

import pytest
import requests
from googleapiclient.http import MediaIoBaseUpload

from crosspost.sandbox import Sandbox, app, youtube_videos
from tests.sandbox import clients
from tests.sandbox.clients import CHANNEL

GRAIN = 256 * 1024
FILM = bytes(range(256)) * 1024 * 2 + b"the end"
SIZE = len(FILM)
TEXT = "https://site.example/1\n\nWater"
BODY = {
    "snippet": {
        "title": "Moon",
        "description": TEXT,
        "tags": ["Moon"],
        "categoryId": "25",
    },
    "status": {"privacyStatus": "unlisted", "selfDeclaredMadeForKids": False},
}


@pytest.fixture
def service(sandbox, address):
    return clients.youtube_service(sandbox, address)


@pytest.fixture
def session(sandbox, address):
    return clients.youtube(sandbox, address)


@pytest.fixture
def videos(address):
    return f"{address}/youtube/upload/youtube/v3/videos"


def begin(session, videos, body=BODY, size=SIZE):
    asked = {"part": "snippet,status", "uploadType": "resumable"}
    return session.post(videos, params=asked, json=body, headers={"X-Upload-Content-Length": str(size)})


def send(session, where, first, data, size=SIZE):
    return session.put(where, data=data, headers={"Content-Range": f"bytes {first}-{first + len(data) - 1}/{size}"})


def ask(session, where, size=SIZE):
    return session.put(where, headers={"Content-Range": f"bytes */{size}"}, allow_redirects=False)


def reason(answer):
    return answer.json()["error"]["errors"][0]["reason"]


def test_googles_client_library_uploads_a_film_in_pieces(service, videos, sandbox):
    media = MediaIoBaseUpload(io.BytesIO(FILM), "video/mp4", chunksize=GRAIN, resumable=True)
    request = service.videos().insert(part="snippet,status", body=BODY, media_body=media)
    request.uri = f"{videos}?{request.uri.partition('?')[2]}"  # the library knows uploads by TLS alone
    pieces, made = 0, None
    while made is None:
        _, made = request.next_chunk()
        pieces += 1
    [kept] = sandbox.posts("youtube")
    assert (pieces, kept.id, kept.title, kept.video) == (3, made["id"], "Moon", FILM)
    assert (kept.text, kept.link, kept.account) == (TEXT, "https://site.example/1", CHANNEL)
    assert made["status"]["privacyStatus"] == "unlisted"
    assert sandbox.problems == []


def test_the_uploads_are_listed_newest_first_and_can_be_deleted(service, session, videos, sandbox):
    for number in (1, 2, 3):
        body = {**BODY, "snippet": {**BODY["snippet"], "title": f"Video {number}"}}
        send(session, begin(session, videos, body, 5).headers["Location"], 0, b"film\n", 5)
    mine = service.channels().list(part="contentDetails", mine=True).execute()
    playlist = mine["items"][0]["contentDetails"]["relatedPlaylists"]["uploads"]
    listed = service.playlistItems().list(part="snippet", playlistId=playlist, maxResults=2).execute()
    assert [item["snippet"]["title"] for item in listed["items"]] == ["Video 3", "Video 2"]
    rest = (
        service.playlistItems().list(part="snippet", playlistId=playlist, pageToken=listed["nextPageToken"]).execute()
    )
    assert [item["snippet"]["title"] for item in rest["items"]] == ["Video 1"]
    id = rest["items"][0]["snippet"]["resourceId"]["videoId"]
    assert service.videos().list(part="snippet", id=id).execute()["items"][0]["id"] == id
    service.videos().delete(id=id).execute()
    assert service.videos().list(part="snippet", id=id).execute()["items"] == []
    assert sandbox.problems == []


def test_a_video_is_no_post_and_a_post_no_video(session, videos, address):
    send(session, begin(session, videos, size=5).headers["Location"], 0, b"film\n", 5)
    posts = session.get(f"{address}/youtube/youtube/v3/posts", params={"part": "snippet", "mine": "true"}).json()
    assert posts["items"] == []


def test_a_session_tells_how_far_it_is_and_takes_up_there(session, videos, sandbox):
    where = begin(session, videos).headers["Location"]
    assert (ask(session, where).status_code, ask(session, where).headers.get("Range")) == (308, None)
    send(session, where, 0, FILM[:GRAIN])
    assert ask(session, where).headers["Range"] == f"bytes=0-{GRAIN - 1}"
    assert send(session, where, 2 * GRAIN, FILM[2 * GRAIN :]).headers["Range"] == f"bytes=0-{GRAIN - 1}"  # a hole
    assert sandbox.posts("youtube") == []
    made = send(session, where, GRAIN, FILM[GRAIN:])
    assert made.status_code == 200
    assert ask(session, where).json() == made.json()
    assert len(sandbox.posts("youtube")) == 1


def test_a_piece_has_its_size(session, videos):
    where = begin(session, videos).headers["Location"]
    assert send(session, where, 0, FILM[:100]).status_code == 400
    assert send(session, where, 0, FILM[:GRAIN], size=7).status_code == 400


def test_faults_meet_what_they_are_for(session, videos, sandbox):
    where = begin(session, videos).headers["Location"]
    sandbox.fail("youtube", "500-before", on="upload")
    assert send(session, where, 0, FILM[:GRAIN]).status_code == 500
    sandbox.fail("youtube", "reset-after", on="upload")
    with pytest.raises(requests.ConnectionError):
        send(session, where, 0, FILM[:GRAIN])
    assert ask(session, where).headers["Range"] == f"bytes=0-{GRAIN - 1}"
    sandbox.fail("youtube", "500-before")
    assert send(session, where, GRAIN, FILM[GRAIN:]).status_code == 500
    assert sandbox.posts("youtube") == []
    sandbox.fail("youtube", "session-gone")
    assert [ask(session, where).status_code for _ in range(2)] == [404, 404]
    assert send(session, where, GRAIN, FILM[GRAIN:]).status_code == 404


def changed(**snippet):
    return {**BODY, "snippet": {**BODY["snippet"], **snippet}}


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (changed(title=""), "invalidTitle"),
        (changed(title="ж" * 101), "invalidTitle"),
        (changed(title="a < b"), "invalidTitle"),
        (changed(description="ж" * 2501), "invalidDescription"),
        (changed(description="a > b"), "invalidDescription"),
        (changed(tags=["t" * 251, "u" * 250]), "invalidTags"),
        (changed(tags=["t " * 124, "u " * 125]), "invalidTags"),
        (changed(categoryId="News"), "invalidCategoryId"),
    ],
)
def test_what_youtube_does_not_take_is_refused_at_the_beginning(session, videos, body, why):
    assert reason(begin(session, videos, body)) == why


def test_a_strict_reader_misses_who_may_see_it(session, videos, sandbox):
    begin(session, videos, {**BODY, "status": {}})
    assert "who may see" in sandbox.problems[0]


def test_the_longest_of_all_are_taken(session, videos):
    longest = changed(title="ж" * 100, description="ж" * 2500, tags=["t" * 250, "u" * 249])
    assert begin(session, videos, longest).status_code == 200


def test_an_upload_and_its_video_survive_a_restart(stage, clock, tmp_path):
    first = Sandbox(tmp_path / "sandbox.db", clock=clock)
    stage.app = app(first)
    session, videos = clients.youtube(first, stage.address), f"{stage.address}/youtube/upload/youtube/v3/videos"
    where = begin(session, videos).headers["Location"]
    send(session, where, 0, FILM[:GRAIN])
    first.close()
    second = Sandbox(tmp_path / "sandbox.db", clock=clock)
    stage.app = app(second)
    assert ask(session, where).headers["Range"] == f"bytes=0-{GRAIN - 1}"
    send(session, where, GRAIN, FILM[GRAIN:])
    assert second.posts("youtube")[0].video == FILM
    second.close()


def test_the_page_plays_the_film(session, videos, address):
    send(session, begin(session, videos, size=5).headers["Location"], 0, b"film\n", 5)
    html = requests.get(address, timeout=5).text
    film = html.partition('<video class="film" src="')[2].partition('"')[0]
    assert '<p class="film-title">Moon</p>' in html
    whole = requests.get(address + film, timeout=5)
    assert (whole.content, whole.headers["Content-Type"], whole.headers["Accept-Ranges"]) == (
        b"film\n",
        "video/mp4",
        "bytes",
    )
    part = requests.get(address + film, headers={"Range": "bytes=1-2"}, timeout=5)
    assert (part.status_code, part.content, part.headers["Content-Range"]) == (206, b"il", "bytes 1-2/5")
    rest = requests.get(address + film, headers={"Range": "bytes=3-"}, timeout=5)
    assert (rest.status_code, rest.content) == (206, b"m\n")
    [told] = requests.get(f"{address}/posts.json", timeout=5).json()
    assert (told["title"], told["pictures"]) == ("Moon", 0)


@pytest.mark.parametrize(
    ("ours", "resource", "method"),
    [
        (youtube_videos.INSERT_PARAMETERS - {"uploadType"}, "videos", "insert"),
        (youtube_videos.ITEM_PARAMETERS, "playlistItems", "list"),
    ],
)
def test_the_parameters_are_those_of_the_discovery_document(ours, resource, method):
    documents = files("googleapiclient") / "discovery_cache" / "documents" / "youtube.v3.json"
    discovery = json.loads(documents.read_text())
    assert discovery["resources"][resource]["methods"][method]["parameters"].keys() == ours
