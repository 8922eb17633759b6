"""A folder of deliberately bad plugins takes down neither intake nor its neighbours, and each is named."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from clients.testing import message_payload
from tests.rig import Server, eventually
from tests.rig_bad import BAD, BLOCK, GOOD, OTHER, RAISE, UNLOADED
from tests.rig_pages import Visitor

SENT = 60
# Beside a server without them, each asked in turn: the machine's own speed, and whatever else runs on it, cancel out.
MOST_TIMES_SLOWER = 25


def folder_of(plugins: dict[str, str], folder: Path) -> str:
    folder.mkdir()
    for name, text in plugins.items():
        (folder / f"{name}.py").write_text(text)
    return str(folder)


def send(server: Server, number: int) -> float:
    """Send a message that shipped handlers leave alone; the seconds to its 200."""
    begun = time.monotonic()
    answer = server.post_chatwoot(message_payload(number, number % 7 + 1, "oi", message_type="outgoing"))
    assert answer.status_code == 200
    return time.monotonic() - begun


def done(server: Server, handler: str) -> int:
    figures = server.http.get("/metrics").text.splitlines()
    start = f'servidor_deliveries_total{{handler="{handler}",state="done"}} '
    return next((int(float(each.removeprefix(start))) for each in figures if each.startswith(start)), 0)


def p99(seconds: list[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.99) - 1]


def test_there_are_thirty_of_them_and_enough_of_each_kind() -> None:
    assert len(BAD) >= 30
    assert min(len(each) for each in (BLOCK, RAISE, UNLOADED, OTHER)) >= 5


@pytest.mark.alone
def test_thirty_bad_plugins_take_down_neither_intake_nor_their_neighbours(
    start_server: Callable[..., Server], tmp_path: Path
) -> None:
    alone = start_server(PLUGINS_DIR=folder_of({"neighbour": GOOD}, tmp_path / "good"))
    among = start_server(PLUGINS_DIR=folder_of({**BAD, "neighbour": GOOD}, tmp_path / "bad"), PLUGIN_IMPORT_SECONDS="2")
    pairs = [(send(alone, number), send(among, number)) for number in range(SENT)]
    good, bad = (p99([pair[which] for pair in pairs]) for which in (0, 1))
    for handler in ("plugins.neighbour:act", "handlers.chatwoot.reply:answer_customer"):
        eventually(lambda handler=handler: done(among, handler) == done(alone, handler) == SENT)
    books, proven = among.books(), among.admin("books")
    with Visitor(among) as visitor:
        page, logs = visitor.see("handlers"), among.logs()
    assert among.sync_rules([]).status_code == 200
    stopping = time.monotonic()
    among.stop()
    stopped = time.monotonic() - stopping

    assert bad < MOST_TIMES_SLOWER * good, (good, bad)
    assert books["requests"]["events"] >= SENT
    assert proven["balanced"], proven
    assert [name for name in UNLOADED if f"plugins.{name} is set aside" not in logs] == []
    assert [name for name in UNLOADED if f"plugins.{name}" not in page] == []
    assert [name for name in RAISE if f"plugins.{name}:act failed" not in logs] == []
    assert [name for name in BLOCK if name not in logs] == []
    assert "Traceback" in page
    assert "it was called" not in logs
    assert "rig-admin-token" not in logs + page + (among.folder / "output").read_text()
    assert "plugins.other_prints_secrets prints" in logs
    assert "the server has stopped" in among.logs()
    assert stopped < 45  # it waits 20 s for what runs, and leaves behind what is blocked
