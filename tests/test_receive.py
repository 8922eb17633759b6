"""The way in, from outside: what is taken, what is refused and how, and that nothing refused is kept."""

import asyncio
import contextlib
import gzip
import json
import random
import socket
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from clients.testing import as_sent, message_payload, signed
from relay import room
from tests.rig import SECRET, Server, eventually

TOKEN = {"params": {"token": "rig-webhook-token"}}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    settings = {"CHATWOOT_WEBHOOK_SECRET": f"{SECRET},second-secret-of-the-bot", "MAX_BODY_MB": "1"}
    running = Server(tmp_path_factory.mktemp("receive"), **settings).start()
    yield running
    running.stop()


@pytest.fixture
def outside(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=10) as client:
        yield client


def unique(**changes: Any) -> dict[str, Any]:
    return message_payload(uuid.uuid4().int % 10**9, 5, "oi", message_type="outgoing", **changes)


def raw(server: Server, request: bytes) -> bytes:
    """What the server answers to these bytes, until it closes or is silent."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        connection.sendall(request)
        return connection.recv(65536)


@pytest.mark.parametrize(
    "path",
    [
        "/webhook", "/webhook/", "//webhook", "/webhook//", "/webhook/webhook", "/webhook/webhook/",
        "/webhook/chatwoot", "/webhook/chatwoot/", "/webhook/chatwoot/account_1", "/webhook/chatwoot/1/",
    ],
)  # fmt: skip
def test_every_spelling_of_the_address_is_served_without_a_redirect(server: Server, path: str) -> None:
    answer = server.post_chatwoot(unique(), path)

    assert answer.status_code == 200
    assert answer.json()["status"] == "kept"
    assert server.events(limit=1)[0]["account"] == "account_1"


def test_each_of_several_secrets_signs(outside: httpx.Client) -> None:
    answers = []
    for secret in (SECRET, "second-secret-of-the-bot"):
        body = as_sent(unique())
        answers.append(outside.post("/webhook", content=body, headers=signed(body, secret)).status_code)

    assert answers == [200, 200]


def test_a_token_in_the_address_or_as_basic_password_suffices(outside: httpx.Client) -> None:
    by_query = outside.post("/webhook", json=unique(), **TOKEN)
    by_basic = outside.post("/webhook", json=unique(), auth=("chatwoot", "rig-webhook-token"))

    assert [by_query.status_code, by_basic.status_code] == [200, 200]


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({}, "no signature, and no valid token"),
        ({"x-chatwoot-signature": "sha256=" + "0" * 64}, "fits none of the secrets"),
        ({"x-chatwoot-timestamp": str(int(time.time()) - 3600)}, "fits none of the secrets"),
        ({"x-chatwoot-timestamp": ""}, "no usable X-Chatwoot-Timestamp"),
        ({"x-chatwoot-signature": "x" * 20_000}, "fits none of the secrets"),
    ],
)
def test_what_is_not_authenticated_is_refused_recorded_and_not_kept(
    server: Server, outside: httpx.Client, headers: dict[str, str], reason: str
) -> None:
    before = server.books()["requests"]
    body = as_sent(unique(content="texto pessoal 41 99999-0000"))
    answer = outside.post("/webhook", content=body, headers={**signed(body, SECRET), **headers} if headers else {})
    after = server.books()["requests"]
    rejection = server.admin("rejections", limit=1)["items"][0]

    assert answer.status_code == 401
    assert reason not in answer.text
    assert after["events"] == before["events"]
    assert after["rejected"] == before["rejected"] + 1
    assert reason in rejection["reason"]
    assert "pessoal" not in rejection["head"]
    assert "99999" not in rejection["head"]


def test_a_right_signature_that_is_too_old_is_refused(server: Server, outside: httpx.Client) -> None:
    body = as_sent(unique())
    answers = [
        outside.post("/webhook", content=body, headers=signed(body, SECRET, at=time.time() + shift)).status_code
        for shift in (-310, 310, -290)
    ]

    assert answers == [401, 401, 200]


def test_where_a_secret_is_held_a_wrong_signature_is_refused_even_with_the_token(outside: httpx.Client) -> None:
    body = as_sent(unique())
    answer = outside.post("/webhook", content=body, headers=signed(body, "another secret"), **TOKEN)

    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        (b"", 400, ""),
        (b"not json", 400, ""),
        (b'{"event":"message_created","x":NaN}', 400, "byte 31"),
        (b'{"event":"message_created","x":"\xff"}', 400, "byte 32"),
        (b'{"event":"x","deep":' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400, ""),
        (b'{"event":"x","deep":' + b'{"a":' * 50_000 + b"1" + b"}" * 50_000 + b"}", 400, ""),
        (b"3", 400, "object"),
        (b"[]", 400, "object"),
        (b"{}", 422, "event"),
        (b'{"event":7}', 422, "$.event"),
        ('{"event":"message_created"}'.encode("utf-16"), 400, ""),
        (b'\xef\xbb\xbf{"event":"message_created"}', 400, ""),
    ],
)
def test_what_is_not_a_chatwoot_body_is_a_clear_4xx_with_the_place(
    server: Server, outside: httpx.Client, body: bytes, status: int, says: str
) -> None:
    before = server.books()["requests"]
    answer = outside.post("/webhook", content=body, headers={"content-type": "application/json"}, **TOKEN)
    after = server.books()["requests"]

    assert answer.status_code == status
    assert says in answer.text
    assert after["events"] == before["events"]
    assert after["received"] == before["received"] + 1 == after["rejected"] + after["repeated"] + after["events"]


def test_an_unknown_event_and_unknown_keys_are_kept(server: Server, outside: httpx.Client) -> None:
    payload = {"event": "Brand New Event!", "future": {"a": [1]}, "account": {"id": 1}}
    answer = outside.post("/webhook", json=payload, **TOKEN)
    event = server.events(limit=1)[0]

    assert answer.status_code == 200
    assert event["signal"] == "chatwoot.brand_new_event_"
    assert event["status"] == "unhandled"


def test_an_unknown_account_is_kept_delivered_to_nobody_and_shown(server: Server, outside: httpx.Client) -> None:
    answer = outside.post("/webhook", json=unique(account={"id": 77, "name": "Outra"}), **TOKEN)
    event = server.events(status="unmapped", limit=1)[0]

    assert answer.status_code == 200
    assert event["account"] is None
    assert server.admin(f"events/{event['id']}")["deliveries"] == []


def test_the_body_limit_is_exact_and_holds_for_chunked_bodies(server: Server, outside: httpx.Client) -> None:
    limit = 1024 * 1024
    payload = {**unique(), "filler": ""}
    payload["filler"] = "x" * (limit - len(json.dumps(payload).encode()))
    exact = json.dumps(payload).encode()
    fits = outside.post("/webhook", content=exact, **TOKEN)
    too_large = outside.post("/webhook", content=exact + b" ", **TOKEN)
    chunked = outside.post("/webhook", content=iter([exact, b" "]), **TOKEN)

    assert len(exact) == limit
    assert [fits.status_code, too_large.status_code, chunked.status_code] == [200, 413, 413]
    assert "MAX_BODY_MB" in too_large.text


def test_a_giant_body_is_refused_before_it_is_sent(server: Server) -> None:
    head = b"POST /webhook HTTP/1.1\r\nhost: x\r\ncontent-length: 10737418240\r\n\r\n"

    assert raw(server, head).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize(
    "request_head",
    [
        b"POST /webhook HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n{}",
        b"POST /webhook HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}",
        b"POST /webhook HTTP/1.1\r\nhost: x\r\nhost: y\r\ncontent-length: 2\r\n\r\n{}",
        b"POST /webhook HTTP/1.1\r\nhost: x\r\nx-api-key: a\r\nx-api-key: b\r\ncontent-length: 2\r\n\r\n{}",
    ],
)
def test_an_ambiguous_head_is_refused_and_the_connection_closed(server: Server, request_head: bytes) -> None:
    answer = raw(server, request_head)

    assert answer.startswith(b"HTTP/1.1 400")
    assert b"connection: close" in answer.lower()


def test_a_compressed_body_and_a_form_are_refused(outside: httpx.Client) -> None:
    packed = gzip.compress(json.dumps(unique()).encode())
    compressed = outside.post("/webhook", content=packed, headers={"content-encoding": "gzip"}, **TOKEN)
    form = outside.post("/webhook", data={"event": "x"}, **TOKEN)

    assert [compressed.status_code, form.status_code] == [415, 415]


def test_a_repeat_with_another_body_is_flagged_and_not_run(server: Server) -> None:
    first = unique()
    body = as_sent(first)
    delivery = signed(body, SECRET)["x-chatwoot-delivery"]
    server.post_chatwoot(first, **{"x-chatwoot-delivery": delivery})
    event = server.events(limit=1)[0]["id"]
    again = server.post_chatwoot({**first, "content": "outro"}, **{"x-chatwoot-delivery": delivery})
    kept = server.admin(f"events/{event}")

    assert again.json() == {"status": "repeated"}
    assert (kept["repeats"], kept["repeats_differing"]) == (1, 1)
    assert '"content":"oi"' in kept["body"]


def test_fifty_at_once_of_one_delivery_make_one_event(server: Server) -> None:
    payload = {**unique(), "event": "conversation_updated"}
    before = server.books()["requests"]
    body = as_sent(payload)
    headers = signed(body, SECRET)
    with ThreadPoolExecutor(10) as threads:
        sent = [threads.submit(httpx.post, f"{server.url}/webhook", content=body, headers=headers) for _ in range(50)]
        statuses = [each.result().status_code for each in sent]
    after = server.books()["requests"]

    assert statuses == [200] * 50
    assert after["events"] - before["events"] == 1
    assert after["repeated"] - before["repeated"] == 49


def test_refusals_are_limited_and_a_sender_that_authenticates_is_not(server: Server, outside: httpx.Client) -> None:
    refused = [outside.post("/webhook", json={}).status_code for _ in range(70)]
    taken = outside.post("/webhook", json=unique(), **TOKEN).status_code

    assert set(refused) <= {401, 429}
    assert refused[-1] == 429
    assert taken == 200


def test_a_wrong_address_and_a_wrong_method_say_what_there_is(outside: httpx.Client) -> None:
    nowhere = outside.post("/webhoook")
    wrong_method = outside.get("/webhook")

    assert (nowhere.status_code, wrong_method.status_code) == (404, 405)
    assert "/webhook" in nowhere.text
    assert "POST" in wrong_method.text


def test_no_sender_writes_a_line_of_the_log_or_moves_a_terminals_cursor(server: Server) -> None:
    server.http.post("/webhook%0A2026-01-01%20ERROR%20forged%1B%5B2J", headers={"Authorization": ""})
    eventually(lambda: "forged" in server.logs())

    assert [line for line in server.logs().splitlines() if line.startswith("2026-01-01")] == []
    assert "\x1b" not in server.logs()


def test_health_is_open_and_the_admin_is_not(outside: httpx.Client) -> None:
    statuses = [outside.get(path).status_code for path in ("/health", "/webhook/health", "/ready", "/admin/api/stats")]

    assert statuses == [200, 200, 200, 401]


@pytest.mark.alone
def test_large_bodies_that_are_announced_and_never_come_keep_nobody_waiting(start_server: Any) -> None:
    server = start_server()
    head = b"POST /webhook HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n"
    declared = b"POST /webhook HTTP/1.1\r\nhost: x\r\ncontent-length: 10000000\r\n\r\n{"
    with contextlib.ExitStack() as silent:
        for number in range(40):
            connection = silent.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            connection.sendall(declared if number % 2 else head)
        begun = time.monotonic()
        statuses = [server.post_chatwoot(unique(filler="x" * size)).status_code for size in (20_000, 200_000)]

    assert statuses == [200, 200]
    assert time.monotonic() - begun < 2


class Bodies:
    """Bodies that come in pieces, and the room they take."""

    def __init__(self, size: int, largest: int) -> None:
        self.room = room.Room(size, largest)
        self.in_flight = self.most = 0

    async def one(self, pieces: list[int], *, pause: float = 0.0) -> None:
        """A body of these pieces, held for a moment once it is whole."""
        arrived = 0
        with room.Place(self.room) as place:
            try:
                for piece in pieces:
                    await place.hold(arrived + piece)
                    arrived += piece
                    self.in_flight += piece
                    self.most = max(self.most, self.in_flight)
                    await asyncio.sleep(pause)
                await asyncio.sleep(0)
            finally:
                self.in_flight -= arrived


@pytest.fixture
def no_small_bodies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "SMALL_BODY", 0)


@pytest.mark.anyio
@pytest.mark.usefixtures("no_small_bodies")
@pytest.mark.parametrize("seed", range(20))
async def test_bodies_half_read_never_wait_for_each_other_for_ever_and_hold_no_more_than_the_room(seed: int) -> None:
    chance = random.Random(seed)
    bodies = Bodies(100, 40)
    pieces = [[chance.randint(1, 8) for _ in range(chance.randint(1, 5))] for _ in range(200)]
    sent = [asyncio.create_task(bodies.one(each)) for each in pieces]
    for each in chance.sample(sent, 20):  # some senders go away while they wait
        asyncio.get_running_loop().call_later(chance.random() / 100, each.cancel)
    await asyncio.wait_for(asyncio.gather(*sent, return_exceptions=True), 5)

    assert 40 < bodies.most <= 100
    assert (bodies.room._free, len(bodies.room._places), len(bodies.room._waiting)) == (60, 0, 0)


@pytest.mark.anyio
@pytest.mark.usefixtures("no_small_bodies")
async def test_who_finds_no_room_waits_until_another_has_ended() -> None:
    bodies = Bodies(20, 10)
    first = asyncio.create_task(bodies.one([10], pause=0.01))
    second = asyncio.create_task(bodies.one([1]))
    await asyncio.wait([first, second], return_when=asyncio.FIRST_COMPLETED)

    assert (first.done(), second.done()) == (True, False)
    await second


def test_what_was_begun_is_answered_when_the_server_stops(start_server: Any) -> None:
    server = start_server()
    body = as_sent(unique())
    head = "".join(f"{name}: {value}\r\n" for name, value in signed(body, SECRET).items())
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as begun:
        begun.sendall(f"POST /webhook HTTP/1.1\r\nhost: x\r\n{head}content-length: {len(body)}\r\n\r\n".encode())
        begun.sendall(body[:10])
        eventually(lambda: server.http.get("/health").status_code == 200)
        assert server.process is not None
        server.process.terminate()
        begun.sendall(body[10:])
        answer = begun.recv(65536)

    assert answer.startswith(b"HTTP/1.1 200")
