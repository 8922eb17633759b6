"""Is what is remembered in order? The database opened beside the running server, without changing anything."""

import contextlib
import os
import sqlite3
import time
from gettext import gettext as _
from pathlib import Path

from sqlalchemy.engine import make_url

from dashboard.checks.context import Context
from dashboard.checks.finding import Finding, error, good, warning
from relay.store.database import NEWEST_REVISION

# Beyond this a large database is not looked through to its end.
QUICK_CHECK_SECONDS = 5.0
WAIT_SECONDS = 2.0
RESTORE = "docs/reliability.md"


def check(context: Context) -> list[Finding]:
    """The database's file, its revision and its form."""
    url = make_url(context.settings.database_url) if context.settings else None
    if url is None or url.get_backend_name() != "sqlite":
        return []
    path = Path(url.database or "")
    if not path.exists():
        return [good("store.opens", _("{path} will be made at the first start").format(path=path))]
    try:
        with contextlib.closing(
            sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", WAIT_SECONDS, uri=True)
        ) as open_:
            revision = _revision(open_)
            return [*_user(path), _judged(revision), _whole(open_, path)]
    except sqlite3.DatabaseError as wrong:
        return [_unusable(path, wrong)]


def _revision(connection: sqlite3.Connection) -> str:
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
        return ""
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else ""


def _judged(revision: str) -> Finding:
    if revision == NEWEST_REVISION:
        return good("store.revision", _("Its tables have the newest form ({revision})").format(revision=revision))
    if revision > NEWEST_REVISION:
        what = _("A newer version of this server has written it ({revision})").format(revision=revision)
        why = _("This version does not start with it.")
        return error("store.newer", what, why, _("Start the newer version, or take back a copy from before it"))
    what = _("Its tables have an older form ({revision})").format(revision=revision or "0")
    why = _("The next start renews them; after that an older version cannot use them.")
    return warning("store.older", what, why, _("Make a copy first, then: scripts/start"))


def _user(path: Path) -> list[Finding]:
    """The server that has it open, by the process that its lock names."""
    with contextlib.suppress(OSError, ValueError):
        process = int(Path(f"{path}.lock").read_text())
        os.kill(process, 0)
        return [good("store.in_use", _("Used by the running server (process {number})").format(number=process))]
    return []


def _whole(connection: sqlite3.Connection, path: Path) -> Finding:
    """SQLite's own check, given up when it takes long: it reads the whole file."""
    deadline = time.monotonic() + QUICK_CHECK_SECONDS
    connection.set_progress_handler(lambda: time.monotonic() > deadline, 100_000)
    try:
        said = [str(row[0]) for row in connection.execute("PRAGMA quick_check(3)")]
    except sqlite3.OperationalError as wrong:
        if "interrupt" not in str(wrong):
            raise
        what = _("{path} opens; it is too large to be checked whole in {seconds} s")
        return good("store.opens", what.format(path=path, seconds=f"{QUICK_CHECK_SECONDS:g}"))
    if said == ["ok"]:
        return good("store.opens", _("{path} opens and is whole").format(path=path))
    return _damaged(path, "; ".join(said))


def _unusable(path: Path, wrong: sqlite3.DatabaseError) -> Finding:
    if "locked" in str(wrong) or "busy" in str(wrong):
        what = _("{path} is locked by another program").format(path=path)
        why = _("The server cannot write: requests are answered with 500.")
        return error("store.locked", what, why, f"fuser -v {path}")
    if isinstance(wrong, sqlite3.OperationalError):
        what = _("{path} cannot be opened: {error}").format(path=path, error=wrong)
        why = _("The server does not start like this.")
        return error("store.unreadable", what, why, f"ls -l {path}")
    return _damaged(path, str(wrong))


def _damaged(path: Path, said: str) -> Finding:
    what = _("{path} is damaged: {error}").format(path=path, error=said[:200])
    why = _("What was kept may be lost, and what comes in may not be kept.")
    return error(
        "store.damaged", what, why, _("Stop the server, keep a copy, then: sqlite3 {path} .recover").format(path=path)
    )
