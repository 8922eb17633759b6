"""What does a proxy do with a request? It is kept first and handed on surely; what a sender waits for is asked for."""

from gettext import gettext as _

from loguru import logger

from clients import Failed, Onward
from clients.onward import Request
from config.settings import Settings
from relay import Event, Incoming, Retry
from relay.receive import TEXT, PassOn
from relay.signals import Signals
from relay.store import Store
from relay.store.clean import forget
from relay.vouch import address_of, method_of, vouch, without_word

# As long as a row is kept: it ends when the receiver is back, minutes or days later, and no message passes another.
YEAR = 366 * 86_400.0
UNTIL_IT_IS_BACK = Retry(first=1.0, longest=30.0, give_up_after=YEAR, hold=YEAR)
PATIENCE_SECONDS = 28.0


def become_proxy(signals: Signals, settings: Settings) -> None:
    """From now on nothing is handled here: every event is handed on."""
    log = logger.bind(component="server")
    log.info("this is a proxy: everything is handed on to {}", settings.forward.url())
    if not settings.forward.key:
        log.warning("FORWARD_SIGNING_KEY is not set: what waits for minutes, or has a token, is refused over there")
    signals.limit_to(lambda handler: handler.answers)
    signals.on("*", retry=UNTIL_IT_IS_BACK, timeout=120.0)(forward)


async def forward(event: Event, onward: Onward, settings: Settings, store: Store) -> None:
    """Hand an event on, as it came; once the receiver has it, its text is dropped here."""
    if not event.headers:  # the process ended before this was written down
        event.explain("handed on before: its text is with the receiver")
        return
    vouched = vouch(settings.forward.key, event, store.name)
    headers = {**without_word(event.headers), **vouched}
    request = Request(method_of(event), address_of(event.path, event.query), headers, event.body)
    await onward.hand_on(request, _whose(event))
    event.explain("handed on")
    await store.write(forget, int(event.id, 16))


def pass_on(onward: Onward, settings: Settings, store: Store) -> PassOn:
    """Ask the receiver for what a sender waits for; where it gives no answer, the sender is told so with 500."""
    here = store.name  # now: no request is to wait until it is given one

    async def ask(event: Event, incoming: Incoming) -> tuple[int, bytes, bytes]:
        key = settings.forward.key
        # Where we do not vouch, the sender's own credentials are needed.
        known, query = (event.headers, event.query) if key else ({**incoming.headers, **event.headers}, incoming.query)
        headers = {**without_word(known), **vouch(key, event, here)}
        request = Request(incoming.method, address_of(incoming.path, query), headers, incoming.body)
        try:
            answer = await onward.ask(request, _whose(event), PATIENCE_SECONDS)
        except Failed as failed:
            logger.bind(component="server", event=event.id).error("it could not be passed on: {}", failed)
            return 500, TEXT, _("The server behind this one does not answer: nothing was done. Try again.").encode()
        return min(answer.status, 500), answer.headers.get("content-type", "text/plain").encode(), answer.body

    return ask


def _whose(event: Event) -> str:
    """Among whose requests it is: what is refused of one account says nothing of another's."""
    return f"{event.source} {event.account}"
