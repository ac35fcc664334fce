"""What a long history costs: a ledger of 1,000,000 articles beside an empty one, whole process each.

    python benchmarks/million.py [RUNS [FOLDER]]

Start-up is `crosspost status`, and `crosspost once` with a feed of 1000 items that brings nothing new; the work is
`once` with 1000 new articles for one X channel. With FOLDER the ledger is kept there for the next time: to make it
takes a minute or two, and 2 GB.
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from measure import SECRETS, Run, config, measured, median, stand_in
from sqlalchemy import ColumnElement, Connection, Integer, Table, Text, case, cast, func, insert, literal, select
from thousand_posts import ITEMS

from crosspost.article import Article
from crosspost.ledger import Ledger, codec
from crosspost.ledger.intake import Reading
from crosspost.ledger.rows import FeedRow
from crosspost.ledger.tables import Instant, articles, attempts, events, marks, posts
from crosspost.post import State
from crosspost.text import links

ARTICLES = 1_000_000
_CHUNK = 5_000  # articles that arrive at one moment
_EVERY = timedelta(days=9)  # so the history is five years long
_SKIPPED = 10  # every tenth article is filtered, the others were sent
_N = "NUMBER"  # stands for an article's number in the texts below
_ADDRESS = f"https://site.example/en/old-{_N}"
_GUID = f"old-report-{_N}"
_TITLE = f"Old report {_N}: the instrument holds"
_TEXT = f"{_TITLE}\n\nThe instrument was switched on at dawn and worked for nine hours without a fault.\n\n{_ADDRESS}"
_BODY = codec.dump(
    Article(
        feed="news",
        title=_TITLE,
        link=_ADDRESS,
        guid=_GUID,
        description="The instrument was switched on at dawn and worked for nine hours without a fault. "
        "Its builders had expected two. The next campaign begins in spring, when the ice is thick enough again.",
        language="en",
        published=datetime(2026, 1, 1, tzinfo=UTC),
    )
)


def fill(ledger: Ledger, articles_wanted: int) -> None:
    """Bring so many articles into an empty ledger, as if `once` had taken them up and sent them long ago."""
    now = datetime.now(UTC)
    _meet(ledger, now - _EVERY)
    for first in range(1, articles_wanted + 1, _CHUNK):
        left = articles_wanted - first
        with ledger.engine.begin() as connection:
            _take_up(connection, first, min(first + _CHUNK, articles_wanted + 1), now - _EVERY * (1 + left // _CHUNK))


def _meet(ledger: Ledger, at: datetime) -> None:
    """The feed and the channel know each other, so that nothing is a first run."""
    with ledger.intake() as intake:
        intake.write([Reading(FeedRow("news", first_read_at=at, read_at=at), joined=("x_en",))])
    ledger.looked_at("x_en", ["news"])


def _take_up(connection: Connection, first: int, end: int, at: datetime) -> None:
    """The articles numbered `first` to `end`, their posts, calls and events, all of the same moment."""
    numbers = select(literal(first, Integer).label("n")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < end - 1))
    n, was_sent = numbers.c.n, numbers.c.n % _SKIPPED != 0
    moment = literal(at, Instant)

    def add(table: Table, *where: ColumnElement[bool], **columns: object) -> None:
        values = [one if isinstance(one, ColumnElement) else literal(one) for one in columns.values()]
        connection.execute(insert(table).from_select(list(columns), select(*values).select_from(numbers).where(*where)))

    def told(text: str) -> ColumnElement[str]:
        return func.replace(literal(text, Text), _N, cast(n, Text))

    link = told(_ADDRESS)
    canonical = told(links.canonical(_ADDRESS))
    add(
        articles,
        id=n,
        feed="news",
        link=link,
        canonical=canonical,
        title=told(_TITLE),
        body=told(_BODY),
        seen_at=moment,
    )
    add(marks, scope="news", kind="guid", value=told(_GUID), article_id=n)
    add(marks, scope="", kind="link", value=canonical, article_id=n)
    add(
        posts,
        id=n,
        article_id=n,
        channel="x_en",
        platform="x",
        state=case((was_sent, State.SENT), else_=State.SKIPPED),
        reason=case((was_sent, "the platform has it"), else_="filtered by except.words"),
        at=moment,
        expires_at=moment,
        urgent=False,
        key=told(f"00000000-0000-4000-8000-{_N}"),
        text=case((was_sent, told(_TEXT))),
        link=case((was_sent, link)),
        attempts=case((was_sent, 1), else_=0),
        failures=0,
        looks=0,
        remote_id=case((was_sent, told(f"17{_N}"))),
        address=case((was_sent, told(f"https://x.com/i/web/status/17{_N}"))),
        created_at=moment,
        changed_at=moment,
    )
    add(
        attempts,
        was_sent,
        post_id=n,
        number=1,
        owner="00000000-0000-4000-8000-000000000000",
        began_at=moment,
        ended_at=moment,
        text=told(_TEXT),
        link=link,
        media="[]",
        outcome=State.SENT,
    )
    for what, why in ((State.DUE, "new in news"), (State.SENDING, "attempt 1"), (State.SENT, "the platform has it")):
        add(events, was_sent, at=moment, post_id=n, what=what, why=why, by="crosspost")
    add(events, ~was_sent, at=moment, post_id=n, what=State.SKIPPED, why="filtered by except.words", by="crosspost")


def _ledger(folder: Path) -> Path:
    """The ledger of the million in `folder`; made where it is not there yet."""
    path = folder / "million.db"
    if not path.exists():
        began = time.perf_counter()
        making = folder / "making.db"
        making.unlink(missing_ok=True)
        ledger = Ledger(f"sqlite:///{making}", lambda: datetime.now(UTC))
        fill(ledger, ARTICLES)
        ledger.close()
        making.rename(path)
        size = path.stat().st_size / 1e9
        print(f"made a ledger of {ARTICLES:,} articles in {time.perf_counter() - began:.0f} s, {size:.1f} GB")
    return path


def _crosspost(folder: Path, address: str, database: Path, *command: str) -> Run:
    written = config(address, first_run='"all"\nburst = 0')
    (folder / "crosspost.toml").write_text(f'database = "sqlite:///{database}"\n{written}')
    return measured([sys.executable, "-m", "crosspost", "--config", "crosspost.toml", *command], folder, SECRETS)


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        million = _ledger(Path(sys.argv[2]).resolve() if len(sys.argv) > 2 else folder)
        taken = {step: ([], []) for step in ("status", "once, 1000 new", "once, nothing new")}
        for run in range(runs):
            empty = folder / f"empty{run}.db"
            with stand_in(ITEMS, first=time.time_ns()) as server:
                for side, database in enumerate((empty, million)):
                    server.posts = 0
                    for step in ("once, 1000 new", "once, nothing new", "status"):
                        command = step.partition(",")[0]
                        taken[step][side].append(_crosspost(folder, server.address, database, command))
                    if server.posts != ITEMS:
                        sys.exit(f"{server.posts} posts instead of {ITEMS} with {database.name}")
    print(f"median of {runs} runs, s            empty ledger   of {ARTICLES:,}   ratio")
    for step, (few, many) in taken.items():
        for figure in ("cpu", "wall"):
            a, b = median(few, figure), median(many, figure)
            print(f"{step:<24} {figure:<6} {a:12.2f} {b:14.2f} {b / a:7.2f}")


if __name__ == "__main__":
    main()
