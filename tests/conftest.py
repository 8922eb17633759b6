"""Fixtures that several files use."""

import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page

from clients.testing_odoo import FakeOdoo
from tests.rig import Server, eventually
from tests.rig_browser import SIZES, open_chromium, opened
from tests.rig_odoo import KEY, OpenShop, Shop, Stage, Wire


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


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Open a real browser."""
    with open_chromium() as browser:
        yield browser


@pytest.fixture(params=SIZES)
def page(request: pytest.FixtureRequest, chromium: Browser, server: Server) -> Iterator[Page]:
    """Open a page of the file's own server, on a desk and on a phone."""
    with opened(chromium, server, request) as page:
        yield page


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """Listen where the fake Odoos of a file's tests answer, one after the other."""
    stage = Stage()
    port = int(stage.url.rpartition(":")[2])
    server = uvicorn.Server(uvicorn.Config(stage, port=port, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    eventually(lambda: server.started)
    yield stage
    server.should_exit = True
    thread.join(10)


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    """Give real HTTP that can lose an answer; it is closed at the end."""
    wire = Wire()
    yield wire
    await wire.aclose()


@pytest.fixture
def open_shop(stage: Stage, wire: Wire) -> OpenShop:
    """Open a shop whose Odoo is of this version, and has these databases."""

    def make(version: int = 19, *, databases: tuple[str, ...] = ("loja",), **changes: str) -> Shop:
        return Shop(stage, wire, FakeOdoo(version, databases=databases, key=KEY), **changes)

    return make
