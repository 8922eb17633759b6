"""Can Chatwoot be reached, read and answered in? Its address, its version and both tokens, for every place."""

import asyncio
from contextlib import aclosing
from dataclasses import replace
from gettext import gettext as _

from clients.addresses import shown
from clients.chatwoot_setup import (
    BOT_SIGNS_SINCE,
    WEBHOOK_SIGNS_SINCE,
    ChatwootSetup,
    User,
    address_of_version,
    as_version,
    is_refused_bot,
    is_refused_header,
    version_of,
)
from clients.http import Failed, Refused
from clients.look import Answer
from config.accounts import Account, Place
from dashboard.checks import chatwoot_wiring
from dashboard.checks.context import Context
from dashboard.checks.finding import Finding, error, good, warning


async def check(context: Context) -> list[Finding]:
    """All places beside each other."""
    found = await asyncio.gather(*(_place(context, *each) for each in context.places()))
    nowhere = [each for each in context.accounts if not each.chatwoot]
    return [*(_unset(each) for each in nowhere), *(finding for findings in found for finding in findings)]


async def _place(context: Context, account: Account, place: Place) -> list[Finding]:
    found = await _seen(context, account, place)
    return [replace(each, place=place.name) for each in found]


async def _seen(context: Context, account: Account, place: Place) -> list[Finding]:
    if not place.base_url or not (place.api_key or place.bot_token):
        return [_unset(account)]
    version, there = await _installation(context, account, place)
    if not version:
        return there
    user, of_user = await _user_token(account, place)
    told = [*there, *of_user, *await _bot_token(account, place)]
    if user is not None and place.number is not None and user.roles.get(place.number) == "administrator":
        told += await chatwoot_wiring.check(context, account, place)
    return told


def _unset(account: Account) -> Finding:
    what = _("Its Chatwoot is not set up (CHATWOOT_BASE_URL, CHATWOOT_API_KEY)")
    why = _("Nobody is answered: replies are kept, and shown by python -m scripts.outbox")
    remedy = _(
        "In Chatwoot: your name → Profile Settings → Access Token; both into .env (accounts.toml: base_url, api_key)"
    )
    return warning("chatwoot.unset", what, why, remedy, account.id)


async def _installation(context: Context, account: Account, place: Place) -> tuple[str, list[Finding]]:
    """The version ("" where no Chatwoot answers), and what is to be said of it."""
    url = address_of_version(place.base_url)
    try:
        answer = await context.look(url)
    except Failed as failed:
        what = _("Chatwoot does not answer at {url}: {error}").format(url=shown(url), error=failed)
        why = _("Nobody is answered; what is due is tried again for a day.")
        remedy = _("Correct CHATWOOT_BASE_URL (accounts.toml: base_url), or start Chatwoot")
        return "", [error("chatwoot.unreachable", what, why, remedy, account.id)]
    version = version_of(answer.json) if answer.status == 200 else ""
    return (version, [_version(version, account)]) if version else ("", [_stranger(shown(url), answer, account)])


def _stranger(url: str, answer: Answer, account: Account) -> Finding:
    why = _("Nobody is answered.")
    if 300 <= answer.status < 400:
        place = answer.headers.get("location", "?")
        what = _("{url} redirects to {place}").format(url=url, place=place)
        remedy = _("Write that address, mostly with https://: CHATWOOT_BASE_URL (accounts.toml: base_url)")
        return error("chatwoot.redirected", what, why, remedy, account.id)
    what = _("What answers at {url} is not Chatwoot (status {status})").format(url=url, status=answer.status)
    remedy = _("Correct CHATWOOT_BASE_URL (accounts.toml: base_url)")
    return error("chatwoot.other", what, why, remedy, account.id)


def _version(version: str, account: Account) -> Finding:
    number = as_version(version)
    if number >= BOT_SIGNS_SINCE:
        return good("chatwoot.version", _("Chatwoot {version} answers").format(version=version), account.id)
    what = _("Chatwoot {version} does not sign what its webhooks and bots send").format(version=version)
    if number >= WEBHOOK_SIGNS_SINCE:
        what = _("Chatwoot {version} does not sign what its bots send").format(version=version)
    why = _("The token in the address is all that shows who sends.")
    return warning("chatwoot.version", what, why, _("Renew Chatwoot to 4.13.0 or later"), account.id)


async def _user_token(account: Account, place: Place) -> tuple[User | None, list[Finding]]:
    if not place.api_key:
        what = _("No user's token is set (CHATWOOT_API_KEY)")
        why = _(
            "Conversations cannot be read: a reply whose answer was lost is not looked up, what never came is not "
            "fetched, and whether another copy of this server answers cannot be found out."
        )
        remedy = _("In Chatwoot: your name → Profile Settings → Access Token; then .env (accounts.toml: api_key)")
        return None, [warning("chatwoot.token_unset", what, why, remedy, account.id)]
    try:
        user = await _whose(place, place.api_key)
    except Refused as refused:
        return None, [_refused_user(refused, account)]
    except Failed as failed:
        what = _("Chatwoot does not tell whose token it is: {error}").format(error=failed)
        return None, [
            error("chatwoot.failing", what, _("Replies may fail too."), _("Look at Chatwoot's own log"), account.id)
        ]
    return user, [_role(user, account, place)]


async def _whose(place: Place, token: str) -> User:
    async with aclosing(ChatwootSetup(place.base_url, token, place.number or 0)) as setup:
        return await setup.user()


def _refused_user(refused: Refused, account: Account) -> Finding:
    why = _("Conversations cannot be read, and without a bot's token nobody is answered.")
    if is_refused_header(refused):
        what = _("Chatwoot does not see the token that is sent (Api-Access-Token)")
        remedy = _(
            "In the proxy before Chatwoot: pass this header on (nginx: underscores_in_headers on; no list of headers)"
        )
        return error("chatwoot.header", what, why, remedy, account.id)
    what = _("Chatwoot refuses the user's token")
    if is_refused_bot(refused):
        what = _("CHATWOOT_API_KEY is a bot's token, not a user's")
    remedy = _(
        "In Chatwoot: your name → Profile Settings → Access Token; then CHATWOOT_API_KEY (accounts.toml: api_key)"
    )
    return error("chatwoot.token", what, why, remedy, account.id)


def _role(user: User, account: Account, place: Place) -> Finding:
    role = user.roles.get(place.number or 0)
    if place.number is None:
        what = _("CHATWOOT_ACCOUNT_ID is not set")
        why = _("Every Chatwoot account that gives its token counts as this one.")
        numbers = ", ".join(str(each) for each in user.roles) or "?"
        remedy = _("The number in /app/accounts/…; this user is in: {numbers}").format(numbers=numbers)
        return warning("chatwoot.number", what, why, remedy, account.id)
    if role is None:
        what = _("The user {name} is not in account {number}").format(name=user.name, number=place.number)
        numbers = ", ".join(str(each) for each in user.roles) or "-"
        remedy = _("Correct CHATWOOT_ACCOUNT_ID (this user is in: {numbers}), or add the user there").format(
            numbers=numbers
        )
        return error("chatwoot.account", what, _("Nothing of the account can be read or written."), remedy, account.id)
    if role != "administrator":
        what = _("The user {name} is an agent").format(name=user.name)
        why = _("Webhooks and bots cannot be seen or registered, and only the inboxes that the user is in can be read.")
        remedy = _("In Chatwoot: Settings → Agents, make the user an administrator")
        return warning("chatwoot.role", what, why, remedy, account.id)
    return good("chatwoot.token", _("The token is {name}'s, an administrator").format(name=user.name), account.id)


async def _bot_token(account: Account, place: Place) -> list[Finding]:
    """A bot may not see its profile, and is told so as a bot."""
    if not place.bot_token:
        what, why = _("No bot's token is set (CHATWOOT_BOT_TOKEN)"), _("Replies carry the user's name and face.")
        return [warning("chatwoot.bot_unset", what, why, "python -m scripts.chatwoot register", account.id)]
    try:
        user = await _whose(place, place.bot_token)
    except Refused as refused:
        if is_refused_bot(refused):
            return [good("chatwoot.bot_token", _("Chatwoot knows the bot's token"), account.id)]
        what, why = _("Chatwoot refuses the bot's token"), _("Nobody is answered.")
        return [error("chatwoot.bot_token", what, why, "python -m scripts.chatwoot register", account.id)]
    except Failed:
        return []  # the user's token has met the same, and is told of
    what = _("CHATWOOT_BOT_TOKEN is the token of the user {name}").format(name=user.name)
    why = _("Replies carry the user's name, and the bot cannot be told from a person.")
    return [warning("chatwoot.bot_is_user", what, why, "python -m scripts.chatwoot register", account.id)]
