from __future__ import annotations

import io

import pytest
import requests
import vk_api

from tests.sandbox import clients
from tests.sandbox.clients import picture, vk_photo


@pytest.fixture
def user(sandbox, address):
    return clients.vk(sandbox, address)


@pytest.fixture
def community(sandbox, address):
    return clients.vk(sandbox, address, "community")


def post(client, message="Привет", **more):
    return client.method("wall.post", {"owner_id": -777, "from_group": 1, "message": message, **more})["post_id"]


def test_a_community_posts_text_and_a_link(community, sandbox, clock):
    id = post(community, attachments="https://site.example/ru/1")
    [record] = sandbox.posts("vk")
    assert (record.id, record.account, record.at) == (str(id), "777", clock())
    assert (record.text, record.link) == ("Привет", "https://site.example/ru/1")


def test_the_wall_is_read_newest_first(user, sandbox):
    for number in range(5):
        post(user, f"Запись {number}", attachments=f"https://site.example/{number}")
    wall = user.method("wall.get", {"owner_id": -777, "count": 2, "offset": 1})
    assert wall["count"] == 5
    assert [item["text"] for item in wall["items"]] == ["Запись 3", "Запись 2"]
    assert wall["items"][0]["attachments"][0]["link"]["url"] == "https://site.example/3"
    assert sandbox.problems == []


def test_a_picture_goes_by_the_upload_server(user, sandbox):
    photo = vk_photo(user)
    post(user, attachments=f"photo{photo['owner_id']}_{photo['id']},https://site.example/ru/1")
    [record] = sandbox.posts("vk")
    assert record.pictures == (picture(),)
    [shown, link] = user.method("wall.getById", {"posts": "-777_1"})["items"][0]["attachments"]
    assert (shown["photo"]["id"], link["type"]) == (photo["id"], "link")


def test_what_is_no_picture_is_not_saved(user):
    server = user.method("photos.getWallUploadServer", {"group_id": 777})
    given = requests.post(server["upload_url"], files={"photo": ("a.png", b"text")}, timeout=5).json()
    assert given["photo"] == "[]"
    with pytest.raises(vk_api.ApiError, match=r"\[100\]"):
        user.method("photos.saveWallPhoto", {"group_id": 777, **given})


def test_a_guid_is_good_for_an_hour(community, sandbox, clock):
    first = post(community, guid="a")
    clock.move(minutes=59)
    assert post(community, "Другой текст", guid="a") == first
    assert post(community, guid="b") != first
    clock.move(minutes=2)
    assert post(community, guid="a") not in (first, first + 1)
    assert len(sandbox.posts("vk")) == 3


@pytest.mark.parametrize(
    ("kind", "method", "code"),
    [
        ("community", "wall.get", 27),
        ("community", "wall.delete", 27),
        ("community", "photos.getWallUploadServer", 27),
        ("service", "wall.post", 28),
        ("service", "photos.getWallUploadServer", 28),
        ("user", "groups.getTokenPermissions", 15),
    ],
)
def test_a_token_opens_only_what_its_kind_may(sandbox, address, kind, method, code):
    with pytest.raises(vk_api.ApiError) as refusal:
        clients.vk(sandbox, address, kind).method(method, {"owner_id": -777})
    assert refusal.value.code == code


def test_a_service_token_reads_the_wall(sandbox, address, community):
    post(community)
    reader = clients.vk(sandbox, address, "service")
    assert reader.method("wall.get", {"owner_id": -777})["count"] == 1


@pytest.mark.parametrize(
    ("asked", "code", "words"),
    [
        ({"v": "5.199"}, 5, "no access_token passed"),
        ({"v": "5.199", "access_token": "wrong"}, 5, "invalid access_token"),
        ({}, 8, "v (version) is required"),
    ],
)
def test_a_call_needs_a_token_and_a_version(sandbox, address, asked, code, words):
    answer = requests.post(f"{address}/vk/method/wall.get", data=asked, timeout=5)
    assert answer.status_code == 200
    error = answer.json()["error"]
    assert error["error_code"] == code
    assert words in error["error_msg"]
    assert "wrong" not in str(error["request_params"])


def test_an_unknown_method_is_error_3(user):
    with pytest.raises(vk_api.ApiError, match=r"\[3\]"):
        user.method("wall.write")


def test_an_unknown_parameter_is_ignored_but_noted(community, sandbox):
    post(community, mesage="typo")
    assert sandbox.problems == ["vk: wall.post has no parameter mesage"]


@pytest.mark.parametrize(
    "attachments",
    [
        "https://site.example/1,https://site.example/2",
        "photo-777_999",
        "not-an-attachment",
        ",".join(["https://site.example/1"] + ["photo-777_1"] * 10),
    ],
)
def test_attachments_have_rules(community, sandbox, attachments):
    with pytest.raises(vk_api.ApiError, match=r"\[100\]"):
        post(community, attachments=attachments)
    assert sandbox.posts("vk") == []


def test_an_empty_post_is_refused(community):
    with pytest.raises(vk_api.ApiError, match=r"\[100\]"):
        post(community, message="")


def test_another_community_s_wall_is_closed(community):
    with pytest.raises(vk_api.ApiError, match=r"\[214\]"):
        community.method("wall.post", {"owner_id": -778, "message": "Привет"})


def test_a_deleted_post_is_gone(user, sandbox):
    id = post(user)
    assert user.method("wall.delete", {"owner_id": -777, "post_id": id}) == 1
    assert user.method("wall.get", {"owner_id": -777})["items"] == []
    assert sandbox.posts("vk")[0].deleted
    with pytest.raises(vk_api.ApiError, match=r"\[100\]"):
        user.method("wall.delete", {"owner_id": -777, "post_id": id})


def test_who_am_i(user, community):
    told = user.method("groups.getById", {"group_id": 777, "fields": "can_post"})
    assert (told["groups"][0]["id"], told["groups"][0]["can_post"], told["profiles"]) == (777, 1, [])
    assert user.method("users.get")[0]["first_name"] == "Sandbox"
    assert community.method("users.get") == []
    permissions = community.method("groups.getTokenPermissions")["permissions"]
    assert "wall" in [permission["name"] for permission in permissions]


def test_a_picture_of_another_community_cannot_be_attached(sandbox, address, user):
    photo = vk_photo(clients.vk(sandbox, address, "user", "778"), community=778)
    with pytest.raises(vk_api.ApiError, match=r"\[100\]"):
        post(user, attachments=f"photo-778_{photo['id']}")


def test_the_upload_takes_the_field_of_vk_s_documents_too(user):
    server = user.method("photos.getWallUploadServer", {"group_id": 777})
    files = {"photo": ("a.png", io.BytesIO(picture()), "image/png")}
    given = requests.post(server["upload_url"], files=files, timeout=5).json()
    assert set(given) == {"server", "photo", "hash"}
    assert user.method("photos.saveWallPhoto", {"group_id": 777, **given})[0]["owner_id"] == -777
