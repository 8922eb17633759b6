"""Every button of what is known, and of trying it, pressed in a real browser on a desk and on a phone."""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from clients.testing import message_payload
from tests.rig import RULES, Server, eventually
from tests.rig_browser import NEEDS_CHROMIUM, click, on_a_desk, picture, press

# An answer that takes as long as a file is there.
PLUGIN = """
import asyncio
from pathlib import Path
from relay import Event, on

THINKING = Path(__file__).parent.parent / "thinking"

@on("chatwoot.message_created")
async def think(event: Event) -> None:
    while THINKING.exists():
        await asyncio.sleep(0.05)
"""
ACCOUNTS = """
[account.lojinha]
name = "Lojinha <b>"
[[account.lojinha.chatwoot]]
base_url = "http://127.0.0.1:9"
number = 2
webhook_secret = "another-webhook-secret"
"""
HOSTILE = "<script>alert(1)</script>"
# Of no word that stands in a rule: what nothing answers.
STRANGE = "<img src=x onerror=1>"

pytestmark = NEEDS_CHROMIUM
numbers = itertools.count(1)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Two shops; the first has rules from Odoo, and questions that nothing answered."""
    folder = tmp_path_factory.mktemp("buttons")
    (folder / "accounts.toml").write_text(ACCOUNTS)
    server = Server(folder)
    (folder / "plugins" / "slow.py").write_text(PLUGIN)
    server.start()
    server.sync_rules([{**each, "description": f"antes: {each['description']}"} for each in RULES])
    server.sync_rules([*RULES, *({"id": n, "name": f"Regra {n}", "description": HOSTILE} for n in range(10, 20))])
    server.post_chatwoot(message_payload(1, 1, f"Vendem zumbi? {STRANGE}"))
    eventually(server.is_quiet)
    yield server
    server.stop()


def known(server: Server, name: str) -> list[str]:
    """The texts of the rules of this name."""
    return [str(each["text"]) for each in server.admin("knowledge/items", q=name)["items"] if each["name"] == name]


def written(server: Server, text: str) -> str:
    """The name of a rule that was just written by hand."""
    name = f"Regra à mão {next(numbers)} {HOSTILE}"
    body = {"account": "account_1", "name": name, "text": text}
    server.http.post("/admin/api/knowledge/write", json=body).raise_for_status()
    return name


def rule(page: Page, name: str) -> Any:
    return page.locator("#items article", has_text=name)


@press("knowledge.html", "Write a rule", "Save", "Change", "Change the rule", "Leave it as it is")
def test_a_rule_is_written_and_changed_by_hand(page: Page, server: Server) -> None:
    name = f"Estacionamento {next(numbers)} {HOSTILE}"
    page.goto(f"{server.url}/admin/knowledge")
    page.get_by_text("Escrever uma regra").click()
    page.get_by_label("Nome, ou o que se pergunta").fill(name)
    page.get_by_label("Texto, como os clientes o recebem").fill("É gratuito.\nPor duas horas.")
    page.get_by_label("Primeiro dia").fill("2030-01-31")
    picture(page, "rule-writing")
    click(page, "Salvar")
    expect(rule(page, name)).to_contain_text("começa em 31/01/2030")
    picture(page, "rule-written")
    rule(page, name).get_by_role("link", name="Mudar").click()
    page.locator("#write summary").click()
    expect(page.locator("#rule-text")).to_be_hidden()
    page.locator("#write summary").click()
    picture(page, "rule-changing")
    page.locator("#write").get_by_role("link", name="Deixar como está").click()
    rule(page, name).get_by_role("link", name="Mudar").click()
    page.locator("#rule-text").fill("Custa R$ 5.")
    page.locator("#rule-starts").fill("")
    click(page, "Salvar")
    expect(rule(page, name)).to_contain_text("em vigor")

    assert known(server, name) == ["Custa R$ 5."]


@press("knowledge.html", "Remove")
@press("confirm_changes.html", "Leave it as it is", "Remove the rule", "Take this state back")
@press("knowledge_revisions.html", "Take this state back")
def test_a_rule_is_removed_and_its_revision_taken_back(page: Page, server: Server) -> None:
    name = written(server, "Há um.")
    page.goto(f"{server.url}/admin/knowledge?business_rule=written")
    rule(page, name).get_by_role("button", name="Remover").click()
    expect(page.locator(".removed")).to_have_text(name)
    picture(page, "rule-removing")
    page.locator("main").get_by_role("link", name="Deixar como está").click()
    assert known(server, name) == ["Há um."]
    page.goto(f"{server.url}/admin/knowledge?business_rule=written")
    rule(page, name).get_by_role("button", name="Remover").click()
    click(page, "Remover a regra")
    expect(rule(page, name)).to_have_count(0)
    assert known(server, name) == []
    page.goto(f"{server.url}/admin/knowledge/revisions")
    picture(page, "revisions")
    page.locator("article", has=page.locator(".added", has_text=name)).get_by_role("button").click()
    expect(page.locator(".added")).to_have_text(name)
    picture(page, "revision-confirm")
    click(page, "Voltar a este estado")
    expect(page.locator("article").first.locator(".added")).to_have_text(name)

    assert known(server, name) == ["Há um."]


@pytest.mark.refused(422)
@press("failed.html", "Back to the beginning")
@press("knowledge.html", "Change", "Save")
def test_whoever_is_overtaken_is_told_and_still_has_their_text(page: Page, server: Server) -> None:
    name = written(server, "Há um.")
    page.goto(f"{server.url}/admin/knowledge?business_rule=written")
    rule(page, name).get_by_role("link", name="Mudar").click()
    own = next(each for each in server.admin("knowledge/items", q=name)["items"] if each["name"] == name)
    body = {"account": "account_1", "id": own["id"], "seen": own["seen"], "name": name, "text": "Há dois."}
    server.http.post("/admin/api/knowledge/write", json=body).raise_for_status()
    page.locator("#rule-text").fill("Há três.")
    click(page, "Salvar")
    expect(page.get_by_role("alert")).to_contain_text("Há dois.")
    picture(page, "overtaken")
    assert known(server, name) == ["Há dois."]
    expect(page.locator("pre")).to_have_text("Há três.")
    page.get_by_role("link", name="Voltar ao início").click()

    expect(page.get_by_role("heading", name="Agora")).to_be_visible()


@press("knowledge_ask.html", "Ask", "Write a rule")
@press("knowledge_lessons.html", "Show", "Write a rule", "event")
def test_a_question_is_tried_and_what_nothing_answers_becomes_a_rule(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/admin/knowledge/ask")
    page.get_by_label("Pergunta de um cliente").fill("Quais as formas de pagamento?")
    page.keyboard.press("Enter")
    expect(page.locator("#answer")).to_contain_text("Pix, cartão e boleto")
    picture(page, "ask")
    page.get_by_label("Pergunta de um cliente").fill(f"Vendem zumbi? {STRANGE}")
    click(page, "Perguntar")
    expect(page.locator("#answer")).to_contain_text("Uma pessoa responderia")
    picture(page, "ask-unanswered")
    page.get_by_role("link", name="Escrever uma regra").click()
    expect(page.locator("#rule-name")).to_have_value(f"Vendem zumbi? {STRANGE}")
    page.goto(f"{server.url}/admin/knowledge/lessons")
    page.get_by_label("De quantos dias").select_option("90")
    page.locator("#unanswered").get_by_role("button", name="Mostrar").click()
    expect(page.get_by_label("De quantos dias")).to_have_value("90")
    picture(page, "lessons")
    page.get_by_role("link", name="evento", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("chatwoot.message_created")
    page.go_back()
    page.get_by_role("link", name="Escrever uma regra").click()

    expect(page.locator("#rule-text")).to_be_focused()
    assert page.locator("#rule-name").input_value() == f"Vendem zumbi? {STRANGE}"


@press("knowledge.html", "Filter", "Further ones")
@press("knowledge_parts.html", "Show")
@press("knowledge_revisions.html", "All that are kept", "{added} added, {changed} changed, {removed} removed")
def test_what_is_known_is_looked_through(page: Page, server: Server) -> None:
    for number in range(10):  # of each as many as are kept
        written(server, "Mais uma.")
        server.sync_rules([{"id": 1, "name": "Brinde", "description": f"Brinde {number}."}], business_rule=2)
    page.goto(f"{server.url}/admin/knowledge?limit=5")
    page.locator("main").get_by_role("link", name="Mais", exact=True).click()
    expect(page.locator("#items")).not_to_contain_text("Formas de pagamento")
    page.get_by_label("Texto no nome ou no conteúdo").fill("pagamento")
    click(page, "Filtrar")
    expect(page.locator("#items article")).to_have_count(1)
    page.goto(f"{server.url}/admin/knowledge/revisions")
    expect(page.locator("article")).to_have_count(20)
    page.get_by_role("link", name="Todas as guardadas").click()
    page.get_by_text("10 a mais, 3 mudados, 0 a menos").click()
    expect(page.get_by_text("Regra 10", exact=True)).to_be_visible()
    picture(page, "revisions-all")
    page.get_by_label("Conta").select_option("Lojinha <b>")
    click(page, "Mostrar")

    expect(page.get_by_text("Nada foi sincronizado nem escrito ainda.")).to_be_visible()
    assert page.locator("article").count() == 0


@press("playground.html", "Send", "Look again", "event", "New conversation")
def test_a_customer_is_played_answered_and_another_begins(page: Page, server: Server) -> None:
    thinking = server.folder / "thinking"
    thinking.touch()
    page.goto(f"{server.url}/admin/playground")
    page.get_by_label("O cliente escreve").fill(f"Quais as formas de pagamento? {HOSTILE}")
    click(page, "Enviar")
    picture(page, "playground-thinking")
    page.get_by_role("link", name="Ver de novo").click()
    thinking.unlink()
    expect(page.locator(".line.thinking")).to_have_count(0)
    expect(page.locator(".line.reply")).to_contain_text("Pix, cartão e boleto")
    page.get_by_label("A conversa está").select_option("open")
    page.get_by_label("O cliente escreve").fill("Qual o prazo de entrega?")
    page.keyboard.press("Enter")
    expect(page.locator(".line.status")).to_contain_text("aberta")
    expect(page.locator(".line.customer")).to_have_count(2)
    picture(page, "playground")
    page.get_by_role("link", name="evento", exact=True).click()
    expect(page.get_by_text("nada disso sai deste servidor")).to_be_visible()
    page.go_back()
    page.get_by_role("link", name="Nova conversa").click()

    expect(page.get_by_text("Ninguém escreveu ainda.")).to_be_visible()
    assert server.admin("outbox")["items"][0]["test"] is True


@on_a_desk
@press("playground.html", "Send")
def test_another_shops_customer_is_answered_from_what_tests_have_brought(page: Page, server: Server) -> None:
    server.sync_rules([{"id": 1, "name": "Estacionamento", "description": "Só à noite."}], **{"X-Event-Test": "true"})
    page.goto(f"{server.url}/admin/playground")
    page.get_by_label("Respondido a partir de").select_option("test")
    page.get_by_label("O cliente escreve").fill("Vocês têm estacionamento?")
    click(page, "Enviar")
    expect(page.locator(".line.reply")).to_contain_text("Só à noite.")
    page.goto(f"{server.url}/admin/playground")
    page.get_by_label("Conta").select_option("Lojinha <b>")
    page.get_by_label("O cliente escreve").fill("Quais as formas de pagamento?")
    click(page, "Enviar")

    expect(page.get_by_text("Lojinha <b>")).to_be_visible()
    expect(page.locator(".line.conclusion")).to_contain_text("nenhuma regra responde a isso")
    assert "Pix, cartão e boleto" not in page.locator("#chat").inner_text()
