"""What do handlers remember? Small values by account and name."""

import secrets
from collections.abc import Callable
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, and_, delete, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from relay.event import Event, now_ms
from relay.store.tables import NOT_DONE, OWED, deliveries, events, handlers, outbox, state
from relay.store.take import event_of
from relay.store.writer import Transaction

MOST_LATER = 500
# Under this, of account "", a store keeps its own name.
NAME = "name of the store"
GIVEN_UP = ("dead", "parked", "discarded")


def get(connection: Connection, account: str, name: str) -> Any:
    """The value, or None."""
    query = select(state.c.value).where(state.c.account == account, state.c.name == name)
    value = connection.execute(query).scalar()
    return None if value is None else msgspec.json.decode(value)


def put(tx: Transaction, account: str, name: str, value: Any) -> None:
    """Set the value; None removes it."""
    where = (state.c.account == account, state.c.name == name)
    if value is None:
        tx.connection.execute(delete(state).where(*where))
        return
    values = {"value": msgspec.json.encode(value), "updated": now_ms()}
    if not tx.connection.execute(update(state).where(*where).values(**values)).rowcount:
        tx.connection.execute(insert(state).values(account=account, name=name, **values).on_conflict_do_nothing())


def own_name(engine: Engine) -> str:
    """A name that no other store has, the same for as long as this one lives: 16 hexadecimal digits."""
    with engine.begin() as connection:
        fresh = {"account": "", "name": NAME, "value": msgspec.json.encode(secrets.token_hex(8)), "updated": now_ms()}
        connection.execute(insert(state).values(**fresh).on_conflict_do_nothing())
        return str(get(connection, "", NAME))


def change(tx: Transaction, account: str, name: str, how: Callable[[Any], Any]) -> Any:
    """Set the value to what `how` makes of it, with nobody in between; returns the new value."""
    value = how(get(tx.connection, account, name))
    put(tx, account, name, value)
    return value


def later_events(connection: Connection, account: str, key: str, after: str) -> list[Event]:
    """The events of one key that came after the one with the id `after`, oldest first."""
    query = (
        select(events)
        .where(events.c.account == account, events.c.key == key, events.c.id > int(after or "0", 16))
        .order_by(events.c.id)
        .limit(MOST_LATER)
    )
    return [event_of(row) for row in connection.execute(query)]


def overdue(connection: Connection, handler: str, received_before: int, ended_after: int, after: str) -> list[Event]:
    """Events whose delivery to a handler ended badly after that time, or has not ended though they came before that.

    Oldest first, those after the id `after`.
    """
    owed = and_(deliveries.c.state.in_(OWED), events.c.received < received_before)
    ended = func.coalesce(deliveries.c.finished, events.c.received)
    given_up = and_(deliveries.c.state.in_(GIVEN_UP), ended > ended_after)
    query = (
        select(events)
        .select_from(deliveries)
        .join(events, events.c.id == deliveries.c.event_id)
        .join(handlers, handlers.c.id == deliveries.c.handler_id)
        .where(NOT_DONE, deliveries.c.state.in_(GIVEN_UP + OWED), handlers.c.name == handler)
        .where(or_(given_up, owed))
        .where(deliveries.c.event_id > int(after or "0", 16))
        .order_by(deliveries.c.event_id)
        .limit(MOST_LATER)
    )
    return [event_of(row) for row in connection.execute(query)]


def put_in_outbox(tx: Transaction, account: str, conversation: str, kind: str, content: str, test: bool) -> int:
    """Keep a reply that is not sent anywhere."""
    query = insert(outbox).values(
        written=now_ms(), account=account, conversation=conversation, kind=kind, content=content, test=test
    )
    return int(tx.connection.execute(query).lastrowid)
