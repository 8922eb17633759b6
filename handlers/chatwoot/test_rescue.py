"""Who is looked for: what was given up, or waits for too long, however old it is."""

from typing import Any

import pytest

from clients.living import Living
from clients.testing import message_payload
from handlers.chatwoot.rescue import A_WEEK, HANDLER, UNANSWERED_SECONDS, look_for_unanswered, rescue
from relay import Event, History, Named
from relay.event import now_ms
from relay.signals import signals
from relay.store import Store
from relay.store.finish import Outcome
from relay.store.keep import Owed
from relay.testing import event as made

HOUR = 3600.0


async def found(
    store: Store,
    payload: dict[str, Any],
    state: str,
    *,
    received: float,
    ended: float,
    living: Living | None = None,
) -> bool:
    """Whether a message is looked for that came and was given up so many seconds ago."""
    await store.register_handlers({HANDLER: "chatwoot.message_created"})
    now = now_ms()
    kept, _ = made("chatwoot.message_created", payload, account="account_1", received=now - int(received * 1000))
    await store.keep(kept, Named(kept.name, "account_1"), [Owed(store.handler_ids[HANDLER])])
    finished = now - int(ended * 1000)
    outcome = Outcome(int(kept.id, 16), 0, state, 1, started=finished, finished=finished, error="503")
    await store.write(store.finish.outcomes, [outcome])
    emitted = []

    async def emit(name: str, payload: Any, *, of: Event, key: str | None = None) -> None:
        emitted.append((name, of.id))

    await look_for_unanswered(History(store), emit, living or Living())
    return emitted == [("chatwoot.message_unanswered", kept.id)]


@pytest.mark.parametrize(
    ("state", "received", "ended", "is_found"),
    [
        pytest.param("waiting", UNANSWERED_SECONDS + 9, 0, True, id="it waits for too long"),
        pytest.param("waiting", UNANSWERED_SECONDS - 9, 0, False, id="it waits"),
        pytest.param("waiting", 90 * HOUR, 0, True, id="it waits since before the server was away for days"),
        pytest.param("dead", 9, 9, True, id="given up at once"),
        pytest.param("parked", 9, 9, True, id="parked"),
        pytest.param("dead", 90 * HOUR, 9, True, id="given up after more than two days"),
        pytest.param("dead", 90 * HOUR, 60 * HOUR, False, id="given up long ago: it was found then"),
        pytest.param("done", 90 * HOUR, 9, False, id="done"),
    ],
)
async def test_who_is_looked_for(store: Store, state: str, received: float, ended: float, is_found: bool):
    assert await found(store, message_payload(1, 1, "Oi"), state, received=received, ended=ended) is is_found


async def test_what_is_no_customers_is_not_looked_for(store: Store):
    assert not await found(store, message_payload(1, 1, "Oi", private=True), "dead", received=9, ended=9)


async def test_nobody_is_looked_for_by_a_server_that_stands_by(store: Store):
    async def why() -> str:
        return "a restored backup"

    living = Living(paused=why)

    assert not await found(store, message_payload(1, 1, "Oi"), "dead", received=9, ended=9, living=living)


def test_the_rescue_is_not_given_up_while_chatwoot_may_come_back():
    own = next(each for each in signals.handlers_of("chatwoot.message_unanswered") if each.function is rescue)

    assert own.retry.give_up_after == A_WEEK
