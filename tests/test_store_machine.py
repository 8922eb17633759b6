"""Does the store keep its promises whatever happens in whatever order? A model in plain Python walks beside it.

For hours instead of seconds: STORE_MACHINE_EXAMPLES=20000 pytest tests/test_store_machine.py
"""

import asyncio
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine as Machine
from hypothesis.stateful import initialize, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import NullPool, create_engine, text

import relay.event
from relay import effects
from relay.event import Event, Named, new_id
from relay.store import Store, clean, ledger, look, replay, state, take
from relay.store import store as store_module
from relay.store.finish import Outcome, mark_running
from relay.store.keep import Owed
from relay.store.look import Filter
from relay.store.writer import Transaction
from tests.store_model import ABSENT, DAY, ENDED, OPEN, WORST_FIRST, Model, Owing, Place, owed_now, stored_tables

EXAMPLES = int(os.environ.get("STORE_MACHINE_EXAMPLES", "0"))
SETTINGS = settings(
    max_examples=EXAMPLES or 25,
    stateful_step_count=40,
    derandomize=not EXAMPLES,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)
# One engine for all that is looked at: each has to compile its statements anew.
looked_at: list[Path] = []
LOOKING = create_engine("sqlite://", creator=lambda: sqlite3.connect(looked_at[0]), poolclass=NullPool)
SMALL_PAGE, SMALL_BATCH = 7, 3  # of what is taken up, of what is cleaned: a few rows fill several

CHARGE, NOTIFY, REPLY = HANDLERS = ("plugins.shop:charge", "plugins.shop:notify", "plugins.shop:reply")
CONNECTED = {"shop.order": (CHARGE, NOTIFY), "shop.visit": (NOTIFY,)}
JUMPS = (1, 1_000, 21_000, 3_600_000, 2 * DAY, 31 * DAY, 367 * DAY, -1, -3_600_000, -2 * DAY, -40 * DAY)
ENDS = ("done", "dead", "parked", "retry", "late retry", "not charged", "released")
SPOILERS = ("breaks a rule", "divides", "exits")


class Draft(NamedTuple):
    """What a request will be like."""

    source: str
    named: Named
    body: bytes
    test: bool
    owes: tuple[str, ...]


class Refusal(Exception):
    """What did not happen for certain."""

    nothing_done = True


def maybe(*values: str) -> st.SearchStrategy[str | None]:
    return st.sampled_from((*values, None))


PICK = st.integers(0, 8)
BODIES = st.sampled_from((b'{"number": 1}', b'{"number": 2}', b""))
RARELY = st.sampled_from((False, False, False, True))
NAMES = st.builds(
    Named,
    name=st.sampled_from(tuple(CONNECTED)),
    account=maybe("one", "two"),
    key=maybe("order:1", "order:2"),
    repeat_id=maybe("r1", "r2", "r3"),
    fact_id=maybe("f1", "f2", "f3"),
    unmapped=RARELY,
)
OWES = st.sampled_from(((CHARGE, NOTIFY), (NOTIFY,), (CHARGE,), (), (CHARGE, REPLY), (NOTIFY, REPLY)))
DRAFTS = st.builds(Draft, st.sampled_from(("shop", "market")), NAMES, BODIES, RARELY, OWES)
STATUSES = st.sampled_from((*WORST_FIRST, "unmapped", "unhandled"))
FILTERS = (
    st.builds(Filter, maybe("shop.order", "shop.*"), maybe("one"), st.none(), st.none(), st.none(), maybe("2"))
    | st.builds(Filter, status=STATUSES, since=st.none(), until=st.none(), source=maybe("shop", "market"))
    | st.just(Filter())
)


def has(*states: str) -> Any:
    """Only while there are deliveries in one of these states."""
    return precondition(lambda self: bool(self.model.deliveries(*states)))


def spoil(tx: Transaction, how: str) -> None:
    """A piece of work that fails after it has written and counted something."""
    state.put(tx, "one", "spoilt", 1)
    tx.count("requests.received", 100)
    if how == "breaks a rule":
        tx.connection.execute(text("INSERT INTO events (id) VALUES (1)"))
    raise SystemExit(1) if how == "exits" else ZeroDivisionError


def how_it_ended(ended: Any) -> str:
    """The model's word for what `once` returned or raised."""
    if isinstance(ended, effects.OutcomeUnknown):
        assert ended.retry_after <= effects.SETTLE_SECONDS + 0.5  # also where the clock was set back meanwhile
        return "unknown"
    errors = {effects.Unresolvable: "unresolvable", Refusal: "refused", TimeoutError: "unclear"}
    return errors.get(type(ended), "done")


class StoreMachine(Machine):
    """A store on a file, its model, and a clock that also goes back."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=folder))
        shutil.copy(folder / "empty.db", self.folder / "server.db")
        self.loop = asyncio.new_event_loop()
        self.clock = 1_780_000_000_000
        self.patches = pytest.MonkeyPatch()
        for module in (relay.event, effects, ledger, state, store_module):
            self.patches.setattr(module, "now_ms", lambda: self.clock)
        self.patches.setattr(take, "MOST_AT_ONCE", SMALL_PAGE)
        self.patches.setattr(clean, "BATCH", SMALL_BATCH)
        self.patches.setattr(new_id, "_last", 0)
        self.model = Model()
        self.acts = 0
        self.acted: set[Any] = set()
        self.store = self.opened()
        self.start(set(HANDLERS))

    def teardown(self) -> None:
        with self.store.engine.connect() as connection:
            found = connection.execute(text("PRAGMA integrity_check")).scalar()
        self.store.close()
        self.loop.close()
        self.patches.undo()
        shutil.rmtree(self.folder)
        assert found == "ok"

    # The store's doors

    def opened(self) -> Store:
        new_id._last = 0  # as in a new process
        looked_at[:] = [self.folder / "server.db"]
        return Store(f"sqlite:///{looked_at[0]}")

    def together(self, *works: Callable[[], Awaitable[Any]]) -> list[Any]:
        """Hand in several pieces of work in one turn of the loop, for one commit."""

        async def handed_in() -> list[Any]:
            return await asyncio.gather(*(work() for work in works), return_exceptions=True)

        return self.loop.run_until_complete(handed_in())

    def one(self, work: Callable[..., Awaitable[Any]], *arguments: Any) -> Any:
        (result,) = self.together(partial(work, *arguments))
        if isinstance(result, BaseException):
            raise result
        return result

    def write(self, do: Callable[..., Any], *arguments: Any) -> Any:
        return self.one(self.store.write, do, *arguments)

    def read(self, do: Callable[..., Any], *arguments: Any) -> Any:
        return self.one(self.store.read, do, *arguments)

    def start(self, loaded: set[str]) -> None:
        """What `Deliver.start` does."""
        self.loaded, self.reacting, self.answering = loaded, loaded - {REPLY}, loaded & {REPLY}
        self.one(self.store.register_handlers, dict.fromkeys(sorted(loaded), "shop.*"))
        interrupted = self.write(take.take_up_interrupted, sorted(self.answering), self.clock)
        self.write(take.park_absent, sorted(loaded))
        assert interrupted == self.model.take_up_interrupted(self.answering)
        self.model.park_absent(loaded)

    # The way in

    def drawn_up(self, draft: Draft) -> tuple[Event, Named, list[Owing]]:
        source, named, body, test, owes = draft
        event = Event(named.name, body, source=source, account=named.account, key=named.key, test=test)
        owing = [(name, "waiting", None) if name in self.loaded else (name, "parked", ABSENT) for name in owes]
        return event, named, [] if named.unmapped else owing

    def keeping(self, event: Event, named: Named, owing: list[Owing]) -> Callable[[], Any]:
        owed = [Owed(self.store.handler_ids[name], *rest) for name, *rest in owing]
        return partial(self.store.keep, event, named, owed)

    @rule(drafts=st.lists(DRAFTS, min_size=1, max_size=4))
    def receive(self, drafts: list[Draft]) -> None:
        """Several at once; a sender's number, and a fact, come again and again with whatever else."""
        drawn = [self.drawn_up(draft) for draft in drafts]
        kept = self.together(*(self.keeping(*each) for each in drawn))
        assert kept == [self.model.keep(*each) for each in drawn]

    @initialize(drafts=st.lists(DRAFTS, min_size=2, max_size=6))
    def begin(self, drafts: list[Draft]) -> None:
        self.receive(drafts)

    @rule(flood=st.booleans())
    def reject(self, flood: bool) -> None:
        values = dict.fromkeys(("source", "path", "address", "reason", "head"), "text")
        self.one(self.store.reject, None if flood else {**values, "received": self.clock, "status": 401})
        self.model.reject(None if flood else self.clock)

    @rule(drafts=st.tuples(DRAFTS, DRAFTS), how=st.sampled_from(SPOILERS), place=st.integers(0, 2))
    def fail_among_good_ones(self, drafts: tuple[Draft, Draft], how: str, place: int) -> None:
        drawn = [self.drawn_up(draft) for draft in drafts]
        works = [self.keeping(*each) for each in drawn]
        works.insert(place, partial(self.store.write, spoil, how))
        results = self.together(*works)
        assert isinstance(results.pop(place), BaseException)
        assert results == [self.model.keep(*each) for each in drawn]

    # The way out

    def picked(self, pick: int, *states: str) -> tuple[Place, Any]:
        found = self.model.deliveries(*states)
        return found[pick % len(found)]

    def finish_all(self, *batches: list[Outcome]) -> None:
        results = self.together(*(partial(self.store.write, self.store.finish.outcomes, each) for each in batches))
        assert results == [None] * len(batches)
        for outcome in (each for batch in batches for each in batch):
            self.model.finish(outcome)

    @has("waiting")
    @rule(pick=PICK)
    def mark(self, pick: int) -> None:
        place, _ = self.picked(pick, "waiting")
        self.write(mark_running, *place, self.clock)
        self.model.mark(place)

    @has(*OPEN)
    @rule(picks=st.dictionaries(PICK, st.sampled_from(ENDS), min_size=1, max_size=6))
    def finish(self, picks: dict[int, str]) -> None:
        ends = {self.picked(pick, *OPEN)[0]: end for pick, end in picks.items()}
        self.finish_all([self.model.outcome(place, end, self.clock) for place, end in ends.items()])

    @has(*OPEN)
    @rule(pick=PICK, ends=st.tuples(st.sampled_from(ENDS), st.sampled_from(ENDS)))
    def finish_twice(self, pick: int, ends: tuple[str, str]) -> None:
        place, _ = self.picked(pick, *OPEN)
        self.finish_all(*([self.model.outcome(place, end, self.clock)] for end in ends))

    @rule(pick=PICK, end=st.sampled_from(ENDS))
    def end_what_has_ended(self, pick: int, end: str) -> None:
        """Also what was never there, or is forgotten since: nothing comes of it."""
        places = [(1, 0), *(place for place, _ in self.model.deliveries(*ENDED))]
        place = places[pick % len(places)]
        self.write(mark_running, *place, self.clock)
        self.finish_all([self.model.outcome(place, end, self.clock)])

    # The process ends

    @rule(loaded=st.sets(st.sampled_from(HANDLERS)) | st.just(set(HANDLERS)))
    def crash(self, loaded: set[str]) -> None:
        """The process is killed: the next one finds the files as they are, not as an orderly end leaves them."""
        following = Path(tempfile.mkdtemp(dir=self.folder.parent))
        for name in ("server.db", "server.db-wal"):  # the log last: it has whatever is moved meanwhile
            shutil.copy(self.folder / name, following / name)
        self.store.close()
        shutil.rmtree(self.folder)
        self.folder = following
        self.store = self.opened()
        self.start(loaded)

    @has("waiting")
    @rule(pick=PICK, times=st.sampled_from((1, 3, 9, 10)))
    def crash_again_and_again(self, pick: int, times: int) -> None:
        """Each time while the same one runs; in one commit, for the sake of speed."""
        place, _ = self.picked(pick, "waiting")
        running = partial(self.store.write, mark_running, *place, self.clock)
        taking_up = partial(self.store.write, take.take_up_interrupted, sorted(self.answering), self.clock)
        for interrupted in self.together(*(running, taking_up) * times)[1::2]:
            self.model.mark(place)
            assert interrupted == self.model.take_up_interrupted(self.answering)

    # Once more, and forgetting

    @rule(which=FILTERS, since=st.sampled_from((None, None, 3_600_000, 31 * DAY)), picks=st.lists(PICK, max_size=4))
    def replay(self, which: Filter, since: int | None, picks: list[int]) -> None:
        """By ids or by filter, as the page asks for it."""
        known, numbers = list(self.model.events), self.store.handler_ids
        ids = [known[pick % len(known)] for pick in picks] if known else []
        which = Filter() if ids else which._replace(since=since and self.clock - since)
        chosen = self.model.chosen(which, ids)
        said = [f"{each:016x}" for each in ids]
        reacting, answering = ([numbers[name] for name in names] for names in (self.reacting, self.answering))
        counted = self.read(replay.count, which, said, reacting, answering)
        assert counted[:4] == self.model.replayable(chosen, self.reacting, self.answering)
        assert self.read(replay.chosen_ids, which, said) == [each.number for each in chosen]
        wanted = [(name, signal) for signal, names in CONNECTED.items() for name in names if name in self.loaded]
        replayed = self.write(
            replay.replay,
            [each.number for each in chosen],
            reacting,
            [(numbers[name], signal) for name, signal in wanted],
        )
        assert replayed == self.model.replay(chosen, self.reacting, wanted)

    @rule(days=st.sampled_from((1, 30, 365)), age=st.sampled_from((2 * DAY, 31 * DAY, 367 * DAY)))
    def clean(self, days: int, age: int) -> None:
        self.clock += age
        while self.write(clean.clean, self.clock, days):
            pass
        self.model.clean(self.clock, days)
        left, fresh = self.read(stored_tables)["rejections"], self.clock - days * DAY
        assert [each for each in left if each >= fresh] == [each for each in self.model.rejections if each >= fresh]
        assert left == [] or left[0] >= fresh  # where the clock went back, an old one may stay behind a fresh one
        self.model.rejections = left

    @rule(jump=st.sampled_from(JUMPS))
    def jump(self, jump: int) -> None:
        self.clock += jump

    # What was done outside, and what is remembered

    @has(*WORST_FIRST)
    @rule(
        pick=PICK,
        name=st.sampled_from(("reply", "note")),
        again=st.booleans(),
        later=st.sampled_from((0, 21_000, -3_600_000)),
        how=st.sampled_from(("done", "refused", "unclear")),
        find=st.sampled_from(("found", "not found", "nothing to ask")),
    )
    def act_once(self, pick: int, name: str, again: bool, later: int, how: str, find: str) -> None:
        """Something is done outside; `again`: something of which it is not known whether it was done."""
        self.clock += later
        places = self.model.unclear() if again else []
        places = places or [(place[0], owed.handler, name) for place, owed in self.model.deliveries(*WORST_FIRST)]
        place = places[pick % len(places)]
        self.acts += 1
        about = f"number {self.acts}"
        acted: list[str] = []

        async def do() -> str:
            acted.append(about)
            if how != "done":
                raise Refusal if how == "refused" else TimeoutError
            return f"did {about}"

        async def look_up(known: str) -> str | None:
            return f"found {known}" if find == "found" else None

        asked = None if find == "nothing to ask" else look_up
        where = (place[0], self.store.handler_ids[place[1]], place[2])
        (ended,) = self.together(partial(effects.once, self.store, *where, do, asked, about))
        expected = self.model.once(place, how, find, about, self.clock)
        assert (how_it_ended(ended), bool(acted)) == expected
        assert expected[0] != "done" or ended.result == self.model.effects[place].result

    @rule(value=st.none() | st.integers(0, 9))
    def remember(self, value: int | None) -> None:
        """One value is put or removed; another changed by several at once, of which none is lost."""
        put = partial(self.store.write, state.put, "one", "put", value)
        add = partial(self.store.write, state.change, "one", "sum", lambda known: (known or 0) + 1)
        known = self.model.state.get("sum", 0)
        assert self.together(put, add, add, add) == [None, known + 1, known + 2, known + 3]
        changed = {**self.model.state, "put": value, "sum": known + 3}
        self.model.state = {name: value for name, value in changed.items() if value is not None}

    # What holds at every moment

    @invariant()
    def the_store_and_its_model_are_one(self) -> None:
        with LOOKING.connect() as connection:
            stored, books = stored_tables(connection), look.books(connection)
            owed = owed_now(connection, sorted(self.reacting), self.clock)
        expected, requests = self.model.tables(), books["requests"]
        for table in expected:
            assert stored[table] == expected[table], table
        assert requests["received"] == requests["rejected"] + requests["repeated"] + requests["events"]
        assert books == self.model.books()
        assert owed == self.model.owed_now(self.reacting, self.clock, SMALL_PAGE)
        assert all(stored["effects"][place][0] == "done" for place in self.acted if place[0] in stored["events"])
        self.acted = {place for place, effect in stored["effects"].items() if effect[0] == "done"}


def test_the_store_and_its_model_stay_one(tmp_path: Path) -> None:
    Store(f"sqlite:///{tmp_path}/empty.db").close()
    run_state_machine_as_test(partial(StoreMachine, tmp_path), settings=SETTINGS)

    assert not [each for each in tmp_path.iterdir() if each.is_dir()]  # every walk came to its end
