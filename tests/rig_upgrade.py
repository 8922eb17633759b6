"""What do the tests of an upgrade stand on? An origin, a checkout of it with a real server, and a double of systemd."""

import itertools
import os
import shutil
import subprocess
import sys
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
# Runs, stops and knows one server, as `systemctl` does; what it is asked stands in a file.
SYSTEMCTL = """
import os, pathlib, signal, subprocess, sys, time

house, words = pathlib.Path({house!r}), sys.argv[1:]
pid, asked = house.parent / "pid", house.parent / "asked"

def stop():
    number = int(pid.read_text())
    os.kill(number, signal.SIGTERM)
    while lives(number):
        time.sleep(0.05)

def lives(number):
    try:
        return pathlib.Path(f"/proc/{{number}}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False

def start():
    with (house.parent / "output").open("ab") as output:
        command = [house / ".venv/bin/python", "scripts/start_unified_server.py"]
        started = subprocess.Popen(command, cwd=house, stdout=output, stderr=output, start_new_session=True)
    pid.write_text(str(started.pid))

with asked.open("a") as file:
    file.write(words[0] + "\\n")
if words[0] in ("stop", "restart") and pid.exists() and lives(int(pid.read_text())):
    stop()
if words[0] in ("start", "restart"):
    start()
"""


class House:
    """A checkout of an origin, in which a server runs."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._numbers = folder, itertools.count(1)
        self.origin, self.house = folder / "origin", folder / "house"
        self.url = f"http://127.0.0.1:{free_port()}"
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
        port = self.url.rpartition(":")[2]
        tokens = "WEBHOOK_TOKEN=a-webhook-token\nADMIN_TOKEN=an-admin-token\nODOO_SYNC_KEY=a-sync-key\n"
        (self.house / ".env").write_text(f"SERVER_PORT={port}\nSERVER_HOST=127.0.0.1\nSERVER_LANGUAGE=en\n{tokens}")
        self.systemctl = folder / "systemctl"
        self.systemctl.write_text(f"#!{sys.executable}\n{SYSTEMCTL.format(house=str(self.house))}")
        self.systemctl.chmod(0o700)

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
        subprocess.run([self.systemctl, "start"], env=self.environment, check=True)
        ready = self.run(".venv/bin/python", "-m", "scripts.ready", "--seconds", "30")
        assert ready.returncode == 0, ready.stderr + self.output

    def stop(self) -> None:
        subprocess.run([self.systemctl, "stop"], env=self.environment, check=True)

    @property
    def asked(self) -> list[str]:
        """What systemd was asked to do with the server."""
        return [each for each in (self.folder / "asked").read_text().split() if each != "cat"]

    @property
    def backups(self) -> list[Path]:
        return sorted((self.house / "backups").glob("*.tar.gz"))

    @property
    def output(self) -> str:
        return (self.folder / "output").read_text()

    def send(self) -> int:
        """A new message, as Chatwoot sends it; the status of the answer."""
        body = as_sent(message_payload(next(self._numbers), 1, "oi", message_type="outgoing"))
        address = f"{self.url}/webhook?token=a-webhook-token"
        headers = {"content-type": "application/json"}
        return httpx.post(address, content=body, headers=headers, trust_env=False).status_code

    def events(self) -> int:
        """How many events the server has."""
        headers = {"Authorization": "Bearer an-admin-token"}
        told = httpx.get(f"{self.url}/admin/api/stats", headers=headers, trust_env=False).raise_for_status().json()
        return int(told["requests"]["events"])
