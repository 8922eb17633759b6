"""What may run next? In order per key, one at a time, within a handler's limit; no key waits for another."""

import bisect
import math
from collections import deque
from collections.abc import Container, Hashable
from typing import Any, Protocol

# A closed lane is held by a place before all places.
BEFORE_ALL = (-1, -1)


class Ordered(Protocol):
    """What is put in order: `place` grows with receipt, `lane` is its key (None: no order), `slot` its limit."""

    @property
    def place(self) -> tuple[int, int]: ...
    @property
    def lane(self) -> Hashable | None: ...
    @property
    def slot(self) -> Hashable: ...
    @property
    def most(self) -> int: ...


class _Lane:
    __slots__ = ("held", "running", "waiting")

    def __init__(self) -> None:
        self.waiting: list[tuple[tuple[int, int], Any]] = []
        self.running = False
        self.held: dict[tuple[int, int], float] = {}


class Order:
    """Deliveries waiting for their turn. `ready()` gives those that may start; each that ends is said with `ended`."""

    def __init__(self) -> None:
        self._lanes: dict[Hashable, _Lane] = {}
        self._slots: dict[Hashable, int] = {}
        self._full: dict[Hashable, deque[Any]] = {}
        self._ready: deque[Any] = deque()

    def add(self, item: Ordered) -> None:
        """Put an item in its lane; one that came earlier goes before those that came later."""
        if item.lane is None:
            self._take_slot(item)
            return
        lane = self._lanes.get(item.lane)
        if lane is None:
            lane = self._lanes[item.lane] = _Lane()
        bisect.insort(lane.waiting, (item.place, item))
        self._advance(item.lane, lane)

    def ready(self) -> deque[Any]:
        """What may start now; the caller takes them out."""
        return self._ready

    def ended(self, item: Ordered) -> None:
        """An item has ended, well or badly: the next of its lane and of its slot may start."""
        self._free_slot(item)
        lane = self._lanes.get(item.lane) if item.lane is not None else None
        if lane is not None and item.lane is not None:
            lane.running = False
            self._advance(item.lane, lane)

    def hold(self, item: Ordered, until: float) -> None:
        """Let the later ones of this item's lane wait for its retry, at most until this time. Say it before `ended`."""
        if item.lane is not None:
            lane = self._lanes.setdefault(item.lane, _Lane())
            lane.held[item.place] = until

    def hold_lane(self, lane_key: Hashable, place: tuple[int, int], until: float) -> None:
        """The same for a retry that is only on the disk; one that is held already is so for that long at the least."""
        held = self._lanes.setdefault(lane_key, _Lane()).held
        held[place] = max(held.get(place, until), until)

    def pass_over(self, item: Ordered) -> None:
        """An item is not to run after all: what waits for its retry goes on."""
        lane = self._lanes.get(item.lane) if item.lane is not None else None
        if lane is not None and item.lane is not None and lane.held.pop(item.place, None) is not None:
            self._advance(item.lane, lane)

    def close(self, lane_key: Hashable) -> None:
        """Let a lane wait, whatever is in it, until it is opened."""
        self._lanes.setdefault(lane_key, _Lane()).held[BEFORE_ALL] = math.inf

    def open(self, lane_key: Hashable) -> None:
        """Let a closed lane go on."""
        lane = self._lanes.get(lane_key)
        if lane is not None and lane.held.pop(BEFORE_ALL, None) is not None:
            self._advance(lane_key, lane)

    def take_along(self, item: Ordered, most: int) -> list[Any]:
        """Take out those that follow a started item in its lane, to run with it; none passes a retry that is away."""
        lane = self._lanes[item.lane]
        lane.held.pop(BEFORE_ALL, None)
        following = lane.waiting[:most]
        away = min(lane.held.keys() - {place for place, _ in following}, default=None)
        taken = [(place, each) for place, each in following if away is None or place < away]
        for place, _ in taken:
            lane.held.pop(place, None)
        del lane.waiting[: len(taken)]
        return [each for _, each in taken]

    def is_overdue(self, now: float) -> bool:
        """Whether some lane's retry has not come in time."""
        return any(until <= now for lane in self._lanes.values() for until in lane.held.values())

    def release_stale(self, now: float, known: Container[tuple[int, int]] = ()) -> None:
        """Let go of lanes whose retry has not come in time, unless it is `known` to be still on its way."""
        for key, lane in list(self._lanes.items()):
            stale = [place for place, until in lane.held.items() if until <= now and place not in known]
            for place in stale:
                del lane.held[place]
            if stale:
                self._advance(key, lane)

    def _advance(self, key: Hashable, lane: _Lane) -> None:
        if lane.running:
            return
        if not lane.waiting:
            if not lane.held:
                del self._lanes[key]
            return
        place, item = lane.waiting[0]
        if lane.held and place > min(lane.held):
            return
        lane.held.pop(place, None)
        del lane.waiting[0]
        lane.running = True
        self._take_slot(item)

    def _take_slot(self, item: Ordered) -> None:
        taken = self._slots.get(item.slot, 0)
        if taken >= item.most:
            self._full.setdefault(item.slot, deque()).append(item)
            return
        self._slots[item.slot] = taken + 1
        self._ready.append(item)

    def _free_slot(self, item: Ordered) -> None:
        waiting = self._full.get(item.slot)
        if waiting:
            self._ready.append(waiting.popleft())
            if not waiting:
                del self._full[item.slot]
        elif self._slots[item.slot] == 1:
            del self._slots[item.slot]
        else:
            self._slots[item.slot] -= 1


class Backlog:
    """What one handler is owed: in memory up to a limit, and behind that on the disk, which is read back in order."""

    def __init__(self, handler: Any, most: int) -> None:
        self.handler = handler
        self.in_memory = 0
        self.behind = False
        self.missed = False
        self._most = most
        self._reading = False
        self._meanwhile: list[Any] = []

    @property
    def has_room(self) -> bool:
        """Whether there is something to read back, and memory for a good part of it."""
        return self.behind and self.in_memory <= self._most // 2

    def takes(self, item: Any) -> bool:
        """Whether a new item goes into memory at once; otherwise it is read back from the disk in its turn."""
        if not self.behind and self.in_memory < self._most:
            return True
        self.behind = True
        if self._reading and len(self._meanwhile) < self._most:
            self._meanwhile.append(item)
        else:
            self.missed = True
        return False

    def begin_reading(self) -> None:
        """From now on new items are set aside: they go behind what is being read."""
        self._reading, self.missed = True, False

    def end_reading(self, *, all_read: bool) -> list[Any]:
        """What came meanwhile, if the disk holds nothing else any more; otherwise it is read back in its turn too."""
        meanwhile, self._meanwhile = self._meanwhile, []
        self._reading = False
        self.behind = self.missed or not all_read
        return [] if self.behind else meanwhile
