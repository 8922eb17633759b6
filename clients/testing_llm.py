"""A language model to test against: it speaks HTTP, keeps what it gets, says what it is told, and fails likewise."""

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

Says = Callable[[dict[str, Any]], str]
Fault = Callable[[dict[str, Any]], "Response | None"]


class FakeLlm:
    """A server with one model behind it.

    `says` is what the model writes, a function of the request's body; `fault` may answer with something else instead.
    What stands in `refuses` is refused by its name, as servers do that do not know it. `asked` holds every body.
    `models` are those that it lists; None: it does not list them.
    """

    def __init__(self, *, key: str = "") -> None:
        self.key = key
        self.asked: list[dict[str, Any]] = []
        self.refuses: Sequence[str] = ()
        self.models: list[str] | None = None
        self.seconds_to_answer = 0.0
        self.says: Says = lambda _body: json.dumps({"unknown": True})
        self.fault: Fault = lambda _body: None
        self.app = Starlette(
            routes=[
                Route("/v1/chat/completions", self._complete, methods=["POST"]),
                Route("/v1/models", self._list, methods=["GET"]),
            ]
        )

    def will_say(self, *statements: tuple[str, Sequence[str]]) -> None:
        """The model writes these statements from now on, each with the keys of the sources that it names."""
        told = [{"text": text, "sources": list(sources)} for text, sources in statements]
        self.says = lambda _body: json.dumps({"statements": told}, ensure_ascii=False)

    @property
    def prompts(self) -> list[str]:
        """All that each request told the model."""
        return ["\n".join(each["content"] for each in body["messages"]) for body in self.asked]

    async def _list(self, request: Request) -> Response:
        if self.key and request.headers.get("authorization") != f"Bearer {self.key}":
            return error(401, "invalid_api_key", "Incorrect API key")
        if self.models is None:
            return PlainTextResponse("Not Found", 404)
        return JSONResponse({"object": "list", "data": [{"id": each, "object": "model"} for each in self.models]})

    async def _complete(self, request: Request) -> Response:
        if self.key and request.headers.get("authorization") != f"Bearer {self.key}":
            return error(401, "invalid_api_key", f"Incorrect API key: {request.headers.get('authorization')}")
        body = await request.json()
        self.asked.append(body)
        named = [name for name in self.refuses if name in body]
        if named:
            return error(400, "invalid_request_error", f"'{named[0]}' is not supported; asked: {body['messages']}")
        await asyncio.sleep(self.seconds_to_answer)
        return self.fault(body) or completion(body["model"], self.says(body))


def completion(model: str, content: str | None) -> Response:
    """What a model wrote, as servers wrap it."""
    message = {"role": "assistant", "content": content}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    usage = {"prompt_tokens": 9, "completion_tokens": 9, "total_tokens": 18}
    return JSONResponse({"id": "x", "object": "chat.completion", "model": model, "choices": [choice], "usage": usage})


def error(status: int, code: str, message: str) -> Response:
    """A refusal in OpenAI's form, which likes to repeat what it was sent."""
    return JSONResponse({"error": {"message": message, "type": code, "code": None}}, status)


def streamed(content: str) -> Response:
    """What a server answers that streams whether it is asked to or not."""
    piece = json.dumps({"choices": [{"delta": {"content": content}}]})
    return PlainTextResponse(f"data: {piece}\n\ndata: [DONE]\n\n", media_type="text/event-stream")


def failing_once(status: int) -> Fault:
    """Answer the first request with this status and no other."""
    left = [PlainTextResponse("<html>Bad Gateway</html>", status)]
    return lambda _body: left.pop() if left else None
