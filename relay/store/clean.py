"""What is forgotten, and when? Bodies after the days of retention, rows after a year; the books' sums stay."""

from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, func, select, tuple_, update

from relay.store.tables import attempts, deliveries, effects, events, outbox, rejections
from relay.store.writer import Transaction

DAY_MS = 86_400_000
YEAR_MS = 366 * DAY_MS
BATCH = 200  # rows per transaction: the way in never waits long behind the cleaner


def clean(tx: Transaction, now: int, retention_days: int) -> bool:
    """Forget one small batch of each kind; True while there may be more."""
    old, ancient = now - retention_days * DAY_MS, now - YEAR_MS
    steps = (
        _strip_bodies(tx, old),
        _delete(tx, rejections, rejections.c.id, rejections.c.received < old),
        _delete(tx, outbox, outbox.c.id, outbox.c.written < old),
        _discard_given_up(tx, old),
        _delete_year_old(tx, ancient),
    )
    return any(number >= BATCH for number in steps)


def _first_id(milliseconds: int) -> int:
    """The smallest event id of a moment (an id begins with its milliseconds)."""
    return milliseconds << 21


def _strip_bodies(tx: Transaction, old: int) -> int:
    """Bodies and headers of old events go, unless somebody still has to deal with them."""
    owed = select(deliveries.c.event_id).where(
        deliveries.c.event_id == events.c.id, deliveries.c.state.in_(("waiting", "running"))
    )
    ids = (
        select(events.c.id)
        .where(events.c.id < _first_id(old), events.c.body.is_not(None), ~owed.exists())
        .order_by(events.c.id)
        .limit(BATCH)
    )
    found = [row.id for row in tx.connection.execute(ids)]
    tx.connection.execute(update(events).where(events.c.id.in_(found)).values(body=None, headers=None))
    return len(found)


def _delete(tx: Transaction, table: Table, id_column: Any, where: ColumnElement[bool]) -> int:
    ids = select(id_column).where(where).limit(BATCH)
    return int(tx.connection.execute(delete(table).where(id_column.in_(ids))).rowcount)


def _discard_given_up(tx: Transaction, old: int) -> int:
    """What was dead or parked for the whole retention is discarded: its body is gone."""
    discarded = 0
    for state in ("dead", "parked"):
        where = and_(deliveries.c.state == state, deliveries.c.event_id < _first_id(old))
        ids = select(deliveries.c.event_id, deliveries.c.number).where(where).limit(BATCH)
        query = update(deliveries).where(tuple_(deliveries.c.event_id, deliveries.c.number).in_(ids))
        changed = tx.connection.execute(query.values(state="discarded")).rowcount
        tx.count(f"deliveries.{state}", -changed)
        tx.count("deliveries.discarded", changed)
        discarded += changed
    return discarded


def _delete_year_old(tx: Transaction, ancient: int) -> int:
    """After a year the rows go too; the sums in `counters` have them for ever."""
    owed = select(func.count()).where(
        deliveries.c.event_id == events.c.id, deliveries.c.state.in_(("waiting", "running"))
    )
    ids = select(events.c.id).where(events.c.id < _first_id(ancient), owed.scalar_subquery() == 0).limit(BATCH)
    found = [row.id for row in tx.connection.execute(ids)]
    for table in (deliveries, attempts, effects):
        tx.connection.execute(delete(table).where(table.c.event_id.in_(found)))
    return int(tx.connection.execute(delete(events).where(events.c.id.in_(found))).rowcount)
