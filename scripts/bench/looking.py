"""What does looking in cost? Pages over a million events, and the way in while somebody looks and much is replayed."""

import asyncio
import http.client
import itertools
import json
import os
import sqlite3
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from scripts.bench.process import Server
from scripts.bench.sender import closed_loop, make_request, open_loop

EVENTS = 1_000_000
REPLAYED = 100_000
RATE = 200
TOKEN = "benchmark-admin-token"  # noqa: S105  # of the benchmark's own servers
PAGES = (
    "/admin", "/admin/events", "/admin/events?signal=odoo.*", "/admin/events?status=dead", "/admin/events?account=none",
    "/admin/events?q=nowhere", "/admin/dead", "/admin/rejections", "/admin/handlers", "/admin/setup", "/admin/logs",
)  # fmt: skip
FLOOD = 20_000
_numbers = itertools.count(2 * 10**8)


class Figure(NamedTuple):
    """One figure: what it is, how it is written, and what it should be."""

    title: str
    value: str
    aim: str


class Person:
    """Somebody who has logged in."""

    def __init__(self, port: int) -> None:
        self._port = port
        form = urlencode({"token": TOKEN})
        head = self._ask("POST", "/admin/login", form, {"Content-Type": "application/x-www-form-urlencoded"})[0]
        self._cookie = str(head["set-cookie"]).partition(";")[0]

    def look(self, path: str) -> float:
        """Seconds to the whole page."""
        begun = time.perf_counter()
        self._ask("GET", path, None, {"Cookie": self._cookie})
        return time.perf_counter() - begun

    def post(self, path: str, body: Any) -> Any:
        """What an operation answers."""
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
        return json.loads(self._ask("POST", path, json.dumps(body), headers)[1])

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> tuple[Any, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status not in (200, 303):
            raise SystemExit(f"{path}: {answer.status} {content[:200]!r}")
        return answer.headers, content


def measure(folder: Path, core: int) -> Iterator[Figure]:
    """Every figure, over a database with a million events."""
    fill(folder)
    server = Server("ours", folder, core)
    try:
        person = Person(server.port)
        yield _slowest_page(person)
        yield _live_list(server, person)
        yield _replay(server, person)
    finally:
        server.stop()


def _slowest_page(person: Person) -> Figure:
    seconds = {path: statistics.median(person.look(path) for _ in range(7)) for path in PAGES}
    slowest = max(seconds, key=lambda path: seconds[path])
    return Figure(f"slowest page with 1 000 000 events ({slowest})", f"{seconds[slowest] * 1000:.0f} ms", "< 100")


def _live_list(server: Server, person: Person) -> Figure:
    ratios = []
    for _ in range(3):
        alone = _flood(server.port)
        with _looking(person):
            ratios.append(_flood(server.port) / alone)
    title = "rate of the way in while somebody looks at the live list"
    return Figure(title, f"{statistics.median(ratios):.2f} of the rate alone", "> 0.95")


def _flood(port: int) -> float:
    return asyncio.run(closed_loop(port, [make_request(next(_numbers)) for _ in range(FLOOD)], 64)).rate


@contextmanager
def _looking(person: Person) -> Iterator[None]:
    """The page looks again every three seconds, as it does in a browser."""
    over = threading.Event()

    def look() -> None:
        while not over.wait(3.0):
            person.look("/admin/events")

    looking = threading.Thread(target=look)
    looking.start()
    yield
    over.set()
    looking.join()


def _replay(server: Server, person: Person) -> Figure:
    _wait_until_done(server.port)
    idle = _p99(server.port)
    with sqlite3.connect(server.folder / "data" / "server.db") as database:
        until = (int(database.execute("SELECT MIN(id) FROM events").fetchone()[0]) >> 21) + REPLAYED
    run = person.post("/admin/api/replay/begin", {"until": until})
    busy = []
    while _state(server.port, run["id"]) == "running" or _waiting(server.port) > RATE:
        busy.append(_p99(server.port))
    title = f"p99 of the time to the 200 while {REPLAYED} events are replayed"
    return Figure(title, f"{statistics.median(busy) / idle:.2f} of the idle one ({idle * 1000:.1f} ms)", "< 2")


def _p99(port: int) -> float:
    requests = [make_request(next(_numbers)) for _ in range(1000)]
    seconds = sorted(asyncio.run(open_loop(port, requests, RATE)).seconds)
    return seconds[int(len(seconds) * 0.99)]


def _state(port: int, name: str) -> str:
    return str(_get(port, f"/admin/api/runs/{name}")["state"])


def _wait_until_done(port: int) -> None:
    while _waiting(port):
        time.sleep(0.2)
    time.sleep(5)  # what the disk still has to move into the file


def _waiting(port: int) -> int:
    return int(_get(port, "/admin/api/stats")["deliveries"]["waiting"])


def _get(port: int, path: str) -> Any:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers={"Authorization": f"Bearer {TOKEN}"})
    return json.loads(connection.getresponse().read())


def _first_id() -> int:
    return int((time.time() - 86_400 * 20) // 86_400 * 86_400 * 1000) << 21


def fill(folder: Path) -> None:
    """Make a database as the server makes it, with a million events of 2.5 KB, each handled."""
    Server("ours", folder, min(os.sched_getaffinity(0))).stop()
    body, first = make_request(1).partition(b"\r\n\r\n")[2], _first_id()
    with sqlite3.connect(folder / "data" / "server.db") as database:
        handler = database.execute("SELECT id FROM handlers WHERE name LIKE 'plugins.trivial%'").fetchone()[0]
        for start in range(0, EVENTS, 10_000):
            ids = [first + (n << 21) for n in range(start, start + 10_000)]
            database.executemany(
                "INSERT INTO events (id, source, signal, account, repeat_id, received, test, unmapped, path, query,"
                " headers, body) VALUES (?, 'chatwoot', 'chatwoot.webwidget_triggered', 'account_1', ?, ?, 0, 0,"
                " '/webhook', '', '{}', ?)",
                [(each, os.urandom(16), each >> 21, body) for each in ids],
            )
            database.executemany(
                "INSERT INTO deliveries (event_id, number, handler_id, state, attempts) VALUES (?, 0, ?, 'done', 1)",
                [(each, handler) for each in ids],
            )
            database.commit()
        for name in ("requests.received", "requests.events", "deliveries.done"):
            database.execute("INSERT OR REPLACE INTO counters (name, value) VALUES (?, ?)", (name, EVENTS))
