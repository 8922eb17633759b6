"""Does a message from outside arrive here, now? A signed test is sent by the public address, and expected back."""

import asyncio
import contextlib
import json
import random
import re
import sys
import time
from collections.abc import Mapping
from gettext import gettext as _
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from scripts.in_venv import in_venv

in_venv()

import click

from clients import http
from clients.addresses import shown
from clients.customer import Sent, message_payload, tried
from clients.look import look_at
from config.accounts import Account
from config.settings import Settings
from dashboard.checks.ngrok import START
from dashboard.checks.ngrok_errors import in_plain_words
from dashboard.checks.vps import FORWARD
from scripts.ask_server import Failed, RunningServer
from scripts.on_screen import plain, screen
from scripts.own_settings import own_settings, speak_as_set
from scripts.trial import finished

ANSWER_SECONDS = 20.0
# No conversation of Chatwoot's comes to such a number; a test's key is its own in any case.
FIRST_CONVERSATION = 900_000_000
# What a proxy is called here that hands on.
HANDS_ON = "handlers.forward."
_ID = re.compile(r"[0-9a-f]{16}")

speak_as_set()


class Broken(NamedTuple):
    """Where it breaks (address, proxy, tunnel, signature, server), what is seen of that, and what to do."""

    station: str
    what: str
    remedy: str

    def failed(self) -> Failed:
        """As the command ends with it."""
        where = {
            "address": _("It breaks at the address: {what}"),
            "proxy": _("It breaks at the proxy: {what}"),
            "tunnel": _("It breaks at the tunnel: {what}"),
            "signature": _("It breaks at the signature: {what}"),
            "server": _("It breaks at the server: {what}"),
        }
        return Failed(f"{where[self.station].format(what=self.what)}\n→ {self.remedy}")


@click.command(
    help=_(
        "Send a signed test message by the public address, and wait until this server has it. No customer sees it. "
        "Exit code 1 where it does not come, and where it breaks."
    )
)
@click.option("--by", "address", default="", help=_("another address than PUBLIC_URL"))
@click.option("--seconds", type=click.FloatRange(0.1), default=10.0, show_default=True, help=_("how long it may take"))
def main(address: str, seconds: float) -> None:
    """Send it, and say how long it took."""
    settings, console = own_settings(), screen()
    server, address = RunningServer(settings), (address or settings.public_url or settings.tunnel.vps_url).rstrip("/")
    if not address:
        raise Broken("address", _("PUBLIC_URL is not set"), _("In .env: PUBLIC_URL=https://…")).failed()
    _ask_server(server)
    conversation = FIRST_CONVERSATION + random.randrange(10**8)  # noqa: S311  # nobody's secret
    sent, begun = _message(settings.accounts.first, conversation), time.monotonic()
    kept = asyncio.run(_send(address, sent))
    if isinstance(kept, Broken):
        raise _explained(kept, server).failed()
    event = _arrived(server, kept, conversation, begun + seconds)
    if event is None:
        raise asyncio.run(_lost(settings, address, kept, seconds)).failed()
    text = _("It came by {address} after {seconds} s: event {id}.")
    console.print(plain(text.format(address=shown(address), seconds=f"{time.monotonic() - begun:.2f}", id=event)))
    _follow(finished(console, server, event))


def _ask_server(server: RunningServer) -> None:
    try:
        server.get("stats")
    except Failed as failed:
        raise Broken("server", failed.message, "python -m scripts.doctor").failed() from failed


def _message(account: Account, conversation: int) -> Sent:
    """A note of an agent's: taken, remembered, and answered by nobody. Signed where we hold the secret."""
    number = conversation + random.randrange(10**9)  # noqa: S311  # nobody's secret
    text = _("A test of the way from outside to this server.")
    note = {"message_type": "outgoing", "private": True, "account": {"id": account.home.number or 1, "name": "-"}}
    secret = next(iter(account.home.secrets), "")
    token = "" if secret else account.webhook_token
    if not secret and not token:
        what = _("Neither CHATWOOT_WEBHOOK_SECRET nor WEBHOOK_TOKEN is set: nothing is taken from Chatwoot")
        raise Broken("signature", what, "python -m scripts.chatwoot register").failed()
    return tried(message_payload(number, conversation, text, **note), secret=secret, token=token)


async def _send(address: str, sent: Sent) -> str | Broken:
    """The id of the event that it was kept as, or where it broke."""
    there = http.Destination(address, {}, most_mb=1)
    try:
        answer = await there.answer(
            "POST", sent.path, about="POST /webhook", seconds=ANSWER_SECONDS, content=sent.body, headers=sent.headers
        )
    except http.Failed as failed:
        if failed.answer is None:
            what = _("Nothing answers at {url}: {error}").format(url=shown(address), error=failed)
            return Broken("address", what, _("Start the tunnel or proxy, or correct PUBLIC_URL in .env"))
        return refused(shown(address), failed.answer.status, failed.answer.text, failed.answer.headers)
    finally:
        await there.aclose()
    return _event_in(answer.text) or refused(shown(address), answer.status, answer.text, answer.headers)


def _event_in(text: str) -> str:
    with contextlib.suppress(ValueError):
        told = json.loads(text)
        if isinstance(told, dict) and _ID.fullmatch(str(told.get("event"))):
            return str(told["event"])
    return ""


def refused(url: str, status: int, text: str, headers: Mapping[str, str]) -> Broken:
    """Where it breaks, by an answer that is not this server's "kept"."""
    if plainly := in_plain_words(text, headers):
        return Broken("tunnel", str(plainly.what), plainly.remedy)
    if status in (401, 429):
        what = _("The server at {url} does not accept it (status {status}): {text}")
        remedy = _("CHATWOOT_WEBHOOK_SECRET, WEBHOOK_TOKEN and the clock must be the same there and here")
        return Broken("signature", what.format(url=url, status=status, text=text[:200]), remedy)
    if status == 500:
        what = _("The server at {url} could not keep it (status {status}): {text}")
        return Broken("server", what.format(url=url, status=status, text=text[:200]), _("Look into its logs"))
    if status in (502, 503, 504):
        what = _("What answers at {url} does not reach the server behind it (status {status})")
        remedy = _("Is the server there started? Look into the proxy's log")
        return Broken("proxy", what.format(url=url, status=status), remedy)
    if status < 300:
        what = _("What answers at {url} says {status} and is not this server: what Chatwoot sends there is lost")
    else:
        what = _("What answers at {url} is not this server (status {status})")
    return Broken("proxy", what.format(url=url, status=status), _("Correct PUBLIC_URL in .env, or the proxy before it"))


def _explained(broken: Broken, server: RunningServer) -> Broken:
    """With the reason that this server has written down, where it was this one that refused it."""
    if broken.station != "signature":
        return broken
    newest = next(server.listed("rejections", 1), None)
    if newest is None or newest["received"] < (time.time() - ANSWER_SECONDS) * 1000:
        return broken
    return broken._replace(what=f"{broken.what} ({newest['reason']})", remedy=newest["advice"] or broken.remedy)


def _arrived(server: RunningServer, kept: str, conversation: int, deadline: float) -> str | None:
    """The event's id here, as soon as it is there: the one that it was kept as, or one of this conversation."""
    while True:
        if found := _found(server, kept, conversation):
            return found
        if time.monotonic() > deadline:
            return None
        time.sleep(0.05)


def _found(server: RunningServer, kept: str, conversation: int) -> str | None:
    """A proxy without a FORWARD_SIGNING_KEY cannot vouch for its id: then it has another one here."""
    with contextlib.suppress(Failed):
        return str(server.get(f"events/{kept}")["id"])
    key = re.compile(rf"test:conversation:{conversation}\b")
    listed = server.listed("events", 50, {"signal": "chatwoot.message_created"})
    return next((each["id"] for each in listed if key.match(each["key"] or "")), None)


async def _lost(settings: Settings, address: str, kept: str, seconds: float) -> Broken:
    """It was taken at the address and is not here: where it waits, or who has it."""
    vps = settings.tunnel
    if not vps.vps_url:
        what = _("{url} leads to another server: that one kept it, as event {id}, and it did not come here in {n} s")
        remedy = _("Correct PUBLIC_URL in .env; if it leads to a proxy of yours, VPS_URL is that")
        return Broken("address", what.format(url=shown(address), id=kept, n=f"{seconds:g}"), remedy)
    what = _("The proxy kept it, as event {id}, and it did not come here in {n} s. {why}")
    why = await _said_by_proxy(vps.vps_url, vps.vps_token)
    return Broken("tunnel", what.format(id=kept, n=f"{seconds:g}", why=why).rstrip(), f"{START} --check")


async def _said_by_proxy(url: str, token: str) -> str:
    """Where the proxy hands on to, and what was last wrong with that, in its own words; "" where it does not tell."""
    if not token:
        return ""
    try:
        told = (await look_at(f"{url}{FORWARD}", headers={"Authorization": f"Bearer {token}"})).json
    except http.Failed:
        return ""
    if not isinstance(told, dict) or "url" not in told:
        return ""
    text = _("It hands on to {url}; {waiting} wait; last error: {error}")
    return text.format(url=told["url"], waiting=told.get("waiting"), error=told.get("failed") or "-")


def _last_word(delivery: dict[str, Any]) -> str:
    tries = delivery.get("attempts") or [{}]
    said = delivery.get("reason") or tries[-1].get("error") or ""
    return "" if delivery.get("state") == "done" else f"{delivery.get('state')} {said}".strip()


def _follow(event: dict[str, Any]) -> None:
    """What the handlers made of it; a message that arrives and is dealt with by none is of no use."""
    wrong = [f"{each['handler']}: {_last_word(each)}" for each in event["deliveries"] if each["state"] != "done"]
    if wrong or not event["deliveries"]:
        what = _("It arrived, as event {id}, and was not dealt with: {why}")
        why = "; ".join(wrong) or event["status"]
        station = "tunnel" if HANDS_ON in why else "server"
        raise Broken(station, what.format(id=event["id"], why=why), f"python -m scripts.events {event['id']}").failed()


if __name__ == "__main__":
    main()
