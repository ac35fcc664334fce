"""What may be written for each kind of value, and what comes of it."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from crosspost.settings import Quiet, Quota

DAY = timedelta(days=1)


def channel(line: str) -> str:
    return f'[channels.c]\nplatform = "x"\n{line}\n'


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("0s", timedelta(0)),
        ("10s", timedelta(seconds=10)),
        ("90m", timedelta(minutes=90)),
        ("2h", DAY / 12),
        ("7d", 7 * DAY),
    ],
)
def test_durations(config, written, meant):
    assert config.write(f'[delivery]\nsettle = "{written}"').load().delivery.settle == meant


@pytest.mark.parametrize(
    "written", ["10", "10 minutes", "-5m", "1.5h", "m", "", "5M", "5m ", "5m5s", "٣m", "999999999d", "\\u0000"]
)
def test_what_is_no_duration(config, written):
    problem = config.write(f'[delivery]\nsettle = "{written}"').problem()
    assert (problem.line, problem.key) == (2, "delivery.settle")
    assert '"10s"' in problem.hint


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('"23:00-07:00"', Quiet(time(23), time(7))),
        ('"9:30 - 10:15"', Quiet(time(9, 30), time(10, 15))),
        ('"00:00-23:59"', Quiet(time(0), time(23, 59))),
    ],
)
def test_quiet_hours(config, written, meant):
    assert config.write(channel(f"pace.quiet = {written}")).load().channels["c"].pace.quiet == meant


@pytest.mark.parametrize(
    "written", ['"23:00"', '"23-7"', '"24:00-07:00"', '"07:00-07:00"', '"23:00–07:00"', "23", '""']
)
def test_what_are_no_quiet_hours(config, written):
    problem = config.write(channel(f"pace.quiet = {written}")).problem()
    assert (problem.line, problem.key) == (3, "channels.c.pace.quiet")
    assert '"23:00-07:00"' in problem.hint


def test_slots_are_kept_in_order_and_may_be_times_of_toml(config):
    slots = config.write(channel('pace.slots = ["18:30", 09:00:00, "9:00"]')).load().channels["c"].pace.slots
    assert slots == (time(9), time(18, 30))


@pytest.mark.parametrize(
    ("written", "meant"), [("40/day", Quota(40, DAY)), ("3/hour", Quota(3, DAY / 24)), ("3 / hour", Quota(3, DAY / 24))]
)
def test_quotas(config, written, meant):
    assert config.write(channel(f'pace.at_most = "{written}"')).load().channels["c"].pace.at_most == meant


@pytest.mark.parametrize("written", ["40", "0/day", "many/day", "40/week", "-1/day", "40/days"])
def test_what_is_no_quota(config, written):
    problem = config.write(channel(f'pace.at_most = "{written}"')).problem()
    assert (problem.key, "40/day" in problem.hint) == ("channels.c.pace.at_most", True)


@pytest.mark.parametrize(("written", "meant"), [('"skip"', "skip"), ('"all"', "all"), ("3", 3)])
def test_first_runs(config, written, meant):
    text = f'[feeds.f]\nurl = "https://site.example"\nfirst_run = {written}'
    assert config.write(text).load().feeds["f"].first_run == meant


@pytest.mark.parametrize("written", ['"some"', "0", "-1", "true", "1.0", "[]"])
def test_what_is_no_first_run(config, written):
    problem = config.write(f'[feeds.f]\nurl = "https://site.example"\nfirst_run = {written}').problem()
    assert (problem.line, problem.key) == (3, "feeds.f.first_run")


@pytest.mark.parametrize(("written", "meant"), [('"short"', "short"), ('"long"', "long"), ("400", 400), ("0", 0)])
def test_sizes_of_a_summary(config, written, meant):
    assert config.write(channel(f"summary = {written}")).load().channels["c"].summary == meant


@pytest.mark.parametrize("written", ['"brief"', "-1", "true", "1.5", "[]"])
def test_what_is_no_size_of_a_summary(config, written):
    problem = config.write(channel(f"summary = {written}")).problem()
    assert (problem.key, '"medium"' in problem.hint) == ("channels.c.summary", True)


def test_a_map_of_hashtags(config):
    text = channel('hashtag_map = { "High tech park" = "#HighTechPark", "Press releases" = "" }')
    assert config.write(text).load().channels["c"].hashtag_map["High tech park"] == "#HighTechPark"
    problem = config.write(channel('hashtag_map = { Space = "Space" }')).problem()
    assert (problem.key, "#Belarus" in problem.hint) == ("channels.c.hashtag_map.Space", True)


@pytest.mark.parametrize(
    "url",
    [
        "https://site.example/rss.xml?format=a&b=c",
        "http://127.0.0.1:8000/rss",
        "http://[::1]:8000/rss",
        "https://сайт.рф/лента",
    ],
)
def test_addresses(config, url):
    assert config.write(f'[feeds.f]\nurl = "{url}"').load().feeds["f"].url == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "site.example/rss",
        "ftp://site.example/rss",
        "file:///etc/hosts",
        "https://",
        "https:///rss",
        "https://site.example:port/rss",
        "https://site.example:99999/rss",
        "https://[::1/rss",
        "https://site.example/a b",
        "https://site.example\\\\@other.example/",
        "https://site.example/\\n",
        "https://user:word@site.example/rss",
    ],
)
def test_what_is_no_address_of_a_feed(config, url):
    problem = config.write(f'[feeds.f]\nurl = "{url}"').problem()
    assert (problem.line, problem.key) == (2, "feeds.f.url")
    assert "user:word" not in str(problem)


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "127.9.9.9", "localhost", "feeds.localhost", "[::1]"])
def test_a_feed_on_this_machine_may_be_read_every_second(config, host):
    text = f'[feeds.f]\nurl = "http://{host}/rss"\nevery = "1s"'
    assert config.write(text).load().feeds["f"].every == timedelta(seconds=1)


@pytest.mark.parametrize("host", ["site.example", "localhost.example", "128.0.0.1", "127.0.0.1.example"])
def test_a_feed_elsewhere_may_not(config, host):
    problem = config.write(f'[feeds.f]\nurl = "http://{host}/rss"\nevery = "59s"').problem()
    assert (problem.line, problem.key, problem.hint) == (3, "feeds.f.every", 'Write "1m" or more.')


@pytest.mark.parametrize(
    "database", ["sqlite:///data/c.db", "sqlite:////var/lib/c.db", "postgresql+psycopg://user:word@db.example/c"]
)
def test_databases(config, database):
    settings = config.write(f'database = "{database}"').load()
    assert settings.database == database
    assert "word" not in repr(settings)


@pytest.mark.parametrize(
    "database",
    ["data/c.db", "sqlite://data/c.db", "sqlite://", "sqlite:///:memory:", "postgresql://h/c", "mysql://h/c", ""],
)
def test_what_is_no_database(config, database):
    problem = config.write(f'database = "{database}"').problem()
    assert (problem.line, problem.key, "sqlite:///data/crosspost.db" in problem.hint) == (1, "database", True)


@pytest.mark.parametrize("name", ["a", "x_en", "2024", "_x", "x_"])
def test_names(config, name):
    text = f'[feeds.{name}]\nurl = "https://site.example"\n[channels.{name}]\nplatform = "x"'
    settings = config.write(text).load({f"CROSSPOST_CHANNELS__{name.upper()}__API_KEY": "k"})
    assert settings.feeds[name].name == name
    assert set(settings.channels[name].secrets) == {"api_key"}


@pytest.mark.parametrize("name", ["News", "x__en", "x-en", '"новости"', '""', '"a b"', '"a.b"'])
def test_what_is_no_name(config, name):
    problem = config.write(f'\n[feeds.{name}]\nurl = "https://site.example"').problem()
    assert (problem.line, problem.problem) == (2, "this name cannot be used.")
