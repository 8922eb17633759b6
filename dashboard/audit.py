"""Chatwoot's own list of a day's messages, compared with ours: begun, and shown."""

from datetime import date, datetime, timedelta
from gettext import gettext as _
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from clients.installation import api_root
from config.accounts import Account
from dashboard import proof
from dashboard.asked import AccountId, WrongQuestion
from dashboard.conclusions import told
from dashboard.inside import Inside
from dashboard.proof import Row

Day = Annotated[str, Meta(description="A day by the shop's clock; by default yesterday.", examples=["2026-11-27"])]


class AuditAsked(msgspec.Struct, kw_only=True):
    """Which day of which account."""

    account: AccountId | None = None
    day: Day | None = None


class AuditPageAsked(AuditAsked, kw_only=True):
    """The same, and what of it is to be seen."""

    outcome: str | None = None


async def begin_audit(inside: Inside, asked: AuditAsked) -> dict[str, Any]:
    """Begin to compare a day of an account with Chatwoot's own list, in the background: `audit` tells how far it is."""
    account, day = _meant(inside, asked)
    going = inside.audits.begin(account, day)
    if going is None:
        text = _("{name}: its Chatwoot's messages cannot be listed without a user's token (CHATWOOT_API_KEY).")
        raise WrongQuestion(text.format(name=account.id))
    return {"account": account.id, "day": str(day), "look": going.shown()}


async def audit(inside: Inside, asked: AuditAsked) -> dict[str, Any]:
    """A day of an account as it was compared last: each message of a customer, and what became of it.

    Messages that Chatwoot has and that never came here are `missing`; `checked` is null where nobody has looked,
    `look` is how far one is that goes on, or why it failed.
    """
    account, day = _meant(inside, asked)
    kept, going = await inside.audits.kept(account, day), inside.audits.latest(account, day)
    rows = kept.rows if kept else []
    return {
        "account": account.id,
        "day": str(day),
        "begins": proof.begins(),
        "checked": kept.checked if kept else None,
        "unreadable": kept.unreadable if kept else 0,
        "counts": proof.counts(rows),
        "items": [_shown(inside, account, each) for each in rows],
        "look": going.shown() if going is not None and going.state != "done" else None,
    }


async def audit_page(inside: Inside, asked: AuditPageAsked) -> dict[str, Any]:
    """The same as a page: of what is chosen, or of all that was not simply answered."""
    answer = await audit(inside, asked)
    chosen = asked.outcome or ""
    items = [each for each in answer["items"] if _is_chosen(each, chosen)]
    accounts, outcomes = list(inside.settings.accounts), [*proof.OUTCOMES, "healed"]
    return {**answer, "items": items, "accounts": accounts, "outcomes": outcomes, "chosen": chosen}


def _is_chosen(item: dict[str, Any], chosen: str) -> bool:
    if chosen == "healed":
        return bool(item["healed"])
    return bool(item["outcome"] == chosen if chosen else item["outcome"] != proof.ANSWERED)


def _shown(inside: Inside, account: Account, row: Row) -> dict[str, Any]:
    place = account.place(row.place)
    root = api_root(place.base_url).removesuffix("/api/v1") if place.base_url else ""
    link = f"{root}/app/accounts/{place.number}/conversations/{row.conversation}" if root else ""
    why = told(row.reason, inside.in_words)
    clock = {"written_at": _by_clock(row.written, account), "next_written_at": _by_clock(row.next_at, account)}
    return {**msgspec.to_builtins(row), **clock, "why": why, "link": "" if "@" in link else link}


def _by_clock(moment: int | None, account: Account) -> str:
    """A time by the account's own clock, which may be another than the server's."""
    at = None if moment is None else datetime.fromtimestamp(moment / 1000, account.zone)
    return "" if at is None else at.strftime("%d/%m/%Y %H:%M:%S")


def _meant(inside: Inside, asked: AuditAsked) -> tuple[Account, date]:
    account = inside.account(asked.account)
    today = datetime.now(account.zone).date()
    try:
        day = date.fromisoformat(asked.day) if asked.day else today - timedelta(days=1)
    except ValueError as error:
        raise WrongQuestion(_("{value} is no day (2026-11-27).").format(value=asked.day)) from error
    if day > today:
        raise WrongQuestion(_("{day} is still to come.").format(day=day))
    return account, day
