"""What starting costs: `crosspost --help` and a pass with nothing to do, beside `python -c pass`.

python benchmarks/start.py [RUNS]
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from measure import Run, measured, median


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "crosspost --help": [sys.executable, "-m", "crosspost", "--help"],
        "crosspost --version": [sys.executable, "-m", "crosspost", "--version"],
    }
    taken: dict[str, list[Run]] = {name: [] for name in commands}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(runs):
            for name, command in commands.items():
                taken[name].append(measured(command, Path(folder)))
    base = median(taken["python -c pass"], "cpu")
    print(f"median of {runs} runs            s CPU   ratio   MB peak")
    for name, found in taken.items():
        cpu = median(found, "cpu")
        print(f"{name:<24} {cpu:10.3f} {cpu / base:7.1f} {median(found, 'peak'):9.0f}")
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
