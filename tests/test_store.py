"""What is remembered: kept together, counted in the same commit, forgotten in time, and brought to its newest form."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text, update
from sqlalchemy.exc import OperationalError

import app
from relay import effects
from relay.event import Event, Named, new_id, now_ms
from relay.store import Store, ledger, look, replay, take
from relay.store.clean import DAY_MS
from relay.store.database import NEWEST_REVISION, migrate, open_engine
from relay.store.finish import Outcome
from relay.store.keep import Owed
from relay.store.look import Filter
from relay.store.tables import effects as effects_table

pytestmark = pytest.mark.anyio


async def with_handler(store: Store) -> int:
    await store.register_handlers({"plugins.some:act": "some.*"})
    return store.handler_ids["plugins.some:act"]


def at(milliseconds: int, number: int = 0, **changes: Any) -> Event:
    return Event("some.event", b'{"a": 1}', id=f"{(milliseconds << 21) + number:016x}", source="some", **changes)


def balanced(books: dict[str, dict[str, int]]) -> bool:
    requests = books["requests"]
    return requests["received"] == requests["rejected"] + requests["repeated"] + requests["events"]


async def test_an_event_and_what_it_owes_are_one_commit_and_the_books_balance(open_store: Callable[[], Store]) -> None:
    store = open_store()
    handler = await with_handler(store)
    event = at(now_ms())
    named = Named("some.event", "account_1", "key:1", repeat_id="r1", fact_id="f1")
    kept = await store.keep(event, named, [Owed(handler), Owed(handler, "parked", "why")])
    again = await store.keep(at(now_ms(), 1), named, [Owed(handler)])
    books = await store.read(look.books)

    assert (kept, again) == (True, False)
    assert books["requests"] == {"received": 2, "rejected": 0, "repeated": 1, "events": 1}
    assert (books["deliveries"]["waiting"], books["deliveries"]["parked"]) == (1, 1)


async def test_a_repeat_by_either_id_is_recognised_and_one_without_ids_never(open_store: Callable[[], Store]) -> None:
    store = open_store()
    ids = [("r1", "f1"), ("r1", "f2"), ("r2", "f1"), (None, None), (None, None), ("r3", None)]
    kept = [
        await store.keep(at(now_ms(), number), Named("some.event", repeat_id=repeat, fact_id=fact), [])
        for number, (repeat, fact) in enumerate(ids)
    ]

    assert kept == [True, False, False, True, True, True]


async def test_a_piece_of_work_that_fails_takes_no_other_with_it(open_store: Callable[[], Store]) -> None:
    store = open_store()
    good = [store.keep(at(now_ms(), number), Named("some.event"), []) for number in range(3)]
    bad = store.write(lambda tx: tx.connection.execute(text("INSERT INTO events (id) VALUES (1)")))
    good.append(store.keep(at(now_ms(), 9), Named("some.event"), []))
    with pytest.raises(Exception, match="NOT NULL"):
        await bad

    assert [await each for each in good] == [True] * 4
    assert balanced(await store.read(look.books))


async def test_while_it_is_locked_nothing_is_kept_and_the_next_try_is(
    open_store: Callable[[], Store], tmp_path: Path
) -> None:
    store = open_store()
    other = sqlite3.connect(tmp_path / "server.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    named = Named("some.event", repeat_id="r1")
    with pytest.raises(OperationalError):
        await store.keep(at(now_ms()), named, [])
    other.execute("ROLLBACK")
    other.close()

    assert await store.keep(at(now_ms(), 1), named, []) is True


async def test_ids_go_on_growing_where_the_clock_was_set_back_meanwhile(
    open_store: Callable[[], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(new_id, "_last", new_id._last)  # other tests go on from where it is now
    store = open_store()
    in_a_day = at(now_ms() + DAY_MS)
    await store.keep(in_a_day, Named("some.event"), [])
    store.close()
    open_store()

    assert Event("some.event", b"").id > in_a_day.id


async def test_after_the_days_of_retention_the_body_goes_and_the_books_stay(open_store: Callable[[], Store]) -> None:
    store = open_store()
    handler = await with_handler(store)
    old, fresh, ancient = at(now_ms() - 31 * DAY_MS), at(now_ms()), at(now_ms() - 400 * DAY_MS)
    for event in (old, fresh, ancient):
        await store.keep(event, Named("some.event"), [Owed(handler)])
    for event, state in ((old, "dead"), (fresh, "done"), (ancient, "done")):
        outcome = Outcome(int(event.id, 16), 0, state, 1, now_ms(), now_ms(), error="why")
        await store.write(store.finish.outcomes, [outcome])
    before = await store.read(look.books)
    await store.clean(30)
    after = await store.read(look.books)
    bodies = [(await store.read(look.one_event, event.id) or {}).get("body") for event in (old, fresh, ancient)]

    assert bodies == [None, '{"a": 1}', None]
    assert await store.read(look.one_event, ancient.id) is None
    assert after["requests"] == before["requests"]
    assert (after["deliveries"]["dead"], after["deliveries"]["discarded"]) == (0, 1)


async def test_with_the_body_goes_what_was_said_outside_and_why_it_failed(open_store: Callable[[], Store]) -> None:
    store = open_store()
    handler = await with_handler(store)
    old, fresh = at(now_ms() - 31 * DAY_MS), at(now_ms())
    for event in (old, fresh):
        number = int(event.id, 16)
        await store.keep(event, Named("some.event"), [Owed(handler)])
        await store.write(ledger.intend, number, handler, "note", {"text": "Pergunta: Tem tatuagem?"})
        await store.write(ledger.done, number, handler, "note", {"id": 7, "text": "Tem tatuagem?"})
        failed = Outcome(number, 0, "done", 2, now_ms(), now_ms(), error="ValueError: Tem tatuagem?")
        await store.write(store.finish.outcomes, [failed])
    await store.clean(30)
    forgotten, kept = [await store.read(look.one_event, event.id) or {} for event in (old, fresh)]

    assert "tatuagem" not in str(forgotten)
    assert str(kept).count("tatuagem") == 3
    assert [(each["name"], each["state"]) for each in forgotten["effects"]] == [("note", "done")]
    assert len(forgotten["deliveries"][0]["attempts"]) == 2


async def test_asking_what_became_of_an_effect_never_loses_what_it_is_found_by(open_store: Callable[[], Store]) -> None:
    store = open_store()
    number, handler = int(at(now_ms()).id, 16), await with_handler(store)
    known = {"text": "Aceitamos Pix."}
    await store.write(ledger.intend, number, handler, "reply", known)
    asked = []

    async def find(recorded: Any) -> None:
        asked.append(recorded)

    async def die() -> None:
        raise ConnectionError  # of unknown outcome, as is whatever runs when the process is killed

    for _ in range(2):
        long_ago = update(effects_table).values(intended=now_ms() - 60_000)
        await store.write(lambda tx, query=long_ago: tx.connection.execute(query))
        with pytest.raises(ConnectionError):
            await effects.once(store, number, handler, "reply", die, find)

    assert asked == [known, known]


async def test_the_body_of_what_was_owed_for_long_goes_once_it_is_done(open_store: Callable[[], Store]) -> None:
    store = open_store()
    handler = await with_handler(store)
    first, later = at(now_ms() - 32 * DAY_MS), at(now_ms() - 31 * DAY_MS)
    await store.keep(first, Named("some.event"), [Owed(handler)])
    await store.keep(later, Named("some.event"), [])
    await store.clean(30)
    await store.write(store.finish.outcomes, [Outcome(int(first.id, 16), 0, "done", 1, now_ms(), now_ms())])
    await store.clean(30)

    assert (await store.read(look.one_event, first.id) or {})["body"] is None


async def test_it_is_cleaned_soon_after_the_start_and_again_and_again(
    open_store: Callable[[], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "FIRST_CLEANING_SECONDS", 0.0)
    monkeypatch.setattr(app, "CLEAN_EVERY_SECONDS", 0.01)
    store = open_store()
    cleaning = asyncio.create_task(app._clean_now_and_then(store, 30))
    for days in (32, 31):
        old = at(now_ms() - days * DAY_MS)
        await store.keep(old, Named("some.event"), [])
        await asyncio.wait_for(_body_is_gone(store, old.id), 20)

        assert not cleaning.done()
    cleaning.cancel()


async def _body_is_gone(store: Store, event_id: str) -> None:
    while (await store.read(look.one_event, event_id) or {})["body"] is not None:  # noqa: ASYNC110  # the cleaner tells nobody
        await asyncio.sleep(0.01)


async def test_what_is_still_owed_keeps_its_body_however_old(open_store: Callable[[], Store]) -> None:
    store = open_store()
    handler = await with_handler(store)
    old = at(now_ms() - 31 * DAY_MS)
    await store.keep(old, Named("some.event"), [Owed(handler)])
    await store.clean(30)

    assert (await store.read(look.one_event, old.id) or {})["body"] == '{"a": 1}'


async def test_a_replay_keeps_what_was_tried_before_and_counts_on(open_store: Callable[[], Store]) -> None:
    store = open_store()
    handler = await with_handler(store)
    event = at(now_ms())
    number = int(event.id, 16)

    def ended(state: str, attempts: int, **how: str) -> Outcome:
        return Outcome(number, 0, state, attempts, 1, 2, **how)  # type: ignore[arg-type]  # texts

    async def end(*outcomes: Outcome) -> list[dict[str, Any]]:
        for outcome in outcomes:
            await store.write(store.finish.outcomes, [outcome])
        found = (await store.read(look.one_event, event.id) or {})["deliveries"]
        await store.write(replay.replay, [number], [handler], [])
        return list(found)

    async def shown() -> tuple[str, str | None, list[tuple[int, str]]]:
        one = (await store.read(look.one_event, event.id) or {})["deliveries"][0]
        return one["state"], one["reason"], [(each["number"], each["outcome"]) for each in one["attempts"]]

    await store.keep(event, Named("some.event"), [Owed(handler)])
    await end(ended("waiting", 1, error="503"), ended("done", 2, reason="answered"))
    replayed = await shown()
    await end(ended("dead", 1, reason="no", error="no"))
    await store.write(store.finish.outcomes, [ended("done", 1, reason="answered again")])

    assert replayed == ("waiting", "answered", [(1, "failed"), (2, "done")])
    assert await shown() == ("done", "answered again", [(1, "failed"), (2, "done"), (3, "failed"), (4, "done")])


async def test_a_replay_tells_which_effects_were_done(open_store: Callable[[], Store]) -> None:
    store = open_store()
    handler = await with_handler(store)
    events = [at(now_ms(), number) for number in range(25)]
    for event in events:
        await store.keep(event, Named("some.event"), [Owed(handler)])
        await store.write(ledger.intend, int(event.id, 16), handler, "reply", None)
        await store.write(ledger.intend, int(event.id, 16), handler, "note", None)
        await store.write(ledger.done, int(event.id, 16), handler, "reply", {"id": 7})
    counted = await store.read(replay.count, Filter(), [], [handler], [])

    assert (counted.events, counted.effects_done) == (25, 25)
    assert counted.effects == [
        {"event": event.id, "handler": "plugins.some:act", "name": "reply"} for event in events[:20]
    ]


async def test_what_ran_at_a_crash_waits_again_and_is_given_up_after_ten(open_store: Callable[[], Store]) -> None:
    store = open_store()
    handler = await with_handler(store)
    event = at(now_ms())
    await store.keep(event, Named("some.event"), [Owed(handler)])
    states = []
    for _ in range(10):
        await store.write(lambda tx: tx.connection.execute(text("UPDATE deliveries SET state = 'running'")))
        await store.write(lambda tx: (tx.count("deliveries.waiting", -1), tx.count("deliveries.running")))
        await store.write(take.take_up_interrupted, [], now_ms())
        found = await store.read(look.one_event, event.id)
        states.append(found["deliveries"][0]["state"])
    books = await store.read(look.books)

    assert states == ["waiting"] * 9 + ["dead"]
    assert books["deliveries"] == {"waiting": 0, "running": 0, "done": 0, "dead": 1, "parked": 0, "discarded": 0}


def test_a_migration_that_was_interrupted_goes_on_where_it_was(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/server.db"
    engine = open_engine(url)
    config = Config()
    folder = Path(__file__).resolve().parent.parent / "relay" / "store" / "migrations"
    config.set_main_option("script_location", str(folder))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    migrate(engine)
    with engine.connect() as connection:
        revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        connection.execute(text("SELECT COUNT(*) FROM knowledge_items"))
    engine.dispose()

    assert revision == NEWEST_REVISION


@pytest.mark.parametrize(("minutes", "is_new"), [(0, False), (9, False), (11, True)])
async def test_the_same_again_without_an_id_is_news_after_a_while(store: Store, minutes: int, is_new: bool):
    named = Named("odoo.sale.order.changed", "account_1", "sale.order:1042", repeats_previous=True)
    first = Event(named.name, b'{"_id": 1042}', source="odoo", account="account_1", key=named.key)
    again = Event(named.name, first.body, source="odoo", account="account_1", key=named.key)
    again.received = first.received + minutes * 60_000

    assert await store.keep(first, named, [])
    assert await store.keep(again, named, []) is is_new


async def test_a_replay_gives_nothing_to_a_handler_that_is_not_loaded(store: Store):
    handler = await with_handler(store)
    event = at(now_ms())
    await store.keep(event, Named("some.event"), [Owed(handler)])
    await store.write(store.finish.outcomes, [Outcome(int(event.id, 16), 0, "done", 1, 1, 2)])

    assert await store.write(replay.replay, [int(event.id, 16)], [], []) == 0
    assert (await store.read(look.books))["deliveries"]["waiting"] == 0
