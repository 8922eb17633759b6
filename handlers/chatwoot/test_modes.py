"""Does each inbox answer as the shop has set it? off, suggest, on; and what is left to the agents is on record."""

from collections.abc import Callable
from pathlib import Path

import pytest

from handlers.chatwoot.reply import make_way
from handlers.chatwoot.rescue import rescue
from hubcrew import Item
from hubcrew.items import Scope
from relay.store import Store, look
from tests.rig_chatwoot import BY_PIX, PAYMENT, UNKNOWN, Shop

pytestmark = pytest.mark.anyio


@pytest.fixture
def shop_with(open_store: Callable[[], Store], tmp_path: Path) -> Callable[..., Shop]:
    """A shop whose table in accounts.toml says this."""

    def make(text: str, **settings: str) -> Shop:
        path = tmp_path / "accounts.toml"
        path.write_text(f"[account.account_1]\n{text}")
        return Shop(open_store(), ACCOUNTS_FILE=str(path), **settings)

    return make


@pytest.mark.parametrize(
    ("modes", "replies", "notes"),
    [
        pytest.param('"3" = "off"', [], [], id="this inbox is off"),
        pytest.param('"3" = "suggest"', [], [f"Resposta sugerida:\n{BY_PIX}"], id="this inbox only suggests"),
        pytest.param('"4" = "off"', [BY_PIX], [], id="another inbox is off"),
    ],
)
async def test_an_inbox_has_a_mode_of_its_own(
    shop_with: Callable[..., Shop], modes: str, replies: list[str], notes: list[str]
):
    shop = await shop_with(f"inbox_modes = {{ {modes} }}").open()
    await shop.answer(await shop.write(1, PAYMENT))

    assert (shop.replies, shop.notes) == (replies, notes)


async def test_an_inbox_may_answer_where_the_shop_only_suggests(shop_with: Callable[..., Shop]):
    shop = await shop_with('inbox_modes = { "3" = "on" }', ANSWER_MODE="suggest").open()
    await shop.answer(await shop.write(1, PAYMENT))

    assert shop.replies == [BY_PIX]


@pytest.mark.parametrize(("mode", "status"), [("off", "pending"), ("on", "open")])
async def test_where_the_bot_is_off_a_person_who_writes_changes_nothing(
    shop_with: Callable[..., Shop], mode: str, status: str
):
    shop = await shop_with("", ANSWER_MODE=mode).open()
    person = {"id": 3, "name": "Rui", "type": "user"}
    await shop.try_(make_way, await shop.write(1, "Eu vejo", message_type="outgoing", sender=person))

    assert shop.status == status


@pytest.mark.parametrize(("mode", "status"), [("off", "pending"), ("suggest", "pending"), ("on", "open")])
async def test_nobody_is_rescued_where_the_agents_look_themselves(
    shop_with: Callable[..., Shop], mode: str, status: str
):
    shop = await shop_with("", ANSWER_MODE=mode).open()
    await shop.try_(rescue, await shop.write(1, PAYMENT))

    assert shop.status == status


async def test_what_is_left_to_the_agents_is_on_record(shop_with: Callable[..., Shop]):
    shop = await shop_with("", ANSWER_MODE="suggest").open()
    reason = await shop.answer(await shop.write(1, UNKNOWN))
    (left,) = await shop.store.read(look.recorded, "account_1", ["left"], 0, 10)

    assert reason == "left to the agents: not known"
    assert (left["question"], left["reason"]) == (UNKNOWN, "not known")
    assert (shop.replies, shop.notes, shop.status) == ([], [], "pending")


async def test_the_note_shows_the_beginning_of_the_rule_that_a_person_may_use(shop_with: Callable[..., Shop]):
    shop = await shop_with('[account.account_1.crew.sales]\nhands_over = ["payment"]').open()
    rule = Item("1", "Formas de pagamento", "Aceitamos Pix, cartão e boleto. " * 30, "payment")
    await shop.crew.knowledge.replace([(Scope("account_1", "permanent"), [rule])])
    await shop.answer(await shop.write(1, PAYMENT))

    assert "Regra mais próxima: Formas de pagamento\nAceitamos Pix, cartão" in shop.notes[0]
    assert "a loja quer que uma pessoa responda isto" in shop.notes[0]
    assert len(shop.notes[0]) < 600
