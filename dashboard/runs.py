"""How far is something that takes long? What is done to many events, in the background, with its progress."""

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any

from loguru import logger

from relay.event import now_ms

# So many in one transaction, since a sender may wait behind one; and a pause for so many times as long as it took.
BATCH = 5
REST = 2.0
# After so many of them, those who run what waits on the disk are told to look; each look reads thousands.
LOOK_EVERY = 1000
MOST_KEPT = 20

Step = Callable[[Sequence[Any]], Awaitable[int]]


class Run:
    """One act on many things: a batch after the other, until all are done or somebody stops it."""

    def __init__(self, name: str, what: str, things: Sequence[Any], step: Step, look: Callable[[], None]) -> None:
        self.id, self.what = name, what
        self.total, self.seen, self.changed = len(things), 0, 0
        self.begun = now_ms()
        self.ended: int | None = None
        self.state, self.error = "running", ""
        self._stopping = False
        self._doing = asyncio.create_task(self._do(things, step, look))

    async def _do(self, things: Sequence[Any], step: Step, look: Callable[[], None]) -> None:
        try:
            for start in range(0, self.total, BATCH):
                if self._stopping:
                    self.state = "stopped"
                    return
                batch, begun = things[start : start + BATCH], time.monotonic()
                self.changed += await step(batch)
                self.seen += len(batch)
                if self.seen % LOOK_EVERY == 0:
                    look()
                await asyncio.sleep((time.monotonic() - begun) * REST)  # what comes in goes first
            self.state = "done"
        except Exception as error:  # noqa: BLE001  # whatever it was, it is shown where the progress is
            self.state, self.error = "failed", f"{type(error).__name__}: {error}"
            logger.bind(component="server").opt(exception=error).error("{} of {} events failed", self.what, self.total)
        finally:
            look()  # also after an error: what it has changed may be on the disk all the same
            self.ended = now_ms()

    def stop(self) -> None:
        """End it after the batch that is being done."""
        self._stopping = True

    async def wait(self) -> None:
        """Until it has ended."""
        await self._doing

    def shown(self) -> dict[str, Any]:
        """It, for whoever looks."""
        names = ("id", "what", "state", "total", "seen", "changed", "begun", "ended", "error")
        return {name: getattr(self, name) for name in names}


class Runs:
    """The latest of them, since the server was started."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._runs: dict[str, Run] = {}

    def begin(self, what: str, things: Sequence[Any], step: Step, look: Callable[[], None]) -> Run:
        """Begin to do something to these things; `step` does it to some of them, and says how many it changed.

        `look` is called now and then, and in the end: what was changed is on the disk.
        """
        run = Run(str(next(self._numbers)), what, things, step, look)
        self._runs[run.id] = run
        for name in list(self._runs)[:-MOST_KEPT]:
            if self._runs[name].state != "running":
                del self._runs[name]
        return run

    def get(self, name: str) -> Run | None:
        """The run of this id."""
        return self._runs.get(name)

    def __iter__(self) -> Iterator[Run]:
        return iter(reversed(self._runs.values()))
