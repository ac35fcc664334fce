"""Real feeds, damaged as the world and its worse people do it: `python -m tests.feeds.mutants [COUNT] [FIRST]`.

Each mutant comes of its number alone, so any can be made again. It goes the daemon's way (crosspost.feeds.apart): it is
read, refused in words, or handed over to a process of its own; one in a few hundred of the latter is really parsed
there. Anything else, and anything that takes more than two seconds of CPU here, is printed with its number, and the
status is 1.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from crosspost.errors import FeedError
from crosspost.feeds.apart import Limits, Parser, _parse_here

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("CROSSPOST_REFERENCE", ROOT / ".." / "shared")) / "feeds" / "real"
TOLD = {"feed": "news", "url": "https://site.example/feed.xml", "content_type": "", "language": ""}
SLOW = 2.0  # seconds
SMALL = 60_000  # bytes
BATCH = 200
REALLY_APART = 300

MARKUP = (
    *(b"<", b">", b"&", b'"', b"'", b"\0", b"\xff", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"<?", b"?>", b"<!DOCTYPE"),
    *(b"<item>", b"</item>", b"<entry>", b"</entry>", b"</rss>", b"</feed>", b"<title>", b"</title>", b"<guid>"),
    *(
        b'xml:base="http://[x/"',
        b"&#0;",
        b"&#xD800;",
        b"&#146;",
        b"&nbsp;",
        b"&bogus;",
        b"\xef\xbb\xbf",
        b"\xed\xa0\x80",
    ),
    *(b'<?xml version="1.0" encoding="punycode"?>', b'encoding="utf-16"', b'encoding="koi8-r"', b"\r", b"\x0b"),
)
Chance = random.Random
Damage = Callable[[bytes, Chance], bytes]


def flipped(body: bytes, chance: Chance) -> bytes:
    """Some bytes are others."""
    mutant = bytearray(body)
    for _ in range(chance.choice((1, 3, 10, 100))):
        mutant[chance.randrange(len(mutant))] = chance.randrange(256)
    return bytes(mutant)


def cut(body: bytes, chance: Chance) -> bytes:
    """A piece is missing, perhaps the end."""
    start = chance.randrange(len(body))
    end = len(body) if chance.random() < 0.3 else start + chance.choice((1, 10, 1000, len(body) // 3))
    return body[:start] + body[end:]


def doubled(body: bytes, chance: Chance) -> bytes:
    """A piece stands there again, perhaps often."""
    start = chance.randrange(len(body))
    piece = body[start : start + chance.choice((1, 30, 3000, len(body)))]
    times = chance.choice((1, 2, min(500, 2_000_000 // len(piece))))
    return body[:start] + piece * times + body[start:]


def marked(body: bytes, chance: Chance) -> bytes:
    """Markup stands where none should."""
    mutant = bytearray(body)
    for _ in range(chance.randint(1, 6)):
        place, length = chance.randrange(len(mutant)), chance.choice((0, 0, 1, 100))
        mutant[place : place + length] = chance.choice(MARKUP)
    return bytes(mutant)


def swapped(body: bytes, chance: Chance) -> bytes:
    """Tags have changed places."""
    pieces = body.split(b"<")
    for _ in range(chance.randint(1, 20)):
        one, other = chance.randrange(len(pieces)), chance.randrange(len(pieces))
        pieces[one], pieces[other] = pieces[other], pieces[one]
    return b"<".join(pieces)


def flooded(body: bytes, chance: Chance) -> bytes:
    """A tag has thousands of attributes, or namespaces, in one tag or in one inside the other."""
    name = chance.choice((b"a%d", b"xmlns:a%d", b"a%d:b"))
    count = chance.choice((100, 900, 3000, 30_000))
    attributes = b"".join(b" " + name % number + b'="x"' for number in range(count))
    if chance.random() < 0.3:
        nested = b"".join(b"<z%d%s>" % (number, attributes[:2000]) for number in range(200))
        return _put(body, nested, chance)
    place = body.find(b">", chance.randrange(len(body)))
    return body[:place] + attributes + body[place:]


def bombed(body: bytes, chance: Chance) -> bytes:
    """Entities of entities, used in a text or in an attribute."""
    levels = chance.choice((3, 12, 100))
    declared = b"".join(
        b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10 if n else b"ha" * 500) for n in range(levels)
    )
    use = chance.choice((b"&e%d;", b'<a b="&e%d;"/>', b"<title>&e%d;</title>")) % (levels - 1)
    start = max(0, body.find(b"?>") + 2 if body.startswith(b"<?xml") else 0)
    body = _put(body, use * chance.choice((1, 1000)), chance)
    return body[:start] + b"<!DOCTYPE rss [" + declared + b"]>" + body[start:]


def nested(body: bytes, chance: Chance) -> bytes:
    """Elements stand in one another, thousands deep, and may never end."""
    name = chance.choice((b"a", b"div", b"item", b"entry", b"channel", b"title", b"ul><li"))
    depth = chance.choice((100, 300, 3000, 100_000))
    ends = b"" if chance.random() < 0.5 else b"</%s>" % name * depth
    return _put(body, b"<%s>" % name * depth + ends, chance)


def swollen(body: bytes, chance: Chance) -> bytes:
    """A text is huge: of one letter, of markup, of entities, of numbers."""
    letter = chance.choice(
        (b"a", b" ", b"1 ", b"&amp;", b"&", b"&lt;img ", b"\xd0\x96", b"]]", b"<br/>", b"&#65;", b"=\"'")
    )
    text = letter * (chance.choice((1000, 50_000, 1_000_000)) // len(letter))
    name = chance.choice((b"title", b"link", b"guid", b"description", b"pubDate", b"category", b"author", b"language"))
    return _put(body, b"<%s>%s</%s>" % (name, text, name), chance)


def _put(body: bytes, piece: bytes, chance: Chance) -> bytes:
    """`body` with `piece` before a tag."""
    place = body.find(b"<", chance.randrange(len(body)))
    return body[:place] + piece + body[place:]


DAMAGES: tuple[Damage, ...] = (flipped, cut, doubled, marked, swapped, flooded, bombed, nested, swollen)


def mutant(number: int, bodies: Sequence[bytes]) -> tuple[bytes, str]:
    """The mutant of that number, and what was done to it."""
    chance = random.Random(number)
    # Mostly of the smaller ones: more of them go through in an hour, and their insides are the same.
    body = chance.choice(bodies)
    if len(body) > SMALL and chance.random() < 0.9:
        body = chance.choice([other for other in bodies if len(other) <= SMALL])
    done = chance.choices(DAMAGES, weights=(4, 3, 3, 6, 3, 1, 1, 1, 1), k=chance.choice((1, 1, 2)))
    for damage in done:
        body = damage(body, chance) or b" "
    return body, "+".join(damage.__name__ for damage in done)


def judged(number: int, bodies: Sequence[bytes], really_apart: int = 0) -> str:
    """How the mutant ended: "read", "refused", "apart", or what it must not be: "escaped ..." or "slow ..."."""
    body, done = mutant(number, bodies)
    began = time.process_time()
    try:
        ended = "apart" if _parse_here(body, TOLD) is None else "read"
    except FeedError:
        ended = "refused"
    except Exception as error:  # noqa: BLE001 - that there is none is what this is about
        return f"escaped {number} ({done}): {error!r}"
    taken = time.process_time() - began
    if taken > SLOW:
        return f"slow {number} ({done}): {taken:.1f} s for {len(body)} bytes, {ended}"
    if ended == "apart" and really_apart and chosen(number, really_apart):
        return really(number, body)
    return ended


def chosen(number: int, one_in: int) -> bool:
    return random.Random(f"apart {number}").randrange(one_in) == 0


def really(number: int, body: bytes) -> str:
    """How a mutant ended in a process of its own, with little time."""
    try:
        asyncio.run(Parser(Limits(cpu=5, wall=60)).parse(body, **TOLD))
    except FeedError:
        return "apart, refused"
    except Exception as error:  # noqa: BLE001
        return f"escaped {number} (apart): {error!r}"
    return "apart, read"


def batch(first: int, count: int) -> list[str]:
    warnings.simplefilter("ignore")
    bodies = [path.read_bytes() for path in sorted(FOLDER.iterdir())]
    return [judged(number, bodies, REALLY_APART) for number in range(first, first + count)]


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    os.nice(19)
    outcomes: Counter[str] = Counter()
    wrong = []
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        firsts = range(first, first + count, BATCH)
        for results in pool.map(partial(_batch_within, end=first + count), firsts):
            for result in results:
                outcomes[result.split()[0] if result.startswith(("escaped", "slow")) else result] += 1
                if result.startswith(("escaped", "slow")):
                    wrong.append(result)
                    print(result, flush=True)
            if sum(outcomes.values()) % 5000 == 0:
                print(dict(outcomes), flush=True)
    print(f"{sum(outcomes.values())} mutants: {dict(outcomes)}; {len(wrong)} wrong")
    sys.exit(bool(wrong))


def _batch_within(first: int, end: int) -> list[str]:
    return batch(first, min(BATCH, end - first))


if __name__ == "__main__":
    main()
