"""Did every customer's message come in, and what became of it? A day's messages, as Chatwoot lists them. Pure.

The proof begins at Chatwoot: what WhatsApp never gave to it is in no list of its own.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from gettext import gettext as _
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from clients.echoes import own_mark
from relay.store.found import Ended, Found

MISSING, FAILED, WAITING = "missing", "failed", "waiting"
SKIPPED, PERSON, ANSWERED = "skipped", "person", "answered"
# What a person in charge looks at first comes first.
OUTCOMES = (MISSING, FAILED, WAITING, SKIPPED, PERSON, ANSWERED)
# A message's webhook may still be on its way for so long.
ON_ITS_WAY_MS = 60_000

_CONCLUSIONS = {
    "answered from ": ANSWERED,
    "answered at an earlier try": ANSWERED,
    "suggested from ": ANSWERED,
    "handed over: ": PERSON,
    "given to a person: ": PERSON,
    "left to the agents: ": PERSON,
    "left alone: answered before": ANSWERED,
    "left alone: it asks nothing by itself": ANSWERED,
    "left alone: a person has taken over": PERSON,
    "left alone: assigned to a person": PERSON,
    "left alone: handed over to a person": PERSON,
    "left alone: the conversation is open": PERSON,
    "left alone: ": SKIPPED,
    "the customer wants no more of the bot": SKIPPED,
}
_INCOMING, _OUTGOING = 0, 1
_BOTS = ("agent_bot", "agentbot", "captain_assistant", "captain::assistant")


class Row(msgspec.Struct, kw_only=True):
    """One message of a customer: where it is in Chatwoot, what became of it and why, and who wrote next.

    Times are epoch milliseconds. `healed`: its webhook never came, and it was fetched. `next_by` is "person", "bot"
    or, where nobody has written since, "".
    """

    place: str = ""
    conversation: int
    message: int
    written: int
    outcome: str
    reason: str = ""
    event: str | None = None
    healed: bool = False
    next_by: str = ""
    next_at: int | None = None


def bounds(day: date, zone: ZoneInfo) -> tuple[int, int]:
    """From when until when a day lasts by the shop's clock, in epoch milliseconds; the end is the next day's."""
    starts = (datetime.combine(each, time(), zone) for each in (day, day + timedelta(days=1)))
    start, end = (int(each.timestamp() * 1000) for each in starts)
    return start, end


def written(message: Mapping[str, Any]) -> int:
    """When a listed message was written, in epoch milliseconds."""
    return int(float(message.get("created_at") or 0) * 1000)


def is_a_customers(message: Mapping[str, Any]) -> bool:
    """Whether a listed message is one that a customer wrote."""
    return message.get("message_type") == _INCOMING and not message.get("private")


def row_of(message: Mapping[str, Any], later: Iterable[Mapping[str, Any]], found: Found | None, now: int) -> Row:
    """What became of one message, of which this event tells; `later` are those of its conversation after it."""
    by, at = next_word(later)
    outcome, reason = (MISSING, "") if found is None else concluded(found.deliveries)
    if outcome == MISSING and now - written(message) < ON_ITS_WAY_MS:
        outcome = WAITING
    if outcome in (SKIPPED, FAILED, WAITING) and by == PERSON and found is not None:
        outcome = PERSON
    return Row(
        conversation=int(message.get("conversation_id") or 0),
        message=int(message["id"]),
        written=written(message),
        outcome=outcome,
        reason=reason,
        event=None if found is None else found.event,
        healed=found is not None and found.reconciled,
        next_by=by,
        next_at=at,
    )


def concluded(ended: Sequence[Ended]) -> tuple[str, str]:
    """What the handlers made of a message, and why: the best that one concluded, else how they stand."""
    said = [(outcome, each.reason) for each in ended if (outcome := _conclusion(each)) is not None]
    if said:
        return max(said, key=lambda each: OUTCOMES.index(each[0]))
    for states, outcome in ((("dead", "parked", "discarded"), FAILED), (("waiting", "running"), WAITING)):
        standing = [each for each in ended if each.state in states]
        if standing:
            return outcome, standing[0].reason
    return SKIPPED, ""


def _conclusion(ended: Ended) -> str | None:
    if ended.state != "done":
        return None
    return next((outcome for start, outcome in _CONCLUSIONS.items() if ended.reason.startswith(start)), None)


def next_word(later: Iterable[Mapping[str, Any]]) -> tuple[str, int | None]:
    """Who wrote to the customer next, and when; a greeting, a campaign and a note are nobody's word."""
    for message in later:
        if message.get("message_type") != _OUTGOING or message.get("private"):
            continue
        if (by := _writer(message)) is not None:
            return by, written(message)
    return "", None


def _writer(message: Mapping[str, Any]) -> str | None:
    sender = message.get("sender")
    kind = sender.get("type") if isinstance(sender, Mapping) else message.get("sender_type")
    attributes = message.get("content_attributes")
    if own_mark(message) is not None or str(kind).lower() in _BOTS:
        return "bot"
    from_phone = isinstance(attributes, Mapping) and attributes.get("external_echo") is True
    if from_phone or str(message.get("source_id") or "").startswith("WAID:"):
        return PERSON
    campaign = message.get("additional_attributes")
    of_campaign = isinstance(campaign, Mapping) and campaign.get("campaign_id") is not None
    return PERSON if str(kind).lower() == "user" and not of_campaign else None


def counts(rows: Iterable[Row]) -> dict[str, int]:
    """How many messages there are in all, with each outcome, and how many were fetched because they never came."""
    rows = list(rows)
    of = Counter(each.outcome for each in rows)
    return {"all": len(rows), **{each: of[each] for each in OUTCOMES}, "healed": sum(each.healed for each in rows)}


def in_words(outcome: str) -> str:
    """An outcome, for people."""
    words = {
        MISSING: _("missing here"),
        FAILED: _("failed"),
        WAITING: _("not dealt with yet"),
        SKIPPED: _("left alone"),
        PERSON: _("with a person"),
        ANSWERED: _("answered"),
        "healed": _("fetched afterwards"),
    }
    return words.get(outcome, outcome)


def writer_in_words(by: str) -> str:
    """Who wrote next, for people."""
    return {PERSON: _("a person"), "bot": _("the bot"), "": _("nobody")}.get(by, by)


def begins() -> str:
    """Where the proof begins, said wherever it is shown."""
    return _(
        "This proof begins at Chatwoot: it compares Chatwoot's own list with what came here. What WhatsApp never gave "
        "to Chatwoot, and what the user of the token may not see there, is in neither."
    )
