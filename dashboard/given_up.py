"""What was given up? Dead and parked deliveries: shown by what stopped them, run again, discarded, settled."""

from collections.abc import Sequence
from functools import partial
from gettext import gettext as _
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from dashboard.asked import Chosen, DryRun, EventId, Ids, Nothing, NotThere, WrongQuestion, event_id, filter_of
from dashboard.inside import Inside
from relay.store import given_up
from relay.store.given_up import Which


class GivenUpAsked(Chosen, kw_only=True, forbid_unknown_fields=True):
    """Which of the dead and parked: all that fits what is said; `dry_run` only counts."""

    state: Annotated[str, Meta(pattern="^(dead|parked)$")] | None = None
    handler: str | None = None
    reason: str | None = None
    ids: Ids = ()
    all: Annotated[bool, Meta(description="Say so where all of them are meant.")] = False
    dry_run: DryRun = False


class SettleAsked(msgspec.Struct, forbid_unknown_fields=True):
    """An effect of unknown outcome, and whether it was done."""

    id: EventId
    handler: str
    effect: str
    was_done: bool


async def dead(inside: Inside, _asked: Nothing) -> dict[str, Any]:
    """The dead and parked deliveries by handler, state and reason, of the newest twenty thousand."""
    return {"items": await inside.store.read(given_up.groups), "next": None}


async def run_again(inside: Inside, asked: GivenUpAsked) -> dict[str, Any]:
    """Let dead and parked deliveries wait again, in the background; effects that were done are not done again."""
    loaded = inside.handler_ids(answering=False)
    return await _act(inside, asked, "run_again", partial(given_up.run_again, loaded=loaded))


async def discard(inside: Inside, asked: GivenUpAsked) -> dict[str, Any]:
    """Give dead and parked deliveries up for good, in the background."""
    return await _act(inside, asked, "discard", given_up.discard)


async def _act(inside: Inside, asked: GivenUpAsked, what: str, do: Any) -> dict[str, Any]:
    which = _given_up_meant(asked)
    places = await inside.store.read(given_up.chosen, which)
    if asked.dry_run:
        done = await inside.store.read(given_up.acted, places)
        unsettled = await inside.store.read(given_up.unsettled, places[:500])
        return {"dry_run": True, "deliveries": len(places), "effects_done": done, "unsettled": unsettled}

    async def step(batch: Sequence[given_up.Place]) -> int:
        changed: int = await inside.store.write(do, list(batch))
        return changed

    return inside.runs.begin(what, places, step, inside.deliver.look_again).shown()


def _given_up_meant(asked: GivenUpAsked) -> Which:
    ids = tuple(event_id(each) for each in asked.ids)
    which = Which(asked.state, asked.handler, asked.reason, filter_of(asked), ids)
    if which == Which() and not asked.all:
        raise WrongQuestion(_("Say which: state, handler, reason, ids, a filter, or all."))
    return which


async def settle(inside: Inside, asked: SettleAsked) -> dict[str, Any]:
    """Say whether an effect of unknown outcome was done; its delivery may then run again."""
    handler_id = inside.store.handler_ids.get(asked.handler, -1)
    number = int(event_id(asked.id), 16)
    known = await inside.store.write(given_up.settle, number, handler_id, asked.effect, was_done=asked.was_done)
    if not known:
        raise NotThere(_("This event has no such effect whose outcome is unknown."))
    return {"settled": asked.effect, "was_done": asked.was_done}
