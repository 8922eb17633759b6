"""Knowledge for whoever looks in: what is known and why not today, rules of one's own, revisions, Odoo's buttons."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from clients.testing import message_payload
from tests.rig import RULES, Server, eventually
from tests.rig_pages import ACCOUNTS, Visitor, fields

HOSTILE = "<script>alert(1)</script> <b>{{ 7 * 7 }}</b>"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder: Path = tmp_path_factory.mktemp("knowledge")
    (folder / "accounts.toml").write_text(ACCOUNTS)
    server = Server(folder).start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def visitor(server: Server) -> Iterator[Visitor]:
    with Visitor(server) as visitor:
        yield visitor


def day(offset: int) -> str:
    return (datetime.now(ZoneInfo("America/Sao_Paulo")).date() + timedelta(offset)).isoformat()


def post(server: Server, path: str, **body: Any) -> httpx.Response:
    return server.http.post(f"/admin/api/knowledge/{path}", json={"account": "account_1", **body})


def written(server: Server, name: str, text: str, **more: Any) -> dict[str, Any]:
    return dict(post(server, "write", name=name, text=text, **more).raise_for_status().json())


def items(server: Server, **parameters: Any) -> list[dict[str, Any]]:
    return list(server.admin("knowledge/items", **parameters)["items"])


def named(server: Server, name: str, **parameters: Any) -> dict[str, Any]:
    return next(each for each in items(server, **parameters) if each["name"] == name)


def test_every_item_says_whether_it_is_in_force_today_and_why_not(server: Server) -> None:
    offers = [
        {"id": 11, "name": "Hoje", "type": "promotion", "description": "a", "start_date": day(-3), "end_date": day(4)},
        {"id": 12, "name": "Depois", "type": "promotion", "description": "b", "start_date": day(3), "end_date": day(9)},
        {
            "id": 13,
            "name": "Antes",
            "type": "promotion",
            "description": "c",
            "start_date": day(-9),
            "end_date": day(-4),
        },
    ]
    assert server.sync_rules([*RULES, {"id": 4, "name": "Vazia", "description": False}], offers).status_code == 200
    found = {each["name"]: (each["in_force"], each["why"]) for each in items(server)}
    counts = server.admin("knowledge/items", limit=1)["counts"]

    assert found["Formas de pagamento"] == (True, None)
    assert [found[each] for each in ("Hoje", "Depois", "Antes")] == [(True, None), (False, "begins"), (False, "ended")]
    assert found["Vazia"] == (False, "empty")
    assert (counts["permanent"], counts["temporary"]) == (4, 3)


def test_items_are_found_by_a_text_whatever_its_accents_and_come_page_by_page(server: Server) -> None:
    server.sync_rules(RULES)
    first = server.admin("knowledge/items", kind="permanent", limit=2)
    second = server.admin("knowledge/items", kind="permanent", limit=2, next=first["next"])

    assert [each["name"] for each in items(server, q="DEVOLUCAO")] == ["Troca e devolução"]
    assert [each["id"] for each in (*first["items"], *second["items"])][:3] == ["1", "2", "3"]


def test_a_rule_written_by_hand_answers_at_once_is_changed_removed_and_taken_back(server: Server) -> None:
    ask = lambda: server.admin("ask", q="vocês têm estacionamento?")["answer"]  # noqa: E731
    first = written(server, "Estacionamento", "O estacionamento é gratuito.")
    answers = [ask()]
    second = written(server, "Estacionamento", "O estacionamento custa R$ 5.", id=first["id"], seen=first["seen"])
    answers.append(ask())
    assert post(server, "remove", id=first["id"], seen=second["seen"]).status_code == 200
    answers.append(ask())
    before = server.admin("knowledge", account="account_1", business_rule="written")["items"]
    earlier = next(each for each in before if each["changed"] == ["Estacionamento"])
    told = post(server, "restore", revision=earlier["id"], dry_run=True).json()
    assert (told["added"], told["changed"], told["removed"]) == (["Estacionamento"], [], [])
    assert post(server, "restore", revision=earlier["id"]).status_code == 200
    answers.append(ask())

    assert answers == ["O estacionamento é gratuito.", "O estacionamento custa R$ 5.", None, answers[1]]
    assert [each["removed"] for each in before[:1]] == [["Estacionamento"]]


def test_what_odoo_has_brought_is_neither_changed_nor_removed_here(server: Server) -> None:
    server.sync_rules(RULES)
    own = named(server, "Formas de pagamento")
    removed = post(server, "remove", id=own["id"], seen=own["seen"])
    changed = post(server, "write", id=own["id"], name="x", text="y", seen="0" * 32)

    assert (own["editable"], own["business_rule"]) == (False, "1")
    assert (removed.status_code, changed.status_code) == (404, 422)
    assert named(server, "Formas de pagamento")["text"] == RULES[0]["description"]


def test_a_synchronisation_leaves_what_was_written_by_hand(server: Server) -> None:
    written(server, "Bicicletário", "Há um bicicletário na entrada.")
    server.sync_rules([])
    server.sync_rules(RULES)

    assert named(server, "Bicicletário")["editable"]


def test_of_two_people_the_second_is_told_and_nothing_is_lost(server: Server) -> None:
    rule = written(server, "Entrega expressa", "Custa R$ 20.")
    written(server, "Entrega expressa", "Custa R$ 25.", id=rule["id"], seen=rule["seen"])
    second = post(server, "write", id=rule["id"], seen=rule["seen"], name="Entrega expressa", text="Custa R$ 30.")
    gone = post(server, "remove", id=rule["id"], seen=rule["seen"])

    assert (second.status_code, gone.status_code) == (422, 422)
    assert "Custa R$ 25." in second.text
    assert named(server, "Entrega expressa")["text"] == "Custa R$ 25."


def test_many_who_write_different_rules_at_once_all_have_them(server: Server) -> None:
    names = [f"Regra simultânea {number}" for number in range(12)]
    threads = [threading.Thread(target=written, args=(server, name, "Ao mesmo tempo.")) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert {each["name"] for each in items(server, q="simultânea")} == set(names)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": " ", "text": "a"}, "texto"),
        ({"name": "a", "text": "b", "starts": "2026-02-30"}, "2026-02-30"),
        ({"name": "a", "text": "b", "starts": "2026-03-02", "ends": "2026-03-01"}, "2026-03-01"),
        ({"name": "a", "text": "b", "starts": "amanhã"}, "starts"),
        ({"name": "a" * 201, "text": "b"}, "name"),
        ({"name": "a", "text": "b", "colour": "blue"}, "colour"),
    ],
    ids=["no_name", "no_day", "ends_first", "not_a_day", "long", "unknown_field"],
)
def test_a_rule_that_cannot_be_is_refused_with_the_reason(server: Server, given: dict[str, str], said: str) -> None:
    refused = post(server, "write", **given)

    assert refused.status_code == 422
    assert said in refused.text


def test_accounts_never_mix(server: Server, visitor: Visitor) -> None:
    rule = written(server, "Senha do wifi", "A senha é banana.")
    answer = server.admin("ask", q="qual a senha do wifi?", account="lojinha")["answer"]
    removed = post(server, "remove", account="lojinha", id=rule["id"], seen=rule["seen"])
    revision = server.admin("knowledge", account="account_1")["items"][0]["id"]
    restored = post(server, "restore", account="lojinha", revision=revision)

    assert items(server, account="lojinha") == []
    assert answer is None
    assert (removed.status_code, restored.status_code) == (404, 404)
    assert "Senha do wifi" not in visitor.see("knowledge", account="lojinha")
    assert post(server, "write", account="nobody", name="a", text="b").status_code == 404


# The pages


def test_a_rule_is_written_changed_and_removed_by_forms(server: Server, visitor: Visitor) -> None:
    page = visitor.act("knowledge/write", account="account_1", name="Troco", text="Levamos troco.\r\nSempre.").text
    assert "Troco" in page
    rule = named(server, "Troco")
    form = fields(visitor.see("knowledge", account="account_1", edit=rule["id"]))
    assert (form["id"], rule["text"]) == (rule["id"], "Levamos troco.\nSempre.")
    changed = visitor.act(
        "knowledge/write", account="account_1", id=rule["id"], seen=rule["seen"], name="Troco", text="Não.", ends=""
    )
    assert changed.status_code == 200
    rule = named(server, "Troco")
    asked = visitor.act("knowledge/remove", account="account_1", id=rule["id"], seen=rule["seen"])
    assert "Troco" in asked.text
    assert named(server, "Troco")["text"] == "Não."
    visitor.act("knowledge/remove", account="account_1", id=rule["id"], seen=rule["seen"], confirmed="yes")

    assert items(server, q="Troco") == []


def test_a_state_is_taken_back_by_a_form_after_a_look_at_what_that_changes(server: Server, visitor: Visitor) -> None:
    server.sync_rules(RULES)
    server.sync_rules(RULES[:2])
    earlier = next(each for each in server.admin("knowledge", business_rule="1")["items"] if not each["current"])
    assert f'id="revision-{earlier["id"]}"' in visitor.see("knowledge/revisions", account="account_1")
    asked = visitor.act("knowledge/restore", account="account_1", revision=str(earlier["id"]))
    assert "Troca e devolução" in asked.text
    assert items(server, q="Troca e") == []
    visitor.act("knowledge/restore", account="account_1", revision=str(earlier["id"]), confirmed="yes")

    assert len(items(server, q="Troca e")) == 1


def test_hostile_text_is_shown_as_text_wherever_it_stands(server: Server, visitor: Visitor) -> None:
    rule = written(server, HOSTILE, HOSTILE)
    pages = [
        visitor.see("knowledge", account="account_1"),
        visitor.see("knowledge", account="account_1", edit=rule["id"]),
        visitor.see("knowledge", account="account_1", name=HOSTILE, q=HOSTILE, kind=HOSTILE),
        visitor.see("knowledge/ask", account="account_1", q=HOSTILE),
        visitor.see("knowledge/revisions", account="account_1"),
        visitor.act("knowledge/remove", account="account_1", id=rule["id"], seen=rule["seen"]).text,
    ]

    assert all("&lt;script&gt;alert(1)&lt;/script&gt;" in each for each in pages)
    assert not any("<script>alert" in each or "<b>49" in each for each in pages)


def test_a_question_is_tried_on_the_page_with_the_reason_of_a_hand_over(server: Server, visitor: Visitor) -> None:
    server.sync_rules(RULES)
    answered = visitor.see("knowledge/ask", account="account_1", q="quais as formas de pagamento?")
    handed_over = visitor.see("knowledge/ask", account="account_1", q="quero falar com um atendente")

    assert RULES[0]["description"] in answered
    assert 'class="line note"' in handed_over
    assert RULES[0]["description"] not in handed_over


def test_an_unanswered_question_leads_to_a_new_rule_of_its_name(server: Server, visitor: Visitor) -> None:
    server.post_chatwoot(message_payload(501, 501, "vocês consertam violino?"))
    eventually(lambda: server.admin("unanswered")["items"])
    page = visitor.see("knowledge/lessons", account="account_1", days=30)

    assert "name=voc%C3%AAs+consertam+violino%3F" in page
    assert 'value="vocês consertam violino?"' in visitor.see("knowledge", name="vocês consertam violino?")


# Odoo's buttons


@pytest.mark.parametrize(
    ("button", "kind"),
    [
        ("view", "permanent"),
        ("view-temporary-rules", "temporary"),
        ("view-scheduling-rules", "scheduling"),
        ("view-support-documents", "document"),
        ("view-company-metadata", "company"),
    ],
)
def test_a_button_of_odoo_shows_nothing_and_leads_to_the_guarded_page(server: Server, button: str, kind: str) -> None:
    address = f"{server.url}/api/v1/business-rules/{button}?account_id=account_1"
    led = httpx.get(address)
    login = httpx.get(address, follow_redirects=True)

    assert (led.status_code, led.text) == (303, "")
    assert led.headers["location"] == f"/admin/knowledge?account=account_1&kind={kind}"
    assert login.url.path == "/admin/login"
    assert RULES[0]["name"] not in login.text


def test_a_buttons_account_is_a_value_and_nothing_more(server: Server) -> None:
    led = httpx.get(f"{server.url}/api/v1/business-rules/view", params={"account_id": "a&kind=x#\r\nSet-Cookie: y"})

    assert led.headers["location"] == "/admin/knowledge?account=a%26kind%3Dx%23%0D%0ASet-Cookie%3A+y&kind=permanent"


def test_a_button_for_an_unknown_account_says_so_after_the_login_alone(server: Server, visitor: Visitor) -> None:
    address = "/api/v1/business-rules/view?account_id=nobody%20%3Cb%3E"
    stranger = httpx.get(f"{server.url}{address}")
    known = visitor.http.get(address)

    assert stranger.status_code == 303
    assert known.status_code == 404
    assert "nobody &lt;b&gt;" in known.text


def test_a_button_from_outside_is_refused(server: Server) -> None:
    headers = {"X-Forwarded-For": "203.0.113.9"}
    refused = httpx.get(f"{server.url}/api/v1/business-rules/view?account_id=account_1", headers=headers)

    assert refused.status_code == 403
    assert "ADMIN_HOSTS" in refused.text


def test_knowledge_is_edited_by_nobody_without_the_token(server: Server) -> None:
    for path in ("knowledge/write", "knowledge/remove", "playground"):
        assert httpx.post(f"{server.url}/admin/api/{path}", json={}).status_code == 401
    assert httpx.get(f"{server.url}/admin/api/knowledge/items").status_code == 401
