"""Which addresses are pasted where, and has anything come by them yet?"""

from typing import Any

from config.accounts import Account
from dashboard.asked import Nothing
from dashboard.inside import Inside
from relay.store import handled


async def setup(inside: Inside, _asked: Nothing) -> dict[str, Any]:
    """Per account, the addresses for Chatwoot and Odoo (never a token), and when the latest event came from each."""
    came = await inside.store.read(handled.last_by_source)
    base = inside.settings.public_url
    items = [_shown(each, came, base) for each in inside.settings.accounts]
    return {"public_url": base, "items": items, "next": None}


def _shown(account: Account, came: dict[tuple[str, str | None], int], base: str) -> dict[str, Any]:
    return {
        "account": account.id,
        "name": account.name,
        "chatwoot": {
            "address": f"{base}/webhook/chatwoot/{account.id}",
            "last": came.get(("chatwoot", account.id)),
            "has_token": any(account.webhook_tokens),
            "has_secret": any(any(each.secrets) for each in account.chatwoot),
            "can_post": any(each.base_url and (each.api_key or each.bot_token) for each in account.chatwoot),
            "has_bot": any(each.bot_token for each in account.chatwoot),
        },
        "odoo": {
            "address": base,
            "native": f"{base}/webhook/odoo/{account.id}?event=updated",
            "last": came.get(("odoo", account.id)),
            "has_key": any(account.odoo_keys),
        },
    }
