"""What another tool remembers of the articles it has sent, so that moving to crosspost sends none of them again.

    feed2toot    a text file, an item's id (else its guid, else its link) a line
    feed2exec    SQLite, table `feedcache`: an item's id, or its title where it has none
    feed2fedi    SQLite, table `share`: an item's link
    feediverse   YAML, `updated`: everything dated until then was sent. The file holds that tool's tokens too, which
                 are not looked at

The formats are those that these tools' own releases write: feed2toot 0.17, feed2exec 0.23, feed2fedi 3.5 to 4.0 and
feediverse 0.4.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from crosspost.article import Article
from crosspost.errors import CrosspostError
from crosspost.text import links

_SQLITE = b"SQLite format 3\x00"
_TABLES = {"feedcache": ("feed2exec", "guid"), "share": ("feed2fedi", "url")}


@dataclass(frozen=True, slots=True)
class Memory:
    """What a tool remembers: items by id, link or title, or that all until a time (aware) were sent."""

    tool: str
    items: frozenset[str] = frozenset()
    until: datetime | None = None

    def holds(self, article: Article) -> bool:
        """Whether the tool has sent the article."""
        if self.until is not None and article.published is not None and article.published <= self.until:
            return True
        if {article.guid, article.link, article.title} & self.items:
            return True
        return bool(article.link) and links.canonical(article.link) in self.items


def read(file: Path) -> Memory:
    """The memory that `file` holds, whichever tool wrote it. Raises `CrosspostError` for what none of them writes."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise CrosspostError(f"{file} cannot be read: {error.strerror}.") from error
    if content.startswith(_SQLITE):
        return _of_database(file)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CrosspostError(_foreign(file)) from None
    return _of_settings(file, text) or _of_lines(file, text)


def _of_database(file: Path) -> Memory:
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            for table, (tool, column) in _TABLES.items():
                if table in names:
                    rows = connection.execute(f"SELECT {column} FROM {table}")
                    return Memory(tool, _known(str(value) for (value,) in rows if value))
    except sqlite3.Error as error:
        raise CrosspostError(f"{file} cannot be read: {error}.") from error
    raise CrosspostError(_foreign(file))


def _of_settings(file: Path, text: str) -> Memory | None:
    """feediverse's settings, which is also where it keeps its memory; None for any other text."""
    import yaml

    try:
        settings = yaml.safe_load(text)
    except yaml.YAMLError:
        return None  # the error would show the text, tokens included
    if not isinstance(settings, dict) or "feeds" not in settings:
        return None
    until = _moment(settings.get("updated"))
    if until is None:
        raise CrosspostError(f"{file} is a feediverse config without a readable `updated`, so it tells nothing.")
    return Memory("feediverse", until=until)


def _moment(value: object) -> datetime | None:
    try:
        found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _of_lines(file: Path, text: str) -> Memory:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines or any("\x00" in line for line in lines):
        raise CrosspostError(_foreign(file))
    return Memory("feed2toot", _known(lines))


def _known(items: Iterable[str]) -> frozenset[str]:
    """The items as they stand, and addresses in the form in which addresses are compared."""
    known = frozenset(items)
    return known | {links.canonical(item) for item in known if item.startswith(("http://", "https://"))}


def _foreign(file: Path) -> str:
    return f"{file} is not what feed2toot, feed2exec, feed2fedi or feediverse keep; name the file of one of them."
