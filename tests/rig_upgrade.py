"""What do the tests of an upgrade stand on? An origin, a checkout of it with a real server, and a double of systemd."""

import contextlib
import itertools
import os
import select
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import httpx

from clients.testing import as_sent, message_payload
from tests.rig import ROOT, free_port

NOT_COPIED = (
    ".venv",
    ".git",
    "data",
    "backups",
    "knowledge",
    "tests",
    "__pycache__",
    ".*_cache",
    ".hypothesis",
    ".env*",
)
# `systemctl`: hands its words to the test's own double of systemd, and waits until that has obeyed.
SYSTEMCTL = """
import socket, sys
with socket.socket(socket.AF_UNIX) as there:
    there.connect({address!r})
    there.sendall(" ".join(sys.argv[1:]).encode())
    there.shutdown(socket.SHUT_WR)
    sys.exit(int(there.recv(8)))
"""


class Systemd:
    """What systemd does with a server and its socket: holds the socket, runs one server on it, again when it ends."""

    def __init__(self, house: Path, port: int) -> None:
        self.asked: list[str] = []
        self._house, self._wanted = house, False
        self._process: subprocess.Popen[bytes] | None = None
        self._listener = socket.create_server(("127.0.0.1", port), backlog=512)
        self._listener.set_inheritable(True)
        self._orders = socket.socket(socket.AF_UNIX)
        self._orders.bind(str(house.parent / "systemd"))
        self._orders.listen()
        self._one_at_a_time = threading.Lock()
        self._over = threading.Event()
        self._threads = [threading.Thread(target=run, daemon=True) for run in (self._obey, self._keep)]
        for each in self._threads:
            each.start()

    def _obey(self) -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                asking, _address = self._orders.accept()
                with asking:
                    word = asking.makefile().read().split()[0]
                    if word in ("start", "stop", "restart"):
                        self.asked.append(word)
                        self.set(stop=word != "start", start=word != "stop")
                    asking.sendall(b"0")

    def set(self, *, stop: bool, start: bool) -> None:
        with self._one_at_a_time:
            self._wanted = start
            if stop and self._process is not None and self._process.poll() is None:
                self._process.terminate()
                self._process.wait(60)
            if start:
                self._run()

    def _keep(self) -> None:
        """Restart=always; and who comes to the socket of a server that was stopped has it started."""
        while not self._over.wait(0.2):
            with self._one_at_a_time:
                has_ended = self._process is not None and self._process.poll() is not None
                is_called = bool(select.select([self._listener], [], [], 0)[0])
                if has_ended and (self._wanted or is_called) and not self._over.is_set():
                    self._run()

    def _run(self) -> None:
        number = self._listener.fileno()
        command = [self._house / ".venv/bin/python", "scripts/start_unified_server.py", "--fd", str(number)]
        environment = {"PATH": os.environ["PATH"]}
        with (self._house.parent / "output").open("ab") as output:
            self._process = subprocess.Popen(
                command, cwd=self._house, env=environment, stdout=output, stderr=output, pass_fds=[number]
            )

    def end(self) -> None:
        self._over.set()
        self.set(stop=True, start=False)
        self._orders.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(60)
        for each in (self._listener, self._orders):
            each.close()


class House:
    """A checkout of an origin, in which a server runs."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        folder.mkdir(exist_ok=True)
        self.folder, self._numbers = folder, itertools.count(1)
        self.origin, self.house = folder / "origin", folder / "house"
        self.url = f"http://127.0.0.1:{port or free_port()}"
        shutil.copytree(ROOT, self.origin, ignore=shutil.ignore_patterns(*NOT_COPIED))
        (self.origin / ".gitignore").write_bytes((ROOT / ".gitignore").read_bytes())
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "READY_SECONDS": "30"}
        self.environment |= {
            f"GIT_{who}_{what}": "a@b" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
        }
        self.git("init", "--quiet", "--initial-branch=main", at=self.origin)
        self.version("the first")
        self.git("clone", "--quiet", str(self.origin), str(self.house), at=folder)
        self._install()
        self.port = int(self.url.rpartition(":")[2])
        tokens = "WEBHOOK_TOKEN=a-webhook-token\nADMIN_TOKEN=an-admin-token\nODOO_SYNC_KEY=a-sync-key\n"
        (self.house / ".env").write_text(
            f"SERVER_PORT={self.port}\nSERVER_HOST=127.0.0.1\nSERVER_LANGUAGE=en\n{tokens}"
        )
        self.systemctl = folder / "systemctl"
        self.systemctl.write_text(f"#!{sys.executable}\n{SYSTEMCTL.format(address=str(folder / 'systemd'))}")
        self.systemctl.chmod(0o700)
        self.systemd = Systemd(self.house, self.port)

    def _install(self) -> None:
        """An environment of its own, whose packages are ours: nothing is fetched."""
        own, ours = self.house / ".venv", Path(sys.prefix)
        (own / "bin").mkdir(parents=True)
        (own / "bin" / "python").symlink_to(ours / "bin" / "python")
        (own / "lib").symlink_to(ours / "lib")
        shutil.copy(ours / "pyvenv.cfg", own)
        wanted = (self.house / "requirements.txt").read_bytes()
        told = subprocess.run(["cksum"], input=wanted, capture_output=True, check=True)
        (own / "requirements.txt.installed").write_bytes(told.stdout)

    def git(self, *words: str, at: Path | None = None) -> str:
        told = subprocess.run(
            ["git", *words], cwd=at or self.house, env=self.environment, capture_output=True, text=True, check=True
        )
        return told.stdout.strip()

    def version(self, name: str, change: Callable[[Path], None] = lambda _origin: None) -> str:
        """A new version at the origin, made of the checkout's by this change; its commit."""
        if self.house.exists():
            self.git("reset", "--quiet", "--hard", self.is_at, at=self.origin)
        change(self.origin)
        (self.origin / "VERSION").write_text(name)
        self.git("add", "--all", at=self.origin)
        self.git("commit", "--quiet", "--message", name, at=self.origin)
        return self.git("rev-parse", "HEAD", at=self.origin)

    @property
    def is_at(self) -> str:
        """The commit of the checkout."""
        return self.git("rev-parse", "HEAD")

    def run(self, *words: str, **changes: str) -> "subprocess.CompletedProcess[str]":
        """A command in the checkout."""
        environment = {**self.environment, "SYSTEMCTL": str(self.systemctl), **changes}
        return subprocess.run(
            words, cwd=self.house, env=environment, capture_output=True, text=True, timeout=300, check=False
        )

    def start(self) -> None:
        self.systemd.set(stop=False, start=True)
        ready = self.run(".venv/bin/python", "-m", "scripts.ready", "--seconds", "60")
        assert ready.returncode == 0, ready.stderr + (self.folder / "output").read_text()

    @property
    def backups(self) -> list[Path]:
        return sorted((self.house / "backups").rglob("*.tar.gz"))

    def send(self) -> int:
        """A new message, as Chatwoot sends it; the status of the answer."""
        body = as_sent(message_payload(next(self._numbers), 1, "oi", message_type="outgoing"))
        address = f"{self.url}/webhook?token=a-webhook-token"
        headers = {"content-type": "application/json"}
        return httpx.post(address, content=body, headers=headers, trust_env=False, timeout=60).status_code

    def events(self) -> int:
        """How many events the server has."""
        headers = {"Authorization": "Bearer an-admin-token"}
        told = httpx.get(f"{self.url}/admin/api/stats", headers=headers, trust_env=False).raise_for_status().json()
        return int(told["requests"]["events"])
