"""The page of the daily proof and its buttons, in a real browser on a desk and on a phone."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from clients.testing import message_payload
from tests.rig import RULES, Server, eventually, fake_chatwoot
from tests.rig_browser import NEEDS_CHROMIUM, click, picture, press

pytestmark = NEEDS_CHROMIUM
# When everybody here writes: a day that is over.
AGO = 2 * 86400.0
DAY = (datetime.now(ZoneInfo("America/Sao_Paulo")) - timedelta(seconds=AGO)).date()


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A shop to which one message has come, and another has not."""
    with fake_chatwoot() as (fake, url):
        tokens = {"CHATWOOT_BASE_URL": url, "CHATWOOT_API_KEY": "user-token", "HEAL_EVERY_MINUTES": "0"}
        server = Server(tmp_path_factory.mktemp("audit"), **tokens).start()
        server.sync_rules(RULES)
        came = fake.lists.write(5, "Quais as formas de pagamento?", ago=AGO)
        server.post_chatwoot(message_payload(came["id"], 5, "Quais as formas de pagamento?"))
        fake.lists.write(8, "Alguém aí?", ago=AGO)
        eventually(server.is_quiet)
        yield server
        server.stop()


@press("audit.html", "Show", "Compare with Chatwoot", "Compare again", "event")
def test_a_day_is_chosen_and_compared_and_what_is_missing_is_shown(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/admin/audit")
    page.get_by_label("Dia", exact=True).fill(DAY.isoformat())
    click(page, "Mostrar")
    expect(page.get_by_role("heading", name=f"{DAY:%d/%m/%Y}")).to_be_visible()
    click(page, "Comparar com o Chatwoot")
    expect(page.get_by_text("Faltam aqui: 1 de 2 mensagens.")).to_be_visible()
    expect(page.get_by_role("cell", name="falta aqui")).to_be_visible()
    picture(page, "audit")
    click(page, "Comparar de novo")
    page.get_by_role("link", name="1 respondida").click()
    expect(page.get_by_role("cell", name="respondida com: Formas de pagamento")).to_be_visible()
    page.get_by_role("link", name="evento", exact=True).click()
    expect(page.get_by_role("heading", name="chatwoot.message_created")).to_be_visible()

    compared = server.admin("audit", day=DAY.isoformat())["items"]
    assert [each["outcome"] for each in compared if each["event"] == page.url.rpartition("/")[2]] == ["answered"]
    assert sorted(each["outcome"] for each in compared) == ["answered", "missing"]
