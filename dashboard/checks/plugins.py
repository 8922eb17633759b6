"""Do the plugins load? The running server knows; without one they are tried in a process of their own.

They may do anything there, and need not come to an end.
"""

import asyncio
import difflib
import json
import subprocess
import sys
from collections.abc import Iterable
from gettext import gettext as _
from pathlib import Path
from typing import Any

from config.settings import ROOT
from dashboard.checks.context import Context
from dashboard.checks.finding import Finding, good, warning
from dashboard.checks.server import ask_admin
from relay.handler import Handler
from relay.testing.samples import SHIPPED, samples_in

SECONDS = 6.0


async def check(context: Context) -> list[Finding]:
    """Which plugins are set aside, and why: as the running server has it, or as a start would have it."""
    settings = context.settings
    if settings is None or not settings.plugins_dir.is_dir():
        return []
    running = None if context.offline else await ask_admin(settings, "handlers")
    if running is not None:
        modules = {each["handler"].partition(":")[0] for each in running["items"] if not each["shipped"]}
        return _told([(each["module"], each["reason"]) for each in running["broken"]], sorted(modules))
    return await asyncio.to_thread(_tried, settings.plugins_dir)


def _tried(folder: Path) -> list[Finding]:
    try:
        loaded = _load(folder)
    except subprocess.TimeoutExpired:
        what = _("Loading the plugins takes longer than {seconds} s").format(seconds=f"{SECONDS:g}")
        why = _("The server waits for them at every start.")
        return [warning("plugins.slow", what, why, _("What takes long belongs into a handler, not beside it"))]
    if loaded is None:
        what, why = _("The plugins ended the process that loaded them"), _("They would end the server too.")
        return [warning("plugins.ended", what, why, f"{sys.executable} -m dashboard.checks.load_plugins {folder}")]
    return _told([(each["module"], each["reason"]) for each in loaded["broken"]], loaded["loaded"])


def _told(broken: list[tuple[str, str]], loaded: list[str]) -> list[Finding]:
    names = ", ".join(loaded)
    well = [good("plugins.loaded", _("Loaded: {names}").format(names=names))] if names else []
    return [*(set_aside(*each) for each in broken), *well]


def set_aside(module: str, reason: str) -> Finding:
    """A plugin that does not run."""
    what = _("{plugin} is set aside: {reason}").format(plugin=module, reason=reason[:300])
    return warning(
        "plugins.broken",
        what,
        _("Its handlers do not run; what is due to them waits."),
        "/admin/handlers, docs/plugins.md",
    )


def _load(folder: Path) -> dict[str, Any] | None:
    """What the child tells; None where it did not come to tell anything."""
    words = [sys.executable, "-m", "dashboard.checks.load_plugins", str(folder)]
    child = subprocess.run(  # noqa: S603  # our own module
        words, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, check=False
    )
    try:
        told: dict[str, Any] = json.loads(child.stdout)
    except ValueError:
        return None
    return told


def misspelt(handlers: Iterable[Handler]) -> list[Finding]:
    """What would react to a signal that nobody sends, where one of almost the same name is sent."""
    known = sorted({each.signal for each in samples_in((SHIPPED,))})
    named = sorted({(each.name, pattern) for each in handlers for pattern in each.patterns if pattern not in known})
    near = {pattern: difflib.get_close_matches(pattern, known, n=1, cutoff=0.92) for _name, pattern in named}
    return [_misspelt(name, pattern, *near[pattern]) for name, pattern in named if near[pattern]]


def _misspelt(name: str, pattern: str, near: str) -> Finding:
    text = _("{handler} reacts to {signal}, which nothing that ships sends: is {near} meant?")
    what = text.format(handler=name, signal=pattern, near=near)
    return warning("plugins.misspelt", what, _("It may never be called."), "docs/signals.md")
