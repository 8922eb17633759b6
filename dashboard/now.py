"""How is it going? The books, what waits and for how long, what is wrong, and who waits for a person."""

from typing import Any

import msgspec

from dashboard import forwarding
from dashboard.asked import Nothing
from dashboard.inside import Inside
from hubcrew.waiting import WAITING
from relay.event import now_ms
from relay.store import look


async def now(inside: Inside, _asked: Nothing) -> dict[str, Any]:
    """The books, the backlog, the alarms, who waits for a person, and the last hour's figures, minute by minute.

    `forward` is where a proxy hands on to, and what waits for it.

    Times are epoch milliseconds; the figures' are in seconds.
    """
    backlog = await inside.store.read(look.backlog, now_ms())
    return {
        "books": await inside.store.read(look.books),
        "unbalanced": [each._asdict() for each in await inside.watch.books.lines()],
        "alarms": msgspec.to_builtins(inside.watch.alarms),
        "backlog": backlog,
        "oldest": min((each["oldest"] for each in backlog if each["state"] == "waiting"), default=None),
        "waiting_for_person": await _waiting(inside),
        "minute": inside.minutes.last()._asdict(),
        "curve": [each._asdict() for each in inside.minutes.curve()],
        "patience": _patience(inside),
        "forward": await forwarding.told_of(inside),
    }


def _patience(inside: Inside) -> dict[str, float]:
    """For how many seconds each source's least patient sender waits."""
    names = {each.name for each in inside.sources}
    return {name: min(each.patience for each in inside.sources if each.name == name) for name in sorted(names)}


async def _waiting(inside: Inside) -> list[dict[str, Any]]:
    """The conversations that were handed over and nobody has answered, the one that waits longest first."""
    found = [
        {"account": account.id, "key": key, "since": since}
        for account in inside.settings.accounts
        for key, since in (await inside.state.get(account.id, WAITING) or {}).items()
    ]
    return sorted(found, key=lambda each: int(each["since"]))
