"""What Odoo synchronises becomes what the shop's answers rest on."""

from typing import Any
from zoneinfo import ZoneInfo

from config.settings import Settings
from handlers.odoo.rules import read_rules, text_of
from hubcrew import HubCrew
from hubcrew.knowledge import Scope, space_of
from relay import Event, State, answer


@answer("odoo.business_rules.sync")
async def sync_rules(event: Event, crew: HubCrew, settings: Settings) -> dict[str, Any]:
    """Replace what this business rule had; the same call twice changes nothing. Odoo reads `data.vectorized_rules`."""
    permanent, temporary = read_rules(event.payload, zone_of(event, settings))
    account = space_of(event.account, event.test)
    rule = text_of(event.payload.get("business_rule_id"))
    snapshots = [(Scope(account, "permanent", rule), permanent), (Scope(account, "temporary", rule), temporary)]
    changed = await crew.knowledge.replace(snapshots)
    total = len(permanent) + len(temporary)
    event.explain(f"{len(permanent)} permanent and {len(temporary)} temporary rules{'' if changed else ', as before'}")
    event.log.info("{} has {} rules for business rule {}", account, total, rule or "(none)")
    counts = {"permanent_rules": len(permanent), "temporary_rules": len(temporary), "vectorized_rules": total}
    return {"success": True, "status": "success", "data": {**counts, "changed": changed}}


def zone_of(event: Event, settings: Settings) -> ZoneInfo:
    """The zone of the event's shop."""
    account = settings.accounts.get(event.account)
    return account.zone if account is not None else settings.zone


@answer("odoo.company_metadata.sync")
async def keep_company(event: Event, state: State) -> dict[str, Any]:
    """Keep what the company says of itself, as it came; answers do not rest on it yet."""
    await state.put(space_of(event.account, event.test), "odoo.company_metadata", event.payload)
    event.explain("kept as it came")
    return {"success": True, "status": "success", "data": {}}


@answer("odoo.credentials.sync", "odoo.mapping.sync")
async def take_note(event: Event) -> dict[str, Any]:
    """Accepted, since Odoo waits for it: credentials were dropped before anything was stored."""
    event.explain("credentials are not kept" if event.name == "odoo.credentials.sync" else "kept as it came")
    return {"success": True, "status": "success", "data": {}}
