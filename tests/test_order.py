"""relay/order.py: in order per key, one at a time, within a handler's limit; no key waits for another."""

from collections.abc import Hashable
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from relay.order import Order


@dataclass(eq=False)
class Item:
    """A delivery, as far as its order is concerned."""

    number: int
    lane: Hashable | None = "a"
    slot: Hashable = "handler"
    most: int = 16
    held: bool = field(default=False, repr=False)

    @property
    def place(self) -> tuple[int, int]:
        return self.number, 0


def started(order: Order) -> list[int]:
    """Take out what may start now, as the loop does."""
    numbers = [item.number for item in order.ready()]
    order.ready().clear()
    return numbers


def test_one_item_of_a_key_runs_at_a_time():
    order, items = Order(), [Item(1), Item(2), Item(3)]
    for item in items:
        order.add(item)

    assert started(order) == [1]
    order.ended(items[0])
    assert started(order) == [2]
    order.ended(items[1])
    assert started(order) == [3]


def test_no_key_waits_for_another():
    order = Order()
    for item in (Item(1, "a"), Item(2, "b"), Item(3, "a"), Item(4, "c")):
        order.add(item)

    assert started(order) == [1, 2, 4]


def test_items_without_a_key_run_side_by_side():
    order = Order()
    for number in (1, 2, 3):
        order.add(Item(number, None))

    assert started(order) == [1, 2, 3]


def test_what_came_earlier_but_is_added_late_goes_before_the_later_ones():
    order, first = Order(), Item(2)
    for item in (first, Item(9), Item(5)):
        order.add(item)
    started(order)

    order.ended(first)

    assert started(order) == [5]


def test_no_more_of_a_handler_run_than_its_limit():
    order = Order()
    items = [Item(number, lane=number, most=2) for number in range(1, 5)]
    for item in items:
        order.add(item)

    assert started(order) == [1, 2]
    order.ended(items[1])
    assert started(order) == [3]
    order.ended(items[0])
    assert started(order) == [4]


def test_one_handlers_limit_does_not_hold_up_another():
    order = Order()
    for item in (Item(1, "a", "slow", 1), Item(2, "b", "slow", 1), Item(3, "c", "quick", 1)):
        order.add(item)

    assert started(order) == [1, 3]


def test_items_without_a_key_keep_to_the_limit_too():
    order, first = Order(), Item(1, None, most=1)
    order.add(first)
    order.add(Item(2, None, most=1))

    assert started(order) == [1]
    order.ended(first)
    assert started(order) == [2]


def test_a_retry_keeps_the_later_items_of_its_key_waiting():
    order, first, second = Order(), Item(1), Item(2)
    order.add(first)
    order.add(second)
    started(order)

    order.hold(first, until=120.0)
    order.ended(first)
    order.release_stale(now=119.0)
    assert started(order) == []

    order.add(first)
    assert started(order) == [1]
    order.ended(first)
    assert started(order) == [2]


def test_an_item_that_came_before_the_held_one_does_not_wait_for_it():
    order, held = Order(), Item(5)
    order.add(held)
    started(order)
    order.hold(held, until=120.0)
    order.ended(held)

    order.add(Item(3))

    assert started(order) == [3]


def test_a_retry_of_one_key_holds_up_no_other():
    order, first = Order(), Item(1, "a")
    order.add(first)
    started(order)
    order.hold(first, until=120.0)
    order.ended(first)

    order.add(Item(2, "b"))

    assert started(order) == [2]


def test_after_two_minutes_the_key_goes_on_without_the_retry():
    order, first, second = Order(), Item(1), Item(2)
    order.add(first)
    order.add(second)
    started(order)
    order.hold(first, until=120.0)
    order.ended(first)

    order.release_stale(now=120.0)

    assert started(order) == [2]


def test_a_retry_that_is_known_to_come_keeps_its_key_however_long_that_takes():
    order = Order()
    order.hold_lane("a", (1, 0), until=120.0)
    order.add(Item(2, "a"))
    order.release_stale(130.0, known={(1, 0)})
    before = started(order)
    order.release_stale(130.0)

    assert (before, started(order)) == ([], [2])


def test_a_retry_that_is_only_on_the_disk_holds_its_key_as_well():
    order = Order()
    order.hold_lane("a", (1, 0), until=120.0)
    order.add(Item(2))

    assert started(order) == []
    order.add(Item(1))
    assert started(order) == [1]


def test_a_released_key_that_nothing_waits_for_is_forgotten():
    order, item = Order(), Item(1)
    order.add(item)
    started(order)
    order.hold(item, until=120.0)
    order.ended(item)

    order.release_stale(now=500.0)

    assert order._lanes == {}
    assert order._slots == {}


# Whatever happens, in whatever order

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(0, 4), st.integers(0, 2)),
        st.tuples(st.just("end"), st.integers(0, 50), st.booleans()),
        st.tuples(st.just("again"), st.integers(0, 50), st.just(0)),
    ),
    max_size=120,
)
LIMITS = {0: 1, 1: 2, 2: 5}


class Program:
    """A loop over an `Order` that keeps its own account of what must hold."""

    def __init__(self) -> None:
        self.order = Order()
        self.items: list[Item] = []
        self.running: list[Item] = []
        self.failed: list[Item] = []
        self.done: list[Item] = []

    def add(self, lane: int, slot: int) -> None:
        key = (slot, lane) if lane else None  # lane 0: no order
        item = Item(len(self.items), key, slot, LIMITS[slot])
        self.items.append(item)
        self.order.add(item)
        self.start()

    def end(self, which: int, *, well: bool) -> None:
        if self.running:
            item = self.running.pop(which % len(self.running))
            if well:
                self.done.append(item)
            else:
                self.failed.append(item)
                self.order.hold(item, until=120.0)
            self.order.ended(item)
            self.start()

    def again(self, which: int) -> None:
        if self.failed:
            self.order.add(self.failed.pop(which % len(self.failed)))
            self.start()

    def start(self) -> None:
        while self.order.ready():
            item = self.order.ready().popleft()
            self.check(item)
            self.running.append(item)
        for slot, most in LIMITS.items():
            assert sum(item.slot == slot for item in self.running) <= most

    def check(self, item: Item) -> None:
        assert item not in self.running
        assert item not in self.done
        if item.lane is not None:
            earlier = [each for each in self.items if each.lane == item.lane and each.number < item.number]
            assert all(each in self.done for each in earlier), "it passed one that came before it"
            assert all(each.lane != item.lane for each in self.running), "two of one key at a time"


@given(STEPS)
@settings(max_examples=300, deadline=None)
def test_order_and_limits_always_hold_and_nothing_is_lost(steps: list[tuple[str, int, int]]):
    program = Program()
    for what, first, second in steps:
        if what == "add":
            program.add(first, second)
        elif what == "end":
            program.end(first, well=bool(second))
        else:
            program.again(first)
    while program.running or program.failed:
        program.again(0)
        program.end(0, well=True)

    assert len(program.done) == len(program.items)
    assert program.order._lanes == {}
    assert program.order._slots == {}
