"""Which answers were wrong? An agent labels the conversation, and it is on the list of those to be corrected."""

import time

from handlers.chatwoot.message import read_conversation
from hubcrew.lessons import WRONG_ANSWERS, listed
from relay import Event, State, on

# The agents' word for it.
WRONG = "bot-errado"


@on("chatwoot.conversation_updated")
async def note_wrong_answer(event: Event, state: State) -> None:
    """Put the conversation on the account's list while it has the label, and take it off when the label is gone."""
    if event.account is None or event.key is None:
        return
    account, key = event.account, event.key
    is_wrong = WRONG in read_conversation(event.payload).labels
    if is_wrong == (key in (await state.get(account, WRONG_ANSWERS) or {})):
        return
    since = time.time() if is_wrong else None
    await state.change(account, WRONG_ANSWERS, lambda known: listed(known, key, since))
    event.explain("on the list of wrong answers" if is_wrong else "off the list of wrong answers")
