"""What did the handlers do lately, and which signals came? Figures for people, of the newest events."""

from typing import Any

from sqlalchemy import Connection, func, select

from relay.event import RECONCILED
from relay.store.tables import NOT_DONE, deliveries, events, handlers

# A page must not wait for a million: of so many of the newest events.
MOST_EVENTS = 5000


def figures(connection: Connection, since: int) -> dict[str, dict[str, int]]:
    """How many deliveries of each handler are in which state: the newest events' since a moment, all not done."""
    newest = select(events.c.id).where(events.c.id >= since << 21).order_by(events.c.id.desc()).limit(MOST_EVENTS)
    done = (
        select(deliveries.c.handler_id, func.count().label("number"))
        .where(deliveries.c.event_id.in_(newest), deliveries.c.state == "done")
        .group_by(deliveries.c.handler_id)
    )
    names = {row.id: row.name for row in connection.execute(select(handlers.c.id, handlers.c.name))}
    found: dict[str, dict[str, int]] = {name: {} for name in names.values()}
    for row in connection.execute(done):
        found[names[row.handler_id]]["done"] = row.number
    query = (
        select(deliveries.c.handler_id, deliveries.c.state, func.count().label("number"))
        .where(NOT_DONE, deliveries.c.state.in_(("waiting", "running", "dead", "parked")))
        .group_by(deliveries.c.handler_id, deliveries.c.state)
    )
    for row in connection.execute(query):
        found[names[row.handler_id]][row.state] = row.number
    return found


def signals_seen(connection: Connection) -> list[dict[str, Any]]:
    """The signals of the newest events: how often each came, and when last (epoch ms)."""
    newest = select(events.c.id, events.c.signal).order_by(events.c.id.desc()).limit(MOST_EVENTS).subquery()
    number, last = func.count().label("number"), func.max(newest.c.id).label("last")
    query = select(newest.c.signal, number, last).group_by(newest.c.signal).order_by(number.desc()).limit(200)
    return [
        {"signal": row.signal, "number": row.number, "last": row.last >> 21, "event": f"{row.last:016x}"}
        for row in connection.execute(query)
    ]


def last_by_source(connection: Connection) -> dict[tuple[str, str | None], int]:
    """When the latest event of each source and account came (epoch ms), of the newest that came by themselves."""
    newest = (
        select(events.c.id, events.c.source, events.c.account)
        .where(events.c.test.is_(False), events.c.path != RECONCILED)
        .order_by(events.c.id.desc())
        .limit(MOST_EVENTS)
        .subquery()
    )
    query = select(newest.c.source, newest.c.account, func.max(newest.c.id).label("last"))
    rows = connection.execute(query.group_by(newest.c.source, newest.c.account))
    return {(row.source, row.account): row.last >> 21 for row in rows}
