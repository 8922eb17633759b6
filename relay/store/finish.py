"""How did it go? The end of a try at a delivery, written down; many at once."""

from collections import Counter
from typing import Any, NamedTuple

from sqlalchemy import Engine, insert

from relay.store.database import Statement
from relay.store.tables import attempts
from relay.store.writer import Transaction

_FINISH = """
    UPDATE deliveries SET state = :state, attempts = :attempts, due = :due, first_failed = :first_failed,
                          started = :started, finished = :finished, reason = :reason
    WHERE event_id = :event_id AND number = :number AND state IN ('waiting', 'running')
"""
_RUNNING = """
    UPDATE deliveries SET state = 'running', started = :started
    WHERE event_id = :event_id AND number = :number AND state = 'waiting'
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
    """The statements that close a try, compiled once."""

    def __init__(self, engine: Engine) -> None:
        self._finish = Statement(_FINISH, engine)
        self._running = Statement(_RUNNING, engine)

    def outcomes(self, tx: Transaction, outcomes: list[Outcome]) -> None:
        """Write down how many tries went."""
        self._finish.run_many(tx.cursor, [each._asdict() for each in outcomes])
        failed = [_attempt(each) for each in outcomes if each.error is not None]
        if failed:
            tx.connection.execute(insert(attempts), failed)
        for (was, state), number in Counter((each.was, each.state) for each in outcomes).items():
            tx.count(f"deliveries.{was}", -number)
            tx.count(f"deliveries.{state}", number)

    def running(self, tx: Transaction, event_id: int, number: int, started: int) -> None:
        """Note that a delivery runs: for whoever looks, and to know it after a crash."""
        changed = self._running.run(tx.cursor, {"event_id": event_id, "number": number, "started": started})
        tx.count("deliveries.waiting", -changed)
        tx.count("deliveries.running", changed)


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
