"""Odoo's synchronisation, from outside: both dialects, who may send for whom, and what it changes."""

import hashlib
import hmac
import json
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from clients.testing import message_payload
from tests.rig import RULES, TOKENS, Server, eventually

SYNC = "/api/v1/business-rules/sync"
KEY = TOKENS["ODOO_SYNC_KEY"]
TODAY = datetime.now(ZoneInfo("America/Sao_Paulo")).date()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("odoo"), ODOO_SIGNING_SECRET="odoo-signing-secret").start()
    yield running
    running.stop()


@pytest.fixture
def odoo(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=10) as client:
        yield client


def rules(permanent: Any = (), temporary: Any = (), **more: Any) -> dict[str, Any]:
    return {"permanent_rules": list(permanent), "temporary_rules": list(temporary), **more}


def answer_to(server: Server, question: str) -> str:
    """What the outbox has for a customer's question (nothing is configured to send it to)."""
    conversation = uuid.uuid4().int % 10**6
    server.post_chatwoot(message_payload(conversation + 10**6, conversation, question))
    eventually(server.is_quiet)
    kept = [each for each in server.admin("outbox")["items"] if each["conversation"] == str(conversation)]
    return next((each["content"] for each in kept if each["kind"] == "reply"), "")


def test_business_rules2_sends_key_account_and_ids_in_the_body(server: Server) -> None:
    answer = server.sync_rules(RULES)

    assert answer.status_code == 200
    assert answer.json()["data"]["vectorized_rules"] == 3
    assert answer_to(server, "Qual o prazo de entrega?") == RULES[1]["description"]


def test_v1_sends_bearer_and_account_in_the_query_and_no_ids(server: Server, odoo: httpx.Client) -> None:
    body = rules([{"name": "Estacionamento", "description": "Há vagas em frente à loja.", "type": "general"}])
    headers = {"Authorization": f"Bearer {KEY}"}
    answer = odoo.post(SYNC, params={"account_id": "account_1"}, json={"basic_info": {}, **body}, headers=headers)
    again = odoo.post(SYNC, params={"account_id": "account_1"}, json={"basic_info": {}, **body}, headers=headers)

    assert answer.json()["data"] == {"permanent_rules": 1, "temporary_rules": 0, "vectorized_rules": 1, "changed": True}
    assert again.json()["data"]["changed"] is False
    assert answer_to(server, "tem estacionamento?") == "Há vagas em frente à loja."


@pytest.mark.parametrize(
    ("params", "headers", "status", "says"),
    [
        ({}, {}, 401, "ODOO_SYNC_KEY"),
        ({}, {"Authorization": ""}, 401, "ODOO_SYNC_KEY"),
        ({}, {"X-API-Key": "wrong"}, 401, "ODOO_SYNC_KEY"),
        ({"account_id": "account_2"}, {"X-API-Key": KEY}, 403, "account_2"),
        ({}, {"X-API-Key": KEY, "X-Webhook-Signature": "0" * 64}, 401, "ODOO_SIGNING_SECRET"),
    ],
)
def test_who_may_not_send_is_told_which_setting_to_change_and_nothing_is_stored(
    server: Server, odoo: httpx.Client, params: dict[str, str], headers: dict[str, str], status: int, says: str
) -> None:
    before = server.books()["requests"]["events"]
    answer = odoo.post(SYNC, params=params, json=rules(), headers=headers)

    assert answer.status_code == status
    assert says in answer.text
    assert "\n" not in answer.text
    assert server.books()["requests"]["events"] == before


def test_an_account_in_the_body_that_is_not_the_keys_is_403(server: Server) -> None:
    body = rules(account_id="account_9")
    answer = server.http.post(SYNC, json=body, headers={"X-API-Key": KEY, "Authorization": ""})

    assert answer.status_code == 403


def test_odoos_signature_over_the_sorted_dump_is_taken(odoo: httpx.Client) -> None:
    body = rules([{"name": "Ímã", "description": "Já acabou 8.5", "type": "x", "price": 8.50}], business_rule_id=77)
    dumped = json.dumps(body, sort_keys=True).encode()
    signature = hmac.new(b"odoo-signing-secret", dumped, hashlib.sha256).hexdigest()
    answer = odoo.post(SYNC, json=body, headers={"X-API-Key": KEY, "X-Webhook-Signature": signature})

    assert answer.status_code == 200


def test_a_snapshot_replaces_and_a_present_empty_list_empties(server: Server) -> None:
    server.sync_rules(RULES)
    server.sync_rules([RULES[0]])
    replaced = answer_to(server, "Qual o prazo de entrega?")
    kept = answer_to(server, "Quais as formas de pagamento?")
    server.sync_rules([])
    emptied = answer_to(server, "Quais as formas de pagamento?")

    assert replaced != RULES[1]["description"]
    assert kept == RULES[0]["description"]
    assert emptied != RULES[0]["description"]


def test_a_missing_list_is_422_and_changes_nothing(server: Server) -> None:
    server.sync_rules(RULES)
    headers = {"X-API-Key": KEY, "Authorization": ""}
    body = {"account_id": "account_1", "business_rule_id": 1, "rules": {"permanent_rules": []}}
    answer = server.http.post(SYNC, json=body, headers=headers)

    assert answer.status_code == 422
    assert "temporary_rules" in answer.text
    assert answer_to(server, "Quais as formas de pagamento?") == RULES[0]["description"]


@pytest.mark.parametrize(
    ("starts", "ends", "in_force"),
    [(-3, 0, True), (0, 0, True), (False, False, True), (-9, -1, False), (1, 9, False), (False, 0, True)],
)
def test_a_temporary_rule_is_told_on_its_days_only_the_last_one_included(
    server: Server, starts: Any, ends: Any, in_force: bool
) -> None:
    days = [each if each is False else (TODAY + timedelta(days=each)).isoformat() for each in (starts, ends)]
    promotion = {
        "id": 1,
        "name": "Promoção de verão",
        "description": "Biquínis com 30% de desconto.",
        "type": "promotion",
    }
    server.sync_rules(RULES, [{**promotion, "start_date": days[0], "end_date": days[1]}])
    answer = answer_to(server, "Tem promoção de verão?")
    server.sync_rules(RULES)

    assert (answer == "Biquínis com 30% de desconto.") is in_force


def test_two_syncs_of_one_business_rule_are_both_processed_in_order(server: Server) -> None:
    answers = [server.sync_rules(RULES[:number]).json()["data"]["vectorized_rules"] for number in (1, 3, 1, 3)]

    assert answers == [1, 3, 1, 3]
    assert len(server.events(signal="odoo.business_rules.sync", limit=4)) == 4


def test_what_a_test_synchronises_never_answers_a_customer(server: Server) -> None:
    server.sync_rules(RULES)
    invented = {"id": 5, "name": "Aluguel de foguetes", "description": "Alugamos foguetes."}
    server.sync_rules([invented], **{"X-Event-Test": "true"})

    assert "foguetes" not in answer_to(server, "Vocês têm aluguel de foguetes?")
    assert answer_to(server, "Quais as formas de pagamento?") == RULES[0]["description"]


@pytest.mark.parametrize("how", ["token in the body", "token in the address", "X-API-Key"])
def test_credentials_are_answered_and_their_secrets_dropped(server: Server, odoo: httpx.Client, how: str) -> None:
    secrets = {"odoo_password": "senha-do-odoo", "facebook_app_secret": "segredo-do-facebook"}
    body = {"source": "credentials", "event": "credentials_sync", "account_id": "account_1", "credentials": secrets}
    body |= {"token": KEY} if how == "token in the body" else {"token": "account_1-0a1b2c3d"}
    params = {"token": TOKENS["WEBHOOK_TOKEN"]} if how == "token in the address" else {}
    headers = {"X-API-Key": KEY} if how == "X-API-Key" else {}
    answer = odoo.post("/webhook", json=body, params=params, headers=headers)
    event = server.admin(f"events/{server.events(signal='odoo.credentials.sync', limit=1)[0]['id']}")

    assert answer.status_code == 200
    assert answer.json()["data"] == {}
    for secret in (*secrets.values(), KEY, "account_1-0a1b2c3d"):
        assert secret not in json.dumps(event)
        assert secret not in server.logs()


def test_credentials_that_are_not_authenticated_leave_no_trace_of_what_they_hold(
    server: Server, odoo: httpx.Client
) -> None:
    body = {"source": "credentials", "event": "credentials_sync", "credentials": {"odoo_password": "outra-senha"}}
    answer = odoo.post("/webhook", json=body)

    assert answer.status_code == 401
    assert server.admin("rejections", limit=1)["items"][0]["head"] == ""


@pytest.mark.parametrize("body", [b"", b"{", b'{"rules": NaN}', b"[]", b'"\xff"', b"[" * 100_000])
def test_what_is_not_json_is_a_clear_4xx(odoo: httpx.Client, body: bytes) -> None:
    answer = odoo.post(SYNC, content=body, headers={"X-API-Key": KEY, "content-type": "application/json"})

    assert answer.status_code in (400, 422)
    assert len(answer.text) < 200


def test_the_company_metadata_that_business_rules2_begins_with_is_kept_and_answered(odoo: httpx.Client) -> None:
    body = {
        "account_id": "account_1",
        "business_rule_id": 1,
        "company_metadata": {"name": "Loja", "description": False},
    }
    answer = odoo.post("/api/v1/company-metadata/sync/", json=body, headers={"X-API-Key": KEY})

    assert answer.status_code == 200
    assert answer.json()["data"] == {"vectorized_rules": 1, "changed": True}
