"""Does an upgrade keep everything, and find its way back from a version that does not work?"""

import contextlib
import re
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.rig_upgrade import House

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not here")
Change = Callable[[Path], None]
MIGRATION = '''"""One table more."""

from alembic import op

revision, down_revision = "{new}", "{old}"


def upgrade() -> None:
    """Make it."""
    op.execute("CREATE TABLE more_{new} (id INTEGER)")
'''


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One for all: however an upgrade ends, a server runs there."""
    made = House(tmp_path_factory.mktemp("upgrade"))
    made.start()
    yield made
    made.systemd.end()


def raise_at_start(origin: Path) -> None:
    with (origin / "app.py").open("a") as file:
        file.write('\n\nraise RuntimeError("this version does not start")\n')


def ask_for_what_is_nowhere(origin: Path) -> None:
    with (origin / "requirements.txt").open("a") as file:
        file.write("./nowhere\n")


def find_an_error(origin: Path) -> None:
    with (origin / "dashboard" / "checks" / "server.py").open("a") as file:
        file.write("\n\ndef is_health(answer: Answer) -> bool:\n    return False\n")


def revisions(folder: Path) -> tuple[str, str]:
    """The form of the tables in a version, and the one after it."""
    found = re.search(r'^NEWEST_REVISION = "(\d+)"$', (folder / "relay/store/database.py").read_text(), re.MULTILINE)
    assert found
    return found[1], f"{int(found[1]) + 1:04}"


def other_tables(origin: Path) -> None:
    store, (old, new) = origin / "relay" / "store", revisions(origin)
    text = (store / "database.py").read_text()
    (store / "database.py").write_text(text.replace(f'"{old}"', f'"{new}"'))
    (store / "migrations" / "versions" / f"{new}_more.py").write_text(MIGRATION.format(old=old, new=new))


def other_tables_and_never_ready(origin: Path) -> None:
    other_tables(origin)
    health = origin / "handlers" / "health.py"
    health.write_text(health.read_text().replace("await store.check()", 'raise RuntimeError("no")'))


def in_store(house: House, query: str) -> list[tuple[str]]:
    with contextlib.closing(sqlite3.connect(house.house / "data" / "server.db", isolation_level=None)) as store:
        return store.execute(query).fetchall()


def revision_of(house: House) -> str:
    return in_store(house, "SELECT version_num FROM alembic_version")[0][0]


@contextlib.contextmanager
def load(house: House) -> Iterator[list[int]]:
    """Somebody sends all the while, one message after the other; the statuses."""
    statuses: list[int] = []
    over = threading.Event()

    def send() -> None:
        while not over.wait(0.1):
            statuses.append(house.send())

    sender = threading.Thread(target=send)
    sender.start()
    try:
        yield statuses
    finally:
        over.set()
        sender.join(120)


def test_a_newer_version_with_other_tables_is_taken_and_nobody_is_refused(house: House) -> None:
    events, asked, backups, (_old, new) = (
        house.events(),
        len(house.systemd.asked),
        house.backups,
        revisions(house.house),
    )
    newest = house.version("other tables", other_tables)
    with load(house) as statuses:
        ended = house.run("scripts/upgrade")

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert (house.is_at, revision_of(house)) == (newest, new)
    assert set(statuses) == {200}
    assert house.events() == events + len(statuses)
    assert house.systemd.asked[asked:] == ["restart"]
    assert len(house.backups) == len(backups) + 2
    assert house.git("status", "--porcelain") == ""
    assert house.run("scripts/upgrade").stdout == f"Já é esta a versão: {newest}\n"


@pytest.mark.parametrize("change", [raise_at_start, ask_for_what_is_nowhere, find_an_error])
def test_a_version_that_does_not_work_is_left_again(house: House, change: Change) -> None:
    house.send()
    events, before = house.events(), house.is_at
    house.version("broken", change)
    ended = house.run("scripts/upgrade", READY_SECONDS="2")
    taken = house.send()

    assert ended.returncode == 1
    assert "Está de novo na versão de antes" in ended.stderr
    assert (house.is_at, house.git("branch", "--show-current")) == (before, "main")
    assert (taken, house.events()) == (200, events + 1)


@pytest.mark.parametrize("came", [False, True], ids=["nothing came", "something came"])
def test_the_way_back_from_other_tables_is_the_backup(house: House, came: bool) -> None:
    house.send()
    events, before, revision = house.events(), house.is_at, revision_of(house)
    aside = set((house.house / "data").glob("server.db.replaced-*"))
    house.version("other tables", other_tables_and_never_ready)
    with load(house) if came else contextlib.nullcontext([]) as statuses:
        ended = house.run("scripts/upgrade", READY_SECONDS="3")
    taken, now = house.send(), house.events()
    (newer,) = set((house.house / "data").glob("server.db.replaced-????????-??????")) - aside
    paused = in_store(house, "SELECT value FROM state WHERE name = 'paused'")

    assert ended.returncode == 1
    assert str(newer) in ended.stdout
    assert (house.is_at, revision_of(house)) == (before, revision)
    assert (taken, set(statuses)) == (200, {200} if came else set())
    assert events < now <= events + 1 + len(statuses)
    assert bool(paused) is came
    in_store(house, "DELETE FROM state WHERE name = 'paused'")


def test_a_version_that_is_not_there_changes_nothing(house: House) -> None:
    before = house.is_at
    ended = house.run("scripts/upgrade", "v9")

    assert (ended.returncode, house.is_at) == (1, before)
    assert "v9" in ended.stderr


def test_a_checkout_that_was_changed_by_hand_is_left_as_it_is(house: House) -> None:
    backups = house.backups
    house.version("one more")
    app = house.house / "app.py"
    text = app.read_text()
    app.write_text(text + "# mine\n")
    ended = house.run("scripts/upgrade")
    app.write_text(text)

    assert ended.returncode == 1
    assert "git status" in ended.stderr
    assert house.backups == backups


def test_the_version_that_is_named_is_taken_and_where_no_unit_is_a_person_starts_it(house: House) -> None:
    asked, named = list(house.systemd.asked), house.version("one more")
    house.git("tag", "--force", "v2", at=house.origin)
    ended = house.run("scripts/upgrade", "v2", SYSTEMCTL="false")
    is_at, branch = house.is_at, house.git("branch", "--show-current")
    house.git("checkout", "--quiet", "main")
    house.git("merge", "--quiet", "v2")

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert (is_at, branch) == (named, "")
    assert "scripts/start" in ended.stdout
    assert house.systemd.asked == asked
