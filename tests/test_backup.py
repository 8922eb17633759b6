"""Is a backup whole, made while the server works, and does a restored server go on where that one was?"""

import io
import json
import sqlite3
import stat
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from clients.testing import message_payload
from scripts.archive import unpack
from scripts.ask_server import Failed
from tests.rig import ROOT, RULES, Server, eventually, serving

SECRET = "a-key-that-stands-in-env-alone"


def fill(server: Server) -> None:
    """Everything that belongs to a server beside its store."""
    folder = server.folder
    (folder / ".env").write_text(f"LLM_API_KEY={SECRET}\n")
    (folder / "accounts.toml").write_text('[account.loja2]\nwebhook_token = "another-shops-token"\n')
    (folder / "sources.toml").write_text("# none\n")
    (folder / "data").mkdir(exist_ok=True)
    (folder / "data" / "forward_url").write_text("https://loja.ngrok-free.app\n")
    for name, text in {"knowledge/account_1/entrega.md": "# Entrega\n", "plugins/ours/__init__.py": "X = 1\n"}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (folder / "elsewhere").mkdir()
    (folder / "elsewhere" / "linked.py").write_text("X = 2\n")
    (folder / "elsewhere" / "back").symlink_to(folder / "plugins")
    (folder / "plugins" / "_linked").symlink_to(folder / "elsewhere")
    (folder / "plugins" / "ours" / "__pycache__").mkdir()
    (folder / "plugins" / "ours" / "__pycache__" / "x.pyc").write_bytes(b"x")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with some of everything."""
    running = Server(tmp_path_factory.mktemp("old"), SERVER_LANGUAGE="en")
    fill(running)
    running.start()
    running.sync_rules(RULES)
    running.post_chatwoot(message_payload(1, 1, "Aceita Pix?"))
    eventually(running.is_quiet)
    yield running
    running.stop()


@pytest.fixture
def fresh(tmp_path: Path) -> Server:
    """A server that was never started, elsewhere."""
    return Server(tmp_path / "new", SERVER_LANGUAGE="en")


def backup(server: Server, *words: str, **changes: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "scripts.backup", *words],
        env={**server.environment, **changes},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def made(server: Server, file: Path) -> Path:
    ended = backup(server, "--to", str(file))
    assert ended.returncode == 0, ended.stderr
    return file


def restored(file: Path, server: Server, *words: str) -> str:
    ended = backup(server, "--restore", str(file), *words)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def paused(server: Server) -> str | None:
    """What the store says of why the server stands by."""
    with sqlite3.connect(server.folder / "data" / "server.db") as store:
        row = store.execute("SELECT value FROM state WHERE account = '' AND name = 'paused'").fetchone()
    return json.loads(row[0]) if row else None


def files(folder: Path) -> dict[str, bytes]:
    return {str(each.relative_to(folder)): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def test_it_holds_everything_and_only_its_owner_may_read_it(server: Server, tmp_path: Path) -> None:
    ended = backup(server, "--to", str(tmp_path / "backups"))
    (file,) = (tmp_path / "backups").iterdir()
    with tarfile.open(file) as archive:
        names = set(archive.getnames())

    assert ended.returncode == 0, ended.stderr
    assert f"{file}: " in ended.stdout
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert names == {
        "manifest.json", "server.db", ".env", "accounts.toml", "sources.toml", "forward_url",
        "knowledge/account_1/entrega.md", "plugins/ours/__init__.py", "plugins/_linked/linked.py",
    }  # fmt: skip
    assert SECRET not in ended.stdout + ended.stderr


def test_what_stands_in_the_environment_alone_is_named_since_it_is_not_in_it(server: Server, tmp_path: Path) -> None:
    told = backup(server, "--to", str(tmp_path)).stdout

    assert "not in the backup" in told
    assert "WEBHOOK_TOKEN" in told
    assert "LLM_API_KEY" not in told


def test_a_restored_server_has_all_there_was_and_stands_by(server: Server, fresh: Server, tmp_path: Path) -> None:
    said = restored(made(server, tmp_path / "b.tar.gz"), fresh)
    own = files(fresh.folder)
    why = paused(fresh)
    before, rules = server.events(), server.admin("knowledge")["items"]
    fresh.start()
    try:
        after, known, books = fresh.events(), fresh.admin("knowledge")["items"], fresh.admin("books", all="true")
    finally:
        fresh.stop()

    assert [each["id"] for each in after] == [each["id"] for each in before]
    assert known == rules
    assert books["balanced"]
    assert {name: own[name] for name in (".env", "accounts.toml", "data/forward_url")} == {
        name: files(server.folder)[name] for name in (".env", "accounts.toml", "data/forward_url")
    }
    assert own["plugins/ours/__init__.py"] == b"X = 1\n"
    assert why is not None
    assert "Restored from the backup of 20" in why
    assert "stands by" in said
    assert stat.S_IMODE((fresh.folder / ".env").stat().st_mode) == 0o600
    assert stat.S_IMODE((fresh.folder / "data" / "server.db").stat().st_mode) == 0o600


def test_it_is_of_one_moment_however_much_comes_in_meanwhile(
    start_server: Callable[..., Server], fresh: Server, tmp_path: Path
) -> None:
    server = start_server(SERVER_LANGUAGE="en")
    over, sent = threading.Event(), []

    def send() -> None:
        while not over.is_set():
            sent.append(server.post_chatwoot(message_payload(len(sent) + 1, 1, "oi", message_type="outgoing")))

    sender = threading.Thread(target=send)
    sender.start()
    try:
        eventually(lambda: len(sent) > 50)
        file = made(server, tmp_path / "b.tar.gz")
        after = len(sent)
        eventually(lambda: len(sent) > after + 20)
    finally:
        over.set()
        sender.join(20)
    restored(file, fresh)
    fresh.start()
    try:
        kept, books = fresh.books()["requests"], fresh.admin("books", all="true")
    finally:
        fresh.stop()

    assert {each.status_code for each in sent} == {200}
    assert 50 < kept["events"] <= after + 1
    assert kept["received"] == kept["events"] + kept["rejected"] + kept["repeated"]
    assert books["balanced"]


def test_nothing_that_is_there_is_replaced_unless_that_is_said(server: Server, fresh: Server, tmp_path: Path) -> None:
    file = made(server, tmp_path / "b.tar.gz")
    fresh.start()
    fresh.post_chatwoot(message_payload(9, 9, "oi", message_type="outgoing"))
    (own,) = fresh.events()
    running = backup(fresh, "--restore", str(file), "--force")
    fresh._end(15)
    before = files(fresh.folder)
    refused = backup(fresh, "--restore", str(file))
    unchanged = files(fresh.folder) == before
    said = restored(file, fresh, "--force")
    (aside,) = (fresh.folder / "data").glob("server.db.replaced-*")
    with sqlite3.connect(aside) as store:
        kept = store.execute("SELECT id FROM events").fetchall()

    assert (running.returncode, refused.returncode) == (1, 1)
    assert "Another server is using this database" in running.stderr
    assert str(fresh.folder / "data" / "server.db") in refused.stderr
    assert unchanged
    assert str(aside) in said
    assert kept == [(int(own["id"], 16),)]
    fresh.http.close()


def test_a_file_that_is_the_same_stays_where_it_is(server: Server, fresh: Server, tmp_path: Path) -> None:
    file = made(server, tmp_path / "b.tar.gz")
    (fresh.folder / ".env").write_text(f"LLM_API_KEY={SECRET}\n")

    assert "What stood there" not in restored(file, fresh)


def spoiled(file: Path, how: str) -> Path:
    """A backup that something has happened to."""
    whole = file.read_bytes()
    spoilt = file.with_name(f"{how}.tar.gz")
    if how == "cut":
        spoilt.write_bytes(whole[: len(whole) // 2])
        return spoilt
    with tarfile.open(file) as old, tarfile.open(spoilt, "w:gz") as new:
        for member in old:
            content = old.extractfile(member).read()  # type: ignore[union-attr]
            name, content = changed(how, member.name, content)
            member.name, member.size = name, len(content)
            new.addfile(member, io.BytesIO(content))
    return spoilt


def changed(how: str, name: str, content: bytes) -> tuple[str, bytes]:
    if how == "another .env" and name == ".env":
        return name, content + b"ADMIN_TOKEN=mine\n"
    if how == "out of the folder" and name == ".env":
        return "../../.env", content
    if name != "manifest.json":
        return name, content
    told = json.loads(content)
    if how == "rows missing":
        told["rows"]["events"] += 1
    if how == "a file more":
        told["files"]["plugins/b.py"] = told["files"][".env"]
    if how == "another form":
        told["format"] = 2
    return name, json.dumps(told).encode()


@pytest.mark.parametrize(
    "how", ["cut", "another .env", "out of the folder", "rows missing", "a file more", "another form"]
)
def test_what_is_not_whole_is_not_restored(server: Server, fresh: Server, tmp_path: Path, how: str) -> None:
    file = spoiled(made(server, tmp_path / "b.tar.gz"), how)
    ended = backup(fresh, "--restore", str(file))

    assert ended.returncode == 1
    assert str(file) in ended.stderr
    assert files(fresh.folder) == {}
    with pytest.raises(Failed):
        unpack(file, tmp_path / "again")


def test_a_backup_of_a_newer_version_is_left_to_that(server: Server, fresh: Server, tmp_path: Path) -> None:
    file = made(server, tmp_path / "b.tar.gz")
    newer = tmp_path / "newer.tar.gz"
    with tarfile.open(file) as old, tarfile.open(newer, "w:gz") as new:
        for member in old:
            content = old.extractfile(member).read()  # type: ignore[union-attr]
            if member.name == "manifest.json":
                content = json.dumps({**json.loads(content), "revision": "9999"}).encode()
            member.size = len(content)
            new.addfile(member, io.BytesIO(content))
    ended = backup(fresh, "--restore", str(newer))

    assert ended.returncode == 1
    assert "newer version" in ended.stderr
    assert files(fresh.folder) == {}


@pytest.mark.parametrize("came", [False, True], ids=["nothing came", "something came"])
def test_the_same_server_goes_on_at_once_where_nothing_came_since(fresh: Server, tmp_path: Path, came: bool) -> None:
    fresh.start()
    fresh.post_chatwoot(message_payload(1, 1, "oi", message_type="outgoing"))
    file = made(fresh, tmp_path / "b.tar.gz")
    if came:
        fresh.post_chatwoot(message_payload(2, 1, "oi", message_type="outgoing"))
    fresh._end(15)
    restored(file, fresh, "--force", "--go-on")
    fresh.http.close()

    assert (paused(fresh) is not None) is came


def test_only_so_many_are_kept_as_are_wanted(server: Server, tmp_path: Path) -> None:
    for day in range(1, 4):
        (tmp_path / f"servidor-2026010{day}-030000.tar.gz").write_bytes(b"old")
    (tmp_path / "mine.tar.gz").write_bytes(b"mine")
    ended = backup(server, "--to", str(tmp_path), "--keep", "2")
    left = sorted(each.name for each in tmp_path.iterdir())

    assert ended.returncode == 0, ended.stderr
    assert left[:2] == ["mine.tar.gz", "servidor-20260103-030000.tar.gz"]
    assert len(left) == 3


def test_a_server_that_was_never_started_is_backed_up_without_a_store(fresh: Server, tmp_path: Path) -> None:
    (fresh.folder / ".env").write_text("LLM_MODEL=x\n")
    ended = backup(fresh, "--to", str(tmp_path / "b.tar.gz"))

    assert ended.returncode == 0, ended.stderr
    assert "There is no store yet" in ended.stdout
    assert not (fresh.folder / "data").exists()


# Moving house


def test_a_server_that_does_not_run_stands_by_when_it_is_retired(fresh: Server, tmp_path: Path) -> None:
    fresh.start()
    fresh.stop()
    ended = backup(fresh, "--retire", "--to", str(tmp_path / "b.tar.gz"))

    assert ended.returncode == 0, ended.stderr
    assert "Retired" in (paused(fresh) or "")
    assert "This server stands by now. Next:" in ended.stdout


def test_a_server_that_runs_is_told_to_stand_by_before_it_is_backed_up(fresh: Server, tmp_path: Path) -> None:
    fresh.start()
    fresh.stop()
    asked: list[Any] = []
    file = tmp_path / "b.tar.gz"

    async def pause(request: Request) -> Response:
        asked.append((await request.json(), request.headers["authorization"], file.exists()))
        return JSONResponse({"paused": True})

    async def events(request: Request) -> Response:
        asked.append(request.query_params["status"])
        return JSONResponse({"items": [{"id": "ab"}], "next": None})

    async def event(_request: Request) -> Response:
        """One that runs since before; later another try of it, which stands by."""
        started = 1 if len(asked) < 4 else 4_000_000_000_000
        deliveries = [{"handler": "x", "state": "running", "started": started}]
        return JSONResponse({"deliveries": deliveries})

    base = "/admin/api"
    routes = [Route(f"{base}/pause", pause, methods=["PUT"]), Route(f"{base}/events", events)]
    routes += [Route(f"{base}/events/ab", event)]
    with serving(Starlette(routes=routes)) as url:
        ended = backup(fresh, "--retire", "--to", str(file), SERVER_PORT=url.rpartition(":")[2])
    (told, token, was_there), *looks = asked

    assert ended.returncode == 0, ended.stderr
    assert (told["paused"], "Retired" in told["why"], token, was_there) == (
        True, True, "Bearer rig-admin-token", False,
    )  # fmt: skip
    assert looks == ["running"] * 3
    assert file.exists()


def test_a_server_that_cannot_be_told_is_not_retired(server: Server, tmp_path: Path) -> None:
    ended = backup(server, "--retire", "--to", str(tmp_path / "b.tar.gz"), ADMIN_TOKEN="")

    assert ended.returncode == 1
    assert "ADMIN_TOKEN" in ended.stderr
    assert not (tmp_path / "b.tar.gz").exists()
