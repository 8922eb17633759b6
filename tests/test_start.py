"""The first start and the wrong one: nothing must be set, `.env` counts, and every mistake is told at once."""

import json
import os
import re
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from clients.testing import message_payload
from config.settings import WrongSettings, load
from scripts.first_env import write_tokens
from tests.rig import ROOT, TOKENS, Server, eventually

START = [sys.executable, str(ROOT / "scripts" / "start_unified_server.py")]


def test_the_first_start_needs_no_setting_and_its_env_file_counts(tmp_path: Path) -> None:
    server = Server(tmp_path)
    for name in TOKENS:
        del server.environment[name]
    server.start(first=True)
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


def test_an_env_file_that_holds_a_plugins_secret_alone_gets_the_tokens_as_well(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("ESTOQUE_SECRET=abc")
    server = Server(tmp_path)
    for name in TOKENS:
        del server.environment[name]
    server.start(first=True)
    server.stop()
    first, *tokens = (tmp_path / ".env").read_text().splitlines()

    assert first == "ESTOQUE_SECRET=abc"
    assert [line.partition("=")[0] for line in tokens] == ["WEBHOOK_TOKEN", "ODOO_SYNC_KEY", "ADMIN_TOKEN"]
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600


@pytest.mark.parametrize("decided", ["ADMIN_TOKEN=\n", "# later\nWEBHOOK_TOKEN=abc\n"])
def test_an_env_file_that_names_one_of_them_stays_as_it_is(tmp_path: Path, decided: str) -> None:
    (tmp_path / ".env").write_text(decided)

    assert not write_tokens(tmp_path / ".env")
    assert (tmp_path / ".env").read_text() == decided


def test_an_env_file_beside_an_environment_that_names_one_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("SERVER_PORT=1\n")
    monkeypatch.setenv("ADMIN_TOKEN", "")

    assert not write_tokens(tmp_path / ".env")


def test_a_command_without_admin_token_gives_the_line_to_write(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "ENV_FILE": str(tmp_path / ".env"), "SERVER_LANGUAGE": "en"}
    ended = subprocess.run(
        [sys.executable, "-m", "scripts.events"],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip

    assert ended.returncode == 1
    assert re.search(r"^  ADMIN_TOKEN=[\w-]{32}$", ended.stderr, re.MULTILINE)


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


def test_a_source_that_is_not_there_cannot_be_let_in_unauthenticated(tmp_path: Path) -> None:
    ended = start(tmp_path, ALLOW_UNAUTHENTICATED="odoo,chatwot", DATABASE_URL=f"sqlite:///{tmp_path}/server.db")

    assert ended.returncode == 2
    assert "ALLOW_UNAUTHENTICATED names chatwot; there are the sources: chatwoot, " in ended.stderr
    assert "Traceback" not in ended.stderr


def start(folder: Path, *words: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    """A start that is to fail, in English."""
    environment = {"PATH": os.environ["PATH"], "ENV_FILE": str(folder / ".env"), "SERVER_LANGUAGE": "en", **settings}
    return subprocess.run(
        [*START, *words], env=environment, capture_output=True, text=True, timeout=30, check=False, cwd=folder
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LOG_ROTATION", "25:99"),
        ("LOG_ROTATION", "0 MB"),
        ("CHATWOOT_BASE_URL", "https://"),
        ("CHATWOOT_BASE_URL", "https://chat example.com"),
        ("CHATWOOT_BASE_URL", "https://chat.example.com:port"),
        ("PUBLIC_URL", "https://[::1"),
        ("ACCOUNT_ID", "a/b c"),
        ("SERVER_PORT", "0.5"),
        ("RETENTION_DAYS", "30.5"),
        ("SERVER_PORT", "inf"),
        ("LLM_MONTHLY_CALLS", "-1"),
        ("CHATWOOT_API_KEY", "…"),
        ("ADMIN_TOKEN", "com espaço"),
    ],
)
def test_what_cannot_be_meant_is_told(name: str, value: str) -> None:
    with pytest.raises(WrongSettings) as caught:
        assert load({"SERVER_LANGUAGE": "en", name: value}).accounts.first.id

    assert [error.partition(" = ")[0] for error in caught.value.errors] == [name]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LOG_ROTATION", "00:00"),
        ("LOG_ROTATION", "monthly"),
        ("LOG_ROTATION", "500 KB"),
        ("ALLOW_UNAUTHENTICATED", "odoo, chatwoot"),
        ("CHATWOOT_BASE_URL", "http://chatwoot_web:3000/api/v1"),
        ("PUBLIC_URL", "https://[::1]:8000/"),
        ("ACCOUNT_ID", "Loja-1.sul_2"),
        ("SERVER_PORT", "8080"),
        ("REPLY_MAX_AGE_MINUTES", "0.5"),
    ],
)
def test_what_may_be_meant_is_taken(name: str, value: str) -> None:
    assert load({"SERVER_LANGUAGE": "en", name: value}).accounts.first.id


def test_a_model_needs_its_name() -> None:
    with pytest.raises(WrongSettings) as caught:
        load({"SERVER_LANGUAGE": "en", "LLM_BASE_URL": "http://127.0.0.1:11434/v1"})

    assert ["LLM_MODEL" in each for each in caught.value.errors] == [True]


def test_ctrl_c_ends_it_without_a_trace(tmp_path: Path) -> None:
    server = Server(tmp_path).start()
    assert server.process is not None
    process = server.process
    process.send_signal(signal.SIGINT)
    ended = process.wait(30)
    server.http.close()

    assert ended == 0
    assert "Traceback" not in (tmp_path / "output").read_text()
    assert "the server has stopped" in server.logs()


def test_an_env_file_that_cannot_be_read_is_told_in_plain_words(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    folder = start(tmp_path)
    (tmp_path / "latin").write_bytes("SERVER_PORT=0\nNOME=ação\n".encode("latin-1"))
    latin = start(tmp_path, ENV_FILE=str(tmp_path / "latin"))

    assert (folder.returncode, latin.returncode) == (2, 2)
    assert f"{tmp_path}/.env cannot be read" in folder.stderr
    assert "UTF-8" in latin.stderr
    assert "Traceback" not in folder.stderr + latin.stderr


def test_a_host_and_a_socket_that_are_not_there_are_told_by_their_names(tmp_path: Path) -> None:
    own = {"DATABASE_URL": f"sqlite:///{tmp_path}/server.db", "LOG_DIR": str(tmp_path / "logs")}
    unknown = start(tmp_path, SERVER_HOST="no.such.host.invalid", **own)
    foreign = start(tmp_path, SERVER_HOST="192.0.2.1", **own)
    no_socket = start(tmp_path, "--fd", "99", **own)

    assert [each.returncode for each in (unknown, foreign, no_socket)] == [2, 2, 2]
    assert "SERVER_HOST = 'no.such.host.invalid'" in unknown.stderr
    assert "SERVER_HOST = '192.0.2.1'" in foreign.stderr
    assert "--fd 99" in no_socket.stderr
    assert "Traceback" not in unknown.stderr + foreign.stderr + no_socket.stderr


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
