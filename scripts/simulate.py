"""What does it do? A shop's rules and a customer's conversation, played to the running server, as it answers them."""

import json
import sys
import time
from datetime import datetime
from gettext import gettext as _
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from scripts.in_venv import in_venv

in_venv()

import click
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from clients.customer import TEST, message_payload
from config.settings import Settings
from scripts.ask_server import Failed, RunningServer
from scripts.first_env import missing
from scripts.made_up_shop import COMPANY, OFFERS, RULES, permanent_rules, temporary_rules, turns
from scripts.on_screen import plain, screen, table
from scripts.own_settings import own_settings, speak_as_set
from scripts.trial import finished, kept_since, send_message, show_conclusions, show_kept

BUSINESS_RULE = 990001
CUSTOMER = "Ana"

speak_as_set()


@click.command(help=_("Play a small shop's rules and a customer's conversation to the running server, as a test."))
def main() -> None:
    """Synchronise, converse, and say where to look further."""
    settings = own_settings()
    _check(settings)
    server, console = RunningServer(settings), screen()
    server.get("stats")  # whether it runs, and takes our token, before anything is sent
    console.print(Panel(_("A simulation: everything is marked as a test, and no reply leaves this server."), width=90))
    _synchronise(console, server, settings)
    _converse(console, server, settings)
    console.print(Text(_("Look further:"), style="bold"))
    console.print("  python -m scripts.events --signal 'chatwoot.*'\n  python -m scripts.outbox")


def _check(settings: Settings) -> None:
    first = settings.accounts.first
    needed = {"ODOO_SYNC_KEY": first.odoo_key, "WEBHOOK_TOKEN": first.webhook_token or first.home.secrets}
    if unset := [name for name, value in needed.items() if not value]:
        raise Failed(missing(unset))


def _synchronise(console: Console, server: RunningServer, settings: Settings) -> None:
    """Send the shop's rules as Odoo does, and what it says of itself."""
    account, today = settings.accounts.first, datetime.now(settings.zone).date()
    rules = {"permanent_rules": permanent_rules(), "temporary_rules": temporary_rules(today)}
    body = {"account_id": account.id, "business_rule_id": BUSINESS_RULE, "rules": rules}
    answer = _send(server, "/api/v1/business-rules/sync", body, account.odoo_key)
    _send(server, f"/api/v1/business-rules/sync-company-metadata?account_id={account.id}", COMPANY, account.odoo_key)
    rows = [(name, text) for name, _type, text in RULES] + [(name, text) for name, text, *_days in OFFERS]
    console.print(table(_("1. Odoo synchronises the shop's rules"), (_("Rule"), _("Text")), rows, unbroken=1))
    known = answer["data"]["vectorized_rules"]
    console.print(_("The server knows {number} rules now.").format(number=known), style="green")


def _send(server: RunningServer, path: str, body: Any, key: str) -> Any:
    status, text = server.send(path, json.dumps(body).encode(), {**TEST, "X-API-Key": key})
    if status != 200:
        raise Failed(_("The rules were refused ({status}): {text}").format(status=status, text=text))
    return json.loads(text)


def _converse(console: Console, server: RunningServer, settings: Settings) -> None:
    """Send one message after the other, and show what came of each."""
    conversation = time.time_ns() // 1_000_000  # new at every run; the messages' numbers too
    console.print()
    console.print(Text(_("2. {name} writes in Chatwoot").format(name=CUSTOMER), style="italic"))
    seen = max((each["id"] for each in server.listed("outbox", 1)), default=0)
    status = "pending" if "pending" in settings.answer_statuses else settings.answer_statuses[0]
    for number, (message, _expected) in enumerate(turns(datetime.now(settings.zone).date())):
        console.print()
        console.print(Text(f"{CUSTOMER}: ", style="bold cyan"), plain(message), sep="")
        payload = _payload(settings, conversation, conversation + number, message, status)
        event_id = send_message(server, "/webhook", settings.accounts.first, payload)
        event = finished(console, server, event_id)
        for kept in kept_since(server, seen, conversation):
            seen = kept["id"]
            status = kept["content"] if kept["kind"] == "status" else status  # as Chatwoot's next message says it
            show_kept(console, kept)
        show_conclusions(console, event)
    console.print()


def _payload(settings: Settings, conversation: int, number: int, message: str, status: str) -> dict[str, Any]:
    """The message, in a conversation of the account that the server knows."""
    account = {"id": settings.accounts.first.home.number or 1, "name": "Loja"}
    changes = {"status": status, "messages": []}
    return message_payload(number, conversation, message, account=account, conversation_changes=changes)


if __name__ == "__main__":
    main()
