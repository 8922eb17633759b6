"""Is everything as it should be? The doctor's findings, for whoever looks in."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from dashboard.asked import AccountId
from dashboard.checks import Context, examine
from dashboard.inside import Inside


class DoctorAsked(msgspec.Struct, kw_only=True):
    """Which account alone, and whether to look outside too."""

    account: AccountId | None = None
    outside: Annotated[bool, Meta(description="Ask Chatwoot, Odoo and the others too: up to nine seconds.")] = False


async def doctor(inside: Inside, asked: DoctorAsked) -> dict[str, Any]:
    """What is right, doubtful and wrong, each with a stable code, why, and what to do next."""
    chosen = inside.account(asked.account).id if asked.account else ""
    found = await examine(Context(inside.settings, chosen=chosen, offline=not asked.outside))
    return {"items": [each.as_json() for each in found], "next": None}
