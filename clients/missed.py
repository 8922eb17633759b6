"""What is there in an account of Chatwoot that may never have come? Read by a user's token, in the webhooks' form."""

import asyncio
import time
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from clients.http import Refused
from clients.installation import Installation

Told = dict[str, Any]

MESSAGES_A_PAGE = 20
# Chatwoot takes 3000 requests a minute from one address (300 before 3.1.0: then 429, and it goes on later).
PAUSE_SECONDS = 0.1
# Conversations come 25 at a time: so many pages are 10 000 of them.
MOST_PAGES = 400
CLOCKS_DIFFER_SECONDS = 60.0
_TYPES = {0: "incoming", 1: "outgoing", 3: "template"}


class Missed:
    """Reads one account's conversations and messages, a page after the other and no faster than it likes.

    Every method raises `clients.http.Failed`; `Refused` where the token may not read it.
    """

    def __init__(self, installation: Installation, path: str, pause_seconds: float = PAUSE_SECONDS) -> None:
        self._installation = installation
        self._path = path
        self._pause = pause_seconds

    async def conversations(self, since: float) -> list[Told]:
        """Those with activity since then (epoch seconds); the one that has been quiet longest comes first.

        One that becomes active while the pages are read moves to the first of them, and may be skipped: what was
        active meanwhile is read once more.
        """
        found: dict[int, Told] = {}
        begun = time.time()
        if await self._gather(since, found) > 1:
            await self._gather(max(since, begun - CLOCKS_DIFFER_SECONDS), found)
        return sorted(found.values(), key=active_at)

    async def _gather(self, since: float, found: dict[int, Told]) -> int:
        """Read pages down to what was not active since; how many."""
        for page in range(1, MOST_PAGES + 1):
            params = {"status": "all", "assignee_type": "all", "sort_by": "last_activity_at_desc", "page": page}
            answer = await self._read("/conversations", params)
            data = answer.get("data") if isinstance(answer, dict) else None
            listed = _objects(data.get("payload") if isinstance(data, dict) else None)
            recent = {each["id"]: each for each in listed if active_at(each) >= since}
            found |= recent
            if not listed or len(recent) < len(listed):
                return page
        return MOST_PAGES

    async def messages(self, conversation: int, since: float) -> list[Told]:
        """One conversation's messages since then, oldest first."""
        found: list[Told] = []
        while True:
            before = {"before": found[0]["id"]} if found else None
            answer = await self._read(f"/conversations/{conversation}/messages", before)
            page = _objects(answer.get("payload") if isinstance(answer, dict) else answer)
            fresh = [each for each in page if written_at(each) >= since and (not found or each["id"] < found[0]["id"])]
            found = [*sorted(fresh, key=lambda each: int(each["id"])), *found]
            if len(fresh) < len(page) or len(page) < MESSAGES_A_PAGE:
                return found

    async def _read(self, path: str, params: Mapping[str, Any] | None) -> Any:
        await asyncio.sleep(self._pause)
        answer = await self._installation.read(self._path + path, dict(params or {}), bot_may=False)
        if answer is None:
            raise Refused(f"GET {path}: no user's token may read this")
        return answer


def active_at(conversation: Told) -> float:
    """When something was last said in it, in epoch seconds."""
    return float(conversation.get("last_activity_at") or conversation.get("timestamp") or 0)


def written_at(message: Told) -> float:
    """When a message was written, in epoch seconds."""
    return float(message.get("created_at") or 0)


def as_webhook(message: Told, conversation: Told, account_number: int) -> Told | None:
    """A listed message as its `message_created` would have told it; None where none is ever sent (an activity).

    The conversation is told as it is now. What only webhooks know is left out, or empty.
    """
    kind = _TYPES.get(message.get("message_type", -1))
    if kind is None:
        return None
    account = {"id": account_number, "name": ""}
    last = next((each for each in _objects(conversation.get("messages")) if each.get("id") == message["id"]), {})
    inside = {name: value for name, value in conversation.items() if name != "last_non_activity_message"}
    meta = conversation.get("meta")
    told = {
        "event": "message_created",
        "id": message["id"],
        "content": message.get("content"),
        "content_type": message.get("content_type") or "text",
        "content_attributes": message.get("content_attributes") or {},
        "additional_attributes": message.get("additional_attributes") or last.get("additional_attributes") or {},
        "message_type": kind,
        "private": message.get("private") is True,
        "created_at": _iso(written_at(message)),
        "source_id": message.get("source_id"),
        "sender": _sender(message.get("sender")),
        "inbox": {"id": message.get("inbox_id") or conversation.get("inbox_id"), "name": ""},
        "account": account,
        "conversation": {
            **inside,
            "account": account,
            "channel": meta.get("channel") if isinstance(meta, dict) else None,
            "messages": [{**message, "account_id": account_number}],
        },
    }
    return {**told, "attachments": message["attachments"]} if message.get("attachments") else told


def _sender(told: Any) -> Any:
    """Webhooks give a contact no type, and every other sender one."""
    if not isinstance(told, dict) or not told:
        return None
    return {name: value for name, value in told.items() if (name, value) != ("type", "contact")}


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _objects(told: Any) -> list[Told]:
    """The records of a list; what has no number is none."""
    found = [each for each in told if isinstance(each, dict)] if isinstance(told, list) else []
    return [each for each in found if isinstance(each.get("id"), int)]
