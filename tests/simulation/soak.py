"""Any number of simulated lives: `make soak SEEDS=1000 START=1`. A failure says how to see it again."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

from crosspost.ledger import database
from tests import compiled
from tests.simulation.life import Outcome
from tests.simulation.seeds import simulate


def main(start: int, seeds: int) -> int:
    """Live through `seeds` lives from seed `start` on; the number of those that broke the promise."""
    compiled.share()
    totals, broken = Counter[str](), 0
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "template.db"
        database.connect(f"sqlite:///{template}").dispose()
        for seed in range(start, start + seeds):
            outcome = simulate(seed, f"sqlite:///{shutil.copy(template, Path(folder) / 'ledger.db')}")
            for rest in Path(folder).glob("ledger.db*"):
                rest.unlink()
            for name in ("stories", "sent", "steps", "deaths", "in_flight", "faults"):
                totals[name] += getattr(outcome, name)
            if outcome.verdict:
                broken += 1
                print(told(seed, outcome), flush=True)
    print(f"{seeds} seeds from {start}: {broken} broken; " + ", ".join(f"{n} {name}" for name, n in totals.items()))
    return broken


def told(seed: int, outcome: Outcome) -> str:
    """One line that replays the seed, and what went wrong."""
    return "\n    ".join([f"make soak START={seed} SEEDS=1", *outcome.verdict])


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])) > 0)
