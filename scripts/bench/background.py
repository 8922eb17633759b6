"""What one would write instead: FastAPI with BackgroundTasks as uvicorn runs it, that keeps nothing either."""

from typing import Any

import msgspec
from fastapi import BackgroundTasks, FastAPI, Request, Response

from scripts.bench.bare import signed

app = FastAPI()


async def handle(payload: Any) -> None:
    """The same trivial handler as the others'."""


@app.post("/webhook")
async def webhook(request: Request, background: BackgroundTasks) -> Any:
    """Check, parse, answer, handle afterwards."""
    body = await request.body()
    if not signed(request.headers, body):
        return Response(status_code=401)
    background.add_task(handle, msgspec.json.decode(body))
    return {"status": "ok"}
