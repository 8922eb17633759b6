"""How is Chatwoot set up for this server? Bot, webhook and inboxes registered with one command, and shown."""

import asyncio
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import aclosing
from functools import partial
from gettext import gettext as _
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from scripts.in_venv import in_venv

in_venv()

import click
from rich.console import Console

from clients.addresses import shown
from clients.chatwoot_setup import ChatwootSetup, Version, address_of_version, as_version, version_of
from clients.http import Failed as NotDone
from clients.http import Refused
from clients.look import look_at
from config.accounts import Account, Place
from config.settings import Settings, env_path
from config.toml_reader import is_address
from dashboard.checks.chatwoot_wiring import Wired, our_bot, wired
from dashboard.checks.senders import is_ours
from scripts import change_accounts
from scripts.ask_server import Failed
from scripts.change_accounts import Unusable, check_known, path_of
from scripts.change_env import check_not_overruled, set_values
from scripts.on_screen import Listing, plain, screen, table
from scripts.own_settings import own_settings, speak_as_set
from scripts.wire_chatwoot import Kept, Wanted, Wiring

TOKEN, SECRETS = "CHATWOOT_BOT_TOKEN", "CHATWOOT_WEBHOOK_SECRET"  # settings' names

speak_as_set()


@click.group(help=_("What Chatwoot needs to send to this server: an agent bot and a webhook of the account."))
def main() -> None:
    """What is common to both commands is below."""


@main.command(
    help=_(
        "Make the agent bot and the account's webhook, or mend them; keep their secrets; let the bot serve inboxes. "
        "A second run changes nothing. Needs an administrator's token (CHATWOOT_API_KEY). "
        "An API inbox's own webhook is never touched."
    )
)
@click.option("--account", "name", default="", help=_("the account; without it, that of .env"))
@click.option("--place", "place_name", default="", help=_("of an account with several places in Chatwoot, which"))
@click.option("--inbox", "inboxes", type=click.IntRange(1), multiple=True, help=_("let the bot serve it; repeatable"))
@click.option("--all", "every", is_flag=True, help=_("let the bot serve every inbox that no other bot serves"))
@click.option("--replace", is_flag=True, help=_("also inboxes that another bot serves"))
@click.option("--url", default="", help=_("the address of this server; without it, PUBLIC_URL"))
@click.option("--dry-run", is_flag=True, help=_("only say what would be done"))
def register(
    name: str, place_name: str, inboxes: Sequence[int], every: bool, replace: bool, url: str, dry_run: bool
) -> None:
    """Do it, and say what was done and what comes next."""
    settings = own_settings(whole=True)
    account, place = _place_of(settings, name, place_name)
    is_first = account is settings.accounts.first
    if is_first:
        check_not_overruled(env_path(), (TOKEN, SECRETS))
    wanted = Wanted(_public_url(settings, url), is_first, None if every else inboxes, replace)
    console = screen()
    wiring = Wiring(asyncio.run(_version(place)), account, place, wanted, dry_run=dry_run)
    try:
        asyncio.run(_run(wiring, place, partial(_keep, settings, account, place)))
    except NotDone as failed:
        _tell(console, wiring, dry_run, failed=True)
        raise _in_words(failed, place) from failed
    _tell(console, wiring, dry_run)
    if not dry_run:
        _tell_next(console, settings, wanted, wiring)


@main.command(help=_("Show what is registered in Chatwoot: webhooks, bots, and which bot serves which inbox."))
@click.option("--account", "name", default="", help=_("the account; without it, that of .env"))
@click.option("--place", "place_name", default="", help=_("of an account with several places in Chatwoot, which"))
def show(name: str, place_name: str) -> None:
    """Never a secret, and no address's token."""
    settings = own_settings()
    account, place = _place_of(settings, name, place_name)
    try:
        there = asyncio.run(_wired(place))
    except NotDone as failed:
        raise _in_words(failed, place) from failed
    console = screen()
    for each in _tables(there, account, place, settings.public_url):
        console.print(each)


def _place_of(settings: Settings, name: str, place_name: str) -> tuple[Account, Place]:
    """The account and its place; complains where it cannot be asked."""
    account = check_known(settings, name) if name else settings.accounts.first
    place = account.place(place_name)
    lacking = [
        setting
        for setting, value in (
            ("CHATWOOT_BASE_URL (base_url)", place.base_url),
            ("CHATWOOT_ACCOUNT_ID (number)", place.number),
            ("CHATWOOT_API_KEY (api_key)", place.api_key),
        )
        if not value
    ]
    if lacking:
        text = _("Not set for {account}: {names}. In .env, or in {path}.")
        raise Unusable(text.format(account=account.id, names=", ".join(lacking), path=path_of(settings)))
    return account, place


def _public_url(settings: Settings, url: str) -> str:
    chosen = (url or settings.public_url).strip().rstrip("/")
    if not is_address(chosen):
        raise Unusable(
            _("By which address does Chatwoot reach this server? Set PUBLIC_URL in .env, or give --url https://…")
        )
    return chosen


def _setup(place: Place) -> ChatwootSetup:
    return ChatwootSetup(place.base_url, place.api_key, place.number or 0)


async def _run(wiring: Wiring, place: Place, keep: Callable[[Kept], str]) -> None:
    async with aclosing(_setup(place)) as setup:
        await wiring.run(setup, keep)


async def _wired(place: Place) -> Wired:
    async with aclosing(_setup(place)) as setup:
        return await wired(setup)


async def _version(place: Place) -> Version:
    url = address_of_version(place.base_url)
    try:
        version = version_of((await look_at(url)).json)
    except NotDone as failed:
        raise Failed(_("Chatwoot does not answer at {url}: {error}").format(url=url, error=failed)) from failed
    if not version:
        raise Failed(_("What answers at {url} is not Chatwoot. See: python -m scripts.doctor").format(url=url))
    return as_version(version)


def _keep(settings: Settings, account: Account, place: Place, what: Kept) -> str:
    """Write it where the account's other secrets are; tells where that is."""
    if account is not settings.accounts.first:
        change_accounts.set_place(settings, account.id, place.name, what.bot_token, what.secrets)
        return str(path_of(settings))
    values = {SECRETS: ",".join([*place.secrets, *what.secrets])} if what.secrets else {}
    set_values(env_path(), {**values, TOKEN: what.bot_token} if what.bot_token else values)
    return str(env_path())


def _in_words(failed: NotDone, place: Place) -> Failed:
    if isinstance(failed, Refused) and failed.status in (401, 403, 404):
        text = _(
            "Chatwoot refuses it: CHATWOOT_API_KEY must be the token of an administrator of account {number}. "
            "({error}) See: python -m scripts.doctor"
        )
        return Failed(text.format(number=place.number, error=failed))
    text = _("Chatwoot did not do it: {error}. Run the same command again: what was done is found.")
    return Failed(text.format(error=failed))


def _tell(console: Console, wiring: Wiring, dry_run: bool, *, failed: bool = False) -> None:
    for each in wiring.said:
        sign = "·" if dry_run else "✔"
        console.print(plain(f"{sign} {each}"), style="" if dry_run else "green")
    for each in wiring.left:
        console.print(plain(f"⚠ {each}"), style="yellow")
    if not wiring.said and not failed:
        console.print(_("Everything is registered as it should be: nothing was changed."), style="green")
    elif dry_run:
        console.print(_("Nothing was changed (--dry-run)."))


def _tell_next(console: Console, settings: Settings, wanted: Wanted, wiring: Wiring) -> None:
    if wanted.public_url != settings.public_url:
        console.print(plain(_("In .env: PUBLIC_URL={url}").format(url=wanted.public_url)), style="yellow")
    if wiring.has_kept and wanted.is_first:
        text = _("Start the server again now: until then it does not know the new secrets, and refuses what they sign.")
        console.print(text, style="yellow")
    if wanted.inboxes == ():
        console.print(_("No inbox was linked. To let the bot answer: --inbox N (repeatable), or --all"))
    console.print(_("Next: {command}").format(command="python -m scripts.doctor"))


def _tables(there: Wired, account: Account, place: Place, public_url: str) -> Iterator[Listing]:
    ours = our_bot(there.bots, account, place, public_url)
    webhooks = [
        (str(each.id), _here(is_ours(each.url, public_url, account)), shown(each.url), ", ".join(each.subscriptions))
        for each in there.webhooks
    ]
    bots = [
        (str(each.id), _here(ours is not None and each.id == ours.id), each.name, shown(each.url))
        for each in there.bots
    ]
    inboxes = [
        (str(each.id), each.name, each.channel.removeprefix("Channel::"), bot.name if bot else "-")
        for each in there.inboxes
        for bot in [there.serving.get(each.id)]
    ]
    yield table(_("Webhooks"), (_("Number"), _("Ours"), _("Address"), _("Subscriptions")), webhooks, unbroken=1)
    yield table(_("Bots"), (_("Number"), _("Ours"), _("Name"), _("Address")), bots, unbroken=1)
    yield table(_("Inboxes"), (_("Number"), _("Name"), _("Channel"), _("Served by")), inboxes, unbroken=1)


def _here(is_so: bool) -> str:
    return _("yes") if is_so else ""


if __name__ == "__main__":
    main()
