"""`crosspost once` with nothing new, whole process: one feed of 1000 items that answers 304, a ledger that has them all.

    python benchmarks/nothing_new.py [RUNS]

Beside it in the same run: `python -c pass`, the imports alone of what a peer is written with, and a bare peer of the
same job (read the stored validators, ask with them, note the time), which keeps no log of events, owns no ledger and
guards no address.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from measure import Run, measured, median, stand_in

ITEMS = 1000
PEER = """
import sqlite3, sys, time
import feedparser, requests
book = sqlite3.connect("peer.db")
book.execute("CREATE TABLE IF NOT EXISTS feeds (url TEXT PRIMARY KEY, etag TEXT, read_at REAL)")
book.execute("CREATE TABLE IF NOT EXISTS items (guid TEXT PRIMARY KEY, title TEXT)")
url = sys.argv[1] + "/feed.xml"
(etag,) = book.execute("SELECT etag FROM feeds WHERE url = ?", (url,)).fetchone() or ("",)
answer = requests.get(url, headers={"If-None-Match": etag} if etag else {}, timeout=20)
if answer.status_code != 304:
    items = [(entry.id, entry.title) for entry in feedparser.parse(answer.content).entries]
    book.executemany("INSERT OR IGNORE INTO items VALUES (?, ?)", items)
book.execute("INSERT OR REPLACE INTO feeds VALUES (?, ?, ?)", (url, answer.headers["ETag"], time.time()))
book.commit()
"""
CONFIG = """
[feeds.news]
url = "{address}/feed.xml"
language = "en"

[channels.x_en]
platform = "x"
pictures = "none"
endpoint = "{address}"

[network]
allow_private = true
"""
SECRETS = {
    f"CROSSPOST_CHANNELS__X_EN__{name}": value
    for name, value in (("API_KEY", "k"), ("API_SECRET", "s"), ("ACCESS_TOKEN", "1-t"), ("ACCESS_TOKEN_SECRET", "t"))
}


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with tempfile.TemporaryDirectory() as name, stand_in(ITEMS) as server:
        folder = Path(name)
        (folder / "crosspost.toml").write_text(CONFIG.format(address=server.address))
        polls = {
            "crosspost once": [sys.executable, "-m", "crosspost", "--config", "crosspost.toml", "once"],
            "bare peer": [sys.executable, "-c", PEER, server.address],
        }
        for command in polls.values():
            measured(command, folder, SECRETS)
        commands = {"python -c pass": [sys.executable, "-c", "pass"], **polls}
        taken: dict[str, list[Run]] = {name: [] for name in commands}
        for _ in range(runs):
            for name, command in commands.items():
                taken[name].append(measured(command, folder, SECRETS))
        if (server.unchanged, server.posts) != (2 * runs, 0):
            sys.exit(f"the feed answered 304 {server.unchanged} times instead of {2 * runs}, {server.posts} were posted")
    print(f"{ITEMS} items, all known, median of {runs} runs   s CPU   s wall   MB peak")
    for name, found in taken.items():
        figures = [median(found, figure) for figure in ("cpu", "wall", "peak")]
        print("{:<42} {:7.3f}  {:7.3f}  {:8.1f}".format(name, *figures))
    ratios = [median(taken["crosspost once"], figure) / median(taken["bare peer"], figure) for figure in ("cpu", "peak")]
    print("crosspost / bare peer: {:.2f} of its CPU, {:.2f} of its memory".format(*ratios))


if __name__ == "__main__":
    main()
