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

import pytest

from clients.testing import message_payload
from scripts.archive import unpack
from scripts.ask_server import Failed
from tests.rig import ROOT, RULES, Server, eventually, fake_chatwoot

SECRET = "a-key-that-stands-in-env-alone"
AT_WORK = """
import asyncio, pathlib
from relay import Event, on

@on("chatwoot.message_created")
async def work(event: Event) -> None:
    while not pathlib.Path({go_on!r}).exists():
        await asyncio.sleep(0.05)
"""


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


def test_a_server_that_runs_stands_by_and_lets_finish_what_is_at_work_before_it_is_backed_up(
    start_server: Callable[..., Server], fresh: Server, tmp_path: Path
) -> None:
    go_on, file = tmp_path / "go-on", tmp_path / "b.tar.gz"
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "working.py").write_text(AT_WORK.format(go_on=str(go_on)))
    old = start_server(SERVER_LANGUAGE="en", PLUGINS_DIR=str(tmp_path / "plugins"))
    old.post_chatwoot(message_payload(1, 1, "oi", message_type="outgoing"))
    eventually(lambda: old.books()["deliveries"]["running"])
    command = [sys.executable, "-m", "scripts.backup", "--retire", "--to", str(file)]
    with subprocess.Popen(command, env=old.environment, cwd=ROOT, stdout=subprocess.PIPE, text=True) as retiring:
        eventually(lambda: old.admin("pause")["paused"], 60)
        was_there = file.exists()
        go_on.touch()
        said, _errors = retiring.communicate(timeout=120)
    restored(file, fresh)
    with sqlite3.connect(fresh.folder / "data" / "server.db") as store:
        states = store.execute("SELECT DISTINCT state FROM deliveries").fetchall()

    assert not was_there
    assert "This server stands by now. Next:" in said
    assert states == [("done",)]
    assert "Retired" in old.admin("pause")["why"]
    assert "Restored" in (paused(fresh) or "")


def test_a_restored_server_answers_when_it_is_let_go_on_and_not_before(fresh: Server, tmp_path: Path) -> None:
    with fake_chatwoot() as (chatwoot, url):
        fresh.environment |= {"CHATWOOT_BASE_URL": url, "CHATWOOT_API_KEY": "user-token"}
        fresh.start()
        fresh.sync_rules(RULES)
        eventually(fresh.is_quiet)
        fresh._end(15)
        restored(made(fresh, tmp_path / "b.tar.gz"), fresh, "--force")
        fresh.start()
        try:
            fresh.post_chatwoot(message_payload(1, 1, "Quais as formas de pagamento?"))
            held = eventually(lambda: waiting_because(fresh))
            before = list(chatwoot.replies(1))
            fresh.http.put("/admin/api/pause", json={"paused": False}).raise_for_status()
            eventually(lambda: chatwoot.replies(1), 60)
        finally:
            fresh.stop()

    assert "stands by (paused: Restored" in held
    assert before == []


def waiting_because(server: Server) -> str:
    """Why the customer's message is not answered yet."""
    (event,) = server.events(signal="chatwoot.message_created")
    deliveries = server.admin(f"events/{event['id']}")["deliveries"]
    return next((each["reason"] for each in deliveries if "StandsBy" in (each["reason"] or "")), "")


def test_a_server_that_cannot_be_told_is_not_retired(server: Server, tmp_path: Path) -> None:
    ended = backup(server, "--retire", "--to", str(tmp_path / "b.tar.gz"), ADMIN_TOKEN="")

    assert ended.returncode == 1
    assert "ADMIN_TOKEN" in ended.stderr
    assert not (tmp_path / "b.tar.gz").exists()
