from __future__ import annotations

import io
import json

import facebook
import pytest
import requests

from crosspost.sandbox.secrets import FACEBOOK_APP, user_token
from tests.sandbox import clients
from tests.sandbox.clients import picture


@pytest.fixture
def graph(sandbox, address):
    return clients.graph(sandbox, address)


def photo(graph, **more):
    return graph.put_photo(io.BytesIO(picture()), album_path="1010/photos", **more)


def test_a_link_post_is_kept_and_listed(graph, sandbox):
    id = graph.put_object("1010", "feed", message="Hello", link="https://site.example/1")["id"]
    [post] = sandbox.posts("facebook")
    assert (post.id, post.account, post.text, post.link) == (id, "1010", "Hello", "https://site.example/1")
    fields = "id,created_time,message,permalink_url,attachments{unshimmed_url,title}"
    [shown] = graph.get_connections("1010", "published_posts", fields=fields)["data"]
    assert (shown["id"], shown["message"], shown["created_time"]) == (id, "Hello", "2026-11-24T09:00:00+0000")
    assert shown["attachments"]["data"][0]["unshimmed_url"] == "https://site.example/1"
    assert sandbox.problems == []


@pytest.mark.parametrize("listed", [True, False])
def test_pictures_are_attached_as_a_list_or_one_by_one(graph, sandbox, listed):
    ids = [photo(graph, published="false", alt_text_custom=f"Field {number}")["id"] for number in (1, 2)]
    media = [json.dumps({"media_fbid": id}) for id in ids]
    indexed = {f"attached_media[{place}]": one for place, one in enumerate(media)}
    given = {"attached_media": f"[{','.join(media)}]"} if listed else indexed
    graph.put_object("1010", "feed", message="Look", **given)
    [post] = sandbox.posts("facebook")
    assert (len(post.pictures), post.alt) == (2, ("Field 1", "Field 2"))


def test_a_published_photo_is_a_post_an_unpublished_one_is_not(graph, sandbox):
    assert set(photo(graph, published="false")) == {"id"}
    assert sandbox.posts("facebook") == []
    answer = photo(graph, message="Look")
    assert answer["post_id"] == sandbox.posts("facebook")[0].id


def test_an_unpublished_post_is_not_listed(graph):
    graph.put_object("1010", "feed", message="Secret", published="false")
    assert graph.get_connections("1010", "published_posts")["data"] == []


def test_pages_follow_the_cursor(graph):
    for number in range(5):
        graph.put_object("1010", "feed", message=f"Post {number}")
    shown = graph.get_all_connections("1010", "published_posts", limit=2, fields="message")
    assert [post["message"] for post in shown] == [f"Post {number}" for number in range(4, -1, -1)]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, 100),
        ({"message": "x", "link": "site.example"}, 100),
        ({"message": "x" * 63_207}, 100),
        ({"message": "x", "attached_media": "[{'media_fbid': 1}]"}, 100),
        ({"message": "x", "attached_media": '[{"media_fbid": "1"}]'}, 100),
    ],
)
def test_a_bad_post_is_error_100(graph, sandbox, given, code):
    with pytest.raises(facebook.GraphAPIError) as refusal:
        graph.put_object("1010", "feed", **given)
    assert refusal.value.code == code
    assert sandbox.posts("facebook") == []


def test_what_is_no_picture_is_refused(graph):
    with pytest.raises(facebook.GraphAPIError, match="324"):
        graph.put_photo(io.BytesIO(b"text"), album_path="1010/photos")


def test_a_user_token_may_not_post_on_the_page(sandbox, address):
    graph = clients.graph(sandbox, address, token=user_token("1010"))
    with pytest.raises(facebook.GraphAPIError) as refusal:
        graph.put_object("1010", "feed", message="Hello")
    assert refusal.value.code == 200
    assert graph.get_object("me")["name"] == "Sandbox User"


def test_another_page_s_token_is_refused(sandbox, address):
    with pytest.raises(facebook.GraphAPIError, match="200"):
        clients.graph(sandbox, address, page="1011").put_object("1010", "feed", message="Hello")


def test_a_wrong_token_is_error_190_with_its_status(address):
    answer = requests.get(f"{address}/facebook/v25.0/me", params={"access_token": "wrong"}, timeout=5)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["type"]) == (400, 190, "OAuthException")
    assert set(error) == {"message", "type", "code", "fbtrace_id"}


def test_me_is_the_page(graph):
    assert graph.get_object("me") == {"id": "1010", "name": "Sandbox Page 1010"}


@pytest.mark.parametrize(("kind", "told"), [("page", "PAGE"), ("user", "USER")])
def test_debug_token_tells_the_kind(sandbox, graph, kind, told):
    token = user_token("1010") if kind == "user" else graph.access_token
    data = graph.debug_access_token(token, *FACEBOOK_APP.values())["data"]
    assert (data["type"], data["is_valid"], data["expires_at"]) == (told, True, 0)
    assert ("profile_id" in data) == (kind == "page")


def test_a_post_is_deleted_once(graph, sandbox):
    id = graph.put_object("1010", "feed", message="Hello")["id"]
    assert graph.delete_object(id) == {"success": True}
    assert sandbox.posts("facebook")[0].deleted
    with pytest.raises(facebook.GraphAPIError) as refusal:
        graph.delete_object(id)
    assert (refusal.value.code, refusal.value.result["error"]["error_subcode"]) == (100, 33)


@pytest.mark.parametrize("version", ["v3.1", "v21.0", "v99.9"])
def test_any_version_is_answered_by_its_name(graph, version):
    graph.version = version
    assert f"v{graph.get_version()}" == version


@pytest.mark.parametrize(("field", "code"), [("link", 12), ("titel", 100)])
def test_fields_must_exist(graph, field, code):
    graph.put_object("1010", "feed", message="Hello")
    with pytest.raises(facebook.GraphAPIError, match=f"#{code}"):
        graph.get_connections("1010", "published_posts", fields=f"id,{field}")


def test_an_unknown_parameter_is_ignored_but_noted(graph, sandbox):
    graph.put_object("1010", "feed", message="Hello", mesage="typo")
    assert sandbox.problems == ["facebook: feed has no parameter mesage"]
