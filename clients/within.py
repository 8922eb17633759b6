"""How is this server's own application asked? As from outside, but without a network."""

from collections.abc import Mapping
from typing import Any

import httpx


async def post_within(app: Any, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
    """POST to an ASGI application of this process, by its whole way in; the status and the text of the answer."""
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost", trust_env=False) as client:
        answer = await client.post(path, content=body, headers=dict(headers))
        return answer.status_code, answer.text
