"""Does the doctor see what is wrong on this machine? Settings, shops, folders, store, plugins and proxies."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from config.settings import load
from dashboard.checks import accounts, folders, plugins, proxies, settings, store
from dashboard.checks.folders import room
from dashboard.checks.settings import unknown
from relay.handler import Handler
from tests.rig import Server, empty_database
from tests.rig_doctor import PUBLIC, context, one, told


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Give a database with its tables."""
    (tmp_path / "server.db").write_bytes(empty_database())
    return tmp_path / "server.db"


@pytest.fixture
def changed(database: Path) -> Iterator[Callable[[str], None]]:
    """Give a way to change the database as another program would; what it holds it holds until the end."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        yield lambda statement: connection.execute(statement).fetchall() and None


# Settings


def test_a_file_that_is_right_is_good(tmp_path: Path):
    (tmp_path / ".env").write_text("SERVER_PORT=8000\n")
    (tmp_path / ".env").chmod(0o600)

    assert told(settings.check(context(tmp_path))) == {"settings.file": "good"}


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_file_that_others_can_read_is_told(tmp_path: Path, mode: int):
    (tmp_path / ".env").write_text("")
    (tmp_path / ".env").chmod(mode)
    found = settings.check(context(tmp_path))

    assert told(found) == {"settings.mode": "warning"}
    assert one(found, "settings.mode").remedy == f"chmod 600 {tmp_path}/.env"


def test_a_misspelt_name_is_told_with_the_right_one_and_others_are_left_alone(tmp_path: Path):
    names = "CHATWOOT_BASEURL=x\nwebhook_token=x\nexport POSTGRES_USER=x\nNGROK_AUTH_TOKEN=x\nLOJA2_KEY=x\n"
    (tmp_path / ".env").write_text(names)
    (tmp_path / "accounts.toml").write_text('[account.loja2]\nodoo_key = "key"\nwebhook_token = ["env:LOJA2_KEY"]\n')
    found = settings.check(context(tmp_path, ACCOUNTS_FILE=f"{tmp_path}/accounts.toml", LOJA2_KEY="key2"))

    said = [each.what for each in found if each.code == "settings.unknown"]
    assert said == [
        "CHATWOOT_BASEURL is no setting; CHATWOOT_BASE_URL is", "webhook_token is no setting; WEBHOOK_TOKEN is",
    ]  # fmt: skip
    assert one(found, "settings.others").what == "Not read by this server: POSTGRES_USER"


@pytest.mark.parametrize("name", ["ODOO_URL", "ACCOUNTS_FILE", "SERVER_PORT", "LLM_MODEL", "CHATWOOT_WEBHOOK_SECRET"])
def test_every_setting_is_known(name: str):
    load({})

    assert unknown({name}, settings.known_names()) == []


def test_what_a_shipped_source_may_be_told_is_no_stranger(tmp_path: Path):
    (tmp_path / ".env").write_text("GITHUB_SECRET=x\nEVOLUTION_INSTANCE=loja\nADMIN_TOKEN=a\n")

    assert "settings.others" not in {each.code for each in settings.check(context(tmp_path, ADMIN_TOKEN="a"))}


def test_a_secret_that_can_be_guessed_is_told_by_its_name_alone(tmp_path: Path):
    given = {"ADMIN_TOKEN": "hunter2", "ODOO_SYNC_KEY": "k" * 11, "WEBHOOK_TOKEN": "w" * 12}
    found = one(settings.check(context(tmp_path, **given)), "settings.short")

    assert found.what == "Shorter than 12 characters: ADMIN_TOKEN, ODOO_SYNC_KEY"
    assert "hunter2" not in f"{found}"


def test_what_is_open_to_everybody_and_what_is_closed_to_all_is_told(tmp_path: Path):
    found = settings.check(context(tmp_path, ALLOW_UNAUTHENTICATED="odoo", ADMIN_TOKEN=""))

    assert told(found) == {
        "settings.file": "good", "settings.unauthenticated": "warning", "settings.admin_token": "warning",
    }  # fmt: skip


# Shops


def test_a_shops_file_is_judged_by_who_can_read_it(tmp_path: Path):
    path = tmp_path / "accounts.toml"
    path.write_text("[account.loja2]\npaused = true\n")
    path.chmod(0o640)
    found = accounts.check(context(tmp_path, ACCOUNTS_FILE=str(path)))
    path.chmod(0o600)

    assert told(found) == {
        "accounts.mode": "warning", "accounts.paused": "warning", "accounts.unvouched": "error",
        "accounts.odoo_key": "warning",
    }  # fmt: skip
    assert {each.account for each in found if each.code != "accounts.mode"} == {"loja2"}
    assert told(accounts.check(context(tmp_path, ACCOUNTS_FILE=str(path))))["accounts.file"] == "good"


def test_of_an_account_that_there_is_not_the_others_are_named(tmp_path: Path):
    chosen = context(tmp_path)
    chosen.chosen = "loja9"
    found = accounts.check(chosen)

    assert told(found) == {"accounts.unknown": "error"}
    assert "account_1" in found[0].remedy


# Folders


def test_folders_that_are_there_or_can_be_made_are_good(tmp_path: Path):
    found = folders.check(context(tmp_path, LOG_DIR=f"{tmp_path}/a/b"))

    assert {each.level for each in found} <= {"good", "warning"}  # the disk may be rather full
    assert "will be made" in found[0].what


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path):
    (tmp_path / "file").touch()
    found = folders.check(context(tmp_path, LOG_DIR="/proc/logs", DATABASE_URL=f"sqlite:///{tmp_path}/file/x.db"))

    said = {each.what.partition(":")[0] for each in found if each.code == "folders.write" and each.level == "error"}
    assert said == {"LOG_DIR", "DATABASE_URL"}


def test_a_plugins_folder_that_is_not_there_is_told(tmp_path: Path):
    found = folders.check(context(tmp_path, PLUGINS_DIR=f"{tmp_path}/nowhere"))

    assert told(found)["folders.plugins"] == "warning"


@pytest.mark.parametrize(("megabytes", "level"), [(1001, "good"), (999, "warning"), (199, "error"), (0, "error")])
def test_room_on_the_disk_is_judged(megabytes: int, level: str):
    assert told([room(Path("/data"), megabytes * 1_000_000)]) == {"disk.space": level}


# Store


def test_a_store_that_is_right_is_good_also_before_there_is_one(tmp_path: Path):
    before = store.check(context(tmp_path))
    (tmp_path / "server.db").write_bytes(empty_database())
    found = store.check(context(tmp_path))

    assert told(before) == {"store.opens": "good"}
    assert told(found) == {"store.revision": "good", "store.opens": "good"}


def test_looking_at_a_store_changes_nothing_in_it(tmp_path: Path, database: Path):
    before = database.read_bytes()
    store.check(context(tmp_path))

    assert database.read_bytes() == before


@pytest.mark.parametrize(
    ("revision", "code", "level"), [("0001", "store.older", "warning"), ("9999", "store.newer", "error")]
)
def test_another_versions_store_is_told(tmp_path: Path, changed: Any, revision: str, code: str, level: str):
    changed(f"UPDATE alembic_version SET version_num = '{revision}'")

    assert told(store.check(context(tmp_path)))[code] == level


def test_a_store_that_another_program_keeps_for_itself_is_told(tmp_path: Path, changed: Any):
    changed("PRAGMA locking_mode = EXCLUSIVE")
    changed("BEGIN EXCLUSIVE")
    found = store.check(context(tmp_path))

    assert told(found) == {"store.locked": "error"}


def test_a_damaged_store_is_told(tmp_path: Path, database: Path):
    whole = database.read_bytes()
    database.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    torn = told(store.check(context(tmp_path)))
    database.write_bytes(b"no database at all" * 1000)

    assert torn["store.damaged"] == "error"
    assert told(store.check(context(tmp_path))) == {"store.damaged": "error"}


def test_a_store_that_opens_and_is_not_whole_is_told(tmp_path: Path, changed: Any):
    changed("CREATE TABLE torn (a)")
    changed("INSERT INTO torn VALUES (NULL)")
    changed("PRAGMA writable_schema = ON")
    changed("UPDATE sqlite_master SET sql = 'CREATE TABLE torn (a NOT NULL)' WHERE name = 'torn'")
    found = store.check(context(tmp_path))

    assert told(found) == {"store.revision": "good", "store.damaged": "error"}
    assert "NULL value in torn.a" in one(found, "store.damaged").what


def test_a_store_that_cannot_be_opened_is_told(tmp_path: Path):
    (tmp_path / "server.db").mkdir()

    assert told(store.check(context(tmp_path))) == {"store.unreadable": "error"}


def test_a_store_that_the_running_server_has_open_is_fine(start_server: Callable[..., Server]):
    server = start_server()
    found = store.check(context(server.folder, DATABASE_URL=server.environment["DATABASE_URL"]))

    assert told(found) == {"store.in_use": "good", "store.revision": "good", "store.opens": "good"}


# Plugins


async def test_plugins_that_load_are_named_and_what_they_print_is_nobodys(tmp_path: Path):
    known = context(tmp_path)
    (tmp_path / "plugins" / "greets.py").write_text("print('hello')\nfrom relay import on\n@on('a.b')\ndef f(e): ...\n")
    (tmp_path / "plugins" / "lingers.py").write_text(
        "import threading, time\nthreading.Thread(target=time.sleep, args=(99,)).start()\n"
    )
    found = await plugins.check(known)

    assert [(each.level, each.what) for each in found] == [("good", "Loaded: plugins.greets, plugins.lingers")]


async def test_a_broken_plugin_is_told_with_its_reason_and_the_others_load(tmp_path: Path):
    known = context(tmp_path)
    (tmp_path / "plugins" / "broken.py").write_text("import nothing_of_this_name\n")
    (tmp_path / "plugins" / "right.py").write_text("")
    found = await plugins.check(known)

    assert told(found) == {"plugins.broken": "warning", "plugins.loaded": "good"}
    assert "nothing_of_this_name" in found[0].what


async def test_a_plugin_that_does_not_come_to_an_end_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(plugins, "SECONDS", 2.0)
    known = context(tmp_path)
    (tmp_path / "plugins" / "waits.py").write_text("import time\ntime.sleep(99)\n")

    assert told(await plugins.check(known)) == {"plugins.slow": "warning"}


async def test_of_a_running_servers_plugins_it_is_asked_what_it_set_aside(start_server: Callable[..., Server]):
    server = start_server()
    (server.folder / "plugins" / "asks.py").write_text(
        "from relay import Event, on\n\n@on('a.b')\nasync def f(event: Event, wants: int) -> None: ...\n"
    )
    known = context(server.folder, **{**server.environment, "SERVER_LANGUAGE": "en"})
    before = await plugins.check(known)
    server.kill()
    server.start()
    found = await plugins.check(known)

    assert (before, told(found)) == ([], {"plugins.broken": "warning"})
    assert "no service of the type int" in found[0].what


async def test_a_plugin_that_ends_its_process_is_told(tmp_path: Path):
    known = context(tmp_path)
    (tmp_path / "plugins" / "leaves.py").write_text("import os\nos._exit(3)\n")

    assert told(await plugins.check(known)) == {"plugins.ended": "warning"}


# Proxies


@pytest.mark.parametrize(
    ("trusted", "public", "code"),
    [
        ("", "", "proxies.trusted"),
        ("", PUBLIC, "proxies.unset"),
        ("127.0.0.1, 10.0.0.0/8, ::1", PUBLIC, "proxies.trusted"),
        ("*", PUBLIC, "proxies.everybody"),
        ("nginx", PUBLIC, "proxies.wrong"),
    ],
)
def test_whose_word_counts_for_an_address_is_judged(tmp_path: Path, trusted: str, public: str, code: str):
    found = proxies.check(context(tmp_path, TRUSTED_PROXIES=trusted, PUBLIC_URL=public))

    assert [each.code for each in found] == [code]


@pytest.mark.parametrize(
    ("signal", "meant"),
    [
        ("chatwoot.mesage_created", "chatwoot.message_created"),
        ("chatwoot.message_create", "chatwoot.message_created"),
        ("chatwoot.message_created", None),
        ("chatwoot.*", None),
        ("*", None),
        ("shop.paid", None),
        ("chatwoot.contact_deleted", None),
    ],
)
def test_a_signal_that_looks_misspelt_is_told_with_the_one_that_may_be_meant(signal: str, meant: str | None):
    found = plugins.misspelt([Handler(lambda event: None, (signal,))])

    assert [(each.code, each.what.partition(": seria ")[2]) for each in found] == (
        [("plugins.misspelt", f"{meant}?")] if meant else []
    )
