"""How is something done outside once because of an event? Under a name that is the same at each attempt."""

from collections.abc import Awaitable, Callable, Collection
from typing import Any, Protocol

from clients.http import Refused

Do = Callable[[], Awaitable[Any]]
Find = Callable[[Any], Awaitable[Any]]
Outbox = Callable[[str, str, str, str, bool], Awaitable[None]]

# Before an event is received, what was done because of it cannot have been; clocks differ.
CLOCKS_DIFFER_SECONDS = 60.0


class Occasion(Protocol):
    """An event in the hands of a handler, as far as acting because of it goes."""

    id: str
    name: str
    source: str
    account: str | None
    key: str | None
    received: int
    test: bool

    @property
    def payload(self) -> Any: ...
    @property
    def handler(self) -> str: ...
    def nth(self, kind: str) -> str: ...
    def leads_to(self) -> Any: ...
    def once(self, name: str, do: Do, find: Find | None = None, *, about: Any = None) -> Awaitable[Any]: ...


async def nothing_found(_about: Any) -> Any:
    """Looks up what may be done again: as if it had not been."""
    return None


async def act(
    event: Occasion,
    name: str,
    do: Do,
    find: Find | None,
    *,
    about: Any = None,
    hopeless: Collection[int] = (),
) -> Any:
    """Do it once; a refusal with one of the `hopeless` statuses is not tried again."""
    try:
        return await event.once(name, do, find, about=about)
    except Refused as refused:
        refused.give_up = refused.give_up or refused.status in hopeless
        raise


def account_of(event: Occasion) -> str:
    """Whose the event is; without an account nothing can be done in anybody's name."""
    if not event.account:
        raise hopelessly(Refused(f"{event.name} has no account: its source names none"))
    return event.account


def since(event: Occasion) -> float:
    """From when on what was done because of the event is looked for, in epoch seconds."""
    return event.received / 1000 - CLOCKS_DIFFER_SECONDS


def hopelessly(refused: Refused) -> Refused:
    """The same refusal, not to be tried again."""
    refused.give_up = True
    return refused
