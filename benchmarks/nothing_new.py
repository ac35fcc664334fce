"""`crosspost once` with nothing new, whole process: a feed of 1000 items that answers 304, a ledger that has them all.

    python benchmarks/nothing_new.py [RUNS]

Beside it in the same run: `python -c pass`, and a bare peer of the same job (read the stored validator, ask with it,
note the time), which reads no settings, owns no ledger, guards no address and looks for no post that is due.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from measure import SECRETS, Run, config, measured, median, stand_in

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


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with tempfile.TemporaryDirectory() as name, stand_in(ITEMS) as server:
        folder = Path(name)
        (folder / "crosspost.toml").write_text(config(server.address))
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
            sys.exit(f"{server.unchanged} answers of 304 instead of {2 * runs}, {server.posts} posts instead of none")
    print(f"{ITEMS} items, all known, median of {runs} runs   s CPU   s wall   MB peak")
    for name, found in taken.items():
        cpu, wall, peak = (median(found, figure) for figure in ("cpu", "wall", "peak"))
        print(f"{name:<42} {cpu:7.3f}  {wall:7.3f}  {peak:8.1f}")
    ours, peer = taken["crosspost once"], taken["bare peer"]
    cpu, peak = (median(ours, figure) / median(peer, figure) for figure in ("cpu", "peak"))
    print(f"crosspost through bare peer: {cpu:.2f} of its CPU, {peak:.2f} of its memory")


if __name__ == "__main__":
    main()
