"""relay/read_back.py: nothing that is owed is overlooked, whatever happens while the disk is read."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest

from relay import Event, Named
from relay.deliver import Deliver
from relay.order import Backlog
from relay.signals import Signals
from relay.store import Store, take
from tests.rig import eventually

pytestmark = pytest.mark.anyio


async def test_no_handler_is_added_while_what_the_others_are_owed_is_read(
    open_store: Callable[[], Store], monkeypatch: pytest.MonkeyPatch
):
    store, signals, called, asked = open_store(), Signals(), set(), []

    def handler(number: int) -> Any:
        async def react(_event: Event) -> None:
            called.add(number)

        react.__qualname__ = f"react_{number}"
        return react

    for number in range(20):
        signals.on(f"shop.signal_{number}")(handler(number))
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
