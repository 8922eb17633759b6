"""What is still to be done? Deliveries read back from the disk: after a start, when a retry is due, after a flood."""

from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, insert, or_, select, tuple_, update

from relay.event import Event
from relay.retry import HOLD_SECONDS
from relay.store.tables import NOT_DONE, attempts, deliveries, events, handlers
from relay.store.writer import Transaction

MOST_AT_ONCE = 1000
MOST_CRASHES = 10
MOST_LOOKED_AT = 5000
ABSENT = "its handler is not loaded"
SWITCHED_OFF = "its handler is switched off"
NOT_WANTED = "not wanted: when"


class Taken(NamedTuple):
    """A delivery read back, with its event."""

    event: Event
    number: int
    handler: str
    attempts: int
    first_failed: int | None


class Held(NamedTuple):
    """A key whose retry is waited for."""

    event_id: str
    number: int
    handler: str
    account: str | None
    key: str
    due: int


def waiting(connection: Connection, handler_names: list[str], after: tuple[int, int] = (0, -1)) -> list[Taken]:
    """Deliveries to be made at once, oldest first, after the given (event id, number)."""
    later = tuple_(deliveries.c.event_id, deliveries.c.number) > after
    return _taken(connection, handler_names, and_(deliveries.c.due == 0, later))


def due(connection: Connection, handler_names: list[str], now: int, after: tuple[int, int] = (0, -1)) -> list[Taken]:
    """Deliveries whose retry is due, oldest first, after the given (event id, number)."""
    later = tuple_(deliveries.c.event_id, deliveries.c.number) > after
    return _taken(connection, handler_names, and_(deliveries.c.due > 0, deliveries.c.due <= now, later))


def next_due(connection: Connection, handler_names: list[str], now: int) -> int | None:
    """When the next retry is due, after what is due already."""
    query = (
        select(func.min(deliveries.c.due))
        .join(handlers, handlers.c.id == deliveries.c.handler_id)
        .where(NOT_DONE, deliveries.c.state == "waiting", deliveries.c.due > now, handlers.c.name.in_(handler_names))
    )
    return connection.execute(query).scalar()


def held(connection: Connection, handler_names: list[str], now: int, hold_seconds: float = HOLD_SECONDS) -> list[Held]:
    """The retries that still keep their keys waiting, of handlers whose keys wait for so many seconds."""
    query = _joined(
        deliveries.c.event_id, deliveries.c.number, handlers.c.name, events.c.account, events.c.key, deliveries.c.due
    ).where(
        NOT_DONE,
        deliveries.c.state == "waiting",
        deliveries.c.due > 0,
        deliveries.c.due <= deliveries.c.first_failed + int(hold_seconds * 1000),
        deliveries.c.first_failed > now - int(hold_seconds * 1000),
        events.c.key.is_not(None),
        handlers.c.name.in_(handler_names),
    )
    return [Held(f"{row[0]:016x}", *row[1:]) for row in connection.execute(query)]


def newer(connection: Connection, taken: Taken) -> str | None:
    """The newest event of a delivery's key that came after it and that its handler wants too."""
    event = taken.event
    wanted = or_(deliveries.c.reason.is_(None), deliveries.c.reason != NOT_WANTED)
    query = (
        _joined(events.c.id)
        .where(events.c.key == event.key, events.c.account == event.account, events.c.id > int(event.id, 16))
        .where(handlers.c.name == taken.handler, wanted)
        .order_by(events.c.id.desc())
        .limit(1)
    )
    found = connection.execute(query).scalar()
    return None if found is None else f"{found:016x}"


def begun_since(connection: Connection, handler_name: str, since: int) -> list[tuple[str | None, int]]:
    """When calls of a handler began since a moment (epoch ms), by account, oldest first: of the newest events."""
    by_key = events.c.id > 0  # said, so that it goes by the key and no further than the limit
    newest = select(events.c.id).where(by_key).order_by(events.c.id.desc()).limit(MOST_LOOKED_AT).subquery()
    query = (
        select(events.c.account, deliveries.c.started)
        .select_from(newest)
        .join(deliveries, deliveries.c.event_id == newest.c.id)
        .join(events, events.c.id == newest.c.id)
        .join(handlers, handlers.c.id == deliveries.c.handler_id)
        .where(handlers.c.name == handler_name, deliveries.c.started > since)
        .order_by(deliveries.c.started)
    )
    return [(row.account, row.started) for row in connection.execute(query)]


def take_up_interrupted(tx: Transaction, answering: list[str], now: int) -> int:
    """After a crash: what was running waits again, an answer nobody waits for any more is closed; returns how many.

    What was running at ten crashes is given up: it may be what brings the process down.
    """
    ids = select(handlers.c.id).where(handlers.c.name.in_(answering))
    unanswered = or_(deliveries.c.state.in_(("running", "waiting")), deliveries.c.reason == ABSENT)
    answers = and_(deliveries.c.handler_id.in_(ids), unanswered)
    closed = _end(tx, answers, now, "the server stopped before it was answered")
    running = and_(NOT_DONE, deliveries.c.state == "running")
    rows = tx.connection.execute(
        select(deliveries.c.event_id, deliveries.c.number, deliveries.c.attempts, deliveries.c.started).where(running)
    ).all()
    for row in rows:
        tx.connection.execute(
            insert(attempts).values(
                event_id=row.event_id, delivery=row.number, number=row.attempts + 1, started=row.started,
                finished=now, outcome="crashed", error="the process ended while this ran",
            )
        )  # fmt: skip
    tx.connection.execute(
        update(deliveries).where(running).values(state="waiting", due=0, attempts=deliveries.c.attempts + 1)
    )
    tx.count("deliveries.running", -len(rows))
    tx.count("deliveries.waiting", len(rows))
    crashes = (
        select(func.count())
        .where(attempts.c.event_id == deliveries.c.event_id, attempts.c.delivery == deliveries.c.number)
        .where(attempts.c.outcome == "crashed")
        .scalar_subquery()
    )
    poison = and_(deliveries.c.state == "waiting", deliveries.c.attempts >= MOST_CRASHES, crashes >= MOST_CRASHES)
    _end(tx, poison, now, f"crashed {MOST_CRASHES} times")
    return len(rows) + closed


def park_absent(tx: Transaction, loaded: list[str]) -> None:
    """Park what is owed to handlers that are not loaded, and un-park it when they are again."""
    known = select(handlers.c.id).where(handlers.c.name.in_(loaded))
    for state, new, handler_loaded, reason in (
        ("waiting", "parked", False, ABSENT),
        ("parked", "waiting", True, None),
    ):
        mine = deliveries.c.handler_id.in_(known) if handler_loaded else deliveries.c.handler_id.not_in(known)
        where = and_(NOT_DONE, deliveries.c.state == state, mine)
        if handler_loaded:
            where = and_(where, deliveries.c.reason == ABSENT)
        changed = tx.connection.execute(
            update(deliveries).where(where).values(state=new, reason=reason, due=0)
        ).rowcount
        tx.count(f"deliveries.{state}", -changed)
        tx.count(f"deliveries.{new}", changed)


def unpark(tx: Transaction, handler_id: int, reason: str) -> int:
    """Let what is owed to a handler, and was parked for this reason, wait again; returns how many."""
    mine = and_(NOT_DONE, deliveries.c.state == "parked", deliveries.c.handler_id == handler_id)
    query = update(deliveries).where(mine, deliveries.c.reason == reason)
    changed = tx.connection.execute(query.values(state="waiting", reason=None, due=0)).rowcount
    tx.count("deliveries.parked", -changed)
    tx.count("deliveries.waiting", changed)
    return changed


def _end(tx: Transaction, where: ColumnElement[bool], now: int, reason: str) -> int:
    total = 0
    for state in ("running", "waiting", "parked"):
        query = update(deliveries).where(NOT_DONE, deliveries.c.state == state, where)
        ended = tx.connection.execute(query.values(state="dead", reason=reason, finished=now)).rowcount
        tx.count(f"deliveries.{state}", -ended)
        tx.count("deliveries.dead", ended)
        total += ended
    return total


def _joined(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(deliveries)
        .join(events, events.c.id == deliveries.c.event_id)
        .join(handlers, handlers.c.id == deliveries.c.handler_id)
    )


def _taken(connection: Connection, handler_names: list[str], when: ColumnElement[bool]) -> list[Taken]:
    query = (
        _joined(
            events, deliveries.c.number, handlers.c.name.label("handler"), deliveries.c.attempts,
            deliveries.c.first_failed,
        )
        .where(NOT_DONE, deliveries.c.state == "waiting", when, handlers.c.name.in_(handler_names))
        .order_by(deliveries.c.event_id, deliveries.c.number)
        .limit(MOST_AT_ONCE)
    )  # fmt: skip
    return [
        Taken(event_of(row), row.number, row.handler, row.attempts, row.first_failed)
        for row in connection.execute(query)
    ]


def event_of(row: Row[Any]) -> Event:
    """The event that a row of the events table holds; its body is empty once retention has taken it."""
    return Event(
        row.signal,
        row.body or b"",
        id=f"{row.id:016x}",
        source=row.source,
        account=row.account,
        key=row.key,
        headers=msgspec.json.decode(row.headers) if row.headers else {},
        path=row.path,
        query=row.query,
        received=row.received,
        test=row.test,
    )
