"""How is it going? What alarms are made of: what ended badly, waits, was refused, who is silent. Reading only."""

from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, func, select

from relay.event import RECONCILED
from relay.rounds import WENT_ROUND
from relay.store.tables import NOT_DONE, deliveries, events, rejections
from relay.store.take import SWITCHED_OFF

MOST_READ = 1000
# So far back a source's last event is looked for.
MOST_EVENTS = 20_000
MOST_REFUSED = 2000


class Ended(NamedTuple):
    """A delivery that ended badly, of which account, and when (epoch milliseconds)."""

    account: str | None
    at: int


class Round(NamedTuple):
    """Something that went round and was cut: of which account, when (epoch milliseconds), and what."""

    account: str | None
    at: int
    reason: str


class Oldest(NamedTuple):
    """What has waited longest of all that is due: its event's id, and since when it can have waited."""

    event_id: int
    since: int


class Refusal(NamedTuple):
    """A request that was not authenticated."""

    at: int
    source: str
    reason: str


def ended_badly(connection: Connection, state: str) -> list[Ended]:
    """The deliveries that are dead, or parked otherwise than by a switch or since they went round; a thousand."""
    reason = func.coalesce(deliveries.c.reason, "")
    query = _ended(events.c.account, state=state).where(reason != SWITCHED_OFF, ~reason.startswith(WENT_ROUND))
    return [Ended(*row) for row in connection.execute(query)]


def went_round(connection: Connection) -> list[Round]:
    """The deliveries that are parked since they went round, newest first."""
    query = _ended(events.c.account, deliveries.c.reason, state="parked")
    rows = connection.execute(query.where(deliveries.c.reason.startswith(WENT_ROUND)))
    return [Round(row.account, row.at, row.reason) for row in rows]


def _ended(*columns: Any, state: str) -> Select[Any]:
    at = func.coalesce(deliveries.c.finished, deliveries.c.event_id.op(">>")(21)).label("at")
    return (
        select(columns[0], at, *columns[1:])
        .select_from(deliveries)
        .join(events, events.c.id == deliveries.c.event_id)
        .where(NOT_DONE, deliveries.c.state == state)
        .order_by(at.desc())
        .limit(MOST_READ)
    )


def oldest_waiting(connection: Connection) -> Oldest | None:
    """What has waited longest of what may run at once. A retry that is still to come is not waited for."""
    query = (
        select(deliveries.c.event_id, deliveries.c.finished)
        .where(NOT_DONE, deliveries.c.state == "waiting", deliveries.c.due == 0)
        .order_by(deliveries.c.event_id)
        .limit(1)
    )
    row = connection.execute(query).first()
    return None if row is None else Oldest(row[0], max(row[0] >> 21, row[1] or 0))


def oldest_retry(connection: Connection, now: int) -> Oldest | None:
    """The retry that has been due for longest, and that nobody has taken up."""
    query = (
        select(deliveries.c.event_id, deliveries.c.due)
        .where(NOT_DONE, deliveries.c.state == "waiting", deliveries.c.due > 0, deliveries.c.due <= now)
        .order_by(deliveries.c.due)
        .limit(1)
    )
    row = connection.execute(query).first()
    return None if row is None else Oldest(*row)


def last_events(connection: Connection, after: int) -> list[tuple[str, str, int]]:
    """Of the newest events after this id: (source, account, the newest one's id).

    Tests do not count, nor does what had to be fetched: its source has not spoken.
    """
    newest: Any = (
        select(events.c.id, events.c.source, events.c.account)
        .where(events.c.id > after, events.c.test.is_(False), events.c.account.is_not(None))
        .where(events.c.path != RECONCILED)
        .order_by(events.c.id.desc())
        .limit(MOST_EVENTS)
        .subquery()
    )
    query = select(newest.c.source, newest.c.account, func.max(newest.c.id)).group_by(newest.c.source, newest.c.account)
    return [(row[0], row[1], row[2]) for row in connection.execute(query)]


def refused(connection: Connection, since: int) -> list[Refusal]:
    """The requests without a valid credential since a moment, newest first; of a flood only what was written down."""
    newest: Any = select(rejections).order_by(rejections.c.id.desc()).limit(MOST_REFUSED).subquery()
    query = (
        select(newest.c.received, newest.c.source, newest.c.reason)
        .where(newest.c.received >= since, newest.c.status.in_((401, 429)))
        .order_by(newest.c.id.desc())
    )
    return [Refusal(*row) for row in connection.execute(query)]
