"""How much, how often, how long? The figures of an event's life, counted as it happens, and what the disk says of it.

It is no step of that life: every step tells it what it did. Labels are ours (sources, handlers, states, accounts),
never a sender's: a signal's name comes from outside and is none. Figures with `_total` begin at 0 with the process;
the books, which survive it, are read from the database.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import Connection

from relay.event import Event, now_ms
from relay.store import look
from relay.store.add_up import Line, add_up
from relay.store.finish import Outcome

if TYPE_CHECKING:
    from relay.delivery import Delivery

Metered = TypeVar("Metered", Counter, Histogram)
# Seconds. Ours are fine; 1, 5 and 30 are the senders' patience: Odoo's native webhook, Chatwoot, Odoo's modules.
ANSWER_SECONDS = (0.001, 0.002, 0.003, 0.004, 0.006, 0.008, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30)
HANDLER_SECONDS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
LLM_SECONDS = (0.25, 0.5, 1, 2, 3, 5, 7.5, 10, 30)
# A plugin may name its effects as it likes, with ids in them: beyond so many of a handler, the rest is "other".
MOST_EFFECT_NAMES = 20
disable_created_metrics()  # type: ignore[no-untyped-call]  # when each was made: as many lines again


class OwnFigure(NamedTuple):
    """An effect that is counted by account under a name of its own, where handlers of a module do it; tests are not."""

    name: str
    meaning: str
    module: str
    effect: str


class Stock(NamedTuple):
    """What the database says, as of one moment: the books, what is not done by handler and state, what is off."""

    books: Mapping[str, Mapping[str, int]]
    backlog: Sequence[Mapping[str, Any]]
    off: Sequence[Line]


def read_stock(connection: Connection) -> Stock:
    """Read what the figures tell of the database."""
    return Stock(look.books(connection), look.backlog(connection, now_ms()), add_up(connection))


class _Children(dict[tuple[object, ...], Metered]):
    """A metric's children by their labels' values: `labels()` itself takes four times as long as counting."""

    def __init__(self, metric: Metered) -> None:
        super().__init__()
        self._metric: Metered = metric

    def __missing__(self, labels: tuple[object, ...]) -> Metered:
        child: Metered = self._metric.labels(*labels)
        self[labels] = child
        return child


class Figures:
    """All figures of one process, in a registry of their own."""

    def __init__(self, own: Iterable[OwnFigure] = ()) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.requests = self._counter(
            "requests", "Requests, by source, what became of them, status.", "source result status"
        )
        self.answers = self._histogram("answer_seconds", "Time to the durable 200.", ANSWER_SECONDS, "source")
        self.deliveries = self._counter("deliveries", "Deliveries performed, by the state after it.", "handler state")
        self.handling = self._histogram("handler_seconds", "Time in a handler, per call.", HANDLER_SECONDS, "handler")
        self.retries = self._counter("retries", "Tries that failed and are repeated.", "handler")
        self.cuts = self._counter("cuts", "Deliveries and events that went round and were cut.", "handler")
        self.effects = self._counter("effects", "Effects done outside.", "handler effect")
        self.reconciled = self._counter(
            "reconciled", "Events made of a sender's own list: their requests never came.", "source account"
        )
        self.own = {each: self._counter(each.name, each.meaning, "account") for each in own}
        self.llm_calls = self._counter("llm_calls", "Requests to the language model, by result.", "result")
        self.llm_time = self._histogram("llm_call_seconds", "Time of a request to the language model.", LLM_SECONDS)
        self.wordings = self._counter("llm_replies", "Replies that a model was to word, by result.", "result")
        self.blockages = self._counter("blockages", "How often a loop did not turn.", "loop")
        self.blocked_time = self._counter("blocked_seconds", "How long a loop did not turn, in all.", "loop")
        self._requests, self._answers = _Children(self.requests), _Children(self.answers)
        self._deliveries, self._handling = _Children(self.deliveries), _Children(self.handling)
        self._effect_names: dict[str, set[str]] = {}

    def _counter(self, name: str, meaning: str, labels: str = "") -> Counter:
        return Counter(f"servidor_{name}", meaning, labels.split(), registry=self.registry)

    def _histogram(self, name: str, meaning: str, buckets: Sequence[float], labels: str = "") -> Histogram:
        return Histogram(f"servidor_{name}", meaning, labels.split(), registry=self.registry, buckets=buckets)

    # What the steps tell. The first two are told for every event: each costs about two microseconds.

    def request(self, source: str, result: str, status: int, seconds: float | None = None) -> None:
        """A request was answered: event, repeated, rejected, failed; `seconds` where it was the durable 200."""
        self._requests[source, result, status].inc()
        if seconds is not None:
            self._answers[source,].observe(seconds)

    def performed(self, delivery: "Delivery", outcomes: Sequence[Outcome]) -> None:
        """A handler was called for a delivery, or for a batch, and this is where each of them stands."""
        name = delivery.handler.name
        for outcome in outcomes:
            self._deliveries[name, outcome.state].inc()
            if outcome.due:
                self.retries.labels(name).inc()
        self._handling[name,].observe(time.monotonic() - delivery.begun if delivery.begun else 0.0)

    def passed_over(self, handler: str) -> None:
        """A delivery was done without a call: it was not wanted, or a newer one took its place."""
        self._deliveries[handler, "done"].inc()

    def cut(self, handler: str) -> None:
        """What a handler does went round, and it was cut."""
        self.cuts.labels(handler).inc()

    def effect(self, handler: str, name: str, event: Event) -> None:
        """Something was done outside, now and not at an earlier try."""
        names = self._effect_names.setdefault(handler, set())
        if name in names or len(names) < MOST_EFFECT_NAMES:
            names.add(name)
            self.effects.labels(handler, name).inc()
        else:
            self.effects.labels(handler, "other").inc()
        for own, counter in self.own.items():
            if own.effect == name and handler.startswith(own.module) and not event.test:
                counter.labels(event.account or "").inc()

    def llm_call(self, result: str, seconds: float) -> None:
        """The language model's server was asked: answered, or what kind of failure it was."""
        self.llm_calls.labels(result).inc()
        self.llm_time.observe(seconds)

    def wording(self, result: str) -> None:
        """A reply was to be worded: written, unknown, refused, failed, spent."""
        self.wordings.labels(result).inc()

    def blocked(self, loop: str, seconds: float) -> None:
        """A loop turns again that did not for so long."""
        self.blockages.labels(loop).inc()
        self.blocked_time.labels(loop).inc(seconds)

    # What is read

    def text(self, stock: Stock | None) -> bytes:
        """Every figure in Prometheus's text form; without `stock` the database could not be read, and it says so."""
        return generate_latest(self.registry) + generate_latest(_AsRead(stock, now_ms()))


class _AsRead(Collector):
    """What the database says, as metrics."""

    def __init__(self, stock: Stock | None, now: int) -> None:
        self._stock = stock
        self._now = now

    def collect(self) -> Iterator[Metric]:
        readable = "Whether the database could be read just now."
        yield GaugeMetricFamily("servidor_database_readable", readable, int(self._stock is not None))
        if self._stock is not None:
            yield from self._backlog(self._stock)
            yield from self._books(self._stock.books)
            yield self._off(self._stock)

    def _off(self, stock: Stock) -> Metric:
        off = GaugeMetricFamily("servidor_books_difference", "0: the books balance.", labels=["books"])
        for books in ("requests", "deliveries"):
            off.add_metric([books], sum(abs(each.counted - each.found) for each in stock.off if books in each.name))
        return off

    def _backlog(self, stock: Stock) -> Iterator[Metric]:
        backlog = GaugeMetricFamily("servidor_backlog", "Deliveries not done.", labels=["handler", "state"])
        oldest = GaugeMetricFamily("servidor_oldest_waiting_seconds", "Since the receipt.", labels=["handler"])
        for each in stock.backlog:
            backlog.add_metric([each["handler"], each["state"]], each["number"])
            if each["state"] == "waiting":
                oldest.add_metric([each["handler"]], max(self._now - each["oldest"], 0) / 1000)
        yield from (backlog, oldest)

    def _books(self, books: Mapping[str, Mapping[str, int]]) -> Iterator[Metric]:
        requests = CounterMetricFamily("servidor_books_requests", "All requests there ever were.", labels=["kind"])
        for kind, number in books["requests"].items():
            requests.add_metric([kind], number)
        deliveries = GaugeMetricFamily("servidor_books_deliveries", "All deliveries there ever were.", labels=["state"])
        for state, number in books["deliveries"].items():
            deliveries.add_metric([state], number)
        yield from (requests, deliveries)
