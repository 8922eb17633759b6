"""What became of what a sender says it has told? Its facts looked up, with how each handler ended. Reading only."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, select

from relay.event import RECONCILED
from relay.store.keep import by_fact_digest
from relay.store.tables import deliveries, events, handlers

# A database takes only so many values in one statement.
AT_ONCE = 500


class Ended(NamedTuple):
    """One delivery: whose, where it stands, and what was concluded."""

    handler: str
    state: str
    reason: str


class Found(NamedTuple):
    """The event that tells of a fact. `received` is in epoch milliseconds."""

    event: str
    received: int
    reconciled: bool
    deliveries: tuple[Ended, ...]


def by_facts(connection: Connection, source: str, fact_ids: Sequence[str]) -> dict[str, Found]:
    """The events of a source that tell of these facts, by fact; what never came is not among them."""
    found: dict[str, Found] = {}
    for start in range(0, len(fact_ids), AT_ONCE):
        found |= _some(connection, source, fact_ids[start : start + AT_ONCE])
    return found


def _some(connection: Connection, source: str, fact_ids: Sequence[str]) -> dict[str, Found]:
    known = by_fact_digest(source, fact_ids)
    query = select(events.c.id, events.c.fact_id, events.c.received, events.c.path)
    rows = connection.execute(query.where(events.c.fact_id.in_(known))).all()
    ended = _ended(connection, [row.id for row in rows])
    return {
        known[row.fact_id]: Found(f"{row.id:016x}", row.received, row.path == RECONCILED, tuple(ended.get(row.id, ())))
        for row in rows
    }


def _ended(connection: Connection, event_ids: Sequence[int]) -> dict[int, list[Ended]]:
    query = (
        select(deliveries.c.event_id, handlers.c.name, deliveries.c.state, deliveries.c.reason)
        .join(handlers, handlers.c.id == deliveries.c.handler_id)
        .where(deliveries.c.event_id.in_(event_ids))
        .order_by(deliveries.c.event_id, deliveries.c.number)
    )
    of: dict[int, list[Ended]] = {}
    for row in connection.execute(query):
        of.setdefault(row.event_id, []).append(Ended(row.name, row.state, row.reason or ""))
    return of
