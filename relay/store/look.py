"""What came in, and what became of it? Reading for people; nothing here changes anything."""

import time
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, cast, func, select
from sqlalchemy import Text as TextType

from relay.event import RECONCILED
from relay.store.tables import (
    NOT_DONE,
    STATES,
    attempts,
    counters,
    deliveries,
    effects,
    events,
    handlers,
    outbox,
    rejections,
)

# So many events are looked through at once, and for so long at most before what was found is shown.
WINDOW = 5000
LOOK_SECONDS = 0.06


class Filter(NamedTuple):
    """Which events are meant. Times are epoch milliseconds; `text` is looked for in the body."""

    signal: str | None = None
    account: str | None = None
    status: str | None = None
    since: int | None = None
    until: int | None = None
    text: str | None = None
    source: str | None = None


def _status() -> ColumnElement[str]:
    rank = case({state: number for number, state in enumerate(STATES)}, value=deliveries.c.state)
    worst = select(func.min(rank)).where(deliveries.c.event_id == events.c.id).scalar_subquery()
    none = case((events.c.unmapped, "unmapped"), else_="unhandled")
    return case(*((worst == number, state) for number, state in enumerate(STATES)), else_=none).label("status")


def conditions(which: Filter) -> list[ColumnElement[bool]]:
    """The filter as conditions on the events table."""
    found: list[ColumnElement[bool]] = []
    if which.signal:
        pattern = which.signal.replace("*", "%")
        found.append(events.c.signal.like(pattern) if "*" in which.signal else events.c.signal == which.signal)
    if which.source:
        found.append(events.c.source == which.source)
    if which.account:
        found.append(events.c.account == which.account)
    if which.since is not None:
        found.append(events.c.id >= which.since << 21)
    if which.until is not None:
        found.append(events.c.id < which.until << 21)
    if which.text:
        found.append(cast(events.c.body, TextType).contains(which.text, autoescape=True))
    if which.status in STATES[:-1]:  # few are not done: they are found without reading every event
        in_state = select(deliveries.c.event_id).where(NOT_DONE, deliveries.c.state == which.status)
        found.append(events.c.id.in_(in_state))
    if which.status:
        found.append(_status() == which.status)
    return found


class Found(NamedTuple):
    """Events, newest first; `next` is the id before which to look further, `looked_to` how far back (epoch ms)."""

    items: list[dict[str, Any]]
    next: str | None
    looked_to: int | None


def list_events(connection: Connection, which: Filter, limit: int, before: str | None) -> Found:
    """Events, newest first, those older than the id `before`: the first `limit`, or what a moment's search brings."""
    begun, upper, items = time.monotonic(), int(before, 16) if before else None, list[dict[str, Any]]()
    while True:
        lower = _window_below(connection, upper) if _is_looked_for(which) else None
        items += _events_within(connection, which, lower, upper, limit - len(items))
        if len(items) == limit:
            return Found(items, items[-1]["id"], int(items[-1]["id"], 16) >> 21)
        if lower is None or (which.since is not None and lower < which.since << 21):
            return Found(items, None, None)
        if time.monotonic() - begun > LOOK_SECONDS:
            return Found(items, f"{lower:016x}", lower >> 21)
        upper = lower


def _is_looked_for(which: Filter) -> bool:
    """Whether events have to be read to know which are meant: what is not done has an index, the time is the order."""
    by_index = which.status in STATES[:-1]
    return not by_index and any((which.signal, which.source, which.account, which.status, which.text))


def _window_below(connection: Connection, upper: int | None) -> int | None:
    """The id that so many events lie from, up to `upper`; None where there are fewer."""
    query = select(events.c.id).order_by(events.c.id.desc()).offset(WINDOW - 1).limit(1)
    found = connection.execute(query if upper is None else query.where(events.c.id < upper)).scalar()
    return None if found is None else int(found)


def _events_within(
    connection: Connection, which: Filter, lower: int | None, upper: int | None, limit: int
) -> list[dict[str, Any]]:
    shown: tuple[ColumnElement[Any], ...] = (
        events.c.id, events.c.signal, events.c.source, events.c.account, events.c.key, events.c.received,
        events.c.test, events.c.repeats, events.c.repeats_differing, events.c.path,
    )  # fmt: skip
    query = select(*shown, _status()).where(and_(True, *conditions(which)))
    if upper is not None:
        query = query.where(events.c.id < upper)
    if lower is not None:
        query = query.where(events.c.id >= lower)
    return [_event(row) for row in connection.execute(query.order_by(events.c.id.desc()).limit(limit))]


def one_event(connection: Connection, event_id: str) -> dict[str, Any] | None:
    """An event with its body, deliveries, attempts and effects."""
    number = int(event_id, 16)
    row = connection.execute(select(events, _status()).where(events.c.id == number)).first()
    if row is None:
        return None
    body = None if row.body is None else row.body.decode(errors="replace")
    return {
        **_event(row),
        "path": row.path,
        "query": row.query,
        "headers": msgspec.json.decode(row.headers) if row.headers else None,
        "body": body,
        "deliveries": _deliveries(connection, number),
        "effects": [_effect(each) for each in connection.execute(_of_event(effects, number))],
    }


def _of_event(table: Any, event_id: int) -> Any:
    return (
        select(table, handlers.c.name.label("handler"))
        .join(handlers, handlers.c.id == table.c.handler_id)
        .where(table.c.event_id == event_id)
    )


def _event(row: Any) -> dict[str, Any]:
    return {
        "id": f"{row.id:016x}",
        "signal": row.signal,
        "source": row.source,
        "account": row.account,
        "key": row.key,
        "received": row.received,
        "status": row.status,
        "test": row.test,
        "reconciled": row.path == RECONCILED,
        "repeats": row.repeats,
        "repeats_differing": row.repeats_differing,
    }


def _deliveries(connection: Connection, event_id: int) -> list[dict[str, Any]]:
    tried = connection.execute(select(attempts).where(attempts.c.event_id == event_id)).all()
    found = []
    for row in connection.execute(_of_event(deliveries, event_id).order_by(deliveries.c.number)):
        own = [_attempt(each) for each in tried if each.delivery == row.number]
        if row.state == "done" and row.started is not None:  # its delivery's own row tells of an attempt that succeeded
            own.append({"started": row.started, "finished": row.finished, "outcome": "done", "error": None})
        # A replay begins to count anew, for the waits between tries; whoever looks sees one after the other.
        own = [{"number": number, **each} for number, each in enumerate(own, start=1)]
        columns = ("handler", "state", "due", "first_failed", "started", "finished", "reason")
        found.append({**{name: getattr(row, name) for name in columns}, "attempts": own})
    return found


def _attempt(row: Row[Any]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("started", "finished", "outcome", "error")}


def _effect(row: Row[Any]) -> dict[str, Any]:
    decoded = {
        name: msgspec.json.decode(value) if (value := getattr(row, name)) else None for name in ("about", "result")
    }
    return {**{name: getattr(row, name) for name in ("handler", "name", "state", "intended", "finished")}, **decoded}


def list_rows(connection: Connection, table: Any, limit: int, before: int | None) -> list[dict[str, Any]]:
    """Rejections or the outbox, newest first."""
    query = select(table).order_by(table.c.id.desc()).limit(limit)
    if before:
        query = query.where(table.c.id < before)
    return [dict(row) for row in connection.execute(query).mappings()]


def list_rejections(connection: Connection, limit: int, before: int | None) -> list[dict[str, Any]]:
    """Refused requests, newest first."""
    return list_rows(connection, rejections, limit, before)


def list_outbox(connection: Connection, limit: int, before: int | None) -> list[dict[str, Any]]:
    """Replies that were kept instead of sent, newest first."""
    return list_rows(connection, outbox, limit, before)


def newest_kept(connection: Connection) -> int:
    """The number of the outbox's newest row; 0 where it is empty."""
    return connection.execute(select(func.max(outbox.c.id))).scalar() or 0


def kept_of(connection: Connection, account: str, conversation: str, after: int) -> list[dict[str, Any]]:
    """What was kept instead of sent in one conversation, in the order of writing, after a row's number."""
    own = (outbox.c.account == account, outbox.c.conversation == conversation)
    query = select(outbox).where(outbox.c.id > after, *own).order_by(outbox.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def books(connection: Connection) -> dict[str, dict[str, int]]:
    """The balanced books: every request and every delivery there ever was."""
    kept = {row.name: row.value for row in connection.execute(select(counters))}
    names = {
        "requests": ("received", "rejected", "repeated", "events"),
        "deliveries": STATES,
    }
    return {group: {name: kept.get(f"{group}.{name}", 0) for name in own} for group, own in names.items()}


def backlog(connection: Connection, now: int) -> list[dict[str, Any]]:
    """What is waiting, running, dead or parked by handler and state; `oldest` is the receipt of the oldest (epoch ms).

    Retries that are not due yet are `retrying`: they wait on purpose.
    """
    later = and_(deliveries.c.state == "waiting", deliveries.c.due > now)
    state = case((later, "retrying"), else_=deliveries.c.state).label("state")
    number, oldest = func.count().label("number"), func.min(deliveries.c.event_id).label("oldest")
    query = (
        select(deliveries.c.handler_id.label("handler"), state, number, oldest)
        .where(NOT_DONE, deliveries.c.state.in_(("waiting", "running", "dead", "parked")))
        .group_by(deliveries.c.handler_id, state)
    )
    names = {row.id: row.name for row in connection.execute(select(handlers.c.id, handlers.c.name))}
    rows = connection.execute(query).mappings()
    return [{**row, "handler": names[row["handler"]], "oldest": row["oldest"] >> 21} for row in rows]


def reasons(connection: Connection, since: int) -> list[dict[str, Any]]:
    """How often each handler concluded what, from the reasons it gave."""
    query = (
        select(handlers.c.name.label("handler"), deliveries.c.reason, func.count().label("number"))
        .join(handlers, handlers.c.id == deliveries.c.handler_id)
        .where(deliveries.c.event_id >= since << 21, deliveries.c.reason.is_not(None))
        .group_by(handlers.c.name, deliveries.c.reason)
        .order_by(func.count().desc())
        .limit(100)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def recorded(connection: Connection, account: str, names: Sequence[str], since: int, most: int) -> list[dict[str, Any]]:
    """What effects of these names recorded in an account since a moment (epoch milliseconds), newest first."""
    query = (
        _records(names).where(events.c.account == account, effects.c.event_id >= since << 21, events.c.test.is_(False))
    ).limit(most)
    return [_record(row) for row in connection.execute(query)]


def last_recorded(connection: Connection, account: str, key: str, name: str) -> dict[str, Any] | None:
    """What the newest effect of this name recorded for one key; None where there is none any more."""
    query = _records([name]).where(events.c.account == account, events.c.key == key).limit(1)
    row = connection.execute(query).first()
    return None if row is None else _record(row)


def _records(names: Sequence[str]) -> Select[Any]:
    return (
        select(events.c.id, events.c.key, effects.c.intended, effects.c.about)
        .join(effects, effects.c.event_id == events.c.id)
        .where(effects.c.name.in_(names), effects.c.about.is_not(None))
        .order_by(events.c.id.desc())
    )


def _record(row: Row[Any]) -> dict[str, Any]:
    about = msgspec.json.decode(row.about)
    own = about if isinstance(about, dict) else {"about": about}
    return {"event": f"{row.id:016x}", "key": row.key, "at": row.intended, **own}
