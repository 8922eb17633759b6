"""Who makes the events of @every and @daily? Each slot is kept once per account, however many processes look."""

import asyncio
import time
from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo

import msgspec
from loguru import logger

from relay.deliver import Deliver
from relay.event import Event, Named
from relay.handler import Handler
from relay.schedule import Slot
from relay.store import State, Store
from relay.store.keep import is_known

log = logger.bind(component="deliver")
SOURCE = "schedule"
# How soon a new account, another zone, or a clock that was set is noticed.
LOOK_SECONDS = 10.0


class Clock:
    """Makes an event of each slot of each schedule, for every account; `zones` gives their time zones as they are now.

    A slot that was missed is made up, the newest alone, but not from before its handler and account were first seen.
    """

    def __init__(
        self,
        store: Store,
        deliver: Deliver,
        handlers: list[Handler],
        zones: Callable[[], Mapping[str, tzinfo]],
        now: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._deliver = deliver
        self._handlers = [each for each in handlers if each.schedule is not None]
        self._zones = zones
        self._now = now
        self._past: dict[tuple[str, str], str] = {}
        self._since: dict[tuple[str, str], float] = {}

    async def run(self) -> None:
        """Look at the clock for as long as the server runs."""
        while self._handlers:
            all_kept = await self.look()
            await asyncio.sleep(self._pause() if all_kept else 1.0)

    async def look(self) -> bool:
        """Make the events that are due now; whether all of them could be kept: one that was not keeps no other back."""
        now = self._now()
        due = [(each, account, zone) for account, zone in self._zones().items() for each in self._handlers]
        return all([await self._kept(handler, account, zone, now) for handler, account, zone in due])

    async def _kept(self, handler: Handler, account: str, zone: tzinfo, now: float) -> bool:
        try:
            await self._look_for(handler, account, zone, now)
        except Exception as error:  # noqa: BLE001  # the database may be away; the slot is not past yet
            log.error("what the clock is to make for {} could not be kept, trying again: {}", handler.name, error)
            return False
        return True

    async def _look_for(self, handler: Handler, account: str, zone: tzinfo, now: float) -> None:
        slot = handler.schedule.slot(now, zone) if handler.schedule is not None else None
        since = await self._first_seen(handler, account, now)
        if slot is not None and self._past.get((handler.name, account)) != slot.name:
            if slot.at >= since and not handler.off:
                await self._make(handler, account, slot, zone)
            self._past[handler.name, account] = slot.name

    def _pause(self) -> float:
        now, zones = self._now(), self._zones().values()
        coming = [each.schedule.next_at(now, zone) for each in self._handlers if each.schedule for zone in zones]
        return min([LOOK_SECONDS, *(at - now for at in coming)]) + 0.001  # never a moment too early

    async def _first_seen(self, handler: Handler, account: str, now: float) -> float:
        """Since when this handler has this schedule for this account; never in the future (a clock set back)."""
        since = self._since.get((handler.name, account))
        if since is None or since > now:
            name = f"schedule of {handler.name}: {handler.schedule}"
            known = await State(self._store).get(account, name)
            if known is None or known > now:
                await State(self._store).put(account, name, now)
            since = self._since[handler.name, account] = min(now, now if known is None else known)
        return since

    async def _make(self, handler: Handler, account: str, slot: Slot, zone: tzinfo) -> None:
        signal = handler.patterns[0]
        named = Named(signal, account, signal, repeat_id=f"{handler.name}:{account}:{slot.name}")
        if not await self._store.read(is_known, SOURCE, named):
            body = msgspec.json.encode({"at": datetime.fromtimestamp(slot.at, zone).isoformat()})
            event = Event(signal, body, source=SOURCE, account=account, key=signal)
            await self._deliver.make(event, named)
