"""What was done outside, once? The effects: the intent before it, its result after it."""

from typing import Any, NamedTuple

import msgspec
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.sqlite import insert

from relay.event import now_ms
from relay.store.tables import effects
from relay.store.writer import Transaction


class Effect(NamedTuple):
    """One effect as the ledger has it. `state` is "new", "intended" (its outcome unknown) or "done"."""

    state: str
    intended: int
    about: Any = None
    result: Any = None


def intend(tx: Transaction, event_id: int, handler_id: int, name: str, about: Any) -> Effect:
    """Write down that an effect is about to be done; "new" if nobody had before, else what is known of it."""
    now = now_ms()
    values = {"event_id": event_id, "handler_id": handler_id, "name": name, "state": "intended", "intended": now}
    query = insert(effects).values(**values, about=_encoded(about)).on_conflict_do_nothing()
    if tx.connection.execute(query).rowcount:
        return Effect("new", now)
    row = tx.connection.execute(select(effects).where(*which(event_id, handler_id, name))).one()
    return Effect(row.state, row.intended, _decoded(row.about), _decoded(row.result))


def intend_again(tx: Transaction, event_id: int, handler_id: int, name: str, about: Any) -> None:
    """It was looked up and had not been done: it is about to be, now."""
    values = {"intended": now_ms(), "about": _encoded(about)}
    tx.connection.execute(update(effects).where(*which(event_id, handler_id, name)).values(**values))


def done(tx: Transaction, event_id: int, handler_id: int, name: str, result: Any) -> None:
    """Write down an effect's result."""
    values = {"state": "done", "finished": now_ms(), "result": _encoded(result)}
    tx.connection.execute(update(effects).where(*which(event_id, handler_id, name)).values(**values))


def withdraw(tx: Transaction, event_id: int, handler_id: int, name: str) -> None:
    """It is certain that nothing was done: the intent is taken back."""
    tx.connection.execute(delete(effects).where(*which(event_id, handler_id, name)))


def which(event_id: int, handler_id: int, name: str) -> tuple[Any, ...]:
    """The conditions that mean one effect."""
    return effects.c.event_id == event_id, effects.c.handler_id == handler_id, effects.c.name == name


def _decoded(value: bytes | None) -> Any:
    return None if value is None else msgspec.json.decode(value)


def _encoded(value: Any) -> bytes | None:
    return None if value is None else msgspec.json.encode(value)
