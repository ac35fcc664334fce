"""Backups, and going back to them."""

from __future__ import annotations

import shutil

import pytest
from sqlalchemy import insert, select

from crosspost.errors import LedgerError
from crosspost.ledger import Ledger, copies, soundness, views
from crosspost.ledger.intake import Reading
from crosspost.ledger.owner import AlreadyOwned
from crosspost.ledger.rows import FeedRow
from crosspost.ledger.schema import metadata
from crosspost.ledger.tables import subscriptions
from crosspost.post import Receipt, State
from tests.bring import article, bring, take_in
from tests.fakes import NOON


def rows(ledger: Ledger) -> dict[str, list]:
    with ledger.reading() as connection:
        return {
            table.name: sorted(map(str, connection.execute(select(table)).all())) for table in metadata.sorted_tables
        }


def fill(ledger: Ledger) -> None:
    with ledger.own("run") as owner:
        bring(ledger, *map(article, range(1, 6)), channels=("x_en", "vk_ru"))
        ledger.sent(views.everything(ledger)[0], Receipt("1", "https://social.example/1"), "the platform has it")
        ledger.beat(owner)


@pytest.fixture
def backup(ledger, tmp_path):
    fill(ledger)
    file = tmp_path / "kept" / "backup.db"
    copies.backup(ledger.engine, file)
    return file


def test_a_backup_is_a_ledger_with_every_row(ledger, backup, clock) -> None:
    copy = Ledger(f"sqlite:///{backup}", clock)
    assert rows(copy) == rows(ledger)
    assert soundness.findings(copy.engine) == []
    copy.close()


def test_a_backup_is_one_file(backup) -> None:
    assert [path.name for path in backup.parent.iterdir()] == ["backup.db"]


def test_a_backup_is_never_written_over(ledger, backup) -> None:
    was = backup.read_bytes()
    with pytest.raises(LedgerError, match="is there already"):
        copies.backup(ledger.engine, backup)
    assert backup.read_bytes() == was


def test_a_backup_that_cannot_be_written_leaves_nothing(ledger, tmp_path) -> None:
    (tmp_path / "taken").write_text("a file, where a folder is wanted")
    with pytest.raises(LedgerError, match="could not be written"):
        copies.backup(ledger.engine, tmp_path / "taken" / "backup.db")


def test_a_backup_goes_into_either_database_and_the_ledger_goes_on(backup, empty_url, clock) -> None:
    copies.restore(empty_url, backup, clock())
    restored = Ledger(empty_url, clock)
    assert len(views.everything(restored)) == 10
    assert {entry.state for entry in bring(restored, article(6))} == {State.DUE}  # numbers are not given out twice
    assert soundness.findings(restored.engine) == []
    restored.close()


def test_after_a_restore_every_feed_is_read_and_every_channel_looked_at_anew(
    ledger, tmp_path, empty_url, clock
) -> None:
    take_in(ledger, Reading(FeedRow("news", etag='"1"', modified="Mon", read_at=NOON)))
    with ledger.engine.begin() as connection:
        joined = {"feed": "news", "channel": "x_en", "joined_at": NOON, "looked_at": NOON}
        connection.execute(insert(subscriptions).values(joined))
    copies.backup(ledger.engine, tmp_path / "backup.db")
    copies.restore(empty_url, tmp_path / "backup.db", clock())
    restored = Ledger(empty_url, clock)
    feed = restored.feeds()["news"]
    assert (feed.etag, feed.modified, feed.read_at) == ("", "", None)
    with restored.reading() as connection:
        assert connection.execute(select(subscriptions.c.looked_at)).scalars().all() == [None]
    restored.close()


def test_the_former_file_is_kept(file_ledger, tmp_path, clock) -> None:
    path = tmp_path / "ledger.db"
    copies.backup(file_ledger.engine, tmp_path / "backup.db")
    bring(file_ledger)
    file_ledger.close()
    aside = copies.restore(f"sqlite:///{path}", tmp_path / "backup.db", clock())
    former, now = Ledger(f"sqlite:///{aside}", clock), Ledger(f"sqlite:///{path}", clock)
    assert (len(views.everything(former)), len(views.everything(now))) == (1, 0)
    former.close()
    now.close()


def test_a_damaged_ledger_can_be_replaced(file_ledger, tmp_path, clock) -> None:
    path = tmp_path / "ledger.db"
    copies.backup(file_ledger.engine, tmp_path / "backup.db")
    file_ledger.close()
    path.write_bytes(b"nothing that SQLite knows" * 100)
    aside = copies.restore(f"sqlite:///{path}", tmp_path / "backup.db", clock())
    assert aside is not None and aside.read_bytes().startswith(b"nothing that")
    Ledger(f"sqlite:///{path}", clock).close()


def test_nothing_is_replaced_while_somebody_works(file_ledger, tmp_path, clock) -> None:
    copies.backup(file_ledger.engine, tmp_path / "backup.db")
    with file_ledger.own("run"), pytest.raises(AlreadyOwned):
        copies.restore(str(file_ledger.engine.url), tmp_path / "backup.db", clock())


def test_postgresql_must_be_empty(postgres, tmp_path, clock) -> None:
    with postgres.ledger() as url:
        full = Ledger(url, clock)
        bring(full)
        copies.backup(full.engine, tmp_path / "backup.db")
        with pytest.raises(LedgerError, match="into an empty database only"):
            copies.restore(url, tmp_path / "backup.db", clock())
        assert len(views.everything(full)) == 1
        full.close()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "There is no backup"),
        (b"", "no backup of a ledger"),
        (b"text" * 500, "no backup of a ledger, or a damaged"),
    ],
    ids=["missing", "empty", "foreign"],
)
def test_what_is_no_backup_is_refused(file_ledger, tmp_path, clock, content, sentence) -> None:
    file = tmp_path / "backup.db"
    if content is not None:
        file.write_bytes(content)
    before = rows(file_ledger)
    with pytest.raises(LedgerError, match=sentence):
        copies.restore(str(file_ledger.engine.url), file, clock())
    assert rows(file_ledger) == before


def test_a_damaged_backup_is_refused(file_ledger, tmp_path, clock) -> None:
    bring(file_ledger, *map(article, range(200)))
    file = tmp_path / "backup.db"
    copies.backup(file_ledger.engine, file)
    content = bytearray(file.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 8192] = bytes(8192)
    file.write_bytes(content)
    with pytest.raises(LedgerError, match="damaged"):
        copies.restore(str(file_ledger.engine.url), file, clock())


def test_a_plain_copy_of_the_file_serves_as_well(file_ledger, tmp_path, clock) -> None:
    bring(file_ledger)
    file_ledger.close()
    shutil.copy(tmp_path / "ledger.db", tmp_path / "plain.db")
    copies.restore(f"sqlite:///{tmp_path / 'new.db'}", tmp_path / "plain.db", clock())
    new = Ledger(f"sqlite:///{tmp_path / 'new.db'}", clock)
    assert len(views.everything(new)) == 1
    new.close()
