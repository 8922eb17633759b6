"""What stands in for a language model's server? A fake one that listens on loopback for all the tests of a file."""

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

import uvicorn

from clients.http import Breaker
from clients.llm import Llm, LlmConnection
from clients.testing_llm import FakeLlm
from tests.rig import eventually, free_port
from tests.rig_odoo import Wire

KEY = "sk-0a1b2c3d4e5f60718293a4b5"


class LlmStage:
    """One listening server: which model answers there, each test says."""

    def __init__(self) -> None:
        self.url = f"http://127.0.0.1:{free_port()}"
        self.fake = FakeLlm()
        self.wire: Wire | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.fake.app(scope, receive, send)

    def client(self, *, key: str = KEY, seconds: float = 10.0, breaker: Breaker | None = None) -> Llm:
        connection = LlmConnection(f"{self.url}/v1", "small", key)
        return Llm(connection, seconds=seconds, wait=0.0, breaker=breaker, transport=self.wire)


@contextlib.contextmanager
def listening() -> Iterator[LlmStage]:
    stage = LlmStage()
    port = int(stage.url.rpartition(":")[2])
    config = uvicorn.Config(stage, port=port, log_level="error", lifespan="off", timeout_graceful_shutdown=0)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    eventually(lambda: server.started)
    yield stage
    server.should_exit = True
    thread.join(10)
