"""How is a message tried out, and what became of it? Sent as Chatwoot sends it, marked as a test, and followed."""

import json
import time
from collections.abc import Iterator
from gettext import gettext as _
from typing import Any

from rich.console import Console
from rich.text import Text

from clients.customer import tried
from config.accounts import Account
from dashboard.conclusions import told
from handlers.chatwoot.desk import in_words
from scripts.ask_server import Failed, RunningServer
from scripts.on_screen import plain

PATIENCE_SECONDS = 30.0
ENDED = ("done", "dead", "parked", "discarded")


def send_message(server: RunningServer, path: str, account: Account, payload: dict[str, Any]) -> str:
    """Send a message as this account's Chatwoot does, signed where we hold the secret; the event's id."""
    secret = next(iter(account.home.secrets), "")
    status, text = server.send(*tried(payload, secret=secret, token=account.webhook_token, path=path))
    if status != 200:
        raise Failed(_("The message was refused ({status}): {text}").format(status=status, text=text))
    return str(json.loads(text)["event"])


def finished(console: Console, server: RunningServer, event_id: str) -> dict[str, Any]:
    """The event once its deliveries are through, or once waiting longer makes no sense."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    with console.status(_("the server is at work")):
        while True:
            event: dict[str, Any] = server.get(f"events/{event_id}")
            if all(_is_through(each) for each in event["deliveries"]) or time.monotonic() > deadline:
                return event
            time.sleep(0.05)


def _is_through(delivery: dict[str, Any]) -> bool:
    """Ended, or failed and put off until later."""
    return delivery["state"] in ENDED or (delivery["state"] == "waiting" and bool(delivery["attempts"]))


def kept_since(server: RunningServer, seen: int, conversation: int) -> Iterator[dict[str, Any]]:
    """What this conversation has put into the outbox since, in the order of writing."""
    newest = [each for each in server.listed("outbox", 50) if each["id"] > seen]
    return (each for each in reversed(newest) if each["conversation"] == str(conversation))


def show_kept(console: Console, kept: dict[str, Any]) -> None:
    """A reply, a note or a status that went to the outbox."""
    looks = {
        "reply": (_("Shop"), "bold green"),
        "note": (_("Note for the team"), "bold yellow"),
        "status": (_("The conversation is now"), "bold magenta"),
        "label": (_("Label"), "bold magenta"),
    }
    name, style = looks.get(kept["kind"], (kept["kind"], "bold"))
    console.print(Text(f"  {name}: ", style=style), plain(kept["content"].replace("\n", "\n    ")), sep="")


def show_conclusions(console: Console, event: dict[str, Any]) -> None:
    """What the handlers say of it, and whatever did not end well."""
    if not event["deliveries"]:
        console.print(_("  No handler took it: the event is {status}.").format(status=event["status"]), style="red")
    for each in event["deliveries"]:
        said = each["reason"] or next((tried["error"] for tried in reversed(each["attempts"]) if tried["error"]), "")
        if each["state"] != "done":
            console.print(plain(f"  {each['handler']}: {each['state']} {said or ''}"), style="red")
        elif said:
            console.print(plain(f"  ({told(said, in_words)})"), style="dim")
