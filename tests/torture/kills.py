"""A torture: crosspost under a killer until it was killed so often, then left alone, then judged."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from tests.torture.forked import Forked
from tests.torture.killer import MOMENTS, Killer, Plan, Verdict, judge, killing_ground, lives
from tests.world import CHANNELS, World, stop

PATIENT = '[delivery]\nconfirm_after = ["1s", "2s"]\nretry = ["1s"]\ntimeout = "5s"\nbreaker = 0'
_SETTLES_WITHIN = 120.0  # seconds
_KILLS_A_WORLD = 50
_UNREADABLE = "vk_ru"  # in the worlds that say so


@dataclass
class Report:
    """What a torture came to. `orphans`: calls that a restart found begun and without an outcome."""

    kills: Counter[str] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)
    orphans: int = 0
    asked: Counter[str] = field(default_factory=Counter)  # posts that a person was asked about, by channel
    posts: int = 0
    doubled: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    cries: list[str] = field(default_factory=list)  # tracebacks, and second receipts that crosspost itself noticed

    @property
    def clean(self) -> bool:
        """Nothing doubled, nothing lost, no defect, and nobody asked but about the one wall that may not be read."""
        return not (self.doubled or self.lost or self.cries or self.asked.keys() - {_UNREADABLE})

    def add(self, other: Report) -> None:
        for name in ("kills", "met", "asked"):
            getattr(self, name).update(getattr(other, name))
        self.orphans, self.posts = self.orphans + other.orphans, self.posts + other.posts
        for name in ("doubled", "lost", "cries"):
            getattr(self, name).extend(getattr(other, name))

    def __str__(self) -> str:
        by_moment = ", ".join(f"{moment} {self.met[moment]}/{self.kills[moment]}" for moment in MOMENTS)
        return (
            f"{self.kills.total()} kills, {self.met.total()} with a call in flight ({by_moment}), {self.orphans} calls "
            f"found in their middle at a restart; {self.posts} posts: {len(self.doubled)} doubled, {len(self.lost)} "
            f"lost, {self.asked.total()} asked about; {len(self.cries)} tracebacks"
        )


def torture(folder: Path, kills: int, seed: int, *, readable: bool = True) -> Report:
    """Kill crosspost `kills` times in one world. `readable`: whether VK's wall may be read back."""
    with killing_ground(folder) as (world, killer):
        world.configure(more=PATIENT)
        if not readable:
            _take_away_reading(world)
        command = Random(seed)

        def start(plan: Plan) -> Forked:
            return Forked(folder, command.choice(["run", "run", "once"]))

        logs = [one.log() for one in lives(world, killer, start, kills, seed, folder / "data" / "crosspost.db-wal")]
        asked = _settle(world)
        shown = {name: world.texts(platform) for name, (platform, _, _) in CHANNELS.items()}
        verdict = judge(world.site.items, shown)
        return _report(killer, verdict, logs, asked, sum(map(len, shown.values())))


def naive(folder: Path, order: str, kills: int, seed: int) -> Verdict:
    """The same for a naive sender, which at last may run to its end."""
    with killing_ground(folder) as (world, killer):
        token = world.platforms.secrets("facebook", "1010")["page_token"]
        sender = Path(__file__).with_name("naive.py")
        places = [world.site.address + "/feed.xml", f"{world.address}/facebook", token, str(folder / "done.txt")]

        def start(plan: Plan | None = None) -> subprocess.Popen[bytes]:
            arguments = [sys.executable, str(sender), order, *places]
            return subprocess.Popen(arguments, stderr=subprocess.DEVNULL)

        for _ in lives(world, killer, start, kills, seed, folder / "done.txt"):
            pass
        assert start().wait(30) == 0
        return judge(world.site.items, {"facebook": world.texts("facebook")})


def _take_away_reading(world: World) -> None:
    """Leave VK its community token alone, with which no wall can be read."""
    secrets = world.folder / "config" / "secrets.toml"
    lines = secrets.read_text().splitlines()
    secrets.write_text("\n".join(line for line in lines if not re.match("(user|service)_token", line)))


def _settle(world: World) -> Counter[str]:
    """Let crosspost work in peace, and answer what it asks by what the platforms show; who was asked about."""
    asked: Counter[str] = Counter()
    deadline = time.monotonic() + _SETTLES_WITHIN
    daemon = world.start("run")
    try:
        while len(states := world.states()) < len(world.site.items) * len(CHANNELS) or set(states.values()) != {"sent"}:
            assert time.monotonic() < deadline, f"nothing settles: {Counter(states.values())}"
            for post in world.json("queue"):
                if post["state"] == "asking":
                    asked[post["channel"]] += 1
                    world.run("mark", str(post["post"]), *_truth(world, post))
            time.sleep(0.3)
    finally:
        _, log = stop(daemon)
    assert "Traceback" not in log, log
    return asked


def _truth(world: World, post: Mapping[str, Any]) -> tuple[str, ...]:
    """What a person who looks at the channel tells crosspost."""
    there = [one for one in world.platforms.posts(post["platform"]) if one.text.startswith(post["title"] + "\n")]
    return ("--sent", f"https://vk.com/wall-{there[0].account}_{there[0].id}") if there else ("--not-sent",)


def _report(killer: Killer, verdict: Verdict, logs: Sequence[str], asked: Counter[str], posts: int) -> Report:
    return Report(
        kills=killer.kills,
        met=killer.met,
        orphans=sum(log.count("event=post.orphaned") for log in logs),
        asked=asked,
        posts=posts,
        doubled=list(verdict.doubled),
        lost=list(verdict.lost),
        cries=[log for log in logs if "Traceback" in log or "post.doubled" in log],
    )


def main() -> int:
    """`python -m tests.torture.kills KILLS SEED`: worlds of 50 kills each, until there were so many."""
    kills, seed = (int(argument) for argument in sys.argv[1:3])
    whole = Report()
    for number, first in enumerate(range(0, kills, _KILLS_A_WORLD)):
        with TemporaryDirectory(prefix="crosspost-torture-") as folder:
            one = torture(Path(folder), min(_KILLS_A_WORLD, kills - first), seed + number, readable=number % 4 != 3)
        whole.add(one)
        print(f"seed {seed + number}: {one}", flush=True)
        if not one.clean:
            print("\n".join([*one.doubled, *one.lost, *one.cries]), flush=True)
    print(f"All: {whole}")
    return 0 if whole.clean else 1


if __name__ == "__main__":
    sys.exit(main())
