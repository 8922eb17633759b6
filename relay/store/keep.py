"""How is an event kept? With its deliveries, in one transaction; a repeat is recognised by the same row."""

import hashlib
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Engine, insert, or_, select, update

from relay.event import Event, Named
from relay.store.database import Statement
from relay.store.tables import events, rejections
from relay.store.writer import Transaction

_EVENT = """
    INSERT INTO events (id, source, signal, account, "key", repeat_id, fact_id, received, test, unmapped, path,
                        query, headers, body)
    VALUES (:id, :source, :signal, :account, :key, :repeat_id, :fact_id, :received, :test, :unmapped, :path,
            :query, :headers, :body)
    ON CONFLICT DO NOTHING
"""
_DELIVERY = """
    INSERT INTO deliveries (event_id, number, handler_id, state, reason)
    VALUES (:event_id, :number, :handler_id, :state, :reason)
"""


class Owed(NamedTuple):
    """One delivery to be made: to which handler (its id in the store), and in what state it starts."""

    handler_id: int
    state: str = "waiting"
    reason: str | None = None


class Keep:
    """The statements that keep an event, compiled once."""

    def __init__(self, engine: Engine) -> None:
        self._event = Statement(_EVENT, engine)
        self._delivery = Statement(_DELIVERY, engine)

    def event(self, tx: Transaction, event: Event, named: Named, owed: Sequence[Owed]) -> bool:
        """Keep an event and what it owes; False: it is a repeat, which is counted with the event it repeats."""
        row = _row(event, named)
        tx.count("requests.received")
        if not self._event.run(tx.cursor, row):
            _count_repeat(tx, row)
            return False
        tx.count("requests.events")
        for number, each in enumerate(owed):
            values = {
                "event_id": row["id"],
                "number": number,
                "handler_id": each.handler_id,
                "state": each.state,
                "reason": each.reason,
            }
            self._delivery.run(tx.cursor, values)
            tx.count(f"deliveries.{each.state}")
        return True


def keep_rejection(tx: Transaction, **values: Any) -> None:
    """Write down a request that was refused."""
    tx.connection.execute(insert(rejections).values(**values))
    count_rejection(tx)


def count_rejection(tx: Transaction) -> None:
    """Count a refused request without a row of its own: one of a flood."""
    tx.count("requests.received")
    tx.count("requests.rejected")


def _row(event: Event, named: Named) -> dict[str, Any]:
    prefix = f"{event.source}:{'test:' if event.test else ''}"
    return {
        "id": int(event.id, 16),
        "source": event.source,
        "signal": event.name,
        "account": event.account,
        "key": event.key,
        "repeat_id": _digest(prefix, named.repeat_id),
        "fact_id": _digest(prefix, named.fact_id),
        "received": event.received,
        "test": event.test,
        "unmapped": named.unmapped,
        "path": event.path,
        "query": event.query,
        "headers": msgspec.json.encode(event.headers),
        "body": event.body,
    }


def _digest(prefix: str, value: str | None) -> bytes | None:
    """16 bytes stand in for a repeat-id: a short index stays fast over a year of them."""
    return hashlib.blake2b((prefix + value).encode(), digest_size=16).digest() if value else None


def _count_repeat(tx: Transaction, row: dict[str, Any]) -> None:
    known = tx.connection.execute(
        select(events.c.id, events.c.repeat_id, events.c.body).where(
            or_(events.c.repeat_id == row["repeat_id"], events.c.fact_id == row["fact_id"])
        )
    ).first()
    if known is None:
        raise RuntimeError(f"two events have drawn the same id {row['id']:016x}")
    same_request = known.repeat_id is not None and known.repeat_id == row["repeat_id"]
    differs = same_request and known.body is not None and known.body != row["body"]
    tx.connection.execute(
        update(events)
        .where(events.c.id == known.id)
        .values(repeats=events.c.repeats + 1, repeats_differing=events.c.repeats_differing + int(differs))
    )
    tx.count("requests.repeated")
