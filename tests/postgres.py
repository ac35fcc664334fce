"""A PostgreSQL of our own for the tests: a server on a unix socket in a temporary folder, empty for each test.

Debian keeps initdb and pg_ctl off the PATH, and PostgreSQL refuses to run as root: both are minded here.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from crosspost.ledger import database
from crosspost.ledger.schema import metadata

_DEBIAN = Path("/usr/lib/postgresql")
# Nothing here outlives the test run, so nothing is worth waiting for a disk.
_CAREFREE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=16MB", "listen_addresses=")
_MIGRATED = "migrated"


class Postgres:
    """A running server, reached through its socket in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._say(f"CREATE DATABASE {_MIGRATED}")
        database.connect(self.url(_MIGRATED)).dispose()
        self._emptying = self._connect(_MIGRATED)
        self._emptying.execute("SET session_replication_role = replica")  # no trigger and no foreign key minds
        sequences = self._emptying.execute("SELECT sequencename FROM pg_sequences").fetchall()
        others = f"datname = '{_MIGRATED}' AND pid <> pg_backend_pid()"
        self._empty = "; ".join(
            (
                f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}",
                f"LOCK TABLE {', '.join(metadata.tables)}",  # until none of those writes any more
                *(f"DELETE FROM {table}" for table in metadata.tables),
                *(f"ALTER SEQUENCE {name} RESTART" for (name,) in sequences),
            )
        )

    def close(self) -> None:
        self._emptying.close()

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://crosspost@/{name}?host={self._folder}"

    @contextmanager
    def ledger(self) -> Iterator[str]:
        """The URL of an empty ledger: the same one emptied after each use.

        To make a new one takes hundreds of times as long, and TRUNCATE ten times: it gives each table new files.
        """
        try:
            yield self.url(_MIGRATED)
        finally:
            self._emptying.execute(self._empty)

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The URL of a new database without any table."""
        name = f"empty_{uuid.uuid4().hex}"
        self._say(f"CREATE DATABASE {name}")
        try:
            yield self.url(name)
        finally:
            self._say(f"DROP DATABASE {name} WITH (FORCE)")

    def _say(self, statement: str) -> None:
        with self._connect("postgres") as connection:
            connection.execute(statement)

    def _connect(self, name: str) -> psycopg.Connection[Any]:
        return psycopg.connect(host=str(self._folder), user="crosspost", dbname=name, autocommit=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The server; the test is skipped where PostgreSQL is not installed."""
    tools = _tools()
    if tools is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    # Not pytest's own folder: that is root's alone, and its path can be too long for a socket.
    folder = Path(tempfile.mkdtemp(prefix="crosspost-pg-"))
    try:
        with _server(tools, folder), closing(Postgres(folder)) as running:
            yield running
    finally:
        shutil.rmtree(folder)


def _tools() -> Path | None:
    """The folder with initdb and pg_ctl: Debian's newest, else the one on the PATH."""
    numbered = [path for path in _DEBIAN.glob("*/bin") if path.parent.name.isdigit() and (path / "pg_ctl").exists()]
    if numbered:
        return max(numbered, key=lambda path: int(path.parent.name))
    found = shutil.which("pg_ctl")
    return Path(found).resolve().parent if found else None


@contextmanager
def _server(tools: Path, folder: Path) -> Iterator[None]:
    data, options = folder / "data", " ".join(f"-c {setting}" for setting in _CAREFREE)
    as_whom = _not_root(folder)

    def run(tool: str, *arguments: str) -> None:
        done = subprocess.run(  # not through pipes: the server would hold them open
            [tools / tool, "-D", data, *arguments],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
            **as_whom,
        )
        if done.returncode != 0:
            log = folder / "log"
            pytest.fail(f"{tool} ended with {done.returncode}: {log.read_text() if log.exists() else 'no log'}")

    run("initdb", "--username=crosspost", "--auth=trust", "--encoding=UTF8", "--no-sync")
    run("pg_ctl", "start", "--wait", "--log", str(folder / "log"), "-o", f"{options} -k {folder}")
    try:
        yield
    finally:
        run("pg_ctl", "stop", "--wait", "--mode=immediate")  # by the process id in its data folder


def _not_root(folder: Path) -> dict[str, Any]:
    """How to run a program as somebody who owns `folder` and is not root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
