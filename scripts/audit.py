"""Did every customer's message of a day come here, and what became of it? Compared with Chatwoot's own list."""

import csv
import sys
import time
from gettext import gettext as _
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from scripts.in_venv import in_venv

in_venv()

import click
from rich.console import Console
from rich.progress import Progress

from dashboard.proof import ANSWERED, OUTCOMES, in_words, writer_in_words
from scripts.ask_server import Failed, RunningServer
from scripts.on_screen import moment, plain, screen, table
from scripts.own_settings import own_settings, speak_as_set

speak_as_set()
LOOK_SECONDS = 0.5
# What a spreadsheet would take for a formula, or for the end of a cell.
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


@click.command(
    help=_("Compare Chatwoot's own list of a day's messages with what came here; exit code 1: some are missing.")
)
@click.option("--account", help=_("Which account; without it the first."))
@click.option("--day", help=_("Which day, 2026-11-27; without it yesterday."))
@click.option("--csv", "file", type=click.Path(dir_okay=False, path_type=Path), help=_("Write every message there."))
@click.option("--all", "everything", is_flag=True, help=_("Show also what was simply answered."))
def main(account: str | None, day: str | None, file: Path | None, everything: bool) -> None:
    """Let the running server compare, and show what it found."""
    settings, console = own_settings(), screen()
    server = RunningServer(settings)
    begun = server.post("audit/begin", {name: each for name, each in (("account", account), ("day", day)) if each})
    found = _wait(console, server, begun["account"], begun["day"])
    own = settings.accounts.get(begun["account"])
    zone = own.zone if own is not None else settings.zone
    if file is not None:
        _write(file, found, zone)
        console.print(_("Written: {path}").format(path=file), markup=False)
    _show(console, found, zone, everything)
    if found["counts"]["missing"]:
        sys.exit(1)


def _wait(console: Console, server: RunningServer, account: str, day: str) -> Any:
    """What the server has found, once it has read all of Chatwoot's list."""
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task(_("reading Chatwoot's list"), total=None)
        while (look := (found := server.get("audit", account=account, day=day))["look"]) is not None:
            if look["state"] != "running":
                raise Failed(_("It was not read to its end: {error}").format(error=look["error"]))
            progress.update(task, total=look["total"], completed=look["seen"])
            time.sleep(LOOK_SECONDS)
    return found


def _show(console: Console, found: dict[str, Any], zone: ZoneInfo, everything: bool) -> None:
    counts = found["counts"]
    told = [(in_words(each), str(counts[each])) for each in (*OUTCOMES, "healed")]
    title = _("{account}, {day}: {number} messages of customers in Chatwoot")
    headings = (_("What became of it"), _("Messages"))
    console.print(table(title.format(account=found["account"], day=found["day"], number=counts["all"]), headings, told))
    rows = [each for each in found["items"] if everything or each["outcome"] != ANSWERED]
    if rows:
        console.print(table(_("Messages"), _headings(), (_row(each, zone) for each in rows), unbroken=2))
    if found["unreadable"]:
        text = _("Conversations that the token's user may not read: {number}.")
        console.print(plain(text.format(number=found["unreadable"])))
    console.print(plain(found["begins"]))


def _headings() -> tuple[str, ...]:
    return (
        _("Written"),
        _("Conversation"),
        _("What became of it"),
        _("Why"),
        _("Fetched afterwards"),
        _("Who wrote next"),
        _("Message"),
        _("Event"),
    )


def _row(each: dict[str, Any], zone: ZoneInfo) -> tuple[str, ...]:
    conversation = f"{each['conversation']}@{each['place']}" if each["place"] else str(each["conversation"])
    return (
        moment(each["written"], zone),
        conversation,
        in_words(each["outcome"]),
        each["why"],
        _("yes") if each["healed"] else "",
        " ".join(filter(None, (writer_in_words(each["next_by"]), moment(each["next_at"], zone)))),
        str(each["message"]),
        each["event"] or "",
    )


def _write(file: Path, found: dict[str, Any], zone: ZoneInfo) -> None:
    """The whole day, as a spreadsheet of this country opens it: semicolons, UTF-8 with its mark."""
    with file.open("w", encoding="utf-8-sig", newline="") as opened:
        sheet = csv.writer(opened, delimiter=";")
        sheet.writerow(_headings())
        sheet.writerows([cell(value) for value in _row(each, zone)] for each in found["items"])
        sheet.writerow([])
        sheet.writerow([cell(found["begins"])])


def cell(value: str) -> str:
    """A value that no spreadsheet takes for a formula."""
    return f"'{value}" if value.startswith(FORMULAS) else value


if __name__ == "__main__":
    main()
