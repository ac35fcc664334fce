"""For all tests: hypothesis fails nothing for having taken long, which says more of the machine than of the code; how
many run at once; what all of them can share; and no test sets up the log of another."""

import gc
import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from crosspost import logs

# Each takes many seconds, and some of it waiting.
_LONG = (
    "test_kills.py",
    "test_video_road.py",
    "test_videos.py",
    "test_seeds.py",
    "test_crashes.py",
    "test_main_road.py",
)

settings.register_profile("suite", deadline=None)
settings.load_profile("suite")


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: many tests wait for a process or an answer."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first: a worker that is done takes over what another has left, but for what runs already."""
    items.sort(key=lambda item: _LONG.index(item.path.name) if item.path.name in _LONG else len(_LONG))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Nothing of what is collected is garbage, so the collector need not look through it, now or ever again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> None:
    # Not for who starts the workers: the ledger takes its time to import.
    from tests import compiled

    compiled.share()


@pytest.fixture(autouse=True)
def _nothing_left_to_set_up() -> None:
    """A command that logged nothing leaves the log's set-up to the next event, which may be another test's."""
    logs._to_set_up.clear()
