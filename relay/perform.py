"""How are deliveries performed? On their handlers' own loop: called, watched, and their end written down."""

import asyncio
import contextvars
import inspect
import threading
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import uvloop
from loguru import logger

from relay.batch import Batches, waiting_since
from relay.delivery import (
    Answered,
    Delivery,
    Surroundings,
    TimedOut,
    in_hands,
    outcome_of,
    outcomes_of,
    passed_over,
    plainly,
    settle,
    told,
)
from relay.event import now_ms
from relay.handler import Handler, Periodic
from relay.order import Order
from relay.rate import Rates
from relay.read_back import LOOK_SECONDS, ReadBack
from relay.store.finish import Outcome, mark_all_running

log = logger.bind(component="deliver")
WATCH_SECONDS = 0.25
# Nobody waits for an end to be on disk: those of a moment go into one commit (a crash would run them again).
GATHER_SECONDS = 0.02


class HandlerLoop:
    """An event loop in a thread of its own, with the handlers that run there and what they are owed."""

    def __init__(self, name: str, surroundings: Surroundings) -> None:
        self.name = name
        self.surroundings = surroundings
        self.store = surroundings.store
        self.loop = uvloop.new_event_loop()
        self._order = Order()
        self._batches = Batches(self._order)
        self._rates = Rates()
        self._owed = ReadBack(self, self._order, self._rates, self._place, self._start_ready)
        self._running: set[Delivery] = set()
        self._incoming: deque[Delivery] = deque()
        self._gathering = self._watching = self._flushing = False
        self._stopping = self._stopped = False
        self._outcomes: list[Outcome] = []
        self._answers: list[Answered] = []
        self._threads: dict[str, ThreadPoolExecutor] = {}
        self._batch_timer: asyncio.Handle | None = None
        self._rate_timer: asyncio.Handle | None = None
        self.thread = threading.Thread(target=self._run_loop, name=f"loop-{name}", daemon=True)
        self.thread.start()

    def _run_loop(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.call_soon(self._owed.wake_in, LOOK_SECONDS)
        while not self._stopped:
            try:
                self.loop.run_forever()
            except BaseException as error:  # noqa: BLE001, PERF203  # a handler's sub-task may raise SystemExit
                log.opt(exception=error).error("the loop {} was left by an error and goes on", self.name)

    # The way in, from other threads

    def take_charge_of(self, handlers: Sequence[Handler]) -> None:
        """Run these handlers here, beginning with what they are owed from before.

        All at once: one that came while the others' past is read back would be looked for by nobody.
        """
        self.loop.call_soon_threadsafe(self._take_charge_of, handlers)

    def accept(self, delivery: Delivery, *, gather: bool) -> None:
        """Take over a delivery that was just kept.

        With `gather`, which only the way in may say, what else comes in this turn of its loop goes along.
        """
        delivery.loop = self
        self._incoming.append(delivery)
        if not gather:
            self.loop.call_soon_threadsafe(self._drain)
        elif not self._gathering:
            self._gathering = True
            asyncio.get_running_loop().call_soon(self._gathered)

    def _take_charge_of(self, handlers: Sequence[Handler]) -> None:
        for handler in handlers:
            if handler.in_thread:
                self._threads[handler.name] = ThreadPoolExecutor(handler.concurrency, thread_name_prefix=handler.name)
            self._owed.add_handler(handler)
        self._owed.look()

    def _gathered(self) -> None:
        self._gathering = False
        self.loop.call_soon_threadsafe(self._drain)

    def look_again(self) -> None:
        """Read back from the disk what memory does not know."""
        self.loop.call_soon_threadsafe(self._owed.look)

    def repeat(self, periodic: Periodic) -> None:
        """Call a function again and again while the loop runs."""
        asyncio.run_coroutine_threadsafe(self._repeat(periodic), self.loop)

    async def stop(self, grace_seconds: float) -> None:
        """Finish what runs, within the grace; the rest is released and waits on the disk."""
        stopped = asyncio.run_coroutine_threadsafe(self._stop(grace_seconds), self.loop)
        turned = asyncio.run_coroutine_threadsafe(asyncio.sleep(0), self.loop)
        try:
            await asyncio.wait_for(asyncio.wrap_future(turned), grace_seconds)
            await asyncio.wait_for(asyncio.wrap_future(stopped), grace_seconds + 5)
        except asyncio.TimeoutError:
            log.error("the loop {} is blocked by its handlers and was left behind", self.name)
        self._stopped = True
        self.loop.call_soon_threadsafe(self.loop.stop)

    # From memory, in order

    def _drain(self) -> None:
        while self._incoming:
            delivery = self._incoming.popleft()
            if delivery.answer is not None or self._owed.takes(delivery):
                self._place(delivery)
        self._start_ready()

    def _place(self, delivery: Delivery) -> None:
        if self._owed.learns(delivery) and self._is_wanted(delivery):
            if delivery.handler.batch is not None:
                self._batches.add(delivery, waiting_since(delivery, now_ms(), time.monotonic()))
            self._order.add(delivery)

    def _start_ready(self) -> None:
        if self._batches.changed:
            self._settle_batches()
            return
        ready = self._order.ready()
        while ready and not self._stopping:
            delivery = ready.popleft()
            if delivery.handler.rate is None or self._is_in_rate(delivery):
                self._start(delivery)
        if self._running and not self._watching:
            self._watching = True
            self.loop.call_later(WATCH_SECONDS, self._watch)

    def _start(self, delivery: Delivery) -> None:
        if delivery.handler.batch is not None:
            delivery.lead(self._batches.begin(delivery))
            if delivery.handler.debounced:
                delivery = self._newest(delivery)
        delivery.task = self.loop.create_task(self._perform(delivery))
        self._running.add(delivery)

    def _is_wanted(self, delivery: Delivery) -> bool:
        """Whether it is to be handed over; one that is not is done, and a filter that raises is a failed try."""
        if delivery.is_plain:
            return True
        try:
            if delivery.is_wanted():
                return True
            self._pass_over(delivery)
        except BaseException as error:  # noqa: BLE001  # a plugin's SystemExit must not end the loop
            delivery.started = now_ms()
            outcome = outcome_of(delivery, error)
            self.surroundings.figures.performed(delivery, [outcome])
            self._write_down([outcome])
            self._hold_key(delivery, outcome)
        return False

    def _pass_over(self, delivery: Delivery) -> None:
        self.surroundings.figures.passed_over(delivery.handler.name)
        self._order.pass_over(delivery)
        self._write_down([passed_over(delivery)])

    def _newest(self, leading: Delivery) -> Delivery:
        """The one of these that is performed; the others are done, whatever becomes of it: it is on the disk too."""
        *older, newest = leading.all
        leading.others = ()
        for each in older:
            each.reason = f"superseded by {newest.event.id}"
            self._pass_over(each)
        return newest

    def _is_in_rate(self, delivery: Delivery) -> bool:
        """Whether its handler may be called now; otherwise it waits, and its loop wakes up for it."""
        taken = self._rates.takes(delivery, time.monotonic())
        if not taken:
            self._plan_rates()
        return taken

    def _plan_rates(self) -> None:
        if self._rate_timer is not None:
            self._rate_timer.cancel()
        at = self._rates.next_at
        self._rate_timer = None if at is None else self.loop.call_later(at - time.monotonic(), self._let_go)

    def _let_go(self) -> None:
        """Start those that have waited long enough for their handler's rate."""
        if not self._stopping:
            for delivery in self._rates.let_go(time.monotonic()):
                self._start(delivery)
            self._plan_rates()
            self._start_ready()

    def _settle_batches(self) -> None:
        """Start what is ready with the batches whose time has come, and wake up for the next."""
        if self._batch_timer is not None:
            self._batch_timer.cancel()
        now = time.monotonic()
        at = self._batches.settle(now)
        self._batch_timer = None if at is None else self.loop.call_later(at - now, self._settle_batches)
        self._start_ready()

    # One delivery, or those of a batch

    async def _perform(self, delivery: Delivery) -> None:
        delivery.started = now_ms()
        result, error = None, None
        try:
            if delivery.read_back:  # it may be what brought the process down: then the crash is to be counted
                await self._mark_surely(delivery)
            delivery.begun = time.monotonic()
            with self.surroundings.traces.delivery(delivery):
                result = await self._call(delivery)
        except BaseException as caught:  # noqa: BLE001  # a handler's SystemExit must not end the loop
            timed_out = delivery.overdue and not delivery.handler.in_thread
            error = TimedOut(f"took longer than {delivery.handler.timeout:g} s") if timed_out else caught
        self._ended(delivery, result, error)

    async def _call(self, delivery: Delivery) -> Any:
        given = in_hands(delivery)
        if delivery.handler.apart is not None:
            return await delivery.handler.apart.call(delivery, given, delivery.handler.settings_of(given))
        if not delivery.handler.in_thread:
            return await delivery.handler.call(given)
        threads, context = self._threads[delivery.handler.name], contextvars.copy_context()
        result = await self.loop.run_in_executor(threads, context.run, plainly, delivery.handler.call, given)
        return await result if inspect.isawaitable(result) else result

    async def _mark_surely(self, delivery: Delivery) -> None:
        """Mark it before it is called; that it cannot be written is no failure of the handler."""
        while True:
            try:
                await self._mark(delivery)
            except Exception as error:  # noqa: BLE001, PERF203  # whatever it was, it is to be marked
                log.error("a delivery could not be marked and is not begun yet: {}", error)
                await asyncio.sleep(1.0)
            else:
                return

    def _mark(self, delivery: Delivery) -> "asyncio.Future[None]":
        delivery.marked = True
        return self.store.write(mark_all_running, [each.place for each in delivery.all], delivery.started)

    def _ended(self, delivery: Delivery, result: Any, error: BaseException | None) -> None:
        outcomes = outcomes_of(delivery, error)
        self.surroundings.figures.performed(delivery, outcomes)
        if delivery.answer is not None:
            self._answers.append((delivery.answer, result, error))
        self._write_down(outcomes)
        for each, outcome in zip(delivery.all, outcomes, strict=True) if error is not None else ():
            self._hold_key(each, outcome)
        self._running.discard(delivery)
        self._order.ended(delivery)
        self._start_ready()

    def _hold_key(self, delivery: Delivery, outcome: Outcome) -> None:
        if outcome.holds_its_key(delivery.handler.hold):
            self._order.hold(delivery, time.monotonic() + (outcome.due - now_ms()) / 1000 + 10)

    def _write_down(self, outcomes: list[Outcome]) -> None:
        self._outcomes += outcomes
        if not self._flushing:
            self._flushing = True
            self.loop.create_task(self._flush())

    async def _flush(self) -> None:
        """Write down what has ended, all at once, then answer; what cannot be written is tried again."""
        while self._outcomes:
            if not self._answers:
                await asyncio.sleep(GATHER_SECONDS)
            batch, self._outcomes = self._outcomes, []
            answers, self._answers = self._answers, []
            try:
                await self.store.write(self.store.finish.outcomes, batch)
            except Exception as error:  # noqa: BLE001  # whatever it was, the outcomes are still to be written
                log.error("{} outcomes could not be written and are tried again: {}", len(batch), error)
                settle(answers, unwritten=error)
                self._outcomes = batch + self._outcomes
                await asyncio.sleep(1.0)
            else:
                settle(answers)
                self._owed.forget([(each.event_id, each.number) for each in batch])
                if due := [each.due for each in batch if each.due]:  # some may have become due meanwhile
                    self._owed.wake_in((min(due) - now_ms()) / 1000)
        self._flushing = False

    # Watching

    def _watch(self) -> None:
        """Mark what runs for longer than a moment; cancel what runs for too long."""
        now = time.monotonic()
        for delivery in self._running:
            age = now - delivery.begun if delivery.begun else 0.0
            if age > WATCH_SECONDS and not delivery.marked:
                self._mark(delivery).add_done_callback(_note_failure)
            if age > delivery.handler.timeout and not delivery.overdue:
                self._overdue(delivery)
        self._watching = bool(self._running)
        if self._watching:
            self.loop.call_later(WATCH_SECONDS, self._watch)

    def _overdue(self, delivery: Delivery) -> None:
        about = log.bind(event=delivery.event.id)
        about.warning("{} takes longer than its {:g} s", delivery.handler.name, delivery.handler.timeout)
        delivery.overdue = True
        if delivery.task is not None and not delivery.handler.in_thread:
            delivery.task.cancel()  # a thread cannot be stopped: it is not tried again until it returns

    # Ending

    async def _stop(self, grace_seconds: float) -> None:
        self._stopping = True
        self._owed.stop()
        tasks = [delivery.task for delivery in self._running if delivery.task is not None]
        if tasks:
            await asyncio.wait(tasks, timeout=grace_seconds)
        for delivery in list(self._running):
            delivery.released = True
            if delivery.task is not None:
                delivery.task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=2)  # what a handler does at its end takes a few turns
        while self._outcomes or self._flushing:  # noqa: ASYNC110  # once, at the end
            await asyncio.sleep(0.01)

    async def _repeat(self, periodic: Periodic) -> None:
        while not self._stopping:
            try:
                await periodic.call()
            except BaseException as error:  # noqa: BLE001  # a plugin's SystemExit must not end the loop
                shown = told(error, periodic.module)
                log.error("{} failed and is called again: {}", periodic.function.__qualname__, shown)
            await asyncio.sleep(periodic.seconds)


def _note_failure(marking: "asyncio.Future[None]") -> None:
    """A mark is for whoever looks; without it the delivery goes on all the same."""
    if not marking.cancelled() and marking.exception() is not None:
        log.warning("a running delivery could not be marked: {}", marking.exception())
