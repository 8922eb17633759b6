"""A customer's message ends in a reply, with a person, or with a written reason."""

import time
from collections.abc import Sequence
from datetime import datetime
from gettext import gettext as _

from clients.chatwoot import Chatwoot
from config.accounts import Account
from config.settings import Settings
from handlers.chatwoot.desk import Desk, Stopped, told_of
from handlers.chatwoot.gates import TOO_MANY_MESSAGES, Verdict, judge, not_a_customers, quiet_for, written_at
from handlers.chatwoot.memory import Recollection, in_writing, messages_in, payload_of, written_by_person
from handlers.chatwoot.message import Message, proven_phone, read_message
from handlers.chatwoot.together import Joint, Own, as_one, follows_up, is_unknown, join, open_with, overtaken
from hubcrew import Answer, HandOver, HubCrew
from hubcrew.intent import intent_of
from hubcrew.items import space_of
from relay import Event, History, State, on

REMEMBERED = (
    "chatwoot.message_created",
    "chatwoot.message_updated",
    "chatwoot.conversation_created",
    "chatwoot.conversation_updated",
    "chatwoot.conversation_status_changed",
    "chatwoot.conversation_opened",
    "chatwoot.conversation_resolved",
)
LONGEST_REMEMBERED = 300
URGENT = ("danger", "person", "stop")


class NotYet(Exception):
    """Whether this needs an answer, and which, is known shortly: the conversation's later messages wait with it."""

    costs_attempt = False

    def __init__(self, why: str, seconds: float = 30.0) -> None:
        super().__init__(why)
        self.retry_after = seconds


@on(*REMEMBERED)
async def remember(event: Event, state: State, history: History) -> None:
    """Keep in mind whose turn it was last in this conversation."""
    says_nothing = event.name == "chatwoot.message_updated" and not read_message(payload_of(event)).deleted
    if event.key and not says_nothing:  # most updates are of a message's way to the customer
        await Recollection(event, state, history).remember([event])


@on("chatwoot.message_created")
async def answer_customer(
    event: Event, settings: Settings, chatwoot: Chatwoot, crew: HubCrew, state: State, history: History
) -> None:
    """Answer what a customer asks from the shop's rules, or hand the conversation to a person."""
    message = read_message(event.payload)
    account = settings.accounts.get(event.account)
    reason = not_a_customers(message) if message.conversation.id is not None else "no conversation"
    if account is None or reason is not None:
        event.explain(f"left alone: {reason or 'the account is no longer there'}")
        return
    recollection = Recollection(event, state, history)
    await recollection.now(event.id)
    message = in_writing(message, recollection.later)
    if (seconds := _may_be_transcribed(event, message, settings)) > 0:
        raise NotYet("a voice note may be put into writing", seconds)
    desk = Desk(event, chatwoot, message, recollection, settings.unknown_outcome)
    verdict = await _judge(event, message, recollection, desk, account, settings)
    if verdict.act == "leave":
        event.explain(f"left alone: {verdict.reason}")
        event.log.info("left alone: {}", verdict.reason)
    elif verdict.act == "wait":
        raise NotYet(verdict.reason)
    elif verdict.act == "answer":
        await _answer(event, message, recollection, desk, crew, account, settings)
    elif account.mode == "suggest":
        event.explain(f"left to the agents: {verdict.reason}")
    elif verdict.act == "give":
        await desk.give_to_a_person(verdict.reason)
    else:
        await desk.hand_over(verdict.reason, message.text or told_of(message.files))


async def _judge(
    event: Event, message: Message, recollection: Recollection, desk: Desk, account: Account, settings: Settings
) -> Verdict:
    """Whose turn is it now, with what has come in since, and with what Chatwoot says where it may be asked?"""
    fresh = await desk.look()
    memory = await recollection.now(event.id)
    if desk.name in memory.begun:
        return Verdict(*memory.begun[desk.name])  # half of it is done: the rest follows
    assigned = fresh.assignee == "user" if fresh else memory.assignee is not None
    return judge(
        message,
        memory,
        fresh,
        last=desk.last,
        now=time.time(),
        written=written_at(message, event.received / 1000, test=event.test),
        statuses=settings.answer_statuses,
        own_user=await desk.conversation.own_user_id() if assigned else None,
        switched_on=account.mode != "off",
        oldest_minutes=settings.reply_max_age_minutes,
    )


async def _answer(
    event: Event,
    message: Message,
    recollection: Recollection,
    desk: Desk,
    crew: HubCrew,
    account: Account,
    settings: Settings,
) -> None:
    """Answer this message, and with it what the customer has written since and the same rules answer."""
    if (seconds := _more_may_come(event, message, recollection.later, settings)) > 0:
        raise NotYet("the customer may be writing more", seconds)
    # Whoever wants no more of the bot is heard by itself, never as a piece of a question.
    later = [each for each in messages_in(recollection.later) if intent_of(each.text) != "stop"]
    if overtaken(message, later, recollection.memory):
        event.explain("left alone: it asks nothing by itself, and what came after it was answered")
        return
    if intent_of(message.text) == "stop":
        await desk.silence()
        event.explain("the customer wants no more of the bot: silenced")
        return
    together = open_with(message, later, recollection.memory)
    question = "\n".join(each.text for each in together if each.text)
    joint = await _ask(event, crew, together, account, recollection.memory.last_asked)
    if isinstance(joint.answer, HandOver) and account.mode == "suggest":
        event.explain(f"left to the agents: {joint.answer.reason}")
    elif isinstance(joint.answer, HandOver):
        nearest = next((each.name for each in joint.answer.nearest), "")
        when = await crew.when(space_of(event.account, event.test), datetime.now(account.zone))
        await desk.hand_over(joint.answer.reason, question, nearest, when)
    elif account.mode == "suggest":
        await desk.suggest(joint.answer.text, joint.answers, _about(joint.answer))
        event.explain(f"suggested from {_names(joint.answer)}")
    else:
        await _reply(event, desk, joint.answer, joint.answers, question)
        if joint.answer.rules:
            await recollection.note(last_asked=question[:LONGEST_REMEMBERED])


def _may_be_transcribed(event: Event, message: Message, settings: Settings) -> float:
    """For how many seconds Chatwoot may still be putting a voice note into writing; it tells by message_updated."""
    if event.test or message.text or "audio" not in message.files:
        return 0.0
    return event.received / 1000 + settings.most_quiet_seconds - time.time()


def _more_may_come(event: Event, message: Message, later: Sequence[Event], settings: Settings) -> float:
    """For how many seconds the customer may still be writing; what is urgent, and a test, does not wait."""
    read = [(each, read_message(payload_of(each))) for each in later if each.name == event.name]
    theirs = [(each, own) for each, own in read if not_a_customers(own) is None]
    if event.test or any(intent_of(each.text) in URGENT for each in (message, *(own for _each, own in theirs))):
        return 0.0
    return quiet_for(
        first=event.received / 1000,
        newest=max([event, *(each for each, _own in theirs)], key=lambda each: each.received).received / 1000,
        now=time.time(),
        quiet=settings.quiet_seconds,
        at_most=settings.most_quiet_seconds,
    )


async def _ask(event: Event, crew: HubCrew, together: list[Message], account: Account, before: str) -> Joint:
    """What answers these messages: each by itself, else all as one question, else as going on from the one `before`."""
    space, now = space_of(event.account, event.test), datetime.now(account.zone)
    phone = "" if event.test else proven_phone(event.payload)
    asked = [Own(each, await crew.ask(space, each.text, now, phone=phone)) for each in together]
    joint = join(asked)
    if before and follows_up(together[0].text) and not _is_from_rules(joint.answer):
        onward = await crew.ask(space, f"{before} {together[0].text}", now)
        return joint._replace(answer=onward) if _is_from_rules(onward) else joint
    if is_unknown(joint.answer) and len(together) > 1:
        whole = await crew.ask(space, " ".join(each.text for each in together), now)
        return as_one(asked, whole) if isinstance(whole, Answer) else joint
    return joint


def _is_from_rules(answer: Answer | HandOver) -> bool:
    """Whether a rule answers it, and not only the hours of a day that is named."""
    return isinstance(answer, Answer) and any(each.kind != "company" for each in answer.rules)


async def _reply(event: Event, desk: Desk, answer: Answer, answered: list[int], question: str) -> None:
    try:
        await desk.reply(answer.text, answered, _about(answer))
    except Stopped:
        await desk.hand_over(TOO_MANY_MESSAGES, question)
    else:
        event.explain(f"answered from {_names(answer)}")
        event.log.info("answered {} message(s) from {} rule(s)", len(answered), len(answer.rules))


def _names(answer: Answer) -> str:
    return ", ".join(each.name for each in answer.rules)[:280] or "courtesy"


def _about(answer: Answer) -> dict[str, object]:
    return {"rules": [each._asdict() for each in answer.rules]}


@on("chatwoot.message_created")
async def make_way(event: Event, chatwoot: Chatwoot, settings: Settings, state: State, history: History) -> None:
    """A person who writes while the bot has the conversation gets it: it is set open."""
    message = read_message(event.payload)
    if message.conversation.id is None or message.conversation.status != "pending":
        return
    recollection = Recollection(event, state, history)
    if written_by_person(message, await recollection.now(event.id)):
        await Desk(event, chatwoot, message, recollection, settings.unknown_outcome).open()
        event.explain("a person writes: the conversation was set open")


@on("chatwoot.message_updated")
async def see_failure(event: Event, chatwoot: Chatwoot, settings: Settings, state: State, history: History) -> None:
    """A reply of ours that did not reach the customer goes to a person."""
    message = read_message(event.payload)
    if not message.failed or message.conversation.id is None:
        return
    recollection = Recollection(event, state, history)
    memory = await recollection.now(event.id)
    if message.mark is None and message.id not in memory.own_ids:
        return
    if message.id in memory.failed or (message.mark is not None and message.mark.get("kind") != "reply"):
        return
    error = str(message.attributes.get("external_error") or "")[:200]
    desk = Desk(event, chatwoot, message, recollection, settings.unknown_outcome)
    note = _("The reply did not reach the customer. {error}").format(error=error).strip()
    await desk.give_to_a_person("our reply was reported as not delivered", note)
    await recollection.note(failed=[message.id])
    event.log.warning("a reply was reported as not delivered: handed over")
