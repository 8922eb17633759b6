"""Do the units name what is there, keep the server within bounds, and hand a socket over so that nobody is refused?"""

import configparser
import http.client
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from clients.testing import as_sent, message_payload
from config.settings import known_names
from tests.rig import ROOT, SECRET, Server, eventually, signed

UNITS = ROOT / "deploy" / "systemd"
HOME = "/opt/servidor"
SERVICES = sorted(UNITS.glob("*.service"))
EVERY_UNIT = sorted(each for each in UNITS.rglob("*") if each.is_file())
# What no service of ours may be without.
BOUNDS = {
    "NoNewPrivileges": "true",
    "ProtectSystem": "strict",
    "ProtectHome": "true",
    "PrivateTmp": "true",
    "PrivateDevices": "true",
    "CapabilityBoundingSet": "",
    "User": "servidor",
    "WorkingDirectory": HOME,
    "UMask": "0077",
    "SystemCallFilter": "@system-service",
}
# As systemd does it (sd_listen_fds(3)): the socket is descriptor 3 of the process that is named.
HAND_OVER = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1")
os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""
each_service = pytest.mark.parametrize("unit", SERVICES, ids=lambda each: each.name)


def read(unit: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",), comment_prefixes=("#",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(unit)
    return parser


def test_there_are_a_server_with_its_socket_a_tunnel_a_proxy_and_a_backup() -> None:
    assert [str(each.relative_to(UNITS)) for each in EVERY_UNIT] == [
        "servidor-backup.service",
        "servidor-backup.timer",
        "servidor-tunnel.service",
        "servidor.service",
        "servidor.service.d/proxy.conf",
        "servidor.socket",
    ]


@each_service
def test_what_a_service_runs_is_there(unit: Path) -> None:
    python, *words = read(unit)["Service"]["ExecStart"].split()

    assert python == f"{HOME}/.venv/bin/python"
    if words[0] == "-m":
        assert ROOT.joinpath(*words[1].split(".")).with_suffix(".py").is_file()
    else:
        assert (ROOT / words[0]).is_file()


@each_service
def test_a_service_is_kept_within_bounds(unit: Path) -> None:
    service = read(unit)["Service"]

    assert {name: service.get(name) for name in BOUNDS} == BOUNDS
    assert set(service["ReadWritePaths"].split()) <= {f"{HOME}/{each}" for each in ("data", "logs", "backups")}


@pytest.mark.parametrize("unit", EVERY_UNIT, ids=lambda each: each.name)
def test_a_unit_holds_no_setting(unit: Path) -> None:
    set_here = set(re.findall(r"([A-Z][A-Z_]+)=", unit.read_text())) - {"FORWARD_URL"}

    assert not set_here & known_names()
    assert "EnvironmentFile" not in unit.read_text()


def test_the_proxy_does_not_start_without_an_address_to_forward_to(tmp_path: Path) -> None:
    command = read(UNITS / "servidor.service.d" / "proxy.conf")["Service"]["ExecStartPre"]
    found = {}
    for text in ("FORWARD_URL=https://loja.ngrok-free.app\n", "FORWARD_URL=\n", "# FORWARD_URL=x\n"):
        (tmp_path / ".env").write_text(text)
        told = subprocess.run(command.replace(HOME, str(tmp_path)), shell=True, check=False, stdout=subprocess.DEVNULL)
        found[text] = told.returncode

    assert list(found.values()) == [0, 1, 1]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here")
def test_systemd_itself_finds_nothing_wrong(tmp_path: Path) -> None:
    for each in EVERY_UNIT:
        there = tmp_path / each.relative_to(UNITS)
        there.parent.mkdir(exist_ok=True)
        text = each.read_text().replace(f"{HOME}/.venv/bin/python", sys.executable)
        there.write_text(text.replace(HOME, str(ROOT)))
    named = [str(tmp_path / each.name) for each in EVERY_UNIT if each.suffix != ".conf"]
    told = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *named], capture_output=True, text=True, timeout=60, check=False
    )

    assert [line for line in told.stderr.splitlines() if "servidor" in line] == []


# A restart


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[tuple[socket.socket, Server]]:
    """A socket that outlives the server's processes, and the server that is to serve it."""
    server = Server(tmp_path)
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", server.port))
        listening.listen(2048)
        yield listening, server
    server.stop()


def start(listening: socket.socket, server: Server) -> "subprocess.Popen[bytes]":
    """As the unit starts it."""
    script = str(ROOT / "scripts" / "start_unified_server.py")
    command = [sys.executable, "-c", HAND_OVER, str(listening.fileno()), script]
    with (server.folder / "output").open("ab") as output:
        server.process = subprocess.Popen(
            command, env=server.environment, stdout=output, stderr=output, pass_fds=(listening.fileno(),)
        )
    return server.process


def send(port: int, number: int) -> tuple[int, float]:
    """A message, by a connection of its own as Chatwoot sends it: the status, and how long it took (seconds)."""
    body, begun = as_sent(message_payload(number, number % 50, "oi", message_type="outgoing")), time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("POST", "/webhook", body, signed(body, SECRET))
        return connection.getresponse().status, time.monotonic() - begun
    finally:
        connection.close()


def test_a_restart_under_load_refuses_no_connection_and_loses_nothing(
    listener: tuple[socket.socket, Server],
) -> None:
    listening, server = listener
    found: list[tuple[int, float]] = []
    failed: list[Exception] = []
    over = threading.Event()

    def load(first: int) -> None:
        number = first
        while not over.is_set():
            try:
                found.append(send(server.port, number))
            except (OSError, http.client.HTTPException) as error:
                failed.append(error)
            number += 4

    threads = [threading.Thread(target=load, args=(first,)) for first in range(1, 5)]
    running = start(listening, server)
    for each in threads:
        each.start()
    try:
        for _restart in range(3):
            before = len(found)
            eventually(lambda: len(found) > before + 30, 60)  # noqa: B023  # called at once
            running.terminate()
            running.wait(30)
            running = start(listening, server)
        before = len(found)
        eventually(lambda: len(found) > before + 30, 60)
    finally:
        over.set()
        for each in threads:
            each.join(60)
    kept = server.books()["requests"]

    assert failed == []
    assert {status for status, _seconds in found} == {200}
    assert (kept["events"], kept["repeated"], kept["rejected"]) == (len(found), 0, 0)


def test_a_socket_that_was_meant_for_another_process_is_not_taken(tmp_path: Path) -> None:
    server = Server(tmp_path)
    server.environment |= {"LISTEN_PID": "1", "LISTEN_FDS": "1"}
    server.start(first=True)
    answered = server.http.get("/ready")  # by its own socket, at SERVER_PORT
    server.stop()

    assert answered.status_code == 200
