"""What if a commit reaches the disk and its answer does not? It counts once, wherever in an event's life it was."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

import anyio
import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from starlette.applications import Starlette

from app import routes
from clients import Access, Chatwoot, Onward
from clients.living import Living
from config.settings import Settings, load
from dashboard import api
from dashboard.figures import Minutes
from dashboard.inside import Inside
from dashboard.reading import Audits
from dashboard.runs import Runs
from dashboard.watch import Watch
from hubcrew import HubCrew, Knowledge
from relay import NEVER, Event, Named, Rejected, Retry, Source, effects
from relay.blame import Blame
from relay.deliver import Deliver
from relay.event import Incoming, now_ms
from relay.receive import Intake
from relay.signals import Signals
from relay.store import State, Store, look
from relay.store.finish import mark_running
from relay.store.keep import Owed
from relay.store.tables import events

pytestmark = pytest.mark.anyio
SOON, LATER = Retry(first=0.05), Retry(first=60.0)
ADMIN = {"Authorization": "Bearer admin"}

# The commit whose answer is lost is the first that leaves this behind.
KEPT = "SELECT 1 FROM events"
EMITTED = "SELECT 1 FROM events WHERE signal = 'shop.thanked'"
WAITING = "SELECT 1 FROM deliveries WHERE state = 'waiting' AND due = 0"
TO_BE_TRIED_AGAIN = "SELECT 1 FROM deliveries WHERE state = 'waiting' AND due > 0"
RUNNING = "SELECT 1 FROM deliveries WHERE state = 'running'"
DONE = "SELECT 1 FROM deliveries WHERE state = 'done'"
DEAD = "SELECT 1 FROM deliveries WHERE state = 'dead'"
CRASH_COUNTED = "SELECT 1 FROM attempts WHERE outcome = 'crashed'"
INTENDED = "SELECT 1 FROM effects WHERE state = 'intended'"
EFFECT_DONE = "SELECT 1 FROM effects WHERE state = 'done'"


class Relay:
    """The way in, the store and the way out, above a disk that once does not say what it has done."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.signals = Signals()
        self.deliver = Deliver(store, self.signals)
        self.handled: list[str] = []
        self.stopped = False
        self.sent: list[str] = []
        self.lost_after: str | None = None
        self.error: Exception = sqlite3.OperationalError("disk I/O error")
        self._commit = store.engine.dialect.do_commit
        shop = Source("shop", ("/shop",), lambda incoming: None, named)
        own = routes(Intake(store, self.deliver, self.signals), [shop])
        admin = api.routes(self._inside(load({"ADMIN_TOKEN": "admin"}), HubCrew(Knowledge(store)), shop))
        transport = httpx.ASGITransport(Starlette(routes=[*own, *admin]), raise_app_exceptions=False)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://relay")

    def _inside(self, settings: Settings, crew: HubCrew, shop: Source) -> Inside:
        chatwoot = Chatwoot(lambda account, place: Access(), self._keep)
        watch = Watch(settings, self.store, chatwoot, crew)
        state = State(self.store)
        figures = self.deliver.figures
        minutes, blame = Minutes(figures), Blame(figures, self.signals.all_handlers)
        store, deliver, signals = self.store, self.deliver, self.signals
        return Inside(
            settings, store, state, deliver, signals, [shop], crew, Runs(), watch, self._send, str, minutes, blame,
            Onward(str), Living(), Audits(settings.accounts, self.store, chatwoot, [replace(shop, name="chatwoot")]),
        )  # fmt: skip

    async def _send(self, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
        raise AssertionError("nothing is sent here")

    async def _keep(self, account: str, conversation: str, kind: str, content: str, test: bool) -> None:
        raise AssertionError("nothing is posted here")

    def commit(self, connection: Any) -> None:
        """Commit; where it is the commit that was chosen, say that it failed."""
        chosen = self.lost_after is not None and connection.execute(self.lost_after).fetchone() is not None
        if chosen:
            self.lost_after = None
        self._commit(connection)
        if chosen:
            raise self.error

    def on(self, signal: str, act: Callable[[Event], Awaitable[Any]], retry: Retry = SOON) -> None:
        """React to a signal with this, and note each call."""

        async def react(event: Event) -> None:
            self.handled.append(signal)
            await act(event)

        react.__qualname__ = signal
        self.signals.on(signal, retry=retry)(react)

    async def start(self) -> None:
        """Deliver from now on: when this returns, what an earlier process left has been read back."""
        await self.deliver.start()
        loops = self.deliver._loops.values()
        for each in loops:
            await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(nothing(None), each.loop))  # it has begun
        with anyio.fail_after(20):
            while any(backlog.behind for each in loops for backlog in each._owed.backlogs.values()):  # noqa: ASYNC110  # threads do it
                await asyncio.sleep(0.01)

    async def send(self, event: Event, find: Callable[[Any], Awaitable[Any]] | None = None) -> None:
        """What a handler does outside, once."""

        async def do() -> str:
            self.sent.append(event.id)
            return "sent"

        await event.once("send", do, find)

    async def post(self, number: int = 1) -> httpx.Response:
        """The shop sends a request with a number of its own."""
        return await self.http.post("/shop", json={}, headers={"x-number": str(number)})

    async def left_by_an_earlier_process(self) -> int:
        """Keep an event that is owed to every handler, while nobody delivers; gives its id."""
        event = Event("shop.sold", b"{}")
        await self.store.register_handlers({each.name: "shop.sold" for each in self.signals.all_handlers()})
        owed = [Owed(each) for each in self.store.handler_ids.values()]
        await self.store.keep(event, Named("shop.sold"), owed)
        return int(event.id, 16)

    async def ended(self, *, within: float = 20.0) -> dict[str, dict[str, int]]:
        """Wait until all has ended, on the disk and in memory; the books then."""
        await self.done(within=within)
        await self.stop()
        assert self.lost_after is None
        return await self.store.read(look.books)

    async def done(self, *, within: float = 20.0) -> None:
        """Wait until nothing is waiting or running."""
        with anyio.fail_after(within):
            while await self._open() > 0:  # noqa: ASYNC110  # threads do it
                await asyncio.sleep(0.01)

    async def _open(self) -> int:
        states = (await self.store.read(look.books))["deliveries"]
        return states["waiting"] + states["running"]

    async def answer_lost(self) -> None:
        """Wait until the chosen commit has come."""
        with anyio.fail_after(20):
            while self.lost_after is not None:  # noqa: ASYNC110  # threads do it
                await asyncio.sleep(0.01)

    async def stop(self) -> None:
        """Write down what has ended, and stop."""
        if not self.stopped:
            self.stopped = True
            await self.deliver.stop(5)
        await self.http.aclose()

    async def attempts(self) -> list[tuple[int, str]]:
        """Every attempt at every delivery: its number and how it went."""
        ids = await self.store.read(lambda connection: connection.execute(select(events.c.id)).scalars().all())
        found = [await self.store.read(look.one_event, f"{each:016x}") for each in ids]
        deliveries = [delivery for event in found if event for delivery in event["deliveries"]]
        return [(each["number"], each["outcome"]) for delivery in deliveries for each in delivery["attempts"]]


def named(incoming: Incoming) -> Named:
    return Named("shop.sold", "account_1", "key:1", repeat_id=incoming.headers["x-number"])


def ended_in(books: dict[str, dict[str, int]]) -> dict[str, int]:
    """The states that deliveries are in."""
    return {state: number for state, number in books["deliveries"].items() if number}


async def nothing(_: Any) -> None:
    """A handler that has nothing to do, or a look that finds nothing."""


async def fail_once(event: Event) -> None:
    if event.attempt == 1:
        raise ValueError("once")


async def reject(event: Event) -> None:
    raise Rejected("never")


@pytest.fixture
async def relay(open_store: Callable[[], Store], monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Relay]:
    made = Relay(open_store())
    monkeypatch.setattr(made.store.engine.dialect, "do_commit", made.commit)
    monkeypatch.setattr(effects, "SETTLE_SECONDS", 0.0)  # nobody here is slow to store what was sent
    yield made
    await made.stop()


async def test_a_sender_told_500_of_what_was_kept_repeats_it_and_it_is_handled_once(relay: Relay) -> None:
    relay.on("shop.sold", nothing)
    await relay.start()
    relay.lost_after = KEPT
    answers = [await relay.post(), await relay.post()]
    books = await relay.ended()

    assert [each.status_code for each in answers] == [500, 200]
    assert answers[1].json() == {"status": "repeated"}
    assert relay.handled == ["shop.sold"]
    assert books["requests"] == {"received": 2, "rejected": 0, "repeated": 1, "events": 1}
    assert ended_in(books) == {"done": 1}


async def test_many_in_one_unclear_commit_are_each_one_event_handled_once(relay: Relay) -> None:
    relay.on("shop.sold", nothing)
    await relay.start()
    relay.lost_after = KEPT
    first = await asyncio.gather(*(relay.post(number) for number in range(20)))
    second = await asyncio.gather(*(relay.post(number) for number in range(20)))
    books = await relay.ended()
    requests = books["requests"]

    assert 500 in {each.status_code for each in first}
    assert {each.status_code for each in second} == {200}
    assert relay.handled == ["shop.sold"] * 20
    assert requests["received"] == requests["repeated"] + requests["events"]
    assert (requests["events"], ended_in(books)) == (20, {"done": 20})


async def test_an_event_emitted_in_an_unclear_commit_is_handled_once(relay: Relay) -> None:
    relay.on("shop.sold", lambda event: event.emit("shop.thanked", {}))
    relay.on("shop.thanked", nothing)
    await relay.start()
    relay.lost_after = EMITTED
    await relay.post()
    books = await relay.ended()

    assert sorted(relay.handled) == ["shop.sold", "shop.sold", "shop.thanked"]
    assert books["requests"] == {"received": 3, "rejected": 0, "repeated": 1, "events": 2}
    assert ended_in(books) == {"done": 2}


async def test_an_unclear_claim_runs_the_handler_once(relay: Relay) -> None:
    relay.on("shop.sold", nothing)
    await relay.left_by_an_earlier_process()
    relay.lost_after = RUNNING
    await relay.start()
    books = await relay.ended()

    assert relay.handled == ["shop.sold"]
    assert ended_in(books) == {"done": 1}


async def test_a_start_that_fails_unclearly_counts_a_crash_once(relay: Relay) -> None:
    relay.on("shop.sold", nothing)
    event = await relay.left_by_an_earlier_process()
    await relay.store.write(mark_running, event, 0, now_ms())
    relay.lost_after = CRASH_COUNTED
    with pytest.raises(OperationalError):
        await relay.start()
    await relay.start()
    books = await relay.ended()

    assert await relay.attempts() == [(1, "crashed"), (2, "done")]
    assert relay.handled == ["shop.sold"]
    assert ended_in(books) == {"done": 1}


@pytest.mark.parametrize(("lost_after", "calls"), [(DONE, 1), (EFFECT_DONE, 2), (INTENDED, 2)])
async def test_an_effect_is_done_once_whichever_commit_around_it_is_unclear(
    relay: Relay, lost_after: str, calls: int
) -> None:
    relay.on("shop.sold", lambda event: relay.send(event, find=nothing))
    await relay.start()
    relay.lost_after = lost_after
    await relay.post()
    books = await relay.ended()

    assert len(relay.sent) == 1
    assert relay.handled == ["shop.sold"] * calls
    assert books["requests"] == {"received": 1, "rejected": 0, "repeated": 0, "events": 1}
    assert ended_in(books) == {"done": 1}


async def test_an_unclear_intent_that_nobody_can_look_up_is_parked_and_not_done_blindly(relay: Relay) -> None:
    relay.on("shop.sold", relay.send)
    await relay.start()
    relay.lost_after = INTENDED
    await relay.post()
    books = await relay.ended()

    assert relay.sent == []
    assert ended_in(books) == {"parked": 1}


@pytest.mark.parametrize(
    ("act", "lost_after", "state"), [(reject, DEAD, "dead"), (fail_once, TO_BE_TRIED_AGAIN, "waiting")]
)
async def test_a_failed_attempt_whose_writing_is_unclear_is_written_once(
    relay: Relay, act: Callable[[Event], Awaitable[None]], lost_after: str, state: str
) -> None:
    relay.on("shop.sold", act, retry=LATER)
    await relay.start()
    relay.lost_after = lost_after
    await relay.post()
    await relay.answer_lost()
    await relay.stop()

    assert ended_in(await relay.store.read(look.books)) == {state: 1}
    assert await relay.attempts() == [(1, "failed")]


async def test_a_retry_that_is_due_before_it_is_written_down_comes_all_the_same(relay: Relay) -> None:
    relay.on("shop.sold", fail_once)
    await relay.start()
    relay.lost_after = TO_BE_TRIED_AGAIN
    await relay.post()

    assert ended_in(await relay.ended(within=5)) == {"done": 1}


async def test_a_retry_that_is_due_at_once_comes_at_once(relay: Relay) -> None:
    relay.on("shop.sold", fail_once, retry=Retry(first=0.0))
    await relay.start()
    await relay.post()

    assert ended_in(await relay.ended(within=5)) == {"done": 1}


async def test_a_handler_that_is_never_tried_again_is_not_given_up_for_an_unclear_claim(relay: Relay) -> None:
    relay.on("shop.sold", nothing, retry=NEVER)
    await relay.left_by_an_earlier_process()
    relay.lost_after = RUNNING
    await relay.start()
    books = await relay.ended()

    assert relay.handled == ["shop.sold"]
    assert ended_in(books) == {"done": 1}


async def test_a_replay_that_is_kept_unclearly_runs(relay: Relay) -> None:
    relay.on("shop.sold", nothing)
    await relay.start()
    await relay.post()
    await relay.done()
    relay.lost_after = WAITING
    answer = await relay.http.post("/admin/api/replay", json={"signal": "shop.sold"}, headers=ADMIN)
    books = await relay.ended(within=4)

    assert answer.status_code == 500
    assert relay.handled == ["shop.sold"] * 2
    assert ended_in(books) == {"done": 1}


async def test_the_books_count_once_whatever_kind_of_error_an_unclear_commit_raises(relay: Relay) -> None:
    relay.error = sqlite3.DatabaseError("the connection was lost")
    relay.lost_after = KEPT
    keeping = (relay.store.keep(Event("shop.sold", b"{}"), Named("shop.sold"), []) for _ in range(5))
    await asyncio.gather(*keeping, return_exceptions=True)
    books = await relay.ended()
    kept = await relay.store.read(lambda connection: connection.execute(select(events.c.id)).all())

    assert len(kept) == 5
    assert books["requests"]["events"] == 5
