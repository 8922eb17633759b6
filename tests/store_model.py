"""What should the store hold? The same books kept once more, in plain Python, and what the tables hold beside them."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import Connection, text

from relay.event import Event, Named
from relay.store import take
from relay.store.finish import Outcome
from relay.store.keep import SAME_REQUEST_MS
from relay.store.look import Filter

DAY = 86_400_000
YEAR = 366 * DAY
HOLD = 120_000
SETTLE = 20_000
MOST_CRASHES = 10
OPEN = ("waiting", "running")
ENDED = ("done", "dead", "parked", "discarded")
WORST_FIRST = ("dead", "parked", "running", "waiting", "discarded", "done")
ABSENT = "its handler is not loaded"
UNANSWERED = "the server stopped before it was answered"

Place = tuple[int, int]
Owing = tuple[str, str, str | None]


@dataclass
class Owed:
    """One delivery."""

    handler: str
    state: str = "waiting"
    reason: str | None = None
    attempts: int = 0
    due: int = 0
    first_failed: int | None = None
    finished: int | None = None
    tries: list[tuple[int, str]] = field(default_factory=list)

    def row(self) -> tuple[Any, ...]:
        return self.handler, self.state, self.reason, self.attempts, self.due, self.first_failed


@dataclass
class Remembered:
    """One event, and what it owes; a delivery's number is its place in the list."""

    event: Event
    named: Named
    body: bytes | None
    owed: list[Owed]
    repeats: int = 0
    differing: int = 0

    @property
    def number(self) -> int:
        return int(self.event.id, 16)

    @property
    def is_open(self) -> bool:
        return any(each.state in OPEN for each in self.owed)

    @property
    def status(self) -> str:
        none = "unmapped" if self.named.unmapped else "unhandled"
        states = [each.state for each in self.owed]
        return min(states, key=WORST_FIRST.index, default=none)

    def row(self) -> tuple[Any, ...]:
        event = self.event
        of_event = (event.source, event.name, event.account, event.key, event.test, event.received)
        return (*of_event, self.named.unmapped, self.body, self.repeats, self.differing)


@dataclass
class Effect:
    """Something done outside, or about to be."""

    state: str
    intended: int
    about: Any
    result: Any = None


class Model:
    """All that is remembered, and what every step makes of it."""

    def __init__(self) -> None:
        self.events: dict[int, Remembered] = {}  # in the order of receipt
        self.requests = Counter({"received": 0, "rejected": 0, "repeated": 0, "events": 0})
        self.deleted: Counter[str] = Counter()
        self.effects: dict[tuple[int, str, str], Effect] = {}
        self.rejections: list[int] = []
        self.state: dict[str, Any] = {}

    # The way in

    def keep(self, event: Event, named: Named, owing: list[Owing]) -> bool:
        self.requests["received"] += 1
        known = self._repeated(event, named)
        if known is None:
            self.requests["events"] += 1
            remembered = Remembered(event, named, event.body, [Owed(*each) for each in owing])
            self.events[remembered.number] = remembered
            return True
        self.requests["repeated"] += 1
        known.repeats += 1
        if named.repeat_id and known.named.repeat_id == named.repeat_id:
            known.differing += known.body is not None and known.body != event.body
        return False

    def _repeated(self, event: Event, named: Named) -> Remembered | None:
        """The event with the same number from the same sender; else the one that tells of the same fact."""
        if named.repeats_previous and (newest := self._newest_if_same(event)):
            return newest
        same = [
            each
            for each in self.events.values()
            if (each.event.source, each.event.test) == (event.source, event.test)
        ]  # fmt: skip
        by_repeat = [each for each in same if named.repeat_id and each.named.repeat_id == named.repeat_id]
        by_fact = [each for each in same if named.fact_id and each.named.fact_id == named.fact_id]
        return next(iter(by_repeat + by_fact), None)

    def _newest_if_same(self, event: Event) -> Remembered | None:
        of_key = [
            each
            for each in self.events.values()
            if (each.event.account, each.event.key) == (event.account, event.key)
            and each.event.received >= event.received - SAME_REQUEST_MS
        ]
        newest = max(of_key, key=lambda each: each.number, default=None)
        return newest if newest and (newest.event.name, newest.body) == (event.name, event.body) else None

    def reject(self, received: int | None) -> None:
        self.requests.update(("received", "rejected"))
        if received is not None:
            self.rejections.append(received)

    # The way out

    def deliveries(self, *states: str) -> list[tuple[Place, Owed]]:
        return [
            ((event.number, number), owed)
            for event in self.events.values()
            for number, owed in enumerate(event.owed)
            if owed.state in states
        ]

    def at(self, place: Place) -> Owed | None:
        event = self.events.get(place[0])
        return event.owed[place[1]] if event and place[1] < len(event.owed) else None

    def mark(self, place: Place) -> None:
        owed = self.at(place)
        if owed and owed.state == "waiting":
            owed.state = "running"

    def outcome(self, place: Place, end: str, now: int) -> Outcome:
        """What the way out writes down of a try that ends now."""
        owed = self.at(place) or Owed("")
        ended = Outcome(*place, end, owed.attempts + 1, now - 5, now, 0, owed.first_failed, reason=f"it is {end}")
        if end == "done":
            return ended
        if end == "released":
            return ended._replace(state="waiting", attempts=owed.attempts)
        if end in ("dead", "parked"):
            return ended._replace(error="why")
        waits = ended._replace(state="waiting", first_failed=owed.first_failed or now, error="why")
        if end == "not charged":
            return waits._replace(attempts=owed.attempts, due=now + 20_000, error=None)
        return waits._replace(due=now + (600_000 if end == "late retry" else 5_000))

    def finish(self, outcome: Outcome) -> None:
        owed = self.at((outcome.event_id, outcome.number))
        if owed is None or owed.state not in OPEN:
            return
        written_before = (owed.state, owed.finished) == (outcome.state, outcome.finished)
        owed.state, owed.attempts, owed.due = outcome.state, outcome.attempts, outcome.due
        owed.first_failed, owed.reason, owed.finished = outcome.first_failed, outcome.reason, outcome.finished
        if outcome.error is not None and not written_before:
            owed.tries.append((outcome.attempts, "parked" if outcome.state == "parked" else "failed"))

    def take_up_interrupted(self, answering: set[str]) -> int:
        """What a new process makes of what the end of the old one has interrupted; how many they are."""
        interrupted = 0
        for _, owed in self.deliveries("waiting", "running", "parked"):
            was = owed.state
            if owed.handler in answering and (was in OPEN or owed.reason == ABSENT):
                owed.state, owed.reason = "dead", UNANSWERED
                interrupted += 1
            elif was == "running":
                self._crashed(owed)
                interrupted += 1
        return interrupted

    def _crashed(self, owed: Owed) -> None:
        owed.state, owed.due, owed.attempts = "waiting", 0, owed.attempts + 1
        owed.tries.append((owed.attempts, "crashed"))
        crashes = sum(outcome == "crashed" for _, outcome in owed.tries)
        if owed.attempts >= MOST_CRASHES and crashes >= MOST_CRASHES:
            owed.state, owed.reason = "dead", f"crashed {MOST_CRASHES} times"

    def park_absent(self, loaded: set[str]) -> None:
        for _, owed in self.deliveries("waiting", "parked"):
            if owed.state == "waiting" and owed.handler not in loaded:
                owed.state, owed.reason, owed.due = "parked", ABSENT, 0
            elif owed.state == "parked" and owed.handler in loaded and owed.reason == ABSENT:
                owed.state, owed.reason, owed.due = "waiting", None, 0

    # What is owed now, in order

    def owed_now(self, names: set[str], now: int, page: int) -> dict[str, Any]:
        waiting = self._waiting(names)
        return {
            "waiting": [self._taken(place, owed) for place, owed in waiting if owed.due == 0],
            "due": [self._taken(place, owed) for place, owed in waiting if 0 < owed.due <= now][:page],
            "next due": min((owed.due for _, owed in waiting if owed.due > now), default=None),
            "held": {place for place, owed in waiting if self._is_held(place, owed, now)},
        }

    def _is_held(self, place: Place, owed: Owed, now: int) -> bool:
        if owed.first_failed is None or self.events[place[0]].event.key is None:
            return False
        return 0 < owed.due <= owed.first_failed + HOLD and owed.first_failed > now - HOLD

    def _waiting(self, names: set[str]) -> list[tuple[Place, Owed]]:
        return [(place, owed) for place, owed in self.deliveries("waiting") if owed.handler in names]

    def _taken(self, place: Place, owed: Owed) -> tuple[Any, ...]:
        return *place, owed.handler, owed.attempts, owed.first_failed, self.events[place[0]].body

    # Once more

    def chosen(self, which: Filter, ids: list[int]) -> list[Remembered]:
        return [
            each for each in self.events.values() if self._is_meant(each, which) and (not ids or each.number in ids)
        ]

    def _is_meant(self, each: Remembered, which: Filter) -> bool:
        signal, milliseconds = each.event.name, each.number >> 21
        return (
            which.signal in (None, signal, "shop.*")
            and which.source in (None, each.event.source)
            and which.account in (None, each.event.account)
            and which.status in (None, each.status)
            and (which.since is None or milliseconds >= which.since)
            and (which.until is None or milliseconds < which.until)
            and (which.text is None or which.text.encode() in (each.body or b""))
        )

    def replayable(
        self, chosen: list[Remembered], reacting: set[str], answering: set[str]
    ) -> tuple[int, int, int, int]:
        numbers = {each.number for each in chosen}
        ended = [owed.handler for each in chosen for owed in each.owed if owed.state in ENDED]
        counted = [sum(each in those for each in ended) for those in (reacting, answering)]
        acted = sum(place[0] in numbers and effect.state == "done" for place, effect in self.effects.items())
        return len(chosen), counted[0], counted[1], acted

    def replay(self, chosen: list[Remembered], reacting: set[str], wanted: list[tuple[str, str]]) -> int:
        replayed = 0
        for each in chosen:
            if each.body is None:
                continue
            for owed in each.owed:
                if owed.state in ENDED and owed.handler in reacting:
                    owed.tries += [(owed.attempts, "done")] if owed.state == "done" else []
                    owed.state, owed.attempts, owed.due, owed.first_failed = "waiting", 0, 0, None
                    replayed += 1
            had = {owed.handler for owed in each.owed}
            new = [handler for handler, signal in wanted if signal == each.event.name and handler not in had]
            if not each.named.unmapped:
                each.owed += [Owed(handler) for handler in new]
                replayed += len(new)
        return replayed

    # Forgetting

    def clean(self, now: int, days: int) -> None:
        for each in list(self.events.values()):
            received = each.number >> 21
            if received < now - days * DAY and not each.is_open and each.body is not None:
                each.body = None
                self._strip_effects(each)
            for owed in each.owed:
                if received < now - days * DAY and owed.state in ("dead", "parked"):
                    owed.state = "discarded"
            if received < now - YEAR and not each.is_open:
                self._delete(each)

    def _strip_effects(self, each: Remembered) -> None:
        for effect in (effect for place, effect in self.effects.items() if place[0] == each.number):
            effect.about = effect.result = None

    def _delete(self, each: Remembered) -> None:
        self.deleted.update(owed.state for owed in each.owed)
        del self.events[each.number]
        self.effects = {place: effect for place, effect in self.effects.items() if place[0] != each.number}

    # Effects

    def unclear(self) -> list[tuple[int, str, str]]:
        """Of which it is not known whether they were done."""
        return [place for place, effect in self.effects.items() if effect.state == "intended"]

    def once(self, place: tuple[int, str, str], how: str, find: str, about: str, now: int) -> tuple[str, bool]:
        """How doing it once ends, and whether it is really done now."""
        effect = self.effects.get(place)
        if effect is None:
            effect = self.effects[place] = Effect("intended", now, about)
        elif effect.state == "done" or find == "nothing to ask":
            return "done" if effect.state == "done" else "unresolvable", False
        elif find == "found":
            effect.state, effect.result = "done", f"found {effect.about}"
            return "done", False
        elif now - effect.intended < SETTLE:
            return "unknown", False
        else:
            effect.intended, effect.about = now, about
        if how == "done":
            effect.state, effect.result = "done", f"did {about}"
        elif how == "refused":
            del self.effects[place]
        return how, True

    # All of it, as the tables have it

    def tables(self) -> dict[str, Any]:
        everything = self.deliveries(*WORST_FIRST)
        return {
            "events": {each.number: each.row() for each in self.events.values()},
            "deliveries": {place: owed.row() for place, owed in everything},
            "attempts": sorted((*place, *tried) for place, owed in everything for tried in owed.tries),
            "effects": {place: tuple(vars(effect).values()) for place, effect in self.effects.items()},
            "rejections": self.rejections,
            "state": self.state,
        }

    def books(self) -> dict[str, dict[str, int]]:
        counted = self.deleted + Counter(owed.state for _, owed in self.deliveries(*WORST_FIRST))
        return {"requests": dict(self.requests), "deliveries": {state: counted[state] for state in WORST_FIRST}}


# What the store has, in the same form


def stored_tables(connection: Connection) -> dict[str, Any]:
    """All that is stored."""

    def rows(columns: str, table: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in connection.execute(text(f"SELECT {columns} FROM {table}"))]

    event = "source, signal, account, key, test, received, unmapped, body, repeats, repeats_differing"
    delivery = "event_id, number, name, state, reason, attempts, due, first_failed"
    effect = "event_id, handlers.name, effects.name, state, intended, about, result"
    remembered = rows("name, value", "state WHERE account = 'one'")
    return {
        "events": {row[0]: row[1:] for row in rows(f"id, {event}", "events")},
        "deliveries": {row[:2]: row[2:] for row in rows(delivery, "deliveries JOIN handlers ON id = handler_id")},
        "attempts": sorted(rows("event_id, delivery, number, outcome", "attempts")),
        "effects": {
            row[:3]: (*row[3:5], *(each and msgspec.json.decode(each) for each in row[5:]))
            for row in rows(effect, "effects JOIN handlers ON id = handler_id")
        },
        "rejections": [row[0] for row in rows("received", "rejections ORDER BY id")],
        "state": {name: msgspec.json.decode(value) for name, value in remembered},
    }


def owed_now(connection: Connection, names: list[str], now: int) -> dict[str, Any]:
    """What the way out would find; what waits is read a page at a time, as there."""
    found = take.waiting(connection, names)
    waiting = [*found]
    while len(found) == take.MOST_AT_ONCE:
        found = take.waiting(connection, names, (int(found[-1].event.id, 16), found[-1].number))
        waiting += found
    return {
        "waiting": [_taken(each) for each in waiting],
        "due": [_taken(each) for each in take.due(connection, names, now)],
        "next due": take.next_due(connection, names, now),
        "held": {(int(each.event_id, 16), each.number) for each in take.held(connection, names, now)},
    }


def _taken(each: take.Taken) -> tuple[Any, ...]:
    return int(each.event.id, 16), each.number, each.handler, each.attempts, each.first_failed, each.event.body
