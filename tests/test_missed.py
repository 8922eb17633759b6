"""What is read of a Chatwoot that was not heard: page by page, in the webhooks' form; when it is looked, who speaks."""

import time
from typing import Any

import httpx
import pytest

from clients.http import Breaker, Refused
from clients.installation import Access, Installation
from clients.living import NOT_ASKED, Copy, Living, Registry, Standing
from clients.missed import Missed, as_webhook
from clients.testing import FakeChatwoot
from handlers.chatwoot.heal import speaks
from handlers.chatwoot.message import read_message
from hubcrew.healed import Progress, due_at

ACCOUNT, NOW = "/accounts/1", 1_000_000.0
USER, BOT = {"id": 5, "name": "Rui", "type": "user"}, {"id": 9, "name": "Robô", "type": "agent_bot"}
CONVERSATION: dict[str, Any] = {
    "id": 7, "inbox_id": 3, "status": "pending", "meta": {"channel": "Channel::Whatsapp"}, "messages": [],
    "last_non_activity_message": {"id": 1},
}  # fmt: skip
LISTED: dict[str, Any] = {
    "id": 12, "content": "Oi", "message_type": 0, "content_attributes": None, "created_at": 1795840664,
    "private": False, "source_id": "WAID:3EB0", "sender": {"id": 7, "name": "Ana", "type": "contact"}, "status": "sent",
}  # fmt: skip


def reading(fake: FakeChatwoot, token: str = "user-token") -> Missed:
    access = Access("http://chatwoot.example.com", token, "", 1)
    return Missed(Installation(access, Breaker(), httpx.ASGITransport(app=fake.app)), ACCOUNT, pause_seconds=0.0)


async def test_conversations_are_read_down_to_what_was_not_active_since() -> None:
    fake = FakeChatwoot()
    for number in range(1, 61):
        fake.lists.write(number, "Oi", ago=number * 60)
    found = await reading(fake).conversations(time.time() - 30.5 * 60)

    assert [each["id"] for each in found] == list(range(30, 0, -1))
    assert "conversations 3" not in fake.lists.pages


async def test_one_that_becomes_active_while_the_pages_are_read_is_not_skipped() -> None:
    fake = FakeChatwoot()
    for number in range(1, 41):
        fake.lists.write(number, "Oi", ago=number * 60)
    left = [40]

    def moves(what: str, _body: Any) -> None:
        if "account" in what and "conversations 1" in fake.lists.pages and left:
            fake.lists.write(left.pop(), "Alguém?", ago=0)

    fake.fault = moves
    found = await reading(fake).conversations(time.time() - 3600)

    assert sorted(each["id"] for each in found) == list(range(1, 41))


@pytest.mark.parametrize(("number", "pages"), [(0, 1), (19, 1), (20, 2), (45, 3)])
async def test_messages_are_read_back_twenty_at_a_time(number: int, pages: int) -> None:
    fake = FakeChatwoot()
    written = [fake.lists.write(1, f"{each}", ago=60) for each in range(number)]
    found = await reading(fake).messages(1, time.time() - 3600)

    assert [each["id"] for each in found] == [each["id"] for each in written]
    assert len(fake.lists.pages) == pages


async def test_messages_from_before_are_left() -> None:
    fake = FakeChatwoot()
    for ago in (7200, 60):
        fake.lists.write(1, f"{ago}", ago=ago)

    assert [each["content"] for each in await reading(fake).messages(1, time.time() - 3600)] == ["60"]


async def test_a_token_that_may_not_list_is_refused() -> None:
    with pytest.raises(Refused):
        await reading(FakeChatwoot(bot_token="bot-token"), "bot-token").conversations(0.0)


def test_a_listed_message_is_told_as_its_webhook_would_have_told_it() -> None:
    told = as_webhook(LISTED, CONVERSATION, 1)
    assert told is not None
    message = read_message(told)

    assert (told["event"], told["message_type"], told["created_at"]) == (
        "message_created",
        "incoming",
        "2026-11-28T04:37:44.000Z",
    )
    assert (told["account"]["id"], told["inbox"]["id"], told["sender"]) == (1, 3, {"id": 7, "name": "Ana"})
    assert (told["conversation"]["channel"], "last_non_activity_message" in told["conversation"]) == (
        "Channel::Whatsapp",
        False,
    )
    assert (message.id, message.sender, message.created, message.source_id) == (
        12,
        "contact",
        1795840664.0,
        "WAID:3EB0",
    )


@pytest.mark.parametrize("kind", [2, 7, None])
def test_what_no_webhook_tells_of_is_no_event(kind: Any) -> None:
    assert as_webhook({**LISTED, "message_type": kind}, CONVERSATION, 1) is None


def test_a_campaigns_message_that_nobody_has_answered_is_known_as_one() -> None:
    told_last = {**LISTED, "message_type": 1, "additional_attributes": {"campaign_id": 3}}
    told = as_webhook({**LISTED, "message_type": 1}, {**CONVERSATION, "messages": [told_last]}, 1)

    assert read_message(told).of_campaign


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"message_type": 1, "sender": USER}, True),
        ({"message_type": 1, "sender": BOT}, True),
        ({"message_type": 1, "sender": None, "content_attributes": {"external_echo": True}}, True),
        ({"message_type": 1, "sender": None}, True),  # the number that begins with WAID: was written on the phone
        ({"message_type": 1, "sender": None, "source_id": None}, False),
        ({"message_type": 1, "sender": USER, "private": True}, False),
        ({"message_type": 3, "sender": None}, False),
        ({}, False),
    ],
    ids=["a person", "a bot", "the phone", "by Evolution", "an automation", "a note", "a greeting", "the customer"],
)
def test_who_speaks_to_the_customer(changes: dict[str, Any], expected: bool) -> None:
    assert speaks(read_message(as_webhook({**LISTED, **changes}, CONVERSATION, 1))) is expected


@pytest.mark.parametrize(
    ("progress", "expected"),
    [
        (None, NOW - 99),
        (Progress(0, 0, looked=NOW - 200), NOW - 99),
        (Progress(0, 0, looked=NOW - 50), NOW + 550),
        (Progress(0, 0, looked=NOW - 50, goes_on=True), NOW - 30),
        (Progress(0, 0, looked=NOW - 50, problem="refused"), NOW + 10),
        (Progress(0, 0, looked=NOW + 500), NOW - 99),
    ],
    ids=["never", "before the start", "since", "half done", "refused", "the clock was set back"],
)
def test_when_it_is_looked_next(progress: Progress | None, expected: float) -> None:
    assert due_at(progress, NOW - 100, 600, NOW) == expected


async def test_after_a_sleep_nothing_is_done_before_chatwoot_was_asked() -> None:
    clock = [NOW]
    copy = Copy(("https://loja.example.com",), (Registry("http://127.0.0.1:1", "token", 1),))
    living = Living(lambda: {"account_1": copy}, now=lambda: clock[0])
    at_first = await living.standing("account_1")
    living._take("account_1", None)
    known = await living.standing("account_1")
    clock[0] += 181

    assert (at_first, known, await living.standing("account_1")) == (Standing(NOT_ASKED), None, Standing(NOT_ASKED))
