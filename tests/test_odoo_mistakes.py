"""What people get wrong in Odoo: a mistake is told in one sentence, and never becomes an answer to a customer."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.rig import Server, eventually
from tests.test_odoo_calls import API, NATIVE, V1, V2, answer_to, mapping, native

MODEL = """
[[account.account_1.rule_model]]
model = "x_regra"
name = "x_name"
text = "x_texto"
ends = "x_fim"
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("odoo_mistakes")
    (folder / "accounts.toml").write_text(MODEL)
    running = Server(folder).start()
    yield running
    running.stop()


def sync(server: Server, path: str = "/business-rules/sync", **body: Any) -> Any:
    return server.http.post(API + path, json={"account_id": "account_1", **body}, headers={**V2, "Authorization": ""})


def rules(server: Server, *permanent: dict[str, Any], temporary: Any = ()) -> Any:
    lists = {"permanent_rules": list(permanent), "temporary_rules": list(temporary)}
    return sync(server, business_rule_id=1, rules=lists)


def test_an_end_that_cannot_be_read_never_becomes_an_offer_without_end(server: Server) -> None:
    for number, end in enumerate(("31/02", "24/12/2025 às 18h", "nunca")):
        native(
            server, NATIVE, _model="x_regra", _id=number, x_name="Patinetes", x_texto="40% nos patinetes.", x_fim=end
        )
    eventually(server.is_quiet)
    told = server.admin(f"events/{server.events(limit=1)[0]['id']}")["deliveries"][0]

    assert "40%" not in answer_to(server, "tem promoção de patinetes?")
    assert (told["state"], told["reason"][:6]) == ("dead", "x_fim:")


def test_one_documents_button_soon_after_a_synchronisation_removes_no_other(server: Server) -> None:
    def documents(*numbers: int) -> str:
        sent = [
            {
                "id": each,
                "name": f"Manual {each}",
                "document_type": "support",
                "content": f"Guia {each} das bicicletas.",
            }
            for each in numbers
        ]
        return str(sync(server, "/support-documents/sync", business_rule_id=71, documents=sent).json()["data"]["mode"])

    empty = {"permanent_rules": [], "temporary_rules": []}
    sync(server, business_rule_id=71, rules=empty)
    whole, button = documents(1, 2, 3), documents(2)
    sync(server, business_rule_id=71, rules=empty)
    lone, again = documents(1), documents(1)

    assert (whole, button) == ("snapshot", "update")
    assert (lone, again) == ("snapshot", "update")  # a shop with one document


def test_other_modules_send_the_fields_apart(server: Server) -> None:
    record = {"model": "x_regra", "record_id": 77, "event": "create"}
    data = {"x_name": "Aluguel de patins", "x_texto": "Alugamos patins por R$ 20,00 a hora."}
    body = {**record, "data": data}
    server.http.post(NATIVE, json=body, headers={"Authorization": ""}).raise_for_status()
    eventually(server.is_quiet)

    assert "R$ 20,00" in answer_to(server, "vocês alugam patins?")


def test_a_field_that_is_called_event_names_no_signal(server: Server) -> None:
    native(server, NATIVE, _model="x_festa", _id=3, event="Aniversário da Conceição")

    assert server.events(limit=1)[0]["signal"] == "odoo.x_festa.changed"


def test_a_rule_without_a_text_answers_nobody_unless_its_name_is_a_sentence(server: Server) -> None:
    parking = {"id": 1, "name": "Estacionamento", "description": False, "type": "general"}
    cheques = {"id": 2, "name": "Não aceitamos cheque", "description": False, "type": "payment"}
    kept = rules(server, parking, cheques).json()["data"]["vectorized_rules"]

    assert kept == 2
    assert answer_to(server, "tem estacionamento?") != "Estacionamento"
    assert answer_to(server, "vocês aceitam cheque?") == "Não aceitamos cheque"


def test_a_date_that_is_none_is_told_with_the_rules_name_and_the_field(server: Server) -> None:
    offer = {"id": 1, "name": "Natal", "description": "10%", "start_date": "2026-12-01", "end_date": "31/02"}
    answer = rules(server, temporary=[offer])

    assert answer.status_code == 422
    assert "Natal" in answer.text
    assert "end_date" in answer.text


@pytest.mark.parametrize(
    "changes",
    [
        {"chatwoot_inbox_id": "x"},
        {"chatwoot_inbox_id": -1},
        {"chatwoot_inbox_id": True},
        {"special_whatsapp_numbers": [{"number": "abc", "crew": "admin"}]},
    ],
)
def test_a_mapping_that_cannot_be_read_takes_nothing(server: Server, changes: dict[str, Any]) -> None:
    body = mapping(55, 1)
    body["mapping"] |= changes
    answer = server.http.post("/webhook", json=body, headers={**V2, "Authorization": ""})
    places = server.admin("accounts")["items"][0]["chatwoot"]

    assert answer.status_code == 422
    assert 55 not in [each["number"] for each in places]


@pytest.mark.parametrize("address", ["/webhook/odoo", "/webhook/odoo?token=errado"])
def test_a_native_webhook_without_its_token_is_told_where_the_token_goes(server: Server, address: str) -> None:
    assert "?token=" in native(server, address, _id=1).text


def test_a_v1_state_that_comes_back_does_not_stand_beside_business_rules2s(server: Server) -> None:
    old = {"permanent_rules": [{"name": "Frete", "description": "O frete custa R$ 5,00."}], "temporary_rules": []}
    server.http.post(f"{API}/business-rules/sync", json=old, headers=V1).raise_for_status()
    rules(server, {"id": 9, "name": "Frete", "description": "O frete custa R$ 9,00."})
    states = server.admin("knowledge", kind="permanent")["items"]
    first = next(each["id"] for each in states if each["business_rule"] == "" and each["size"])
    server.http.post(
        "/admin/api/knowledge/restore", json={"account": "account_1", "revision": first}
    ).raise_for_status()

    assert answer_to(server, "quanto custa o frete?") == "O frete custa R$ 5,00."
