"""What the pretend platforms keep: posts and pictures, in SQLite, durable before an answer is sent."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_SCHEMA = """
create table if not exists posts (
    number integer primary key autoincrement,
    change integer not null,                 -- grows with every write, so that a page can ask what is new
    platform text not null,
    account text not null,
    id text not null,
    text text not null,
    link text not null,
    media text not null,                     -- ids, as a JSON list
    at real not null,                        -- seconds since the epoch, by the sandbox's clock
    deleted integer not null default 0,
    extra text not null default '{}',
    unique (platform, account, id)
);
create table if not exists media (
    number integer primary key autoincrement,
    platform text not null,
    account text not null,
    id text not null unique,
    data blob not null,
    media_type text not null,
    width integer not null,
    height integer not null,
    alt text not null default '',
    at real not null
);
create table if not exists uploads (         -- sessions of resumable uploads
    id text primary key,
    platform text not null,
    account text not null,
    about text not null,                     -- what it is for, as JSON
    size integer not null,                   -- bytes in all
    data blob not null,                      -- those that have arrived
    gone integer not null default 0,         -- forgotten
    post text not null default ''            -- the id of what it became
);
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """A post as a platform keeps it. `at` is aware UTC; `extra` holds what only its platform knows."""

    number: int
    change: int
    platform: str
    account: str
    id: str
    text: str
    link: str
    media: tuple[str, ...]
    at: datetime
    deleted: bool
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Media:
    """An uploaded picture or film; `width` and `height` are pixels."""

    platform: str
    account: str
    id: str
    data: bytes
    media_type: str
    width: int
    height: int
    alt: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Arriving:
    """A resumable upload: `data` of `size` bytes has arrived; `post` is the id of what it became, "" until then."""

    id: str
    account: str
    about: Mapping[str, Any]
    size: int
    data: bytes
    post: str


class Store:
    """Everything that was posted. Not safe for threads by itself: its sandbox holds a lock."""

    def __init__(self, path: Path | None) -> None:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        self._rows = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None)
        self._rows.row_factory = sqlite3.Row
        self._rows.execute("pragma synchronous = full")
        self._rows.executescript(_SCHEMA)

    def close(self) -> None:
        self._rows.close()

    def next_number(self) -> int:
        """The number that the next post will have."""
        row = self._rows.execute("select seq from sqlite_sequence where name = 'posts'").fetchone()
        return int(row["seq"]) + 1 if row else 1

    def add(
        self,
        platform: str,
        account: str,
        id: str,
        *,
        text: str,
        at: datetime,
        link: str = "",
        media: Sequence[str] = (),
        extra: Mapping[str, Any] | None = None,
    ) -> Stored:
        values = (platform, account, id, text, link, json.dumps(list(media)), at.timestamp(), json.dumps(extra or {}))
        self._rows.execute(
            "insert into posts (change, platform, account, id, text, link, media, at, extra)"
            " values ((select coalesce(max(change), 0) + 1 from posts), ?, ?, ?, ?, ?, ?, ?, ?)",
            values,
        )
        stored = self.post(platform, id, account)
        assert stored is not None
        return stored

    def post(self, platform: str, id: str, account: str | None = None) -> Stored | None:
        found = self._select("platform = ? and id = ? and coalesce(?, account) = account", platform, id, account)
        return found[0] if found else None

    def posts(self, platform: str, account: str | None = None) -> list[Stored]:
        """All of them, deleted ones too, oldest first."""
        return self._select("platform = ? and coalesce(?, account) = account", platform, account)

    def changed(self, after: int) -> list[Stored]:
        """What was posted or deleted since the change numbered `after`, oldest first."""
        return self._select("change > ?", after)

    def change(self) -> int:
        """The number of the last change, 0 when there was none."""
        return int(self._rows.execute("select coalesce(max(change), 0) from posts").fetchone()[0])

    def delete(self, stored: Stored) -> None:
        self._rows.execute(
            "update posts set deleted = 1, change = (select max(change) + 1 from posts) where number = ?",
            (stored.number,),
        )

    def add_media(self, media: Media) -> None:
        values = (media.platform, media.account, media.id, media.data, media.media_type, media.width, media.height)
        self._rows.execute(
            "insert into media (platform, account, id, data, media_type, width, height, alt, at)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*values, media.alt, media.at.timestamp()),
        )

    def next_media_number(self) -> int:
        return int(self._rows.execute("select coalesce(max(number), 0) + 1 from media").fetchone()[0])

    def media(self, id: str) -> Media | None:
        row = self._rows.execute("select * from media where id = ?", (id,)).fetchone()
        return _media(row) if row else None

    def pictures(self, stored: Stored) -> list[Media]:
        """The pictures or the film of a post, in its order."""
        return [media for media in map(self.media, stored.media) if media is not None]

    def sketches(self, stored: Stored) -> list[Media]:
        """The same without their bytes, which can be many."""
        columns = "platform, account, id, x'' as data, media_type, width, height, alt, at"
        rows = [
            self._rows.execute(f"select {columns} from media where id = ?", (id,)).fetchone() for id in stored.media
        ]
        return [_media(row) for row in rows if row]

    def begin_upload(self, platform: str, id: str, account: str, about: Mapping[str, Any], size: int) -> None:
        self._rows.execute(
            "insert into uploads (id, platform, account, about, size, data) values (?, ?, ?, ?, ?, x'')",
            (id, platform, account, json.dumps(about), size),
        )

    def uploads(self) -> int:
        """How many were begun."""
        return int(self._rows.execute("select count(*) from uploads").fetchone()[0])

    def upload(self, id: str) -> Arriving | None:
        row = self._rows.execute("select * from uploads where id = ? and not gone", (id,)).fetchone()
        if row is None:
            return None
        return Arriving(
            row["id"], row["account"], json.loads(row["about"]), row["size"], bytes(row["data"]), row["post"]
        )

    def keep_upload(self, id: str, data: bytes, post: str = "") -> None:
        """What has arrived of it by now, and the post that it became."""
        self._rows.execute("update uploads set data = ?, post = ? where id = ?", (data, post, id))

    def forget_upload(self, id: str) -> None:
        self._rows.execute("update uploads set gone = 1 where id = ?", (id,))

    def describe_media(self, id: str, alt: str) -> None:
        self._rows.execute("update media set alt = ? where id = ?", (alt, id))

    def _select(self, where: str, *values: object) -> list[Stored]:
        rows = self._rows.execute(f"select * from posts where {where} order by number", values)
        return [_stored(row) for row in rows.fetchall()]


def _stored(row: sqlite3.Row) -> Stored:
    return Stored(
        number=row["number"],
        change=row["change"],
        platform=row["platform"],
        account=row["account"],
        id=row["id"],
        text=row["text"],
        link=row["link"],
        media=tuple(json.loads(row["media"])),
        at=_moment(row["at"]),
        deleted=bool(row["deleted"]),
        extra=json.loads(row["extra"]),
    )


def _media(row: sqlite3.Row) -> Media:
    columns = ("platform", "account", "id", "data", "media_type", "width", "height", "alt")
    return Media(**{name: row[name] for name in columns}, at=_moment(row["at"]))


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
