"""Does anything regular read a whole table? With a million events it would cost seconds, every few seconds."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import ExecutionContext

from relay.event import Event, Named, now_ms
from relay.figures import read_stock
from relay.store import Store, add_up, clean, look, replay, state, take, watch
from relay.store.finish import Outcome, mark_running
from relay.store.keep import Owed, is_known
from relay.store.look import Filter

pytestmark = pytest.mark.anyio

BIG_TABLES = ("events", "deliveries", "attempts", "effects")
HANDLER = "plugins.shop:react"
NAMES = [HANDLER]
A_RETRY = Event("shop.order", b"", id="0000000000000005", account="shop", key="conversation:1")

READ: dict[str, Callable[[Connection], Any]] = {
    "what waits": lambda connection: take.waiting(connection, NAMES, (5, 0)),
    "what is due": lambda connection: take.due(connection, NAMES, now_ms()),
    "when the next is due": lambda connection: take.next_due(connection, NAMES, now_ms()),
    "what is newer": lambda connection: take.newer(connection, take.Taken(A_RETRY, 0, HANDLER, 1, 1)),
    "what a rate counts": lambda connection: take.begun_since(connection, HANDLER, 0),
    "whether a slot is known": lambda connection: is_known(connection, "schedule", Named("x", "shop", repeat_id="1")),
    "which keys are held": lambda connection: take.held(connection, NAMES, now_ms()),
    "what is overdue": lambda connection: state.overdue(connection, HANDLER, now_ms(), 0, "0"),
    "what came later": lambda connection: state.later_events(connection, "shop", "conversation:1", "0"),
    "one event": lambda connection: look.one_event(connection, "0000000000000005"),
    "the books": look.books,
    "whether they add up": add_up.add_up,
    "what the figures tell": read_stock,
    "what is dead": lambda connection: watch.ended_badly(connection, "dead"),
    "what has waited longest": watch.oldest_waiting,
    "which retry is late": lambda connection: watch.oldest_retry(connection, now_ms()),
    "who spoke last": lambda connection: watch.last_events(connection, 5),
    **{
        f"which events are {status}": lambda connection, status=status: look.list_events(  # type: ignore[misc]  # bound now
            connection, Filter(status=status), 50, None
        )
        for status in ("dead", "parked", "running", "waiting", "discarded")
    },
    "what a replay would touch": lambda connection: replay.count(connection, Filter(status="dead"), [], [1], [2]),
}
WRITTEN: dict[str, Callable[..., Any]] = {
    "at the start, what was interrupted": lambda tx: take.take_up_interrupted(tx, NAMES, now_ms()),
    "at the start, what is absent": lambda tx: take.park_absent(tx, NAMES),
    "what runs": lambda tx: mark_running(tx, 5, 0, now_ms()),
    "a replay": lambda tx: replay.replay(tx, [5], [1], [(1, "shop.order")]),
    "the cleaning": lambda tx: clean.clean(tx, now_ms(), 30),
    "the cleaning of what is old": lambda tx: clean.clean(tx, now_ms() + 40 * clean.DAY_MS, 30),
}


def explained(engine: Engine) -> list[str]:
    """Collects the plan of every statement from now on."""
    plans: list[str] = []

    def explain(
        connection: Connection, cursor: Any, statement: str, values: Any, context: ExecutionContext, many: bool
    ) -> None:
        if not many and statement.startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
            rows = connection.connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", values)
            plans.extend(row[3] for row in rows)

    event.listen(engine, "before_cursor_execute", explain)
    return plans


def whole_tables(plans: list[str]) -> list[str]:
    """The steps that go through all of a large table; in the order of its key, up to a limit, is another thing."""
    scans = [plan for plan in plans if plan.startswith("SCAN ") and "USING" not in plan]
    return [plan for plan in scans if plan.split()[1] in BIG_TABLES]


async def filled(open_store: Callable[[], Store]) -> Store:
    store = open_store()
    await store.register_handlers({HANDLER: "shop.order"})
    kept = Event("shop.order", b"{}", account="shop", key="conversation:1", received=now_ms())
    await store.keep(kept, Named("shop.order", "shop", "conversation:1"), [Owed(store.handler_ids[HANDLER])])
    await store.write(store.finish.outcomes, [Outcome(int(kept.id, 16), 0, "dead", 1, now_ms(), now_ms(), error="why")])
    return store


@pytest.mark.parametrize("what", READ)
async def test_reading_finds_its_rows_by_an_index(open_store: Callable[[], Store], what: str) -> None:
    store = await filled(open_store)
    plans = explained(store.engine)
    await store.read(READ[what])

    assert plans
    assert whole_tables(plans) == []


@pytest.mark.parametrize("what", WRITTEN)
async def test_writing_finds_its_rows_by_an_index(open_store: Callable[[], Store], what: str) -> None:
    store = await filled(open_store)
    plans = explained(store.engine)
    await store.write(WRITTEN[what])

    assert plans
    assert whole_tables(plans) == []


async def test_a_plan_that_reads_a_whole_table_is_seen(open_store: Callable[[], Store]) -> None:
    store = await filled(open_store)
    plans = explained(store.engine)
    await store.read(lambda connection: look.list_events(connection, Filter(text="needle"), 50, None))

    assert whole_tables(plans)
