"""Keys that may not stand in a config: unknown ones, misplaced ones, secrets."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from crosspost.settings import schema
from crosspost.settings.models import Settings
from crosspost.settings.origin import Key, dotted

Tree = Mapping[str, Any]
Mistake = tuple[Key, str, str]  # where, what is wrong, what to do


def bad_names(tree: Tree) -> Iterator[Mistake]:
    """Feeds and channels whose names cannot be names of environment variables too."""
    for section in ("feeds", "channels"):
        for name in schema.named_tables(tree, section):
            if not schema.NAME.fullmatch(name):
                hint = "Use small letters, digits and single underscores: news_en."
                yield (section, name), "this name cannot be used.", hint


def unfit(tree: Tree) -> Iterator[Mistake]:
    """The keys that may not stand where they stand."""
    yield from _in_table((), tree, schema.keys(Settings))
    for section in ("feeds", "channels"):
        for name, table in schema.named_tables(tree, section).items():
            yield from _in_table((section, name), table, schema.table_keys(section, table))


def without(tree: Tree, unfit: Collection[Key], path: Key = ()) -> dict[str, Any]:
    """The config without those keys."""
    return {
        key: without(value, unfit, (*path, key)) if isinstance(value, dict) else value
        for key, value in tree.items()
        if (*path, key) not in unfit
    }


def _in_table(path: Key, table: Tree, known: schema.Known) -> Iterator[Mistake]:
    for key, value in table.items():
        if key not in known:
            yield ((*path, key), *_words(path, key, value, known))
        elif isinstance(value, dict):
            yield from _in_table((*path, key), value, schema.inner(known[key]) or dict.fromkeys(value))


def _words(path: Key, key: str, value: object, known: schema.Known) -> tuple[str, str]:
    if schema.is_secretive(key):
        table = "channels.NAME"
        if path and path[0] in ("channels", "summary"):
            table = dotted(path[:2] if path[0] == "channels" else path[:1])
        hint = f"Move it to secrets.toml beside this file, under [{table}]; replace it if others saw this file."
        return "a secret may not stand in this file.", hint
    what = "table" if isinstance(value, dict) else "key"
    return f"this {what} is not known here.", schema.meant(key, known)
