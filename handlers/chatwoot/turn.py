"""Whose turn is it with this message, and what is said to it? Asked anew at every try, with all that has come in."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from clients.customer import REAL_KNOWLEDGE
from config.accounts import Account
from config.settings import Settings
from handlers.chatwoot.desk import Desk, Stopped, told_of
from handlers.chatwoot.gates import (
    TOO_LATE,
    TOO_MANY_MESSAGES,
    NotYet,
    Verdict,
    judge,
    may_resume,
    not_a_customers,
    quiet_for,
    written_at,
)
from handlers.chatwoot.memory import Recollection, messages_in, payload_of
from handlers.chatwoot.message import Message, proven_phone, read_message
from handlers.chatwoot.together import Joint, Own, as_one, follows_up, is_unknown, join, open_with, overtaken
from hubcrew import Answer, HandOver, HubCrew
from hubcrew.intent import intent_of
from hubcrew.items import space_of
from relay import Event

LONGEST_REMEMBERED = 300
URGENT = ("danger", "person", "stop")


@dataclass(frozen=True)
class Turn:
    """A customer's message in the hands of its handler, and all that it takes to answer it."""

    event: Event
    message: Message
    recollection: Recollection
    desk: Desk
    crew: HubCrew
    account: Account
    settings: Settings

    @property
    def mode(self) -> str:
        """off, suggest or on, in this message's inbox."""
        return self.account.mode_in(self.message.inbox)

    @property
    def _space(self) -> str:
        """Whose knowledge answers: a test's own, unless it asks for the shop's; that changes nothing outside."""
        asks_real = all(self.event.headers.get(name.lower()) == value for name, value in REAL_KNOWLEDGE.items())
        return space_of(self.event.account, self.event.test and not asks_real)

    @property
    def _now(self) -> datetime:
        return datetime.now(self.account.zone)

    async def take(self) -> None:
        """Do what is to be done now."""
        verdict = await self.verdict()
        if verdict.act == "leave":
            self.event.explain(f"left alone: {verdict.reason}")
            self.event.log.info("left alone: {}", verdict.reason)
        elif verdict.act == "answered":
            self.event.explain(verdict.reason)
        elif verdict.act == "wait":
            raise NotYet(verdict.reason)
        elif verdict.act == "answer":
            await self.answer()
        elif self.mode == "suggest":
            self.event.explain(f"left to the agents: {verdict.reason}")
        elif verdict.act == "give" or (self.event.reconciled and verdict.reason == TOO_LATE):
            await self.desk.give_to_a_person(verdict.reason)
        else:
            await self.hand_over(HandOver(verdict.reason), self.message.text or told_of(self.message.files))

    async def verdict(self) -> Verdict:
        """Whose turn it is now, with what has come in since, and with what Chatwoot says where it may be asked."""
        event, memory = self.event, self.recollection.memory
        written = written_at(self.message, event.received / 1000, test=event.test)
        if await self.desk.has_replied():
            return Verdict("answered", "answered at an earlier try")
        if self.mode == "on" and may_resume(memory, written, self.account.resume_after_hours):
            await self.desk.take_back()
        fresh = await self.desk.look()
        memory = await self.recollection.now(event.id)
        if self.desk.name in memory.begun:
            return Verdict(*memory.begun[self.desk.name])  # half of it is done: the rest follows
        assigned = fresh.assignee == "user" if fresh else memory.assignee is not None
        return judge(
            self.message,
            memory,
            fresh,
            last=self.desk.last,
            now=time.time(),
            written=written,
            statuses=self.settings.answer_statuses,
            own_user=await self.desk.conversation.own_user_id() if assigned else None,
            switched_on=self.mode != "off",
            oldest_minutes=self.settings.reply_max_age_minutes,
        )

    async def hand_over(self, handing: HandOver, question: str) -> None:
        """Give the conversation to a person, and tell the customer."""
        sentence = await self.crew.passing_on(self._space, question, self._now, handing.reason)
        await self.desk.hand_over(handing, question, sentence)

    async def answer(self) -> None:
        """Answer this message, and with it what the customer has written since and the same rules answer."""
        if (seconds := self._more_may_come()) > 0:
            raise NotYet("the customer may be writing more", seconds)
        # Whoever wants no more of the bot is heard by itself, never as a piece of a question.
        later = [each for each in messages_in(self.recollection.later) if intent_of(each.text) != "stop"]
        if overtaken(self.message, later, self.recollection.memory):
            self.event.explain("left alone: it asks nothing by itself, and what came after it was answered")
        elif intent_of(self.message.text) == "stop":
            await self.desk.silence()
            self.event.explain("the customer wants no more of the bot: silenced")
        else:
            await self._settle(open_with(self.message, later, self.recollection.memory))

    async def _settle(self, together: Sequence[Message]) -> None:
        """One reply to these messages, or a person; where the shop only wants suggestions, a note or nothing."""
        question = "\n".join(each.text for each in together if each.text)
        joint = await self._worded(await self._ask(together), question)
        if isinstance(joint.answer, HandOver) and self.mode == "suggest":
            await self.desk.leave(joint.answer, question)
        elif isinstance(joint.answer, HandOver):
            await self.hand_over(joint.answer, question)
        elif self.mode == "suggest":
            await self.desk.suggest(joint.answer, joint.answers, question)
            self.event.explain(f"suggested from {_names(joint.answer)}")
        else:
            await self._reply(joint.answer, joint.answers, question)

    async def _reply(self, answer: Answer, answered: list[int], question: str) -> None:
        try:
            await self.desk.reply(answer, answered, question)
        except Stopped:
            await self.hand_over(HandOver(TOO_MANY_MESSAGES), question)
            return
        self.event.explain(f"answered from {_names(answer)}")
        self.event.log.info("answered {} message(s) from {} rule(s)", len(answered), len(answer.rules))
        if answer.rules:
            await self.recollection.note(last_asked=question[:LONGEST_REMEMBERED])

    def _more_may_come(self) -> float:
        """For how many seconds the customer may still be writing; what is urgent, and a test, does not wait."""
        event = self.event
        read = [(each, read_message(payload_of(each))) for each in self.recollection.later if each.name == event.name]
        theirs = [(each, own) for each, own in read if not_a_customers(own) is None]
        said = (self.message, *(own for _each, own in theirs))
        if event.test or any(intent_of(each.text) in URGENT for each in said):
            return 0.0
        return quiet_for(
            first=event.received / 1000,
            newest=max([event, *(each for each, _own in theirs)], key=lambda each: each.received).received / 1000,
            now=time.time(),
            quiet=self.settings.quiet_seconds,
            at_most=self.settings.most_quiet_seconds,
        )

    async def _ask(self, together: Sequence[Message]) -> Joint:
        """What answers these messages: each by itself, else all as one question, else as going on from the last."""
        before = self.recollection.memory.last_asked
        asked = [Own(each, await self._answer_to(each.text)) for each in together]
        joint = join(asked)
        if before and follows_up(together[0].text) and not _is_from_rules(joint.answer):
            onward = await self._answer_to(f"{before} {together[0].text}")
            return joint._replace(answer=onward) if _is_from_rules(onward) else joint
        if is_unknown(joint.answer) and len(together) > 1:
            whole = await self._answer_to(" ".join(each.text for each in together))
            return as_one(asked, whole) if isinstance(whole, Answer) else joint
        return joint

    async def _worded(self, joint: Joint, question: str) -> Joint:
        """The same in other words, where the shop wants that: asked once for the whole reply. A test costs no call."""
        if self.event.test:
            return joint
        before = [each for each in [self.recollection.memory.last_asked] if each]
        phone = proven_phone(self.event.payload)
        worded = await self.crew.worded(self._space, question, joint.answer, self._now, phone=phone, before=before)
        return joint._replace(answer=worded)

    async def _answer_to(self, question: str) -> Answer | HandOver:
        phone = "" if self.event.test else proven_phone(self.event.payload)
        return await self.crew.ask(self._space, question, self._now, phone=phone)


def _is_from_rules(answer: Answer | HandOver) -> bool:
    """Whether a rule answers it, and not only the hours of a day that is named."""
    return isinstance(answer, Answer) and any(each.kind != "company" for each in answer.rules)


def _names(answer: Answer) -> str:
    return ", ".join(each.name for each in answer.rules)[:280] or "courtesy"
