"""What parsing real feeds costs: lxml alone, fastfeedparser alone, ours; and how many feeds need the slow parser.

python benchmarks/parsing.py [ROUNDS] [FOLDER]

The feeds are every file in FOLDER (default: feeds/real of the reference material, see tests/reference.py). Each figure
is the best of ROUNDS runs (default 5) over one file, in CPU time of this process, all in one run; the ratio is that of
the sums, which is that of the means.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import fastfeedparser
from lxml import etree

from crosspost.errors import FeedError
from crosspost.feeds import entries
from crosspost.feeds.parse import parse

REFERENCE = Path(os.environ.get("CROSSPOST_REFERENCE", Path(__file__).resolve().parent.parent / ".." / "shared"))


def by_lxml(body: bytes) -> None:
    etree.fromstring(body, etree.XMLParser(recover=True))


def by_fastfeedparser(body: bytes) -> None:
    fastfeedparser.parse(body)


def by_us(body: bytes) -> None:
    parse(body, feed="news", url="https://site.example/feed.xml")


def seconds(act: Callable[[bytes], None], body: bytes) -> float:
    """Seconds of CPU of one call; one that fails counts as well."""
    began = time.process_time()
    with suppress(ValueError, FeedError, etree.XMLSyntaxError):
        act(body)
    return time.process_time() - began


def best(acts: Sequence[Callable[[bytes], None]], body: bytes, rounds: int) -> tuple[float, ...]:
    """The quickest of `rounds` calls of each of `acts`, which take turns, so that a busy spell meets them all."""
    runs = [[seconds(act, body) for act in acts] for _ in range(rounds)]
    return tuple(map(min, zip(*runs, strict=True)))


def slowly_read(bodies: list[bytes]) -> int:
    """How many of `bodies` are handed to the slow parser."""
    handed: list[bytes] = []
    slow = entries.read_slowly
    entries.read_slowly = lambda body: handed.append(body) or slow(body)  # type: ignore[func-returns-value]
    try:
        for body in bodies:
            by_us(body)
    finally:
        entries.read_slowly = slow
    return len(handed)


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else REFERENCE / "feeds" / "real"
    bodies = [path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()]
    handed = slowly_read(bodies)
    rows = {"lxml": by_lxml, "fastfeedparser": by_fastfeedparser, "crosspost": by_us}
    columns = zip(*(best(list(rows.values()), body, rounds) for body in bodies), strict=True)
    taken = dict(zip(rows, columns, strict=True))
    size = sum(map(len, bodies)) / len(bodies)
    print(f"{len(bodies)} feeds of {size / 1000:.0f} kB on average; best of {rounds}")
    print("                   mean ms   median ms   times lxml (mean)")
    for name, found in taken.items():
        ratio = sum(found) / sum(taken["lxml"])
        print(f"{name:<17} {1e3 * statistics.mean(found):8.3f} {1e3 * statistics.median(found):11.3f} {ratio:12.2f}")
    print(f"read by feedparser: {handed} ({100 * handed / len(bodies):.1f} %)")


if __name__ == "__main__":
    main()
