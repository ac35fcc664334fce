"""Values by name: from environment variables, and from a folder with one file a value.

CROSSPOST_CHANNELS__X_EN__API_KEY is api_key of [channels.x_en]. Names know no case; lists and tables are written as
JSON. Only what could stand in the config is taken: feeds and channels themselves come from the file.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from crosspost.errors import Problem
from crosspost.settings import schema
from crosspost.settings.near import did_you_mean
from crosspost.settings.origin import Key, Place, Source, plain

SECRETS_DIR = "CROSSPOST_SECRETS_DIR"
_PREFIX = "CROSSPOST_"
# What the command line reads for itself, and what points the tests at their reference material.
_NOT_SETTINGS = frozenset({"CROSSPOST_CONFIG", SECRETS_DIR, "CROSSPOST_REFERENCE"})

Tree = Mapping[str, Any]


def environment(environ: Mapping[str, str], tree: Tree) -> tuple[Source, list[Problem]]:
    """The values that environment variables give, and a problem for each variable that fits nothing in `tree`."""
    return _named(environ, tree, lambda name: Place("environment", None, name))


def folder(environ: Mapping[str, str], tree: Tree) -> tuple[Source, list[Problem], list[Problem]]:
    """The values in the folder that CROSSPOST_SECRETS_DIR names, what could not be read, and what fits nothing."""
    name = environ.get(SECRETS_DIR, "")
    if not name:
        return Source(), [], []
    texts, problems = _read(Path(name))
    source, strays = _named(texts, tree, lambda file: Place(str(Path(name, file))))
    return source, problems, strays


def variable(key: Key) -> str:
    """The environment variable that gives the value at `key`."""
    return _PREFIX + "__".join(str(part) for part in plain(key)).upper()


def _named(texts: Mapping[str, str], tree: Tree, place: Callable[[str], Place]) -> tuple[Source, list[Problem]]:
    known = {variable(key): (key, kind) for key, kind in _possible(tree)}
    values: dict[Key, Any] = {}
    places: dict[Key, Place] = {}
    strays = []
    for name in _ours(texts):
        if name.upper() not in known:
            strays.append(_stray(place(name), name, known))
            continue
        key, kind = known[name.upper()]
        values[key] = _decoded(texts[name].strip(), kind)
        places[key] = place(name)
    return Source(nested(values), places), strays


def _possible(tree: Tree) -> Iterator[tuple[Key, Any]]:
    yield from schema.known_keys(tree)
    for key in schema.known_secrets(tree):
        yield key, str


def _ours(texts: Mapping[str, str]) -> Iterator[str]:
    """The names that begin with ours. An empty value is as good as none: compose files pass those on."""
    for name, text in texts.items():
        if name.upper().startswith(_PREFIX) and name not in _NOT_SETTINGS and text.strip():
            yield name


def _stray(place: Place, name: str, known: Mapping[str, Any]) -> Problem:
    bare = {known_name.removeprefix(_PREFIX) for known_name in known}
    near = did_you_mean(name.upper().removeprefix(_PREFIX), bare)
    hint = near.replace('"', f'"{_PREFIX}', 1) or "Its feed or channel must stand in the config, and its key exist."
    return Problem(place.file, None, name, "fits nothing in the config, so it is not used.", hint)


def _decoded(text: str, kind: Any) -> Any:
    if not schema.is_compound(kind):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text  # which is then refused as no list, at its place


def _read(directory: Path) -> tuple[dict[str, str], list[Problem]]:
    texts: dict[str, str] = {}
    problems = []
    try:
        files = sorted(path for path in directory.iterdir() if path.is_file())
    except (OSError, ValueError):
        return {}, [Problem("environment", None, SECRETS_DIR, "names a folder that cannot be read.", "Mend the path.")]
    for path in files:
        if not path.name.upper().startswith(_PREFIX):
            continue
        try:
            texts[path.name] = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            problems.append(Problem(str(path), None, "", "the file cannot be read as text.", "Mend its rights."))
    return texts, problems


def nested(values: Mapping[Key, Any]) -> dict[str, Any]:
    """Values by their paths as tables in tables; a longer path speaks over a shorter one."""
    tree: dict[str, Any] = {}
    for key in sorted(values, key=len):
        table = tree
        for part in key[:-1]:
            deeper = table.get(str(part))
            if not isinstance(deeper, dict):
                deeper = table[str(part)] = {}
            table = deeper
        table[str(key[-1])] = values[key]
    return tree
