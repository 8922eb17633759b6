"""How did it go? The end of a try at a delivery, written down; many at once."""

from typing import Any, NamedTuple

from sqlalchemy import Engine, insert, update

from relay.store.database import ManyRows
from relay.store.tables import attempts, deliveries
from relay.store.writer import Transaction

_COLUMNS = (
    "event_id", "number", "state", "attempts", "due", "first_failed", "started", "finished", "reason",
)  # fmt: skip
# The columns of VALUES have these names in SQLite and Postgres alike.
_FINISH = """
    UPDATE deliveries SET state = tried.column3, attempts = tried.column4, due = tried.column5,
                          first_failed = tried.column6, started = tried.column7, finished = tried.column8,
                          reason = tried.column9
    FROM (VALUES {rows}) AS tried
    WHERE deliveries.event_id = tried.column1 AND deliveries.number = tried.column2
      AND deliveries.state IN ('waiting', 'running')
"""
_OPEN = """
    SELECT deliveries.event_id, deliveries.number, deliveries.state, deliveries.finished FROM deliveries
    JOIN (VALUES {rows}) AS tried ON deliveries.event_id = tried.column1 AND deliveries.number = tried.column2
    WHERE deliveries.state IN ('waiting', 'running')
"""


class Outcome(NamedTuple):
    """Where a delivery stands after a try; an `error` makes an attempt's row."""

    event_id: int
    number: int
    state: str
    attempts: int
    started: int | None  # None: it ended without a call
    finished: int
    due: int = 0
    first_failed: int | None = None
    reason: str | None = None
    error: str | None = None

    def holds_its_key(self, seconds: float) -> bool:
        """Whether the key waits for the retry: not where that would be for more seconds in all."""
        return self.first_failed is not None and 0 < self.due <= self.first_failed + seconds * 1000


class Finish:
    """Closes tries, as many at once as have ended meanwhile."""

    def __init__(self, engine: Engine) -> None:
        self._finish = ManyRows(_FINISH, _COLUMNS, engine)
        self._open = ManyRows(_OPEN, ("event_id", "number"), engine)

    def outcomes(self, tx: Transaction, outcomes: list[Outcome]) -> None:
        """Write down how many tries went."""
        places = [(each.event_id, each.number) for each in outcomes]
        found = {(row[0], row[1]): (row[2], row[3]) for row in self._open.fetch(tx.cursor, places)}
        self._finish.run(tx.cursor, [_row(each) for each in outcomes])
        was = {place: state for place, (state, _) in found.items()}
        # One that an unclear commit has written already is not written again.
        written = [found.get(place, (each.state, each.finished)) for each, place in zip(outcomes, places, strict=True)]
        failed = [
            _attempt(each)
            for each, as_found in zip(outcomes, written, strict=True)
            if each.error is not None and as_found != (each.state, each.finished)
        ]
        if failed:
            tx.connection.execute(insert(attempts), failed)
        # What was open in the table is counted, and no more: the books hold whatever memory believes.
        for each, place in zip(outcomes, places, strict=True):
            if place in was:
                tx.count(f"deliveries.{was.pop(place)}", -1)
                tx.count(f"deliveries.{each.state}")


def mark_running(tx: Transaction, event_id: int, number: int, started: int) -> None:
    """Note that a delivery runs: for whoever looks, and to know it after a crash."""
    mine = (deliveries.c.event_id == event_id, deliveries.c.number == number, deliveries.c.state == "waiting")
    changed = tx.connection.execute(update(deliveries).where(*mine).values(state="running", started=started)).rowcount
    tx.count("deliveries.waiting", -changed)
    tx.count("deliveries.running", changed)


def mark_all_running(tx: Transaction, places: list[tuple[int, int]], started: int) -> None:
    """The same for deliveries that run together."""
    for event_id, number in places:
        mark_running(tx, event_id, number, started)


def _row(outcome: Outcome) -> tuple[Any, ...]:
    return (
        outcome.event_id,
        outcome.number,
        outcome.state,
        outcome.attempts,
        outcome.due,
        outcome.first_failed,
        outcome.started,
        outcome.finished,
        outcome.reason,
    )


def _attempt(outcome: Outcome) -> dict[str, Any]:
    ends = {"waiting": "failed", "dead": "failed", "parked": "parked"}
    return {
        "event_id": outcome.event_id,
        "delivery": outcome.number,
        "number": outcome.attempts,
        "started": outcome.started,
        "finished": outcome.finished,
        "outcome": ends.get(outcome.state, outcome.state),
        "error": outcome.error,
    }
