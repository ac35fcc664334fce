"""From files and environment to settings, or to every mistake in them at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import PydanticBaseSettingsSource

from crosspost.errors import ConfigError
from crosspost.settings import mistakes, unfit
from crosspost.settings.environment import environment, folder
from crosspost.settings.files import toml
from crosspost.settings.models import Settings
from crosspost.settings.origin import Origin, Source
from crosspost.settings.secrets import secrets_file


def load(path: Path, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings that the config file at `path` gives, with the secrets file beside it, the folder of secrets
    and the environment (`environ`, else the process's own) over it, each over the one before.

    Raises `ConfigError` with every mistake in all of them.
    """
    environ = os.environ if environ is None else environ
    config = toml(path)
    unfit_keys = {key: words for key, *words in unfit.unfit(config.tree)}
    tree = unfit.without(config.tree, unfit_keys)
    secrets, secret_problems = secrets_file(path, tree)
    in_folder, folder_problems, folder_strays = folder(environ, tree)
    in_environment, strays = environment(environ, tree)
    sources = (in_environment, in_folder, secrets, Source(tree, config.places))
    settings, found = _validated(sources, tree)
    origin = Origin(path, [source.places for source in sources], (*folder_strays, *strays))
    told = [origin.problem(key, *words) for key, words in unfit_keys.items()]
    told += [origin.problem(*mistake) for mistake in found]
    problems = [*told, *secret_problems, *folder_problems]
    if settings is None or problems:
        raise ConfigError(sorted(problems, key=lambda problem: (problem.file, problem.line or 0)))
    settings._origin = origin
    return settings


def _validated(sources: Sequence[Source], tree: Mapping[str, Any]) -> tuple[Settings | None, list[unfit.Mistake]]:
    found = [*unfit.bad_names(tree), *mistakes.in_feeds(sources, tree), *mistakes.in_templates(sources, tree)]
    try:
        layers = tuple(_Layer(source.tree) for source in sources)
        build: Callable[..., Settings] = Settings  # mypy knows a model's fields, not what BaseSettings takes beside
        return build(_build_sources=(layers, {})), found
    except ValidationError as error:  # it holds the values, so it is translated here and never chained
        return None, [*found, *mistakes.in_values(error)]


class _Layer(PydanticBaseSettingsSource):
    """Values that are read already, in the form in which pydantic-settings lays them over each other."""

    def __init__(self, tree: Mapping[str, Any]) -> None:
        super().__init__(Settings)
        self._tree = dict(tree)

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        return self._tree.get(field_name), field_name, False

    def __call__(self) -> dict[str, Any]:
        return self._tree
