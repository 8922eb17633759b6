"""How long may a request take to arrive? uvicorn has no deadline for slow headers or bodies; this protocol does."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEADER_SECONDS = 10.0
BODY_SECONDS = 10.0
# When the server stops, an open connection may already carry a request: nobody sends it twice.
LAST_REQUEST_SECONDS = 1.0

_TOO_SLOW = (
    b"HTTP/1.1 408 Request Timeout\r\ncontent-type: text/plain; charset=utf-8\r\n"
    b"content-length: 0\r\nconnection: close\r\n\r\n"
)


class _Together:
    """A transport that sends an answer's head and body in one packet: uvicorn writes them one after the other.

    A head waits for what is written next; alone it leaves with the loop's next turn.
    """

    def __init__(self, transport: Any, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._head = b""

    def write(self, data: bytes) -> None:
        if data.startswith(b"HTTP/1.1 ") and not self._head:
            self._head = data
            self._loop.call_soon(self._send_head)
        else:
            head, self._head = self._head, b""
            self._transport.write(head + data)

    def _send_head(self) -> None:
        if self._head and not self._transport.is_closing():
            self.write(b"")

    def close(self) -> None:
        self._send_head()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class PatientProtocol(HttpToolsProtocol):
    """HTTP/1.1 with deadlines, and with an answer for every request that has begun when the server stops."""

    _deadline: asyncio.TimerHandle | None = None
    _awaited = ""
    _ending = False

    def connection_made(self, transport: Any) -> None:
        super().connection_made(_Together(transport, self.loop))  # type: ignore[arg-type]
        self._await("headers")

    def connection_lost(self, exc: Exception | None) -> None:
        self._await("")
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        cycle = self.cycle
        if cycle is None or cycle.response_complete:
            self._await("headers")
            return
        self._await("body" if cycle.more_body else "")
        if self._ending:
            cycle.keep_alive = False

    def _await(self, what: str) -> None:
        """Set the deadline for what is still to come of a request; nothing more is: take it back."""
        if what == self._awaited:
            return
        self._awaited = what
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        if what:
            seconds = HEADER_SECONDS if what == "headers" else BODY_SECONDS
            self._deadline = self.loop.call_later(seconds, self._too_slow)

    def shutdown(self) -> None:
        """Finish what has begun; an idle connection gets a moment, for a request that may be on its way."""
        self._ending = True
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.keep_alive = False
        else:
            self.loop.call_later(LAST_REQUEST_SECONDS, self._end_if_idle)

    def _end_if_idle(self) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()

    def _too_slow(self) -> None:
        cycle = self.cycle
        if cycle is not None and not cycle.response_complete:
            cycle.disconnected = True
            cycle.message_event.set()
        if not self.transport.is_closing():
            self.transport.write(_TOO_SLOW)
            self.transport.close()
