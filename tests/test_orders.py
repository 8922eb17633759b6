"""Where is my order? Told to the customer with that very number, and to nobody else."""

from datetime import datetime, timezone
from typing import Any

import pytest

from clients import Order, Refused
from clients.testing import message_payload
from handlers.chatwoot.message import proven_phone
from hubcrew import Answer, HandOver, HubCrew, Knowledge
from hubcrew.orders import asks_for_own_order, asks_what_became, told
from relay.store import Store

pytestmark = pytest.mark.anyio
PHONE = "+5541999990000"
NOW = datetime(2026, 11, 22, 10, tzinfo=timezone.utc)
ORDER = Order("S00042", "sale", datetime(2026, 11, 20, 13, tzinfo=timezone.utc), 199.0, "BRL")


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("cadê meu pedido?", True),
        ("Onde está a minha encomenda", True),
        ("qual o status do pedido 42", True),
        ("a compra já chegou?", True),
        ("como faço um pedido?", False),
        ("qual o pedido mínimo?", False),
        ("onde fica a loja?", False),
        ("", False),
    ],
)
def test_a_question_after_ones_own_order_is_known(question: str, asks: bool) -> None:
    assert asks_for_own_order(question) is asks


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("meu sofá já saiu pra entrega?", True),
        ("minha encomenda chegou?", True),
        ("o presente ainda não chegou", True),
        ("posso mudar o endereço do meu pedido?", False),
        ("quero cancelar meu pedido", False),
        ("quando chega se eu comprar hoje?", False),
    ],
)
def test_what_became_of_ones_own_no_rule_can_say(question: str, asks: bool) -> None:
    assert asks_what_became(question) is asks


@pytest.mark.parametrize(
    ("order", "text"),
    [
        (ORDER, "O pedido S00042 de 20/11/2026 está confirmado."),
        (ORDER._replace(state="cancel", date=None), "O pedido S00042 foi cancelado."),
        (ORDER._replace(state="picked"), "O pedido S00042 de 20/11/2026 picked."),
    ],
)
def test_an_order_is_told_in_one_line(order: Order, text: str) -> None:
    assert told([order]) == text


def test_only_the_newest_are_told() -> None:
    assert told([ORDER] * 9).count("\n") == 2


@pytest.mark.parametrize(
    ("channel", "source_id", "proven"),
    [
        ("Channel::Whatsapp", None, PHONE),
        ("Channel::TwilioSms", None, PHONE),
        ("Channel::Api", "WAID:3EB0", PHONE),
        ("Channel::Api", None, ""),
        ("Channel::WebWidget", None, ""),
        (None, None, ""),
    ],
)
def test_a_number_counts_only_where_the_channel_proves_it(channel: Any, source_id: Any, proven: str) -> None:
    payload = message_payload(1, 1, "oi", source_id=source_id, conversation_changes={"channel": channel})

    assert proven_phone(payload) == proven


class Orders:
    """Odoo's answer, and who was asked for."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.asked: list[tuple[str, str]] = []

    async def __call__(self, account: str, phone: str) -> list[Order]:
        self.asked.append((account, phone))
        if isinstance(self.answer, Exception):
            raise self.answer
        return list(self.answer)


@pytest.mark.parametrize(
    ("answer", "phone", "question", "said"),
    [
        ([ORDER], PHONE, "cadê meu pedido?", "S00042"),
        ([], PHONE, "cadê meu pedido?", None),
        ([ORDER], "", "cadê meu pedido?", None),
        ([ORDER], PHONE, "como faço um pedido?", None),
        (Refused("wrong key"), PHONE, "cadê meu pedido?", None),
    ],
)
async def test_the_order_is_told_or_a_person_has_to(
    open_store: Any, answer: Any, phone: str, question: str, said: str | None
) -> None:
    store: Store = open_store()
    orders = Orders(answer)
    found = await HubCrew(Knowledge(store), orders).ask("loja2", question, NOW, phone=phone)

    assert (isinstance(found, Answer) and said in found.text) if said else isinstance(found, HandOver)
    assert set(orders.asked) <= {("loja2", PHONE)}
