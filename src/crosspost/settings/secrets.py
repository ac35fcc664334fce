"""The secrets file, and the secrets that are still missing."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from crosspost.errors import ConfigError, Problem
from crosspost.settings import schema
from crosspost.settings.environment import nested, variable
from crosspost.settings.files import toml
from crosspost.settings.models import Settings, Summary
from crosspost.settings.near import did_you_mean
from crosspost.settings.origin import Key, Origin, Place, Source, secrets_beside

Tree = Mapping[str, Any]


def secrets_file(config: Path, tree: Tree) -> tuple[Source, list[Problem]]:
    """The secrets beside the config file, for what stands in `tree`; a file that others can read is not used."""
    path = secrets_beside(config)
    try:
        if not path.exists():
            return Source(), []
        if os.name == "posix" and path.stat().st_mode & 0o077:
            problem = "other users of this machine can read the secrets in this file."
            return Source(), [Problem(str(path), None, "", problem, f"Run: chmod 600 {path}")]
        return _placed(path, toml(path), tree)
    except ConfigError as error:
        return Source(), list(error.problems)
    except OSError as error:
        problem = f"the file cannot be looked at: {error.strerror}."
        return Source(), [Problem(str(path), None, "", problem, "Mend the rights of its folder.")]


def _placed(path: Path, source: Source, tree: Tree) -> tuple[Source, list[Problem]]:
    """Secrets as they stand in the file, at their places in the settings, and what stands there but is none."""
    origin = Origin(path, [source.places])
    channels = schema.named_tables(tree, "channels")
    values: dict[Key, Any] = {}
    places: dict[Key, Place] = {}
    problems = []
    for key, value in _entries(source.tree):
        mistake = _mistake(key, value, channels)
        if mistake is not None:
            told = origin.problem(key, *mistake)
            problems.append(Problem(told.file, told.line, _speakable(key), told.problem, told.hint))
        elif _is_secret(key, channels) and str(value).strip():
            secret = (*key[:-1], "secrets", key[-1])
            values[secret] = value
            places[secret] = source.places[key]
    return Source(nested(values), places), problems


def _entries(tree: Tree) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Whatever stands in the file, no deeper than a secret does."""
    for section, tables in tree.items():
        yield (section,), tables
        if section not in ("channels", "summary") or not isinstance(tables, dict):
            continue
        for name, table in tables.items():
            yield (section, name), table
            if section == "channels" and isinstance(table, dict):
                yield from (((section, name, secret), value) for secret, value in table.items())


def _is_secret(key: tuple[str, ...], channels: Mapping[str, Tree]) -> bool:
    return len(key) == 2 if key[0] == "summary" else len(key) == 3 and key[1] in channels


def _mistake(key: tuple[str, ...], value: object, channels: Mapping[str, Tree]) -> tuple[str, str] | None:
    """What is wrong with the last part of `key`, and a hint."""
    if key[0] not in ("channels", "summary"):
        return "is not a table of secrets.", "Secrets stand under [channels.NAME], and under [summary]."
    if key[0] == "summary":
        return _mistake_in_summary(key, value)
    if len(key) < 3 and not isinstance(value, dict):
        return "is not a table.", "Secrets stand under [channels.NAME]."
    if len(key) == 2 and key[1] not in channels:
        return "there is no channel of this name in the config.", did_you_mean(key[1], channels)
    if len(key) == 3 and key[1] in channels:
        known = schema.secret_names(channels[key[1]])
        if key[2] not in known:
            return "is not a secret of this channel.", did_you_mean(key[2], known) or schema.known_here(known)
    return None


def _mistake_in_summary(key: tuple[str, ...], value: object) -> tuple[str, str] | None:
    if len(key) == 1 and not isinstance(value, dict):
        return "is not a table.", 'Write [summary], and below it api_key = "...".'
    if len(key) == 2 and key[1] not in Summary.SECRETS:
        return "is not a secret of the summaries' writer.", schema.known_here(Summary.SECRETS)
    return None


def _speakable(key: tuple[str, ...]) -> str:
    """The key as it may be shown: a name and its secret may have changed sides."""
    return ".".join(part if re.fullmatch("[a-z_]{1,32}", part) or i < 2 else "…" for i, part in enumerate(key))


def missing_secret_problems(settings: Settings) -> list[Problem]:
    """A problem for each secret that an enabled channel or the summaries' writer lacks; its hint names where to put
    it."""
    lacking = {
        f"channels.{channel.name}": channel.missing_secrets for channel in settings.channels.values() if channel.enabled
    } | {"summary": settings.summary.missing_secrets}
    return [_missing(settings, table, secret) for table, secrets in lacking.items() for secret in secrets]


def _missing(settings: Settings, table: str, secret: str) -> Problem:
    path = settings.origin.secrets
    given_by = variable((*table.split("."), "secrets", secret))
    hint = f'Write {secret} = "..." under [{table}] in {path}, or set {given_by}.'
    also = " (or user_token)" if secret == "community_token" else ""
    return Problem(str(path), None, f"{table}.{secret}", f"the secret {secret}{also} is missing.", hint)
