"""The measure: a bare Starlette route with the same signature check and parse, that keeps nothing."""

import hashlib
import hmac

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from scripts.bench.sender import SECRET


def signed(headers: "object", body: bytes) -> bool:
    """The check that every one of the compared servers makes."""
    timestamp = headers["x-chatwoot-timestamp"]  # type: ignore[index]  # Starlette's headers
    expected = hmac.new(SECRET.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest("sha256=" + expected, headers["x-chatwoot-signature"])  # type: ignore[index]  # as above


async def webhook(request: Request) -> JSONResponse:
    """Check, parse, answer."""
    body = await request.body()
    if not signed(request.headers, body):
        return JSONResponse({"status": "refused"}, 401)
    msgspec.json.decode(body)
    return JSONResponse({"status": "ok"})


app = Starlette(routes=[Route("/webhook", webhook, methods=["POST"])])
