"""1000 new articles to one X channel, whole process, beside a bare tweepy loop in the same run.

    python benchmarks/thousand_posts.py [RUNS]

The stand-in for X answers at once. The bare loop only calls create_tweet; crosspost reads the feed, writes each article
up, makes each intent durable before its call and each outcome after it (SQLite, synchronous=EXTRA). The safe loop is
the least that a safe sender with crosspost's libraries could take: the bare loop, with those libraries imported and
two durable commits a post by the plain SQLite driver.
"""

from __future__ import annotations

import sys
import tempfile
from functools import partial
from pathlib import Path

from measure import SECRETS, Run, config, measured, median, stand_in

ITEMS = 1000
BARE = """
import sys, requests, tweepy
def create_tweet(text):
    client.create_tweet(text=text, user_auth=True)
class Session(requests.Session):
    def request(self, method, url, *args, **options):
        return super().request(method, url.replace("https://api.twitter.com", sys.argv[1]), *args, **options)
client = tweepy.Client(consumer_key="k", consumer_secret="s", access_token="1-t", access_token_secret="t")
client.session = Session()
"""
SAFE = """
import sqlite3
import aiohttp, alembic, pydantic_settings, sqlalchemy, structlog, typer
ledger = sqlite3.connect("ledger.db", isolation_level=None)
ledger.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=EXTRA; CREATE TABLE posts(text PRIMARY KEY, state);")
unsafe = create_tweet
def record(sql, *values):
    ledger.execute("BEGIN IMMEDIATE")
    ledger.execute(sql, values)
    ledger.execute("COMMIT")
def create_tweet(text):
    record("INSERT INTO posts VALUES (?, 'sending')", text)
    unsafe(text)
    record("UPDATE posts SET state = 'sent' WHERE text = ?", text)
"""
LOOP = """
for number in range(int(sys.argv[2])):
    create_tweet(f"Report {number}: the instrument holds https://site.example/en/{number}")
"""


def ours(address: str) -> Run:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "crosspost.toml").write_text(config(address, first_run='"all"'))
        command = [sys.executable, "-m", "crosspost", "--config", "crosspost.toml", "once"]
        return measured(command, folder, SECRETS)


def loop(script: str, address: str) -> Run:
    with tempfile.TemporaryDirectory() as name:
        return measured([sys.executable, "-c", script, address, str(ITEMS)], Path(name))


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    ways = {"crosspost": ours, "bare loop": partial(loop, BARE + LOOP), "safe loop": partial(loop, BARE + SAFE + LOOP)}
    taken: dict[str, list[Run]] = {name: [] for name in ways}
    for _ in range(runs):
        with stand_in(ITEMS) as server:
            for name, way in ways.items():
                server.posts = 0
                taken[name].append(way(server.address))
                if server.posts != ITEMS:
                    sys.exit(f"{name} posted {server.posts} instead of {ITEMS}")
    print(f"{ITEMS} posts, median of {runs} runs" + "".join(f"{name:>12}" for name in ways) + "     through bare loop")
    for figure, unit in (("cpu", "s CPU"), ("wall", "s wall"), ("peak", "MB peak")):
        medians = [median(taken[name], figure) for name in ways]
        print(f"{unit:<31}" + "".join(f"{one:12.2f}" for one in medians) + f"{medians[0] / medians[1]:22.2f}")


if __name__ == "__main__":
    main()
