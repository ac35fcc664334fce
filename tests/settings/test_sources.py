"""Secrets and overrides: the secrets file, the folder of secrets, the environment, and which of them wins."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest

from crosspost.settings import advice, missing_secret_problems

TEXT = """
database = "sqlite:///file.db"
[feeds.news]
url = "https://site.example/rss.xml"
[channels.x_en]
platform = "x"
[channels.vk]
platform = "vk"
community = 1
"""

X_KEY = "CROSSPOST_CHANNELS__X_EN__API_KEY"


def secret(settings, name: str = "api_key", channel: str = "x_en"):
    value = settings.channels[channel].secrets.get(name)
    return value and value.get_secret_value()


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "run-secrets"
    path.mkdir()
    return path


def test_the_environment_wins_over_the_folder_and_the_folder_over_the_file(config, folder):
    config.write(TEXT, '[channels.x_en]\napi_key = "file"')
    assert secret(config.load()) == "file"
    (folder / X_KEY).write_text("folder\n")
    environ = {"CROSSPOST_SECRETS_DIR": str(folder)}
    assert secret(config.load(environ)) == "folder"
    assert secret(config.load(environ | {X_KEY: "environment"})) == "environment"


def test_secrets_of_one_channel_may_come_from_three_places(config, folder):
    config.write(TEXT, '[channels.x_en]\napi_key = "file"')
    (folder / "crosspost_channels__x_en__api_secret").write_text("folder")
    settings = config.load(
        {"CROSSPOST_SECRETS_DIR": str(folder), "CROSSPOST_CHANNELS__X_EN__ACCESS_TOKEN": "environment"}
    )
    names = ("api_key", "api_secret", "access_token")
    assert [secret(settings, name) for name in names] == ["file", "folder", "environment"]
    assert settings.channels["x_en"].missing_secrets == ("access_token_secret",)


@pytest.mark.parametrize("name", [X_KEY, X_KEY.lower(), "crosspost_Channels__x_EN__Api_Key"])
def test_names_know_no_case(config, folder, name):
    assert secret(config.write(TEXT).load({name: "k"})) == "k"
    (folder / name).write_text("k")
    assert secret(config.load({"CROSSPOST_SECRETS_DIR": str(folder)})) == "k"


def test_an_empty_variable_or_secret_is_as_good_as_none(config):
    config.write(TEXT, '[channels.x_en]\napi_key = "file"\napi_secret = " "')
    settings = config.load({X_KEY: "", "CROSSPOST_DATABASE": " "})
    assert secret(settings) == "file"
    assert settings.database == "sqlite:///file.db"
    assert "api_secret" in settings.channels["x_en"].missing_secrets


def test_plain_settings_are_overridden_too(config, folder):
    (folder / "CROSSPOST_DATABASE").write_text("postgresql+psycopg://user:word@db.example/crosspost\n")
    settings = config.write(TEXT).load(
        {
            "CROSSPOST_SECRETS_DIR": str(folder),
            "CROSSPOST_TIMEZONE": "Asia/Tokyo",
            "CROSSPOST_DELIVERY__TIMEOUT": "5s",
            "CROSSPOST_DELIVERY__RETRY": '["3s"]',
            "CROSSPOST_NETWORK__ALLOW_PRIVATE": "true",
            "CROSSPOST_FEEDS__NEWS__URL": "http://127.0.0.1/rss",
            "CROSSPOST_FEEDS__NEWS__FIRST_RUN": "3",
            "CROSSPOST_CHANNELS__X_EN__ENABLED": "false",
            "CROSSPOST_CHANNELS__X_EN__PACE__GAP": "1h",
            "CROSSPOST_CHANNELS__X_EN__EXCEPT": '{"words": ["advertisement"]}',
            "CROSSPOST_CHANNELS__X_EN__TEMPLATE": "{{ title }}",
        }
    )
    feed, channel = settings.feeds["news"], settings.channels["x_en"]
    assert settings.database == "postgresql+psycopg://user:word@db.example/crosspost"
    assert settings.timezone.key == "Asia/Tokyo"
    assert (settings.delivery.timeout, settings.delivery.retry) == (timedelta(seconds=5), (timedelta(seconds=3),))
    assert settings.network.allow_private is True
    assert (feed.url, feed.first_run) == ("http://127.0.0.1/rss", 3)
    assert (channel.enabled, channel.pace.gap, channel.template) == (False, timedelta(hours=1), "{{ title }}")
    assert channel.except_.words == ("advertisement",)
    assert advice(settings) == []


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("CROSSPOST_DELIVERY__TIMEOUT", "soon", "not a duration"),
        ("CROSSPOST_DELIVERY__RETRY", "1m", "not a list"),
        ("CROSSPOST_DELIVERY__RETRY", '["soon"]', "not a duration"),
        ("CROSSPOST_DELIVERY__RETRY", "[" * 5000, "not a list"),
        ("CROSSPOST_CHANNELS__X_EN__FEEDS", '["nwes"]', "no feed of this name"),
        ("CROSSPOST_CHANNELS__X_EN__TEMPLATE", "{{ titel }}", "titel"),
        ("CROSSPOST_CHANNELS__X_EN__API_KEY", "two words", "a space"),
        ("crosspost_database", "x", "not a database"),
        ("CROSSPOST_SECRETS_DIR", "/nowhere/at/all", "cannot be read"),
    ],
)
def test_a_mistake_in_the_environment_is_told_by_its_variable(config, name, value, problem):
    told = config.write(TEXT).problem({name: value})
    assert (told.file, told.line, told.key) == ("environment", None, name)
    assert problem in told.problem


def test_a_mistake_in_the_folder_is_told_by_its_file(config, folder):
    file = folder / X_KEY
    environ = {"CROSSPOST_SECRETS_DIR": str(folder)}
    file.write_text("two words")
    assert (config.write(TEXT).problem(environ).file, config.problem(environ).key) == (
        str(file),
        "channels.x_en.api_key",
    )
    file.write_bytes(b"\xff\xfe")
    assert (config.problem(environ).file, config.problem(environ).problem) == (
        str(file),
        "the file cannot be read as text.",
    )


def test_other_files_in_the_folder_are_left_alone(config, folder):
    (folder / "postgres_password").write_bytes(b"\xff")
    (folder / "..data").mkdir()
    (folder / "CROSSPOST_CONFIG").write_text("elsewhere")
    assert advice(config.write(TEXT).load({"CROSSPOST_SECRETS_DIR": str(folder)})) == []


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("CROSSPOST_CHANNELS__X_EN__API_KYE", f'Did you mean "{X_KEY}"?'),
        ("crosspost_databse", 'Did you mean "CROSSPOST_DATABASE"?'),
        ("CROSSPOST_CHANNELS__VK__API_KEY", ""),
        ("CROSSPOST_CHANNELS__OTHER__PLATFORM", ""),
        ("CROSSPOST_FEEDS", ""),
        ("CROSSPOST_QQQ", "must stand in the config"),
    ],
)
def test_a_variable_that_fits_nothing_is_no_mistake_but_worth_a_word(config, name, hint):
    (told,) = advice(config.write(TEXT).load({name: "HUSH"}))
    assert (told.file, told.key) == ("environment", name)
    assert "fits nothing" in told.problem
    assert hint in told.hint
    assert "HUSH" not in str(told)


def test_variables_of_other_programs_and_of_the_command_line_are_left_alone(config):
    environ = {"HOME": "/", "CROSSPOSTER": "1", "CROSSPOST_CONFIG": "c", "CROSSPOST_REFERENCE": "r"}
    assert advice(config.write(TEXT).load(environ)) == []


def test_the_processes_own_environment_is_the_default(config, monkeypatch):
    from crosspost.settings import load

    monkeypatch.setenv(X_KEY, "own")
    assert secret(load(config.write(TEXT).path)) == "own"


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660, 0o601])
def test_a_secrets_file_that_others_can_open_is_refused(config, mode):
    problem = config.write(TEXT, '[channels.x_en]\napi_key = "HUSH"', mode).problem()
    assert (problem.file, problem.line) == (str(config.secrets), None)
    assert "other users" in problem.problem
    assert problem.hint == f"Run: chmod 600 {config.secrets}"


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_secrets_file_of_ones_own_is_read(config, mode):
    assert secret(config.write(TEXT, '[channels.x_en]\napi_key = "k"', mode).load()) == "k"


@pytest.mark.parametrize(
    ("secrets", "line", "key", "problem", "hint"),
    [
        ('[channels.x_en]\napi_kye = "HUSH"', 2, "channels.x_en.api_kye", "not a secret", 'Did you mean "api_key"?'),
        ('[channels.x_en]\npage_token = "HUSH"', 2, "channels.x_en.page_token", "not a secret", "access_token"),
        ('[channels.x_en]\nHUSH99 = "api_key"', 2, "channels.x_en.…", "not a secret", "Known here: access_token"),
        ('[channels.x_en]\nfeeds = ["news"]', 2, "channels.x_en.feeds", "not a secret", "Known here"),
        ('[channels.x_en]\n\napi_key = 123456789', 3, "channels.x_en.api_key", "not text", "quotes"),
        ('[channels.x_en]\napi_key = "HUSH HUSH"', 2, "channels.x_en.api_key", "a space", "Copy it again"),
        ('[channels.x_en]\napi_key = "ключ"', 2, "channels.x_en.api_key", "a foreign letter", "Copy it again"),
        ('[channels.x_eng]\napi_key = "HUSH"', 1, "channels.x_eng", "no channel of this name", 'Did you mean "x_en"?'),
        ('channels.x_en = "HUSH"', 1, "channels.x_en", "not a table", "[channels.NAME]"),
        ('[x_en]\napi_key = "HUSH"', 1, "x_en", "not a table of secrets", "[channels.NAME]"),
        ("channels = 5", 1, "channels", "not a table", "[channels.NAME]"),
        ("[channels.x_en]\napi_key = HUSH", 2, "", "not TOML", "quotes"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_secrets_file_is_told(config, secrets, line, key, problem, hint):
    told = config.write(TEXT, secrets).problem()
    assert (told.file, told.line, told.key) == (str(config.secrets), line, key)
    assert problem in told.problem
    assert hint in told.hint
    assert "HUSH" not in str(told)


def test_mistakes_of_both_files_come_together(config):
    problems = config.write(TEXT + "communty = 2", '[channels.vk]\nuser_tokn = "HUSH"').problems()
    assert [(problem.file, problem.line) for problem in problems] == [(str(config.path), 10), (str(config.secrets), 2)]


@pytest.mark.parametrize(
    ("channel", "given", "missing"),
    [
        ('platform = "x"', (), ("api_key", "api_secret", "access_token", "access_token_secret")),
        ('platform = "x"', ("api_key", "access_token"), ("api_secret", "access_token_secret")),
        ('platform = "vk"\ncommunity = 1', (), ("community_token",)),
        ('platform = "vk"\ncommunity = 1', ("service_token",), ("community_token",)),
        ('platform = "vk"\ncommunity = 1', ("community_token",), ()),
        ('platform = "vk"\ncommunity = 1', ("user_token",), ()),
        ('platform = "facebook"\npage = "1"', ("app_id",), ("page_token",)),
        ('platform = "facebook"\npage = "1"', ("page_token",), ()),
        ('platform = "youtube"\nchannel = "UC1"', (), ()),
        ('platform = "youtube"\nchannel = "UC1"\nmode = "api"', (), ("client_id", "client_secret", "refresh_token")),
        ('platform = "youtube"\nchannel = "UC1"\nmode = "video"', (), ("client_id", "client_secret", "refresh_token")),
    ],
)
def test_secrets_that_are_missing(config, channel, given, missing):
    secrets = "[channels.c]\n" + "".join(f'{name} = "k"\n' for name in given)
    settings = config.write(f"[channels.c]\n{channel}\n", secrets).load()
    assert settings.channels["c"].missing_secrets == missing
    assert [problem.key for problem in missing_secret_problems(settings)] == [f"channels.c.{name}" for name in missing]


def test_a_missing_secret_is_told_with_the_place_to_put_it(config):
    (problem,) = missing_secret_problems(config.write('[channels.fb]\nplatform = "facebook"\npage = "1"').load())
    assert problem.problem == "the secret page_token is missing."
    assert problem.hint == (
        f'Write page_token = "..." under [channels.fb] in {config.secrets}, or set CROSSPOST_CHANNELS__FB__PAGE_TOKEN.'
    )


def test_a_channel_that_is_not_enabled_misses_nothing(config):
    assert missing_secret_problems(config.write('[channels.x]\nplatform = "x"\nenabled = false').load()) == []
