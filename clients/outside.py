"""How is a crew asked that runs in a process of its own? One POST of JSON, answered with JSON, within a time."""

from typing import Any
from urllib.parse import urlsplit

from clients.http import Destination, Transport

# A crew of several models takes its time; the customer's patience is longer than that of a request.
SECONDS = 30.0
MOST_MB = 1.0


class OutsideCrews:
    """The crews' processes, each by its address and key."""

    def __init__(self, *, seconds: float = SECONDS, transport: Transport | None = None) -> None:
        self._seconds = seconds
        self._transport = transport
        self._known: dict[tuple[str, str], Destination] = {}

    async def ask(self, address: str, key: str, question: Any) -> Any:
        """What the crew at this address says to the question. Raises `Failed`; nothing is asked twice."""
        parts = urlsplit(address)
        destination = self._known.get((address, key)) or self._destination(address, key)
        path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        return await destination.request("POST", path, json=question, seconds=self._seconds, about="an outside crew")

    def _destination(self, address: str, key: str) -> Destination:
        parts = urlsplit(address)
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        made = Destination(f"{parts.scheme}://{parts.netloc}", headers, transport=self._transport, most_mb=MOST_MB)
        return self._known.setdefault((address, key), made)
