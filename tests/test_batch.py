"""relay/batch.py: the events of one key that come in quick succession are handed over together; none is lost by it."""

import asyncio
import itertools
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any

import anyio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from clients.testing import message_payload
from relay import Batch, Event, Named, Rejected, Retry, perform
from relay.batch import Batches, waiting_since
from relay.deliver import Deliver
from relay.delivery import Delivery
from relay.event import now_ms
from relay.order import Order
from relay.signals import Handler, Signals
from relay.store import Store, look, replay
from relay.store.finish import Outcome
from relay.store.look import Filter
from relay.store.tables import events as events_table
from relay.store.writer import Transaction
from tests.rig import Server, eventually

LINE = "shop.order_line"
SOON = Retry(first=0.05, jitter=0.0)
BATCH = Batch(quiet=8, longest=30, most=100)
SHORT = Batch(quiet=0.05, longest=5)
NEVER_QUIET = Batch(quiet=3600, longest=3600)


# When a batch begins: told the time, nothing waits


def delivery(number: int, key: str | None = "order:1", batch: Batch = BATCH, concurrency: int = 16) -> Delivery:
    """What is owed to a handler with a batch."""
    event = Event(LINE, b"{}", id=f"{number:016x}", account="account_1", key=key)
    return Delivery(event, 0, Handler(handed_over, (LINE,), batch=batch, concurrency=concurrency), 1)


async def handed_over(events: list[Event]) -> None: ...


class Program:
    """A loop over an `Order` whose keys gather."""

    def __init__(self) -> None:
        self.order = Order()
        self.batches = Batches(self.order)
        self.next: float | None = None
        self.running: list[Delivery] = []

    def add(self, *deliveries: Delivery, since: float) -> None:
        for each in deliveries:
            self.batches.add(each, since)
            self.order.add(each)

    def begun(self, now: float) -> list[list[int]]:
        """The batches that begin by now."""
        self.next = self.batches.settle(now)
        leading = list(self.order.ready())
        self.order.ready().clear()
        for each in leading:
            each.lead(self.batches.begin(each))
        self.running += leading
        return [[one.place[0] for one in each.all] for each in leading]

    def end(self, leading: Delivery, *, again_until: float | None = None) -> None:
        self.running.remove(leading)
        for each in leading.all if again_until else ():
            self.order.hold(each, again_until or 0.0)
        self.order.ended(leading)


def test_a_batch_begins_once_its_key_is_quiet():
    program = Program()
    program.add(delivery(1), since=100.0)
    first = program.begun(100.0), program.next
    program.add(delivery(2), since=105.0)

    assert first == ([], 108.0)
    assert program.begun(112.9) == []
    assert program.begun(113.0) == [[1, 2]]
    assert program.next is None


def test_a_key_that_is_never_quiet_waits_no_longer_than_the_longest():
    program = Program()
    for number in range(1, 8):
        program.add(delivery(number), since=100.0 + 4 * number)
        assert program.begun(100.0 + 4 * number) == []

    assert program.begun(133.9) == []
    assert program.next == 134.0
    assert program.begun(134.0) == [[1, 2, 3, 4, 5, 6, 7]]


def test_a_batch_begins_at_once_when_there_are_most():
    program, batch = Program(), Batch(quiet=8, longest=30, most=3)
    program.add(delivery(1, batch=batch), delivery(2, batch=batch), since=100.0)
    before = program.begun(100.0)
    program.add(delivery(3, batch=batch), since=100.0)

    assert before == []
    assert program.begun(100.0) == [[1, 2, 3]]


def test_what_is_more_than_most_gathers_by_its_own_times():
    program, batch = Program(), Batch(quiet=8, longest=30, most=2)
    program.add(delivery(1, batch=batch), delivery(2, batch=batch), since=100.0)
    program.add(delivery(3, batch=batch), since=101.0)
    first = program.begun(101.0)
    program.end(program.running[0])

    assert first == [[1, 2]]
    assert program.begun(108.9) == []
    assert program.begun(109.0) == [[3]]


def test_different_keys_do_not_mix():
    program = Program()
    program.add(delivery(1, "order:1"), delivery(2, "order:2"), delivery(3, "order:1"), since=100.0)

    assert program.begun(108.0) == [[1, 3], [2]]


def test_what_comes_while_a_batch_runs_gathers_for_the_next():
    program = Program()
    program.add(delivery(1), since=100.0)
    first = program.begun(108.0)
    program.add(delivery(2), since=109.0)
    program.add(delivery(3), since=110.0)
    meanwhile = program.begun(150.0)
    program.end(program.running[0])

    assert (first, meanwhile) == ([[1]], [])
    assert program.begun(150.0) == [[2, 3]]


def test_what_is_read_late_and_came_early_brings_the_beginning_forward():
    program = Program()
    program.add(delivery(9), since=100.0)
    program.begun(100.0)
    program.add(delivery(2), since=75.0)
    program.begun(100.0)

    assert program.next == 105.0
    assert program.begun(105.0) == [[2, 9]]


def test_what_has_no_key_is_handed_over_at_once_and_alone():
    program = Program()
    program.add(delivery(1, None), delivery(2, None), since=100.0)

    assert program.begun(100.0) == [[1], [2]]


def test_a_batch_that_waits_for_its_handlers_limit_takes_along_what_comes_meanwhile():
    program = Program()
    program.add(delivery(1, "order:1", concurrency=1), since=100.0)
    first = program.begun(108.0)
    program.add(delivery(2, "order:2", concurrency=1), since=101.0)
    meanwhile = program.begun(109.0)
    program.add(delivery(3, "order:2", concurrency=1), since=109.0)
    program.end(program.running[0])

    assert (first, meanwhile) == ([[1]], [])
    assert program.begun(109.0) == [[2, 3]]


def test_what_is_tried_again_is_together_again_and_what_came_meanwhile_may_join():
    program, failed = Program(), [delivery(1), delivery(2)]
    program.add(*failed, since=100.0)
    program.begun(108.0)
    program.end(program.running[0], again_until=200.0)
    program.add(delivery(3), since=109.0)
    meanwhile = program.begun(150.0)
    program.add(delivery(1), delivery(2), since=-math.inf)

    assert meanwhile == []
    assert program.begun(150.0) == [[1, 2, 3]]


def test_nothing_passes_a_retry_of_its_key_that_is_still_away():
    program, failed = Program(), [delivery(1), delivery(2)]
    program.add(*failed, since=100.0)
    program.begun(108.0)
    program.end(program.running[0], again_until=200.0)
    program.add(delivery(3), since=109.0)
    program.add(delivery(1), since=-math.inf)
    first = program.begun(150.0)
    program.end(program.running[0])
    second = program.begun(150.0)
    program.add(delivery(2), since=-math.inf)

    assert (first, second) == ([[1]], [])
    assert program.begun(150.0) == [[2, 3]]


@pytest.mark.parametrize(
    ("received", "since"),
    [
        pytest.param(1_000_000, 500.0, id="just now"),
        pytest.param(995_000, 495.0, id="five seconds ago"),
        pytest.param(400_000, -100.0, id="before the machine was started, or the clock was set forward"),
        pytest.param(9_000_000, 500.0, id="in the future: the clock was set back"),
    ],
)
def test_since_when_an_event_waits_whatever_the_clock_did(received: int, since: float):
    waiting = delivery(1)
    waiting.event.received = received

    assert waiting_since(waiting, 1_000_000, 500.0) == since


@pytest.mark.parametrize(("attempts", "first_failed"), [(1, None), (0, 999_000), (3, 999_000)])
def test_what_was_begun_before_has_waited_enough(attempts: int, first_failed: int | None):
    again = delivery(1)
    again.attempts, again.first_failed = attempts, first_failed

    assert waiting_since(again, 1_000_000, 500.0) == -math.inf


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(0, 2), st.integers(0, 9)),
        st.tuples(st.just("pass"), st.integers(1, 12), st.just(0)),
        st.tuples(st.just("end"), st.integers(0, 9), st.just(0)),
        st.tuples(st.just("fail"), st.integers(0, 9), st.just(0)),
        st.tuples(st.just("again"), st.just(0), st.just(0)),
    ),
    max_size=80,
)


class Kept(Program):
    """The same, with its own account of what must hold."""

    batch = Batch(quiet=8, longest=30, most=4)

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0
        self.since: dict[int, float] = {}
        self.keys: dict[int, str] = {}
        self.done: list[int] = []
        self.failed: list[list[int]] = []

    def made(self, number: int) -> Delivery:
        return delivery(number, self.keys[number], self.batch, concurrency=2)

    def come(self, key: int, age: int) -> None:
        number = len(self.keys)
        self.keys[number], self.since[number] = f"order:{key}", self.now - age
        self.add(self.made(number), since=self.since[number])
        self.look()

    def finish(self, which: int, *, well: bool) -> None:
        if self.running:
            leading = self.running[which % len(self.running)]
            numbers = [each.place[0] for each in leading.all]
            if well:
                self.done += numbers
            else:
                self.failed.append(numbers)
            self.end(leading, again_until=None if well else math.inf)
            self.look()

    def again(self) -> None:
        for number in self.failed.pop(0) if self.failed else ():
            self.since[number] = -math.inf
            self.add(self.made(number), since=-math.inf)
        self.look()

    def look(self) -> None:
        for numbers in self.begun(self.now):
            self.check(numbers)
        assert len(self.running) <= 2

    def check(self, numbers: list[int]) -> None:
        key = {self.keys[each] for each in numbers}
        assert len(key) == 1, "keys mixed"
        assert len(numbers) <= self.batch.most
        assert numbers == sorted(numbers)
        assert not set(numbers) & set(self.done)
        assert [self.keys[each.place[0]] for each in self.running].count(key.pop()) == 1, "two of one key at a time"
        since = [self.since[each] for each in numbers]
        full = len(numbers) == self.batch.most
        assert full or self.now >= min(max(since) + self.batch.quiet, min(since) + self.batch.longest), "too soon"


@given(STEPS)
@settings(max_examples=200, deadline=None)
def test_whatever_comes_and_fails_each_is_in_a_batch_of_its_key_until_it_is_done(steps: list[tuple[str, int, int]]):
    kept = Kept()
    for what, first, second in steps:
        if what == "add":
            kept.come(first, second)
        elif what == "pass":
            kept.now += first
            kept.look()
        elif what == "again":
            kept.again()
        else:
            kept.finish(first, well=what == "end")
    for _ in range(200):
        kept.now += 10
        kept.again()
        kept.finish(0, well=True)

    assert sorted(kept.done) == sorted(kept.keys)
    assert kept.order._lanes == {}
    assert kept.batches._gathering == {}


# What may be declared


@pytest.mark.parametrize(
    "options",
    [
        {"quiet": 0, "longest": 30},
        {"quiet": -1, "longest": 30},
        {"quiet": 8, "longest": 7},
        {"quiet": math.nan, "longest": 30},
        {"quiet": 8, "longest": math.inf},
        {"quiet": 8, "longest": 30, "most": 0},
        {"quiet": 8, "longest": 30, "most": 2.5},
    ],
    ids=str,
)
def test_a_batch_that_makes_no_sense_is_refused_in_a_sentence(options: dict[str, Any]):
    with pytest.raises(ValueError, match="a batch "):
        Batch(**options)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"batch": BATCH, "ordered": False}, "handed_over: a batch holds a key's events in order"),
        ({"batch": 8}, "handed_over: batch is a Batch"),
    ],
    ids=["without order", "no batch"],
)
def test_a_handler_that_cannot_have_a_batch_is_told_so_when_it_declares_itself(options: dict[str, Any], sentence: str):
    with pytest.raises((ValueError, TypeError), match=sentence):
        Signals().on(LINE, **options)(handed_over)


# Real store, real loops


def older(tx: Transaction, seconds: int) -> None:
    """Let all events have been received so much earlier."""
    tx.connection.execute(update(events_table).values(received=events_table.c.received - seconds * 1000))


class Shop:
    """The way out above a real store, with handlers that note what they are handed."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.signals = Signals()
        self.deliver = Deliver(store, self.signals)
        self.calls: list[list[int]] = []
        self.attempts: list[list[int]] = []

    def on(self, batch: Batch, act: Callable[[list[Event]], Awaitable[Any]] | None = None, **options: Any) -> None:
        """React to order lines with this, and note each call."""

        async def together(events: list[Event]) -> None:
            self.note(events)
            if act is not None:
                await act(events)

        self.signals.on(LINE, batch=batch, **{"retry": SOON, **options})(together)

    async def start(self) -> None:
        """Deliver from now on: when this returns, what an earlier process left has been read back."""
        await self.deliver.start()
        loops = self.deliver._loops.values()
        for each in loops:
            await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(asyncio.sleep(0), each.loop))  # it has begun
        await self.until(lambda: not any(backlog.behind for each in loops for backlog in each._backlogs.values()))

    def note(self, events: list[Event]) -> None:
        self.attempts.append([each.attempt for each in events])
        self.calls.append([each.payload for each in events])

    async def keep(self, *numbers: int, key: str | None = "order:1", ago: float = 0.0) -> list[Event]:
        """Keep these order lines, while they are delivered to nobody."""
        events = [
            Event(LINE, b"%d" % each, account="account_1", key=key, received=now_ms() - int(ago * 1000))
            for each in numbers
        ]
        owed = self.deliver.owed(LINE)
        for each in events:
            await self.store.keep(each, Named(LINE, "account_1", key), owed)
        return events

    async def burst(self, *numbers: int, key: str | None = "order:1", ago: float = 0.0) -> list[Event]:
        """Receive these order lines, in one turn of the loop."""
        events = await self.keep(*numbers, key=key, ago=ago)
        for each in events:
            self.deliver.accept(each, gather=True)
        await asyncio.sleep(0)
        return events

    async def until(self, condition: Callable[[], Any], within: float = 20.0) -> None:
        with anyio.fail_after(within):
            while not condition():  # noqa: ASYNC110  # threads do it
                await asyncio.sleep(0.005)

    async def states(self) -> dict[str, int]:
        """The states that deliveries are in, by the books."""
        books = (await self.store.read(look.books))["deliveries"]
        return {state: number for state, number in books.items() if number}

    async def ended(self, **states: int) -> dict[str, int]:
        """Wait until the books say so."""
        with anyio.fail_after(20):
            while (found := await self.states()) != states:  # noqa: ASYNC110  # threads do it
                await asyncio.sleep(0.005)
        return found

    async def deliveries(self, events: Iterable[Event]) -> list[dict[str, Any]]:
        """The first delivery of each event, as the dashboard shows it."""
        found = [await self.store.read(look.one_event, each.id) for each in events]
        return [each["deliveries"][0] for each in found if each]


@pytest.fixture
async def shop(open_store: Callable[[], Store]) -> AsyncIterator[Shop]:
    made = Shop(open_store())
    yield made
    if made.deliver.running:
        await made.deliver.stop(1)


@pytest.mark.anyio
async def test_three_events_in_a_burst_are_one_call_in_order(shop: Shop):
    shop.on(SHORT)
    await shop.start()
    await shop.burst(1, 2, 3)
    await shop.ended(done=3)

    assert shop.calls == [[1, 2, 3]]


@pytest.mark.anyio
async def test_keys_and_events_without_a_key_do_not_mix(shop: Shop):
    shop.on(SHORT)
    await shop.start()
    events = [*await shop.keep(1, 3), *await shop.keep(2, key="order:2"), *await shop.keep(4, 5, key=None)]
    for each in events:
        shop.deliver.accept(each, gather=True)
    await shop.ended(done=5)

    assert sorted(shop.calls) == [[1, 3], [2], [4], [5]]


@pytest.mark.anyio
async def test_what_is_never_quiet_is_handed_over_all_the_same(shop: Shop):
    shop.on(Batch(quiet=1.5, longest=1.5))
    await shop.start()
    for number in itertools.count():
        await shop.burst(number)
        await asyncio.sleep(0.02)
        if shop.calls:
            break

    assert shop.calls[0][0] == 0
    assert len(shop.calls[0]) > 1


@pytest.mark.anyio
async def test_most_are_handed_over_at_once_and_later_ones_wait_while_they_run(shop: Shop):
    go_on = asyncio.Event()
    loop = asyncio.get_running_loop()

    async def wait(events: list[Event]) -> None:
        await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(go_on.wait(), loop))

    shop.on(Batch(quiet=3600, longest=3600, most=2), wait)
    await shop.start()
    await shop.burst(1, 2)
    await shop.until(lambda: shop.calls)
    await shop.burst(3, 4, 5)
    running = list(shop.calls)
    go_on.set()
    await shop.ended(done=4, waiting=1)

    assert running == [[1, 2]]
    assert shop.calls == [[1, 2], [3, 4]]


@pytest.mark.anyio
async def test_what_fails_together_is_tried_again_together_and_the_books_balance(shop: Shop):
    async def fail(events: list[Event]) -> None:
        if events[0].attempt < 3:
            raise ValueError("not yet")

    shop.on(SHORT, fail)
    await shop.start()
    events = await shop.burst(1, 2, 3)
    await shop.ended(done=3)
    deliveries = await shop.deliveries(events)

    assert shop.calls == [[1, 2, 3]] * 3
    assert shop.attempts == [[1] * 3, [2] * 3, [3] * 3]
    assert [[each["outcome"] for each in one["attempts"]] for one in deliveries] == [["failed", "failed", "done"]] * 3


@pytest.mark.anyio
async def test_what_is_tried_again_is_due_at_the_same_time(shop: Shop):
    async def fail(events: list[Event]) -> None:
        raise ValueError("never")

    shop.on(SHORT, fail, retry=Retry(first=60.0, jitter=0.5))
    await shop.start()
    events = await shop.burst(1, 2, 3)
    await shop.until(lambda: shop.calls)
    await shop.ended(waiting=3)
    with anyio.fail_after(20):
        while not all(each["due"] for each in await shop.deliveries(events)):  # noqa: ASYNC110  # threads do it
            await asyncio.sleep(0.005)

    assert len({each["due"] for each in await shop.deliveries(events)}) == 1


@pytest.mark.anyio
async def test_a_new_event_of_the_key_joins_those_that_are_tried_again(shop: Shop):
    async def fail(events: list[Event]) -> None:
        if events[0].attempt == 1:
            raise ValueError("once")

    shop.on(SHORT, fail, retry=Retry(first=1.0, jitter=0.0))
    await shop.start()
    await shop.burst(1, 2)
    await shop.until(lambda: shop.calls)
    await shop.burst(3)
    await shop.ended(done=3)

    assert shop.calls == [[1, 2], [1, 2, 3]]
    assert shop.attempts == [[1, 1], [2, 2, 1]]


@pytest.mark.anyio
async def test_rejected_makes_all_of_them_dead_with_the_reason(shop: Shop):
    async def reject(events: list[Event]) -> None:
        raise Rejected("no such order")

    shop.on(SHORT, reject)
    await shop.start()
    events = await shop.burst(1, 2, 3)
    await shop.ended(dead=3)

    assert [each["reason"] for each in await shop.deliveries(events)] == ["no such order"] * 3
    assert len(shop.calls) == 1


@pytest.mark.anyio
async def test_each_event_has_its_own_effects_reason_and_what_it_emits(shop: Shop):
    done: list[int] = []

    async def act(events: list[Event]) -> None:
        for event in events:

            async def do(event: Event = event) -> int:
                done.append(event.payload)
                return int(event.payload)

            event.explain(f"line {await event.once('ship', do)}")
            await event.emit("shop.shipped", {"line": event.payload})
        if events[0].attempt == 1:
            raise ValueError("after all was done")

    shop.on(SHORT, act)
    await shop.start()
    events = await shop.burst(1, 2, 3)
    await shop.ended(done=3)
    emitted = (await shop.store.read(look.books))["requests"]["events"] - 3

    assert [each["reason"] for each in await shop.deliveries(events)] == ["line 1", "line 2", "line 3"]
    assert done == [1, 2, 3]
    assert emitted == 3


@pytest.mark.anyio
async def test_a_plain_function_gets_the_same_list_in_a_thread(shop: Shop):
    def together(events: list[Event]) -> None:
        shop.note(events)
        for event in events:
            event.explain(str(event.once("add", lambda event=event: event.payload + 10)))

    shop.signals.on(LINE, batch=SHORT)(together)
    await shop.start()
    events = await shop.burst(1, 2, 3)
    await shop.ended(done=3)

    assert shop.calls == [[1, 2, 3]]
    assert [each["reason"] for each in await shop.deliveries(events)] == ["11", "12", "13"]


@pytest.mark.anyio
async def test_a_batch_past_its_timeout_is_cancelled_and_all_of_it_failed(shop: Shop):
    async def hang(events: list[Event]) -> None:
        if events[0].attempt == 1:
            await asyncio.sleep(30)

    shop.on(SHORT, hang, timeout=0.1)
    await shop.start()
    events = await shop.burst(1, 2)
    await shop.ended(done=2)
    tried = [each["attempts"][0] for each in await shop.deliveries(events)]

    assert shop.calls == [[1, 2], [1, 2]]
    assert ["took longer than 0.1 s" in each["error"] for each in tried] == [True, True]


@pytest.mark.anyio
async def test_all_of_a_batch_that_takes_a_while_are_shown_as_running_and_released_together(shop: Shop):
    async def hang(events: list[Event]) -> None:
        await asyncio.sleep(30)

    shop.on(SHORT, hang)
    await shop.start()
    events = await shop.burst(1, 2, 3)
    await shop.ended(running=3)
    await shop.deliver.stop(0.1)

    assert await shop.states() == {"waiting": 3}
    assert [each["attempts"] for each in await shop.deliveries(events)] == [[], [], []]


@pytest.mark.anyio
async def test_what_still_gathers_when_the_server_stops_waits_uncharged_and_is_gathered_again(shop: Shop):
    shop.on(NEVER_QUIET)
    await shop.start()
    events = await shop.burst(1, 2)
    await shop.deliver.stop(5)
    left, attempts = await shop.states(), [each["attempts"] for each in await shop.deliveries(events)]
    successor = Shop(shop.store)
    successor.on(Batch(quiet=3600, longest=3600, most=3))
    await successor.start()
    await successor.burst(3)
    await successor.ended(done=3)
    await successor.deliver.stop(5)

    assert shop.calls == []
    assert (left, attempts) == ({"waiting": 2}, [[], []])
    assert successor.calls == [[1, 2, 3]]
    assert successor.attempts == [[1, 1, 1]]


@pytest.mark.anyio
async def test_what_waited_on_the_disk_until_its_time_was_over_is_ready_at_once(shop: Shop):
    shop.on(Batch(quiet=1800, longest=3600))
    await shop.store.register_handlers({each.name: LINE for each in shop.signals.all_handlers()})
    await shop.keep(1, ago=3500.0)
    await shop.keep(2, ago=2500.0)
    await shop.keep(3, ago=1801.0)
    await shop.keep(4, key="order:2", ago=1700.0)
    await shop.start()
    await shop.ended(done=3, waiting=1)

    assert shop.calls == [[1, 2, 3]]


@pytest.mark.anyio
async def test_a_backlog_larger_than_memory_comes_in_batches_in_order(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(perform, "MOST_IN_MEMORY", 20)
    shop.on(Batch(quiet=0.05, longest=0.2, most=8))
    await shop.start()
    await shop.burst(*range(100))
    await shop.ended(done=100)

    assert [number for each in shop.calls for number in each] == list(range(100))
    assert max(len(each) for each in shop.calls) == 8


@pytest.mark.anyio
async def test_a_replayed_event_is_a_batch_of_its_own(shop: Shop):
    shop.on(Batch(quiet=3600, longest=3600, most=3))
    await shop.start()
    events = await shop.burst(1, 2, 3)
    await shop.ended(done=3)
    await shop.store.write(older, 7200)
    ids = await shop.store.read(replay.chosen_ids, Filter(), [events[1].id])
    await shop.store.write(replay.replay, ids, [], [])
    shop.deliver.look_again()
    await shop.until(lambda: len(shop.calls) == 2)
    await shop.ended(done=3)

    assert shop.calls == [[1, 2, 3], [2]]


@pytest.mark.anyio
@pytest.mark.parametrize("hours", [0.5, 1.5])
async def test_what_becomes_due_while_it_is_looked_is_not_overlooked(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, hours: float
):
    begun, looks = now_ms(), itertools.count()
    shop.on(NEVER_QUIET)
    await shop.store.register_handlers({each.name: LINE for each in shop.signals.all_handlers()})
    event = (await shop.keep(1))[0]
    due = begun + int(hours * 3_600_000)
    failed = Outcome(int(event.id, 16), 0, "waiting", 1, begun, begun, due=due, first_failed=begun)
    await shop.store.write(shop.store.finish.outcomes, [failed])
    monkeypatch.setattr(perform, "now_ms", lambda: begun + next(looks) * 3_600_000)  # an hour later at each look
    await shop.deliver.start()
    await shop.ended(done=1)

    assert shop.attempts == [[2]]


# The whole server, killed

PLUGIN = """
import asyncio
from relay import Batch, Event, on

@on('chatwoot.message_created', batch=Batch({batch}))
async def together(events: list[Event]) -> None:
    with open({noted!r}, 'a') as file:
        file.write(' '.join(f'{{each.payload["id"]}}:{{each.attempt}}' for each in events) + '\\n')
    {body}
"""


@pytest.fixture
def with_batch(start_server: Callable[..., Server], tmp_path: Path) -> Callable[..., tuple[Server, Path]]:
    """Start a server with a plugin that notes each call in a file."""

    def start(batch: str, body: str = "pass") -> tuple[Server, Path]:
        noted = tmp_path / "noted"
        plugin = PLUGIN.format(batch=batch, noted=str(noted), body=body)
        (tmp_path / "plugins").mkdir()
        (tmp_path / "plugins" / "lines.py").write_text(plugin)
        return start_server(PLUGINS_DIR=str(tmp_path / "plugins")), noted

    return start


def send(server: Server, *numbers: int) -> None:
    for number in numbers:
        payload = message_payload(number, 1, "oi", message_type="outgoing")
        assert server.post_chatwoot(payload).status_code == 200


def states(server: Server) -> list[str]:
    """The states of what the plugin is owed."""
    deliveries = [each for event in server.events() for each in server.admin(f"events/{event['id']}")["deliveries"]]
    return [each["state"] for each in deliveries if each["handler"] == "plugins.lines:together"]


def calls(noted: Path) -> list[str]:
    return noted.read_text().splitlines() if noted.exists() else []


def test_a_kill_between_receipt_and_batch_loses_nothing_and_does_nothing_twice(
    with_batch: Callable[..., tuple[Server, Path]],
):
    server, noted = with_batch("quiet=3, longest=30")
    begun = time.monotonic()
    send(server, 1, 2, 3)
    server.kill()
    before = calls(noted)
    server.start()
    eventually(lambda: calls(noted))
    waited = time.monotonic() - begun
    eventually(server.is_quiet)
    server.kill()
    server.start()
    eventually(server.is_quiet)

    assert before == []
    assert calls(noted) == ["1:1 2:1 3:1"]
    assert waited >= 3


def test_what_ran_together_when_the_process_was_killed_runs_together_again(
    with_batch: Callable[..., tuple[Server, Path]],
):
    hangs = "await asyncio.sleep(30 if events[0].attempt == 1 else 0)"
    server, noted = with_batch("quiet=3600, longest=3600, most=3", hangs)
    send(server, 1, 2, 3)
    eventually(lambda: states(server) == ["running"] * 3)
    server.kill()
    server.start()
    eventually(server.is_quiet)

    assert calls(noted) == ["1:1 2:1 3:1", "1:2 2:2 3:2"]


def test_plugins_with_a_batch_that_makes_no_sense_are_set_aside_and_the_server_starts(
    start_server: Callable[..., Server], tmp_path: Path
):
    head, react = "from relay import Batch, Event, answer, on\n", "\nasync def act(events: list[Event]) -> None: ...\n"
    nonsense = {
        "hasty": "@on('x', batch=Batch(quiet=0, longest=1))",
        "unordered": "@on('x', ordered=False, batch=Batch(quiet=1, longest=1))",
        "number": "@on('x', batch=8)",
        "answering": "@answer('x', batch=Batch(quiet=1, longest=1))",
    }
    (tmp_path / "plugins").mkdir()
    for name, declared in nonsense.items():
        (tmp_path / "plugins" / f"{name}.py").write_text(head + declared + react)
    logs = start_server(PLUGINS_DIR=str(tmp_path / "plugins")).logs()

    assert [f"plugins.{name} is set aside" in logs for name in nonsense] == [True] * 4
    assert "a batch waits for some seconds of quiet" in logs
