"""A customer who writes several messages is answered once, when they have written them; also through a kill."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from clients.testing import FakeChatwoot, message_payload
from handlers.chatwoot.gates import NotYet, quiet_for
from hubcrew import Item
from hubcrew.items import Scope
from relay.store import Store
from tests.rig import RULES, Server, echo_to, eventually, fake_chatwoot
from tests.rig_chatwoot import BY_PIX, PAYMENT, Shop

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("newest", "now", "seconds"),
    [
        pytest.param(100.0, 100.0, 8.0, id="the first has just come"),
        pytest.param(100.0, 105.0, 3.0, id="some quiet"),
        pytest.param(105.0, 107.0, 6.0, id="another has come"),
        pytest.param(100.0, 108.0, 0.0, id="quiet for long enough"),
        pytest.param(128.0, 129.0, 1.0, id="no longer than the longest"),
        pytest.param(131.0, 131.0, 0.0, id="whoever goes on writing"),
    ],
)
def test_how_long_it_is_waited(newest: float, now: float, seconds: float):
    assert quiet_for(first=100.0, newest=newest, now=now, quiet=8.0, at_most=30.0) == seconds


@pytest.fixture
async def patient(open_store: Callable[[], Store]) -> Shop:
    return await Shop(open_store(), ANSWER_QUIET_SECONDS="8", ANSWER_WAIT_SECONDS="30").open()


async def test_a_question_waits_for_quiet_at_no_cost(patient: Shop):
    with pytest.raises(NotYet) as caught:
        await patient.answer(await patient.write(1, PAYMENT))

    assert (caught.value.costs_attempt, caught.value.retry_after) == (False, pytest.approx(8, abs=0.5))
    assert patient.replies == []


@pytest.mark.parametrize("text", ["SAIR", "quero falar com um atendente", "minha mãe está passando mal"])
async def test_what_is_urgent_does_not_wait(patient: Shop, text: str):
    await patient.answer(await patient.write(1, text))

    assert patient.status == "open" or patient.fake.conversation(1)["labels"] == ["sem-bot"]


async def test_what_is_urgent_ends_the_wait_of_what_came_before(patient: Shop):
    greeting = await patient.write(1, "oi")
    await patient.write(2, "minha mãe está passando mal")
    await patient.answer(greeting)

    assert "saúde ou perigo" in patient.notes[0]


async def test_a_persons_message_does_not_prolong_the_wait(patient: Shop):
    question = await patient.write(1, PAYMENT)
    await patient.write(2, "Eu respondo", message_type="outgoing", sender={"id": 3, "type": "user"})

    assert "a person has taken over" in await patient.answer(question)


@pytest.fixture
def fake() -> Iterator[tuple[FakeChatwoot, str]]:
    with fake_chatwoot() as running:
        yield running


def test_what_is_written_in_pieces_is_answered_once_though_the_server_is_killed_meanwhile(
    tmp_path: Path, fake: tuple[FakeChatwoot, str]
):
    chatwoot, url = fake
    settings = {"CHATWOOT_BASE_URL": f"{url}/api/v1", "CHATWOOT_API_KEY": "user-token", "ANSWER_QUIET_SECONDS": "2"}
    server = Server(tmp_path, **settings).start()
    chatwoot.on_message = echo_to(server)
    server.sync_rules(RULES)
    begun = time.monotonic()
    for number, text in enumerate(("Oi!", "Quais as formas", "de pagamento?"), 1):
        assert server.post_chatwoot(message_payload(number, 71, text)).status_code == 200
    server.kill()
    server.start()
    eventually(lambda: chatwoot.replies(71))
    waited = time.monotonic() - begun
    eventually(server.is_quiet)
    server.stop()

    assert [each["content"] for each in chatwoot.replies(71)] == ["Aceitamos Pix, cartão e boleto."]
    assert waited >= 1.5


async def test_several_messages_get_one_reply(open_store: Callable[[], Store]):
    shop = await Shop(open_store(), ANSWER_QUIET_SECONDS="0").open()
    events = [await shop.write(number, text) for number, text in enumerate(("Oi!", PAYMENT, "por favor"), 1)]
    for event in events:
        await shop.answer(event)

    assert shop.replies == [BY_PIX]


@pytest.fixture
async def shop(open_store: Callable[[], Store]) -> Shop:
    shop = await Shop(open_store()).open()
    delivery = Item("3", "Entrega", "Entregamos de segunda a sábado em Curitiba; em Londrina só às sextas.", "delivery")
    hours = Item("hours", "Horário", "Segunda a sexta: 08:00 às 18:00\nSábado: fechado", "hours")
    await shop.crew.knowledge.replace([(Scope("account_1", "temporary"), [delivery])])
    await shop.crew.knowledge.replace([(Scope("account_1", "company"), [hours])])
    return shop


async def test_a_question_in_pieces_is_one_question(shop: Shop):
    events = [
        await shop.write(number, text)
        for number, text in enumerate(("eu moro longe", "numa chácara", "vocês entregam em Londrina?"), 1)
    ]
    for event in events:
        await shop.answer(event)

    assert len(shop.replies) == 1
    assert "Londrina só às sextas" in shop.replies[0]


async def test_a_follow_up_goes_on_from_the_question_before(shop: Shop):
    await shop.answer(await shop.write(1, "vocês entregam em Curitiba?"))
    await shop.answer(await shop.write(2, "e no sábado?"))

    assert "segunda a sábado" in shop.replies[1]


async def test_without_a_question_before_a_day_is_one_of_the_opening_hours(shop: Shop):
    await shop.answer(await shop.write(1, "e no sábado?"))

    assert "fechado" in shop.replies[0]


async def test_a_follow_up_with_a_subject_of_its_own_is_a_question_of_its_own(shop: Shop):
    await shop.answer(await shop.write(1, "vocês entregam em Curitiba?"))
    await shop.answer(await shop.write(2, "e quais as formas de pagamento?"))

    assert shop.replies[1] == BY_PIX


async def test_whoever_wants_no_more_is_heard_also_among_pieces(shop: Shop):
    texts = ("eu moro longe", "vocês entregam em Londrina?", "SAIR")
    for event in [await shop.write(number, text) for number, text in enumerate(texts, 1)]:
        await shop.answer(event)

    assert len(shop.replies) == 1
    assert shop.fake.conversation(1)["labels"] == ["sem-bot"]


async def test_danger_among_pieces_is_not_taken_for_one_of_them(shop: Shop):
    events = [
        await shop.write(number, text)
        for number, text in enumerate(
            ("eu moro longe", "vocês entregam em Londrina?", "minha mãe está passando mal"), 1
        )
    ]
    for event in events:
        await shop.answer(event)

    assert shop.status == "open"
    assert "passando mal" in shop.notes[0]
    assert "saúde ou perigo" in shop.notes[0]
