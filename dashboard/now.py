"""How is it going? The books, what waits and for how long, and what needs a person."""

from typing import Any

from dashboard.asked import Nothing
from dashboard.inside import Inside
from relay.event import now_ms
from relay.store import look


async def now(inside: Inside, _asked: Nothing) -> dict[str, Any]:
    """The books, the backlog by handler, and the oldest that waits; times are epoch milliseconds."""
    books = await inside.store.read(look.books)
    backlog = await inside.store.read(look.backlog, now_ms())
    return {
        "books": books,
        "balanced": balanced(books),
        "backlog": backlog,
        "oldest": min((each["oldest"] for each in backlog if each["state"] == "waiting"), default=None),
    }


def balanced(books: dict[str, dict[str, int]]) -> bool:
    """Whether every request is accounted for."""
    requests = books["requests"]
    return requests["received"] == requests["rejected"] + requests["repeated"] + requests["events"]
