"""What stands in for a shop's Odoo? A fake one that listens, a client set to ask it, and answers that get lost."""

import traceback
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from clients.odoo import Odoo, OdooConnection
from clients.testing_odoo import FakeOdoo
from tests.rig import free_port

KEY = "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567"
UUID = "5d9e4b1c-0f6a-4c7e-9b2d-7f3a1e8c6d50"
MOBILE = "+5541999990000"
each_version = pytest.mark.parametrize("version", [19, 17])


class Stage:
    """One listening server for all the tests of a file: which Odoo answers there, each test says."""

    def __init__(self) -> None:
        self.url = f"http://127.0.0.1:{free_port()}"
        self.odoo = FakeOdoo()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.odoo.app(scope, receive, send)


class Wire(httpx.AsyncBaseTransport):
    """Real HTTP; the answers to some requests get lost on their way back."""

    def __init__(self) -> None:
        self._real = httpx.AsyncHTTPTransport(verify=False)
        self.loses: Callable[[httpx.Request], bool] = lambda _request: False
        self.requests: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        response = await self._real.handle_async_request(request)
        if self.loses(request):
            await response.aread()
            await response.aclose()
            raise httpx.ReadTimeout("", request=request)
        return response

    async def aclose(self) -> None:
        await self._real.aclose()


class Shop:
    """A fake Odoo, and a client that is set to ask it."""

    def __init__(self, stage: Stage, wire: Wire, fake: FakeOdoo, **changes: str) -> None:
        stage.odoo = fake
        self.fake = fake
        self.wire = wire
        known = {"url": stage.url, "database": "loja", "api_key": KEY, "login": "robo"}
        hook = {"webhook_url": f"{stage.url}/web/hook/{UUID}"}
        self.connections = {"account_1": OdooConnection(**{**known, **hook, **changes})}
        self.odoo = Odoo(self.connections.get, transport=wire, waits=(0.0, 0.0))

    async def names(self) -> list[str]:
        rows = await self.odoo.read("account_1", "res.partner", "search_read", domain=[], fields=["name"])
        return [row["name"] for row in rows]

    async def rename(self, number: int, name: str) -> Any:
        return await self.odoo.write("account_1", "res.partner", "write", ids=[number], vals={"name": name})

    async def find(self, phone: str = "", email: str = "") -> str | None:
        partner = await self.odoo.find_partner("account_1", phone=phone, email=email)
        return partner.name if partner else None


OpenShop = Callable[..., Shop]


def only(what: str, fault: Callable[[str], Any], times: int = 10**9) -> Callable[[str], Any]:
    """The fault, for what is asked alone, so many times."""
    left = [times]

    def chosen(asked: str) -> Any:
        if asked != what or left[0] == 0:
            return None
        left[0] -= 1
        return fault(asked)

    return chosen


def first_of() -> Callable[[httpx.Request], bool]:
    """The next request, and no other."""
    left = [True]
    return lambda _request: bool(left and left.pop())


def all_text_of(error: BaseException) -> str:
    """What a log would hold of it."""
    return "".join(traceback.format_exception(type(error), error, error.__traceback__))


def answering(answer: Callable[[httpx.Request], httpx.Response]) -> Odoo:
    """A client of something that is no Odoo."""
    connection = OdooConnection("http://odoo.example.com", "loja", KEY, "robo", "http://odoo.example.com/web/hook/x")
    return Odoo(lambda _account: connection, transport=httpx.MockTransport(answer), waits=(0.0, 0.0))
