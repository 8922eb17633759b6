"""What would a customer get who writes now? A conversation through the real way in, of which nothing leaves."""

import time
from collections.abc import Iterator, Sequence
from gettext import gettext as _
from typing import Annotated, Any

import msgspec
from msgspec import Meta
from sqlalchemy import Connection

from clients.customer import message_payload, status_payload, tried
from config.accounts import Account
from dashboard.asked import AccountId, NotThere, WrongQuestion
from dashboard.conclusions import told
from dashboard.inside import Inside
from relay.event import now_ms
from relay.store import look
from relay.store.tables import OWED

TRIED = "playground"
MOST_CONVERSATIONS = 50
MOST_MESSAGES = 100
STATUSES = ("pending", "open", "resolved", "snoozed")
ANY_INBOX, ANY_NUMBER = 3, 1

Status = Annotated[str, Meta(pattern=f"^({'|'.join(STATUSES)})$")]


class SayAsked(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What a customer writes: to a conversation, or (without one) to an account in a new one.

    `status` is what the conversation's is set to before. `knowledge` "test" is what tests have synchronised.
    """

    text: Annotated[str, Meta(min_length=1, max_length=4000)]
    conversation: str | None = None
    account: AccountId | None = None
    status: Status | None = None
    knowledge: Annotated[str, Meta(pattern="^(real|test)$")] = "real"


class ConversationAsked(msgspec.Struct):
    """Which conversation of the playground's."""

    conversation: str


class PageAsked(msgspec.Struct, kw_only=True):
    """A conversation that goes on, or the account of one that is to begin."""

    conversation: str | None = None
    account: AccountId | None = None


async def say(inside: Inside, asked: SayAsked) -> dict[str, Any]:
    """Write as a customer, by the webhook as Chatwoot sends it, marked as a test: nothing of it leaves this server."""
    number = asked.conversation or await _begin(inside, asked)
    before = await conversation(inside, ConversationAsked(number))
    if asked.account not in (None, before["account"]):
        text = _("The conversation {number} is not with {account}.")
        raise WrongQuestion(text.format(number=number, account=asked.account))
    if len(before["items"]) > MOST_MESSAGES:
        raise WrongQuestion(_("This conversation has become long: begin a new one."))
    account, status = inside.account(before["account"]), asked.status or before["status"]
    payloads = _payloads(account, int(number), asked.text, before["status"], status)
    sent = [await _send(inside, account, each, asked.knowledge == "real") for each in payloads]
    await _note(inside, number, {"status": status, "knowledge": asked.knowledge}, sent)
    return {"conversation": number, "event": sent[-1]}


def _payloads(account: Account, number: int, text: str, previous: str, status: str) -> list[dict[str, Any]]:
    """What Chatwoot sends: the new status, where it is another, and the message."""
    inbox = next(iter(account.home.inboxes), ANY_INBOX)
    whose = {"id": account.home.number or ANY_NUMBER, "name": account.name or account.id}
    changes = {"status": status, "messages": [], "inbox_id": inbox}
    common: dict[str, Any] = {"account": whose, "inbox": {"id": inbox, "name": "WhatsApp"}}
    message = message_payload(time.time_ns() // 1000, number, text, conversation_changes=changes, **common)
    changed = status_payload(number, status, previous, inbox_id=inbox, account=whose)
    return [*([changed] if status != previous else []), message]


async def _begin(inside: Inside, asked: SayAsked) -> str:
    """A conversation that nobody has had before."""
    account = inside.account(asked.account).id
    newest = await inside.store.read(look.newest_kept)
    fresh = {"account": account, "status": asked.status or _first_status(inside), "outbox": newest, "events": []}
    number = ""

    def add(known: Any) -> dict[str, Any]:
        nonlocal number
        number = str(max([now_ms(), *(int(each) + 1 for each in known or {})]))
        kept = list((known or {}).items())[-MOST_CONVERSATIONS + 1 :]
        return {**dict(kept), number: fresh}

    await inside.state.change("", TRIED, add)
    return number


def _first_status(inside: Inside) -> str:
    """The status of a new conversation in an inbox that has the bot."""
    statuses = inside.settings.answer_statuses
    return "pending" if "pending" in statuses else statuses[0]


async def _send(inside: Inside, account: Account, payload: dict[str, Any], real: bool) -> str:
    """By the same way in as Chatwoot's; the event's id."""
    secret = next(iter(account.home.secrets), "")
    sent = tried(payload, secret=secret, token=account.webhook_token, real_knowledge=real)
    status, text = await inside.send(*sent)
    if status != 200:
        raise WrongQuestion(_("The message was refused ({status}): {text}").format(status=status, text=text))
    return str(msgspec.json.decode(text)["event"])


async def _note(inside: Inside, number: str, changes: dict[str, Any], sent: list[str]) -> None:
    def add(known: Any) -> Any:
        own = (known or {}).get(number)
        return known if own is None else {**known, number: {**own, **changes, "events": [*own["events"], *sent]}}

    await inside.state.change("", TRIED, add)


async def conversation(inside: Inside, asked: ConversationAsked) -> dict[str, Any]:
    """A conversation of the playground's: what was written, what was kept instead of sent, and why."""
    own = (await inside.state.get("", TRIED) or {}).get(asked.conversation)
    if own is None:
        raise NotThere(_("There is no such conversation in the playground any more: begin a new one."))
    events, kept = await inside.store.read(_read, own, asked.conversation)
    lines = [*_written(events), *_kept(inside, events, kept), *_concluded(inside, events, kept)]
    lines.sort(key=lambda each: each["at"])
    since = max((each["received"] for each in events), default=0)
    set_since = [each["content"] for each in kept if each["kind"] == "status" and each["written"] >= since]
    return {
        "conversation": asked.conversation,
        "account": own["account"],
        "knowledge": own.get("knowledge", "real"),
        "status": set_since[-1] if set_since else own["status"],
        "thinking": any(each["state"] in OWED for event in events for each in event["deliveries"]),
        "items": lines,
    }


Rows = Sequence[dict[str, Any]]


def _read(connection: Connection, own: dict[str, Any], number: str) -> tuple[Rows, Rows]:
    found = (look.one_event(connection, each) for each in own["events"])
    return [each for each in found if each], look.kept_of(connection, own["account"], number, own["outbox"])


def _written(events: Rows) -> Iterator[dict[str, Any]]:
    """What the customer wrote, and what a person set the status to."""
    for event in events:
        body = msgspec.json.decode(event["body"] or "{}")
        is_message = event["signal"].endswith(".message_created")
        yield {
            "kind": "customer" if is_message else "status",
            "text": body.get("content" if is_message else "status", ""),
            "at": event["received"],
            "event": event["id"],
        }


def _kept(inside: Inside, events: Rows, kept: Rows) -> Iterator[dict[str, Any]]:
    """What went to the outbox, each with the event that it answers and why it was said."""
    for row in kept:
        event, about = _event_of(events, row)
        yield {
            "kind": row["kind"],
            "text": row["content"],
            "at": row["written"],
            "event": event.get("id"),
            "milliseconds": row["written"] - event["received"] if event else None,
            "rules": [{"name": each["name"], "chance": each["score"]} for each in about.get("rules", ())],
            "crew": about.get("crew"),
            "worded_by": about.get("worded_by"),
            "reason": about.get("reason"),
            "reason_in_words": inside.in_words(about.get("reason") or ""),
        }


def _event_of(events: Rows, row: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The event whose effect this is, with what the effect recorded; else the latest before it."""
    before = [each for each in reversed(events) if each["received"] <= row["written"]]
    for event in before:
        for effect in event["effects"]:
            about = effect["about"]
            if isinstance(about, dict) and about.get("text") == row["content"]:
                return event, about
    return (before[0] if before else {}), {}


def _concluded(inside: Inside, events: Rows, kept: Rows) -> Iterator[dict[str, Any]]:
    """What the handlers say of an event that nothing was kept of, and whatever did not end well."""
    answered = {_event_of(events, row)[0].get("id") for row in kept}
    for event in events:
        common = {"kind": "conclusion", "at": event["received"], "event": event["id"]}
        if not event["deliveries"]:
            yield {**common, "text": _("No handler took it: the event is {status}.").format(status=event["status"])}
        for each in event["deliveries"]:
            failed = each["state"] in ("dead", "parked")
            if each["reason"] and (failed or (each["state"] == "done" and event["id"] not in answered)):
                yield {**common, "text": told(each["reason"], inside.in_words)}


async def page(inside: Inside, asked: PageAsked) -> dict[str, Any]:
    """The conversation, or what is needed to begin one."""
    talk = await conversation(inside, ConversationAsked(asked.conversation)) if asked.conversation else None
    account = inside.account(talk["account"] if talk else asked.account)
    return {
        "account": account,
        "accounts": list(inside.settings.accounts),
        "talk": talk,
        "status": talk["status"] if talk else _first_status(inside),
        "statuses": STATUSES,
        "answered": inside.settings.answer_statuses,
    }
