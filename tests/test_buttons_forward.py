"""What a proxy's pages show of handing on, and its one button, in a real browser on a desk and on a phone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from clients.testing import message_payload
from tests.rig import Server, eventually, free_port
from tests.rig_browser import NEEDS_CHROMIUM, click, picture, press
from tests.rig_forward import KEY

pytestmark = NEEDS_CHROMIUM


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A proxy whose receiver is not there, with a message that waits."""
    nowhere = f"http://127.0.0.1:{free_port()}"
    server = Server(tmp_path_factory.mktemp("proxy"), FORWARD_URL=nowhere, FORWARD_SIGNING_KEY=KEY).start()
    server.post_chatwoot(message_payload(1, 1, "Oi"))
    eventually(lambda: server.admin("forward")["failed"])
    yield server
    server.stop()


@press("now.html", "Hand on there")
def test_the_address_is_changed_on_the_page_and_what_waits_is_shown(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/admin")
    expect(page.get_by_text("1 esperam por ele")).to_be_visible()
    expect(page.get_by_text("Ele não aceita o que chega")).to_be_visible()
    picture(page, "forward")
    page.locator("#forward-url").fill("https://loja.ngrok-free.app/webhook")
    click(page, "Repassar para lá")
    expect(page.get_by_text("Para https://loja.ngrok-free.app ·")).to_be_visible()

    assert server.admin("forward")["url"] == "https://loja.ngrok-free.app"
