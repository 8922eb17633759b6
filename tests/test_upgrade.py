"""Does an upgrade keep everything, and find its way back from a version that does not work?"""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from relay.store.database import NEWEST_REVISION
from tests.rig import ROOT
from tests.rig_upgrade import House

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not here")
NEXT = f"{int(NEWEST_REVISION) + 1:04}"
MIGRATION = f'''"""One table more."""

from alembic import op

revision, down_revision = "{NEXT}", "{NEWEST_REVISION}"


def upgrade() -> None:
    """Make it."""
    op.execute("CREATE TABLE more (id INTEGER)")
'''


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    made.start()
    yield made
    made.stop()


def raise_at_start(origin: Path) -> None:
    with (origin / "app.py").open("a") as file:
        file.write('\n\nraise RuntimeError("this version does not start")\n')


def ask_for_what_is_nowhere(origin: Path) -> None:
    with (origin / "requirements.txt").open("a") as file:
        file.write("./nowhere\n")


def find_an_error(origin: Path) -> None:
    with (origin / "dashboard" / "checks" / "server.py").open("a") as file:
        file.write("\n\ndef is_health(answer: Answer) -> bool:\n    return False\n")


def other_tables(origin: Path) -> None:
    store = origin / "relay" / "store"
    text = (store / "database.py").read_text()
    (store / "database.py").write_text(text.replace(f'"{NEWEST_REVISION}"', f'"{NEXT}"'))
    (store / "migrations" / "versions" / f"{NEXT}_more.py").write_text(MIGRATION)


def other_tables_and_never_ready(origin: Path) -> None:
    other_tables(origin)
    health = origin / "handlers" / "health.py"
    health.write_text(health.read_text().replace("await store.check()", 'raise RuntimeError("no")'))


def revision_of(house: House) -> str:
    with sqlite3.connect(house.house / "data" / "server.db") as store:
        return str(store.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def test_a_newer_version_is_taken_with_all_that_there_was(house: House) -> None:
    house.send(1)
    newest = house.version("the second", other_tables)
    ended = house.run("scripts/upgrade")
    taken = house.send(2)

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert (house.is_at, revision_of(house)) == (newest, NEXT)
    assert (taken, house.events()) == (200, 2)
    assert house.asked == ["start", "stop", "start"]
    assert len(list((house.house / "backups").glob("*.tar.gz"))) == 2
    assert house.git("status", "--porcelain") == ""
    assert house.run("scripts/upgrade").stdout == f"Já é esta a versão: {newest}\n"


@pytest.mark.parametrize("change", [raise_at_start, ask_for_what_is_nowhere, find_an_error])
def test_a_version_that_does_not_work_is_left_again(house: House, change: object) -> None:
    house.send(1)
    before = house.is_at
    house.version("broken", change)  # type: ignore[arg-type]
    ended = house.run("scripts/upgrade", READY_SECONDS="2")

    assert ended.returncode == 1
    assert "Está de novo na versão de antes" in ended.stderr
    assert (house.is_at, house.git("branch", "--show-current")) == (before, "main")
    assert (house.send(2), house.events()) == (200, 2)


def test_the_way_back_from_other_tables_is_the_backup(house: House) -> None:
    house.send(1)
    before = house.is_at
    house.version("other tables", other_tables_and_never_ready)
    ended = house.run("scripts/upgrade", READY_SECONDS="2")
    (aside,) = (house.house / "data").glob("server.db.replaced-????????-??????")
    with sqlite3.connect(house.house / "data" / "server.db") as store:
        paused = store.execute("SELECT value FROM state WHERE name = 'paused'").fetchall()

    assert ended.returncode == 1
    assert str(aside) in ended.stdout
    assert (house.is_at, revision_of(house)) == (before, NEWEST_REVISION)
    assert (house.send(2), house.events()) == (200, 2)
    assert paused == []


def test_the_version_that_is_named_is_taken_and_one_that_is_not_there_changes_nothing(house: House) -> None:
    first = house.is_at
    named = house.version("the second")
    house.git("tag", "v2", at=house.origin)
    house.version("the third")
    unknown = house.run("scripts/upgrade", "v9")
    still = house.is_at
    ended = house.run("scripts/upgrade", "v2")

    assert (unknown.returncode, still) == (1, first)
    assert "v9" in unknown.stderr
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert house.is_at == named


def test_a_checkout_that_was_changed_by_hand_is_left_as_it_is(house: House) -> None:
    house.version("the second")
    with (house.house / "app.py").open("a") as file:
        file.write("# mine\n")
    ended = house.run("scripts/upgrade")

    assert ended.returncode == 1
    assert "git status" in ended.stderr
    assert not (house.house / "backups").exists()


def test_where_no_unit_is_a_person_starts_it(house: House) -> None:
    newest = house.version("the second")
    ended = house.run("scripts/upgrade", SYSTEMCTL="false")

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert house.is_at == newest
    assert "scripts/start" in ended.stdout
    assert house.asked == ["start"]


def test_the_doctor_counts_only_what_was_not_wrong_before(tmp_path: Path) -> None:
    house = House(tmp_path)
    with (house.house / ".env").open("a") as file:
        file.write("PUBLIC_URL=http://127.0.0.1:1\n")
    doctor = (".venv/bin/python", "-m", "scripts.doctor")
    before = house.run(*doctor, "--json")
    (tmp_path / "before.json").write_text(before.stdout)
    known = house.run(*doctor, "--since", str(tmp_path / "before.json"))
    (tmp_path / "none.json").write_text(json.dumps({"findings": []}))
    new = house.run(*doctor, "--since", str(tmp_path / "none.json"))
    wrong = house.run(*doctor, "--since", str(ROOT / "README.md"))

    assert [before.returncode, known.returncode, new.returncode, wrong.returncode] == [1, 0, 1, 1]
    assert "README.md cannot be read" in wrong.stderr
