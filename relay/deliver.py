"""The way out: what is owed is handed to its handler, on the handler's own loop, and how it went is written down."""

import asyncio
import concurrent.futures
import fnmatch
from typing import Any

import msgspec
from loguru import logger

from relay.delivery import Delivery, Surroundings
from relay.event import EMITTED, Event, Named, key_of, now_ms
from relay.figures import Figures
from relay.handler import Handler, loop_name
from relay.perform import HandlerLoop
from relay.rounds import Rounds, tell
from relay.signals import Signals
from relay.store import State, Store, take
from relay.store.keep import Owed
from relay.traces import Traces

log = logger.bind(component="deliver")
MOST_REMEMBERED = 10_000
SWITCHED_OFF = "handlers switched off"


class Deliver:
    """Every handler loop of the process, and what each handler is owed."""

    def __init__(
        self,
        store: Store,
        signals: Signals,
        figures: Figures | None = None,
        traces: Traces | None = None,
        rounds: Rounds | None = None,
    ) -> None:
        self.figures, self.traces = figures or Figures(), traces or Traces()
        self._store = store
        self._signals = signals
        self._rounds = rounds or Rounds()
        around = (store, self.emit, signals.component_of, self.figures, self.traces, self._rounds)
        self._surroundings = Surroundings(*around)
        self._loops: dict[str, HandlerLoop] = {}
        self._handlers: dict[str, Handler] = {}
        self._absent: list[tuple[int, str, list[str]]] = []
        self._owed: dict[str, list[Owed]] = {}

    async def start(self) -> None:
        """Take up what an earlier process left, then deliver."""
        self._handlers = {handler.name: handler for handler in self._signals.all_handlers()}
        handlers = self._handlers.values()
        await self._store.register_handlers({each.name: " ".join(each.patterns) for each in handlers if each.keep})
        await self._find_absent()
        for name in await State(self._store).get("", SWITCHED_OFF) or ():
            if name in self._handlers:
                self._handlers[name].off = True
        answering = [each.name for each in handlers if each.answers]
        taken_up = await self._store.write(take.take_up_interrupted, answering, now_ms())
        if taken_up:
            log.warning("{} deliveries were interrupted when the server last stopped", taken_up)
        await self._store.write(take.park_absent, list(self._handlers))
        for name in dict.fromkeys(each.loop_name for each in handlers):
            self._loop_named(name).take_charge_of([each for each in handlers if each.loop_name == name])
        for periodic in self._signals.periodic:
            self._loop_named(periodic.loop_name).repeat(periodic)

    async def _find_absent(self) -> None:
        """Handlers that were loaded once and whose module is broken now: what they are owed is parked, not lost."""
        for name, patterns in (await self._store.handlers_seen()).items():
            plugin = loop_name(name.partition(":")[0])
            if name not in self._handlers and plugin in self._signals.aside:
                self._absent.append((self._store.handler_ids[name], take.ABSENT, patterns.split()))

    def _loop_named(self, name: str) -> HandlerLoop:
        if name not in self._loops:
            self._loops[name] = HandlerLoop(name, self._surroundings)
        return self._loops[name]

    @property
    def loops(self) -> list[HandlerLoop]:
        """The loops that handlers run on."""
        return list(self._loops.values())

    # The walk of an event that was just received

    def owed(self, signal: str) -> list[Owed]:
        """One delivery per handler of the signal, in the order of `reacting`; parked for those that are broken."""
        owed = self._owed.get(signal)
        if owed is None:
            ids = self._store.handler_ids
            owed = [Owed(ids[each.name]) for each in self._signals.reacting(signal)]
            owed += [
                Owed(handler_id, "parked", reason)
                for handler_id, reason, patterns in self._absent
                if any(fnmatch.fnmatchcase(signal, pattern) for pattern in patterns)
            ]
            if len(self._owed) < 1024:
                self._owed[signal] = owed
        return owed

    def accept(self, event: Event, *, gather: bool = False) -> None:
        """Deliver an event that has just been kept, straight from memory (`gather`: as the way in does)."""
        for number, handler in enumerate(self._signals.reacting(event.name)):
            delivery = Delivery(event, number, handler, self._store.handler_ids[handler.name])
            self._loop_named(handler.loop_name).accept(delivery, gather=gather)

    async def answer(self, event: Event, handler: Handler, number: int) -> Any:
        """Deliver to the handler that answers this event, and wait for what it returns or raises."""
        delivery = Delivery(event, number, handler, self._store.handler_ids[handler.name])
        delivery.answer = concurrent.futures.Future()
        self._loop_named(handler.loop_name).accept(delivery, gather=True)
        return await asyncio.wrap_future(delivery.answer)

    async def emit(self, parent: Delivery, name: str, payload: Any, key: str | None) -> None:
        """Make a new event out of a delivery's, once per (delivery, name, key)."""
        await self.emit_of(parent.event, parent.handler.name, name, payload, key)

    async def emit_of(self, origin: Event, by: str, name: str, payload: Any, key: str | None) -> None:
        """Make a new event of the same account as another one, once per (event, maker, name, key)."""
        event = Event(
            name,
            msgspec.json.encode(payload),
            source="relay",
            account=origin.account,
            key=key_of(key or origin.key, test=origin.test),
            headers=origin.leads_to(by).as_headers,
            path=f"{EMITTED}{origin.id}",
            test=origin.test,
        )
        named = Named(name, event.account, event.key, repeat_id=f"{origin.id}:{by}:{name}:{event.key}")
        await self.make(event, named)

    async def make(self, event: Event, named: Named) -> bool:
        """Keep an event of our own, and deliver it unless it is known; whether it is new."""
        # Shielded: whoever is cancelled here must not leave an event that is kept and delivered to nobody.
        return await asyncio.shield(asyncio.ensure_future(self._keep_and_accept(event, named)))

    async def _keep_and_accept(self, event: Event, named: Named) -> bool:
        owed, cut = self.owed(event.name), self._rounds.gone(event)
        if cut is not None:  # kept, shown, and handed to nobody, unless a person wants it to go on
            owed = [Owed(each.handler_id, "parked", cut) for each in owed]
        try:
            is_new = await self._store.keep(event, named, owed)
        except Exception:
            self.look_again()  # it may be on the disk all the same
            raise
        result = "event" if is_new else "repeated"
        self.figures.request(event.source, result, 200)
        self.traces.received(event, result, 200)
        if is_new and cut is None:
            self.accept(event)
        elif is_new and event.cause is not None and cut is not None:
            tell(cut, event.id)
            self.figures.cut(event.cause.by)
        return is_new

    async def switch(self, handler: Handler, *, on: bool) -> int:
        """Switch a handler off, or on; returns how many deliveries that were parked meanwhile wait again."""
        handler.off = not on

        def changed(names: list[str] | None) -> list[str] | None:
            off = set(names or ()) - {handler.name} if on else {*(names or ()), handler.name}
            return sorted(off) or None

        await State(self._store).change("", SWITCHED_OFF, changed)
        log.warning("{} was switched {}", handler.name, "on" if on else "off")
        if not on:
            return 0
        unparked = await self._store.write(take.unpark, self._store.handler_ids[handler.name], take.SWITCHED_OFF)
        self.look_again()
        return unparked

    def look_again(self) -> None:
        """Something is on the disk that memory does not know: a replay, or a write whose outcome was unclear."""
        for loop in self._loops.values():
            loop.look_again()

    async def stop(self, grace_seconds: float) -> None:
        """Let what runs finish within the grace; release the rest without charging an attempt."""
        await asyncio.gather(*(loop.stop(grace_seconds) for loop in self._loops.values()))


class Emit:
    """Makes new events where there is no delivery to make them: in what is called again and again."""

    def __init__(self, deliver: Deliver) -> None:
        self._deliver = deliver
        self._made: set[tuple[str, str]] = set()

    async def __call__(self, name: str, payload: Any, *, of: Event, key: str | None = None) -> None:
        """Make an event of the same account as `of`; the same name for the same event is made once."""
        if (of.id, name) not in self._made:
            await self._deliver.emit_of(of, "emit", name, payload, key)
            if len(self._made) >= MOST_REMEMBERED:
                self._made.clear()  # the store knows them all
            self._made.add((of.id, name))
