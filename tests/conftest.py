"""For all tests: hypothesis fails nothing for having taken long, which says more of the machine than of the code; and
how many run at once."""

import os

from hypothesis import settings

settings.register_profile("suite", deadline=None)
settings.load_profile("suite")


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: many tests wait for a process or an answer."""
    return (os.cpu_count() or 1) + 1
