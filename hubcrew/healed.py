"""How far was an account's Chatwoot, or Odoo, looked through for what never came, and when is it looked next? Pure."""

from typing import Any

import msgspec

# Where it is kept, by account: each place's name (`spot`) → its progress.
HEALED = "healed"
# A server that has just started is given a moment; what is to go on, or did not succeed, is not put off for long.
FIRST_SECONDS, GO_ON_SECONDS, AFTER_FAILURE_SECONDS = 1.0, 20.0, 60.0


class Progress(msgspec.Struct, frozen=True):
    """Of one place. Times are epoch seconds.

    What was written since `since` is looked for; what was written before `first` is not ours. Of a look that takes
    several turns, what was last active up to `upto` is done. `made` counts all that was made,
    `last_made` what was made when any was last, at `last_found_at`. `problem` is "refused" or "unreachable" where
    it was not told.
    """

    since: float
    first: float
    looked: float = 0.0
    upto: float = 0.0
    goes_on: bool = False
    made: int = 0
    last_made: int = 0
    last_found_at: float = 0.0
    problem: str = ""


def read_all(known: Any) -> dict[str, Progress]:
    """What is known of each place; one that was never looked at is not among them."""
    return msgspec.convert(known or {}, dict[str, Progress])


def with_progress(known: Any, spot: str, progress: Progress) -> dict[str, Any]:
    """The list with what is known of one place now."""
    return {**(known or {}), spot: msgspec.to_builtins(progress)}


def due_at(progress: Progress | None, started: float, every: float, now: float) -> float:
    """When it is looked next (epoch seconds): soon after a start, then every so many seconds."""
    if progress is None or progress.looked < started or progress.looked > now:
        return started + FIRST_SECONDS
    if progress.goes_on:
        return progress.looked + min(GO_ON_SECONDS, every)
    return progress.looked + (min(AFTER_FAILURE_SECONDS, every) if progress.problem else every)
