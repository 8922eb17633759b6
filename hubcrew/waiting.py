"""Which conversations wait for a person? An account's list: handed over, and nobody has written since. Pure."""

from collections.abc import Mapping
from typing import Any

# Where the list is kept, by account: a conversation's key → since when (epoch milliseconds).
WAITING = "waiting for a person"
MOST_LISTED = 500


def with_waiting(known: Mapping[str, int] | None, key: str, since: int | None) -> dict[str, Any] | None:
    """The list with this conversation, or, where it waits no longer (`since` is None), without; None: nobody waits."""
    others = {name: at for name, at in (known or {}).items() if name != key}
    changed = others if since is None else {**others, key: since}
    newest = sorted(changed.items(), key=lambda each: each[1])[-MOST_LISTED:]
    return dict(newest) or None
