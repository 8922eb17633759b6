"""scripts/start --reload: a changed file starts the server again on the same socket; a wrong one is waited for."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from clients.testing import message_payload
from tests.rig import Server, eventually

PLUGIN = (
    "from relay import Event, on\n@on('chatwoot.message_created')\nasync def act(event: Event) -> None:\n    {body}\n"
)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Start a server that looks at its files, with a plugin that says: one."""
    server = Server(tmp_path)
    write(server, "event.explain('one')")
    yield server.start("--reload")
    server.stop()


def write(server: Server, body: str) -> None:
    (server.folder / "plugins" / "says.py").write_text(PLUGIN.format(body=body))


def send(server: Server, number: int) -> int:
    return server.post_chatwoot(message_payload(number, 1, "oi", message_type="outgoing")).status_code


def said(server: Server) -> list[str]:
    """What the plugin made of each event, the newest first."""
    found = []
    for event in server.events(signal="chatwoot.message_created"):
        deliveries = server.admin(f"events/{event['id']}")["deliveries"]
        found += [each["reason"] for each in deliveries if each["handler"] == "plugins.says:act"]
    return found


def output(server: Server) -> str:
    return (server.folder / "output").read_text()


def broken(server: Server) -> list[str]:
    try:
        return [each["module"] for each in server.admin("handlers")["broken"]]
    except httpx.HTTPError:  # it starts again
        return []


def again(server: Server, look: Callable[[], object]) -> None:
    """Once the server is there again, and has what is looked for."""

    def there() -> object:
        try:
            return look()
        except httpx.HTTPError:
            return False

    eventually(there, seconds=40)


def test_a_change_is_taken_up_by_a_new_process_and_no_request_is_lost_meanwhile(server: Server) -> None:
    assert send(server, 1) == 200
    again(server, lambda: said(server) == ["one"])
    write(server, "event.explain('two')")
    statuses, number, deadline = [], 2, time.monotonic() + 40
    while "two" not in said(server) and time.monotonic() < deadline:
        statuses.append(send(server, number))
        number += 1
    again(server, server.is_quiet)
    told = said(server)

    assert set(statuses) == {200}
    assert len(told) == number - 1
    assert set(told) == {"one", "two"}
    assert "plugins/says.py" in output(server)
    assert output(server).count("Servidor Unificado") == 1


def test_a_plugin_that_is_broken_is_shown_and_mended_by_the_next_change(server: Server) -> None:
    write(server, "(")
    again(server, lambda: broken(server) == ["plugins.says"])
    write(server, "event.explain('mended')")
    again(server, lambda: broken(server) == [] and send(server, 1) == 200)
    again(server, lambda: "mended" in said(server))

    assert "says.py, line 4" in output(server)


def test_a_server_that_cannot_start_is_told_of_and_started_when_its_setting_is_mended(server: Server) -> None:
    with (server.folder / ".env").open("a") as file:
        file.write("RETENTION_DAYS=many\n")
    eventually(lambda: "RETENTION_DAYS = 'many'" in output(server), seconds=40)
    env = server.folder / ".env"
    env.write_text(env.read_text().replace("many", "7"))
    again(server, lambda: send(server, 1) == 200)

    assert server.process is not None
    assert server.process.poll() is None
