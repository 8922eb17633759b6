"""What would have been sent? Replies that were kept: Chatwoot is not configured, or the event was a test."""

import sys
from gettext import gettext as _
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from scripts.in_venv import in_venv

in_venv()

import click

from scripts.ask_server import RunningServer
from scripts.on_screen import moment, screen, table
from scripts.own_settings import own_settings, speak_as_set

speak_as_set()


@click.command(help=_("Show the replies that were kept instead of sent, newest first."))
@click.option("--limit", type=click.IntRange(1), default=50, help=_("how many at most"))
def main(limit: int) -> None:
    """Print the outbox as a table."""
    settings = own_settings()
    rows = [
        (
            str(each["id"]),
            moment(each["written"], settings.zone),
            each["account"],
            each["conversation"],
            each["kind"],
            _("test") if each["test"] else "",
            each["content"],
        )
        for each in RunningServer(settings).listed("outbox", limit)
    ]
    if not rows:
        print(_("The outbox is empty."))
        return
    columns = ("#", _("Written"), _("Account"), _("Conversation"), _("Kind"), _("Test"), _("Text"))
    screen().print(table(_("Kept instead of sent"), columns, rows))


if __name__ == "__main__":
    main()
