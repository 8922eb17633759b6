"""What do the tunnel's tests stand on? The command as people start it, a fake ngrok, and a fake VPS over HTTP."""

import contextlib
import json
import os
import pty
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.rig import ROOT, Server, eventually, free_port, serving

SCRIPT = ROOT / "scripts" / "start_ngrok_unified.py"
TOKEN = "2abcNgrokTokenOfTheTests_7xyz"


class Ngrok:
    """The fake ngrok's program and what its side is planned to do; `addresses` are those it gives, in their order."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.api = f"http://127.0.0.1:{free_port()}"
        self.addresses = [f"http://127.0.0.1:{free_port()}" for _ in range(4)]
        self._plan: dict[str, Any] = {
            "token": TOKEN,
            "ports": [int(each.rpartition(":")[2]) for each in self.addresses],
        }
        self.plan()
        self.program = folder / "ngrok"
        fake = ROOT / "tests" / "fake_ngrok.py"
        self.program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{fake}" "{folder}/plan.json" "$@"\n')
        self.program.chmod(0o700)

    def plan(self, **changes: Any) -> None:
        """Change what ngrok's side does from now on."""
        self._plan.update(changes)
        beside = self.folder / "plan.new"
        beside.write_text(json.dumps(self._plan))
        beside.replace(self.folder / "plan.json")

    @property
    def seen(self) -> dict[str, Any]:
        """With which words and environment it was started."""
        return dict(json.loads((self.folder / "seen.json").read_text()))

    @property
    def opened(self) -> list[dict[str, Any]]:
        """What was asked of it, in its order."""
        return [json.loads(each.read_text()) for each in sorted(self.folder.glob("opened.*"))]

    @property
    def ended_in_order(self) -> bool:
        """Whether it was asked to end, rather than killed."""
        return (self.folder / "ended").exists()

    def runs(self) -> bool:
        """Whether its local API answers."""
        with contextlib.suppress(httpx.TransportError):
            return httpx.get(f"{self.api}/api/tunnels", trust_env=False).status_code == 200
        return False

    def stop_tunnel(self) -> None:
        """Stop the tunnel, as somebody may at ngrok's dashboard."""
        name = httpx.get(f"{self.api}/api/tunnels", trust_env=False).json()["tunnels"][0]["name"]
        httpx.delete(f"{self.api}/api/tunnels/{name}", trust_env=False).raise_for_status()


class Command:
    """`python scripts/start_ngrok_unified.py`, in English, with a server's settings."""

    def __init__(self, ngrok: Ngrok, server: Server, *words: str, on_terminal: bool = False, **settings: str) -> None:
        own = {"NGROK_AUTH_TOKEN": TOKEN, "NGROK_API": ngrok.api, "NGROK_PATH": str(ngrok.program)}
        home = {"HOME": str(ngrok.folder), "SERVER_LANGUAGE": "en"}
        self.environment = {**server.environment, **home, **own, **settings}
        self.output = ngrok.folder / f"output{len(list(ngrok.folder.glob('output*')))}"
        with self._output(on_terminal) as output:
            self.process = subprocess.Popen(
                [sys.executable, str(SCRIPT), *words], env=self.environment, stdout=output, stderr=output
            )

    @contextlib.contextmanager
    def _output(self, on_terminal: bool) -> Iterator[int]:
        """Where it writes: into the file, on a terminal by way of that."""
        with self.output.open("wb") as file:
            if not on_terminal:
                yield file.fileno()
                return
        screen, terminal = pty.openpty()
        threading.Thread(target=self._copy, args=(screen,), daemon=True).start()
        yield terminal
        os.close(terminal)

    def _copy(self, screen: int) -> None:
        with contextlib.suppress(OSError):  # that is how a terminal ends
            while written := os.read(screen, 4096):
                with self.output.open("ab") as file:
                    file.write(written.replace(b"\r\n", b"\n"))
        os.close(screen)

    @property
    def said(self) -> str:
        """All that it wrote so far."""
        return self.output.read_text()

    def says(self, text: str) -> None:
        """Wait until it says this."""

        def look() -> bool:
            if text not in self.said and self.process.poll() is not None and text not in self.said:
                raise AssertionError(f"it ended with {self.process.returncode}:\n{self.said}")
            return text in self.said

        eventually(look, 30)

    def ends(self, how: signal.Signals | None = None) -> int:
        """Its exit code, after this signal or by itself."""
        if how is not None:
            self.process.send_signal(how)
        return self.process.wait(60)


@contextlib.contextmanager
def command(ngrok: Ngrok, server: Server, *words: str, on_terminal: bool = False, **settings: str) -> Iterator[Command]:
    """Run the command; it is ended in the end, and its ngrok with it."""
    running = Command(ngrok, server, *words, on_terminal=on_terminal, **settings)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.ends(signal.SIGTERM)


class Vps:
    """The proxy: keeps what it is told; `status` is what it answers to that."""

    def __init__(self, token: str = "vps-admin-token") -> None:
        self.told: list[str] = []
        self.asked = 0
        self.status = 200
        self._token = token
        routes = [Route("/health", self._health), Route("/admin/api/forward", self._forward, methods=["GET", "PUT"])]
        self.app = Starlette(routes=routes)

    async def _health(self, _request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def _forward(self, request: Request) -> Response:
        self.asked += 1
        if request.headers.get("authorization") != f"Bearer {self._token}":
            return Response("no", 401)
        if self.status != 200:
            return Response("not now", self.status)
        if request.method == "PUT":
            self.told.append((await request.json())["url"])
        return JSONResponse({"url": self.told[-1] if self.told else None})


@contextlib.contextmanager
def fake_vps() -> Iterator[tuple[Vps, dict[str, str]]]:
    """A proxy that answers, and the settings that reach it."""
    vps = Vps()
    with serving(vps.app) as url:
        yield vps, {"VPS_URL": url, "VPS_TOKEN": "vps-admin-token"}


def processes() -> str:
    """The command lines of every process, as `ps` shows them to everybody."""
    lines = []
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            lines.append(each.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
    return "\n".join(lines)


def kill(pid: int) -> None:
    """kill -9."""
    os.kill(pid, signal.SIGKILL)
