"""isolation="process": what a handler does there harms its worker alone, and the next event finds a fresh one."""

import asyncio
import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clients.testing import message_payload
from relay import State
from relay.apart import channel
from relay.discover import discover
from relay.signals import Signals
from tests.rig import Server, eventually

HEAD = "import asyncio, ctypes, os, sys, time\nfrom relay import Event, Rejected, Retry, on, settings\nimport msgspec\n"
APART = "@on('chatwoot.message_created', isolation='process', retry=Retry(first=0.1, jitter=0.0){options})\n{body}\n"
# An error that asks for something when it is made, as Python's own ExceptionGroup does.
GROUP = """
class Group(Exception):
    def __new__(cls, text, number): return super().__new__(cls, text)
    def __init__(self, text, number): super().__init__(text)
"""
PAYLOAD = message_payload(1, 1, "oi", message_type="outgoing")


@pytest.fixture
def with_plugin(start_server: Callable[..., Server], tmp_path: Path) -> Callable[..., Server]:
    """Start a server with one plugin, `apart`."""

    def start(body: str, options: str = "", head: str = "", **settings: str) -> Server:
        (tmp_path / "plugins").mkdir()
        text = HEAD + head + APART.format(body=body, options=options)
        (tmp_path / "plugins" / "apart.py").write_text(text)
        return start_server(PLUGINS_DIR=str(tmp_path / "plugins"), **settings)

    return start


def delivered(server: Server) -> dict[str, Any]:
    """What became of the newest event at the plugin, once it has ended."""

    def look() -> Any:
        event = server.admin(f"events/{server.events(signal='chatwoot.message_created')[0]['id']}")
        found = next(each for each in event["deliveries"] if each["handler"] == "plugins.apart:act")
        return {**found, "effects": event["effects"]} if found["state"] in ("done", "dead", "parked") else None

    return dict(eventually(look, seconds=30))


def handled(server: Server) -> dict[str, Any]:
    assert server.post_chatwoot(PAYLOAD).status_code == 200
    return delivered(server)


def body(text: str, kind: str = "async def") -> str:
    return f"{kind} act(event: Event) -> None:\n    {text}\n    event.explain(str(os.getpid()))"


ENDS = {
    "os._exit(3)": "Died: its process left with exit code 3",
    "ctypes.string_at(0)": "Died: its process was ended by SIGSEGV",
    "os.kill(os.getpid(), 9)": "Died: its process was ended by SIGKILL",
    "x = bytearray(4 << 30)": "MemoryError",
    "while True: pass": "TimedOut: took longer than 1 s",
    "time.sleep(60)": "TimedOut: took longer than 1 s",
    "sys.exit(4)": "SystemExit: 4",
    "raise ValueError('no')": "ValueError: no",
    "raise Group('many', 3)": "Group: many",
}


def test_what_ends_its_process_is_a_failed_attempt_and_the_next_has_a_fresh_one(
    with_plugin: Callable[..., Server],
) -> None:
    server = with_plugin(body("if event.attempt == 1: exec(event.payload['content'])"), ", timeout=1", head=GROUP)
    for number, act in enumerate(ENDS, start=1):
        server.post_chatwoot(message_payload(number, number, act, message_type="outgoing"))
    eventually(server.is_quiet, seconds=60)
    became = {}
    for each in server.events(signal="chatwoot.message_created"):
        event = server.admin(f"events/{each['id']}", body="whole")
        [found] = [each for each in event["deliveries"] if each["handler"] == "plugins.apart:act"]
        became[json.loads(event["body"])["content"]] = (
            found["state"],
            *(each["error"] or "" for each in found["attempts"]),
        )

    for act, (state, first, second) in became.items():
        assert (state, first[: len(ENDS[act])], second) == ("done", ENDS[act], "")
    assert became.keys() == ENDS.keys()


@pytest.mark.parametrize("kind", ["async def", "def"])
def test_there_it_does_emits_explains_and_logs_as_elsewhere(with_plugin: Callable[..., Server], kind: str) -> None:
    wait = "await " if kind == "async def" else ""
    act = (
        f"{kind} do():\n        return {{'pid': os.getpid()}}\n"
        f"    done = {wait}event.once('act', do, about={{'for': 'you'}})\n"
        f"    {wait}event.emit('shop.greeted', {{'said': own.greeting}})\n"
        "    event.log.info('greeted {}', event.payload['id'])\n"
        "    event.explain(f'{done[\"pid\"] == os.getpid()} {own.greeting}')"
    )
    own = "@settings('greet')\nclass Own(msgspec.Struct):\n    greeting: str = 'oi'\n\n"
    text = f"{kind} act(event: Event, own: Own) -> None:\n    {act}"
    server = with_plugin(text, head=own, GREET_GREETING="bom dia")
    ended = handled(server)

    assert (ended["state"], ended["reason"]) == ("done", "True bom dia")
    assert [(each["name"], each["state"], each["about"]) for each in ended["effects"]] == [
        ("act", "done", {"for": "you"})
    ]
    assert len(server.events(signal="shop.greeted")) == 1
    assert "greeted 1" in server.logs()
    assert "plugins.apart" not in str(server.admin("handlers")["broken"])


def test_an_act_whose_process_dies_within_it_is_looked_up_before_it_is_done_again(
    with_plugin: Callable[..., Server],
) -> None:
    act = (
        "async def do(): os._exit(1)\n"
        "    async def find(about): return about['mark']\n"
        "    event.explain(str(await event.once('act', do, find, about={'mark': 7})))"
    )
    server = with_plugin(f"async def act(event: Event) -> None:\n    {act}")
    ended = handled(server)

    assert (ended["state"], ended["reason"]) == ("done", "7")


def test_a_rejection_crosses_as_what_it_is(with_plugin: Callable[..., Server]) -> None:
    server = with_plugin(body("raise Rejected('never')"))
    ended = handled(server)

    assert (ended["state"], ended["reason"], len(ended["attempts"])) == ("dead", "never", 1)
    assert "plugins.apart:act rejected it: Rejected at plugins.apart:" in server.logs()


def test_a_worker_is_kept_for_the_next_event_and_gets_no_secret_of_the_servers(
    with_plugin: Callable[..., Server],
) -> None:
    server = with_plugin(body("assert 'ADMIN_TOKEN' not in os.environ; print('rig-admin-token')"))
    first = handled(server)
    assert server.post_chatwoot(message_payload(2, 1, "oi", message_type="outgoing")).status_code == 200
    second = delivered(server)
    output = (server.folder / "output").read_text()

    assert first["reason"] == second["reason"]
    assert "rig-admin-token" not in output
    assert "[secret]" in output


def test_what_outlives_its_event_does_nothing_because_of_the_next(with_plugin: Callable[..., Server]) -> None:
    act = (
        "async def act(event: Event) -> None:\n"
        "    if event.payload['id'] == 1:\n"
        "        left.append(event)\n"
        "        return\n"
        "    try:\n"
        "        await left[0].emit('shop.mixed', {})\n"
        "    except RuntimeError as error:\n"
        "        event.explain(str(error))"
    )
    server = with_plugin(act, head="left = []\n")
    handled(server)
    assert server.post_chatwoot(message_payload(2, 1, "oi", message_type="outgoing")).status_code == 200
    second = delivered(server)

    assert second["reason"] == "its handler has ended: nothing is done because of it any more"
    assert server.events(signal="shop.mixed") == []


async def test_what_is_too_large_is_not_said_and_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channel, "MOST_BYTES", 1000)
    ours, its = socket.socketpair()
    reader, writer = await asyncio.open_connection(sock=ours)
    one = channel.Channel(reader, writer, {})
    serving = asyncio.create_task(one.serve())
    with pytest.raises(ValueError, match="too much"):
        await one.ask("this", "x" * 1000)
    asked = asyncio.create_task(one.ask("that"))
    its.send((2000).to_bytes(4, "big") + b"x" * 2000)
    with pytest.raises(channel.Gone):
        await asyncio.wait_for(asked, 10)
    await serving
    writer.close()
    its.close()


def test_its_workers_end_with_the_server_however_it_ends(with_plugin: Callable[..., Server]) -> None:
    server = with_plugin(body("pass"))
    worker = Path("/proc", handled(server)["reason"])
    assert worker.exists()
    server.kill()
    eventually(lambda: not worker.exists())


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            "from relay import State\n@on('x', isolation='process')\nasync def act(event: Event, s: State): ...",
            'isolation="process" has no services but its own settings, not s',
        ),
        ("@on('x', isolation='thread')\nasync def act(event: Event) -> None: ...", 'isolation is "process"'),
        (
            "def make():\n    @on('x', isolation='process')\n    async def act(event: Event) -> None: ...\nmake()",
            "a process of its own is for a function of a module",
        ),
    ],
    ids=["services", "another word", "a function within a function"],
)
def test_what_cannot_run_there_is_told_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, why: str
) -> None:
    (tmp_path / f"at_{tmp_path.name}.py").write_text(HEAD + text)
    signals = Signals()
    monkeypatch.setattr("relay.on", signals.on)
    discover(signals, tmp_path, "plugins")
    signals.bind({State: object()})

    assert why in signals.broken[0].reason
