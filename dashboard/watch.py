"""Is something wrong, and who knows of it? Looked at again and again; told once when it begins, once when over."""

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec
from loguru import logger

from clients import Chatwoot
from config.settings import Settings
from dashboard import alarms
from dashboard.alarms import Alarm, Change
from dashboard.books import Books
from dashboard.facts import Facts
from dashboard.tell import Teller, Telling
from hubcrew import HubCrew
from relay.event import now_ms
from relay.store import State, Store

log = logger.bind(component="server")
FIRST_LOOK_SECONDS = 5.0
REMEMBERED = "alarms"
MOST_UNTOLD = 500


class Memory(msgspec.Struct):
    """What outlives the process: which alarms are on, which were acknowledged (at what level), what is to be told."""

    on: dict[str, Alarm] = {}
    acknowledged: dict[str, int] = {}
    untold: list[Telling] = []


class Watch:
    """Looks, remembers, tells. Whatever fails in it is logged, and harms nothing else."""

    def __init__(self, settings: Settings, store: Store, chatwoot: Chatwoot, crew: HubCrew) -> None:
        self.books = Books(store)
        self._state = State(store)
        self._seconds = settings.alarms.every_seconds
        self._facts = Facts(settings, store, chatwoot, crew, self.books)
        self._teller = Teller(settings, chatwoot)
        self._memory: Memory | None = None
        self._changing = asyncio.Lock()
        self._failed: set[str] = set()

    @property
    def alarms(self) -> list[Alarm]:
        """What is on, the newest first."""
        on = self._memory.on if self._memory is not None else {}
        return sorted(on.values(), key=lambda each: -each.since)

    async def run(self) -> None:
        """Look for as long as the server runs."""
        counting = asyncio.create_task(self.books.keep_counting())
        try:
            await asyncio.sleep(min(self._seconds, FIRST_LOOK_SECONDS))
            while True:
                try:
                    await self.look()
                except Exception as error:  # noqa: BLE001  # the next look tries again
                    log.error("the alarms could not be looked at: {}", error)
                await asyncio.sleep(self._seconds)
        finally:
            counting.cancel()

    async def look(self) -> None:
        """Look once, at everything, and tell what is to be told."""
        memory = await self._recall()
        now = now_ms()
        found, unseen = await self._look_at_all(now, memory)
        async with self._changing:
            await self._take(alarms.compare(memory.on, memory.acknowledged, found, unseen), now)
        await self._teller.tell(list(memory.untold), self._told)

    async def acknowledge(self, asked: str) -> list[str] | None:
        """Somebody has seen an alarm (its id), or all of a code: they are over; None where none of them is on."""
        memory = await self._recall()
        async with self._changing:
            change = alarms.acknowledge(memory.on, memory.acknowledged, asked)
            if change is not None:
                await self._take(change, now_ms())
        return None if change is None else [each.id for each in change.over]

    async def _look_at_all(self, now: int, memory: Memory) -> tuple[list[Alarm], set[str]]:
        found: list[Alarm] = []
        unseen: set[str] = set()
        for code, look in self._facts.looks.items():
            try:
                found += await look(now, memory.on)
            except Exception as error:  # noqa: BLE001, PERF203  # the others are looked at nevertheless
                unseen.add(code)
                if code not in self._failed:
                    log.error("whether the alarm {} is on cannot be found out: {}", code, error)
        self._failed = unseen
        return found, unseen

    async def _recall(self) -> Memory:
        """What the process before this one knew: it is not told again."""
        async with self._changing:
            if self._memory is None:
                known = await self._state.get("", REMEMBERED)
                try:
                    memory = msgspec.convert(known or {}, Memory)
                except msgspec.ValidationError as error:
                    log.error("which alarms were on cannot be read, they are told anew: {}", error)
                    memory = Memory()
                self._facts.go_on(memory.on.values(), now_ms())
                self._memory = memory
        return self._memory

    async def _take(self, change: Change, now: int) -> None:
        """Remember a change on the disk, then in the log."""
        memory = self._memory
        assert memory is not None
        untold = [*memory.untold, *self._teller.tellings(change.begun, change.over, now)][-MOST_UNTOLD:]
        fresh = Memory(change.on, change.acknowledged, untold)
        if change.begun or change.over or change.acknowledged != memory.acknowledged:
            await self._remember(fresh)
        memory.on, memory.acknowledged, memory.untold = fresh.on, fresh.acknowledged, fresh.untold
        _log(change.begun, change.over)

    async def _told(self, telling: Telling) -> None:
        async with self._changing:
            memory = self._memory
            assert memory is not None
            left = [each for each in memory.untold if each != telling]
            await self._remember(Memory(memory.on, memory.acknowledged, left))
            memory.untold = left

    async def _remember(self, memory: Memory) -> None:
        value: Any = msgspec.to_builtins(memory)
        await self._state.put("", REMEMBERED, value)


def _log(begun: Sequence[Alarm], over: Sequence[Alarm]) -> None:
    for each in begun:
        log.warning("alarm: {} (look at {})", each.id, each.where or "the disk")
    for each in over:
        log.info("alarm over: {}", each.id)
