"""A customer's message ends in a reply, with a person, or with a written reason."""

import time
from gettext import gettext as _

from clients.chatwoot import Chatwoot
from config.settings import Settings
from handlers.chatwoot.desk import Desk
from handlers.chatwoot.gates import NotYet, not_a_customers
from handlers.chatwoot.memory import Recollection, in_writing, payload_of, written_by_person
from handlers.chatwoot.message import Message, read_message
from handlers.chatwoot.turn import Turn
from hubcrew import HubCrew
from hubcrew.undelivered import UNDELIVERED, with_undelivered
from relay import Event, History, State, on
from relay.reconcile import HEADER

# What is said of a message that came late, where it is answered already.
ANSWERED = "answered"
REMEMBERED = (
    "chatwoot.message_created",
    "chatwoot.message_updated",
    "chatwoot.conversation_created",
    "chatwoot.conversation_updated",
    "chatwoot.conversation_status_changed",
    "chatwoot.conversation_opened",
    "chatwoot.conversation_resolved",
)


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
    if event.reconciled and event.headers.get(HEADER) == ANSWERED:
        reason = reason or "it came late, and somebody has written since"
    if account is None or reason is not None:
        event.explain(f"left alone: {reason or 'the account is no longer there'}")
        return
    if not event.test:
        await chatwoot.living.check(account.id)  # before anything is asked or worded for it
    recollection = Recollection(event, state, history)
    await recollection.now(event.id)
    message = in_writing(message, recollection.later)
    if (seconds := _may_be_transcribed(event, message, settings)) > 0:
        raise NotYet("a voice note may be put into writing", seconds)
    desk = Desk(event, chatwoot, message, recollection, settings.unknown_outcome)
    await Turn(event, message, recollection, desk, crew, account, settings).take()


def _may_be_transcribed(event: Event, message: Message, settings: Settings) -> float:
    """For how many seconds Chatwoot may still be putting a voice note into writing; it tells by message_updated."""
    if event.test or message.text or "audio" not in message.files:
        return 0.0
    return event.received / 1000 + settings.most_quiet_seconds - time.time()


@on("chatwoot.message_created")
async def make_way(event: Event, chatwoot: Chatwoot, settings: Settings, state: State, history: History) -> None:
    """A person who writes while the bot has the conversation gets it: it is set open."""
    message = read_message(event.payload)
    account = settings.accounts.get(event.account)
    if account is None or account.mode_in(message.inbox) == "off":
        return
    if message.conversation.id is None or message.conversation.status != "pending":
        return
    recollection = Recollection(event, state, history)
    memory = await recollection.now(event.id)
    if written_by_person(message, memory) and (memory.person or not event.reconciled):
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
    if event.account is not None and not event.test:
        about = (str(message.id), str(message.conversation.id), error, event.received)
        await state.change(event.account, UNDELIVERED, lambda known: with_undelivered(known, *about))
    desk = Desk(event, chatwoot, message, recollection, settings.unknown_outcome)
    note = _("The reply did not reach the customer. {error}").format(error=error).strip()
    await desk.give_to_a_person("our reply was reported as not delivered", note)
    await recollection.note(failed=[message.id])
    event.log.warning("a reply was reported as not delivered: handed over")
