"""How long does a customer wait, beside the quiet time? From the message's arrival to its reply at Chatwoot."""

import contextlib
import json
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import uvicorn

from clients.testing import FakeChatwoot, as_sent, message_payload, signed
from scripts.bench.process import Server
from scripts.bench.sender import ODOO_KEY, SECRET
from scripts.made_up_shop import permanent_rules

MESSAGES = 200
PATIENCE_SECONDS = 10.0
USER_TOKEN = "benchmark-user-token"  # noqa: S105  # of the benchmark's own Chatwoot
# Each has an answer among the made-up shop's rules.
QUESTIONS = ("Quais as formas de pagamento?", "vcs entregam em quantos dias?", "onde fica a loja?", "posso trocar?")


@contextlib.contextmanager
def chatwoot() -> Iterator[tuple[FakeChatwoot, str]]:
    """A Chatwoot that answers at once, and its address."""
    fake = FakeChatwoot(user_token=USER_TOKEN)
    server = uvicorn.Server(uvicorn.Config(fake.app, port=0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield fake, f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


def settings(url: str) -> dict[str, str]:
    """What makes a server answer there, at once."""
    return {"CHATWOOT_BASE_URL": url, "CHATWOOT_API_KEY": USER_TOKEN, "ANSWER_QUIET_SECONDS": "0"}


def measure(folder: Path, core: int) -> list[float]:
    """Seconds of so many messages, one after the other, each in a conversation of its own."""
    with chatwoot() as (fake, url):
        server = Server("ours", folder, core, settings(url))
        try:
            return _measure(server, fake)
        finally:
            server.stop()


def _measure(server: Server, fake: FakeChatwoot) -> list[float]:
    rules = {
        "account_id": "account_1",
        "business_rule_id": 1,
        "rules": {"permanent_rules": permanent_rules(), "temporary_rules": []},
    }
    _post(server, "/api/v1/business-rules/sync", json.dumps(rules).encode(), {"X-API-Key": ODOO_KEY})
    return [_seconds(server, fake, number) for number in range(1, MESSAGES + 1)]


def _seconds(server: Server, fake: FakeChatwoot, number: int) -> float:
    replied = threading.Event()
    fake.on_message = lambda message: None if message["private"] else replied.set()
    body = as_sent(message_payload(number, number, QUESTIONS[number % len(QUESTIONS)]))
    begun = time.perf_counter()
    _post(server, "/webhook", body, signed(body, SECRET))
    if not replied.wait(PATIENCE_SECONDS):
        raise SystemExit(f"message {number} was not replied to")
    return time.perf_counter() - begun


def _post(server: Server, path: str, body: bytes, headers: dict[str, str]) -> None:
    request = urllib.request.Request(f"http://127.0.0.1:{server.port}{path}", body)
    for name, value in {"Content-Type": "application/json", **headers}.items():
        request.add_header(name, value)
    with urllib.request.urlopen(request):  # noqa: S310  # our own server
        pass
