"""An empty ledger for a life, on both databases."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import pytest

from tests.ledger.conftest import migrated_file
from tests.postgres import postgres

__all__ = ["migrated_file", "postgres"]


@pytest.fixture
def empty(migrated_file, tmp_path) -> Callable[[], str]:
    """The address of another empty ledger in a file, each time it is called."""

    def one_more() -> str:
        for left in tmp_path.glob("ledger.db*"):
            if left.suffix != ".ballast":  # it says nothing, and the disk is slow to find room for it
                left.unlink()
        return f"sqlite:///{shutil.copy(migrated_file, tmp_path / 'ledger.db')}"

    return one_more
