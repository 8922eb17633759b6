"""What is one delivery, what does it offer its handler, and where does it stand after a try?"""

import asyncio
import concurrent.futures
import traceback
from collections.abc import Awaitable, Callable, Coroutine, Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from loguru import logger

from relay import effects
from relay.event import CAUSE, Event, Rejected, Result, now_ms
from relay.figures import Figures
from relay.handler import Failure, Handler
from relay.retry import HOLD_SECONDS, next_try
from relay.rounds import Rounds, WentRound, tell
from relay.store import Store, take
from relay.store.finish import Outcome
from relay.traces import Traces

if TYPE_CHECKING:
    from loguru import Logger

log = logger.bind(component="deliver")
# How soon it is looked again whether a handler is on whose keys wait for it.
OFF_MS = 5000
# A delivery's reason where it was not handed over, since the handler knows of it: it is its own act.
OWN_ACT = "an echo of its own act"


@dataclass(frozen=True)
class Surroundings:
    """What every delivery of the process is made with."""

    store: Store
    emit: "Emitting"
    component_of: Callable[[Event], str]
    figures: Figures
    traces: Traces
    rounds: Rounds


class Performing(Protocol):
    """What a delivery needs of the loop that performs it."""

    @property
    def loop(self) -> asyncio.AbstractEventLoop: ...
    @property
    def surroundings(self) -> Surroundings: ...


class TimedOut(TimeoutError):
    """The handler took longer than its timeout."""


class SwitchedOff(Exception):
    """A person has switched the handler off: what it is owed is parked until it is on again."""


class Delivery:
    """One event owed to one handler, while this process deals with it."""

    __slots__ = (
        "answer", "attempts", "begun", "event", "first_failed", "handler", "handler_id", "lane", "loop", "marked",
        "number", "others", "overdue", "place", "read_back", "reason", "released", "slot", "started", "superseded",
        "task",
    )  # fmt: skip

    def __init__(self, event: Event, number: int, handler: Handler, handler_id: int) -> None:
        self.event = event
        self.number = number
        self.handler = handler
        self.handler_id = handler_id
        self.place = (int(event.id, 16), number)
        self.lane: Hashable = (handler.name, event.account, event.key) if handler.ordered and event.key else None
        self.slot: Hashable = (handler.name, event.account)
        self.attempts = 0
        self.first_failed: int | None = None
        self.reason: str | None = None
        self.started = 0
        self.overdue = self.released = False
        self.task: asyncio.Task[None] | None = None
        self.marked = self.read_back = False
        self.begun = 0.0
        self.loop: Performing | None = None
        self.answer: concurrent.futures.Future[Any] | None = None
        self.others: Sequence[Delivery] = ()
        self.superseded: str | None = None

    @property
    def most(self) -> int:
        return self.handler.concurrency

    def take_up(self, loop: Performing, attempts: int, first_failed: int | None) -> None:
        """Go on with what the disk knows of it."""
        self.loop, self.attempts, self.first_failed = loop, attempts, first_failed
        self.read_back = True

    @property
    def is_plain(self) -> bool:
        """Whether nothing is to be asked before it is handed over."""
        return self.handler.when is None and self.superseded is None and CAUSE not in self.event.headers

    def is_wanted(self) -> bool:
        """Whether it is to be handed over at all, and why not.

        Raises whatever a handler's `when` raises, and `WentRound`.
        """
        if self._is_own_act:
            self.reason = OWN_ACT
            return False
        self._check_way()
        if self.superseded is not None:
            self.reason = f"superseded by {self.superseded}"
            return False
        if self.handler.when is not None:
            self.event = self.event.bound_to(None, self.attempts + 1)  # what is parsed here is this handler's own
            if not self.handler.wants(self.event):
                self.reason = take.NOT_WANTED
                return False
        return True

    @property
    def _is_own_act(self) -> bool:
        cause = self.event.cause if self.event.echo and not self.handler.echoes else None
        return cause is not None and cause.by == self.handler.name

    def _check_way(self) -> None:
        """Whether its event has come round too often. What a person lets go on is read from the disk, and goes on."""
        if not self.read_back and (reason := self._around.rounds.gone(self.event)) is not None:
            raise self._cut(WentRound(reason))

    def _cut(self, went_round: WentRound) -> WentRound:
        tell(str(went_round), self.event.id)
        self._around.figures.cut(self.handler.name)
        return went_round

    @property
    def _around(self) -> Surroundings:
        assert self.loop is not None
        return self.loop.surroundings

    # A batch is led by the delivery whose turn it was

    def lead(self, others: "Sequence[Delivery]") -> None:
        """Be performed together with these."""
        self.others = others
        self.read_back = any(each.read_back for each in self.all)

    @property
    def all(self) -> "Sequence[Delivery]":
        """Those that are performed together, in the order of receipt; mostly the delivery alone."""
        return sorted((self, *self.others), key=lambda each: each.place) if self.others else (self,)

    # What the event offers in a handler's hands

    async def once(
        self, name: str, do: Callable[[], Awaitable[Any]], find: Callable[[Any], Awaitable[Any]] | None, about: Any
    ) -> Any:
        around = self._around

        async def do_now() -> Any:
            if self.handler.batch is None or self.handler.debounced:  # a batch's events come in bulk, and wait
                try:
                    around.rounds.act(self.handler.name, self.event)
                except WentRound as went_round:
                    raise self._cut(went_round) from None
            return await do()

        with around.traces.effect(name):
            done = await effects.once(around.store, self.place[0], self.handler_id, name, do_now, find, about)
        if done.now:
            around.figures.effect(self.handler.name, name, self.event)
        return done.result

    async def emit(self, name: str, payload: Any, key: str | None) -> None:
        await self._around.emit(self, name, payload, key)

    def explain(self, reason: str) -> None:
        self.reason = _storable(reason)

    @property
    def log(self) -> "Logger":
        component = self.loop.surroundings.component_of(self.event) if self.loop is not None else "hub"
        return logger.bind(component=component, event=self.event.id)


# Who waits for an answer, what the handler returned, and what it raised.
Answered = tuple["concurrent.futures.Future[Any]", Any, BaseException | None]
# A delivery makes a new event: its name, its payload, its key.
Emitting = Callable[[Delivery, str, Any, str | None], Awaitable[None]]


class BlockingEvent(Event):
    """The same event for a plain function, which runs in a thread: `once` and `emit` wait until they are done."""

    __slots__ = ()

    def once(
        self, name: str, do: Callable[[], Any], find: Callable[[Any], Any] | None = None, *, about: Any = None
    ) -> Any:
        if _in_a_loop():  # a service is acting, and awaits it
            return super().once(name, do, find, about=about)
        wrapped = None if find is None else lambda known: asyncio.to_thread(plainly, find, known)
        return self.wait(self._bound.once(name, lambda: asyncio.to_thread(plainly, do), wrapped, about))

    def emit(self, name: str, payload: Any, *, key: str | None = None) -> None:  # type: ignore[override]  # blocking
        self.wait(self._bound.emit(name, payload, key))

    def wait(self, doing: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(doing, self._bound.loop.loop).result()


def plainly(function: Callable[..., Result], *given: Any, **named: Any) -> Result:
    """Call a plain function in its thread. Its StopIteration is an error of another kind, as in a coroutine.

    Before Python 3.12 no future takes one: whoever waited for it would wait for ever.
    """
    try:
        return function(*given, **named)
    except StopIteration as error:
        raise RuntimeError("a plain function raised StopIteration") from error


def _in_a_loop() -> bool:
    """Whether it is a loop that asks, which must not be blocked."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def in_hands(delivery: Delivery) -> Event | list[Event]:
    """What the handler is called with: the event, or those of its batch; raises `SwitchedOff`."""
    if delivery.handler.off:
        raise SwitchedOff
    if delivery.handler.batch is None or delivery.handler.debounced:
        return _bound(delivery)
    return [_bound(each) for each in delivery.all]


def _bound(delivery: Delivery) -> Event:
    event = delivery.event.bound_to(delivery, delivery.attempts + 1)
    if delivery.handler.in_thread:
        event.__class__ = BlockingEvent
    return event


def outcome_of(delivery: Delivery, error: BaseException | None) -> Outcome:
    """Where a delivery stands after a try that ended with this error, or well."""
    now = now_ms()
    fields: dict[str, Any] = {
        "event_id": delivery.place[0],
        "number": delivery.number,
        "attempts": delivery.attempts + 1,
        "started": delivery.started,
        "finished": now,
        "first_failed": delivery.first_failed,
        "reason": delivery.reason,
    }
    if error is None:
        return Outcome(**fields, state="done")
    if delivery.released:
        return Outcome(**{**fields, "attempts": delivery.attempts}, state="waiting")
    if isinstance(error, SwitchedOff):
        fields |= {"attempts": delivery.attempts, "reason": take.SWITCHED_OFF}
        if delivery.handler.hold <= HOLD_SECONDS:
            return Outcome(**fields, state="parked")
        # What is parked lets its key go, and later ones might come first once it is on again.
        fields["first_failed"] = delivery.first_failed or now
        return Outcome(**fields, state="waiting", due=now + OFF_MS)
    return _failure(delivery, error, fields, now)


def passed_over(delivery: Delivery) -> Outcome:
    """The end of a delivery without a call, which costs no attempt; its reason says why."""
    now = now_ms()
    place, tried = (delivery.place[0], delivery.number), delivery.attempts
    return Outcome(*place, "done", tried, None, now, first_failed=delivery.first_failed, reason=delivery.reason)


def outcomes_of(delivery: Delivery, error: BaseException | None) -> list[Outcome]:
    """The same for each of a batch; those that are tried again are due together."""
    if not delivery.others:
        return [outcome_of(delivery, error)]
    for each in delivery.others:
        each.started, each.released = delivery.started, delivery.released
    outcomes = [outcome_of(each, error) for each in delivery.all]
    latest = max(each.due for each in outcomes)
    return [each._replace(due=latest) if each.due else each for each in outcomes]


def _failure(delivery: Delivery, error: BaseException, fields: dict[str, Any], now: int) -> Outcome:
    """Where a delivery stands after a failed try: waiting for the next, dead, or parked."""
    about = delivery.log
    said, shown, name = _said(error), told(error, delivery.handler.module), delivery.handler.name
    about.opt(exception=error).debug("{} failed", name)
    if getattr(error, "costs_attempt", True):  # one that only waits has not failed
        delivery.handler.failure = Failure(delivery.event.id, now, _trace_of(error))
    if isinstance(error, Rejected) or getattr(error, "give_up", False):
        about.warning("{} rejected it: {}", name, shown)
        return Outcome(**{**fields, "reason": _storable(error)}, state="dead", error=said)
    if getattr(error, "unresolvable", False):
        about.error("{} is parked: {}", name, shown)
        return Outcome(**{**fields, "reason": _storable(error)}, state="parked", error=said)
    first_failed = delivery.first_failed or now
    elapsed = (now - first_failed) / 1000
    wait = next_try(delivery.handler.retry, error, failures=delivery.attempts + 1, elapsed=elapsed)
    fields = {**fields, "first_failed": first_failed, "reason": said}
    if wait is None:
        about.error("{} failed and is given up: {}", name, shown)
        return Outcome(**fields, state="dead", error=said)
    if not wait.charged:
        log.bind(event=delivery.event.id).info("{} waits {:.0f} s: {}", name, wait.seconds, shown)
        fields["attempts"] = delivery.attempts
    else:
        about.warning("{} failed, next try in {:.0f} s: {}", name, wait.seconds, shown)
    return Outcome(**fields, state="waiting", due=now + int(wait.seconds * 1000), error=said if wait.charged else None)


def told(error: BaseException, module: str) -> str:
    """What a log may say of an error: its kind, and where in this module and where at all it was raised.

    What it says itself may quote a customer: that stands with the attempt, and, with its trace, in a log of DEBUG.
    """
    if isinstance(error, TimedOut):
        return f"TimedOut: {error}"
    places = [(frame.f_globals.get("__name__", "?"), line) for frame, line in traceback.walk_tb(error.__traceback__)]
    own = [place for place in places if place[0] == module][-1:]
    where = ", ".join(dict.fromkeys(f"{name}:{line}" for name, line in [*own, *places[-1:]]))
    where = getattr(error, "raised_at", where)  # in a process of the handler's own
    status = getattr(error, "status", None)  # what an outside server answered: the first thing to know
    name = f"{type(error).__name__} ({status})" if isinstance(status, int) else type(error).__name__
    return f"{name} at {where}" if where else name


def _trace_of(error: BaseException) -> str:
    """Its trace, where the error itself can be told; the end of a long one."""
    try:
        return "".join(traceback.format_exception(error))[-4000:]
    except Exception:  # noqa: BLE001  # a plugin's error may fail at telling what it is
        return "".join(traceback.format_tb(error.__traceback__))[-4000:]


def _said(error: BaseException) -> str:
    return _storable(f"{type(error).__name__}: {_storable(error)}")


def _storable(said: object) -> str:
    """A text that any database takes: a plugin may say anything, and one that cannot be written would hold up all."""
    try:
        return str(said)[:1000].encode(errors="replace").decode()
    except Exception:  # noqa: BLE001  # a plugin's error may fail at telling what it is
        return type(said).__name__


def settle(answers: list[Answered], unwritten: Exception | None = None) -> None:
    """Tell whoever waits for an answer; that its end could not be written down is no 200."""
    for answer, result, raised in answers:
        error = raised or unwritten
        if answer.cancelled():
            continue
        if error is None:
            answer.set_result(result)
        elif isinstance(error, Exception):
            answer.set_exception(error)
        else:
            answer.set_exception(RuntimeError(f"the handler raised {type(error).__name__}"))
