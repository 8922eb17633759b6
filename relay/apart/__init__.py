"""How is a handler run in processes of its own? A few workers are kept; one that is late or dies is replaced.

What such a handler does can harm its worker alone: end it, crash it, fill its memory, never return.
"""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import anyio
from loguru import logger

from relay.apart.channel import Answers, Channel, Gone
from relay.event import Event

log = logger.bind(component="plugins")
ROOT = Path(__file__).resolve().parents[2]
# How long a worker may take to import its plugin; it counts for no attempt's limit.
BEGIN_SECONDS = 60.0
IDLE_SECONDS = 300.0
MOST_CALLS = 1000  # then a fresh one: whatever has leaked goes with it
LONGEST_LINE = 65_536
MOST_WORKERS = os.cpu_count() or 1
# What of the environment a worker gets: the rest may hold other accounts' secrets.
ENVIRONMENT = ("HOME", "LANG", "LC_ALL", "PATH", "SSL_CERT_DIR", "SSL_CERT_FILE", "TMPDIR", "TZ", "VIRTUAL_ENV")


class Died(Exception):
    """A handler's process ended before the handler did; the attempt has failed."""


class Place(NamedTuple):
    """Where a worker finds its function: its plugin, that one's file ("": it is installed), module and name."""

    plugin: str
    file: str
    module: str
    name: str


class Timed(Protocol):
    """A delivery, as far as it is needed here: when its handler began, by the monotonic clock (0: not yet)."""

    begun: float


class Workers:
    """The workers of one handler: begun when first needed, at most `most` at once, each for one event at a time."""

    def __init__(self, module: str, name: str, plugin: str, most: int) -> None:
        self._module, self._name, self._plugin = module, name, plugin
        self._free = asyncio.Semaphore(min(most, MOST_WORKERS))
        self._idle: list[Worker] = []

    async def call(self, timed: Timed, event: Event | list[Event], settings: Mapping[str, Any]) -> None:
        """Call the handler in a worker with this event, and with settings of its own by parameter."""
        assert isinstance(event, Event)  # such a handler has no batch
        timed.begun = 0.0  # what it waits for a worker is not its handler's time
        async with self._free:
            worker = await self._ready()
            timed.begun = time.monotonic()
            try:
                await worker.perform(event, settings)
            finally:
                self._give_back(worker)

    async def _ready(self) -> "Worker":
        while self._idle:
            worker = self._idle.pop()
            if worker.ends is not None:
                worker.ends.cancel()
            if worker.is_alive:
                return worker
        return await Worker.begin(self._place())

    def _give_back(self, worker: "Worker") -> None:
        """Keep it for the next event, unless it is still at this one, has died, or has served long enough."""
        if worker.is_busy or not worker.is_alive or worker.calls >= MOST_CALLS:
            worker.kill()
            return
        self._idle.append(worker)
        worker.ends = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._end, worker)

    def _end(self, worker: "Worker") -> None:
        self._idle.remove(worker)
        worker.kill()

    def _place(self) -> Place:
        file = getattr(sys.modules.get(self._plugin), "__file__", None) if self._plugin.startswith("plugins.") else ""
        return Place(self._plugin, file or "", self._module, self._name)


class Worker:
    """One process, which has imported the plugin and waits for events."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self.process = process
        self.calls = 0
        self.is_busy = False
        self.ends: asyncio.TimerHandle | None = None
        self._event: Event | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._channel: Channel

    @classmethod
    async def begin(cls, place: Place) -> "Worker":
        """Start one and wait until it has imported the plugin; raises what its import raised."""
        ours, its = socket.socketpair()
        output, its_output = socket.socketpair()
        with its, its_output:
            worker = cls(_start(place, its, its_output))
        try:
            with anyio.fail_after(BEGIN_SECONDS):
                await worker._listen(ours, output)
                await worker._ask("load", place)
        except BaseException:
            worker.kill()
            raise
        return worker

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None and not self._tasks[0].done()

    async def perform(self, event: Event, settings: Mapping[str, Any]) -> None:
        """Call the handler with this event; raises what it raised, or `Died`."""
        self.calls += 1
        self._event, self.is_busy = event, True
        try:
            await self._ask("perform", event.bound_to(None, event.attempt), event.attempt, dict(settings))
        except Exception as error:
            self.is_busy = isinstance(error, MemoryError)  # then nothing in it can be relied on
            raise
        self.is_busy = False

    def kill(self) -> None:
        """End it at once, with whatever processes it has begun."""
        for task in self._tasks:
            task.cancel()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()  # killed: it is gone at once

    async def _listen(self, ours: socket.socket, output: socket.socket) -> None:
        reader, writer = await asyncio.open_connection(sock=ours)
        answers: Answers = {"once": self._once, "emit": self._emit, "explain": self._explain, "log": self._log}
        self._channel = Channel(reader, writer, answers)
        printed, printing = await asyncio.open_connection(sock=output)
        loop = asyncio.get_running_loop()
        self._tasks = [loop.create_task(_closing(self._channel.serve(), writer))]
        self._tasks.append(loop.create_task(_closing(_show(printed), printing)))

    async def _ask(self, what: str, *arguments: Any) -> Any:
        try:
            return await self._channel.ask(what, *arguments)
        except (Gone, ConnectionError):
            raise Died(await self._how_it_ended()) from None

    async def _how_it_ended(self) -> str:
        try:
            code = await asyncio.to_thread(self.process.wait, 5)
        except subprocess.TimeoutExpired:
            return "its process no longer answers"
        return f"its process was ended by {_signal(-code)}" if code < 0 else f"its process left with exit code {code}"

    # What its handler may ask for

    def _current(self, event: str) -> Event:
        """The event that it is at; what an earlier one has left running there may be another account's."""
        if self._event is None or self._event.id != event:
            raise RuntimeError("its handler has ended: nothing is done because of it any more")
        return self._event

    async def _once(self, event: str, name: str, number: int, can_find: bool, about: Any) -> Any:
        async def do() -> Any:
            return await self._channel.ask("do", number)

        async def find(known: Any) -> Any:
            return await self._channel.ask("find", number, known)

        return await self._current(event).once(name, do, find if can_find else None, about=about)

    async def _emit(self, event: str, name: str, payload: Any, key: str | None) -> None:
        await self._current(event).emit(name, payload, key=key)

    async def _explain(self, event: str, reason: str) -> None:
        self._current(event).explain(reason)

    async def _log(self, level: str, text: str) -> None:
        assert self._event is not None
        self._event.log.log(level, "{}", text)


def _start(place: Place, channel: socket.socket, output: socket.socket) -> "subprocess.Popen[bytes]":
    environment = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}
    environment["PYTHONUNBUFFERED"] = "1"  # what it prints before it crashes is seen
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT), *(each for each in sys.path if each)])
    return subprocess.Popen(  # noqa: S603  # our own words
        [sys.executable, "-m", "relay.apart.worker", str(channel.fileno()), place.plugin],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=output.fileno(),
        stderr=output.fileno(),
        pass_fds=[channel.fileno()],
        start_new_session=True,  # Ctrl-C is the server's; and what it has begun itself ends with it
    )


async def _closing(work: Any, writer: asyncio.StreamWriter) -> None:
    try:
        await work
    finally:
        writer.close()


async def _show(printed: asyncio.StreamReader) -> None:
    """What a worker prints goes where the server's own output goes, with the secrets that are known hidden.

    Whole lines: what several print at once must not part a secret, nor a letter.
    """
    begun = b""
    while some := await printed.read(65536):
        whole, newline, begun = (begun + some).rpartition(b"\n")
        if len(begun) > LONGEST_LINE:
            whole, newline, begun = whole + newline + begun, b"\n", b""
        sys.stdout.write((whole + newline).decode(errors="replace"))
        sys.stdout.flush()
    if begun:
        sys.stdout.write(begun.decode(errors="replace") + "\n")


def _signal(number: int) -> str:
    name = signal.Signals(number).name
    return f"{name} (its memory may have run out)" if name == "SIGKILL" else name
