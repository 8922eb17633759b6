"""Does the running server serve the accounts as the file has them? Asked, and waited for while it reads it again."""

import time
from collections.abc import Callable
from gettext import gettext as _
from typing import Any

from rich.console import Console

from config.accounts import Account
from dashboard.accounts import shown
from scripts.ask_server import Failed, NotAsked, RunningServer

PATIENCE_SECONDS = 10.0
Served = dict[str, dict[str, Any]]


def served(server: RunningServer) -> Served:
    """The accounts that the running server serves, by name."""
    return {each["id"]: each for each in server.get("accounts")["items"]}


def served_or_none(server: RunningServer) -> tuple[Served | None, str]:
    """The same, or None where no server can be asked, and why."""
    try:
        return served(server), ""
    except NotAsked as nobody:
        return None, nobody.message


def wait_until(console: Console, server: RunningServer, is_so: Callable[[Served], bool]) -> str:
    """Wait until the server has read the file again; "" when it has, or why there is nobody to wait for."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    with console.status(_("waiting until the server has read the file again")):
        while True:
            accounts, why = served_or_none(server)
            if accounts is None or is_so(accounts):
                return why
            if time.monotonic() > deadline:
                text = _(
                    "The server at {url} has not taken this over within {seconds} s: it reads another file "
                    "(ACCOUNTS_FILE), or its log says what is wrong with this one."
                )
                raise Failed(text.format(url=server.url, seconds=int(PATIENCE_SECONDS)))
            time.sleep(0.1)


def is_served(account: Account, accounts: Served) -> bool:
    """Whether the server has this account as it was read here, beside what Odoo's mapping has added."""
    there = accounts.get(account.id)
    if there is None:
        return False
    here = shown(account)
    declared = [each for each in there["chatwoot"] if not each["learned"]]
    numbers = {number: crew for number, crew in there["special_numbers"].items() if number in here["special_numbers"]}
    return {**there, "chatwoot": declared, "special_numbers": numbers} == here
