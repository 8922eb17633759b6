"""Who reacts to what? Handlers declare themselves with @on and @answer; blinker's namespace is the only registry."""

import functools
import importlib
import importlib.util
import inspect
import sys
import traceback
import typing
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple, TypeVar

import blinker

from relay.batch import Batch
from relay.event import Event
from relay.retry import NEVER, Retry
from relay.source import Source

Function = TypeVar("Function", bound=Callable[..., Any])


class Failure(NamedTuple):
    """How a handler failed last, for whoever looks: at which event, when (epoch ms), and where."""

    event: str
    at: int
    trace: str


@dataclass(eq=False)
class Handler:
    """A function that reacts to signals, with the limits it runs under. Its `name` is its identity in the store."""

    function: Callable[..., Any]
    patterns: tuple[str, ...]
    timeout: float = 60.0
    retry: Retry = field(default_factory=Retry)
    concurrency: int = 16
    ordered: bool = True
    answers: bool = False
    keep: bool = True
    batch: Batch | None = None
    off: bool = False
    failure: Failure | None = None
    bound: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.module = self.function.__module__
        self.name = f"{self.module}:{self.function.__qualname__}"
        self.in_thread = not inspect.iscoroutinefunction(self.function)
        self.loop_name = _loop_name(self.module)
        if not isinstance(self.batch, Batch | None):
            raise TypeError(f"{self.name}: batch is a Batch(quiet=..., longest=...), not {self.batch!r}")
        if self.batch is not None and not self.ordered:
            raise ValueError(f"{self.name}: a batch holds a key's events in order; it cannot have ordered=False")

    def call(self, event: Event | list[Event]) -> Any:
        """Call the function with the event (a batch: its events) and the services it asked for by type."""
        return self.function(event, **self.bound)

    def bind(self, services: dict[type, Any]) -> list[str]:
        """Find each further parameter's service by its type; returns what is missing, in words."""
        self.bound, missing = _bound_services(self.function, services, skip=1)
        return [f"{self.name}: {each}" for each in missing]

    __call__ = call


@dataclass(frozen=True)
class Broken:
    """A module that could not be loaded, and why."""

    module: str
    reason: str
    traceback: str


@dataclass(eq=False)
class Periodic:
    """A function called again and again, `seconds` apart, on its module's loop."""

    function: Callable[..., Any]
    seconds: float
    bound: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.module = self.function.__module__
        self.loop_name = _loop_name(self.module)

    def bind(self, services: dict[type, Any]) -> list[str]:
        """The same as a handler's."""
        self.bound, missing = _bound_services(self.function, services, skip=0)
        return [f"{self.module}: {each}" for each in missing]

    async def call(self) -> None:
        """Call the function with the services it asked for by type."""
        done = self.function(**self.bound)
        if inspect.isawaitable(done):
            await done


class Signals:
    """The names that events may have, and who is connected to each."""

    def __init__(self) -> None:
        self.namespace = blinker.Namespace()
        self.sources: list[Callable[..., Source]] = []
        self.periodic: list[Periodic] = []
        self.broken: list[Broken] = []
        self._plain: dict[Any, Handler] = {}
        self._handled_in: dict[str, str] = {}

    # How a handler declares itself

    def on(
        self,
        *patterns: str,
        timeout: float = 60.0,
        retry: Retry | None = None,
        concurrency: int = 16,
        ordered: bool = True,
        batch: Batch | None = None,
    ) -> Callable[[Function], Function]:
        """React to events of these signals, later and surely: kept, retried, the return value ignored.

        A pattern is a signal's name, "chatwoot.*" or "*". `timeout` is in seconds; `concurrency` is the limit per
        account; `ordered` keeps the events of one key in order, one at a time; with `batch` those that come in quick
        succession are handed over together, as a list.
        """

        def connect(function: Function) -> Function:
            limits = (timeout, retry or Retry(), concurrency, ordered)
            self._connect(Handler(function, patterns, *limits, batch=batch))
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

    def source(self, factory: Callable[..., Source]) -> Callable[..., Source]:
        """Declare a source: a function that makes it from what it names by type."""
        self.sources.append(factory)
        return factory

    def every(self, seconds: float) -> Callable[[Function], Function]:
        """Call the function every so many seconds while the server runs."""

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
        self.broken.append(Broken(module, reason, ""))
        self._forget_known()

    def make_sources(self, services: dict[type, Any]) -> list[Source]:
        """The declared sources, made with what each asks for; a plugin's that cannot be made is set aside with it."""
        made = []
        for factory in sorted(self.sources, key=lambda each: each.__module__):  # whatever was imported first
            bound, missing = _bound_services(factory, services, skip=0)
            try:
                made.append(factory(**bound))
            except Exception as error:
                if factory.__module__.startswith("handlers."):
                    raise
                self.set_aside(factory.__module__, "; ".join(missing) or f"{type(error).__name__}: {error}")
        self._handled_in = {each.name: each.handled_in for each in made}
        return made

    def component_of(self, event: Event) -> str:
        """The log that an event's handlers write to; what handlers emit is nobody's source's."""
        return self._handled_in.get(event.source, "hub")

    # Where they are found

    def discover(self, folder: Path, package: str) -> None:
        """Import every module and package in a folder, in the order of their names; a broken one is set aside."""
        for name, path in _modules_in(folder):
            before = self._connected(), len(self.sources), len(self.periodic)
            try:
                _load(f"{package}.{name}", path)
            except BaseException as error:  # a plugin's sys.exit() must not end the server
                if isinstance(error, KeyboardInterrupt) or package == "handlers":
                    raise
                self._forget_since(*before)
                trace = "" if isinstance(error, SyntaxError) else traceback.format_exc()  # it would show our own loader
                self.broken.append(Broken(f"{package}.{name}", _why(error), trace))

    def _connected(self) -> set[tuple[str, Any]]:
        return {(name, receiver) for name, signal in self.namespace.items() for receiver in signal.receivers.values()}

    def _forget_since(self, connected: set[tuple[str, Any]], sources: int, periodic: int) -> None:
        for name, receiver in self._connected() - connected:
            self.namespace[name].disconnect(receiver)
        del self.sources[sources:], self.periodic[periodic:]
        self._forget_known()


def _why(error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        return f"{error.filename}, line {error.lineno}: {error.msg}; mend it, and start again"
    return f"{type(error).__name__}: {error}"


def _loop_name(module: str) -> str:
    """Shipped handlers share one loop; each plugin has its own, so that what blocks there blocks only itself."""
    parts = module.split(".")
    return "handlers" if parts[0] == "handlers" else ".".join(parts[:2])


def _patterns_of(name: str) -> Iterator[str]:
    yield name
    parts = name.split(".")
    for length in range(len(parts) - 1, 0, -1):
        yield ".".join(parts[:length]) + ".*"
    yield "*"


def _bound_services(
    function: Callable[..., Any], services: dict[type, Any], skip: int
) -> tuple[dict[str, Any], list[str]]:
    parameters = list(inspect.signature(function).parameters.values())[skip:]
    try:
        hints = typing.get_type_hints(function)
    except Exception as error:  # noqa: BLE001  # whatever a plugin's annotation raises
        return {}, [f"its annotations cannot be read ({type(error).__name__}: {error})"]
    bound = {each.name: services[hints[each.name]] for each in parameters if hints.get(each.name) in services}
    missing = [
        f"no service of the type {getattr(hints.get(each.name), '__name__', '(none given)')} for {each.name!r}"
        for each in parameters
        if each.name not in bound and each.default is inspect.Parameter.empty
    ]
    return bound, missing


def _modules_in(folder: Path) -> Iterable[tuple[str, Path]]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if path.name.startswith(("_", ".", "test_", "conftest")):
            continue
        if path.suffix == ".py":
            yield path.stem, path
        elif (path / "__init__.py").is_file():
            yield path.name, path / "__init__.py"


def _load(name: str, path: Path) -> ModuleType:
    """Import a module by its place; it stays in sys.modules, since a dropped module loses its functions."""
    if name in sys.modules:
        return sys.modules[name]
    within = [str(path.parent)] if path.name == "__init__.py" else None
    spec = importlib.util.spec_from_file_location(name, path, submodule_search_locations=within)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} cannot be imported")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


signals = Signals()
on, answer, source, every = signals.on, signals.answer, signals.source, signals.every
