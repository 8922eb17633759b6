"""A person's conversation rests after the shop's quiet hours, and is the bot's again after others."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from handlers.chatwoot.gates import NotYet, may_resume
from handlers.chatwoot.memory import Memory
from handlers.chatwoot.rest import rest
from relay import Event
from relay.store import Store
from tests.rig_chatwoot import BY_PIX, PAYMENT, UNKNOWN, Shop

pytestmark = pytest.mark.anyio
RUI = {"id": 3, "name": "Rui", "type": "user"}
HOUR = 3600.0


@pytest.fixture
async def shop(open_store: Callable[[], Store], tmp_path: Path) -> Shop:
    path = tmp_path / "accounts.toml"
    path.write_text("[account.account_1]\nresolve_after_hours = 12\nresume_after_hours = 24\n")
    return await Shop(open_store(), ACCOUNTS_FILE=str(path)).open()


async def answered(shop: Shop, number: int = 2, hours_ago: float = 0.0) -> Event:
    """A person answers in the open conversation."""
    shop.fake.conversation(1)["status"] = "open"
    payload: dict[str, Any] = {"message_type": "outgoing", "sender": RUI, "conversation_changes": {"status": "open"}}
    event = await shop.write(number, "Eu vejo para você", **payload)
    event.received -= int(hours_ago * HOUR * 1000)
    return event


async def test_it_is_waited_for_quiet_hours_at_no_cost(shop: Shop):
    with pytest.raises(NotYet) as caught:
        await shop.try_(rest, await answered(shop))

    assert caught.value.retry_after == pytest.approx(12 * HOUR, abs=60)
    assert shop.status == "open"


async def test_a_quiet_conversation_is_resolved_once(shop: Shop):
    event = await answered(shop, hours_ago=13)
    reasons = [await shop.try_(rest, event), await shop.try_(rest, event)]

    assert (shop.status, shop.asked("status")) == ("resolved", ["status"])
    assert reasons[0] == "resolved after 12 quiet hours"


@pytest.mark.parametrize(
    "changes", [{}, {"message_type": "outgoing", "sender": RUI}], ids=["the customer wrote", "a person wrote"]
)
async def test_a_conversation_that_goes_on_is_left_to_its_last_message(shop: Shop, changes: dict[str, Any]):
    event = await answered(shop, hours_ago=13)
    await shop.write(3, "E mais uma coisa", **changes)

    assert await shop.try_(rest, event) == "left alone: the conversation went on"
    assert shop.status == "open"


@pytest.mark.parametrize("status", ["resolved", "snoozed", "pending"])
async def test_what_is_not_open_is_not_resolved(shop: Shop, status: str):
    event = await answered(shop, hours_ago=13)
    shop.fake.conversation(1)["status"] = status
    await shop.try_(rest, event)

    assert shop.status == status


async def test_without_quiet_hours_nothing_is_resolved(open_store: Callable[[], Store]):
    shop = await Shop(open_store()).open()

    assert await shop.try_(rest, await answered(shop, hours_ago=1000)) == ""
    assert shop.status == "open"


@pytest.mark.parametrize(
    ("memory", "hours", "resumes"),
    [
        pytest.param(Memory(person=True, last_person_message=0.0), 24, True, id="nobody has written since"),
        pytest.param(Memory(person=True, last_person_message=80 * HOUR), 24, False, id="a person wrote today"),
        pytest.param(Memory(handed_over=True, handed_over_at=10 * HOUR), 24, True, id="nobody came after a hand-over"),
        pytest.param(Memory(handed_over=True, handed_over_at=90 * HOUR), 24, False, id="just handed over"),
        pytest.param(Memory(person=True), None, False, id="the shop does not want it"),
        pytest.param(Memory(), 24, False, id="it is the bot's anyway"),
    ],
)
def test_when_the_bot_has_a_conversation_again(memory: Memory, hours: float | None, resumes: bool):
    assert may_resume(memory, 100 * HOUR, hours) is resumes


async def test_a_customer_who_comes_back_days_later_is_answered_by_the_bot(shop: Shop):
    await shop.answer(await shop.write(1, UNKNOWN))
    await shop.recollection().note(handed_over_at=0.0, person_at=0.0, last_person_message=0.0)
    later = await shop.write(5, PAYMENT, conversation_changes={"status": "open"})
    await shop.answer(later)

    assert shop.replies[-1] == BY_PIX
    assert shop.status == "pending"


async def test_a_customer_who_writes_on_the_same_day_is_left_to_the_person(shop: Shop):
    await shop.answer(await shop.write(1, UNKNOWN))
    reason = await shop.answer(await shop.write(5, PAYMENT, conversation_changes={"status": "open"}))

    assert reason.startswith("left alone")
    assert BY_PIX not in shop.replies
