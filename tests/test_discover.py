"""relay/discover.py on the real server: how plugins are imported, which are set aside, and that others run."""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from clients.testing import message_payload
from relay.discover import ENTRY_POINTS, discover
from relay.signals import Signals
from tests.rig import Server, eventually

PLAIN = "from relay import Event, on\n\n\n@on('chatwoot.message_created')\nasync def act(event: Event) -> None: ...\n"
SLOW = "import time\ntime.sleep({seconds})\n" + PLAIN


@pytest.fixture
def forget() -> Iterator[None]:
    """What these tests import is forgotten."""
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if name.startswith(("plugins.", "acme_")):
            del sys.modules[name]


def write(folder: Path, **plugins: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in plugins.items():
        file = folder / f"{name.replace('__', '/') if '/' not in name else name}.py"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
    return folder


def install(folder: Path, entry_points: str, **packages: str) -> None:
    """What pip leaves of a package, in a folder of its own."""
    write(folder, **packages)
    (folder / "acme-1.0.dist-info").mkdir()
    (folder / "acme-1.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n")
    (folder / "acme-1.0.dist-info" / "entry_points.txt").write_text(f"[{ENTRY_POINTS}]\n{entry_points}\n")


def send(server: Server, number: int) -> None:
    assert server.post_chatwoot(message_payload(number, 1, "oi", message_type="outgoing")).status_code == 200


def states(server: Server, handler: str) -> list[str]:
    """The states of a handler's deliveries, the newest event's first."""
    found = []
    for event in server.events(signal="chatwoot.message_created"):
        deliveries = server.admin(f"events/{event['id']}")["deliveries"]
        found += [each["state"] for each in deliveries if each["handler"] == handler]
    return found


def set_aside(server: Server) -> dict[str, str]:
    return {each["module"]: each["reason"] for each in server.admin("handlers")["broken"]}


def test_what_imports_for_too_long_is_set_aside_the_rest_runs_and_it_declares_nothing_afterwards(
    start_server: Callable[..., Server], tmp_path: Path
) -> None:
    folder = write(tmp_path / "plugins", late=SLOW.format(seconds=5), never=SLOW.format(seconds=3600), quick=PLAIN)
    server = start_server(PLUGINS_DIR=str(folder), PLUGIN_IMPORT_SECONDS="2")
    send(server, 1)
    eventually(lambda: states(server, "plugins.quick:act") == ["done"])
    eventually(lambda: "plugins.late has ended its import after" in server.logs())
    send(server, 2)
    eventually(lambda: states(server, "plugins.quick:act") == ["done", "done"])
    told = set_aside(server)

    assert set(told) == {"plugins.late", "plugins.never"}
    assert told["plugins.never"] == f"its import took longer than 2 s, and goes on at {folder}/never.py:2"
    assert states(server, "plugins.late:act") == []
    assert "the start waits up to" in server.logs()


def test_all_that_hang_together_cost_the_start_one_limit(forget: None, tmp_path: Path) -> None:
    folder = write(tmp_path / "plugins", **{f"hangs{number}": SLOW.format(seconds=60) for number in range(8)})
    signals, begun = Signals(), time.monotonic()
    discover(signals, folder, "plugins", seconds=0.5)

    assert len(signals.broken) == 8
    assert time.monotonic() - begun < 5


@pytest.mark.alone
def test_a_hundred_plugins_are_found_in_a_second(forget: None, tmp_path: Path) -> None:
    folder = write(tmp_path / "plugins", **{f"number{number}": PLAIN for number in range(100)})
    signals, begun = Signals(), time.monotonic()
    discover(signals, folder, "plugins", group=ENTRY_POINTS)
    seconds = time.monotonic() - begun

    assert signals.broken == []
    assert len([name for name in sys.modules if name.startswith("plugins.number")]) == 100
    assert seconds < 1


def test_what_a_part_of_a_plugin_does_wrong_sets_all_of_it_aside_and_what_it_is_owed_is_parked(
    start_server: Callable[..., Server], tmp_path: Path
) -> None:
    folder = write(
        tmp_path / "plugins", **{"shop/__init__": "from . import one, two\n"}, shop__one=PLAIN, shop__two=PLAIN
    )
    server = start_server(PLUGINS_DIR=str(folder))
    send(server, 1)
    eventually(lambda: states(server, "plugins.shop.one:act") == ["done"])
    server.kill()
    write(folder, shop__two=PLAIN.replace("event: Event", "event: Event, nobody: int"))
    server.start()
    send(server, 2)
    eventually(lambda: states(server, "plugins.shop.one:act") == ["parked", "done"])
    assert list(set_aside(server)) == ["plugins.shop"]
    server.kill()
    write(folder, shop__two=PLAIN)
    server.start()

    eventually(lambda: states(server, "plugins.shop.one:act") == ["done", "done"])


def test_one_name_is_one_plugins(start_server: Callable[..., Server], tmp_path: Path) -> None:
    folder = write(tmp_path / "plugins", greet=PLAIN, **{"greet/__init__": PLAIN, "a.b": PLAIN})
    server = start_server(PLUGINS_DIR=str(folder))
    send(server, 1)
    eventually(lambda: states(server, "plugins.greet:act") == ["done"])

    assert set_aside(server) == {
        "plugins: a.b.py": "a plugin's name has no dot in it",
        "plugins: greet.py": f"{folder}/greet has its name",
    }


def test_what_is_installed_with_an_entry_point_is_found_and_what_lies_in_the_folder_has_its_name_first(
    start_server: Callable[..., Server], tmp_path: Path
) -> None:
    folder = write(tmp_path / "plugins", greet=PLAIN)
    names = "orders = acme_orders.main\ngreet = acme_greet\nsly = handlers.sly\nbroken = acme_broken"
    install(
        tmp_path / "site",
        names,
        acme_orders__main=PLAIN,
        acme_greet=PLAIN,
        acme_broken="import nothing_of_this_name",
        **{"acme_orders/__init__": ""},
    )
    server = start_server(PLUGINS_DIR=str(folder), PYTHONPATH=str(tmp_path / "site"))
    send(server, 1)
    eventually(lambda: states(server, "acme_orders.main:act") == states(server, "plugins.greet:act") == ["done"])

    assert set_aside(server) == {
        "acme_broken": "ModuleNotFoundError: No module named 'nothing_of_this_name'",
        "acme: greet = acme_greet": f"{folder}/greet.py has its name",
        "acme: sly = handlers.sly": "handlers is the server's own",
    }


SOURCE = """
from relay import Named, Source, source

@source
def mine() -> Source:
    return Source("{name}", ("{path}",), lambda incoming: None, lambda incoming: Named("{name}.came", "account_1"))
"""


@pytest.mark.parametrize(
    ("name", "path", "why"),
    [
        ("chatwoot", "/webhook/mine", "handlers has a source 'chatwoot' already"),
        ("mine", "/webhook", "handlers has the address /webhook already"),
        ("mine", "/webhook/alpha", "plugins.alpha has the address /webhook/alpha already (the source 'alpha')"),
        ("schedule", "/webhook/mine", "'schedule' has the name of the server's own events"),
        ("mine", "/admin/x", "/admin is the server's own"),
        ("mine", "/{all:path}", "/{all:path} is the server's own"),
    ],
)
def test_a_source_whose_name_or_address_another_has_is_set_aside(
    forget: None, tmp_path: Path, name: str, path: str, why: str
) -> None:
    signals = Signals()
    text = "from tests.test_discover import Found\nsource = Found.signals.source\nfrom relay import Named, Source\n"
    Found.signals = signals
    mine = text + SOURCE.format(name=name, path=path).replace("from relay import Named, Source, source", "")
    alpha = text + SOURCE.format(name="alpha", path="/webhook/alpha").replace("Named, Source, source", "Named")
    discover(signals, write(tmp_path / "plugins", alpha=alpha, mine=mine), "plugins")
    shipped = signals.sources[0]

    def chatwoot() -> object:
        made = shipped()
        return type(made)("chatwoot", ("/webhook",), made.authenticate, made.describe)

    chatwoot.__module__ = "handlers.chatwoot.source"
    signals.source(chatwoot)  # type: ignore[arg-type]  # it makes one
    made = signals.make_sources({}, (), ("/admin",))

    assert [each.name for each in made] == ["chatwoot", "alpha"]
    assert why in signals.broken[0].reason


class Found:
    """Where the plugins that these tests write find the signals to declare themselves at."""

    signals = Signals()
