"""How much came in each minute, and how fast was it answered? The last hour, out of samples of the figures.

The page "Now" asks `Minutes`: `last()` is the minute that ends now, `curve()` the last sixty, oldest first.
"""

import asyncio
import time
from collections import deque
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from loguru import logger
from prometheus_client import Counter, Histogram

from relay.figures import Figures

SAMPLE_SECONDS = 10.0
MINUTE = 60.0
MOST_MINUTES = 60
KEPT = int(MOST_MINUTES * MINUTE / SAMPLE_SECONDS) + 1
REPLIES = "replies"

# How many took up to so many seconds, by the bound, each with those below it (the last bound is infinite).
Buckets = Mapping[float, float]


class Sample(NamedTuple):
    """The figures at one moment: sums since the start. `at` is in epoch seconds."""

    at: float
    requests: float
    events: float
    deliveries: float
    replies: float
    answers: Mapping[str, Buckets]


class Speed(NamedTuple):
    """Seconds to the durable 200 of one source: half were answered within `p50`, 99 of 100 within `p99`."""

    answered: int
    p50: float
    p99: float


class Minute(NamedTuple):
    """What happened in the minute that ended at `at` (epoch seconds); it took `seconds`: 55 to 65, less for the first.

    `speed` is by source, of those alone that were answered with 200 in it.
    """

    at: float
    seconds: float
    requests: int
    events: int
    deliveries: int
    replies: int
    speed: Mapping[str, Speed]


class Minutes:
    """The last hour of a server's figures, sampled every ten seconds."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures
        self._samples: deque[Sample] = deque([sample(figures)], maxlen=KEPT)

    def last(self) -> Minute:
        """The minute that ends now."""
        return minutes_of([*self._samples, sample(self._figures)], 1)[-1]

    def curve(self) -> list[Minute]:
        """The last sixty minutes, oldest first, the last of them ending now; fewer where the server is younger."""
        return minutes_of([*self._samples, sample(self._figures)], MOST_MINUTES)

    async def sample_for_ever(self) -> None:
        """Take samples until it is cancelled."""
        while True:
            await asyncio.sleep(SAMPLE_SECONDS)
            try:
                self._samples.append(sample(self._figures))
            except Exception as error:  # noqa: BLE001  # the next sample is the next
                logger.bind(component="server").error("the figures could not be sampled: {}", error)


def sample(figures: Figures) -> Sample:
    """The figures as they are now."""
    requests = _by_label(figures.requests, "result")
    replies = [counter for own, counter in figures.own.items() if own.name == REPLIES]
    return Sample(
        at=time.time(),
        requests=sum(requests.values()),
        events=requests.get("event", 0.0),
        deliveries=sum(_by_label(figures.deliveries, "state").values()),
        replies=sum(sum(_by_label(each, "account").values()) for each in replies),
        answers=_buckets(figures.answers),
    )


def minutes_of(samples: Sequence[Sample], most: int) -> list[Minute]:
    """The minutes between the samples, counted back from the newest; the oldest may be shorter.

    Where a sample is missing (the machine slept), a minute is longer and says so.
    """
    found: list[Minute] = []
    end = samples[-1]
    for each in reversed(samples[:-1]):
        # Samples are ten seconds apart, and the newest is of just now: what is nearest to a minute is one.
        if len(found) < most and (end.at - each.at > MINUTE - SAMPLE_SECONDS / 2 or each is samples[0]):
            found.append(_between(each, end))
            end = each
    return found[::-1]


def _between(begin: Sample, end: Sample) -> Minute:
    none: Buckets = {}
    speed = {
        source: _speed(
            {bound: number - begin.answers.get(source, none).get(bound, 0.0) for bound, number in own.items()}
        )
        for source, own in end.answers.items()
    }
    return Minute(
        at=end.at,
        seconds=end.at - begin.at,
        requests=int(end.requests - begin.requests),
        events=int(end.events - begin.events),
        deliveries=int(end.deliveries - begin.deliveries),
        replies=int(end.replies - begin.replies),
        speed={source: each for source, each in speed.items() if each.answered},
    )


def _speed(buckets: Buckets) -> Speed:
    answered = int(max(buckets.values(), default=0.0))
    return Speed(answered, quantile(buckets, 0.5), quantile(buckets, 0.99))


def quantile(buckets: Buckets, share: float) -> float:
    """The seconds within which this share was answered, as near as the buckets tell (0 where nothing was)."""
    wanted = max(buckets.values(), default=0.0) * share
    below, counted = 0.0, 0.0
    for bound, number in sorted(buckets.items()):
        if number >= wanted > counted:
            # Beyond the last bound nothing is known but that it was longer.
            return below if bound == float("inf") else below + (bound - below) * (wanted - counted) / (number - counted)
        below, counted = bound, number
    return 0.0


def _by_label(counter: Counter, label: str) -> dict[str, float]:
    sums: dict[str, float] = {}
    for family in counter.collect():
        for each in family.samples:
            if each.name.endswith("_total"):
                sums[each.labels[label]] = sums.get(each.labels[label], 0.0) + each.value
    return sums


def _buckets(histogram: Histogram) -> dict[str, dict[float, float]]:
    found: dict[str, dict[float, float]] = {}
    for family in histogram.collect():
        for each in family.samples:
            if each.name.endswith("_bucket"):
                found.setdefault(each.labels["source"], {})[float(each.labels["le"])] = each.value
    return found
