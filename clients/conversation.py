"""What is done in one conversation of Chatwoot, and what can be read there?"""

import re
from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any, NamedTuple

from clients.echoes import MARKER, Writes, own_mark, same_mark
from clients.http import Failed, Refused
from clients.installation import Installation
from clients.once import Outbox

# Chatwoot counts a conversation's messages by the minute.
FULL_SECONDS = 60.0

# Liquid's own. A brace before a back-tick too: there Chatwoot puts a `{% raw %}`, and both together would be broken.
_LIQUID = re.compile(r"\{[{%`]")
_BACK_TICKED = re.compile(r"(`.*?`)", re.DOTALL)
# What would end the protection from within, however it is spaced.
_END_RAW = re.compile(r"\{(%-?\s*endraw)")


class ConversationFull(Refused):
    """The conversation has had its number of messages for this minute, the customer's among them."""

    costs_attempt = False
    retry_after = FULL_SECONDS


class Untold(Failed):
    """Chatwoot does not say whether something was stored, and no token may look it up."""

    unresolvable = True


class Ours(NamedTuple):
    """Where it is remembered what we write in a conversation, and because of what it is written."""

    writes: Writes
    where: str
    cause: Any = None


NOT_REMEMBERED = Ours(Writes(), "")


class Conversation:
    """One conversation in Chatwoot, or, where nothing may be sent, in the outbox."""

    def __init__(
        self,
        outbox: Outbox,
        installation: Installation,
        path: str | None,
        display_id: str,
        account: str,
        test: bool,
        ours: Ours = NOT_REMEMBERED,
    ) -> None:
        self._outbox = outbox
        self._ours = ours
        self._installation = installation
        self._path = path
        self.display_id = display_id
        self.account = account
        self.test = test

    async def own_user_id(self) -> int | None:
        """The id of the user whose token we hold."""
        return await self._installation.own_user_id()

    async def say(
        self, text: str, mark: dict[str, Any], *, private: bool = False, template: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Post a reply, or a note that only agents see. Returns the message's id in Chatwoot.

        With `template`, in Chatwoot's form, WhatsApp's customer gets that, and the agents see the text.
        """
        if self._path is None:
            await self._keep("note" if private else "reply", text)
            return {"id": None}
        body = message_of(text, mark, template) | {"private": private}
        try:
            with self._writing("message", (mark, text)):
                answer = await self._installation.post(f"{self._path}/messages", body)
        except Refused as refused:
            if refused.status == 422 and "Too many messages" in str(refused):
                raise ConversationFull(str(refused), 422) from refused
            raise
        return {"id": answer.get("id") if isinstance(answer, dict) else None}

    async def set_status(self, status: str) -> dict[str, Any]:
        """Set the conversation's status: open, pending, resolved or snoozed."""
        if self._path is None:
            await self._keep("status", status)
            return {"status": status}
        # An agent's token that opens a conversation is given it.
        agent = await self.own_user_id() if status == "open" and not self._installation.has_bot else None
        with self._writing("assignee", agent), self._writing("status", status):
            answer = await self._installation.post(f"{self._path}/toggle_status", {"status": status})
        payload = answer.get("payload") if isinstance(answer, dict) else None
        # `success` is null for a bot's hand-over that worked: the status tells.
        return {"status": payload.get("current_status") if isinstance(payload, dict) else None}

    async def add_label(self, name: str) -> bool:
        """Add a label to those that are there, since Chatwoot replaces them all; False where it could not be done."""
        if self._path is None:
            await self._keep("label", name)
            return False
        return name in (await self._relabelled([name], []) or [])

    async def change_labels(self, add: Iterable[str], remove: Iterable[str]) -> list[str] | None:
        """Add and take away labels, leaving the rest as they are; those that are there now, None: no token may."""
        added, removed = list(dict.fromkeys(add)), list(remove)
        if self._path is None:
            await self._keep("label", ", ".join([*added, *(f"-{each}" for each in removed)]))
            return added
        return await self._relabelled(added, removed)

    async def _relabelled(self, add: list[str], remove: list[str]) -> list[str] | None:
        answer = await self._installation.read(f"{self._path}/labels")
        found = answer.get("payload") if isinstance(answer, dict) else None
        if not isinstance(found, list):
            return None
        wanted = [each for each in [*found, *(new for new in add if new not in found)] if each not in remove]
        if wanted == found:
            return wanted
        with self._writing("labels", wanted):
            written = await self._installation.write(f"{self._path}/labels", {"labels": wanted})
        return wanted if written else None

    async def is_now(self, status: str) -> dict[str, Any] | None:
        """What `set_status` would return, if the conversation has this status already."""
        shown = await self.show()
        return {"status": status} if shown and shown.get("status") == status else None

    async def show(self) -> dict[str, Any] | None:
        """The conversation as it is now; None where no token may read it."""
        answer = await self._installation.read(self._path) if self._path else None
        return answer if isinstance(answer, dict) else None

    async def messages(self, after: int | None = None) -> list[dict[str, Any]] | None:
        """The messages after the one with this id (at most 100), oldest first; None where no token may list them.

        Without `after`, the latest 20.
        """
        if self._path is None:
            return None
        parameters = None if after is None else {"after": after}
        answer = await self._installation.read(f"{self._path}/messages", parameters, bot_may=False)
        found = answer.get("payload") if isinstance(answer, dict) else answer
        return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else None

    async def find_own(
        self, mark: dict[str, Any], text: str, *, since: float, after: int | None = None
    ) -> dict[str, Any] | None:
        """Our message with this mark, or, where Chatwoot drops marks, with this text since then; raises `Untold`.

        `since` is in epoch seconds; `after` is the id of a message that was there before.
        """
        listed = await self.messages(after)
        if listed is not None:
            return own_among(listed, mark, text, since=since)
        latest = (await self.show() or {}).get("messages")
        found = own_among(latest, mark, text, since=since) if isinstance(latest, list) else None
        if found is None:
            raise Untold("Chatwoot did not say whether it stored this, and no token may look it up")
        return found

    def _writing(self, field: str, value: Any) -> AbstractContextManager[None]:
        """Before it is written: its echo may come first."""
        return self._ours.writes.writing(self._ours.where, field, value, self._ours.cause)

    async def _keep(self, kind: str, content: str) -> None:
        await self._outbox(self.account, self.display_id, kind, content, self.test)


def protect_braces(text: str) -> str:
    """Chatwoot runs outgoing text through Liquid, which would eat `{{…}}` and `{%…%}`: they are sent as they are.

    What stands between back-ticks Chatwoot protects itself, in the same way; that cannot be nested.
    """
    if not _LIQUID.search(text):
        return text
    parts = _BACK_TICKED.split(_END_RAW.sub(r"{ \1", text))
    return "".join(f"{{% raw %}}{part}{{% endraw %}}" if _needs_raw(part) else part for part in parts)


def _needs_raw(part: str) -> bool:
    return not _BACK_TICKED.fullmatch(part) and (part.endswith("{") or _LIQUID.search(part) is not None)


def message_of(text: str, mark: dict[str, Any], template: dict[str, Any] | None = None) -> dict[str, Any]:
    """A message of ours, as Chatwoot takes it."""
    body = {
        "content": protect_braces(text),
        "message_type": "outgoing",
        "private": False,
        "content_type": "text",
        "content_attributes": {MARKER: mark},
    }
    return body if template is None else {**body, "template_params": template}


def own_among(messages: list[Any], mark: dict[str, Any], text: str, *, since: float) -> dict[str, Any] | None:
    """Our message in Chatwoot's list: by its mark, or, where that was dropped (before 4.9.0), by its very text."""
    for each in messages:
        own = own_mark(each) if isinstance(each, dict) else None
        if own is not None and same_mark(own, mark):
            return {"id": each.get("id")}
    for each in messages:
        if not isinstance(each, dict) or (each.get("content_attributes") or {}).get(MARKER):
            continue
        created = each.get("created_at")
        recent = isinstance(created, (int, float)) and created >= since
        if recent and each.get("message_type") == 1 and str(each.get("content")).strip() == text.strip():
            return {"id": each.get("id")}
    return None
