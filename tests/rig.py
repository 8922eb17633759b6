"""What the tests of the whole stand on: the real server in a process of its own, and a fake Chatwoot with HTTP."""

import contextlib
import functools
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from clients.testing import FakeChatwoot, as_sent, echo_payload, signed
from relay.store import Store
from tests.rig_start import Forked

ROOT = Path(__file__).resolve().parent.parent
SECRET = "rig-webhook-secret"
TOKENS = {
    "WEBHOOK_TOKEN": "rig-webhook-token",
    "ODOO_SYNC_KEY": "rig-odoo-key",
    "ADMIN_TOKEN": "rig-admin-token",
    "CHATWOOT_WEBHOOK_SECRET": SECRET,
}
RULES = [
    {"id": 1, "name": "Formas de pagamento", "type": "payment", "description": "Aceitamos Pix, cartão e boleto."},
    {"id": 2, "name": "Prazo de entrega", "type": "delivery", "description": "Entregamos em até 3 dias úteis."},
    {"id": 3, "name": "Troca e devolução", "type": "return", "description": "Trocas em até 7 dias com a nota."},
]


# Below the kernel's own, from which outgoing connections take theirs, and a share for each of the workers; above 10080,
# which Chromium opens for nobody (ERR_UNSAFE_PORT).
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_PORTS = itertools.cycle(range(10_100 + 700 * _WORKER, 10_800 + 700 * _WORKER))


def free_port() -> int:
    """A port that nobody listens on, and that nobody else is given soon."""
    for port in _PORTS:
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("unreachable: the ports go round")


@functools.cache
def empty_database() -> bytes:
    """A database with its tables: made once, since making them takes as long as a start."""
    with tempfile.TemporaryDirectory() as folder:
        Store(f"sqlite:///{folder}/server.db").close()
        return Path(folder, "server.db").read_bytes()


def eventually(look: Callable[[], Any], seconds: float = 20.0) -> Any:
    """What `look` returns as soon as it is true; fails when it is not within so many seconds."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s; last seen: {found!r}")
        time.sleep(0.02)


class Server:
    """The server as `scripts/start` runs it, in a folder of its own."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        (folder / "plugins").mkdir(parents=True, exist_ok=True)
        self.environment = {
            "PATH": os.environ["PATH"],
            "ENV_FILE": str(folder / ".env"),
            "SERVER_HOST": "127.0.0.1",
            "SERVER_PORT": str(self.port),
            "DATABASE_URL": f"sqlite:///{folder}/data/server.db",
            "LOG_DIR": str(folder / "logs"),
            "PLUGINS_DIR": str(folder / "plugins"),
            "ACCOUNTS_FILE": str(folder / "accounts.toml"),
            "SOURCES_FILE": str(folder / "sources.toml"),
            "KNOWLEDGE_DIR": str(folder / "knowledge"),
            "CHATWOOT_ACCOUNT_ID": "1",
            "ANSWER_QUIET_SECONDS": "0",
            "HEAL_EVERY_MINUTES": "0",
            **TOKENS,
            **settings,
        }
        self.process: subprocess.Popen[bytes] | Forked | None = None
        # Idle connections are given up before uvicorn closes them (5 s): otherwise a request may meet the closing.
        self.http = httpx.Client(
            base_url=self.url,
            timeout=10,
            headers={"Authorization": "Bearer rig-admin-token"},
            limits=httpx.Limits(keepalive_expiry=2.0),
        )

    def start(self, *words: str, pass_fds: tuple[int, ...] = (), first: bool = False) -> "Server":
        """Start it and wait until it takes requests; `first`: it makes its tables itself."""
        database = self.folder / "data" / "server.db"
        if not first and not database.exists():
            database.parent.mkdir(exist_ok=True)
            database.write_bytes(empty_database())
        output = self.folder / "output"
        if words or pass_fds or first:
            self.process = self._run(output, words, pass_fds)
        else:
            self.process = Forked(self.environment, output)
        eventually(self._is_up)
        return self

    def _run(self, output: Path, words: Sequence[str], pass_fds: tuple[int, ...]) -> "subprocess.Popen[bytes]":
        """The command itself, in a Python of its own."""
        command = [sys.executable, str(ROOT / "scripts" / "start_unified_server.py"), *words]
        with output.open("ab") as file:
            return subprocess.Popen(command, env=self.environment, stdout=file, stderr=file, pass_fds=pass_fds)

    def _is_up(self) -> bool:
        assert self.process is not None
        if self.process.poll() is not None:
            raise AssertionError((self.folder / "output").read_text())
        with contextlib.suppress(httpx.TransportError):
            return self.http.get("/health").status_code == 200
        return False

    def kill(self) -> None:
        """kill -9."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """SIGTERM, and wait for its end. An idle connection would be given a second for a request on its way."""
        self.http.close()
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(timeout=60)
            self.process = None

    def post_chatwoot(self, payload: dict[str, Any], path: str = "/webhook", **headers: str) -> httpx.Response:
        """Send a webhook as Chatwoot does, signed."""
        body = as_sent(payload)
        return self.http.post(
            self.url + path, content=body, headers={**signed(body, SECRET), "Authorization": "", **headers}
        )

    def sync_rules(
        self, permanent: list[Any], temporary: list[Any] | None = None, business_rule: int = 1, **headers: str
    ) -> httpx.Response:
        """Synchronise rules as business_rules2 does."""
        rules = {"permanent_rules": permanent, "temporary_rules": temporary or []}
        payload = {"account_id": "account_1", "business_rule_id": business_rule, "rules": rules}
        headers = {"X-API-Key": TOKENS["ODOO_SYNC_KEY"], "Authorization": "", **headers}
        return self.http.post("/api/v1/business-rules/sync", json=payload, headers=headers)

    def admin(self, path: str, **parameters: Any) -> Any:
        """What /admin/api answers."""
        return self.http.get(f"/admin/api/{path}", params=parameters).raise_for_status().json()

    def events(self, **parameters: Any) -> list[dict[str, Any]]:
        """Events, newest first."""
        return list(self.admin("events", **parameters)["items"])

    def books(self) -> dict[str, dict[str, int]]:
        """The balanced books."""
        return dict(self.admin("stats"))

    def is_quiet(self) -> bool:
        """Whether nothing is waiting or running."""
        deliveries = self.books()["deliveries"]
        return deliveries["waiting"] == deliveries["running"] == 0

    def logs(self) -> str:
        """All that was logged."""
        files = sorted((self.folder / "logs").glob("*_unified_server.log"))
        return "\n".join(file.read_text() for file in files)


@contextlib.contextmanager
def serving(app: Any, **options: Any) -> Iterator[str]:
    """Serve an ASGI application of the outside world on a port of its own, in a thread; gives its address."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", lifespan="off", **options))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    eventually(lambda: server.started)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)


@contextlib.contextmanager
def fake_chatwoot(**tokens: str) -> Iterator[tuple[FakeChatwoot, str]]:
    """A fake Chatwoot, and its address."""
    chatwoot = FakeChatwoot(**tokens)
    with serving(chatwoot.app) as url:
        yield chatwoot, url


def echo_to(server: Server) -> Callable[[dict[str, Any]], None]:
    """Let the fake Chatwoot send each message back as a webhook, as the real one does, from another thread."""

    def post(message: dict[str, Any]) -> None:
        # Once, whether or not a server is there; a client that is closed says that the test is over.
        with contextlib.suppress(httpx.TransportError, RuntimeError):
            server.post_chatwoot(echo_payload(message))

    def send(message: dict[str, Any]) -> None:
        threading.Thread(target=post, args=(message,), daemon=True).start()

    return send


def dumps(payload: Any) -> bytes:
    """JSON bytes."""
    return json.dumps(payload).encode()
