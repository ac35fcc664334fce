"""The official documents that judge us; they live beside the project, not in it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def reference(name: str) -> Path:
    """The file or folder `name` of the reference material, or a skip that says it is not here."""
    base = Path(os.environ.get("CROSSPOST_REFERENCE", ROOT / ".." / "shared"))
    path = base / name
    if not path.exists():
        pytest.skip(f"reference material is not here: {name} (set CROSSPOST_REFERENCE to its folder)")
    return path
