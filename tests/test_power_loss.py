"""Is what was promised there after a power cut, whenever it comes? With `synchronous=FULL` yes, with less no."""

import contextlib
import itertools
import random
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
import pytest

from tests.power import DATABASE, FOLDER, Operation, Promise, Record, Unrecordable, library
from tests.rig import ROOT

SECTOR = 512  # what a disk writes whole or not at all
FRAME = 24 + 4096  # one page in SQLite's log, with its header
SEED = 2
EVERY = 3  # after every third operation all that was written is there (a kill, or a cut that comes late)
TORN_CUTS = 12  # at so many moments the last frame is cut at every sector
SUBSETS = 5  # and at every sync so many random parts of what is not synced are there

Files = dict[str, bytes]
Recorded = Callable[..., tuple[Path, Record]]


class Disk:
    """What is there for certain, and in pieces what is only on its way there."""

    def __init__(self) -> None:
        self.certain: dict[str, bytearray] = {}
        self.pending: list[Operation] = []

    def take(self, operation: Operation) -> None:
        """Do what SQLite did."""
        if operation.what == "write":
            self.pending += _pieces(operation)
        elif operation.what != "sync":
            self.pending.append(operation)
        elif operation.file == FOLDER:
            for gone in [each for each in self.pending if each.what == "delete"]:
                self._become_certain(gone.file, self.pending.index(gone) + 1)
        else:
            self._become_certain(operation.file, len(self.pending))

    def _become_certain(self, file: str, first: int) -> None:
        """What is pending of a file, among the first so many pieces, is there for certain."""
        for each in self.pending[:first]:
            if each.file == file:
                _apply(self.certain, each)
        self.pending = [each for each in self.pending[:first] if each.file != file] + self.pending[first:]

    def with_pieces(self, survived: Sequence[Operation]) -> Files:
        """The files after a cut that these pieces have survived."""
        files = {name: bytearray(content) for name, content in self.certain.items()}
        for each in survived:
            _apply(files, each)
        return {name: bytes(content) for name, content in files.items()}

    def any_part(self, chance: random.Random) -> list[Operation]:
        """A random part of the pieces: each sector as it was at a moment of its own."""
        sectors: dict[tuple[str, int], int] = {}
        for each in self.pending:
            sectors[_sector(each)] = sectors.get(_sector(each), 0) + 1
        left = {sector: chance.randint(0, count) for sector, count in sectors.items()}
        survived = []
        for each in self.pending:
            left[_sector(each)] -= 1
            if left[_sector(each)] >= 0:
                survived.append(each)
        return survived


def _pieces(write: Operation) -> Iterator[Operation]:
    start, end = write.offset, write.offset + len(write.content)
    while start < end:
        stop = min(end, (start // SECTOR + 1) * SECTOR)
        yield Operation("write", write.file, start, write.content[start - write.offset : stop - write.offset])
        start = stop


def _sector(piece: Operation) -> tuple[str, int]:
    return piece.file, piece.offset // SECTOR if piece.what == "write" else -1


def _apply(files: dict[str, bytearray], operation: Operation) -> None:
    name, offset, content = operation.file, operation.offset, operation.content
    if operation.what == "delete":
        files.pop(name, None)
        return
    file = files.setdefault(name, bytearray())
    file.extend(bytes(max(0, offset - len(file))))
    if operation.what == "write":
        file[offset : offset + len(content)] = content
    else:
        del file[offset:]


def cuts(record: Record) -> Iterator[tuple[int, Files]]:
    """Power cuts after the first promise: after how many operations each comes, and what the disk holds then."""
    chance = random.Random(SEED)
    disk, first = Disk(), record.promises[0].after
    promised_at = {each.after for each in record.promises}
    syncs = [number for number, each in enumerate(record.operations) if each.what == "sync" and number > first]
    torn_at = set(chance.sample(syncs, min(TORN_CUTS, len(syncs))))
    for number, operation in enumerate(record.operations):
        if number >= first and (number % EVERY == 0 or number in syncs):
            yield number, disk.with_pieces(disk.pending)
        if number in promised_at or number in syncs:
            yield number, disk.with_pieces([])
        if number in syncs:
            yield from ((number, disk.with_pieces(disk.any_part(chance))) for _ in range(SUBSETS))
        if number in torn_at:
            shorter = range(max(0, len(disk.pending) - FRAME // SECTOR - 2), len(disk.pending))
            yield from ((number, disk.with_pieces(disk.pending[:length])) for length in shorter)
        disk.take(operation)
    yield len(record.operations), disk.with_pieces([])
    yield len(record.operations), disk.with_pieces(disk.pending)


def due(promises: Sequence[Promise], number: int) -> dict[int, tuple[str, ...]]:
    """What has been promised by then: the states of each event's deliveries."""
    return {each.event: each.states for each in promises if each.after <= number}


def after_the_cut(folder: Path, files: Files, promised: dict[int, tuple[str, ...]]) -> tuple[list[str], list[int]]:
    """What is wrong with the database when it is opened again, and which promised events it has lost."""
    for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", f"{DATABASE}-journal"):
        (folder / name).unlink(missing_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    with contextlib.closing(sqlite3.connect(folder / DATABASE)) as database:
        database.execute("PRAGMA synchronous = OFF")  # nobody cuts the power here
        try:
            wrong = [row[0] for row in database.execute("PRAGMA integrity_check") if row[0] != "ok"]
            if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'events'").fetchall():
                return wrong, list(promised)
            found = _events(database)
            counted = dict(database.execute("SELECT name, value FROM counters"))
        except sqlite3.DatabaseError as error:
            return [str(error)], list(promised)
    wrong += [f"half an event: {states}" for states in found.values() if len(states) != 2]
    if counted.get("requests.events", 0) != len(found):
        wrong.append(f"the books: {counted}, {len(found)} events")
    return wrong, [event for event, states in promised.items() if not _kept(found.get(event, []), states)]


def _events(database: sqlite3.Connection) -> dict[int, list[str]]:
    """Each event that is there, with the states of its deliveries."""
    found: dict[int, list[str]] = {row[0]: [] for row in database.execute("SELECT id FROM events")}
    for event, state in database.execute("SELECT event_id, state FROM deliveries ORDER BY event_id, number"):
        found.setdefault(event, []).append(state)
    return found


def _kept(found: Sequence[str], promised: Sequence[str]) -> bool:
    """Whether the deliveries are there as promised; one that was waiting may have been closed meanwhile."""
    return len(found) == len(promised) and all(
        wanted in (state, "waiting") for state, wanted in zip(found, promised, strict=True)
    )


def results(folder: Path, record: Record, most: int | None = None) -> tuple[int, list[str], set[int]]:
    """Over the first `most` cuts, or all: how many there were, what was wrong, and which promised events were lost."""
    number_of_cuts, wrong, lost = 0, [], set()
    for number, files in itertools.islice(cuts(record), most):
        found, missing = after_the_cut(folder, files, due(record.promises, number))
        number_of_cuts += 1
        wrong += [f"after {number}: {each}" for each in found]
        lost.update(missing)
    return number_of_cuts, wrong, lost


@pytest.fixture
def record_of(tmp_path: Path) -> Recorded:
    """Record a store at work, in a process of its own; gives its folder and the record."""

    def run(*synchronous: str) -> tuple[Path, Record]:
        try:
            library()
        except Unrecordable as error:
            pytest.skip(str(error))
        folder = tmp_path / "recorded"
        folder.mkdir()
        subprocess.run([sys.executable, "-m", "tests.power", str(folder), *synchronous], cwd=ROOT, check=True)
        return folder, msgspec.msgpack.decode((folder / "record").read_bytes(), type=Record)

    return run


def test_nothing_acknowledged_is_lost_when_the_power_goes(record_of: Recorded, tmp_path: Path) -> None:
    _, record = record_of()
    number_of_cuts, wrong, lost = results(tmp_path, record)

    assert (wrong, lost) == ([], set())
    assert number_of_cuts > 600
    assert len({each.event for each in record.promises}) >= 60


def test_with_anything_less_than_full_acknowledged_events_are_lost(record_of: Recorded, tmp_path: Path) -> None:
    _, record = record_of("NORMAL")
    _, wrong, lost = results(tmp_path, record, most=300)

    assert wrong == []
    assert lost != set()


def test_what_is_recorded_is_all_that_reaches_the_disk(record_of: Recorded) -> None:
    folder, record = record_of()
    disk = Disk()
    for operation in record.operations:
        disk.take(operation)

    assert disk.with_pieces(disk.pending) == {DATABASE: (folder / DATABASE).read_bytes()}
