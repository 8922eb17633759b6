"""No customer is forgotten: what was neither answered nor handed over goes to a person, with a note."""

from gettext import gettext as _

from clients.chatwoot import Chatwoot
from clients.living import Living
from config.settings import Settings
from handlers.chatwoot.desk import Desk
from handlers.chatwoot.gates import needs_no_rescue, not_a_customers
from handlers.chatwoot.memory import Recollection, payload_of
from handlers.chatwoot.message import read_message
from handlers.chatwoot.reply import answer_customer
from relay import Emit, Event, History, Retry, State, meanwhile, on

# Our 200 switches off Chatwoot's own rescue (a failing bot's conversation is opened): this is ours.
UNANSWERED_SECONDS = 300.0
SIGNAL = "chatwoot.message_unanswered"
HANDLER = f"{answer_customer.__module__}:{answer_customer.__qualname__}"
TWO_DAYS = 2 * 86400.0
# Chatwoot may be away for longer than a day, and nobody comes after the rescue.
A_WEEK = 7 * 86400.0


@meanwhile(15.0)
async def look_for_unanswered(history: History, emit: Emit, living: Living) -> None:
    """Messages that are still waiting after five minutes, or were given up, become events of their own.

    Not while this server stands by: then another one answers.
    """
    after = ""
    while True:
        found = await history.overdue(
            HANDLER, older_than_seconds=UNANSWERED_SECONDS, within_seconds=TWO_DAYS, after=after
        )
        for event in found:
            after = event.id
            message = read_message(payload_of(event))
            theirs = message.conversation.id is not None and not_a_customers(message) is None
            if theirs and await living.standing(event.account or "") is None:
                await emit(SIGNAL, event.payload, of=event)
        if not found:
            break


@on(SIGNAL, retry=Retry(give_up_after=A_WEEK))
async def rescue(event: Event, chatwoot: Chatwoot, settings: Settings, state: State, history: History) -> None:
    """Open the conversation with a note, unless it was answered or a person has it by now."""
    message = read_message(event.payload)
    account = settings.accounts.get(event.account)
    if account is None or account.mode_in(message.inbox) != "on":
        event.explain("left alone: answering is switched off here")
        return
    recollection = Recollection(event, state, history)
    desk = Desk(event, chatwoot, message, recollection, settings.unknown_outcome)
    fresh = await desk.look()
    memory = await recollection.now(event.id)
    reason = needs_no_rescue(message, memory, fresh, begun=desk.name in memory.begun)
    if reason is not None:
        event.explain(f"left alone: {reason}")
        return
    note = _("The bot could not answer this message in time: {text}").format(text=message.text)
    await desk.give_to_a_person("not answered in time", note)
    event.log.warning("a message was not answered in time: handed over")
