"""A bug in a plugin harms nobody else: what blocks, raises or does not import is its own trouble."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clients.testing import message_payload
from tests.rig import Server, eventually

HEAD = "import asyncio, sys, time\nfrom relay import Event, Rejected, Retry, on\n"


@pytest.fixture
def with_plugins(start_server: Callable[..., Server], tmp_path: Path) -> Callable[..., Server]:
    """Start a server with these plugins, a body for each file's name."""

    def start(**plugins: str) -> Server:
        for name, body in plugins.items():
            write_plugin(tmp_path, name, body)
        return start_server(PLUGINS_DIR=str(tmp_path / "plugins"))

    return start


def write_plugin(folder: Path, name: str, body: str) -> None:
    (folder / "plugins").mkdir(exist_ok=True)
    (folder / "plugins" / f"{name}.py").write_text(HEAD + body)


def handler(body: str, options: str = "") -> str:
    return f"@on('chatwoot.message_created'{options})\nasync def act(event: Event) -> None:\n    {body}\n"


def send(server: Server, number: int, conversation: int = 1) -> float:
    """Send a message that shipped handlers leave alone; the seconds to its 200."""
    begun = time.monotonic()
    answer = server.post_chatwoot(message_payload(number, conversation, "oi", message_type="outgoing"))
    assert answer.status_code == 200
    return time.monotonic() - begun


def states(server: Server, plugin: str) -> list[str]:
    found = []
    for event in server.events(limit=100):
        deliveries = server.admin(f"events/{event['id']}")["deliveries"]
        found += [each["state"] for each in deliveries if each["handler"] == f"plugins.{plugin}:act"]
    return found


def attempts_of(server: Server, plugin: str) -> list[dict[str, Any]]:
    """The tries of the newest event at this plugin."""
    deliveries = server.admin(f"events/{server.events()[0]['id']}")["deliveries"]
    own: list[dict[str, Any]] = next(
        each["attempts"] for each in deliveries if each["handler"] == f"plugins.{plugin}:act"
    )
    return own


@pytest.mark.alone
def test_a_plugin_that_blocks_its_loop_delays_no_answer_and_no_other_handler(
    with_plugins: Callable[..., Server],
) -> None:
    server = with_plugins(sleeper=handler("time.sleep(20)"), neighbour=handler("pass"))
    seconds = sorted(send(server, number) for number in range(1, 41))
    eventually(lambda: states(server, "neighbour").count("done") == 40)
    blocked = states(server, "sleeper")
    server.kill()

    assert seconds[-1] < 1  # a hundredth of a second is usual; the plugin sleeps for twenty
    assert "done" not in blocked


@pytest.mark.parametrize(
    "raised",
    ["SystemExit()", "KeyboardInterrupt()", "GeneratorExit()", "asyncio.CancelledError()", "MemoryError()"],
)
def test_whatever_a_handler_raises_is_a_failed_attempt_and_the_server_lives(
    with_plugins: Callable[..., Server], raised: str
) -> None:
    server = with_plugins(bad=handler(f"raise {raised}"), neighbour=handler("pass"))
    send(server, 1)
    eventually(lambda: states(server, "neighbour") == ["done"])
    attempts = eventually(lambda: attempts_of(server, "bad"))
    send(server, 2)
    eventually(lambda: states(server, "neighbour") == ["done", "done"])

    assert attempts[0]["outcome"] == "failed"
    assert raised.partition("(")[0].rpartition(".")[2] in attempts[0]["error"]


def test_a_handler_past_its_timeout_is_cancelled_and_tried_again(with_plugins: Callable[..., Server]) -> None:
    body = "if event.attempt == 1: await asyncio.sleep(30)"
    server = with_plugins(slow=handler(body, ", timeout=0.3, retry=Retry(first=0.1)"))
    send(server, 1)
    eventually(lambda: states(server, "slow") == ["done"])

    assert "took longer than 0.3 s" in server.logs()


def test_rejected_goes_straight_to_dead_with_its_reason(with_plugins: Callable[..., Server]) -> None:
    server = with_plugins(strict=handler("raise Rejected('never')"))
    send(server, 1)
    eventually(lambda: states(server, "strict") == ["dead"])
    event = server.admin(f"events/{server.events()[0]['id']}")

    assert event["status"] == "dead"
    assert "never" in [each["reason"] for each in event["deliveries"]]


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        ("ValueError('Ana 41 99999-0000')", "failed, next try in 5 s: ValueError at plugins.telling:5"),
        ("Rejected('Ana 41 99999-0000')", "rejected it: Rejected at plugins.telling:5"),
        ("Unresolvable('Ana 41 99999-0000')", "is parked: Unresolvable at plugins.telling:5"),
    ],
)
def test_what_an_error_says_stands_with_the_attempt_and_the_log_says_where_it_was(
    with_plugins: Callable[..., Server], raised: str, said: str
) -> None:
    body = f"from relay import Unresolvable; raise {raised}"
    server = with_plugins(telling=handler(body, ", retry=Retry(jitter=0.0)"))
    send(server, 1)
    eventually(lambda: states(server, "telling") in (["waiting"], ["dead"], ["parked"]))
    event = eventually(lambda: attempted(server, "telling"))

    assert "Ana 41 99999-0000" in event[0]["error"]
    assert f"plugins.telling:act {said}" in server.logs()
    assert "99999" not in server.logs()


def attempted(server: Server, plugin: str) -> list[dict[str, Any]]:
    deliveries = server.admin(f"events/{server.events()[0]['id']}")["deliveries"]
    return next(each["attempts"] for each in deliveries if each["handler"] == f"plugins.{plugin}:act")


def test_what_fails_now_and_then_is_logged_without_its_text(with_plugins: Callable[..., Server]) -> None:
    head, tick = "from relay import meanwhile\n@meanwhile(0.05)\n", "def tick() -> None:\n    "
    body = f"{head}{tick}raise ValueError('Ana 41 99999-0000')\n"
    server = with_plugins(telling=body)
    eventually(lambda: "tick failed and is called again: ValueError at plugins.telling:6" in server.logs())

    assert "99999" not in server.logs()


def test_an_odd_name_of_an_event_is_logged_without_its_numbers(with_plugins: Callable[..., Server]) -> None:
    server = with_plugins()
    server.post_chatwoot({"event": "phone_41999990000", "account": {"id": 1}})
    eventually(lambda: "chatwoot.phone_0" in server.logs())

    assert "41999990000" not in server.logs()
    assert server.events()[0]["signal"] == "chatwoot.phone_41999990000"


def test_a_plugin_that_does_not_import_is_set_aside_and_the_rest_runs(with_plugins: Callable[..., Server]) -> None:
    broken = {
        "syntax": "def (:",
        "missing": "import no_such_package",
        "leaves": "sys.exit(3)",
        "asks": "class Nobody: ...\n@on('x')\nasync def act(event: Event, nobody: Nobody) -> None: ...",
    }
    server = with_plugins(neighbour=handler("pass"), **broken)
    send(server, 1)
    eventually(lambda: states(server, "neighbour") == ["done"])

    screen = (server.folder / "output").read_text()
    for name in broken:
        assert f"plugins.{name}" in server.logs()
        assert f"plugins.broken  plugins.{name} " in screen


BAD_SOURCE = """
from relay import Incoming, Named, Source, source

@source
def shop({asks}) -> Source:
    return Source(name="shop", paths=("{path}",), authenticate=lambda incoming: None,
                  describe=lambda incoming: Named("shop.thing", {account!r}))
"""


@pytest.mark.parametrize(
    "body",
    [
        BAD_SOURCE.format(asks="nobody: int", path="/webhook/shop", account=""),
        BAD_SOURCE.format(asks="", path="no/slash", account=""),
        "from config.settings import Settings\n@on('x')\nasync def act(event: Event, s: Settings) -> None: ...",
        "@on('x')\nasync def act(event: 'NoSuchType') -> None: ...",
        "from relay import answer\n@answer('odoo.business_rules.sync')\nasync def act(event: Event) -> None: ...",
    ],
    ids=["a source asks for nobody", "a path without a slash", "the settings", "a type that is not", "a second answer"],
)
def test_a_plugin_that_declares_nonsense_is_set_aside_and_the_server_starts(
    with_plugins: Callable[..., Server], body: str
) -> None:
    server = with_plugins(nonsense=body, neighbour=handler("pass"))
    send(server, 1)
    eventually(lambda: states(server, "neighbour") == ["done"])

    assert "plugins.nonsense is set aside" in server.logs()


def test_what_a_plugin_does_now_and_then_may_fail_or_block_and_harms_nobody(
    with_plugins: Callable[..., Server],
) -> None:
    periodic = "from relay import meanwhile\n@meanwhile(0.05)\ndef tick() -> None:\n    {body}\n"
    server = with_plugins(
        leaves=periodic.format(body="raise SystemExit(1)"),
        blocks=periodic.format(body="time.sleep(30)"),
        neighbour=handler("pass"),
    )
    send(server, 1)
    eventually(lambda: states(server, "neighbour") == ["done"])
    answered = server.sync_rules([]).status_code
    server.kill()

    assert answered == 200


def test_what_a_broken_plugin_is_owed_is_parked_until_it_loads_again(
    with_plugins: Callable[..., Server], tmp_path: Path
) -> None:
    server = with_plugins(fickle=handler("pass"))
    send(server, 1)
    eventually(lambda: states(server, "fickle") == ["done"])
    server.kill()
    write_plugin(tmp_path, "fickle", "def (:")
    server.start()
    send(server, 2)
    parked = states(server, "fickle")
    server.kill()
    write_plugin(tmp_path, "fickle", handler("pass"))
    server.start()

    assert parked == ["parked", "done"]
    eventually(lambda: states(server, "fickle") == ["done", "done"])


def test_a_plain_function_runs_in_a_thread_and_blocks_nobody(with_plugins: Callable[..., Server]) -> None:
    plain = "@on('chatwoot.message_created')\ndef act(event: Event) -> None:\n    event.once('x', lambda: 7)\n"
    server = with_plugins(plain=plain)
    send(server, 1)
    eventually(lambda: states(server, "plain") == ["done"])
    event = server.admin(f"events/{server.events()[0]['id']}")

    assert [(each["name"], each["state"], each["result"]) for each in event["effects"]] == [("x", "done", 7)]


@pytest.mark.parametrize("act", ["next(iter([]))", "event.once('x', lambda: next(iter([])))"])
def test_a_plain_function_that_finds_nothing_where_it_looks_has_failed(
    with_plugins: Callable[..., Server], act: str
) -> None:
    plain = f"@on('chatwoot.message_created')\ndef act(event: Event) -> None:\n    {act}\n"
    server = with_plugins(plain=plain)
    send(server, 1)

    def attempts() -> list[Any]:
        deliveries = server.admin(f"events/{server.events()[0]['id']}")["deliveries"]
        return next(list(each["attempts"]) for each in deliveries if each["handler"] == "plugins.plain:act")

    [attempt] = eventually(attempts)

    assert states(server, "plain") == ["waiting"]
    assert (attempt["outcome"], "StopIteration" in attempt["error"]) == ("failed", True)


def test_events_of_one_key_stay_in_order_and_a_retry_holds_only_its_key(
    with_plugins: Callable[..., Server], tmp_path: Path
) -> None:
    order = tmp_path / "order"
    body = (
        f"number = event.payload['id']\n    if number == 1 and event.attempt == 1: raise ValueError\n"
        f"    with open({str(order)!r}, 'a') as file: file.write(f'{{number}} ')"
    )
    server = with_plugins(orderly=handler(body, ", retry=Retry(first=1.5)"))
    for number in range(1, 7):
        send(server, number, conversation=1 if number < 5 else 2)
    eventually(lambda: states(server, "orderly").count("done") == 6)

    assert order.read_text().split() == ["5", "6", "1", "2", "3", "4"]


def test_emitting_makes_one_event_however_often_the_delivery_runs(with_plugins: Callable[..., Server]) -> None:
    body = "await event.emit('shop.greeted', {'n': 1})\n    if event.attempt == 1: raise ValueError"
    other = "@on('shop.greeted')\nasync def act(event: Event) -> None:\n    event.explain(str(event.payload['n']))\n"
    server = with_plugins(emitter=handler(body, ", retry=Retry(first=0.1)"), other=other)
    send(server, 1)
    eventually(lambda: states(server, "emitter") == ["done"] and states(server, "other") == ["done"])

    assert len(server.events(signal="shop.greeted")) == 1


def test_replay_runs_again_and_does_no_effect_twice(with_plugins: Callable[..., Server], tmp_path: Path) -> None:
    done = tmp_path / "done"
    body = (
        f"async def do():\n        with open({str(done)!r}, 'a') as file: file.write('x')\n        return 1\n"
        "    await event.once('act', do)"
    )
    server = with_plugins(acting=handler(body))
    send(server, 1)
    eventually(lambda: states(server, "acting") == ["done"])
    event = server.events()[0]["id"]
    counted = server.http.post("/admin/api/replay", json={"id": event, "dry_run": True}).json()
    replayed = server.http.post("/admin/api/replay", json={"id": event}).json()
    eventually(lambda: server.is_quiet() and server.books()["deliveries"]["done"] >= 5)

    effect = {"event": event, "handler": "plugins.acting:act", "name": "act"}
    assert counted == {
        "dry_run": True,
        "events": 1,
        "deliveries": 5,
        "answers": 0,
        "effects_done": 1,
        "effects": [effect],
    }
    assert replayed["replayed"] == 5
    assert done.read_text() == "x"


def test_what_a_handler_emits_before_its_timeout_is_delivered_all_the_same(
    with_plugins: Callable[..., Server],
) -> None:
    body = "await event.emit('shop.told', {})\n    if event.attempt == 1: await asyncio.sleep(9)"
    other = "@on('shop.told')\nasync def act(event: Event) -> None: ...\n"
    server = with_plugins(teller=handler(body, ", timeout=0.3, retry=Retry(first=0.1)"), listener=other)
    send(server, 1)
    eventually(lambda: states(server, "teller") == ["done"] and states(server, "listener") == ["done"])

    assert len(server.events(signal="shop.told")) == 1


def test_a_handler_that_ends_its_loop_from_a_sub_task_ends_nothing(with_plugins: Callable[..., Server]) -> None:
    body = "asyncio.get_running_loop().call_soon(sys.exit)\n    await asyncio.sleep(0.1)"
    server = with_plugins(leaving=handler(body))
    send(server, 1)
    send(server, 2, conversation=2)
    eventually(lambda: states(server, "leaving") == ["done", "done"])

    assert "was left by an error and goes on" in server.logs()


def test_what_a_plugin_does_in_the_stores_thread_cannot_end_it(with_plugins: Callable[..., Server]) -> None:
    body = "await state.change('a', 'b', lambda value: sys.exit(1))"
    plugin = "from relay import State\n" + handler(body).replace("(event: Event)", "(event: Event, state: State)")
    server = with_plugins(rude=plugin)
    send(server, 1)
    eventually(lambda: server.events()[0]["status"] == "waiting")

    assert send(server, 2) < 5
