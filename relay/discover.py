"""Where are handlers and plugins found? In a folder, every file and every package; and installed, by an entry point.

What ships is imported as it is, and must import. Each plugin is imported in a thread of its own, since nothing else can
be waited for with a limit; what it declares counts once its import has ended well, within the limit, and not otherwise.
"""

import importlib
import importlib.metadata
import importlib.util
import sys
import threading
import time
import traceback
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import FrameType, ModuleType
from typing import NamedTuple

from loguru import logger

from relay.handler import loop_name
from relay.signals import Draft, Signals

log = logger.bind(component="plugins")
# All plugins together: what is still importing when it is over is set aside.
IMPORT_SECONDS = 60.0
ENTRY_POINTS = "servidor_unificado.plugins"
# One is imported after the other; where one takes longer than this, the next begins beside it.
BESIDE_SECONDS = 1.0
TOLD_EVERY_SECONDS = 5.0
OURS = frozenset({"app", "clients", "config", "dashboard", "handlers", "hubcrew", "plugins", "relay", "scripts"})


class Found(NamedTuple):
    """A module that may be imported: its name, and its file where it lies in a folder ("": it is installed)."""

    module: str
    file: str

    def load(self) -> ModuleType:
        """Import it by its place; it stays in sys.modules, since a dropped module loses its functions."""
        if not self.file:
            return importlib.import_module(self.module)
        if self.module in sys.modules:
            return sys.modules[self.module]
        within = [str(Path(self.file).parent)] if self.file.endswith("__init__.py") else None
        spec = importlib.util.spec_from_file_location(self.module, self.file, submodule_search_locations=within)
        if spec is None or spec.loader is None:
            raise ImportError(f"{self.file} cannot be imported")
        module = importlib.util.module_from_spec(spec)
        sys.modules[self.module] = module
        try:
            spec.loader.exec_module(module)
        except BaseException:
            self.forget()
            raise
        return module

    def forget(self) -> None:
        """Let nobody find what was imported by halves."""
        for name in [each for each in list(sys.modules) if f"{each}.".startswith(f"{self.module}.")]:
            sys.modules.pop(name, None)


def discover(signals: Signals, folder: Path, package: str, *, group: str = "", seconds: float = IMPORT_SECONDS) -> None:
    """Import every module and package in a folder, in the order of their names; a broken plugin is set aside.

    With `group`, also what is installed and has an entry point of this group. The start waits for all plugins
    together, at most so many seconds.
    """
    found = list(_in_folder(signals, folder, package))
    if package == "handlers":
        for each in found:
            with signals.drafted() as draft:
                each.load()
            signals.adopt(draft)
        return
    found += list(_installed(signals, group, taken={each.module: each.file for each in found})) if group else []
    _import_all(signals, [Import(signals, each) for each in found], time.monotonic() + seconds, seconds)


def _in_folder(signals: Signals, folder: Path, package: str) -> Iterator[Found]:
    known: dict[str, Path] = {}
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        file = path if path.suffix == ".py" else path / "__init__.py"
        name = path.stem if path.suffix == ".py" else path.name
        if path.name.startswith(("_", ".", "test_", "conftest")) or not file.is_file():
            continue
        if "." in name:
            signals.refuse(f"{package}: {path.name}", "a plugin's name has no dot in it")
        elif name in known:
            signals.refuse(f"{package}: {path.name}", f"{known[name]} has its name")
        else:
            known[name] = path
            yield Found(f"{package}.{name}", str(file))


def _installed(signals: Signals, group: str, taken: dict[str, str]) -> Iterator[Found]:
    """Plugins that are installed as packages. What lies in the folder has its name first: it is yours."""
    for each in sorted(importlib.metadata.entry_points(group=group), key=lambda each: each.name):
        place = f"{each.dist.name if each.dist else '?'}: {each.name} = {each.value}"
        owner = loop_name(each.module)
        if owner in OURS:
            signals.refuse(place, f"{owner} is the server's own")
        elif other := taken.get(f"plugins.{each.name}") or taken.get(owner):
            signals.refuse(place, f"{other} has its name")
        else:
            taken[owner] = taken[f"plugins.{each.name}"] = place
            yield Found(each.module, "")


class Import:
    """One plugin's import, in a thread of its own. What it declares is kept apart until it has ended well."""

    def __init__(self, signals: Signals, found: Found) -> None:
        self.found = found
        self.error: BaseException | None = None
        self.traceback = ""
        self.draft = Draft()
        self._signals = signals
        self._is_given_up = False
        self.thread = threading.Thread(target=self._run, name=f"import-{found.module}", daemon=True)

    def _run(self) -> None:
        begun = time.monotonic()
        try:
            with self._signals.drafted(self.draft):
                self.found.load()
        except BaseException as error:  # noqa: BLE001  # a plugin's sys.exit() must not end the server
            # A syntax error's place says all; what is above it is our own loader.
            self.traceback = "" if isinstance(error, SyntaxError) else traceback.format_exc()
            self.error = error
        if self._is_given_up:
            self.found.forget()
            log.error("{} has ended its import after {:.0f} s, too late", self.found.module, time.monotonic() - begun)

    def give_up(self, seconds: float) -> tuple[str, str]:
        """Wait no longer; why, and where it is. A thread cannot be stopped: what it still declares counts no more."""
        self._is_given_up = True
        self.found.forget()
        stack = list(_outwards(sys._current_frames().get(self.thread.ident or 0)))  # noqa: SLF001  # the one way
        shown = "".join(traceback.format_stack(stack[0])) if stack else ""
        return f"its import took longer than {seconds:g} s, and goes on at {self.place()}", shown

    def place(self) -> str:
        """Where its import is now: in its own file, or the deepest there is."""
        stack = list(_outwards(sys._current_frames().get(self.thread.ident or 0)))  # noqa: SLF001  # the one way
        names = [each for each in stack if loop_name(_module(each)) == loop_name(self.found.module)] or stack
        return f"{names[0].f_code.co_filename}:{names[0].f_lineno}" if names else "its end"


def _import_all(signals: Signals, imports: list[Import], deadline: float, seconds: float) -> None:
    """Import them one after the other, what takes long beside the next; then take over what they declared."""
    for number, each in enumerate(imports):
        each.thread.start()
        left = max(deadline - time.monotonic(), 0.0) / (len(imports) - number)
        each.thread.join(min(BESIDE_SECONDS, left))
    _wait(imports, deadline)
    for each in imports:
        module = each.found.module
        if each.thread.is_alive():
            signals.set_aside(module, *each.give_up(seconds))
        elif each.error is not None:
            signals.set_aside(module, _why(each.error), each.traceback)
        else:
            signals.adopt(each.draft)


def _wait(imports: list[Import], deadline: float) -> None:
    """Wait for those that take long, and say for whom."""
    tell_at = time.monotonic()
    while (late := [each for each in imports if each.thread.is_alive()]) and time.monotonic() < deadline:
        if time.monotonic() >= tell_at:
            tell_at += TOLD_EVERY_SECONDS
            left = deadline - time.monotonic()
            places = ", ".join(f"{each.found.module} at {each.place()}" for each in late)
            log.warning("the start waits up to {:.0f} s for what is still importing: {}", left, places)
        late[0].thread.join(max(min(tell_at, deadline) - time.monotonic(), 0.0))


def _why(error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        return f"{error.filename}, line {error.lineno}: {error.msg}; mend it, and start again"
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:  # noqa: BLE001  # a plugin's error may fail at telling what it is
        return type(error).__name__


def _outwards(frame: FrameType | None) -> Iterable[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", "?"))
