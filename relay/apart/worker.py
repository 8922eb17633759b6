"""What runs in a worker process? One plugin, imported here once more, and one of its handlers, an event at a time."""

import asyncio
import contextlib
import ctypes
import importlib
import inspect
import itertools
import os
import resource
import signal
import socket
import sys
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial, reduce
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from loguru import logger

from relay.apart.channel import Answers, Channel
from relay.delivery import BlockingEvent, plainly
from relay.discover import Found
from relay.event import Event

if TYPE_CHECKING:
    from loguru import Logger, Message

    from relay.apart import Place

# A plugin that needs more raises it itself: resource.setrlimit(resource.RLIMIT_DATA, …).
MEMORY_BYTES = 1024**3
_PR_SET_PDEATHSIG = 1
Do = Callable[[], Awaitable[Any]]
Find = Callable[[Any], Awaitable[Any]]


def main(descriptor: int) -> None:
    """Serve until the server is gone."""
    _be_the_first_to_go()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(socket.socket(fileno=descriptor)))
    os._exit(0)  # whatever threads the plugin has begun


def _be_the_first_to_go() -> None:
    """Give the server precedence: for the processor, for memory, and at its end."""
    os.nice(5)
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    wanted = MEMORY_BYTES if hard == resource.RLIM_INFINITY else min(MEMORY_BYTES, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (wanted, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


async def _serve(ours: socket.socket) -> None:
    reader, writer = await asyncio.open_connection(sock=ours)
    served = Served()
    answers: Answers = {"load": served.load, "perform": served.perform, "do": served.do, "find": served.find}
    served.channel = Channel(reader, writer, answers)
    await served.channel.serve()


class Served:
    """The handler, and what the server asks of it."""

    channel: Channel

    def __init__(self) -> None:
        self._function: Callable[..., Any]
        self._acts: dict[int, tuple[Do, Find | None]] = {}
        self._numbers = itertools.count()
        self.running = asyncio.get_running_loop()
        self._thread = threading.get_ident()

    async def load(self, place: "Place") -> None:
        """Import the plugin and find the handler in it."""
        Found(place.plugin if place.file else place.module, place.file).load()
        module = importlib.import_module(place.module)
        self._function = reduce(getattr, place.name.split("."), module)  # type: ignore[assignment]
        logger.remove()
        logger.add(self._write, level="DEBUG", format="{message}")

    async def perform(self, event: Event, attempt: int, settings: dict[str, Any]) -> None:
        """Call the handler."""
        self._acts.clear()
        given = event.bound_to(InHands(self, event.id), attempt)
        if inspect.iscoroutinefunction(self._function):
            await self._function(given, **settings)
            return
        given.__class__ = BlockingEvent
        result = await asyncio.to_thread(plainly, partial(self._function, given, **settings))
        if inspect.isawaitable(result):
            await result

    # Asked by the server, within `once`

    async def do(self, number: int) -> Any:
        return await self._acts[number][0]()

    async def find(self, number: int, about: Any) -> Any:
        find = self._acts[number][1]
        return await find(about) if find is not None else None

    def keep(self, do: Do, find: Find | None) -> int:
        """Keep an act until the server asks for it, by the number returned."""
        number = next(self._numbers)
        self._acts[number] = (do, find)
        return number

    # What it tells

    def _write(self, message: "Message") -> None:
        self.tell("log", message.record["level"].name, message.record["message"])

    def tell(self, what: str, *arguments: Any) -> None:
        """Tell the server, from whatever thread."""
        if threading.get_ident() == self._thread:
            self.channel.tell(what, *arguments)  # before it is told that the handler has ended
        else:
            self.running.call_soon_threadsafe(self.channel.tell, what, *arguments)


@dataclass(frozen=True)
class InHands:
    """What stands here for one event's delivery: every act is asked of the server, which knows whether it still is."""

    served: Served
    event: str
    log: "Logger" = logger

    @property
    def loop(self) -> SimpleNamespace:
        """As a blocking event asks for it."""
        return SimpleNamespace(loop=self.served.running)

    async def once(self, name: str, do: Do, find: Find | None, about: Any) -> Any:
        number = self.served.keep(do, find)
        return await self.served.channel.ask("once", self.event, name, number, find is not None, about)

    async def emit(self, name: str, payload: Any, key: str | None) -> None:
        await self.served.channel.ask("emit", self.event, name, payload, key)

    def explain(self, reason: str) -> None:
        self.served.tell("explain", self.event, str(reason))


if __name__ == "__main__":
    main(int(sys.argv[1]))
