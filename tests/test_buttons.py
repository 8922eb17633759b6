"""Every button, pressed in a real browser on a desk and on a phone: what one then sees, and what has changed."""

import contextlib
import inspect
import itertools
import sqlite3
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.views import ACTS
from tests import test_browser, test_buttons_audit, test_buttons_forward, test_buttons_knowledge
from tests.rig import Server, eventually
from tests.rig_browser import (
    NEEDS_CHROMIUM,
    SIZES,
    TEMPLATES,
    click,
    controls,
    opened,
    overlooked,
    picture,
    press,
    promised,
)

PLUGIN = '''
from pathlib import Path
from relay import Event, Rejected, on

MENDED = Path(__file__).parent.parent / "mended"

@on("chatwoot.conversation_created")
async def look_up(event: Event) -> None:
    """Procura o cliente no CRM."""
    if not MENDED.exists():
        raise Rejected("the CRM does not know " + event.payload["name"])

@on("chatwoot.conversation_updated")
async def bill(event: Event) -> None:
    """Emite a fatura."""
    async def do() -> dict[str, int]:
        if not MENDED.exists():
            raise ConnectionError("the line broke")
        return {"invoice": 7}
    try:
        await event.once("fatura", do)
    except ConnectionError:
        await event.once("fatura", do)
'''
LOOK_UP, BILL = "plugins.crm:look_up", "plugins.crm:bill"

pytestmark = NEEDS_CHROMIUM
numbers = itertools.count(1)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A shop whose plugin fails."""
    folder = tmp_path_factory.mktemp("buttons")
    server = Server(folder, PUBLIC_URL="https://loja.exemplo.com.br", ALARM_EVERY_SECONDS="0.2")
    (folder / "plugins" / "crm.py").write_text(PLUGIN)
    server.start()
    yield server
    server.stop()


@pytest.fixture(params=SIZES)
def page(request: pytest.FixtureRequest, chromium: Browser, server: Server) -> Iterator[Page]:
    """What it fails of is not mended, and nothing is dead or parked when the test begins."""
    (server.folder / "mended").unlink(missing_ok=True)
    server.http.post("/admin/api/dead/discard", json={"all": True}).raise_for_status()
    eventually(lambda: not server.admin("dead")["items"])
    with opened(chromium, server, request) as page:
        yield page


def mend(server: Server) -> None:
    (server.folder / "mended").touch()


def conversation(name: str, event: str = "conversation_created") -> dict[str, Any]:
    return {"event": event, "id": next(numbers), "account": {"id": 1}, "name": name}


def sent(server: Server, name: str, event: str = "conversation_created") -> str:
    """The id of an event which the plugin has dealt with."""
    event = str(server.post_chatwoot(conversation(name, event)).json()["event"])
    eventually(server.is_quiet)
    return event


def unclear(server: Server) -> str:
    """The id of an event of which nobody knows whether its invoice was made."""
    return sent(server, "Ana", "conversation_updated")


def state_of(server: Server, event: str, handler: str = LOOK_UP) -> str:
    deliveries = server.admin(f"events/{event}")["deliveries"]
    return next(str(each["state"]) for each in deliveries if each["handler"] == handler)


def effects_of(server: Server, event: str) -> list[str]:
    return [str(each["state"]) for each in server.admin(f"events/{event}")["effects"]]


def fact(page: Page, name: str) -> Any:
    """What a page says of this."""
    return page.locator(".facts div", has=page.get_by_text(name, exact=True)).locator("dd")


def group(page: Page, text: str) -> Any:
    return page.locator("article", has_text=text)


@press("event.html", "It was done", "Run again")
@press("confirm.html", "Run again")
def test_what_a_person_says_was_done_is_not_done_again(page: Page, server: Server) -> None:
    event = unclear(server)
    page.goto(f"{server.url}/admin/events/{event}")
    expect(page.get_by_text("Ninguém sabe se isto foi feito")).to_be_visible()
    picture(page, "effect-unclear")
    click(page, "Foi feito")
    expect(page.get_by_text("Ninguém sabe se isto foi feito")).to_have_count(0)
    assert effects_of(server, event) == ["done"]
    click(page, "Executar de novo")
    expect(fact(page, "Efeitos já feitos, que não se repetem")).to_have_text("1")
    picture(page, "effect-confirm")
    click(page, "Executar de novo")
    expect(page.get_by_text("1 de 1; entregas alteradas: 1")).to_be_visible()
    eventually(lambda: state_of(server, event, BILL) == "done")

    assert effects_of(server, event) == ["done"]


@press("event.html", "It was not done", "Run again", "What was recorded")
def test_what_a_person_says_was_not_done_is_done_when_it_runs_again(page: Page, server: Server) -> None:
    event = unclear(server)
    mend(server)
    page.goto(f"{server.url}/admin/events/{event}")
    click(page, "Não foi feito")
    expect(page.get_by_role("heading", name="Efeitos")).to_have_count(0)
    assert effects_of(server, event) == []
    click(page, "Executar de novo")
    click(page, "Executar de novo")
    eventually(lambda: state_of(server, event, BILL) == "done")
    page.goto(f"{server.url}/admin/events/{event}")
    page.get_by_text("O que foi registrado").click()

    expect(page.get_by_text('"invoice": 7')).to_be_visible()
    assert effects_of(server, event) == ["done"]


@press("confirm.html", "Run again")
def test_whoever_runs_again_what_nobody_knows_is_told_first(page: Page, server: Server) -> None:
    event = unclear(server)
    page.goto(f"{server.url}/admin/dead")
    click(page, "Executar de novo")
    expect(fact(page, "Estado")).to_have_text("estacionada")
    expect(fact(page, "Handler")).to_have_text(BILL)
    expect(page.get_by_role("heading", name="Ninguém sabe se estes foram feitos")).to_be_visible()
    expect(page.get_by_role("link", name=event)).to_be_visible()
    picture(page, "confirm-unclear")
    click(page, "Executar de novo")
    eventually(lambda: server.is_quiet() and state_of(server, event, BILL) == "parked")

    assert effects_of(server, event) == ["intended"]


@press("dead.html", "Discard", "all events in this state")
@press("confirm.html", "Discard")
@press("run.html", "Dead and parked", "Events")
def test_a_group_of_the_dead_is_discarded_and_the_other_stays(page: Page, server: Server) -> None:
    gone, kept = sent(server, "Ana <i>"), sent(server, "Bia")
    page.goto(f"{server.url}/admin/dead")
    picture(page, "dead")
    group(page, "know Ana <i>").get_by_role("button", name="Descartar").click()
    expect(fact(page, "Entregas envolvidas")).to_have_text("1")
    click(page, "Descartar")
    page.get_by_text("concluída").wait_for()
    page.locator("main").get_by_role("link", name="Eventos").click()
    expect(page.locator(".state.discarded").first).to_have_text("descartada")
    page.go_back()
    page.locator("main").get_by_role("link", name="Mortas e estacionadas").click()
    expect(group(page, "know Ana")).to_have_count(0)
    group(page, "know Bia").get_by_role("link", name="todos os eventos neste estado").click()
    expect(page.locator("tbody tr")).to_have_count(1)

    assert (state_of(server, gone), state_of(server, kept)) == ("discarded", "dead")


@press("event.html", "Discard")
def test_one_events_delivery_is_discarded_on_its_page(page: Page, server: Server) -> None:
    gone, kept = sent(server, "Ana"), sent(server, "Ana")
    page.goto(f"{server.url}/admin/events/{gone}")
    click(page, "Descartar")
    click(page, "Descartar")
    eventually(lambda: state_of(server, gone) == "discarded")
    page.goto(f"{server.url}/admin/events/{gone}")

    expect(page.get_by_role("button", name="Descartar")).to_have_count(0)
    assert state_of(server, kept) == "dead"


@press("dead.html", "Run again", "Run all again", "Discard all")
@press("confirm.html", "Run again", "Discard", "Leave it as it is")
def test_all_the_dead_are_run_again_and_all_are_discarded(page: Page, server: Server) -> None:
    events = [sent(server, "Ana"), sent(server, "Bia"), sent(server, "Bia")]
    page.goto(f"{server.url}/admin/dead")
    group(page, "know Bia").get_by_role("button", name="Executar de novo").click()
    expect(fact(page, "Entregas envolvidas")).to_have_text("2")
    page.get_by_role("link", name="Deixar como está").click()
    click(page, "Executar todas de novo")
    expect(fact(page, "Entregas envolvidas")).to_have_text("3")
    picture(page, "confirm-all")
    click(page, "Executar de novo")
    page.get_by_text("3 de 3; entregas alteradas: 3").wait_for()
    eventually(lambda: server.is_quiet() and [state_of(server, each) for each in events] == ["dead"] * 3)
    page.goto(f"{server.url}/admin/dead")
    click(page, "Descartar todas")
    click(page, "Descartar")
    page.get_by_text("3 de 3; entregas alteradas: 3").wait_for()
    page.goto(f"{server.url}/admin/dead")

    expect(page.get_by_text("Nada morto nem estacionado")).to_be_visible()
    assert [state_of(server, each) for each in events] == ["discarded"] * 3


@contextlib.contextmanager
def slow_disk(server: Server) -> Iterator[None]:
    """Somebody else writes to the database most of the time: a run of eighty takes half a minute, if it is let."""
    over = threading.Event()

    def hold() -> None:
        with contextlib.closing(sqlite3.connect(server.folder / "data" / "server.db", isolation_level=None)) as own:
            while not over.wait(0.3):
                own.execute("BEGIN IMMEDIATE")
                over.wait(1.0)
                own.execute("ROLLBACK")

    other = threading.Thread(target=hold)
    other.start()
    try:
        yield
    finally:
        over.set()
        other.join()


@press("run.html", "Stop")
def test_a_run_is_stopped_half_way(page: Page, server: Server) -> None:
    for _each in range(80):
        server.post_chatwoot(conversation("Caio"))
    eventually(server.is_quiet)
    page.goto(f"{server.url}/admin/dead")
    click(page, "Descartar")
    with slow_disk(server):
        click(page, "Descartar")
        picture(page, "run-going")
        click(page, "Parar")
        expect(page.get_by_text("interrompida")).to_be_visible()
    picture(page, "run-stopped")
    expect(page.get_by_role("button", name="Parar")).to_have_count(0)

    assert 0 < server.books()["deliveries"]["dead"] < 80


@press("event.html", "Deal with it once more")
@press("confirm.html", "Deal with it once more")
def test_an_event_is_dealt_with_once_more_from_its_page(page: Page, server: Server) -> None:
    event = sent(server, "Ana")
    mend(server)
    page.goto(f"{server.url}/admin/events/{event}")
    click(page, "Tratar de novo")
    expect(fact(page, "Eventos")).to_have_text("1")
    picture(page, "confirm-replay")
    click(page, "Tratar de novo")
    page.get_by_text("1 de 1").wait_for()
    eventually(lambda: state_of(server, event) == "done")
    [crm] = [each for each in server.admin(f"events/{event}")["deliveries"] if each["handler"] == LOOK_UP]

    assert [each["outcome"] for each in crm["attempts"]] == ["failed", "done"]


@press("events.html", "Filter", "Do something to all of these", "Deal with it once more")
@press("confirm.html", "Deal with it once more")
def test_all_events_that_a_filter_means_are_dealt_with_once_more(page: Page, server: Server) -> None:
    name = f"Dora {next(numbers)}"
    meant, other = [sent(server, name), sent(server, name)], sent(server, "Eva")
    mend(server)
    page.goto(f"{server.url}/admin/events")
    page.get_by_label("Texto no corpo").fill(name)
    click(page, "Filtrar")
    page.get_by_text("Fazer algo com todos estes").click()
    picture(page, "events-all-of-these")
    click(page, "Tratar de novo")
    expect(fact(page, "Texto no corpo")).to_have_text(name)
    expect(fact(page, "Eventos")).to_have_text("2")
    expect(page.locator(".facts div")).to_have_count(4)  # of the filter only what was said
    picture(page, "confirm-filter")
    click(page, "Tratar de novo")
    eventually(lambda: [state_of(server, each) for each in meant] == ["done", "done"])

    assert state_of(server, other) == "dead"


@press("now.html", "Seen", "look there")
def test_an_alarm_that_somebody_has_seen_is_off_until_it_is_worse(page: Page, server: Server) -> None:
    sent(server, "Ana")
    eventually(lambda: server.admin("alarms")["items"])
    page.goto(f"{server.url}/admin")
    alarm = group(page, "Entregas dadas por perdidas")
    picture(page, "alarm")
    alarm.get_by_role("link", name="veja ali").click()
    expect(page.locator("tbody tr").first).to_contain_text("morta")
    page.go_back()
    alarm.get_by_role("button", name="Visto").click()
    expect(page.get_by_text("Está tudo bem.")).to_be_visible()
    assert server.admin("alarms")["items"] == []
    sent(server, "Bia")
    worse = eventually(lambda: server.admin("alarms")["items"])
    page.reload()

    expect(alarm).to_be_visible()
    assert [each["code"] for each in worse] == ["deliveries_dead"]


@press("now.html", "Go on")
def test_a_paused_server_goes_on_by_the_button_that_says_so(page: Page, server: Server) -> None:
    server.http.put("/admin/api/pause", json={"paused": True, "why": "cópia <b>restaurada</b>"}).raise_for_status()
    page.goto(f"{server.url}/admin")
    expect(page.get_by_text("Pausado: cópia <b>restaurada</b>")).to_be_visible()
    picture(page, "paused")
    click(page, "Continuar")
    expect(page.get_by_text("Este servidor está em espera")).to_have_count(0)

    assert server.admin("pause") == {"paused": False, "why": "", "standing_by": []}


@press("handlers.html", "More", "Switch off", "Switch on", "failed last {when}")
def test_a_handler_is_switched_off_and_gets_what_it_is_owed_when_it_is_on(page: Page, server: Server) -> None:
    sent(server, "Ana")
    mend(server)
    page.goto(f"{server.url}/admin/handlers")
    own = page.locator("article", has=page.get_by_role("heading", name=LOOK_UP))
    own.get_by_text("última falha").click()
    expect(own.get_by_text("in look_up")).to_be_visible()
    own.get_by_text("Mais", exact=True).click()
    picture(page, "handler")
    own.get_by_role("button", name="Desligar").click()
    expect(own.get_by_text("desligado")).to_be_visible()
    event = sent(server, "Bia")
    assert state_of(server, event) == "parked"
    own.get_by_text("Mais", exact=True).click()
    own.get_by_role("button", name="Ligar").click()
    expect(own.get_by_text("desligado")).to_have_count(0)

    eventually(lambda: state_of(server, event) == "done")


def test_no_button_is_left_out() -> None:
    """Of all that the templates show, each is pressed by a test that is held to it: see tests/rig_browser.py."""
    files = (test_browser, test_buttons_audit, test_buttons_forward, test_buttons_knowledge, sys.modules[__name__])
    tests = [own for file in files for own in vars(file).values() if inspect.isfunction(own)]
    pressed = {control for test in tests for control in promised(test)}

    assert pressed == controls()


def test_no_button_is_written_so_that_it_is_overlooked() -> None:
    html = "".join(file.read_text(encoding="utf-8") for file in TEMPLATES.glob("*.html"))

    assert overlooked() == []
    assert [act.path for act in ACTS if act.path.partition("{")[0] not in html] == []
