"""What has a shop to write down or to correct? Read from what answers and hand-overs recorded."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from dashboard.asked import AccountId
from dashboard.inside import Inside
from hubcrew.lessons import WRONG_ANSWERS, corrections, unanswered
from relay.event import now_ms
from relay.store import State, Store, look

DAY_MS = 86_400_000
MOST_READ = 5000
# What Chatwoot's handlers call a hand-over's note, and a question that is left to the agents.
OPEN = ("note", "left")


class UnansweredAsked(msgspec.Struct, kw_only=True):
    """Whose questions, of how many days."""

    account: AccountId | None = None
    days: Annotated[int, Meta(ge=1, le=365)] = 7


class WrongAsked(msgspec.Struct, kw_only=True):
    """Whose conversations."""

    account: AccountId | None = None


async def unanswered_questions(inside: Inside, asked: UnansweredAsked) -> dict[str, Any]:
    """What customers of an account asked in the last days (7) and nothing answered, the most frequent first."""
    items = await unanswered_of(inside.store, inside.account(asked.account).id, asked.days)
    return {"items": items, "next": None}


async def wrong_answers(inside: Inside, asked: WrongAsked) -> dict[str, Any]:
    """The conversations whose answer an agent has marked as wrong, newest first."""
    return {"items": await wrong_of(inside.store, inside.account(asked.account).id), "next": None}


async def lessons_page(inside: Inside, asked: UnansweredAsked) -> dict[str, Any]:
    """What an account has to write down, and what it has to correct."""
    account = inside.account(asked.account).id
    found = await unanswered_of(inside.store, account, asked.days)
    return {
        "account": account,
        "accounts": list(inside.settings.accounts),
        "unanswered": [{**each, "why": inside.in_words(each["reason"])} for each in found],
        "wrong": await wrong_of(inside.store, account),
    }


async def unanswered_of(store: Store, account: str, days: int) -> list[dict[str, Any]]:
    """An account's questions of so many days that nothing answered, the most frequent first."""
    records = await store.read(look.recorded, account, OPEN, now_ms() - days * DAY_MS, MOST_READ)
    return [each._asdict() for each in unanswered(records)]


async def wrong_of(store: Store, account: str) -> list[dict[str, Any]]:
    """An account's conversations whose answer an agent has marked as wrong."""
    known = await State(store).get(account, WRONG_ANSWERS) or {}
    said = [await store.read(look.last_recorded, account, key, "reply") for key in known]
    return corrections(known, said)
