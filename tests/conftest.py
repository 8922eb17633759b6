"""Fixtures that several files use."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

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
