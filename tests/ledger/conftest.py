"""The ledger under test, on both databases."""

from __future__ import annotations

import shutil

import pytest

from crosspost.ledger import Ledger, database
from tests.fakes import Clock
from tests.postgres import postgres

__all__ = ["postgres"]


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory):
    """An empty ledger in a file, to copy: quicker than to migrate a new one."""
    path = tmp_path_factory.mktemp("migrated") / "ledger.db"
    database.connect(f"sqlite:///{path}").dispose()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger_url(request, tmp_path):
    """The address of an empty ledger, on each database in turn."""
    if request.param == "sqlite":
        path = shutil.copy(request.getfixturevalue("migrated_file"), tmp_path)
        yield f"sqlite:///{path}"
        return
    with request.getfixturevalue("postgres").ledger() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request, tmp_path):
    """The address of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    with request.getfixturevalue("postgres").empty() as url:
        yield url


@pytest.fixture
def file_ledger(migrated_file, tmp_path, clock):
    """A ledger on SQLite, for what concerns files alone."""
    opened = Ledger(f"sqlite:///{shutil.copy(migrated_file, tmp_path)}", clock)
    yield opened
    opened.close()


@pytest.fixture
def ledger(ledger_url, clock):
    opened = Ledger(ledger_url, clock)
    yield opened
    opened.close()
