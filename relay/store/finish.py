"""How did it go? The end of a try at a delivery, written down; many at once."""

from collections import Counter
from typing import Any, NamedTuple

from sqlalchemy import Engine, insert, update

from relay.store.database import ManyRows
from relay.store.tables import attempts, deliveries
from relay.store.writer import Transaction

_COLUMNS = (
    "event_id", "number", "state", "attempts", "due", "first_failed", "started", "finished", "reason",
)  # fmt: skip
_FINISH = """
    WITH tried ({columns}) AS (VALUES {rows})
    UPDATE deliveries SET state = tried.state, attempts = tried.attempts, due = tried.due,
                          first_failed = tried.first_failed, started = tried.started, finished = tried.finished,
                          reason = tried.reason
    FROM tried
    WHERE deliveries.event_id = tried.event_id AND deliveries.number = tried.number
      AND deliveries.state IN ('waiting', 'running')
"""


class Outcome(NamedTuple):
    """Where a delivery stands after a try. `was` is the state that the store holds; `error` makes an attempt's row."""

    event_id: int
    number: int
    was: str
    state: str
    attempts: int
    started: int
    finished: int
    due: int = 0
    first_failed: int | None = None
    reason: str | None = None
    error: str | None = None


class Finish:
    """Closes tries, as many at once as have ended meanwhile."""

    def __init__(self, engine: Engine) -> None:
        self._finish = ManyRows(_FINISH, _COLUMNS, engine)

    def outcomes(self, tx: Transaction, outcomes: list[Outcome]) -> None:
        """Write down how many tries went."""
        self._finish.run(tx.cursor, [_row(each) for each in outcomes])
        failed = [_attempt(each) for each in outcomes if each.error is not None]
        if failed:
            tx.connection.execute(insert(attempts), failed)
        for (was, state), number in Counter((each.was, each.state) for each in outcomes).items():
            tx.count(f"deliveries.{was}", -number)
            tx.count(f"deliveries.{state}", number)


def mark_running(tx: Transaction, event_id: int, number: int, started: int) -> None:
    """Note that a delivery runs: for whoever looks, and to know it after a crash."""
    mine = (deliveries.c.event_id == event_id, deliveries.c.number == number, deliveries.c.state == "waiting")
    changed = tx.connection.execute(update(deliveries).where(*mine).values(state="running", started=started)).rowcount
    tx.count("deliveries.waiting", -changed)
    tx.count("deliveries.running", changed)


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
