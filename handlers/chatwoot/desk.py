"""What do we do in a conversation? Reply, or hand over: each act an effect, done once whatever happens in between."""

import time
from collections.abc import Awaitable, Callable
from gettext import gettext as _
from typing import Any

from clients.chatwoot import MARKER, Chatwoot, Conversation
from handlers.chatwoot.memory import Recollection, digest
from handlers.chatwoot.message import Message, read_message
from relay import Event, Unresolvable


class Desk:
    """One conversation, as the handler of one event acts in it."""

    def __init__(
        self, event: Event, chatwoot: Chatwoot, message: Message, recollection: Recollection, unknown_outcome: str
    ) -> None:
        number, display_id = message.account_number, message.conversation.id
        assert display_id is not None
        self.conversation: Conversation = chatwoot.conversation(
            number, display_id, account=event.account or "", test=event.test
        )
        self._event = event
        self._message = message
        self._recollection = recollection
        self._reposts = unknown_outcome == "repost"

    async def reply(self, text: str, answered: list[int], about: dict[str, Any]) -> None:
        """Say this to the customer, as the answer to these messages."""
        await self._say("reply", text, about={"text": text, "answers": answered, **about})
        await self._recollection.note(answered=answered, replied_at=[time.time()])

    async def hand_over(self, reason: str, question: str) -> None:
        """Status, note, sentence, in this order: the customer is told once a person can see it."""
        await self._recollection.note(handing_over=self._event.id, handed_over=True, handed_over_at=time.time())
        await self.give_to_a_person(_note(reason, question))
        memory = await self._recollection.now(self._event.id)
        if self._message.conversation.can_reply and not memory.person:
            await self._say("sentence", _("One moment, please: somebody from our team will answer you here."))
        answered = [self._message.id] if self._message.id is not None else []
        await self._recollection.note(handing_over="", answered=answered)
        self._event.explain(f"handed over: {reason}")
        self._event.log.info("handed over to a person: {}", reason)

    async def give_to_a_person(self, note: str) -> None:
        """Set the conversation open, with a note for whoever takes it."""
        await self.open()
        await self._say("note", note, private=True)
        await self._recollection.note(handed_over=True, handed_over_at=time.time())

    async def open(self) -> None:
        """Set the conversation open."""

        async def is_open() -> Any:
            shown = await self.conversation.show()
            return {"status": "open"} if shown and shown.get("status") == "open" else None

        await self._event.once("open", lambda: self.conversation.set_status("open"), is_open)

    async def _say(self, kind: str, text: str, *, private: bool = False, about: Any = None) -> None:
        mark = {"event": self._event.id, "kind": kind}
        await self._recollection.note(own_texts=[digest(text)])  # before it is posted: its echo may come first
        said = await self._event.once(
            kind,
            lambda: self.conversation.say(text, mark, private=private),
            self._finder(mark, text),
            about=about or {"text": text},
        )
        if isinstance(said, dict) and isinstance(said.get("id"), int):
            await self._recollection.note(own_ids=[said["id"]])

    def _finder(self, mark: dict[str, Any], text: str) -> Callable[[], Awaitable[Any]]:
        """Looks up whether a message of ours was stored although no answer came."""

        async def find() -> Any:
            listed = await self.conversation.messages()
            if listed is not None:
                return _ours_among(listed, mark, text, after=self._event.received / 1000 - 60)
            await self._recollection.now(self._event.id)
            echoes = [read_message(each.payload) for each in self._recollection.later if "message_" in each.name]
            for echo in echoes:
                if echo.mark is not None and _same_mark(echo.mark, mark):
                    return {"id": echo.id}
            shown = await self.conversation.show()
            latest = (shown or {}).get("messages")
            found = _ours_among(latest, mark, text, after=0.0) if isinstance(latest, list) else None
            if found is None and not self._reposts:
                raise Unresolvable(_("Chatwoot did not say whether it stored this, and no token may look it up."))
            return found

        return find


def _ours_among(messages: list[Any], mark: dict[str, Any], text: str, *, after: float) -> dict[str, Any] | None:
    """Our message in Chatwoot's list: by its mark, or, where that was dropped (before 4.9.0), by its very text."""
    for each in messages:
        attributes = each.get("content_attributes") if isinstance(each, dict) else None
        own = attributes.get(MARKER) if isinstance(attributes, dict) else None
        if isinstance(own, dict) and _same_mark(own, mark):
            return {"id": each.get("id")}
    for each in messages:
        if not isinstance(each, dict) or (each.get("content_attributes") or {}).get(MARKER):
            continue
        created = each.get("created_at")
        recent = isinstance(created, (int, float)) and created >= after > 0
        if recent and each.get("message_type") == 1 and str(each.get("content")).strip() == text.strip():
            return {"id": each.get("id")}
    return None


def _same_mark(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return (one.get("event"), one.get("kind")) == (other["event"], other["kind"])


def _note(reason: str, question: str) -> str:
    """What the person who takes over reads."""
    reasons = {
        "not known": _("no rule answers it"),
        "the answer would come too late": _("the answer would have come too late"),
        "the channel no longer takes replies": _("the channel no longer takes replies"),
        "too many replies in a minute": _("too many replies in one minute"),
        "a message without text": _("a message without text"),
        "begun before": _("no rule answers it"),
    }
    why = _("Handed over by the bot: {reason}.").format(reason=reasons.get(reason, reason))
    return why + "\n" + _("Question: {question}").format(question=question) if question else why
