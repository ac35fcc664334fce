"""What other tools remember."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from crosspost import predecessors
from crosspost.errors import CrosspostError
from tests.bring import article
from tests.fakes import NOON

SENT = article(1, published=NOON)
OTHER = article(2, published=NOON + timedelta(minutes=1))


def database(path: Path, *statements: str) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return path


def text(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    return path


@pytest.fixture(params=["feed2toot", "feed2toot by link", "feed2exec", "feed2exec by title", "feed2fedi", "feediverse"])
def file(request, tmp_path: Path) -> Path:
    """What a tool keeps that has sent the first article."""
    cache = tmp_path / "cache"
    feed2exec = "CREATE TABLE feedcache (name text, guid text, PRIMARY KEY (name, guid))"
    match request.param:
        case "feed2toot":
            return text(cache, "guid-0\nguid-1\n")
        case "feed2toot by link":
            return text(cache, "http://www.site.example/en/1?utm_source=feed\n")
        case "feed2exec":
            return database(cache, feed2exec, "INSERT INTO feedcache VALUES ('news', 'guid-1')")
        case "feed2exec by title":
            return database(cache, feed2exec, "INSERT INTO feedcache VALUES ('news', 'Headline 1')")
        case "feed2fedi":
            table = "CREATE TABLE share (url TEXT PRIMARY KEY, shared_ts INT) WITHOUT ROWID"
            return database(cache, table, f"INSERT INTO share VALUES ('{SENT.link}', 1)")
        case _:
            updated = f"updated: '{NOON.isoformat()}'"
            return text(cache, f"access_token: hidden\nfeeds:\n- url: https://site.example/rss\n{updated}\n")


def test_what_each_tool_has_sent_is_known(file: Path, request) -> None:
    memory = predecessors.read(file)
    assert memory.tool == request.node.callspec.params["file"].split()[0]
    assert memory.holds(SENT)
    assert not memory.holds(OTHER)


def test_no_token_of_another_tool_is_kept(tmp_path: Path) -> None:
    file = text(tmp_path / "feediverse", f"access_token: hidden\nfeeds: []\nupdated: {NOON.isoformat()}\n")
    assert "hidden" not in repr(predecessors.read(file))


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"\xff\xfe\x00\x01", b"one\x00two"], ids=["empty", "blank", "binary", "zeros"]
)
def test_what_no_tool_writes_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "cache"
    file.write_bytes(content)
    with pytest.raises(CrosspostError, match="is not what feed2toot"):
        predecessors.read(file)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("feeds: []\nupdated: yesterday\naccess_token: hidden\n", "without a readable"),
        ("feeds: []\n", "without a readable"),
    ],
)
def test_a_feediverse_config_must_tell_when(tmp_path: Path, content: str, sentence: str) -> None:
    with pytest.raises(CrosspostError, match=sentence) as caught:
        predecessors.read(text(tmp_path / "feediverse", content))
    assert "hidden" not in str(caught.value)


def test_another_database_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CrosspostError, match="is not what feed2toot"):
        predecessors.read(database(tmp_path / "cache", "CREATE TABLE bookmarks (url)"))


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(CrosspostError, match="cannot be read: No such file"):
        predecessors.read(tmp_path / "cache")
