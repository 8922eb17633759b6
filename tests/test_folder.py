"""Knowledge without Odoo: a shop's files are what is answered, as soon as they are written and until they go."""

from collections.abc import Callable

import pytest

from tests.rig import Server, eventually
from tests.test_odoo_calls import answer_to

QUESTION = "vocês fazem embrulho para presente?"


@pytest.fixture
def server(start_server: Callable[..., Server]) -> Server:
    return start_server()


def says(server: Server, text: str) -> bool:
    return text in answer_to(server, QUESTION)


def test_a_file_is_read_on_change_and_forgotten_when_it_goes(server: Server) -> None:
    folder = server.folder / "knowledge" / "account_1"
    folder.mkdir(parents=True)
    path = folder / "presentes.md"
    path.write_text("# Embrulho para presente\n\nFazemos embrulho de presente sem custo.\n")
    eventually(lambda: says(server, "sem custo"))
    path.write_text("# Embrulho para presente\n\nO embrulho de presente custa R$ 5,00.\n")
    eventually(lambda: says(server, "R$ 5,00"))
    (folder / "regras.csv").write_text("texto;fim\nFazemos embrulho;amanhã\n")
    eventually(lambda: "regras.csv is left as it was" in server.logs())
    path.unlink()
    eventually(lambda: not says(server, "R$ 5,00"))

    assert not says(server, "embrulho de presente")


def test_what_went_while_the_server_was_down_is_forgotten_at_the_start(server: Server) -> None:
    folder = server.folder / "knowledge" / "account_1"
    folder.mkdir(parents=True)
    path = folder / "presentes.csv"
    path.write_text("nome;texto\nEmbrulho para presente;Fazemos embrulho de presente sem custo.\n")
    eventually(lambda: says(server, "sem custo"))
    server.kill()
    path.unlink()
    server.start()

    eventually(lambda: not says(server, "sem custo"))

    assert not says(server, "embrulho de presente")
