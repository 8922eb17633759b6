"""What could no rule answer, and which answers were wrong? What a shop has to write down or to correct."""

import sys
from gettext import gettext as _
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from scripts.in_venv import in_venv

in_venv()

import click

from scripts.ask_server import RunningServer
from scripts.on_screen import moment, screen, table
from scripts.own_settings import own_settings, speak_as_set

speak_as_set()


@click.command(help=_("Show the questions that nothing answered, and the answers that agents marked as wrong."))
@click.option("--account", help=_("Which account; without it the first."))
@click.option("--days", default=7, help=_("The questions of so many days (7)."))
def main(account: str | None, days: int) -> None:
    """List both."""
    settings = own_settings()
    server, name = RunningServer(settings), account or settings.accounts.first.id
    found = server.get("unanswered", account=name, days=days)["items"]
    wrong = server.get("wrong", account=name)["items"]
    console = screen()
    asked = [
        (str(each["times"]), moment(each["last"], settings.zone), each["question"], each["nearest"]) for each in found
    ]
    title = _("Not answered in {account}, {days} days").format(account=name, days=days)
    console.print(table(title, (_("Times"), _("Last"), _("Question"), _("Nearest rule")), asked))
    marked = [_wrong(each, moment(each["since"], settings.zone)) for each in wrong]
    headings = (_("Conversation"), _("Marked"), _("Question"), _("Answer"), _("Rule"))
    console.print(table(_("Marked as wrong (label bot-errado)"), headings, marked))


def _wrong(each: dict[str, Any], since: str) -> tuple[str, ...]:
    gone = _("(no longer kept)")
    return each["conversation"], since, each["question"] or gone, each["answer"] or gone, ", ".join(each["rules"])


if __name__ == "__main__":
    main()
