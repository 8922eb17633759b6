"""What does a handler's test need? An event that records what the handler did with it."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import msgspec
from loguru import logger

from relay.event import Event

if TYPE_CHECKING:
    from loguru import Logger


class Recorded:
    """Stands where a delivery would: effects are done once and kept, emitted events and the reason are kept."""

    def __init__(self) -> None:
        self.effects: dict[str, Any] = {}
        self.emitted: list[tuple[str, Any]] = []
        self.reason: str | None = None
        self.log: Logger = logger

    async def once(
        self, name: str, do: Callable[[], Awaitable[Any]], find: Callable[[Any], Awaitable[Any]] | None, about: Any
    ) -> Any:
        if name not in self.effects:
            self.effects[name] = await do()
        return self.effects[name]

    async def emit(self, name: str, payload: Any, key: str | None) -> None:
        self.emitted.append((name, payload))

    def explain(self, reason: str) -> None:
        self.reason = reason


def event(name: str, payload: Any, **fields: Any) -> tuple[Event, Recorded]:
    """An event as a handler gets it, and the record of what the handler did with it."""
    recorded = Recorded()
    made = Event(name, msgspec.json.encode(payload), **fields)
    return made.bound_to(recorded, attempt=1), recorded
