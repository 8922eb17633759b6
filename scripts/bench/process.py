"""One server under measurement: started on a core of its own, watched from outside."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from scripts.bench.sender import ODOO_KEY, SECRET

ROOT = Path(__file__).resolve().parent.parent.parent
TICKS = os.sysconf("SC_CLK_TCK")
UVICORN = ("-m", "uvicorn", "--host", "127.0.0.1", "--port")
QUIET = ("--no-access-log", "--log-level", "error")  # the bare route; the others write a line per request, as they do


class Server:
    """A server process pinned to one core; `name` is bare, background or ours, the last with `more` settings."""

    def __init__(self, name: str, folder: Path, core: int, more: dict[str, str] | None = None) -> None:
        self.name = name
        self.folder = folder
        self.port = _free_port()
        environment = {
            # Where Python may not keep what it has compiled, every start compiles everything: not what is measured.
            **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
            "PYTHONPATH": str(ROOT),
            **(self._settings() if name == "ours" else {}),
            **(more or {}),
        }
        self._core = core
        started = time.perf_counter()
        self.process = subprocess.Popen(  # noqa: S603  # our own words
            self._command(),
            env=environment,
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=self._pin,  # noqa: PLW1509  # pinning is all it does
        )
        self._wait(started)

    def _pin(self) -> None:
        os.sched_setaffinity(0, {self._core})

    def _command(self) -> list[str]:
        if self.name == "ours":
            return [sys.executable, str(ROOT / "scripts" / "start_unified_server.py")]
        quiet = QUIET if self.name == "bare" else ()
        return [sys.executable, *UVICORN, str(self.port), *quiet, f"scripts.bench.{self.name}:app"]

    def _settings(self) -> dict[str, str]:
        """A configuration of its own, with every other setting as `scripts/start` has it."""
        plugins = self.folder / "plugins"
        plugins.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "scripts" / "bench" / "plugin.py", plugins / "trivial.py")
        return {
            "ENV_FILE": str(self.folder / ".env"),
            "SERVER_HOST": "127.0.0.1",
            "SERVER_PORT": str(self.port),
            "DATABASE_URL": f"sqlite:///{self.folder}/data/server.db",
            "LOG_DIR": str(self.folder / "logs"),
            "PLUGINS_DIR": str(plugins),
            "CHATWOOT_WEBHOOK_SECRET": SECRET,
            "CHATWOOT_ACCOUNT_ID": "1",
            "ADMIN_TOKEN": "benchmark-admin-token",
            "ODOO_SYNC_KEY": ODOO_KEY,
            "ACCOUNTS_FILE": str(self.folder / "accounts.toml"),
            "KNOWLEDGE_DIR": str(self.folder / "knowledge"),
        }

    def _wait(self, started: float) -> None:
        """Wait for the first answer; `seconds_to_first` is the time it took from the start."""
        while True:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                    connection.sendall(b"GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
                    if connection.recv(100):
                        break
            except OSError:
                if self.process.poll() is not None:
                    raise
                time.sleep(0.01)
        self.seconds_to_first = time.perf_counter() - started

    def cpu_seconds(self) -> float:
        """Processor time used so far, by all threads."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory_mb(self) -> float:
        """Resident memory."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def stop(self) -> None:
        """End it and wait."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
