"""What came in, and what became of it?"""

from collections.abc import Callable
from gettext import gettext as _
from typing import Any

import msgspec

from dashboard import conclusions
from dashboard.asked import Chosen, EventId, Limit, Listed, Next, Nothing, NotThere, event_id, filter_of, row_number
from dashboard.inside import Inside
from dashboard.log_files import lines_of
from relay.event import CAUSE, Cause, now_ms
from relay.store import look

WEEK_MS = 7 * 86_400_000


class EventsAsked(Chosen, kw_only=True):
    """Which events, and how many."""

    limit: Limit = 50
    next: Next | None = None


class OneEvent(msgspec.Struct):
    """Which event."""

    id: EventId


async def events(inside: Inside, asked: EventsAsked) -> dict[str, Any]:
    """Events, newest first, by signal, source, account, status, time and text in the body.

    `next` where there may be more; `looked_to` is how far back (epoch ms) it was looked for what is rare.
    """
    before = event_id(asked.next) if asked.next else None
    found = await inside.store.read(look.list_events, filter_of(asked), asked.limit, before)
    return found._asdict()


async def event(inside: Inside, asked: OneEvent) -> dict[str, Any]:
    """One event with body, headers, deliveries, attempts and effects."""
    name = event_id(asked.id)
    found = await inside.store.read(look.one_event, name)
    if found is None:
        raise NotThere(_("There is no event {id}.").format(id=name))
    return found


async def event_log(inside: Inside, asked: OneEvent) -> dict[str, Any]:
    """What was logged of one event, on the day of its receipt and today."""
    found = await event(inside, asked)
    return {"items": await lines_of(inside.settings, found["id"], found["received"]), "next": None}


async def event_page(inside: Inside, asked: OneEvent) -> dict[str, Any]:
    """One event with all that is known of it."""
    found = await event(inside, asked)
    said = [{**each, "reason": conclusions.told(each["reason"] or "", inside.in_words)} for each in found["deliveries"]]
    told = (found["headers"] or {}).get(CAUSE)
    cause = msgspec.json.decode(told, type=Cause) if told else None
    return {**found, "cause": cause, "deliveries": said, "log": (await event_log(inside, asked))["items"]}


async def rejections(inside: Inside, asked: Listed) -> dict[str, Any]:
    """Refused requests, newest first, each with what to do about it where its source knows."""
    found = await _rows(inside, asked, look.list_rejections)
    for each in found["items"]:
        said = (source.explain(each["reason"]) for source in inside.sources if source.name == each["source"])
        each["advice"] = next(filter(None, said), "")
    return found


async def outbox(inside: Inside, asked: Listed) -> dict[str, Any]:
    """Replies that were kept instead of sent, newest first."""
    return await _rows(inside, asked, look.list_outbox)


async def _rows(inside: Inside, asked: Listed, rows: Callable[..., list[dict[str, Any]]]) -> dict[str, Any]:
    items = await inside.store.read(rows, asked.limit, row_number(asked.next))
    return {"items": items, "next": str(items[-1]["id"]) if len(items) == asked.limit else None}


async def stats(inside: Inside, _asked: Nothing) -> dict[str, Any]:
    """The balanced books: every request and every delivery there ever was."""
    return await inside.store.read(look.books)


async def reasons(inside: Inside, _asked: Nothing) -> dict[str, Any]:
    """What handlers concluded in the last week, and how often."""
    return {"items": await inside.store.read(look.reasons, now_ms() - WEEK_MS), "next": None}
