"""What a film costs: seconds of CPU for each second of film, beside encoding alone.

python benchmarks/film.py [ROUNDS]

Films of a wide, an upright and no picture, made by `film.render`; peak memory is the process's own. The peer is PyAV
alone: as many frames of a size, each a new cut of one picture that lies ready, encoded with the same settings.
Nothing is fetched.
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

from PIL import Image as pillow

from crosspost import film
from crosspost.article import Article
from crosspost.demo.drawing import draw
from crosspost.film import reel
from crosspost.lettering import Style
from crosspost.post import Image

STYLE = Style("#14213d", "#ffffff", "#fca311", {"": "Night Sky News"}, ZoneInfo("Europe/Minsk"))
TITLE = "A clock in a backpack measures the height of a mountain"
SENTENCES = (
    "Time runs faster on a summit than in the valley, by a second in a quarter of a million years.",
    "Three researchers carried the instrument up in two days.",
)


def upright() -> Image:
    out = BytesIO()
    pillow.open(BytesIO(draw("backpack-clock"))).crop((375, 0, 825, 675)).resize((1000, 1500)).save(out, "JPEG")
    return Image(out.getvalue(), "image/jpeg", 1000, 1500)


def bare(count: int) -> Iterator[reel.Planes]:
    """Frames that cost nothing to make: sixty cuts, to and fro."""
    size = (reel.SIZE[0] + 60, reel.SIZE[1])
    bright, blue, red = reel.planes(pillow.open(BytesIO(draw("backpack-clock"))).convert("RGB").resize(size))
    width, height = reel.SIZE
    cuts = [
        (
            bright.crop((at * 2, 0, at * 2 + width, height)),
            blue.crop((at, 0, at + width // 2, height // 2)),
            red.crop((at, 0, at + width // 2, height // 2)),
        )
        for at in range(30)
    ]
    return (cuts[abs(29 - number % 58)] for number in range(count))


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    article = Article("news", TITLE, "https://site.example/1", published=datetime(2026, 11, 24, tzinfo=UTC))
    wide = Image(draw("listening-ice"), "image/jpeg", 1200, 675)
    for name, picture in (("wide", wide), ("upright", upright()), ("none", None)):
        costs, peers = [], []
        for _ in range(rounds):
            began = time.process_time()
            video = film.render(article, "en", SENTENCES, picture, STYLE)
            costs.append(time.process_time() - began)
            assert video is not None
            count = round(video.seconds * reel.RATE)
            frames = bare(count)
            began = time.process_time()
            reel.encoded(frames, count)
            peers.append(time.process_time() - began)
        cost, peer = statistics.median(costs), statistics.median(peers)
        print(
            f"{name:<8} {video.seconds:.1f} s of film, {len(video.data) / 1e6:.1f} MB: {cost:.1f} s CPU,"
            f" {cost / video.seconds:.2f} a second of film; encoding alone {peer:.1f} s, ratio {cost / peer:.2f}"
        )
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
