"""Is it ours to answer? Pure rules, judged anew at every attempt with all that has come in since."""

from typing import NamedTuple

from handlers.chatwoot.memory import Memory
from handlers.chatwoot.message import Message, Snapshot

# Evolution writes its own notices (QR code, connection) as a customer of this number; answering makes it act.
EVOLUTION_NUMBER = "123456"
# Two bots that answer each other are stopped here, long before Chatwoot's own 200 messages a minute.
MOST_REPLIES_A_MINUTE = 10


class Verdict(NamedTuple):
    """What is to be done: "answer", "hand over" or "leave", and why."""

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
        (attributes.get("deleted") is True, "the message was deleted"),
        (attributes.get("external_echo") is True, "written on the shop's own phone"),
        (_is_evolution(message), "a notice of Evolution API"),
        (message.identifier.endswith("@g.us"), "a WhatsApp group"),
    )
    return next((reason for applies, reason in checks if applies), None)


def judge(
    message: Message,
    memory: Memory,
    fresh: Snapshot | None,
    *,
    now: float,
    received: float,
    statuses: tuple[str, ...],
    own_user: int | None,
    switched_on: bool,
    oldest_minutes: float,
) -> Verdict:
    """Whose turn is it? `fresh` is the conversation as Chatwoot tells it now, None where it cannot be read."""
    seen = fresh or message.conversation
    status = (fresh.status if fresh else None) or memory.status or message.conversation.status
    if not switched_on:
        return Verdict("leave", "answering is switched off (ANSWER_MODE)")
    if message.id in memory.answered:
        return Verdict("leave", "answered before, or together with another message")
    if memory.person:
        return Verdict("leave", "a person has taken over")
    if seen.assignee == "user" and seen.assignee_id != own_user:
        return Verdict("leave", "assigned to a person")
    if status not in statuses:
        return Verdict("leave", _why_not(status, memory))
    if memory.handed_over and not (fresh and status == "pending"):  # set pending again: the bot's once more
        return Verdict("leave", "handed over to a person")
    return _how(message, memory, seen, now, received, oldest_minutes)


def _how(
    message: Message, memory: Memory, seen: Snapshot, now: float, received: float, oldest_minutes: float
) -> Verdict:
    """It is our turn: may it be answered, or must a person?"""
    checks = (
        (now - received > oldest_minutes * 60, "the answer would come too late"),
        (not (seen.can_reply and message.conversation.can_reply), "the channel no longer takes replies"),
        (sum(at > now - 60 for at in memory.replied_at) >= MOST_REPLIES_A_MINUTE, "too many replies in a minute"),
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
