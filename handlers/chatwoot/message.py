"""What does a message event say? The few facts that handlers need, read from any version's payload without surprise."""

import html
import re
from datetime import datetime, timezone
from typing import Any, NamedTuple

import msgspec

from clients.echoes import MARKER

# Channels in which the customer writes from the number that the contact has.
PROVING = ("Channel::Whatsapp", "Channel::Sms", "Channel::TwilioSms")
_LINE_END, _TAG = re.compile(r"<br ?/?>\n?|</p>\s*"), re.compile(r"</?p>")
_TYPES = {0: "incoming", 1: "outgoing", 2: "activity", 3: "template"}


class Situation(NamedTuple):
    """A conversation as it was when its event was made. `at` is in epoch seconds, 0 where the version does not say."""

    id: int | None
    status: str | None
    at: float
    can_reply: bool
    assignee: str | None  # "user", "agent_bot"
    assignee_id: int | None
    blocked: bool = False
    labels: tuple[str, ...] = ()


class Message(NamedTuple):
    """A message as its event tells it. `sender` is contact, user, agent_bot, captain_assistant, or None."""

    id: int | None
    account_number: int | None
    text: str
    type: str
    private: bool
    sender: str | None
    blocked: bool
    source_id: str
    attributes: dict[str, Any]
    phone: str
    identifier: str
    conversation: Situation
    failed: bool
    created: float  # epoch seconds, 0 where it is not said
    files: tuple[str, ...] = ()  # image, audio, video, file, location, contact, …
    inbox: int | None = None
    in_group: bool = False
    of_campaign: bool = False

    @property
    def mark(self) -> dict[str, Any] | None:
        """What we wrote into our own message; None in everybody else's."""
        mark = self.attributes.get(MARKER)
        return mark if isinstance(mark, dict) else None

    @property
    def deleted(self) -> bool:
        """Whether it was taken back."""
        return self.attributes.get("deleted") is True


def read_message(payload: Any) -> Message:
    """Read a message_created or message_updated payload."""
    body = _object(payload)
    sender = _object(body.get("sender"))
    conversation = _object(body.get("conversation"))
    contact = _object(_object(conversation.get("meta")).get("sender"))
    kind = body.get("message_type")
    customer = sender if body.get("message_type") in ("incoming", 0) and sender else contact
    return Message(
        id=whole_number(body.get("id")),
        account_number=_account_number(body, conversation),
        text=_said(body),
        type=_TYPES.get(kind, "") if isinstance(kind, int) else _text(kind),
        private=body.get("private") is not False,
        sender=_sender_type(body, sender),
        blocked=customer.get("blocked") is True or contact.get("blocked") is True,
        source_id=_text(body.get("source_id")),
        attributes=_object(body.get("content_attributes")),
        phone=_text(customer.get("phone_number")) or _text(contact.get("phone_number")),
        identifier=_text(customer.get("identifier")) or _text(contact.get("identifier")),
        in_group=any(_text(each.get("identifier")).endswith("@g.us") for each in (sender, contact)),
        of_campaign=_object(body.get("additional_attributes")).get("campaign_id") is not None,
        conversation=read_conversation(conversation),
        failed=_failed(body, conversation),
        created=_moment(body.get("created_at")),
        files=tuple(_text(each.get("file_type")) or "file" for each in _attachments(body)),
        inbox=whole_number(_object(body.get("inbox")).get("id")) or whole_number(conversation.get("inbox_id")),
    )


def _said(body: dict[str, Any]) -> str:
    """What was written; of voice notes, what Chatwoot has made of them in writing."""
    written = _without_paragraphs(
        _text(body.get("content")).replace("\\\n", "\n").strip()
    )  # 4.9 to 4.12 escaped newlines
    spoken = (_text(each.get("transcribed_text")).strip() for each in _attachments(body))
    return written or "\n".join(filter(None, spoken))


def _without_paragraphs(text: str) -> str:
    """What was written, where 4.9 to 4.12 rendered it as HTML; tags that a customer typed stay."""
    if not (text.startswith("<p>") and text.endswith("</p>")):
        return text
    return html.unescape(_TAG.sub("", _LINE_END.sub("\n", text))).strip()


def _attachments(body: dict[str, Any]) -> list[dict[str, Any]]:
    attachments = body.get("attachments")
    return [_object(each) for each in attachments] if isinstance(attachments, list) else []


def _account_number(body: dict[str, Any], conversation: dict[str, Any]) -> int | None:
    """Chatwoot's number of the account; forks leave it out at the top."""
    nested = conversation.get("messages")
    last = _object(nested[-1]) if isinstance(nested, list) and nested else {}
    named = (
        _object(body.get("account")).get("id"),
        _object(conversation.get("account")).get("id"),
        last.get("account_id"),
    )
    return next((number for each in named if (number := whole_number(each)) is not None), None)


def last_message(conversation: Any) -> Message | None:
    """The last public message, as Chatwoot tells it with a conversation; None where it tells none."""
    nested = _object(conversation).get("messages")
    last = _object(nested[-1]) if isinstance(nested, list) and nested else {}
    if not last:
        return None
    kind = _text(last.get("sender_type")).lower()
    sender = {**_object(last.get("sender")), **({"type": kind} if kind else {})}
    return read_message({**last, "sender": sender or None})


def read_conversation(conversation: Any) -> Situation:
    """Read a conversation object: of a message, of a conversation_* event, or of the API."""
    body = _object(conversation)
    meta = _object(body.get("meta"))
    assignee = _object(meta.get("assignee"))
    kind = _text(meta.get("assignee_type")) or _text(assignee.get("type"))
    updated = body.get("updated_at")
    return Situation(
        id=whole_number(body.get("id")),
        status=_text(body.get("status")) or None,
        at=float(updated) if isinstance(updated, (int, float)) and not isinstance(updated, bool) else 0.0,
        can_reply=body.get("can_reply") is not False,
        assignee=("user" if kind.lower() in ("user", "") else "agent_bot") if assignee else None,
        assignee_id=whole_number(assignee.get("id")),
        blocked=_object(meta.get("sender")).get("blocked") is True,
        labels=_texts(body.get("labels")),
    )


def proven_phone(payload: Any) -> str:
    """The customer's number where the channel proves it, in WhatsApp and SMS; a widget lets anybody type one in."""
    message, conversation = read_message(payload), _object(_object(payload).get("conversation"))
    proves = conversation.get("channel") in PROVING or message.source_id.startswith("WAID:")
    return message.phone if proves else ""


def status_changes(payload: Any) -> list[tuple[str, str]]:
    """The (previous, current) statuses that `changed_attributes` tells of; it is null as often as a list."""
    changes = _object(payload).get("changed_attributes")
    found = [_object(each).get("status") for each in changes] if isinstance(changes, list) else []
    return [
        (_text(_object(each).get("previous_value")), _text(_object(each).get("current_value")))
        for each in found
        if each
    ]


def _sender_type(body: dict[str, Any], sender: dict[str, Any]) -> str | None:
    if not sender:
        return None
    return _text(sender.get("type")) or "contact"  # only a contact has no type


def _failed(body: dict[str, Any], conversation: dict[str, Any]) -> bool:
    """Whether this message is reported as not delivered: its own status stands only in the nested copy."""
    if body.get("status") == "failed":
        return True
    nested = conversation.get("messages")
    copies = [_object(each) for each in nested] if isinstance(nested, list) else []
    return any(each.get("id") == body.get("id") and each.get("status") == "failed" for each in copies)


def _moment(value: Any) -> float:
    """A moment in epoch seconds, whether it is told so or as a text; 0 for anything else."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    try:
        told = msgspec.convert(value, datetime)
    except msgspec.ValidationError:
        return 0.0
    return (told if told.tzinfo else told.replace(tzinfo=timezone.utc)).timestamp()


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()


def whole_number(value: Any) -> int | None:
    """A number, also one written as a text; None for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
