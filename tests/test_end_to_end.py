"""From Chatwoot by the proxy and a tunnel to the server while each of them fails: nothing is lost, nothing is twice."""

import contextlib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from clients.testing import FakeChatwoot, as_sent, echo_payload, message_payload, signed
from tests.rig import RULES, SECRET, Server, eventually, fake_chatwoot, serving
from tests.rig_forward import KEY

PAYMENT, DELIVERY = "Quais as formas de pagamento?", "Qual o prazo de entrega?"
PERSON = {"message_type": 1, "sender": {"id": 5, "name": "Rui", "type": "user"}}
CONVERSATIONS = range(1, 21)
NOTING = """
from relay import Event, on

@on('chatwoot.message_created')
async def note(event: Event) -> None:
    if event.payload['message_type'] == 'incoming' or event.payload['private']:
        with open({noted!r}, 'a') as file:
            file.write(f"{{event.payload['conversation']['id']}}:{{event.payload['id']}}\\n")
"""


class Tunnel:
    """ngrok's, as seen from outside: it leads to the server, or shows a page of its own while the agent is away."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._all = contextlib.ExitStack()
        self.is_up = True
        self.address = self._open()

    def _open(self) -> str:
        route = Route("/{path:path}", self._lead, methods=["GET", "POST"])
        return self._all.enter_context(serving(Starlette(routes=[route])))

    def moves(self) -> str:
        """It ends, and begins again at another address; the old one is nobody's."""
        self._all.close()
        self.is_up, self.address = True, self._open()
        return self.address

    def close(self) -> None:
        self._all.close()

    async def _lead(self, request: Request) -> Response:
        if not self.is_up:
            return HTMLResponse("<h1>offline</h1>", 404, {"ngrok-error-code": "ERR_NGROK_3200"})
        headers = {name: value for name, value in request.headers.items() if name not in ("host", "content-length")}
        async with httpx.AsyncClient(base_url=self._server, timeout=30, verify=False) as client:
            try:
                answer = await client.request(
                    request.method, str(request.url.replace(scheme="", netloc="")),
                    content=await request.body(), headers={**headers, "X-Forwarded-For": "203.0.113.9"},
                )  # fmt: skip
            except httpx.TransportError:
                return HTMLResponse("<h1>refused</h1>", 502, {"ngrok-error-code": "ERR_NGROK_8012"})
        return Response(answer.content, answer.status_code, media_type=answer.headers["content-type"])


class World:
    """A Chatwoot, the proxy that it sends to, the tunnel that the proxy hands on to, and the server behind it."""

    def __init__(self, folder: Path, chatwoot: FakeChatwoot, url: str) -> None:
        self.chatwoot = chatwoot
        self.noted = folder / "noted"
        self.server = Server(
            folder / "server", CHATWOOT_BASE_URL=url, CHATWOOT_API_KEY="user-token", CHATWOOT_BOT_TOKEN="bot-token",
            FORWARD_SIGNING_KEY=KEY, HEAL_EVERY_MINUTES="0.02",
        )  # fmt: skip
        (self.server.folder / "plugins" / "noting.py").write_text(NOTING.format(noted=str(self.noted)))
        self.server.start()
        self.tunnel = Tunnel(self.server.url)
        self.proxy = Server(folder / "proxy", FORWARD_URL=self.tunnel.address, FORWARD_SIGNING_KEY=KEY).start()
        self.written: dict[int, list[int]] = defaultdict(list)
        self.refused: list[int] = []
        chatwoot.on_message = lambda message: self._tell(echo_payload(message))

    def close(self) -> None:
        self.proxy.stop()
        self.tunnel.close()
        self.server.stop()

    def write(self, conversation: int, text: str, **changes: Any) -> None:
        """Somebody writes: Chatwoot keeps it, and tells of it once."""
        message = self.chatwoot.lists.write(conversation, text, ago=0.0, id=next(self.chatwoot.ids), **changes)
        kind = "outgoing" if message["message_type"] else "incoming"
        if kind == "incoming" or message["private"]:
            self.written[conversation].append(message["id"])
        more = {name: message[name] for name in ("sender", "created_at", "private")}
        self._tell(message_payload(message["id"], conversation, text, message_type=kind, **more))

    def _tell(self, payload: dict[str, Any]) -> None:
        body = as_sent(payload)
        try:
            answer = httpx.post(f"{self.proxy.url}/webhook", content=body, headers=signed(body, SECRET), verify=False)
            assert answer.status_code == 200
        except httpx.TransportError:
            self.refused.append(payload["id"])

    def noted_in_order(self) -> dict[int, list[int]]:
        """What the plugin was handed, by conversation."""
        found: dict[int, list[int]] = defaultdict(list)
        for line in self.noted.read_text().splitlines() if self.noted.exists() else ():
            conversation, message = line.split(":")
            found[int(conversation)].append(int(message))
        return found

    def all_noted(self) -> bool:
        return {each: sorted(ids) for each, ids in self.noted_in_order().items()} == self.written

    def replies(self, conversation: int) -> list[str]:
        own = self.chatwoot.replies(conversation)
        return [each["content"] for each in own if each["content_attributes"].get("servidor_unificado")]

    def is_quiet(self) -> bool:
        return self.proxy.is_quiet() and self.server.is_quiet()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with fake_chatwoot(bot_token="bot-token") as (chatwoot, url):
        world = World(tmp_path, chatwoot, url)
        yield world
        world.close()


def while_the_tunnel_is_down(world: World) -> None:
    """Two hundred messages, and a person who answers one of the customers."""
    world.tunnel.is_up = False
    for _each in range(9):
        for conversation in CONVERSATIONS:
            world.write(conversation, "já pagou da outra vez", private=True, **PERSON)
    for conversation in CONVERSATIONS:
        world.write(conversation, DELIVERY)
    world.write(5, "Oi, aqui é o Rui: três dias.", **PERSON)


def while_all_is_killed(world: World) -> None:
    """The proxy refuses two messages, the server is away, the tunnel moves; then all are there again."""
    world.proxy.kill()
    world.write(21, PAYMENT)
    world.write(7, "ligar amanhã", private=True, **PERSON)
    world.proxy.start()
    world.server.kill()
    moved = world.tunnel.moves()
    world.proxy.http.put("/admin/api/forward", json={"url": moved}).raise_for_status()
    world.write(22, PAYMENT)
    world.proxy.kill()
    world.proxy.start()
    world.server.start()


@pytest.mark.alone
def test_nothing_is_lost_and_nothing_is_twice_whatever_fails_on_the_way(world: World):
    assert world.proxy.sync_rules(RULES).status_code == 200  # passed through to the server
    for conversation in CONVERSATIONS:
        world.write(conversation, PAYMENT)
    eventually(world.all_noted)
    eventually(world.is_quiet)

    while_the_tunnel_is_down(world)
    assert world.proxy.sync_rules(RULES).status_code == 500  # never a false "synced"

    while_all_is_killed(world)
    eventually(world.all_noted, seconds=90)
    eventually(world.is_quiet, seconds=60)

    assert len(world.refused) == 2
    noted = world.noted_in_order()
    healed = set(world.refused)
    assert {each: [n for n in ids if n not in healed] for each, ids in noted.items()} == {
        each: [n for n in ids if n not in healed] for each, ids in world.written.items()
    }
    by_pix, in_3_days = RULES[0]["description"], RULES[1]["description"]
    for conversation in CONVERSATIONS:
        said = world.replies(conversation)
        assert [by_pix in said[0], len(said)] == [True, 1 if conversation == 5 else 2]
        assert conversation == 5 or in_3_days in said[1]
    assert [len(world.replies(each)) for each in (21, 22)] == [1, 1]
    for server in (world.proxy, world.server):
        assert server.admin("books")["balanced"]
    assert world.proxy.books()["deliveries"]["done"] == world.proxy.books()["requests"]["events"]
