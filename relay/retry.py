"""When is a failed delivery tried again, and when is it given up?"""

import random
from dataclasses import dataclass
from typing import NamedTuple

# A retry keeps the later events of its key waiting for this long at the most.
HOLD_SECONDS = 120.0


@dataclass(frozen=True)
class Retry:
    """The series of waits in seconds: `first`, doubled each time up to `longest`, until `give_up_after` has passed."""

    first: float = 5.0
    factor: float = 2.0
    longest: float = 3600.0
    give_up_after: float = 86400.0
    jitter: float = 0.2

    def planned(self, failures: int) -> float:
        """The wait after this many failures, before jitter; it cannot overflow."""
        return min(self.longest, self.first * self.factor ** min(max(failures, 1) - 1, 60))


NEVER = Retry(give_up_after=0.0)


class Wait(NamedTuple):
    """Try again in `seconds`; `charged` says whether the attempt that failed counts."""

    seconds: float
    charged: bool


def next_try(
    policy: Retry, error: BaseException, *, failures: int, elapsed: float, chance: float | None = None
) -> Wait | None:
    """When to try again, or None for never.

    An error may carry what its maker knows: `costs_attempt` (False: nothing was tried), `retry_after` (seconds the
    other side asked for; honoured between once and twice the planned wait) and `least_wait` (seconds).
    `elapsed` is the time since the first failure, `chance` (0 to 1) stands in for randomness in tests.
    """
    if elapsed >= policy.give_up_after:
        return None
    planned = policy.planned(failures)
    asked: float | None = getattr(error, "retry_after", None)
    if not getattr(error, "costs_attempt", True):
        return Wait(_spread(min(max(asked or planned, 1.0), policy.longest), 0.1, chance), charged=False)
    wait = _spread(planned, policy.jitter, chance)
    if asked is not None:
        wait = min(max(wait, asked, planned), 2 * planned)
    return Wait(max(wait, getattr(error, "least_wait", 0.0)), charged=True)


def _spread(seconds: float, jitter: float, chance: float | None) -> float:
    share = random.random() if chance is None else chance  # noqa: S311  # spreads load, guards nothing
    return seconds * (1 - jitter + 2 * jitter * share)
