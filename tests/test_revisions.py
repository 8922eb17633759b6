"""What did a synchronisation change, and can it be taken back? As the person in charge sees it."""

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from tests.rig import ROOT, RULES, Server
from tests.test_odoo_calls import answer_to

DEARER = {**RULES[1], "description": "Entregamos em até 9 dias úteis."}


@pytest.fixture
def server(start_server: Callable[..., Server]) -> Server:
    return start_server()


def permanent(server: Server) -> list[dict[str, Any]]:
    return list(server.admin("knowledge", account="account_1", kind="permanent")["items"])


def restore(server: Server, **body: Any) -> int:
    return server.http.post("/admin/api/knowledge/restore", json=body).status_code


def command(server: Server, *words: str) -> str:
    environment = {**os.environ, **server.environment, "SERVER_LANGUAGE": "en"}
    run = subprocess.run(
        [sys.executable, "-m", "scripts.knowledge", *words],
        env=environment, cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return run.stdout


def test_every_synchronisation_says_what_it_changed_and_an_earlier_one_comes_back(server: Server) -> None:
    server.sync_rules(RULES)
    server.sync_rules([RULES[0], DEARER, {"id": 9, "name": "Estacionamento", "description": "Há vagas."}])
    server.sync_rules([RULES[0], DEARER, {"id": 9, "name": "Estacionamento", "description": "Há vagas."}])
    newest, oldest = permanent(server)
    restored = restore(server, account="account_1", revision=oldest["id"])

    assert (newest["added"], newest["removed"], newest["changed"]) == (
        ["Estacionamento"], ["Troca e devolução"], ["Prazo de entrega"],
    )  # fmt: skip
    assert (newest["current"], oldest["current"], len(oldest["added"])) == (True, False, 3)
    assert restored == 200
    assert answer_to(server, "Qual o prazo de entrega?") == RULES[1]["description"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"account": "account_1", "revision": 999}, 404),
        ({"account": "loja2", "revision": 1}, 404),
        ({"account": "account_1"}, 422),
        ({"account": "account_1", "revision": "1"}, 422),
    ],
)
def test_only_a_revision_of_that_account_is_restored(server: Server, body: dict[str, Any], status: int) -> None:
    server.sync_rules(RULES)

    assert restore(server, **body) == status


def test_ten_states_are_kept(server: Server) -> None:
    for number in range(13):
        server.sync_rules([{"id": 1, "name": "Frete", "description": f"O frete custa R$ {number},00."}])

    assert len(permanent(server)) == 10
    assert answer_to(server, "quanto custa o frete?") == "O frete custa R$ 12,00."


def test_the_command_shows_the_states_and_restores_one(server: Server) -> None:
    server.sync_rules(RULES)
    server.sync_rules([DEARER])
    before = command(server, "--kind", "permanent", "--all")
    oldest = permanent(server)[-1]["id"]
    said = command(server, "--restore", str(oldest))

    assert "~Prazo de entrega" in before
    assert "-Formas de pagamento" in before
    assert f"State {oldest} of account_1" in said
    assert answer_to(server, "Qual o prazo de entrega?") == RULES[1]["description"]
