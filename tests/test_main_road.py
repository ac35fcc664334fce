"""The whole job by the installed command: from a feed to four platforms, recorded, and never twice."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.responses import Response

from tests.world import CHANNELS, World, stop, until, world

PLATFORMS = ("x", "vk", "facebook", "youtube")
KEYS = {
    *(
        "post",
        "article",
        "title",
        "channel",
        "platform",
        "state",
        "reason",
        "remote_id",
        "address",
        "attempts",
        "at",
        "text",
    ),
}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as made:
        yield made


def test_every_article_reaches_every_channel_once_oldest_first(place: World) -> None:
    place.site.publish("One", "Two", "Three")
    place.configure()
    assert "12 sent" in place.run("once")
    assert "nothing new" in place.run("once")
    for platform in PLATFORMS:
        assert place.texts(platform) == ["One", "Two", "Three"]
    assert place.platforms.problems == []


def test_the_ledger_tells_what_was_done(place: World) -> None:
    place.site.publish("One")
    place.configure()
    place.run("once")
    history = place.json("history")
    assert [set(line) for line in history] == [KEYS] * 4
    shown = {post.id for platform in PLATFORMS for post in place.platforms.posts(platform)}
    assert {line["remote_id"] for line in history} == shown
    assert {line["state"] for line in history} == {"sent"}
    assert all(line["article"] == place.site.link("One") and line["attempts"] == 1 for line in history)
    told = place.run("why", place.site.link("One").replace("http://", "https://") + "/?utm_source=x")
    assert told.count("sent: the platform has it") == 4


def test_what_stands_in_the_feed_at_first_is_not_sent_and_what_comes_is(place: World) -> None:
    place.site.publish("Old", "Older")
    place.configure("x_en", "vk_ru", first_run='"skip"')
    place.run("once")
    place.site.publish("New")
    place.run("once")
    assert place.texts("x") == place.texts("vk") == ["New"]
    assert "baseline" in place.run("why", place.site.link("Old"))


def test_a_number_lets_the_newest_ones_through(place: World) -> None:
    place.site.publish("One", "Two", "Three")
    place.configure("x_en", first_run="2")
    place.run("once")
    assert place.texts("x") == ["Two", "Three"]


def test_a_channel_that_joins_starts_with_what_comes_after(place: World) -> None:
    place.site.publish("One")
    place.configure("x_en")
    place.run("once")
    place.configure("x_en", "vk_ru")
    place.run("once")
    place.site.publish("Two")
    place.run("once")
    assert place.texts("vk") == ["Two"]
    assert place.texts("x") == ["One", "Two"]


def test_one_platform_down_neither_delays_nor_repeats_the_others(place: World) -> None:
    place.site.publish("One", "Two")
    place.configure(vk_ru='proxy = "http://127.0.0.1:9"', more='[delivery]\nretry = ["1s"]')
    place.run("once")
    for platform in ("x", "facebook", "youtube"):
        assert place.texts(platform) == ["One", "Two"]
    assert place.texts("vk") == []
    assert place.states()["One", "vk_ru"] == "due"
    place.configure(more='[delivery]\nretry = ["1s"]')
    until(lambda: bool(place.run("once")) and len(place.texts("vk")) == 2, "vk catches up")
    for platform in PLATFORMS:
        assert place.texts(platform) == ["One", "Two"]


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_kill_in_the_middle_of_a_call_is_settled_by_looking(place: World, channel: str) -> None:
    platform = CHANNELS[channel][0]
    place.site.publish("One")
    place.configure(channel, more='[delivery]\nconfirm_after = ["0s"]')
    place.platforms.fail(platform, "timeout-after")
    process = place.start("once")
    until(lambda: len(place.platforms.posts(platform)) == 1, "the platform has the post")
    process.kill()
    process.communicate()
    assert place.states()["One", channel] == "sending"
    place.run("once")
    assert place.texts(platform) == ["One"]
    assert place.states()["One", channel] == "sent"
    assert "found on the platform" in place.run("why", place.site.link("One"))


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_call_that_failed_after_all_is_found(place: World, channel: str) -> None:
    platform = CHANNELS[channel][0]
    place.site.publish("One")
    place.configure(channel, more='[delivery]\nconfirm_after = ["0s"]')
    place.platforms.fail(platform, "500-after")
    place.run("once")
    place.run("once")
    assert place.texts(platform) == ["One"]
    assert place.states()["One", channel] == "sent"


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_call_that_never_arrived_is_made_again_with_the_same_text(place: World, channel: str) -> None:
    platform = CHANNELS[channel][0]
    place.site.publish("One")
    place.configure(channel, more='[delivery]\nconfirm_after = ["0s"]')
    place.platforms.fail(platform, "reset-before")
    place.run("once")
    place.run("once")
    assert place.texts(platform) == ["One"]
    (line,) = place.json("history")
    assert (line["state"], line["attempts"]) == ("sent", 2)


def test_a_community_token_alone_asks_a_person_who_answers(place: World) -> None:
    place.site.publish("One", "Two")
    place.configure("vk_ru", more='[delivery]\nconfirm_after = ["0s"]')
    secrets = place.folder / "config" / "secrets.toml"
    lines = [line for line in secrets.read_text().splitlines() if not line.startswith(("user_", "service_"))]
    secrets.write_text("\n".join(lines))
    place.platforms.fail("vk", "500-after")
    place.platforms.fail("vk", "500-before")
    place.run("once")
    assert "Waiting for your answer: 2" in place.run("once", ends_with=1)
    asking = place.json("queue")
    assert [(line["title"], line["state"]) for line in asking] == [("One", "asking"), ("Two", "asking")]
    one, two = (str(line["post"]) for line in asking)
    assert "Post" in place.run("mark", one, "--sent", "https://vk.com/wall-777_1", "--by", "olga")
    place.run("mark", two, "--not-sent")
    place.run("once")
    assert place.texts("vk") == ["One", "Two"]
    assert "by olga" in place.run("why", one)


def test_a_dead_token_blocks_its_channel_alone_until_it_is_mended(place: World) -> None:
    place.site.publish("One")
    place.configure("x_en", "facebook")
    secrets = place.folder / "config" / "secrets.toml"
    good = secrets.read_text()
    secrets.write_text(good.replace("EAAsandboxpage", "EAAsandboxgone"))
    told = place.run("once", ends_with=1)
    assert "Channel facebook is blocked" in told
    assert place.states() == {("One", "x_en"): "sent", ("One", "facebook"): "due"}
    secrets.write_text(good)
    place.run("once")
    assert place.texts("facebook") == ["One"]


def test_a_channel_without_secrets_is_told_and_the_others_work(place: World) -> None:
    place.site.publish("One")
    place.configure("x_en", "facebook")
    place.secrets("x_en")
    told = place.run("check", ends_with=2)
    assert "page_token" in told
    assert "facebook" in place.run("once", ends_with=1)
    assert place.texts("x") == ["One"]
    (facebook,) = [line for line in place.json("status", ends_with=1) if line.get("channel") == "facebook"]
    assert facebook["missing_secrets"] == ["page_token"]


def test_a_throttle_is_kept_and_named(place: World) -> None:
    place.site.publish("One", "Two")
    place.configure("x_en")
    place.platforms.fail("x", "429")
    place.run("once")
    place.run("once")
    assert place.texts("x") == []
    (channel,) = [line for line in place.json("status") if line["kind"] == "channel"]
    assert channel["state"] == "resting"
    assert any(line["reason"].startswith("X wants a pause") for line in place.json("queue"))


def test_a_refused_post_is_told_and_can_be_tried_again_or_skipped(place: World) -> None:
    place.site.publish("One", "Two")
    place.configure("x_en")
    place.platforms.fail("x", "duplicate", 2)
    assert "Refused: 2" in place.run("once", ends_with=1)
    one, two = (line["post"] for line in place.json("history"))
    place.run("retry", str(one))
    place.run("skip", str(two), "--by", "olga")
    place.run("once")
    assert place.states() == {("One", "x_en"): "sent", ("Two", "x_en"): "skipped"}


def test_what_only_a_person_can_post_lies_ready(place: World) -> None:
    place.site.publish("One")
    place.configure("youtube", youtube="")
    config = place.folder / "config" / "crosspost.toml"
    config.write_text(config.read_text().replace('mode = "api"', 'mode = "assisted"'))
    assert "ready for a person" in place.run("once")
    (line,) = place.json("queue")
    assert line["state"] == "handed" and line["address"] is None
    assert "show_create_dialog=1" in line["reason"]
    (folder,) = (place.folder / "data" / "handed").iterdir()
    assert (folder / "text.txt").read_text().startswith("One")
    place.run("mark", place.site.link("One"), "--sent", "https://www.youtube.com/post/UgkxSample")
    (line,) = place.json("history")
    assert (line["state"], line["remote_id"]) == ("sent", "UgkxSample")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Response("<!doctype html><title>Sign in</title><form></form>", media_type="text/html"), "web page"),
        (Response("", media_type="application/rss+xml"), "empty"),
        (Response("no", status_code=500), "trouble of its own"),
        (Response("<rss><channel><item><title>Hal", media_type="application/rss+xml"), "in the middle"),
    ],
    ids=["html", "empty", "500", "truncated"],
)
def test_what_is_no_feed_is_told_and_nothing_is_lost(place: World, answer: Response, words: str) -> None:
    place.site.publish("One")
    place.configure("x_en")
    place.run("once")
    place.site.broken = answer
    told = place.run("once", ends_with=1)
    assert "Feed news" in told and words in told
    place.site.broken = None
    place.site.publish("Two")
    place.run("once")
    assert place.texts("x") == ["One", "Two"]


def test_the_daemon_sends_what_appears_and_ends_when_told(place: World) -> None:
    place.site.publish("Old")
    place.configure("x_en", "vk_ru", first_run='"skip"')
    daemon = place.start("run")
    try:
        until(
            lambda: "running" in place.run("status", "--json") and '"state": "fine"' in place.run("status", "--json"),
            "read",
        )
        place.run("status", "--health")
        (feed,) = [line for line in place.json("status") if line["kind"] == "feed"]
        assert feed["next_at"] >= feed["read_at"]
        assert "asked next" in place.run("status")
        assert "already works with this ledger" in place.run("once", ends_with=2)
        assert "already works with this ledger" in place.run("run", ends_with=2)
        place.site.publish("New")
        until(lambda: place.texts("x") == place.texts("vk") == ["New"], "the new article is out")
    finally:
        _, log = stop(daemon)
    assert "event=post.sent" in log and "event=daemon.stopped" in log
    assert "Traceback" not in log
    place.run("status", "--health", ends_with=1)


def test_a_hangup_reads_the_config_anew_and_keeps_the_old_one_when_it_is_wrong(place: World) -> None:
    place.site.publish("One")
    place.configure("x_en")
    daemon = place.start("run")
    try:
        until(lambda: place.texts("x") == ["One"], "the first article is out")
        config = place.folder / "config" / "crosspost.toml"
        good = config.read_text()
        config.write_text("[channels.x_en]\nplatform = 'pigeon'")
        daemon.send_signal(signal.SIGHUP)
        place.site.publish("Two")
        until(lambda: place.texts("x") == ["One", "Two"], "the old config still works")
        config.write_text(good.replace("[channels.x_en]", '[channels.x_en]\ntemplate = "{{ title }}!"'))
        daemon.send_signal(signal.SIGHUP)
        place.site.publish("Three")
        until(lambda: len(place.texts("x")) == 3, "the third article is out")
    finally:
        _, log = stop(daemon)
    assert place.texts("x")[:2] == ["One", "Two"]
    assert "event=config.kept" in log and "event=config.reloaded" in log


def test_no_secret_is_ever_printed(place: World) -> None:
    place.site.publish("One")
    place.configure()
    for platform in PLATFORMS:
        place.platforms.fail(platform, "token-revoked")
    told = place.run("once", ends_with=1)
    told += place.run("status", ends_with=1) + place.run("queue") + place.run("check") + place.run("why", "1")
    for platform, account, _ in CHANNELS.values():
        for name, secret in place.platforms.secrets(platform, account).items():
            assert secret not in told, name


def test_a_page_without_a_story_is_no_matter_for_anybody(place: World) -> None:
    """The library that reads pages calls it an error, in words of its own."""
    place.site.story = ""
    place.site.publish("One")
    place.configure("x_en")
    assert "trafilatura" not in place.run("preview")


def test_preview_needs_no_secrets_and_sends_nothing(place: World) -> None:
    place.site.publish("One", "Two")
    place.configure()
    (place.folder / "config" / "secrets.toml").unlink()
    previews = place.json("preview", "--last", "1")
    assert [(line["channel"], line["text"].splitlines()[0]) for line in previews] == [
        (name, "Two") for name in CHANNELS
    ]
    keys = {"channel", "platform", "article", "text", "length", "limit", "link", "pictures", "warnings"}
    assert all(keys <= set(line) and 0 < line["length"] <= line["limit"] for line in previews)
    missed = {line["platform"] for line in previews if "no preview of the link" in " ".join(line["warnings"])}
    assert missed == {"x", "vk", "facebook"}  # the site has no pages, and the channels here have no pictures
    by_page = place.json("preview", "--url", place.site.link("One"))
    assert {line["article"] for line in by_page} == {place.site.link("One")}
    assert all(place.platforms.posts(platform) == [] for platform in PLATFORMS)
    assert not (place.folder / "data").exists()


def test_check_online_says_who_we_are_and_posts_nothing(place: World) -> None:
    place.configure()
    told = place.run("check", "--online")
    assert "@sandbox_1001" in told and "vk.com/" in told and "Sandbox Page 1010" in told
    assert all(place.platforms.posts(platform) == [] for platform in PLATFORMS)


@pytest.mark.parametrize("before", [True, False], ids=["before the command", "after the command"])
def test_the_config_may_be_named_on_either_side(place: World, before: bool) -> None:
    place.configure("x_en")
    moved = place.folder / "elsewhere.toml"
    (place.folder / "config" / "crosspost.toml").rename(moved)
    (place.folder / "config" / "secrets.toml").rename(place.folder / "secrets.toml")
    named = ("--config", str(moved))
    assert "ready" in (place.run(*named, "check") if before else place.run("check", *named))
    assert "there is no config" in place.run("check", ends_with=2)


def test_a_call_that_is_wrong_says_the_next_step(place: World) -> None:
    place.configure("x_en")
    assert "crosspost queue" in place.run("skip", "17", ends_with=2)
    assert "no feed" in place.run("preview", "--feed", "nws", ends_with=2)
    assert "--sent ADDRESS" in place.run("mark", "1", ends_with=2)
    assert "No feed has brought" in place.run("why", "https://site.example/never")


def test_a_ledger_whose_server_is_away_ends_with_1_so_that_a_supervisor_tries_again(place):
    place.configure("x_en")
    config = place.folder / "config" / "crosspost.toml"
    config.write_text(f'database = "postgresql+psycopg://127.0.0.1:1/crosspost"\n{config.read_text()}')
    for command in ("run", "once", "status"):
        told = place.run(command, ends_with=1)
        assert "The ledger postgresql+psycopg://127.0.0.1:1/crosspost cannot be used" in told
