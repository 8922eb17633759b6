"""A conversation of twenty turns through real processes, as a good clerk would have it; and kills in between."""

import itertools
import re
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from clients.testing import FakeChatwoot, message_payload
from scripts.made_up_shop import COMPANY, permanent_rules, temporary_rules, turns
from tests.rig import TOKENS, Server, echo_to, eventually, fake_chatwoot

TODAY = date.today()  # noqa: DTZ011  # a promotion around today, whatever the zone
numbers = itertools.count(5000)


@pytest.fixture
def fake() -> Iterator[tuple[FakeChatwoot, str]]:
    with fake_chatwoot() as running:
        yield running


@pytest.fixture
def shop(tmp_path: Path, fake: tuple[FakeChatwoot, str]) -> Iterator[Server]:
    chatwoot, url = fake
    server = Server(tmp_path, CHATWOOT_BASE_URL=f"{url}/api/v1", CHATWOOT_API_KEY="user-token").start()
    chatwoot.on_message = echo_to(server)
    server.sync_rules(permanent_rules(), temporary_rules(TODAY)).raise_for_status()
    headers = {"X-API-Key": TOKENS["ODOO_SYNC_KEY"], "Authorization": ""}
    path = "/api/v1/business-rules/sync-company-metadata?account_id=account_1"
    server.http.post(path, json=COMPANY, headers=headers).raise_for_status()
    yield server
    server.stop()


def replies(fake: FakeChatwoot, conversation: int) -> list[str]:
    return [str(each["content"]) for each in fake.replies(conversation)]


def converse(
    server: Server, fake: FakeChatwoot, conversation: int, after: Callable[[], Any] = lambda: None
) -> list[str]:
    """Play the turns; gives what was wrong."""
    wrong = []
    for text, expected in turns(TODAY):
        before = len(replies(fake, conversation))
        # As Chatwoot tells it: a conversation that was handed over is open.
        changes = {"status": fake.conversation(conversation)["status"]}
        payload = message_payload(next(numbers), conversation, text, conversation_changes=changes)
        assert server.post_chatwoot(payload).status_code == 200
        after()
        eventually(server.is_quiet, 60)
        said = replies(fake, conversation)[before:]
        if len(said) != 1 or not re.search(expected, said[0]):
            wrong.append(f"{text} -> {said}")
    return wrong


def test_twenty_turns_go_as_a_good_clerk_would_have_them(shop: Server, fake: tuple[FakeChatwoot, str]):
    chatwoot, _ = fake

    assert converse(shop, chatwoot, 501) == []
    assert chatwoot.status(501) == "open"
    assert len(chatwoot.notes(501)) == 1


def test_kills_in_between_change_nothing_for_the_customer(shop: Server, fake: tuple[FakeChatwoot, str]):
    chatwoot, _ = fake

    def kill() -> None:
        moment = next(moments)
        if moment is not None:
            time.sleep(moment)  # not to be right, but to hit another moment each time
            shop.kill()
            shop.start()

    moments = itertools.cycle((0.0, None, 0.004, None, 0.012, None, 0.03))

    assert converse(shop, chatwoot, 502, kill) == []
