"""Who holds up a loop? A thread beside the loops notices when one no longer turns, and names the line that it is at.

It is no step of an event's life: it watches the loops on which the steps are taken. Each is asked ten times a second
to turn once; one that has not for a quarter of a second is blocked, mostly by a handler that should have awaited.
"""

import asyncio
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import CodeType, FrameType

from loguru import logger

from relay.event import now_ms
from relay.figures import Figures
from relay.handler import Handler

ASK_SECONDS = 0.1
BLOCKED_SECONDS = 0.25
AFTER_ERROR_SECONDS = 60.0
MOST_KEPT = 100
MOST_TOLD = 5
HANDLERS = ("handlers", "plugins")
OURS = (*HANDLERS, "hubcrew", "clients", "dashboard", "config", "relay", "app")
_IS_CLOCKED = hasattr(time, "pthread_getcpuclockid")
log = logger.bind(component="deliver")


@dataclass
class Blockage:
    """A time in which a loop did not turn, and where it stood when that was noticed.

    `handler` is the handler's name, "" where none was being called (a source on the way in, a handler's own sub-task).
    `function` is `module:function`, with `file` and `line`; `within` is where that had called, as `module:line`, if
    elsewhere. `began` is in epoch milliseconds, `milliseconds` how long it took, so far while not `is_over`; what is
    told may be a tenth of a second too little. `shares` are the milliseconds of each function that was seen at it: a
    loop that has many to call may turn only after the last.
    """

    loop: str
    handler: str
    function: str
    file: str
    line: int
    within: str
    began: int = 0
    milliseconds: int = 0
    is_over: bool = False
    shares: Counter[str] = field(default_factory=Counter)

    def lasts(self, milliseconds: int, function: str) -> None:
        """It has lasted for so long; the function that is at it now has been since the last look."""
        self.shares[function] += milliseconds - self.milliseconds
        self.milliseconds = milliseconds


class _Watched:
    """One loop: since when it has been asked to turn (0: it has), and what blocks it."""

    def __init__(self, name: str, loop: asyncio.AbstractEventLoop, thread: int) -> None:
        self.name = name
        self.loop = loop
        self.thread = thread
        self.asked = self.turned = 0.0
        self.since = 0.0
        self.blockage: Blockage | None = None
        self._worked = 0.0

    def turn(self) -> None:
        """Called by the loop itself."""
        self.turned, self.asked = time.monotonic(), 0.0

    def worked(self) -> float:
        """For how many seconds its thread had the processor since this was last asked (macOS does not say)."""
        before = self._worked
        self._worked = time.clock_gettime(time.pthread_getcpuclockid(self.thread)) if _IS_CLOCKED else 0.0
        return self._worked - before


class Blame:
    """Watches loops. `handlers` gives those there are, so that one on a loop's stack is known by its name."""

    def __init__(self, figures: Figures, handlers: Callable[[], Iterable[Handler]]) -> None:
        self._figures = figures
        self._handlers = handlers
        self._watched: list[_Watched] = []
        self._kept: deque[Blockage] = deque(maxlen=MOST_KEPT)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="blame", daemon=True)

    @property
    def recent(self) -> list[Blockage]:
        """The last blockages, newest first, with one that still lasts."""
        return list(reversed(self._kept))

    def watch(self, name: str, loop: asyncio.AbstractEventLoop, thread: int) -> None:
        """Watch a loop that runs in the thread with this identity."""
        self._watched.append(_Watched(name, loop, thread))

    def start(self) -> None:
        """Watch from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Watch no more."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        planned = time.monotonic()
        while not self._over.wait(max(planned - time.monotonic(), 0.0)):
            now = time.monotonic()
            try:
                for each in self._watched:
                    self._look(each, now, late=now - planned)
            except Exception as error:  # noqa: BLE001  # whatever it was, it may be over in a minute
                log.error("the loops cannot be looked at for a while: {}", error)
                self._over.wait(AFTER_ERROR_SECONDS)
                now = time.monotonic()
            planned = now + ASK_SECONDS

    def _look(self, watched: _Watched, now: float, late: float) -> None:
        """Ask a loop to turn; one that was asked a while ago and has not is blocked."""
        # Where we come late ourselves, a thread kept the interpreter: in a regular expression, in a parser. Whose?
        hogged = watched.worked() > BLOCKED_SECONDS < late
        outstanding = watched.asked
        asked = outstanding or (now - late if hogged else now)
        found = self._found(watched) if now - asked > BLOCKED_SECONDS else None
        if not outstanding:
            self._end(watched)
            watched.asked = asked
            watched.loop.call_soon_threadsafe(watched.turn)
        elif not watched.asked:  # it turns again just now: what its stack says is too late
            return
        if found is not None and (outstanding or found.function.startswith(HANDLERS)):
            self._note(watched, found, asked, int((now - asked) * 1000))
        elif found is not None:
            self._figures.blocked(watched.name, late)
            log.warning(
                "the loop {} kept the interpreter for {:.0f} ms; by what is not known", watched.name, late * 1000
            )

    def _found(self, watched: _Watched) -> "Blockage | None":
        frame = sys._current_frames().get(watched.thread)  # noqa: SLF001  # the one way to see another thread's stack
        names = {getattr(each.function, "__code__", None): each.name for each in self._handlers()}
        return blockage_at(watched.name, list(_outwards(frame)), names) if frame is not None else None

    def _note(self, watched: _Watched, found: Blockage, asked: float, milliseconds: int) -> None:
        if watched.blockage is not None:
            watched.blockage.lasts(milliseconds, found.function)
            return
        found.began = now_ms() - milliseconds
        found.lasts(milliseconds, found.function)
        watched.blockage, watched.since = found, asked
        self._kept.append(found)
        at = f"{found.file}:{found.line}" + (f", in {found.within}" if found.within else "")
        log.warning("{} blocks the loop {}, for {} ms so far: {}", found.function, found.loop, milliseconds, at)

    def _end(self, watched: _Watched) -> None:
        over, watched.blockage = watched.blockage, None
        if over is not None:
            seconds = watched.turned - watched.since
            over.milliseconds, over.is_over = int(seconds * 1000), True
            self._figures.blocked(over.loop, seconds)
            shares = ", ".join(f"{name} {share} ms" for name, share in over.shares.most_common(MOST_TOLD))
            log.warning("the loop {} turns again after {} ms: {}", over.loop, over.milliseconds, shares)


def blockage_at(loop: str, stack: list[FrameType], names: Mapping[CodeType | None, str]) -> Blockage:
    """What a loop's stack, the deepest frame first, says: the deepest frame of a handler's module is to blame.

    Where there is none, a handler itself is (of an installed plugin), or the deepest of ours; else the deepest.
    """
    handlers = [each for each in stack if _module(each).split(".")[0] in HANDLERS or each.f_code in names]
    own = next(iter([*handlers, *(each for each in stack if _module(each).split(".")[0] in OURS)]), stack[0])
    code, deepest = own.f_code, stack[0]
    return Blockage(
        loop=loop,
        handler=next((names[each.f_code] for each in stack if each.f_code in names), ""),
        function=f"{_module(own)}:{getattr(code, 'co_qualname', code.co_name)}",
        file=code.co_filename,
        line=own.f_lineno or 0,
        within="" if deepest is own else f"{_module(deepest)}:{deepest.f_lineno}",
    )


def _outwards(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", "?"))
