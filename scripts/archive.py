"""What is in a backup? The store as it was at one moment, and every file that a server cannot be made anew without."""

import contextlib
import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import datetime, timezone
from gettext import gettext as _
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from config.settings import ROOT, Settings, env_path
from relay.store.database import lock
from scripts.ask_server import Failed

FORMAT = 1
DATABASE, MANIFEST, WAITING = "server.db", "manifest.json", "waiting"
FOLDERS = ("knowledge", "plugins")
# What is made again, or belongs to somebody else.
LEFT_OUT = ("__pycache__", ".venv", ".git", "node_modules", ".pytest_cache")
STOP_SECONDS = 120.0
SPARE_BYTES = 50_000_000
PIECE = 1 << 20


class Manifest(NamedTuple):
    """What a backup holds. `rows` by table; `files` by name, each with its size, its SHA-256 and its mode."""

    made: str
    commit: str
    revision: str
    rows: dict[str, int]
    files: dict[str, dict[str, Any]]

    def written(self) -> bytes:
        """As it stands in the backup."""
        return json.dumps({"format": FORMAT, **self._asdict()}, indent=1).encode()


def places(settings: Settings) -> dict[str, Path]:
    """Where each thing of a backup has its place in the server of these settings, by its name in the backup."""
    database = database_path(settings)
    single = {
        DATABASE: database,
        ".env": env_path(),
        "accounts.toml": settings.accounts_file.path,
        "sources.toml": settings.sources_file,
        "forward_url": database.with_name("forward_url"),
        "knowledge": settings.knowledge_dir,
        "plugins": settings.plugins_dir,
    }
    return {name: path for name, path in single.items() if path is not None}


def database_path(settings: Settings) -> Path:
    """The store's file."""
    return Path(settings.database_url.removeprefix("sqlite:///"))


def make(settings: Settings, target: Path, *, when_stopped: bool = False) -> Manifest:
    """Make a backup at this path while the server may run, for its owner alone, and check it; nothing is left half.

    `when_stopped`: wait until the server lets go of its store, and keep the next one from it until it is copied.
    """
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as folder:
        found = dict(_found(settings))
        _check_room(target.parent, [*found.values(), database_path(settings)])
        copy, half = Path(folder) / DATABASE, Path(folder) / target.name
        if database_path(settings).exists():
            with _alone(settings, Path(folder) / WAITING) if when_stopped else contextlib.nullcontext():
                copy_database(database_path(settings), copy)
            found[DATABASE] = copy
        manifest = Manifest(_now(), _commit(), _revision(copy), rows_in(copy), {})
        _pack(half, manifest, found)
        copy.unlink(missing_ok=True)
        unpack(half, Path(folder) / "restored")
        half.replace(target)
    return manifest


@contextlib.contextmanager
def _alone(settings: Settings, waiting: Path) -> Iterator[None]:
    """With the store as its server leaves it. The file is there as soon as the server may be told to stop."""
    waiting.touch()
    held = lock(settings.database_url, STOP_SECONDS)
    with held or contextlib.nullcontext():
        yield


def _found(settings: Settings) -> Iterator[tuple[str, Path]]:
    """The files there are, by their names in the backup; the store's is copied by itself."""
    for name, place in places(settings).items():
        if name in FOLDERS:
            yield from ((f"{name}/{each.relative_to(place).as_posix()}", each) for each in _files_in(place))
        elif name != DATABASE and place.is_file():
            yield name, place


def _files_in(folder: Path) -> Iterator[Path]:
    """Every file below a folder, also where a link leads elsewhere: a plugin may be one."""
    seen: set[str] = set()
    for place, inside, names in os.walk(folder, followlinks=True):
        inside[:] = sorted(each for each in inside if each not in LEFT_OUT)
        if (real := os.path.realpath(place)) in seen:  # a link that leads back
            inside.clear()
            continue
        seen.add(real)
        yield from (path for each in sorted(names) if (path := Path(place, each)).is_file())


def _check_room(folder: Path, files: list[Path]) -> None:
    """A disk that is full of backups takes no more requests."""
    needed = 2 * sum(each.stat().st_size for each in files if each.exists()) + SPARE_BYTES
    free = shutil.disk_usage(folder).free
    if free < needed:
        text = _("There is not enough room in {folder}: {free} MB free, up to {needed} MB needed.")
        raise Failed(text.format(folder=folder, free=free // 1_000_000, needed=needed // 1_000_000))


def copy_database(source: Path, target: Path) -> None:
    """Copy the store as it is at this moment, whoever writes to it meanwhile; nobody waits for it."""
    with contextlib.closing(_opened(source)) as live, contextlib.closing(_opened(target)) as copy:
        copy.execute(
            "PRAGMA synchronous = OFF"
        )  # it is packed and forgotten: the server's own syncs must not wait for it
        live.backup(copy)  # all pages in one step: step by step, it would begin anew after each commit
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, whole by itself


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=30.0, isolation_level=None)


def rows_in(database: Path) -> dict[str, int]:
    """How many rows each table of a store has; none where there is no store."""
    if not database.exists():
        return {}
    with contextlib.closing(_opened(database)) as store:
        names = [name for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        return {name: store.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608  # the store's own names


def _revision(database: Path) -> str:
    """The form of a store's tables: its newest migration."""
    if not database.exists():
        return ""
    with contextlib.closing(_opened(database)) as store, contextlib.suppress(sqlite3.OperationalError):
        return str(store.execute("SELECT version_num FROM alembic_version").fetchone()[0])
    return ""


def _commit() -> str:
    """The version that made it, where the project is a checkout."""
    git = shutil.which("git")
    if git is None:
        return ""
    told = subprocess.run([git, "-C", str(ROOT), "rev-parse", "HEAD"], capture_output=True, text=True, check=False)  # noqa: S603  # our own words
    return told.stdout.strip()


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")


def _pack(target: Path, manifest: Manifest, found: dict[str, Path]) -> None:
    """Write the files, then the manifest that knows what was written of each."""
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with tarfile.open(fileobj=file, mode="w:gz", compresslevel=3) as archive:
            for name, path in found.items():
                manifest.files[name] = _add(archive, name, path)
            _add_bytes(archive, MANIFEST, manifest.written(), 0o600)
        file.flush()
        os.fsync(file.fileno())


def _add(archive: tarfile.TarFile, name: str, path: Path) -> dict[str, Any]:
    mode = path.stat().st_mode & 0o700 | 0o400
    if name == DATABASE:  # too large to be held in memory, and nobody else's
        with path.open("rb") as file:
            archive.addfile(_header(name, path.stat().st_size, mode), file)
        return {"bytes": path.stat().st_size, "sha256": digest(path), "mode": mode}
    content = path.read_bytes()  # at once: it may be changed at any moment
    _add_bytes(archive, name, content, mode)
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest(), "mode": mode}


def _add_bytes(archive: tarfile.TarFile, name: str, content: bytes, mode: int) -> None:
    archive.addfile(_header(name, len(content), mode), io.BytesIO(content))


def _header(name: str, size: int, mode: int) -> tarfile.TarInfo:
    header = tarfile.TarInfo(name)
    header.size, header.mode, header.mtime = size, mode, int(datetime.now(timezone.utc).timestamp())
    return header


def digest(path: Path) -> str:
    """A file's SHA-256."""
    sum_ = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            sum_.update(piece)
    return sum_.hexdigest()


def unpack(archive: Path, folder: Path) -> Manifest:
    """Unpack a backup into a folder of its own, and prove it: every file as it was, the store whole, every row there.

    Raises `Failed` with what is wrong.
    """
    folder.mkdir(mode=0o700)
    try:
        with tarfile.open(archive, "r:gz") as packed:
            for member in packed:
                _unpack_one(packed, member, folder)
        told = json.loads((folder / MANIFEST).read_bytes())
        if told.pop("format") != FORMAT:
            raise Failed(
                _("{path} was made by another version, in a form that this one does not know.").format(path=archive)
            )
        manifest = Manifest(**told)
        _prove(manifest, folder)
    except (OSError, EOFError, tarfile.TarError, ValueError, TypeError, KeyError, sqlite3.Error) as error:
        text = _("{path} is no whole backup: {error}")
        raise Failed(text.format(path=archive, error=f"{type(error).__name__}: {error}")) from error
    return manifest


def _unpack_one(packed: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """One file, for its owner alone, and within the folder whatever its name says."""
    name = PurePosixPath(member.name)
    content = packed.extractfile(member) if member.isfile() else None
    if content is None or name.is_absolute() or ".." in name.parts:
        raise ValueError(member.name)
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with target.open("xb") as file:
        target.chmod(0o600)
        shutil.copyfileobj(content, file, PIECE)


def _prove(manifest: Manifest, folder: Path) -> None:
    there = {each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.is_file()} - {MANIFEST}
    wrong = [name for name, each in manifest.files.items() if name in there and digest(folder / name) != each["sha256"]]
    if differing := sorted({*wrong, *(there ^ set(manifest.files))}):
        raise ValueError(", ".join(differing))
    if DATABASE not in there:
        return
    with contextlib.closing(_opened(folder / DATABASE)) as store:
        said = store.execute("PRAGMA integrity_check").fetchone()[0]
    if said != "ok" or rows_in(folder / DATABASE) != manifest.rows:
        raise ValueError(f"{DATABASE}: {said}")
