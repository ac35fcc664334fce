"""The file that people and scripts rely on is read as the contract says."""

from __future__ import annotations

from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pydantic
import pytest
import tzlocal

from crosspost.settings import Pace, Quiet, Quota, Settings, advice, missing_secret_problems

CONTRACT = r"""
timezone = "Europe/Minsk"                      # default: the system's
database = "sqlite:///data/crosspost.db"       # default; or postgresql+psycopg://...

[feeds.news_en]
url = "https://site.example/en/rss.xml"
language = "en"
every = "5m"                  # default 10m; under a minute only for loopback hosts
first_run = "skip"            # default; or "all", or a number of newest articles to post
burst = 20                    # default; 0 turns the guard off

[feeds.news_ru]
url = "https://site.example/ru/rss.xml"

[channels.x_en]
platform = "x"
feeds = ["news_en"]
template = "{{ title }}\n\n{{ summary }}\n\n{{ link }} {{ hashtags }}"
hashtags = ["#Belarus"]
hashtags_from_categories = true
utm = { source = "x", medium = "social" }
pictures = "auto"
approve = false
enabled = true
proxy = "http://proxy.example:3128"
only = { categories = ["Science"], words = ["satellite"] }
except = { words = ["advertisement"] }
urgent = { categories = ["Breaking"] }
pace = { gap = "10m", at_most = "40/day", quiet = "23:00-07:00", slots = ["09:00", "13:00", "18:30"], expires = "2d" }
endpoint = "http://127.0.0.1:9000/x"

[channels.vk_ru]
platform = "vk"
feeds = ["news_ru"]
community = 777

[channels.facebook]
platform = "facebook"
page = "1010"
api_version = "v25.0"

[channels.youtube]
platform = "youtube"
mode = "assisted"
channel = "UC0000000000000000000000"

[delivery]
settle = "2m"
retry = ["1m", "5m", "30m", "2h", "12h"]
confirm_after = ["20s", "2m", "15m"]
timeout = "20s"
breaker = 5

[network]
allow_private = false
"""

SECRETS = """
[channels.x_en]
api_key = "k"
api_secret = "s"
access_token = "t"
access_token_secret = "ts"
[channels.vk_ru]
community_token = "c"
[channels.facebook]
page_token = "p"
"""

SMALLEST = """
[feeds.news]
url = "https://site.example/rss.xml"
[channels.x]
platform = "x"
[channels.vk]
platform = "vk"
community = 1
[channels.facebook]
platform = "facebook"
page = "1"
[channels.youtube]
platform = "youtube"
channel = "UC1"
"""

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def contract(config):
    return config.write(CONTRACT, SECRETS).load()


def test_the_contracts_file_is_accepted_and_nothing_is_missing(contract):
    assert missing_secret_problems(contract) == []
    assert advice(contract) == []
    assert contract.timezone == ZoneInfo("Europe/Minsk")
    assert list(contract.feeds) == ["news_en", "news_ru"]
    assert {name: channel.platform for name, channel in contract.channels.items()} == {
        "x_en": "x",
        "vk_ru": "vk",
        "facebook": "facebook",
        "youtube": "youtube",
    }


def test_a_feed_carries_its_name_and_its_keys(contract):
    feed = contract.feeds["news_en"]
    assert (feed.name, feed.url, feed.language) == ("news_en", "https://site.example/en/rss.xml", "en")
    assert (feed.every, feed.first_run, feed.burst) == (5 * MINUTE, "skip", 20)


def test_a_channel_carries_its_name_and_its_keys(contract):
    channel = contract.channels["x_en"]
    assert channel.name == "x_en"
    assert channel.template == "{{ title }}\n\n{{ summary }}\n\n{{ link }} {{ hashtags }}"
    assert channel.hashtags == ("#Belarus",)
    assert channel.utm == {"source": "x", "medium": "social"}
    assert channel.proxy == "http://proxy.example:3128"
    assert channel.endpoint == "http://127.0.0.1:9000/x"
    assert (channel.only.categories, channel.only.words) == (("Science",), ("satellite",))
    assert channel.except_.words == ("advertisement",)
    assert channel.urgent.categories == ("Breaking",)
    assert channel.pace == Pace(
        gap=10 * MINUTE,
        at_most=Quota(40, DAY),
        quiet=Quiet(time(23), time(7)),
        slots=(time(9), time(13), time(18, 30)),
        expires=2 * DAY,
    )


def test_a_channel_without_feeds_takes_all_of_them(contract):
    assert contract.channels["x_en"].feed_names == ("news_en",)
    assert contract.channels["facebook"].feed_names == ("news_en", "news_ru")


def test_an_adapter_gets_the_keys_that_only_its_platform_knows(contract):
    assert {name: channel.options() for name, channel in contract.channels.items()} == {
        "x_en": {},
        "vk_ru": {"community": 777, "resend_with_guid": False},
        "facebook": {"page": "1010", "api_version": "v25.0"},
        "youtube": {
            "mode": "assisted",
            "channel": "UC0000000000000000000000",
            "privacy": "public",
            "made_for_kids": False,
            "category": 25,
        },
    }


def test_what_is_not_given_has_its_default(config):
    settings = config.write(SMALLEST).load()
    feed, channel, delivery = settings.feeds["news"], settings.channels["x"], settings.delivery
    assert settings.timezone == tzlocal.get_localzone()
    assert settings.database == "sqlite:///data/crosspost.db"
    assert (feed.every, feed.first_run, feed.burst, feed.proxy) == (10 * MINUTE, "skip", 20, None)
    assert (channel.pictures, channel.approve, channel.enabled) == ("auto", False, True)
    assert channel.pace == Pace(expires=3 * DAY)
    assert (channel.length, channel.only, channel.except_, channel.urgent) == (None, None, None, None)
    assert settings.channels["facebook"].api_version == "v25.0"
    assert settings.channels["youtube"].mode == "assisted"
    assert (delivery.settle, delivery.timeout, delivery.breaker) == (timedelta(0), timedelta(seconds=20), 5)
    assert delivery.retry == (MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 12 * HOUR)
    assert delivery.confirm_after == (timedelta(seconds=20), 2 * MINUTE, 15 * MINUTE)
    assert settings.network.allow_private is False


def test_an_empty_file_is_a_config_with_nothing_to_do(config):
    settings = config.write("").load()
    assert [problem.problem for problem in advice(settings)] == [
        "there is no feed to watch.",
        "there is no channel to publish to.",
    ]


def test_a_feed_that_no_channel_takes_is_worth_a_word(config):
    settings = config.write(
        '[feeds.a]\nurl="http://a.example"\n[feeds.b]\nurl="http://b.example"\n[channels.x]\nplatform="x"\nfeeds=["a"]'
    ).load()
    (problem,) = advice(settings)
    assert (problem.line, problem.key, problem.problem) == (3, "feeds.b", "no channel takes this feed.")


def test_a_feed_on_this_machine_that_may_not_be_fetched_is_worth_a_word(config):
    text = '[feeds.f]\nurl = "http://localhost:8000/rss"\n[channels.x]\nplatform = "x"\n[network]\nallow_private = {}'
    (problem,) = advice(config.write(text.format("false")).load())
    assert (problem.line, problem.key, "allow_private" in problem.hint) == (2, "feeds.f.url", True)
    assert advice(config.write(text.format("true")).load()) == []


def test_settings_cannot_be_changed(contract):
    with pytest.raises(pydantic.ValidationError):
        contract.timezone = ZoneInfo("UTC")
    with pytest.raises(pydantic.ValidationError):
        contract.channels["x_en"].approve = True
    with pytest.raises(TypeError):
        contract.feeds["more"] = contract.feeds["news_en"]
    with pytest.raises(TypeError):
        contract.channels["x_en"].secrets["api_key"] = "other"


def test_settings_built_by_hand_read_nothing_beside_what_they_are_given(monkeypatch):
    monkeypatch.setenv("DATABASE", "elsewhere")
    monkeypatch.setenv("CROSSPOST_DATABASE", "elsewhere")
    assert Settings().database == "sqlite:///data/crosspost.db"


def test_the_site_s_name_on_cards_is_one_for_all_or_one_a_language(config):
    def site(text, **environ):
        return dict(config.write(text).load(environ).card.site)

    assert site("") == {}
    assert site('[card]\nsite = " Site News "') == {"": "Site News"}
    assert site('[card.site]\nen = "Site News"\nru = "Новости"') == {"en": "Site News", "ru": "Новости"}
    assert site("", CROSSPOST_CARD__SITE="Site News") == {"": "Site News"}
