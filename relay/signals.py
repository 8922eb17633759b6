"""Who reacts to what? Handlers declare themselves with @on and @answer; blinker's namespace is the only registry."""

import contextlib
import functools
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import blinker
import msgspec

from relay.authenticate import Anybody
from relay.batch import Batch, Debounce
from relay.event import Event
from relay.handler import Handler, Periodic, bound_services, loop_name
from relay.rate import Rate
from relay.retry import NEVER, USUAL, Policy
from relay.schedule import Daily, Every, Schedule
from relay.source import Source

Function = TypeVar("Function", bound=Callable[..., Any])
Kind = TypeVar("Kind", bound=type[msgspec.Struct])
SourceFactory = TypeVar("SourceFactory", bound=Callable[..., Source | list[Source]])


@dataclass(frozen=True)
class Broken:
    """A module that could not be loaded, and why."""

    module: str
    reason: str
    traceback: str


class Signals:
    """The names that events may have, and who is connected to each."""

    def __init__(self) -> None:
        self.namespace = blinker.Namespace()
        self.sources: list[Callable[..., Source | list[Source]]] = []
        self.periodic: list[Periodic] = []
        self.own_settings: dict[type[msgspec.Struct], str] = {}
        self.broken: list[Broken] = []
        self._plain: dict[Any, Handler] = {}
        self._handled_in: dict[str, str] = {}

    # How a handler declares itself

    def on(
        self,
        *patterns: str,
        timeout: float = 60.0,
        retry: Policy = USUAL,
        concurrency: int = 16,
        ordered: bool = True,
        batch: Batch | None = None,
        debounce: Debounce | None = None,
        rate: str | None = None,
        when: Callable[[Event], Any] | None = None,
    ) -> Callable[[Function], Function]:
        """React to events of these signals, later and surely: kept, retried, the return value ignored.

        A pattern is a signal's name, "chatwoot.*" or "*". `timeout` is in seconds; `concurrency` is the limit per
        account; `ordered` keeps the events of one key in order, one at a time; with `batch` those that come in quick
        succession are handed over together, as a list; with `debounce` the newest of them, alone. `retry` may name one
        for each kind of error. `rate`, "10/m", is per account: what is more waits. What `when` is false of is done
        without a call.
        """
        if batch is not None and debounce is not None:
            raise ValueError("a handler has a batch or a debounce, not both")
        if not isinstance(debounce, Debounce | None):
            raise TypeError(f"debounce is a Debounce(quiet=..., longest=...), not {debounce!r}")

        def connect(function: Function) -> Function:
            limits = (timeout, retry, concurrency, ordered)
            often = None if rate is None else Rate.read(rate)
            self._connect(Handler(function, patterns, *limits, batch=batch or debounce, rate=often, when=when))
            return function

        return connect

    def answer(self, *patterns: str, timeout: float = 30.0, keep: bool = True) -> Callable[[Function], Function]:
        """Answer the request now: what the function returns is the response. Ordered by key, never run again.

        `keep=False` for what must work when nothing can be written (health).
        """

        def connect(function: Function) -> Function:
            self._connect(Handler(function, patterns, timeout=timeout, retry=NEVER, answers=True, keep=keep))
            return function

        return connect

    def source(self, factory: SourceFactory) -> SourceFactory:
        """Declare a source, or several: a function that makes them from what it names by type."""
        self.sources.append(factory)
        return factory

    def settings(self, prefix: str) -> Callable[[Kind], Kind]:
        """Declare settings of one's own, a msgspec struct: `<PREFIX>_<NAME>` in `.env`, or each account's table.

        A handler that has a parameter of this type gets those of the event's account; a source asks for
        `PerAccount[…]`, which has them all.
        """

        def declare(kind: Kind) -> Kind:
            self.own_settings[kind] = prefix
            return kind

        return declare

    def every(self, interval: str, *, timeout: float = 60.0, retry: Policy = USUAL) -> Callable[[Function], Function]:
        """React to an event that the clock makes, each "30s", "5m", "2h" or "1d": once per account."""
        return self._scheduled(Every.read(interval), timeout, retry)

    def daily(self, *hours: str, timeout: float = 60.0, retry: Policy = USUAL) -> Callable[[Function], Function]:
        """React to an event that the clock makes each day at these hours of the shop's own zone: once per account."""
        return self._scheduled(Daily(hours), timeout, retry)

    def _scheduled(self, schedule: Schedule, timeout: float, retry: Policy) -> Callable[[Function], Function]:
        def connect(function: Function) -> Function:
            signal = f"schedule.{function.__module__}.{function.__name__}"
            self._connect(Handler(function, (signal,), timeout, retry, schedule=schedule))
            return function

        return connect

    def meanwhile(self, seconds: float) -> Callable[[Function], Function]:
        """Call the function again and again while the server runs, so many seconds apart: in each process, no event."""

        def connect(function: Function) -> Function:
            self.periodic.append(Periodic(function, seconds))
            return function

        return connect

    def _connect(self, handler: Handler) -> None:
        for pattern in handler.patterns:
            self.namespace.signal(pattern).connect(handler, weak=False)
        self._forget_known()

    # Who reacts

    @functools.lru_cache(maxsize=1024)  # noqa: B019  # one instance lives as long as the process
    def handlers_of(self, name: str) -> tuple[Handler, ...]:
        """Every handler of a signal, by its own name and by patterns; asking does not create the signal."""
        found = dict.fromkeys(
            self._as_handler(receiver, pattern)
            for pattern in _patterns_of(name)
            if pattern in self.namespace
            for receiver in self.namespace[pattern].receivers_for(blinker.ANY)
        )
        return tuple(sorted(found, key=lambda handler: handler.name))

    @functools.lru_cache(maxsize=1024)  # noqa: B019  # as above
    def reacting(self, name: str) -> tuple[Handler, ...]:
        """The handlers that a signal's event is delivered to."""
        return tuple(each for each in self.handlers_of(name) if not each.answers)

    @functools.lru_cache(maxsize=1024)  # noqa: B019  # as above
    def answering(self, name: str) -> Handler | None:
        """The handler that answers a signal's request, if one does."""
        return next((each for each in self.handlers_of(name) if each.answers), None)

    def _forget_known(self) -> None:
        for known in (self.handlers_of, self.reacting, self.answering):
            known.cache_clear()

    def all_handlers(self) -> list[Handler]:
        """Every handler there is, in the order of their names."""
        found = {handler for name in list(self.namespace) for handler in self.handlers_of(name)}
        return sorted(found, key=lambda handler: handler.name)

    def _as_handler(self, receiver: Any, pattern: str) -> Handler:
        """What was joined by blinker's plain `connect` is delivered to as well, with the usual limits."""
        if isinstance(receiver, Handler):
            return receiver
        if receiver not in self._plain:
            self._plain[receiver] = Handler(receiver, (pattern,))
        return self._plain[receiver]

    # What they need

    def bind(self, services: dict[type, Any], shipped_only: Iterable[type] = ()) -> list[str]:
        """Give every handler its services by type; returns a sentence for each that a shipped handler misses.

        A plugin that asks for what there is not, or for what is `shipped_only` (other tenants' secrets), is set
        aside, like one that cannot be imported.
        """
        for_plugins = {kind: each for kind, each in services.items() if kind not in set(shipped_only)}
        missing: dict[str, list[str]] = {}
        declared: list[Handler | Periodic] = [*self.all_handlers(), *self.periodic]
        for each in declared:
            shipped = each.module.startswith("handlers.")
            missing.setdefault(each.module, []).extend(each.bind(services if shipped else for_plugins))
        for name in list(self.namespace):
            for second in [each for each in self.handlers_of(name) if each.answers][1:]:
                missing.setdefault(second.module, []).append(f"{second.name}: {name} is answered by another already")
        for module in [name for name, sentences in missing.items() if sentences and not name.startswith("handlers.")]:
            self.set_aside(module, "; ".join(missing.pop(module)))
        return [sentence for sentences in missing.values() for sentence in sentences]

    def set_aside(self, module: str, reason: str) -> None:
        """Take back what a module declared, and show why."""
        for name, receiver in self._connected():
            if isinstance(receiver, Handler) and receiver.module == module:
                self.namespace[name].disconnect(receiver)
        self.periodic = [each for each in self.periodic if each.module != module]
        self.sources = [each for each in self.sources if each.__module__ != module]
        self.own_settings = {kind: each for kind, each in self.own_settings.items() if kind.__module__ != module}
        self.broken.append(Broken(module, reason, ""))
        self._forget_known()

    def make_sources(self, services: dict[type, Any], unauthenticated: Collection[str] = ()) -> list[Source]:
        """The declared sources, made with what each asks for; a plugin's that cannot be made is set aside with it.

        `unauthenticated` names those that may take anybody's requests.
        """
        made: list[Source] = []
        owners: dict[str, str] = {}
        for factory in sorted(self.sources, key=lambda each: each.__module__):  # whatever was imported first
            bound, missing = bound_services(factory, services, skip=0)
            try:
                several = factory(**bound)
                several = [several] if isinstance(several, Source) else several
                for one in several:
                    _check(one, owners.setdefault(one.name, loop_name(factory.__module__)), factory, unauthenticated)
                made += several
            except Exception as error:
                if factory.__module__.startswith("handlers."):
                    raise
                self.set_aside(factory.__module__, "; ".join(missing) or f"{type(error).__name__}: {error}")
        self._handled_in = {each.name: each.handled_in for each in made}
        return made

    def component_of(self, event: Event) -> str:
        """The log that an event's handlers write to; what handlers emit is nobody's source's."""
        return self._handled_in.get(event.source, "hub")

    def _connected(self) -> set[tuple[str, Any]]:
        return {(name, receiver) for name, signal in self.namespace.items() for receiver in signal.receivers.values()}

    @contextlib.contextmanager
    def taken_back_on_error(self) -> Iterator[None]:
        """What is declared within counts only if nothing is raised."""
        connected, sources, periodic = self._connected(), len(self.sources), len(self.periodic)
        own_settings = dict(self.own_settings)
        try:
            yield
        except BaseException:
            for name, receiver in self._connected() - connected:
                self.namespace[name].disconnect(receiver)
            del self.sources[sources:], self.periodic[periodic:]
            self.own_settings = own_settings
            self._forget_known()
            raise


def _check(one: Source, owner: str, factory: Callable[..., Any], unauthenticated: Collection[str]) -> None:
    """A source's name is its plugin's alone, and whoever takes anybody's requests is allowed to by name."""
    if owner != loop_name(factory.__module__):
        raise ValueError(f"{owner} has a source {one.name!r} already")
    if isinstance(one.authenticate, Anybody) and one.name not in unauthenticated:
        raise ValueError(f"the source {one.name!r} takes anybody's requests: ALLOW_UNAUTHENTICATED must name it")


def _patterns_of(name: str) -> Iterator[str]:
    yield name
    parts = name.split(".")
    for length in range(len(parts) - 1, 0, -1):
        yield ".".join(parts[:length]) + ".*"
    yield "*"


signals = Signals()
on, answer, source, settings = signals.on, signals.answer, signals.source, signals.settings
every, daily, meanwhile = signals.every, signals.daily, signals.meanwhile
