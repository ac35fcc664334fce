"""A config in a folder of its own, read with an environment of its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from crosspost.errors import ConfigError
from crosspost.settings import load

EMPTY: Mapping[str, str] = {}


class Config:
    """A config file that a test writes and reads."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "crosspost.toml"
        self.secrets = folder / "secrets.toml"

    def write(self, text: str, secrets: str | None = None, mode: int = 0o600):
        self.path.write_text(text, encoding="utf-8")
        if secrets is not None:
            self.secrets.write_text(secrets, encoding="utf-8")
            self.secrets.chmod(mode)
        return self

    def load(self, environ: Mapping[str, str] = EMPTY):
        return load(self.path, environ)

    def problems(self, environ: Mapping[str, str] = EMPTY):
        with pytest.raises(ConfigError) as caught:
            self.load(environ)
        return caught.value.problems

    def problem(self, environ: Mapping[str, str] = EMPTY):
        """The one mistake there is."""
        (problem,) = self.problems(environ)
        return problem


@pytest.fixture
def config(tmp_path) -> Config:
    return Config(tmp_path)
