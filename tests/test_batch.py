"""relay/batch.py: when the events of one key are handed over together. It is told the time; nothing waits."""

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relay import Batch, Event
from relay.batch import Batches, waiting_since
from relay.delivery import Delivery
from relay.handler import Handler
from relay.order import Order
from relay.signals import Signals

LINE = "shop.order_line"
BATCH = Batch(quiet=8, longest=30, most=100)


# When a batch begins


def delivery(number: int, key: str | None = "order:1", batch: Batch = BATCH, concurrency: int = 16) -> Delivery:
    """What is owed to a handler with a batch."""
    event = Event(LINE, b"{}", id=f"{number:016x}", account="account_1", key=key)
    return Delivery(event, 0, Handler(handed_over, (LINE,), batch=batch, concurrency=concurrency), 1)


async def handed_over(events: list[Event]) -> None: ...


class Program:
    """A loop over an `Order` whose keys gather."""

    def __init__(self) -> None:
        self.order = Order()
        self.batches = Batches(self.order)
        self.next: float | None = None
        self.running: list[Delivery] = []

    def add(self, *deliveries: Delivery, since: float) -> None:
        for each in deliveries:
            self.batches.add(each, since)
            self.order.add(each)

    def begun(self, now: float) -> list[list[int]]:
        """The batches that begin by now."""
        self.next = self.batches.settle(now)
        leading = list(self.order.ready())
        self.order.ready().clear()
        for each in leading:
            each.lead(self.batches.begin(each))
        self.running += leading
        return [[one.place[0] for one in each.all] for each in leading]

    def end(self, leading: Delivery, *, again_until: float | None = None) -> None:
        self.running.remove(leading)
        for each in leading.all if again_until else ():
            self.order.hold(each, again_until or 0.0)
        self.order.ended(leading)


def test_a_batch_begins_once_its_key_is_quiet():
    program = Program()
    program.add(delivery(1), since=100.0)
    first = program.begun(100.0), program.next
    program.add(delivery(2), since=105.0)

    assert first == ([], 108.0)
    assert program.begun(112.9) == []
    assert program.begun(113.0) == [[1, 2]]
    assert program.next is None


def test_a_key_that_is_never_quiet_waits_no_longer_than_the_longest():
    program = Program()
    for number in range(1, 8):
        program.add(delivery(number), since=100.0 + 4 * number)
        assert program.begun(100.0 + 4 * number) == []

    assert program.begun(133.9) == []
    assert program.next == 134.0
    assert program.begun(134.0) == [[1, 2, 3, 4, 5, 6, 7]]


def test_a_batch_begins_at_once_when_there_are_most():
    program, batch = Program(), Batch(quiet=8, longest=30, most=3)
    program.add(delivery(1, batch=batch), delivery(2, batch=batch), since=100.0)
    before = program.begun(100.0)
    program.add(delivery(3, batch=batch), since=100.0)

    assert before == []
    assert program.begun(100.0) == [[1, 2, 3]]


def test_what_is_more_than_most_gathers_by_its_own_times():
    program, batch = Program(), Batch(quiet=8, longest=30, most=2)
    program.add(delivery(1, batch=batch), delivery(2, batch=batch), since=100.0)
    program.add(delivery(3, batch=batch), since=101.0)
    first = program.begun(101.0)
    program.end(program.running[0])

    assert first == [[1, 2]]
    assert program.begun(108.9) == []
    assert program.begun(109.0) == [[3]]


def test_different_keys_do_not_mix():
    program = Program()
    program.add(delivery(1, "order:1"), delivery(2, "order:2"), delivery(3, "order:1"), since=100.0)

    assert program.begun(108.0) == [[1, 3], [2]]


def test_what_comes_while_a_batch_runs_gathers_for_the_next():
    program = Program()
    program.add(delivery(1), since=100.0)
    first = program.begun(108.0)
    program.add(delivery(2), since=109.0)
    program.add(delivery(3), since=110.0)
    meanwhile = program.begun(150.0)
    program.end(program.running[0])

    assert (first, meanwhile) == ([[1]], [])
    assert program.begun(150.0) == [[2, 3]]


def test_what_is_read_late_and_came_early_brings_the_beginning_forward():
    program = Program()
    program.add(delivery(9), since=100.0)
    program.begun(100.0)
    program.add(delivery(2), since=75.0)
    program.begun(100.0)

    assert program.next == 105.0
    assert program.begun(105.0) == [[2, 9]]


def test_what_has_no_key_is_handed_over_at_once_and_alone():
    program = Program()
    program.add(delivery(1, None), delivery(2, None), since=100.0)

    assert program.begun(100.0) == [[1], [2]]


def test_a_batch_that_waits_for_its_handlers_limit_takes_along_what_comes_meanwhile():
    program = Program()
    program.add(delivery(1, "order:1", concurrency=1), since=100.0)
    first = program.begun(108.0)
    program.add(delivery(2, "order:2", concurrency=1), since=101.0)
    meanwhile = program.begun(109.0)
    program.add(delivery(3, "order:2", concurrency=1), since=109.0)
    program.end(program.running[0])

    assert (first, meanwhile) == ([[1]], [])
    assert program.begun(109.0) == [[2, 3]]


def test_what_is_tried_again_is_together_again_and_what_came_meanwhile_may_join():
    program, failed = Program(), [delivery(1), delivery(2)]
    program.add(*failed, since=100.0)
    program.begun(108.0)
    program.end(program.running[0], again_until=200.0)
    program.add(delivery(3), since=109.0)
    meanwhile = program.begun(150.0)
    program.add(delivery(1), delivery(2), since=-math.inf)

    assert meanwhile == []
    assert program.begun(150.0) == [[1, 2, 3]]


def test_nothing_passes_a_retry_of_its_key_that_is_still_away():
    program, failed = Program(), [delivery(1), delivery(2)]
    program.add(*failed, since=100.0)
    program.begun(108.0)
    program.end(program.running[0], again_until=200.0)
    program.add(delivery(3), since=109.0)
    program.add(delivery(1), since=-math.inf)
    first = program.begun(150.0)
    program.end(program.running[0])
    second = program.begun(150.0)
    program.add(delivery(2), since=-math.inf)

    assert (first, second) == ([[1]], [])
    assert program.begun(150.0) == [[2, 3]]


@pytest.mark.parametrize(
    ("received", "since"),
    [
        pytest.param(1_000_000, 500.0, id="just now"),
        pytest.param(995_000, 495.0, id="five seconds ago"),
        pytest.param(400_000, -100.0, id="before the machine was started, or the clock was set forward"),
        pytest.param(9_000_000, 500.0, id="in the future: the clock was set back"),
    ],
)
def test_since_when_an_event_waits_whatever_the_clock_did(received: int, since: float):
    waiting = delivery(1)
    waiting.event.received = received

    assert waiting_since(waiting, 1_000_000, 500.0) == since


@pytest.mark.parametrize(("attempts", "first_failed"), [(1, None), (0, 999_000), (3, 999_000)])
def test_what_was_begun_before_has_waited_enough(attempts: int, first_failed: int | None):
    again = delivery(1)
    again.attempts, again.first_failed = attempts, first_failed

    assert waiting_since(again, 1_000_000, 500.0) == -math.inf


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(0, 2), st.integers(0, 9)),
        st.tuples(st.just("pass"), st.integers(1, 12), st.just(0)),
        st.tuples(st.just("end"), st.integers(0, 9), st.just(0)),
        st.tuples(st.just("fail"), st.integers(0, 9), st.just(0)),
        st.tuples(st.just("again"), st.just(0), st.just(0)),
    ),
    max_size=80,
)


class Kept(Program):
    """The same, with its own account of what must hold."""

    batch = Batch(quiet=8, longest=30, most=4)

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0
        self.since: dict[int, float] = {}
        self.keys: dict[int, str] = {}
        self.done: list[int] = []
        self.failed: list[list[int]] = []
        self.had_time: set[str] = set()

    def made(self, number: int) -> Delivery:
        return delivery(number, self.keys[number], self.batch, concurrency=2)

    def come(self, key: int, age: int) -> None:
        number = len(self.keys)
        self.keys[number], self.since[number] = f"order:{key}", self.now - age
        self.add(self.made(number), since=self.since[number])
        self.look()

    def finish(self, which: int, *, well: bool) -> None:
        if self.running:
            leading = self.running[which % len(self.running)]
            numbers = [each.place[0] for each in leading.all]
            if well:
                self.done += numbers
            else:
                self.failed.append(numbers)
            self.end(leading, again_until=None if well else math.inf)
            self.look()

    def again(self) -> None:
        for number in self.failed.pop(0) if self.failed else ():
            self.since[number] = -math.inf
            self.add(self.made(number), since=-math.inf)
        self.look()

    def look(self) -> None:
        self.note_whose_time_has_come()
        for numbers in self.begun(self.now):
            self.check(numbers)
        assert len(self.running) <= 2

    def note_whose_time_has_come(self) -> None:
        """What then waits for the handler's limit takes along what comes meanwhile."""
        away = {*self.done, *(one for each in self.failed for one in each)}
        away |= {one.place[0] for each in self.running for one in each.all}
        for key in set(self.keys.values()):
            since = [self.since[each] for each in self.keys if self.keys[each] == key and each not in away]
            if since and self.now >= min(max(since) + self.batch.quiet, min(since) + self.batch.longest):
                self.had_time.add(key)

    def check(self, numbers: list[int]) -> None:
        key = {self.keys[each] for each in numbers}
        assert len(key) == 1, "keys mixed"
        assert len(numbers) <= self.batch.most
        assert numbers == sorted(numbers)
        assert not set(numbers) & set(self.done)
        one = key.pop()
        assert [self.keys[each.place[0]] for each in self.running].count(one) == 1, "two of one key at a time"
        assert len(numbers) == self.batch.most or one in self.had_time, "too soon"
        self.had_time.discard(one)


@given(STEPS)
@settings(max_examples=200, deadline=None)
def test_whatever_comes_and_fails_each_is_in_a_batch_of_its_key_until_it_is_done(steps: list[tuple[str, int, int]]):
    kept = Kept()
    for what, first, second in steps:
        if what == "add":
            kept.come(first, second)
        elif what == "pass":
            kept.now += first
            kept.look()
        elif what == "again":
            kept.again()
        else:
            kept.finish(first, well=what == "end")
    for _ in range(200):
        kept.now += 10
        kept.again()
        kept.finish(0, well=True)

    assert sorted(kept.done) == sorted(kept.keys)
    assert kept.order._lanes == {}
    assert kept.batches._gathering == {}


# What may be declared


@pytest.mark.parametrize(
    "options",
    [
        {"quiet": 0, "longest": 30},
        {"quiet": -1, "longest": 30},
        {"quiet": 8, "longest": 7},
        {"quiet": math.nan, "longest": 30},
        {"quiet": 8, "longest": math.inf},
        {"quiet": 8, "longest": 30, "most": 0},
        {"quiet": 8, "longest": 30, "most": 2.5},
    ],
    ids=str,
)
def test_a_batch_that_makes_no_sense_is_refused_in_a_sentence(options: dict[str, Any]):
    with pytest.raises(ValueError, match="a batch "):
        Batch(**options)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"batch": BATCH, "ordered": False}, "handed_over: a batch holds a key's events in order"),
        ({"batch": 8}, "handed_over: batch is a Batch"),
    ],
    ids=["without order", "no batch"],
)
def test_a_handler_that_cannot_have_a_batch_is_told_so_when_it_declares_itself(options: dict[str, Any], sentence: str):
    with pytest.raises((ValueError, TypeError), match=sentence):
        Signals().on(LINE, **options)(handed_over)
