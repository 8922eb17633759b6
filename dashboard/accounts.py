"""Which accounts are served, and how is each set up? Never a secret: only whether there is one."""

import re
from typing import Any

from config.accounts import Account, Place
from dashboard.asked import Nothing
from dashboard.inside import Inside

_PASSWORD = re.compile(r"//[^/@]*@")


async def accounts(inside: Inside, _asked: Nothing) -> dict[str, Any]:
    """The accounts as they are now, with what Odoo's mapping has added; all on one page."""
    return {"items": [shown(each) for each in inside.settings.accounts], "next": None}


def shown(account: Account) -> dict[str, Any]:
    """An account for whoever may look in."""
    return {
        "id": account.id,
        "name": account.name,
        "timezone": account.timezone,
        "mode": account.mode,
        "paused": account.paused,
        "llm": account.llm,
        "has_webhook_token": any(account.webhook_tokens),
        "has_odoo_key": any(account.odoo_keys),
        "has_odoo_signing_secret": bool(account.odoo_signing_secret),
        "chatwoot": [_shown_place(each) for each in account.chatwoot],
        "special_numbers": dict(account.special_numbers),
        "calls_odoo": bool(account.odoo.url or account.odoo.webhook_url),
        "rule_models": [each.model for each in account.rule_models],
    }


def _shown_place(place: Place) -> dict[str, Any]:
    return {
        "name": place.name,
        "base_url": _PASSWORD.sub("//…@", place.base_url),
        "number": place.number,
        "inboxes": list(place.inboxes),
        "learned": place.learned,
        "has_secrets": any(place.secrets),
        "has_api_key": bool(place.api_key),
        "has_bot_token": bool(place.bot_token),
    }
