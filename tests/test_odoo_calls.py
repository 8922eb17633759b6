"""Every call that an Odoo in the field makes, from outside: where, with which answer, and what it changes."""

import json
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from clients.testing import message_payload
from tests.rig import ROOT, RULES, TOKENS, Server, eventually

SAMPLES = ROOT / "handlers" / "odoo" / "samples"
KEY = TOKENS["ODOO_SYNC_KEY"]
API = "/api/v1"
V1 = {"Authorization": f"Bearer {KEY}"}
V2 = {"X-API-Key": KEY}
ACCOUNTS = """
[account.loja2]
odoo_key = "loja2-odoo-key"
webhook_token = "loja2-webhook-token"
answer_mode = "on"
[[account.loja2.chatwoot]]
number = 2
webhook_secret = "loja2-webhook-secret"
[[account.loja2.rule_model]]
model = "x_regra"
name = "x_name"
text = "x_descricao"
ends = "x_fim"
shown_if = ["active", "x_visivel"]
"""
NATIVE = "/webhook/odoo?token=rig-webhook-token"
NATIVE2 = "/webhook/odoo/loja2?token=loja2-webhook-token"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("odoo_calls")
    (folder / "accounts.toml").write_text(ACCOUNTS)
    running = Server(folder).start()
    yield running
    running.stop()


@pytest.fixture
def odoo(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=10, follow_redirects=False) as client:
        yield client


def sample(name: str) -> dict[str, Any]:
    return dict(json.loads((SAMPLES / f"{name}.json").read_text()))


def answer_to(server: Server, question: str, *, account: str = "account_1", number: int = 1) -> str:
    """What the outbox has for a customer's question."""
    conversation = uuid.uuid4().int % 10**9
    payload = message_payload(conversation + 10**9, conversation, question, account={"id": number, "name": "Loja"})
    if account == "account_1":
        server.post_chatwoot(payload)
    else:
        server.http.post(f"/webhook/chatwoot/{account}?token={account}-webhook-token", json=payload)
    eventually(server.is_quiet)
    kept = [each for each in server.admin("outbox")["items"] if each["conversation"] == str(conversation)]
    return next((each["content"] for each in kept if each["kind"] == "reply"), "")


# Where

CALLS = [
    ("/business-rules/sync", "business_rules.sync__v1", V1),
    ("/business-rules/sync", "business_rules.sync__v2", V2),
    ("/business_rules", "business_rules.sync__v2", V1),
    ("/business-rules/sync-company-metadata", "company_metadata.sync__v1", V1),
    ("/company-metadata/sync", "company_metadata.sync__v2", V2),
    ("/business-rules/sync-scheduling-rules", "scheduling_rules.sync__v1", V1),
    ("/scheduling-rules/sync", "scheduling_rules.sync__v2", V2),
    ("/business-rules/sync-support-documents", "support_documents.sync__v1", V1),
    ("/support-documents/sync", "support_documents.sync__v2", V2),
]


@pytest.mark.parametrize("form", ["/api/v1{}", "/api/v1{}/", "/api//v1{}", "/webhook/api/v1{}"])
@pytest.mark.parametrize(("path", "name", "headers"), CALLS, ids=[f"{call[0]} {call[1]}" for call in CALLS])
def test_every_call_is_served_at_every_address_without_a_redirect(
    odoo: httpx.Client, form: str, path: str, name: str, headers: dict[str, str]
) -> None:
    answer = odoo.post(form.format(path), json=sample(name), headers=headers)

    assert answer.status_code == 200
    assert isinstance(answer.json()["data"], dict)


@pytest.mark.parametrize(
    "path", ["/tools/sync_support_documents", "/configs/account_1/x/config", "/company-services/a/b"]
)
def test_what_is_not_served_says_so(odoo: httpx.Client, path: str) -> None:
    answer = odoo.post(path, json={}, headers=V2)

    assert answer.status_code == 404
    assert f"/{path.split('/')[1]}" in answer.text
    assert len(answer.text) < 150


def test_the_retrying_queue_names_its_account_in_its_metadata(odoo: httpx.Client) -> None:
    body = {"permanent_rules": [], "temporary_rules": [], "metadata": {"account_id": "account_9", "module": "x"}}
    answer = odoo.post(f"{API}/business_rules", json=body, headers=V1)

    assert answer.status_code == 403


# With which answer


def test_v1_reads_what_became_of_its_documents_at_the_top(odoo: httpx.Client) -> None:
    path = f"{API}/business-rules/sync-support-documents"
    body = {"business_rule_id": 70, "documents": [document(41), document(42, active=False)]}
    answer = odoo.post(path, json=body, headers={"Authorization": V1["Authorization"]}).json()

    assert (answer["success"], answer["error"], answer["synced_docs"]) == (True, None, [41, 42])


@pytest.mark.parametrize(
    ("path", "name", "counted"),
    [
        ("/scheduling-rules/sync", "scheduling_rules.sync__v2", "vectorized_rules"),
        ("/support-documents/sync", "support_documents.sync__v2", "vectorized_documents"),
    ],
)
def test_business_rules2_reads_how_many_were_kept(odoo: httpx.Client, path: str, name: str, counted: str) -> None:
    data = odoo.post(API + path, json=sample(name), headers=V2).json()["data"]

    assert data[counted] > 0


@pytest.mark.parametrize("path", ["/scheduling-rules/sync", "/support-documents/sync", "/company-metadata/sync"])
def test_a_body_without_what_the_call_is_about_is_422_in_one_sentence(odoo: httpx.Client, path: str) -> None:
    answer = odoo.post(API + path, json={"account_id": "account_1", "business_rule_id": 1}, headers=V2)

    assert answer.status_code == 422
    assert "\n" not in answer.text


# What it changes


def document(number: int, text: str = "", **flags: bool) -> dict[str, Any]:
    text = text or f"O manual número {number} explica a lavagem da peça modelo{number}."
    return {"id": number, "name": f"Manual {number}", "document_type": "support", "content": text, **flags}


def send_documents(
    server: Server, rule: int, *documents: dict[str, Any], path: str = "/support-documents/sync"
) -> dict[str, Any]:
    body = {"account_id": "account_1", "business_rule_id": rule, "documents": list(documents)}
    answer = server.http.post(API + path, json=body, headers={**V2, "Authorization": ""})
    return dict(answer.raise_for_status().json()["data"])


def knows(server: Server, number: int) -> bool:
    return f"modelo{number}." in answer_to(server, f"como é a lavagem da peça modelo{number}?")


def test_one_document_alone_is_an_update_and_deletes_nothing(server: Server) -> None:
    send_documents(server, 10, document(101), document(102))
    data = send_documents(server, 10, document(103))

    assert data["mode"] == "update"
    assert [knows(server, number) for number in (101, 102, 103)] == [True, True, True]


def test_one_document_just_after_its_rules_is_the_whole_snapshot(server: Server) -> None:
    send_documents(server, 11, document(111), document(112))
    body = {"account_id": "account_1", "business_rule_id": 11, "rules": {"permanent_rules": [], "temporary_rules": []}}
    server.http.post(f"{API}/business-rules/sync", json=body, headers={**V2, "Authorization": ""}).raise_for_status()
    data = send_documents(server, 11, document(113))

    assert data["mode"] == "snapshot"
    assert [knows(server, number) for number in (111, 112, 113)] == [False, False, True]


def test_v1s_single_document_is_always_a_snapshot(server: Server) -> None:
    path = "/business-rules/sync-support-documents"
    send_documents(server, 12, document(121), document(122), path=path)
    data = send_documents(server, 12, document(123), path=path)

    assert data["mode"] == "snapshot"
    assert [knows(server, number) for number in (121, 122, 123)] == [False, False, True]


def test_an_empty_selection_empties(server: Server) -> None:
    send_documents(server, 13, document(131), document(132))
    send_documents(server, 13)

    assert [knows(server, number) for number in (131, 132)] == [False, False]


@pytest.mark.parametrize("flag", ["active", "visible_in_ai"])
def test_a_document_that_is_hidden_is_removed(server: Server, flag: str) -> None:
    send_documents(server, 14, document(141), document(142))
    send_documents(server, 14, document(141, **{flag: False}), document(142))

    assert [knows(server, number) for number in (141, 142)] == [False, True]


def test_a_document_under_two_business_rules_stays_when_one_drops_it(server: Server) -> None:
    send_documents(server, 15, document(151), document(152))
    send_documents(server, 16, document(151), document(153))
    send_documents(server, 15, document(152), document(154))
    kept = knows(server, 151)
    send_documents(server, 16)

    assert (kept, knows(server, 151)) == (True, False)


def test_a_long_document_is_answered_by_the_passage_that_fits(server: Server) -> None:
    filler = "\n\n".join(f"Capítulo {number}\n\nTexto sobre o assunto{number} e mais nada." for number in range(80))
    text = f"{filler}\n\nCalibragem\n\nCalibre o sensor barométrico uma vez por ano.\n\n{filler}"
    send_documents(server, 17, document(171, text), document(172))
    answer = answer_to(server, "como calibrar o sensor barométrico?")

    assert "uma vez por ano" in answer
    assert len(answer) < 1000


def test_business_rules2_takes_the_place_of_what_v1_had_sent(server: Server) -> None:
    rule = {"name": "Estacionamento", "description": "O estacionamento é gratuito.", "type": "general"}
    body = {"permanent_rules": [rule], "temporary_rules": []}
    server.http.post(f"{API}/business-rules/sync?account_id=account_1", json=body, headers=V1).raise_for_status()
    before = answer_to(server, "tem estacionamento gratuito?")
    server.sync_rules(RULES).raise_for_status()

    assert before == rule["description"]
    assert answer_to(server, "tem estacionamento gratuito?") != rule["description"]


def test_what_the_company_says_of_itself_is_answered(server: Server, odoo: httpx.Client) -> None:
    odoo.post(f"{API}/business-rules/sync-company-metadata", json=sample("company_metadata.sync__v1"), headers=V1)

    assert answer_to(server, "qual é o horário de funcionamento?")


def test_what_v1_says_of_the_company_in_passing_counts_until_its_own_call_has_said_it(start_server: Any) -> None:
    server = start_server()
    basic = {"company_name": "Loja Sol", "website": "https://sol.example.com"}
    rules = {"permanent_rules": [], "temporary_rules": [], "basic_info": basic}
    own = {"company_info": {"company_name": "Loja Lua"}, "social_media": {"show_website": False}}

    def known() -> list[str]:
        found = server.admin("knowledge", kind="company")["items"]
        return sorted({name for each in found if each["current"] and each["size"] for name in each["added"]})

    server.http.post(f"{API}/business-rules/sync", json=rules, headers=V1).raise_for_status()
    before = known()
    server.http.post(f"{API}/business-rules/sync-company-metadata", json=own, headers=V1).raise_for_status()
    server.http.post(f"{API}/business-rules/sync", json=rules, headers=V1).raise_for_status()

    assert any("Sol" in each for each in before)
    assert len(before) == 2
    assert [each for each in known() if "Sol" in each or "Website" in each or "Site" in each] == []


# Odoo's native webhook


def native(server: Server, address: str = NATIVE, **record: Any) -> httpx.Response:
    body = json.dumps({"_action": "Avisar(#1)", "_model": "res.partner", **record}, sort_keys=True)
    return server.http.post(address, content=body, headers={"Authorization": "", "Content-Type": "application/json"})


def names(server: Server, key: str) -> list[str]:
    events = [each for each in server.events(limit=500) if each["key"] == key]
    return [each["signal"] for each in reversed(events)]


def test_any_model_is_kept_under_its_own_name_for_its_account(server: Server) -> None:
    answer = native(server, _id=57, name="Conceição", email=False)
    native(server, f"{NATIVE2}&event=Delete", _id=57)
    events = [each for each in server.events(limit=50) if each["key"] == "res.partner:57"]

    assert answer.status_code == 200
    assert {(each["signal"], each["account"]) for each in events} == {
        ("odoo.res.partner.changed", "account_1"),
        ("odoo.res.partner.delete", "loja2"),
    }


def test_only_the_same_again_as_the_records_newest_is_a_repeat(server: Server) -> None:
    for price in (1, 1, 2, 1, 1):  # A A B A A
        native(server, _id=58, price=price)
    native(server, _id=58, price=1, _action="Outra regra(#2)")
    native(server, f"{NATIVE}&event=delete", _id=58, price=1, _action="Outra regra(#2)")
    native(server, f"{NATIVE}&event=delete", _id=58, price=1, _action="Outra regra(#2)")
    events = [each for each in server.events(limit=50) if each["key"] == "res.partner:58"]

    assert names(server, "res.partner:58") == ["odoo.res.partner.changed"] * 4 + ["odoo.res.partner.delete"]
    assert sum(each["repeats"] for each in events) == 3


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/webhook/odoo", 401),
        ("/webhook/odoo?token=wrong", 401),
        ("/webhook/odoo/account_1?token=loja2-webhook-token", 403),
        (f"/webhook/odoo/account_1/?token={KEY}", 200),
        ("/webhook/odoo/loja2?token=loja2-odoo-key", 200),
    ],
)
def test_the_token_in_the_address_says_whose_it_is(server: Server, address: str, status: int) -> None:
    assert native(server, address, _id=59, name=address).status_code == status


@pytest.mark.parametrize("body", [{"_id": 5}, {"_model": "", "_id": 5}, {"_model": 7}])
def test_what_names_no_model_is_422(server: Server, body: Any) -> None:
    answer = server.http.post(NATIVE, json=body, headers={"Authorization": ""})

    assert answer.status_code == 422


def test_a_native_webhook_cannot_pretend_to_be_a_synchronisation(server: Server) -> None:
    assert native(server, f"{NATIVE}&event=sync", _model="business_rules", _id=1).status_code == 422


def test_a_record_of_ones_own_rule_model_becomes_a_rule_and_stops_being_one(server: Server) -> None:
    record = {"_model": "x_regra", "x_name": "Embrulho", "x_descricao": "<p>Embrulhamos para presente.</p>"}
    asked = {"question": "vocês embrulham para presente?", "account": "loja2", "number": 2}
    answers = []
    for change in (
        {"active": True, "x_visivel": True, "x_fim": False},
        {"active": True, "x_visivel": False, "x_fim": False},
        {"active": True, "x_visivel": True, "x_fim": "2099-12-31"},
        {"active": True, "x_visivel": True, "x_fim": "2020-12-31"},
    ):
        native(server, NATIVE2, _id=7, **record, **change)
        eventually(server.is_quiet)
        answers.append(answer_to(server, **asked) == "Embrulhamos para presente.")

    assert answers == [True, False, True, False]
    assert "presente" not in answer_to(server, asked["question"])  # the other shop knows nothing of it


# Who is meant


def mapping(number: int, inbox: int | None, account: str = "account_1", **more: Any) -> dict[str, Any]:
    inner = {"chatwoot_account_id": number, "chatwoot_inbox_id": inbox, "internal_account_id": account, **more}
    return {"source": "channel_mapping", "event": "mapping_sync", "account_id": account, "mapping": inner}


@pytest.mark.parametrize("path", ["/webhook", "/odoo-webhook/"])
def test_a_mapping_from_odoo_counts_at_once_and_is_shown(server: Server, odoo: httpx.Client, path: str) -> None:
    number = 100 + len(path)
    message = message_payload(number, number, "oi", account={"id": number, "name": "x"})
    server.post_chatwoot(message)
    before = server.events(limit=1)[0]["status"]
    special = [{"number": "+5541988700999", "crew": "admin"}]
    answer = odoo.post(path, json=mapping(number, None, special_whatsapp_numbers=special), headers=V2)
    server.post_chatwoot({**message, "id": number + 1})
    shown = next(each for each in server.admin("accounts")["items"] if each["id"] == "account_1")

    assert answer.status_code == 200
    assert (before, server.events(limit=1)[0]["account"]) == ("unmapped", "account_1")
    assert number in [each["number"] for each in shown["chatwoot"] if each["learned"]]
    assert "+5541988700999" in dict(shown["special_numbers"])


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (mapping(300, None, account="loja2"), 403),
        (mapping(2, None), 422),
        ({**mapping(1, None), "mapping": None}, 422),
        ({**mapping(1, None), "mapping": {"chatwoot_account_id": "x"}}, 422),
    ],
)
def test_a_mapping_that_is_wrong_or_anothers_changes_nothing(
    server: Server, odoo: httpx.Client, body: dict[str, Any], status: int
) -> None:
    before = server.admin("accounts")
    answer = odoo.post("/webhook", json=body, headers=V2)

    assert answer.status_code == status
    assert server.admin("accounts") == before


def test_a_mapping_outlives_a_restart(tmp_path: Path) -> None:
    server = Server(tmp_path).start()
    try:
        server.http.post("/webhook", json=mapping(77, 5), headers={**V2, "Authorization": ""}).raise_for_status()
        server.kill()
        server.start()
        places = server.admin("accounts")["items"][0]["chatwoot"]
    finally:
        server.stop()

    assert [(each["number"], each["inboxes"]) for each in places if each["learned"]] == [(77, [5])]


def test_a_synchronisation_that_was_answered_is_done_whenever_the_server_dies(
    start_server: Callable[..., Server],
) -> None:
    server = start_server()
    for number in range(3):
        answered = server.sync_rules([{**RULES[0], "name": f"Regra {number}"}]).status_code
        server.kill()
        server.start()
        assert (answered, server.events(signal="odoo.business_rules.sync", limit=1)[0]["status"]) == (200, "done")
