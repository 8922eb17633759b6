"""At which moments does the clock make an event? A slot each, the same whoever looks, and however often."""

import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from typing import NamedTuple

from relay.rate import seconds_of


class Slot(NamedTuple):
    """One moment of a schedule: `name` tells it from every other of its account, `at` is when (epoch seconds)."""

    name: str
    at: float


@dataclass(frozen=True)
class Every:
    """So many seconds apart, counted from midnight in UTC on 1 January 1970: no zone's summer time moves a slot."""

    seconds: int

    @classmethod
    def read(cls, interval: str) -> "Every":
        """What `@every("5m")` means; raises ValueError."""
        if not isinstance(interval, str):
            raise TypeError(f'@every takes "30s", "5m", "2h" or "1d", not {interval!r}; @meanwhile takes seconds')
        return cls(seconds_of(interval))

    def slot(self, now: float, zone: tzinfo) -> Slot:
        """The newest; it is always younger than the interval."""
        at = math.floor(now / self.seconds) * self.seconds
        return Slot(datetime.fromtimestamp(at, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"), float(at))

    def next_at(self, now: float, zone: tzinfo) -> float:
        """One interval after the newest."""
        return self.slot(now, zone).at + self.seconds


@dataclass(frozen=True)
class Daily:
    """At these hours of the shop's own day, as ("08:00", "18:30").

    An hour that summer time leaves out comes as much later as the clock was put forward; one that comes twice counts
    the first time.
    """

    hours: tuple[str, ...]

    def __post_init__(self) -> None:
        for each in self.hours:
            if not isinstance(each, str) or not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", each):
                raise ValueError(f"{each!r} is no time of day: @daily takes 08:00, or several")
        if not self.hours:
            raise ValueError('@daily takes a time of day: @daily("08:00")')

    def slot(self, now: float, zone: tzinfo) -> Slot | None:
        """Today's newest; what was missed yesterday is not made up."""
        today = datetime.fromtimestamp(now, zone).date()
        # Yesterday's too: a clock that is put forward at 23:00 has its 23:30 today.
        come = [each for days in (-1, 0) for each in self._of_day(now, days, zone) if each.at <= now]
        come = [each for each in come if datetime.fromtimestamp(each.at, zone).date() == today]
        return max(come, key=lambda each: (each.at, each.name), default=None)

    def next_at(self, now: float, zone: tzinfo) -> float:
        """The next of today, or the first of a later day (a zone may leave a whole day out)."""
        return min(each.at for days in range(-1, 3) for each in self._of_day(now, days, zone) if each.at > now)

    def _of_day(self, now: float, later: int, zone: tzinfo) -> list[Slot]:
        day = datetime.fromtimestamp(now, zone).date() + timedelta(days=later)
        named = [f"{day.isoformat()}T{each}" for each in self.hours]
        return [Slot(each, datetime.fromisoformat(each).replace(tzinfo=zone).timestamp()) for each in named]


# When a handler is due. Both are pure: told the time (epoch seconds) and the shop's zone.
Schedule = Every | Daily
