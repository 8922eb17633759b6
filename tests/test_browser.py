"""The pages in a real browser: every one, on a desk and on a phone, and not a word in its console."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from clients.testing import message_payload
from tests.rig import RULES, TOKENS, Server, eventually
from tests.rig_browser import NEEDS_CHROMIUM, click, on_a_desk, picture, press

PLUGIN = '''
from relay import Event, Rejected, on

@on("chatwoot.conversation_created")
async def look_up(event: Event) -> None:
    """Procura o cliente no CRM."""
    raise Rejected("the CRM does not know this <b>customer</b>")
'''

pytestmark = NEEDS_CHROMIUM


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A shop at work: rules, customers, a plugin that fails, one that is torn, a refusal."""
    folder = tmp_path_factory.mktemp("browser")
    server = Server(folder, PUBLIC_URL="https://loja.exemplo.com.br")
    (folder / "plugins" / "crm.py").write_text(PLUGIN)
    (folder / "plugins" / "torn.py").write_text("def x(:\n")
    (folder / "plugins" / "ends.py").write_text("raise RuntimeError('in the middle of <b>it</b>')\n")
    server.start()
    server.sync_rules(RULES)
    server.sync_rules(RULES, **{"X-Event-Test": "true"})
    for number, question in enumerate(
        ("Quais as formas de pagamento?", "Quero falar com um atendente", "<b>oi</b>"), 1
    ):
        server.post_chatwoot(message_payload(number, number, question), **{"X-Event-Test": "true"})
    for number in (7, 8):
        server.post_chatwoot({"event": "conversation_created", "id": number, "account": {"id": 1}, "name": "zumbi"})
        server.http.post("/webhook", json={"event": f"x{number}"}, headers={"Authorization": ""})
    server.post_chatwoot({"event": "conversation_typing_off", "id": 1, "account": {"id": 1}})
    eventually(server.is_quiet)
    yield server
    server.stop()


def test_an_error_is_not_squeezed_into_a_column_of_letters(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/admin/events/{server.events(status='dead')[0]['id']}")
    wide = page.evaluate("[...document.querySelectorAll('td.text')].map(each => each.offsetWidth)")

    assert wide
    assert min(wide) > 200


def test_every_page_of_the_menu_fits_and_is_labelled(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/admin")
    links = page.get_by_role("navigation", name="Páginas").get_by_role("link").all()
    addresses = [str(link.get_attribute("href")) for link in links]
    for address in addresses:
        page.goto(server.url + address)
        fits = page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        unnamed = page.evaluate(
            "[...document.querySelectorAll('input:not([type=hidden]):not([hidden]), select, textarea')]"
            ".filter(each => !each.labels.length && !each.ariaLabel).map(each => each.outerHTML)"
        )
        current = page.get_by_role("navigation", name="Páginas").locator("[aria-current=page]").count()
        headings = page.locator("h1").count()
        picture(page, address.removeprefix("/admin").strip("/").replace("/", "-") or "now")
        assert (address, fits, unnamed, current, headings) == (address, True, [], 1, 1)

    assert len(addresses) >= 8


@press("layout.html", "Skip to the content")
def test_the_keyboard_reaches_the_content_first(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/admin")
    page.keyboard.press("Tab")
    first = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")

    assert first == "Ir para o conteúdo"
    assert page.evaluate("location.hash") == "#main"


@press("events.html", "Filter")
@press("event.html", "Show all of it, with what people wrote", "Hide texts")
def test_events_are_filtered_and_looked_into(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/admin/events")
    page.get_by_label("Sinal").fill("chatwoot.conversation_created")
    page.get_by_role("button", name="Filtrar").click()
    rows = page.locator("tbody tr")
    assert rows.count() == 2
    rows.first.get_by_role("link").click()
    page.get_by_role("heading", name="plugins.crm:look_up").wait_for()
    picture(page, "event")
    page.get_by_role("link", name="Mostrar tudo").click()
    expect(page.locator("pre.body")).to_contain_text("zumbi")
    assert page.locator("b", has_text="customer").count() == 0  # hostile text is text
    page.get_by_role("link", name="Ocultar os textos").click()

    expect(page.locator("pre.body")).to_contain_text('"event": "conversation_created"')
    expect(page.locator("pre.body")).not_to_contain_text("zumbi")


def test_the_live_list_shows_what_comes_in(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/admin/events?signal=chatwoot.conversation_typing_on")
    before = page.locator("tbody a").count()
    server.post_chatwoot({"event": "conversation_typing_on", "conversation": {"id": 1}, "account": {"id": 1}})
    page.locator("tbody a").nth(before).wait_for()  # nobody loads the page again

    assert page.locator("tbody a").count() == before + 1


@press("events.html", "Look further back")
@press("outbox.html", "Older ones")
@press("rejections.html", "Older ones", "Its beginning, without texts")
def test_older_ones_are_a_link_away(page: Page, server: Server) -> None:
    for path, row, older in (
        ("events", "tbody tr", "Procurar mais para trás"),
        ("outbox", "article", "Mais antigas"),
        ("rejections", "article", "Mais antigas"),
    ):
        page.goto(f"{server.url}/admin/{path}?limit=1")
        page.get_by_role("link", name=older).click()
        expect(page).to_have_url(re.compile("limit=1&next="))
        expect(page.locator(row)).to_have_count(1)
    page.get_by_text("O começo dela, sem textos").click()

    expect(page.locator("article pre")).to_be_visible()
    assert '"event"' in page.locator("article pre").inner_text()


@press("handlers.html", "Traceback", "latest")
def test_a_torn_plugin_shows_its_trace_and_a_signal_without_a_handler_its_event(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/admin/handlers")
    page.get_by_text("Traceback", exact=True).click()
    expect(page.locator("pre", has_text="in the middle of <b>it</b>")).to_be_visible()
    picture(page, "handler-torn")
    page.get_by_role("link", name="mais recente").first.click()

    expect(page.locator("h1 .state")).to_be_visible()
    assert page.locator("h1 .state").inner_text() == "sem handler"


@press("logs.html", "Filter")
def test_logs_are_filtered_on_their_page(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/admin/logs")
    page.get_by_label("Nível").select_option("WARNING")
    page.get_by_label("Texto").fill("look_up")
    click(page, "Filtrar")

    expect(page.locator("pre.log")).to_contain_text("look_up")
    assert {line.split()[2] for line in page.locator("pre.log").inner_text().splitlines()} == {"WARNING"}


@on_a_desk
@press("setup.html", "Check everything")
@press("doctor.html", "Only this machine", "Look outside too: Chatwoot, Odoo and the ways between (up to nine seconds)")
def test_the_doctor_looks_outside_where_it_is_asked_to(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/admin/setup")
    page.get_by_role("link", name="Verificar tudo").click()
    page.get_by_role("link", name="Só esta máquina").click()
    expect(page.get_by_role("link", name="Olhar também para fora")).to_be_visible()
    here = set(page.locator(".finding code").all_inner_texts())
    page.get_by_role("link", name="Olhar também para fora").click()
    expect(page.get_by_role("link", name="Só esta máquina")).to_be_visible()
    outside = set(page.locator(".finding code").all_inner_texts())

    assert here < outside
    assert [code for code in outside - here if code.startswith("public.")]


@pytest.mark.refused(401)
@press("layout.html", "Log out")
@press("login.html", "Log in")
def test_whoever_logs_out_is_out_and_comes_back_to_where_they_were_going(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/admin")
    click(page, "Sair")
    page.wait_for_url("**/admin/login")
    page.goto(f"{server.url}/admin/logs?q=look_up")
    expect(page.get_by_label("ADMIN_TOKEN")).to_be_focused()
    picture(page, "login")
    page.get_by_label("ADMIN_TOKEN").fill("<b>wrong</b>")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("Este não é o ADMIN_TOKEN do servidor.")
    picture(page, "login-wrong")
    page.get_by_label("ADMIN_TOKEN").fill(TOKENS["ADMIN_TOKEN"])
    click(page, "Entrar")

    expect(page).to_have_url(f"{server.url}/admin/logs?q=look_up")
    assert page.get_by_label("Texto").input_value() == "look_up"


@on_a_desk
@pytest.mark.refused(403)
@press("layout.html", "Log out")
@press("login.html", "Log in")
@press("failed.html", "Back to the beginning")
def test_a_page_that_was_open_before_somebody_logged_in_anew_does_nothing(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/admin/knowledge")
    page.get_by_text("Escrever uma regra").click()
    page.locator("#rule-name").fill("Estacionamento")
    page.locator("#rule-text").fill("É <b>gratuito</b>.")
    other = page.context.new_page()
    other.goto(f"{server.url}/admin")
    click(other, "Sair")
    other.get_by_label("ADMIN_TOKEN").fill(TOKENS["ADMIN_TOKEN"])
    click(other, "Entrar")
    other.wait_for_url("**/admin")
    click(page, "Salvar")
    expect(page.get_by_role("alert")).to_contain_text("Este formulário venceu.")
    expect(page.locator("pre")).to_have_text("É <b>gratuito</b>.")
    picture(page, "out-of-date")
    page.get_by_role("link", name="Voltar ao início").click()

    expect(page.get_by_role("heading", name="Agora")).to_be_visible()
    assert server.admin("knowledge/items", business_rule="written")["items"] == []
