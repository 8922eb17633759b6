"""How does a customer's message come in? As Chatwoot sends it: signed, and marked as a test where it is tried out."""

import hashlib
import hmac
import json
import time
import uuid
from typing import Any, NamedTuple
from urllib.parse import urlencode

# Nothing leaves for Chatwoot, and what is synchronised so answers no customer.
TEST = {"X-Event-Test": "true"}
# Such a message is answered from what tests have synchronised; with this it is answered from the shop's real knowledge.
REAL_KNOWLEDGE = {"X-Test-Knowledge": "real"}


class Sent(NamedTuple):
    """One POST: where, what, and with which headers."""

    path: str
    body: bytes
    headers: dict[str, str]


def tried(
    payload: dict[str, Any], *, secret: str = "", token: str = "", path: str = "/webhook", real_knowledge: bool = False
) -> Sent:
    """A webhook that is a test: signed where we hold the secret, with the token where there is one."""
    body = as_sent(payload)
    marks = {**TEST, **(REAL_KNOWLEDGE if real_knowledge else {})}
    headers = {**marks, **(signed(body, secret) if secret else {"content-type": "application/json"})}
    return Sent(f"{path}?{urlencode({'token': token})}" if token else path, body, headers)


def message_payload(number: int, conversation: int, text: str, **changes: Any) -> dict[str, Any]:
    """A message_created body of today's form; keyword arguments replace top-level fields, or add to them."""
    contact = {"id": 7, "name": "Ana", "phone_number": "+5541999990000", "email": None, "blocked": False}
    inside = {
        "id": conversation,
        "inbox_id": 3,
        "status": "pending",
        "can_reply": True,
        "channel": "Channel::Whatsapp",
        "contact_inbox": {"source_id": "5541999990000", "pubsub_token": "live-credential"},
        "messages": [{"id": number, "content": text, "message_type": 0, "account_id": 1, "status": "sent"}],
        "meta": {"sender": {**contact, "type": "contact"}, "assignee": None, "assignee_type": None},
        "updated_at": time.time(),
    }
    payload = {
        "event": "message_created",
        "id": number,
        "content": text,
        "content_type": "text",
        "content_attributes": {},
        "message_type": "incoming",
        "private": False,
        "source_id": None,
        "sender": contact,
        "inbox": {"id": 3, "name": "WhatsApp"},
        "account": {"id": 1, "name": "Loja"},
        "conversation": inside,
    }
    inside.update(changes.pop("conversation_changes", {}))
    return {**payload, **changes}


def status_payload(conversation: int, status: str, previous: str, **changes: Any) -> dict[str, Any]:
    """The body that says that somebody has set a conversation's status."""
    return {
        "event": "conversation_status_changed",
        "id": conversation,
        "inbox_id": 3,
        "status": status,
        "can_reply": True,
        "messages": [],
        "labels": [],
        "meta": {"sender": {"id": 7, "name": "Ana", "type": "contact"}, "assignee": None},
        "changed_attributes": [{"status": {"previous_value": previous, "current_value": status}}],
        "updated_at": time.time(),
        **changes,
    }


def signed(body: bytes, secret: str, *, at: float | None = None) -> dict[str, str]:
    """The headers that Chatwoot sends with this body."""
    timestamp = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {
        "content-type": "application/json",
        "x-chatwoot-delivery": str(uuid.uuid4()),
        "x-chatwoot-timestamp": timestamp,
        "x-chatwoot-signature": f"sha256={digest}",
    }


def as_sent(payload: dict[str, Any]) -> bytes:
    """A body as Rails writes it: `<`, `>`, `&` escaped, other letters raw."""
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text.encode()
