"""relay/read_back.py: nothing that is owed is overlooked, whatever happens while the disk is read."""

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from relay import Event, Named, Retry
from relay.deliver import Deliver
from relay.event import now_ms
from relay.order import Backlog
from relay.signals import Signals
from relay.store import Store, take
from relay.store.tables import deliveries
from tests.rig import eventually

pytestmark = pytest.mark.anyio
YEAR = 366 * 86_400.0


def handlers_of(signals: Signals, how_many: int) -> set[int]:
    """Connect so many handlers, each with a signal of its own; the numbers of those that were called."""
    called: set[int] = set()

    def connect(number: int) -> None:
        async def react(_event: Event) -> None:
            called.add(number)

        react.__qualname__ = f"react_{number}"
        signals.on(f"shop.signal_{number}")(react)

    for number in range(how_many):
        connect(number)
    return called


async def test_no_handler_is_added_while_what_the_others_are_owed_is_read(
    open_store: Callable[[], Store], monkeypatch: pytest.MonkeyPatch
):
    store, signals, asked = open_store(), Signals(), []
    called = handlers_of(signals, 20)
    names = [each.name for each in signals.all_handlers()]
    await store.register_handlers(dict.fromkeys(names, ""))
    deliver = Deliver(store, signals)
    last = Event("shop.signal_19", b"1", account="shop", key="order:1")
    await store.keep(last, Named(last.name, "shop", last.key), deliver.owed(last.name))
    read = store.read

    async def noted(which: Any, *arguments: Any) -> Any:
        if which is take.held:
            asked.append(sorted(arguments[0]))
        return await read(which, *arguments)

    class Slow(Backlog):
        """A machine that does other things, too."""

        def __init__(self, *arguments: Any) -> None:
            time.sleep(0.01)
            super().__init__(*arguments)

    monkeypatch.setattr(store, "read", noted)
    monkeypatch.setattr("relay.read_back.Backlog", Slow)
    await deliver.start()
    eventually(lambda: called == {19}, seconds=5)
    await deliver.stop(1)

    assert asked
    assert all(each == sorted(names) for each in asked)


async def test_what_is_to_be_looked_for_again_while_others_are_read_is_looked_for_at_once(
    open_store: Callable[[], Store], monkeypatch: pytest.MonkeyPatch
):
    store, signals, called, looked = open_store(), Signals(), [], []

    @signals.on("shop.opened")
    async def first(event: Event) -> None:
        called.append(event.id)

    @signals.on("shop.closed")
    async def second(event: Event) -> None: ...

    names = [each.name for each in signals.all_handlers()]
    await store.register_handlers(dict.fromkeys(names, ""))
    deliver = Deliver(store, signals)
    event = Event("shop.opened", b"1", account="shop", key="order:1")
    read = store.read

    async def interrupted(which: Any, *arguments: Any) -> Any:
        if which is take.waiting and arguments[0] == [names[-1]] and not looked:
            looked.append(names[-1])
            deliver.look_again()  # as a person does who discards or replays
            await asyncio.sleep(0)
        return await read(which, *arguments)

    monkeypatch.setattr(store, "read", interrupted)
    await deliver.start()
    eventually(lambda: looked, seconds=5)
    await store.keep(event, Named(event.name, "shop", event.key), deliver.owed(event.name))
    deliver.accept(event)
    eventually(lambda: called == [event.id], seconds=5)
    await deliver.stop(1)

    assert called == [event.id]


def on_disk(store: Store) -> list[tuple[str, int]]:
    """The state of every delivery, and when its retry is due."""
    with store.engine.connect().execution_options(reading=True) as connection, connection.begin():
        return [(row.state, row.due) for row in connection.execute(select(deliveries))]


async def come(store: Store, deliver: Deliver, body: bytes) -> None:
    """An event of the one key comes in."""
    event = Event("shop.opened", body, account="shop", key="order:1")
    await store.keep(event, Named(event.name, "shop", event.key), deliver.owed(event.name))
    deliver.accept(event)


def failing_once(signals: Signals, **retry: float) -> list[bytes]:
    """A handler whose first call fails; gives what it was called with."""
    called: list[bytes] = []

    @signals.on("shop.opened", retry=Retry(first=1.0, jitter=0, **retry))  # type: ignore[arg-type]  # no series
    async def fail_once(event: Event) -> None:
        called.append(event.body)
        if called == [b"1"]:
            raise RuntimeError

    return called


@pytest.mark.parametrize("hold", [YEAR, 120.0])
async def test_a_retry_that_a_clock_has_put_off_is_passed_only_where_that_is_allowed(
    open_store: Callable[[], Store], monkeypatch: pytest.MonkeyPatch, hold: float
):
    """The clock is set back after a failure: what is due by it is not due yet, though the time has passed."""
    store, signals = open_store(), Signals()
    called = failing_once(signals, hold=hold)
    deliver = Deliver(store, signals)
    await deliver.start()
    wall, later = now_ms() - 300_000, time.monotonic() + 500
    monkeypatch.setattr("relay.read_back.now_ms", lambda: wall)
    for body in (b"1", b"2"):
        await come(store, deliver, body)
    eventually(lambda: any(due for _state, due in on_disk(store)), seconds=5)
    [loop] = deliver.loops
    with monkeypatch.context() as patched:
        patched.setattr("relay.read_back.time.monotonic", lambda: later)
        for _ in range(3):
            await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(loop._owed._due_now(), loop.loop))
    passed = called[1:]
    monkeypatch.undo()
    eventually(lambda: b"1" in called[1:], seconds=10)
    await deliver.stop(1)

    assert passed == ([] if hold == YEAR else [b"2"])


async def test_a_retry_that_ends_while_the_disk_is_read_holds_its_key_no_longer(
    open_store: Callable[[], Store], monkeypatch: pytest.MonkeyPatch
):
    store, signals, ended = open_store(), Signals(), threading.Event()
    called, deliver = failing_once(signals), Deliver(store, signals)
    read, looked = store.read, threading.Event()

    async def slow(which: Any, *arguments: Any) -> Any:
        found = await read(which, *arguments)
        if which is take.held and found:
            looked.set()
            await asyncio.to_thread(ended.wait, 10)
        return found

    await deliver.start()
    await come(store, deliver, b"1")
    eventually(lambda: any(due for _state, due in on_disk(store)), seconds=5)
    monkeypatch.setattr(store, "read", slow)
    eventually(lambda: deliver.look_again() or looked.is_set(), seconds=5)
    eventually(lambda: on_disk(store)[0][0] == "done", seconds=5)
    ended.set()
    await come(store, deliver, b"2")
    eventually(lambda: len(called) == 3, seconds=5)
    await deliver.stop(1)

    assert called == [b"1", b"1", b"2"]


@pytest.mark.parametrize("hold", [YEAR, 120.0])
async def test_an_order_that_must_not_be_broken_is_kept_while_its_handler_is_off(
    open_store: Callable[[], Store], monkeypatch: pytest.MonkeyPatch, hold: float
):
    monkeypatch.setattr("relay.delivery.OFF_MS", 500)
    store, signals = open_store(), Signals()
    called, deliver = failing_once(signals, hold=hold), Deliver(store, signals)
    [handler] = signals.all_handlers()
    await deliver.start()
    await deliver.switch(handler, on=False)
    await come(store, deliver, b"2")
    state = "parked" if hold == 120.0 else "waiting"
    eventually(lambda: [each[0] for each in on_disk(store)] == [state] and (state == "parked" or on_disk(store)[0][1]))
    handler.off = False  # what comes in the moment before it is read what waits
    await come(store, deliver, b"3")
    eventually(lambda: called)
    await deliver.switch(handler, on=True)
    eventually(lambda: len(called) == 2)
    await deliver.stop(1)

    assert called == ([b"2", b"3"] if hold == YEAR else [b"3", b"2"])
