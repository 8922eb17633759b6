"""The sender: signed requests over kept-alive connections, as fast as they are answered or at a steady rate."""

import asyncio
import hashlib
import hmac
import json
import os
import time
from typing import NamedTuple

SECRET = "benchmark-secret"  # noqa: S105  # of the benchmark's own servers
ODOO_KEY = "benchmark-odoo-key"


class Measured(NamedTuple):
    """Requests per second, and each request's seconds to its answer."""

    rate: float
    seconds: list[float]
    failed: int


def make_request(number: int) -> bytes:
    """One signed Chatwoot request with a body of about 2.5 KB and an id of its own."""
    payload = {
        "event": "webwidget_triggered",
        "id": number,
        "account": {"id": 1, "name": "Loja"},
        "contact": {"id": number, "name": "Conceição de Araújo", "phone_number": "+5541999990000"},
        "event_info": {"referer": "https://loja.example.com.br/" + "produto/" * 40},
        "filler": ["abcdefghij" * 10] * 19,
        "source_id": f"bench-{number}",
    }
    body = json.dumps(payload, ensure_ascii=False).encode()
    timestamp = str(int(time.time()))
    signature = hmac.new(SECRET.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    head = (
        f"POST /webhook HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
        f"x-chatwoot-delivery: {os.urandom(16).hex()}\r\nx-chatwoot-timestamp: {timestamp}\r\n"
        f"x-chatwoot-signature: sha256={signature}\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class _Connection(asyncio.Protocol):
    def __init__(self) -> None:
        self.answer: asyncio.Future[bool] | None = None
        self.data = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.data += data
        head, found, body = self.data.partition(b"\r\n\r\n")
        if not found:
            return
        length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
        if len(body) >= length and self.answer is not None and not self.answer.done():
            self.data = b""
            self.answer.set_result(head.startswith(b"HTTP/1.1 200"))

    async def send(self, request: bytes) -> bool:
        self.answer = asyncio.get_running_loop().create_future()
        self.transport.write(request)  # type: ignore[attr-defined]  # a stream transport
        return await self.answer


async def _connect(port: int) -> _Connection:
    _, connection = await asyncio.get_running_loop().create_connection(_Connection, "127.0.0.1", port)
    return connection


async def closed_loop(port: int, requests: list[bytes], connections: int) -> Measured:
    """Every connection sends its next request when the last is answered."""
    waiting, seconds, failed = iter(requests), [], 0

    async def drive(connection: _Connection) -> None:
        nonlocal failed
        for request in waiting:
            started = time.perf_counter()
            failed += not await connection.send(request)
            seconds.append(time.perf_counter() - started)

    opened = [await _connect(port) for _ in range(connections)]
    started = time.perf_counter()
    await asyncio.gather(*(drive(each) for each in opened))
    return Measured(len(requests) / (time.perf_counter() - started), seconds, failed)


async def open_loop(port: int, requests: list[bytes], rate: float) -> Measured:
    """So many requests per second, whether or not the earlier ones are answered."""
    free = [await _connect(port) for _ in range(32)]
    seconds: list[float] = []
    failed = 0

    async def one(request: bytes) -> None:
        nonlocal failed
        connection = free.pop() if free else await _connect(port)
        started = time.perf_counter()
        failed += not await connection.send(request)
        seconds.append(time.perf_counter() - started)
        free.append(connection)

    begun, tasks = time.perf_counter(), []
    for number, request in enumerate(requests):
        await asyncio.sleep(max(0.0, begun + number / rate - time.perf_counter()))
        tasks.append(asyncio.create_task(one(request)))
    await asyncio.gather(*tasks)
    return Measured(len(requests) / (time.perf_counter() - begun), seconds, failed)
