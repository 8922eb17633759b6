"""What becomes of an event of this signal? Its sample is sent to the running server, signed, and marked as a test."""

import json
import sys
from collections.abc import Iterator
from gettext import gettext as _
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from scripts.in_venv import in_venv

in_venv()

import click
from rich.console import Console

from app import own_settings as settings_of_plugins
from clients.customer import TEST
from config.accounts import Account
from config.settings import ROOT, Settings
from dashboard.conclusions import told
from handlers.chatwoot.desk import in_words
from relay.discover import ENTRY_POINTS, discover
from relay.signals import signals
from relay.source import Refused, Source
from relay.testing.samples import (
    SHIPPED,
    Sample,
    Sent,
    UnknownSample,
    as_sent,
    fresh,
    sample_of,
    samples_in,
    with_fields,
)
from scripts.ask_server import Failed, RunningServer
from scripts.on_screen import plain, screen, state
from scripts.own_settings import own_settings, speak_as_set
from scripts.trial import finished

OF_OURS = ("chatwoot.", "odoo.")

speak_as_set()


@click.command(help=_("Send the sample of a SIGNAL to the running server, signed and marked as a test."))
@click.argument("signal", metavar="[SIGNAL]", required=False)
@click.option("--account", default=None, help=_("whose it is; without it, the account of .env"))
@click.option(
    "--field", "changes", multiple=True, metavar="PATH=VALUE", help=_("another value in the body; repeatable")
)
def main(signal: str | None, account: str | None, changes: tuple[str, ...]) -> None:
    """Send it, and say what became of it; without a signal, say which samples there are."""
    settings, console = own_settings(whole=True), screen()
    sources, folders = _sources(settings), (settings.plugins_dir, SHIPPED)
    names = {each.name for each in sources}
    if signal is None:
        for each in samples_in(folders, names):
            console.print(plain(each.name))
        return
    sample, whose = _sample(signal, folders, names), _account(settings, account)
    server = RunningServer(settings)
    server.get("stats")  # whether it runs, and takes our token
    sent = _request(sources, sample, whose, dict(_change(each) for each in changes))
    _show(console, server, sample, *_sent(server, sample, sent))


def _sample(name: str, folders: tuple[Path, ...], sources: set[str]) -> Sample:
    try:
        return sample_of(name, folders, sources)
    except UnknownSample as unknown:
        near = ", ".join(unknown.near)
        text = _("There is no sample of {name}.").format(name=name)
        hint = _("Near: {names}").format(names=near) if near else _("All: python -m scripts.send")
        raise Failed(f"{text} {hint}") from unknown


def _account(settings: Settings, name: str | None) -> Account:
    account = settings.accounts.get(name) if name else settings.accounts.first
    if account is None:
        known = ", ".join(each.id for each in settings.accounts)
        raise Failed(_("There is no account {name}; there are: {names}").format(name=name, names=known))
    return account


def _change(given: str) -> tuple[str, Any]:
    """A path and its value: JSON where it is that, else the text."""
    path, equals, value = given.partition("=")
    if not equals or not path:
        raise click.UsageError(_("--field takes PATH=VALUE, for example: --field sender.name=Ana"))
    try:
        return path, json.loads(value)
    except ValueError:
        return path, value


def _request(sources: list[Source], sample: Sample, account: Account, changes: dict[str, Any]) -> Sent:
    """The request as its sender would make it now: new numbers, the account's own, a proof."""
    try:
        changes = {**dict(_own_numbers(sample, account)), **changes}
        body = with_fields(sample.body, changes)
    except (KeyError, TypeError, IndexError, ValueError) as error:
        raise Failed(_("The body has no such place ({error}).").format(error=error)) from error
    try:
        sent = as_sent(sources, sample.signal, body, account.id)
    except Refused as refused:
        advice = next(filter(None, (each.explain(refused.reason) for each in sources)), "")
        text = _("The server would refuse it: {reason}").format(reason=refused.reason)
        raise Failed(f"{text}\n{advice}".rstrip()) from refused
    if sent is None:
        raise Failed(_no_source(sample))
    return fresh(sent, account.id)


def _sources(settings: Settings) -> list[Source]:
    discover(signals, ROOT / "handlers", "handlers")
    discover(signals, settings.plugins_dir, "plugins", group=ENTRY_POINTS)
    services: dict[Any, object] = {Settings: settings, **settings_of_plugins(signals, settings)}
    return signals.make_sources(services, settings.allow_unauthenticated)


def _no_source(sample: Sample) -> str:
    text = _("No source sends {signal}: handlers make it, or its sample is named otherwise.")
    broken = [f"{each.module}: {each.reason}" for each in signals.broken]
    return "\n".join([text.format(signal=sample.signal), *broken])


def _own_numbers(sample: Sample, account: Account) -> Iterator[tuple[str, Any]]:
    """Samples of Chatwoot and Odoo name an account that is not this server's."""
    body = json.loads(sample.body)
    if not sample.signal.startswith(OF_OURS) or not isinstance(body, dict):
        return
    if isinstance(body.get("account"), dict) and account.home.number is not None:
        yield "account.id", account.home.number
    if "account_id" in body:
        yield "account_id", account.id if isinstance(body["account_id"], str) else account.home.number


def _sent(server: RunningServer, sample: Sample, sent: Sent) -> tuple[Sent, str]:
    incoming = sent.incoming
    path = f"{incoming.path}?{incoming.query}" if incoming.query else incoming.path
    status, text = server.send(path, incoming.body, {**incoming.headers, **TEST})
    if status == 404:
        raise Failed(
            _("The running server has no {path}: start it again, the plugin is new to it.").format(path=incoming.path)
        )
    if status != 200:
        raise Failed(
            _("The server refused {signal} ({status}): {text}").format(signal=sample.name, status=status, text=text)
        )
    return sent, text


def _show(console: Console, server: RunningServer, sample: Sample, sent: Sent, text: str) -> None:
    """What each handler made of it; exit code 1 where one did not come to a good end."""
    answer = json.loads(text) if text.startswith("{") else {}
    if answer.get("status") == "repeated":
        raise Failed(_("The server knows this event already: it is a repeat, and nothing is done twice."))
    if not isinstance(answer.get("event"), str):
        console.print(_("The answer:"), plain(text[:1000]))
        newest = server.get("events", signal=sample.signal, limit=1)["items"]
        answer = {"event": newest[0]["id"]} if newest else {}
    if not answer:
        return
    event = finished(console, server, answer["event"])
    console.print(plain(f"{event['signal']}  {event['id']}  {event['account'] or ''}  {event['key'] or ''}"))
    if not event["deliveries"]:
        console.print(_("  No handler took it: the event is {status}.").format(status=event["status"]))
    for each in event["deliveries"]:
        last = each["attempts"][-1]["error"] if each["attempts"] else None
        said = told(each["reason"] or last or "", in_words)
        console.print(plain(f"  {each['handler']}  "), state(each["state"]), plain(f"  {said}"), sep="")
    console.print(plain(f"  {server.url}/admin/events/{event['id']}"), style="dim")
    if any(each["state"] in ("dead", "parked") for each in event["deliveries"]):
        sys.exit(1)


if __name__ == "__main__":
    main()
