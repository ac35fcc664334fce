"""A process of its own that owns a ledger until it is told to end: `python holder.py URL`."""

import sys
from datetime import UTC, datetime

from crosspost.ledger import Ledger

if __name__ == "__main__":
    ledger = Ledger(sys.argv[1], lambda: datetime.now(UTC))
    with ledger.own("run"):
        print("owned", flush=True)
        sys.stdin.read()
