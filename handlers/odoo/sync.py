"""What Odoo synchronises becomes what the shop's answers rest on: rules, the company, scheduling."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from config.settings import Settings
from handlers.odoo.company import read_company
from handlers.odoo.rules import read_rules
from handlers.odoo.scheduling import read_scheduling
from handlers.odoo.values import text_of
from hubcrew import HubCrew, Item
from hubcrew.items import Scope, space_of
from relay import Event, State, answer

# When an account's rules for a business rule were last synchronised: what follows may be the rest of the same press.
RULES_AT = "odoo.rules_at:{rule}"
# Beside the business rule's name: what another call said of the company in passing.
PASSING = "/basic"


@answer("odoo.business_rules.sync")
async def sync_rules(event: Event, crew: HubCrew, settings: Settings, state: State) -> dict[str, Any]:
    """Replace what this business rule had; the same call twice changes nothing. Odoo reads `data.vectorized_rules`."""
    permanent, temporary = read_rules(event.payload, zone_of(event, settings))
    snapshots = [*_scoped(event, "permanent", permanent), *_scoped(event, "temporary", temporary)]
    snapshots += await _in_passing(event, crew)
    changed = await crew.knowledge.replace(snapshots)
    space, rule = space_of(event.account, event.test), business_rule(event)
    await state.put(space, RULES_AT.format(rule=rule), event.received)
    total = len(permanent) + len(temporary)
    event.explain(f"{len(permanent)} permanent and {len(temporary)} temporary rules{'' if changed else ', as before'}")
    event.log.info("{} has {} rules for business rule {}", space, total, rule or "(none)")
    counts = {"permanent_rules": len(permanent), "temporary_rules": len(temporary), "vectorized_rules": total}
    return success({**counts, "changed": changed})


@answer("odoo.company_metadata.sync")
async def sync_company(event: Event, crew: HubCrew) -> dict[str, Any]:
    """Replace what the company says of itself: name, hours, contact, and the manner of its answers."""
    items = read_company(event.payload)
    rule = business_rule(event)
    in_passing = [*_of_company(event, rule + PASSING, []), *_of_company(event, PASSING, [])]
    changed = await crew.knowledge.replace([*_of_company(event, rule, items), *in_passing])
    total = len(items)
    event.explain(f"{total} facts about the company{'' if changed else ', as before'}")
    return success({"vectorized_rules": total, "changed": changed})


@answer("odoo.scheduling_rules.sync")
async def sync_scheduling(event: Event, crew: HubCrew) -> dict[str, Any]:
    """Replace the scheduling rules that this business rule had. Odoo reads `data.vectorized_rules`."""
    items = read_scheduling(event.payload)
    changed = await crew.knowledge.replace(_scoped(event, "scheduling", items))
    event.explain(f"{len(items)} scheduling rules{'' if changed else ', as before'}")
    return success({"vectorized_rules": len(items), "changed": changed})


@answer("odoo.credentials.sync")
async def take_note(event: Event) -> dict[str, Any]:
    """Accepted, since Odoo waits for it: credentials were dropped before anything was stored."""
    event.explain("credentials are not kept")
    return success({})


def success(data: dict[str, Any]) -> dict[str, Any]:
    """What every client reads as success. `data` is never null: a null crashes them."""
    return {"success": True, "status": "success", "data": data}


def business_rule(event: Event) -> str:
    """Which business rule of the account the call is about; v1 names none in most of its calls."""
    return text_of(event.payload.get("business_rule_id"))


def zone_of(event: Event, settings: Settings) -> ZoneInfo:
    """The zone of the event's shop."""
    account = settings.accounts.get(event.account)
    return account.zone if account is not None else settings.zone


async def _in_passing(event: Event, crew: HubCrew) -> list[tuple[Scope, Sequence[Item]]]:
    """What v1's rules call says of the company: it counts until the company's own call has said it, and more."""
    rule = business_rule(event)
    if not isinstance(event.payload.get("basic_info"), dict):
        return []
    said = await crew.knowledge.count(Scope(space_of(event.account, event.test), "company", rule))
    return _of_company(event, rule + PASSING, [] if said else read_company(event.payload))


def _of_company(event: Event, rule: str, items: Sequence[Item]) -> list[tuple[Scope, Sequence[Item]]]:
    said, manner = [each for each in items if each.type != "manner"], [each for each in items if each.type == "manner"]
    return [*_scoped(event, "company", said, rule), *_scoped(event, "manner", manner, rule)]


def _scoped(
    event: Event, kind: str, items: Sequence[Item], rule: str | None = None
) -> list[tuple[Scope, Sequence[Item]]]:
    """One snapshot. With a business rule's number it also takes the place of what v1 had sent without one."""
    account, rule = space_of(event.account, event.test), business_rule(event) if rule is None else rule
    own: list[tuple[Scope, Sequence[Item]]] = [(Scope(account, kind, rule), items)]
    return own if rule == "" or rule.endswith(PASSING) else [*own, (Scope(account, kind, ""), [])]
