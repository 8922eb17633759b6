"""Events handed over together by real loops from a real store: none is lost by it, and the books balance."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable

import anyio
import pytest

from relay import Batch, Event, Rejected, Retry, read_back
from relay.event import now_ms
from relay.store import Store, look, replay
from relay.store.finish import Outcome
from relay.store.look import Filter
from tests.rig_batch import LINE, Shop, older

pytestmark = pytest.mark.anyio
SHORT = Batch(quiet=0.05, longest=5)
NEVER_QUIET = Batch(quiet=3600, longest=3600)


@pytest.fixture
async def shop(open_store: Callable[[], Store]) -> AsyncIterator[Shop]:
    made = Shop(open_store())
    yield made
    await made.stop(1)


async def test_three_events_in_a_burst_are_one_call_in_order(shop: Shop):
    shop.on(SHORT)
    await shop.start()
    await shop.burst(1, 2, 3)
    await shop.ended(done=3)

    assert shop.calls == [[1, 2, 3]]


async def test_keys_and_events_without_a_key_do_not_mix(shop: Shop):
    shop.on(SHORT)
    await shop.start()
    events = [*await shop.keep(1, 3), *await shop.keep(2, key="order:2"), *await shop.keep(4, 5, key=None)]
    for each in events:
        shop.deliver.accept(each, gather=True)
    await shop.ended(done=5)

    assert sorted(shop.calls) == [[1, 3], [2], [4], [5]]


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


async def test_rejected_makes_all_of_them_dead_with_the_reason(shop: Shop):
    async def reject(events: list[Event]) -> None:
        raise Rejected("no such order")

    shop.on(SHORT, reject)
    await shop.start()
    events = await shop.burst(1, 2, 3)
    await shop.ended(dead=3)

    assert [each["reason"] for each in await shop.deliveries(events)] == ["no such order"] * 3
    assert len(shop.calls) == 1


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


async def test_all_of_a_batch_that_takes_a_while_are_shown_as_running_and_released_together(shop: Shop):
    async def hang(events: list[Event]) -> None:
        await asyncio.sleep(30)

    shop.on(SHORT, hang)
    await shop.start()
    events = await shop.burst(1, 2, 3)
    await shop.ended(running=3)
    await shop.stop(0.1)

    assert await shop.states() == {"waiting": 3}
    assert [each["attempts"] for each in await shop.deliveries(events)] == [[], [], []]


async def test_what_still_gathers_when_the_server_stops_waits_uncharged_and_is_gathered_again(shop: Shop):
    shop.on(NEVER_QUIET)
    await shop.start()
    events = await shop.burst(1, 2)
    await shop.stop(5)
    left, attempts = await shop.states(), [each["attempts"] for each in await shop.deliveries(events)]
    successor = Shop(shop.store)
    successor.on(Batch(quiet=3600, longest=3600, most=3))
    await successor.start()
    await successor.burst(3)
    await successor.ended(done=3)
    await successor.stop(5)

    assert shop.calls == []
    assert (left, attempts) == ({"waiting": 2}, [[], []])
    assert successor.calls == [[1, 2, 3]]
    assert successor.attempts == [[1, 1, 1]]


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


async def test_a_backlog_larger_than_memory_comes_in_batches_in_order(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(read_back, "MOST_IN_MEMORY", 20)
    shop.on(Batch(quiet=0.05, longest=0.2, most=8))
    await shop.start()
    await shop.burst(*range(100))
    await shop.ended(done=100)

    assert [number for each in shop.calls for number in each] == list(range(100))
    assert max(len(each) for each in shop.calls) == 8


async def test_a_replayed_event_is_a_batch_of_its_own(shop: Shop):
    shop.on(Batch(quiet=3600, longest=3600, most=3))
    await shop.start()
    events = await shop.burst(1, 2, 3)
    await shop.ended(done=3)
    await shop.store.write(older, 7200)
    ids = await shop.store.read(replay.chosen_ids, Filter(), [events[1].id])
    await shop.store.write(replay.replay, ids, list(shop.store.handler_ids.values()), [])
    shop.deliver.look_again()
    await shop.until(lambda: len(shop.calls) == 2)
    await shop.ended(done=3)

    assert shop.calls == [[1, 2, 3], [2]]


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
    monkeypatch.setattr(read_back, "now_ms", lambda: begun + next(looks) * 3_600_000)  # an hour later at each look
    await shop.start()
    await shop.ended(done=1)

    assert shop.attempts == [[2]]
