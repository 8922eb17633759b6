"""What is owed that memory does not hold? It is read back from the disk: after a start, when due, after a flood."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Collection, Iterator
from typing import Any

from loguru import logger

from relay.delivery import Delivery, Performing
from relay.event import now_ms
from relay.handler import Handler
from relay.order import Backlog, Order
from relay.rate import Rates
from relay.retry import HOLD_SECONDS
from relay.store import take

log = logger.bind(component="deliver")
MOST_IN_MEMORY = 4000
# Due retries wake their loop by a timer; this is how long a lost wake-up could matter.
LOOK_SECONDS = 30.0


def last_place(found: list[take.Taken]) -> tuple[int, int]:
    """After which event and delivery the next page begins."""
    return int(found[-1].event.id, 16), found[-1].number


class ReadBack:
    """What the handlers of one loop are owed: what memory knows, and when the disk is asked for the rest.

    What is found is handed to `place`, and `start_ready` told when that was all. Only the loop's own thread calls it.
    """

    def __init__(
        self,
        performing: Performing,
        order: Order,
        rates: Rates,
        place: Callable[[Delivery], None],
        start_ready: Callable[[], None],
    ) -> None:
        self.backlogs: dict[str, Backlog] = {}
        self._performing = performing
        self._store = performing.surroundings.store
        self._loop = performing.loop
        self._order = order
        self._rates = rates
        self._unread_rates: list[Handler] = []
        self._place = place
        self._start_ready = start_ready
        self._known: dict[tuple[int, int], Backlog] = {}
        self._looking = self._stopping = False
        self._reading = 0
        self._just_written: set[tuple[int, int]] = set()
        self._timer: asyncio.Handle | None = None
        self._wakes_at = 0.0

    # What memory holds

    def add_handler(self, handler: Handler) -> None:
        """Read back for this handler too, from the next look on."""
        self.backlogs[handler.name] = Backlog(handler, MOST_IN_MEMORY)
        if handler.rate is not None:
            self._unread_rates.append(handler)

    def takes(self, delivery: Delivery) -> bool:
        """Whether what was just kept goes into memory at once; otherwise it is read back in its turn."""
        return self.backlogs[delivery.handler.name].takes(delivery)

    def learns(self, delivery: Delivery) -> bool:
        """Whether memory did not know this delivery yet; from now on it does."""
        if delivery.place in self._known:
            return False
        backlog = self._known[delivery.place] = self.backlogs[delivery.handler.name]
        backlog.in_memory += 1
        return True

    def forget(self, places: list[tuple[int, int]]) -> None:
        """What is written down leaves memory; a read that began before may still bring it, and is told."""
        for place in places:
            self._known.pop(place).in_memory -= 1
        if self._reading:
            self._just_written.update(places)
        self._catch_up()

    def stop(self) -> None:
        """Read nothing more."""
        self._stopping = True

    # From the disk

    def look(self) -> None:
        """Read back whatever memory does not know."""
        for backlog in self.backlogs.values():
            backlog.behind = backlog.missed = not backlog.handler.answers
        self._catch_up()

    def _catch_up(self) -> None:
        """Read back what memory does not hold, where there is room for it."""
        if not self._looking and not self._stopping and any(each.has_room for each in self.backlogs.values()):
            self._looking = True
            self._loop.create_task(self._read_back())

    async def _read_back(self) -> None:
        """Take up what is due and what memory does not hold, oldest first, until memory knows all or is full."""
        try:
            await self._remember_rates()
            await self._hold_keys()
            await self._take_due()
            while incomplete := [each for each in self.backlogs.values() if each.has_room]:  # a look may come meanwhile
                for backlog in incomplete:
                    await self._take_waiting(backlog)
        except Exception as error:  # noqa: BLE001  # the database may be away; nothing is lost, it is on the disk
            log.error("what is waiting could not be read, trying again: {}", error)
            self.wake_in(1.0)
        finally:
            self._looking = False

    def _names(self) -> list[str]:
        return [name for name, backlog in self.backlogs.items() if not backlog.handler.answers]

    async def _remember_rates(self) -> None:
        """What an earlier process began counts too: a restart gives nobody a new rate."""
        while self._unread_rates:
            handler = self._unread_rates[-1]
            if handler.rate is not None:
                now, wall = time.monotonic(), now_ms()
                for account, started in await self._store.read(
                    take.begun_since, handler.name, wall - handler.rate.seconds * 1000
                ):
                    self._rates.remember((handler.name, account), handler.rate, now - max(wall - started, 0) / 1000)
            self._unread_rates.remove(handler)

    async def _hold_keys(self, longer_than: float = 0.0) -> None:
        """Hold the keys of the retries that are on the disk, of handlers whose keys wait for longer than so many s."""
        names: dict[float, list[str]] = {}
        for name in self._names():
            if (hold := self.backlogs[name].handler.hold) > longer_than:
                names.setdefault(hold, []).append(name)
        with self._as_it_was_read() as ended:
            for hold, own in names.items():
                now = now_ms()
                for each in await self._store.read(take.held, own, now, hold):
                    lane = (each.handler, each.account, each.key)
                    place = (int(each.event_id, 16), each.number)
                    if place not in self._known and place not in ended:
                        to_come = max(each.due - now, 0) / 1000
                        self._order.hold_lane(lane, place, time.monotonic() + to_come + HOLD_SECONDS)

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
            after = last_place(found)
        for delivery in backlog.end_reading(all_read=len(found) < take.MOST_AT_ONCE):
            if delivery.place not in read:  # what was read may have run meanwhile, and be forgotten
                self._place(delivery)
        self._start_ready()

    async def _take_due(self) -> None:
        now = now_ms()  # for both: what becomes due between them would be seen by neither
        found = await self._take_up(take.due, self._names(), now)
        while len(found) == take.MOST_AT_ONCE:  # a key may wait for any of them
            found = await self._take_up(take.due, self._names(), now, last_place(found))
        if self._order.is_overdue(time.monotonic()):  # or a clock was set back, or the process stood still
            await self._hold_keys(longer_than=HOLD_SECONDS)
            self._order.release_stale(time.monotonic(), self._known)  # what is to be written down yet holds its key
            self._start_ready()
        due = await self._store.read(take.next_due, self._names(), now)
        if due is not None:
            self.wake_in(max((due - now_ms()) / 1000, 0.05))

    async def _take_up(self, which: Callable[..., list[take.Taken]], *arguments: Any) -> list[take.Taken]:
        """Read deliveries from the disk and put those in order that memory does not hold."""
        with self._as_it_was_read() as ended:
            found = await self._store.read(which, *arguments)
            for each in found:
                backlog = self.backlogs[each.handler]
                delivery = Delivery(each.event, each.number, backlog.handler, self._store.handler_ids[each.handler])
                delivery.take_up(self._performing, each.attempts, each.first_failed)
                if delivery.handler.debounced and each.first_failed is not None:
                    delivery.superseded = await self._store.read(take.newer, each)
                if delivery.place in ended:
                    backlog.behind = backlog.missed = True  # ended meanwhile, or is to run again: the next look tells
                else:
                    self._place(delivery)
        self._start_ready()
        return found

    @contextlib.contextmanager
    def _as_it_was_read(self) -> Iterator[Collection[tuple[int, int]]]:
        """While the disk is read: what has been written down since, of which a read that began before tells nothing."""
        self._reading += 1
        try:
            yield self._just_written
        finally:
            self._reading -= 1
            if not self._reading:
                self._just_written.clear()

    # When

    def wake_in(self, seconds: float) -> None:
        """Look at what is due in so many seconds, or sooner if a sooner look is planned; at the latest in 30 s."""
        when = self._loop.time() + min(max(seconds, 0.0), LOOK_SECONDS)
        if self._timer is not None:
            if self._wakes_at <= when:
                return
            self._timer.cancel()
        # uvloop gives a handle that does not know its time where it is now or past.
        self._wakes_at, self._timer = when, self._loop.call_at(when, self._woken)

    def _woken(self) -> None:
        self._timer = None
        if not self._stopping:
            self.wake_in(LOOK_SECONDS)
            self._loop.create_task(self._due_now())

    async def _due_now(self) -> None:
        try:
            await self._take_due()
        except Exception as error:  # noqa: BLE001  # the database may be away; the next look comes
            log.error("what is due could not be read: {}", error)
        self._catch_up()
