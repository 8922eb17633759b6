"""What was done outside, once? The intent is written before, the result after; an unknown outcome is looked up."""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from relay.event import now_ms
from relay.store import Store, ledger

# The other side may still be storing what we sent: before that, "not found" proves nothing.
SETTLE_SECONDS = 20.0


class OutcomeUnknown(Exception):
    """Whether it was done is not known yet: it is looked up again shortly."""

    costs_attempt = False

    def __init__(self, name: str, seconds: float) -> None:
        super().__init__(f"whether {name!r} was done is looked up in {seconds:.0f} s")
        self.retry_after = seconds


class Unresolvable(Exception):
    """Whether it was done cannot be found out: the delivery is parked for a person to decide.

    A client's error, which cannot be one of these, has the attribute `unresolvable`.
    """

    unresolvable = True


class Done(NamedTuple):
    """What an effect returned, and whether it was done now, not at an earlier try that was known."""

    result: Any
    now: bool


async def once(
    store: Store,
    event_id: int,
    handler_id: int,
    name: str,
    do: Callable[[], Awaitable[Any]],
    find: Callable[[Any], Awaitable[Any]] | None,
    about: Any = None,
) -> Done:
    """Do it, unless the ledger says that it was done; then give what it returned.

    An error whose `nothing_done` is true (refused connection, 4xx) withdraws the intent; any other leaves the outcome
    unknown, and the next attempt asks `find`, which is given the `about` that was recorded with the intent.
    """
    effect = await store.write(ledger.intend, event_id, handler_id, name, about)
    if effect.state == "done":
        return Done(effect.result, now=False)
    if effect.state == "intended":
        found = await _look_up(name, find, effect)
        if found is not None:
            await store.write(ledger.done, event_id, handler_id, name, found)
            return Done(found, now=True)
        # Who only asks what became of it says nothing of it: what was recorded stays, and is what it is found by.
        known = effect.about if about is None else about
        await store.write(ledger.intend_again, event_id, handler_id, name, known)
    try:
        result = await do()
    except Exception as error:
        if getattr(error, "nothing_done", False):
            await store.write(ledger.withdraw, event_id, handler_id, name)
        raise
    await store.write(ledger.done, event_id, handler_id, name, result)
    return Done(result, now=True)


async def _look_up(name: str, find: Callable[[Any], Awaitable[Any]] | None, effect: ledger.Effect) -> Any:
    if find is None:
        raise Unresolvable(f"it is not known whether {name!r} was done")
    try:
        found = await find(effect.about)
    except Exception as error:
        # Not by asking; but before it has settled the other side may still tell.
        if not getattr(error, "unresolvable", False) or _settled_in(effect) <= 0:
            raise
        found = None
    settled_in = _settled_in(effect)
    if found is None and settled_in > 0:
        raise OutcomeUnknown(name, settled_in + 0.5)
    return found


def _settled_in(effect: ledger.Effect) -> float:
    """In how many seconds the other side will have settled; where the clock was set back, no later than from now."""
    return min(SETTLE_SECONDS - (now_ms() - effect.intended) / 1000, SETTLE_SECONDS)
