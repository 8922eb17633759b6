"""How is it going? The books, what waits and for how long, what is wrong, and who waits for a person."""

from typing import Any

import msgspec

from dashboard.asked import Nothing
from dashboard.inside import Inside
from hubcrew.waiting import WAITING
from relay.event import now_ms
from relay.store import look


async def now(inside: Inside, _asked: Nothing) -> dict[str, Any]:
    """The books, the backlog by handler, the alarms and the conversations that wait for a person.

    Times are epoch milliseconds.
    """
    backlog = await inside.store.read(look.backlog, now_ms())
    return {
        "books": await inside.store.read(look.books),
        "unbalanced": [each._asdict() for each in await inside.watch.books.lines()],
        "alarms": msgspec.to_builtins(inside.watch.alarms),
        "backlog": backlog,
        "oldest": min((each["oldest"] for each in backlog if each["state"] == "waiting"), default=None),
        "waiting_for_person": await _waiting(inside),
    }


async def _waiting(inside: Inside) -> list[dict[str, Any]]:
    """The conversations that were handed over and nobody has answered, the one that waits longest first."""
    found = [
        {"account": account.id, "key": key, "since": since}
        for account in inside.settings.accounts
        for key, since in (await inside.state.get(account.id, WAITING) or {}).items()
    ]
    return sorted(found, key=lambda each: int(each["since"]))
