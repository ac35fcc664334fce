"""The docs and the sample files are true: every key is told, and every example is a config."""

from __future__ import annotations

import re
import tomllib
from datetime import timedelta

import pytest

from crosspost.settings import advice, missing_secret_problems
from crosspost.settings.models import CHANNELS, Card, Channel, Delivery, Feed, Network, Pace, Summary
from crosspost.settings.schema import SECRETS, known_keys
from tests.reference import ROOT

DOCS = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", DOCS, re.DOTALL)
SECRET_EXAMPLE = re.findall(r"```toml secrets\n(.*?)```", DOCS, re.DOTALL)[0]

# One feed, one channel of each platform: all keys that there are.
EVERYTHING = {"feeds": {"f": {}}, "channels": {name: {"platform": name} for name in CHANNELS}}
KEYS = sorted({".".join(map(str, path[2:] if path[0] in EVERYTHING else path)) for path, _ in known_keys(EVERYTHING)})


def documented(key: str) -> bool:
    """Whether a row of a table, or a header, speaks of the key by its last name."""
    name = key.rpartition(".")[2]
    return f"`{name}`" in DOCS or f"[{key}]" in DOCS


@pytest.mark.parametrize("key", [*KEYS, *sorted(SECRETS)])
def test_every_key_is_in_the_docs(key):
    assert documented(key)


def test_the_docs_speak_of_no_key_that_is_not_there():
    rows = re.findall(r"^\| (?:x \| |vk \| |facebook \| |youtube \| )?`(\w+)` \|", DOCS, re.MULTILINE)
    assert set(rows) <= {key.rpartition(".")[2] for key in KEYS} | SECRETS


@pytest.mark.parametrize("text", EXAMPLES)
def test_every_example_is_a_config(config, text):
    assert config.write(text).load()


def test_the_examples_use_every_key():
    assert {path[-1] for path, _ in known_keys(EVERYTHING)} - set(re.findall(r"\w+", "".join(EXAMPLES))) == {
        "term",
        "content",
        "id",
    }


def test_the_example_of_secrets_is_whole(config):
    platforms = next(text for text in EXAMPLES if "resend_with_guid" in text)
    settings = config.write(platforms, SECRET_EXAMPLE).load()
    assert {secret for channel in settings.channels.values() for secret in channel.secrets} == SECRETS
    assert set(settings.summary.secrets) == set(Summary.SECRETS)


def default(key: str, model: type) -> str:
    """The default that the docs give in a key's row, in the chapter of its table where that has one."""
    chapter = {Delivery: "## Delivery", Summary: "## Summaries by"}.get(model, "# ")
    return re.findall(rf"`{key}` \| .* \| (.*) \|$", DOCS[DOCS.index(chapter) :], re.MULTILINE)[0]


@pytest.mark.parametrize(
    ("model", "key"),
    [
        (Feed, "every"),
        (Feed, "first_run"),
        (Feed, "burst"),
        (Channel, "hashtags_from_categories"),
        (Channel, "pictures"),
        (Channel, "approve"),
        (Channel, "enabled"),
        (Pace, "expires"),
        (CHANNELS["vk"], "resend_with_guid"),
        (CHANNELS["facebook"], "api_version"),
        (CHANNELS["youtube"], "mode"),
        (CHANNELS["youtube"], "privacy"),
        (CHANNELS["youtube"], "made_for_kids"),
        (CHANNELS["youtube"], "category"),
        (Delivery, "settle"),
        (Delivery, "retry"),
        (Delivery, "confirm_after"),
        (Delivery, "timeout"),
        (Delivery, "breaker"),
        (Network, "allow_private"),
        (Summary, "writer"),
        (Summary, "provider"),
        (Summary, "daily_budget"),
        (Summary, "output_tokens"),
        (Summary, "timeout"),
        (Card, "background"),
        (Card, "text"),
        (Card, "accent"),
    ],
)
def test_the_docs_give_the_true_default(model, key):
    told = tomllib.loads(f"value = {default(key, model).strip('`')}")["value"]
    assert in_seconds(told) == in_seconds(model.model_fields[key].default)


def in_seconds(value):
    """Durations as numbers, however they are written, alone or in lists."""
    if isinstance(value, list | tuple):
        return [in_seconds(item) for item in value]
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, str) and re.fullmatch(r"\d+[smhd]", value):
        return int(value[:-1]) * {"s": 1, "m": 60, "h": 3600, "d": 86400}[value[-1]]
    return value


def test_the_sample_files_are_a_config_and_its_secrets(config):
    sample = (ROOT / "config" / "crosspost.toml").read_text(encoding="utf-8")
    secrets = (ROOT / "config" / "secrets.example.toml").read_text(encoding="utf-8")
    settings = config.write(sample, secrets).load()
    assert advice(settings) == []
    assert {channel.platform for channel in settings.channels.values()} == set(CHANNELS)
    filled = config.write(sample, secrets.replace('""', '"x"')).load()
    assert missing_secret_problems(filled) == []
    assert {secret for channel in filled.channels.values() for secret in channel.secrets} == SECRETS
