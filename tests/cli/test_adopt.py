"""adopt: the ledger is made from what is out already, and nothing is ever sent again."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from starlette.responses import Response

from crosspost.ledger import Ledger
from crosspost.ledger.tables import articles, channels, events, marks, posts, subscriptions
from tests.ledger.conftest import ledger_url, migrated_file, postgres
from tests.world import CHANNELS, stop, until

__all__ = ["ledger_url", "migrated_file", "postgres"]

TABLES = (articles, channels, marks, posts, events, subscriptions)
ONE, TWO, THREE = "The first story of the day", "The second story of the day", "The third story of the day"
FOUR = "The fourth story of the day"


def lose_the_ledger(place) -> None:
    for file in (place.folder / "data").glob("crosspost.db*"):
        file.unlink()


def everything_sent(place) -> dict[str, list[str]]:
    return {name: place.texts(platform) for name, (platform, *_) in CHANNELS.items()}


def dump(url: str) -> list:
    """All that the ledger holds, but for when the feeds are asked and who has worked with it."""
    ledger = Ledger(url, lambda: datetime.now(UTC))
    with ledger.reading() as connection:
        found = [tuple(row) for table in TABLES for row in connection.execute(select(table))]
    ledger.close()
    return found


def lines(place, kind: str, *arguments: str, ends_with: int = 0) -> list[dict]:
    return [line for line in place.json("adopt", *arguments, ends_with=ends_with) if line["kind"] == kind]


@pytest.mark.parametrize("first_run", ['"skip"', '"all"', "1"])
def test_a_lost_ledger_is_made_again_on_all_platforms_and_new_articles_go_out(place, first_run: str) -> None:
    place.site.publish(ONE, TWO, THREE)
    place.configure()
    assert "12 sent" in place.run("once")
    lose_the_ledger(place)
    place.configure(first_run=first_run)
    found = lines(place, "channel", "--by", "olga")
    assert {line["channel"]: (line["found"], line["left"]) for line in found} == dict.fromkeys(CHANNELS, (3, 0))
    assert set(place.states().values()) == {"sent"}
    assert "nothing new" in place.run("once")
    place.site.publish(FOUR)
    assert "4 sent" in place.run("once")
    assert everything_sent(place) == {name: [ONE, TWO, THREE, FOUR] for name in CHANNELS}
    told = place.run("why", place.site.link(ONE))
    assert told.count("It was on the channel already; crosspost found it there") == 4
    assert told.count("(by olga)") == 4
    assert place.platforms.problems == []


def test_what_is_not_out_yet_goes_out_by_first_run(place) -> None:
    place.site.publish(ONE)
    place.configure("x_en", "vk_ru")
    place.run("once")
    lose_the_ledger(place)
    place.site.publish(TWO, THREE)
    place.configure("x_en", "vk_ru", first_run="1")
    told = place.run("adopt")
    assert told.count("1 is on the channel already, and counts as sent.") == 2
    assert told.count("1 is not sent, since it stood in the feed before crosspost began there (first_run).") == 2
    assert told.count("1 goes out with the next crosspost once or run.") == 2
    assert place.texts("x") == [ONE]
    place.run("once")
    assert place.texts("x") == place.texts("vk") == [ONE, THREE]


def test_the_installed_command_prints_the_report_and_no_line_of_the_log(place) -> None:
    place.site.publish(ONE)
    place.configure("x_en")
    place.run("once")
    (sent,) = place.json("history")
    lose_the_ledger(place)
    process = place.start("adopt")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert out.splitlines() == [
        "",
        "x_en (x): looked for 1 article.",
        "  1 is on the channel already, and counts as sent.",
        f"      {ONE} {sent['address']}",
        "",
        "Nothing was sent. crosspost why and an article's address tell of one article.",
    ]


def test_saying_it_twice_changes_nothing(place) -> None:
    place.site.publish(ONE)
    place.configure()
    place.run("once")
    lose_the_ledger(place)
    place.site.publish(TWO, THREE)
    (place.folder / "cache").write_text(f"{TWO}\n")
    place.run("adopt", "--from", "cache")
    url = f"sqlite:///{place.folder}/data/crosspost.db"
    before = dump(url)
    again = lines(place, "channel", "--from", "cache")
    assert dump(url) == before
    assert [(line["found"], line["elsewhere"], line["left"]) for line in again] == [(0, 1, 1)] * 4


# Other tools


def database(path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def write_memory(tool: str, place) -> None:
    """What the tool keeps that has sent the first two articles."""
    cache, links = place.folder / "cache", [place.site.link(ONE), place.site.link(TWO)]
    match tool:
        case "feed2toot":
            cache.write_text(f"{ONE}\n{TWO}\n")  # the items' guids
        case "feed2exec":
            rows = f"INSERT INTO feedcache VALUES ('news', '{ONE}'), ('news', '{TWO}')"
            database(cache, "CREATE TABLE feedcache (name text, guid text, PRIMARY KEY (name, guid))", rows)
        case "feed2fedi":
            rows = f"INSERT INTO share VALUES ('{links[0]}', 1), ('{links[1]}', 2)"
            database(cache, "CREATE TABLE share (url TEXT PRIMARY KEY, shared_ts INT) WITHOUT ROWID", rows)
        case "feediverse":
            cache.write_text(
                f"access_token: hidden\nfeeds:\n- template: '{{title}} {{url}}'\n  url: {place.site.address}/feed.xml\n"
                f"updated: '{place.site.dates[TWO].isoformat()}'\n"
            )


@pytest.mark.parametrize("tool", ["feed2toot", "feed2exec", "feed2fedi", "feediverse"])
def test_what_another_tool_has_sent_is_never_sent_and_the_rest_is(place, tool: str) -> None:
    place.site.publish(ONE, TWO, THREE)
    place.site.dates = {title: datetime(2026, 5, day, tzinfo=UTC) for day, title in enumerate((ONE, TWO, THREE), 1)}
    place.configure()
    write_memory(tool, place)
    told = place.run("adopt", "--from", "cache", "--by", "olga")
    assert f"cache ({tool}) has 2 of the articles that were looked for." in told
    assert told.count(f"2 are not sent, since {tool} has sent it already.") == 4
    assert "4 sent" in place.run("once")
    assert everything_sent(place) == {name: [THREE] for name in CHANNELS}
    assert f"It was skipped by olga: {tool} has sent it already" in place.run("why", place.site.link(ONE))
    assert "hidden" not in told


def test_a_memory_concerns_the_channel_it_is_said_for(place) -> None:
    place.site.publish(ONE, TWO)
    place.configure("x_en", "vk_ru")
    (place.folder / "cache").write_text(f"{ONE}\n")
    told = place.run("adopt", "--from", "cache", "--channel", "x_en")
    assert "vk_ru" not in told
    place.run("once")
    assert (place.texts("x"), place.texts("vk")) == ([TWO], [ONE, TWO])


def test_a_memory_without_any_of_the_articles_may_be_the_wrong_file(place) -> None:
    place.site.publish(ONE)
    place.configure("x_en")
    (place.folder / "cache").write_text("something else\n")
    assert "cache (feed2toot) has none of the articles that were looked for; is it the right file?" in place.run(
        "adopt", "--from", "cache"
    )


# A dry run


def test_a_dry_run_tells_the_same_and_records_nothing(place) -> None:
    place.site.publish(ONE)
    place.configure("x_en")
    place.run("once")
    lose_the_ledger(place)
    place.site.publish(TWO, THREE)
    (place.folder / "cache").write_text(f"{TWO}\n")
    dry = place.run("adopt", "--dry-run", "--from", "cache")
    assert not list(place.folder.rglob("*.db*"))
    head, _, told = dry.partition("\n")
    assert head == "A dry run: this is what crosspost adopt would do; nothing is recorded."
    assert told == place.run("adopt", "--from", "cache")


def test_on_either_database_a_dry_run_leaves_the_ledger_as_it_is_and_then_it_is_recorded(
    place, ledger_url, monkeypatch
) -> None:
    monkeypatch.setenv("CROSSPOST_DATABASE", ledger_url)
    place.site.publish(ONE)
    place.configure("x_en", "vk_ru", first_run='"skip"')
    place.run("once")
    before = dump(ledger_url)
    place.site.publish(TWO)
    place.platforms.fail("x", "token-revoked", 1)
    dry = lines(place, "article", "--dry-run", ends_with=1)
    assert [(line["channel"], line["title"], line["post"]) for line in dry] == [
        (channel, title, None) for channel in ("x_en", "vk_ru") for title in (ONE, TWO)
    ]
    assert dump(ledger_url) == before
    (place.folder / "cache").write_text(f"{TWO}\n")
    told = lines(place, "channel", "--from", "cache")
    assert [(line["elsewhere"], line["left"]) for line in told] == [(1, 1)] * 2
    assert "nothing new" in place.run("once")


# What stands in the way


@pytest.mark.parametrize("options", [(), ("--dry-run",)], ids=["in earnest", "dry"])
def test_beside_a_daemon_it_is_refused_and_says_who_runs(place, options) -> None:
    place.site.publish(ONE)
    place.configure("x_en")
    daemon = place.start("run")
    try:
        until(lambda: place.texts("x") == [ONE], "the daemon works")
        assert "crosspost run already works with this ledger (process" in place.run("adopt", *options, ends_with=2)
    finally:
        stop(daemon)


def test_each_channel_that_could_not_be_looked_at_is_told_in_one_sentence(place) -> None:
    place.site.publish(ONE)
    place.configure()
    place.secrets("x_en", "vk_ru", "youtube")
    place.platforms.fail("x", "500-before", 1, on="read")
    place.run("pause", "vk_ru", "--by", "olga")
    told = place.run("adopt", ends_with=1)
    x_en, facebook = (line for line in told.splitlines() if line.startswith("Channel "))
    assert facebook.startswith("Channel facebook could not be looked at: it has no page_token; crosspost check says")
    assert x_en.startswith("Channel x_en could not be looked at: X answered 500")
    assert "Nothing goes out there until that is done; the next try is at " in x_en
    assert told.count("1 waits until the channel was looked at.") == 2
    assert "1 waits until the channel goes on." in told
    assert "Nothing goes out there at present: channel vk_ru is paused (by olga); crosspost resume vk_ru" in told
    place.secrets(*CHANNELS)
    assert place.states() == {(ONE, name): "due" for name in CHANNELS}


def test_a_look_that_fails_later_takes_nothing_back(place) -> None:
    place.site.publish(ONE)
    place.configure("x_en", first_run='"skip"')
    place.run("adopt")
    place.platforms.fail("x", "500-before", 1, on="read")
    told = place.run("adopt", ends_with=1)
    assert "What is known of it stays as it was." in told and "until that is done" not in told


def test_a_paused_channel_is_looked_at_all_the_same(place) -> None:
    place.site.publish(ONE)
    place.configure("x_en")
    place.run("once")
    lose_the_ledger(place)
    place.run("pause", "x_en", "--by", "olga")
    (line,) = lines(place, "channel")
    assert (line["found"], line["failure"]) == (1, "")
    assert line["obstacle"] == "channel x_en is paused (by olga); crosspost resume x_en lets it go on"


def test_a_channel_whose_token_is_dead_is_blocked_until_it_is_mended(place) -> None:
    place.site.publish(ONE)
    place.configure("x_en")
    place.run("once")
    lose_the_ledger(place)
    place.platforms.fail("x", "token-revoked", 1)
    (line,) = lines(place, "channel", ends_with=1)
    assert line["failure"] and line["left"] == 1
    assert "Channel x_en is blocked" in place.run("status", ends_with=1)
    place.run("adopt")
    assert "All is well" in place.run("status")
    assert place.texts("x") == [ONE]


def test_a_channel_that_cannot_be_read_is_no_failure(place) -> None:
    place.site.publish(ONE, TWO)
    place.configure("youtube", first_run='"skip"')
    config = place.folder / "config" / "crosspost.toml"
    config.write_text(config.read_text().replace('mode = "api"', 'mode = "assisted"'))
    (place.folder / "cache").write_text(f"{TWO}\n")
    told = place.run("adopt", "--from", "cache")
    assert "What it shows cannot be read: posts on YouTube cannot be read in assisted mode; look at" in told
    assert "1 is not sent, since feed2toot has sent it already." in told
    assert "crosspost skip leaves one out" not in told


def test_where_nobody_can_look_a_person_is_asked_to_before_anything_goes_out(place) -> None:
    place.site.publish(ONE)
    place.configure("youtube", first_run='"all"')
    config = place.folder / "config" / "crosspost.toml"
    config.write_text(config.read_text().replace('mode = "api"', 'mode = "assisted"'))
    told = place.run("adopt")
    assert "1 goes out with the next crosspost once or run." in told
    assert "Look there before they go out; crosspost skip leaves one out." in told
    assert lines(place, "channel")[0]["unreadable"].startswith("posts on YouTube cannot be read in assisted mode")


def test_a_feed_that_cannot_be_read_is_told_with_the_next_step(place) -> None:
    place.site.publish(ONE)
    place.site.broken = Response("no", status_code=500)
    place.configure("x_en")
    told = place.run("adopt", ends_with=1)
    assert "Feed news could not be read, so its articles are not taken over: " in told
    assert "Say crosspost adopt again before crosspost runs." in told
    assert "x_en (x): nothing to look for." in told
    (feed,) = lines(place, "feed", ends_with=1)
    assert feed["feed"] == "news" and "trouble of its own" in feed["failure"]
    place.site.broken = None
    assert "looked for 1 article" in place.run("adopt")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--from", "nowhere"), "nowhere cannot be read: No such file or directory."),
        (("--from", "data.bin"), "data.bin is not what feed2toot, feed2exec, feed2fedi or feediverse keep"),
        (("--channel", "x_e"), 'The config has no channel x_e. Did you mean "x_en"?'),
        (("--channel", "vk_ru"), "Channel vk_ru is off (enabled = false in the config); turn it on first."),
    ],
)
def test_a_call_that_is_wrong_ends_with_2_before_anything_is_read(place, arguments, words: str) -> None:
    place.configure("x_en", "vk_ru", vk_ru="enabled = false")
    (place.folder / "data.bin").write_bytes(b"\xff\xfe\x00\x01")
    assert words in place.run("adopt", *arguments, ends_with=2)
    assert not (place.folder / "data").exists()


def test_each_line_of_json_says_what_it_tells_of(place) -> None:
    place.site.publish(ONE, TWO)
    place.configure("x_en", first_run='"skip"')
    (place.folder / "cache").write_text(f"{ONE}\n")
    memory, channel, *found = place.json("adopt", "--from", "cache")
    assert memory == {"kind": "memory", "file": "cache", "tool": "feed2toot", "articles": 1}
    assert channel == {
        "kind": "channel",
        "channel": "x_en",
        "platform": "x",
        "recorded": True,
        "found": 0,
        "elsewhere": 1,
        "left": 1,
        "unreadable": "",
        "failure": "",
        "obstacle": "",
    }
    assert [(line["kind"], line["adopted"], line["title"]) for line in found] == [
        ("article", "elsewhere", ONE),
        ("article", "left", TWO),
    ]
    history = {line["post"]: line for line in place.json("history")}
    assert [{key: line[key] for key in history[line["post"]]} for line in found] == [
        history[line["post"]] for line in found
    ]


def test_only_a_few_articles_of_each_kind_are_named(place) -> None:
    place.site.publish(*(f"Story number {number} of the day" for number in range(1, 9)))
    place.configure("x_en")
    told = place.run("adopt")
    assert "8 go out with the next crosspost once or run." in told
    assert told.count("Story number") == 5 and "and 3 more; --json names all" in told
