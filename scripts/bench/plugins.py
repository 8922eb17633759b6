"""What do plugins cost? An event with no handler, with one and with ten, side by side; and finding a hundred."""

import asyncio
import json
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from scripts.bench.looking import Figure
from scripts.bench.process import ROOT, Server
from scripts.bench.sender import closed_loop, make_request

SLICE = 1000
ROUNDS = 8
CONNECTIONS = 64
HANDLERS = {"none": 0, "one": 1, "ten": 10}
PLUGINS = 100
HEAD = "from relay import Event, on\n"
HANDLER = '\n\n@on("chatwoot.webwidget_triggered")\nasync def act{number}(event: Event) -> None: ...\n'
FIND = (
    "import sys, time; from pathlib import Path\n"
    "from relay.discover import ENTRY_POINTS, discover; from relay.signals import signals\n"
    "begun = time.perf_counter(); discover(signals, Path(sys.argv[1]), 'plugins', group=ENTRY_POINTS)\n"
    "assert len(signals.all_handlers()) == 100; print(time.perf_counter() - begun)"
)


def measure(folder: Path, core: int) -> list[Figure]:
    """The figures, as ratios of processor time in one run."""
    servers = {name: _server(folder / name, number, core) for name, number in HANDLERS.items()}
    costs: dict[str, list[float]] = {name: [] for name in servers}
    try:
        for turn in range(ROUNDS + 1):  # the first warms up
            for name, server in servers.items():
                costs[name].append(_cost(server, turn * SLICE, HANDLERS[name]))
    finally:
        for server in servers.values():
            server.stop()
    none, ten = (
        statistics.median(cost / one for cost, one in zip(costs[name][1:], costs["one"][1:], strict=True))
        for name in ("none", "ten")
    )
    return [
        Figure("ten handlers on an event, beside one", f"{ten:.2f}", "<= 3"),
        Figure("an event with no handler, beside one with one", f"{none:.2f}", "< 1"),
        Figure(f"{PLUGINS} plugins found", f"{_found(folder):.2f} s", "< 1 s"),
    ]


def _server(folder: Path, handlers: int, core: int) -> Server:
    plugins = folder / "its_plugins"
    plugins.mkdir(parents=True)
    (plugins / "trivial.py").write_text(HEAD + "".join(HANDLER.format(number=each) for each in range(handlers)))
    return Server("ours", folder, core, {"PLUGINS_DIR": str(plugins)})


def _cost(server: Server, first: int, handlers: int) -> float:
    """Processor seconds of an event, from its receipt until its last delivery is written down."""
    before, requests = server.cpu_seconds(), [make_request(first + number) for number in range(SLICE)]
    if asyncio.run(closed_loop(server.port, requests, CONNECTIONS)).failed:
        raise SystemExit("a request was not answered with 200")
    while _done(server) < (first + SLICE) * handlers:
        time.sleep(0.05)
    return (server.cpu_seconds() - before) / SLICE


def _done(server: Server) -> int:
    request = urllib.request.Request(f"http://127.0.0.1:{server.port}/admin/api/stats")
    request.add_header("Authorization", "Bearer benchmark-admin-token")
    with urllib.request.urlopen(request) as answer:  # noqa: S310  # our own server
        return int(json.load(answer)["deliveries"]["done"])


def _found(folder: Path) -> float:
    """Seconds to import a hundred plugins, none of them compiled before."""
    plugins = folder / "hundred"
    plugins.mkdir()
    for number in range(PLUGINS):
        (plugins / f"number{number}.py").write_text(HEAD + HANDLER.format(number=number))
    command = [sys.executable, "-c", FIND, str(plugins)]
    return float(subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout)  # noqa: S603
