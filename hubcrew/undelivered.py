"""Which of our replies did not reach their customers? An account's list, the newest of them. Pure."""

from collections.abc import Mapping
from typing import Any

# Where the list is kept, by account: a message's number in Chatwoot → what is known of it.
UNDELIVERED = "undelivered replies"
MOST_LISTED = 50


def with_undelivered(
    known: Mapping[str, Any] | None, message: str, conversation: str, error: str, at: int
) -> dict[str, Any]:
    """The list with this message, which counts from when it was first reported (`at`: epoch milliseconds)."""
    earlier = dict(known or {})
    earlier.setdefault(message, {"conversation": conversation, "error": error, "at": at})
    newest = sorted(earlier.items(), key=lambda each: each[1]["at"])[-MOST_LISTED:]
    return dict(newest)
