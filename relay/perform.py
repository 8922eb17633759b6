"""How are deliveries performed? On their handlers' own loop: called, watched, and their end written down."""

import asyncio
import contextvars
import inspect
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import uvloop
from loguru import logger

from relay.batch import Batches, waiting_since
from relay.delivery import Answered, Delivery, Surroundings, TimedOut, in_hands, outcomes_of, settle, told
from relay.event import now_ms
from relay.handler import Handler, Periodic
from relay.order import Backlog, Order
from relay.retry import HOLD_SECONDS
from relay.store import take
from relay.store.finish import Outcome, mark_all_running

log = logger.bind(component="deliver")
MOST_IN_MEMORY = 4000
WATCH_SECONDS = 0.25
# Due retries wake their loop by a timer; this is how long a lost wake-up could matter.
LOOK_SECONDS = 30.0
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
        self._backlogs: dict[str, Backlog] = {}
        self._known: dict[tuple[int, int], Backlog] = {}
        self._running: set[Delivery] = set()
        self._incoming: deque[Delivery] = deque()
        self._gathering = self._watching = self._flushing = self._looking = False
        self._stopping = self._stopped = False
        self._outcomes: list[Outcome] = []
        self._answers: list[Answered] = []
        self._reading = 0
        self._just_written: set[tuple[int, int]] = set()
        self._threads: dict[str, ThreadPoolExecutor] = {}
        self._timer: asyncio.Handle | None = None
        self._batch_timer: asyncio.Handle | None = None
        self._wakes_at = 0.0
        self.thread = threading.Thread(target=self._run_loop, name=f"loop-{name}", daemon=True)
        self.thread.start()

    def _run_loop(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.call_soon(self._wake_in, LOOK_SECONDS)
        while not self._stopped:
            try:
                self.loop.run_forever()
            except BaseException as error:  # noqa: BLE001, PERF203  # a handler's sub-task may raise SystemExit
                log.opt(exception=error).error("the loop {} was left by an error and goes on", self.name)

    # The way in, from other threads

    def take_charge_of(self, handler: Handler) -> None:
        """Run this handler here, beginning with what it is owed from before."""
        if handler.in_thread:
            self._threads[handler.name] = ThreadPoolExecutor(handler.concurrency, thread_name_prefix=handler.name)
        self._backlogs[handler.name] = Backlog(handler, MOST_IN_MEMORY)
        self.loop.call_soon_threadsafe(self._look)

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

    def _gathered(self) -> None:
        self._gathering = False
        self.loop.call_soon_threadsafe(self._drain)

    def look_again(self) -> None:
        """Read back from the disk what memory does not know."""
        self.loop.call_soon_threadsafe(self._look)

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
            if delivery.answer is not None or self._backlogs[delivery.handler.name].takes(delivery):
                self._place(delivery)
        self._start_ready()

    def _place(self, delivery: Delivery) -> None:
        if delivery.place not in self._known:
            backlog = self._known[delivery.place] = self._backlogs[delivery.handler.name]
            backlog.in_memory += 1
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
            if delivery.handler.batch is not None:
                delivery.lead(self._batches.begin(delivery))
            delivery.task = self.loop.create_task(self._perform(delivery))
            self._running.add(delivery)
        if self._running and not self._watching:
            self._watching = True
            self.loop.call_later(WATCH_SECONDS, self._watch)

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
        result = await self.loop.run_in_executor(threads, context.run, delivery.handler.call, given)
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
        self._outcomes += outcomes
        if delivery.answer is not None:
            self._answers.append((delivery.answer, result, error))
        if not self._flushing:
            self._flushing = True
            self.loop.create_task(self._flush())
        for each, outcome in zip(delivery.all, outcomes, strict=True) if error is not None else ():
            if outcome.holds_its_key:
                self._order.hold(each, time.monotonic() + (outcome.due - now_ms()) / 1000 + 10)
        self._running.discard(delivery)
        self._order.ended(delivery)
        self._start_ready()

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
                self._forget([(each.event_id, each.number) for each in batch])
                if due := [each.due for each in batch if each.due]:  # some may have become due meanwhile
                    self._wake_in((min(due) - now_ms()) / 1000)
        self._flushing = False

    def _forget(self, places: list[tuple[int, int]]) -> None:
        """What is written down leaves memory; a read that began before may still bring it, and is told."""
        for place in places:
            self._known.pop(place).in_memory -= 1
        if self._reading:
            self._just_written.update(places)
        self._catch_up()

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

    # From the disk

    def _look(self) -> None:
        for backlog in self._backlogs.values():
            backlog.behind = backlog.missed = not backlog.handler.answers
        self._catch_up()

    def _catch_up(self) -> None:
        """Read back what memory does not hold, where there is room for it."""
        if not self._looking and not self._stopping and any(each.has_room for each in self._backlogs.values()):
            self._looking = True
            self.loop.create_task(self._read_back())

    async def _read_back(self) -> None:
        """Take up what is due and what memory does not hold, oldest first, until memory knows all or is full."""
        try:
            await self._hold_keys()
            await self._take_due()
            for backlog in list(self._backlogs.values()):
                while backlog.has_room:
                    await self._take_waiting(backlog)
        except Exception as error:  # noqa: BLE001  # the database may be away; nothing is lost, it is on the disk
            log.error("what is waiting could not be read, trying again: {}", error)
            self._wake_in(1.0)
        finally:
            self._looking = False

    def _names(self) -> list[str]:
        return [name for name, backlog in self._backlogs.items() if not backlog.handler.answers]

    async def _hold_keys(self) -> None:
        for each in await self.store.read(take.held, self._names(), now_ms()):
            lane = (each.handler, each.account, each.key)
            place = (int(each.event_id, 16), each.number)
            if place not in self._known:
                self._order.hold_lane(lane, place, time.monotonic() + HOLD_SECONDS)

    async def _take_waiting(self, backlog: Backlog) -> None:
        """Read what one handler is owed, a page at a time, until all of it is in memory or memory is full."""
        backlog.begin_reading()
        read: set[tuple[int, int]] = set()
        after, found = (0, -1), []
        while backlog.in_memory < MOST_IN_MEMORY:
            found = await self._take_up(take.waiting, [backlog.handler.name], after)
            read.update((int(each.event.id, 16), each.number) for each in found)
            if len(found) < take.MOST_AT_ONCE:
                break
            after = (int(found[-1].event.id, 16), found[-1].number)
        for delivery in backlog.end_reading(all_read=len(found) < take.MOST_AT_ONCE):
            if delivery.place not in read:  # what was read may have run meanwhile, and be forgotten
                self._place(delivery)
        self._start_ready()

    async def _take_due(self) -> None:
        self._order.release_stale(time.monotonic())
        now = now_ms()  # for both: what becomes due between them would be seen by neither
        await self._take_up(take.due, self._names(), now)
        due = await self.store.read(take.next_due, self._names(), now)
        if due is not None:
            self._wake_in(max((due - now_ms()) / 1000, 0.05))

    async def _take_up(self, which: Callable[..., list[take.Taken]], *arguments: Any) -> list[take.Taken]:
        """Read deliveries from the disk and put those in order that memory does not hold."""
        self._reading += 1
        try:
            found = await self.store.read(which, *arguments)
            for each in found:
                backlog = self._backlogs[each.handler]
                delivery = Delivery(each.event, each.number, backlog.handler, self.store.handler_ids[each.handler])
                delivery.take_up(self, each.attempts, each.first_failed)
                if delivery.place in self._just_written:
                    backlog.behind = backlog.missed = True  # ended meanwhile, or is to run again: the next look tells
                else:
                    self._place(delivery)
        finally:
            self._reading -= 1
            if not self._reading:
                self._just_written.clear()
        self._start_ready()
        return found

    def _wake_in(self, seconds: float) -> None:
        """Look at what is due in so many seconds, or sooner if a sooner look is planned; at the latest in 30 s."""
        when = self.loop.time() + min(max(seconds, 0.0), LOOK_SECONDS)
        if self._timer is not None:
            if self._wakes_at <= when:
                return
            self._timer.cancel()
        # uvloop gives a handle that does not know its time where it is now or past.
        self._wakes_at, self._timer = when, self.loop.call_at(when, self._woken)

    def _woken(self) -> None:
        self._timer = None
        if not self._stopping:
            self._wake_in(LOOK_SECONDS)
            self.loop.create_task(self._due_now())

    async def _due_now(self) -> None:
        try:
            await self._take_due()
        except Exception as error:  # noqa: BLE001  # the database may be away; the next look comes
            log.error("what is due could not be read: {}", error)
        self._catch_up()

    # Ending

    async def _stop(self, grace_seconds: float) -> None:
        self._stopping = True
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
