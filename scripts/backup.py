"""Is everything kept elsewhere too? One file with the store, secrets and plugins, made while the server runs."""

import os
import sqlite3
import sys
import tempfile
import time
from datetime import datetime
from gettext import gettext as _
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from scripts.in_venv import in_venv

in_venv()

import asyncio

import click

from config.settings import ROOT, Settings, env_path, known_names
from dashboard.pausing import PAUSED
from relay.event import now_ms
from relay.store import AlreadyRunning, State, Store
from scripts.archive import DATABASE, Manifest, make, unpack
from scripts.ask_server import Failed, NotAsked, RunningServer
from scripts.on_screen import plain, screen
from scripts.own_settings import own_settings, speak_as_set
from scripts.put_back import PutBack, put_back, settings_of

NAME = "servidor-%Y%m%d-%H%M%S.tar.gz"
ENDING = ".tar.gz"
# Whoever is at work when the server is told to stand by is let finish; what has run for so long is shown as running.
QUIET_SECONDS, SHOWN_SECONDS = 60.0, 0.5
# Before .env is read, which fills what is not set.
ENVIRONMENT = dict(os.environ)

speak_as_set()


@click.command(
    help=_(
        "Back up the store, .env, accounts.toml, sources.toml, knowledge/ and plugins/ into one file, while the server "
        "runs, and check it by restoring it into a temporary folder. The file holds secrets: keep it as carefully as "
        ".env. docs/vps.md"
    )
)
@click.option("--to", type=click.Path(path_type=Path), help=_("a folder, or a file that ends in .tar.gz (backups/)"))
@click.option("--keep", type=click.IntRange(1), help=_("afterwards, keep only so many of the newest in that folder"))
@click.option(
    "--when-stopped", is_flag=True, help=_("wait until the server stops, and copy before the next one starts")
)
@click.option(
    "--retire", is_flag=True, help=_("moving house: this server stands by from now on, and is backed up then")
)
@click.option(
    "--restore", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("put a backup back here, into a fresh checkout; the server then stands by until you let it go on"),
)  # fmt: skip
@click.option("--force", is_flag=True, help=_("with --restore: also over what is here, which is kept beside it"))
@click.option(
    "--go-on", is_flag=True, help=_("with --restore: the same server, do not stand by where nothing came since")
)
def main(
    to: Path | None, keep: int | None, when_stopped: bool, retire: bool, file: Path | None, force: bool, go_on: bool
) -> None:
    """Make one, or put one back; exit code 1 where it cannot be."""
    os.umask(0o077)
    if file is not None:
        if to or keep or retire or when_stopped:
            raise click.UsageError(_("--restore goes only with --force and --go-on"))
        _restore(file, force=force, go_on=go_on)
        return
    settings = own_settings()
    if retire:
        _stand_by(settings)
    _back_up(settings, to or ROOT / "backups", keep, when_stopped=when_stopped)
    if retire:
        screen().print(plain(_moving()))


def _back_up(settings: Settings, to: Path, keep: int | None, *, when_stopped: bool) -> None:
    os.nice(10)  # the server goes before
    target = to if to.name.endswith(ENDING) else to / datetime.now(settings.zone).strftime(NAME)
    if target.exists():
        raise Failed(_("{path} is there already.").format(path=target))
    console = screen()
    with console.status(_("copying, and checking the copy")):
        try:
            manifest = make(settings, target, when_stopped=when_stopped)
        except AlreadyRunning as running:
            raise Failed(_("The server has not stopped: {lock}").format(lock=running)) from running
        except (OSError, sqlite3.Error) as error:
            raise Failed(_("There is no backup: {error}").format(error=error)) from error
    console.print(plain(_told(target, manifest)))
    for line in _missing(manifest):
        console.print(plain(line), style="yellow")
    for old in sorted(target.parent.glob(f"servidor-*{ENDING}"))[: -keep if keep else 0]:
        old.unlink()


def _told(target: Path, manifest: Manifest) -> str:
    text = _("{path}: {size} MB, {events} events, {files} files. Restored into a temporary folder, it is whole.")
    size = f"{target.stat().st_size / 1_000_000:.1f}"
    events = manifest.rows.get("events", 0)
    return text.format(path=target, size=size, events=events, files=len(manifest.files))


def _missing(manifest: Manifest) -> list[str]:
    """What a server needs and this backup has not."""
    lines = []
    if DATABASE not in manifest.files:
        lines.append(_("There is no store yet (DATABASE_URL): the backup holds none."))
    if elsewhere := sorted(known_names().intersection(ENVIRONMENT)):
        text = _("Set in the environment, not in {path}, and so not in the backup: {names}")
        lines.append(text.format(path=env_path(), names=", ".join(elsewhere)))
    return lines


# Moving house


def _stand_by(settings: Settings) -> None:
    """Nothing is answered here from now on, so that nothing is when the other begins."""
    why = _("Retired: moved to another machine. What comes here is kept and not answered.")
    server = RunningServer(settings)
    try:
        server.put("pause", {"paused": True, "why": why})
        _wait_until_nothing_runs(server, now_ms())
    except NotAsked as nobody:
        asyncio.run(_stand_by_without_server(settings, why, nobody))


def _wait_until_nothing_runs(server: RunningServer, since: int) -> None:
    """What was at work when the server was told is let finish; what is tried later stands by."""
    deadline = time.monotonic() + QUIET_SECONDS
    with screen().status(_("waiting until nothing is at work")):
        time.sleep(SHOWN_SECONDS)
        while at_work := _at_work(server, since):
            if time.monotonic() > deadline:
                text = _("At work for {seconds} s: {names}. Try again when it has ended (/admin/handlers).")
                raise Failed(text.format(seconds=int(QUIET_SECONDS), names=", ".join(at_work)))
            time.sleep(0.5)


def _at_work(server: RunningServer, since: int) -> list[str]:
    """The handlers of what runs, and has since before that moment (epoch milliseconds)."""
    events = (server.get(f"events/{each['id']}") for each in server.listed("events", 100, {"status": "running"}))
    running = (each for event in events for each in event["deliveries"] if each["state"] == "running")
    return sorted({each["handler"] for each in running if (each["started"] or 0) < since})


async def _stand_by_without_server(settings: Settings, why: str, nobody: NotAsked) -> None:
    """It does not run: it stands by when it is started again."""
    try:
        store = Store(settings.database_url)
    except AlreadyRunning:
        raise Failed(nobody.message) from nobody  # it runs, and cannot be told
    try:
        await State(store).put("", PAUSED, why)
    finally:
        await asyncio.to_thread(store.close)


def _moving() -> str:
    lines = (
        _("This server stands by now. Next:"),
        "1. " + _("Take the file to the new machine by a way that nobody reads (scp), into a checkout of this version"),
        "2. " + _("There: scripts/install, then {command}").format(command="python -m scripts.backup --restore …"),
        "3. " + _("Let the public address lead there, then stop this server for good"),
        "4. " + _("There: start it, and let it go on (/admin, or PUT /admin/api/pause)"),
    )
    return "\n".join(lines)


# Putting one back


def _restore(file: Path, *, force: bool, go_on: bool) -> None:
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=env_path().parent) as folder:
        unpacked = Path(folder) / "backup"
        manifest = unpack(file, unpacked)
        done = put_back(unpacked, manifest, settings_of(unpacked, ENVIRONMENT), force=force, go_on=go_on)
    _show(manifest, done)


def _show(manifest: Manifest, done: PutBack) -> None:
    console = screen()
    text = _("Restored: {files} files, {events} events, as they were at {made}.")
    events = manifest.rows.get("events", 0)
    console.print(plain(text.format(files=len(done.placed), events=events, made=manifest.made)))
    for each in done.replaced:
        console.print(plain(_("What stood there is kept: {path}").format(path=each)))
    if done.is_paused:
        said = _("The server stands by: it keeps what comes, and answers nobody until you let it go on.")
        console.print(plain(said), style="yellow")
        console.print(plain(_("Start it (scripts/start), then /admin, or PUT /admin/api/pause with paused: false.")))


if __name__ == "__main__":
    main()
