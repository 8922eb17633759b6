"""Where is it remembered? The database opened as it must be: on disk before the answer, one process at a time."""

import fcntl
import os
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from loguru import logger
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError

CHECKPOINT_SECONDS = 1.0

# The newest step in migrations/versions; Alembic is imported only where the database says something else.
NEWEST_REVISION = "0003"


class AlreadyRunning(Exception):
    """Another process has the database open."""


class NewerDatabase(Exception):
    """A newer version of the server has written this database."""


class ManyRows:
    """One statement for many rows, run on the driver's cursor: what every event costs goes without detours.

    The driver lets go of the interpreter's lock once per statement, not once per row: with a busy event loop beside
    it, that is most of what a row costs. `{rows}` in the SQL stands for the rows' values.
    """

    SIZES = (64, 16, 4, 1)  # few different statements, so that each is compiled once and stays so

    def __init__(self, sql: str, columns: Sequence[str], engine: Engine) -> None:
        mark = "?" if engine.dialect.paramstyle == "qmark" else "%s"
        row, names = f"({', '.join(mark for _ in columns)})", ", ".join(columns)
        self._sql = {size: sql.format(columns=names, rows=", ".join([row] * size)) for size in self.SIZES}

    def run(self, cursor: Any, rows: Sequence[Sequence[Any]]) -> int:
        """Execute it for these rows, each in the order of the columns; returns how many were written."""
        return sum(cursor.execute(sql, values).rowcount for sql, values in self._parts(rows))

    def fetch(self, cursor: Any, rows: Sequence[Sequence[Any]]) -> list[Any]:
        """Execute it for these rows; returns what it selects."""
        return [found for sql, values in self._parts(rows) for found in cursor.execute(sql, values).fetchall()]

    def _parts(self, rows: Sequence[Sequence[Any]]) -> Iterator[tuple[str, list[Any]]]:
        start = 0
        while start < len(rows):
            size = next(size for size in self.SIZES if size <= len(rows) - start)
            yield self._sql[size], [value for row in rows[start : start + size] for value in row]
            start += size


def open_engine(database_url: str) -> Engine:
    """The engine; for SQLite its folder is made and every connection is set to be durable."""
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, hide_parameters=True)
    Path(url.database or "").parent.mkdir(parents=True, exist_ok=True)
    # Four seconds: within Chatwoot's patience of five, another process may hold the write lock.
    # An error's text must not show the values: they are customers' texts.
    engine = create_engine(url, connect_args={"timeout": 4.0, "check_same_thread": False}, hide_parameters=True)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up_sqlite(connection: Any, record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy begins transactions, not the driver
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",  # not negotiable: what is answered with 200 survives a power cut
        "foreign_keys = ON",
        "cache_size = -16000",
        "wal_autocheckpoint = 8000",  # only where the checkpointer cannot keep up
    ):
        connection.execute(f"PRAGMA {pragma}")


class Checkpointer:
    """Moves SQLite's log into its file from a thread of its own, so that no commit has to stop for it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="store-checkpointer", daemon=True)
        if engine.dialect.name == "sqlite":
            self._thread.start()

    def _run(self) -> None:
        while not self._over.wait(CHECKPOINT_SECONDS):
            try:
                with self._engine.connect() as connection:
                    connection.connection.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)")
            except DBAPIError as error:  # noqa: PERF203  # once a second
                logger.bind(component="store").warning("the log could not be checkpointed: {}", error.orig)

    def close(self) -> None:
        """Stop."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()


def _begin(connection: Connection) -> None:
    reading = connection.get_execution_options().get("reading")
    begin = "BEGIN" if reading else "BEGIN IMMEDIATE"
    try:
        connection.connection.cursor().execute(begin)  # past SQLAlchemy, which takes longer over it than SQLite
    except sqlite3.OperationalError as error:
        raise OperationalError(begin, None, error) from error


def lock(database_url: str, wait_seconds: float = 0.0) -> IO[str] | None:
    """Keep a second process out of a SQLite file; returns the open lock file, to be kept open.

    With `wait_seconds` the process that is ending is waited for. The kernel frees the lock when a process dies.
    """
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite":
        return None
    path = Path(f"{url.database}.lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("a+")
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:  # noqa: PERF203  # it waits anyway
            if time.monotonic() >= deadline:
                file.close()
                raise AlreadyRunning(str(path)) from error
            time.sleep(0.05)
        else:
            file.truncate(0)
            file.write(f"{os.getpid()}\n")
            file.flush()
            return file


def migrate(engine: Engine) -> None:
    """Bring the tables to the newest form; costs one query where they have it already."""
    with engine.connect() as connection:
        if engine.dialect.has_table(connection, "alembic_version"):
            stored = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            if stored == NEWEST_REVISION:
                return
            if stored is not None and stored > NEWEST_REVISION:
                raise NewerDatabase(str(engine.url.database))
    from relay.store.migrations.upgrade import upgrade  # noqa: PLC0415  # Alembic costs 0.2 s: only where needed

    upgrade(engine)
