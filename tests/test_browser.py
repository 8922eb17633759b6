"""The pages in a real browser: every one, every act, on a desk and on a phone, and not a word in its console."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from clients.testing import message_payload
from tests.rig import RULES, TOKENS, Server, eventually

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
# What would ask Google's hosts at every start; and there is no sandbox for root.
WORDS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
SIZES = {"desk": (1280, 850), "phone": (390, 844)}
# Where pictures are kept, if anywhere: PICTURES=docs/pictures.
PICTURES = os.environ.get("PICTURES")
PLUGIN = '''
import os
from relay import Event, Rejected, on

@on("chatwoot.conversation_created")
async def look_up(event: Event) -> None:
    """Procura o cliente no CRM."""
    if not os.path.exists(os.path.join(os.path.dirname(__file__), "..", "mended")):
        raise Rejected("the CRM does not know this <b>customer</b>")
'''

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: scripts/browser installs it where it may")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(WORDS))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A shop at work: rules, customers, a plugin that fails, one that is torn, a refusal."""
    folder = tmp_path_factory.mktemp("browser")
    server = Server(folder, PUBLIC_URL="https://loja.exemplo.com.br")
    (folder / "plugins" / "crm.py").write_text(PLUGIN)
    (folder / "plugins" / "torn.py").write_text("def x(:\n")
    server.start()
    server.sync_rules(RULES)
    server.sync_rules(RULES, **{"X-Event-Test": "true"})
    for number, question in enumerate(
        ("Quais as formas de pagamento?", "Quero falar com um atendente", "<b>oi</b>"), 1
    ):
        server.post_chatwoot(message_payload(number, number, question), **{"X-Event-Test": "true"})
    for number in (7, 8):
        server.post_chatwoot({"event": "conversation_created", "id": number, "account": {"id": 1}})
    server.http.post("/webhook", json={"event": "x"}, headers={"Authorization": ""})
    eventually(server.is_quiet)
    yield server
    server.stop()


@pytest.fixture(params=SIZES)
def page(request: pytest.FixtureRequest, chromium: Browser, server: Server) -> Iterator[Page]:
    """A page of somebody who has logged in. At the end: nothing in the console, nothing asked of anybody else."""
    width, height = SIZES[request.param]
    scheme = "dark" if request.param == "phone" else "light"
    context = chromium.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, locale="pt-BR")
    page = context.new_page()
    said: list[str] = []
    asked: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        said.append(message.text)

    def see(sent: Request) -> None:
        asked.append(sent.url)

    page.on("console", hear)
    page.on("request", see)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.set_default_timeout(10_000)
    page.goto(f"{server.url}/admin")
    page.get_by_label("ADMIN_TOKEN").fill(TOKENS["ADMIN_TOKEN"])
    page.get_by_role("button", name="Entrar").click()
    page.wait_for_url("**/admin")
    yield page
    context.close()
    assert said == []
    assert [url for url in asked if not url.startswith((server.url, "data:"))] == []


def picture(page: Page, name: str) -> None:
    if PICTURES:
        size = page.viewport_size or {}
        page.screenshot(path=Path(PICTURES) / f"{name}-{'phone' if size.get('width') == 390 else 'desk'}.png")


def test_an_error_is_not_squeezed_into_a_column_of_letters(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/admin/events/{server.events(status='dead')[0]['id']}")
    wide = page.evaluate("[...document.querySelectorAll('td.text')].map(each => each.offsetWidth)")

    assert wide
    assert min(wide) > 200


def test_every_page_of_the_menu_fits_and_is_labelled(page: Page, server: Server) -> None:
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


def test_the_keyboard_reaches_the_content_first(page: Page) -> None:
    page.keyboard.press("Tab")
    first = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")

    assert first == "Ir para o conteúdo"
    assert page.evaluate("location.hash") == "#main"


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

    assert '"event": "conversation_created"' in page.locator("pre.body").inner_text()
    assert page.locator("b", has_text="customer").count() == 0  # hostile text is text


def test_the_live_list_shows_what_comes_in(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/admin/events?signal=chatwoot.conversation_typing_on")
    before = page.locator("tbody a").count()
    server.post_chatwoot({"event": "conversation_typing_on", "conversation": {"id": 1}, "account": {"id": 1}})
    page.locator("tbody a").nth(before).wait_for()  # nobody loads the page again

    assert page.locator("tbody a").count() == before + 1


def test_what_is_dead_is_run_again_from_the_page(page: Page, server: Server, mend: Callable[[], None]) -> None:
    mend()
    page.goto(f"{server.url}/admin/dead")
    picture(page, "dead-before")
    page.get_by_role("button", name="Executar de novo", exact=True).click()
    picture(page, "confirm")
    page.get_by_role("button", name="Executar de novo", exact=True).click()
    page.get_by_role("progressbar").wait_for()
    picture(page, "run")
    page.get_by_text("concluída").wait_for()
    eventually(server.is_quiet)
    page.goto(f"{server.url}/admin/dead")

    assert page.get_by_text("Nada morto nem estacionado").is_visible()


@pytest.fixture
def mend(server: Server) -> Iterator[Callable[[], None]]:
    """Something is dead, and what it died of can be mended."""
    (server.folder / "mended").unlink(missing_ok=True)
    server.post_chatwoot({"event": "conversation_created", "id": 9, "account": {"id": 1}})
    eventually(lambda: server.is_quiet() and server.books()["deliveries"]["dead"])
    yield (server.folder / "mended").touch
    (server.folder / "mended").unlink(missing_ok=True)


def test_a_handler_is_switched_off_and_on(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/admin/handlers")
    own = page.locator("article", has=page.get_by_role("heading", name="plugins.crm:look_up"))
    own.get_by_text("Mais", exact=True).click()
    own.get_by_role("button", name="Desligar").click()
    own.get_by_text("desligado").wait_for()
    own.get_by_text("Mais", exact=True).click()
    own.get_by_role("button", name="Ligar").click()
    page.wait_for_load_state()

    assert own.get_by_text("desligado").count() == 0


def test_a_rule_written_by_hand_answers_the_next_question(page: Page, server: Server) -> None:
    on_a_desk = (page.viewport_size or {})["width"] == SIZES["desk"][0]
    name, text, question = (
        ("Estacionamento", "O estacionamento é gratuito por duas horas.", "vocês têm estacionamento?")
        if on_a_desk
        else ("Wi-Fi", "O Wi-Fi da loja é gratuito para clientes.", "a loja tem wi-fi?")
    )
    page.goto(f"{server.url}/admin/knowledge")
    page.locator("#write summary").click()
    page.locator("#rule-name").fill(name)
    page.locator("#rule-text").fill(text)
    page.locator("#save").click()
    page.goto(f"{server.url}/admin/knowledge/ask")
    page.locator("#question").fill(question)
    page.get_by_role("button", name="Perguntar").click()
    answer = page.locator("#answer").inner_text()
    picture(page, "ask")

    assert text in answer


def test_a_customer_is_played_and_answered(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/admin/playground")
    page.locator("#text").fill("Quais as formas de pagamento? <i>rápido</i>")
    page.locator("#send").click()
    reply = page.locator(".line.reply").first
    reply.wait_for()
    picture(page, "playground-answered")

    assert "Pix, cartão e boleto" in reply.inner_text()
    assert page.locator("i", has_text="rápido").count() == 0


def test_somebody_without_the_token_is_told_and_whoever_logs_out_is_out(page: Page, server: Server) -> None:
    page.get_by_role("button", name="Sair").click()
    page.wait_for_url("**/admin/login")
    page.goto(f"{server.url}/admin/logs")

    assert page.get_by_label("ADMIN_TOKEN").is_visible()
    picture(page, "login")
