"""How is an alarm told outside? One POST of JSON that chat programs understand, signed where a secret is set."""

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from clients.http import Destination, Transport, Unreadable

SECONDS = 10.0
MOST_MB = 1.0


class Receiver:
    """Whatever takes the alarms, at one address."""

    def __init__(self, address: str, secret: str = "", *, transport: Transport | None = None) -> None:
        parts = urlsplit(address)
        self._path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        self._secret = secret
        self._destination = Destination(
            f"{parts.scheme}://{parts.netloc}", {}, transport=transport, most_mb=MOST_MB, quote=lambda *_: ""
        )

    async def tell(self, number: str, said: Mapping[str, Any]) -> None:
        """Send it; when this returns, it was taken. Raises `Failed`. `number` is the same whenever it is sent again."""
        body = json.dumps(said, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", **signed(number, int(time.time()), body, self._secret)}
        try:
            await self._destination.request(
                "POST", self._path, content=body, headers=headers, seconds=SECONDS, about="the alarms' receiver"
            )
        except Unreadable:
            return  # it was taken; Slack says "ok", which is no JSON


def signed(number: str, timestamp: int, body: bytes, secret: str) -> dict[str, str]:
    """The headers of Standard Webhooks: what it is the number of, when, and, with a secret, that it is ours."""
    headers = {"webhook-id": number, "webhook-timestamp": str(timestamp)}
    if secret:
        message = f"{number}.{timestamp}.".encode() + body
        digest = hmac.new(_key(secret), message, hashlib.sha256).digest()
        headers["webhook-signature"] = f"v1,{base64.b64encode(digest).decode()}"
    return headers


def _key(secret: str) -> bytes:
    """The key that a secret means: after `whsec_` Standard Webhooks writes it in base64; any other is itself."""
    if secret.startswith("whsec_"):
        try:
            return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        except binascii.Error:
            return secret.encode()
    return secret.encode()
