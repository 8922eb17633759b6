"""How is an event kept? With its deliveries, in one transaction; a repeat is recognised by the same row."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Engine, false, insert, or_, select, update

from relay.event import Event, Named, new_id
from relay.store.clean import look_from
from relay.store.database import ManyRows
from relay.store.tables import events, rejections
from relay.store.writer import Transaction

# A number tells when its event was made: from one of a proxy's clock that was far ahead, ours would count on.
MOST_AHEAD_MS = 86_400_000
_EVENT_COLUMNS = (
    "id", "source", "signal", "account", "key", "repeat_id", "fact_id", "received", "test", "unmapped", "path",
    "query", "headers", "body",
)  # fmt: skip
_DELIVERY_COLUMNS = ("event_id", "number", "handler_id", "state", "reason")
# A sender without ids sends again within this time, if at all.
SAME_REQUEST_MS = 10 * 60 * 1000


class Owed(NamedTuple):
    """One delivery to be made: to which handler (its id in the store), and in what state it starts."""

    handler_id: int
    state: str = "waiting"
    reason: str | None = None


class Kept(NamedTuple):
    """An event to be kept: how its source named it, and what it owes."""

    event: Event
    named: Named
    owed: Sequence[Owed]


class Keep:
    """Keeps events, as many at once as have come in meanwhile."""

    def __init__(self, engine: Engine) -> None:
        insert_events = "INSERT INTO events ({columns}) VALUES {rows} ON CONFLICT DO NOTHING"
        insert_deliveries = "INSERT INTO deliveries ({columns}) VALUES {rows}"
        self._events = ManyRows(insert_events, _EVENT_COLUMNS, engine)
        self._deliveries = ManyRows(insert_deliveries, _DELIVERY_COLUMNS, engine)

    def events(self, tx: Transaction, incoming: Sequence[Kept]) -> list[bool]:
        """Keep events and what they owe; False where one is a repeat, which is counted with the event it repeats."""
        if len(incoming) > 1 and any(each.named.repeats_previous for each in incoming):
            return [new for each in incoming for new in self.events(tx, [each])]  # each must see the one before it
        known = _known_by_id(tx, [each for each in incoming if each.named.has_its_id])
        rows = [_row(each.event, each.named) for each in incoming]
        previous = _repeated_previous(tx, incoming[0]) if incoming and incoming[0].named.repeats_previous else None
        fresh = [row for row in rows if row[0] not in known] if previous is None else []
        written = {row[0] for row in fresh}
        if self._events.run(tx.cursor, fresh) < len(fresh):
            written = _which_were_written(tx, fresh)
        owed: list[tuple[Any, ...]] = []
        for each, row in zip(incoming, rows, strict=True):
            if row[0] in written:
                owed += [(row[0], number, *delivery) for number, delivery in enumerate(each.owed)]
            else:
                _count_repeat(tx, row, previous)
        self._deliveries.run(tx.cursor, owed)
        new = [row[0] in written for row in rows]
        _count(tx, new, owed)
        return new


def _count(tx: Transaction, new: list[bool], owed: list[tuple[Any, ...]]) -> None:
    tx.count("requests.received", len(new))
    tx.count("requests.events", sum(new))
    for state, number in Counter(row[3] for row in owed).items():
        tx.count(f"deliveries.{state}", number)


def keep_rejection(tx: Transaction, **values: Any) -> None:
    """Write down a request that was refused."""
    tx.connection.execute(insert(rejections).values(**values))
    count_rejection(tx)


def count_rejection(tx: Transaction) -> None:
    """Count a refused request without a row of its own: one of a flood."""
    tx.count("requests.received")
    tx.count("requests.rejected")


def _row(event: Event, named: Named) -> tuple[Any, ...]:
    """The event's values, in the order of the columns."""
    prefix = _prefix(event)
    return (
        int(event.id, 16),
        event.source,
        event.name,
        event.account,
        event.key,
        _digest(prefix, named.repeat_id),
        _digest(prefix, named.fact_id),
        event.received,
        event.test,
        named.unmapped,
        event.path,
        event.query,
        msgspec.json.encode(event.headers),
        event.body,
    )


def _prefix(event: Event) -> str:
    return f"{event.source}:{'test:' if event.test else ''}"


def _known_by_id(tx: Transaction, handed_on: Sequence[Kept]) -> set[int]:
    """Which of those that a proxy has handed on are here already: it sends again what it had no answer to.

    A number that is another event's, or cannot be, is no reason to lose one: it gets a number of ours.
    """
    if not handed_on:
        return set()
    ids = [int(each.event.id, 16) for each in handed_on]
    query = select(events.c.id, events.c.repeat_id).where(events.c.id.in_(ids))
    found = {row.id: row.repeat_id for row in tx.connection.execute(query)}
    for each, number in zip(handed_on, ids, strict=True):
        own = _digest(_prefix(each.event), each.named.repeat_id)
        if number >> 21 > each.event.received + MOST_AHEAD_MS or found.get(number, own) != own:
            each.event.id = new_id()
    look_from(tx, min(int(each.event.id, 16) for each in handed_on))
    return {int(each.event.id, 16) for each in handed_on} & found.keys()


def _which_were_written(tx: Transaction, rows: Sequence[tuple[Any, ...]]) -> set[int]:
    """Which of the rows were written just now: an id is never drawn twice by one process."""
    ids = [row[0] for row in rows]
    return set(tx.connection.execute(select(events.c.id).where(events.c.id.in_(ids))).scalars())


def _repeated_previous(tx: Transaction, kept: Kept) -> int | None:
    """The id of its key's newest event, if that says the very same and is of just now: later it is news again."""
    event = kept.event
    recent = events.c.received >= event.received - SAME_REQUEST_MS
    mine = (events.c.key == event.key, events.c.account == event.account, recent)
    query = select(events.c.id, events.c.signal, events.c.body).where(*mine).order_by(events.c.id.desc()).limit(1)
    row = tx.connection.execute(query).first()
    return row.id if row is not None and (row.signal, row.body) == (event.name, event.body) else None


def is_known(connection: Connection, source: str, named: Named) -> bool:
    """Whether a source's event with this repeat-id was kept already."""
    digest = _digest(f"{source}:", named.repeat_id)
    return connection.execute(select(events.c.id).where(events.c.repeat_id == digest)).first() is not None


def by_fact_digest(source: str, fact_ids: Sequence[str]) -> dict[bytes | None, str]:
    """Facts by what stands for them in the store."""
    return {_digest(f"{source}:", each): each for each in fact_ids}


def known_facts(connection: Connection, source: str, fact_ids: Sequence[str]) -> set[str]:
    """Which of these facts a source has told of already."""
    by_digest = by_fact_digest(source, fact_ids)
    rows = connection.execute(select(events.c.fact_id).where(events.c.fact_id.in_(by_digest)))
    return {by_digest[row.fact_id] for row in rows}


def _digest(prefix: str, value: str | None) -> bytes | None:
    """16 bytes stand in for a repeat-id: a short index stays fast over a year of them."""
    return hashlib.blake2b((prefix + value).encode(), digest_size=16).digest() if value else None


def _count_repeat(tx: Transaction, row: tuple[Any, ...], previous: int | None) -> None:
    event_id, repeat_id, fact_id, body = row[0], row[5], row[6], row[13]
    ids = [column == own for column, own in ((events.c.repeat_id, repeat_id), (events.c.fact_id, fact_id)) if own]
    ids = [events.c.id == previous] if previous is not None else ids
    query = select(events.c.id, events.c.repeat_id, events.c.body).where(or_(false(), *ids))
    # Two may be known, one by each id, and one of them may have come after it in this commit.
    rows = tx.connection.execute(query)
    known = max(rows, key=lambda row: (row.id < event_id, row.repeat_id == repeat_id), default=None)
    if known is None:
        raise RuntimeError(f"two events have drawn the same id {event_id:016x}")
    same_request = known.repeat_id is not None and known.repeat_id == repeat_id
    differs = same_request and known.body is not None and known.body != body
    tx.connection.execute(
        update(events)
        .where(events.c.id == known.id)
        .values(repeats=events.c.repeats + 1, repeats_differing=events.c.repeats_differing + int(differs))
    )
    tx.count("requests.repeated")
