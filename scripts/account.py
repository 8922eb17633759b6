"""Which shops are served? One more, checked, listed, paused or removed: accounts.toml, and the server that reads it."""

import secrets
import sys
import time
from collections.abc import Callable
from gettext import gettext as _
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from scripts.in_venv import in_venv

in_venv()

import click
from rich.console import Console

from clients.customer import message_payload
from config.accounts import MODES, Account
from config.settings import Settings
from dashboard.accounts import shown
from scripts import change_accounts
from scripts.ask_server import Failed, RunningServer
from scripts.change_accounts import Unusable, check_in_file, check_known, check_new, path_of
from scripts.check_account import missing, unreachable
from scripts.consent import agreed
from scripts.on_screen import plain, screen, table
from scripts.own_settings import own_settings, speak_as_set
from scripts.serving import Served, is_served, served_or_none, wait_until
from scripts.shop_lines import shop_lines
from scripts.trial import finished, send_message, show_conclusions

ASKED = "-"

speak_as_set()


@click.group(help=_("The shops besides the one of .env: each an account in accounts.toml. Works without a server too."))
def main() -> None:
    """What is common to the five commands is in their own modules."""


@main.command(
    help=_(
        "Add the account NAME (like loja2), make its tokens, and print what goes into its Chatwoot and its Odoo.\n\n"
        "A secret given as an option can be seen by other users of this machine (ps) and stays in the shell's "
        "history: give - instead, and it is asked for without being shown. env:NAME and file:/path stand for what is "
        "there."
    )
)
@click.argument("name", metavar="NAME")
@click.option("--name", "title", default="", help=_("the shop's name, for people"))
@click.option("--timezone", help=_("the shop's time zone; without it, that of .env (TIMEZONE)"))
@click.option("--chatwoot-url", default="", help=_("its Chatwoot: https://chat.example.com"))
@click.option("--chatwoot-number", type=click.IntRange(1), help=_("the number in /app/accounts/2"))
@click.option("--inbox", "inboxes", type=click.IntRange(1), multiple=True, help=_("only this inbox; may be repeated"))
@click.option("--webhook-secret", "webhook_secrets", multiple=True, help=_("Chatwoot's secret, or -; may be repeated"))
@click.option("--api-key", default="", help=_("a Chatwoot user's token, or -"))
@click.option("--bot-token", default="", help=_("the Chatwoot bot's token, or -"))
@click.option(
    "--mode",
    type=click.Choice(MODES),
    default="suggest",
    show_default=True,
    help=_("off, suggest (answers become notes for the team) or on"),
)
def add(name: str, **given: Any) -> None:
    """Write the table, print the lines, and let a test message go through."""
    settings = own_settings(whole=True)
    check_new(settings, name)
    account = change_accounts.add(settings, name, _values(settings, given))
    print(_("{name} was added to {path}.").format(name=name, path=path_of(settings)) + "\n")
    print("\n".join(shop_lines(settings, account, path_of(settings))) + "\n")
    console, server = screen(), RunningServer(settings)
    if _taken_over(console, server, lambda accounts: is_served(account, accounts)):
        _try_out(console, server, settings, account)


def _values(settings: Settings, given: dict[str, Any]) -> dict[str, Any]:
    """The table's values; those that are still empty are written too, to be filled in."""
    place = {
        "base_url": given["chatwoot_url"],
        "number": given["chatwoot_number"],
        "inboxes": list(given["inboxes"]),
        "webhook_secret": [_secret("--webhook-secret", each) for each in given["webhook_secrets"]],
        "api_key": _secret("--api-key", given["api_key"]),
        "bot_token": _secret("--bot-token", given["bot_token"]),
    }
    return {
        "name": given["title"],
        "timezone": given["timezone"] or settings.timezone,
        "answer_mode": given["mode"],
        "paused": False,
        "webhook_token": secrets.token_urlsafe(24),
        "odoo_key": secrets.token_urlsafe(24),
        "chatwoot": [{name: value for name, value in place.items() if value is not None}],
    }


def _secret(option: str, value: str) -> str:
    """The value, or what is typed for it unseen; where there is no terminal, the next line of the input."""
    if value != ASKED:
        return value
    if sys.stdin.isatty():
        entered = click.prompt(option, hide_input=True, default="", show_default=False)
    else:
        entered = sys.stdin.readline()
    if not entered.strip():
        raise Unusable(_("{option}: nothing was entered, nothing was written.").format(option=option))
    return str(entered.strip())


def _taken_over(console: Console, server: RunningServer, is_so: Callable[[Served], bool]) -> bool:
    """Whether the running server has taken the change over; where none runs, that is said."""
    why = wait_until(console, server, is_so)
    if why:
        console.print(plain(why), style="yellow")
        console.print(_("The file is read when the server starts."))
    else:
        console.print(_("The server at {url} has taken it over.").format(url=server.url), style="green")
    return not why


def _try_out(console: Console, server: RunningServer, settings: Settings, account: Account) -> None:
    """Send a test message by the account's own address, and say what became of it."""
    inbox = next(iter(account.home.inboxes), 1)
    number = time.time_ns() // 1_000_000  # new at every run
    payload = message_payload(
        number, number, _("Hello, this is a test."),
        account={"id": account.home.number or 1, "name": account.name},
        inbox={"id": inbox, "name": "Test"},
        conversation_changes={"inbox_id": inbox, "status": settings.answer_statuses[0], "messages": []},
    )  # fmt: skip
    event = finished(console, server, send_message(server, f"/webhook/chatwoot/{account.id}", account, payload))
    if event["account"] != account.id:
        raise Failed(_("The test message came in, but belongs to {account}.").format(account=event["account"] or "?"))
    console.print(
        _("A test message came in for {name}: {event}").format(name=account.id, event=event["id"]), style="green"
    )
    show_conclusions(console, event)


@main.command(help=_("Check accounts.toml as the server reads it; of each account (or NAME) tell what is missing."))
@click.argument("name", metavar="[NAME]", required=False)
def check(name: str | None) -> None:
    """Exit code 2 where the file is wrong, 1 where something does not answer or is not served as it is written."""
    settings = own_settings(whole=True)
    accounts = [check_known(settings, name)] if name else list(settings.accounts)
    console, server = screen(), RunningServer(settings)
    _tell_of_file(console, path_of(settings))
    now_served, why = served_or_none(server)
    complaints = unreachable(accounts)
    for account in accounts:
        if now_served is not None and not is_served(account, now_served):
            complaints[account.id].append(_("the running server does not have it as it is written: start it again"))
        _tell(console, account, missing(settings, account), complaints[account.id])
    if why:
        console.print(plain(why), style="yellow")
    if any(complaints.values()):
        sys.exit(1)


def _tell_of_file(console: Console, path: Path) -> None:
    if not path.exists():
        console.print(plain(_("{path} does not exist yet: there is only the account of .env.").format(path=path)))
    elif path.stat().st_mode & 0o077:
        text = _("{path} can be read by other users of this machine: chmod 600 {path}").format(path=path)
        console.print(plain(text), style="yellow")


def _tell(console: Console, account: Account, lacking: list[str], complaints: list[str]) -> None:
    console.print(plain(f"{account.id}  {account.name}".strip()), style="bold")
    for each in complaints:
        console.print(plain(f"  ✗ {each}"), style="red")
    for each in lacking:
        console.print(plain(f"  - {each}"))
    if not complaints and not lacking:
        console.print("  ✓ " + _("complete"), style="green")


@main.command(name="list", help=_("List the accounts: as the running server has them, or else as they are written."))
def show_list() -> None:
    """One line per account."""
    settings = own_settings()
    found, why = served_or_none(RunningServer(settings))
    accounts: Served = {each.id: shown(each) for each in settings.accounts} if found is None else found
    columns = (_("Account"), _("Name"), _("Mode"), "Chatwoot", "Odoo", _("Special numbers"))
    console = screen()
    console.print(table(_("Accounts"), columns, (_row(each) for each in accounts.values()), unbroken=1))
    if why:
        console.print(plain(why), style="yellow")
        console.print(_("This is how they are written; what Odoo's mapping adds is known to the running server."))


def _row(account: dict[str, Any]) -> tuple[str, ...]:
    odoo = [_("sends") if account["has_odoo_key"] else "", _("is called") if account["calls_odoo"] else ""]
    return (
        account["id"],
        account["name"],
        _("{mode}, paused").format(mode=account["mode"]) if account["paused"] else account["mode"],
        "\n".join(_place(each) for each in account["chatwoot"]),
        ", ".join([each for each in odoo if each] + account["rule_models"]),
        "\n".join(f"{number} {crew}" for number, crew in account["special_numbers"].items()),
    )


def _place(place: dict[str, Any]) -> str:
    inboxes = ", ".join(str(each) for each in place["inboxes"])
    words = (
        place["name"],
        place["base_url"],
        "" if place["number"] is None else _("account {number}").format(number=place["number"]),
        _("inboxes {numbers}").format(numbers=inboxes) if inboxes else "",
        _("(from Odoo)") if place["learned"] else "",
    )
    return " ".join(each for each in words if each)


@main.command(help=_("Pause the account NAME: its events are kept, nobody is answered. With --off it answers again."))
@click.argument("name", metavar="NAME")
@click.option("--off", is_flag=True, help=_("end the pause"))
def pause(name: str, off: bool) -> None:
    """Write it, and wait until the server has it."""
    settings = own_settings(whole=True)
    check_in_file(settings, name)
    change_accounts.pause(settings, name, not off)
    text = _("{name} answers again.") if off else _("{name} is paused: its events are kept, nobody is answered.")
    print(text.format(name=name))
    _taken_over(screen(), RunningServer(settings), lambda accounts: accounts.get(name, {}).get("paused") == (not off))


@main.command(help=_("Remove the account NAME from accounts.toml; what was kept of it stays."))
@click.argument("name", metavar="NAME")
@click.option("--yes", is_flag=True, help=_("do not ask"))
def remove(name: str, yes: bool) -> None:
    """Ask, take its table out, and wait until the server has let go of it."""
    settings = own_settings(whole=True)
    check_in_file(settings, name)
    if not (yes or agreed(_("Remove {name}, with its tokens and keys? [y/N]").format(name=name))):
        raise Failed(_("Nothing was removed."))
    change_accounts.remove(settings, name)
    print(_("{name} was removed: what comes with its tokens is refused from now on.").format(name=name))
    print(
        _("What was kept of it (events, knowledge) stays; an account that is called {name} again has it.").format(
            name=name
        )
    )
    _taken_over(screen(), RunningServer(settings), lambda accounts: name not in accounts)


if __name__ == "__main__":
    main()
