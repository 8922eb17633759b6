"""The first start and the wrong one: nothing must be set, `.env` counts, and every mistake is told at once."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx

from clients.testing import message_payload
from tests.rig import ROOT, TOKENS, Server, eventually

START = [sys.executable, str(ROOT / "scripts" / "start_unified_server.py")]


def test_the_first_start_needs_no_setting_and_its_env_file_counts(tmp_path: Path) -> None:
    server = Server(tmp_path)
    for name in TOKENS:
        del server.environment[name]
    server.start()
    env_file = tmp_path / ".env"
    written = dict(line.split("=", 1) for line in env_file.read_text().splitlines() if "=" in line)
    payload = message_payload(1, 1, "oi", message_type="outgoing")
    headers = {"Authorization": f"Bearer {written['ADMIN_TOKEN']}"}
    with httpx.Client(base_url=server.url) as client:
        taken = client.post("/webhook", params={"token": written["WEBHOOK_TOKEN"]}, json=payload)
        refused = client.post("/webhook", params={"token": "another"}, json=payload)
        books = client.get("/admin/api/stats", headers=headers).json()
    screen = (tmp_path / "output").read_text()
    server.stop()

    assert stat.S_IMODE(env_file.stat().st_mode) == 0o600
    assert [taken.status_code, refused.status_code] == [200, 401]
    assert books["requests"]["events"] == 1
    assert not [token for token in written.values() if token in screen]
    assert "scripts.addresses" in screen


def test_a_second_start_keeps_the_tokens(tmp_path: Path) -> None:
    server = Server(tmp_path).start()
    first = (tmp_path / ".env").read_text()
    server._end(15)
    server.start()
    second = (tmp_path / ".env").read_text()
    server.stop()

    assert first == second


def test_wrong_settings_are_all_told_at_once_with_an_example_and_no_secret(tmp_path: Path) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "ENV_FILE": str(tmp_path / ".env"),
        "SERVER_PORT": "eight",
        "TIMEZONE": "Mars/Olympus",
        "CHATWOOT_BASE_URL": "chat.example.com",
        "ANSWER_STATUSES": "pending,closed",
        "LOG_ROTATION": "sometimes",
        "DATABASE_URL": "mysql://root:secret@x",
    }
    ended = subprocess.run(START, env=environment, capture_output=True, text=True, timeout=30, check=False)

    assert ended.returncode == 2
    for name in ("SERVER_PORT", "TIMEZONE", "CHATWOOT_BASE_URL", "ANSWER_STATUSES", "LOG_ROTATION", "DATABASE_URL"):
        assert f"{name} = " in ended.stderr
        assert f"{name}=" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "root:secret" not in ended.stderr


def test_a_port_in_use_and_an_unwritable_folder_are_told_in_plain_words(
    start_server: Callable[..., Server], tmp_path: Path
) -> None:
    server = start_server()
    environment = {**server.environment, "DATABASE_URL": f"sqlite:///{tmp_path}/other.db"}
    port = subprocess.run(START, env=environment, capture_output=True, text=True, timeout=30, check=False)
    environment = {**environment, "SERVER_PORT": "0", "LOG_DIR": "/proc/nowhere"}
    folder = subprocess.run(START, env=environment, capture_output=True, text=True, timeout=30, check=False)

    assert (port.returncode, folder.returncode) == (1, 1)
    assert "SERVER_PORT" in port.stderr
    assert "LOG_DIR" in folder.stderr
    assert "Traceback" not in port.stderr + folder.stderr


def test_text_and_json_lines_hold_time_level_component_and_event(start_server: Callable[..., Server]) -> None:
    plain, machine = start_server(), start_server(LOG_FORMAT="json")
    for server in (plain, machine):
        server.post_chatwoot(message_payload(1, 1, "oi", message_type="outgoing"))
    eventually(lambda: "message_created" in plain.logs() and "message_created" in machine.logs())
    event = plain.events()[0]["id"]
    line = next(each for each in plain.logs().splitlines() if "message_created" in each)
    record = next(json.loads(each) for each in machine.logs().splitlines() if "message_created" in each)

    assert f"INFO    webhook {event} chatwoot.message_created account_1 conversation:1" in line
    assert record["level"] == "INFO"
    assert record["component"] == "webhook"
    assert record["event"] == machine.events()[0]["id"]
    assert (plain.folder / "logs" / "webhook.log").read_text().count("message_created") == 1
    assert "message_created" not in (plain.folder / "logs" / "odoo_api.log").read_text()
