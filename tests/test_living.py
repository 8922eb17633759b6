"""Which copy of the server answers? The one that Chatwoot sends to, unless somebody has paused it."""

import contextlib
import itertools
import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from clients.living import ELSEWHERE, Copy, Registered, Registry, Standing, judge
from clients.testing import message_payload
from clients.testing_setup import FakeInstallation
from tests.rig import RULES, Server, eventually, serving
from tests.rig_healing import echo_at_once

HERE, VPS, OTHER = "https://loja.example.com", "https://vps.example.com", "https://antigo.example.com"
COPY = Copy((HERE, VPS), (Registry("http://chatwoot", "token", 7),))
ELSE = Standing(ELSEWHERE, f"{OTHER}/webhook?token=…")
QUESTION = "Quais as formas de pagamento?"
Make = Callable[..., Server]
numbers = itertools.count(1)


@pytest.mark.parametrize(
    ("urls", "is_all", "expected"),
    [
        ([f"{HERE}/webhook?token=abc"], True, None),
        ([f"{HERE}/webhook/chatwoot/7"], True, None),
        ([f"{VPS}/webhook"], True, None),
        ([f"{OTHER}/webhook?token=abc", f"{HERE}/webhook"], True, None),
        ([f"{OTHER}/webhook?token=abc"], True, ELSE),
        ([f"{OTHER}/webhook/chatwoot/account_1"], True, Standing(ELSEWHERE, f"{OTHER}/webhook/chatwoot/account_1")),
        ([f"{HERE}/webhook/chatwoot/loja2", f"{OTHER}/webhook?token=abc"], True, None),
        ([f"{OTHER}/webhook?token=abc"], False, None),
        (["https://n8n.example.com/webhook/3f2a", "https://evolution.example.com/chatwoot/webhook/loja"], True, None),
        ([], True, None),
    ],
    ids=[
        "here", "here by number", "at the proxy", "one of them", "elsewhere", "elsewhere by name", "another account's",
        "not all seen", "none like ours", "none",
    ],
)  # fmt: skip
def test_a_copy_stands_by_where_only_another_one_is_registered(
    urls: list[str], is_all: bool, expected: Standing | None
) -> None:
    assert judge([Registered(tuple(urls), is_all)], COPY) == expected


@pytest.fixture
def chatwoot() -> Iterator[tuple[FakeInstallation, str]]:
    fake = FakeInstallation()
    with serving(fake.app) as url:
        yield fake, url


@pytest.fixture
def make(tmp_path: Path, chatwoot: tuple[FakeInstallation, str]) -> Iterator[Make]:
    made: list[Server] = []

    def make(**settings: str) -> Server:
        fake, url = chatwoot
        own = {"CHATWOOT_BASE_URL": url, "CHATWOOT_API_KEY": "user-token", "PUBLIC_URL": HERE}
        more = {"ALARM_EVERY_SECONDS": "0.2", "HEAL_EVERY_MINUTES": "0.01"}
        server = Server(tmp_path, **{**own, **more, **settings})
        made.append(server)
        fake.on_message = echo_at_once(server)
        server.start()
        server.sync_rules(RULES)
        return server

    yield make
    for server in made:
        server.stop()


def ask(server: Server) -> int:
    conversation = next(numbers)
    assert server.post_chatwoot(message_payload(next(numbers), conversation, QUESTION)).status_code == 200
    return conversation


def standing(server: Server) -> list[dict[str, Any]]:
    return [each for each in server.admin("pause")["standing_by"] if each["why"] != "not asked"]


def is_known(server: Server) -> bool:
    """Whether it has found out where Chatwoot sends to."""
    return [each for each in server.admin("pause")["standing_by"] if each["why"] == "not asked"] == []


def codes(server: Server) -> list[str]:
    return [each["code"] for each in server.admin("alarms")["items"]]


def waits(server: Server, conversation: int) -> bool:
    """Whether the answer has been tried, and waits without having failed."""
    [event] = [each for each in server.events() if each["key"] == f"conversation:{conversation}"]
    [own] = [each for each in server.admin(f"events/{event['id']}")["deliveries"] if "answer" in each["handler"]]
    return bool(own["state"] == "waiting" and own["due"] > 0 and own["attempts"] == [])


def test_a_server_that_chatwoot_does_not_send_to_stands_by_loudly_and_goes_on_when_it_does(
    make: Make, chatwoot: tuple[FakeInstallation, str]
) -> None:
    fake, _url = chatwoot
    webhook = fake.add_webhook(f"{OTHER}/webhook?token=abc", "message_created")
    server = make()
    told = eventually(lambda: standing(server))
    conversation = ask(server)
    eventually(lambda: waits(server, conversation))
    eventually(lambda: "stands_by" in codes(server))
    looked = server.admin("now")
    fake.webhooks[webhook]["url"] = f"{HERE}/webhook?token=abc"
    eventually(lambda: fake.replies(conversation), 40)
    eventually(lambda: "stands_by" not in codes(server))
    eventually(lambda: server.admin("now")["healed"])

    assert (told[0]["why"], told[0]["about"]) == ("elsewhere", f"{OTHER}/webhook?token=…")
    assert looked["standing_by"] == told
    assert looked["healed"] == []
    assert "stands by" in server.logs()
    assert "token=abc" not in server.logs()
    assert standing(server) == []


def test_a_proxy_on_the_vps_is_ours_too(make: Make, chatwoot: tuple[FakeInstallation, str]) -> None:
    fake, _url = chatwoot
    fake.add_bot("Robô", f"{VPS}/webhook")
    server = make(VPS_URL=VPS)
    conversation = ask(server)

    assert eventually(lambda: fake.replies(conversation))


@pytest.mark.parametrize("settings", [{"PUBLIC_URL": ""}, {"CHATWOOT_API_KEY": "", "CHATWOOT_BOT_TOKEN": "bot-token"}])
def test_where_nothing_can_be_checked_it_goes_on(
    make: Make, chatwoot: tuple[FakeInstallation, str], settings: dict[str, str]
) -> None:
    fake, _url = chatwoot
    fake.add_webhook(f"{OTHER}/webhook", "message_created")
    fake.tokens["bot-token"] = "agent_bot"
    server = make(**settings)
    conversation = ask(server)

    assert eventually(lambda: fake.replies(conversation))
    assert standing(server) == []


def test_a_user_who_may_not_see_the_registration_stops_nothing(
    make: Make, chatwoot: tuple[FakeInstallation, str]
) -> None:
    fake, _url = chatwoot
    fake.role = "agent"
    fake.add_webhook(f"{OTHER}/webhook", "message_created")
    server = make()
    conversation = ask(server)

    assert eventually(lambda: fake.replies(conversation))


def test_a_paused_server_keeps_what_comes_and_answers_it_when_it_goes_on(
    make: Make, chatwoot: tuple[FakeInstallation, str]
) -> None:
    fake, _url = chatwoot
    server = make(PUBLIC_URL="")
    paused = server.http.put("/admin/api/pause", json={"paused": True, "why": "mudança"}).json()
    conversation = ask(server)
    eventually(lambda: waits(server, conversation))
    eventually(lambda: "stands_by" in codes(server))
    silent = fake.replies(conversation)
    let_go = server.http.put("/admin/api/pause", json={"paused": False}).json()

    assert (paused["paused"], paused["why"], paused["standing_by"][0]["text"]) == (True, "mudança", "Pausado: mudança")
    assert silent == []
    assert let_go == {"paused": False, "why": "", "standing_by": []}
    assert eventually(lambda: fake.replies(conversation), 30)


def test_a_restored_backup_begins_paused_and_fetches_nothing(
    make: Make, chatwoot: tuple[FakeInstallation, str]
) -> None:
    fake, _url = chatwoot
    server = make(PUBLIC_URL="")
    eventually(lambda: server.admin("now")["healed"])
    server.kill()
    with contextlib.closing(sqlite3.connect(server.folder / "data" / "server.db")) as database, database:
        values = ("", "paused", json.dumps("cópia de segurança de ontem").encode(), 0)
        database.execute("INSERT INTO state (account, name, value, updated) VALUES (?, ?, ?, ?)", values)
        database.execute("DELETE FROM state WHERE name = 'healed'")
    server.start()
    conversation = ask(server)
    eventually(lambda: waits(server, conversation))

    assert server.admin("pause")["why"] == "cópia de segurança de ontem"
    assert server.admin("now")["healed"] == []
    assert fake.replies(conversation) == []
