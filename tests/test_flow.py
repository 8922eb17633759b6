"""What is wanted, how often it is called, and the newest alone: by real loops from a real store."""

import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from relay import Batch, Debounce, Event, Named, Rejected, Retry
from relay.event import now_ms
from relay.signals import Signals
from relay.store import Store, replay
from relay.store.look import Filter
from relay.store.tables import deliveries
from relay.store.take import NOT_WANTED
from tests.rig_batch import LINE, SOON, Shop

pytestmark = pytest.mark.anyio
SHORT = Debounce(quiet=0.05, longest=5)


@pytest.fixture
async def shop(open_store: Callable[[], Store]) -> AsyncIterator[Shop]:
    made = Shop(open_store())
    yield made
    await made.stop(1)


def react(shop: Shop, act: Callable[[Event], Any] | None = None, **options: Any) -> None:
    """React to order lines one by one, and note each call."""

    async def one(event: Event) -> None:
        shop.note([event])
        if act is not None:
            await act(event)

    shop.signals.on(LINE, **{"retry": SOON, **options})(one)


async def fail_once(event: Event) -> None:
    if event.attempt == 1:
        raise OSError("away")


async def replayed(shop: Shop, event: Event) -> None:
    handlers = list(shop.store.handler_ids.values())
    ids = await shop.store.read(replay.chosen_ids, Filter(), [event.id])
    assert await shop.store.write(replay.replay, ids, handlers, []) == 1
    shop.deliver.look_again()


# when


async def test_what_is_not_wanted_is_done_without_a_call_and_says_so(shop: Shop):
    react(shop, when=lambda event: event.payload % 2)
    await shop.start()
    events = await shop.burst(1, 2, 3)
    await shop.ended(done=3)
    found = await shop.deliveries(events)

    assert shop.calls == [[1], [3]]
    assert [each["reason"] for each in found] == [None, NOT_WANTED, None]
    assert [len(each["attempts"]) for each in found] == [1, 0, 1]


async def test_what_is_not_wanted_waits_for_nobody(shop: Shop):
    react(shop, when=lambda event: event.payload == 1, rate="1/h")
    await shop.start()
    await shop.burst(1, 2, 3)
    await shop.ended(done=3)

    assert shop.calls == [[1]]


async def test_a_replay_asks_anew_whether_it_is_wanted(shop: Shop):
    wanted: list[int] = []
    react(shop, when=lambda event: event.payload in wanted)
    await shop.start()
    events = await shop.burst(1)
    await shop.ended(done=1)
    wanted.append(1)
    await replayed(shop, events[0])
    await shop.until(lambda: shop.calls)
    await shop.ended(done=1)

    assert [len(each["attempts"]) for each in await shop.deliveries(events)] == [1]


@pytest.mark.parametrize("error", [KeyError("absent"), SystemExit(1), KeyboardInterrupt()], ids=repr)
async def test_a_filter_that_raises_is_a_failed_try_and_asked_again(shop: Shop, error: BaseException):
    asked: list[int] = []

    def when(event: Event) -> bool:
        asked.append(event.payload)
        if asked.count(event.payload) == 1 and event.payload == 1:
            raise error
        return True

    react(shop, when=when)
    await shop.start()
    events = await shop.burst(1, 2)
    await shop.ended(done=2)

    assert shop.calls == [[1], [2]]
    assert [each["error"] is None for each in (await shop.deliveries(events))[0]["attempts"]] == [False, True]


async def test_a_retry_that_is_not_wanted_any_more_lets_its_key_go_on(shop: Shop):
    answers = iter([OSError("away"), True, False])

    def when(event: Event) -> bool:
        answer = next(answers)
        if isinstance(answer, OSError):
            raise answer
        return answer

    react(shop, when=when)
    await shop.start()
    events = await shop.burst(1, 2)
    await shop.ended(done=2)

    assert shop.calls == [[2]]
    assert [each["reason"] for each in await shop.deliveries(events)] == [NOT_WANTED, None]


async def test_a_filter_may_reject(shop: Shop):
    def when(event: Event) -> bool:
        raise Rejected("no such field")

    react(shop, when=when)
    await shop.start()
    events = await shop.burst(1)
    await shop.ended(dead=1)

    assert (await shop.deliveries(events))[0]["reason"] == "no such field"


async def test_a_filter_that_gives_a_coroutine_is_a_failure_and_not_always_true(shop: Shop):
    async def wanted() -> bool:
        return False

    react(shop, when=lambda event: wanted(), retry=Retry(give_up_after=0))
    await shop.start()
    await shop.burst(1)
    await shop.ended(dead=1)

    assert shop.calls == []


async def test_what_a_filter_does_to_its_event_no_other_handler_sees(shop: Shop):
    seen: list[Any] = []

    async def other(event: Event) -> None:
        seen.append(event.payload)

    react(shop, when=lambda event: event.payload.clear() is None)
    shop.signals.on(LINE)(other)
    await shop.start()
    event = Event(LINE, b'{"amount": 5}', account="account_1", key="order:1")
    await shop.store.keep(event, _named(event), shop.deliver.owed(LINE))
    shop.deliver.accept(event)
    await shop.ended(done=2)

    assert (seen, shop.calls) == ([{"amount": 5}], [[{}]])


def _named(event: Event) -> Named:
    return Named(event.name, event.account, event.key)


# debounce


async def test_the_newest_alone_is_handed_over_and_the_older_ones_name_it(shop: Shop):
    react(shop, debounce=SHORT)
    await shop.start()
    events = await shop.burst(1, 2, 3)
    await shop.ended(done=3)
    found = await shop.deliveries(events)

    assert shop.calls == [[3]]
    assert [each["reason"] for each in found] == [f"superseded by {events[2].id}"] * 2 + [None]
    assert [len(each["attempts"]) for each in found] == [0, 0, 1]


async def test_keys_have_a_newest_each_and_what_has_no_key_is_alone(shop: Shop):
    react(shop, debounce=SHORT)
    await shop.start()
    await shop.burst(1, 2, key="order:1")
    await shop.burst(3, 4, key="order:2")
    await shop.burst(5, 6, key=None)
    await shop.ended(done=6)

    assert sorted(shop.calls) == [[2], [4], [5], [6]]


async def test_what_is_not_wanted_takes_nobodys_place(shop: Shop):
    react(shop, debounce=SHORT, when=lambda event: event.payload != 3)
    await shop.start()
    events = await shop.burst(1, 2, 3)
    await shop.ended(done=3)

    assert shop.calls == [[2]]
    assert [each["reason"] for each in await shop.deliveries(events)] == [
        f"superseded by {events[1].id}", None, NOT_WANTED,
    ]  # fmt: skip


async def test_when_the_newest_fails_it_alone_is_tried_again(shop: Shop):
    react(shop, fail_once, debounce=SHORT)
    await shop.start()
    events = await shop.burst(1, 2, 3)
    await shop.ended(done=3)

    assert (shop.calls, shop.attempts) == ([[3], [3]], [[1], [2]])
    assert [len(each["attempts"]) for each in await shop.deliveries(events)] == [0, 0, 2]


@pytest.mark.parametrize("held", [True, False], ids=["its key waits for it", "its key has gone on"])
async def test_a_retry_that_a_newer_one_has_overtaken_is_not_called_again(shop: Shop, held: bool):
    async def fail_first(event: Event) -> None:
        if event.payload == 1:
            raise OSError("away")

    react(shop, fail_first, debounce=SHORT, retry=Retry(first=1.0 if held else 150.0, jitter=0.0))
    await shop.start()
    first = await shop.burst(1)
    await shop.until(lambda: shop.calls)
    await shop.ended(waiting=1)
    second = await shop.burst(2)
    if not held:
        await shop.ended(done=1, waiting=1)
        await shop.store.write(_due_at_once)
        shop.deliver.look_again()
    await shop.ended(done=2)

    assert shop.calls == [[1], [2]]
    assert (await shop.deliveries(first))[0]["reason"] == f"superseded by {second[0].id}"


def _due_at_once(tx: Any) -> None:
    tx.connection.execute(deliveries.update().where(deliveries.c.due > 0).values(due=1))


async def test_an_older_one_that_a_person_replays_is_called(shop: Shop):
    react(shop, debounce=SHORT)
    await shop.start()
    events = await shop.burst(1, 2)
    await shop.ended(done=2)
    await replayed(shop, events[0])
    await shop.until(lambda: len(shop.calls) == 2)

    assert shop.calls == [[2], [1]]


async def test_a_plain_function_gets_the_newest_too(shop: Shop):
    shop.signals.on(LINE, debounce=SHORT)(lambda event: shop.note([event]))
    await shop.start()
    await shop.burst(1, 2)
    await shop.ended(done=2)

    assert shop.calls == [[2]]


async def test_a_handler_cannot_have_both_a_batch_and_a_debounce():
    with pytest.raises(ValueError, match="not both"):
        Signals().on(LINE, batch=Batch(quiet=1, longest=1), debounce=SHORT)


# rate


async def test_what_is_more_than_the_rate_waits_in_order_and_costs_no_attempt(shop: Shop):
    begun: list[float] = []

    async def note(event: Event) -> None:
        begun.append(time.monotonic())

    react(shop, note, rate="2/s")
    await shop.start()
    came = time.monotonic()
    events = await shop.burst(1, 2, 3, 4, 5)
    await shop.ended(done=5)

    assert shop.calls == [[1], [2], [3], [4], [5]]
    assert begun[2] - came >= 1.0
    assert begun[4] - came >= 2.0
    assert shop.attempts == [[1]] * 5
    assert [len(each["attempts"]) for each in await shop.deliveries(events)] == [1] * 5


async def test_a_rate_holds_up_no_other_account_and_no_other_handler(shop: Shop):
    others: list[int] = []

    async def other(event: Event) -> None:
        others.append(event.payload)

    react(shop, rate="1/h", concurrency=1)
    shop.signals.on(LINE)(other)
    await shop.start()
    await shop.burst(1, 2, 3)
    another = Event(LINE, b"9", account="account_2", key="order:1")
    await shop.store.keep(another, _named(another), shop.deliver.owed(LINE))
    shop.deliver.accept(another)
    await shop.ended(done=6, waiting=2)

    assert shop.calls == [[1], [9]]
    assert sorted(others) == [1, 2, 3, 9]


async def test_a_failed_try_counts_and_its_retry_waits_for_the_rate_too(shop: Shop):
    begun: list[float] = []

    async def fail(event: Event) -> None:
        begun.append(time.monotonic())
        await fail_once(event)

    react(shop, fail, rate="1/s")
    await shop.start()
    came = time.monotonic()
    await shop.burst(1)
    await shop.ended(done=1)

    assert len(begun) == 2
    assert begun[1] - came >= 1.0


async def test_a_restart_gives_nobody_a_new_rate(shop: Shop):
    react(shop, rate="2/h")
    await shop.start()
    await shop.burst(1, 2, 3)
    await shop.ended(done=2, waiting=1)
    await shop.stop(5)
    again = Shop(shop.store)
    react(again, rate="2/h")
    await again.start()
    await again.burst(4, key="order:2")
    waiting = await again.ended(done=2, waiting=2)
    await again.stop(5)

    assert (waiting["waiting"], again.calls) == (2, [])


async def test_a_batch_counts_once_in_its_rate(shop: Shop):
    shop.on(Batch(quiet=0.05, longest=5), rate="1/h")
    await shop.start()
    await shop.burst(1, 2, 3)
    await shop.ended(done=3)

    assert shop.calls == [[1, 2, 3]]


async def test_what_came_in_the_future_of_a_clock_that_was_set_back_keeps_nobody_waiting_for_long(shop: Shop):
    react(shop, rate="1/s")
    await shop.start()
    await shop.burst(1)
    await shop.ended(done=1)
    await shop.store.write(_began_in, now_ms() + 3_600_000)
    await shop.stop(5)
    again = Shop(shop.store)
    react(again, rate="1/s")
    await again.start()
    await again.burst(2)
    await again.ended(done=2)
    await again.stop(5)

    assert again.calls == [[2]]


def _began_in(tx: Any, at: int) -> None:
    tx.connection.execute(deliveries.update().values(started=at))
