from __future__ import annotations

import pytest
from google.auth.exceptions import RefreshError

from tests.sandbox import clients
from tests.sandbox.clients import CHANNEL, picture


@pytest.fixture
def session(sandbox, address):
    return clients.youtube(sandbox, address)


@pytest.fixture
def posts(address):
    return f"{address}/youtube/youtube/v3/posts"


@pytest.fixture
def images(address):
    return f"{address}/youtube/upload/youtube/v3/posts/image"


def resource(text, *tokens, channel=CHANNEL):
    body = {"snippet": {"channelId": channel, "textDisplay": text}}
    images = [{"uploadToken": token} for token in tokens]
    return body | ({"attachments": {"imageAttachments": images}} if images else {})


def insert(session, posts, text, *tokens, **more):
    return session.post(posts, params={"part": "snippet"}, json=resource(text, *tokens, **more))


def reason(answer):
    return answer.json()["error"]["errors"][0]["reason"]


def test_a_post_is_kept_and_listed(session, posts, sandbox):
    made = insert(session, posts, "Hello https://site.example/1").json()
    [post] = sandbox.posts("youtube")
    assert (post.id, post.account, post.link) == (made["id"], CHANNEL, "https://site.example/1")
    listed = session.get(posts, params={"part": "snippet", "channelId": CHANNEL}).json()
    [item] = listed["items"]
    assert item["snippet"] == {
        "channelId": CHANNEL,
        "textDisplay": "Hello https://site.example/1",
        "publishTime": "2026-11-24T09:00:00Z",
    }
    assert sandbox.problems == []


def test_pages_follow_the_token(session, posts):
    for number in range(5):
        insert(session, posts, f"Post {number}")
    asked = {"part": "snippet", "channelId": CHANNEL, "maxResults": 3}
    first = session.get(posts, params=asked).json()
    second = session.get(posts, params=asked | {"pageToken": first["nextPageToken"]}).json()
    texts = [item["snippet"]["textDisplay"] for item in first["items"] + second["items"]]
    assert texts == [f"Post {number}" for number in range(4, -1, -1)]
    assert "nextPageToken" not in second


def test_pictures_are_uploaded_first(session, posts, images, sandbox):
    answer = session.post(images, params={"uploadType": "media"}, data=picture(), headers={"Content-Type": "image/png"})
    assert insert(session, posts, "Look", answer.json()["uploadToken"]).ok
    assert sandbox.posts("youtube")[0].pictures == (picture(),)


@pytest.mark.parametrize(("data", "why"), [(b"text", "invalidImage"), (picture(600, 10), "invalidImageAspectRatio")])
def test_a_picture_has_rules(session, images, data, why):
    assert reason(session.post(images, data=data)) == why


@pytest.mark.parametrize(
    ("body", "status", "why"),
    [
        (resource("x", channel="UC1111111111111111111111"), 403, "forbidden"),
        (resource(""), 400, "required"),
        (resource("x" * 1501), 400, "invalidValue"),
        (resource("x", "no-such-token"), 400, "invalidValue"),
    ],
)
def test_a_bad_post_is_refused_with_a_reason(session, posts, sandbox, body, status, why):
    answer = session.post(posts, params={"part": "snippet"}, json=body)
    assert (answer.status_code, reason(answer)) == (status, why)
    assert sandbox.posts("youtube") == []


def test_a_post_is_deleted_once(session, posts, sandbox):
    id = insert(session, posts, "Hello").json()["id"]
    assert session.delete(posts, params={"id": id}).status_code == 204
    assert sandbox.posts("youtube")[0].deleted
    assert reason(session.delete(posts, params={"id": id})) == "postNotFound"


def test_google_s_client_library_finds_the_channel(sandbox, address):
    service = clients.youtube_service(sandbox, address)
    mine = service.channels().list(part="snippet,contentDetails", mine=True).execute()
    assert [item["id"] for item in mine["items"]] == [CHANNEL]
    assert mine["items"][0]["contentDetails"]["relatedPlaylists"]["uploads"].startswith("UU")


def test_an_access_token_lives_an_hour_and_is_fetched_anew(session, posts, sandbox, clock):
    insert(session, posts, "One")
    clock.move(hours=2)
    assert insert(session, posts, "Two").ok
    assert sandbox.requests("youtube") == [
        ("POST", "/token"),
        ("POST", "/youtube/v3/posts"),
        ("POST", "/youtube/v3/posts"),  # answered 401
        ("POST", "/token"),
        ("POST", "/youtube/v3/posts"),
    ]
    assert len(sandbox.posts("youtube")) == 2


@pytest.mark.parametrize(
    ("changed", "error"),
    [({"refresh_token": "1//wrong"}, "invalid_grant"), ({"client_secret": "wrong"}, "invalid_client")],
)
def test_the_sign_in_must_be_right(sandbox, address, posts, changed, error):
    with pytest.raises(RefreshError, match=error):
        clients.youtube(sandbox, address, **changed).get(posts)


def test_an_unknown_parameter_is_noted(session, posts, sandbox):
    session.get(posts, params={"part": "snippet", "channelID": CHANNEL, "mine": "true"})
    assert sandbox.problems == ["youtube: posts.list has no parameter channelID"]
