"""One sandbox server for all tests of the adapters; every test gets a sandbox of its own behind it."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

import pytest

from crosspost.platforms import vk
from crosspost.sandbox import Sandbox, app
from tests.loopback import serve


class _Stand:
    """The sandbox of the running test, as an ASGI app."""

    app = None

    async def __call__(self, scope, receive, send) -> None:
        await self.app(scope, receive, send)


@pytest.fixture(scope="session")
def stand() -> Iterator[tuple[_Stand, str]]:
    stand = _Stand()
    with serve(stand) as address:
        yield stand, address


@pytest.fixture
def sandbox(stand) -> Iterator[Sandbox]:
    sandbox = Sandbox()
    stand[0].app = app(sandbox)
    yield sandbox
    sandbox.close()


@pytest.fixture
def endpoint(stand, sandbox) -> str:
    """Where the sandbox is; the platforms are below it by their names."""
    return stand[1]


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch) -> None:
    """VK's adapter keeps to VK's calls a second; the tests' servers take any number."""
    monkeypatch.setattr(vk, "_PER_SECOND", MappingProxyType(dict.fromkeys(vk._PER_SECOND, 10000)))
