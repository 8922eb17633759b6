"""What is wrong, and do the books add up? For the person in charge."""

from gettext import gettext as _
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from dashboard.asked import Nothing, NotThere
from dashboard.inside import Inside


class BooksAsked(msgspec.Struct, kw_only=True):
    """Whether every row is counted first."""

    all: Annotated[bool, Meta(description="Count every row first; that takes seconds.")] = False


class AlarmSeen(msgspec.Struct, kw_only=True):
    """Which alarm somebody has seen."""

    alarm: Annotated[str, Meta(description="Its id, or a code for all of them.", examples=["deliveries_dead"])]


async def books(inside: Inside, asked: BooksAsked) -> dict[str, Any]:
    """Whether the books add up, and each line that does not, with the events concerned."""
    return await inside.watch.books.told(all_rows=asked.all)


async def alarms(inside: Inside, _asked: Nothing) -> dict[str, Any]:
    """What is wrong now, the newest first; times are epoch milliseconds."""
    return {"items": [msgspec.to_builtins(each) for each in inside.watch.alarms], "next": None}


async def acknowledge(inside: Inside, asked: AlarmSeen) -> dict[str, Any]:
    """An alarm that somebody has seen stays off until it is worse, or comes anew."""
    found = await inside.watch.acknowledge(asked.alarm)
    if found is None:
        raise NotThere(_("The alarm {name} is not on.").format(name=asked.alarm))
    return {"acknowledged": found}
