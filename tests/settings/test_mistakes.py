"""Each mistake is told with its line, its key, what is wrong and what was probably meant."""

from __future__ import annotations

import os

import pytest

FEED = '[feeds.news_en]\nurl = "https://site.example/rss.xml"\n'  # lines 1 and 2
X = "[channels.c]\nplatform = 'x'\n"
FACEBOOK = "[channels.c]\nplatform = 'facebook'\n"
YOUTUBE = "[channels.c]\nplatform = 'youtube'\n"

MISTAKES = [
    # text, line, key, what is wrong, what was meant
    ('timezone = "Europe/Minks"', 1, "timezone", "not a time zone", 'Did you mean "Europe/Minsk"?'),
    ("timezone = 3", 1, "timezone", "not a time zone", '"UTC"'),
    ('timezone = "../../etc/passwd"', 1, "timezone", "not a time zone", '"UTC"'),
    ('databse = "x"', 1, "databse", "key is not known", 'Did you mean "database"?'),
    ("Timezone = 1", 1, "Timezone", "key is not known", 'Did you mean "timezone"?'),
    ("[feed.news]\nurl = 1", 1, "feed", "table is not known", 'Did you mean "feeds"?'),
    ("feeds = 5", 1, "feeds", "not a table", "[header]"),
    ("feeds.x = 5", 1, "feeds.x", "not a table", "[header]"),
    ("[[channels.x]]\nplatform='x'", 1, "channels.x", "not a table", "single brackets"),
    ("\n[feeds.f]\nevery = '5m'", 2, "feeds.f.url", "is required", "[feeds.f]"),
    ("\n[feeds.f]\nurl = 5", 3, "feeds.f.url", "not a web address", "https://site.example/rss.xml"),
    (FEED + "langage = 'en'", 3, "feeds.news_en.langage", "key is not known", 'Did you mean "language"?'),
    (FEED + "language = 'en-GB'", 3, "feeds.news_en.language", "not a language code", '"en"'),
    (FEED + "burst = -1", 3, "feeds.news_en.burst", "under 0", ""),
    (FEED + "burst = true", 3, "feeds.news_en.burst", "not a whole number", "without quotes"),
    (FEED + "timezone = 'UTC'", 3, "feeds.news_en.timezone", "key is not known", "at the top of the file"),
    (FEED + "settle = '2m'", 3, "feeds.news_en.settle", "key is not known", "It belongs in [delivery]."),
    (FEED + "gap = '2m'", 3, "feeds.news_en.gap", "key is not known", "pace = { gap = ... }"),
    (FEED + "delivery = {}", 3, "feeds.news_en.delivery", "table is not known", "table of its own: [delivery]"),
    (FEED + "zzz = 1", 3, "feeds.news_en.zzz", "key is not known", "Known here: burst, every, first_run"),
    ("[channels.c]\n", 1, "channels.c.platform", "is required", "x, vk, facebook, youtube"),
    ("[channels.c]\nplatform = 'twitter'", 2, "channels.c.platform", "not a platform", 'Did you mean "x"?'),
    ("[channels.c]\nplatform = 'VK'", 2, "channels.c.platform", "not a platform", 'Did you mean "vk"?'),
    ("[channels.c]\nplatform = 'faceboko'", 2, "channels.c.platform", "not a platform", 'Did you mean "facebook"?'),
    ("[channels.c]\nplatform = 'myspace'", 2, "channels.c.platform", "not a platform", "x, vk, facebook, youtube"),
    ("[channels.c]\nplatform = 5", 2, "channels.c.platform", "not a platform", "x, vk, facebook, youtube"),
    (FEED + X + "feeds = [\n 'news_en',\n 'news_eng' ]", 7, "channels.c.feeds[1]", "no feed", '"news_en"?'),
    (FEED + X + "feeds = ['q']", 5, "channels.c.feeds[0]", "no feed", "The feeds are:"),
    (FEED + X + "feeds = 'news_en'", 5, "channels.c.feeds", "not a list", "brackets"),
    (FEED + X + "feeds = []", 5, "channels.c.feeds", "names no feed", "Leave it out"),
    (X + "community = 5", 3, "channels.c.community", "not known", "platform vk"),
    ("[card]\nbackground = 'navy'", 2, "card.background", "not a colour", '"#14213d"'),
    ("[card]\naccent = '#14213'", 2, "card.accent", "not a colour", "six digits"),
    ("[card]\ntext = 5", 2, "card.text", "not a colour", '"#14213d"'),
    ("[card]\ntext = '#1a2a40'", 1, "card", "hardly be read on its background", "darker or lighter"),
    ("[card]\nsite = 5", 2, "card.site", "not a name", '"Site News"'),
    ("[card]\nsite = ' '", 2, "card.site", "not a name", '"Site News"'),
    ("[card]\nsite = { russian = 'Новости' }", 2, "card.site", "not a language code", "ru ="),
    ("[card]\ncolour = '#14213d'", 2, "card.colour", "not known", "Known here"),
    ("card = 'blue'", 1, "card", "not a table", ""),
    (X + "accent = '#14213d'", 3, "channels.c.accent", "not known", "[card]"),
    (X + "pictures = 'cards'", 3, "channels.c.pictures", "none of the words", '"card"'),
    (X + "approve = 'maybe'", 3, "channels.c.approve", "neither true nor false", "quotes"),
    (X + "hashtags = ['Belarus']", 3, "channels.c.hashtags[0]", "not a hashtag", '"#Belarus"'),
    (X + "utm.sorce = 'x'", 3, "channels.c.utm.sorce", "not known", 'Did you mean "source"?'),
    (X + "utm.source = 5", 3, "channels.c.utm.source", "not text", "quotes"),
    (X + "pace = { slots = [\n], expire = '1d' }", 4, "channels.c.pace.expire", "not known", "expires"),
    (X + "pace = '10m'", 3, "channels.c.pace", "not a table", "braces"),
    (X + "pace.slots = ['9:00', '25:00']", 3, "channels.c.pace.slots[1]", "time of day", "23:59"),
    (X + "pace.expires = '1s'", 3, "channels.c.pace.expires", "shorter than 1m", '"1m"'),
    (X + "only = {}", 3, "channels.c.only", "nothing to look for", "categories"),
    (X + "except.wrods = ['a']", 3, "channels.c.except.wrods", "not known", '"words"'),
    (X + "keywords = ['a']", 3, "channels.c.keywords", "not known", "Known here"),
    (X + "length = 10", 3, "channels.c.length", "under 30", ""),
    (X + "proxy = 'proxy:3128'", 3, "channels.c.proxy", "not a web address", "http://proxy"),
    (X + "proxy = 'http://p/?a'", 3, "channels.c.proxy", "more than a proxy's address", "port"),
    (X + "endpoint = 'http://h?a'", 3, "channels.c.endpoint", "with ? or #", "paths"),
    ("[channels.c]\nplatform = 'vk'", 1, "channels.c.community", "is required", "[channels.c]"),
    ("[channels.c]\nplatform = 'vk'\ncommunity = -777", 3, "channels.c.community", "community's number", "minus"),
    (FACEBOOK + "page = 1010", 3, "channels.c.page", "not a Page's id", "in quotes"),
    (FACEBOOK + "page = '1'\napi_version = '25'", 4, "channels.c.api_version", "version", "v25.0"),
    (YOUTUBE + "channel = '@name'", 3, "channels.c.channel", "not a channel's id", "begins with UC"),
    (YOUTUBE + "channel = 'UC1'\nprivacy = 'private'", 4, "channels.c.privacy", "is for videos", 'mode = "video"'),
    (YOUTUBE + "mode = 'api'\nchannel = 'UC1'\ncategory = 25", 5, "channels.c.category", "is for videos", "out"),
    (YOUTUBE + "mode = 'video'\nchannel = 'UC1'\nprivacy = 'hidden'", 5, "channels.c.privacy", "none of", "unlisted"),
    (YOUTUBE + "mode = 'video'\nchannel = 'UC1'\ncategory = 0", 5, "channels.c.category", "1", ""),
    (YOUTUBE + "channel = 'UC1'\nmode = 'assist'", 4, "channels.c.mode", "none of", '"assisted"'),
    ("[delivery]\nretry = [\n'1m',\n'soon']", 4, "delivery.retry[1]", "not a duration", '"10s"'),
    ("[delivery]\nretry = []", 2, "delivery.retry", "is empty", "at least one"),
    ("[delivery]\nretry = ['0s']", 2, "delivery.retry[0]", "shorter than 1s", '"1s"'),
    ("[delivery]\nconfirm_after = ['5m', '1m']", 2, "delivery.confirm_after", "does not grow", "end of the call"),
    ("[delivery]\ntimeout = 20", 2, "delivery.timeout", "not a duration", '"10s"'),
    ("[network]\nallow_private = 'perhaps'", 2, "network.allow_private", "neither true nor false", "without quotes"),
    # Quoted, dotted and inline keys stand where they stand.
    ("a = 1\n'feeds'.\"f\".'url' = 5", 1, "a", "not known", ""),
    ("\n'feeds'.\"f\".'url' = 5", 2, "feeds.f.url", "not a web address", ""),
    ("delivery = { retry = [\n'1m' ], timeout = 'x' }", 2, "delivery.timeout", "not a duration", ""),
    ('[channels.c] # "\nplatform = """\nx"""\nlength = "?"', 4, "channels.c.length", "not a whole number", ""),
    # A secret in the wrong file.
    (X + "api_key = 'HUSH'", 3, "channels.c.api_key", "secret", "secrets.toml"),
    (X + "vk_token = 'HUSH'", 3, "channels.c.vk_token", "secret", "[channels.c]"),
    (X + "App-Id = 'HUSH'", 3, "channels.c.App-Id", "secret", "secrets.toml"),
    (X + "utm = { my_secret = 'HUSH' }", 3, "channels.c.utm.my_secret", "secret", "secrets.toml"),
    (X + "secrets = { q = 'HUSH' }", 3, "channels.c.secrets", "secret", "secrets.toml"),
    (FEED + "password = 'HUSH'", 3, "feeds.news_en.password", "secret", "secrets.toml"),
    ("llm_key = 'HUSH'", 1, "llm_key", "secret", "secrets.toml"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "key", "problem", "hint"), MISTAKES)
def test_a_mistake_is_told(config, text, line, key, problem, hint):
    told = {told.key: told for told in config.write(text).problems()}
    assert key in told
    found = told[key]
    assert (found.file, found.line) == (str(config.path), line)
    assert problem in found.problem
    assert hint in found.hint
    assert "HUSH" not in str(found)


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(config):
    config.write(
        'timezone = "Mars"\n[feeds.f]\nurl = "?"\nevry = "5m"\n[channels.c]\nplatform = "x"\nfeeds = ["g"]\n'
        'template = "{{ titel }}"\nurgent = 5\n[delivery]\ntimeout = "soon"\nbreaker = "no"'
    )
    assert [problem.line for problem in config.problems()] == [1, 3, 4, 7, 8, 9, 11, 12]


def test_a_template_with_an_unknown_variable_is_refused_where_it_stands(config):
    config.write('[channels.c]\nplatform = "x"\ntemplate = """\n{{ titel }}\n"""')
    problem = config.problem()
    assert (problem.line, problem.key) == (3, "channels.c.template")
    assert "titel" in problem.problem


@pytest.mark.parametrize(
    ("text", "line", "problem", "hint"),
    [
        ("a = 1\nb = hello", 2, "invalid value", "Text stands in quotes"),
        ("\na = 5m\nb = 1", 2, "expected newline", "Text stands in quotes"),
        ("a = 1\na = 2\n\n", 2, "cannot overwrite", "once"),
        ("[feeds]\n[feeds]\n", 2, "twice", "once"),
        ("[a]\n\nurl\nb = 1", 3, "expected '='", "key = value"),
        ('a = "x\nb = 1', 1, "illegal character", "three quotes"),
        ('a = "C:\\dir"', 1, "unescaped", "two backslashes"),
        ("a = {\nb = 1 }", 1, "invalid initial", "on one line"),
        ("a = [1,\n2,\n", 2, "invalid value", "not closed"),
        ("[a", 1, "expected ']'", "not closed"),
        ('a = """\n\n', 1, "unterminated", "not closed"),
        ("a = " + "9" * 5000, 1, "too long", ""),
        ("a = " + "[" * 50_000, None, "too deeply", ""),
    ],
)
def test_what_is_not_toml_is_told_in_one_sentence_with_its_line(config, text, line, problem, hint):
    told = config.write(text).problem()
    assert told.line == line
    assert problem in told.problem
    assert hint in told.hint
    assert "\n" not in str(told)


def test_a_config_that_is_not_there_is_told_with_the_next_step(config):
    problem = config.problem()
    assert problem.problem == f"there is no config at {config.path}."
    assert "config/crosspost.toml" in problem.hint
    assert "--config" in problem.hint


def test_a_config_that_is_a_folder_cannot_be_read(config):
    config.path.mkdir()
    assert "cannot be read" in config.problem().problem


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_config_without_rights_cannot_be_read(config):
    config.write("")
    config.path.chmod(0)
    assert "cannot be read" in config.problem().problem


def test_a_config_in_another_encoding_is_told_with_its_line(config):
    config.path.write_bytes('a = 1\nb = "привет"'.encode("cp1251"))
    problem = config.problem()
    assert (problem.line, "UTF-8" in problem.problem, "Save it as UTF-8" in problem.hint) == (2, True, True)


def test_a_file_from_windows_is_read_and_keeps_its_lines(config):
    config.path.write_bytes(b'\xef\xbb\xbftimezone = "UTC"\r\n\r\n[delivery]\r\nbreaker = "x"\r\n')
    assert (config.problem().line, config.problem().key) == (4, "delivery.breaker")
