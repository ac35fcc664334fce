"""The sandbox's server, shared with the tests of the adapters, and ledgers."""

from tests.ledger.conftest import migrated_file
from tests.platforms.conftest import _no_waiting, stand

__all__ = ["_no_waiting", "migrated_file", "stand"]
