"""Which keys a config may have, read off the models, and what to say of one that it may not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from crosspost.settings.models import CHANNELS, Channel, Feed, Settings, Summary
from crosspost.settings.near import did_you_mean
from crosspost.settings.origin import Key

Known = Mapping[str, Any]  # the keys of a table, each with its type

SECRETS = frozenset(name for channel in CHANNELS.values() for name in channel.SECRETS).union(Summary.SECRETS)
NAME = re.compile("(?!.*__)[a-z0-9_]+")
_GIVEN = frozenset({"name", "secrets"})  # fields that no key of the config file fills
_SECRETIVE = re.compile("token|secret|key(?!word)|passw", re.IGNORECASE)


def keys(model: type[BaseModel]) -> Known:
    """The keys of a model's table."""
    fields = model.model_fields.items()
    return {field.alias or name: field.annotation for name, field in fields if name not in _GIVEN}


def inner(kind: Any) -> Known:
    """The keys of a table inside a table; none when `kind` is a plain value."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return keys(kind)
    if get_origin(kind) in (Union, UnionType):
        return {key: value for part in get_args(kind) for key, value in inner(part).items()}
    arguments = get_args(kind)
    if arguments and get_origin(arguments[0]) is Literal and issubclass(get_origin(kind), Mapping):
        return dict.fromkeys(get_args(arguments[0]), str)
    return {}


def is_compound(kind: Any) -> bool:
    """Whether values of this type are lists or tables."""
    parts = get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)
    return any(get_origin(part) is tuple or inner(part) for part in parts)


def channel_models(table: Mapping[str, Any]) -> tuple[type[Channel], ...]:
    """The model of a channel's table, or every one while its platform is not known."""
    platform = table.get("platform")
    model = CHANNELS.get(platform) if isinstance(platform, str) else None
    return (model,) if model else tuple(CHANNELS.values())


def table_keys(section: str, table: Mapping[str, Any]) -> Known:
    """The keys of [feeds.NAME] or [channels.NAME]."""
    models = channel_models(table) if section == "channels" else (Feed,)
    return {key: kind for model in models for key, kind in keys(model).items()}


def named_tables(tree: Mapping[str, Any], section: str) -> Mapping[str, Mapping[str, Any]]:
    """The tables of a section by their names; what is no table is left out."""
    tables = tree.get(section)
    if not isinstance(tables, dict):
        return {}
    return {name: table for name, table in tables.items() if isinstance(table, dict)}


def known_keys(tree: Mapping[str, Any]) -> Iterator[tuple[Key, Any]]:
    """Every key that could stand in this config, with its type: those of its own feeds and channels and of the rest."""
    for key, kind in keys(Settings).items():
        if key in ("feeds", "channels"):
            for name, table in named_tables(tree, key).items():
                yield from _below((key, name), table_keys(key, table))
        else:
            yield from _below((), {key: kind})


def known_secrets(tree: Mapping[str, Any]) -> Iterator[Key]:
    """Every secret that this config could have."""
    for name, table in named_tables(tree, "channels").items():
        for secret in secret_names(table):
            yield ("channels", name, "secrets", secret)
    for secret in Summary.SECRETS:
        yield ("summary", "secrets", secret)


def secret_names(table: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of secrets that a channel's table could have."""
    return tuple(secret for model in channel_models(table) for secret in model.SECRETS)


def _below(path: Key, known: Known) -> Iterator[tuple[Key, Any]]:
    for key, kind in known.items():
        yield (*path, key), kind
        yield from _below((*path, key), inner(kind))


def is_secretive(key: str) -> bool:
    """Whether a key sounds as if its value were a secret."""
    return key.lower().replace("-", "_") in SECRETS or _SECRETIVE.search(key) is not None


def meant(key: str, known: Known) -> str:
    """The hint for an unknown key: where it belongs, or what was probably meant, or what there is."""
    return _elsewhere(key) or did_you_mean(key, known) or known_here(known)


def known_here(known: Iterable[str]) -> str:
    """The hint that lists what may stand in a place."""
    return f"Known here: {', '.join(sorted(known))}."


def _elsewhere(key: str) -> str:
    top = keys(Settings)
    if key in ("feeds", "channels") or inner(top.get(key)):
        return f"It is a table of its own: [{key}]."
    if key in top:
        return "It belongs at the top of the file, above the first [table]."
    tables = {f"[{table}]": inner(top[table]) for table in ("delivery", "network", "card", "summary")}
    tables["[feeds.NAME]"] = keys(Feed)
    for table, known in tables.items():
        if key in known:
            return f"It belongs in {table}."
    if key in inner(Channel.model_fields["pace"].annotation):
        return f"It belongs in a channel's pace = {{ {key} = ... }}."
    platforms = [platform for platform, model in CHANNELS.items() if key in keys(model)]
    if platforms:
        return f"It belongs in a channel with platform {' or '.join(platforms)}."
    return ""
