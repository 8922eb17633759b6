"""Does it go round? An event says which way it came; a handler that acts for one key again and again is stopped.

Two ways lead round. Within: handlers emit signals which lead to one another, or do in Chatwoot what comes back to
them; each event says what led to it. And by way of a system that does not say why it tells something: there only the
number of a handler's acts for one key gives it away.
"""

import re
import threading
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from loguru import logger

if TYPE_CHECKING:
    from relay.event import Event

log = logger.bind(component="deliver")
# How the reason of a delivery begins that is parked for this.
WENT_ROUND = "went round: "
ACTS_SECONDS = 60.0
# A way that meets no signal again is none that goes round, unless a handler makes up ever new ones.
MOST_DEEP = 50
MOST_SHOWN = 6
MOST_SLOTS = 10_000


class WentRound(Exception):
    """It goes round: nothing is done, and the delivery is parked for a person."""

    unresolvable = True
    nothing_done = True


class Rounds:
    """How often something may come round: `rounds` times the same signal on one way, `acts` a minute for one key.

    With 0, that is not looked at.
    """

    def __init__(self, rounds: int = 10, acts: int = 30) -> None:
        self._rounds = rounds
        self._acts = acts
        self._lock = threading.Lock()
        self._acted: dict[tuple[str, str | None, str], dict[str, float]] = {}

    def gone(self, event: "Event") -> str | None:
        """What went round, where an event's way has met its own signal too often, or is too long."""
        cause = event.cause
        if cause is None or not self._rounds:
            return None
        met = sum(times for step, times in cause.way.items() if step.partition(" ")[0] == event.name)
        deep = sum(cause.way.values())
        if met < self._rounds and deep < max(MOST_DEEP, self._rounds):
            return None
        return f"{WENT_ROUND}{shown(cause.way, event.name)} ({max(met, 1)} times, {deep} steps)"

    def act(self, handler: str, event: "Event") -> None:
        """A handler is about to do something outside because of this event; raises `WentRound` where it is too much.

        However much it does because of one event, and at however many tries, it counts once.
        """
        if event.key is None or not self._acts:
            return
        slot = (handler, event.account, event.key)
        with self._lock:  # handlers of several loops act
            acted = self._lately(slot, time.monotonic())
        if event.id not in acted and len(acted) >= self._acts:
            often = f"{len(acted)} times in {ACTS_SECONDS:.0f} s for {event.key}"
            raise WentRound(f"{WENT_ROUND}{handler} has acted {often}, now because of {event.name}")
        acted.setdefault(event.id, time.monotonic())

    def _lately(self, slot: tuple[str, str | None, str], now: float) -> dict[str, float]:
        """Because of which events somebody has acted within the time, and when first."""
        known = self._acted.pop(slot, {})
        self._acted[slot] = {each: at for each, at in known.items() if at > now - ACTS_SECONDS}
        if len(self._acted) > MOST_SLOTS:
            del self._acted[next(iter(self._acted))]
        return self._acted[slot]


def shown(way: Mapping[str, int], signal: str) -> str:
    """A way that goes round, as a person reads it: of what came before it was round, nothing."""
    again = [step for step, times in way.items() if times > 1] or list(way)
    steps = [re.sub(r" (.+)", r" (\1)", step) for step in again[-MOST_SHOWN:]]
    return " → ".join([*steps, signal])


def tell(reason: str, event_id: str) -> None:
    """Say in the log that something was cut. A long number in a name may be a customer's telephone."""
    log.bind(event=event_id).error("cut: {}", re.sub(r"\d{8,}", "0", reason))
