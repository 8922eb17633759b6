"""Fixtures that several files use."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from relay.store import Store
from tests.rig import Server


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start a server with these settings; it is stopped at the end."""
    started: list[Server] = []

    def start(**settings: str) -> Server:
        server = Server(tmp_path / f"server{len(started)}", **settings).start()
        started.append(server)
        return server

    yield start
    for server in started:
        server.stop()


@pytest.fixture
def open_store(tmp_path: Path) -> Iterator[Callable[[], Store]]:
    """Open a store on a file of the test's own; it is closed at the end."""
    opened: list[Store] = []

    def make() -> Store:
        opened.append(Store(f"sqlite:///{tmp_path}/server.db"))
        return opened[-1]

    yield make
    for store in opened:
        store.close()


@pytest.fixture
def anyio_backend() -> str:
    """What tests written as `async def` run on."""
    return "asyncio"
