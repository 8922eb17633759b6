"""What is known, and what did each synchronisation change? An earlier state can be made the current one again."""

import sys
from datetime import datetime, timezone
from gettext import gettext as _
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from scripts.in_venv import in_venv

in_venv()

import click

from scripts.ask_server import RunningServer
from scripts.on_screen import screen, table
from scripts.own_settings import own_settings, speak_as_set

speak_as_set()


@click.command(help=_("Show what an account knows by its synchronisations, or restore an earlier state."))
@click.option("--account", help=_("Which account; without it the first."))
@click.option("--kind", help=_("Only one kind: permanent, temporary, scheduling, company, document, manner."))
@click.option("--all", "show_all", is_flag=True, help=_("Also the earlier states that are kept."))
@click.option("--restore", type=int, metavar="N", help=_("Make the state number N the current one again."))
def main(account: str | None, kind: str | None, show_all: bool, restore: int | None) -> None:
    """List, or restore."""
    settings = own_settings()
    server, name = RunningServer(settings), account or settings.accounts.first.id
    if restore is not None:
        server.post("knowledge/restore", {"account": name, "revision": restore})
        click.echo(_("State {number} of {account} is in force again.").format(number=restore, account=name))
        return
    found = server.get("knowledge", account=name, kind=kind)["items"]
    rows = [_row(each, settings.zone) for each in found if show_all or each["current"]]
    columns = (_("State"), _("Kind"), _("Business rule"), _("Items"), _("Made"), _("Changes"))
    console = screen()
    console.print(table(_("What {account} knows").format(account=name), columns, rows, unbroken=5))
    console.print(_("* in force. An earlier state: --all, and --restore N."), style="dim")


def _row(revision: dict[str, Any], zone: ZoneInfo) -> tuple[str, ...]:
    made = datetime.fromisoformat(revision["made"]).replace(tzinfo=timezone.utc).astimezone(zone)
    number = f"{revision['id']}{' *' if revision['current'] else ''}"
    changes = [
        f"{sign}{name}"
        for sign, field in (("+", "added"), ("-", "removed"), ("~", "changed"))
        for name in revision[field]
    ]
    shown = ", ".join(changes[:6]) + (" …" if len(changes) > 6 else "")
    return (
        number,
        revision["kind"],
        revision["business_rule"],
        str(revision["size"]),
        f"{made:%Y-%m-%d %H:%M:%S}",
        shown,
    )


if __name__ == "__main__":
    main()
