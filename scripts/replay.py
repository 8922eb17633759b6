"""How is an event dealt with once more? Counted first, then asked, then replayed in batches, oldest first."""

import sys
from gettext import gettext as _
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from scripts.in_venv import in_venv

in_venv()

import click
from rich.progress import track

from scripts.ask_server import Failed, RunningServer
from scripts.consent import agreed
from scripts.filters import filter_options, given
from scripts.on_screen import plain, screen
from scripts.own_settings import own_settings, speak_as_set

BATCH = 100

speak_as_set()


@click.command(help=_("Deal with events once more, by ID or by filter. What was done outside is not done again."))
@click.argument("ids", metavar="[ID]...", nargs=-1)
@filter_options
@click.option("--yes", is_flag=True, help=_("do not ask"))
def main(ids: tuple[str, ...], yes: bool, **which: str | None) -> None:
    """Count, ask, replay."""
    if bool(ids) == bool(given(which)):
        raise click.UsageError(_("Say which events: their IDs, or filters (--status dead). See --help."))
    server = RunningServer(own_settings())
    _tell(server.post("replay", {**given(which), "ids": list(ids), "dry_run": True}), set(ids))
    if not (yes or agreed(_("Replay them? [y/N]"))):
        raise Failed(_("Nothing was replayed."))
    # By filter the ids are looked up before the first batch: replaying changes the status that a filter asks for.
    chosen = list(ids) or [each["id"] for each in server.listed("events", which=given(which))]
    replayed = _replay(server, sorted(set(chosen)))
    print(_("{number} deliveries were replayed.").format(number=replayed))


def _tell(counted: dict[str, Any], ids: set[str]) -> None:
    """Say what a replay would touch; an id that is not there ends the command."""
    if not counted["events"]:
        raise Failed(_("There are no such events.") if ids else _("No event is meant by this filter."))
    if counted["events"] < len(ids):
        text = _("Of {asked} events only {known} exist: check the IDs.")
        raise Failed(text.format(asked=len(ids), known=counted["events"]))
    print(_("Events: {number}").format(number=counted["events"]))
    print(_("Deliveries that run again: {number}").format(number=counted["deliveries"]))
    if counted["answers"]:
        text = _("Answers to requests, which nobody waits for any more: {number}. Let their sender send again.")
        print(text.format(number=counted["answers"]))
    print(_("Effects already done, not done again: {number}").format(number=counted["effects_done"]))
    for each in counted["effects"]:
        print(plain(f"  {each['event']}  {each['handler']}  {each['name']}"))
    more = counted["effects_done"] - len(counted["effects"])
    if more:
        print(_("  … and {number} more").format(number=more))


def _replay(server: RunningServer, ids: list[str]) -> int:
    """Replay in batches, so that the bar moves and live traffic goes on; ids sort by time, so order is kept."""
    batches = [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]
    return sum(
        int(server.post("replay", {"ids": batch})["replayed"])
        for batch in track(batches, description=_("Replaying"), console=screen())
    )


if __name__ == "__main__":
    main()
