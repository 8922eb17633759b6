"""What does a plugin do in Chatwoot, and is it done once? clients/in_chatwoot.py, clients/contacts.py."""

import contextlib
import json
from typing import Any

import httpx
import pytest

from clients import Chatwoot, Contact, Refused, Template, Unknown
from clients.contacts import contact_of
from clients.conversation import Untold
from clients.in_chatwoot import InChatwoot, Spot, spot_of
from clients.installation import Access
from clients.testing import FakeChatwoot
from relay import Event, effects
from relay.store import Store
from tests.rig_chatwoot import Delivered

WITH, WITHOUT = "+5541999990000", "+554199990000"
LANDLINE = "+554133330000"
TEMPLATE = Template("pedido_pronto", body=["Ana", "P5"], category="UTILITY")


class Desk:
    """One event, attempt after attempt, with the store's real ledger and a Chatwoot that answers."""

    def __init__(self, store: Store, *, user: str = "user-token", bot: str = "", reposts: bool = False) -> None:
        self.fake = FakeChatwoot(user_token="user-token", bot_token="bot-token")
        self.store, self.outbox = store, []  # type: ignore[var-annotated]
        transport = httpx.ASGITransport(app=self.fake.app)
        access = Access("http://chatwoot.example.com", user, bot, 1)

        async def keep(*row: Any) -> None:
            self.outbox.append(row)

        self.chatwoot = Chatwoot(lambda *_: access, keep, transport, reposts=reposts)
        self.event = event()

    async def attempt(self, conversation: int | None = None) -> InChatwoot:
        await self.store.register_handlers({"act": ""})
        return self.chatwoot.of(self.event.bound_to(Delivered(self.store, self.event, act), 1), conversation)

    def loses_the_answer(self, what: str) -> None:
        """Once, a request of this kind is done and answered by a proxy's error."""
        left = [(504, True)]
        self.fake.fault = lambda asked, _body: left.pop() if asked == what and left else None


def act() -> None:
    """Stands for the handler."""


def event(key: str = "conversation:5", **changes: Any) -> Event:
    fields = {"source": "chatwoot", "account": "account_1", **changes}
    return Event("chatwoot.conversation_updated", json.dumps({"id": 5}).encode(), key=key, **fields)


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effects, "SETTLE_SECONDS", 0.0)


# Which conversation


@pytest.mark.parametrize(
    ("given", "named", "spot"),
    [
        pytest.param(event(), None, Spot(5, None, ""), id="the event's own"),
        pytest.param(event("conversation:5#3@store"), None, Spot(5, 3, "store"), id="at another place"),
        pytest.param(event("test:conversation:5", test=True), None, Spot(5, None, ""), id="a test's"),
        pytest.param(event(source="relay"), None, Spot(5, None, ""), id="of an event that a handler made"),
        pytest.param(event(), 12, Spot(12, None, ""), id="one that is named"),
        pytest.param(event(source="evolution"), None, Spot(None, None, ""), id="another source's key says nothing"),
        pytest.param(event("contact:5"), None, Spot(None, None, ""), id="none"),
    ],
)
def test_the_conversation_is_the_events_unless_one_is_named(given: Event, named: int | None, spot: Spot):
    assert spot_of(given, named, "") == spot


async def test_an_event_of_no_conversation_says_what_to_do(desk: Desk):
    desk.event = event("contact:5")

    with pytest.raises(Refused, match=r"name one, chatwoot.of\(event, 12\)") as caught:
        await (await desk.attempt()).reply("oi")
    assert caught.value.give_up


async def test_without_an_account_nothing_is_done_in_anybodys_name(desk: Desk):
    desk.event = event(account=None)

    with pytest.raises(Refused, match="has no account"):
        await desk.attempt()


# Once


async def test_whatever_an_attempt_does_the_next_does_not(desk: Desk):
    for _ in range(2):
        mine = await desk.attempt()
        await mine.reply("um")
        await mine.reply("dois")
        await mine.note("só para vocês")
        await mine.open()
        await mine.label(add=["vip"])

    assert [each["content"] for each in desk.fake.replies(5)] == ["um", "dois"]
    assert desk.fake.notes(5) == ["só para vocês"]
    assert (desk.fake.status(5), desk.fake.conversation(5)["labels"]) == ("open", ["vip"])
    assert [what for what, _ in desk.fake.asked if what == "status"] == ["status"]


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize(("act", "kind"), [("reply", "reply"), ("note", "note")])
async def test_a_message_whose_answer_was_lost_is_found_by_its_mark(desk: Desk, act: str, kind: str):
    desk.loses_the_answer(kind)
    with pytest.raises(Exception, match="504"):
        await getattr(await desk.attempt(), act)("oi")
    number = await getattr(await desk.attempt(), act)("oi")

    assert [each["id"] for each in desk.fake.messages[5]] == [number]


@pytest.mark.usefixtures("settled")
async def test_where_nobody_can_look_it_up_a_person_decides_or_it_is_posted_again(store: Store):
    for reposts in (False, True):
        desk = Desk(store, user="", bot="bot-token", reposts=reposts)
        desk.loses_the_answer("reply")
        with pytest.raises(Exception, match="504"):
            await (await desk.attempt()).reply("oi")
        if reposts:
            await (await desk.attempt()).reply("oi")
        else:
            with pytest.raises(Untold) as caught:
                await (await desk.attempt()).reply("oi")
            assert caught.value.unresolvable

        assert len(desk.fake.replies(5)) == 1 + reposts


async def test_labels_are_merged_into_those_that_are_there(desk: Desk):
    desk.fake.conversation(5)["labels"] = ["novo", "bot-errado"]
    labels = await (await desk.attempt()).label(add=["vip", "novo"], remove=["bot-errado"])

    assert labels == desk.fake.conversation(5)["labels"] == ["novo", "vip"]


async def test_labels_that_no_token_may_change_are_given_up(store: Store):
    with pytest.raises(Refused, match="labels") as caught:
        await (await Desk(store, user="", bot="bot-token").attempt()).label(add=["vip"])

    assert caught.value.give_up


async def test_what_is_not_there_is_not_tried_again(desk: Desk):
    desk.fake.fault = lambda *_: (404, False)

    with pytest.raises(Refused) as caught:
        await (await desk.attempt()).reply("oi")
    assert caught.value.give_up


async def test_a_test_reaches_nobody(desk: Desk):
    desk.event = event("test:conversation:5", test=True)
    mine = await desk.attempt()
    contact = await mine.find_or_create_contact(WITH, name="Ana")

    assert await mine.reply("oi") is None
    assert await mine.find_contact(WITH) is None
    assert await mine.start_conversation(contact, 3, "Pronto", template=TEMPLATE) is None
    await mine.label(add=["vip"])
    await mine.open()
    assert desk.fake.asked == []
    assert [(row[2], row[4]) for row in desk.outbox] == [
        ("contact", True), ("reply", True), ("conversation", True), ("label", True), ("status", True),
    ]  # fmt: skip


# Contacts


@pytest.mark.parametrize(
    ("known", "asked", "is_found"),
    [
        pytest.param(WITH, WITH, True, id="as it is written"),
        pytest.param(WITH, "(41) 9999-0000", True, id="asked without its ninth digit"),
        pytest.param(WITHOUT, "41 99999-0000", True, id="known without it"),
        pytest.param(LANDLINE, "41 3333-0000", True, id="a landline"),
        pytest.param(LANDLINE, "41 93333-0000", False, id="which has no ninth digit"),
        pytest.param("+554199990001", WITH, False, id="somebody else"),
    ],
)
async def test_a_contact_is_found_by_either_spelling(desk: Desk, known: str, asked: str, is_found: bool):
    number = desk.fake.contacts.add(known, "Ana")
    found = await (await desk.attempt()).find_contact(asked)

    assert (found and found.id) == (number if is_found else None)


async def test_a_number_that_is_none_is_given_up(desk: Desk):
    with pytest.raises(Refused, match="telephone"):
        await (await desk.attempt()).find_contact("9999")


async def test_a_contact_is_made_where_there_is_none_and_found_where_there_is(desk: Desk):
    made = await (await desk.attempt()).find_or_create_contact(WITH, name="Ana")
    again = await (await desk.attempt()).find_or_create_contact(WITH, name="Ana")
    desk.event = event()
    found = await (await desk.attempt()).find_or_create_contact(WITHOUT, name="Outra")

    assert made == again == found
    assert (made.phone, made.name, len(desk.fake.contacts.known)) == (WITH, "Ana", 1)


async def test_of_two_who_make_a_contact_at_once_the_second_finds_the_firsts(desk: Desk):
    def comes_between(what: str, _body: Any) -> None:
        if what == "contact":
            desk.fake.contacts.add(WITH, "Ana, made meanwhile")

    desk.fake.fault = comes_between
    made = await (await desk.attempt()).find_or_create_contact(WITH, name="Ana")

    assert (made.name, len(desk.fake.contacts.known)) == ("Ana, made meanwhile", 1)


async def test_a_bot_may_not_read_contacts_and_is_told_what_is_needed(store: Store):
    with pytest.raises(Refused, match="CHATWOOT_API_KEY"):
        await (await Desk(store, user="", bot="bot-token").attempt()).find_contact(WITH)


async def test_a_contacts_conversations_are_listed_of_one_inbox_or_of_all(desk: Desk):
    contacts = desk.fake.contacts
    ana = contact_of(contacts.known[contacts.add(WITH, "Ana")])
    for number, inbox in ((11, 3), (12, 4), (13, 3)):
        desk.fake.conversation(number).update(contact_id=ana.id, inbox_id=inbox)
    desk.fake.conversation(14).update(contact_id=ana.id + 1, inbox_id=3)
    mine = await desk.attempt()

    assert {each["id"] for each in await mine.conversations(ana)} == {11, 12, 13}
    assert {each["id"] for each in await mine.conversations(ana, 3)} == {11, 13}


async def test_a_bot_may_not_list_them_and_a_test_lists_none(desk: Desk, store: Store):
    ana = Contact(501, "Ana", WITH, "", {})
    with pytest.raises(Refused, match="CHATWOOT_API_KEY"):
        await (await Desk(store, user="", bot="bot-token").attempt()).conversations(ana)
    desk.event = event("test:conversation:5", test=True)

    assert await (await desk.attempt()).conversations(ana) == []
    assert desk.fake.asked == []


# A conversation with a template


async def started(desk: Desk) -> int | None:
    mine = await desk.attempt()
    contact = await mine.find_or_create_contact(WITH, name="Ana")
    return await mine.start_conversation(contact, 3, "Ana, o pedido P5 está pronto.", template=TEMPLATE)


async def test_a_conversation_begins_with_a_template_once(desk: Desk):
    desk.fake.contacts.add_inbox(3)
    numbers = [await started(desk) for _ in range(2)]
    (message,) = desk.fake.messages[numbers[0] or 0]

    assert numbers[0] == numbers[1]
    assert desk.fake.conversation(numbers[0] or 0)["contact_inbox"] == {"source_id": "5541999990000"}
    assert message["additional_attributes"]["template_params"] == {
        "name": "pedido_pronto",
        "language": "pt_BR",
        "category": "UTILITY",
        "processed_params": {"body": {"1": "Ana", "2": "P5"}},
    }


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("locked", [False, True])
async def test_a_conversation_whose_answer_was_lost_is_found(desk: Desk, locked: bool):
    desk.fake.contacts.add_inbox(3, locked=locked)
    desk.loses_the_answer("start")
    with pytest.raises(Exception, match="504"):
        await started(desk)
    number = await started(desk)

    assert list(desk.fake.messages) == [number]
    assert len(desk.fake.messages[number or 0]) == 1


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("is_lost", [False, True])
async def test_a_note_or_else_a_conversation_is_one_effect_where_both_have_its_name(desk: Desk, is_lost: bool):
    desk.fake.contacts.add_inbox(3)
    if is_lost:
        desk.loses_the_answer("start")

    async def tell() -> None:
        mine = await desk.attempt()
        contact = await mine.find_or_create_contact(WITH, name="Ana")
        if listed := await mine.conversations(contact, 3):
            await (await desk.attempt(listed[0]["id"])).note("Estornado.", effect="tell")
        else:
            await mine.start_conversation(contact, 3, "Estornado.", template=TEMPLATE, effect="tell")

    with contextlib.suppress(Unknown):
        await tell()
    await tell()

    (said,) = desk.fake.messages.values()
    assert [(each["content"], each["private"]) for each in said] == [("Estornado.", False)]


async def test_whom_whatsapp_knows_by_another_spelling_is_written_to_there(desk: Desk):
    inbox = desk.fake.contacts.add_inbox(3)
    address = {"source_id": WITHOUT[1:], "inbox": {"id": inbox}}
    desk.fake.contacts.add(WITH, "Ana", contact_inboxes=[address])
    number = await started(desk)

    assert desk.fake.conversation(number or 0)["contact_inbox"] == {"source_id": "554199990000"}


@pytest.mark.parametrize(
    ("template", "processed"),
    [
        pytest.param(Template("x"), {}, id="without variables"),
        pytest.param(Template("x", body={"nome": "Ana"}), {"body": {"nome": "Ana"}}, id="named ones"),
        pytest.param(
            Template("x", header={"media_url": "https://x.example.com/a.png", "media_type": "image"}),
            {"header": {"media_url": "https://x.example.com/a.png", "media_type": "image"}},
            id="a picture",
        ),
        pytest.param(
            Template("x", buttons=[{"type": "url", "parameter": "P5"}]),
            {"buttons": [{"type": "url", "parameter": "P5"}]},
            id="a button",
        ),
    ],
)
def test_a_template_is_sent_by_its_parts(template: Template, processed: dict[str, Any]):
    assert template.as_sent() == {"name": "x", "language": "pt_BR", "processed_params": processed}
