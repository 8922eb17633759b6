"""What does a handler's test need? A sample sent to its plugin, a record of what was done, and no way out of here.

    sent = send("github.push")
    assert sent["deploy"].effects == {"deploy": "queued"}

The plugin is the one in whose folder the test stands (or `greet.py` beside `test_greet.py`). Nothing is stored, nothing
is tried again, and whatever would leave this machine is refused and fails the test.
"""

import asyncio
import contextlib
import importlib.util
import inspect
import tempfile
import traceback
import typing
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import anyio
import msgspec
from loguru import logger

from relay.delivery import BlockingEvent, plainly
from relay.event import Event
from relay.handler import Handler, bound_services
from relay.own_settings import SECRETS, PerAccount
from relay.signals import signals
from relay.source import Source
from relay.store import State, Store
from relay.testing import only_loopback
from relay.testing.samples import SHIPPED, Sample, as_sent, sample_of, with_fields

if TYPE_CHECKING:
    from loguru import Logger

Kind = TypeVar("Kind")
# What stands for a secret that a test does not give; also base64, as some want it.
MADE_UP = "bWFkZS11cA=="
SCHEDULE = "schedule."


class Recorded:
    """Stands where a delivery would: effects are done once and kept; emitted events, reason and error are kept."""

    def __init__(self) -> None:
        self.effects: dict[str, Any] = {}
        self.emitted: list[tuple[str, Any]] = []
        self.reason: str | None = None
        self.error: BaseException | None = None
        self.returned: Any = None
        self.log: Logger = logger
        self.loop: Any = None  # where a plain function, in its thread, has things done

    async def once(
        self, name: str, do: Callable[[], Awaitable[Any]], find: Callable[[Any], Awaitable[Any]] | None, about: Any
    ) -> Any:
        if name not in self.effects:
            self.effects[name] = await do()
        return self.effects[name]

    async def emit(self, name: str, payload: Any, key: str | None) -> None:
        self.emitted.append((name, payload))

    def explain(self, reason: str) -> None:
        self.reason = reason

    def __repr__(self) -> str:
        return f"<effects={self.effects} emitted={self.emitted} reason={self.reason!r} error={self.error!r}>"


def event(name: str, payload: Any, **fields: Any) -> tuple[Event, Recorded]:
    """An event as a handler gets it, and the record of what the handler did with it."""
    recorded = Recorded()
    made = Event(name, msgspec.json.encode(payload), **fields)
    return made.bound_to(recorded, attempt=1), recorded


@dataclass(frozen=True)
class Sent:
    """An event, and what each handler of the plugin did with it, by the function's name."""

    event: Event
    handled: Mapping[str, Recorded]
    doubles: tuple[Any, ...] = field(default=(), repr=False)

    def __getitem__(self, handler: str) -> Recorded:
        if handler not in self.handled:
            raise KeyError(f"{handler} did not take {self.event.name}; who did: {', '.join(self.handled) or 'nobody'}")
        return self.handled[handler]

    @property
    def errors(self) -> dict[str, BaseException]:
        """What was raised, by handler. Its trace is in the test's output."""
        return {name: each.error for name, each in self.handled.items() if each.error is not None}

    def double(self, kind: type[Kind]) -> Kind:
        """What stood for an outside system: `sent.double(FakeChatwoot).notes(5)`."""
        found = next((each for each in self.doubles if isinstance(each, kind)), None)
        if found is None:
            raise LookupError(f"no {kind.__name__} was made here: no handler asked for it, or you gave one of your own")
        return found


def send(
    name: str,
    *services: object,
    fields: Mapping[str, Any] | None = None,
    account: str = "account_1",
    key: str | None = None,
    test: bool = False,
) -> Sent:
    """Send the sample of a signal, or the one of this name (`github.push__tag`), to the plugin that is tested.

    `fields` are other values for single places of the body ("sender.name"). `services` are given to whoever names
    their type, the plugin's own settings among them; what is not given, a double stands for, and a made-up secret.
    A schedule (`schedule.plugins.clock.report`) needs no sample: its slot is now, or that of `fields`.
    Where the plugin has the source, the event is made as the source makes it, proof and all; else its `account` and
    `key` are those given. What a handler raises is kept as its `error`. Raises `ReachedOut` where something would have
    left this machine.
    """
    plugin = _plugin_of(Path(inspect.stack(0)[1].filename).resolve())
    sample = plugin.sample(name)
    body = with_fields(sample.body, fields or {})
    headers = {"x-event-test": "true"} if test else {}
    with contextlib.ExitStack() as stack:
        stand_in = _StandIns(stack, [*services, *plugin.settings(services, account)])
        sources = plugin.sources(stand_in)
        made = as_sent(sources, sample.signal, body, account, headers)
        if made is None and any(each.name == sample.signal.partition(".")[0] for each in sources):
            raise AssertionError(f"{sample.name}.json is named otherwise by its source: is {sample.signal} right?")
        whose = sample.signal.partition(".")[0]
        otherwise = Event(sample.signal, body, source=whose, account=account, key=key, headers=headers, test=test)
        sent = made.event if made else otherwise
        handlers = [stand_in.bind(each) for each in plugin.handlers(sample.signal) if each.wants(sent)]
        with only_loopback.only_loopback():
            recorded = _apart(_handled(handlers, sent))
        return Sent(sent, recorded, tuple(stand_in.doubles))


# Which plugin


class _Slot(NamedTuple):
    """Stands for the sample of a schedule's event."""

    name: str
    signal: str
    body: bytes


@dataclass(frozen=True)
class _Plugin:
    """A folder or a file, by whose place its handlers are known: whatever pytest has imported it as."""

    place: Path
    samples: Path

    def handlers(self, signal: str) -> list[Handler]:
        scheduled = self._schedules() if signal.startswith(SCHEDULE) else {}
        named = scheduled.get(signal.rpartition(".")[2])
        found = {each.function.__qualname__: each for each in signals.handlers_of(signal) if self.has(each.function)}
        return [named] if named else list(found.values())

    def _schedules(self) -> dict[str, Handler]:
        """Whose module is named otherwise by pytest than by the server, and so its signal is."""
        own = (each for each in signals.all_handlers() if each.schedule is not None and self.has(each.function))
        return {each.function.__name__: each for each in own}

    def sample(self, name: str) -> "Sample | _Slot":
        """The sample of this name; of a schedule, what the clock would say now."""
        if not name.startswith(SCHEDULE):
            return sample_of(name, (self.samples, self.samples.parent, SHIPPED))
        known, wanted = self._schedules(), name.rpartition(".")[2]
        if wanted not in known:
            raise LookupError(
                f"no schedule of {self.place.stem} is named {wanted}; there are: {', '.join(known) or 'none'}"
            )
        return _Slot(name, name, msgspec.json.encode({"at": datetime.now(timezone.utc).isoformat("T", "seconds")}))

    def sources(self, services: "_StandIns") -> list[Source]:
        return [source for each in signals.sources if self.has(each) for source in services.make(each)]

    def settings(self, given: tuple[object, ...], account: str) -> Iterator[tuple[Any, object]]:
        """The plugin's own settings, as given or made up; under their type and as every account's."""
        known = {type(each): each for each in given}
        for kind, prefix in signals.own_settings.items():
            if self.has(kind):
                own = known.get(kind) or made_up(kind)
                values = {name: getattr(own, name) for name in kind.__struct_fields__}
                held = PerAccount(kind, prefix, lambda values=values: {"": values, account: values})  # type: ignore[misc]
                yield kind, held
                yield PerAccount[kind], held  # type: ignore[valid-type]

    def has(self, declared: Any) -> bool:
        file = Path(inspect.getfile(inspect.unwrap(declared))).resolve()
        return file == self.place or self.place in file.parents


def _plugin_of(test: Path) -> _Plugin:
    """The folder that a test stands in, or the file beside it that it is named for; imported, if it was not."""
    folder = next((each for each in test.parents if (each / "__init__.py").is_file() and each.name != "tests"), None)
    if folder is not None:
        return _Plugin(folder, folder)
    beside = test.with_name(test.stem.removeprefix("test_").partition("__")[0] + ".py")
    if not beside.is_file() or beside == test:
        raise LookupError(f"{test.name} stands in no plugin's folder, and tests no {beside.name} beside it")
    plugin = _Plugin(beside, beside.parent)
    if not any(plugin.has(each.function) for each in signals.all_handlers()):
        importlib.import_module(beside.stem)
    return plugin


def made_up(kind: type[msgspec.Struct]) -> msgspec.Struct:
    """Settings with a made-up value where one must be given, or is a secret."""
    values = {}
    for each in msgspec.structs.fields(kind):
        several = typing.get_origin(each.type) in (list, tuple, set, frozenset)
        if each.required or each.name.endswith(SECRETS):
            values[each.name] = [MADE_UP] if several else MADE_UP
    return msgspec.convert(values, kind, strict=False)


# What it is given


class _StandIns:
    """The services of one sending: those given, and doubles, each made when it is first asked for."""

    def __init__(self, stack: contextlib.ExitStack, given: list[Any]) -> None:
        self._stack = stack
        self._known: dict[Any, object] = {}
        self.doubles: list[object] = []
        for each in given:
            if isinstance(each, tuple):
                self._known[each[0]] = each[1]
            else:
                self._known |= {kind: each for kind in type(each).__mro__[:-1] if kind not in self._known}

    def bind(self, handler: Handler) -> Handler:
        missing = handler.bind(self._of(handler.function))
        if missing:
            raise TypeError("; ".join(missing) + ": give one to send()")
        return handler

    def make(self, factory: Callable[..., Source | list[Source]]) -> list[Source]:
        bound, missing = bound_services(factory, self._of(factory), skip=0)
        if missing:
            raise TypeError("; ".join(missing) + ": give one to send()")
        made = factory(**bound)
        return [made] if isinstance(made, Source) else made

    def _of(self, function: Callable[..., Any]) -> dict[Any, object]:
        for name, kind in typing.get_type_hints(function).items():
            if name != "return" and isinstance(kind, type) and kind not in self._known:
                self._stand_in(kind)
        return self._known

    def _stand_in(self, kind: type) -> None:
        """A double, where the package that the type is of has one: its `testing` says so."""
        package = kind.__module__.partition(".")[0]
        if package == "builtins" or importlib.util.find_spec(f"{package}.testing") is None:
            return
        make = getattr(importlib.import_module(f"{package}.testing"), "DOUBLES", {}).get(kind)
        if make is not None:
            service, *double = self._stack.enter_context(make())
            self._known[kind] = service
            self.doubles += double


@contextlib.contextmanager
def _state() -> Iterator[tuple[State]]:
    """What handlers remember: in a database of its own, that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/server.db")
        yield (State(store),)
        store.close()


# A type, and what makes the service that stands for it, with its double where it has one: (service, double).
DOUBLES: dict[type, Callable[[], AbstractContextManager[tuple[Any, ...]]]] = {State: _state}


# What they do


async def _handled(handlers: list[Handler], sent: Event) -> dict[str, Recorded]:
    return {each.function.__qualname__: await _performed(each, sent) for each in handlers}


async def _performed(handler: Handler, sent: Event) -> Recorded:
    recorded = Recorded()
    recorded.loop = SimpleNamespace(loop=asyncio.get_running_loop())
    event = sent.bound_to(recorded, attempt=1)
    if not inspect.iscoroutinefunction(handler.function):
        event.__class__ = BlockingEvent
    try:
        with anyio.fail_after(handler.timeout):
            recorded.returned = await _called(handler, event)
    except BaseException as error:  # noqa: BLE001  # whatever a handler raises is its record's
        recorded.error = error
        traceback.print_exception(error)
    return recorded


async def _called(handler: Handler, event: Event) -> Any:
    in_hands = event if handler.batch is None or handler.debounced else [event]
    if inspect.iscoroutinefunction(handler.function):
        return await handler.call(in_hands)
    returned = await asyncio.to_thread(plainly, handler.call, in_hands)
    return await returned if inspect.isawaitable(returned) else returned


def _apart(work: Coroutine[Any, Any, dict[str, Recorded]]) -> dict[str, Recorded]:
    """Run it on a loop of its own, in a thread of its own: a test may be a coroutine itself."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(_run, work).result()


def _run(work: Coroutine[Any, Any, dict[str, Recorded]]) -> dict[str, Recorded]:
    loop = asyncio.SelectorEventLoop()  # uvloop connects without asking Python
    try:
        return loop.run_until_complete(work)
    finally:
        for left in asyncio.all_tasks(loop):
            left.cancel()
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()
