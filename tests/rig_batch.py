"""What the tests of batches stand on: the way out above a real store, with handlers that note what they get."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import anyio
from sqlalchemy import update

from relay import Batch, Event, Named, Retry
from relay.deliver import Deliver
from relay.event import now_ms
from relay.signals import Signals
from relay.store import Store, look
from relay.store.tables import events as events_table
from relay.store.writer import Transaction

LINE = "shop.order_line"
SOON = Retry(first=0.05, jitter=0.0)


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
        self.delivers = False

    def on(self, batch: Batch, act: Callable[[list[Event]], Awaitable[Any]] | None = None, **options: Any) -> None:
        """React to order lines with this, and note each call."""

        async def together(events: list[Event]) -> None:
            self.note(events)
            if act is not None:
                await act(events)

        self.signals.on(LINE, batch=batch, **{"retry": SOON, **options})(together)

    async def stop(self, grace_seconds: float) -> None:
        """Deliver no more."""
        if self.delivers:
            self.delivers = False
            await self.deliver.stop(grace_seconds)

    async def start(self) -> None:
        """Deliver from now on: when this returns, what an earlier process left has been read back."""
        await self.deliver.start()
        self.delivers = True
        loops = self.deliver._loops.values()
        for each in loops:
            await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(asyncio.sleep(0), each.loop))  # it has begun
        await self.until(lambda: not any(backlog.behind for each in loops for backlog in each._owed.backlogs.values()))

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
