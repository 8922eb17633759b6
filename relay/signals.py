"""Who reacts to what? Handlers declare themselves with @on and @answer; blinker's namespace is the only registry."""

import contextlib
import functools
import re
import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

import blinker
import msgspec

from relay.authenticate import lets_everybody_in
from relay.batch import Batch, Debounce
from relay.event import Event
from relay.handler import Handler, Periodic, bound_services, loop_name
from relay.rate import Rate
from relay.retry import NEVER, USUAL, Policy
from relay.schedule import Daily, Every, Schedule
from relay.source import Source, takes_all

Function = TypeVar("Function", bound=Callable[..., Any])
Kind = TypeVar("Kind", bound=type[msgspec.Struct])
# What handlers and the clock make is named so; whoever sends from outside is never taken for them.
OWN_NAMES = ("relay", "schedule")
SourceFactory = TypeVar("SourceFactory", bound=Callable[..., Source | list[Source]])


@dataclass(frozen=True)
class Broken:
    """A plugin that does not run, and why."""

    module: str
    reason: str
    traceback: str


@dataclass
class Draft:
    """What one module declares while it is imported: it counts when it is adopted."""

    handlers: list[Handler] = field(default_factory=list)
    sources: list[Callable[..., Source | list[Source]]] = field(default_factory=list)
    periodic: list[Periodic] = field(default_factory=list)
    own_settings: dict[type[msgspec.Struct], str] = field(default_factory=dict)


class Signals:
    """The names that events may have, and who is connected to each."""

    def __init__(self) -> None:
        self.namespace = blinker.Namespace()
        self.sources: list[Callable[..., Source | list[Source]]] = []
        self.periodic: list[Periodic] = []
        self.own_settings: dict[type[msgspec.Struct], str] = {}
        self.broken: list[Broken] = []
        self.aside: set[str] = set()
        self._in_this_thread = threading.local()
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
        isolation: str = "",
        echoes: bool = False,
    ) -> Callable[[Function], Function]:
        """React to events of these signals, later and surely: kept, retried, the return value ignored.

        A pattern is a signal's name, "chatwoot.*" or "*". `timeout` is in seconds; `concurrency` is the limit per
        account; `ordered` keeps the events of one key in order, one at a time; with `batch` those that come in quick
        succession are handed over together, as a list; with `debounce` the newest of them, alone. `retry` may name one
        for each kind of error. `rate`, "10/m", is per account: what is more waits. What `when` is false of is done
        without a call.
        With `isolation="process"` it runs in worker processes of its own, which are killed at the limit of time.
        What only tells of what this handler itself has just done outside is not handed to it, unless it wants `echoes`.
        """
        _check_names("on", patterns)
        if batch is not None and debounce is not None:
            raise ValueError("a handler has a batch or a debounce, not both")
        if not isinstance(debounce, Debounce | None):
            raise TypeError(f"debounce is a Debounce(quiet=..., longest=...), not {debounce!r}")

        def connect(function: Function) -> Function:
            limits = (timeout, retry, concurrency, ordered)
            often = None if rate is None else Rate.read(rate)
            how: dict[str, Any] = {"batch": batch or debounce, "rate": often, "when": when, "isolation": isolation}
            self._connect(Handler(function, patterns, *limits, **how, echoes=echoes))
            return function

        return connect

    def answer(self, *patterns: str, timeout: float = 30.0, keep: bool = True) -> Callable[[Function], Function]:
        """Answer the request now: what the function returns is the response. Ordered by key, never run again.

        `keep=False` for what must work when nothing can be written (health).
        """
        _check_names("answer", patterns)

        def connect(function: Function) -> Function:
            self._connect(Handler(function, patterns, timeout=timeout, retry=NEVER, answers=True, keep=keep))
            return function

        return connect

    def source(self, factory: SourceFactory) -> SourceFactory:
        """Declare a source, or several: a function that makes them from what it names by type."""
        self._open(factory.__module__).sources.append(factory)
        return factory

    def settings(self, prefix: str) -> Callable[[Kind], Kind]:
        """Declare settings of one's own, a msgspec struct: `<PREFIX>_<NAME>` in `.env`, or each account's table.

        A handler that has a parameter of this type gets those of the event's account; a source asks for
        `PerAccount[…]`, which has them all.
        """
        if not isinstance(prefix, str):
            raise TypeError('@settings takes a prefix, in parentheses: @settings("till")')

        def declare(kind: Kind) -> Kind:
            if not (isinstance(kind, type) and issubclass(kind, msgspec.Struct)):
                name = kind.__name__
                raise TypeError(
                    f"{name} is no msgspec.Struct: write class {name}(msgspec.Struct), after import msgspec"
                )
            self._open(kind.__module__).own_settings[kind] = prefix
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
        if not isinstance(seconds, int | float):
            raise TypeError("@meanwhile takes seconds, in parentheses: @meanwhile(60)")

        def connect(function: Function) -> Function:
            self._open(function.__module__).periodic.append(Periodic(function, seconds))
            return function

        return connect

    def _connect(self, handler: Handler) -> None:
        open_now = self._open(handler.module)
        if isinstance(open_now, Draft):
            open_now.handlers.append(handler)
            return
        for pattern in handler.patterns:
            self.namespace.signal(pattern).connect(handler, weak=False)
        self._forget_known()

    @contextlib.contextmanager
    def drafted(self, draft: Draft | None = None) -> Iterator[Draft]:
        """What this thread declares within goes into a draft, which counts for nothing before it is adopted."""
        self._in_this_thread.draft = draft = Draft() if draft is None else draft
        try:
            yield draft
        finally:
            self._in_this_thread.draft = None

    def adopt(self, draft: Draft) -> None:
        """From now on, what was drafted counts."""
        for handler in draft.handlers:
            self._connect(handler)
        self.sources += draft.sources
        self.periodic += draft.periodic
        self.own_settings |= draft.own_settings

    def _open(self, module: str) -> "Draft | Signals":
        """Where a module's declaration goes; one that is set aside cannot declare anything any more."""
        draft: Draft | None = getattr(self._in_this_thread, "draft", None)
        if draft is None and loop_name(module) in self.aside:
            raise RuntimeError(f"{loop_name(module)} is set aside: what it declares no longer counts")
        return self if draft is None else draft

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
        counting = [each for each in found if each.loop_name not in self.aside]
        return tuple(sorted(counting, key=lambda handler: handler.name))

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

    def limit_to(self, counts: Callable[[Handler], bool]) -> None:
        """Let only these of the handlers count from now on, and nothing be called meanwhile."""
        for handler in self.all_handlers():
            if not counts(handler):
                for pattern in handler.patterns:
                    self.namespace.signal(pattern).disconnect(handler)
        self.periodic = []
        self._forget_known()

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

    def set_aside(self, module: str, reason: str, traceback: str = "") -> None:
        """Let nothing count that a module's plugin has declared, or will declare, and show why."""
        plugin = loop_name(module)
        self.aside.add(plugin)
        self.periodic = [each for each in self.periodic if each.loop_name != plugin]
        self.sources = [each for each in self.sources if loop_name(each.__module__) != plugin]
        kept = {kind: each for kind, each in self.own_settings.items() if loop_name(kind.__module__) != plugin}
        self.own_settings = kept
        self.refuse(plugin, reason, traceback)
        self._forget_known()

    def refuse(self, name: str, reason: str, traceback: str = "") -> None:
        """Show why something is not even begun with; whoever has its name runs."""
        self.broken.append(Broken(name, reason, traceback))

    def make_sources(
        self, services: dict[type, Any], unauthenticated: Collection[str] = (), reserved: Collection[str] = ()
    ) -> list[Source]:
        """The declared sources, made with what each asks for; a plugin's that cannot be made is set aside with it.

        `unauthenticated` names those that may take anybody's requests; `reserved` are beginnings of the server's own
        addresses.
        """
        made: list[tuple[str, Source]] = []
        for factory in sorted(self.sources, key=_shipped_first):  # whatever was imported first
            owner = loop_name(factory.__module__)
            bound, missing = bound_services(factory, services, skip=0)
            try:
                several = factory(**bound)
                several = [several] if isinstance(several, Source) else several
                others = [(who, other) for who, other in made if who != owner]
                for one in several:
                    _check(one, others, unauthenticated)
                    if owner != "handlers":
                        _check_paths(one, reserved)
                made += [(owner, one) for one in several]
            except BaseException as error:
                if owner == "handlers" or isinstance(error, KeyboardInterrupt):
                    raise
                self.set_aside(owner, "; ".join(missing) or f"{type(error).__name__}: {error}")
        running = [one for owner, one in made if owner not in self.aside]
        self._handled_in = {each.name: each.handled_in for each in running}
        return running

    def component_of(self, event: Event) -> str:
        """The log that an event's handlers write to; what handlers emit is nobody's source's."""
        return self._handled_in.get(event.source, "hub")


def _check_names(decorator: str, patterns: tuple[Any, ...]) -> None:
    """A decorator without its parentheses would be given the function, and connect nothing."""
    if not patterns or not all(isinstance(each, str) for each in patterns):
        raise TypeError(f'@{decorator} takes names of signals, in parentheses: @{decorator}("shop.opened")')


def _shipped_first(factory: Callable[..., Any]) -> tuple[bool, str]:
    return loop_name(factory.__module__) != "handlers", factory.__module__


def _check(one: Source, others: list[tuple[str, Source]], unauthenticated: Collection[str]) -> None:
    """A source's name is its plugin's alone, and whoever takes anybody's requests is allowed to by name.

    An address may be shared by those that tell their requests from others' (`claims`).
    """
    if one.name in OWN_NAMES:
        raise ValueError(f"the source {one.name!r} has the name of the server's own events")
    for owner, other in others:
        if one.name == other.name:
            raise ValueError(f"{owner} has a source {one.name!r} already")
        shared = sorted(set(map(_plain_path, one.paths)) & set(map(_plain_path, other.paths)))
        if shared and takes_all in (one.claims, other.claims):
            raise ValueError(f"{owner} has the address {shared[0]} already (the source {other.name!r})")
    if lets_everybody_in(one.authenticate) and one.name not in unauthenticated:
        raise ValueError(f"the source {one.name!r} takes anybody's requests: ALLOW_UNAUTHENTICATED must name it")


def _check_paths(one: Source, reserved: Collection[str]) -> None:
    """A plugin's source may stand in front of nothing that is the server's own."""
    for path in one.paths:
        first = "/" + path.split("/")[1]
        if first in reserved or "{" in first:
            raise ValueError(f"the source {one.name!r} cannot have the address {path}: {first} is the server's own")


def _plain_path(path: str) -> str:
    """An address with its parameters' names left out."""
    return re.sub(r"\{[^}]*\}", "{}", path)


def _patterns_of(name: str) -> Iterator[str]:
    yield name
    parts = name.split(".")
    for length in range(len(parts) - 1, 0, -1):
        yield ".".join(parts[:length]) + ".*"
    yield "*"


signals = Signals()
on, answer, source, settings = signals.on, signals.answer, signals.source, signals.settings
every, daily, meanwhile = signals.every, signals.daily, signals.meanwhile
