"""Is everything as it should be? Settings, folders, store, plugins, Chatwoot, Odoo and all the ways between them."""

import asyncio
import json
import os
import sys
from gettext import gettext as _
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from scripts.in_venv import in_venv

in_venv()

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from dashboard.checks import Context, Finding, examine
from scripts.ask_server import Failed
from scripts.on_screen import plain, screen
from scripts.own_settings import speak_as_set

SIGNS = {"good": ("✔", "green"), "warning": ("⚠", "yellow"), "error": ("✖", "bold red")}

speak_as_set()


@click.command(
    help=_(
        "Look whether everything is as it should be; of what is not, say why and what to do next. "
        "Exit code 1 where something does not work. Every code is explained in docs/doctor.md."
    )
)
@click.option("--offline", is_flag=True, help=_("ask nobody over the network"))
@click.option("--account", default="", help=_("only this account"))
@click.option("--json", "as_json", is_flag=True, help=_("as JSON, for machines"))
@click.option(
    "--since", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("a file with an earlier --json: exit code 1 only for what was not wrong then"),
)  # fmt: skip
def main(offline: bool, account: str, as_json: bool, since: Path | None) -> None:
    """Examine, show, and end with 1 where there is an error."""
    known = wrong_then(since) if since else set()
    console = screen()
    with console.status(_("looking at everything")):
        # Not `asyncio.run`, which would wait for threads that a name server keeps waiting.
        context = Context.read(chosen=account, offline=offline)
        findings = asyncio.new_event_loop().run_until_complete(examine(context))
    if as_json:
        print(json.dumps(as_told(findings), indent=1))
    else:
        show(console, findings)
    sys.stdout.flush()
    errors = {(each.code, each.account, each.place) for each in findings if each.level == "error"}
    os._exit(1 if errors - known else 0)


def wrong_then(file: Path) -> set[tuple[str, str, str]]:
    """What was wrong in an earlier examination: each code, and whose it was, at which place."""
    try:
        findings = json.loads(file.read_text("utf-8"))["findings"]
        return {(each["code"], each["account"], each["place"]) for each in findings if each["level"] == "error"}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Failed(_("{path} cannot be read: {error}").format(path=file, error=error)) from error


def as_told(findings: list[Finding]) -> dict[str, object]:
    """All findings, and how many are wrong or doubtful."""
    numbers = {f"{level}s": sum(each.level == level for each in findings) for level in ("error", "warning")}
    return {**numbers, "findings": [each.as_json() for each in findings]}


def show(console: Console, findings: list[Finding]) -> None:
    """The server's first, then account by account and place by place; in the end how many."""
    of_accounts = sorted(findings, key=lambda each: bool(each.account))
    for whose in dict.fromkeys((each.account, each.place) for each in of_accounts):
        if any(whose):
            console.print(plain("\n" + " · ".join(each for each in whose if each)), style="bold")
        for finding in (each for each in findings if (each.account, each.place) == whose):
            _show(console, finding)
    errors, warnings = (sum(each.level == level for each in findings) for level in ("error", "warning"))
    console.print()
    console.print(_conclusion(errors, warnings))


def _show(console: Console, finding: Finding) -> None:
    """A line with its sign; below it, under each other, why and what to do."""
    sign, colour = SIGNS[finding.level]
    told = Table.grid(padding=(0, 1, 0, 0))
    told.add_column(no_wrap=True)
    told.add_column(overflow="fold")
    told.add_row(Text(sign, style=colour), Text.assemble((finding.code, colour), "  ", plain(finding.what)))
    if finding.why:
        told.add_row("", plain(finding.why))
    if finding.remedy:
        told.add_row("", Text.assemble(("→ ", "bold"), plain(finding.remedy)))
    console.print(told)


def _conclusion(errors: int, warnings: int) -> Text:
    if errors or warnings:
        text = _("{errors} wrong, {warnings} doubtful. What each code means: docs/doctor.md")
        colour = "red" if errors else "yellow"
        return Text(text.format(errors=errors, warnings=warnings), style=colour)
    return Text(_("Everything is as it should be."), style="green")


if __name__ == "__main__":
    main()
