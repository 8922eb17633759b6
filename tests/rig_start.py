"""How does a server start soon, some hundreds of times? Forked from a process that has imported all of it already.

Nothing else is prepared: settings, tables, plugins and sockets are its own, as at any start. That the command itself
starts, with words and sockets handed over, is shown by the tests that give it some.
"""

import importlib
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

SERVER = "scripts.start_unified_server"
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload([SERVER, __name__])


def _serve(environment: Mapping[str, str], output: Path) -> None:
    os.environ.clear()
    os.environ.update(environment)
    sys.path[1:1] = environment.get("PYTHONPATH", "").split(os.pathsep)  # which a new interpreter would have read
    written = os.open(output, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for standard in (1, 2):
        os.dup2(written, standard)
    server = importlib.import_module(SERVER)  # not above: what declares itself there is the server's alone
    sys.argv = [str(server.__file__)]
    server.main()


class Forked:
    """A server's process, with as much of `subprocess.Popen` as the tests use."""

    def __init__(self, environment: Mapping[str, str], output: Path) -> None:
        self._process = _context.Process(target=_serve, args=(dict(environment), output), daemon=True)
        self._process.start()
        self.pid = self._process.pid or 0

    def poll(self) -> int | None:
        """Its exit code, once it has ended."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; the exit code, negative for the signal that ended it."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired(SERVER, timeout or 0)
        return self._process.exitcode

    def send_signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)
