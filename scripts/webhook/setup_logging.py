"""Does logging work here? Settings, folder and every component's file are tried, and what was found is told."""

import secrets
import sys
from gettext import gettext as _
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
from scripts.in_venv import in_venv

in_venv()

import click
from loguru import logger

from config import logs
from config.settings import Settings
from scripts.ask_server import Failed
from scripts.on_screen import plain, screen
from scripts.own_settings import complain, own_settings, speak_as_set

speak_as_set()


@click.command(help=_("Set up the log files, write a line through each component, and check that it arrived."))
def main() -> None:
    """Try it; exit code 2 for wrong settings, 1 where a file cannot be written."""
    settings = own_settings()
    files = _set_up(settings)
    mark = f"setup-{secrets.token_hex(4)}"
    _write(settings, mark)
    wrong = [path for path in files if not _has_arrived(path, _expected(path, mark))]
    for path in files:
        sign = "[red]✗[/red]" if path in wrong else "[green]✓[/green]"
        screen().print(f"  {sign}", plain(path))
    if wrong:
        names = ", ".join(path.name for path in wrong)
        raise Failed(_("The line written did not arrive in: {names}. Is the disk full?").format(names=names))
    print(_("Logging works. To follow everything, or one component:"))
    print(f"  tail -F {files[-1]}")
    print(f"  tail -F {files[0]}")


def _set_up(settings: Settings) -> list[Path]:
    """The server's own sinks, in the folder of the settings."""
    try:
        return logs.set_up(settings, console=False)
    except OSError as error:
        text = _(
            "The log folder {folder} cannot be written: {error}. "
            "Create it, give yourself the right to write there (chown, chmod), or set LOG_DIR to another."
        )
        raise Failed(text.format(folder=settings.log_dir, error=error.strerror)) from error
    except ValueError as error:  # what only loguru can judge
        complain([f"LOG_ROTATION = {settings.log_rotation!r}: {error}. LOG_ROTATION=50 MB"])


def _write(settings: Settings, mark: str) -> None:
    """One line per component, at a level that these settings let through."""
    level = "INFO" if settings.log_level == "DEBUG" else settings.log_level
    for name in _components():
        logger.bind(component=name).log(level, "logging was set up: {} {}", name, mark)
    logger.remove()  # closes the files: what was written is there to be read


def _components() -> list[str]:
    return [name for components in logs.FILES.values() for name in components]


def _expected(path: Path, mark: str) -> list[str]:
    """The marks that a file must hold: its components', or everyone's."""
    return [f"{name} {mark}" for name in logs.FILES.get(path.name, _components())]


def _has_arrived(path: Path, marks: list[str]) -> bool:
    text = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
    return all(mark in text for mark in marks)


if __name__ == "__main__":
    main()
