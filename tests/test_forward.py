"""A proxy before the server: what reached it arrives, once, in order, whatever was down meanwhile."""

import contextlib
import json
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from clients.testing import as_sent, message_payload, signed
from relay.source import hmac_sha256
from tests.rig import RULES, SECRET, Server, eventually, serving
from tests.rig_forward import KEY, Pair


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    """Both running, until the end of the test."""
    pair = Pair(tmp_path).start()
    yield pair
    pair.stop()


def test_what_comes_to_the_proxy_is_handled_behind_it_under_the_same_number(pair: Pair):
    answer = pair.proxy.post_chatwoot(message_payload(7, 3, "Olá, tudo bem?", message_type="outgoing")).json()
    eventually(lambda: pair.notes() == ["3:7"])
    eventually(pair.are_quiet)

    [received] = pair.receiver.events()
    [forwarded] = pair.proxy.events()
    assert received["id"] == forwarded["id"] == answer["event"]
    assert (received["signal"], received["account"]) == ("chatwoot.message_created", "account_1")
    assert received["received"] == forwarded["received"]


def test_the_bytes_are_handed_on_as_they_came_and_dropped_once_the_receiver_has_them(tmp_path: Path):
    asked: list[tuple[str, dict[str, str], bytes]] = []

    async def take(request: Request) -> Response:
        asked.append(
            (f"{request.method} {request.url.path}?{request.url.query}", dict(request.headers), await request.body())
        )
        return PlainTextResponse("ok")

    body = b'{"event" : "message_created",\n "id": 5, "account":{"id":1}, "pubsub_token": "abc", "x": "\xc3\xa7"}'
    headers = {**signed(body, SECRET), "Content-Type": "application/json; charset=utf-8"}
    with serving(Starlette(routes=[Route("/webhook/chatwoot", take, methods=["POST"])])) as url:
        proxy = Server(tmp_path, FORWARD_URL=f"{url}/webhook", FORWARD_SIGNING_KEY=KEY).start()
        event = proxy.http.post(
            "/webhook/chatwoot?token=rig-webhook-token&from=2", content=body, headers=headers
        ).json()
        eventually(proxy.is_quiet)
        shown = proxy.admin(f"events/{event['event']}")
        kept = (tmp_path / "data" / "server.db").read_bytes()
        proxy.stop()

    [(address, sent, arrived)] = asked
    assert arrived == body
    assert address == "POST /webhook/chatwoot?token=[removed]&from=2"
    for name in ("x-chatwoot-signature", "x-chatwoot-timestamp", "x-chatwoot-delivery"):
        assert sent[name] == {each.lower(): value for each, value in headers.items()}[name]
    assert sent["content-type"] == "application/json; charset=utf-8"
    assert sent["x-forwarded-for"] == "127.0.0.1"
    assert "rig-webhook-token" not in json.dumps(sent)
    assert b"rig-webhook-token" not in kept
    assert not shown["body"]
    assert shown["deliveries"][0]["reason"] == "handed on"


def test_while_the_receiver_is_down_everything_is_kept_and_afterwards_arrives_in_order(pair: Pair):
    pair.send(1, conversation=1)
    eventually(pair.are_quiet)
    pair.receiver.kill()
    for number in range(2, 62):
        pair.send(number, conversation=number % 3)
    pair.proxy.kill()
    pair.proxy.start()
    pair.send(62, 63, 64, conversation=1)
    waiting = pair.proxy.books()["deliveries"]
    pair.receiver.start()
    eventually(lambda: len(pair.notes()) == 64, seconds=60)
    eventually(pair.are_quiet)

    assert waiting["done"] == 1
    assert sum(waiting[state] for state in ("waiting", "running")) == 63
    by_conversation: dict[str, list[int]] = {}
    for note in pair.notes():
        conversation, number = note.split(":")
        by_conversation.setdefault(conversation, []).append(int(number))
    assert by_conversation == {
        "0": list(range(3, 62, 3)),
        "1": [1, *range(4, 62, 3), 62, 63, 64],
        "2": list(range(2, 62, 3)),
    }
    assert pair.receiver.books()["requests"]["events"] == 64
    assert pair.proxy.books()["deliveries"]["done"] == 64


def test_what_was_handed_on_and_not_written_down_is_done_after_a_kill(pair: Pair):
    pair.send(1)
    eventually(pair.are_quiet)
    pair.proxy.kill()
    with contextlib.closing(sqlite3.connect(pair.proxy.folder / "data" / "server.db")) as database, database:
        database.execute("UPDATE deliveries SET state = 'running'")  # as a kill leaves it, just after the text went
    pair.proxy.start()
    [event] = pair.proxy.events()
    said = "handed on before: its text is with the receiver"
    eventually(lambda: pair.proxy.admin(f"events/{event['id']}")["deliveries"][0]["reason"] == said)

    assert pair.notes() == ["1:1"]


def test_an_event_that_is_known_by_its_number_is_a_repeat_though_its_sender_names_none(pair: Pair):
    pair.receiver.http.headers["Authorization"] = ""
    body = json.dumps({"_model": "res.partner", "_id": 9, "name": "Ana"}).encode()
    said = json.dumps({
        "event": f"{(int(time.time() * 1000) << 21):016x}", "received": int(time.time() * 1000), "source": "odoo",
        "accounts": ["account_1"], "said": int(time.time()),
    })  # fmt: skip
    signature = hmac_sha256(KEY, f"POST /webhook/odoo\n{said}\n".encode() + body)
    headers = {"X-Vouched": said, "X-Vouched-Signature": f"sha256={signature}"}
    answers = [pair.receiver.http.post("/webhook/odoo", content=body, headers=headers) for _ in range(2)]

    assert [each.status_code for each in answers] == [200, 200]
    assert [each.json()["status"] for each in answers] == ["kept", "repeated"]


@pytest.mark.parametrize(
    ("change", "status", "reason"),
    [
        ({}, 200, ""),
        ({"said": -400}, 401, "s old: a replay"),
        ({"key": "a-key-that-only-the-other-has"}, 401, "another FORWARD_SIGNING_KEY"),
        ({"accounts": ["another"]}, 403, "vouches for the account another"),
        ({"source": "nobody"}, 422, "vouches for the source nobody"),
        ({"event": "-1"}, 400, "word cannot be read"),
    ],
)
def test_only_the_word_of_a_proxy_of_ours_counts(pair: Pair, change: dict[str, Any], status: int, reason: str):
    now = int(time.time())
    word = {"event": f"{now << 31:016x}", "received": (now - 3600) * 1000, "source": "odoo", "accounts": ["account_1"]}
    said = json.dumps({**word, **change, "said": now + change.get("said", 0)})
    body = json.dumps({"_model": "res.partner", "_id": 9}).encode()
    signature = hmac_sha256(change.get("key", KEY), f"POST /webhook/odoo\n{said}\n".encode() + body)
    headers = {"Authorization": "", "X-Vouched": said, "X-Vouched-Signature": f"sha256={signature}"}
    answer = pair.receiver.http.post("/webhook/odoo", content=body, headers=headers)

    assert answer.status_code == status
    rejections = pair.receiver.admin("rejections")["items"]
    assert (reason in rejections[0]["reason"]) if reason else not rejections


def test_a_sender_that_is_not_authenticated_is_refused_at_the_proxy(pair: Pair):
    body = as_sent(message_payload(1, 1, "oi"))
    answer = pair.proxy.http.post("/webhook", content=body, headers={"Authorization": ""})

    assert answer.status_code == 401
    assert pair.proxy.books()["requests"]["rejected"] == 1
    assert pair.receiver.books()["requests"]["received"] == 0


def test_a_synchronisation_is_answered_by_the_receiver_and_never_falsely(pair: Pair):
    synced = pair.proxy.sync_rules(RULES)
    wrong = pair.proxy.sync_rules(RULES, **{"X-API-Key": "wrong"})
    pair.receiver.kill()
    down = pair.proxy.sync_rules(RULES)
    pair.receiver.start()
    again = pair.proxy.sync_rules(RULES)

    assert synced.status_code == again.status_code == 200
    assert synced.json()["success"] is True
    assert wrong.status_code == 401
    assert (down.status_code, "não responde" in down.text) == (500, True)
    assert pair.proxy.events() == []
    assert [each["signal"] for each in pair.receiver.events()] == ["odoo.business_rules.sync"] * 2


def test_what_is_no_answer_of_the_receivers_is_no_success_and_the_address_changes_while_it_runs(tmp_path: Path):
    asked: list[str] = []

    async def page(_request: Request) -> Response:
        asked.append("page")
        return HTMLResponse(
            "<h1>ERR_NGROK_3200</h1>", 200 if len(asked) % 2 else 404, {"ngrok-error-code": "ERR_NGROK_3200"}
        )

    pair = Pair(tmp_path)
    with serving(Starlette(routes=[Route("/{path:path}", page, methods=["POST"])])) as stale:
        pair.proxy.environment["FORWARD_URL"] = stale
        pair.start()
        pair.send(1, 2)
        eventually(lambda: len(asked) >= 2)
        waiting = pair.proxy.books()["deliveries"]
        before = pair.proxy.admin("forward")
        changed = pair.proxy.http.put("/admin/api/forward", json={"url": f"{pair.receiver.url}/webhook"})
        eventually(lambda: pair.notes() == ["1:1", "1:2"])
    eventually(pair.are_quiet)
    pair.proxy.stop()
    pair.proxy = Server(tmp_path / "proxy", FORWARD_URL=stale, FORWARD_SIGNING_KEY=KEY).start()
    remembered = pair.proxy.admin("forward")["url"]
    pair.send(3)
    eventually(lambda: pair.notes()[-1] == "1:3")
    pair.stop()

    assert waiting["done"] == waiting["dead"] == 0
    assert (before["url"], before["waiting"]) == (stale, 2)
    assert "ERR_NGROK_3200" in before["failed"]
    assert changed.json()["url"] == remembered == pair.receiver.url


@pytest.mark.parametrize("key", [KEY, ""])
def test_a_proxy_that_hands_on_to_itself_loses_nothing_and_says_so(tmp_path: Path, key: str):
    pair = Pair(tmp_path, FORWARD_SIGNING_KEY=key)
    pair.proxy.environment["FORWARD_URL"] = pair.proxy.url
    pair.start()
    pair.send(1)
    eventually(lambda: pair.proxy.admin("forward")["failed"])
    waiting = pair.proxy.books()["deliveries"]
    synced = pair.proxy.sync_rules(RULES)
    said = pair.proxy.admin("rejections")["items"][0]["reason"]
    pair.proxy.http.put("/admin/api/forward", json={"url": pair.receiver.url})
    eventually(lambda: pair.notes() == ["1:1"])
    pair.stop()

    assert (waiting["done"], waiting["dead"]) == (0, 0)
    assert synced.status_code == 421
    assert said == "it was handed on by this server itself"


def test_a_ring_of_proxies_loses_nothing_over_a_restart(tmp_path: Path):
    pair = Pair(tmp_path)
    second = Server(tmp_path / "second", FORWARD_URL=pair.proxy.url, FORWARD_SIGNING_KEY=KEY).start()
    pair.proxy.environment["FORWARD_URL"] = second.url
    pair.start()
    pair.send(1)
    eventually(lambda: second.admin("forward")["failed"])
    pair.proxy.kill()
    pair.proxy.start()
    refused = pair.proxy.books()["requests"]["rejected"]
    eventually(lambda: pair.proxy.books()["requests"]["rejected"] > refused)
    waiting = second.books()["deliveries"]
    second.http.put("/admin/api/forward", json={"url": pair.receiver.url}).raise_for_status()
    eventually(lambda: pair.notes() == ["1:1"])
    for server in (pair.proxy, second, pair.receiver):
        server.stop()

    assert (waiting["done"], waiting["dead"]) == (0, 0)


@pytest.mark.parametrize("wrong", ["", "nowhere", "ftp://example.com"])
def test_an_address_that_is_none_is_refused_and_the_one_before_stays(pair: Pair, wrong: str):
    answer = pair.proxy.http.put("/admin/api/forward", json={"url": wrong})

    assert answer.status_code == 422
    assert pair.proxy.admin("forward")["url"] == pair.receiver.url


def test_the_address_may_be_written_into_a_file_by_hand(pair: Pair):
    file = pair.proxy.folder / "data" / "forward_url"
    file.write_text("https://elsewhere.example.com/webhook\n")
    by_hand = pair.proxy.admin("forward")["url"]
    file.write_text("no address\n")

    assert by_hand == "https://elsewhere.example.com"
    assert pair.proxy.admin("forward")["url"] == pair.receiver.url


def test_a_changed_forward_url_counts_more_than_what_was_said_before(pair: Pair, tmp_path: Path):
    pair.proxy.http.put("/admin/api/forward", json={"url": "https://before.example.com"}).raise_for_status()
    pair.proxy.stop()
    pair.proxy = Server(tmp_path / "proxy", FORWARD_URL="https://after.example.com", FORWARD_SIGNING_KEY=KEY).start()

    assert pair.proxy.admin("forward")["url"] == "https://after.example.com"


def test_the_proxy_is_told_its_address_from_outside_by_its_token_alone(pair: Pair):
    outside = {"Host": "vps.example.com", "X-Forwarded-For": "203.0.113.9"}
    read = pair.proxy.http.get("/admin/api/forward", headers=outside)
    without = pair.proxy.http.get("/admin/api/forward", headers={**outside, "Authorization": "Bearer wrong"})
    others = pair.proxy.http.get("/admin/api/events", headers=outside)
    no_proxy = pair.receiver.http.get("/admin/api/forward")

    assert read.json()["url"] == pair.receiver.url
    assert (without.status_code, others.status_code, no_proxy.status_code) == (401, 403, 404)


def test_a_message_that_is_refused_for_good_is_shown_at_the_proxy_and_holds_nobody_up(tmp_path: Path):
    refused: list[bytes] = []

    async def take(request: Request) -> Response:
        body = await request.body()
        if b'"message_created","id":1,' in body:
            refused.append(body)
            return PlainTextResponse("no", 422)
        return PlainTextResponse("ok")

    with serving(Starlette(routes=[Route("/webhook", take, methods=["POST"])])) as url:
        proxy = Server(tmp_path, FORWARD_URL=url, FORWARD_SIGNING_KEY=KEY).start()
        for number in (1, 2):
            proxy.post_chatwoot(message_payload(number, 1, "oi"))
        eventually(proxy.is_quiet)
        books = proxy.books()["deliveries"]
        proxy.stop()

    assert len(refused) == 1
    assert (books["dead"], books["done"]) == (1, 1)


def test_a_message_of_an_account_that_the_proxy_does_not_know_is_handed_on(tmp_path: Path):
    pair = Pair(tmp_path, CHATWOOT_ACCOUNT_ID="2")
    pair.start()
    pair.send(1)
    eventually(lambda: pair.notes() == ["1:1"])
    there, here = pair.proxy.events(), pair.receiver.events()
    pair.stop()

    assert [each["account"] for each in there] == [None]
    assert [each["account"] for each in here] == ["account_1"]


def test_a_proxy_without_a_key_hands_on_what_the_receiver_can_verify_itself(tmp_path: Path):
    pair = Pair(tmp_path, FORWARD_SIGNING_KEY="")
    pair.start()
    pair.send(1)
    eventually(lambda: pair.notes() == ["1:1"])
    said = pair.proxy.logs()
    pair.stop()

    assert "FORWARD_SIGNING_KEY" in said
