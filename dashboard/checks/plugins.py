"""Do the plugins load? Tried in a process of its own, since they may do anything, and need not come to an end."""

import json
import subprocess
import sys
from gettext import gettext as _
from pathlib import Path
from typing import Any

from config.settings import ROOT
from dashboard.checks.context import Context
from dashboard.checks.finding import Finding, good, warning

SECONDS = 6.0


def check(context: Context) -> list[Finding]:
    """Which plugins are set aside, and why."""
    folder = context.settings.plugins_dir if context.settings else None
    if folder is None or not folder.is_dir():
        return []
    try:
        loaded = _load(folder)
    except subprocess.TimeoutExpired:
        what = _("Loading the plugins takes longer than {seconds} s").format(seconds=f"{SECONDS:g}")
        why = _("The server waits for them at every start.")
        return [warning("plugins.slow", what, why, _("What takes long belongs into a handler, not beside it"))]
    if loaded is None:
        what, why = _("The plugins ended the process that loaded them"), _("They would end the server too.")
        return [warning("plugins.ended", what, why, f"{sys.executable} -m dashboard.checks.load_plugins {folder}")]
    broken = [_broken(**each) for each in loaded["broken"]]
    names = ", ".join(loaded["loaded"])
    return [*broken, *([good("plugins.loaded", _("Loaded: {names}").format(names=names))] if names else [])]


def _broken(module: str, reason: str) -> Finding:
    what = _("{plugin} is set aside: {reason}").format(plugin=module, reason=reason[:300])
    return warning("plugins.broken", what, _("Its handlers do not run; what is due to them waits."), "docs/plugins.md")


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
