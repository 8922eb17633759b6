"""What do we do in a conversation? Reply, or hand over: each act an effect, done once whatever happens in between."""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from gettext import gettext as _
from types import MappingProxyType
from typing import Any

from clients.chatwoot import Chatwoot
from clients.conversation import FULL_SECONDS, Conversation, ConversationFull, Untold
from clients.echoes import same_mark
from clients.http import Failed, Refused
from handlers.chatwoot.gates import SILENT, TOO_MANY_MESSAGES
from handlers.chatwoot.memory import Recollection, digest, messages_in
from handlers.chatwoot.message import Message, Situation, last_message, read_conversation
from handlers.chatwoot.source import place_of
from hubcrew import Answer, HandOver
from relay import Event, Rejected, Unresolvable
from relay.effects import OutcomeUnknown
from relay.figures import OwnFigure

# So much of the nearest rule stands in a hand-over's note.
LONGEST_SHOWN = 300
# Shows the agents at a glance what the bot has handed over.
HANDED_OVER = "bot-transferiu"


# What of this is counted by account as figures of its own; a hand-over is done once its note stands.
FIGURES = (
    OwnFigure("replies", "Replies to customers.", "handlers.chatwoot.", "reply"),
    OwnFigure("hand_overs", "Conversations handed over to a person.", "handlers.chatwoot.", "note"),
)


class Stopped(Exception):
    """Chatwoot takes no more messages in this conversation just now; it is asked again later."""

    costs_attempt = False
    nothing_done = True

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Chatwoot takes no more messages in this conversation: nothing is posted for {seconds:.0f} s")
        self.retry_after = seconds


class NotSent(Exception):
    """A reply that was tried has not been stored: its intent is taken back."""

    nothing_done = True


async def _not_sent() -> Any:
    raise NotSent


class Desk:
    """One conversation, as the handler of one event acts in it."""

    def __init__(
        self, event: Event, chatwoot: Chatwoot, message: Message, recollection: Recollection, unknown_outcome: str
    ) -> None:
        number, display_id = message.account_number, message.conversation.id
        assert display_id is not None
        self.conversation: Conversation = chatwoot.conversation(
            number,
            display_id,
            account=event.account or "",
            place=place_of(event.key),
            test=event.test,
            cause=event.leads_to(),
        )
        self._living = chatwoot.living
        self._event = event
        self._message = message
        self._recollection = recollection
        self._reposts = unknown_outcome == "repost"
        self.name = str(event.id if message.id is None else message.id)
        self.fresh: Situation | None = None
        self.last: Message | None = None

    async def look(self) -> Situation | None:
        """The conversation as Chatwoot tells it now, with its last message; None where no token may read it."""
        shown = await self.conversation.show()
        if shown:
            self.fresh, self.last = read_conversation(shown), last_message(shown)
        return self.fresh

    async def reply(self, answer: Answer, answered: list[int], question: str) -> None:
        """Say this to the customer, as the answer to these messages."""
        about = {"text": answer.text, "answers": answered, **self._record(answer, question)}

        def after(said: dict[str, Any]) -> dict[str, Any]:
            # What an earlier try said answers what was there then, whatever has come in since.
            return {"answered": said.get("answers", answered), "unsure": {self.name: None}, "replied_at": [time.time()]}

        await self._say("reply", answer.text, about=about, before={"unsure": {self.name: answered}}, after=after)

    async def has_replied(self) -> bool:
        """Whether a reply of an earlier try, whose outcome was not known, has reached Chatwoot after all.

        Otherwise it is as if it had not been tried: what is said now may be something else.
        """
        if self.name not in self._recollection.memory.unsure:
            return False
        mark = {"event": self._event.id, "kind": "reply"}
        try:
            said = await self._act("reply", _not_sent, self._finder(mark))
        except NotSent:
            await self._recollection.note(unsure={self.name: None})
            return False
        answered = said.get("answers") or self._recollection.memory.unsure[self.name]
        await self._recollection.note(answered=answered, unsure={self.name: None}, replied_at=[time.time()])
        return True

    async def suggest(self, answer: Answer, answered: list[int], question: str) -> None:
        """Show the agent what the answer would be, in a note that the customer does not see."""
        note = _("Suggested answer:") + "\n" + answer.text
        about = {"text": note, "answers": answered, **self._record(answer, question)}
        await self._say("suggestion", note, private=True, about=about)
        await self._recollection.note(answered=answered)

    def _record(self, answer: Answer, question: str) -> dict[str, Any]:
        """Why this is said: the rules as worded now, the crew, the status it was ours in, and how long it took."""
        return {
            "question": question,
            "rules": [each._asdict() for each in answer.rules],
            "crew": answer.crew,
            "gate": (self.fresh or self._message.conversation).status,
            "worded_by": answer.worded_by,
            "seconds": round(max(0.0, time.time() - self._event.received / 1000), 3),
        }

    async def leave(self, handing: HandOver, question: str) -> None:
        """Leave it to the agents, who see it anyway; what could not be answered is on record."""
        await self._event.once("left", _nothing, _nothing, about=_why(handing, question))
        self._event.explain(f"left to the agents: {handing.reason}")

    async def hand_over(self, handing: HandOver, question: str, sentence: str) -> None:
        """Status, note, sentence, label, in this order: the customer is told once a person can see it."""
        await self._begin("hand over", handing.reason)
        await self.open()
        note = _note(handing.reason, question, handing)
        await self._say("note", note, private=True, about={"text": note, **_why(handing, question)})
        memory = await self._recollection.now(self._event.id)
        taken = memory.person or max(memory.released_at, memory.person_at) > memory.handed_over_at
        if self._message.conversation.can_reply and (self.fresh is None or self.fresh.can_reply) and not taken:
            await self._say("sentence", sentence)
        await self._label(HANDED_OVER)
        await self._end()
        self._event.explain(f"handed over: {handing.reason}")
        self._event.log.info("handed over to a person: {}", handing.reason)

    async def give_to_a_person(self, reason: str, note: str = "") -> None:
        """Set the conversation open, with a note for whoever takes it; the customer is told nothing."""
        await self._begin("give", reason)
        await self.open()
        await self._say("note", note or _note(reason, self._message.text), private=True)
        await self._end()
        self._event.explain(f"given to a person: {reason}")

    async def silence(self) -> None:
        """The customer wants no more of the bot: it says nothing, and nothing from now on."""
        labelled = await self._label(SILENT)
        await self._recollection.note(silenced=not labelled)
        await self._end()

    async def _label(self, name: str) -> bool:
        """Put a label on the conversation, where a token may; it is a help to the agents, and nothing waits for it."""
        try:
            return bool(await self._act(f"label {name}", lambda: self.conversation.add_label(name), self._has(name)))
        except (Failed, Rejected, OutcomeUnknown, Unresolvable) as failed:
            self._event.log.warning("the label {} could not be set: {}", name, failed)
            return False

    def _has(self, name: str) -> Callable[[Any], Awaitable[Any]]:
        async def has(_about: Any) -> Any:
            shown = await self.conversation.show()
            return True if shown and name in (shown.get("labels") or []) else None

        return has

    async def _begin(self, act: str, reason: str) -> None:
        """Remember what is begun: the next attempt sees an open conversation, and goes on nevertheless."""
        if self.name not in (await self._recollection.now(self._event.id)).begun:
            begun = {self.name: (act, reason)}
            await self._recollection.note(begun=begun, handed_over=True, handed_over_at=time.time())

    async def _end(self) -> None:
        answered = [self._message.id] if self._message.id is not None else []
        await self._recollection.note(begun={self.name: None}, unsure={self.name: None}, answered=answered)

    async def open(self) -> None:
        """Set the conversation open."""
        await self._set("open")

    async def resolve(self) -> None:
        """Set the conversation resolved."""
        await self._set("resolved", "resolve")

    async def take_back(self) -> None:
        """The bot has the conversation again."""
        await self._set("pending", "take back")
        await self._recollection.note(person=False, handed_over=False, released_at=time.time())

    async def _set(self, status: str, act: str = "") -> None:
        async def is_so(_about: Any) -> Any:
            return await self.conversation.is_now(status)

        await self._act(act or status, lambda: self.conversation.set_status(status), is_so)

    async def _say(
        self,
        kind: str,
        text: str,
        *,
        private: bool = False,
        about: dict[str, Any] | None = None,
        before: Mapping[str, Any] = MappingProxyType({}),
        after: Callable[[dict[str, Any]], dict[str, Any]] = lambda _said: {},
    ) -> None:
        """Post a message once; `before` and `after` are remembered with it, at no cost of their own."""
        about = about or {"text": text}
        mark = {"event": self._event.id, "kind": kind}
        # Before it is posted: its echo may come first.
        memory = await self._recollection.note(own_texts=[digest(text)], **before)

        async def post() -> dict[str, Any]:
            if memory.stopped_until > time.time():
                raise Stopped(memory.stopped_until - time.time())
            return {**await self.conversation.say(text, mark, private=private), **_answers(about)}

        said = await self._act(kind, post, self._finder(mark), about)
        known = {"own_ids": [said["id"]]} if isinstance(said.get("id"), int) else {}
        if changes := {**known, **after(said)}:
            await self._recollection.note(**changes)

    async def _act(
        self,
        name: str,
        do: Callable[[], Awaitable[Any]],
        find: Callable[[Any], Awaitable[Any]],
        about: dict[str, Any] | None = None,
    ) -> Any:
        """Do something in Chatwoot once; what it refuses for good is not tried again."""
        if not self._event.test:
            await self._living.check(self._event.account or "")
        try:
            return await self._event.once(name, do, find, about=about)
        except ConversationFull as full:
            await self._recollection.note(stopped_until=time.time() + FULL_SECONDS)
            raise Stopped(FULL_SECONDS) from full
        except Refused as refused:
            if refused.status in (404, 422):  # the conversation is gone, or takes no such thing
                raise Rejected(f"Chatwoot refused the {name}: {refused}") from refused
            raise

    def _finder(self, mark: dict[str, Any]) -> Callable[[Any], Awaitable[Any]]:
        """Looks up whether a message of ours was stored although no answer came."""

        async def find(recorded: Any) -> Any:
            about = recorded or {"text": ""}  # a version before this one could lose it at a crash; the mark is enough
            found = await self._among_echoes(mark) or await self._in_chatwoot(mark, about["text"])
            return found and {**found, **_answers(about)}

        return find

    async def _among_echoes(self, mark: dict[str, Any]) -> dict[str, Any] | None:
        await self._recollection.now(self._event.id)
        for message in messages_in(self._recollection.later):
            if message.mark is not None and same_mark(message.mark, mark):
                return {"id": message.id}
        return None

    async def _in_chatwoot(self, mark: dict[str, Any], text: str) -> dict[str, Any] | None:
        try:
            since = self._event.received / 1000 - 60
            return await self.conversation.find_own(mark, text, since=since, after=self._message.id)
        except Untold as untold:
            if self._reposts:
                return None
            raise Unresolvable(
                _("Chatwoot did not say whether it stored this, and no token may look it up.")
            ) from untold


def _answers(about: dict[str, Any]) -> dict[str, Any]:
    return {"answers": about["answers"]} if "answers" in about else {}


def told_of(files: Sequence[str]) -> str:
    """What was sent instead of a text, for the note."""
    names = {
        "image": _("a picture"),
        "audio": _("a voice message"),
        "video": _("a video"),
        "location": _("a location"),
        "contact": _("a contact"),
    }
    return ", ".join(names.get(each, _("a file")) for each in files)


async def _nothing(*_about: Any) -> Any:
    """Done by being written down."""
    return {}


def _why(handing: HandOver, question: str) -> dict[str, Any]:
    """What is on record of a question that a person answers."""
    nearest = [each._asdict() for each in handing.nearest]
    why = {"reason": handing.reason, "question": question, "nearest": nearest, "crew": handing.crew}
    return {**why, "details": handing.details} if handing.details else why


def in_words(reason: str) -> str:
    """Why a person must answer, for people."""
    reasons = {
        "not known": _("no rule answers it"),
        "person": _("a person was asked for"),
        "danger": _("health or danger"),
        "angry": _("the customer is angry"),
        "complaint": _("a complaint"),
        "own order": _("a question about an order of their own"),
        "for a person": _("the shop wants a person to answer this"),
        "outside": _("the rule that answers it is not for this crew"),
        "special number": _("a special number, whose crew is not set up"),
        "the model knows no answer": _("the language model finds no answer in the rules"),
        "the crew hands over": _("the crew hands it over"),
        "the model failed": _("the language model failed, and no rule answers it surely"),
        "the answer would come too late": _("the answer would have come too late"),
        "the channel no longer takes replies": _("the channel no longer takes replies"),
        "too many replies in a minute": _("too many replies in one minute"),
        TOO_MANY_MESSAGES: _("too many messages in one minute"),
        "a message without text": _("a message without text"),
        "assigned to a person": _("it is assigned to a person"),
        "the conversation is pending": _("the bot does not answer pending conversations"),
        "not answered in time": _("it was not answered in time"),
        "handed over to a person": _("it was handed over to a person"),
        "a person has taken over": _("a person has taken over"),
        "the conversation is open": _("the conversation is open: a person has it"),
        "the conversation is open: its inbox has no bot, or a person has it": _(
            "the conversation is open: its inbox has no bot, or a person has it"
        ),
        "the conversation is resolved": _("the conversation is resolved"),
        "the conversation is snoozed": _("the conversation is snoozed"),
        "it came late, and somebody has written since": _("it came late, and somebody has written since"),
        "answering is switched off here": _("answering is switched off here"),
    }
    return reasons.get(reason) or _left_alone().get(reason, reason)


def _left_alone() -> dict[str, str]:
    """Why nobody need answer, for people."""
    return {
        "a private note": _("a private note"),
        "our own message": _("our own message"),
        "the contact is blocked": _("the contact is blocked"),
        "an automatic e-mail": _("an automatic e-mail"),
        "an automatic message": _("an automatic message"),
        "the message was deleted": _("the message was deleted"),
        "written on the shop's own phone": _("written on the shop's own phone"),
        "a notice of Evolution API": _("a notice of Evolution API"),
        "a WhatsApp group": _("a WhatsApp group"),
        "answered before, or together with another message": _("answered before, or together with another message"),
        "it asks nothing by itself, and what came after it was answered": _(
            "it asks nothing by itself, and what came after it was answered"
        ),
        "it came late, and somebody has written since": _("it came late, and somebody has written since"),
        "the account is no longer there": _("the account is no longer there"),
        f"the bot is silent here (label {SILENT})": _("the bot is silent here (label {label})").format(label=SILENT),
    }


def _note(reason: str, question: str, handing: HandOver | None = None) -> str:
    """What the person who takes over reads: why, what was asked, and what comes nearest, to be used or mended."""
    nearest, details = (handing.nearest, handing.details) if handing is not None else ((), "")
    why = _("Handed over by the bot: {reason}.").format(reason=in_words(reason))
    asked = _("Question: {question}").format(question=question) if question else ""
    found = [_("Nearest rule: {name}").format(name=each.name) + f"\n{_begin_of(each.text)}" for each in nearest]
    return "\n".join(filter(None, [why, details, asked, *found]))


def _begin_of(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN].rpartition(" ")[0] + " …"
