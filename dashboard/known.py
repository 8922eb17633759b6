"""What does an account know now, and who writes what no system brings? Items, with edits that overwrite nobody's."""

from datetime import date, datetime
from gettext import gettext as _
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from dashboard.asked import AccountId, DryRun, Limit, Next, NotThere, WrongQuestion, row_number
from dashboard.inside import Inside
from hubcrew import Item
from hubcrew.known import Known, Wanted, why_not
from hubcrew.written import MOST_WRITTEN, WRITTEN, Edit, mark_of, written_scope
from relay.event import new_id

Seen = Annotated[str, Meta(description="The `seen` of the item as it was read; empty for a new one.")]
Day = Annotated[str, Meta(description="2026-11-22", pattern=r"^\d{4}-\d\d-\d\d$")]


class ItemsAsked(msgspec.Struct, kw_only=True):
    """Which items of an account: of a kind, of a business rule ("written": the account's own), with a text."""

    account: AccountId | None = None
    kind: str | None = None
    business_rule: str | None = None
    q: Annotated[str, Meta(description="A text in the name or the text.")] | None = None
    limit: Limit = 100
    next: Next | None = None


class PageAsked(ItemsAsked, kw_only=True):
    """The same, and which item is being changed, or what a new one is to be named."""

    edit: str | None = None
    name: str | None = None


class WriteAsked(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A rule of an account's own: without `id` a new one."""

    account: str
    id: str | None = None
    name: Annotated[str, Meta(min_length=1, max_length=200)]
    text: Annotated[str, Meta(min_length=1, max_length=20_000)]
    starts: Day | None = None
    ends: Day | None = None
    seen: Seen = ""


class RemoveAsked(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Which rule of an account's own is to go; `dry_run` only tells."""

    account: str
    id: str
    seen: Seen
    dry_run: DryRun = False


async def items(inside: Inside, asked: ItemsAsked) -> dict[str, Any]:
    """What an account knows now: each item with where it is from, and why it answers nobody today where it does not."""
    account = inside.account(asked.account)
    wanted = Wanted(account.id, asked.kind, asked.business_rule, text=asked.q or "")
    found = await inside.crew.knowledge.known(wanted, row_number(asked.next) or 0, asked.limit)
    today = datetime.now(account.zone).date()
    shown = [_shown(each, today) for each in found]
    after = str(found[-1].number) if len(found) == asked.limit else None
    return {"items": shown, "next": after, "account": account.id, "counts": await _counts(inside, account.id)}


async def _counts(inside: Inside, account: str) -> dict[str, int]:
    """How many items there are of each kind, and how many of them are the account's own."""
    counted: dict[str, int] = {}
    for scope, number in await inside.crew.knowledge.counts(account):
        counted[scope.kind] = counted.get(scope.kind, 0) + number
        if scope.business_rule == WRITTEN:
            counted[WRITTEN] = number
    return counted


def _shown(known: Known, today: date) -> dict[str, Any]:
    item, scope = known.item, known.scope
    why = why_not(scope, item, today)
    editable = scope == written_scope(scope.account)
    return {
        "kind": scope.kind,
        "business_rule": scope.business_rule,
        "id": item.id,
        "name": item.name,
        "text": item.text,
        "type": item.type,
        "starts": item.starts,
        "ends": item.ends,
        "in_force": why is None,
        "why": why,
        "editable": editable,
        "seen": mark_of(item) if editable else "",
    }


async def items_page(inside: Inside, asked: PageAsked) -> dict[str, Any]:
    """The items, with the one that is being changed."""
    found = await items(inside, asked)
    editing = await _own(inside, found["account"], asked.edit) if asked.edit else None
    edited = None if editing is None else {**editing._asdict(), "seen": mark_of(editing)}
    return {**found, "accounts": list(inside.settings.accounts), "editing": edited}


async def write(inside: Inside, asked: WriteAsked) -> dict[str, Any]:
    """Write a rule of an account's own, or change one; it answers at once, and can be taken back as any revision."""
    account = inside.account(asked.account)
    if not (asked.name.strip() and asked.text.strip()):
        raise WrongQuestion(_("A rule needs a name and a text."))
    starts, ends = (_day(each) for each in (asked.starts, asked.ends))
    if starts and ends and ends < starts:
        raise WrongQuestion(_("The last day, {ends}, is before the first, {starts}.").format(ends=ends, starts=starts))
    text = asked.text.strip().replace("\r\n", "\n")
    item = Item(asked.id or new_id(), asked.name.strip(), text, "", starts, ends)
    await _edit(inside, account.id, Edit(item.id, item, asked.seen))
    return {"id": item.id, "seen": mark_of(item)}


async def remove(inside: Inside, asked: RemoveAsked) -> dict[str, Any]:
    """Remove a rule of an account's own; its revision can be taken back."""
    account = inside.account(asked.account)
    item = await _own(inside, account.id, asked.id)
    if not asked.dry_run:
        await _edit(inside, account.id, Edit(asked.id, None, asked.seen))
    return {"dry_run": asked.dry_run, "added": [], "removed": [item.name], "changed": []}


async def _own(inside: Inside, account: str, name: str) -> Item:
    """The rule of an account's own that has this id."""
    scope = written_scope(account)
    wanted = Wanted(account, scope.kind, scope.business_rule, name)
    found = await inside.crew.knowledge.known(wanted, most=1)
    if not found:
        raise NotThere(_("There is no such rule here that was written by hand: somebody may have removed it."))
    return found[0].item


async def _edit(inside: Inside, account: str, edit: Edit) -> None:
    edited = await inside.crew.knowledge.edit(written_scope(account), edit)
    if edited.outcome == "too many":
        text = _("No more than {most} rules can be written here: put them into a file, or into Odoo.")
        raise WrongQuestion(text.format(most=MOST_WRITTEN))
    if edited.outcome == "overtaken" and edited.now is None:
        raise WrongQuestion(_("Somebody has removed this rule meanwhile. Nothing was saved: write it as a new one."))
    if edited.outcome == "overtaken":
        text = _("Somebody has changed this rule meanwhile. Nothing was saved. It says now:")
        raise WrongQuestion(f"{text} {edited.now.name}: {edited.now.text}" if edited.now else text)


def _day(value: str | None) -> str | None:
    try:
        return date.fromisoformat(value).isoformat() if value else None
    except ValueError as error:
        raise WrongQuestion(_("{value} is not a day of the calendar.").format(value=value)) from error
