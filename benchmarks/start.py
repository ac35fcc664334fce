"""What starting costs: the commands that a person types, beside `python -c pass`.

    python benchmarks/start.py [RUNS]

The ledger holds the 1000 articles of one feed. See nothing_new.py for `crosspost once`.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from measure import SECRETS, Run, config, measured, median, stand_in
from nothing_new import ITEMS

COMMANDS = ("--version", "--help", "check", "status", "queue", "history --last 10", "preview --last 1")


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    ours = [sys.executable, "-m", "crosspost", "--config", "crosspost.toml"]
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        **{f"crosspost {words}": [*ours, *words.split()] for words in COMMANDS},
    }
    taken: dict[str, list[Run]] = {name: [] for name in commands}
    with tempfile.TemporaryDirectory() as name, stand_in(ITEMS) as server:
        folder = Path(name)
        (folder / "crosspost.toml").write_text(config(server.address))
        measured([*ours, "once"], folder, SECRETS)
        for _ in range(runs):
            for title, command in commands.items():
                taken[title].append(measured(command, folder, SECRETS))
    base = median(taken["python -c pass"], "cpu")
    print(f"median of {runs} runs                s CPU   ratio   MB peak")
    for name, found in taken.items():
        cpu = median(found, "cpu")
        print(f"{name:<28} {cpu:10.3f} {cpu / base:7.1f} {median(found, 'peak'):9.0f}")
    print("\nWhere the time of --help goes (seconds, import alone, with what each brings):")
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "crosspost", "--help"], capture_output=True, text=True, check=True
    )
    rows = [line.removeprefix("import time:").split("|") for line in told.stderr.splitlines() if "|" in line]
    timed = [(int(row[1]) / 1e6, row[2].rstrip()) for row in rows if row[1].strip().isdigit()]
    outermost = [(seconds, name) for seconds, name in timed if not name.startswith("    ")]
    for seconds, name in sorted(outermost, reverse=True)[:10]:
        print(f"{seconds:8.3f}  {name.strip()}")


if __name__ == "__main__":
    main()
