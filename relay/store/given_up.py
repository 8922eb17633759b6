"""What was given up, and what becomes of it? Dead and parked deliveries: counted, run again, discarded, settled."""

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, func, select, tuple_, update

from relay.store import ledger
from relay.store.look import Filter, conditions
from relay.store.tables import NOT_DONE, deliveries, effects, events, handlers
from relay.store.writer import Transaction

GIVEN_UP = ("dead", "parked")
# Groups are made of so many of the newest; a page must not wait for a million.
MOST_GROUPED = 20_000

Place = tuple[int, int]


class Which(NamedTuple):
    """Which of the dead and parked: all that fits what is said. `events` narrows to events; `ids` to these alone."""

    state: str | None = None
    handler: str | None = None
    reason: str | None = None
    events: Filter = Filter()
    ids: tuple[str, ...] = ()


def groups(connection: Connection) -> list[dict[str, Any]]:
    """The dead and parked by handler, state and reason, the most frequent first, of the newest twenty thousand."""
    newest = (
        select(deliveries.c.event_id, deliveries.c.handler_id, deliveries.c.state, deliveries.c.reason)
        .where(NOT_DONE, deliveries.c.state.in_(GIVEN_UP))
        .order_by(deliveries.c.event_id.desc())
        .limit(MOST_GROUPED)
        .subquery()
    )
    number, newest_id = func.count().label("number"), func.max(newest.c.event_id).label("newest")
    query = (
        select(handlers.c.name.label("handler"), newest.c.state, newest.c.reason, number, newest_id)
        .join(handlers, handlers.c.id == newest.c.handler_id)
        .group_by(handlers.c.name, newest.c.state, newest.c.reason)
        .order_by(number.desc())
        .limit(200)
    )
    return [{**row, "newest": f"{row['newest']:016x}"} for row in connection.execute(query).mappings()]


def chosen(connection: Connection, which: Which) -> list[Place]:
    """The deliveries that are meant, oldest first, so that each key's order is kept."""
    query = select(deliveries.c.event_id, deliveries.c.number).where(*_meant(which))
    return [(row.event_id, row.number) for row in connection.execute(query.order_by(deliveries.c.event_id))]


def acted(connection: Connection, places: list[Place]) -> int:
    """How many effects of these deliveries were done already, and are not done again."""
    same = and_(deliveries.c.event_id == effects.c.event_id, deliveries.c.handler_id == effects.c.handler_id)
    place = tuple_(deliveries.c.event_id, deliveries.c.number)
    done = select(func.count()).select_from(effects.join(deliveries, same)).where(effects.c.state == "done")
    parts = (places[start : start + 500] for start in range(0, len(places), 500))
    return sum(int(connection.execute(done.where(place.in_(part))).scalar() or 0) for part in parts)


def _meant(which: Which) -> list[ColumnElement[bool]]:
    states = (which.state,) if which.state else GIVEN_UP
    found: list[ColumnElement[bool]] = [and_(NOT_DONE, deliveries.c.state.in_(states))]
    if which.handler:
        own = select(handlers.c.id).where(handlers.c.name == which.handler).scalar_subquery()
        found.append(deliveries.c.handler_id == own)
    if which.reason is not None:
        found.append(deliveries.c.reason == which.reason)
    if which.ids:
        found.append(deliveries.c.event_id.in_([int(each, 16) for each in which.ids]))
    if any(which.events):
        found.append(deliveries.c.event_id.in_(select(events.c.id).where(and_(True, *conditions(which.events)))))
    return found


def run_again(tx: Transaction, places: list[Place], loaded: list[int]) -> int:
    """Let these wait again, as if never tried; those of handlers that are not loaded, or without a body, stay."""
    alive = select(events.c.id).where(events.c.id == deliveries.c.event_id, events.c.body.is_not(None))
    where = and_(deliveries.c.handler_id.in_(loaded), alive.exists())
    values = {"state": "waiting", "due": 0, "attempts": 0, "first_failed": None}
    return _move(tx, places, where, "waiting", values)


def discard(tx: Transaction, places: list[Place]) -> int:
    """Give these up for good: nobody is to look at them any more."""
    return _move(tx, places, and_(True), "discarded", {"state": "discarded"})


def _move(tx: Transaction, places: list[Place], where: ColumnElement[bool], to: str, values: dict[str, Any]) -> int:
    moved = 0
    for state in GIVEN_UP:
        mine = tuple_(deliveries.c.event_id, deliveries.c.number).in_(places)
        query = update(deliveries).where(NOT_DONE, mine, deliveries.c.state == state, where)
        changed = tx.connection.execute(query.values(**values)).rowcount
        tx.count(f"deliveries.{state}", -changed)
        tx.count(f"deliveries.{to}", changed)
        moved += changed
    return moved


def settle(tx: Transaction, event_id: int, handler_id: int, name: str, *, was_done: bool) -> bool:
    """A person says whether an effect of unknown outcome was done; False where there is no such effect."""
    intended = (*ledger.which(event_id, handler_id, name), effects.c.state == "intended")
    if tx.connection.execute(select(effects.c.name).where(*intended)).first() is None:
        return False
    if was_done:
        ledger.done(tx, event_id, handler_id, name, None)
    else:
        ledger.withdraw(tx, event_id, handler_id, name)
    return True


def unsettled(connection: Connection, places: list[Place]) -> list[dict[str, Any]]:
    """The effects of these deliveries whose outcome nobody knows yet."""
    own = select(deliveries.c.event_id, deliveries.c.handler_id).where(
        tuple_(deliveries.c.event_id, deliveries.c.number).in_(places)
    )
    query = (
        select(effects.c.event_id, effects.c.name, effects.c.intended, handlers.c.name.label("handler"))
        .join(handlers, handlers.c.id == effects.c.handler_id)
        .where(effects.c.state == "intended", tuple_(effects.c.event_id, effects.c.handler_id).in_(own))
    )
    return [{**row, "event_id": f"{row['event_id']:016x}"} for row in connection.execute(query).mappings()]
