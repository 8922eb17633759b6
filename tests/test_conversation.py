"""A conversation of twenty turns through real processes, as a good clerk would have it; and kills in between."""

import itertools
import json
import re
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from clients.testing import FakeChatwoot, message_payload
from tests.rig import ROOT, TOKENS, Server, echo_to, eventually, fake_chatwoot

RULES = [
    ("Formas de pagamento", "payment", "Aceitamos Pix, boleto e cartão de crédito (Visa e Mastercard)."),
    ("Parcelamento", "payment", "No cartão parcelamos em até 6x sem juros, com parcela mínima de R$ 50,00."),
    ("Prazo de entrega", "delivery", "Entregamos em Curitiba em até 2 dias úteis; no resto do Brasil, em até 8."),
    ("Taxa de entrega", "delivery", "A taxa de entrega em Curitiba é de R$ 15,00; acima de R$ 199,00 é grátis."),
    ("Trocas e devoluções", "return", "Você pode trocar ou devolver em até 7 dias, com a nota fiscal."),
    ("Garantia", "warranty", "Os vasos têm garantia de 90 dias contra defeitos de fabricação."),
    ("Endereço da loja", "address", "Ficamos na Rua XV de Novembro, 1200, Centro, Curitiba."),
    ("Buquês de rosas", "product", "Buquê com 12 rosas: R$ 159,00. Buquê com 24 rosas: R$ 289,00."),
]
TODAY = date.today()  # noqa: DTZ011  # a promotion around today, whatever the zone
OFFERS = [
    ("Semana das orquídeas", "Orquídeas com 20% de desconto.", -1, 5),
    ("Kit Dia das Mães", "Kit com mini orquídea e bombons por R$ 129,00.", -40, -10),
]
# What the customer writes, and what the last reply must say (as a pattern).
TURNS = [
    ("Oi, boa tarde!", "Bem-vinda à Flor de Ipê"),
    ("quais as formas de pagamento?", "Pix, boleto"),
    ("parcela em qtas vezes?", "6x sem juros"),
    ("vcs entregam em quantos dias?", "2 dias úteis"),
    ("e qto é a taxa de entrega?", r"R\$ 15,00"),
    ("Onde fica a loja?", "Rua XV de Novembro"),
    ("tá aberto agora?", "bertos agora|fechados"),
    ("abre sábado?", "09:00 às 13:00"),
    ("e domingo?", "fechados"),
    ("tem alguma promoção de orquideas?", "20% de desconto"),
    ("a semana das orquídeas vai até quando?", (TODAY + timedelta(days=5)).strftime("%d/%m/%Y")),
    ("ainda tem o kit do dia das mães?", "terminou em"),
    ("qual o preço do buque de rosas?", r"R\$ 159,00"),
    ("não gostei, posso trocar?", "7 dias"),
    ("os vasos tem garantia?", "90 dias"),
    ("PIX?", "Pix, boleto"),
    ("how much is the delivery fee?", r"R\$ 15,00"),
    ("obrigada!", "Por nada"),
    ("tchau", "Até logo"),
    ("na verdade quero falar com um atendente", "equipe"),
]
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
    permanent = [
        {"id": number, "name": name, "type": kind, "description": text}
        for number, (name, kind, text) in enumerate(RULES, 1)
    ]
    temporary = [
        {"id": number, "name": name, "type": "promotion", "description": text, **_days(start, end)}
        for number, (name, text, start, end) in enumerate(OFFERS, 100)
    ]
    server.sync_rules(permanent, temporary).raise_for_status()
    company = json.loads((ROOT / "handlers" / "odoo" / "samples" / "company_metadata.sync__v1.json").read_text())
    headers = {"X-API-Key": TOKENS["ODOO_SYNC_KEY"], "Authorization": ""}
    path = "/api/v1/business-rules/sync-company-metadata?account_id=account_1"
    server.http.post(path, json=company, headers=headers).raise_for_status()
    yield server
    server.stop()


def _days(start: int, end: int) -> dict[str, str]:
    return {"start_date": str(TODAY + timedelta(days=start)), "end_date": str(TODAY + timedelta(days=end))}


def replies(fake: FakeChatwoot, conversation: int) -> list[str]:
    return [str(each["content"]) for each in fake.replies(conversation)]


def converse(
    server: Server, fake: FakeChatwoot, conversation: int, after: Callable[[], Any] = lambda: None
) -> list[str]:
    """Play the turns; gives what was wrong."""
    wrong = []
    for text, expected in TURNS:
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
