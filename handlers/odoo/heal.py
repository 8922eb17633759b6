"""Which records of a shop's rule model were changed while nobody listened? Odoo, where it may be asked, tells again."""

import time
from datetime import datetime, timezone
from functools import partial
from typing import Any

import msgspec
from loguru import logger
from msgspec.structs import replace

from clients import Failed, Odoo, Refused
from clients.living import Living
from config.accounts import Account, RuleModel
from config.settings import Settings
from handlers.odoo.native import describe
from hubcrew.healed import HEALED, Progress, due_at, read_all, with_progress
from relay import History, Incoming, Named, Reconcile, State, meanwhile
from relay.event import now_ms

log = logger.bind(component="odoo")

TICK_SECONDS = 1.0
# Each look begins so long before the one before it: a transaction is dated by its beginning.
OVERLAP_SECONDS = 600.0
# So many records are read at one turn, the rest at the next: more than were ever changed in one second.
MOST_RECORDS = 2000
# A webhook that came from then on has told of a change: Odoo sends it right after, and clocks differ a little.
HEARD_SECONDS = 10.0
# Younger ones may still be on their way.
ON_ITS_WAY_SECONDS = 15.0


@meanwhile(TICK_SECONDS)
async def heal(
    settings: Settings, odoo: Odoo, living: Living, state: State, history: History, reconcile: Reconcile
) -> None:
    """Look wherever it is time to: in each rule model of each account whose Odoo may be asked."""
    every = settings.heal_every_minutes * 60
    for account, model in [(each, model) for each in settings.accounts for model in each.rule_models if every]:
        if not odoo.can_ask(account.id):
            continue
        spot, now = f"odoo {model.model}", time.time()
        progress = read_all(await state.get(account.id, HEALED)).get(spot)
        if due_at(progress, living.started, every, now) > now or await living.standing(account.id) is not None:
            continue
        # What was changed before the model was first known here is not ours: it is synchronised by hand.
        after = await _look(account, model, progress or Progress(since=now, first=now), odoo, history, reconcile)
        await state.change(account.id, HEALED, partial(with_progress, spot=spot, progress=after))


async def _look(
    account: Account, model: RuleModel, progress: Progress, odoo: Odoo, history: History, reconcile: Reconcile
) -> Progress:
    """Make the changes that were not heard of, the oldest first; how far it is looked now."""
    begun, made = time.time(), 0
    try:
        rows = await _changed(account, model, max(progress.since, progress.upto), odoo)
    except Failed as failed:
        problem = "refused" if isinstance(failed, Refused) else "unreachable"
        if problem != progress.problem:
            log.warning("{}: what was changed in {} cannot be asked for: {}", account.id, model.model, failed)
        return replace(progress, looked=time.time(), problem=problem)
    unheard = [each for each in rows if not await _is_heard(account, model, each, history)]
    old = [each for each in unheard if written_at(each) <= begun - ON_ITS_WAY_SECONDS]
    for row in old:
        made += await reconcile("odoo", named_of(account, model, row), body_of(model, row))
    goes_on = len(rows) == MOST_RECORDS
    upto = written_at(rows[-1]) if goes_on else 0.0
    since = progress.since if goes_on else max(progress.first, begun - OVERLAP_SECONDS)
    after = replace(
        progress, since=since, upto=upto, looked=begun, problem="", goes_on=goes_on or len(old) < len(unheard)
    )
    if not made:
        return after
    log.warning("{}: {} changes in {} had never come and were fetched", account.id, made, model.model)
    return replace(after, made=progress.made + made, last_made=made, last_found_at=begun)


async def _changed(account: Account, model: RuleModel, since: float, odoo: Odoo) -> list[dict[str, Any]]:
    """The records that were changed since then, the ones that are switched off too."""
    wanted = [model.name, model.text, model.type, model.starts, model.ends, *model.shown_if]
    wanted = list(dict.fromkeys(filter(None, [*wanted, "write_date"])))
    there = await odoo.read(account.id, model.model, "fields_get", allfields=wanted, attributes=["type"])
    rows: list[dict[str, Any]] = await odoo.read(
        account.id,
        model.model,
        "search_read",
        domain=[["write_date", ">=", datetime.fromtimestamp(since, timezone.utc).strftime("%Y-%m-%d %H:%M:%S")]],
        fields=[each for each in wanted if each in there],
        order="write_date, id",
        limit=MOST_RECORDS,
        context={"active_test": False},
    )
    return rows


async def _is_heard(account: Account, model: RuleModel, row: dict[str, Any], history: History) -> bool:
    """Whether something was heard of this record since it was last changed."""
    after = int((written_at(row) - HEARD_SECONDS) * 1000) << 21
    key = named_of(account, model, row).key or ""
    return bool(await history.later(account.id, key, f"{after:016x}"))


def body_of(model: RuleModel, row: dict[str, Any]) -> bytes:
    """What Odoo's own webhook would have said of a record."""
    return msgspec.json.encode({"_model": model.model, "_id": row["id"], **row})


def named_of(account: Account, model: RuleModel, row: dict[str, Any]) -> Named:
    """Named as that webhook would have been; the same change is made once."""
    incoming = Incoming("POST", "/webhook/odoo", "", {}, body_of(model, row), now_ms(), sender=account)
    fact = f"{account.id}:{model.model}:{row['id']}:{row['write_date']}"
    return describe(incoming)._replace(fact_id=fact, repeats_previous=False)


def written_at(row: dict[str, Any]) -> float:
    """When a record was last changed, in epoch seconds; Odoo writes moments without their zone, which is UTC."""
    return datetime.fromisoformat(str(row["write_date"])).replace(tzinfo=timezone.utc).timestamp()
