"""How fast is it? Ratios to a bare Starlette route, measured in one run: the machine's own speed cancels out."""

import asyncio
import json
import os
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from scripts.in_venv import in_venv

in_venv()

import click
import uvloop
from rich.console import Console
from rich.table import Table

from scripts.bench import looking, odoo, plugins, reply
from scripts.bench.process import Server
from scripts.bench.sender import Measured, closed_loop, make_request, open_loop

CONNECTIONS = 64
OPEN_RATE = 200
SLICE = 2000
STEADY = 1000
Measures = dict[str, list[dict[str, float]]]
NAMES = ("bare", "background", "ours")
console = Console()


@click.command()
@click.option("--rounds", default=5, help="How often the three are started.")
@click.option("--requests", default=10_000, help="Requests to each per round, in slices of 2 000, at 64 connections.")
@click.option("--plugins", "only_plugins", is_flag=True, help="Only what plugins cost.")
@click.option("--long", "is_long", is_flag=True, help="Also: memory, and all with 1 000 000 events kept.")
def main(rounds: int, requests: int, only_plugins: bool, is_long: bool) -> None:
    """Measure bare Starlette, FastAPI with BackgroundTasks, and this server, in turn and several times."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[-1]})
    uvloop.install()
    folder = Path(tempfile.mkdtemp(prefix="benchmark-"))
    try:
        measured: Measures = {name: [] for name in NAMES}
        _plugins(folder / "plugins", cores[0])
        if only_plugins:
            return
        for number in range(rounds):
            _round(measured, folder / str(number), cores[0], requests)
            console.print(f"{number + 1}/{rounds}: " + _in_short(measured), highlight=False)
        _report(measured)
        _odoo(folder, cores[0])
        _reply(folder, cores[0])
        if is_long:
            _long(folder, cores[0], requests)
            _looking(folder, cores[0])
    finally:
        shutil.rmtree(folder)


def _round(measured: Measures, folder: Path, core: int, requests: int) -> None:
    """All three are there; one at a time is sent to, a slice each in turn: so each meets the machine as the others."""
    servers = [Server(name, folder / name, core) for name in NAMES]
    try:
        idle = {server.name: server.memory_mb() for server in servers}
        for server in servers:
            _send(server, SLICE, first=0)
        for start in range(SLICE, requests, SLICE):
            for server in servers:
                measured[server.name].append(_flood(server, start))
        for server in servers:
            measured[server.name].append(_steady(server))
            measured[server.name][-1].update(idle=idle[server.name], start=server.seconds_to_first)
        ours = servers[-1]
        measured[ours.name][-1].update(_books(ours, sent=len(range(0, requests, SLICE)) * SLICE + STEADY))
    finally:
        for server in servers:
            server.stop()


def _flood(server: Server, start: int) -> dict[str, float]:
    cpu = server.cpu_seconds()
    flood = _send(server, SLICE, first=start)
    _wait_until_done(server)
    return {"rate": flood.rate, "cpu": (server.cpu_seconds() - cpu) / SLICE * 1e6}


def _steady(server: Server) -> dict[str, float]:
    seconds = asyncio.run(open_loop(server.port, [make_request(10**8 + n) for n in range(STEADY)], OPEN_RATE)).seconds
    _wait_until_done(server)
    return {"p50": _percentile(seconds, 0.50) * 1000, "p99": _percentile(seconds, 0.99) * 1000}


def _send(server: Server, number: int, first: int) -> Measured:
    requests = [make_request(n) for n in range(first, first + number)]
    measured = asyncio.run(closed_loop(server.port, requests, CONNECTIONS))
    if measured.failed:
        raise SystemExit(f"{server.name}: {measured.failed} requests were not answered with 200")
    return measured


def _stats(server: Server) -> Any:
    request = urllib.request.Request(f"http://127.0.0.1:{server.port}/admin/api/stats")
    request.add_header("Authorization", "Bearer benchmark-admin-token")
    with urllib.request.urlopen(request) as answer:  # noqa: S310  # our own server
        return json.load(answer)


def _wait_until_done(server: Server) -> None:
    while server.name == "ours" and _stats(server)["deliveries"]["waiting"]:
        time.sleep(0.02)


def _books(server: Server, sent: int) -> dict[str, float]:
    """Every request is an event, every delivery done; and how long handlers waited for their events."""
    books = _stats(server)
    if books["requests"]["events"] != sent or books["deliveries"]["done"] != sent:
        raise SystemExit(f"the books do not balance: {sent} were sent, {books}")
    with sqlite3.connect(server.folder / "data" / "server.db") as database:
        waits = database.execute(
            "SELECT started - received FROM deliveries JOIN events ON events.id = event_id "
            "ORDER BY event_id DESC LIMIT 1000"
        ).fetchall()
    return {"to_handler": statistics.median(row[0] for row in waits)}


def _percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def _median(measured: list[dict[str, float]], figure: str) -> float:
    return statistics.median(each[figure] for each in measured if figure in each)


def _ratio(measured: Measures, figure: str, to: str) -> float:
    """The median of the ratios of what was measured side by side: what drifts meanwhile cancels out."""
    pairs = zip(measured["ours"], measured[to], strict=True)
    return statistics.median(ours[figure] / other[figure] for ours, other in pairs if figure in ours)


def _in_short(measured: Measures) -> str:
    return "  ".join(f"{name} {_median(measured[name], 'rate'):.0f}/s" for name in NAMES)


def _report(measured: Measures) -> None:
    table = Table("", "bare Starlette", "FastAPI + BackgroundTasks", "this server", "ratio to bare", "aim")
    rows = (
        ("requests/s, 64 connections", "rate", "{:.0f}", ">= 0.40"),
        ("processor time per request, µs", "cpu", "{:.0f}", "<= 2.5"),
        ("200/s: p50 to the 200, ms", "p50", "{:.2f}", "<= 3"),
        ("200/s: p99 to the 200, ms", "p99", "{:.2f}", "<= 4"),
    )
    for title, figure, form, aim in rows:
        values = [form.format(_median(measured[name], figure)) for name in NAMES]
        table.add_row(title, *values, f"{_ratio(measured, figure, 'bare'):.2f}", aim)
    console.print(table)
    console.print(
        f"requests/s against FastAPI + BackgroundTasks: {_ratio(measured, 'rate', 'background'):.2f} (>= 1.2)"
    )
    console.print(f"receipt to the handler's start, p50: {_median(measured['ours'], 'to_handler'):.0f} ms (< 10)")
    console.print(f"start to the first answer: {_median(measured['ours'], 'start'):.2f} s (< 1.5)")
    console.print(f"idle memory: {_median(measured['ours'], 'idle'):.0f} MB (< 120)")


def _odoo(folder: Path, core: int) -> None:
    server = Server("ours", folder / "odoo", core)
    try:
        for figure in odoo.measure(server):
            console.print(f"{figure.title}: {figure.seconds:.2f} s (< {figure.aim:g})", highlight=False)
    finally:
        server.stop()


def _reply(folder: Path, core: int) -> None:
    seconds = statistics.median(reply.measure(folder / "reply", core))
    console.print(f"a customer's message to its reply, p50: {seconds * 1000:.0f} ms (< 100)", highlight=False)


def _plugins(folder: Path, core: int) -> None:
    for figure in plugins.measure(folder, core):
        console.print(f"{figure.title}: {figure.value} ({figure.aim})", highlight=False)


def _looking(folder: Path, core: int) -> None:
    for figure in looking.measure(folder / "looking", core):
        console.print(f"{figure.title}: {figure.value} ({figure.aim})", highlight=False)


def _long(folder: Path, core: int, requests: int) -> None:
    server = Server("ours", folder / "long", core)
    try:
        _send(server, 10_000, first=0)
        early = server.memory_mb()
        for start in range(10_000, 100_000, 10_000):
            _send(server, 10_000, first=start)
        _wait_until_done(server)
        console.print(f"memory after 10 000 events {early:.0f} MB, after 100 000 {server.memory_mb():.0f} MB")
    finally:
        server.stop()
    empty, full = [], []
    looking.fill(folder / "full")
    for number in range(3):
        empty.append(_rate(folder / f"empty{number}", core, requests, first=0))
        full.append(_rate(folder / "full", core, requests, first=10**7 + number * requests))
    ratio = statistics.median(after / before for after, before in zip(full, empty, strict=True))
    console.print(f"with 1 000 000 events in the table: {ratio:.2f} of the rate with none (>= 0.8)")


def _rate(folder: Path, core: int, requests: int, first: int) -> float:
    server = Server("ours", folder, core)
    try:
        return _send(server, requests, first).rate
    finally:
        server.stop()


if __name__ == "__main__":
    main()
