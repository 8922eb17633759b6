"""How often may a handler be called? So many times in any stretch of so many seconds; what is more waits its turn."""

import heapq
import itertools
import math
import re
from collections import deque
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relay.delivery import Delivery

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def seconds_of(interval: str) -> int:
    """The seconds of "30s", "5m", "2h" or "1d"; raises ValueError for anything else."""
    found = re.fullmatch(r"([1-9]\d{0,5})([smhd])", interval)
    if found is None:
        raise ValueError(f"{interval!r} is no interval: write 30s, 5m, 2h or 1d")
    return int(found[1]) * UNITS[found[2]]


@dataclass(frozen=True)
class Rate:
    """At most `most` calls begin within any `seconds`."""

    most: int
    seconds: int

    @classmethod
    def read(cls, text: str) -> "Rate":
        """The rate that "5/s", "10/m" or "100/15m" means; raises ValueError for anything else."""
        found = re.fullmatch(r"([1-9]\d{0,5})/((?:[1-9]\d*)?[smhd])", text) if isinstance(text, str) else None
        if found is None:
            raise ValueError(f"{text!r} is no rate: write 5/s, 10/m, 100/15m")
        return cls(int(found[1]), seconds_of(found[2] if found[2][0].isdigit() else f"1{found[2]}"))

    def begins_at(self, begun: Sequence[float]) -> float:
        """When the next call may begin, by when those before it began, oldest first."""
        return begun[-self.most] + self.seconds if len(begun) >= self.most else -math.inf


class Rates:
    """What waits for its handler's rate, per handler and account, in the order of its turn. It is told the time."""

    def __init__(self) -> None:
        self._begun: dict[Hashable, deque[float]] = {}
        self._waiting: dict[Hashable, deque[Delivery]] = {}
        self._planned: list[tuple[float, int, Hashable]] = []
        self._numbers = itertools.count()

    def remember(self, slot: Hashable, rate: Rate, begun: float) -> None:
        """Count a call that an earlier process began; said oldest first, before this one begins any."""
        self._begun.setdefault(slot, deque(maxlen=rate.most)).append(begun)

    def takes(self, delivery: "Delivery", now: float) -> bool:
        """Whether a delivery may begin now, and then it counts; otherwise it waits here."""
        rate = delivery.handler.rate
        if rate is None:
            return True
        begun = self._begun.get(delivery.slot)
        if begun is None:
            begun = self._begun[delivery.slot] = deque(maxlen=rate.most)
        waiting = self._waiting.get(delivery.slot)
        at = rate.begins_at(begun)
        if at <= now and not waiting:
            begun.append(now)
            return True
        if waiting is None:
            waiting = self._waiting[delivery.slot] = deque()
            heapq.heappush(self._planned, (at, next(self._numbers), delivery.slot))
        waiting.append(delivery)
        return False

    def let_go(self, now: float) -> "list[Delivery]":
        """Those whose time has come, in the order of their turn; each counts."""
        gone: list[Delivery] = []
        while self._planned and self._planned[0][0] <= now:
            slot = heapq.heappop(self._planned)[2]
            waiting, begun = self._waiting[slot], self._begun[slot]
            rate = waiting[0].handler.rate
            while rate is not None and waiting and (at := rate.begins_at(begun)) <= now:
                begun.append(now)
                gone.append(waiting.popleft())
            if waiting:
                heapq.heappush(self._planned, (at, next(self._numbers), slot))
            else:
                del self._waiting[slot]
        return gone

    @property
    def next_at(self) -> float | None:
        """When the next one's time comes."""
        return self._planned[0][0] if self._planned else None
