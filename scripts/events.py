"""What came in, and what became of it? Events as a table, one in full, refused requests, or handlers' conclusions."""

import json
import sys
from gettext import gettext as _
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from scripts.in_venv import in_venv

in_venv()

import click
from rich.console import Console
from rich.text import Text

from config.settings import Settings
from dashboard.conclusions import told
from handlers.chatwoot.desk import in_words
from scripts.ask_server import RunningServer
from scripts.filters import filter_options, given
from scripts.on_screen import Listing, moment, plain, screen, state, table
from scripts.own_settings import own_settings, speak_as_set

speak_as_set()


@click.command(help=_("List events, newest first; with an ID, show that one with all that became of it."))
@click.argument("event_id", metavar="[ID]", required=False)
@filter_options
@click.option("--limit", type=click.IntRange(1), default=50, help=_("how many at most"))
@click.option("--rejections", is_flag=True, help=_("requests that were refused, and why"))
@click.option("--reasons", is_flag=True, help=_("how often handlers concluded what, in the last week"))
def main(event_id: str | None, limit: int, rejections: bool, reasons: bool, **which: str | None) -> None:
    """Ask the running server, and show what it answers."""
    if sum((bool(event_id), rejections, reasons, bool(given(which)))) > 1:
        raise click.UsageError(_("Choose one: an ID, --rejections, --reasons, or filters."))
    settings = own_settings()
    server, console = RunningServer(settings), screen()
    if event_id:
        _show_one(console, settings, server.get(f"events/{event_id}"))
    elif rejections:
        _show(console, _rejections(settings, list(server.listed("rejections", limit))))
    elif reasons:
        _show(console, _reasons(server.get("reasons")["items"]))
    else:
        _show(console, _events(settings, list(server.listed("events", limit, given(which)))))


def _show(console: Console, made: Listing) -> None:
    console.print(made if made.row_count else _("There are none."))


def _events(settings: Settings, items: list[dict[str, Any]]) -> Listing:
    columns = ("ID", _("Received"), _("Status"), _("Signal"), _("Account"), _("Key"), _("Remarks"))
    return table(_("Events"), columns, (_event_row(settings, each) for each in items), unbroken=3)


def _event_row(settings: Settings, event: dict[str, Any]) -> tuple[Text | str, ...]:
    when = moment(event["received"], settings.zone)
    who = (event["signal"], event["account"] or "", event["key"] or "")
    return (event["id"], when, state(event["status"]), *who, _remarks(event))


def _remarks(event: dict[str, Any]) -> str:
    """What is not so with every event."""
    found = [_("test")] if event["test"] else []
    if event["reconciled"]:
        found.append(_("fetched afterwards"))
    if event["repeats"]:
        found.append(_("came {number} times").format(number=event["repeats"] + 1))
    if event["repeats_differing"]:
        found.append(_("once with another body"))
    return ", ".join(found)


def _rejections(settings: Settings, items: list[dict[str, Any]]) -> Listing:
    columns = (_("Received"), _("Status"), _("Source"), _("Path"), _("From"), _("Reason"))
    rows = (
        (
            moment(each["received"], settings.zone),
            str(each["status"]),
            each["source"],
            each["path"],
            each["address"],
            each["reason"],
        )
        for each in items
    )
    return table(_("Refused requests"), columns, rows)


def _reasons(items: list[dict[str, Any]]) -> Listing:
    rows = ((str(each["number"]), each["handler"], told(each["reason"], in_words)) for each in items)
    return table(_("What handlers concluded in the last week"), (_("How often"), _("Handler"), _("Reason")), rows)


def _show_one(console: Console, settings: Settings, event: dict[str, Any]) -> None:
    """One event: what it is, what came, what became of it, what was done outside."""
    facts = {
        "ID": event["id"],
        _("Signal"): event["signal"],
        _("Status"): state(event["status"]),
        _("Received"): moment(event["received"], settings.zone),
        _("Account"): event["account"],
        _("Key"): event["key"],
        _("Path"): event["path"] + (f"?{event['query']}" if event["query"] else ""),
        _("Remarks"): _remarks(event),
    }
    for name, value in facts.items():
        if value:
            console.print(Text(f"{name}: ", style="bold"), value if isinstance(value, Text) else plain(value), sep="")
    console.print(Text(_("Body"), style="bold"))
    console.print(plain(_readable(event["body"])))
    _show(console, _deliveries(settings, event["deliveries"]))
    if event["effects"]:
        console.print(_effects(settings, event["effects"]))


def _readable(body: str | None) -> str:
    """The body, indented where it is JSON."""
    if body is None:
        return _("(taken away after RETENTION_DAYS)")
    try:
        return json.dumps(json.loads(body), ensure_ascii=False, indent=2)
    except ValueError:
        return body


def _deliveries(settings: Settings, deliveries: list[dict[str, Any]]) -> Listing:
    """Each delivery on a line, and its attempts on lines below it."""
    rows: list[tuple[Text | str, ...]] = []
    for each in deliveries:
        finished = moment(each["finished"], settings.zone)
        rows.append((each["handler"], state(each["state"]), finished, told(each["reason"] or "", in_words)))
        for attempt in each["attempts"]:
            name = _("  attempt {number}").format(number=attempt["number"])
            when = moment(attempt["finished"], settings.zone)
            rows.append((name, state(attempt["outcome"]), when, attempt["error"] or ""))
    return table(_("Deliveries"), (_("Handler"), _("State"), _("Finished"), _("Reason")), rows, unbroken=3)


def _effects(settings: Settings, effects: list[dict[str, Any]]) -> Listing:
    rows = (
        (
            each["name"],
            state(each["state"]),
            moment(each["finished"], settings.zone),
            each["handler"],
            _shortly(each["about"]),
            _shortly(each["result"]),
        )
        for each in effects
    )
    columns = (_("Effect"), _("State"), _("Finished"), _("Handler"), _("About"), _("Result"))
    return table(_("Done outside"), columns, rows)


def _shortly(value: Any) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    main()
