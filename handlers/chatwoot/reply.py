"""A customer's message ends in a reply, with a person, or with a written reason."""

import time
from datetime import datetime
from gettext import gettext as _

from clients.chatwoot import Chatwoot, Conversation
from clients.http import Refused
from config.accounts import Account
from config.settings import Settings
from handlers.chatwoot.desk import Desk
from handlers.chatwoot.gates import Verdict, judge, not_a_customers
from handlers.chatwoot.memory import Recollection, messages_in, written_by_person
from handlers.chatwoot.message import Message, read_conversation, read_message
from hubcrew import Answer, HubCrew
from hubcrew.items import space_of
from relay import Event, History, Rejected, State, on

REMEMBERED = (
    "chatwoot.message_created",
    "chatwoot.conversation_created",
    "chatwoot.conversation_updated",
    "chatwoot.conversation_status_changed",
    "chatwoot.conversation_opened",
    "chatwoot.conversation_resolved",
)


@on(*REMEMBERED)
async def remember(event: Event, state: State, history: History) -> None:
    """Keep in mind whose turn it was last in this conversation."""
    if event.key:
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
    desk = Desk(event, chatwoot, message, recollection, settings.unknown_outcome)
    verdict = await _judge(event, message, recollection, desk.conversation, account, settings)
    if verdict.act == "leave":
        event.explain(f"left alone: {verdict.reason}")
        event.log.info("left alone: {}", verdict.reason)
    elif verdict.act == "hand over" and account.mode == "suggest":
        event.explain(f"left to the agents: {verdict.reason}")
    elif verdict.act == "hand over":
        await desk.hand_over(verdict.reason, message.text)
    else:
        await _answer(event, message, recollection, desk, crew, account)


async def _judge(
    event: Event,
    message: Message,
    recollection: Recollection,
    conversation: Conversation,
    account: Account,
    settings: Settings,
) -> Verdict:
    """Whose turn is it now, with what has come in since, and with what Chatwoot says where it may be asked?"""
    memory = await recollection.now(event.id)
    if memory.handing_over == event.id:
        return Verdict("hand over", "begun before")  # half of it is done: the rest follows
    shown = await conversation.show()
    fresh = read_conversation(shown) if shown else None
    own_user = await conversation.own_user_id() if fresh and fresh.assignee == "user" else None
    return judge(
        message,
        memory,
        fresh,
        now=time.time(),
        received=event.received / 1000,
        statuses=settings.answer_statuses,
        own_user=own_user,
        switched_on=account.mode != "off",
        oldest_minutes=settings.reply_max_age_minutes,
    )


async def _answer(
    event: Event, message: Message, recollection: Recollection, desk: Desk, crew: HubCrew, account: Account
) -> None:
    """Answer this message, and with it what the customer has written since."""
    together = [message, *_written_since(recollection)]
    question = "\n".join(each.text for each in together if each.text)
    answer = await crew.ask(space_of(event.account, event.test), question, datetime.now(account.zone).date())
    answered = [each.id for each in together if each.id is not None]
    if answer is None and account.mode == "suggest":
        event.explain("left to the agents: not known")
    elif answer is None:
        await desk.hand_over("not known", question)
    elif account.mode == "suggest":
        await desk.suggest(answer.text, answered, _about(answer))
        event.explain(f"suggested from {_names(answer)}")
    else:
        await _reply(desk, answer, answered)
        event.explain(f"answered from {_names(answer)}")
        event.log.info("answered {} message(s) from {} rule(s)", len(together), len(answer.rules))


async def _reply(desk: Desk, answer: Answer, answered: list[int]) -> None:
    try:
        await desk.reply(answer.text, answered, _about(answer))
    except Refused as refused:
        if refused.status in (404, 422):  # the conversation is gone, or takes no more: trying again cannot help
            raise Rejected(f"Chatwoot refused the reply: {refused}") from refused
        raise


def _names(answer: Answer) -> str:
    return ", ".join(each.name for each in answer.rules)[:280]


def _written_since(recollection: Recollection) -> list[Message]:
    return [each for each in messages_in(recollection.later) if not_a_customers(each) is None]


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
    await desk.give_to_a_person(_("The reply did not reach the customer. {error}").format(error=error).strip())
    await recollection.note(failed=[message.id])
    event.explain("our reply was reported as not delivered")
    event.log.warning("a reply was reported as not delivered: handed over")
