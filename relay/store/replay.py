"""How is an event dealt with once more? Its deliveries wait again; what was done outside already is not done twice."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, func, insert, literal, select, update

from relay.store.look import Filter, conditions
from relay.store.tables import attempts, deliveries, effects, events, handlers
from relay.store.writer import Transaction

ENDED = ("done", "dead", "parked", "discarded")
BATCH = 200
MOST_SHOWN = 20


class Replayable(NamedTuple):
    """What a replay would touch, counted before it is begun; `effects` are the first of those done already.

    `answers` are deliveries that answered a request: nobody waits for them any more, and they are left out.
    """

    events: int
    deliveries: int
    answers: int
    effects_done: int
    effects: list[dict[str, str]]


def count(
    connection: Connection, which: Filter, ids: list[str], reacting: list[int], answering: list[int]
) -> Replayable:
    """How many events, ended deliveries, and effects already done the filter means; `reacting` as for `replay`.

    `answering` are the ids of the handlers that answer requests.
    """
    chosen = _chosen(which, ids)
    number = select(func.count()).select_from(chosen.subquery())
    ended = select(func.count()).where(deliveries.c.event_id.in_(chosen), deliveries.c.state.in_(ENDED))
    owned = ended.where(deliveries.c.handler_id.in_(reacting))
    answered = ended.where(deliveries.c.handler_id.in_(answering))
    acted = select(func.count()).where(effects.c.event_id.in_(chosen), effects.c.state == "done")
    counted = (int(connection.execute(each).scalar() or 0) for each in (number, owned, answered, acted))
    number_of_events, again, answers, done = counted
    return Replayable(number_of_events, again, answers, done, _effects_done(connection, chosen))


def _effects_done(connection: Connection, chosen: Any) -> list[dict[str, str]]:
    query = (
        select(effects.c.event_id, handlers.c.name.label("handler"), effects.c.name)
        .join(handlers, handlers.c.id == effects.c.handler_id)
        .where(effects.c.event_id.in_(chosen), effects.c.state == "done")
        .order_by(effects.c.event_id, effects.c.intended)
        .limit(MOST_SHOWN)
    )
    rows = connection.execute(query)
    return [{"event": f"{row.event_id:016x}", "handler": row.handler, "name": row.name} for row in rows]


def chosen_ids(connection: Connection, which: Filter, ids: list[str]) -> list[int]:
    """The events meant, oldest first, so that each key's order is kept."""
    return [row[0] for row in connection.execute(_chosen(which, ids).order_by(events.c.id))]


def signals_of(connection: Connection, event_ids: list[int]) -> list[str]:
    """The different signals among these events."""
    found: set[str] = set()
    for start in range(0, len(event_ids), BATCH):
        query = select(events.c.signal).distinct().where(events.c.id.in_(event_ids[start : start + BATCH]))
        found.update(connection.execute(query).scalars())
    return sorted(found)


def replay(tx: Transaction, event_ids: list[int], reacting: list[int], wanted: list[tuple[int, str]]) -> int:
    """Let the ended deliveries of these events wait again, and give a handler that an event never had its delivery.

    Only those of the handlers with the ids in `reacting`: that are loaded, and do not answer. Left out: events whose
    body retention has taken. `wanted` names (handler id, signal) pairs connected today.
    """
    chosen = select(events.c.id, events.c.signal, events.c.unmapped).where(
        events.c.id.in_(event_ids), events.c.body.is_not(None)
    )
    alive = tx.connection.execute(chosen).all()
    theirs = deliveries.c.event_id.in_([each.id for each in alive])
    columns = (deliveries.c.event_id, deliveries.c.number, deliveries.c.handler_id, deliveries.c.state)
    had = tx.connection.execute(select(*columns).where(theirs).with_for_update()).all()
    ended = Counter(each.state for each in had if each.state in ENDED and each.handler_id in reacting)
    _let_wait(tx, and_(theirs, deliveries.c.state.in_(ENDED), deliveries.c.handler_id.in_(reacting)), ended)
    return ended.total() + _give_new(tx, alive, had, wanted)


def _let_wait(tx: Transaction, which: ColumnElement[bool], ended: Mapping[str, int]) -> None:
    if ended["done"]:
        _remember_done(tx, which)
    # The series of waits begins anew; what was tried before stands in its own rows.
    values: dict[str, Any] = {"state": "waiting", "due": 0, "attempts": 0, "first_failed": None}
    tx.connection.execute(update(deliveries).where(which).values(**values))
    for state, number in ended.items():
        tx.count(f"deliveries.{state}", -number)
        tx.count("deliveries.waiting", number)


def _remember_done(tx: Transaction, which: ColumnElement[bool]) -> None:
    """An attempt that succeeded is told by its delivery's own row: before that is used again, it gets one too."""
    done = select(
        deliveries.c.event_id, deliveries.c.number, deliveries.c.attempts, deliveries.c.started,
        deliveries.c.finished, literal("done"),
    ).where(which, deliveries.c.state == "done", deliveries.c.started.is_not(None))  # fmt: skip
    columns = ("event_id", "delivery", "number", "started", "finished", "outcome")
    tx.connection.execute(insert(attempts).from_select(columns, done))


def _give_new(tx: Transaction, alive: Sequence[Any], had: Sequence[Any], wanted: list[tuple[int, str]]) -> int:
    numbers: dict[int, dict[int, int]] = defaultdict(dict)
    for each in had:
        numbers[each.event_id][each.handler_id] = each.number
    given = []
    for event in alive:
        own = numbers[event.id]
        missing = [handler for handler, signal in wanted if signal == event.signal and handler not in own]
        if not event.unmapped:
            given += [
                {"event_id": event.id, "number": number, "handler_id": handler, "state": "waiting"}
                for number, handler in enumerate(missing, start=max(own.values(), default=-1) + 1)
            ]
    if given:
        tx.connection.execute(insert(deliveries), given)
    tx.count("deliveries.waiting", len(given))
    return len(given)


def _chosen(which: Filter, ids: list[str]) -> Any:
    query = select(events.c.id).where(and_(True, *conditions(which)))
    return query.where(events.c.id.in_([int(each, 16) for each in ids])) if ids else query
