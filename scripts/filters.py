"""Which events are meant? The options that listing and replaying share."""

from collections.abc import Callable
from gettext import gettext as _
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def filter_options(command: Command) -> Command:
    """Give a command the filters of /admin/api/events."""
    texts = {
        "signal": _("the signal's name; * stands for anything: chatwoot.*"),
        "account": _("whose events: ACCOUNT_ID"),
        "status": _("waiting, running, done, dead, parked, discarded, unhandled or unmapped"),
        "since": _("from this moment on (2026-11-22T08:00, or epoch seconds)"),
        "until": _("before this moment"),
        "q": _("a text that stands in the body"),
    }
    for name, text in reversed(texts.items()):
        command = click.option(f"--{name}", help=text)(command)
    return command


def given(which: dict[str, str | None]) -> dict[str, str]:
    """The filters that were set."""
    return {name: value for name, value in which.items() if value}
