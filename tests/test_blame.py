"""Who holds up a loop is named: the plugin's file and line, and the milliseconds; nobody else is touched."""

import asyncio
import re
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from clients.testing import message_payload
from relay.blame import Blame, Blockage
from relay.figures import Figures
from relay.handler import Handler
from tests.rig import Server, eventually
from tests.rig_pages import Visitor

HEAD = "import asyncio, re, time\nfrom relay import Event, on\n\n\n"
BLOCKS = HEAD + "@on('chatwoot.message_created')\nasync def act(event: Event) -> None:\n    time.sleep(1)\n"
WELL = HEAD + "@on('chatwoot.message_created')\nasync def act(event: Event) -> None:\n    await asyncio.sleep(1)\n"
# It lets nobody else have the interpreter meanwhile, the watcher neither; many times, since a single one may be over
# before it can be looked at.
HOGS = BLOCKS.replace("time.sleep(1)", "for _ in range(6): re.match('(a+)+$', 'a' * 25 + 'b')")
PLAIN = BLOCKS.replace("async def", "def")


@pytest.fixture
def with_plugins(start_server: Callable[..., Server], tmp_path: Path) -> Callable[..., Server]:
    """Start a server with these plugins, a text for each file's name."""

    def start(**plugins: str) -> Server:
        (tmp_path / "plugins").mkdir(exist_ok=True)
        for name, text in plugins.items():
            (tmp_path / "plugins" / f"{name}.py").write_text(text)
        return start_server(PLUGINS_DIR=str(tmp_path / "plugins"))

    return start


def send(server: Server, number: int = 1) -> None:
    answer = server.post_chatwoot(message_payload(number, 1, "oi", message_type="outgoing"))
    assert answer.status_code == 200


def told(server: Server, words: str) -> str:
    """The line that says so, once it is there."""
    return str(eventually(lambda: next((each for each in server.logs().splitlines() if words in each), "")))


@pytest.mark.alone
def test_a_handler_that_blocks_is_named_with_its_file_and_line_and_its_milliseconds(
    with_plugins: Callable[..., Server], tmp_path: Path
) -> None:
    server = with_plugins(sleeper=BLOCKS)
    send(server)
    begun = told(server, "plugins.sleeper:act blocks the loop plugins.sleeper")
    over = told(server, "the loop plugins.sleeper turns again after")
    milliseconds = int(re.search(r"after (\d+) ms", over)[1])

    assert "WARNING" in begun
    assert f"{tmp_path}/plugins/sleeper.py:7" in begun
    assert 600 <= milliseconds <= 5000
    assert "plugins.sleeper:act" in over
    assert server.logs().count("blocks the loop") == 1
    (shown,) = server.admin("handlers")["blocked"]
    assert (shown["line"], list(shown["shares"])) == (7, ["plugins.sleeper:act"])


def test_what_keeps_the_interpreter_to_itself_is_named_as_well(
    with_plugins: Callable[..., Server], tmp_path: Path
) -> None:
    server = with_plugins(hog=HOGS)
    send(server)

    assert f"{tmp_path}/plugins/hog.py:7, in re:" in told(server, "plugins.hog:act blocks the loop plugins.hog")


def test_who_looks_in_sees_the_blockage_with_each_functions_share(
    with_plugins: Callable[..., Server], tmp_path: Path
) -> None:
    server = with_plugins(sleeper=BLOCKS)
    send(server)
    told(server, "the loop plugins.sleeper turns again after")
    listed = server.admin("handlers")["blocked"]
    shown = next(each for each in listed if each["loop"] == "plugins.sleeper")
    with Visitor(server) as visitor:
        page = visitor.see("handlers")

    assert (shown["handler"], shown["line"], shown["is_over"]) == ("plugins.sleeper:act", 7, True)
    assert 0 < shown["shares"]["plugins.sleeper:act"] <= shown["milliseconds"]
    assert f"{tmp_path}/plugins/sleeper.py:7" in page


@pytest.mark.alone
def test_another_handler_is_neither_held_up_nor_blamed(with_plugins: Callable[..., Server]) -> None:
    server = with_plugins(sleeper=BLOCKS.replace("sleep(1)", "sleep(4)"), neighbour=WELL)
    begun = time.monotonic()
    send(server)
    done = 'servidor_deliveries_total{handler="plugins.neighbour:act",state="done"} 1.0'
    eventually(lambda: done in server.http.get("/metrics").text)
    seconds = time.monotonic() - begun
    told(server, "the loop plugins.sleeper turns again after")

    assert seconds < 3.5
    assert "plugins.neighbour" not in "".join(each for each in server.logs().splitlines() if "loop" in each)
    assert 'servidor_blockages_total{loop="plugins.sleeper"} 1.0' in server.http.get("/metrics").text


def test_who_awaits_or_runs_in_a_thread_blocks_nobody(with_plugins: Callable[..., Server]) -> None:
    server = with_plugins(awaits=WELL, plain=PLAIN)
    send(server)
    eventually(server.is_quiet)

    assert "blocks the loop plugins" not in server.logs()


async def test_a_blockage_is_shown_while_it_lasts_and_when_it_is_over() -> None:
    def slow(_event: object) -> None:
        eventually(lambda: blame.recent)
        seen.append(blame.recent[0].is_over)

    seen: list[bool] = []
    figures = Figures()
    blame = Blame(figures, lambda: [Handler(slow, ("shop.sold",))])
    blame.watch("shop", asyncio.get_running_loop(), threading.get_ident())
    blame.start()
    slow(None)
    while not blame.recent[0].is_over:  # noqa: ASYNC110  # a thread does it
        await asyncio.sleep(0.01)
    blame.stop()
    (shown,) = blame.recent

    assert seen == [False]
    assert (shown.loop, shown.handler) == ("shop", f"{__name__}:{slow.__qualname__}")
    assert shown.milliseconds >= 250
    assert abs(shown.began / 1000 + shown.milliseconds / 1000 - time.time()) < 5
    assert figures.blocked_time.labels("shop").collect()


def test_each_function_that_was_seen_has_its_share() -> None:
    blockage = Blockage("shop", "", "shop:one", "shop.py", 1, "")
    blockage.lasts(300, "shop:one")
    blockage.lasts(400, "shop:one")
    blockage.lasts(1400, "shop:two")

    assert blockage.milliseconds == 1400
    assert blockage.shares == {"shop:one": 400, "shop:two": 1000}
