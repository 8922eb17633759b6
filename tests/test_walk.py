"""The walk: real processes, from a signed webhook to exactly one reply."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from clients.testing import FakeChatwoot, message_payload
from tests.rig import RULES, Server, echo_to, eventually, fake_chatwoot


@pytest.fixture(scope="module")
def chatwoot() -> Iterator[tuple[FakeChatwoot, str]]:
    with fake_chatwoot() as running:
        yield running


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, chatwoot: tuple[FakeChatwoot, str]) -> Iterator[Server]:
    fake, url = chatwoot
    folder: Path = tmp_path_factory.mktemp("walk")
    running = Server(folder, CHATWOOT_BASE_URL=url, CHATWOOT_API_KEY="user-token").start()
    fake.on_message = echo_to(running)
    assert running.sync_rules(RULES).json()["data"]["vectorized_rules"] == 3
    yield running
    running.stop()


def test_a_question_gets_the_right_answer_once(server: Server, chatwoot: tuple[FakeChatwoot, str]) -> None:
    fake, _ = chatwoot
    payload = message_payload(1001, 41, "Quais as formas de pagamento?")

    assert server.post_chatwoot(payload).status_code == 200
    eventually(lambda: fake.replies(41))
    eventually(server.is_quiet)

    assert [each["content"] for each in fake.replies(41)] == ["Aceitamos Pix, cartão e boleto."]
