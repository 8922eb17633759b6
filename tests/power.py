"""What reaches the disk, in what order, and when for certain? A recorder below SQLite, in a process of its own."""

import _sqlite3
import asyncio
import ctypes
import random
import sqlite3
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from relay.event import Event, Named, now_ms
from relay.store import Store, database
from relay.store.finish import Outcome
from relay.store.keep import Owed

DATABASE = "server.db"
FOLDER = "."  # synced, what was deleted in it is gone for certain
HANDLERS = {"plugins.some:act": "some.*", "plugins.other:act": "some.*"}
TOGETHER = (1, 5, 1, 2, 12, 1, 3, 1) * 3  # how many events are kept at the same time, round by round
ROUNDS_PER_CHECKPOINT = 3
SEED = 20


class Operation(NamedTuple):
    """One thing done to a file: "write", "truncate" (to `offset`), "sync" or "delete". The folder is a file as well."""

    what: str
    file: str
    offset: int = 0
    content: bytes = b""


class Promise(NamedTuple):
    """After so many operations it was said that this event is kept, its deliveries in these states."""

    after: int
    event: int
    states: tuple[str, ...]


class Record(NamedTuple):
    """What was done to the disk, and what was promised meanwhile."""

    operations: list[Operation]
    promises: list[Promise]


# SQLite's doors to the operating system (sqlite3.h); what is not named here is passed on as it is.

CREATE, JOURNALS = 0x4, 0x800 | 0x80000  # the first sync of a log or journal that was made syncs its folder as well


class IoMethods(ctypes.Structure):
    _fields_ = (
        ("version", ctypes.c_int),
        *((name, ctypes.c_void_p) for name in ("close", "read", "write", "truncate", "sync")),
        ("others", ctypes.c_void_p * 13),
    )


class Vfs(ctypes.Structure):
    _fields_ = (
        ("version", ctypes.c_int),
        ("file_size", ctypes.c_int),
        ("longest_path", ctypes.c_int),
        ("next", ctypes.c_void_p),
        ("name", ctypes.c_char_p),
        ("data", ctypes.c_void_p),
        ("open", ctypes.c_void_p),
        ("delete", ctypes.c_void_p),
        ("others", ctypes.c_void_p * 14),
    )


POINTER, INT, LONG = ctypes.c_void_p, ctypes.c_int, ctypes.c_int64
OPEN = ctypes.CFUNCTYPE(INT, POINTER, POINTER, POINTER, INT, POINTER)
DELETE = ctypes.CFUNCTYPE(INT, POINTER, POINTER, INT)
WRITE = ctypes.CFUNCTYPE(INT, POINTER, POINTER, INT, LONG)
TRUNCATE = ctypes.CFUNCTYPE(INT, POINTER, LONG)
SYNC = ctypes.CFUNCTYPE(INT, POINTER, INT)


class Unrecordable(Exception):
    """The SQLite that Python uses shows none of its functions (linked statically, its symbols stripped)."""


def library() -> ctypes.CDLL:
    """The very SQLite that Python's `sqlite3` calls: looked up through the module that is linked with it."""
    found = ctypes.CDLL(getattr(_sqlite3, "__file__", None))
    if not hasattr(found, "sqlite3_vfs_register"):
        raise Unrecordable("Python's sqlite3 hides its library's functions: nothing can be recorded below it")
    found.sqlite3_vfs_find.restype = ctypes.POINTER(Vfs)
    found.sqlite3_libversion.restype = ctypes.c_char_p
    if found.sqlite3_libversion().decode() != sqlite3.sqlite_version:
        raise Unrecordable("the SQLite that was found is not the one that Python's sqlite3 uses")
    return found


class Recorder:
    """Stands between SQLite and the operating system: passes everything on, one at a time, and writes it down."""

    def __init__(self) -> None:
        self.operations: list[Operation] = []
        self._changed = threading.Condition()
        self._names: dict[int, str] = {}
        self._syncs_folder: set[int] = set()
        self._methods: dict[int, IoMethods] = {}
        self._kept_alive: list[Any] = []

    def begin(self) -> None:
        """Let every database that is opened from now on go through here."""
        sqlite = library()
        self._original: Any = sqlite.sqlite3_vfs_find(None)
        own = Vfs()
        ctypes.memmove(ctypes.byref(own), self._original, ctypes.sizeof(Vfs))
        own.version, own.name = min(own.version, 3), b"recorded"
        own.open = self._callback(OPEN, self._opening(OPEN(own.open)))
        own.delete = self._callback(DELETE, self._deleting(DELETE(own.delete)))
        self._kept_alive.append(own)
        sqlite.sqlite3_vfs_register(ctypes.byref(own), 1)

    def written(self, file: str) -> int:
        """How often this file was written to."""
        return sum(each.what == "write" and each.file == file for each in self.operations)

    def wait_until_written(self, file: str, more_than: int) -> None:
        """Until this file was written to more often than that."""
        with self._changed:
            assert self._changed.wait_for(lambda: self.written(file) > more_than, 30)

    def _callback(self, kind: Any, function: Callable[..., int]) -> int | None:
        made = kind(function)
        self._kept_alive.append(made)
        return ctypes.cast(made, POINTER).value

    def _do(self, call: Callable[[], int], *operations: Operation) -> int:
        with self._changed:
            code = call()
            if code == 0:
                self.operations += operations
                self._changed.notify_all()
        return code

    def _opening(self, original: Callable[..., int]) -> Callable[..., int]:
        def opened(_: int, path: int | None, file: int, flags: int, out: int | None) -> int:
            code = original(self._original, path, file, flags, out)
            methods = POINTER.from_address(file)
            if code == 0 and path and methods.value:
                self._names[file] = _name_at(path)
                if flags & CREATE and flags & JOURNALS:
                    self._syncs_folder.add(file)
                methods.value = ctypes.addressof(self._recording(methods.value))
            return code

        return opened

    def _deleting(self, original: Callable[..., int]) -> Callable[..., int]:
        def deleted(_: int, path: int, sync_folder: int) -> int:
            folder = [Operation("sync", FOLDER)] if sync_folder else []
            done = Operation("delete", _name_at(path))
            return self._do(lambda: original(self._original, path, sync_folder), done, *folder)

        return deleted

    def _recording(self, address: int) -> IoMethods:
        """A file's methods, those that change the disk being written down."""
        if address not in self._methods:
            own = self._methods[address] = IoMethods.from_buffer_copy(IoMethods.from_address(address))
            own.version = min(own.version, 3)
            own.write = self._callback(WRITE, self._writing(WRITE(own.write)))
            own.truncate = self._callback(TRUNCATE, self._truncating(TRUNCATE(own.truncate)))
            own.sync = self._callback(SYNC, self._syncing(SYNC(own.sync)))
        return self._methods[address]

    def _writing(self, original: Callable[..., int]) -> Callable[..., int]:
        def written(file: int, data: int, size: int, offset: int) -> int:
            operation = Operation("write", self._names[file], offset, ctypes.string_at(data, size))
            return self._do(lambda: original(file, data, size, offset), operation)

        return written

    def _truncating(self, original: Callable[..., int]) -> Callable[..., int]:
        return lambda file, size: self._do(lambda: original(file, size), Operation("truncate", self._names[file], size))

    def _syncing(self, original: Callable[..., int]) -> Callable[..., int]:
        def synced(file: int, flags: int) -> int:
            folder = [Operation("sync", FOLDER)] if file in self._syncs_folder else []
            self._syncs_folder.discard(file)
            return self._do(lambda: original(file, flags), Operation("sync", self._names[file]), *folder)

        return synced


def _name_at(path: int) -> str:
    return Path(ctypes.string_at(path).decode()).name


class Worker:
    """Keeps events as the way in does, closes some of their deliveries, and notes what it was promised."""

    def __init__(self, store: Store, recorder: Recorder) -> None:
        self._store = store
        self._recorder = recorder
        self._chance = random.Random(SEED)
        self.promises: list[Promise] = []

    async def work(self) -> None:
        """All the rounds; a checkpoint is waited for now and then, so that cuts fall into it."""
        await self._store.register_handlers(HANDLERS)
        for number, together in enumerate(TOGETHER):
            written = self._recorder.written(DATABASE)
            events = await asyncio.gather(*(self._keep(f"r{number}.{each}") for each in range(together)))
            await asyncio.gather(*(self._finish(event) for event in events[::2]))
            if number % ROUNDS_PER_CHECKPOINT == 0:
                await asyncio.to_thread(self._recorder.wait_until_written, DATABASE, written)

    async def _keep(self, repeat_id: str) -> int:
        body = self._chance.randbytes(self._chance.choice((200, 1000, 9000)))
        event = Event("some.event", body, source="some", key=f"key:{self._chance.randrange(5)}")
        one, other = (self._store.handler_ids[name] for name in HANDLERS)
        named = Named("some.event", "account_1", event.key, repeat_id)
        assert await self._store.keep(event, named, [Owed(one), Owed(other, "parked", "why")])
        return self._promised(int(event.id, 16), "waiting", "parked")

    async def _finish(self, event: int) -> None:
        state = self._chance.choice(("done", "dead"))
        outcome = Outcome(event, 0, state, 1, now_ms(), now_ms(), error="why" if state == "dead" else None)
        await self._store.write(self._store.finish.outcomes, [outcome])
        self._promised(event, state, "parked")

    def _promised(self, event: int, *states: str) -> int:
        self.promises.append(Promise(len(self._recorder.operations), event, states))
        return event


def set_up_with(synchronous: str) -> None:
    """From now on connections are set up as the store does it, but for this."""
    as_the_store_does = database._set_up_sqlite

    def set_up(connection: Any, record: object) -> None:
        as_the_store_does(connection, record)
        connection.execute(f"PRAGMA synchronous = {synchronous}")

    database._set_up_sqlite = set_up


def main(folder: Path, *synchronous: str) -> None:
    """Record a store at work in this folder; a setting of `synchronous` may take the place of the store's own."""
    recorder = Recorder()
    recorder.begin()
    for setting in synchronous:
        set_up_with(setting)
    database.CHECKPOINT_SECONDS = 0.02
    store = Store(f"sqlite:///{folder}/{DATABASE}")
    worker = Worker(store, recorder)
    asyncio.run(worker.work())
    store.close()
    (folder / "record").write_bytes(msgspec.msgpack.encode(Record(recorder.operations, worker.promises)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
