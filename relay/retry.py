"""When is a failed delivery tried again, and when is it given up?"""

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

# A retry keeps the later events of its key waiting for this long at the most, unless its handler says otherwise.
HOLD_SECONDS = 120.0


@dataclass(frozen=True)
class Retry:
    """The waits in seconds: `first`, doubled each time up to `longest`, until `give_up_after` has passed.

    With `series` these waits instead, and given up after the last; `give_up_after` then bounds only what costs no
    attempt. `jitter` is the share by which chance moves a wait. `hold` is for how many seconds after the first failure
    the later events of its key wait for it: an order that must never be broken needs as long as it may take.
    """

    first: float = 5.0
    factor: float = 2.0
    longest: float = 3600.0
    give_up_after: float = 86400.0
    jitter: float = 0.2
    series: tuple[float, ...] = ()
    hold: float = HOLD_SECONDS

    def __post_init__(self) -> None:
        if not isinstance(self.series, tuple):
            raise TypeError(f"a retry's series is a tuple of seconds, not {self.series!r}")
        waits = (self.first, self.factor, self.longest, self.hold, *self.series)
        if not all(0 <= each < math.inf for each in waits) or not (0 <= self.jitter <= 1 and self.give_up_after >= 0):
            raise ValueError(f"a retry's waits are seconds, its jitter a share from 0 to 1: not {self}")

    def planned(self, failures: int) -> float:
        """The wait after this many failures, before jitter; it cannot overflow."""
        if self.series:
            return self.series[min(max(failures, 1), len(self.series)) - 1]
        return min(self.longest, self.first * self.factor ** min(max(failures, 1) - 1, 60))

    def is_over(self, failures: int, elapsed: float, *, charged: bool) -> bool:
        """Whether it is given up after so many failures, the first of them so many seconds ago."""
        return failures > len(self.series) if self.series and charged else elapsed >= self.give_up_after


NEVER = Retry(give_up_after=0.0)
USUAL = Retry()
# One for all, or one for each kind of error; the nearest kind counts, and the usual one for what none names.
Policy = Retry | Mapping[type[BaseException], Retry]


def check(policy: Policy) -> Policy:
    """The policy itself; raises a TypeError that says what one is."""
    by_error = policy if isinstance(policy, Mapping) else {Exception: policy}
    for error, retry in by_error.items():
        if not (isinstance(error, type) and issubclass(error, BaseException) and isinstance(retry, Retry)):
            meant = "a Retry(...), or one for each kind of error: {ValueError: NEVER}"
            raise TypeError(f"retry is {meant}; not {policy!r}")
    return policy


def retry_for(policy: Policy, error: BaseException) -> Retry:
    """The one that counts for an error."""
    if isinstance(policy, Retry):
        return policy
    return next((policy[kind] for kind in type(error).__mro__ if kind in policy), USUAL)


def longest_hold(policy: Policy) -> float:
    """For how many seconds a key waits for a retry at the most, whatever the error."""
    return policy.hold if isinstance(policy, Retry) else max(USUAL.hold, *(each.hold for each in policy.values()))


class Wait(NamedTuple):
    """Try again in `seconds`; `charged` says whether the attempt that failed counts."""

    seconds: float
    charged: bool


def next_try(
    policy: Policy, error: BaseException, *, failures: int, elapsed: float, chance: float | None = None
) -> Wait | None:
    """When to try again, or None for never.

    An error may carry what its maker knows: `costs_attempt` (False: nothing was tried), `retry_after` (seconds the
    other side asked for; honoured between once and twice the planned wait) and `least_wait` (seconds).
    `elapsed` is the time since the first failure, `chance` (0 to 1) stands in for randomness in tests.
    """
    retry, charged = retry_for(policy, error), getattr(error, "costs_attempt", True)
    if retry.is_over(failures, elapsed, charged=charged):
        return None
    planned = retry.planned(failures)
    asked: float | None = getattr(error, "retry_after", None)
    if not charged:
        return Wait(_spread(min(max(asked or planned, 1.0), retry.longest), 0.1, chance), charged=False)
    wait = _spread(planned, retry.jitter, chance)
    if asked is not None:
        wait = min(max(wait, asked, planned), 2 * planned)
    return Wait(max(wait, getattr(error, "least_wait", 0.0)), charged=True)


def _spread(seconds: float, jitter: float, chance: float | None) -> float:
    share = random.random() if chance is None else chance  # noqa: S311  # spreads load, guards nothing
    return seconds * (1 - jitter + 2 * jitter * share)
