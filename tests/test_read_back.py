"""relay/read_back.py: what was owed before the start is looked for once all of a loop's handlers are known."""

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
