from __future__ import annotations

import base64

import pytest
import requests
import tweepy

from tests.sandbox import clients
from tests.sandbox.clients import picture


@pytest.fixture
def client(sandbox, address):
    return clients.x(sandbox, address)


def upload(client, data=None):
    body = {"media": base64.b64encode(data or picture()).decode(), "media_category": "tweet_image"}
    return client.request("POST", "/2/media/upload", json=body, user_auth=True).json()["data"]


def test_a_post_is_kept_as_it_was_sent_and_given_back_shortened(client, sandbox, clock):
    sent = client.create_tweet(text="Storks & spring https://site.org/en/1?a=1&b=2 #Belarus").data
    assert sent["text"].startswith("Storks &amp; spring https://t.co/")
    [post] = sandbox.posts("x")
    assert (post.id, post.account, post.at) == (sent["id"], "1001", clock())
    assert post.text == "Storks & spring https://site.org/en/1?a=1&b=2 #Belarus"
    assert post.link == "https://site.org/en/1?a=1&b=2"


def test_the_timeline_tells_where_short_links_lead(client):
    client.create_tweet(text="Two: https://site.org/1 and site.org/2.")
    [tweet] = client.get_users_tweets("1001", tweet_fields=["entities", "created_at"], user_auth=True).data
    urls = tweet.entities["urls"]
    assert [url["expanded_url"] for url in urls] == ["https://site.org/1", "http://site.org/2"]
    assert all(tweet.text[url["start"] : url["end"]] == url["url"] for url in urls)
    assert tweet.created_at.isoformat() == "2026-11-24T09:00:00+00:00"


def test_the_timeline_leaves_out_what_was_not_asked_for(client):
    client.create_tweet(text="Hello")
    [tweet] = client.get_users_tweets("1001", user_auth=True).data
    assert set(tweet.data) == {"id", "text", "edit_history_tweet_ids"}


def test_what_is_no_address_to_x_stays_plain_text(client, address):
    sent = client.create_tweet(text=f"Here: {address}/en/1").data
    assert sent["text"] == f"Here: {address}/en/1"


def test_the_timeline_has_pages_newest_first(client, clock):
    for number in range(12):
        clock.move(seconds=1)
        client.create_tweet(text=f"Post {number}")
    pages = list(tweepy.Paginator(client.get_users_tweets, "1001", max_results=5, user_auth=True))
    assert [[tweet.text for tweet in page.data] for page in pages] == [
        [f"Post {number}" for number in numbers] for numbers in (range(11, 6, -1), range(6, 1, -1), range(1, -1, -1))
    ]


def test_an_empty_timeline_has_no_data(client):
    assert client.get_users_tweets("1001", user_auth=True).meta == {"result_count": 0}


def test_accounts_do_not_see_each_other(sandbox, address, client):
    client.create_tweet(text="Hello")
    clients.x(sandbox, address, "1002").create_tweet(text="Hello")
    assert [post.account for post in sandbox.posts("x")] == ["1001", "1002"]
    assert len(client.get_users_tweets("1002", user_auth=True).data) == 1


def test_the_same_text_again_is_a_duplicate_until_it_is_deleted(client):
    id = client.create_tweet(text="Hello").data["id"]
    with pytest.raises(tweepy.Forbidden) as refusal:
        client.create_tweet(text="Hello")
    assert refusal.value.response.json() == {
        "detail": "You are not allowed to create a Tweet with duplicate content.",
        "type": "about:blank",
        "title": "Forbidden",
        "status": 403,
    }
    assert client.delete_tweet(id).data == {"deleted": True}
    client.create_tweet(text="Hello")


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("a" * 280, True),
        ("a" * 281, False),
        ("ж" * 280, True),
        ("…" * 140, True),
        ("…" * 141, False),
        ("a" * 256 + " https://site.org/" + "b" * 100, True),
        ("a" * 257 + " https://site.org/" + "b" * 100, False),
    ],
)
def test_a_text_weighs_at_most_280(client, sandbox, text, taken):
    if taken:
        client.create_tweet(text=text)
    else:
        with pytest.raises(tweepy.Forbidden, match="not permitted"):
            client.create_tweet(text=text)
    assert len(sandbox.posts("x")) == taken


def test_pictures_keep_their_alt_text(client, sandbox):
    media = upload(client)
    assert media["image"] == {"image_type": "image/png", "w": 60, "h": 40}
    alt = {"id": media["id"], "metadata": {"alt_text": {"text": "A teal field"}}}
    client.request("POST", "/2/media/metadata", json=alt, user_auth=True)
    sent = client.create_tweet(text="Look", media_ids=[media["id"]]).data
    [post] = sandbox.posts("x")
    assert (post.pictures, post.alt) == ((picture(),), ("A teal field",))
    assert sent["text"].startswith("Look https://t.co/")


def test_a_picture_can_come_as_a_form(sandbox, address):
    client = clients.x(sandbox, address)
    auth = tweepy.OAuth1UserHandler(*sandbox.secrets("x", "1001").values()).apply_auth()
    form = {"files": {"media": ("a.png", picture(), "image/png")}, "data": {"media_category": "tweet_image"}}
    answer = requests.post(f"{address}/x/2/media/upload", auth=auth, timeout=5, **form)
    client.create_tweet(text="Look", media_ids=[answer.json()["data"]["id"]])
    assert sandbox.posts("x")[0].pictures == (picture(),)


@pytest.mark.parametrize("made", ["unknown", "somebody else's", "a day old"])
def test_a_picture_must_be_there_and_ones_own(sandbox, address, client, clock, made):
    owner = clients.x(sandbox, address, "1002") if made == "somebody else's" else client
    id = upload(owner)["id"] if made != "unknown" else "123"
    clock.move(hours=25 if made == "a day old" else 0)
    with pytest.raises(tweepy.BadRequest, match="media IDs are invalid"):
        client.create_tweet(text="Look", media_ids=[id])


def test_a_field_that_the_schema_does_not_have_is_refused(client):
    with pytest.raises(tweepy.BadRequest, match="not defined in the schema"):
        client.request("POST", "/2/tweets", json={"text": "Hello", "titel": "x"}, user_auth=True)


@pytest.mark.parametrize("size", [4, 101])
def test_a_page_has_5_to_100_posts(client, size):
    with pytest.raises(tweepy.BadRequest, match="max_results"):
        client.get_users_tweets("1001", max_results=size, user_auth=True)


@pytest.mark.parametrize("secret", ["api_key", "api_secret", "access_token", "access_token_secret"])
def test_every_secret_must_be_right(sandbox, address, secret):
    with pytest.raises(tweepy.Unauthorized):
        clients.x(sandbox, address, **{secret: "wrong"}).create_tweet(text="Hello")
    assert sandbox.posts("x") == []


def test_a_signature_is_good_for_its_own_address_only(sandbox, address):
    auth = tweepy.OAuth1UserHandler(*sandbox.secrets("x", "1001").values()).apply_auth()
    signed = requests.Request("GET", f"{address}/x/2/users/me", auth=auth).prepare()
    assert requests.Session().send(signed, timeout=5).status_code == 200
    signed.url = f"{address}/x/2/users/me?user.fields=url"
    assert requests.Session().send(signed, timeout=5).status_code == 401


def test_an_old_signature_is_refused(sandbox, address):
    auth = tweepy.OAuth1UserHandler(*sandbox.secrets("x", "1001").values()).apply_auth()
    auth.client.timestamp = "1700000000"
    assert requests.get(f"{address}/x/2/users/me", auth=auth, timeout=5).status_code == 401


def test_an_app_alone_may_not_post(address):
    answer = requests.post(f"{address}/x/2/tweets", headers={"Authorization": "Bearer A"}, json={}, timeout=5)
    assert (answer.status_code, answer.json()["title"]) == (403, "Unsupported Authentication")


def test_every_answer_tells_the_rate_limit(client, clock):
    headers = client.request("GET", "/2/users/me", user_auth=True).headers
    assert int(headers["x-rate-limit-reset"]) == clock().timestamp() + 900
    assert int(headers["x-rate-limit-remaining"]) > 0
    with pytest.raises(tweepy.BadRequest) as refusal:
        client.request("POST", "/2/tweets", json={}, user_auth=True)
    assert "x-rate-limit-reset" in refusal.value.response.headers


def test_me_is_the_token_s_account(client):
    assert client.get_me(user_auth=True).data.id == 1001


def test_nobody_deletes_another_s_post(sandbox, address, client):
    id = client.create_tweet(text="Hello").data["id"]
    with pytest.raises(tweepy.Forbidden):
        clients.x(sandbox, address, "1002").delete_tweet(id)
    assert not sandbox.posts("x")[0].deleted
