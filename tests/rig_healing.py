"""How far has a server looked for what never came? Shown, waited for, and set back, as if it had been down for days."""

import contextlib
import json
import sqlite3
from collections.abc import Callable
from typing import Any

import httpx

from clients.testing import echo_payload
from tests.rig import Server, eventually

DAY = 86_400.0
# An event's id begins with its milliseconds.
IDS = (("events", "id"), ("deliveries", "event_id"), ("attempts", "event_id"), ("effects", "event_id"))


def healed(server: Server, of: str = "") -> list[dict[str, Any]]:
    """What *Now* says of each place whose name has this in it."""
    return [each for each in server.admin("now")["healed"] if of in each["where"]]


def echo_at_once(server: Server) -> Callable[[dict[str, Any]], None]:
    """Let the fake Chatwoot send each message back as a webhook before it answers: no test ends before its echoes."""

    def post(message: dict[str, Any]) -> None:
        with contextlib.suppress(httpx.TransportError, RuntimeError):  # once, whether or not a server is there
            server.post_chatwoot(echo_payload(message))

    return post


def looked_again(server: Server, times: int = 2, of: str = "") -> None:
    """Until the place was looked through so many times more."""
    for _each in range(times):
        [before] = healed(server, of)
        eventually(lambda: healed(server, of)[0]["looked"] > before["looked"])  # noqa: B023  # called at once


def set_back(server: Server, days: float) -> None:
    """While it is down: as if it had been in use, and looked for the last time, so many days ago."""
    with contextlib.closing(sqlite3.connect(server.folder / "data" / "server.db")) as database, database:
        for account, value in database.execute("SELECT account, value FROM state WHERE name = 'healed'").fetchall():
            known = {spot: _earlier(each, days * DAY) for spot, each in json.loads(value).items()}
            change = "UPDATE state SET value = ? WHERE name = 'healed' AND account = ?"
            database.execute(change, (json.dumps(known).encode(), account))


def came_earlier(server: Server, days: float) -> None:
    """While it is down: as if all that has come had come so many days earlier."""
    with contextlib.closing(sqlite3.connect(server.folder / "data" / "server.db")) as database, database:
        for table, column in IDS:
            database.execute(f"UPDATE {table} SET {column} = {column} - ?", (int(days * DAY * 1000) << 21,))


def _earlier(progress: dict[str, Any], seconds: float) -> dict[str, Any]:
    return {**progress, **{name: progress[name] - seconds for name in ("since", "first")}}
