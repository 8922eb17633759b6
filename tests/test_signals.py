"""relay/signals.py: who reacts to what, and where handlers are found."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from relay.discover import discover
from relay.event import Event
from relay.retry import NEVER
from relay.signals import Signals

PACKAGE = "plugins"


class Clock:
    """A service."""


@pytest.fixture
def signals() -> Signals:
    return Signals()


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    for name in [each for each in sys.modules if each.startswith(f"{PACKAGE}.")]:
        del sys.modules[name]


def names_of(signals: Signals, name: str) -> list[str]:
    return [handler.function.__name__ for handler in signals.handlers_of(name)]


@pytest.mark.parametrize(
    ("pattern", "name", "reacts"),
    [
        pytest.param("chatwoot.message_created", "chatwoot.message_created", True, id="its very name"),
        pytest.param("chatwoot.message_created", "chatwoot.message_updated", False, id="another name"),
        pytest.param("chatwoot.*", "chatwoot.message_created", True, id="everything of a source"),
        pytest.param("chatwoot.*", "chatwoot.automation_event.message_created", True, id="a deeper name"),
        pytest.param("chatwoot.automation_event.*", "chatwoot.automation_event.x", True, id="a deeper pattern"),
        pytest.param("chatwoot.*", "chatwoot2.message_created", False, id="a source that only begins alike"),
        pytest.param("chatwoot.*", "chatwoot", False, id="the source's bare name"),
        pytest.param("*", "odoo.mapping.sync", True, id="everything"),
        pytest.param("*.message_created", "chatwoot.message_created", False, id="a star in front is no pattern"),
    ],
)
def test_a_pattern_is_a_name_or_all_below_it(signals: Signals, pattern: str, name: str, reacts: bool):
    @signals.on(pattern)
    async def react(event: Event) -> None: ...

    assert names_of(signals, name) == (["react"] if reacts else [])


def test_a_handler_that_is_connected_twice_to_an_event_reacts_once(signals: Signals):
    @signals.on("shop.opened", "shop.*", "*")
    async def react(event: Event) -> None: ...

    assert names_of(signals, "shop.opened") == ["react"]


def test_handlers_stand_in_the_order_of_their_names(signals: Signals):
    @signals.on("*")
    async def zebra(event: Event) -> None: ...

    @signals.on("shop.opened")
    async def ant(event: Event) -> None: ...

    assert names_of(signals, "shop.opened") == ["ant", "zebra"]


def test_asking_for_a_misspelt_signal_does_not_create_it(signals: Signals):
    signals.handlers_of("chatwoot.mesage_created")

    assert list(signals.namespace) == []


def test_a_handler_that_declares_itself_later_is_found_as_well(signals: Signals):
    signals.handlers_of("shop.opened")

    @signals.on("shop.opened")
    async def late(event: Event) -> None: ...

    assert names_of(signals, "shop.opened") == ["late"]


def test_a_handler_that_nobody_else_refers_to_stays(signals: Signals):
    signals.on("shop.opened")(lambda event: None)

    assert len(signals.handlers_of("shop.opened")) == 1


def test_what_was_joined_by_blinkers_own_connect_reacts_as_well(signals: Signals):
    def plain(event: Event) -> None: ...

    signals.namespace.signal("shop.opened").connect(plain)

    assert names_of(signals, "shop.opened") == ["plain"]
    assert signals.handlers_of("shop.opened")[0] is signals.all_handlers()[0]


def test_a_decorated_function_can_simply_be_called(signals: Signals):
    @signals.on("shop.opened")
    def react(event: Event) -> str:
        return event.name

    assert react(Event("shop.opened", b"")) == "shop.opened"


def test_a_plain_function_runs_in_a_thread_and_a_coroutine_does_not(signals: Signals):
    @signals.on("a")
    def plain(event: Event) -> None: ...

    @signals.on("b")
    async def coroutine(event: Event) -> None: ...

    assert signals.handlers_of("a")[0].in_thread
    assert not signals.handlers_of("b")[0].in_thread


def test_an_answer_is_never_tried_again(signals: Signals):
    @signals.answer("shop.opened")
    async def reply(event: Event) -> None: ...

    handler = signals.handlers_of("shop.opened")[0]

    assert handler.answers
    assert handler.retry is NEVER


def test_a_handler_gets_the_services_that_it_names_by_type(signals: Signals):
    @signals.on("shop.opened")
    def react(event: Event, clock: Clock) -> Clock:
        return clock

    clock = Clock()

    assert signals.bind({Clock: clock}) == []
    assert signals.handlers_of("shop.opened")[0].call(Event("shop.opened", b"")) is clock


def asks_for_a_clock(module: str) -> Callable[..., None]:
    """A function that lives in this module and needs a service."""

    def react(event: Event, clock: Clock) -> None: ...

    react.__module__ = module
    return react


def test_a_service_that_a_shipped_handler_misses_is_told_with_handler_and_type(signals: Signals):
    signals.on("shop.opened")(asks_for_a_clock("handlers.shop"))

    sentence = signals.bind({})[0]

    assert "handlers.shop:" in sentence
    assert "react" in sentence
    assert "Clock" in sentence


def test_a_plugin_that_misses_a_service_is_set_aside_and_the_others_react(signals: Signals):
    signals.on("shop.opened")(asks_for_a_clock("plugins.late"))

    @signals.on("shop.opened")
    def good(event: Event) -> None: ...

    assert signals.bind({}) == []
    assert names_of(signals, "shop.opened") == ["good"]
    assert [each.module for each in signals.broken] == ["plugins.late"]
    assert "Clock" in signals.broken[0].reason


def test_what_a_plugin_set_aside_would_call_again_and_again_is_not_called(signals: Signals):
    async def tick(clock: Clock) -> None: ...

    tick.__module__ = "plugins.late"
    signals.meanwhile(60.0)(tick)

    assert signals.bind({}) == []
    assert signals.periodic == []


def test_a_parameter_with_a_default_needs_no_service(signals: Signals):
    @signals.on("shop.opened")
    def react(event: Event, tries: int = 3) -> int:
        return tries

    assert signals.bind({}) == []
    assert signals.handlers_of("shop.opened")[0].call(Event("shop.opened", b"")) == 3


def test_what_is_called_again_and_again_gets_its_services_too(signals: Signals):
    @signals.meanwhile(60.0)
    async def tick(clock: Clock) -> None: ...

    clock = Clock()

    assert signals.bind({Clock: clock}) == []
    assert signals.periodic[0].bound == {"clock": clock}


HANDLER = """
from tests.test_signals import Shared

@Shared.signals.on("shop.opened")
def react(event): ...
"""


class Shared:
    """Where the files that these tests write find the signals to declare themselves at."""

    signals = Signals()


@pytest.fixture
def found(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Signals:
    fresh = Signals()
    monkeypatch.setattr("tests.test_signals.Shared.signals", fresh)
    return fresh


def test_files_and_folders_are_found_and_the_rest_is_not(folder: Path, found: Signals):
    (folder / "one.py").write_text(HANDLER)
    (folder / "two").mkdir()
    (folder / "two" / "__init__.py").write_text(HANDLER)
    for name in ("_draft.py", "test_one.py", ".hidden.py", "notes.txt"):
        (folder / name).write_text("raise RuntimeError('not to be imported')")
    (folder / "no_package").mkdir()

    discover(found, folder, PACKAGE)

    assert [each.module for each in found.all_handlers()] == [f"{PACKAGE}.one", f"{PACKAGE}.two"]
    assert found.broken == []


def test_a_folder_that_is_not_there_holds_nothing(signals: Signals, tmp_path: Path):
    discover(signals, tmp_path / "nowhere", PACKAGE)

    assert signals.all_handlers() == []


@pytest.mark.parametrize(
    ("ending", "reason"),
    [
        pytest.param("raise ValueError('falta algo')", "ValueError: falta algo", id="it raises"),
        pytest.param("import nothing_of_this_name", "ModuleNotFoundError", id="an import fails"),
        pytest.param("def f(:", "{folder}/broken.py, line 7: invalid", id="it has a syntax error"),
        pytest.param("raise SystemExit(1)", "SystemExit", id="it wants to end the server"),
    ],
)
def test_a_broken_plugin_is_set_aside_with_its_reason_and_the_others_load(
    folder: Path, found: Signals, ending: str, reason: str
):
    (folder / "broken.py").write_text(f"{HANDLER}\n{ending}\n")
    (folder / "good.py").write_text(HANDLER)

    discover(found, folder, PACKAGE)

    assert [each.module for each in found.handlers_of("shop.opened")] == [f"{PACKAGE}.good"]
    assert [each.module for each in found.broken] == [f"{PACKAGE}.broken"]
    assert found.broken[0].reason.startswith(reason.format(folder=folder))
    # A syntax error's place says all; what is above it is our own loader.
    assert ("Traceback" in found.broken[0].traceback) is ("line 7" not in reason)


def test_a_broken_shipped_handler_ends_the_start(signals: Signals, tmp_path: Path):
    (tmp_path / "broken_shipped.py").write_text("raise ValueError('x')")

    with pytest.raises(ValueError, match="x"):
        discover(signals, tmp_path, "handlers")


def test_shipped_handlers_share_a_loop_and_each_plugin_has_its_own(folder: Path, found: Signals):
    (folder / "one.py").write_text(HANDLER)
    (folder / "two.py").write_text(HANDLER)
    discover(found, folder, PACKAGE)

    assert [each.loop_name for each in found.all_handlers()] == [f"{PACKAGE}.one", f"{PACKAGE}.two"]
