"""relay/retry.py: when a failed delivery is tried again, and when it is given up."""

from typing import Any

import pytest

from relay.delivery import TimedOut
from relay.event import Event
from relay.handler import Handler
from relay.retry import NEVER, Policy, Retry, next_try, retry_for

SERIES = [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600, 3600]
DAY = 86400.0


class TooMany(Exception):
    """Another server's 429."""

    def __init__(self, retry_after: float | None = None, least_wait: float = 0.0) -> None:
        super().__init__("429")
        self.retry_after = retry_after
        self.least_wait = least_wait


class NotTried(Exception):
    """Nothing was sent: it costs no attempt."""

    costs_attempt = False

    def __init__(self, retry_after: float | None = None) -> None:
        super().__init__("not tried")
        self.retry_after = retry_after


def seconds(error: Exception, *, failures: int = 1, elapsed: float = 0.0, chance: float | None = 0.5) -> float:
    wait = next_try(Retry(), error, failures=failures, elapsed=elapsed, chance=chance)
    assert wait is not None
    return wait.seconds


@pytest.mark.parametrize(("failures", "planned"), list(enumerate(SERIES, start=1)))
def test_the_wait_doubles_from_five_seconds_to_an_hour(failures: int, planned: float):
    assert seconds(ValueError(), failures=failures) == pytest.approx(planned)


@pytest.mark.parametrize(("failures", "planned"), list(enumerate(SERIES, start=1)))
def test_chance_moves_the_wait_by_a_fifth_at_the_most(failures: int, planned: float):
    earliest = seconds(ValueError(), failures=failures, chance=0.0)
    latest = seconds(ValueError(), failures=failures, chance=1.0)

    assert earliest == pytest.approx(planned * 0.8)
    assert latest == pytest.approx(planned * 1.2)


def test_two_deliveries_that_fail_together_are_not_tried_together():
    assert len({seconds(ValueError(), failures=9, chance=None) for _ in range(20)}) > 1


@pytest.mark.parametrize("failures", [-1, 0, 1])
def test_an_unusual_count_of_failures_waits_like_the_first(failures: int):
    assert seconds(ValueError(), failures=failures) == 5.0


def test_a_million_failures_still_wait_an_hour():
    assert seconds(ValueError(), failures=1_000_000) == 3600.0


@pytest.mark.parametrize(
    ("asked", "waited"),
    [
        pytest.param(None, 40, id="no Retry-After: as planned"),
        pytest.param(1.0, 40, id="sooner than planned: as planned"),
        pytest.param(55.0, 55, id="between once and twice the plan: as asked"),
        pytest.param(80.0, 80, id="twice the plan: as asked"),
        pytest.param(9999.0, 80, id="far later than planned: twice the plan at the most"),
    ],
)
def test_what_the_other_side_asks_for_counts_between_once_and_twice_the_plan(asked: float | None, waited: float):
    assert seconds(TooMany(asked), failures=4) == waited


@pytest.mark.parametrize("asked", [0.0, 1.0, 39.0])
def test_what_the_other_side_asks_for_is_never_answered_sooner_than_planned(asked: float):
    assert seconds(TooMany(asked), failures=4, chance=0.0) == 40


@pytest.mark.parametrize("asked", [None, 1.0, 8.0])
def test_after_a_429_at_least_a_minute_passes(asked: float | None):
    assert seconds(TooMany(asked, least_wait=60.0), failures=1) == 60.0


def test_a_longer_plan_is_not_shortened_to_the_minute_after_a_429():
    assert seconds(TooMany(least_wait=60.0), failures=8) == 640.0


@pytest.mark.parametrize(
    ("elapsed", "goes_on"),
    [
        pytest.param(0.0, True, id="at the first failure"),
        pytest.param(DAY - 1, True, id="a second before the day is over"),
        pytest.param(DAY, False, id="after a day"),
        pytest.param(10 * DAY, False, id="after ten days (the server was off)"),
    ],
)
def test_a_delivery_is_given_up_after_a_day(elapsed: float, goes_on: bool):
    wait = next_try(Retry(), ValueError(), failures=30, elapsed=elapsed)

    assert (wait is not None) is goes_on


def test_never_means_not_even_once_more():
    assert next_try(NEVER, ValueError(), failures=1, elapsed=0.0) is None


def test_an_ordinary_failure_costs_an_attempt():
    wait = next_try(Retry(), ValueError(), failures=1, elapsed=0.0)

    assert wait is not None
    assert wait.charged


@pytest.mark.parametrize(
    ("asked", "waited"),
    [
        pytest.param(12.0, 12.0, id="it names its wait"),
        pytest.param(0.2, 1.0, id="a second at least"),
        pytest.param(99999.0, 3600.0, id="an hour at the most"),
        pytest.param(None, 5.0, id="it names none: as planned"),
    ],
)
def test_an_error_that_tried_nothing_costs_no_attempt(asked: float | None, waited: float):
    wait = next_try(Retry(), NotTried(asked), failures=1, elapsed=0.0, chance=0.5)

    assert wait is not None
    assert (wait.seconds, wait.charged) == (pytest.approx(waited), False)


def test_even_what_costs_no_attempt_ends_after_a_day():
    assert next_try(Retry(), NotTried(5.0), failures=1, elapsed=DAY) is None


def test_a_handler_may_have_a_series_of_its_own():
    policy = Retry(first=1.0, factor=3.0, longest=10.0, jitter=0.0)

    assert [policy.planned(failures) for failures in (1, 2, 3, 4)] == [1.0, 3.0, 9.0, 10.0]


# A series, and another for each kind of error

THREE = Retry(series=(5.0, 60.0, 600.0))
USUAL = Retry()


@pytest.mark.parametrize(("failures", "waited"), [(0, 5), (1, 5), (2, 60), (3, 600), (4, None), (5, None), (900, None)])
def test_a_series_is_waited_through_and_then_it_is_given_up(failures: int, waited: float | None):
    wait = next_try(THREE, ValueError(), failures=failures, elapsed=0.0, chance=0.5)

    assert (wait and wait.seconds) == (waited and pytest.approx(waited))


def test_a_series_goes_on_however_long_it_takes():
    assert next_try(Retry(series=(DAY, 2 * DAY)), ValueError(), failures=2, elapsed=3 * DAY) is not None


@pytest.mark.parametrize(("elapsed", "goes_on"), [(0.0, True), (DAY - 1, True), (DAY, False)])
def test_what_costs_no_attempt_does_not_use_up_the_series_and_ends_after_a_day(elapsed: float, goes_on: bool):
    wait = next_try(THREE, NotTried(), failures=4, elapsed=elapsed)

    assert (wait is not None) is goes_on


BY_ERROR: Policy = {OSError: THREE, ConnectionError: NEVER, Exception: USUAL}


@pytest.mark.parametrize(
    ("policy", "error", "counts"),
    [
        pytest.param(THREE, ValueError(), THREE, id="one for all"),
        pytest.param(BY_ERROR, OSError(), THREE, id="the kind itself"),
        pytest.param(BY_ERROR, ConnectionResetError(), NEVER, id="the nearest kind, wherever it stands"),
        pytest.param(BY_ERROR, ValueError(), USUAL, id="the kind of all"),
        pytest.param({ValueError: NEVER}, KeyError(), USUAL, id="none that is named: the usual one"),
        pytest.param({BaseException: NEVER}, SystemExit(1), NEVER, id="also what is no Exception"),
        pytest.param({TimeoutError: NEVER}, TimedOut("took longer"), NEVER, id="a handler that took too long"),
    ],
)
def test_of_several_the_one_for_the_nearest_kind_of_error_counts(policy: Policy, error: BaseException, counts: Retry):
    assert retry_for(policy, error) == counts


async def act(event: Event) -> None: ...


@pytest.mark.parametrize("policy", [5, "never", (5, 60), {ValueError: 5}, {"ValueError": NEVER}, {ValueError(): NEVER}])
def test_what_is_no_retry_is_refused_where_it_is_declared(policy: Any):
    with pytest.raises(TypeError, match="act: retry is a Retry"):
        Handler(act, ("x",), retry=policy)


@pytest.mark.parametrize(
    "options",
    [{"first": -1}, {"series": (5, -1)}, {"series": (float("inf"),)}, {"jitter": 2}, {"give_up_after": -1}],
    ids=str,
)
def test_waits_that_make_no_sense_are_refused_in_a_sentence(options: dict[str, Any]):
    with pytest.raises(ValueError, match="a retry's waits are seconds"):
        Retry(**options)


def test_a_series_is_a_tuple():
    with pytest.raises(TypeError, match="a tuple of seconds"):
        Retry(series=[5, 60])  # type: ignore[arg-type]  # what is tested
