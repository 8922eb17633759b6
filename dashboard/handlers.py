"""Which handlers and plugins are there, how do they do, and who is switched off?"""

import dataclasses
import fnmatch
import sys
from collections.abc import Iterable
from gettext import gettext as _
from pathlib import Path
from typing import Any

import msgspec

from dashboard.asked import Nothing, NotThere
from dashboard.inside import Inside
from relay.event import now_ms
from relay.handler import Handler
from relay.store import handled

DAY_MS = 86_400_000


class SwitchAsked(msgspec.Struct, forbid_unknown_fields=True):
    """Which handler, and whether it is to run."""

    handler: str
    on: bool


async def handlers(inside: Inside, _asked: Nothing) -> dict[str, Any]:
    """Every handler with what it did of the newest events, the modules set aside, and signals nobody handles."""
    done = await inside.store.read(handled.figures, now_ms() - DAY_MS)
    found = [_shown(inside, each, done.get(each.name, {})) for each in inside.signals.all_handlers()]
    broken = [
        {"module": each.module, "reason": each.reason, "traceback": each.traceback} for each in inside.signals.broken
    ]
    unhandled = await inside.store.read(handled.signals_seen)
    # Not dataclasses.asdict: before Python 3.12 it counts a Counter's pairs, which no JSON can have as names.
    blocked = [{**vars(each), "shares": dict(each.shares)} for each in inside.blame.recent]
    return {
        "items": found,
        "blocked": blocked,
        "broken": broken,
        "unhandled": [each for each in unhandled if not inside.signals.handlers_of(each["signal"])],
        "next": None,
    }


def _shown(inside: Inside, handler: Handler, figures: dict[str, int]) -> dict[str, Any]:
    module = sys.modules.get(handler.module)
    return {
        "handler": handler.name,
        "shipped": handler.module.startswith("handlers."),
        "file": getattr(module, "__file__", "") or "",
        "says": (handler.function.__doc__ or "").partition("\n")[0],
        "signals": list(handler.patterns),
        "answers": handler.answers,
        "on": not handler.off,
        "timeout": handler.timeout,
        "concurrency": handler.concurrency,
        "ordered": handler.ordered,
        "rate": handler.rate and dataclasses.asdict(handler.rate),
        "schedule": handler.schedule and dataclasses.asdict(handler.schedule),
        "states": figures,
        "samples": _samples(getattr(module, "__file__", None), handler.patterns),
        "failure": handler.failure and handler.failure._asdict(),
    }


def _samples(file: str | None, patterns: Iterable[str]) -> list[str]:
    """The samples beside a handler's module that its signals mean."""
    if file is None:
        return []
    names = [each.name for each in (Path(file).parent / "samples").glob("*.json")]
    wanted = [name for each in patterns for name in (each, each.partition(".")[2])]  # its folder's name is left out
    return sorted(each for each in names if any(fnmatch.fnmatchcase(_signal_of(each), one) for one in wanted))


def _signal_of(sample: str) -> str:
    return sample.removesuffix(".json").partition("__")[0]


async def switch(inside: Inside, asked: SwitchAsked) -> dict[str, Any]:
    """Switch a handler off: what it is owed is parked; or on: that waits again. It stays so across restarts."""
    handler = next((each for each in inside.signals.all_handlers() if each.name == asked.handler), None)
    if handler is None or handler.answers:
        raise NotThere(_("There is no handler {name} that could be switched.").format(name=asked.handler))
    unparked = await inside.deliver.switch(handler, on=asked.on)
    return {"handler": handler.name, "on": asked.on, "unparked": unparked}
