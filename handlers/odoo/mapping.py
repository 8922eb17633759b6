"""Which Chatwoot account and inbox is whose? As the shop's people set it in Odoo; it counts at once."""

from gettext import gettext as _
from typing import Any

from config.settings import Settings
from handlers.odoo.sync import success
from handlers.odoo.values import text_of
from hubcrew.items import space_of
from relay import Event, Rejected, State, answer

NAME = "odoo.mapping"
FEWEST_DIGITS = 8  # of a telephone number


@answer("odoo.mapping.sync")
async def take_mapping(event: Event, settings: Settings, state: State) -> dict[str, Any]:
    """Add one channel's mapping to those of this account, on disk and in force."""
    mapping = event.payload.get("mapping")
    number, inbox, special = read_mapping(mapping)
    account = event.account or ""
    other = settings.accounts.claimed_by_another(account, number, inbox)
    if other is not None:
        text = _("Chatwoot account {number} (inbox {inbox}) belongs to another shop of this server.")
        raise Rejected(text.format(number=number, inbox=inbox or _("all")))
    space = space_of(account, event.test)
    kept = await state.change(space, NAME, lambda known: {**(known or {}), f"{number}:{inbox or ''}": special})
    if not event.test:
        apply(settings, account, kept)
    event.explain(f"Chatwoot account {number}, inbox {inbox or 'all'}, {len(special)} special numbers")
    return success({"chatwoot_account_id": number, "chatwoot_inbox_id": inbox})


def read_mapping(mapping: Any) -> tuple[int, int | None, dict[str, str]]:
    """The Chatwoot account, the inbox (None: all of them), and the crew of each special number."""
    body = mapping if isinstance(mapping, dict) else {}
    number, inbox = body.get("chatwoot_account_id"), body.get("chatwoot_inbox_id")
    if type(number) is not int or number <= 0:
        raise Rejected(_("The field {field} is missing.").format(field="mapping.chatwoot_account_id"))
    special = body.get("special_whatsapp_numbers") or []
    crews = {
        text_of(each.get("number")): text_of(each.get("crew"))
        for each in (special if isinstance(special, list) else [])
        if isinstance(each, dict) and text_of(each.get("number"))
    }
    if inbox not in (None, False) and (type(inbox) is not int or inbox <= 0):
        raise Rejected(
            _("{field}: {value} is no number.").format(field="mapping.chatwoot_inbox_id", value=repr(inbox)[:40])
        )
    wrong = next((each for each in crews if sum(letter.isdigit() for letter in each) < FEWEST_DIGITS), None)
    if wrong is not None:
        field = "mapping.special_whatsapp_numbers"
        raise Rejected(_("{field}: {value} is no number.").format(field=field, value=repr(wrong)[:40]))
    return number, None if inbox in (None, False) or body.get("is_fallback") is True else int(inbox), crews


def apply(settings: Settings, account: str, kept: dict[str, dict[str, str]]) -> None:
    """Let what is kept count."""
    places = [tuple(part for part in key.split(":")) for key in kept]
    pairs = [(int(number), int(inbox) if inbox else None) for number, inbox in places]
    settings.accounts.learn(account, pairs, {number: crew for each in kept.values() for number, crew in each.items()})


async def recall(settings: Settings, state: State) -> None:
    """At the start: what Odoo has mapped before."""
    for account in list(settings.accounts):
        kept = await state.get(account.id, NAME)
        if kept:
            apply(settings, account.id, kept)
