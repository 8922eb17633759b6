"""How is it put on disk? One thread writes; whatever is waiting goes into one transaction (group commit)."""

import asyncio
import itertools
import queue
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from loguru import logger
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from relay.store.database import ManyRows

Result = TypeVar("Result")
BATCH = 500
COLLECT_SECONDS = 0.005

_ADD = """
    INSERT INTO counters ({columns}) VALUES {rows}
    ON CONFLICT (name) DO UPDATE SET value = counters.value + excluded.value
"""


class Transaction:
    """What a piece of work may use while it runs in the writer's thread."""

    __slots__ = ("connection", "counts", "cursor")

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.cursor = connection.connection.cursor()
        self.counts: Counter[str] = Counter()

    def count(self, name: str, change: int = 1) -> None:
        """Change a sum of the books, in the same commit as what it counts."""
        self.counts[name] += change

    def changed(self) -> list[tuple[str, int]]:
        """The sums that have changed, to be written last and once for the whole batch."""
        return [(name, value) for name, value in self.counts.items() if value]


Many = Callable[[Transaction, Sequence[Any]], Sequence[Any]]


class _Work:
    """One thing to be written: `do(transaction, [argument])`, with others of the same `do` where they come together."""

    __slots__ = ("argument", "do", "future", "loop")

    def __init__(self, do: Many, argument: Any, loop: asyncio.AbstractEventLoop) -> None:
        self.do = do
        self.argument = argument
        self.loop = loop
        self.future: asyncio.Future[Any] = loop.create_future()


def _alone(tx: Transaction, works: Sequence[Callable[[Transaction], Any]]) -> list[Any]:
    return [do(tx) for do in works]


class Writer:
    """Runs pieces of work on the database, in the order in which they were handed in, each exactly once or not at all.

    A piece of work is a function of a `Transaction`; it must do nothing but read and write the database, since it is
    run again, alone, when another one of its batch fails.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None
        self._committing = False
        self._add = ManyRows(_ADD, ("name", "value"), engine)
        self._queue: queue.SimpleQueue[list[_Work] | None] = queue.SimpleQueue()
        self._collected: dict[asyncio.AbstractEventLoop, list[_Work]] = {}
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._thread.start()

    def write(self, do: Callable[[Transaction], Result]) -> "asyncio.Future[Result]":
        """Hand in a piece of work; the future is done when it is on disk, or fails when it is not."""
        return self.write_among(_alone, do)

    def write_among(self, do: Many, argument: Any) -> "asyncio.Future[Any]":
        """Hand in an argument of `do`, which is called once for all that come together and gives a result for each."""
        loop = asyncio.get_running_loop()
        work = _Work(do, argument, loop)
        collected = self._collected.setdefault(loop, [])
        collected.append(work)
        if len(collected) == 1:
            loop.call_soon(self._hand_over, loop, 1, loop.time() + COLLECT_SECONDS)
        return work.future

    def _hand_over(self, loop: asyncio.AbstractEventLoop, seen: int, deadline: float) -> None:
        """Wake the writer once the loop's turn has brought nothing new: a lone request goes at once, a flood together.

        Without this the threads change places at every request, which costs more than the writing.
        """
        collected = self._collected[loop]
        if seen < len(collected) < BATCH and loop.time() < deadline:
            loop.call_soon(self._hand_over, loop, len(collected), deadline)
        else:
            del self._collected[loop]
            self._queue.put(collected)

    def close(self) -> None:
        """Write what was handed in, and stop."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        ending = False
        while not ending:
            batch: list[_Work] = []
            handed_in = self._queue.get()
            while handed_in is not None:
                batch += handed_in
                if len(batch) >= BATCH or self._queue.empty():
                    break
                handed_in = self._queue.get()
            ending = handed_in is None
            self._commit(batch)
        self._close_connection()

    def _commit(self, batch: list[_Work]) -> None:
        try:
            results = self._one_transaction(batch)
        except OperationalError as error:
            # The disk is full or the database locked: every one of them would wait and fail alike.
            logger.bind(component="store").error("nothing can be written: {}", error.orig)
            _resolve((work, error) for work in [*batch, *self._waited_in_vain()])
        except BaseException as error:  # noqa: BLE001  # a handler's SystemExit must not end the one writer
            if len(batch) > 1 and not self._committing:
                for work in batch:
                    self._commit([work])
            else:
                _resolve((work, error) for work in batch)
        else:
            _resolve(zip(batch, results, strict=True))

    def _waited_in_vain(self) -> list[_Work]:
        """What came while the database could not be written has waited as long: it would find no patience left."""
        waiting: list[_Work] = []
        while not self._queue.empty():
            handed_in = self._queue.get()
            if handed_in is None:
                self._queue.put(None)
                break
            waiting += handed_in
        return waiting

    def _one_transaction(self, batch: list[_Work]) -> list[Any]:
        if not batch:
            return []
        if self._connection is None:
            self._connection = self._engine.connect()
        try:
            self._committing = False
            with self._connection.begin():
                transaction = Transaction(self._connection)
                results: list[Any] = []
                for do, together in itertools.groupby(batch, key=lambda work: work.do):
                    results += do(transaction, [work.argument for work in together])
                self._add.run(transaction.cursor, transaction.changed())
                self._committing = True  # what fails from here on may be on the disk all the same
        except BaseException:
            self._close_connection()  # one that failed is not used again
            raise
        return results

    def _close_connection(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _resolve(outcomes: Iterable[tuple[_Work, Any]]) -> None:
    """Wake each loop once, with all that is its own."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[_Work, Any]]] = {}
    for work, outcome in outcomes:
        by_loop.setdefault(work.loop, []).append((work, outcome))
    for loop, own in by_loop.items():
        try:
            loop.call_soon_threadsafe(_set_results, own)
        except RuntimeError:  # noqa: PERF203  # one loop's end is not the others'
            logger.bind(component="store").warning("{} results came after their loop had ended", len(own))


def _set_results(outcomes: list[tuple[_Work, Any]]) -> None:
    for work, outcome in outcomes:
        if work.future.done():  # whoever waited has gone; what was written stays
            continue
        if isinstance(outcome, BaseException):
            work.future.set_exception(outcome)
        else:
            work.future.set_result(outcome)
