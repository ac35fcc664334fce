"""VK: what is sent, judged by VK's own schema, which token does what, and what every answer means."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
import structlog.testing
from hypothesis import given
from hypothesis import strategies as st

from crosspost.errors import Blocked, Refused, Throttled, Unreachable, Unreadable, Unsure
from crosspost.platforms import find, vk, vk_errors
from crosspost.platforms.line import Line, NoSuchRoute
from crosspost.platforms.vk import Vk
from crosspost.post import Image, Post, Prepared, Receipt
from crosspost.text import links
from tests.platforms.scripted import Drop, Reply, Scripted, Seen, scripted
from tests.reference import reference

COMMUNITY = {"community_token": "vk1.a.community-token"}
USER = {"user_token": "vk1.a.user-token"}
SERVICE = {"service_token": "service-token-0123"}
PICTURE = Image(b"\xff\xd8picture", "image/jpeg", 40, 30, alt="A rocket")
POST = Post("Вода на Луне", "https://site.example/1", images=(PICTURE,), key="guid-1")
RECEIPT = Receipt("12", "https://vk.com/wall-777_12")
SINCE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
UPLOADED = {"server": 7, "photo": '[{"photo":"x"}]', "hash": "abc"}
SAVED = [{"id": 42, "owner_id": 5, "access_key": "key"}]


def wall(server: Scripted, **tokens: str) -> Vk:
    return Vk(community=777, secrets=tokens, line=Line(2, endpoint=server.address))


def said(response: Any) -> Reply:
    return Reply(200, {"response": response})


def error(code: int, message: str = "Words of VK", **more: Any) -> Reply:
    return Reply(200, {"error": {"error_code": code, "error_msg": message} | more})


def method_of(request: Seen) -> str:
    return request.path.rpartition("/")[2]


def answers(request: Seen, **instead: Reply | Drop) -> Reply | Drop:
    """VK when all is well, but for the methods in `instead` ("wall_post")."""
    usual = {
        "wall.post": said({"post_id": 12}),
        "wall.get": said({"count": 0, "items": []}),
        "wall.delete": said(1),
        "photos.getWallUploadServer": said({"upload_url": f"http://{request.headers['host']}/upload?hash=1"}),
        "photos.saveWallPhoto": said(SAVED),
        "groups.getById": said({"groups": [{"id": 777, "name": "Луна", "screen_name": "luna", "can_post": 1}]}),
        "groups.getTokenPermissions": said({"mask": 8192, "permissions": [{"name": "wall", "setting": 8192}]}),
        "upload": Reply(200, UPLOADED),
    }
    method = method_of(request)
    return instead.get(method.replace(".", "_"), usual[method])


def vk_that(**instead: Reply | Drop) -> Any:
    return scripted(lambda request: answers(request, **instead))


def sent(server: Scripted, method: str) -> list[dict[str, Any]]:
    return [request.form for request in server.seen if method_of(request) == method]


class TestWhatIsSent:
    def test_a_post_is_one_request_with_its_link_attached(self):
        with vk_that() as server:
            assert wall(server, **COMMUNITY).publish(Prepared(POST)) == RECEIPT
        assert sent(server, "wall.post") == [
            {
                "owner_id": "-777",
                "from_group": "1",
                "message": "Вода на Луне",
                "attachments": "https://site.example/1",
                "guid": "guid-1",
                "v": "5.199",
                "access_token": COMMUNITY["community_token"],
            }
        ]
        assert len(server.seen) == 1

    @pytest.mark.parametrize(
        ("media", "link", "attachments"),
        [
            (("photo5_1", "photo5_2"), "https://site.example/1", "photo5_1,photo5_2,https://site.example/1"),
            (("photo5_1",), "", "photo5_1"),
            ((), "https://site.example/a,b?c=1,2", "https://site.example/a%2Cb?c=1%2C2"),
            (tuple(f"p{n}" for n in range(12)), "https://s.example", "p0,p1,p2,p3,p4,p5,p6,p7,p8,https://s.example"),
        ],
        ids=["photos come first", "photos alone", "a link has no commas", "ten at most"],
    )
    def test_attachments(self, media, link, attachments):
        with vk_that() as server:
            wall(server, **USER).publish(Prepared(Post("text", link), media))
        assert sent(server, "wall.post")[0]["attachments"] == attachments

    @given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
    def test_a_link_attached_without_commas_is_still_the_same_link(self, tail):
        link = f"https://site.example/{tail}"
        (attached,) = vk.attachments(Prepared(Post("text", link)))
        assert "," not in attached
        assert links.canonical(attached) == links.canonical(link)

    def test_a_text_alone_attaches_nothing(self):
        with vk_that() as server:
            wall(server, **USER).publish(Prepared(Post("text", "")))
        assert "attachments" not in sent(server, "wall.post")[0]

    def test_a_picture_is_uploaded_as_the_documents_say(self):
        with vk_that() as server:
            assert wall(server, **USER).prepare(POST).media == ("photo5_42_key",)
        assert [method_of(request) for request in server.seen] == [
            "photos.getWallUploadServer",
            "upload",
            "photos.saveWallPhoto",
        ]
        assert sent(server, "upload") == [{"photo": ("picture.jpg", "image/jpeg", PICTURE.data)}]
        saved = sent(server, "photos.saveWallPhoto")[0]
        assert (saved["server"], saved["photo"], saved["hash"]) == ("7", UPLOADED["photo"], "abc")
        assert (saved["group_id"], saved["caption"]) == ("777", "A rocket")

    def test_an_upload_server_elsewhere_is_not_spoken_to(self):
        elsewhere = said({"upload_url": "https://pu.elsewhere.example/upload"})
        with vk_that(photos_getWallUploadServer=elsewhere) as server, pytest.raises(NoSuchRoute):
            wall(server, **USER).prepare(POST)
        assert len(server.seen) == 1

    def test_vk_knows_every_method_and_parameter(self):
        with vk_that() as server:
            for tokens in (COMMUNITY | USER | SERVICE, USER):
                platform = wall(server, **tokens)
                receipt = platform.publish(platform.prepare(POST))
                list(platform.shown(SINCE))
                platform.verify()
                platform.withdraw(receipt)
        methods = schema_methods()
        assert {method_of(request) for request in server.seen} - {"upload"} <= methods.keys()
        for request in server.seen:
            if (method := method_of(request)) != "upload":
                assert request.form.keys() - {"v", "access_token"} <= methods[method], method


@cache
def schema_methods() -> dict[str, set[str]]:
    files = [reference(f"specs/vk/{section}/methods.json") for section in ("wall", "photos", "groups")]
    methods = [method for file in files for method in json.loads(file.read_text())["methods"]]
    known = {method["name"]: {one["name"] for one in method.get("parameters", ())} for method in methods}
    # The schema gives wall.get's owner_id the name of its neighbour, domain.
    return known | {"wall.get": known["wall.get"] | {"owner_id"}}


class TestTokens:
    @pytest.mark.parametrize(
        ("tokens", "media", "speaks"),
        [
            (COMMUNITY | USER, (), COMMUNITY),
            (COMMUNITY | USER, ("photo5_1",), USER),
            (COMMUNITY | SERVICE, (), COMMUNITY),
            (COMMUNITY, ("photo5_1",), COMMUNITY),
            (USER, (), USER),
        ],
    )
    def test_who_posts(self, tokens, media, speaks):
        with vk_that() as server:
            wall(server, **tokens).publish(Prepared(POST, media))
        assert [form["access_token"] for form in sent(server, "wall.post")] == list(speaks.values())

    @pytest.mark.parametrize("tokens", [{}, SERVICE, {"community_token": ""}])
    def test_without_a_token_that_posts_there_is_no_channel(self, tokens):
        with pytest.raises(Blocked, match="needs a community_token or a user_token"):
            Vk(community=777, secrets=tokens, line=Line(2))

    def test_without_a_user_token_the_links_card_has_to_do(self):
        with vk_that() as server:
            assert wall(server, **COMMUNITY).prepare(POST) == Prepared(POST)
        assert server.seen == []

    @pytest.mark.parametrize("code", [7, 15, 27, 1051])
    def test_a_user_token_of_the_wrong_kind_falls_back_to_the_card_and_says_so(self, code):
        with vk_that(photos_getWallUploadServer=error(code)) as server, structlog.testing.capture_logs() as logs:
            assert wall(server, **COMMUNITY, **USER).prepare(POST) == Prepared(POST)
        assert [entry["event"] for entry in logs] == ["vk.pictures_left_out"]
        assert f"error {code}" in logs[0]["reason"]

    @pytest.mark.parametrize(
        ("tokens", "reads"), [(USER | SERVICE, USER), (COMMUNITY | SERVICE, SERVICE), (COMMUNITY | USER, USER)]
    )
    def test_who_reads(self, tokens, reads):
        with vk_that() as server:
            list(wall(server, **(COMMUNITY | tokens)).shown(SINCE))
        assert [form["access_token"] for form in sent(server, "wall.get")] == list(reads.values())

    def test_a_service_token_reads_when_the_user_token_does_not(self):
        def script(request: Seen) -> Any:
            return error(5) if request.form.get("access_token") == USER["user_token"] else answers(request)

        with scripted(script) as server:
            assert list(wall(server, **USER, **SERVICE).shown(SINCE)) == []

    def test_a_community_token_alone_cannot_read(self):
        with vk_that() as server, pytest.raises(Unreadable, match="add a user_token or a service_token"):
            list(wall(server, **COMMUNITY).shown(SINCE))
        assert server.seen == []


MEANINGS = [
    (error(1), Unsure),
    (error(5), Blocked),
    (error(6), Throttled),
    (error(7), Blocked),
    (error(9), Throttled),
    (error(10), Unsure),
    (error(13), Unsure),
    (error(14, captcha_sid="1", captcha_img="https://vk.example/captcha.php"), Blocked),
    (error(14, redirect_uri="https://vk.example/not_robot"), Blocked),
    (error(15), Blocked),
    (error(17, redirect_uri="https://vk.example/"), Blocked),
    (error(27), Blocked),
    (error(29), Throttled),
    (error(43), Unreachable),
    (error(100), Refused),
    (error(214, "Access to adding post denied: you can only add 50 posts a day"), Throttled),
    (error(214, "Access to adding post denied"), Blocked),
    (error(219), Refused),
    (error(222), Refused),
    (error(224), Refused),
    (error(1051), Blocked),
    (error(999_999), Unsure),
    (Reply(200, {"error": {"error_msg": "no code"}}), Unsure),
    (Reply(200, {"error": "words"}), Unsure),
    (said({}), Unsure),
    (said({"post_id": 0}), Unsure),
    (said({"post_id": "undefined"}), Unsure),
    (said(None), Unsure),
    (Reply(200, []), Unsure),
    (Reply(200, {}), Unsure),
    (Reply(200, b"<html>"), Unsure),
    (Reply(302, b"", {"Location": "https://elsewhere.example/"}), Unsure),
    (Reply(414, b"<html>"), Refused),
    (Reply(429, b"<html>"), Throttled),
    (Reply(500, b"<html>"), Unsure),
    (Reply(503, {"response": {"post_id": 12}}), Unsure),
    (Drop(), Unsure),
    (Drop(reset=True), Unsure),
]


def described(value: Any) -> str | None:
    return f"{value.status} {value.body}"[:70] if isinstance(value, Reply) else None


class TestWhatAnAnswerMeans:
    @pytest.mark.parametrize(("reply", "meaning"), MEANINGS, ids=described)
    def test_for_a_post_which_is_never_sent_twice(self, reply, meaning):
        with vk_that(wall_post=reply) as server, pytest.raises(meaning):
            wall(server, **COMMUNITY).publish(Prepared(POST))
        assert len(server.seen) == 1

    @pytest.mark.parametrize("step", ["photos_getWallUploadServer", "photos_saveWallPhoto"])
    @pytest.mark.parametrize(
        ("reply", "meaning"),
        [
            (error(5), Blocked),
            (error(9), Throttled),
            (error(10), Unreachable),
            (error(22), Unreachable),
            (error(129), Refused),
            (said({}), Unreachable),
            (Reply(500, b"<html>"), Unreachable),
            (Drop(), Unreachable),
        ],
        ids=described,
    )
    def test_an_upload_leaves_no_doubt(self, step, reply, meaning):
        with vk_that(**{step: reply}) as server, pytest.raises(meaning):
            wall(server, **USER).prepare(POST)

    @pytest.mark.parametrize(
        ("reply", "meaning"),
        [
            (Reply(200, {"server": 1, "photo": "[]", "hash": "h"}), Refused),
            (Reply(200, {"error": "ERR_UPLOAD_BAD_IMAGE_SIZE"}), Refused),
            (Reply(200, b"<html>"), Unreachable),
            (Reply(502, b"<html>"), Unreachable),
            (Reply(200, []), Unreachable),
            (Drop(), Unreachable),
        ],
        ids=described,
    )
    def test_the_upload_server_has_ways_of_its_own(self, reply, meaning):
        with vk_that(upload=reply) as server, pytest.raises(meaning):
            wall(server, **USER).prepare(POST)

    def test_error_6_wants_a_second_and_the_library_does_not_wait_for_it(self):
        with vk_that(wall_post=error(6)) as server, pytest.raises(Throttled) as caught:
            wall(server, **COMMUNITY).publish(Prepared(POST))
        assert caught.value.wait == 1.0

    def test_vk_is_quoted_with_code_and_token_slot_but_without_the_token(self):
        reply = error(5, f"invalid access_token {COMMUNITY['community_token']}.")
        with vk_that(wall_post=reply) as server, pytest.raises(Blocked) as caught:
            wall(server, **COMMUNITY).publish(Prepared(POST))
        expected = "VK answers the community_token with error 5 (invalid access_token ***): make a new one"
        assert str(caught.value).startswith(expected)
        assert caught.value.__cause__ is None

    def test_the_table_names_only_codes_that_vk_documents(self):
        documented = json.loads(reference("specs/vk/errors.json").read_text())["errors"].values()
        assert vk_errors._MEANINGS.keys() - {one["code"] for one in documented} == {1051}


def item(id: int, at: datetime, text: str = "text", link: str = "", **more: Any) -> dict[str, Any]:
    photo = {"type": "photo", "photo": {"id": 1}}
    attachments = [photo, {"type": "link", "link": {"url": link}}] if link else [photo]
    return {"id": id, "date": int(at.timestamp()), "text": text, "attachments": attachments} | more


class TestReadingBack:
    def test_a_pinned_old_post_does_not_end_the_search(self):
        pinned = item(1, SINCE - timedelta(days=90), is_pinned=1)
        pages = {
            "0": said({"count": 300, "items": [pinned, item(9, SINCE + timedelta(minutes=1))]}),
            "100": said({"count": 300, "items": [item(8, SINCE - timedelta(minutes=1))]}),
        }
        with scripted(lambda request: pages[request.form["offset"]]) as server:
            shown = list(wall(server, **SERVICE, **COMMUNITY).shown(SINCE))
        assert [post.receipt.remote_id for post in shown] == ["1", "9", "8"]

    def test_links_come_from_cards_and_from_the_text(self):
        items = [item(9, SINCE, "См. https://site.example/2.", "https://site.example/1")]
        with vk_that(wall_get=said({"count": 1, "items": items})) as server:
            platform = wall(server, **USER)
            (shown,) = platform.shown(SINCE)
            for link in ("https://site.example/1", "https://site.example/2"):
                assert find(platform, Post("", link), SINCE) == shown.receipt
        assert (shown.at, shown.receipt.address) == (SINCE, "https://vk.com/wall-777_9")

    def test_a_link_with_commas_is_found_although_it_was_sent_without(self):
        link = "https://site.example/a,b?c=1,2"
        with vk_that() as server:
            wall(server, **USER).publish(Prepared(Post("text", link)))
        attached = sent(server, "wall.post")[0]["attachments"]
        with vk_that(wall_get=said({"count": 1, "items": [item(9, SINCE, link=attached)]})) as server:
            assert find(wall(server, **USER), Post("", link), SINCE) is not None

    @pytest.mark.parametrize(
        ("reply", "meaning"),
        [
            (error(15), Unreadable),
            (error(27), Unreadable),
            (error(100), Unreadable),
            (error(5), Blocked),
            (error(29), Throttled),
            (error(10), Unreachable),
            (said({"count": 1, "items": [{"id": 9}]}), Unreachable),
            (said([]), Unreachable),
            (Reply(502, b"<html>"), Unreachable),
            (Drop(), Unreachable),
        ],
        ids=described,
    )
    def test_a_look_that_fails_is_never_taken_for_absence(self, reply, meaning):
        with vk_that(wall_get=reply) as server, pytest.raises(meaning):
            list(wall(server, **USER, **SERVICE).shown(SINCE))


class TestVerify:
    def test_all_tokens(self):
        with vk_that() as server:
            found = wall(server, **COMMUNITY, **USER, **SERVICE).verify()
        assert (found.name, found.address) == ("Луна", "https://vk.com/luna")
        assert found.notes == (
            "Posts go out with the community_token.",
            "Pictures are uploaded with the user_token.",
            "A post in doubt is looked up on the wall.",
        )

    def test_a_community_token_alone(self):
        with vk_that() as server:
            _, pictures, reading = wall(server, **COMMUNITY).verify().notes
        assert pictures == "Pictures cannot be uploaded without a user_token: posts show the link's card instead."
        assert reading.startswith("A post in doubt waits for a person's word")

    def test_resending_is_told(self):
        with vk_that() as server:
            line = Line(2, endpoint=server.address)
            found = Vk(community=777, resend_with_guid=True, secrets=COMMUNITY, line=line).verify()
        assert found.notes[2].startswith("A post in doubt is sent again with its guid")

    def test_what_a_user_token_may_not_is_told_in_words(self):
        with vk_that(photos_getWallUploadServer=error(1051), wall_get=error(15)) as server:
            _, pictures, reading = wall(server, **COMMUNITY, **USER).verify().notes
        assert "a token of VK ID cannot do this" in pictures
        assert "error 15" in reading

    def test_a_community_token_of_another_kind_is_called_what_it_is(self):
        denied, sentence = error(15), "not a community's own token"
        with vk_that(groups_getTokenPermissions=denied) as server, pytest.raises(Blocked, match=sentence):
            wall(server, **COMMUNITY).verify()

    def test_rights_that_do_not_include_the_wall_are_listed(self):
        rights = said({"mask": 4, "permissions": [{"name": "photos", "setting": 4}]})
        with vk_that(groups_getTokenPermissions=rights) as server:
            assert "whose rights are photos" in wall(server, **COMMUNITY).verify().notes[0]

    def test_a_user_who_may_not_post_blocks(self):
        group = said({"groups": [{"id": 777, "name": "Луна", "screen_name": "luna", "can_post": 0}]})
        with vk_that(groups_getById=group) as server, pytest.raises(Blocked, match="may not post there"):
            wall(server, **USER).verify()


class TestWithdraw:
    @pytest.mark.parametrize(
        "reply",
        [said(1), error(104), error(15, "Access denied: post was deleted"), error(100, "post not found")],
        ids=described,
    )
    def test_deleted_or_gone_already_is_fine(self, reply):
        with vk_that(wall_delete=reply) as server:
            wall(server, **COMMUNITY, **USER).withdraw(RECEIPT)
        (form,) = sent(server, "wall.delete")
        assert (form["owner_id"], form["post_id"], form["access_token"]) == ("-777", "12", USER["user_token"])

    @pytest.mark.parametrize(("reply", "meaning"), [(error(15), Blocked), (Reply(500, b""), Unreachable)])
    def test_a_failure_is_told(self, reply, meaning):
        with vk_that(wall_delete=reply) as server, pytest.raises(meaning):
            wall(server, **USER).withdraw(RECEIPT)


class TestPace:
    def test_calls_keep_vks_pace_by_a_clock_that_nobody_sets(self, monkeypatch):
        slept: list[float] = []
        monkeypatch.setattr(vk, "_PER_SECOND", {"user_token": 3})
        monkeypatch.setattr(time, "sleep", slept.append)
        with vk_that() as server:
            platform = wall(server, **USER)
            platform.publish(Prepared(POST))
            monkeypatch.setattr(time, "time", lambda wall_clock=time.time: wall_clock() - 3600)
            platform.publish(Prepared(POST))
        assert len(slept) == 1
        assert 0 < slept[0] <= 1 / 3
