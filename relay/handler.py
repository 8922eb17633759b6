"""What is a handler, and under which limits does it run?"""

import inspect
import typing
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from relay.apart import Workers
from relay.batch import Batch, Debounce
from relay.event import Event
from relay.own_settings import PerAccount
from relay.rate import Rate
from relay.retry import USUAL, Policy, check, longest_hold
from relay.schedule import Schedule
from relay.store import State


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
    retry: Policy = USUAL
    concurrency: int = 16
    ordered: bool = True
    answers: bool = False
    keep: bool = True
    batch: Batch | None = None
    rate: Rate | None = None
    when: Callable[[Event], Any] | None = None
    schedule: Schedule | None = None
    isolation: str = ""
    echoes: bool = False
    off: bool = False
    failure: Failure | None = None
    bound: dict[str, Any] = field(default_factory=dict)
    own: dict[str, PerAccount[Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.module = self.function.__module__
        self.name = f"{self.module}:{self.function.__qualname__}"
        self.in_thread = not inspect.iscoroutinefunction(self.function) and not self.isolation
        self.loop_name = loop_name(self.module)
        self.debounced = isinstance(self.batch, Debounce)
        self._check_event()
        self.apart = self._workers() if self.isolation else None
        if not isinstance(self.batch, Batch | None):
            raise TypeError(f"{self.name}: batch is a Batch(quiet=..., longest=...), not {self.batch!r}")
        if self.batch is not None and not self.ordered:
            raise ValueError(f"{self.name}: a batch holds a key's events in order; it cannot have ordered=False")
        if self.when is not None and (not callable(self.when) or inspect.iscoroutinefunction(self.when)):
            raise TypeError(f"{self.name}: when is a plain function of the event, true or false; not {self.when!r}")
        try:
            check(self.retry)
        except TypeError as error:
            raise TypeError(f"{self.name}: {error}") from error
        self.hold = longest_hold(self.retry)

    def _check_event(self) -> None:
        """Told now, not at the first event: the function is called with the event, then its services by name."""
        name, parameters = self.function.__name__, list(inspect.signature(self.function).parameters.values())
        if not parameters:
            raise TypeError(f"{self.name} takes no event: write {name}(event: Event)")
        if any(each.annotation in (Event, "Event") for each in parameters[1:]) and parameters[0].annotation != Event:
            raise TypeError(f"{self.name}: the event comes first, before {parameters[0].name!r}")

    def _workers(self) -> Workers:
        function = self.function.__qualname__
        if self.isolation != "process":
            raise ValueError(f'{self.name}: isolation is "process" or left out, not {self.isolation!r}')
        if self.batch is not None or "<" in function:
            raise ValueError(f"{self.name}: a process of its own is for a function of a module, without batch")
        return Workers(self.module, function, self.loop_name, self.concurrency)

    def call(self, event: Event | list[Event]) -> Any:
        """Call the function with the event (a batch: its events) and the services it asked for by type."""
        if not self.own:
            return self.function(event, **self.bound)
        return self.function(event, **self.bound, **self.settings_of(event))

    def settings_of(self, event: Event | list[Event]) -> dict[str, Any]:
        """Its own settings by parameter, as the event's account has them."""
        account = (event[0] if isinstance(event, list) else event).account
        return {name: each.of(account) for name, each in self.own.items()}

    def wants(self, event: Event) -> bool:
        """Whether its `when` is true of an event; raises whatever that raises."""
        if self.when is None:
            return True
        wanted = self.when(event)
        if inspect.iscoroutine(wanted):
            wanted.close()
            raise TypeError("when gave a coroutine, which is always true: it is a plain function")
        return bool(wanted)

    def bind(self, services: dict[type, Any]) -> list[str]:
        """Find each further parameter's service by its type; returns what is missing, in words."""
        self.bound, missing = bound_services(self.function, services, skip=1)
        # What is typed as the settings themselves is the event's account's, at each call.
        self.own = {name: each for name, each in self.bound.items() if _is_own(self.function, name, each)}
        self.bound = {name: each for name, each in self.bound.items() if name not in self.own}
        if self.apart is not None:
            apart = f'isolation="process" has no services but its own settings, not {", ".join(self.bound)}'
            missing = [apart] if self.bound else missing
        return [f"{self.name}: {each}" for each in missing]

    __call__ = call


@dataclass(eq=False)
class Periodic:
    """A function called again and again, `seconds` apart, on its module's loop."""

    function: Callable[..., Any]
    seconds: float
    bound: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.module = self.function.__module__
        self.loop_name = loop_name(self.module)

    def bind(self, services: dict[type, Any]) -> list[str]:
        """The same as a handler's."""
        self.bound, missing = bound_services(self.function, services, skip=0)
        return [f"{self.module}: {each}" for each in missing]

    async def call(self) -> None:
        """Call the function with the services it asked for by type."""
        done = self.function(**self.bound)
        if inspect.isawaitable(done):
            await done


def _is_own(function: Callable[..., Any], name: str, service: Any) -> bool:
    return isinstance(service, PerAccount) and typing.get_type_hints(function)[name] is service.kind


def loop_name(module: str) -> str:
    """Shipped handlers share one loop; each plugin has its own, so that what blocks there blocks only itself.

    It is the plugin's name as well: `plugins.greet`, or an installed package's own.
    """
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "plugins" else parts[0]


def _for_owner(service: Any, module: str) -> Any:
    """A service as a plugin gets it: what it remembers is its own."""
    return service.owned_by(loop_name(module)) if isinstance(service, State) and _is_plugin(module) else service


def _is_plugin(module: str) -> bool:
    return loop_name(module) != "handlers"


def bound_services(
    function: Callable[..., Any], services: dict[type, Any], skip: int
) -> tuple[dict[str, Any], list[str]]:
    """The services that a function's parameters name by type, after the first `skip`; what is missing, in words."""
    parameters = list(inspect.signature(function).parameters.values())[skip:]
    try:
        hints = typing.get_type_hints(function)
    except Exception as error:  # noqa: BLE001  # whatever a plugin's annotation raises
        return {}, [f"its annotations cannot be read ({type(error).__name__}: {error})"]
    bound = {
        each.name: _for_owner(services[hints[each.name]], function.__module__)
        for each in parameters
        if hints.get(each.name) in services
    }
    missing = [
        _not_there(each.name, hints.get(each.name), services)
        for each in parameters
        if each.name not in bound and each.default is inspect.Parameter.empty
    ]
    return bound, missing


def _not_there(name: str, kind: Any, services: dict[type, Any]) -> str:
    if kind is None:
        return f"{name!r} has no type: a service is asked for by it, {name}: {name.title()}"
    shared = (each for each in services if isinstance(each, type) and each is not kind)
    known = ", ".join(sorted(each.__name__ for each in shared if not isinstance(services[each], PerAccount)))
    return f"no service of the type {getattr(kind, '__name__', kind)} for {name!r}; there are: {known}"
