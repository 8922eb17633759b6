"""A server killed while something waits for its rate, for quiet or for the clock: nothing is lost, nothing is twice."""

import json
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from clients.testing import message_payload
from tests.rig import Server, eventually
from tests.rig_pages import Visitor

HEAD = """
import time
from relay import NEVER, Debounce, Event, Retry, daily, every, on

def note(what):
    with open({noted!r}, 'a') as file:
        file.write(f'{{what}}\\n')
"""
Start = Callable[[str], tuple[Server, Path]]


@pytest.fixture
def with_plugin(start_server: Callable[..., Server], tmp_path: Path) -> Start:
    """Start a server with a plugin that notes its calls in a file."""

    def start(body: str) -> tuple[Server, Path]:
        noted = tmp_path / "noted"
        (tmp_path / "plugins").mkdir()
        (tmp_path / "plugins" / "flow.py").write_text(HEAD.format(noted=str(noted)) + body)
        return start_server(PLUGINS_DIR=str(tmp_path / "plugins")), noted

    return start


def send(server: Server, *numbers: int) -> None:
    for number in numbers:
        payload = message_payload(number, 1, "oi", message_type="outgoing")
        assert server.post_chatwoot(payload).status_code == 200


def deliveries(server: Server) -> list[dict[str, str]]:
    """What the plugin is owed, newest first."""
    events = [server.admin(f"events/{each['id']}") for each in server.events(limit=500)]
    own = [one for each in events for one in each["deliveries"] if one["handler"].startswith("plugins.flow:")]
    return [{name: str(each[name]) for name in ("state", "reason")} for each in own]


def calls(noted: Path) -> list[str]:
    return noted.read_text().splitlines() if noted.exists() else []


RATED = """
@on('chatwoot.message_created', rate='{rate}')
async def act(event: Event) -> None:
    note(f'{{event.payload["id"]}}:{{event.attempt}}')
"""


def test_what_waits_for_its_rate_is_kept_over_a_kill_and_the_rate_too(with_plugin: Start):
    server, noted = with_plugin(RATED.format(rate="2/h"))
    send(server, 1, 2, 3, 4)
    eventually(lambda: [each["state"] for each in deliveries(server)] == ["waiting", "waiting", "done", "done"])
    server.kill()
    server.start()
    send(server, 5)
    waiting = [each["state"] for each in deliveries(server)]

    assert waiting == ["waiting", "waiting", "waiting", "done", "done"]
    assert calls(noted) == ["1:1", "2:1"]


def test_what_waited_for_its_rate_when_the_process_was_killed_goes_on_in_order(with_plugin: Start):
    server, noted = with_plugin(RATED.format(rate="1/s"))
    begun = time.monotonic()
    send(server, 1, 2, 3, 4)
    eventually(lambda: calls(noted))
    server.kill()
    server.start()
    eventually(server.is_quiet)
    eventually(lambda: calls(noted)[-1:] == ["4:1"])

    # The kill may come between a call and its being written down: then it is called again.
    assert list(dict.fromkeys(each.split(":")[0] for each in calls(noted))) == ["1", "2", "3", "4"]
    assert time.monotonic() - begun >= 3


def test_the_newest_of_what_came_before_a_kill_is_handed_over_after_it(with_plugin: Start):
    server, noted = with_plugin("""
@on('chatwoot.message_created', debounce=Debounce(quiet=3, longest=30))
async def act(event: Event) -> None:
    note(event.payload['id'])
""")
    send(server, 1, 2, 3)
    server.kill()
    before = calls(noted)
    server.start()
    eventually(lambda: calls(noted))
    eventually(server.is_quiet)
    server.kill()
    server.start()
    eventually(server.is_quiet)
    newest = server.events()[0]["id"]

    assert (before, calls(noted)) == ([], ["3"])
    assert [each["reason"] for each in deliveries(server)] == ["None"] + [f"superseded by {newest}"] * 2


def test_no_slot_of_the_clock_is_twice_over_kills_and_what_was_missed_is_made_up_once(with_plugin: Start):
    server, noted = with_plugin("""
@every('2s')
async def act(event: Event) -> None:
    note(event.payload['at'])
""")
    for _ in range(3):
        known = set(calls(noted))
        eventually(lambda known=known: set(calls(noted)) - known)
        server.kill()
        down = time.time()
        server.start()
        eventually(lambda down=down: datetime.fromisoformat(calls(noted)[-1]).timestamp() >= down - 2)
    eventually(server.is_quiet)
    events = server.events(signal="schedule.plugins.flow.act")
    made = [server.admin(f"events/{each['id']}") for each in events]

    slots = [json.loads(each["body"])["at"] for each in made]

    assert len(set(slots)) == len(slots) >= 2  # a kill may come before the end of a call is written: it is called again
    assert {each["account"] for each in made} == {"account_1"}
    assert all(each["repeats"] == 0 for each in made)
    assert server.admin("books")["balanced"]


def test_the_pages_show_the_rate_the_schedule_and_why_nothing_was_done(with_plugin: Start):
    server, _ = with_plugin("""
@on('chatwoot.message_created', rate='10/m', when=lambda event: event.payload['id'] > 1)
async def rated(event: Event) -> None: ...

@daily('08:00', '18:30')
async def report(event: Event) -> None: ...

@every('1d')
async def look(event: Event) -> None: ...
""")
    send(server, 1)
    eventually(server.is_quiet)
    own = {each["handler"]: each for each in server.admin("handlers")["items"]}
    with Visitor(server) as visitor:
        handlers, event = visitor.see("handlers"), visitor.see(f"events/{server.events()[0]['id']}")

    assert own["plugins.flow:rated"]["rate"] == {"most": 10, "seconds": 60}
    assert own["plugins.flow:report"]["schedule"] == {"hours": ["08:00", "18:30"]}
    assert own["plugins.flow:look"]["schedule"] == {"seconds": 86400}
    assert "<dd>10 / 1 min</dd>" in handlers
    assert "<dd>08:00, 18:30</dd>" in handlers
    assert "not wanted: when" in event


def test_a_schedule_that_makes_no_sense_sets_its_plugin_aside_and_the_server_starts(
    start_server: Callable[..., Server], tmp_path: Path
):
    act = "\nasync def act(event: Event) -> None: ...\n"
    nonsense = {
        "often": "@every('5 minutes')",
        "seconds": "@every(5.0)",
        "noon": "@daily('noon')",
        "rated": "@on('x', rate='often')",
        "series": "@on('x', retry=Retry(series=[5, 60]))",
        "named": "@on('x', retry={'ValueError': NEVER})",
        "filtered": "@on('x', when=True)",
        "debounced": "@on('x', debounce=5)",
    }
    (tmp_path / "plugins").mkdir()
    for name, declared in nonsense.items():
        (tmp_path / "plugins" / f"{name}.py").write_text(HEAD.format(noted="") + declared + act)
    logs = start_server(PLUGINS_DIR=str(tmp_path / "plugins")).logs()

    assert [f"plugins.{name} is set aside" in logs for name in nonsense] == [True] * len(nonsense)


def test_a_filter_that_blocks_holds_up_neither_the_way_in_nor_a_neighbour(
    start_server: Callable[..., Server], tmp_path: Path
):
    (tmp_path / "plugins").mkdir()
    act = "\nasync def act(event: Event) -> None: ...\n"
    for name, declared in {
        "blocks": "@on('chatwoot.*', when=lambda event: time.sleep(30))",
        "leaves": "@on('chatwoot.*', when=lambda event: exit(1))",
        "good": "@on('chatwoot.*', when=lambda event: event.payload['id'] == 1)",
    }.items():
        (tmp_path / "plugins" / f"{name}.py").write_text(HEAD.format(noted="") + declared + act)
    server = start_server(PLUGINS_DIR=str(tmp_path / "plugins"))
    begun = time.monotonic()
    send(server, 1, 2)
    answered = time.monotonic() - begun

    def good() -> list[str]:
        found = [server.admin(f"events/{each['id']}")["deliveries"] for each in server.events()]
        return [one["reason"] or one["state"] for own in found for one in own if "good" in one["handler"]]

    eventually(lambda: good() == ["not wanted: when", "done"])
    server.kill()

    assert answered < 10
