"""Whose turn was it last? What is remembered of a conversation, made of its events as they come in."""

import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from clients.echoes import MARKER
from handlers.chatwoot.memory import Memory, digest, fold, written_by_person
from handlers.chatwoot.message import read_message
from relay import Event
from relay.event import RECONCILED

SAMPLES = Path(__file__).parent / "samples"
START = 1_779_802_000
ROSANGELA = {"id": 41, "name": "Rosângela Bittar", "email": "rosangela@flordeipe.example.com", "type": "user"}
MARLENE = {"id": 3301, "name": "Marlene Quadros", "phone_number": "+5541988700451"}
numbers = itertools.count(1)


def sample(name: str) -> dict[str, Any]:
    return dict(json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8")))


def event(name: str, payload: dict[str, Any], received: float = START) -> Event:
    number = f"{next(numbers):016x}"
    return Event(f"chatwoot.{name}", json.dumps(payload).encode(), id=number, received=int(received * 1000))


def message(kind: str, *, at: float | None, status: str = "pending", **changes: Any) -> Event:
    """A message whose conversation was seen `at` this moment (None: a version that does not say)."""
    conversation = {"id": 1284, "status": status, **({} if at is None else {"updated_at": START + at})}
    sender = MARLENE if kind == "incoming" else ROSANGELA
    payload = {"id": 1, "content": "Oi", "message_type": kind, "private": False, "sender": sender}
    return event("message_created", {**payload, "conversation": conversation, **changes}, START + (at or 0))


def conversation(name: str, status: str, *, at: float, changed: Any = None) -> Event:
    payload = {"id": 1284, "status": status, "updated_at": START + at, "changed_attributes": changed}
    return event(f"conversation_{name}", payload, START + at)


def changed(previous: str | None, current: str) -> list[dict[str, Any]]:
    return [{"status": {"previous_value": previous, "current_value": current}}]


def remembered(*events: Event, memory: Memory | None = None) -> Memory:
    memory = memory or Memory()
    for each in events:
        memory = fold(memory, each)
    return memory


# Who wrote it?


@pytest.mark.parametrize(
    ("payload", "by_person"),
    [
        pytest.param(sample("message_created__outgoing_by_user"), True, id="an agent in Chatwoot"),
        pytest.param(sample("message_created__from_the_shops_phone"), True, id="the shop's phone, by Evolution"),
        pytest.param(
            {**sample("message_created__template"), "message_type": "outgoing"}, False, id="an automation, no sender"
        ),
        pytest.param(
            {
                **sample("message_created__outgoing_by_user"),
                "sender": None,
                "content_attributes": {"external_echo": True},
            },
            True,
            id="the phone's own app, as a native channel tells it (no sender)",
        ),
        pytest.param(
            {**sample("message_created__from_the_shops_phone"), "sender": None}, True, id="the phone, without a sender"
        ),
        pytest.param(sample("message_created__outgoing_by_agent_bot"), False, id="our bot"),
        pytest.param(
            {**sample("message_created__outgoing_by_user"), "content_attributes": {MARKER: {"event": "x"}}},
            False,
            id="our own message with the user's token, by its mark",
        ),
        pytest.param({**sample("message_created__outgoing_by_user"), "id": 555}, False, id="ours by its recorded id"),
        pytest.param(
            {**sample("message_created__outgoing_by_user"), "content": " Já respondo! "}, False, id="ours by its text"
        ),
        pytest.param(sample("message_created__private_note"), False, id="a private note"),
        pytest.param(sample("message_created__template"), False, id="a template"),
        pytest.param(sample("message_created__incoming"), False, id="a customer"),
        pytest.param(
            {**sample("message_created__outgoing_by_user"), "sender": {"id": 3, "type": "captain_assistant"}},
            False,
            id="Chatwoot's own assistant",
        ),
    ],
)
def test_who_wrote_a_message(payload: dict[str, Any], by_person: bool):
    memory = Memory(own_ids=[555], own_texts=[digest("Já respondo!")])

    assert written_by_person(read_message(payload), memory) is by_person


# Taking over, and being released


def test_a_person_who_writes_takes_over():
    assert remembered(message("incoming", at=0), message("outgoing", at=5)).person


def test_a_customer_who_writes_does_not():
    assert not remembered(message("incoming", at=0)).person


@pytest.mark.parametrize(
    ("afterwards", "person"),
    [
        pytest.param([conversation("status_changed", "resolved", at=9)], False, id="resolved"),
        pytest.param([conversation("status_changed", "pending", at=9)], False, id="pending again"),
        pytest.param([conversation("resolved", "resolved", at=9)], False, id="resolved, as an agent bot hears it"),
        pytest.param([conversation("updated", "resolved", at=9)], False, id="resolved, by an update without changes"),
        pytest.param(
            [conversation("updated", "resolved", at=9, changed=changed("open", "resolved"))],
            False,
            id="resolved, by an update that tells the change",
        ),
        pytest.param(
            [conversation("updated", "open", at=9, changed=changed("resolved", "open"))], True, id="opened again"
        ),
        pytest.param([conversation("status_changed", "snoozed", at=9)], True, id="snoozed"),
        pytest.param([conversation("updated", "open", at=9)], True, id="still open"),
        pytest.param([message("incoming", at=9, status="open")], True, id="the customer writes again"),
        pytest.param([message("incoming", at=9, status="pending")], False, id="the customer writes, it is pending"),
        pytest.param(
            [conversation("resolved", "resolved", at=9), message("outgoing", at=12, status="open")],
            True,
            id="resolved, and then a person wrote again",
        ),
    ],
)
def test_a_person_keeps_the_conversation_until_it_is_pending_or_resolved(afterwards: list[Event], person: bool):
    memory = remembered(message("incoming", at=0, status="open"), message("outgoing", at=5, status="open"))

    assert remembered(*afterwards, memory=memory).person is person


def test_news_of_a_person_that_comes_after_that_of_the_release_changes_nothing():
    released = remembered(message("incoming", at=0, status="open"), conversation("status_changed", "resolved", at=9))

    assert not remembered(message("outgoing", at=5, status="open"), memory=released).person


@pytest.mark.parametrize("status", ["pending", "resolved"])
def test_what_was_handed_over_is_ours_again_when_it_is_pending_or_resolved(status: str):
    memory = Memory(status="open", status_at=START, handed_over=True)

    assert not remembered(conversation("status_changed", status, at=9), memory=memory).handed_over


def test_what_was_handed_over_stays_so_while_it_is_open():
    memory = Memory(status="open", status_at=START, handed_over=True)

    assert remembered(conversation("updated", "open", at=9), memory=memory).handed_over


# Who is it assigned to, and since when?


def conversation_of(assignee: dict[str, Any] | None, status: str, *, at: float) -> Event:
    meta = {"assignee": assignee, "sender": MARLENE}
    payload = {"id": 1284, "status": status, "updated_at": START + at, "meta": meta}
    return event("conversation_updated", payload, START + at)


@pytest.mark.parametrize(
    ("events", "assignee", "since"),
    [
        pytest.param([conversation_of(ROSANGELA, "open", at=1)], 41, 1, id="first seen"),
        pytest.param([conversation_of(ROSANGELA, "open", at=at) for at in (1, 5)], 41, 1, id="seen again"),
        pytest.param(
            [conversation_of(ROSANGELA, "open", at=1), conversation_of({"id": 42}, "open", at=5)], 42, 5, id="another"
        ),
        pytest.param(
            [conversation_of(each, "open", at=at) for each, at in ((ROSANGELA, 1), (None, 3), (ROSANGELA, 5))],
            41,
            5,
            id="taken away and given back",
        ),
        pytest.param(
            [conversation_of(None, "open", at=5), conversation_of(ROSANGELA, "open", at=1)],
            None,
            5,
            id="an older picture that comes late",
        ),
        pytest.param([conversation_of({"id": 4, "type": "agent_bot"}, "open", at=1)], None, 0, id="a bot"),
        pytest.param([conversation_of({"name": "?"}, "open", at=1)], 0, 1, id="somebody without a number"),
    ],
)
def test_since_when_somebody_has_it(events: list[Event], assignee: int | None, since: float):
    memory = remembered(*events)

    assert memory.assignee == assignee
    assert memory.assigned_at == pytest.approx(START + since) or memory.assignee is None


def test_who_had_it_when_it_was_resolved_had_it_before():
    memory = remembered(*(conversation_of(ROSANGELA, status, at=at) for status, at in (("open", 1), ("resolved", 5))))

    assert memory.assigned_at < memory.released_at


# What was taken back, and who was blocked


@pytest.mark.parametrize(
    ("attributes", "deleted"),
    [({"deleted": True}, [1]), ({"deleted": False}, []), ({}, []), (None, []), ({"deleted": "x"}, [])],
    ids=["deleted", "not deleted", "another update", "null", "nonsense"],
)
def test_a_message_that_is_taken_back_is_remembered(attributes: Any, deleted: list[int]):
    payload = {"id": 1, "message_type": "incoming", "content_attributes": attributes, "conversation": {"id": 1284}}

    assert remembered(event("message_updated", payload)).deleted == deleted


def test_an_update_of_a_persons_message_is_no_new_message():
    payload = {**sample("message_created__outgoing_by_user"), "event": "message_updated"}

    assert not remembered(event("message_updated", payload)).person


@pytest.mark.parametrize("blocked", [True, False])
def test_whether_the_contact_is_blocked_is_the_newest_pictures_word(blocked: bool):
    payload = {"id": 1284, "status": "open", "updated_at": START, "meta": {"sender": {"id": 1, "blocked": blocked}}}

    assert remembered(event("conversation_updated", payload), memory=Memory(blocked=True)).blocked is blocked


# Chatwoot keeps no order


def test_an_older_picture_that_comes_late_changes_no_status():
    memory = remembered(conversation("opened", "open", at=9), message("incoming", at=3, status="pending"))

    assert memory.status == "open"


def test_an_older_picture_that_comes_late_releases_nothing():
    memory = remembered(
        message("incoming", at=0, status="open"),
        message("outgoing", at=9, status="open"),
        conversation("updated", "pending", at=3),
        conversation("updated", "pending", at=4, changed=changed("open", "pending")),
    )

    assert memory.person


def test_a_change_that_was_told_twice_counts_once():
    change = conversation("updated", "resolved", at=9, changed=changed("open", "resolved"))
    person = message("outgoing", at=12, status="open")

    assert remembered(message("incoming", at=0), change, person, change).person


def test_a_version_that_tells_no_time_goes_by_the_time_of_receipt():
    first = message("incoming", at=None, status="pending")
    later = event("conversation_status_changed", {"id": 1284, "status": "open"}, START + 60)

    assert remembered(first, later).status == "open"


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param(None, id="null"),
        pytest.param([], id="empty"),
        pytest.param([None, 3, {"status": None}, {"status": "open"}], id="nonsense"),
        pytest.param({"status": {"previous_value": "open"}}, id="an object, as some documentation says"),
        pytest.param([{"labels": {"previous_value": [], "current_value": ["vip"]}}], id="of something else"),
    ],
)
def test_whatever_the_changed_attributes_are_the_status_is_remembered(changes: Any):
    assert remembered(conversation("updated", "open", at=1, changed=changes)).status == "open"


def test_the_diff_of_a_conversations_creation_is_taken_as_it_comes():
    creation = [
        {"id": {"previous_value": None, "current_value": 1284}},
        {"status": {"previous_value": "open", "current_value": "pending"}},
        {"additional_attributes": {"previous_value": {}, "current_value": {"browser": {}}}},
    ]
    memory = remembered(conversation("updated", "pending", at=0, changed=creation))

    assert (memory.status, memory.person, memory.handed_over) == ("pending", False, False)


def test_what_is_remembered_says_through_which_event():
    first, second = message("incoming", at=0), message("incoming", at=1)

    assert remembered(second, first).through == second.id


@pytest.mark.parametrize("name", sorted(file.stem for file in SAMPLES.glob("*.json")))
def test_no_sample_takes_the_memory_by_surprise(name: str):
    one = event(name.partition("__")[0], sample(name))

    assert remembered(one).through == one.id


def test_two_memories_share_nothing():
    one = Memory()
    one.answered.append(5)

    assert Memory().answered == []


# What came late


def late(each: Event, *, written: float) -> Event:
    """The same message, fetched at its conversation's last change, long after it was written."""
    payload = {**json.loads(each.body), "created_at": START + written}
    return Event(each.name, json.dumps(payload).encode(), id=each.id, received=each.received, path=RECONCILED)


@pytest.mark.parametrize(
    ("written", "taken"), [(-600.0, False), (200.0, True)], ids=["before its release", "after its release"]
)
def test_a_persons_message_that_came_late_counts_from_when_it_was_written(written: float, taken: bool):
    released = conversation("status_changed", "pending", at=100, changed=changed("open", "pending"))
    memory = remembered(released, late(message("outgoing", at=500), written=written))

    assert memory.person is taken
    assert memory.last_person_message == START + written
