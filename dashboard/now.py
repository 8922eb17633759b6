"""How is it going? The books, what waits and for how long, what is wrong, and who waits for a person."""

from typing import Any

import msgspec

from dashboard import forwarding
from dashboard.asked import Nothing
from dashboard.inside import Inside
from dashboard.pausing import standing_by
from hubcrew.healed import HEALED, read_all
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
        "standing_by": await standing_by(inside),
        "healed": await _healed(inside),
        "minute": inside.minutes.last()._asdict(),
        "curve": [each._asdict() for each in inside.minutes.curve()],
        "patience": _patience(inside),
        "forward": await forwarding.told_of(inside),
    }


def _patience(inside: Inside) -> dict[str, float]:
    """For how many seconds each source's least patient sender waits."""
    names = {each.name for each in inside.sources}
    return {name: min(each.patience for each in inside.sources if each.name == name) for name in sorted(names)}


async def _healed(inside: Inside) -> list[dict[str, Any]]:
    """What had never come and was fetched, and how far it was looked. Times in epoch milliseconds.

    Of each account and place: an account of a Chatwoot, or a model in Odoo.
    """
    return [
        {
            "account": account.id,
            "where": spot,
            "made": progress.made,
            "last_made": progress.last_made,
            "last_found": int(progress.last_found_at * 1000) or None,
            "looked": int(progress.looked * 1000),
            "goes_on": progress.goes_on,
            "problem": progress.problem,
        }
        for account in inside.settings.accounts
        for spot, progress in read_all(await inside.state.get(account.id, HEALED)).items()
    ]


async def _waiting(inside: Inside) -> list[dict[str, Any]]:
    """The conversations that were handed over and nobody has answered, the one that waits longest first."""
    found = [
        {"account": account.id, "key": key, "since": since}
        for account in inside.settings.accounts
        for key, since in (await inside.state.get(account.id, WAITING) or {}).items()
    ]
    return sorted(found, key=lambda each: int(each["since"]))
