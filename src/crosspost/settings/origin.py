"""Where each value came from, so that a mistake can be shown where a person will mend it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crosspost.errors import Problem

# The path of a value: ("channels", "x_en", "pace", "gap"), or ("channels", "x_en", "secrets", "api_key").
Key = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A spot that a person can go to: a line of a file, or an environment variable (then `key` is its name)."""

    file: str
    line: int | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Values from one place, as nested tables, and the spot of each of them."""

    tree: Mapping[str, Any] = field(default_factory=dict, repr=False)  # may hold secrets
    places: Mapping[Key, Place] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Origin:
    """The config file, the spots of all values (the winning source first), and what in the environment fits nothing."""

    path: Path
    layers: Sequence[Mapping[Key, Place]]
    strays: Sequence[Problem] = ()

    @property
    def secrets(self) -> Path:
        """The secrets file that belongs to the config file, there or not."""
        return secrets_beside(self.path)

    def problem(self, key: Key, problem: str, hint: str = "") -> Problem:
        """The mistake at `key`, told at its own spot or, where it is not given, at the nearest table around it."""
        place = self._place(key)
        return Problem(place.file, place.line, place.key or dotted(key), problem, hint)

    def _place(self, key: Key) -> Place:
        for layer in self.layers:
            for end in range(len(key), 0, -1):
                if key[:end] in layer:
                    return layer[key[:end]]
        return Place(str(self.path))


def secrets_beside(config: Path) -> Path:
    """The secrets file of a config file: its neighbour."""
    return config.with_name("secrets.toml")


def dotted(key: Key) -> str:
    """A path as people write it: channels.x_en.feeds[0]."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in plain(key)).lstrip(".")


def plain(key: Key) -> Key:
    """A path as the files spell it, where a secret stands in the table of what it belongs to."""
    is_secret = len(key) > 2 and key[0] in ("channels", "summary") and key[-2] == "secrets"
    return (*key[:-2], key[-1]) if is_secret else key


def given(sources: Sequence[Source], key: Key) -> Any:
    """The value at `key` as the first source gives it that has one; `None` when none has."""
    for source in sources:
        value: Any = source.tree
        for part in key:
            value = value.get(part) if isinstance(value, dict) else None
        if value is not None:
            return value
    return None
