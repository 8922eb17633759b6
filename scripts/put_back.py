"""How is a backup put back? Proved first, then file by file into its place; what stood there is kept beside it."""

import asyncio
import os
import shutil
import sqlite3
import stat
from collections.abc import Mapping
from datetime import datetime, timezone
from gettext import gettext as _
from pathlib import Path
from typing import NamedTuple

from dotenv import dotenv_values

from config.settings import ACCOUNTS_FILE, SOURCES_FILE, Settings, WrongSettings, load
from dashboard.pausing import PAUSED
from relay.store import AlreadyRunning, State, Store, database
from relay.store.database import NEWEST_REVISION
from scripts.archive import DATABASE, FOLDERS, Manifest, database_path, digest, places, rows_in
from scripts.ask_server import Failed
from scripts.own_settings import complain

# Where systemd runs the server, whoever sends has it started, until it finds that the store is not for its version.
LET_GO_SECONDS = 30.0
# Rows of these say that something was taken in, or done.
DONE = ("events", "attempts", "effects")


class PutBack(NamedTuple):
    """What was done: where each file went, what stood there before, and whether the server stands by."""

    placed: list[Path]
    replaced: list[Path]
    is_paused: bool


def settings_of(folder: Path, environment: Mapping[str, str]) -> Settings:
    """The settings that a restored server would have here: its `.env`, and the environment, which goes before it."""
    written = {name: value for name, value in dotenv_values(folder / ".env").items() if value is not None}
    files = {"ACCOUNTS_FILE": ACCOUNTS_FILE, "SOURCES_FILE": SOURCES_FILE}
    given = {**written, **environment}
    try:
        return load({**given, **{name: given.get(name) or each for name, each in files.items()}}, need_accounts=False)
    except WrongSettings as wrong:
        complain(wrong.errors)


def put_back(folder: Path, manifest: Manifest, settings: Settings, *, force: bool, go_on: bool) -> PutBack:
    """Put an unpacked backup into its places. Without `force` nothing that differs is replaced.

    The server stands by afterwards, until a person says that no other copy lives. With `go_on` it does not, where
    nothing was taken in or done here since the backup.
    """
    if manifest.revision > NEWEST_REVISION:
        raise Failed(_("A newer version of this server made this backup: restore it with that version."))
    targets = _targets(manifest, settings)
    differing = [each for name, each in targets.items() if each.exists() and digest(each) != digest(folder / name)]
    if differing and not force:
        text = _("Here is something already, which would be replaced (--force does it, and keeps it beside):")
        raise Failed("\n  ".join([text, *map(str, differing)]))
    try:
        with database.lock(settings.database_url, LET_GO_SECONDS if go_on else 0.0) or open(os.devnull):  # noqa: PTH123  # SQLite always has a lock
            is_paused = not (go_on and _nothing_since(database_path(settings), manifest))
            if is_paused and DATABASE in manifest.files:
                asyncio.run(_stand_by(folder / DATABASE, manifest.made))
            replaced = [_put_aside(each) for each in differing]
            _place(folder, targets, manifest)
    except AlreadyRunning as running:
        text = _("Another server is using this database ({lock}). Stop it first.")
        raise Failed(text.format(lock=running)) from running
    return PutBack(list(targets.values()), replaced, is_paused)


def _targets(manifest: Manifest, settings: Settings) -> dict[str, Path]:
    """Where each file of the backup goes."""
    known = places(settings)
    found = {}
    for name in manifest.files:
        first, _slash, rest = name.partition("/")
        if first not in known or bool(rest) != (first in FOLDERS):
            raise Failed(_("The backup holds what has no place here: {name}").format(name=name))
        found[name] = known[first] / rest if rest else known[first]
    return found


def _nothing_since(live: Path, manifest: Manifest) -> bool:
    """Whether this server has taken nothing in, and done nothing, since the backup was made of it."""
    try:
        rows = rows_in(live)
    except sqlite3.Error:  # it cannot be known of what cannot be read
        return False
    return all(rows.get(table) == manifest.rows.get(table) for table in DONE)


async def _stand_by(path: Path, made: str) -> None:
    """Write into the store that the server stands by, and why; its tables get this version's form at once."""
    store = Store(f"sqlite:///{path}")
    why = _("Restored from the backup of {made}. If no other copy of this server runs, let it go on.")
    try:
        await State(store).put("", PAUSED, why.format(made=made))
    finally:
        await asyncio.to_thread(store.close)
        path.with_name(f"{path.name}.lock").unlink()


def _put_aside(path: Path) -> Path:
    """Keep what stands there under another name; of a store, with what it has not yet written into its file."""
    stamp = datetime.now(timezone.utc).strftime("%Y%m%d-%H%M%S")
    aside = path.with_name(f"{path.name}.replaced-{stamp}")
    for ending in ("", "-wal", "-shm"):
        beside = path.with_name(path.name + ending)
        if beside.exists():
            beside.rename(aside.with_name(aside.name + ending))
    return aside


def _place(folder: Path, targets: Mapping[str, Path], manifest: Manifest) -> None:
    """The store last: until it is there, the server would begin with an empty one, and not with half of this."""
    for name in sorted(targets, key=lambda each: each == DATABASE):
        target = targets[name]
        _make_folder(target.parent)
        beside = target.with_name(f"{target.name}.new")
        shutil.copyfile(folder / name, beside)
        beside.chmod(stat.S_IMODE(int(manifest.files[name]["mode"])))
        _give(beside, target.parent)
        with beside.open("rb") as file:
            os.fsync(file.fileno())
        beside.replace(target)


def _make_folder(folder: Path) -> None:
    if not folder.exists():
        _make_folder(folder.parent)
        folder.mkdir(mode=0o700)
        _give(folder, folder.parent)


def _give(path: Path, like: Path) -> None:
    """To whom the folder belongs: root restores, and the server runs as somebody else."""
    if os.geteuid() == 0:
        owner = like.stat()
        os.chown(path, owner.st_uid, owner.st_gid)
