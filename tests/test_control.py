"""What people do to channels and posts while crosspost works, by the installed command on all four platforms."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest

from crosspost import assemble, clock
from tests.fakes import Clock, FakePlatform
from tests.world import CHANNELS, World, stop, until, world

QUICK = '[delivery]\ntimeout = "2s"\nconfirm_after = ["0s"]'


@pytest.fixture
def place(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as made:
        yield made


def edit(place: World, *changes: tuple[str, str], file: str = "crosspost.toml") -> None:
    """Change the config as a person would."""
    path = place.folder / "config" / file
    text = path.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    path.write_text(text, encoding="utf-8")


def assisted(place: World) -> None:
    place.configure("youtube")
    edit(place, ('mode = "api"', 'mode = "assisted"'))


# withdraw


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_withdrawn_post_is_gone_and_is_never_sent_again_unless_a_person_says_so(place: World, channel: str) -> None:
    platform = CHANNELS[channel][0]
    place.site.publish("One", "Two")
    place.configure(channel)
    place.run("once")
    one = place.site.link("One")
    assert f"withdrawn, deleted from {platform}: One" in place.run("withdraw", one, "--by", "olga")
    assert place.texts(platform) == ["Two"]
    assert "withdrawn already" in place.run("withdraw", one)
    place.run("once")
    assert place.texts(platform) == ["Two"]
    assert "(by olga)" in place.run("why", one)
    assert place.states()["One", channel] == "withdrawn"
    place.run("retry", one)
    place.run("once")
    assert place.texts(platform) == ["Two", "One"]


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_stop_between_the_deletion_and_its_record_is_mended_by_withdrawing_again(place: World, channel: str) -> None:
    platform = CHANNELS[channel][0]
    place.site.publish("One")
    place.configure(channel)
    place.run("once")
    place.platforms.fail(platform, "500-after", on="delete")
    assert "withdraw it again later" in place.run("withdraw", "1", ends_with=1)
    assert (place.texts(platform), place.states()["One", channel]) == ([], "sent")
    assert "is withdrawn" in place.run("withdraw", "1")
    assert place.states()["One", channel] == "withdrawn"


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("fault", ["token-revoked", "200-error"])
def test_what_could_not_be_deleted_is_told_with_its_address_and_still_counts_as_sent(
    place: World, channel: str, fault: str
) -> None:
    platform, account, _ = CHANNELS[channel]
    place.site.publish("One")
    place.configure(channel)
    place.run("once")
    (post,) = place.json("history")
    place.platforms.fail(platform, fault, on="delete")
    told = place.run("withdraw", "1", ends_with=1)
    assert "is not withdrawn" in told and post["address"] in told and "\n" not in told.strip()
    secrets = place.platforms.secrets(platform, account)
    assert not any(secret in told for name, secret in secrets.items() if name != "app_id")  # which is no secret
    assert (place.texts(platform), place.states()["One", channel]) == (["One"], "sent")
    assert "not withdrawn:" in place.run("why", "1")


def test_one_that_cannot_be_withdrawn_does_not_keep_the_others(place: World) -> None:
    place.site.publish("One")
    place.configure("x_en", "vk_ru", more=QUICK)
    place.run("once")
    place.configure("x_en", "vk_ru", x_en='proxy = "http://127.0.0.1:9"', more=QUICK)
    told = place.run("withdraw", place.site.link("One"), ends_with=1)
    assert "the proxy on the way to X could not be used" in told
    assert place.states() == {("One", "x_en"): "sent", ("One", "vk_ru"): "withdrawn"}


def test_withdrawing_on_one_channel_leaves_the_others(place: World) -> None:
    place.site.publish("One")
    place.configure("x_en", "vk_ru")
    place.run("once")
    place.run("withdraw", place.site.link("One"), "--channel", "vk_ru")
    assert place.states() == {("One", "x_en"): "sent", ("One", "vk_ru"): "withdrawn"}


@pytest.mark.parametrize("why", ["no secrets", "not in the config"])
def test_without_keys_a_person_deletes_by_hand_and_says_so(place: World, why: str) -> None:
    place.site.publish("One")
    place.configure("x_en", "vk_ru")
    place.run("once")
    if why == "no secrets":
        place.secrets("vk_ru")
    else:
        place.configure("vk_ru")
    told = place.run("withdraw", "1", ends_with=1)
    assert {"no secrets": "crosspost check says where", "not in the config": "not in the config any more"}[why] in told
    assert "withdraw 1 --gone" in told
    place.run("withdraw", "1", "--gone", "--by", "olga")
    assert place.states()["One", "x_en"] == "withdrawn"
    assert "deleted by hand (by olga)" in place.run("why", "1")


def test_where_only_a_person_posts_only_a_person_deletes(place: World) -> None:
    place.site.publish("One", "Two")
    assisted(place)
    place.run("once")
    place.run("mark", "1", "--sent", "https://www.youtube.com/post/UgkxSample")
    told = place.run("withdraw", "1", ends_with=1)
    assert told.count("https://www.youtube.com/post/UgkxSample") == 1 and "withdraw 1 --gone" in told
    assert "if you have posted it meanwhile" in place.run("withdraw", "2")
    place.run("withdraw", "1", "--gone")
    assert place.states() == {("One", "youtube"): "withdrawn", ("Two", "youtube"): "skipped"}


@pytest.mark.parametrize(
    ("own", "more", "state"),
    [
        ("approve = true", "", "waiting"),
        ('pace = { quiet = "00:00-12:00", slots = ["12:30"], gap = "2h" }', '[delivery]\nsettle = "1h"', "planned"),
        ("", "", "due"),
        ("", "", "held"),
    ],
    ids=["waiting", "planned", "due", "held"],
)
def test_what_was_not_sent_yet_is_skipped(place: World, own: str, more: str, state: str) -> None:
    place.site.publish("One")
    place.configure("x_en", x_en=own, more=more)
    place.run("pause")
    place.run("once")
    if state == "held":
        place.run("hold", "1")
    assert place.states()["One", "x_en"] == state
    assert "skipped, withdrawn before it was sent" in place.run("withdraw", "1", "--by", "olga")
    place.run("resume")
    place.run("once")
    assert place.texts("x") == []
    assert place.states()["One", "x_en"] == "skipped"


def test_what_may_have_been_sent_is_settled_first(place: World) -> None:
    place.site.publish("One")
    place.configure("vk_ru", more='[delivery]\nconfirm_after = ["1h"]')
    place.platforms.fail("vk", "500-after")
    place.run("once")
    assert "once crosspost why 1 says that it is sent" in place.run("withdraw", "1", ends_with=1)
    assert place.states()["One", "vk_ru"] == "unsure"


def test_what_asks_for_an_answer_gets_it_first(place: World) -> None:
    place.site.publish("One")
    place.configure("vk_ru", more='[delivery]\nconfirm_after = ["0s"]')
    secrets = place.folder / "config" / "secrets.toml"
    lines = [line for line in secrets.read_text().splitlines() if not line.startswith(("user_", "service_"))]
    secrets.write_text("\n".join(lines))
    place.platforms.fail("vk", "500-after")
    place.run("once")
    place.run("once", ends_with=1)
    assert "crosspost mark 1 --sent ADDRESS" in place.run("withdraw", "1", ends_with=1)


def test_what_does_not_exist_cannot_be_withdrawn(place: World) -> None:
    place.configure("x_en")
    assert "knows no post 17" in place.run("withdraw", "17", ends_with=2)


# pause, resume


def test_a_paused_channel_waits_over_restarts_and_goes_on_when_resumed(place: World) -> None:
    place.configure("x_en", "vk_ru")
    assert "x_en is paused" in place.run("pause", "x_en", "--why", "a day of mourning", "--by", "olga")
    place.site.publish("One", "Two")
    place.run("once")
    place.run("once")
    assert (place.texts("x"), place.texts("vk")) == ([], ["One", "Two"])
    (x, _) = [line for line in place.json("status") if line["kind"] == "channel"]
    assert (x["state"], x["reason"]) == ("paused", "by olga: a day of mourning")
    assert "by olga: a day of mourning" in " ".join(place.run("status").split())
    assert "paused already (by olga: a day of mourning)" in place.run("pause", "x_en")
    assert "it was paused. 2 posts wait there and go out at once, oldest first." in place.run("resume", "x_en")
    place.run("once")
    assert place.texts("x") == ["One", "Two"]


def test_without_a_name_all_channels_are_meant(place: World) -> None:
    place.configure("x_en", "vk_ru")
    place.site.publish("One")
    place.run("pause")
    place.run("once")
    assert set(place.states().values()) == {"due"}
    place.run("resume", "vk_ru")
    assert "vk_ru is active already" in place.run("resume")
    place.run("once")
    assert set(place.states().values()) == {"sent"}


def test_resuming_keeps_to_the_pace(place: World) -> None:
    place.configure("x_en", x_en='pace = { gap = "1h" }')
    place.run("pause")
    place.site.publish("One", "Two", "Three")
    place.run("once")
    assert "3 posts wait there and go out by its pace" in place.run("resume")
    place.run("once")
    place.run("once")
    assert len(place.texts("x")) == 1


def test_what_expired_in_the_pause_is_told(place: World, monkeypatch: pytest.MonkeyPatch) -> None:
    place.configure("x_en", x_en='pace = { expires = "1m" }')
    place.run("pause")
    place.site.publish("One")
    place.run("once")
    later = clock.now() + timedelta(minutes=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert "Nothing waits there. 1 expired meanwhile" in place.run("resume")


def test_a_person_who_has_mended_a_channel_resumes_it(place: World) -> None:
    place.site.publish("One")
    place.configure("facebook")
    place.platforms.fail("facebook", "token-revoked")
    place.run("once", ends_with=1)
    assert "facebook goes on; it was blocked. 1 post waits there" in place.run("resume", "facebook")
    place.run("status")


def test_a_channel_that_is_off_stays_off_when_resumed(place: World) -> None:
    place.configure("x_en", x_en="enabled = false")
    place.run("pause", "x_en")
    assert "enabled = false" in place.run("resume", "x_en")


@pytest.mark.parametrize("verb", ["pause", "resume", "try"])
def test_an_unknown_channel_is_told_with_the_nearest_name(place: World, verb: str) -> None:
    place.configure("x_en")
    assert place.run(verb, "x_em", ends_with=2) == 'The config has no channel x_em. Did you mean "x_en"?\n'


# rename


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (("channel", "x_en", "x_world"), "The config has no channel x_world; it has x_en, vk_ru."),
        (("channel", "x_en", "vk_ru"), "The config still has a channel x_en"),
        (("channel", "x_en", "x_en"), "The config still has a channel x_en"),
        (("channel", "twitter", "x_en"), "The ledger knows no channel twitter; it knows vk_ru, x_en."),
        (("feed", "site", "news"), "The ledger knows no feed site; it knows news."),
        (("feed", "news", "site"), "The config has no feed site; it has news."),
        (("post", "1", "2"), "'feed'"),
    ],
)
def test_a_rename_that_makes_no_sense_changes_nothing(place: World, call: tuple[str, ...], words: str) -> None:
    place.site.publish("One")
    place.configure("x_en", "vk_ru")
    place.run("once")
    assert words in place.run("rename", *call, ends_with=2)
    assert set(place.states()) == {("One", "x_en"), ("One", "vk_ru")}


@pytest.mark.parametrize("order", ["told first", "told after a pass", "told after two"])
def test_a_new_name_for_feed_and_channel_reposts_and_loses_nothing(place: World, order: str) -> None:
    place.site.publish("One")
    place.configure("x_en")
    place.run("once")
    new = (("[feeds.news]", "[feeds.news_en]"), ("[channels.x_en]", "[channels.x_world]"))
    edit(place, *new, ('first_run = "all"', 'first_run = "skip"'))
    edit(place, new[1], file="secrets.toml")
    place.site.publish("Two")
    for _ in range(["told first", "told after a pass", "told after two"].index(order)):
        place.run("once")
    assert "Feed news is news_en now" in place.run("rename", "feed", "news", "news_en")
    assert "Channel x_en is x_world now" in place.run("rename", "channel", "x_en", "x_world", "--by", "olga")
    place.run("once")
    place.site.publish("Three")
    place.run("once")
    assert place.texts("x") == ["One", "Two", "Three"]


def test_another_platform_is_not_another_name(place: World) -> None:
    place.site.publish("One")
    place.configure("x_en")
    place.run("once")
    place.configure("vk_ru")
    assert "that is another channel, not another name" in place.run("rename", "channel", "x_en", "vk_ru", ends_with=2)


# try


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_test_is_posted_shown_and_deleted(place: World, channel: str) -> None:
    platform = CHANNELS[channel][0]
    place.site.publish("One")
    place.configure(channel)
    place.run("once")
    told = place.run("try", channel, "--yes", "--by", "olga")
    one, test = place.platforms.posts(platform)
    assert not one.deleted and test.deleted
    assert test.text in told and "a test of crosspost" in test.text
    assert "It is there: https://" in told and "It is deleted again" in told
    assert list(place.states()) == [("One", channel)]
    place.run("once")
    assert place.texts(platform) == ["One"]
    assert place.platforms.problems == []


@pytest.mark.parametrize(
    ("answer", "ends_with", "words", "posts"),
    [("y\n", 0, "deleted again", 1), ("n\n", 0, "Nothing was posted.", 0), ("", 2, "say --yes", 0)],
    ids=["yes", "no", "nobody there"],
)
def test_a_person_is_asked_before(
    place: World, monkeypatch: pytest.MonkeyPatch, answer: str, ends_with: int, words: str, posts: int
) -> None:
    place.configure("x_en")
    monkeypatch.setattr(sys, "stdin", StringIO(answer))
    assert words in place.run("try", "x_en", ends_with=ends_with)
    assert len(place.platforms.posts("x")) == posts


def test_a_test_speaks_the_language_of_the_feeds(place: World) -> None:
    place.configure("x_en", feed='language = "ru"')
    assert "Это проверка crosspost" in place.run("try", "x_en", "--yes")


def test_a_feed_whose_language_the_config_leaves_open_is_asked_for_its_articles(place: World) -> None:
    place.site.publish("One")
    place.configure("x_en", feed='language = "ru"')
    place.run("once")
    place.configure("x_en")
    assert "Это проверка crosspost" in place.run("try", "x_en", "--yes")


@pytest.mark.parametrize(
    ("fault", "on", "words", "left"),
    [
        ("token-revoked", "publish", "It was not posted: X does not accept", []),
        ("500-before", "publish", "It is not there.", []),
        ("unreadable", "read", "That cannot be told", ["test"]),
        ("token-revoked", "delete", "It is not deleted: X does not accept", ["test"]),
    ],
)
def test_what_did_not_work_is_told(place: World, fault: str, on: str, words: str, left: list[str]) -> None:
    place.configure("x_en", more=QUICK)
    if on == "read":
        place.platforms.fail("x", "500-after")
    place.platforms.fail("x", fault, on=on)
    told = place.run("try", "x_en", "--yes", ends_with=1)
    assert words in told
    assert ["test" for _ in place.texts("x")] == left
    assert not left or "by hand" in told


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_test_whose_answer_was_lost_is_found_and_deleted(place: World, channel: str) -> None:
    platform = CHANNELS[channel][0]
    place.configure(channel, more=QUICK)
    place.platforms.fail(platform, "500-after")
    place.platforms.fail(platform, "500-after", on="delete")
    assert "is not clear" in place.run("try", channel, "--yes")
    assert [post.deleted for post in place.platforms.posts(platform)] == [True]


def test_where_only_a_person_posts_there_is_nothing_to_try(place: World) -> None:
    assisted(place)
    assert "a person posts what crosspost lays ready" in place.run("try", "youtube")


def test_a_channel_without_secrets_cannot_be_tried(place: World) -> None:
    place.configure("facebook")
    (place.folder / "config" / "secrets.toml").unlink()
    assert "facebook has no page_token" in place.run("try", "facebook", "--yes", ends_with=2)


def test_a_paused_channel_can_be_tried_and_stays_paused(place: World) -> None:
    place.configure("x_en")
    place.run("pause", "--by", "olga")
    assert "x_en is paused (by olga); crosspost resume x_en" in place.run("try", "x_en", "--yes")
    (x,) = [line for line in place.json("status") if line["kind"] == "channel"]
    assert x["state"] == "paused"


def test_a_community_token_alone_is_told_before_that_it_may_not_delete(place: World) -> None:
    place.configure("vk_ru")
    secrets = place.folder / "config" / "secrets.toml"
    secrets.write_text("\n".join(line for line in secrets.read_text().splitlines() if not line.startswith("user_")))
    told = place.run("try", "vk_ru", "--yes", ends_with=1)
    assert told.index("VK may not let a community_token delete it") < told.index("Posting it")
    assert "Delete it by hand: https://vk.com/wall-777_1" in told


def test_who_stops_it_in_between_is_told_what_stays(place: World, monkeypatch: pytest.MonkeyPatch) -> None:
    platform = FakePlatform(Clock())

    def interrupted(_receipt: object) -> None:
        raise KeyboardInterrupt

    platform.withdraw = interrupted  # type: ignore[method-assign]
    monkeypatch.setattr(assemble, "adapter", lambda channel, config: platform)
    place.configure("x_en")
    told = place.run("try", "x_en", "--yes", ends_with=1)
    assert "Delete it by hand: https://social.example/sample/1" in told


# Beside a running daemon


def test_all_of_it_beside_a_running_daemon(place: World) -> None:
    place.site.publish("Old")
    place.configure("x_en", "vk_ru", first_run='"skip"')
    daemon = place.start("run")
    try:
        until(lambda: len(place.states()) == 2, "the feed is read")
        place.run("pause", "x_en", "--by", "olga")
        place.site.publish("One")
        until(lambda: place.texts("vk") == ["One"], "the other channel goes on")
        place.run("try", "x_en", "--yes")
        assert place.texts("x") == []
        place.run("resume", "x_en")
        until(lambda: place.texts("x") == ["One"], "it goes on when resumed")
        until(lambda: place.states()["One", "x_en"] == "sent", "that is recorded")
        place.run("withdraw", place.site.link("One"))
        assert place.texts("x") == place.texts("vk") == []

        edit(place, ("[channels.x_en]", "[channels.x_world]"))
        edit(place, ("[channels.x_en]", "[channels.x_world]"), file="secrets.toml")
        assert f"kill -HUP {daemon.pid}" in place.run("rename", "channel", "x_en", "x_world")
        place.site.publish("Two")
        daemon.send_signal(signal.SIGHUP)
        until(lambda: place.texts("x") == place.texts("vk") == ["Two"], "both go on under the new name")
    finally:
        _, log = stop(daemon)
    assert "Traceback" not in log
    assert set(place.states()) == {
        (title, channel) for title in ("Old", "One", "Two") for channel in ("x_world", "vk_ru")
    }
