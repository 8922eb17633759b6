"""What is known, what did a synchronisation change, how is it taken back, and what would a customer be told?"""

from datetime import datetime, timezone
from gettext import gettext as _
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from dashboard.asked import AccountId, DryRun, NotThere
from dashboard.inside import Inside
from hubcrew import Answer, HandOver
from hubcrew.answer import Considered
from hubcrew.items import Revision, space_of

MOST_FOUND = 5
NEWEST = 20
MOST_KEPT = 200


class KnowledgeAsked(msgspec.Struct, kw_only=True):
    """Whose revisions, of which kind."""

    account: AccountId | None = None
    kind: str | None = None
    business_rule: str | None = None


class RestoreAsked(msgspec.Struct, forbid_unknown_fields=True):
    """Which revision of an account is to be the current one again."""

    account: str
    revision: Annotated[int, Meta(ge=0, le=2**62)]
    dry_run: DryRun = False


class RevisionsAsked(msgspec.Struct, kw_only=True):
    """Whose revisions are shown, the newest alone or all that are kept."""

    account: AccountId | None = None
    all: bool = False


class Tried(msgspec.Struct, kw_only=True):
    """A question that is tried, or none yet."""

    q: Annotated[str, Meta(max_length=4000)] = ""
    account: AccountId | None = None
    test: bool = False


class Question(msgspec.Struct, kw_only=True):
    """What is asked of whom; `test` asks what was learned from tests."""

    q: Annotated[str, Meta(min_length=1, max_length=4000)]
    account: AccountId | None = None
    test: bool = False


async def knowledge(inside: Inside, asked: KnowledgeAsked) -> dict[str, Any]:
    """The revisions of an account's knowledge, newest first, each with what it changed."""
    account = asked.account or inside.settings.accounts.first.id
    found = await inside.crew.knowledge.revisions(account, asked.kind, asked.business_rule)
    return {"items": [shown(each) for each in found], "next": None}


async def restore(inside: Inside, asked: RestoreAsked) -> dict[str, Any]:
    """Make an earlier revision the current one again; `dry_run` tells what that would change."""
    known = inside.crew.knowledge
    if asked.dry_run:
        found = await known.restoring(asked.account, asked.revision)
        if found is not None:
            return {"dry_run": True, **shown(found)}
    elif await known.restore(asked.account, asked.revision):
        return {"restored": asked.revision}
    text = _("There is no revision {revision} of {account}.")
    raise NotThere(text.format(revision=asked.revision, account=asked.account))


async def ask(inside: Inside, asked: Question) -> dict[str, Any]:
    """What a customer of an account would be told, and why."""
    account = inside.account(asked.account)
    space, now = space_of(account.id, asked.test), datetime.now(account.zone)
    answer = await inside.crew.ask(space, asked.q, now)
    if not asked.test:
        answer = await inside.crew.worded(space, asked.q, answer, now)
    return told(answer, await inside.crew.consider(space, asked.q, now.date()))


async def revisions_page(inside: Inside, asked: RevisionsAsked) -> dict[str, Any]:
    """The revisions with when they were made."""
    account = inside.account(asked.account)
    found = await inside.crew.knowledge.revisions(account.id, most=MOST_KEPT if asked.all else NEWEST + 1)
    items = [{**shown(each), "at": _made(each)} for each in found]
    more = not asked.all and len(items) > NEWEST
    return {**_whose(inside, account.id), "items": items[:NEWEST] if more else items, "more": more}


async def ask_page(inside: Inside, asked: Tried) -> dict[str, Any]:
    """A question's answer, where one is asked."""
    account = inside.account(asked.account).id
    told_now = await ask(inside, Question(q=asked.q, account=account, test=asked.test)) if asked.q.strip() else None
    if told_now is not None and told_now["reason"]:
        told_now["reason_in_words"] = inside.in_words(told_now["reason"])
    return {**_whose(inside, account), "told": told_now}


def _whose(inside: Inside, account: str) -> dict[str, Any]:
    return {"account": account, "accounts": list(inside.settings.accounts)}


def _made(revision: Revision) -> int:
    """When a revision was made, in epoch milliseconds."""
    return int(datetime.fromisoformat(revision.made).replace(tzinfo=timezone.utc).timestamp() * 1000)


def shown(revision: Revision) -> dict[str, Any]:
    """A revision for whoever may look in."""
    fields = revision._asdict()
    scope = fields.pop("scope")
    return {**fields, "account": scope.account, "kind": scope.kind, "business_rule": scope.business_rule}


def told(answer: Answer | HandOver, considered: Considered) -> dict[str, Any]:
    """What a customer would be told, or why a person must answer; and what was found, best first."""
    found = [
        {"kind": found.kind, "id": found.item.id, "name": found.item.name, "score": round(score, 3)}
        for found, score in considered.found[:MOST_FOUND]
    ]
    common = {"crew": answer.crew, "chance": round(considered.chance, 3), "found": found}
    if isinstance(answer, HandOver):
        return {"answer": None, "rules": [], "reason": answer.reason, **common}
    rules = [each.name for each in answer.rules]
    return {"answer": answer.text, "rules": rules, "reason": None, "worded_by": answer.worded_by, **common}
