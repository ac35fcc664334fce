from __future__ import annotations

import io

import facebook
import pytest
import requests
import tweepy
import vk_api
from google.auth.exceptions import RefreshError

from crosspost.sandbox import FAULTS, Sandbox, UnknownFault
from crosspost.sandbox.faults import BROKEN, GUARDED, MIXTURE
from tests.sandbox import clients
from tests.sandbox.clients import CHANNEL, picture

PLATFORMS = ("x", "vk", "facebook", "youtube")
PROCESSED = {fault for fault in BROKEN if fault.endswith("after") or fault == "truncated"}


def publish(platform, sandbox, address):
    """One plain publishing request; the library's errors come out as they are."""
    if platform == "x":
        return clients.x(sandbox, address).create_tweet(text="Hello")
    if platform == "vk":
        return clients.vk(sandbox, address).method("wall.post", {"owner_id": -777, "message": "Hello"})
    if platform == "facebook":
        return clients.graph(sandbox, address).put_object("1010", "feed", message="Hello")
    body = {"snippet": {"channelId": CHANNEL, "textDisplay": "Hello"}}
    posts = f"{address}/youtube/youtube/v3/posts"
    answer = clients.youtube(sandbox, address).post(posts, params={"part": "snippet"}, json=body, timeout=5)
    answer.raise_for_status()
    return answer.json()["id"]


def read(platform, sandbox, address):
    """How many posts the platform shows."""
    if platform == "x":
        return clients.x(sandbox, address).get_users_tweets("1001", user_auth=True).meta["result_count"]
    if platform == "vk":
        return len(clients.vk(sandbox, address).method("wall.get", {"owner_id": -777})["items"])
    if platform == "facebook":
        return len(clients.graph(sandbox, address).get_connections("1010", "published_posts")["data"])
    asked = {"part": "snippet", "channelId": CHANNEL}
    answer = clients.youtube(sandbox, address).get(f"{address}/youtube/youtube/v3/posts", params=asked)
    answer.raise_for_status()
    return len(answer.json()["items"])


ERRORS = (requests.RequestException, tweepy.TweepyException, vk_api.VkApiError, facebook.GraphAPIError)


@pytest.mark.parametrize("fault", sorted(set(BROKEN) - {"timeout-before", "timeout-after"}))
@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_broken_call_fails_once_and_is_processed_or_not_as_its_name_says(sandbox, address, platform, fault):
    sandbox.fail(platform, fault)
    with pytest.raises((*ERRORS, ValueError)):
        publish(platform, sandbox, address)
    assert len(sandbox.posts(platform)) == (fault in PROCESSED)
    sandbox.posts(platform) or publish(platform, sandbox, address)
    assert len(sandbox.posts(platform)) == 1


@pytest.mark.parametrize("fault", ["reset-before", "reset-after"])
def test_a_reset_is_a_reset(sandbox, address, fault):
    sandbox.fail("vk", fault, on="verify")
    with pytest.raises(requests.ConnectionError, match=r"reset"):
        requests.get(f"{address}/vk/method/users.get", timeout=5)


@pytest.mark.parametrize(("fault", "processed"), [("timeout-before", 0), ("timeout-after", 1)])
def test_a_timeout_never_answers(sandbox, address, fault, processed):
    sandbox.fail("vk", fault)
    given = {"access_token": sandbox.secrets("vk", "777")["user_token"], "v": "5.199"}
    given |= {"owner_id": "-777", "message": "Hello"}
    with pytest.raises(requests.ReadTimeout):
        requests.post(f"{address}/vk/method/wall.post", data=given, timeout=0.5)
    assert len(sandbox.posts("vk")) == processed


def test_a_truncated_answer_promises_more_than_it_brings(sandbox, address):
    sandbox.fail("facebook", "truncated", on="verify")
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        requests.get(f"{address}/facebook/v25.0/me", timeout=5, params={"access_token": "x"})


@pytest.mark.parametrize("fault", ["429", "quota", "captcha", "token-expired"])
@pytest.mark.parametrize("platform", PLATFORMS)
def test_what_a_platform_says_by_itself_processes_nothing_and_passes(sandbox, address, platform, fault):
    # google-auth fetches a new token and tries again, twice.
    sandbox.fail(platform, fault, times=3 if (platform, fault) == ("youtube", "token-expired") else 1)
    with pytest.raises(ERRORS):
        publish(platform, sandbox, address)
    assert sandbox.posts(platform) == []
    publish(platform, sandbox, address)
    assert len(sandbox.posts(platform)) == 1


def test_x_says_429_until_a_time(sandbox, address, clock):
    sandbox.fail("x", "429")
    with pytest.raises(tweepy.TooManyRequests) as refusal:
        publish("x", sandbox, address)
    assert refusal.value.reset_time == clock().timestamp() + 900


@pytest.mark.parametrize(("fault", "code"), [("429", 9), ("quota", 29), ("token-expired", 5), ("error-214", 214)])
def test_vk_says_its_code(sandbox, address, fault, code):
    sandbox.fail("vk", fault)
    with pytest.raises(vk_api.ApiError) as refusal:
        publish("vk", sandbox, address)
    assert refusal.value.code == code


def test_vk_asks_for_a_captcha_with_and_without_a_picture(sandbox, address):
    sandbox.fail("vk", "captcha")
    with pytest.raises(vk_api.Captcha):
        publish("vk", sandbox, address)
    sandbox.fail("vk", "captcha-bare")
    with pytest.raises(KeyError, match="captcha_img"):
        publish("vk", sandbox, address)


@pytest.mark.parametrize(
    ("fault", "code", "subcode"),
    [
        ("429", 32, None),
        ("quota", 4, None),
        ("duplicate", 506, None),
        ("token-expired", 190, 463),
        ("token-revoked", 190, 460),
        ("error-613", 613, None),
        ("error-190-467", 190, 467),
    ],
)
def test_facebook_says_its_code(sandbox, address, fault, code, subcode):
    sandbox.fail("facebook", fault)
    with pytest.raises(facebook.GraphAPIError) as refusal:
        publish("facebook", sandbox, address)
    error = refusal.value.result["error"]
    assert (error["code"], error.get("error_subcode")) == (code, subcode)


def test_facebook_tells_usage_with_a_throttle(sandbox, address):
    sandbox.fail("facebook", "429")
    given = {"access_token": sandbox.secrets("facebook", "1010")["page_token"], "message": "Hello"}
    headers = requests.post(f"{address}/facebook/v25.0/1010/feed", data=given, timeout=5).headers
    assert '"call_count": 100' in headers["x-app-usage"]
    assert '"estimated_time_to_regain_access": 30' in headers["x-business-use-case-usage"]


def test_facebook_s_200_error_looks_like_success_to_the_library(sandbox, address):
    sandbox.fail("facebook", "200-error")
    assert publish("facebook", sandbox, address) == {}
    assert sandbox.posts("facebook") == []


@pytest.mark.parametrize(
    ("fault", "status", "reason"),
    [
        ("429", 403, "rateLimitExceeded"),
        ("quota", 403, "quotaExceeded"),
        ("error-uploadLimitExceeded", 400, "uploadLimitExceeded"),
        ("unreadable", 403, "forbidden"),
    ],
)
def test_youtube_says_its_reason(sandbox, address, fault, status, reason):
    sandbox.fail("youtube", fault, on="read")
    with pytest.raises(requests.HTTPError) as refusal:
        read("youtube", sandbox, address)
    assert refusal.value.response.status_code == status
    assert refusal.value.response.json()["error"]["errors"][0]["reason"] == reason


def test_a_revoked_sign_in_is_not_hidden_by_a_living_access_token(sandbox, address):
    session = clients.youtube(sandbox, address)
    channels = f"{address}/youtube/youtube/v3/channels?part=id&mine=true"
    assert session.get(channels).ok
    sandbox.fail("youtube", "token-revoked", times=float("inf"))
    with pytest.raises(Exception, match="invalid_grant"):
        session.get(channels)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_lag_hides_a_new_post_for_its_seconds(sandbox, address, clock, platform):
    sandbox.fail(platform, "lag", times=30)
    publish(platform, sandbox, address)
    clock.move(seconds=29)
    assert read(platform, sandbox, address) == 0
    clock.move(seconds=1)
    assert read(platform, sandbox, address) == 1


@pytest.mark.parametrize("platform", PLATFORMS)
def test_unreadable_strikes_reading_only(sandbox, address, platform):
    sandbox.fail(platform, "unreadable")
    publish(platform, sandbox, address)
    with pytest.raises(ERRORS):
        read(platform, sandbox, address)
    assert read(platform, sandbox, address) == 1


def test_a_fault_strikes_publishing_unless_told_otherwise(sandbox, address):
    sandbox.fail("vk", "500-before")
    vk = clients.vk(sandbox, address)
    clients.vk_photo(vk)
    vk.method("wall.get", {"owner_id": -777})
    with pytest.raises(vk_api.ApiHttpError):
        publish("vk", sandbox, address)
    sandbox.fail("vk", "500-before", on="upload")
    with pytest.raises(vk_api.ApiHttpError):
        clients.vk_photo(vk)


def test_an_unpublished_photo_is_an_upload_a_published_one_is_a_post(sandbox, address):
    sandbox.fail("facebook", "error-1")
    graph = clients.graph(sandbox, address)
    graph.put_photo(io.BytesIO(picture()), album_path="1010/photos", published="false")
    with pytest.raises(facebook.GraphAPIError):
        graph.put_photo(io.BytesIO(picture()), album_path="1010/photos")


@pytest.mark.parametrize(
    ("written", "strikes"),
    [
        ("vk:429", [True, False, False]),
        ("vk:429:2", [True, True, False]),
        ("vk:429:always", [True, True, True]),
        ("*:429", [True, False, False]),
        ("x:429:9", [False, False, False]),
        ("vk:429@read", [False, False, False]),
    ],
)
def test_faults_are_written_in_a_line(written, strikes):
    sandbox = Sandbox(faults=[written])
    assert [sandbox.faults.strike("vk", "publish") == "429" for _ in strikes] == strikes


def test_a_random_mixture_is_the_same_for_the_same_seed():
    def struck(seed):
        faults = Sandbox(faults=[f"*:random:0.5:{seed}"]).faults
        return [faults.strike("x", "publish") for _ in range(200)]

    assert struck(1) == struck(1) != struck(2)
    assert set(struck(1)) == {None, *MIXTURE}
    assert 60 < sum(fault is not None for fault in struck(1)) < 140


@pytest.mark.parametrize("written", ["x:nonsense", "vk:duplicate", "myspace:429", "x:429:many", "x:429@sleep", "x"])
def test_a_fault_that_does_not_exist_is_refused_by_name(written):
    with pytest.raises(UnknownFault):
        Sandbox(faults=[written])


ONLY = {"captcha-bare": ("vk",), "duplicate": ("x", "facebook"), "session-gone": ("youtube",)}
SAID = sorted(FAULTS.keys() - {*BROKEN, *GUARDED, "lag", "random", "error-N"})


@pytest.mark.parametrize(
    ("platform", "fault"), [(platform, fault) for fault in SAID for platform in ONLY.get(fault, PLATFORMS)]
)
def test_every_platform_has_words_for_every_fault_it_takes(sandbox, address, platform, fault):
    publish(platform, sandbox, address)
    sandbox.fail(platform, fault, on=["read", "token"])
    try:
        assert read(platform, sandbox, address) == 0  # an error that the library takes for an empty answer
    except (*ERRORS, RefreshError, KeyError):
        pass
    assert not sandbox.faults.awaits(platform, fault)
