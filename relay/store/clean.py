"""What is forgotten, and when? Bodies after the days of retention, rows after a year; the books' sums stay."""

from sqlalchemy import ColumnElement, Table, and_, delete, func, select, tuple_, update

from relay.store import state
from relay.store.tables import NOT_DONE, OWED, attempts, deliveries, effects, events, outbox, rejections
from relay.store.writer import Transaction

DAY_MS = 86_400_000
YEAR_MS = 366 * DAY_MS
# Up to which event bodies are gone already: what lies before it is not read again and again.
STRIPPED_TO = "bodies_removed_to"
BATCH = 200  # rows per transaction: the way in never waits long behind the cleaner


def clean(tx: Transaction, now: int, retention_days: int) -> bool:
    """Forget one small batch of each kind; True while there may be more."""
    old, ancient = now - retention_days * DAY_MS, now - YEAR_MS
    steps = (
        _strip_bodies(tx, old),
        _delete_oldest(tx, rejections, rejections.c.received < old),
        _delete_oldest(tx, outbox, outbox.c.written < old),
        _discard_given_up(tx, old),
        _delete_year_old(tx, ancient),
    )
    return any(number >= BATCH for number in steps)


# Somebody may still run it.
NOT_ENDED = (*OWED, "parked", "dead")


def forget(tx: Transaction, event_id: int) -> None:
    """What an event brought and said goes at once, unless it is owed to others too: somebody else has it now."""
    owed = (
        select(func.count())
        .where(deliveries.c.event_id == event_id, deliveries.c.state.in_(NOT_ENDED))
        .scalar_subquery()
    )
    query = update(events).where(events.c.id == event_id, owed <= 1)  # one is the delivery that hands it on
    tx.connection.execute(query.values(body=None, headers=None))


def look_from(tx: Transaction, event_id: int) -> None:
    """An event of so early a number has come only now: its body is to be found when it goes."""
    if event_id <= (state.get(tx.connection, "", STRIPPED_TO) or 0):
        state.put(tx, "", STRIPPED_TO, event_id - 1)


def _first_id(milliseconds: int) -> int:
    """The smallest event id of a moment (an id begins with its milliseconds)."""
    return milliseconds << 21


def _strip_bodies(tx: Transaction, old: int) -> int:
    """What old events brought and said goes, unless somebody still has to deal with them; that they were stays."""
    is_open = and_(NOT_DONE, deliveries.c.state.in_(OWED))
    stripped_to = state.get(tx.connection, "", STRIPPED_TO) or 0
    ids = (
        select(events.c.id)
        .where(events.c.id > stripped_to, events.c.id < _first_id(old), events.c.body.is_not(None))
        .where(events.c.id.not_in(select(deliveries.c.event_id).where(is_open)))
        .order_by(events.c.id)
        .limit(BATCH)
    )
    found = [row.id for row in tx.connection.execute(ids)]
    if found:
        for table, event_id, forgotten in (
            (events, events.c.id, ("body", "headers")),
            (effects, effects.c.event_id, ("about", "result")),
            (attempts, attempts.c.event_id, ("error",)),
        ):
            tx.connection.execute(update(table).where(event_id.in_(found)).values(dict.fromkeys(forgotten)))
        oldest_open = tx.connection.execute(select(func.min(deliveries.c.event_id)).where(is_open)).scalar()
        state.put(tx, "", STRIPPED_TO, min(found[-1], (oldest_open or found[-1] + 1) - 1))
    return len(found)


def _delete_oldest(tx: Transaction, table: Table, is_old: ColumnElement[bool]) -> int:
    """Delete the old ones among the first rows: they are in the order of time."""
    first = select(table.c.id).order_by(table.c.id).limit(BATCH)
    return int(tx.connection.execute(delete(table).where(table.c.id.in_(first), is_old)).rowcount)


def _discard_given_up(tx: Transaction, old: int) -> int:
    """What was dead or parked for the whole retention is discarded: its body is gone."""
    discarded = 0
    for ended in ("dead", "parked"):
        where = and_(NOT_DONE, deliveries.c.state == ended, deliveries.c.event_id < _first_id(old))
        ids = select(deliveries.c.event_id, deliveries.c.number).where(where).limit(BATCH)
        query = update(deliveries).where(tuple_(deliveries.c.event_id, deliveries.c.number).in_(ids))
        changed = tx.connection.execute(query.values(state="discarded")).rowcount
        tx.count(f"deliveries.{ended}", -changed)
        tx.count("deliveries.discarded", changed)
        discarded += changed
    return discarded


def _delete_year_old(tx: Transaction, ancient: int) -> int:
    """After a year the rows go too; the sums in `counters` have them for ever."""
    # What is dead or parked is discarded first, a batch at a time: the books know it as nothing else.
    left = deliveries.c.state.in_((*OWED, "dead", "parked"))
    owed = select(func.count()).where(deliveries.c.event_id == events.c.id, left)
    ids = select(events.c.id).where(events.c.id < _first_id(ancient), owed.scalar_subquery() == 0).limit(BATCH)
    found = [row.id for row in tx.connection.execute(ids)]
    _count_removed(tx, found)
    for table, event_id in (
        (deliveries, deliveries.c.event_id), (attempts, attempts.c.event_id), (effects, effects.c.event_id),
        (events, events.c.id),
    ):  # fmt: skip
        tx.connection.execute(delete(table).where(event_id.in_(found)))
    return len(found)


def _count_removed(tx: Transaction, event_ids: list[int]) -> None:
    """Rows that go are counted, so that the sums can still be proved by what is left."""
    repeats = select(func.sum(events.c.repeats)).where(events.c.id.in_(event_ids))
    states = select(deliveries.c.state, func.count()).where(deliveries.c.event_id.in_(event_ids))
    tx.count("removed.events", len(event_ids))
    tx.count("removed.repeated", tx.connection.execute(repeats).scalar() or 0)
    for ended, number in tx.connection.execute(states.group_by(deliveries.c.state)):
        tx.count(f"removed.deliveries.{ended}", number)
