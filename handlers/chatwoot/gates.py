"""Is it ours to answer? Pure rules, judged anew at every attempt with all that has come in since."""

from typing import NamedTuple

from handlers.chatwoot.memory import Memory, written_by_person
from handlers.chatwoot.message import Message, Situation

# Evolution writes its own notices (QR code, connection) as a customer of this number; answering makes it act.
EVOLUTION_NUMBER = "123456"
# Two bots that answer each other are stopped here, long before Chatwoot's own 200 messages a minute.
MOST_REPLIES_A_MINUTE = 20
# The agents' way to keep the bot out of a conversation.
SILENT = "sem-bot"
TOO_LATE = "the answer would come too late"
TOO_MANY_MESSAGES = "too many messages in a minute"


class NotYet(Exception):
    """Whether this needs an act of ours, and which, is known later: the conversation's later messages wait with it."""

    costs_attempt = False

    def __init__(self, why: str, seconds: float = 30.0) -> None:
        super().__init__(why)
        self.retry_after = seconds


class Verdict(NamedTuple):
    """What is to be done, and why.

    "answer", "answered", "wait", "leave", "hand over" (the customer is told), or "give" to a person (nobody is told).
    """

    act: str
    reason: str = ""


def not_a_customers(message: Message) -> str | None:
    """Why a message is never answered, whatever the conversation's state; None if it may be."""
    attributes = message.attributes
    email = attributes.get("email")
    checks = (
        (message.type != "incoming", f"not from a customer ({message.type or 'no type'})"),
        (message.private, "a private note"),
        (message.mark is not None, "our own message"),
        (message.blocked, "the contact is blocked"),
        (isinstance(email, dict) and email.get("auto_reply") is True, "an automatic e-mail"),
        (attributes.get("auto_reply") is True, "an automatic message"),
        (message.deleted, "the message was deleted"),
        (attributes.get("external_echo") is True, "written on the shop's own phone"),
        (_is_evolution(message), "a notice of Evolution API"),
        (message.in_group, "a WhatsApp group"),
    )
    return next((reason for applies, reason in checks if applies), None)


def judge(
    message: Message,
    memory: Memory,
    fresh: Situation | None,
    *,
    last: Message | None = None,
    now: float,
    written: float,
    statuses: tuple[str, ...],
    own_user: int | None,
    switched_on: bool,
    oldest_minutes: float,
) -> Verdict:
    """Whose turn is it? `fresh` is the conversation as Chatwoot tells it now, None where it cannot be read.

    `last` is the newest message in it, `written` when the customer wrote this one.
    """
    status = _status(message, memory, fresh)
    settled = _settled(message, memory, fresh)
    if not switched_on:
        return Verdict("leave", "answering is switched off here")
    if settled is not None:
        return Verdict("leave", settled)
    if memory.person or _person_wrote_since(message, memory, last):
        return Verdict("leave", "a person has taken over")
    if memory.silenced or SILENT in (fresh or message.conversation).labels:
        return _not_ours(status, f"the bot is silent here (label {SILENT})")
    if _is_assigned(memory, fresh, own_user):
        return _not_ours(status, "assigned to a person")
    if status not in statuses:
        return _not_ours(status, _why_not(status, memory))
    if memory.handed_over and not (fresh and status == "pending"):  # set pending again: the bot's once more
        return Verdict("leave", "handed over to a person")
    if any(message.id in answers and name != str(message.id) for name, answers in memory.unsure.items()):
        return Verdict("wait", "a reply that answers it too may have been sent")
    return _how(message, memory, fresh or message.conversation, now, written, oldest_minutes)


def may_resume(memory: Memory, written: float, after_hours: float | None) -> bool:
    """Whether what a person has, or was given, is the bot's again: after so many hours without a word of theirs."""
    if after_hours is None or not (memory.person or memory.handed_over):
        return False
    last = max(memory.last_person_message, memory.person_at, memory.handed_over_at)
    return written - last >= after_hours * 3600


def needs_no_rescue(message: Message, memory: Memory, fresh: Situation | None, *, begun: bool) -> str | None:
    """Why a message that was not answered in time is left alone all the same; None if a person must see it.

    With `begun` it was being given to a person, and this was not brought to its end.
    """
    settled = _settled(message, memory, fresh)
    if settled is not None:
        return settled
    if memory.person:
        return "a person has taken over"
    status = _status(message, memory, fresh)
    return None if begun or status == "pending" else f"the conversation is {status or 'of unknown status'}"


def written_at(message: Message, received: float, *, test: bool) -> float:
    """When the customer wrote: Chatwoot may bring it late. A test is as new as its receipt: samples grow old."""
    return received if test else min(received, message.created or received)


def quiet_for(*, first: float, newest: float, now: float, quiet: float, at_most: float) -> float:
    """How long to wait until a customer has been quiet for so long; at most so many seconds after the first message."""
    return max(0.0, min(newest + quiet, first + at_most) - now)


def _status(message: Message, memory: Memory, fresh: Situation | None) -> str | None:
    return (fresh.status if fresh else None) or memory.status or message.conversation.status


def _settled(message: Message, memory: Memory, fresh: Situation | None) -> str | None:
    """Why nobody need answer this message any more, with what has come in since; None if somebody must."""
    checks = (
        (message.id in memory.answered, "answered before, or together with another message"),
        (message.id in memory.deleted, "the message was deleted"),
        (fresh.blocked if fresh else memory.blocked, "the contact is blocked"),
    )
    return next((reason for applies, reason in checks if applies), None)


def _person_wrote_since(message: Message, memory: Memory, last: Message | None) -> bool:
    """Whether Chatwoot shows a person's answer whose webhook has not come."""
    if last is None or last.id is None or message.id is None:
        return False
    return last.id > message.id and written_by_person(last, memory)


def _is_assigned(memory: Memory, fresh: Situation | None, own_user: int | None) -> bool:
    """Whether a person has it by assignment; who had it before it was pending or resolved again has it no more."""
    told = fresh.assignee == "user" if fresh else memory.assignee is not None
    assignee = (fresh.assignee_id or 0) if fresh else memory.assignee
    released = memory.assignee == assignee and memory.released_at >= memory.assigned_at
    return told and assignee != own_user and not released


def _not_ours(status: str | None, reason: str) -> Verdict:
    """Nobody looks for work among pending conversations: what the bot leaves there is given to a person."""
    return Verdict("give" if status == "pending" else "leave", reason)


def _how(
    message: Message, memory: Memory, seen: Situation, now: float, written: float, oldest_minutes: float
) -> Verdict:
    """It is our turn: may it be answered, or must a person?"""
    checks = (
        (now - written > oldest_minutes * 60, TOO_LATE),
        (not (seen.can_reply and message.conversation.can_reply), "the channel no longer takes replies"),
        (sum(at > now - 60 for at in memory.replied_at) >= MOST_REPLIES_A_MINUTE, "too many replies in a minute"),
        (memory.stopped_until > now, TOO_MANY_MESSAGES),
        (not message.text, "a message without text"),
    )
    return next((Verdict("hand over", reason) for applies, reason in checks if applies), Verdict("answer"))


def _why_not(status: str | None, memory: Memory) -> str:
    if status == "open" and not memory.handed_over:
        return "the conversation is open: its inbox has no bot, or a person has it"
    return f"the conversation is {status or 'of unknown status'}"


def _is_evolution(message: Message) -> bool:
    number = message.phone.lstrip("+") or message.identifier.partition("@")[0].lstrip("+")
    return number == EVOLUTION_NUMBER
