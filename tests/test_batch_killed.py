"""A server killed while events gather, or run together: none is lost, none is done twice."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from clients.testing import message_payload
from tests.rig import Server, eventually

PLUGIN = """
import asyncio
from relay import Batch, Event, on

@on('chatwoot.message_created', batch=Batch({batch}))
async def together(events: list[Event]) -> None:
    with open({noted!r}, 'a') as file:
        file.write(' '.join(f'{{each.payload["id"]}}:{{each.attempt}}' for each in events) + '\\n')
    {body}
"""


@pytest.fixture
def with_batch(start_server: Callable[..., Server], tmp_path: Path) -> Callable[..., tuple[Server, Path]]:
    """Start a server with a plugin that notes each call in a file."""

    def start(batch: str, body: str = "pass") -> tuple[Server, Path]:
        noted = tmp_path / "noted"
        plugin = PLUGIN.format(batch=batch, noted=str(noted), body=body)
        (tmp_path / "plugins").mkdir()
        (tmp_path / "plugins" / "lines.py").write_text(plugin)
        return start_server(PLUGINS_DIR=str(tmp_path / "plugins")), noted

    return start


def send(server: Server, *numbers: int) -> None:
    for number in numbers:
        payload = message_payload(number, 1, "oi", message_type="outgoing")
        assert server.post_chatwoot(payload).status_code == 200


def states(server: Server) -> list[str]:
    """The states of what the plugin is owed."""
    deliveries = [each for event in server.events() for each in server.admin(f"events/{event['id']}")["deliveries"]]
    return [each["state"] for each in deliveries if each["handler"] == "plugins.lines:together"]


def calls(noted: Path) -> list[str]:
    return noted.read_text().splitlines() if noted.exists() else []


def test_a_kill_between_receipt_and_batch_loses_nothing_and_does_nothing_twice(
    with_batch: Callable[..., tuple[Server, Path]],
):
    server, noted = with_batch("quiet=3, longest=30")
    begun = time.monotonic()
    send(server, 1, 2, 3)
    server.kill()
    before = calls(noted)
    server.start()
    eventually(lambda: calls(noted))
    waited = time.monotonic() - begun
    eventually(server.is_quiet)
    server.kill()
    server.start()
    eventually(server.is_quiet)

    assert before == []
    assert calls(noted) == ["1:1 2:1 3:1"]
    assert waited >= 3


def test_what_ran_together_when_the_process_was_killed_runs_together_again(
    with_batch: Callable[..., tuple[Server, Path]],
):
    hangs = "await asyncio.sleep(30 if events[0].attempt == 1 else 0)"
    server, noted = with_batch("quiet=3600, longest=3600, most=3", hangs)
    send(server, 1, 2, 3)
    eventually(lambda: states(server) == ["running"] * 3)
    server.kill()
    server.start()
    eventually(server.is_quiet)

    assert calls(noted) == ["1:1 2:1 3:1", "1:2 2:2 3:2"]


def test_plugins_with_a_batch_that_makes_no_sense_are_set_aside_and_the_server_starts(
    start_server: Callable[..., Server], tmp_path: Path
):
    head, react = "from relay import Batch, Event, answer, on\n", "\nasync def act(events: list[Event]) -> None: ...\n"
    nonsense = {
        "hasty": "@on('x', batch=Batch(quiet=0, longest=1))",
        "unordered": "@on('x', ordered=False, batch=Batch(quiet=1, longest=1))",
        "number": "@on('x', batch=8)",
        "answering": "@answer('x', batch=Batch(quiet=1, longest=1))",
    }
    (tmp_path / "plugins").mkdir()
    for name, declared in nonsense.items():
        (tmp_path / "plugins" / f"{name}.py").write_text(head + declared + react)
    logs = start_server(PLUGINS_DIR=str(tmp_path / "plugins")).logs()

    assert [f"plugins.{name} is set aside" in logs for name in nonsense] == [True] * 4
    assert "a batch waits for some seconds of quiet" in logs
