"""What does --reload do? It runs the server in a process of its own, and starts a new one whenever a file changes.

The socket stays open meanwhile: who sends is answered by the next. Nothing is loaded anew within a process.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from gettext import gettext as _
from pathlib import Path
from typing import NoReturn

from config.settings import ROOT, Settings, env_path

LOOK_SECONDS = 0.3
ROOMS = ("relay", "hubcrew", "clients", "handlers", "dashboard", "config")
SUFFIXES = (".py", ".toml", ".json", ".html", ".mo")
Stamps = dict[str, tuple[int, int]]


class Reload:
    """Runs servers one after the other on one socket."""

    def __init__(self, listener: socket.socket, settings: Settings) -> None:
        self._listener, self._settings = listener, settings
        self._stamps = self._look()

    def run(self) -> NoReturn:
        """Until SIGTERM or Ctrl-C, which end the server as they always do."""
        signal.signal(signal.SIGTERM, _leave)
        again: list[str] = []
        while True:
            server = self._start(again)
            try:
                changed = self._wait_for_change(server)
            except (KeyboardInterrupt, SystemExit):
                _stop(server)
                sys.exit(0)
            print(_("Changed: {files}. The server starts again.").format(files=", ".join(changed)), flush=True)
            _stop(server)
            again = ["--again"]

    def _start(self, words: list[str]) -> "subprocess.Popen[bytes]":
        start = str(ROOT / "scripts" / "start_unified_server.py")
        command = [sys.executable, start, "--fd", str(self._listener.fileno()), *words]
        return subprocess.Popen(command, pass_fds=[self._listener.fileno()])  # noqa: S603  # our own words

    def _wait_for_change(self, server: "subprocess.Popen[bytes]") -> list[str]:
        """The files that have changed, once none has for a moment. A server that has ended is waited for as well."""
        has_told = False
        while True:
            if server.poll() is not None and not has_told:
                has_told = True
                print(_("The server has ended. It starts again when a file changes."), flush=True)
            time.sleep(LOOK_SECONDS)
            found = self._look()
            if found != self._stamps:
                return sorted(self._settled(found))

    def _settled(self, found: Stamps) -> set[str]:
        before = self._stamps
        while True:
            time.sleep(LOOK_SECONDS)
            self._stamps, found = found, self._look()
            if found == self._stamps:
                return {os.path.relpath(path) for path, _stamp in before.items() ^ found.items()}

    def _look(self) -> Stamps:
        """Every watched file, with when it was written and how long it is."""
        stamps: Stamps = {}
        for path in self._watched():
            try:
                there = path.stat()
            except OSError:  # gone since the folder was read: that is a change
                continue
            stamps[str(path)] = (there.st_mtime_ns, there.st_size)
        return stamps

    def _watched(self) -> Iterator[Path]:
        yield from (env_path(), ROOT / "app.py")
        yield from filter(None, (self._settings.accounts_file.path, self._settings.sources_file))
        for folder in (*(ROOT / room for room in ROOMS), self._settings.plugins_dir):
            yield from (each for each in folder.rglob("*") if each.suffix in SUFFIXES)


def _leave(_number: int, _frame: object) -> NoReturn:
    sys.exit(0)


def _stop(server: "subprocess.Popen[bytes]") -> None:
    """As a person would: what runs is finished, the rest waits on the disk."""
    server.terminate()
    while True:
        try:
            server.wait()
        except (KeyboardInterrupt, SystemExit):  # asked for once more: it is on its way
            continue
        return
