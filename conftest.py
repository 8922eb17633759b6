"""Which fixtures do tests/ and the tests beside handlers share?"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config import language
from relay.store import Store
from tests.rig import empty_database


@pytest.fixture
def anyio_backend() -> str:
    """What tests written as `async def` run on."""
    return "asyncio"


@pytest.fixture(autouse=True)
def _in_portuguese() -> None:
    """Begin in the language of most users: some tests load settings that say another."""
    language.speak(language.DEFAULT)


@pytest.fixture
def open_store(tmp_path: Path) -> Iterator[Callable[[], Store]]:
    """Open a store on a file of the test's own; it is closed at the end."""
    opened: list[Store] = []

    def make() -> Store:
        if not (tmp_path / "server.db").exists():
            (tmp_path / "server.db").write_bytes(empty_database())
        opened.append(Store(f"sqlite:///{tmp_path}/server.db"))
        return opened[-1]

    yield make
    for store in opened:
        store.close()


@pytest.fixture
def store(open_store: Callable[[], Store]) -> Store:
    """Give an open store; it is closed at the end."""
    return open_store()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly that nobody has looked at the pages, where there is no browser to look with."""
    blind = [each for each in terminalreporter.stats.get("skipped", []) if "no Chromium" in str(each.longrepr)]
    if blind:
        terminalreporter.write_line(f"NOBODY LOOKED: {len(blind)} tests in a browser did not run", red=True, bold=True)
