"""relay/rate.py: how often a handler is called. It is told the time; nothing waits."""

import math
from collections import deque
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relay import Batch, Debounce, Event
from relay.delivery import Delivery
from relay.handler import Handler
from relay.rate import Rate, Rates, seconds_of
from relay.signals import Signals


@pytest.mark.parametrize(
    ("text", "most", "seconds"),
    [("5/s", 5, 1), ("10/m", 10, 60), ("1/h", 1, 3600), ("1000/d", 1000, 86400), ("100/15m", 100, 900)],
)
def test_a_rate_is_read_as_it_is_said(text: str, most: int, seconds: int):
    assert Rate.read(text) == Rate(most, seconds)


@pytest.mark.parametrize(
    "text", ["", "10", "10/", "/m", "0/m", "-1/m", "1.5/s", "10/w", "10 / m", "10/0m", 10, None, b"5/s"]
)
def test_what_is_no_rate_is_refused_in_a_sentence(text: Any):
    with pytest.raises(ValueError, match="is no rate: write 5/s, 10/m, 100/15m"):
        Rate.read(text)


@pytest.mark.parametrize(("interval", "seconds"), [("1s", 1), ("30s", 30), ("5m", 300), ("2h", 7200), ("1d", 86400)])
def test_an_interval_is_read_as_it_is_said(interval: str, seconds: int):
    assert seconds_of(interval) == seconds


@pytest.mark.parametrize("interval", ["", "5", "m", "0s", "-5m", "1.5h", "5 m", "5M", "9999999s"])
def test_what_is_no_interval_is_refused_in_a_sentence(interval: str):
    with pytest.raises(ValueError, match="is no interval: write 30s, 5m, 2h or 1d"):
        seconds_of(interval)


@pytest.mark.parametrize(
    ("begun", "begins"),
    [
        pytest.param([], -math.inf, id="none before it: at once"),
        pytest.param([100.0], -math.inf, id="fewer than the rate: at once"),
        pytest.param([100.0, 101.0, 130.0], 160.0, id="as many: a minute after the first of them"),
        pytest.param([1.0, 100.0, 101.0, 130.0], 160.0, id="more: a minute after the third before it"),
    ],
)
def test_when_a_call_may_begin_follows_from_those_before_it(begun: list[float], begins: float):
    assert Rate(3, 60).begins_at(begun) == begins


# What waits


async def act(event: Event) -> None: ...


RATE = Rate(2, 10)
ACTING = Handler(act, ("x",), rate=RATE)


def delivery(number: int, account: str = "shop") -> Delivery:
    return Delivery(Event("x", b"{}", id=f"{number:016x}", account=account), 0, ACTING, 1)


def test_what_is_more_than_the_rate_waits_in_its_turn():
    rates, each = Rates(), [delivery(number) for number in range(1, 6)]
    at_once = [rates.takes(one, 100.0 + number) for number, one in enumerate(each)]

    assert at_once == [True, True, False, False, False]
    assert rates.next_at == 110.0
    assert rates.let_go(109.9) == []
    assert rates.let_go(110.0) == [each[2]]
    assert rates.let_go(111.0) == [each[3]]
    assert rates.next_at == 120.0
    assert rates.let_go(500.0) == [each[4]]
    assert rates.next_at is None


def test_another_accounts_rate_is_its_own():
    rates = Rates()
    mine = [rates.takes(delivery(number, "mine"), 100.0) for number in range(3)]

    assert mine == [True, True, False]
    assert rates.takes(delivery(9, "other"), 100.0)


def test_what_an_earlier_process_began_counts():
    rates = Rates()
    for begun in (50.0, 95.0, 99.0):
        rates.remember(delivery(1).slot, RATE, begun)

    assert not rates.takes(delivery(1), 100.0)
    assert rates.next_at == 105.0


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 8)), max_size=60))
@settings(max_examples=200, deadline=None)
def test_no_stretch_of_time_has_more_than_the_rate_and_nobody_passes_or_waits_for_nothing(
    steps: list[tuple[int, int]],
):
    rates, now = Rates(), 0.0
    came: dict[str, deque[Delivery]] = {}
    begun: dict[str, list[float]] = {}

    def begin(one: Delivery) -> None:
        account = str(one.event.account)
        assert one is came[account].popleft(), "it passed one that came before it"
        recent = [at for at in begun.setdefault(account, []) if at > now - RATE.seconds]
        assert len(recent) < RATE.most, "more than the rate"
        begun[account].append(now)

    for number, (shop, later) in enumerate(steps):
        now += later
        for one in rates.let_go(now):
            begin(one)
        one = delivery(number, f"shop{shop}")
        came.setdefault(str(one.event.account), deque()).append(one)
        if rates.takes(one, now):
            begin(one)
        for account, waiting in came.items():
            assert not waiting or RATE.begins_at(begun[account]) > now, "it waits for nothing"
    while rates.next_at is not None:
        now = rates.next_at
        for one in rates.let_go(now):
            begin(one)

    assert not any(came.values())


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"rate": "often"}, "is no rate"),
        ({"rate": 5}, "is no rate"),
        ({"debounce": 5}, "debounce is a Debounce"),
        ({"debounce": Batch(quiet=1, longest=1)}, "debounce is a Debounce"),
        ({"debounce": Debounce(quiet=1, longest=1), "ordered": False}, "act: a batch holds a key's events in order"),
        ({"when": "incoming"}, "act: when is a plain function"),
        ({"when": act}, "act: when is a plain function"),
    ],
)
def test_a_handler_with_a_rate_or_a_filter_that_is_none_is_told_so(options: dict[str, Any], sentence: str):
    with pytest.raises((ValueError, TypeError), match=sentence):
        Signals().on("x", **options)(act)
