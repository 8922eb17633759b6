"""What stands in for an outside server, without a network? One that answers as told, and keeps what it was asked."""

from collections.abc import Callable
from typing import Any

import httpx

BASE = "https://chat.flordeipe.example.com"
Answer = Callable[[httpx.Request], httpx.Response]


class Asked:
    """An outside server: what it was asked, and what it answers."""

    def __init__(self, answer: Answer) -> None:
        self.requests: list[httpx.Request] = []
        self._answer = answer
        self.transport = httpx.MockTransport(self)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self._answer(request)

    @property
    def last(self) -> httpx.Request:
        return self.requests[-1]


def always(status: int, body: Any = None, **headers: str) -> Asked:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Asked(lambda request: httpx.Response(status, json=body, headers=named))
