"""How is it dealt with once more? Replay of events; the dead and parked run again, discarded, settled by a person."""

from collections.abc import Sequence
from functools import partial
from gettext import gettext as _
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from dashboard.asked import Chosen, EventId, Nothing, NotThere, WrongQuestion, event_id, filter_of
from dashboard.inside import Inside
from dashboard.runs import BATCH, Run
from relay.store import given_up, replay
from relay.store.given_up import Which
from relay.store.look import Filter

Ids = Annotated[tuple[EventId, ...], Meta(description="Events by their ids.")]
DryRun = Annotated[bool, Meta(description="Only count.")]


class ReplayAsked(Chosen, kw_only=True, forbid_unknown_fields=True):
    """Which events are dealt with once more: by id, or by filter; `dry_run` only counts."""

    id: EventId | None = None
    ids: Ids = ()
    dry_run: DryRun = False


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


class RunAsked(msgspec.Struct):
    """Which run."""

    id: str


# Events, by id or filter


async def replay_events(inside: Inside, asked: ReplayAsked) -> dict[str, Any]:
    """Let ended deliveries run once more; effects that were done are not done again."""
    which, ids = _events_meant(asked)
    reacting, answering = _handler_ids(inside, answering=False), _handler_ids(inside, answering=True)
    counted = await inside.store.read(replay.count, which, ids, reacting, answering)
    if asked.dry_run:
        return {"dry_run": True, **counted._asdict()}
    chosen, step = await _replaying(inside, which, ids)
    changed = [await step(chosen[start : start + BATCH]) for start in range(0, len(chosen), BATCH)]
    return {"dry_run": False, **counted._asdict(), "replayed": sum(changed)}


async def begin_replay(inside: Inside, asked: ReplayAsked) -> dict[str, Any]:
    """The same in the background: answers at once, with the run whose progress can be looked at."""
    chosen, step = await _replaying(inside, *_events_meant(asked))
    return inside.runs.begin("replay", chosen, step).shown()


def _events_meant(asked: ReplayAsked) -> tuple[Filter, list[str]]:
    ids = [event_id(each) for each in (*asked.ids, *([asked.id] if asked.id else []))]
    which = filter_of(asked)
    if not ids and not any(which):
        text = _("Say which events: id, ids, or a filter (signal, source, account, status, since, until, q).")
        raise WrongQuestion(text)
    return which, ids


async def _replaying(inside: Inside, which: Filter, ids: list[str]) -> tuple[list[int], Any]:
    chosen = await inside.store.read(replay.chosen_ids, which, ids)
    names = await inside.store.read(replay.signals_of, chosen)
    handler_ids, reacting = inside.store.handler_ids, _handler_ids(inside, answering=False)
    wanted = [(handler_ids[each.name], name) for name in names for each in inside.signals.reacting(name)]

    async def step(batch: Sequence[int]) -> int:
        try:
            return await inside.store.write(replay.replay, list(batch), reacting, wanted)
        finally:
            inside.deliver.look_again()  # also after an error: it may be on the disk all the same

    return chosen, step


def _handler_ids(inside: Inside, *, answering: bool) -> list[int]:
    """The ids of the loaded handlers that answer requests, or of the others."""
    handlers = [each for each in inside.signals.all_handlers() if each.keep and each.answers is answering]
    return [inside.store.handler_ids[each.name] for each in handlers]


# The dead and parked


async def dead(inside: Inside, _asked: Nothing) -> dict[str, Any]:
    """The dead and parked deliveries by handler, state and reason, of the newest twenty thousand."""
    return {"items": await inside.store.read(given_up.groups), "next": None}


async def run_again(inside: Inside, asked: GivenUpAsked) -> dict[str, Any]:
    """Let dead and parked deliveries wait again, in the background; effects that were done are not done again."""
    loaded = _handler_ids(inside, answering=False)
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
        try:
            changed: int = await inside.store.write(do, list(batch))
            return changed
        finally:
            inside.deliver.look_again()

    return inside.runs.begin(what, places, step).shown()


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


# What runs in the background


async def runs(inside: Inside, _asked: Nothing) -> dict[str, Any]:
    """The latest runs in the background, newest first."""
    return {"items": [each.shown() for each in inside.runs], "next": None}


async def run(inside: Inside, asked: RunAsked) -> dict[str, Any]:
    """One run and its progress."""
    return _run_of(inside, asked.id).shown()


async def stop_run(inside: Inside, asked: RunAsked) -> dict[str, Any]:
    """Stop a run after the batch that is being done; what was done stays done."""
    found = _run_of(inside, asked.id)
    found.stop()
    return found.shown()


def _run_of(inside: Inside, name: str) -> Run:
    found = inside.runs.get(name)
    if found is None:
        raise NotThere(_("There is no such run since the server was started."))
    return found
