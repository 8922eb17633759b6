"""When is the bot silent, and what does a person who takes over find? Labels, notes and sentences, through the fake."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hubcrew import Item
from hubcrew.items import Scope
from relay.store import Store
from tests.rig_chatwoot import DELIVERY, PAYMENT, UNKNOWN, Shop

pytestmark = pytest.mark.anyio
NAMES = ("Segunda", "Terça", "Quarta", "Quinta", "Sexta", "Sábado", "Domingo")


@pytest.fixture
async def shop(open_store: Callable[[], Store]) -> Shop:
    return await Shop(open_store()).open()


def labels(shop: Shop) -> list[str]:
    return list(shop.fake.conversation(1).get("labels", []))


async def opens_tomorrow_only(shop: Shop) -> None:
    tomorrow = datetime.now(ZoneInfo("America/Sao_Paulo")) + timedelta(days=1)
    closed = "".join(f"\n{name}: fechado" for number, name in enumerate(NAMES) if number != tomorrow.weekday())
    hours = Item("hours", "Horário", f"{NAMES[tomorrow.weekday()]}: 09:00 às 18:00{closed}", "hours")
    await shop.crew.knowledge.replace([(Scope("account_1", "company"), [hours])])


@pytest.mark.parametrize("text", ["SAIR", "pare"])
async def test_who_wants_no_more_of_the_bot_is_left_alone(shop: Shop, text: str):
    reason = await shop.answer(await shop.write(1, text))
    await shop.answer(await shop.write(2, PAYMENT))

    assert "silenced" in reason
    assert labels(shop) == ["sem-bot"]
    assert shop.replies == []


async def test_silence_holds_also_where_no_label_can_be_set(shop: Shop):
    shop.access = shop.access._replace(user_token="", bot_token="bot-token")
    await shop.answer(await shop.write(1, "SAIR"))
    reason = await shop.answer(await shop.write(2, PAYMENT))

    assert (labels(shop), shop.replies) == ([], [])
    assert "silent" in reason


async def test_a_label_of_the_agents_silences(shop: Shop):
    shop.fake.conversation(1)["labels"] = ["vip", "sem-bot"]
    await shop.answer(await shop.write(1, PAYMENT))

    assert (shop.replies, shop.status) == ([], "open")  # nobody looks for work among pending conversations


async def test_a_label_is_added_to_those_that_are_there(shop: Shop):
    shop.fake.conversation(1)["labels"] = ["vip"]
    await shop.answer(await shop.write(1, UNKNOWN))

    assert labels(shop) == ["vip", "bot-transferiu"]


async def test_a_label_that_is_refused_keeps_nobody_from_the_customer(shop: Shop):
    shop.access = shop.access._replace(user_token="", bot_token="bot-token")
    reason = await shop.answer(await shop.write(1, UNKNOWN))

    assert (shop.status, len(shop.notes), len(shop.replies)) == ("open", 1, 1)
    assert "not known" in reason


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("quero falar com um atendente", "o cliente pediu uma pessoa"),
        ("minha filha está passando mal", "saúde ou perigo"),
        ("isso é um absurdo, vou no procon", "o cliente está irritado"),
        ("cadê meu pedido?", "uma pergunta sobre o próprio pedido"),
    ],
)
async def test_what_a_person_must_see_is_handed_over_with_its_reason(shop: Shop, text: str, why: str):
    await shop.answer(await shop.write(1, text))

    assert (shop.status, len(shop.replies)) == ("open", 1)
    assert why in shop.notes[0]
    assert text in shop.notes[0]


async def test_the_note_names_the_rule_that_came_nearest(shop: Shop):
    await shop.answer(await shop.write(1, "Qual o prazo de entrega do conserto de bicicleta?"))

    assert "Prazo de entrega" in shop.notes[0]


async def test_the_customer_is_told_when_somebody_will_be_there(shop: Shop):
    await opens_tomorrow_only(shop)
    await shop.answer(await shop.write(1, UNKNOWN))

    assert "Abrimos amanhã às 09:00." in shop.replies[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [("Oi, boa tarde!", "Olá! Como posso ajudar?"), ("Muito obrigada!", "Por nada!"), ("tchau", "Até logo!")],
)
async def test_a_courtesy_is_returned(shop: Shop, text: str, said: str):
    await shop.answer(await shop.write(1, text))

    assert len(shop.replies) == 1
    assert said in shop.replies[0]


async def test_a_greeting_is_the_shops_own(shop: Shop):
    manner: Any = {"greeting_message": "Oi! Aqui é a Flor do Campo 🌷"}
    item = Item("manner", "Como falamos", "Saudação: Oi!", "manner", original=manner)
    await shop.crew.knowledge.replace([(Scope("account_1", "manner"), [item])])
    await shop.answer(await shop.write(1, "Bom dia"))

    assert shop.replies == ["Oi! Aqui é a Flor do Campo 🌷"]


async def test_thanks_after_an_answer_do_not_need_a_person(shop: Shop):
    await shop.answer(await shop.write(1, DELIVERY))
    await shop.answer(await shop.write(2, "Obrigado!"))

    assert (shop.status, len(shop.replies)) == ("pending", 2)
