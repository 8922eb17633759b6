"""Is it ours to answer? A table for every rule."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from clients.echoes import MARKER
from handlers.chatwoot.gates import (
    MOST_REPLIES_A_MINUTE,
    Verdict,
    judge,
    needs_no_rescue,
    not_a_customers,
    written_at,
)
from handlers.chatwoot.memory import Memory
from handlers.chatwoot.message import Message, Situation, last_message, read_message

SAMPLES = Path(__file__).parent / "samples"
NOW = 1_779_802_230.0
MINE, ROSANGELA = 900, 41
PENDING = Situation(id=1284, status="pending", at=NOW, can_reply=True, assignee=None, assignee_id=None)
OPEN = PENDING._replace(status="open")


def sample(name: str, **changes: Any) -> Message:
    payload = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    return read_message({**payload, **changes})


def incoming(**changes: Any) -> Message:
    """A customer's question, with top-level fields replaced."""
    return sample("message_created__incoming", **changes)


def from_contact(**changes: Any) -> Message:
    return incoming(sender={"id": 3301, "name": "Marlene Quadros", **changes})


# Whatever the conversation's state


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(incoming(), id="a customer's question by WhatsApp"),
        pytest.param(sample("message_created__old_version"), id="a customer's question of an old version"),
        pytest.param(sample("message_created__incoming_photo_without_text"), id="a customer's photo"),
        pytest.param(from_contact(phone_number="+55123456123456"), id="a number that only contains Evolution's"),
        pytest.param(incoming(content_attributes={"email": {"auto_reply": False}}), id="an e-mail somebody wrote"),
        pytest.param(incoming(content_attributes={"in_reply_to": 90212}), id="an answer to a message of ours"),
        pytest.param(incoming(sender=None), id="a customer who was deleted since"),
    ],
)
def test_what_a_customer_writes_may_be_answered(message: Message):
    assert not_a_customers(message) is None


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        pytest.param(sample("message_created__outgoing_by_user"), "not from a customer", id="a person's answer"),
        pytest.param(sample("message_created__outgoing_by_agent_bot"), "not from a customer", id="our own answer"),
        pytest.param(sample("message_created__from_the_shops_phone"), "not from a customer", id="the shop's phone"),
        pytest.param(sample("message_created__template"), "not from a customer", id="an out-of-office template"),
        pytest.param(sample("message_created__private_note"), "not from a customer", id="a private note"),
        pytest.param(incoming(message_type="activity"), "not from a customer", id="an activity"),
        pytest.param(incoming(message_type=None), "not from a customer", id="a message without a type"),
        pytest.param(incoming(message_type=["incoming"]), "not from a customer", id="a type that is no text"),
        pytest.param(incoming(private=True), "a private note", id="incoming and private"),
        pytest.param(incoming(private=None), "a private note", id="private is null: not strictly false"),
        pytest.param(incoming(private=0), "a private note", id="private is 0: not strictly false"),
        pytest.param(incoming(private="false"), "a private note", id="private is a text: not strictly false"),
        pytest.param(
            incoming(content_attributes={MARKER: {"event": "19c0", "kind": "reply"}}),
            "our own message",
            id="our own message, brought back as incoming by a bridge",
        ),
        pytest.param(from_contact(blocked=True), "blocked", id="a contact who was blocked"),
        pytest.param(
            incoming(content_attributes={"email": {"auto_reply": True}}), "automatic", id="an automatic e-mail"
        ),
        pytest.param(incoming(content_attributes={"deleted": True}), "deleted", id="a deleted message"),
        pytest.param(sample("message_created__notice_of_evolution"), "Evolution", id="a notice of Evolution"),
        pytest.param(from_contact(phone_number="123456"), "Evolution", id="Evolution's number without a plus"),
        pytest.param(
            incoming(sender={"identifier": "123456@s.whatsapp.net"}, conversation={"id": 2, "status": "open"}),
            "Evolution",
            id="Evolution's number as the identifier alone",
        ),
        pytest.param(from_contact(identifier="120363040@g.us"), "group", id="a WhatsApp group"),
    ],
)
def test_what_is_not_a_customers_is_left_alone(message: Message, reason: str):
    found = not_a_customers(message)

    assert found is not None
    assert re.search(reason, found)


def test_our_own_message_is_left_alone():
    assert not_a_customers(sample("message_created__outgoing_by_agent_bot", message_type="incoming")) is not None


# Whose turn is it?


def verdict(message: Message | None = None, memory: Memory | None = None, **changes: Any) -> Verdict:
    """What is decided of a question in a pending conversation, with these circumstances replaced."""
    circumstances: dict[str, Any] = {
        "fresh": None,
        "now": NOW,
        "written": NOW - 1,
        "statuses": ("pending",),
        "own_user": MINE,
        "switched_on": True,
        "oldest_minutes": 15,
        **changes,
    }
    return judge(message or incoming(), memory or Memory(), circumstances.pop("fresh"), **circumstances)


def with_person(**changes: Any) -> Memory:
    return Memory(status="pending", person=True, **changes)


def assigned(user: int, *, at: float, released_at: float = 0.0) -> Memory:
    return Memory(status="pending", assignee=user, assigned_at=at, released_at=released_at)


def last(number: int, **changes: Any) -> Message | None:
    """The last message, as Chatwoot shows it within its conversation."""
    shown = {"id": number, "content": "Oi", "message_type": 1, "private": False, "sender_type": "User", **changes}
    return last_message({"messages": [shown]})


BOTH = ("pending", "open")


@pytest.mark.parametrize(
    ("circumstances", "act"),
    [
        pytest.param({}, "answer", id="pending, by the message's own picture"),
        pytest.param({"fresh": PENDING}, "answer", id="pending, as Chatwoot says now"),
        pytest.param({"fresh": OPEN}, "leave", id="open, as Chatwoot says now"),
        pytest.param({"memory": Memory(status="open")}, "leave", id="open since, as was remembered"),
        pytest.param({"memory": Memory(status="open"), "fresh": PENDING}, "answer", id="what Chatwoot says now counts"),
        pytest.param({"fresh": PENDING._replace(status="snoozed")}, "leave", id="snoozed"),
        pytest.param({"fresh": PENDING._replace(status="resolved")}, "leave", id="resolved"),
        pytest.param({"fresh": OPEN, "statuses": BOTH}, "answer", id="open, and ANSWER_STATUSES adds it"),
        pytest.param({"fresh": PENDING, "statuses": ("open",)}, "give", id="pending, and only open is answered"),
        pytest.param(
            {"fresh": OPEN, "statuses": BOTH, "memory": Memory(handed_over=True)},
            "leave",
            id="open is added, but it was handed over",
        ),
        pytest.param(
            {"fresh": OPEN, "statuses": BOTH, "memory": with_person()}, "leave", id="open is added, but a person wrote"
        ),
        pytest.param(
            {"fresh": PENDING, "memory": Memory(handed_over=True)}, "answer", id="handed over and pending again"
        ),
        pytest.param({"memory": with_person()}, "leave", id="a person has taken over"),
        pytest.param({"fresh": PENDING, "memory": with_person()}, "leave", id="a person wrote while it was pending"),
        pytest.param(
            {"fresh": PENDING._replace(assignee="user", assignee_id=ROSANGELA)}, "give", id="assigned to a person"
        ),
        pytest.param(
            {"fresh": OPEN._replace(assignee="user", assignee_id=ROSANGELA), "statuses": BOTH},
            "leave",
            id="assigned to a person, who sees it among the open ones",
        ),
        pytest.param({"memory": assigned(ROSANGELA, at=NOW - 9)}, "give", id="assigned to a person, as was remembered"),
        pytest.param(
            {"memory": assigned(ROSANGELA, at=NOW - 9, released_at=NOW - 5)},
            "answer",
            id="assigned before it was pending or resolved again",
        ),
        pytest.param(
            {
                "memory": assigned(ROSANGELA, at=NOW - 9, released_at=NOW - 5),
                "fresh": PENDING._replace(assignee="user", assignee_id=ROSANGELA),
            },
            "answer",
            id="assigned before it was pending or resolved again, and still",
        ),
        pytest.param(
            {
                "memory": assigned(ROSANGELA, at=NOW - 9, released_at=NOW - 5),
                "fresh": PENDING._replace(assignee="user", assignee_id=77),
            },
            "give",
            id="assigned to another person since",
        ),
        pytest.param(
            {"memory": assigned(ROSANGELA, at=NOW - 9), "fresh": PENDING}, "answer", id="assigned to nobody any more"
        ),
        pytest.param({"memory": assigned(MINE, at=NOW - 9)}, "answer", id="assigned to our own user, as remembered"),
        pytest.param(
            {"fresh": PENDING._replace(assignee="user", assignee_id=MINE)}, "answer", id="assigned to our own user"
        ),
        pytest.param(
            {"fresh": PENDING._replace(assignee="user", assignee_id=MINE), "own_user": None},
            "give",
            id="assigned to a user, and which one is ours is not known",
        ),
        pytest.param(
            {"fresh": PENDING._replace(assignee="agent_bot", assignee_id=4)}, "answer", id="assigned to a bot"
        ),
        pytest.param({"memory": Memory(answered=[90211])}, "leave", id="answered together with another message"),
        pytest.param({"memory": Memory(deleted=[90211])}, "leave", id="deleted meanwhile"),
        pytest.param({"memory": Memory(deleted=[90210])}, "answer", id="another one was deleted"),
        pytest.param({"fresh": PENDING._replace(blocked=True)}, "leave", id="the contact was blocked meanwhile"),
        pytest.param({"memory": Memory(blocked=True)}, "leave", id="the contact was blocked, as was remembered"),
        pytest.param({"memory": Memory(blocked=True), "fresh": PENDING}, "answer", id="blocked no more"),
        pytest.param({"last": last(90212)}, "leave", id="a person wrote since, as Chatwoot shows"),
        pytest.param({"last": last(90210)}, "answer", id="a person wrote before"),
        pytest.param({"last": last(90212, sender_type="AgentBot")}, "answer", id="a bot wrote since"),
        pytest.param({"last": last(90212, sender_type=None)}, "answer", id="an automation wrote since"),
        pytest.param({"last": last(90212, message_type=0, sender_type="Contact")}, "answer", id="the customer wrote"),
        pytest.param({"last": last(90212), "memory": Memory(own_ids=[90212])}, "answer", id="our user's token wrote"),
        pytest.param({"memory": Memory(unsure={"90210": [90210, 90211]})}, "wait", id="another reply may answer it"),
        pytest.param({"memory": Memory(unsure={"90211": [90211]})}, "answer", id="its own reply may have been sent"),
        pytest.param({"memory": Memory(stopped_until=NOW + 30)}, "hand over", id="Chatwoot takes no more messages"),
        pytest.param({"memory": Memory(stopped_until=NOW - 1)}, "answer", id="Chatwoot takes messages again"),
        pytest.param({"switched_on": False}, "leave", id="answering is switched off"),
        pytest.param(
            {"switched_on": False, "fresh": PENDING, "statuses": ("open",)}, "leave", id="off, and pending: nobody's"
        ),
        pytest.param({"written": NOW - 15 * 60 - 1}, "hand over", id="too old"),
        pytest.param({"written": NOW - 15 * 60 + 1}, "answer", id="just young enough"),
        pytest.param({"fresh": PENDING._replace(can_reply=False)}, "hand over", id="the channel takes no more replies"),
        pytest.param(
            {"message": sample("message_created__incoming_photo_without_text"), "fresh": PENDING},
            "hand over",
            id="a photo without text",
        ),
        pytest.param(
            {"memory": Memory(replied_at=[NOW - 30] * MOST_REPLIES_A_MINUTE)},
            "hand over",
            id="too many replies in a minute: two bots answer each other",
        ),
        pytest.param(
            {"memory": Memory(replied_at=[NOW - 61] * MOST_REPLIES_A_MINUTE)},
            "answer",
            id="many replies, but more than a minute ago",
        ),
        pytest.param(
            {"memory": with_person(), "written": NOW - 3600}, "leave", id="too old, but a person has it anyway"
        ),
        pytest.param(
            {"fresh": OPEN, "written": NOW - 3600}, "leave", id="too old, but the conversation is not ours anyway"
        ),
    ],
)
def test_whose_turn_it_is(circumstances: dict[str, Any], act: str):
    decided = verdict(**circumstances)

    assert decided.act == act
    assert bool(decided.reason) is (act != "answer")


def test_a_message_that_says_can_reply_false_goes_to_a_person():
    conversation = {"id": 1284, "status": "pending", "can_reply": False}

    assert verdict(incoming(conversation=conversation), fresh=PENDING).act == "hand over"


def test_a_conversation_whose_status_nobody_knows_is_left_alone():
    assert verdict(incoming(conversation={"id": 1284})).act == "leave"


@pytest.mark.parametrize(
    ("memory", "fresh", "begun", "needed"),
    [
        pytest.param(Memory(), PENDING, False, True, id="pending"),
        pytest.param(Memory(), None, False, True, id="pending, by the message's own picture"),
        pytest.param(Memory(), OPEN, False, False, id="open: a person sees it"),
        pytest.param(Memory(), OPEN, True, True, id="open, but what was begun was not brought to its end"),
        pytest.param(Memory(answered=[90211]), PENDING, False, False, id="answered"),
        pytest.param(Memory(answered=[90211]), PENDING, True, False, id="answered, whatever was begun"),
        pytest.param(Memory(deleted=[90211]), PENDING, False, False, id="deleted"),
        pytest.param(Memory(), PENDING._replace(blocked=True), False, False, id="blocked"),
        pytest.param(with_person(), PENDING, False, False, id="a person has it"),
        pytest.param(Memory(), PENDING._replace(assignee="user", assignee_id=5), False, True, id="assigned, pending"),
    ],
)
def test_who_needs_a_rescue(memory: Memory, fresh: Situation | None, begun: bool, needed: bool):
    assert (needs_no_rescue(incoming(), memory, fresh, begun=begun) is None) is needed


@pytest.mark.parametrize(
    ("created_at", "test", "written"),
    [
        pytest.param("2026-05-26T13:30:00.903Z", False, 1_779_802_200.903, id="told as a text"),
        pytest.param(1_779_802_200, False, 1_779_802_200.0, id="told in seconds"),
        pytest.param("2026-05-26T10:30:00-03:00", False, 1_779_802_200.0, id="told in the shop's time"),
        pytest.param("2026-05-26T13:30:00", False, 1_779_802_200.0, id="told without a zone"),
        pytest.param("2099-01-01T00:00:00Z", False, NOW, id="a clock that is fast"),
        pytest.param(None, False, NOW, id="not told"),
        pytest.param("ontem", False, NOW, id="nonsense"),
        pytest.param(True, False, NOW, id="more nonsense"),
        pytest.param("2020-01-01T00:00:00Z", True, NOW, id="a test, of an old sample"),
    ],
)
def test_when_the_customer_wrote(created_at: Any, test: bool, written: float):
    assert written_at(incoming(created_at=created_at), NOW, test=test) == pytest.approx(written)
