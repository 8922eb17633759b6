"""relay/clock.py: each slot is one kept event per account, whoever looks at the clock, and however often."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import anyio
import pytest

from relay import Event, Named
from relay.clock import Clock
from relay.deliver import Deliver
from relay.signals import Signals
from relay.store import Store, add_up, look

pytestmark = pytest.mark.anyio
SAO_PAULO, BERLIN = ZoneInfo("America/Sao_Paulo"), ZoneInfo("Europe/Berlin")
SIGNAL = "schedule.tests.test_clock.report"


class Process:
    """One process's way out, with a handler that the clock calls; its clock shows what it is told."""

    def __init__(self, store: Store, declare: Callable[[Signals], Any], now: str) -> None:
        self.store = store
        self.signals = Signals()
        self.calls: list[tuple[str | None, str]] = []
        self.zones: dict[str, tzinfo] = {"shop": SAO_PAULO}
        self.deliver = Deliver(store, self.signals)
        self.set(now)

        async def report(event: Event) -> None:
            self.calls.append((event.account, event.payload["at"]))

        declare(self.signals)(report)
        self.handlers = self.signals.all_handlers()
        self.clock = Clock(store, self.deliver, self.handlers, lambda: self.zones, lambda: self.now)

    def set(self, now: str) -> None:
        """Let it be this time in São Paulo."""
        self.now = datetime.fromisoformat(now).replace(tzinfo=SAO_PAULO).timestamp()

    async def look(self, *times: str) -> list[tuple[str | None, str]]:
        """Look at the clock at these times; gives all that was ever called, in the order of the slots."""
        for each in times:
            self.set(each)
            await self.clock.look()
        with anyio.fail_after(20):
            while await self._owes():  # noqa: ASYNC110  # threads do it
                await anyio.sleep(0.005)
        return sorted(self.calls)

    async def _owes(self) -> bool:
        states = (await self.store.read(look.books))["deliveries"]
        return bool(states["waiting"] or states["running"])


Start = Callable[..., Any]


@pytest.fixture
async def start(open_store: Callable[[], Store]) -> AsyncIterator[Start]:
    """Start a process over the one store."""
    store, started = open_store(), []

    async def make(declare: Callable[[Signals], Any], now: str) -> Process:
        process = Process(store, declare, now)
        started.append(process)
        await process.deliver.start()
        await process.clock.look()
        return process

    yield make
    for each in started:
        await each.deliver.stop(1)


def daily(signals: Signals) -> Any:
    return signals.daily("08:00")


def every(signals: Signals) -> Any:
    return signals.every("5m")


async def test_each_slot_is_called_once_per_account_by_its_own_clock(start: Start):
    process = await start(daily, "2026-11-28T01:00")
    process.zones["loja"] = BERLIN
    called = await process.look("2026-11-28T03:00", "2026-11-28T04:00", "2026-11-28T08:00", "2026-11-28T08:01")

    assert called == [("loja", "2026-11-28T08:00:00+01:00"), ("shop", "2026-11-28T08:00:00-03:00")]


async def test_an_event_of_the_clock_is_kept_like_any_other(start: Start):
    process = await start(every, "2026-11-28T07:01")
    await process.look("2026-11-28T07:05", "2026-11-28T07:06", "2026-11-28T07:11")
    events = (await process.store.read(look.list_events, look.Filter(), 50, None))[0]

    assert [(each["signal"], each["source"], each["key"], each["status"]) for each in events] == [
        (SIGNAL, "schedule", SIGNAL, "done")
    ] * 2
    assert not [each for each in await process.store.read(add_up.add_up) if each.counted != each.found]


@pytest.mark.parametrize("declare", [daily, every])
async def test_of_two_processes_one_makes_the_event(start: Start, declare: Callable[[Signals], Any]):
    one, other = await start(declare, "2026-11-28T07:01"), await start(declare, "2026-11-28T07:01")
    one.set("2026-11-28T08:00")
    other.set("2026-11-28T08:00")
    async with anyio.create_task_group() as both:
        both.start_soon(one.clock.look)
        both.start_soon(other.clock.look)
    await one.look()
    events = (await one.store.read(look.list_events, look.Filter(), 50, None))[0]

    assert [each["signal"] for each in events] == [SIGNAL]


async def test_what_was_missed_while_nobody_looked_is_made_up_once_and_the_newest_alone(start: Start):
    await start(every, "2026-11-28T07:01")
    later = await start(every, "2026-11-28T09:03")
    made_up = await later.look()
    again = await start(every, "2026-11-28T09:04")

    assert made_up == [("shop", "2026-11-28T09:00:00-03:00")]
    assert await again.look() == []


@pytest.mark.parametrize(("back", "called"), [("2026-11-29T23:00", 1), ("2026-11-30T07:00", 0)])
async def test_a_day_that_was_missed_is_made_up_on_the_same_day_only(start: Start, back: str, called: int):
    await start(daily, "2026-11-28T20:00")
    later = await start(daily, back)

    assert len(await later.look()) == called


async def test_nothing_is_made_up_from_before_a_handler_or_an_account_was_there(start: Start):
    process = await start(daily, "2026-11-28T15:00")
    process.zones["new"] = SAO_PAULO
    first = await process.look("2026-11-28T16:00")
    restarted = await start(daily, "2026-11-28T17:00")
    restarted.zones["new"] = SAO_PAULO
    second = await restarted.look()

    assert (first, second) == ([], [])
    assert len(await restarted.look("2026-11-29T08:00")) == 2


async def test_a_clock_that_is_set_back_calls_nobody_twice_and_goes_on_at_once(start: Start):
    process = await start(every, "2026-11-28T07:59")
    called = await process.look("2026-11-28T08:00", "2026-11-28T07:57", "2026-11-28T08:00", "2026-11-28T08:05")

    assert [at for _, at in called] == ["2026-11-28T08:00:00-03:00", "2026-11-28T08:05:00-03:00"]


async def test_a_clock_that_was_years_ahead_when_a_handler_was_first_seen_does_not_silence_it(start: Start):
    await start(daily, "2031-01-01T12:00")
    process = await start(daily, "2026-11-28T07:00")

    assert len(await process.look("2026-11-28T08:00")) == 1


async def test_an_hour_that_is_said_anew_counts_from_then_on(start: Start):
    await (await start(daily, "2026-11-28T07:00")).look("2026-11-28T08:00")
    earlier = await start(lambda signals: signals.daily("07:30"), "2026-11-28T09:00")
    later = await start(lambda signals: signals.daily("10:00"), "2026-11-28T09:00")

    assert await earlier.look() == []
    assert await later.look("2026-11-28T10:00") == [("shop", "2026-11-28T10:00:00-03:00")]


async def test_a_handler_that_is_switched_off_is_owed_nothing_for_the_meantime(start: Start):
    process = await start(every, "2026-11-28T07:01")
    await process.deliver.switch(process.handlers[0], on=False)
    await process.look("2026-11-28T07:05", "2026-11-28T07:10")
    await process.deliver.switch(process.handlers[0], on=True)

    assert await process.look("2026-11-28T07:11", "2026-11-28T07:15") == [("shop", "2026-11-28T07:15:00-03:00")]


async def test_it_sleeps_no_longer_than_until_the_next_slot(start: Start):
    process = await start(every, "2026-11-28T07:04:57")

    assert process.clock._pause() == pytest.approx(3.0, abs=0.01)


async def test_what_cannot_be_made_for_one_handler_keeps_no_other_back(start: Start, monkeypatch: pytest.MonkeyPatch):
    process = await start(daily, "2026-11-28T07:00")
    process.zones["loja"] = BERLIN
    await process.look("2026-11-28T07:01")  # from now on it is known
    make = process.deliver.make

    async def fails_for_the_shop(event: Event, named: Named) -> None:
        if event.account == "shop":
            raise OSError("the disk is full")
        await make(event, named)

    with monkeypatch.context() as full:
        full.setattr(process.deliver, "make", fails_for_the_shop)
        process.set("2026-11-29T08:00")
        all_kept = await process.clock.look()
        others = await process.look()
    called = await process.look("2026-11-29T08:01")

    assert (all_kept, [account for account, _ in others]) == (False, ["loja"])
    assert [account for account, _ in called] == ["loja", "shop"]
