"""Which events are handed over together? Those of one key that come in quick succession, once it is quiet."""

import heapq
import itertools
import math
import sys
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from relay.order import Order

if TYPE_CHECKING:
    from relay.delivery import Delivery


@dataclass(frozen=True)
class Batch:
    """One call for the events of one key that come in quick succession.

    It begins once nothing has come for `quiet` seconds, at the latest `longest` seconds after the first was received,
    and at once when there are `most`.
    """

    quiet: float
    longest: float
    most: int = 100

    def __post_init__(self) -> None:
        if not 0 < self.quiet <= self.longest < math.inf:
            given = f"quiet={self.quiet} and longest={self.longest}"
            raise ValueError(f"a batch waits for some seconds of quiet, and no longer than the longest: not {given}")
        if not isinstance(self.most, int) or self.most < 1:
            raise ValueError(f"a batch has a whole number of events, at least one: not most={self.most}")

    def begins_at(self, first: float, newest: float, count: int) -> float:
        """When a batch may begin whose first and newest event were received then."""
        return -math.inf if count >= self.most else min(newest + self.quiet, first + self.longest)


@dataclass(frozen=True)
class Debounce(Batch):
    """One call for the newest of a key's events that come in quick succession; the older ones are done without one.

    It begins once nothing has come for `quiet` seconds, at the latest `longest` seconds after the first was received.
    """

    most: int = field(default=sys.maxsize, init=False, repr=False)


def waiting_since(delivery: "Delivery", wall_ms: int, now: float) -> float:
    """Since when an event waits, by the clock that never jumps (`now`); what was begun before has waited enough.

    An event that was received in the future (the clock was set back since) waits from now.
    """
    if delivery.attempts or delivery.first_failed is not None:
        return -math.inf
    return now - max(wall_ms - delivery.event.received, 0) / 1000


class _Gathering:
    """What waits of one key."""

    __slots__ = ("batch", "first", "lane", "newest", "planned", "since")

    def __init__(self, lane: Hashable, batch: Batch) -> None:
        self.lane = lane
        self.batch = batch
        self.since: dict[tuple[int, int], float] = {}
        self.first, self.newest = math.inf, -math.inf
        self.planned = math.inf

    def add(self, place: tuple[int, int], since: float) -> None:
        self.since[place] = since
        self.first, self.newest = min(self.first, since), max(self.newest, since)

    def take(self, places: list[tuple[int, int]]) -> None:
        for place in places:
            self.since.pop(place, None)
        self.first = min(self.since.values(), default=math.inf)
        self.newest = max(self.since.values(), default=-math.inf)

    @property
    def begins_at(self) -> float:
        return self.batch.begins_at(self.first, self.newest, len(self.since))


class Batches:
    """The keys that gather: their lanes are closed in the order until their time has come. It is told the time."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._gathering: dict[Hashable, _Gathering] = {}
        self._planned: list[tuple[float, int, _Gathering]] = []
        self._numbers = itertools.count()
        self.changed: dict[Hashable, _Gathering] = {}  # what is to be settled anew

    def add(self, delivery: "Delivery", since: float) -> None:
        """Let a delivery's lane gather, before it is put there; without a key it gathers with nothing."""
        batch = delivery.handler.batch
        if batch is None or delivery.lane is None:
            return
        gathering = self._gathering.get(delivery.lane)
        if gathering is None:
            gathering = self._gathering[delivery.lane] = _Gathering(delivery.lane, batch)
        gathering.add(delivery.place, since)
        self._close(gathering)

    def settle(self, now: float) -> float | None:
        """Open the lanes whose time has come; gives when the next one's comes."""
        changed, self.changed = self.changed, {}
        for gathering in changed.values():
            self._plan(gathering, now)
        while self._planned and self._planned[0][0] <= now:
            gathering = heapq.heappop(self._planned)[2]
            gathering.planned = math.inf
            if gathering.since:
                self._plan(gathering, now)
        return self._planned[0][0] if self._planned else None

    def begin(self, delivery: "Delivery") -> "list[Delivery]":
        """Those that are handed over with a delivery whose turn it is; what is left gathers on."""
        batch = delivery.handler.batch
        gathering = self._gathering.get(delivery.lane)
        if batch is None or gathering is None:
            return []
        others: list[Delivery] = self._order.take_along(delivery, batch.most - 1)
        gathering.take([delivery.place, *(each.place for each in others)])
        if gathering.since:
            self._close(gathering)
        else:
            del self._gathering[gathering.lane]
            self.changed.pop(gathering.lane, None)
        return others

    def _close(self, gathering: _Gathering) -> None:
        self._order.close(gathering.lane)
        self.changed[gathering.lane] = gathering

    def _plan(self, gathering: _Gathering, now: float) -> None:
        at = gathering.begins_at
        if at <= now:
            self._order.open(gathering.lane)
        elif at < gathering.planned:
            gathering.planned = at
            heapq.heappush(self._planned, (at, next(self._numbers), gathering))
