"""No customer is forgotten: what was neither answered nor handed over goes to a person, with a note."""

from gettext import gettext as _

from clients.chatwoot import Chatwoot
from config.settings import Settings
from handlers.chatwoot.desk import Desk
from handlers.chatwoot.gates import not_a_customers
from handlers.chatwoot.memory import Recollection, payload_of
from handlers.chatwoot.message import read_conversation, read_message
from handlers.chatwoot.reply import answer_customer
from relay import Emit, Event, History, State, every, on

# Our 200 switches off Chatwoot's own rescue (a failing bot's conversation is opened): this is ours.
UNANSWERED_SECONDS = 300.0
SIGNAL = "chatwoot.message_unanswered"
HANDLER = f"{answer_customer.__module__}:{answer_customer.__qualname__}"
TWO_DAYS = 2 * 86400.0


@every(15.0)
async def look_for_unanswered(history: History, emit: Emit) -> None:
    """Messages that are still waiting after five minutes, or were given up, become events of their own."""
    after = ""
    while True:
        found = await history.overdue(
            HANDLER, older_than_seconds=UNANSWERED_SECONDS, within_seconds=TWO_DAYS, after=after
        )
        for event in found:
            after = event.id
            message = read_message(payload_of(event))
            if message.conversation.id is not None and not_a_customers(message) is None:
                await emit(SIGNAL, event.payload, of=event)
        if not found:
            break


@on(SIGNAL)
async def rescue(event: Event, chatwoot: Chatwoot, settings: Settings, state: State, history: History) -> None:
    """Open the conversation with a note, unless it was answered or a person has it by now."""
    message = read_message(event.payload)
    recollection = Recollection(event, state, history)
    desk = Desk(event, chatwoot, message, recollection, settings.unknown_outcome)
    memory = await recollection.now(event.id)
    shown = await desk.conversation.show()
    status = read_conversation(shown).status if shown else memory.status or message.conversation.status
    account = settings.accounts.get(event.account)
    if message.id in memory.answered or memory.person or account is None or account.mode != "on":
        event.explain("left alone: answered, or with a person")
    elif status != "pending" and not memory.handing_over:
        event.explain(f"left alone: the conversation is {status}")
    else:
        await desk.give_to_a_person(
            _("The bot could not answer this message in time: {text}").format(text=message.text)
        )
        event.explain("handed over: not answered in time")
        event.log.warning("a message was not answered in time: handed over")
