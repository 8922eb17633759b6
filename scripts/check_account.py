"""Is a shop ready? What its account lacks, and whether its Chatwoot can be reached with the token that is set."""

import asyncio
from collections.abc import Iterable
from gettext import gettext as _

from clients.http import Breaker, Failed
from clients.installation import Access, Installation
from config.accounts import Account, Place
from config.settings import Settings
from hubcrew.crews import crews_with, never_chosen, unknown_words
from scripts.welcome import not_configured

PATIENCE_SECONDS = 5.0


def missing(settings: Settings, account: Account) -> list[str]:
    """What is not set for this account, and what it would bring."""
    own = not_configured(settings) if account is settings.accounts.first else _lacking(account)
    return [*own, *_answering(settings, account)]


def _answering(settings: Settings, account: Account) -> list[str]:
    """What would make its answers other than they are meant."""
    special = set(dict(account.special_numbers).values())
    undeclared = sorted(special - crews_with(account.crews).keys())
    checks = (
        (
            account.llm and not settings.llm_base_url,
            _("llm: there is no model, LLM_BASE_URL is not set; the rules' own texts are said"),
        ),
        (
            bool(account.odoo.url) != bool(account.odoo.api_key),
            _("odoo: url and api_key are both needed for calling its Odoo"),
        ),
    )
    idle = never_chosen(account.crews, special)
    return [
        *(text for applies, text in checks if applies),
        *(_("{word} is not known; see docs/hubcrew.md").format(word=each) for each in unknown_words(account.crews)),
        *(_("crew.{name}: nothing chooses it, it has no asks_for").format(name=each) for each in idle),
        *(_("special_numbers: there is no crew {name}, a person answers").format(name=each) for each in undeclared),
    ]


def _lacking(account: Account) -> list[str]:
    vouched = account.webhook_tokens or any(place.secrets for place in account.chatwoot)
    checks = (
        (account.paused, _("paused: its events are kept, nobody is answered")),
        (
            not account.chatwoot,
            _("[[account.{name}.chatwoot]]: without it everything from its Chatwoot is refused").format(
                name=account.id
            ),
        ),
        (not vouched, _("webhook_token: without it and without a secret, everything from its Chatwoot is refused")),
        (not account.odoo_keys, _("odoo_key: without it everything from its Odoo is refused")),
    )
    lacking = [text for applies, text in checks if applies]
    return [*lacking, *(text for place in account.chatwoot for text in _missing_in(place))]


def _missing_in(place: Place) -> list[str]:
    checks = (
        (not place.number, _("number: every Chatwoot account that gives its token counts as this one")),
        (not place.secrets, _("webhook_secret: signatures are not checked, the token in the address is")),
        (
            not place.base_url or not (place.api_key or place.bot_token),
            _("base_url, api_key: until they are set, replies go to python -m scripts.outbox"),
        ),
        (
            bool(place.base_url and place.bot_token and not place.api_key),
            _("api_key: without a user's token, what is in Chatwoot cannot be read"),
        ),
    )
    where = f"chatwoot {place.name}: " if place.name else ""
    return [where + text for applies, text in checks if applies]


def unreachable(accounts: Iterable[Account]) -> dict[str, list[str]]:
    """By account, which of its Chatwoots does not answer, or does not know the token. All are asked at once."""
    return asyncio.run(_ask_all(list(accounts)))


async def _ask_all(accounts: list[Account]) -> dict[str, list[str]]:
    places = [(account.id, place) for account in accounts for place in account.chatwoot]
    found = await asyncio.gather(*(_complaint(place) for _account, place in places))
    complaints: dict[str, list[str]] = {account.id: [] for account in accounts}
    for (account_id, _place), complaint in zip(places, found, strict=True):
        if complaint:
            complaints[account_id].append(complaint)
    return complaints


async def _complaint(place: Place) -> str:
    """What is wrong with a place that can be asked; "" if nothing is, or it cannot be."""
    if not (place.base_url and place.api_key):
        return ""
    installation = Installation(Access(place.base_url, place.api_key, place.bot_token), Breaker(), None)
    try:
        user = await asyncio.wait_for(installation.own_user_id(), PATIENCE_SECONDS)
    except (Failed, asyncio.TimeoutError) as error:
        text = _("Chatwoot at {url} does not answer: {error}")
        why = str(error) or _("nothing within {seconds} s").format(seconds=int(PATIENCE_SECONDS))
        return text.format(url=place.base_url, error=why)
    if user is None:
        return _("Chatwoot at {url} does not know the user's token (api_key).").format(url=place.base_url)
    return ""
