"""When is a conversation that a person has answered at rest? After the shop's quiet hours it is resolved."""

import time

from clients.chatwoot import Chatwoot
from config.settings import Settings
from handlers.chatwoot.desk import Desk
from handlers.chatwoot.gates import NotYet, not_a_customers
from handlers.chatwoot.memory import Memory, Recollection, messages_in, written_by_person
from handlers.chatwoot.message import Message, read_message
from relay import Event, History, Retry, State, on

A_MONTH = 31 * 86400.0
NOTHING_TO_RESOLVE = ("resolved", "snoozed", "pending")


@on("chatwoot.message_created", ordered=False, retry=Retry(give_up_after=A_MONTH))
async def rest(event: Event, settings: Settings, chatwoot: Chatwoot, state: State, history: History) -> None:
    """Resolve the conversation when nobody has written for the account's quiet hours after this person's message."""
    message = read_message(event.payload)
    account = settings.accounts.get(event.account)
    is_ours = account is not None and not event.test and account.mode_in(message.inbox) != "off"
    hours = account.resolve_after_hours if account is not None and is_ours else None
    if hours is None or message.conversation.id is None or message.type != "outgoing":
        return
    recollection = Recollection(event, state, history)
    memory = await recollection.now(event.id)
    if not written_by_person(message, memory):
        return
    if goes_on(memory, messages_in(recollection.later)):
        event.explain("left alone: the conversation went on")
        return
    if (seconds := event.received / 1000 + hours * 3600 - time.time()) > 0:
        raise NotYet(f"the conversation rests after {hours:g} quiet hours", seconds)
    desk = Desk(event, chatwoot, message, recollection, settings.unknown_outcome)
    fresh = await desk.look()
    if (fresh.status if fresh else memory.status) in NOTHING_TO_RESOLVE:
        event.explain("left alone: the conversation is not open any more")
        return
    await desk.resolve()
    event.explain(f"resolved after {hours:g} quiet hours")


def goes_on(memory: Memory, later: list[Message]) -> bool:
    """Whether the customer or a person has written since."""
    return any(not_a_customers(each) is None or written_by_person(each, memory) for each in later)
