"""Do the books add up? What was counted beside what is there, with the events of whatever does not. Reading only.

`add_up` is for every look: it reads the sums and an index of the few deliveries that are not done. `count_rows` goes
through every row, in seconds rather than milliseconds. Retention removes rows and leaves the sums; it counts what it
removes, so that both stay provable: counted = rows + removed.
"""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, and_, func, select

from relay.store.tables import NOT_DONE, STATES, attempts, counters, deliveries, effects, events

MOST_NAMED = 100
# So many deliveries of each state are looked at each time for whether their event is there; hourly it is all.
MOST_JOINED = 2000
# What retention leaves for a year is too much to be counted at every look.
OPEN = ("dead", "parked", "running", "waiting")


class Line(NamedTuple):
    """A line of the books that does not add up: what was counted, what is there, and the events concerned.

    `events` are ids, newest first, at most a hundred: every row that may be the one too many. Of a row that is
    missing, and of a sum over other sums, none can be named.
    """

    name: str
    counted: int
    found: int
    events: list[str]


def add_up(connection: Connection) -> list[Line]:
    """The lines that do not add up, as far as that is seen in milliseconds; none: balanced."""
    sums = _sums(connection)
    lines = [_requests(sums), *(_in_state(connection, sums, state) for state in OPEN)]
    return [each for each in (*lines, *_below_zero(sums), _without_event(connection)) if each.counted != each.found]


def count_rows(connection: Connection) -> list[Line]:
    """What only every row shows: what came in, was repeated, is done, is gone; of that, what does not add up."""
    return [each for each in _of_rows(connection, _sums(connection)) if each.counted != each.found]


def _sums(connection: Connection) -> dict[str, int]:
    return {row.name: row.value for row in connection.execute(select(counters))}


def _requests(sums: dict[str, int]) -> Line:
    parts = (sums.get(f"requests.{name}", 0) for name in ("rejected", "repeated", "events"))
    return Line("requests", sums.get("requests.received", 0), sum(parts), [])


def _in_state(connection: Connection, sums: dict[str, int], state: str) -> Line:
    """What is in a state; the rows of all that are in it, should it be another number."""
    mine = and_(NOT_DONE, deliveries.c.state == state)
    counted, found = sums.get(f"deliveries.{state}", 0), _number(connection, deliveries, mine)
    ids = [] if counted == found else _ids(connection, deliveries, mine)
    return Line(f"deliveries.{state}", counted, found, ids)


def _below_zero(sums: dict[str, int]) -> Iterator[Line]:
    """What no count of rows is needed for: nothing was done less than never."""
    for name in ("deliveries.done", "deliveries.discarded", "requests.rejected", "requests.repeated"):
        value = sums.get(name, 0)
        yield Line(name, value, max(value, 0), [])


def _without_event(connection: Connection) -> Line:
    """Deliveries that are not done and whose event is gone."""
    known: set[str] = set()
    for state in OPEN:
        mine = select(deliveries.c.event_id).where(NOT_DONE, deliveries.c.state == state).limit(MOST_JOINED).subquery()
        query = select(mine.c.event_id).join(events, events.c.id == mine.c.event_id, isouter=True)
        known.update(_shown(row[0]) for row in connection.execute(query.where(events.c.id.is_(None))))
    return Line("deliveries without an event", 0, len(known), sorted(known, reverse=True)[:MOST_NAMED])


def _of_rows(connection: Connection, sums: dict[str, int]) -> Iterator[Line]:
    """Every row counted, beside the sums."""
    query = select(func.count(), func.coalesce(func.sum(events.c.repeats), 0))
    kept, repeats = connection.execute(query.select_from(events)).one()
    yield Line("requests.events", sums.get("requests.events", 0), kept + sums.get("removed.events", 0), [])
    yield Line("requests.repeated", sums.get("requests.repeated", 0), repeats + sums.get("removed.repeated", 0), [])
    by_state = select(deliveries.c.state, func.count()).group_by(deliveries.c.state)
    found = {row[0]: row[1] for row in connection.execute(by_state)}
    for state in sorted({*found, "done", "discarded"} - {*OPEN}):
        counted, rows = sums.get(f"deliveries.{state}", 0), found.get(state, 0)
        removed = sums.get(f"removed.deliveries.{state}", 0)
        named = [] if state in STATES else _ids(connection, deliveries, deliveries.c.state == state)
        yield Line(f"deliveries.{state}", counted, rows + removed, named)
    for name, table in (("all deliveries", deliveries), ("attempts", attempts), ("effects", effects)):
        alone = ~select(events.c.id).where(events.c.id == table.c.event_id).exists()
        number = _number(connection, table, alone)
        yield Line(f"{name} without an event", 0, number, _ids(connection, table, alone) if number else [])


def _number(connection: Connection, table: Table, which: ColumnElement[bool]) -> int:
    return int(connection.execute(select(func.count()).select_from(table).where(which)).scalar() or 0)


def _ids(connection: Connection, table: Table, which: ColumnElement[bool]) -> list[str]:
    query = select(table.c.event_id).distinct().where(which).order_by(table.c.event_id.desc()).limit(MOST_NAMED)
    return [_shown(number) for number in connection.execute(query).scalars()]


def _shown(number: int) -> str:
    return f"{number:016x}"
