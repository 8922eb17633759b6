"""Where are handlers and plugins found? In a folder: every file, and every folder that is a package."""

import importlib.util
import sys
import traceback
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

from relay.signals import Broken, Signals


def discover(signals: Signals, folder: Path, package: str) -> None:
    """Import every module and package in a folder, in the order of their names; a broken one is set aside."""
    for name, path in _modules_in(folder):
        _discover_one(signals, f"{package}.{name}", path, shipped=package == "handlers")


def _discover_one(signals: Signals, module: str, path: Path, *, shipped: bool) -> None:
    try:
        with signals.taken_back_on_error():
            _load(module, path)
    except BaseException as error:  # a plugin's sys.exit() must not end the server
        if isinstance(error, KeyboardInterrupt) or shipped:
            raise
        trace = "" if isinstance(error, SyntaxError) else traceback.format_exc()  # it would show our own loader
        signals.broken.append(Broken(module, _why(error), trace))


def _why(error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        return f"{error.filename}, line {error.lineno}: {error.msg}; mend it, and start again"
    return f"{type(error).__name__}: {error}"


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
