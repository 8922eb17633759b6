"""How is a language model asked? Over OpenAI's `/chat/completions`, by whichever server speaks it."""

import asyncio
import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict
from urllib.parse import urlsplit

from clients.http import Breaker, Destination, Failed, Refused, Transport, Unavailable, Unknown, Unreadable

# All the time an answer has, a second try included, and how much of it the first try may take.
SECONDS = 10.0
FIRST_TRY = 0.6
WAIT_BEFORE_AGAIN = 0.5
LISTING_SECONDS = 5.0
MOST_MB = 1.0
MOST_TOKENS = 900
# What not every server and model takes; who refuses one of them by its name is asked without it from then on.
OPTIONAL: dict[str, Any] = {
    "response_format": {"type": "json_object"},
    "temperature": 0,
    "max_tokens": MOST_TOKENS,
}
_CODE = re.compile(r"[a-z][a-z_]{2,49}")


class Message(TypedDict):
    """One message of those that a model is asked with; `role` is "system" or "user"."""

    role: str
    content: str


@dataclass(frozen=True)
class LlmConnection:
    """Where the model is: the server's address, usually one that ends in `/v1`, and the model's name there."""

    url: str
    model: str
    api_key: str = field(default="", repr=False)


def _to_nobody(result: str, seconds: float) -> None:
    pass


class Llm:
    """One model on one server. `seconds` is all the time an answer has.

    `tell` is called after each request, with its result ("answered", or the error's kind) and its seconds.
    """

    def __init__(
        self,
        connection: LlmConnection,
        *,
        seconds: float = SECONDS,
        wait: float = WAIT_BEFORE_AGAIN,
        breaker: Breaker | None = None,
        transport: Transport | None = None,
        tell: Callable[[str, float], None] = _to_nobody,
    ) -> None:
        self.model = connection.model
        self._seconds = seconds
        self._wait = wait
        self._tell = tell
        self._refused: set[str] = set()
        self._server = Destination(
            api_root(connection.url),
            _headers(connection.api_key),
            breaker=breaker,
            transport=transport,
            quote=quote,
            most_mb=MOST_MB,
        )

    async def complete(self, messages: Sequence[Message]) -> str:
        """What the model says to the messages; asked once more where no answer came. Raises `Failed`."""
        ends = time.monotonic() + self._seconds
        try:
            return await self._ask(messages, time.monotonic() + self._seconds * FIRST_TRY)
        except (Unavailable, Unknown) as error:
            if isinstance(error, Unreadable) or not error.costs_attempt:
                raise  # it did answer; or the breaker is open, and will be for longer
        await asyncio.sleep(self._wait)
        return await self._ask(messages, ends)

    async def models(self) -> list[str]:
        """The names of the models that the server has; none where it does not say. Raises `Failed`."""
        told = await self._server.request("GET", "/models", seconds=LISTING_SECONDS)
        found = told.get("data") if isinstance(told, dict) else None
        return [str(each.get("id")) for each in found or [] if isinstance(each, dict)]

    async def aclose(self) -> None:
        """Close the connections."""
        await self._server.aclose()

    async def _ask(self, messages: Sequence[Message], ends: float) -> str:
        wanted = {name: value for name, value in OPTIONAL.items() if name not in self._refused}
        body = {"model": self.model, "messages": list(messages), "stream": False, **wanted}
        try:
            return said(await self._timed(body, max(ends - time.monotonic(), 0.0)))
        except Refused as refused:
            named = {name for name in wanted if refused.status in (400, 422) and name in str(refused)}
            if not named:
                raise
            self._refused |= named
        return await self._ask(messages, ends)

    async def _timed(self, body: dict[str, Any], seconds: float) -> Any:
        begun, result = time.monotonic(), "cancelled"
        try:
            answer = await self._server.request("POST", "/chat/completions", json=body, seconds=seconds)
            result = "answered"
            return answer
        except Failed as error:
            result = type(error).__name__.lower()
            raise
        finally:
            self._tell(result, time.monotonic() - begun)


def api_root(url: str) -> str:
    """The address that `/chat/completions` is appended to, whichever form was copied into the setting."""
    trimmed = url.strip().rstrip("/").removesuffix("/chat/completions").rstrip("/")
    return trimmed if urlsplit(trimmed).path else f"{trimmed}/v1"


def said(answer: Any) -> str:
    """The text of the first choice; raises `Unreadable` where there is none."""
    try:
        content = answer["choices"][0]["message"]["content"]
    except (KeyError, IndexError, TypeError):
        content = None
    if not isinstance(content, str) or not content.strip():
        raise Unreadable("POST /chat/completions: the answer holds no text")
    return content


def quote(status: int, text: str) -> str:
    """What is told of an error's body: its code, and the optional parameters it names.

    Never its words: some servers repeat the whole question in them.
    """
    named = [name for name in OPTIONAL if status in (400, 422) and name in text]
    return " ".join([*_codes(text), *named])


def _codes(text: str) -> list[str]:
    """`insufficient_quota`, `model_not_found`: what the error calls itself."""
    try:
        error = json.loads(text)["error"]
        names = [error.get("code"), error.get("type")]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return []
    return [name for name in names if isinstance(name, str) and _CODE.fullmatch(name)][:1]


def _headers(api_key: str) -> dict[str, str]:
    headers = {"User-Agent": "servidor-unificado", "Accept": "application/json"}
    return {**headers, "Authorization": f"Bearer {api_key}"} if api_key else headers
