"""What does a plugin print? It goes where it went, a line at a time, without secrets, and who printed is named once."""

import io
import sys
import threading
from collections.abc import Iterator
from types import FrameType
from typing import TextIO

from loguru import logger

from config import logs

LONGEST_LINE = 65_536
_told: set[str] = set()


class Printed(io.TextIOBase):
    """Stands where sys.stdout or sys.stderr stood, which is `behind` it.

    A line is written whole, so that no secret slips through in two.
    """

    def __init__(self, to: TextIO) -> None:
        self.behind = to
        self._begun = threading.local()

    def write(self, text: str) -> int:
        line = getattr(self._begun, "line", "") + str(text)
        whole, newline, rest = line.rpartition("\n")
        if len(rest) > LONGEST_LINE:
            whole, newline, rest = line, "", ""
        self._begun.line = rest
        if whole or newline:
            self.behind.write(logs.hidden(whole) + newline)
            _name(sys._getframe(1))  # noqa: SLF001  # the one way to know who prints
        return len(text)

    def flush(self) -> None:
        """What was begun waits for its end of line: it might be half a secret."""
        self.behind.flush()

    def isatty(self) -> bool:
        return self.behind.isatty()

    def fileno(self) -> int:
        return self.behind.fileno()

    @property
    def encoding(self) -> str:  # type: ignore[override]  # writable there
        return self.behind.encoding


def _name(frame: FrameType | None) -> None:
    plugin = next((name for name in _modules(frame) if name.startswith("plugins.")), "")
    plugin = ".".join(plugin.split(".")[:2])
    if plugin and plugin not in _told:
        _told.add(plugin)
        log = logger.bind(component="plugins")
        log.warning("{} prints: secrets that are known are hidden there; event.log also names the event", plugin)


def _modules(frame: FrameType | None) -> Iterator[str]:
    while frame is not None:
        yield str(frame.f_globals.get("__name__", ""))
        frame = frame.f_back
