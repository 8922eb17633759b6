"""What the page shows of the last hour, out of samples of the figures."""

import pytest

from dashboard.figures import KEPT, Minutes, Sample, minutes_of, quantile, sample
from relay.figures import Figures

INFINITE = float("inf")


def at(seconds: float, count: float, **answers: dict[float, float]) -> Sample:
    return Sample(seconds, count, count, count * 2, count / 2, answers)


def every_ten(seconds: int, per_second: float = 1.0) -> list[Sample]:
    return [at(each, each * per_second) for each in range(0, seconds + 1, 10)]


@pytest.mark.parametrize(
    ("samples", "ends", "requests"),
    [
        (every_ten(30), [30], [30]),
        (every_ten(60), [60], [60]),
        (every_ten(120), [60, 120], [60, 60]),
        (every_ten(130), [10, 70, 130], [10, 60, 60]),
        # the newest is of just now
        ([*every_ten(120), at(123, 123)], [60, 123], [60, 63]),
        ([*every_ten(120), at(128, 128)], [10, 70, 128], [10, 60, 58]),
        # a sample was late, or the machine slept
        ([at(0, 0), at(200, 50), at(210, 55)], [210], [55]),
    ],
)
def test_minutes_are_counted_back_from_the_newest_sample(
    samples: list[Sample], ends: list[int], requests: list[int]
) -> None:
    minutes = minutes_of(samples, 60)

    assert [each.at for each in minutes] == ends
    assert [each.requests for each in minutes] == requests
    assert sum(each.seconds for each in minutes) == samples[-1].at - samples[0].at


def test_no_more_minutes_are_given_than_are_wanted() -> None:
    assert [each.at for each in minutes_of(every_ten(600), 3)] == [480, 540, 600]


def test_a_minute_tells_what_was_counted_in_it() -> None:
    (minute,) = minutes_of([at(0, 10), at(60, 30)], 1)

    assert (minute.requests, minute.events, minute.deliveries, minute.replies) == (20, 20, 40, 10)
    assert minute.speed == {}


def test_the_speed_is_that_of_the_minute_alone_and_by_source() -> None:
    before = at(0, 0, chatwoot={0.01: 0.0, 1.0: 900.0, INFINITE: 900.0})
    after = at(60, 0, chatwoot={0.01: 100.0, 1.0: 1000.0, INFINITE: 1000.0}, odoo={0.01: 0.0, 1.0: 2.0, INFINITE: 2.0})
    (minute,) = minutes_of([before, after], 1)

    assert minute.speed["chatwoot"].answered == 100
    assert minute.speed["chatwoot"].p50 == pytest.approx(0.005)
    assert 0.01 < minute.speed["odoo"].p50 < 1.0


@pytest.mark.parametrize(
    ("buckets", "share", "seconds"),
    [
        ({}, 0.5, 0.0),
        ({0.01: 0, INFINITE: 0}, 0.5, 0.0),
        ({0.01: 100, INFINITE: 100}, 0.5, 0.005),
        ({0.01: 0, 0.02: 100, INFINITE: 100}, 0.5, 0.015),
        ({0.01: 99, 0.02: 100, INFINITE: 100}, 0.99, 0.01),
        # beyond the last bound: longer than that, and no more is known
        ({0.01: 0, 30.0: 0, INFINITE: 10}, 0.99, 30.0),
    ],
)
def test_a_share_is_found_within_its_bucket(buckets: dict[float, float], share: float, seconds: float) -> None:
    assert quantile(buckets, share) == pytest.approx(seconds)


def test_a_sample_is_what_was_counted() -> None:
    figures = Figures()
    figures.request("chatwoot", "event", 200, 0.0015)
    figures.request("chatwoot", "rejected", 401)
    taken = sample(figures)

    assert (taken.requests, taken.events) == (2, 1)
    assert taken.answers["chatwoot"][0.001] == 0
    assert taken.answers["chatwoot"][0.002] == taken.answers["chatwoot"][INFINITE] == 1


def test_what_was_counted_just_now_is_in_the_last_minute() -> None:
    figures = Figures()
    minutes = Minutes(figures)
    figures.request("chatwoot", "event", 200, 0.0015)

    assert minutes.last().requests == 1
    assert minutes.curve()[-1].speed["chatwoot"].answered == 1


def test_an_hour_is_kept_and_no_more() -> None:
    minutes = Minutes(Figures())
    for each in range(2 * KEPT):
        minutes._samples.append(at(each * 10.0, each))

    assert len(minutes._samples) == KEPT
    assert len(minutes_of(list(minutes._samples), 60)) == 60
