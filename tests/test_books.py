"""Are lost and doubled rows seen, and named? The books of a store in which something was put out of order."""

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from dashboard.books import Books
from relay.event import Event, Named, now_ms
from relay.store import Store, add_up, clean
from relay.store.add_up import Line
from relay.store.finish import Outcome
from relay.store.keep import Owed
from tests.rig import Server, eventually

pytestmark = pytest.mark.anyio
DAY = 86_400_000
HANDLER = "plugins.shop:react"


async def kept(store: Store, state: str = "waiting", *, days_ago: float = 0.0, repeats: int = 0) -> str:
    """An event with one delivery in this state; gives its id."""
    received = now_ms() - int(days_ago * DAY)
    event = Event("shop.order", b"{}", id=f"{(received << 21) + next(NUMBERS):016x}", source="shop", received=received)
    named = Named("shop.order", "shop", None, repeat_id=event.id)
    await store.keep(event, named, [Owed(store.handler_ids[HANDLER])])
    for _ in range(repeats):
        await store.keep(Event("shop.order", b"{}", source="shop"), named, [Owed(store.handler_ids[HANDLER])])
    if state != "waiting":
        ended = Outcome(int(event.id, 16), 0, state, 1, received, received, error="why")
        await store.write(store.finish.outcomes, [ended])
    return event.id


NUMBERS = iter(range(10**6))


@pytest.fixture
async def shop(open_store: Callable[[], Store]) -> Store:
    store = open_store()
    await store.register_handlers({HANDLER: "shop.order"})
    return store


async def alter(store: Store, statement: str, **values: Any) -> None:
    await store.write(lambda tx: tx.connection.execute(text(statement), values))


async def lines(store: Store, *, every_row: bool = False) -> list[Line]:
    """What does not add up at a look, or only when every row is counted."""
    return list(await store.read(add_up.count_rows if every_row else add_up.add_up))


async def test_books_in_order_are_balanced(shop: Store):
    for state in ("waiting", "done", "dead", "parked"):
        await kept(shop, state, repeats=2)
    await shop.reject(None)

    assert await lines(shop) == []
    assert await lines(shop, every_row=True) == []


async def test_a_wrong_sum_names_every_row_in_that_state(shop: Store):
    dead = [await kept(shop, "dead") for _ in range(3)]
    await kept(shop, "parked")
    await alter(shop, "UPDATE counters SET value = 7 WHERE name = 'deliveries.dead'")

    assert await lines(shop) == [Line("deliveries.dead", 7, 3, dead[::-1])]


async def test_a_row_that_changed_its_state_uncounted_is_seen_in_both(shop: Store):
    first, second = [await kept(shop, "dead") for _ in range(2)]
    await alter(shop, "UPDATE deliveries SET state = 'parked' WHERE event_id = :id", id=int(second, 16))

    assert await lines(shop) == [
        Line("deliveries.dead", 2, 1, [first]),
        Line("deliveries.parked", 0, 1, [second]),
    ]


async def test_no_more_than_a_hundred_rows_are_named(shop: Store):
    dead = [await kept(shop, "dead") for _ in range(105)]
    await alter(shop, "DELETE FROM counters WHERE name = 'deliveries.dead'")

    assert await lines(shop) == [Line("deliveries.dead", 0, 105, dead[:4:-1])]


async def test_requests_that_are_not_all_accounted_for(shop: Store):
    await kept(shop)
    await alter(shop, "UPDATE counters SET value = 3 WHERE name = 'requests.received'")

    assert await lines(shop) == [Line("requests", 3, 1, [])]


async def test_nothing_is_done_less_than_never(shop: Store):
    await alter(shop, "INSERT INTO counters VALUES ('deliveries.done', -1)")

    assert await lines(shop) == [Line("deliveries.done", -1, 0, [])]


@pytest.mark.parametrize(
    ("state", "each_time"), [("waiting", ["deliveries without an event"]), ("done", [])], ids=["owed", "done"]
)
async def test_a_delivery_whose_event_is_gone_is_named(shop: Store, state: str, each_time: list[str]):
    gone = await kept(shop, state)
    await alter(shop, "DELETE FROM events WHERE id = :id", id=int(gone, 16))
    found = {line.name: line.events for line in await lines(shop, every_row=True)}

    assert [line.name for line in await lines(shop)] == each_time
    assert found["all deliveries without an event"] == [gone]
    assert "requests.events" in found


async def test_an_attempt_whose_event_is_gone_is_named(shop: Store):
    gone = await kept(shop, "dead")
    await alter(shop, "DELETE FROM events WHERE id = :id", id=int(gone, 16))
    await alter(shop, "DELETE FROM deliveries WHERE event_id = :id", id=int(gone, 16))

    assert Line("attempts without an event", 0, 1, [gone]) in await lines(shop, every_row=True)


async def test_a_lost_delivery_that_was_done_and_a_lost_repeat_are_seen_when_every_row_is_counted(shop: Store):
    await kept(shop, "done", repeats=3)
    await alter(shop, "DELETE FROM deliveries")
    await alter(shop, "UPDATE events SET repeats = 1")

    assert await lines(shop) == []
    assert await lines(shop, every_row=True) == [
        Line("requests.repeated", 3, 1, []),
        Line("deliveries.done", 1, 0, []),
    ]


async def test_a_state_that_nobody_knows_is_named(shop: Store):
    event = await kept(shop, "done")
    await alter(shop, "UPDATE deliveries SET state = 'lost'")

    assert Line("deliveries.lost", 0, 1, [event]) in await lines(shop, every_row=True)


async def test_what_retention_removes_stays_provable(shop: Store):
    for state in ("done", "dead", "parked"):
        await kept(shop, state, days_ago=400, repeats=2)
    await kept(shop, "waiting", days_ago=400)
    await kept(shop, "done", repeats=1)
    while await shop.write(clean.clean, now_ms(), 30):
        pass
    await shop.write(clean.clean, now_ms(), 30)
    left = await shop.read(lambda connection: connection.execute(text("SELECT count(*) FROM events")).scalar())

    assert left == 2  # what is still owed, and what is of today
    assert (await lines(shop), await lines(shop, every_row=True)) == ([], [])


async def test_what_was_found_by_counting_stays_until_it_is_counted_again(shop: Store):
    books = Books(shop)
    await kept(shop, "done")
    await alter(shop, "UPDATE counters SET value = 9 WHERE name = 'deliveries.done'")
    seen = [await books.lines()]
    await books.count()
    seen.append(await books.lines())
    await alter(shop, "UPDATE counters SET value = 1 WHERE name = 'deliveries.done'")
    told = await books.told(all_rows=True)

    assert seen == [[], [Line("deliveries.done", 9, 1, [])]]
    assert (told["balanced"], told["lines"], told["balanced_at"] <= told["counted_at"] + 10_000) == (True, [], True)


def test_unbalanced_books_are_told_with_their_events(start_server: Callable[..., Server]):
    server = start_server(ALARM_EVERY_SECONDS="0.1")
    kept = server.post_chatwoot({"event": "contact_created", "id": 5, "account": {"id": 1}}).json()["event"]
    before = server.admin("books")
    handler = "INSERT INTO handlers (id, name, patterns, last_loaded) VALUES (999, 'gone:one', '', 0)"
    with sqlite3.connect(server.folder / "data" / "server.db") as database:
        database.execute(handler)
        row = (int(kept, 16), 50, 999, "dead")
        database.execute("INSERT INTO deliveries (event_id, number, handler_id, state) VALUES (?, ?, ?, ?)", row)
    alarm = eventually(lambda: [each for each in server.admin("alarms")["items"] if each["code"] == "books_unbalanced"])
    books = server.admin("books", all="true")

    assert (before["balanced"], before["lines"], before["counted_at"]) == (True, [], None)
    assert alarm[0]["where"] == "books"
    assert books["balanced"] is False
    assert books["lines"] == [{"name": "deliveries.dead", "counted": 0, "found": 1, "events": [kept]}]
    assert books["books"] == server.books()
    assert books["counted_at"]
