"""The store as the rest of the core sees it: opened once, written by one thread, read by a few."""

import asyncio
import functools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlalchemy.dialects.sqlite import insert

from relay.event import Event, Named, new_id, now_ms
from relay.store import clean, database, state
from relay.store.finish import Finish
from relay.store.keep import Keep, Kept, Owed, count_rejection, keep_rejection
from relay.store.tables import events, handlers
from relay.store.writer import Transaction, Writer

Result = TypeVar("Result")


class Store:
    """All that is remembered. Every method may be called from any event loop."""

    def __init__(self, database_url: str, *, wait_seconds: float = 0.0) -> None:
        self._lock = database.lock(database_url, wait_seconds)
        self.engine = database.open_engine(database_url)
        database.migrate(self.engine)
        with self.engine.connect().execution_options(reading=True) as connection:
            new_id.begin_after(connection.execute(select(func.max(events.c.id))).scalar() or 0)
        self._keep_events, self._finish = Keep(self.engine).events, Finish(self.engine)
        self.writer = Writer(self.engine)
        self._checkpointer = database.Checkpointer(self.engine)
        self._readers = ThreadPoolExecutor(4, thread_name_prefix="store-reader")
        self.handler_ids: dict[str, int] = {}

    @functools.cached_property
    def name(self) -> str:
        """A name that no other store has, given when it is first asked for; that takes a write."""
        return state.own_name(self.engine)

    def close(self) -> None:
        """Write what was handed in, close the database, let another process in."""
        self.writer.close()
        self._checkpointer.close()
        self._readers.shutdown()
        self.engine.dispose()
        if self._lock is not None:
            self._lock.close()

    def write(
        self,
        do: Callable[..., Result],
        *arguments: Any,
        **named: Any,
    ) -> "asyncio.Future[Result]":
        """Run a function of a `Transaction` in the writer's thread; done when it is on disk."""
        if not arguments and not named:
            return self.writer.write(do)
        return self.writer.write(lambda tx: do(tx, *arguments, **named))

    async def read(self, do: Callable[..., Result], *arguments: Any, **named: Any) -> Result:
        """Run a function of a connection in a reader's thread."""

        def run() -> Result:
            with self.engine.connect().execution_options(reading=True) as connection, connection.begin():
                return do(connection, *arguments, **named)

        return await asyncio.get_running_loop().run_in_executor(self._readers, run)

    # The steps of an event's life

    def keep(self, event: Event, named: Named, owed: list[Owed]) -> "asyncio.Future[bool]":
        """Keep an event and its deliveries; False: it is a repeat."""
        return self.writer.write_among(self._keep_events, Kept(event, named, owed))

    def reject(self, values: dict[str, Any] | None) -> "asyncio.Future[None]":
        """Write down a refused request; without values it is only counted."""
        if values is None:
            return self.writer.write(count_rejection)
        return self.writer.write(lambda tx: keep_rejection(tx, **values))

    @property
    def finish(self) -> Finish:
        """What closes a try at a delivery."""
        return self._finish

    async def register_handlers(self, loaded: dict[str, str]) -> None:
        """Remember the handlers that are loaded (name → patterns) and learn everyone's id."""

        def register(tx: Transaction) -> dict[str, int]:
            known = {row.name: row.id for row in tx.connection.execute(select(handlers.c.name, handlers.c.id))}
            for name, patterns in loaded.items():
                values = {"patterns": patterns, "last_loaded": now_ms()}
                if name in known:
                    tx.connection.execute(handlers.update().where(handlers.c.name == name).values(**values))
                else:
                    row = tx.connection.execute(insert(handlers).values(name=name, **values))
                    known[name] = int(row.lastrowid)
            return known

        self.handler_ids = await self.write(register)

    async def handlers_seen(self) -> dict[str, str]:
        """Every handler that was ever loaded, with its patterns."""
        return await self.read(
            lambda connection: {
                row.name: row.patterns for row in connection.execute(select(handlers.c.name, handlers.c.patterns))
            }
        )

    async def check(self) -> None:
        """Write something, to know whether it can be done; raises what the database says."""
        await self.write(state.put, "", "checked", now_ms())

    async def clean(self, retention_days: int) -> None:
        """Forget what is old, in small batches between which everything else is written."""
        while await self.write(clean.clean, now_ms(), retention_days):  # noqa: ASYNC110  # a pause, not a poll
            await asyncio.sleep(0.05)


class State:
    """What handlers remember, by account and name; values are JSON. A plugin's names are its own."""

    def __init__(self, store: Store, owner: str = "") -> None:
        self._store = store
        self._owner = owner

    def owned_by(self, owner: str) -> "State":
        """The same for one plugin: no other meets its names."""
        return State(self._store, owner)

    def of(self, event: Event) -> "Memory":
        """What is remembered of the event's account; of a test, what tests have left."""
        return Memory(self, event.account or "", "test:" if event.test else "")

    async def get(self, account: str, name: str) -> Any:
        """The value, or None."""
        return await self._store.read(state.get, account, self._named(name))

    async def put(self, account: str, name: str, value: Any) -> None:
        """Set the value, on disk when this returns; None removes it."""
        await self._store.write(state.put, account, self._named(name), value)

    async def change(self, account: str, name: str, how: Callable[[Any], Any]) -> Any:
        """Set the value to what the function `how` makes of it, atomically; returns the new value."""
        return await self._store.write(state.change, account, self._named(name), how)

    def _named(self, name: str) -> str:
        return f"{self._owner}/{name}" if self._owner else name


class Memory:
    """What one handler remembers of one account, by name; values are JSON."""

    def __init__(self, state: State, account: str, prefix: str) -> None:
        self._state = state
        self._account = account
        self._prefix = prefix

    async def get(self, name: str) -> Any:
        """The value, or None."""
        return await self._state.get(self._account, self._prefix + name)

    async def put(self, name: str, value: Any) -> None:
        """Set the value, on disk when this returns; None removes it."""
        await self._state.put(self._account, self._prefix + name, value)

    async def change(self, name: str, how: Callable[[Any], Any]) -> Any:
        """Set the value to what the function `how` makes of it, atomically; returns the new value."""
        return await self._state.change(self._account, self._prefix + name, how)


class History:
    """What else came in: the events of one key, and those that a handler has not dealt with."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def later(self, account: str, key: str, after: str) -> list[Event]:
        """The events of one key kept after the one with this id, oldest first, at most 500."""
        return await self._store.read(state.later_events, account, key, after)

    async def overdue(
        self, handler: str, *, older_than_seconds: float, within_seconds: float, after: str = ""
    ) -> list[Event]:
        """Events that a handler gave up within a time, or has not finished for so long: 500 after the id `after`."""
        now = now_ms()
        before, earliest = now - int(older_than_seconds * 1000), now - int(within_seconds * 1000)
        return await self._store.read(state.overdue, handler, before, earliest, after)
