"""How is an event dealt with once more? Replayed, at once or in the background, with its progress."""

from collections.abc import Sequence
from gettext import gettext as _
from typing import Any

import msgspec

from dashboard.asked import Chosen, DryRun, EventId, Ids, Nothing, NotThere, WrongQuestion, event_id, filter_of
from dashboard.inside import Inside
from dashboard.runs import Run
from relay.store import replay
from relay.store.look import Filter


class ReplayAsked(Chosen, kw_only=True, forbid_unknown_fields=True):
    """Which events are dealt with once more: by id, or by filter; `dry_run` only counts."""

    id: EventId | None = None
    ids: Ids = ()
    dry_run: DryRun = False


class RunAsked(msgspec.Struct):
    """Which run."""

    id: str


# Events, by id or filter


async def replay_events(inside: Inside, asked: ReplayAsked) -> dict[str, Any]:
    """Let ended deliveries run once more; effects that were done are not done again."""
    which, ids = _events_meant(asked)
    reacting, answering = inside.handler_ids(answering=False), inside.handler_ids(answering=True)
    counted = await inside.store.read(replay.count, which, ids, reacting, answering)
    if asked.dry_run:
        return {"dry_run": True, **counted._asdict()}
    chosen, step = await _replaying(inside, which, ids)
    run = inside.runs.begin("replay", chosen, step, inside.deliver.look_again)
    await run.wait()
    if run.error:
        raise RuntimeError(run.error)
    return {"dry_run": False, **counted._asdict(), "replayed": run.changed}


async def begin_replay(inside: Inside, asked: ReplayAsked) -> dict[str, Any]:
    """The same in the background: answers at once, with the run whose progress can be looked at."""
    chosen, step = await _replaying(inside, *_events_meant(asked))
    return inside.runs.begin("replay", chosen, step, inside.deliver.look_again).shown()


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
    handler_ids, reacting = inside.store.handler_ids, inside.handler_ids(answering=False)
    wanted = [(handler_ids[each.name], name) for name in names for each in inside.signals.reacting(name)]

    async def step(batch: Sequence[int]) -> int:
        return await inside.store.write(replay.replay, list(batch), reacting, wanted)

    return chosen, step


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
