"""1000 new articles to one X channel, whole process, beside a bare tweepy loop in the same run.

    python benchmarks/thousand_posts.py [RUNS]

The stand-in for X answers at once. The loop only calls create_tweet; crosspost reads the feed, writes each article
up, makes each intent durable before its call and each outcome after it (SQLite, synchronous=EXTRA).
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from measure import SECRETS, Run, config, measured, median, stand_in

ITEMS = 1000
LOOP = """
import sys, requests, tweepy
class Session(requests.Session):
    def request(self, method, url, *args, **options):
        return super().request(method, url.replace("https://api.twitter.com", sys.argv[1]), *args, **options)
client = tweepy.Client(consumer_key="k", consumer_secret="s", access_token="1-t", access_token_secret="t")
client.session = Session()
for number in range(int(sys.argv[2])):
    client.create_tweet(text=f"Report {number}: the instrument holds https://site.example/en/{number}", user_auth=True)
"""


def ours(address: str) -> Run:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "crosspost.toml").write_text(config(address, first_run='"all"'))
        command = [sys.executable, "-m", "crosspost", "--config", "crosspost.toml", "once"]
        return measured(command, folder, SECRETS)


def loop(address: str) -> Run:
    with tempfile.TemporaryDirectory() as name:
        return measured([sys.executable, "-c", LOOP, address, str(ITEMS)], Path(name))


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    pairs = []
    for _ in range(runs):
        with stand_in(ITEMS) as server:
            one = ours(server.address)
            posted, server.posts = server.posts, 0
            other = loop(server.address)
            if (posted, server.posts) != (ITEMS, ITEMS):
                sys.exit(f"crosspost posted {posted}, the loop {server.posts}, instead of {ITEMS} each")
            pairs.append((one, other))
    print(f"{ITEMS} posts, median of {runs} runs     crosspost   bare tweepy loop   ratio")
    for figure, unit in (("cpu", "s CPU"), ("wall", "s wall"), ("peak", "MB peak")):
        a, b = (median([pair[side] for pair in pairs], figure) for side in (0, 1))
        print(f"{unit:<30} {a:12.2f} {b:18.2f} {a / b:7.2f}")


if __name__ == "__main__":
    main()
