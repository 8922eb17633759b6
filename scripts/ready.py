"""Does the server take requests? Waited for until it does: after a restart, and by whoever watches a container."""

import sys
import time
from gettext import gettext as _
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from scripts.in_venv import in_venv

in_venv()

import click

from scripts.ask_server import Failed, RunningServer
from scripts.own_settings import own_settings, speak_as_set

speak_as_set()


@click.command(help=_("Wait until the running server takes requests, and keeps them (GET /ready)."))
@click.option(
    "--seconds", type=click.FloatRange(0), default=0.0, help=_("for how long it is waited for (0: not at all)")
)
def main(seconds: float) -> None:
    """Exit code 1 where it does not within that time, and why."""
    server, deadline = RunningServer(own_settings()), time.monotonic() + seconds
    while why := _why_not(server):
        if time.monotonic() > deadline:
            raise Failed(why)
        time.sleep(0.2)


def _why_not(server: RunningServer) -> str:
    """What stands in the way; "" where nothing does."""
    try:
        status, text = server.fetch("/ready")
    except Failed as failed:
        return failed.message
    return (
        "" if status == 200 else _("The server at {url} is not ready: {text}").format(url=server.url, text=text[:500])
    )


if __name__ == "__main__":
    main()
