"""A proxy and what is odd: requests of strange shapes, numbers that cannot be, one that spoils it for the others."""

import contextlib
import json
import socket
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from clients.testing import as_sent, message_payload, signed
from relay.source import hmac_sha256
from tests.rig import SECRET, Server, eventually, serving
from tests.rig_forward import KEY, Pair

BELL = """
from relay import Event, Named, Source, on, source
from relay.authenticate import BearerToken

@source
def bell() -> Source:
    def describe(incoming):
        return Named("bell.rung", "account_1", "bell")
    return Source("bell", ("/webhook/bell",), BearerToken("the-bells-token"), describe, methods=("GET",))

@on("bell.rung")
async def note(event: Event) -> None:
    event.explain(f"rung with {event.query}")
"""
TWO_PLACES = """
[account.loja2]
[[account.loja2.chatwoot]]
name = "matriz"
base_url = "http://127.0.0.1:1"
number = 7
webhook_secret = "the-secret-of-matriz"
[[account.loja2.chatwoot]]
name = "filial"
base_url = "http://127.0.0.1:2"
number = 7
webhook_secret = "the-secret-of-filial"
"""
TWO_SHOPS = """
[account.loja2]
[[account.loja2.chatwoot]]
base_url = "http://127.0.0.1:1"
number = 2
webhook_secret = "loja2-webhook-secret"
"""


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    """Both running, until the end of the test."""
    pair = Pair(tmp_path)
    for server in (pair.receiver, pair.proxy):
        (server.folder / "plugins" / "bell.py").write_text(BELL)
    yield pair.start()
    pair.stop()


def send_raw(server: Server, target: bytes, body: bytes, headers: dict[str, bytes]) -> bytes:
    """Post to an address as it stands, which a client would write otherwise; the status line."""
    lines = [b"POST " + target + b" HTTP/1.1", b"Host: loja", b"Content-Length: %d" % len(body)]
    lines += [b"Connection: close", *(name.encode() + b": " + value for name, value in headers.items())]
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(b"\r\n".join([*lines, b"", body]))
        with connection.makefile("rb") as answer:
            return answer.read().partition(b"\r\n")[0]


def test_a_request_without_a_body_is_handed_on_as_well(pair: Pair):
    answer = pair.proxy.http.get("/webhook/bell?by=door", headers={"Authorization": "Bearer the-bells-token"})
    eventually(pair.are_quiet)

    assert answer.status_code == 200
    assert [each["signal"] for each in pair.receiver.events()] == ["bell.rung"]


@pytest.mark.parametrize(
    ("target", "headers"),
    [
        (b"/webhook", {"User-Agent": "Integração 1.0".encode()}),
        (b"/webhook", {"User-Agent": "Integração 1.0".encode("latin-1")}),
        (b"/webhook", {"X-Empty": b"", "X-Blanks": b"a  "}),
        (b'/webhook?from="a"<b>', {}),
        (b"/webhook?from=100%&to=%zz&%41={x}|^`\\[]'", {}),
        (b"/webhook?token=rig-webhook-token", {}),
        (b"/webhook/chatwoot/..", {}),
        (b"/webhook/chatwoot/a%3Fb%0Ac%25", {}),
    ],
)
def test_whatever_its_address_and_headers_are_it_arrives(pair: Pair, target: bytes, headers: dict[str, bytes]):
    body = as_sent(message_payload(1, 1, "oi", message_type="outgoing"))
    by = {name: value.encode() for name, value in signed(body, SECRET).items()}
    status = send_raw(pair.proxy, target, body, {**by, "Content-Type": b"application/json", **headers})
    eventually(pair.are_quiet, seconds=10)

    assert status.split()[1] == b"200"
    assert len(pair.receiver.events()) == 1


def test_two_places_of_one_account_with_the_same_number_are_told_apart_behind_the_proxy_too(tmp_path: Path):
    pair = Pair(tmp_path)
    for server in (pair.receiver, pair.proxy):
        (server.folder / "accounts.toml").write_text(TWO_PLACES)
    pair.start()
    body = as_sent({**message_payload(1, 1, "oi", message_type="outgoing"), "account": {"id": 7, "name": "Loja"}})
    for place in ("matriz", "filial"):
        headers = {**signed(body, f"the-secret-of-{place}"), "Authorization": ""}
        assert pair.proxy.http.post("/webhook", content=body, headers=headers).status_code == 200
    eventually(pair.are_quiet)
    found = [(each["account"], each["key"]) for each in pair.receiver.events()]
    pair.stop()

    assert sorted(found) == [("loja2", "conversation:1@filial"), ("loja2", "conversation:1@matriz")]


def test_what_is_refused_of_one_account_holds_up_no_other(tmp_path: Path):
    asked: dict[str, int] = {"1": 0, "2": 0}

    async def take(request: Request) -> Response:
        account = str(json.loads(await request.body())["account"]["id"])
        asked[account] += 1
        return PlainTextResponse("not yours", 403) if account == "2" else PlainTextResponse("ok")

    with serving(Starlette(routes=[Route("/webhook", take, methods=["POST"])])) as url:
        proxy = Server(tmp_path, FORWARD_URL=url, FORWARD_SIGNING_KEY=KEY)
        (tmp_path / "accounts.toml").write_text(TWO_SHOPS)
        proxy.start()
        for number in range(12):
            body = as_sent({**message_payload(number, number, "oi"), "account": {"id": 2, "name": "Loja 2"}})
            headers = {**signed(body, "loja2-webhook-secret"), "Authorization": ""}
            assert proxy.http.post("/webhook", content=body, headers=headers).status_code == 200
        eventually(lambda: asked["2"] >= 5)
        proxy.post_chatwoot(message_payload(1000, 1, "oi"))
        eventually(lambda: asked["1"] == 1, seconds=5)
        books = proxy.books()["deliveries"]
        proxy.stop()

    assert books["dead"] == 0


@pytest.mark.parametrize(
    "wrong", ["https://loja.example.com/?a=1", "https://user:s3cr3t@loja.example.com", "https://loja.example.com/#a"]
)
def test_an_address_has_no_password_and_no_query(pair: Pair, wrong: str):
    answer = pair.proxy.http.put("/admin/api/forward", json={"url": wrong})
    pair.proxy.kill()
    pair.proxy.environment["FORWARD_URL"] = wrong
    with pytest.raises(AssertionError) as refused:
        pair.proxy.start()
    pair.proxy.process = None

    assert answer.status_code == 422
    assert "FORWARD_URL" in str(refused.value)
    assert "s3cr3t" not in str(refused.value)


def test_what_is_passed_on_brings_no_credential_where_the_proxy_vouches(tmp_path: Path):
    asked: list[dict[str, str]] = []

    async def take(request: Request) -> Response:
        asked.append(dict(request.headers))
        return PlainTextResponse("{}")

    with serving(Starlette(routes=[Route("/{path:path}", take, methods=["POST"])])) as url:
        proxy = Server(tmp_path, FORWARD_URL=url, FORWARD_SIGNING_KEY=KEY).start()
        answer = proxy.sync_rules([])
        proxy.stop()

    assert answer.status_code == 200
    assert "x-vouched" in asked[0]
    assert "rig-odoo-key" not in json.dumps(asked)


def vouched(event: int, received: int, body: bytes) -> dict[str, str]:
    """What a proxy says of an event with this number, of Odoo's."""
    said = json.dumps({
        "event": f"{event:016x}", "received": received, "source": "odoo", "accounts": ["account_1"],
        "said": int(time.time()),
    })  # fmt: skip
    signature = hmac_sha256(KEY, f"POST /webhook/odoo\n{said}\n".encode() + body)
    return {"Authorization": "", "X-Vouched": said, "X-Vouched-Signature": f"sha256={signature}"}


def _record(number: int) -> bytes:
    return json.dumps({"_model": "res.partner", "_id": number}).encode()


def test_a_number_of_the_far_future_is_not_taken_over(pair: Pair):
    """Every later event of the receiver would be numbered after it, and nothing be forgotten in time."""
    now, body = int(time.time() * 1000), _record(9)
    headers = vouched(2**62, now + 10**9, body)
    answers = [pair.receiver.http.post("/webhook/odoo", content=body, headers=headers) for _ in range(2)]
    [event] = pair.receiver.events()

    assert [each.json()["status"] for each in answers] == ["kept", "repeated"]
    assert abs((int(event["id"], 16) >> 21) - now) < 3_600_000
    assert event["received"] < now + 3_600_000


def test_a_number_that_another_event_has_already_loses_neither(pair: Pair):
    first, second = _record(1), _record(2)
    own = {"Authorization": ""}
    kept = pair.receiver.http.post("/webhook/odoo?token=rig-webhook-token", content=first, headers=own).json()["event"]
    headers = vouched(int(kept, 16), int(time.time() * 1000), second)
    answers = [pair.receiver.http.post("/webhook/odoo", content=second, headers=headers) for _ in range(2)]

    assert [each.status_code for each in answers] == [200, 200]
    assert [each.json()["status"] for each in answers] == ["kept", "repeated"]
    assert sorted(each["key"] for each in pair.receiver.events()) == ["res.partner:1", "res.partner:2"]


def test_what_comes_after_the_days_of_retention_is_forgotten_as_well(pair: Pair):
    """The receiver has forgotten already what came up to yesterday; now comes what waited for it since before."""
    day, now, body = 86_400_000, int(time.time() * 1000), _record(9)
    with contextlib.closing(sqlite3.connect(pair.receiver.folder / "data" / "server.db")) as database, database:
        known = (f"{(now - 31 * day) << 21}".encode(), now)
        database.execute("INSERT INTO state VALUES ('', 'bodies_removed_to', ?, ?)", known)
    old = (now - 40 * day) << 21
    pair.receiver.http.post("/webhook/odoo", content=body, headers=vouched(old, now - 40 * day, body))
    eventually(pair.receiver.is_quiet)
    pair.receiver.kill()
    pair.receiver.start()  # it cleans ten seconds after its start

    def shown() -> Any:
        return pair.receiver.admin(f"events/{old:016x}")["body"]

    assert shown()
    eventually(lambda: not shown(), seconds=30)
