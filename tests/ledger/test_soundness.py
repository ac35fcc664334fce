"""What `db check` sees. Each contradiction is made behind the ledger's back."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, text, update

from crosspost.ledger import Ledger, soundness, views
from crosspost.ledger.tables import attempts, events, posts
from crosspost.post import Receipt, State
from tests.bring import article, bring
from tests.fakes import NOON


@pytest.fixture
def full(ledger: Ledger) -> Ledger:
    """Three posts, the first of them sent."""
    for entry in bring(ledger, *map(article, range(3)))[:1]:
        ledger.sent(entry, Receipt("1", "https://social.example/1"), "the platform has it")
    return ledger


def do(ledger: Ledger, *statements) -> None:
    with ledger.engine.begin() as connection:
        for statement in statements:
            connection.execute(statement)


def test_a_ledger_that_worked_is_sound(full) -> None:
    assert soundness.findings(full.engine) == []
    size = soundness.size(full.engine)
    assert (size.articles, size.posts, size.events, size.last_change) == (3, 3, 4, NOON)


CALL = {"post_id": 2, "number": 1, "owner": "o", "began_at": NOON, "text": "t", "link": "", "media": "[]"}
SENDING = {"state": State.SENDING, "text": "t", "link": "", "attempts": 1}
RECEIPT = {"state": State.SENT, "remote_id": "1", "address": "https://social.example/1"}


@pytest.mark.parametrize(
    ("statements", "sentence"),
    [
        ([update(posts).where(posts.c.id == 2).values(state=State.HELD)], "another state than these posts are in: 2."),
        ([update(posts).where(posts.c.id == 2).values(SENDING)], "being sent, but no call lives: 2."),
        ([insert(attempts).values(CALL)], "have a living call, but are not being sent: 2."),
        ([update(posts).where(posts.c.id == 3).values(attempts=4)], "count other calls than were begun: 3."),
        (
            [
                update(posts).where(posts.c.id == 2).values(RECEIPT),
                insert(events).values(at=NOON, post_id=2, what=State.SENT, why="", by="x"),
            ],
            "share one receipt with another of their channel: 1, 2.",
        ),
    ],
)
def test_a_contradiction_is_named_with_its_posts(full, statements, sentence) -> None:
    do(full, *statements)
    assert any(found.endswith(sentence) for found in soundness.findings(full.engine))


def test_a_post_without_a_word_in_the_log_is_named(full) -> None:
    post = views.everything(full)[0]
    columns = [column.name for column in posts.c if column.name not in ("id", "channel")]
    names = ", ".join(f'"{name}"' for name in columns)
    with full.engine.begin() as connection:
        connection.execute(
            text(f"INSERT INTO posts ({names}, channel) SELECT {names}, 'vk_ru' FROM posts WHERE id = {post.id}")
        )
    assert "The log knows nothing of these posts: 4." in soundness.findings(full.engine)


def test_a_damaged_page_is_found(file_ledger, tmp_path) -> None:
    bring(file_ledger, *map(article, range(300)))
    file_ledger.close()
    path = tmp_path / "ledger.db"
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 4096] = bytes(4096)
    path.write_bytes(content)
    assert any("damaged" in found for found in soundness.findings(file_ledger.engine))
