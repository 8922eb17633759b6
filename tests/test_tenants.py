"""Two shops in one server, at once and with the same numbers everywhere: nothing of one is ever seen by the other."""

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from clients.testing import FakeChatwoot, as_sent, message_payload, signed
from tests.rig import TOKENS, Server, eventually, fake_chatwoot

LOJA2 = """
[account.loja2]
odoo_key = "loja2-odoo-key"
answer_mode = "on"
[[account.loja2.chatwoot]]
base_url = "{url}"
number = 1
webhook_secret = "loja2-webhook-secret"
api_key = "user-token"
"""
SHOPS = {
    "account_1": (TOKENS["ODOO_SYNC_KEY"], TOKENS["CHATWOOT_WEBHOOK_SECRET"], "azul"),
    "loja2": ("loja2-odoo-key", "loja2-webhook-secret", "verde"),
}
ROUNDS = 12
SUBJECTS = ("Entrega", "Pagamento", "Devolução", "Garantia", "Estacionamento", "Embrulho", "Montagem", "Aluguel")


def _subject(number: int) -> str:
    return SUBJECTS[number] if number < len(SUBJECTS) else f"Assunto {number}"


class Shops:
    """The server with two shops, each with a Chatwoot of its own in which both are account 1."""

    def __init__(self, server: Server, chatwoots: dict[str, FakeChatwoot]) -> None:
        self.server = server
        self.chatwoots = chatwoots

    def sync(self, account: str, version: int, rules: int = 20) -> Any:
        key, _secret, colour = SHOPS[account]
        permanent = [
            {"id": number, "name": _subject(number), "description": f"Resposta {colour} versão {version}."}
            for number in range(rules)
        ]
        body = {
            "account_id": account,
            "business_rule_id": 1,
            "rules": {"permanent_rules": permanent, "temporary_rules": []},
        }
        return self.server.http.post(
            "/api/v1/business-rules/sync", json=body, headers={"X-API-Key": key, "Authorization": ""}
        ).raise_for_status()

    def ask(self, account: str, number: int) -> None:
        body = as_sent(message_payload(number, number, f"{SUBJECTS[number % len(SUBJECTS)].lower()}?"))
        headers = {**signed(body, SHOPS[account][1]), "Authorization": ""}
        self.server.http.post("/webhook", content=body, headers=headers).raise_for_status()


@pytest.fixture
def shops(tmp_path: Path) -> Iterator[Shops]:
    with fake_chatwoot() as (first, first_url), fake_chatwoot() as (second, second_url):
        (tmp_path / "accounts.toml").write_text(LOJA2.format(url=second_url))
        server = Server(tmp_path, CHATWOOT_BASE_URL=first_url, CHATWOOT_API_KEY="user-token").start()
        yield Shops(server, {"account_1": first, "loja2": second})
        server.stop()


def test_two_shops_hammered_at_once_with_the_same_numbers_never_meet(shops: Shops) -> None:
    for account in SHOPS:
        shops.sync(account, 0)

    def hammer(account: str) -> None:
        for number in range(ROUNDS):
            shops.sync(account, number)
            shops.ask(account, 1000 + number)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(hammer, SHOPS))
    eventually(shops.server.is_quiet, 40)
    said = {
        account: [reply["content"] for number in range(ROUNDS) for reply in chatwoot.replies(1000 + number)]
        for account, chatwoot in shops.chatwoots.items()
    }

    assert {account: len(replies) for account, replies in said.items()} == dict.fromkeys(SHOPS, ROUNDS)
    for account, (_key, _secret, colour) in SHOPS.items():
        assert all(f"Resposta {colour}" in reply for reply in said[account])


def test_one_shops_key_and_secret_open_nothing_of_the_other(shops: Shops) -> None:
    body = {"account_id": "loja2", "permanent_rules": [], "temporary_rules": []}
    crossed = shops.server.http.post(
        "/api/v1/business-rules/sync",
        json=body,
        headers={"X-API-Key": SHOPS["account_1"][0], "Authorization": ""},
    )
    message = as_sent(message_payload(1, 1, "oi"))
    headers = {**signed(message, SHOPS["account_1"][1]), "Authorization": ""}
    addressed = shops.server.http.post("/webhook/chatwoot/loja2", content=message, headers=headers)

    assert (crossed.status_code, addressed.status_code) == (403, 401)
    assert shops.server.events() == []


def versions(server: Server) -> dict[str, int]:
    """The texts in force, each with how often: what a reader of the database sees."""
    with contextlib.closing(sqlite3.connect(server.folder / "data" / "server.db")) as database:
        return dict(
            database.execute(
                "SELECT text, COUNT(*) FROM knowledge_items AS items JOIN knowledge_current AS current "
                "ON current.revision = items.revision WHERE current.kind = 'permanent' GROUP BY text"
            ).fetchall()
        )


@pytest.mark.parametrize("after", [1, 400, 1400])
def test_a_sync_that_a_kill_interrupts_leaves_the_old_state_or_the_new_one(start_server: Any, after: int) -> None:
    server = start_server()
    shops = Shops(server, {})
    shops.sync("account_1", 1, rules=1500)
    thread = threading.Thread(target=lambda: _try(shops))
    thread.start()
    eventually(lambda: _written(server) >= 1500 + after)
    server.kill()
    thread.join()
    server.start()
    after_kill = versions(server)
    shops.sync("account_1", 3, rules=1500)

    assert after_kill in ({"Resposta azul versão 1.": 1500}, {"Resposta azul versão 2.": 1500})
    assert versions(server) == {"Resposta azul versão 3.": 1500}


def _try(shops: Shops) -> None:
    with contextlib.suppress(httpx.HTTPError):  # the server is killed meanwhile, or just afterwards
        shops.sync("account_1", 2, rules=1500)


def _written(server: Server) -> int:
    with contextlib.closing(sqlite3.connect(server.folder / "data" / "server.db")) as database:
        return int(database.execute("SELECT COUNT(*) FROM knowledge_items").fetchone()[0])
